"""Reach and its gaps at /api/coverage/: computed now, from what the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import PointField
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from psycopg import sql

from layers import registry
from layers.coverage import reach, reach_access, reach_report
from layers.coverage.reach_places import Scope, facilities, places, townships
from layers.errors import BadParameter
from layers.publish import parameters, selection
from layers.publish.asking import condition
from layers.publish.endpoints import Answer, Ask, as_document
from layers.publish.filters import Kind
from layers.publish.media_types import GEOJSON, JSON
from layers.publish.selection import Selection
from layers.publish.statements import DATABASE, Slot
from layers.registry import Layer
from layers.rows import Period, rows, today, value

WHOSE = ("layer", "filter", "filter-lang", "filter-crs", "within", "division", "as-of")
OPERATING = "status = 'operating'"
FIDS = sql.SQL("SELECT row.fid FROM {}")
READ = ("counties", "townships", "villages", "doorplates")


@dataclass(frozen=True)
class Question:
    """filter: in its language, as it was asked or by default; empty for none."""

    layer: Layer
    filter: str
    qualifying: QuerySet
    within_m: float
    scope: Scope

    @property
    def read(self) -> tuple[Layer, ...]:
        """The layers whose changes change the answer."""
        return tuple(registry.get(layer_id) for layer_id in dict.fromkeys((self.layer.id, *READ)))

    @property
    def about(self) -> dict[str, Any]:
        return {
            "layer": self.layer.id,
            "title": str(self.layer.title),
            "filter": self.filter or None,
            "as_of": self.scope.on.isoformat(),
            "division": self.scope.division or None,
            "within_m": self.within_m,
            "measure": reach_report.measure(),
        }


def reach_of(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params, *WHOSE, "of", "distances", "supply", "method")
    parameters.form(ask.params, "json")
    asked = _question(ask)
    wanted = parameters.names(ask.params, "of", reach.OF) or reach.BY_DEFAULT
    has_spread = parameters.switch(ask.params, "distances")
    supply, method = _supply(ask.params, asked)

    def made() -> dict[str, Any]:
        expression = value(asked.layer, asked.layer.field(supply), asked.scope.on) if supply else None
        near = facilities(asked.qualifying, using=DATABASE, layer=asked.layer, supply=expression)
        found = [
            reach.reached(near, of, asked.within_m, asked.scope, has_spread=has_spread or of != "doorplates")
            for of in wanted
        ]
        unequal = reach_access.of_people(near, asked.within_m, asked.scope, method=method)
        return {
            **asked.about,
            "facilities": reach_report.facilities(near),
            "reached": [reach_report.reached(one) for one in found],
            "access": reach_report.access(unequal, supply),
        }

    return as_document(ask, asked.read, made, JSON)


def gaps_of(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params, *WHOSE, "of", "limit")
    parameters.form(ask.params, "json")
    asked, of = _question(ask), parameters.choice(ask.params, "of", reach.OF)
    limit = parameters.limit({"limit": str(parameters.MAX_LIMIT), **ask.params})

    def made() -> dict[str, Any]:
        near = facilities(asked.qualifying, using=DATABASE, layer=asked.layer)
        found = reach.reached(near, of, asked.within_m, asked.scope, has_spread=False)
        if of != "doorplates":
            return {**reach_report.gaps(found, most=limit), **asked.about}
        centres = places("townships", near, asked.scope, townships(asked.scope))
        return {**reach_report.door_gaps(found, centres, most=limit), **asked.about}

    return as_document(ask, asked.read, made, GEOJSON)


def _question(ask: Ask) -> Question:
    """Raises BadParameter, UnknownLayer."""
    layer, on = _layer(ask.params), parameters.day(ask.params, "as-of", today())
    given = {name: ask.params[name] for name in ("filter", "filter-lang", "filter-crs") if name in ask.params}
    if "filter" not in given and layer.states is not None:
        given = {"filter": OPERATING}
    chosen = Selection(
        layer_id=layer.id,
        reader=ask.reader,
        period=Period(on, on),
        condition=condition(layer, ask.reader, given),
    )
    return Question(
        layer=layer,
        filter=given.get("filter", ""),
        qualifying=_qualifying(chosen),
        within_m=_within(ask.params),
        scope=Scope(on, ask.params.get("division", ""), DATABASE, ask.reader),
    )


def _layer(given: Mapping[str, str]) -> Layer:
    known = [layer.id for layer in registry.published() if _has_point(layer)]
    if given.get("layer", "") not in known:
        expected = _("name a collection with points. There are: %(known)s.") % {"known": ", ".join(known)}
        raise BadParameter("layer", given.get("layer", ""), expected)
    return registry.get(given["layer"])


def _has_point(layer: Layer) -> bool:
    return any(isinstance(field, PointField) for field in layer.model._meta.fields)


def _within(given: Mapping[str, str]) -> float:
    text = given.get("within", str(reach.WITHIN_M))
    if not parameters.NUMBER.fullmatch(text) or not 0 < float(text) <= reach.MOST_WITHIN_M:
        expected = _("give metres above 0 and up to %(most)d, for example within=1000.") % {"most": reach.MOST_WITHIN_M}
        raise BadParameter("within", text, expected)
    return float(text)


def _supply(given: Mapping[str, str], asked: Question) -> tuple[str, str]:
    """The field that says what a facility offers and the method by which it is shared out; both empty without one."""
    kinds = selection.kinds(asked.layer, asked.scope.reader)
    numbers = [name for name, kind in kinds.items() if kind in (Kind.INTEGER, Kind.NUMBER)]
    if "supply" not in given:
        if "method" in given:
            raise BadParameter(
                "method", given["method"], _("say with supply what is offered, for example supply=beds.")
            )
        return "", ""
    if given["supply"] not in numbers:
        known = ", ".join(numbers) or _("none in this collection")
        raise BadParameter("supply", given["supply"], _("name a field that is a number: %(known)s.") % {"known": known})
    return given["supply"], parameters.choice(given, "method", reach_access.METHODS)


def _qualifying(chosen: Selection) -> QuerySet:
    """The rows of a selection, as a query of the register."""
    layer = registry.get(chosen.layer_id)
    found = rows(layer, chosen.reader, chosen.period)
    if chosen.condition is None:
        return found
    query, slots = selection.query(chosen.form), chosen.slots
    given = (slots[param.name] if isinstance(param, Slot) else param for param in query.params)
    params = [list(one) if isinstance(one, tuple) else one for one in given]
    return found.filter(pk__in=RawSQL(FIDS.format(query.rows).as_string(None), params))  # noqa: S611  composed of ours
