"""Files that planners send to site by: points of demand or candidates, with the weights and costs that stand in them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import shapely
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from layers.access import Reader
from layers.crs.said import SourceCrs
from layers.imports import coordinates
from layers.imports.columns import SYNONYMS, plain
from layers.imports.reading import Source, look, read
from layers.models import SitingFile
from layers.models.siting import SitingFileKind
from layers.registry import Audience
from layers.siting.errors import CannotBeSolved, TooLarge, UnknownFile
from layers.siting.inputs import Points
from layers.siting.packing import packed, unpacked
from layers.siting.roads import crs_of, read_roads
from layers.siting.solving.cleaning import network_of
from layers.siting.solving.errors import WrongInput
from layers.siting.solving.network import Network
from layers.siting.solving.problems import Floats

MOST_POINTS = 100_000
FIRST_POINTS = 3  # rows named where something is wrong with them
COLUMNS = {
    "code": SYNONYMS["code"],
    "name": SYNONYMS["name"],
    "lon": SYNONYMS["lon"],
    "lat": SYNONYMS["lat"],
    "weight": (
        "权重",
        "人口",
        "人数",
        "需求",
        "需求量",
        "老年人口",
        "常住人口",
        "weight",
        "people",
        "population",
        "demand",
    ),
    "cost": ("费用", "造价", "成本", "建设费用", "cost", "price"),
    "capacity": SYNONYMS["capacity"],
}
NUMBERS = ("weight", "cost", "capacity")
NETWORK = tuple(each.name for each in fields(Network) if each.init and not each.name.startswith("_"))
UNSAID_KMH, TOLERANCE_M = 40.0, 2.0  # of roads that say no speed; within which ends of roads are one
MOST_PARTS_TOLD = 20


@dataclass(frozen=True, eq=False)
class Sent:
    """The points of a file. weight: 1 where the file says none. cost, capacity: NaN where it says none."""

    points: Points
    weight: Floats
    cost: Floats
    capacity: Floats
    source: dict[str, Any]


def of(reader: Reader) -> QuerySet[SitingFile]:
    """The files that a reader of the bureau may use: those sent by readers of the same counties, all for readers of all."""
    if reader.audience is not Audience.BUREAU:
        return SitingFile._default_manager.none()
    return SitingFile._default_manager.filter(Q(counties=list(reader.counties)) if reader.counties else Q())


def find(file_id: str, reader: Reader, kind: SitingFileKind) -> SitingFile:
    """Raises UnknownFile."""
    try:
        found = of(reader).filter(pk=UUID(file_id), kind=kind).first()
    except ValueError:
        found = None
    if found is None:
        raise UnknownFile(file_id)
    return found


def points(file_id: str, reader: Reader) -> Sent:
    """Raises UnknownFile."""
    file = find(file_id, reader, SitingFileKind.POINTS)
    arrays = unpacked(file.content)
    found = Points(**{name: arrays[name] for name in ("codes", "names", "county", "lon_lat")})
    source = {"file": str(file.pk), "name": file.name, "count": len(found)}
    return Sent(found, arrays["weight"], arrays["cost"], arrays["capacity"], source)


def keep_points(path: Path, name: str, crs: str, *, reader: Reader, by: str) -> SitingFile:
    """Reads a file of points and keeps it. crs: as it was said, "" for what the file itself says.

    Raises UnreadableFile, CrsMissing, BadParameter, CannotBeSolved, TooLarge; then nothing is kept.
    """
    with TemporaryDirectory(dir=path.parent) as folder:
        source = look(path, name, Path(folder))
        columns = _columns(source)
        system = crs_of(source, crs)
        arrays = _arrays(source, columns, system)
    about = {
        "count": len(arrays["codes"]),
        "crs": system.code or system.title,
        "columns": columns,
        "notes": [str(note) for note in source.notes],
    }
    return SitingFile._default_manager.create(
        name=name[-120:], kind=SitingFileKind.POINTS, content=packed(arrays), about=about,
        counties=list(reader.counties), sent_by=by,
    )  # fmt: skip


def keep_roads(path: Path, name: str, crs: str, *, reader: Reader, by: str) -> SitingFile:
    """Reads a file of roads, makes a network of it and keeps that, with the report of what was done to the lines.

    Raises what ``roads.read_roads`` does and CannotBeSolved; then nothing is kept.
    """
    with TemporaryDirectory(dir=path.parent) as folder:
        found = read_roads(path, name, Path(folder), crs=crs)
        try:
            network, report = network_of(found.lines, unsaid_kmh=UNSAID_KMH, tolerance_m=TOLERANCE_M)
        except WrongInput as error:
            raise CannotBeSolved(_("The roads make no network: %(why)s.") % {"why": error}) from None
    about = {
        **asdict(report),
        "parts": list(report.parts[:MOST_PARTS_TOLD]),
        "number_of_parts": len(report.parts),
        "left_out": found.left_out,
        "crs": found.crs.code or found.crs.title,
        "unsaid_kmh": UNSAID_KMH,
    }
    arrays = {name: getattr(network, name) for name in NETWORK}
    return SitingFile._default_manager.create(
        name=name[-120:], kind=SitingFileKind.ROADS, content=packed(arrays), about=about,
        counties=list(reader.counties), sent_by=by,
    )  # fmt: skip


def network(file_id: str, reader: Reader) -> Network:
    """Raises UnknownFile."""
    arrays = unpacked(find(file_id, reader, SitingFileKind.ROADS).content)
    return Network(**{name: arrays[name] for name in NETWORK})  # type: ignore[arg-type]  # none of them is _graphs


def _columns(source: Source) -> dict[str, str]:
    """The column of each kind that the file has. Raises CannotBeSolved without places."""
    headers = {plain(header): header for header in reversed(source.columns)}
    found: dict[str, str] = {}
    for kind, words in COLUMNS.items():
        header = next((headers[plain(word)] for word in words if plain(word) in headers), "")
        if header:
            found[kind] = header
    if source.geometry:
        return {kind: header for kind, header in found.items() if kind not in ("lon", "lat")}
    if {"lon", "lat"} <= set(found):
        return found
    raise CannotBeSolved(
        _("The file has no places: it needs points, or columns of longitude and latitude. It has: %(columns)s.")
        % {"columns": ", ".join(source.columns)}
    )


def _arrays(source: Source, columns: dict[str, str], system: SourceCrs) -> dict[str, NDArray[Any]]:
    parts: list[dict[str, NDArray[Any]]] = []
    count = 0
    for piece in read(source):
        count += len(piece.numbers)
        if count > MOST_POINTS:
            raise TooLarge(_("points of the file"), count, MOST_POINTS)
        parts.append(_part(source, columns, piece.rows, piece.numbers, piece.geometry))
    if not count:
        raise CannotBeSolved(_("The file has no rows."))
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    whole["lon_lat"] = system.to_stored(whole.pop("xy"))
    _refuse_rows(
        np.isnan(whole["lon_lat"]).any(axis=1),
        whole["numbers"],
        _("it has no place, or none on earth in the system of coordinates that was said"),
    )
    del whole["numbers"]
    return whole


def _part(
    source: Source, columns: dict[str, str], rows: pa.RecordBatch, numbers: NDArray[np.int64], shapes: pa.Array | None
) -> dict[str, NDArray[Any]]:
    def texts(kind: str) -> list[str]:
        return (
            [text or "" for text in rows.column(source.columns.index(columns[kind])).to_pylist()]
            if kind in columns
            else []
        )

    unnamed = [str(number) for number in numbers.tolist()]
    codes = [code or number for code, number in zip(texts("code") or unnamed, unnamed, strict=True)]
    names = [name or code for name, code in zip(texts("name") or codes, codes, strict=True)]
    found: dict[str, NDArray[Any]] = {
        "codes": np.array(codes, str), "names": np.array(names, str), "county": np.zeros(len(codes), "U6"),
        "numbers": numbers, "xy": _xy(shapes) if shapes is not None else _written(texts("lon"), texts("lat"), numbers),
    }  # fmt: skip
    for kind in NUMBERS:
        values = _numbers(columns[kind], texts(kind), numbers) if kind in columns else np.full(len(codes), np.nan)
        found[kind] = np.where(np.isnan(values), 1.0, values) if kind == "weight" else values
    return found


def _xy(shapes: pa.Array) -> Floats:
    """A point of each shape. An area stands for its point inside."""
    found = shapely.from_wkb(shapes.to_pylist())
    kinds = set(shapely.get_type_id(found[~shapely.is_missing(found)]).tolist())
    if kinds & {shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING}:
        raise CannotBeSolved(_("The file holds lines. Send points or areas here, and lines as roads."))
    inside = shapely.point_on_surface(found)
    return np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])


def _written(lon: Sequence[str], lat: Sequence[str], numbers: NDArray[np.int64]) -> Floats:
    both = [coordinates.read(pa.array(texts, pa.string())) for texts in (lon, lat)]
    _refuse_rows(both[0][1] | both[1][1], numbers, _("its coordinates cannot be read as numbers"))
    return np.column_stack([values for values, _faulty in both])


def _numbers(column: str, texts: Sequence[str], numbers: NDArray[np.int64]) -> Floats:
    values, faulty = coordinates.read(pa.array(texts, pa.string()))
    _refuse_rows(faulty | (values < 0), numbers, _("“%(column)s” has to be a number from 0 on") % {"column": column})
    return values


def _refuse_rows(wrong: NDArray[np.bool_], numbers: NDArray[np.int64], why: str) -> None:
    if wrong.any():
        first = ", ".join(map(str, numbers[wrong][:FIRST_POINTS].tolist()))
        raise CannotBeSolved(
            _("Row %(rows)s of the file (%(count)d in all): %(why)s.")
            % {"rows": first, "count": int(wrong.sum()), "why": why}
        )
