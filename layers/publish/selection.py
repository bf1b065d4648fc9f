"""Which features of a layer are asked for, and in which order: the query that pages, counts and files are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db import models
from django.db.models import F
from psycopg import sql
from shapely.geometry.base import BaseGeometry

from layers import registry
from layers.access import Reader, visible_fields
from layers.crs import as_box, ewkb
from layers.models import SnapshotRow
from layers.publish.filters import Column, Condition, Kind
from layers.publish.statements import DAY, FIRST, LAST, SNAPSHOT, InBlocks, Slot, compiled
from layers.registry import Field, Layer
from layers.rows import Period, geometry, rows, values
from layers.search import words
from layers.snapshots import frozen

FORMS_KEPT = 512
KINDS: tuple[tuple[type[models.Field], Kind], ...] = (
    (models.BooleanField, Kind.BOOLEAN),
    (models.IntegerField, Kind.INTEGER),
    (models.FloatField, Kind.NUMBER),
    (models.DecimalField, Kind.NUMBER),
    (models.DateTimeField, Kind.TIMESTAMP),
    (models.DateField, Kind.DATE),
)
# What a value of a kind is compared as; its text in a cursor is read back as.
TYPES = {
    Kind.BOOLEAN: "boolean",
    Kind.INTEGER: "numeric",
    Kind.NUMBER: "numeric",
    Kind.TIMESTAMP: "timestamptz",
    Kind.DATE: "date",
    Kind.TEXT: "text",
}
EDGES = ("west", "south", "east", "north")
MEETS = sql.SQL("ST_Intersects(row.geom, %s::geometry)")
# The index's boxes are rounded outwards, so each point is looked at again; ST_Intersects takes five times as long.
# A bare comparison would not do: the planner believes that hardly a row is between two numbers, and would read and sort
# all that are in a box that holds them all. Of a CASE it believes that half of the rows pass.
POINT_IN_BOX = sql.SQL("""(row.geom && %s::geometry AND CASE
    WHEN ST_X(row.geom) < %s OR ST_Y(row.geom) < %s OR ST_X(row.geom) > %s OR ST_Y(row.geom) > %s THEN false
    ELSE true END)""")
WORDS = sql.SQL("position(lower(%s::text) IN lower({column})) > 0")
SPELLING = sql.SQL("(%s::text <> '' AND position(%s::text IN {folded}) > 0)")


@dataclass(frozen=True)
class SortKey:
    """A property by which features are sorted; those without a value come last, whichever way."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class Area:
    """An area in the stored CRS that features must meet, as hexadecimal EWKB; box: its edges when it is just a box."""

    ewkb: str
    box: tuple[float, float, float, float] | None

    @classmethod
    def of(cls, shape: BaseGeometry) -> "Area":
        return cls(ewkb(shape), as_box(shape))


@dataclass(frozen=True, kw_only=True)
class Selection:
    """words: what one of the searched columns holds.

    snapshot: the number of the one that is read instead of the register, whose day is then the period.
    after: the sort values and the id of the last feature of the page before, as texts.
    """

    layer_id: str
    reader: Reader
    period: Period
    snapshot: int | None = None
    area: Area | None = None
    condition: Condition | None = None
    words: str = ""
    sort: tuple[SortKey, ...] = ()
    after: tuple[str | None, ...] = ()

    @property
    def form(self) -> "Form":
        return Form(
            layer_id=self.layer_id,
            reader=self.reader,
            is_day=self.period.is_day,
            is_frozen=self.snapshot is not None,
            area="" if self.area is None else "box" if self.area.box else "shape",
            condition=self.condition.sql if self.condition else "",
            has_words=bool(self.words),
            sort=self.sort,
            after=tuple(value is not None for value in self.after),
        )

    @property
    def slots(self) -> dict[str, object]:
        """What a statement of the form is filled with."""
        condition = self.condition.values if self.condition else ()
        return {
            "on": self.period.last,
            "first": self.period.first,
            "last": self.period.last,
            "snapshot": self.snapshot,
            "area": self.area and self.area.ewkb,
            **dict(zip(EDGES, (self.area and self.area.box) or (), strict=False)),
            "words": self.words,
            "plain": words.plain(self.words),
            **{f"filter_{number}": value for number, value in enumerate(condition)},
            **{f"after_{number}": value for number, value in enumerate(self.after)},
        }

    @property
    def table(self) -> str:
        """The table whose rows are read."""
        model = registry.get(self.layer_id).model if self.snapshot is None else SnapshotRow
        return model._meta.db_table

    @property
    def fixed_version(self) -> str:
        """The version of what a snapshot holds; empty of the register. It never changes, unless rows can be protected."""
        if self.snapshot is None:
            return ""
        return frozen.version(registry.get(self.layer_id), self.snapshot)

    @property
    def whole(self) -> "Selection":
        """The same without the place of a page in it."""
        return replace(self, sort=(), after=())


@dataclass(frozen=True, kw_only=True)
class Form:
    """All of a selection that decides the text of its statement.

    area: "box", "shape" or empty. after: whether each value of the cursor is given.
    """

    layer_id: str
    reader: Reader
    is_day: bool
    is_frozen: bool = False
    area: str
    condition: str
    has_words: bool
    sort: tuple[SortKey, ...]
    after: tuple[bool, ...]

    @property
    def is_plain(self) -> bool:
        """Whether one plan serves every value."""
        return not (self.area or self.condition or self.has_words or self.sort)


@dataclass(frozen=True)
class Query:
    """The rows as ``row``, with fid, fcode, geom and p_NAME of every visible property, and their order."""

    rows: sql.Composed
    order: sql.Composed
    params: tuple[object, ...]


@lru_cache(maxsize=FORMS_KEPT)
def query(form: Form, *, in_blocks: bool = False) -> Query:
    """The FROM and WHERE, and the ORDER BY, of a selection's statement; of some blocks of the register, or of all."""
    layer = registry.get(form.layer_id)
    day = DAY if form.is_day else Period(FIRST, LAST)
    found = frozen.rows(layer, form.reader, SNAPSHOT) if form.is_frozen else rows(layer, form.reader, day)
    found = found.order_by().filter(InBlocks()) if in_blocks else found.order_by()
    properties = frozen.values(layer, form.reader) if form.is_frozen else values(layer, form.reader, day)
    named = {f"p_{name}": value for name, value in properties.items()}
    place = frozen.place(layer) if form.is_frozen else geometry(layer.geometry)
    inner, params = compiled(found.values(fid=F("pk"), fcode=F("code"), geom=place, **named))
    conditions: list[sql.Composable] = []
    if form.area:
        in_box = form.area == "box" and layer.has_points
        conditions.append(POINT_IN_BOX if in_box else MEETS)
        params += (Slot("area"), *(Slot(edge) for edge in EDGES if in_box))
    if form.condition:
        conditions.append(sql.SQL("({})").format(sql.SQL(form.condition)))
        params += tuple(Slot(f"filter_{number}") for number in range(form.condition.replace("%%", "").count("%s")))
    if form.has_words:
        columns = searched(layer, form.reader)
        ways: list[sql.Composable] = [WORDS.format(column=column(name)) for name in columns]
        params += (Slot("words"),) * len(columns)
        if "name_roman" in columns:
            ways.append(SPELLING.format(folded=words.FOLDED.format(column("name_roman"))))
            params += (Slot("plain"),) * 2
        conditions.append(sql.SQL("({})").format(sql.SQL(" OR ").join(ways) if ways else sql.SQL("false")))
    if form.after:
        beyond, slots = _after(form, layer)
        conditions.append(beyond)
        params += slots
    text = sql.SQL("({rows}) AS row WHERE {conditions}").format(
        rows=sql.SQL(inner), conditions=sql.SQL(" AND ").join(conditions or [sql.SQL("true")])
    )
    return Query(text, _order(form, layer), params)


def _order(form: Form, layer: Layer) -> sql.Composed:
    """The keys, then the id, which makes the order whole. An index serves NULLS LAST in one direction only."""
    parts = [
        sql.SQL("{} {}{}").format(
            column(key.name),
            sql.SQL("DESC" if key.descending else "ASC"),
            sql.SQL("" if has_value(layer, key.name) else " NULLS LAST"),
        )
        for key in form.sort
    ]
    return sql.SQL(", ").join([*parts, sql.SQL("row.fid")])


def column(name: str) -> sql.Composed:
    """The column of ``row`` that holds a property."""
    return sql.SQL("row.{}").format(sql.Identifier("fcode" if name == "id" else f"p_{name}"))


def has_value(layer: Layer, name: str) -> bool:
    """Whether every row has a value of the property; what is computed may have none."""
    if name == "id":
        return True
    found = layer.column(layer.field(name))
    return not (found.null or found.generated)


def searched(layer: Layer, reader: Reader) -> tuple[str, ...]:
    """The properties in which the search words are looked for."""
    visible = {field.name for field in visible_fields(layer, reader)}
    return tuple(name for name in layer.searchable if name in visible)


def _after(form: Form, layer: Layer) -> tuple[sql.Composed, tuple[Slot, ...]]:
    """The condition that a row comes after the cursor, key by key; a missing value is after every other.

    Where the first key is always there its own bound stands in front, so that an index begins at the page.
    """
    types = kinds(layer, form.reader)
    slots: list[Slot] = []
    levels: list[sql.Composable] = []
    for depth in range(len(form.sort) + 1):
        parts: list[sql.Composable] = []
        for number, key in enumerate(form.sort[: depth + 1]):
            last, place = number == depth, column(key.name)
            if form.after[number]:
                value = sql.SQL("%s::text::{}").format(sql.SQL(TYPES[types[key.name]]))
                beyond = sql.SQL("{0} {2} {1}" if has_value(layer, key.name) else "({0} {2} {1} OR {0} IS NULL)")
                if last:
                    parts.append(beyond.format(place, value, sql.SQL("<" if key.descending else ">")))
                else:
                    parts.append(sql.SQL("{} = {}").format(place, value))
                slots.append(Slot(f"after_{number}"))
            else:
                parts.append(sql.SQL("false") if last else sql.SQL("{} IS NULL").format(place))
        if depth == len(form.sort):
            parts.append(sql.SQL("row.fid > %s::text::bigint"))
            slots.append(Slot(f"after_{depth}"))
        levels.append(sql.SQL("({})").format(sql.SQL(" AND ").join(parts)))
    after = sql.SQL("({})").format(sql.SQL(" OR ").join(levels))
    if form.sort and has_value(layer, form.sort[0].name):
        first = form.sort[0]
        bound = sql.SQL("{} {} %s::text::{} AND {}").format(
            column(first.name),
            sql.SQL("<=" if first.descending else ">="),
            sql.SQL(TYPES[types[first.name]]),
            after,
        )
        return bound, (Slot("after_0"), *slots)
    return after, tuple(slots)


# What can be asked about


def kinds(layer: Layer, reader: Reader) -> Mapping[str, Kind]:
    """The kind of each property that the reader may filter by, the id among them."""
    return _kinds(layer.id, reader)


@lru_cache(maxsize=FORMS_KEPT)
def _kinds(layer_id: str, reader: Reader) -> Mapping[str, Kind]:
    layer = registry.get(layer_id)
    return {"id": Kind.TEXT, **{field.name: kind(layer, field) for field in visible_fields(layer, reader)}}


def kind(layer: Layer, field: Field) -> Kind:
    found = layer.column(field)
    found = getattr(found, "output_field", found)
    if "__" in (field.path or field.name) or hasattr(found, "base_field"):
        return Kind.TEXT_ARRAY
    return kind_of(found)


def kind_of(column: models.Field) -> Kind:
    """The kind of a column of single values."""
    return next((kind for model_field, kind in KINDS if isinstance(column, model_field)), Kind.TEXT)


def queryables(layer: Layer, reader: Reader) -> Mapping[str, Column]:
    """The columns that a filter of the reader's may speak of, by the names it uses."""
    found = {name: Column(column(name), kind) for name, kind in kinds(layer, reader).items()}
    return {**found, "geometry": Column(sql.SQL("row.geom"), Kind.GEOMETRY)}


def sortables(layer: Layer, reader: Reader) -> tuple[str, ...]:
    """The properties that features can be sorted by: those with one value."""
    return tuple(name for name, kind in kinds(layer, reader).items() if kind is not Kind.TEXT_ARRAY)
