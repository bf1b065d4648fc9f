"""Bringing the rows of a file into the database: cleaned texts by COPY into temporary tables of the transaction.

``incoming`` has a column ``row`` (as the person counts), ``code``, ``geom`` and ``v_…`` for each property that the file
gives, typed as the property is read; ``import_fault`` has what is wrong with them.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely
from django.db import connection, models
from django.db.models import F, Value
from psycopg import sql
from psycopg.types.json import Jsonb

from layers.access import Reader
from layers.crs import STORED_SRID
from layers.crs.said import SourceCrs
from layers.imports import coordinates
from layers.imports.columns import CODE, LAT, LON, SECRECY, WKT, Target
from layers.imports.faults import SHOWN, Fault
from layers.imports.suspecting import Taken
from layers.imports.values import LONG_DIGITS, Divisions, Wrong, clean
from layers.models.base import Feature
from layers.personal import identity_number_in, names_a_person
from layers.registry import Layer, division_column, geometry_field
from layers.rows import geometry, rows, value

GEOMETRY = "geometry"
PHONES = 3  # different mobile numbers in a column that is not for the organisation's
MOBILE = r"(^|[^0-9])1[3-9][0-9]{9}($|[^0-9])"
PUBLIC_CLASSES = frozenset({"", "公开", "非密", "非涉密", "无", "否", "public", "none", "unclassified"})
INCOMING = sql.SQL("""
    CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS
    SELECT 0::bigint AS row, NULL::text AS code, NULL::geometry(Geometry, 4490) AS geom, {columns}
    FROM ({current}) AS current LIMIT 0
""")
FAULTS = """
    CREATE TEMPORARY TABLE import_fault (
        row bigint, field text, code text, value text, params jsonb, is_note boolean) ON COMMIT DROP
"""
TEMPORARY = ("incoming", "import_fault", "matched", "refused", "owner", "held", "county_part", "township_part")
DROPPED = f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{table}' for table in TEMPORARY)}"  # of an earlier one
COPY_FAULTS = "COPY import_fault FROM STDIN"


@dataclass(frozen=True)
class Plan:
    """What is done with a file. mapping: the target of each header that is taken. constants: a text for all rows, by
    property. on: the day from which changes of dated facts hold. has_geometry: whether the file's own are taken.
    missing: properties that a new row needs and nothing gives."""

    layer: Layer
    reader: Reader
    on: date
    mapping: Mapping[str, Target]
    headers: Sequence[str]
    constants: Mapping[Target, str] = field(default_factory=dict)
    missing: Sequence[Target] = ()
    crs: SourceCrs | None = None
    has_geometry: bool = False

    @cached_property
    def given(self) -> list[Target]:
        """The properties that the file or a constant gives."""
        return [target for target in (*self.mapping.values(), *self.constants) if target.about is not None]

    @cached_property
    def has_place(self) -> bool:
        return self.has_geometry or any(target.name in (LON, LAT, WKT) for target in self.mapping.values())

    def header(self, name: str) -> str | None:
        return next((header for header, target in self.mapping.items() if target.name == name), None)

    @cached_property
    def current(self) -> tuple[sql.Composable, list[Any]]:
        """The layer's rows on the day, as a query and its parameters: fid, fcode, fgeom, state_id, and ``v_…`` of each
        property that is given."""
        layer = self.layer
        named: dict[str, Any] = {"fid": F("pk"), "fcode": F("code"), "fgeom": geometry(layer.geometry)}
        named["state_id"] = F("state__pk") if layer.states is not None else Value(None, models.BigIntegerField())
        named |= {f"v_{given.name}": value(layer, layer.field(given.name), self.on) for given in self.given}
        inner, params = rows(layer, self.reader, self.on).order_by().values(**named).query.sql_with_params()
        return sql.SQL(inner), list(params)


def create(plan: Plan) -> None:
    """The temporary tables."""
    inner, params = plan.current
    columns = sql.SQL(", ").join(sql.Identifier(f"v_{target.name}") for target in plan.given)
    incoming = INCOMING.format(columns=columns, current=inner)
    with connection.cursor() as cursor:
        cursor.execute(DROPPED)
        cursor.execute(incoming, params)
        cursor.execute(FAULTS)


def stage(plan: Plan, pieces: Iterable[Any], taken: Taken) -> Iterator[int]:
    """Copies the pieces of the file into the tables; after each, how many rows it had. taken: a sample of positions."""
    divisions = Divisions(plan.on)
    people = People(plan)
    copy_faults(people.headers())
    for piece in pieces:
        faults = list(people.rows(piece))
        columns = [pa.array(piece.numbers), _codes(plan, piece), _places(plan, piece, faults, taken)]
        columns += [_column(plan, piece, target, divisions, faults) for target in plan.given]
        _copy(columns)
        if (header := plan.header(SECRECY)) is not None:
            faults += _classified(header, piece)
        copy_faults(faults)
        yield len(piece.numbers)
    copy_faults(people.phone_lists())


class People:
    """Keeps people out: what every column of the file says of anybody, whether it is taken or not."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.phones: dict[str, set[str]] = {header: set() for header in plan.headers}
        self.phones.pop(plan.header("phone") or "", None)

    def headers(self) -> Iterator[Fault]:
        for header in self.plan.headers:
            if names_a_person(header):
                yield Fault(0, header, "personal_column", header)

    def rows(self, piece: Any) -> Iterator[Fault]:
        """Identity numbers in columns that are not taken; those that are look for them themselves."""
        for header in self.plan.headers:
            texts = piece.rows[header]
            if header in self.phones and len(self.phones[header]) < PHONES:
                found = texts.filter(pc.fill_null(pc.match_substring_regex(texts, MOBILE), False))
                self.phones[header] |= set(found.unique().to_pylist()[:PHONES])
            if header not in self.plan.mapping:
                for place in np.flatnonzero(pc.fill_null(pc.match_substring_regex(texts, LONG_DIGITS), False)):
                    if identity_number_in(texts[int(place)].as_py()):
                        yield Fault(int(piece.numbers[place]), header, "identity_number")

    def phone_lists(self) -> Iterator[Fault]:
        for header, found in self.phones.items():
            if len(found) >= PHONES:
                yield Fault(0, header, "phone_list", params={"count": len(found)})


def copy_faults(faults: Iterable[Fault]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY_FAULTS) as copy:
        for fault in faults:
            is_note = fault.severity == "note"
            copy.write_row((fault.row, fault.field, fault.code, fault.value[:SHOWN], Jsonb(fault.params), is_note))


def _copy(columns: list[pa.Array]) -> None:
    table = pa.table(columns, [f"c{number}" for number in range(len(columns))])
    text = io.BytesIO()
    pyarrow.csv.write_csv(table, text, pyarrow.csv.WriteOptions(include_header=False))
    with connection.cursor() as cursor, cursor.copy("COPY incoming FROM STDIN (FORMAT csv)") as copy:
        copy.write(text.getbuffer())


def _column(plan: Plan, piece: Any, target: Target, divisions: Divisions, faults: list[Fault]) -> pa.Array:
    header = plan.header(target.name)
    texts = piece.rows[header] if header is not None else _constant(plan.constants[target], len(piece.numbers))
    cleaned = clean(target, texts, divisions)
    for place, wrong in sorted(cleaned.wrong.items()):
        faults.append(_fault(piece, place, target.name, wrong, texts[place].as_py()))
    return cleaned.texts


def _constant(text: str, length: int) -> pa.Array:
    return pa.array([text or None], pa.string()).take(pa.array(np.zeros(length, np.int64)))


def _fault(piece: Any, place: int, name: str, wrong: Wrong, value: str | None) -> Fault:
    return Fault(int(piece.numbers[place]), name, wrong.code, value or "", wrong.params)


def _codes(plan: Plan, piece: Any) -> pa.Array:
    """The codes as given; where none is, one that the same row has in every file: of its name, place and township."""
    length = len(piece.numbers)
    header = plan.header(CODE)
    given = piece.rows[header] if header is not None else pa.nulls(length, pa.string())
    if not given.null_count or not issubclass(plan.layer.model, Feature):
        return given
    names = ("name", division_column(plan.layer.model), "address", "standard_address")
    said = [piece.rows[header] for name in names if name and (header := plan.header(name)) is not None]
    made = (_made_code(plan.layer, parts) for parts in zip(*(column.to_pylist() for column in said), strict=True))
    return pc.coalesce(given, pa.array(made, pa.string())) if said else given


def _made_code(layer: Layer, parts: tuple[str | None, ...]) -> str | None:
    if not parts[0]:
        return None
    return f"{layer.id[:28]}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:11]}"


def _classified(header: str, piece: Any) -> Iterator[Fault]:
    """The rows whose class of secrecy is not public."""
    for number, text in zip(piece.numbers, piece.rows[header].to_pylist(), strict=True):
        if (text or "").strip().lower() not in PUBLIC_CLASSES:
            yield Fault(int(number), header, "not_public", text)


def _places(plan: Plan, piece: Any, faults: list[Fault], taken: Taken) -> pa.Array:
    """The places as hexadecimal EWKB in the stored CRS."""
    length = len(piece.numbers)
    if not plan.has_place:
        return pa.nulls(length, pa.string())
    read = _positions if plan.header(LON) is not None else _geometries
    found = read(plan, piece, faults, taken)
    field = geometry_field(plan.layer, plan.layer.geometry)
    if not field.null:
        said = {fault.row for fault in faults}
        empty = (int(piece.numbers[place]) for place in np.flatnonzero(shapely.is_missing(found)))
        faults += [Fault(row, GEOMETRY, "missing_geometry") for row in empty if row not in said]
    written = shapely.to_wkb(shapely.set_srid(found, STORED_SRID), hex=True, include_srid=True)
    return pa.array(written, pa.string(), from_pandas=True)


def _positions(plan: Plan, piece: Any, faults: list[Fault], taken: Taken) -> np.ndarray:
    """Points of two columns of coordinates; None where there is none or it is faulty."""
    texts = [piece.rows[plan.header(name)] for name in (LON, LAT)]
    read = [coordinates.read(text) for text in texts]
    xy = np.column_stack([values for values, _unreadable in read])
    taken.add(plan, piece, xy)
    is_faulty = np.zeros(len(xy), bool)
    for name, text, (_values, unreadable) in zip((LON, LAT), texts, read, strict=True):
        faults += (
            Fault(int(piece.numbers[place]), name, "unreadable_position", text[place].as_py())
            for place in np.flatnonzero(unreadable)
        )
        is_faulty |= unreadable
    is_empty = np.isnan(xy)
    is_faulty |= _told(faults, piece, "half_position", (is_empty.sum(axis=1) == 1) & ~is_faulty)
    is_faulty |= _told(faults, piece, "zero_position", (xy == 0).all(axis=1))
    return _stored_points(plan, piece, xy, is_faulty, faults)


def _stored_points(plan: Plan, piece: Any, xy: np.ndarray, is_faulty: np.ndarray, faults: list[Fault]) -> np.ndarray:
    assert plan.crs is not None  # of a file with positions it is always said
    stored = plan.crs.to_stored(xy)
    has_place = np.isfinite(xy).all(axis=1) & ~is_faulty
    is_there = np.isfinite(stored).all(axis=1) & (np.abs(np.nan_to_num(stored)) <= (180, 90)).all(axis=1)
    _told(faults, piece, "out_of_reach", has_place & ~is_there, xy=xy, crs=plan.crs.title)
    points = np.full(len(xy), None, object)
    points[has_place & is_there] = shapely.points(stored[has_place & is_there])
    return points


def _told(
    faults: list[Fault], piece: Any, code: str, mask: np.ndarray, xy: np.ndarray | None = None, **params: Any
) -> np.ndarray:
    """The mask, whose rows have the fault."""
    for place in np.flatnonzero(mask):
        said = "" if xy is None else f"{xy[place][0]:.12g}, {xy[place][1]:.12g}"
        faults.append(Fault(int(piece.numbers[place]), GEOMETRY, code, said, params))
    return mask


def _geometries(plan: Plan, piece: Any, faults: list[Fault], taken: Taken) -> np.ndarray:
    """The shapes of the file, or of a column of WKT, as the layer's kind; None where there is none or it is faulty."""
    if plan.has_geometry:
        given = shapely.from_wkb(np.array(piece.geometry.to_pylist(), object), on_invalid="ignore")
        is_unreadable = np.zeros(len(given), bool)
    else:
        texts = piece.rows[plan.header(WKT)].to_pylist()
        given = shapely.from_wkt(np.array(texts, object), on_invalid="ignore")
        is_unreadable = shapely.is_missing(given) & np.array([text is not None for text in texts])
        _told(faults, piece, "unreadable_geometry", is_unreadable)
    given = shapely.force_2d(given)
    given[shapely.is_empty(given)] = None
    wanted = geometry_field(plan.layer, plan.layer.geometry).geom_type.title().replace("Multipolygon", "MultiPolygon")
    kinds = {"Point": ("Point",), "MultiPolygon": ("Polygon", "MultiPolygon")}[wanted]
    names = np.array([shape.geom_type if shape is not None else "" for shape in given], object)
    is_other = ~np.isin(names, [*kinds, ""])
    for place in np.flatnonzero(is_other):
        params = {"wanted": wanted, "given": names[place]}
        faults.append(Fault(int(piece.numbers[place]), GEOMETRY, "wrong_geometry", names[place], params))
    given[is_other] = None
    if wanted == "Point":
        xy = shapely.get_coordinates(given)
        whole = np.full((len(given), 2), np.nan)
        whole[~shapely.is_missing(given)] = xy
        taken.add(plan, piece, whole)
        is_zero = _told(faults, piece, "zero_position", (whole == 0).all(axis=1))
        return _stored_points(plan, piece, whole, is_zero, faults)
    return _stored_areas(plan, piece, given, faults)


def _stored_areas(plan: Plan, piece: Any, given: np.ndarray, faults: list[Fault]) -> np.ndarray:
    assert plan.crs is not None
    moved = shapely.transform(given, plan.crs.to_stored)
    bounds = shapely.bounds(moved)
    is_there = np.isfinite(bounds).all(axis=1) & (np.abs(np.nan_to_num(bounds)) <= (180, 90, 180, 90)).all(axis=1)
    has_place = ~shapely.is_missing(given)
    _told(faults, piece, "out_of_reach", has_place & ~is_there, crs=plan.crs.title)
    moved[~is_there] = None
    for place in np.flatnonzero(~shapely.is_valid(moved) & is_there):
        reason, _bracket, where = shapely.is_valid_reason(moved[place]).partition("[")
        mended = shapely.make_valid(moved[place])
        params = {"reason": reason, "place": where.rstrip("]"), "mended": mended.geom_type}
        faults.append(Fault(int(piece.numbers[place]), GEOMETRY, "invalid_geometry", "", params))
        moved[place] = None
    return np.array([_multi(shape) for shape in moved], object)


def _multi(shape: Any) -> Any:
    return shapely.MultiPolygon([shape]) if shape is not None and shape.geom_type == "Polygon" else shape
