"""The columns of a layer's tables: the id, the properties in the registry's order, then the place."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from psycopg import sql

from layers.access import visible_fields
from layers.crs import Crs
from layers.publish import schema
from layers.publish.filters import Kind
from layers.publish.formats.reading import Features
from layers.publish.items import placed
from layers.publish.selection import column, kind

CODE = "code"
WKT, WKB = "wkt", "wkb"
# Where a spreadsheet program would compute instead of show: = + - @, what stands as blank before any of them, and their
# full-width forms (https://owasp.org/www-community/attacks/CSV_Injection).
COMPUTED_SIGNS = "=+-@\t\r\n＝＋－＠"
COMPUTED = sql.Literal([ord(character) for character in COMPUTED_SIGNS])
GUARDED = sql.SQL("CASE WHEN ascii({text}) = ANY({computed}) THEN '''' || {text} ELSE {text} END")
LIST = sql.SQL("array_to_string({column}, ';')")
TRUTH = sql.SQL("({column})::text")
ROUNDED = sql.SQL("round({number} * {unit}) / {unit}")
# PostgreSQL writes a record as CSV has a line, but in parentheses and with every backslash doubled.
LINE = sql.SQL(r"replace(right(left(ROW({values})::text, -1), -1), '\\', '\')")
POINT = (("x", "ST_X({})"), ("y", "ST_Y({})"))


@dataclass(frozen=True)
class Column:
    """name: also its heading. value: of a ``row``, in SQL. title and unit: for people, in the current language. choices: what its values mean."""

    name: str
    kind: Kind
    value: sql.Composable
    title: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def properties(features: Features, *, guarded: bool = False) -> list[Column]:
    """The id and the properties wanted. guarded: no text can be taken for a formula."""
    layer, wanted = features.layer, features.writing.properties
    fields = list(visible_fields(layer, features.selection.reader))
    if wanted is not None:
        fields = [layer.field(name) for name in wanted]
    found = [Column(CODE, Kind.TEXT, column("id"), _("Code"))]
    for field in fields:
        described = schema.describe(layer, field)
        of_kind, place = kind(layer, field), column(field.name)
        text = {Kind.TEXT_ARRAY: LIST, Kind.BOOLEAN: TRUTH}.get(of_kind, sql.SQL("{column}")).format(column=place)
        if guarded and of_kind in (Kind.TEXT, Kind.TEXT_ARRAY) and not _choices(described):
            text = GUARDED.format(text=text, computed=COMPUTED)
        found.append(Column(field.name, of_kind, text, described["title"], field.unit, _choices(described)))
    return found


def _choices(described: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    named = described.get("items", described).get("oneOf", ())
    return tuple((str(choice["const"]), str(choice["title"])) for choice in named)


def position(features: Features) -> list[Column]:
    """Two columns for a point, in the order of the CRS's axes; the text of an area, and of a point where it is wanted,
    x first as programs read it. The names say when it is GCJ-02, for a table says it nowhere else."""
    writing = features.writing
    if not writing.has_geometry:
        return []
    place = placed(writing.crs)
    marked = f"_{writing.crs.mark}" if writing.crs.mark else ""
    if writing.as_wkt or not features.layer.has_points:
        text = sql.SQL("ST_AsText({}, {})").format(place, sql.Literal(writing.crs.decimals))
        return [Column(WKT + marked, Kind.TEXT, text, _("Geometry as WKT"))]
    unit = sql.Literal(float(10**writing.crs.decimals))
    x, y = (
        Column(name + marked, Kind.NUMBER, ROUNDED.format(number=sql.SQL(function).format(place), unit=unit), title)
        for (name, title), (_axis, function) in zip(_axes(writing.crs), POINT, strict=True)
    )
    return [y, x] if writing.crs.north_first else [x, y]


def _axes(crs: Crs) -> tuple[tuple[str, str], tuple[str, str]]:
    """Names and titles of the axis that points east and of the one that points north."""
    if crs.is_geographic:
        return ("lon", _("Longitude")), ("lat", _("Latitude"))
    if crs.north_first:
        return ("easting", _("Easting")), ("northing", _("Northing"))
    return ("x", "X"), ("y", "Y")


def shapes(features: Features) -> list[Column]:
    """The geometry for programs, x first: two numbers for a point, hexadecimal WKB for an area."""
    if not features.writing.has_geometry:
        return []
    place = placed(features.writing.crs)
    if features.layer.has_points:
        return [Column(name, Kind.NUMBER, sql.SQL(function).format(place), name) for name, function in POINT]
    return [Column(WKB, Kind.TEXT, sql.SQL("encode(ST_AsBinary({}), 'hex')").format(place), WKB)]


def line(columns: list[Column]) -> sql.Composed:
    """The expression that writes a ``row`` as a line of CSV: nothing for no value, quotes for an empty text."""
    return LINE.format(values=sql.SQL(", ").join(column.value for column in columns))
