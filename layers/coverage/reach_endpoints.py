"""Reach and its gaps at /api/coverage/: computed now, from what the reader may see."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from layers.coverage import reach, reach_access, reach_report
from layers.coverage.reach_asking import Question, question
from layers.coverage.reach_places import facilities, places, townships
from layers.errors import BadParameter
from layers.publish import parameters, selection
from layers.publish.endpoints import Answer, Ask, as_document
from layers.publish.filters import Kind
from layers.publish.media_types import GEOJSON, JSON
from layers.publish.statements import DATABASE
from layers.rows import value

WHOSE = ("layer", "filter", "filter-lang", "filter-crs", "within", "division", "as-of", "roads")


def reach_of(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params, *WHOSE, "of", "distances", "supply", "method")
    parameters.form(ask.params, "json")
    asked = question(ask.params, ask.reader)
    wanted = parameters.names(ask.params, "of", reach.OF) or reach.BY_DEFAULT
    has_spread = parameters.switch(ask.params, "distances")
    supply, method = _supply(ask.params, asked)

    def made() -> dict[str, Any]:
        expression = value(asked.layer, asked.layer.field(supply), asked.scope.on) if supply else None
        near = facilities(asked.qualifying, using=DATABASE, layer=asked.layer, supply=expression)
        found = [
            reach.reached(
                near,
                of,
                asked.within_m,
                asked.scope,
                has_spread=has_spread or of != "doorplates",
                network=asked.network,
            )
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
    asked, of = question(ask.params, ask.reader), parameters.choice(ask.params, "of", reach.OF)
    limit = parameters.limit({"limit": str(parameters.MAX_LIMIT), **ask.params})

    def made() -> dict[str, Any]:
        near = facilities(asked.qualifying, using=DATABASE, layer=asked.layer)
        found = reach.reached(near, of, asked.within_m, asked.scope, has_spread=False, network=asked.network)
        if of != "doorplates":
            return {**reach_report.gaps(found, most=limit), **asked.about}
        centres = places("townships", near, asked.scope, townships(asked.scope))
        return {**reach_report.door_gaps(found, centres, most=limit), **asked.about}

    return as_document(ask, asked.read, made, GEOJSON)


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
