"""What a layer is. Every published register is one ``Layer`` in the ``catalogue`` module of its app.

A layer entry is data only. Titles and types of its fields are those of the model's fields, so that they stand
in one place; the entry says which are shown, to whom and in which unit. From the entry follow the admin, items,
tiles, style, legend, schema, search and import.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import IntEnum
from functools import cache, cached_property
from importlib import import_module

from django.apps import apps
from django.contrib.gis.db.models.fields import BaseSpatialField, PointField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

from layers.errors import UnknownLayer
from layers.models.accounts import Role as Role  # said again: a layer names the role that writes it
from layers.models.base import Versioned

Words = str | Promise  # a text, translated when it is shown


class Audience(IntEnum):
    """Who may see something; a higher audience sees all that a lower one sees."""

    PUBLIC = 0
    BUREAU = 1


@dataclass(frozen=True)
class Field:
    """One public property of a layer.

    path: where the value stands: a column of the register, a column of its dated state, or a path that begins
    with a reverse relation and gives the list of values in force. Empty: the name is the path.
    unit: a UCUM code ("m2", "km"), or a word for things that are counted.
    """

    name: str
    path: str = ""
    unit: str = ""
    audience: Audience = Audience.PUBLIC


class Shape(IntEnum):
    """What a symbol looks like in greyscale; colour is never the only cue."""

    CIRCLE = 0
    SQUARE = 1
    DIAMOND = 2
    TRIANGLE = 3
    STAR = 4
    AREA = 5
    OUTLINE = 6


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """How a layer is drawn. colour: #rrggbb; glyph: one hanzi shown in the marker; size_px: diameter or line width."""

    colour: str
    shape: Shape = Shape.CIRCLE
    glyph: str = ""
    size_px: float = 14


@dataclass(frozen=True, kw_only=True)
class Thinning:
    """How a tile of many points stays small: of each cell of its grid of 16 × 16 so many are drawn at most, those of
    the lowest ids; the last of them says in ``count`` how many it stands for. below: the zoom from which all are drawn.
    crowded_text: whether those that share a cell carry their texts; there is no room to show them on a small scale.
    """

    most: int = 2
    below: int = 12
    crowded_text: bool = False


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A register, or the part of one that ``only`` selects, as the portal publishes it.

    geometry: the column drawn and served; empty for a register without one, which stays in admin and audits.
    label: a point column for the name of an area, drawn once instead of once a tile.
    tile_geometry: a stored column of the same geometry in EPSG:3857.
    hidden: rows that the public is not offered, as column to values.
    searchable: the columns that the search box looks in.
    min_zoom: the first zoom at which features are drawn. cells: the model that counts them in cells, which are drawn
    below that zoom; empty: nothing is. thinning: what keeps a tile of points small; areas are drawn whole.
    written_by: the role that creates, changes and deletes its rows, besides administrators.
    licence: the address of the licence of its data, where it is another than the portal's.
    distinct_names: whether two rows of one name near each other are likely to be one thing.
    protected: rows that lie where the public is not told exactly, as column to values: of them a snapshot says where they
    are as the register does today, whatever it froze. placing: the properties that say it too, which it leaves out.
    page: the path of the page of a feature's own that people are sent to, with the name of a property in braces.
    """

    id: str
    model_name: str
    title: Words
    description: Words
    group: Words
    fields: tuple[Field, ...]
    symbol: Symbol
    geometry: str = "location"
    label: str = ""
    tile_geometry: str = ""
    only: Mapping[str, str] = dataclass_field(default_factory=dict)
    hidden: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=dict)
    searchable: tuple[str, ...] = ("name", "name_roman")
    tile_fields: tuple[str, ...] = ("name", "status", "source")
    min_zoom: int = 0
    max_zoom: int = 24
    cells: str = ""
    thinning: Thinning = Thinning()
    shown: bool = True
    written_by: Role = Role.EDITOR
    licence: str = ""
    distinct_names: bool = True
    protected: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=dict)
    placing: tuple[str, ...] = ()
    page: str = ""

    @cached_property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.model_name)

    @cached_property
    def has_points(self) -> bool:
        """Whether its features are points; others are areas."""
        return isinstance(geometry_field(self, self.geometry), PointField)

    @cached_property
    def cells_model(self) -> type[models.Model] | None:
        """The model of the counts in cells, or None when the layer has none."""
        return apps.get_model(self.cells) if self.cells else None

    @cached_property
    def states(self) -> type[models.Model] | None:
        """The model of the register's dated states, or None when the register has none."""
        return self.related("states")

    def related(self, relation: str) -> type[models.Model] | None:
        """The model at the other end of a reverse relation, or None."""
        for found in self.model._meta.related_objects:
            if found.get_accessor_name() == relation:
                assert isinstance(found.related_model, type)
                return found.related_model
        return None

    def column(self, field: Field) -> models.Field:
        """The model field behind a property. Raises LookupError when there is none."""
        path = field.path or field.name
        relation, _separator, rest = path.partition("__")
        if rest:
            found = _follow(self.related(relation), rest)
        else:
            found = _follow(self.model, path) or _follow(self.states, path)
        if found is None:
            raise LookupError(path)
        return found

    def field(self, name: str) -> Field:
        """The property of that name. Raises KeyError."""
        return self._fields[name]

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The tables whose changes change this layer."""
        models_read = {self.model, self.states, *(self.column(field).model for field in self.fields)}
        models_read |= {self.related(field.path.partition("__")[0]) for field in self.fields if "__" in field.path}
        return tuple(sorted(model._meta.db_table for model in models_read if model is not None))


def _follow(model: type[models.Model] | None, path: str) -> models.Field | None:
    """The column at the end of a path of foreign keys from a model, or None."""
    name, _separator, rest = path.partition("__")
    try:
        found = model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None
    if not isinstance(found, models.Field):
        return None
    return _follow(found.related_model, rest) if rest else found


def geometry_field(layer: Layer, column: str) -> BaseSpatialField:
    """The spatial field of a layer's column; that of a stored computed column is what it computes."""
    found = layer.model._meta.get_field(column)
    found = getattr(found, "output_field", found) if getattr(found, "generated", False) else found
    assert isinstance(found, BaseSpatialField)
    return found


# The columns that place a row in a division, by its code; the closest first.
DIVISION_COLUMNS = ("township_claimed", "township", "county_served", "division", "parent_code")


def division_column(model: type[models.Model]) -> str | None:
    """The column that holds the code of the division a row of the register belongs to."""
    columns = {field.name for field in model._meta.fields}
    return next((column for column in DIVISION_COLUMNS if column in columns), None)


def registers() -> list[type[models.Model]]:
    """Every model of the bureau's data, published or not: those whose changes are counted."""
    return [model for model in apps.get_models() if issubclass(model, Versioned)]


@cache
def catalogue() -> dict[str, Layer]:
    """Every layer by id, in the order of the apps and their catalogues."""
    return {layer.id: layer for layer in entries()}


def entries() -> Iterator[Layer]:
    """Every entry as it is written, wrong ones too."""
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "catalogue"):
            yield from import_module(f"{config.name}.catalogue").LAYERS


def published() -> list[Layer]:
    """The layers with a geometry: those with items, tiles and a place on the map."""
    return [layer for layer in catalogue().values() if layer.geometry]


def get(layer_id: str) -> Layer:
    """The published layer of that id. Raises UnknownLayer."""
    found = catalogue().get(layer_id)
    if found is None or not found.geometry:
        raise UnknownLayer(layer_id, (layer.id for layer in published()))
    return found
