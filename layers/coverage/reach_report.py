"""Reach as JSON and its gaps as GeoJSON, in the reader's language."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from layers.coverage.reach import Part, Reached, Spread
from layers.coverage.reach_access import PER, Access, Offered
from layers.coverage.reach_places import Facilities, Place
from layers.coverage.reach_roads import SNAP_M
from layers.coverage.reach_statements import METRIC_SRID
from layers.rows import today

SHOWN = 5  # names in a note; the JSON has them all
Said = dict[str, Any]


def measure(roads: str = "") -> Said:
    """How every distance is meant. roads: the id of the network that ways are measured along, "" for straight lines."""
    if roads:
        text = _(
            "Distances are ways along the roads of the file that was chosen, from the centre of a division to the facility; "
            "a place more than %(snap)d m from every road has no way. Doors, and how supply is shared out, are measured in a "
            "straight line."
        )
        return {"kind": "along_roads", "roads": roads, "text": text % {"snap": SNAP_M}}
    text = _(
        "Distances are straight lines in the plane of EPSG:4549, not ways along roads. In its zone a kilometre is at most "
        "0.4 m longer there than on the ellipsoid."
    )
    return {"kind": f"straight_line_epsg_{METRIC_SRID}", "text": text}


def facilities(found: Facilities) -> Said:
    return {
        "count": len(found.places) + len(found.unplaced),
        "without_point": list(found.unplaced),
        "demonstration": found.demonstration,
    }


def reached(found: Reached) -> Said:
    """One of townships, villages, doorplates and people; the figures are null when it cannot be assessed."""
    total = found.total
    return {
        "of": found.of,
        "status": "assessed" if total else "not_assessable",
        "numerator": total and total.numerator,
        "denominator": total and total.denominator,
        "value": total and total.value,
        "by_county": [_part(part) for part in found.counties],
        "by_township": [{**_part(part), "distance": _spread(part.spread)} for part in found.townships],
        "notes": notes(found),
    }


def access(found: Access, supply: str) -> Said:
    """supply: the field of the layer that says what is offered; empty when nobody asked for it."""
    offered = found.total and {
        "method": found.method,
        "supply": supply,
        "per_people": PER,
        "value": found.total.per_thousand,
        "gini": found.gini_of_supply,
        "by_township": [_offered(one) for one in found.townships],
        "notes": [_note("supply_unknown", found.unknown)] if found.unknown else [],
    }
    return {"gini_of_distance": found.gini_of_distance, "catchment": offered}


def gaps(found: Reached, *, most: int) -> Said:
    """A GeoJSON collection of the divisions that are not covered, at their centres."""
    features = [_gap(place, found) for place in found.uncovered]
    return _collection(found, features, most)


def door_gaps(found: Reached, centres: Iterable[Place], *, most: int) -> Said:
    """A GeoJSON collection of the townships with doors that are not covered, at their centres, with the counts."""
    by_code = {place.code: place for place in centres}
    features = [
        {
            "type": "Feature",
            "id": part.code,
            "geometry": _point(by_code[part.code]) if part.code in by_code else None,
            "properties": {**_part(part), "uncovered": part.denominator - part.numerator},
        }
        for part in found.townships
        if part.numerator < part.denominator
    ]
    return _collection(found, features, most)


def _collection(found: Reached, features: Sequence[Said], most: int) -> Said:
    return {
        "type": "FeatureCollection",
        "features": list(features[:most]),
        "numberMatched": len(features),
        "numberReturned": min(len(features), most),
        "of": found.of,
        "within_m": found.within_m,
        "as_of": found.on.isoformat(),
        "status": "assessed" if found.total else "not_assessable",
        "measure": measure(),
        "notes": notes(found),
    }


def _gap(place: Place, found: Reached) -> Said:
    properties: Said = {
        "adcode": place.code,
        "name": place.name,
        "township": place.township,
        "distance_m": place.metres,
    }
    if found.of == "people":
        properties["people"] = place.people
    return {"type": "Feature", "id": place.code, "geometry": _point(place), "properties": properties}


def _point(place: Place) -> Said | None:
    if place.lon is None or place.lat is None:
        return None
    return {"type": "Point", "coordinates": [round(place.lon, 7), round(place.lat, 7)]}


def _part(part: Part) -> Said:
    return {
        "adcode": part.code,
        "name": part.name,
        "county": part.county,
        "numerator": part.numerator,
        "denominator": part.denominator,
        "value": part.value,
    }


def _spread(found: Spread | None) -> Said | None:
    if found is None:
        return None
    return {"min": found.least, "median": found.median, "p90": found.p90, "max": found.most}


def _offered(one: Offered) -> Said:
    return {"adcode": one.code, "name": one.name, "county": one.county, "value": one.per_thousand}


# Notes


def notes(found: Reached) -> list[Said]:
    """What limits the figures; first why they cannot be assessed."""
    return [*_why_not(found), *_notes(found)]


def _why_not(found: Reached) -> list[Said]:
    texts = {
        "layer_empty": _("Not assessable: the layer has no rows."),
        "no_points": _("Not assessable: none of the facilities has a point."),
        "nothing_to_reach": _("Not assessable: there is nothing here that could be reached."),
    }
    return [{"kind": found.why_not, "text": texts[found.why_not], "about": []}] if found.why_not else []


def _notes(found: Reached) -> list[Said]:
    near = found.facilities
    counted = {
        "centres": found.of != "doorplates" and found.of != "people",
        "people_at_centres": found.of == "people",
        "own_doors": found.of == "doorplates",
        "doors_of_today": found.of == "doorplates" and found.on != today() and not found.is_frozen,
        "none_qualifies": bool(found.total) and not len(near.places) and not near.unplaced,
        "facility_without_point": len(near.unplaced),
        "facility_of_demonstration": near.demonstration,
        "no_place": len(found.unplaced),
        "door_without_point": found.unplaced_doors,
        "door_by_claim": found.by_claim,
        "door_astray": found.astray,
        "demonstration": found.demonstration,
    }
    about = {"no_place": [(one.code, one.name) for one in found.unplaced]}
    about["facility_without_point"] = [("", name) for name in near.unplaced]
    return [_note(kind, count, about.get(kind, [])) for kind, count in counted.items() if count]


def _note(kind: str, count: int, about: Sequence[tuple[str, str]] = ()) -> Said:
    names = [name for _code, name in about[:SHOWN]]
    if len(about) > SHOWN:
        more = len(about) - SHOWN
        names.append(ngettext("%(more)d more", "%(more)d more", more) % {"more": more})
    values = {"count": count, "about": pgettext("between names", ", ").join(names)}
    return {
        "kind": kind,
        "text": _text(kind, count) % values,
        "about": [{"code": code, "name": name} for code, name in about],
    }


def _text(kind: str, count: int) -> str:
    return {
        "centres": _("Each is taken at its centre; those without one are not counted."),
        "people_at_centres": _(
            "People are taken at the centre of their village; in a township where no village has both a population and a "
            "centre, all at the township's centre."
        ),
        "own_doors": _(
            "Doors are the current large, medium and small doorplates; plates of buildings, units and households are not "
            "counted again."
        ),
        "doors_of_today": _("Doorplates are those current today: what they were on another day is not recorded."),
        "none_qualifies": _("No facility qualifies on that day."),
        "facility_without_point": ngettext(
            "%(count)d facility has no point and is not seen here (%(about)s).",
            "%(count)d facilities have no point and are not seen here (%(about)s).",
            count,
        ),
        "facility_of_demonstration": ngettext(
            "%(count)d facility is demonstration data.", "%(count)d facilities are demonstration data.", count
        ),
        "no_place": ngettext(
            "%(count)d division is not counted: its centre or its population is not known (%(about)s).",
            "%(count)d divisions are not counted: their centres or populations are not known (%(about)s).",
            count,
        ),
        "door_without_point": ngettext(
            "%(count)d doorplate has no point and is not counted.",
            "%(count)d doorplates have no point and are not counted.",
            count,
        ),
        "door_by_claim": ngettext(
            "%(count)d doorplate is counted for the township its register claims: no exact boundary covers it.",
            "%(count)d doorplates are counted for the townships their register claims: no exact boundary covers them.",
            count,
        ),
        "door_astray": ngettext(
            "%(count)d doorplate is in no township of that day and is not counted.",
            "%(count)d doorplates are in no township of that day and are not counted.",
            count,
        ),
        "demonstration": ngettext(
            "%(count)d of those counted rests on demonstration data.",
            "%(count)d of those counted rest on demonstration data.",
            count,
        ),
        "supply_unknown": ngettext(
            "%(count)d facility does not say what it offers, and offers nothing here.",
            "%(count)d facilities do not say what they offer, and offer nothing here.",
            count,
        ),
    }[kind]
