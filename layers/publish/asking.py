"""From a request's parameters to the features it selects and the way they are written; for pages and files alike."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import shapely.geometry
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from layers.access import Reader, visible_fields
from layers.crs import OFFERED, Crs, ewkb, stored_box, stored_shape
from layers.errors import BadParameter
from layers.publish import filters, paging, parameters
from layers.publish.filter_words import explain
from layers.publish.filters import BadFilter, Condition, Filter
from layers.publish.items import Writing
from layers.publish.selection import Selection, kinds, queryables, sortables
from layers.registry import Layer
from layers.rows import Period, today
from layers.search import words
from layers.snapshots import finding

SELECTING = ("bbox", "bbox-crs", "datetime", "snapshot", "filter", "filter-lang", "filter-crs", "q", "sortby")
WRITING = ("crs", "properties", "skipGeometry")
WRITING_ALL = (*WRITING, "wkt")  # of a collection: files have a choice more
MOST_SQL = 32_768  # characters: what is compiled is kept, and some short filters are long there
LANGUAGES = {"cql2-text": filters.read_text, "cql2-json": filters.read_json}


def selection(layer: Layer, reader: Reader, given: Mapping[str, str]) -> Selection:
    """The features asked for; properties by name are filters too."""
    sort = parameters.sort(given, sortables(layer, reader))
    return replace(
        everything(layer, reader, given),
        area=parameters.area(given),
        condition=condition(layer, reader, given),
        words=words.query(given) if "q" in given else "",
        sort=sort,
        after=paging.after(given, sort),
    )


def everything(layer: Layer, reader: Reader, given: Mapping[str, str]) -> Selection:
    """All features, of the day or the period asked for, or of a snapshot, which is of one day."""
    if "snapshot" not in given:
        return Selection(layer_id=layer.id, reader=reader, period=parameters.period(given, "datetime", today()))
    if "datetime" in given:
        raise BadParameter("datetime", given["datetime"], _("a snapshot is of one day; leave it out."))
    snapshot = finding.find(layer, given["snapshot"])
    return Selection(layer_id=layer.id, reader=reader, period=Period(snapshot.day, snapshot.day), snapshot=snapshot.pk)


def writing(
    layer: Layer,
    reader: Reader,
    given: Mapping[str, str],
    *,
    offered: Mapping[str, Crs] = OFFERED,
    has_wkt: bool = False,
) -> Writing:
    """How the features are written, in one of the CRSs offered. has_wkt: whether points can be written as text."""
    as_wkt = parameters.switch(given, "wkt")
    if as_wkt and not has_wkt:
        raise BadParameter("wkt", given["wkt"], _("only CSV files have this choice; leave it out."))
    visible = [field.name for field in visible_fields(layer, reader)]
    return Writing(
        properties=parameters.names(given, "properties", visible),
        has_geometry=not parameters.switch(given, "skipGeometry"),
        crs=parameters.crs(given, "crs", offered),
        as_wkt=as_wkt,
    )


def condition(layer: Layer, reader: Reader, given: Mapping[str, str]) -> Condition | None:
    """The condition of the ``filter`` and of the properties given by name. Raises BadParameter, naming the piece."""
    system = parameters.crs(given, "filter-crs")
    language = parameters.choice(given, "filter-lang", LANGUAGES)
    wanted: list[tuple[str, Callable[[], Filter]]] = []
    if "filter" in given:
        wanted.append(("filter", lambda: LANGUAGES[language](given["filter"])))
    wanted += [(name, partial(filters.equality, name, given[name])) for name in kinds(layer, reader) if name in given]
    if not wanted:
        return None
    columns, found = queryables(layer, reader), list[Condition]()
    for name, read in wanted:
        try:
            found.append(
                filters.compile(read(), columns, geometry=partial(_stored, system), zone=get_default_timezone())
            )
        except BadFilter as error:
            raise BadParameter(name, given[name], explain(error)) from None
    text = " AND ".join(f"({one.sql})" for one in found)
    if len(text) > MOST_SQL:
        expected = _("it is too complex. Leave out parts of it, or ask in several requests.")
        raise BadParameter("filter", given.get("filter", ""), expected)
    values = (value for one in found for value in one.values)
    return Condition(text, tuple(tuple(value) if isinstance(value, list) else value for value in values))


def _stored(system: Crs, written: dict[str, Any]) -> str:
    """A GeoJSON geometry, or a ``bbox``, as written in the filter's CRS, as EWKB in the stored one."""
    if "bbox" in written:
        west, south, east, north = written["bbox"]
        return ewkb(stored_box((west, south, east, north), system))
    return ewkb(stored_shape(shapely.geometry.shape(written), system))
