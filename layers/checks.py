"""What ``manage.py check`` refuses in a catalogue: each entry must be right before a page is served from it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.contrib.gis.db import models as gis
from django.contrib.gis.db.models.fields import BaseSpatialField
from django.contrib.postgres.fields import ArrayField
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from layers import registry
from layers.models.base import SRID, Dated, Versioned
from layers.personal import names_a_person
from layers.publish.schema import GEOMETRIES
from layers.registry import Field, Layer

KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
COLOUR = re.compile(r"#[0-9a-f]{6}")
SECRET = re.compile(r"(?:^|_)(?:token|secret|password|hash|api_key)(?:_|$)")
TAKEN = ("id", "code", "geom", "geometry", "layer", "count")  # what items, tiles and search say of every feature
MOST_FIELDS = 49  # json_build_object takes 100 arguments, two for each property
MAX_ZOOM = 24
TILE_SRID = 3857

Fault = tuple[str, str]  # what is wrong, naming the value; what would be right
Rule = Callable[[Layer], Iterator[Fault]]
ANY_ENTRY: list[tuple[str, Rule]] = []
WITH_MODEL: list[tuple[str, Rule]] = []  # rules that can be asked only once the model is known


@register("layers")
def check_catalogue(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    return list(faults(registry.entries()))


def faults(entries: Iterable[Layer]) -> Iterator[CheckMessage]:
    """What is wrong with the entries, each with what would be right."""
    seen: set[str] = set()
    for layer in entries:
        if layer.id in seen:
            yield _error(layer, "E001", (_("the id is used twice."), _("Give each layer an id of its own.")))
        seen.add(layer.id)
        known = _model(layer) is not None
        for number, rule in ANY_ENTRY + (WITH_MODEL if known else []):
            yield from (_error(layer, number, fault) for fault in rule(layer))


def _error(layer: Layer, number: str, fault: Fault) -> Error:
    message, remedy = fault
    text = _("Layer “%(id)s”: %(message)s") % {"id": layer.id, "message": message}
    return Error(text, hint=remedy, obj=layer.model_name, id=f"layers.{number}")


def _rule(number: str, *, where: list[tuple[str, Rule]] = WITH_MODEL) -> Callable[[Rule], Rule]:
    def add(rule: Rule) -> Rule:
        where.append((number, rule))
        return rule

    return add


# The entry by itself


@_rule("E002", where=ANY_ENTRY)
def id_is_an_address(layer: Layer) -> Iterator[Fault]:
    if not KEBAB.fullmatch(layer.id):
        yield (
            _("the id “%(id)s” cannot stand in an address.") % {"id": layer.id},
            _("Write small letters and digits joined by hyphens, for example eco-burial-sites."),
        )


@_rule("E003", where=ANY_ENTRY)
def model_is_known(layer: Layer) -> Iterator[Fault]:
    if _model(layer) is None:
        yield (
            _("there is no model “%(model)s”.") % {"model": layer.model_name},
            _("Write app_label.ModelName of an installed app."),
        )


@_rule("E004", where=ANY_ENTRY)
def titles_are_given(layer: Layer) -> Iterator[Fault]:
    for part in ("title", "description", "group"):
        if not str(getattr(layer, part)).strip():
            yield _("the %(part)s is empty.") % {"part": part}, _("People read it on the map: write it.")


@_rule("E005", where=ANY_ENTRY)
def field_names_can_be_served(layer: Layer) -> Iterator[Fault]:
    for field in layer.fields:
        if not SNAKE.fullmatch(field.name) or len(field.name) > 60 or (layer.geometry and field.name in TAKEN):
            yield (
                _("the property “%(name)s” cannot be served under this name.") % {"name": field.name},
                _("Write small letters and digits joined by underscores, and none of: %(taken)s.")
                % {"taken": ", ".join(TAKEN)},
            )


@_rule("E006", where=ANY_ENTRY)
def field_names_differ(layer: Layer) -> Iterator[Fault]:
    names = [field.name for field in layer.fields]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield _("the property “%(name)s” is given twice.") % {"name": name}, _("Leave one of them out.")


@_rule("E007", where=ANY_ENTRY)
def fields_are_not_too_many(layer: Layer) -> Iterator[Fault]:
    if len(layer.fields) > MOST_FIELDS:
        yield (
            _("%(count)d properties are more than PostgreSQL can put into one object.") % {"count": len(layer.fields)},
            _("Publish at most %(most)d.") % {"most": MOST_FIELDS},
        )


@_rule("E008", where=ANY_ENTRY)
def symbol_can_be_drawn(layer: Layer) -> Iterator[Fault]:
    if not COLOUR.fullmatch(layer.symbol.colour):
        yield (
            _("“%(colour)s” is not a colour.") % {"colour": layer.symbol.colour},
            _("Write #rrggbb in small letters, for example #2f7d4f."),
        )
    if len(layer.symbol.glyph) > 1:
        yield (
            _("the glyph “%(glyph)s” does not fit into a marker.") % {"glyph": layer.symbol.glyph},
            _("Give one hanzi, or none."),
        )
    if not 0 < layer.symbol.size_px <= 64:
        yield _("a symbol of %(size)s pixels cannot be drawn.") % {"size": layer.symbol.size_px}, _("Give 1 to 64.")


@_rule("E009", where=ANY_ENTRY)
def zooms_are_in_order(layer: Layer) -> Iterator[Fault]:
    if not 0 <= layer.min_zoom <= layer.max_zoom <= MAX_ZOOM:
        yield (
            _("the zooms %(low)s to %(high)s are no range.") % {"low": layer.min_zoom, "high": layer.max_zoom},
            _("Give 0 ≤ min_zoom ≤ max_zoom ≤ %(most)d.") % {"most": MAX_ZOOM},
        )


# The entry and its model


@_rule("E010")
def changes_are_counted(layer: Layer) -> Iterator[Fault]:
    """ETags and tile addresses are made of the tables' counters: a table without one would never seem to change."""
    for model in filter(None, (layer.model, *(layer.related(name) for name in _relations(layer)))):
        if not issubclass(model, Versioned):
            yield (
                _("the changes of “%(model)s” are not counted.") % {"model": model._meta.label},
                _("Let the model inherit from layers.models.base.Versioned, and its Meta from Versioned.Meta."),
            )


@_rule("E011")
def register_can_be_published(layer: Layer) -> Iterator[Fault]:
    for column in ("code", "published") if layer.geometry else ():
        if _own(layer, column) is None:
            yield (
                _("its model has no “%(column)s”, which items need.") % {"column": column},
                _("Add the column, or set geometry to “” to keep the register out of the API."),
            )


@_rule("E012")
def fields_exist(layer: Layer) -> Iterator[Fault]:
    for field in layer.fields:
        if _column(layer, field) is None:
            yield (
                _("“%(path)s” is no column of the register, its states or its lists.")
                % {"path": field.path or field.name},
                _("Correct the name, or give the path, for example designations__township."),
            )


@_rule("E013")
def geometry_is_no_property(layer: Layer) -> Iterator[Fault]:
    for field, column in _columns(layer):
        if isinstance(_output(column), BaseSpatialField | models.ForeignKey | models.FileField):
            yield (
                _("“%(name)s” cannot be written as a value.") % {"name": field.name},
                _("Publish text, numbers, dates, truth values and lists of them; of a relation, one of its columns."),
            )


@_rule("E014")
def secrets_and_people_stay_in(layer: Layer) -> Iterator[Fault]:
    for field, column in _columns(layer):
        names = (field.name, field.path, column.name)
        titles = (*names, str(column.verbose_name))
        if any(SECRET.search(name) for name in names) or any(map(names_a_person, titles)):
            yield (
                _("“%(name)s” must never be published: it names a person or opens a door.") % {"name": field.name},
                _("Leave it out; QR tokens and people have no place in items."),
            )


@_rule("E015")
def geometries_are_spatial(layer: Layer) -> Iterator[Fault]:
    for part, srid in (("geometry", SRID), ("label", SRID), ("tile_geometry", TILE_SRID)):
        name = getattr(layer, part)
        column = _output(_own(layer, name)) if name else None
        if name and not isinstance(column, BaseSpatialField):
            yield (
                _("%(part)s “%(name)s” is no spatial column of its model.") % {"part": part, "name": name},
                _("Name a geometry column of %(model)s.") % {"model": layer.model_name},
            )
        elif isinstance(column, BaseSpatialField) and column.srid != srid:
            yield (
                _("%(part)s “%(name)s” is in EPSG:%(found)s.") % {"part": part, "name": name, "found": column.srid},
                _("Store it in EPSG:%(right)s.") % {"right": srid},
            )


@_rule("E016")
def geometries_have_known_shapes(layer: Layer) -> Iterator[Fault]:
    for part, shapes in (("geometry", tuple(GEOMETRIES)), ("label", (gis.PointField,))):
        name = getattr(layer, part)
        column = _output(_own(layer, name)) if name else None
        if isinstance(column, BaseSpatialField) and type(column) not in shapes:
            yield (
                _("%(part)s “%(name)s” is a %(found)s.") % {"part": part, "name": name, "found": type(column).__name__},
                _("It can be: %(known)s.") % {"known": ", ".join(shape.__name__ for shape in shapes)},
            )


@_rule("E017")
def only_selects_something(layer: Layer) -> Iterator[Fault]:
    yield from _selection(layer, "only", {column: (value,) for column, value in layer.only.items()})


@_rule("E018")
def hidden_hides_something(layer: Layer) -> Iterator[Fault]:
    yield from _selection(layer, "hidden", layer.hidden)


def _selection(layer: Layer, part: str, chosen: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    for name, values in chosen.items():
        column = _own(layer, name)
        if column is None:
            yield (
                _("%(part)s names “%(column)s”, which its model does not have.") % {"part": part, "column": name},
                _("Name a column of %(model)s.") % {"model": layer.model_name},
            )
            continue
        known = [str(value) for value, _label in column.flatchoices]
        for value in values if known else ():
            if value not in known:
                yield (
                    _("%(part)s asks for %(column)s “%(value)s”, which no row can have.")
                    % {"part": part, "column": name, "value": value},
                    _("The values are: %(known)s.") % {"known": ", ".join(known)},
                )


@_rule("E019")
def searchable_is_public_text(layer: Layer) -> Iterator[Fault]:
    names = {field.name for field in layer.fields}
    for name in layer.searchable:
        column = _output(_own(layer, name))
        if name not in names or not isinstance(column, models.CharField | models.TextField):
            yield (
                _("searchable names “%(name)s”, which is no text among its fields.") % {"name": name},
                _("Name texts of the register that are published, or set searchable to ()."),
            )
    if layer.geometry and "name" in layer.searchable and _own(layer, "name_roman") is None:
        yield _("it is looked for by name, but has no “name_roman”."), _("Add the column, or leave “name” out.")


@_rule("E020")
def tile_fields_are_single_values(layer: Layer) -> Iterator[Fault]:
    fields = {field.name: field for field in layer.fields}
    for name in layer.tile_fields if layer.geometry else ():
        column = _column(layer, fields[name]) if name in fields else None
        if name not in fields:
            yield (
                _("tile_fields names “%(name)s”, which is not among its fields.") % {"name": name},
                _("Name published fields; a tile shows nothing that items do not."),
            )
        elif column is not None and (isinstance(column, ArrayField) or "__" in fields[name].path):
            yield (
                _("tile_fields names “%(name)s”, which is a list; a vector tile cannot hold one.") % {"name": name},
                _("Leave it out of tile_fields; items carry it."),
            )


@_rule("E021")
def lists_belong_to_the_register(layer: Layer) -> Iterator[Fault]:
    for name in _relations(layer):
        related = layer.related(name)
        if related is None:
            continue
        if name == "states" and (not issubclass(related, Dated) or _key(related, "site") is not layer.model):
            yield (
                _("“%(model)s” cannot hold its dated states.") % {"model": related._meta.label},
                _("Let it inherit from SiteState, with a foreign key “site” to %(model)s.")
                % {"model": layer.model_name},
            )


def _model(layer: Layer) -> type[models.Model] | None:
    try:
        return layer.model
    except (LookupError, ValueError):
        return None


def _own(layer: Layer, name: str) -> Any:
    try:
        return layer.model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _output(column: Any) -> Any:
    """What a generated column computes, any other column itself."""
    return column.output_field if getattr(column, "generated", False) else column


def _column(layer: Layer, field: Field) -> models.Field | None:
    try:
        return layer.column(field)
    except LookupError:
        return None


def _columns(layer: Layer) -> Iterator[tuple[Field, models.Field]]:
    return ((field, column) for field in layer.fields if (column := _column(layer, field)) is not None)


def _relations(layer: Layer) -> list[str]:
    """The reverse relations that the entry reads."""
    paths = (field.path.partition("__") for field in layer.fields)
    return sorted({"states", *(relation for relation, separator, _rest in paths if separator)})


def _key(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name).related_model
    except FieldDoesNotExist:
        return None
