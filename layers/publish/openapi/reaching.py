"""The addresses of reach: what lies within a distance of the nearest facility, and what does not."""

from django.utils.translation import gettext as _

from layers.coverage import reach, reach_access
from layers.publish.media_types import GEOJSON, JSON
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.documents import TEXT, many, thing
from layers.publish.openapi.shared import Described, answer, given, query, reading
from layers.publish.parameters import MAX_LIMIT

COUNT: Described = {"type": "integer", "minimum": 0}
COUNT_OR_NULL: Described = {**COUNT, "nullable": True}
NUMBER_OR_NULL: Described = {"type": "number", "nullable": True}
OBJECT_OR_NULL: Described = {"type": "object", "nullable": True}
DAY: Described = {"type": "string", "format": "date"}


def paths() -> dict[str, Described]:
    kinds: Described = {"type": "string", "enum": list(reach.OF)}
    reached = answer(_("What is covered, by county and township, each with its numerator and denominator."), {
        JSON: ref("Reach")
    })  # fmt: skip
    gaps = answer(_("What is not covered; of doorplates the townships with the counts."), {GEOJSON: ref("Gaps")})
    several = query("of", _("What is counted; doorplates take longer."), {
        "type": "array", "items": kinds, "default": list(reach.BY_DEFAULT),
    })  # fmt: skip
    one = query("of", _("What is looked at."), {**kinds, "default": reach.OF[0]})
    limit = query("limit", _("How many features are given at most; numberMatched says how many there are."), {
        "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": MAX_LIMIT,
    })  # fmt: skip
    tag = _("Coverage")
    return {
        "/coverage/reach": {
            "get": reading(
                "getReach",
                tag,
                _("What lies within a distance of the nearest facility"),
                reached,
                [*_whose(), several, *_besides()],
                "json",
            )
        },
        "/coverage/gaps": {
            "get": reading(
                "getGaps",
                tag,
                _("What has no facility within a distance"),
                gaps,
                [*_whose(), one, limit],
                "json",
            )
        },
    }


def schemas() -> dict[str, Described]:
    about = ["as_of", "within_m", "measure"]
    measure = thing(["kind", "text"], kind=TEXT, text=TEXT)
    asked: Described = {"as_of": DAY, "within_m": {"type": "number"}, "measure": measure, "division": _text_or_null()}
    asked |= {"layer": TEXT, "title": TEXT, "filter": _text_or_null()}
    part: Described = {"adcode": TEXT, "name": TEXT, "county": TEXT, "numerator": COUNT, "denominator": COUNT}
    part |= {"value": NUMBER_OR_NULL}
    notes = many(thing(["kind", "text", "about"], kind=TEXT, text=TEXT, about=many({"type": "object"})))
    status: Described = {"type": "string", "enum": ["assessed", "not_assessable"]}
    return {
        "Reach": thing(
            [*about, "facilities", "reached", "access"],
            **asked,
            facilities=thing(["count"], count=COUNT, without_point=many(TEXT), demonstration=COUNT),
            reached=many(
                thing(
                    ["of", "status", "numerator", "denominator", "value", "by_county", "by_township", "notes"],
                    of=TEXT,
                    status=status,
                    numerator=COUNT_OR_NULL,
                    denominator=COUNT_OR_NULL,
                    value=NUMBER_OR_NULL,
                    by_county=many(thing(list(part), **part)),
                    by_township=many(thing([*part, "distance"], **part, distance=OBJECT_OR_NULL)),
                    notes=notes,
                )
            ),
            access=thing(["gini_of_distance", "catchment"], gini_of_distance=NUMBER_OR_NULL, catchment=OBJECT_OR_NULL),
        ),
        "Gaps": thing(
            ["type", "features", "numberMatched", "numberReturned", *about],
            type={"type": "string", "enum": ["FeatureCollection"]},
            features=many({"type": "object"}),
            numberMatched=COUNT,
            numberReturned=COUNT,
            of=TEXT,
            status=status,
            notes=notes,
            **asked,
        ),
    }


def _text_or_null() -> Described:
    return {"type": "string", "nullable": True}


def _whose() -> list[Described]:
    """Which facilities, how far, where and when."""
    metres: Described = {"type": "number", "minimum": 0, "exclusiveMinimum": True}
    metres |= {"maximum": reach.MOST_WITHIN_M, "default": reach.WITHIN_M}
    layer = query(
        "layer", _("The collection whose features are the facilities; without a filter those in operation."), TEXT
    )
    return [
        {**layer, "required": True, "example": "home-care-centres"},
        *given("filter", "filter-lang", "filter-crs"),
        query("within", _("The distance in metres, as a straight line."), metres),
        query("division", _("The code of the city or county the figures are limited to."), TEXT),
        query(
            "roads",
            _(
                "The id of a network of roads that planners sent for siting: distances are measured along it. For readers of the bureau."
            ),
            TEXT,
        ),
        {**query("as-of", _("The day the figures are of; today without it."), DAY), "example": "2022-12-31"},
    ]


def _besides() -> list[Described]:
    return [
        query("distances", _("Whether the distances of doorplates are given too, which takes longer."), {
            "type": "boolean", "default": False,
        }),
        query("supply", _("The field that says what a facility offers, for floating catchments, for example beds."), TEXT),
        query("method", _("How the supply is shared out: alike within the distance, or less from farther away."), {
            "type": "string", "enum": list(reach_access.METHODS), "default": next(iter(reach_access.METHODS)),
        }),
    ]  # fmt: skip
