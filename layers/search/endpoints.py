"""Search, geocoding and its reverse as documents: GeoJSON for the search box, GeocodeJSON for programs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj import Geod

from layers import registry
from layers.addresses import parse
from layers.divisions import gazetteer
from layers.errors import BadParameter
from layers.publish import parameters
from layers.publish.endpoints import Answer, Ask, as_document
from layers.publish.media_types import GEOJSON
from layers.rows import today
from layers.search import doors, finding, nearby, words
from layers.search.asking import position
from layers.search.finding import Asked, Found
from layers.search.judging import Way
from layers.search.nearby import Near
from layers.search.notes import note
from layers.search.places import places, townships_named

ELLIPSOID = Geod(ellps="GRS80")  # of CGCS2000, to a tenth of a millimetre
STRUCTURED = ("county", "town", "community", "street", "door")
GEOCODEJSON = "0.1.0"
SAID: dict[Way, str | Promise] = {
    Way.EXACT: gettext_lazy("the name"),
    Way.WITHOUT_GENERIC: gettext_lazy("the name without its last word"),
    Way.BEGINNING: gettext_lazy("the beginning of the name"),
    Way.PART: gettext_lazy("part of the name"),
    Way.SPELLING: gettext_lazy("the spelling"),
    Way.SPELLING_BEGINNING: gettext_lazy("the beginning of the spelling"),
    Way.SPELLING_PART: gettext_lazy("part of the spelling"),
    Way.INITIALS: gettext_lazy("initials of the spelling"),
    Way.SOUND: gettext_lazy("a name that sounds alike"),
    Way.TYPO: gettext_lazy("a name that differs by one character"),
}
# The kinds of GeocodeJSON, by layer; others are points of interest.
KINDS = {"counties": "county", "townships": "district", "villages": "locality", "heritage-places": "locality"}


def search(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params, "q", "limit", "lon", "lat", "layers")
    text, limit = words.query(ask.params), _limit(ask.params)
    near, layers = _near(ask.params), _layers(ask.params)

    def made() -> dict[str, Any]:
        if at := position(text):
            return {"type": "FeatureCollection", "features": [_position(ask, *at)]}
        asked = Asked(text, parse(text, gazetteer()), near, layers)
        found = finding.search(asked, ask.reader, today(), limit=limit)
        said = note(asked.address)
        features = [_feature(each, near) for each in found]
        return {"type": "FeatureCollection", "features": features, **({"note": said} if said else {})}

    return as_document(ask, registry.published(), made, GEOJSON)


def geocode(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params, "q", *STRUCTURED, "limit", "lon", "lat", "layers")
    parts = {name: ask.params[name].strip() for name in STRUCTURED if ask.params.get(name, "").strip()}
    if parts and "q" in ask.params:
        raise BadParameter("q", ask.params["q"], _("give either q or the parts of an address, not both."))
    text = words.query({"q": "".join(parts.values())} if parts else ask.params)
    near, layers, limit = _near(ask.params), _layers(ask.params), _limit(ask.params)

    def made() -> dict[str, Any]:
        address = parse(text, gazetteer())
        asked = Asked(text, address, near, layers)
        found = [] if address.elsewhere else finding.search(asked, ask.reader, today(), limit=limit)
        said = note(address)
        about = {"query": text, "parsed": address.components, **({"note": said} if said else {})}
        return _geocoded([_geocoding(each) for each in found], **about)

    return as_document(ask, registry.published(), made, GEOJSON)


def reverse(ask: Ask) -> Answer:
    parameters.refuse_unknown(ask.params, "lon", "lat")
    near = _near(ask.params)
    if near is None:
        raise BadParameter(
            "lon", ask.params.get("lon", ""), _("give lon and lat in degrees, for example lon=120.58&lat=30.")
        )

    def made() -> dict[str, Any]:
        township, found = nearby.around(*near, ask.reader, today())
        return _geocoded([_reversed(each) for each in found], query=list(near), township=_township(township))

    return as_document(ask, registry.published(), made, GEOJSON)


def _limit(given: Mapping[str, str]) -> int:
    return min(parameters.limit({"limit": str(finding.FOUND_BY_DEFAULT), **given}), finding.MOST)


def _near(given: Mapping[str, str]) -> tuple[float, float] | None:
    """Longitude and latitude, both or neither."""
    if "lon" not in given and "lat" not in given:
        return None
    lon = _degrees(given, "lon", 180)
    return lon, _degrees(given, "lat", 90)


def _degrees(given: Mapping[str, str], name: str, most: int) -> float:
    text = given.get(name, "")
    if not parameters.NUMBER.fullmatch(text) or abs(float(text)) > most:
        raise BadParameter(name, text, _("give degrees from -%(most)d to %(most)d.") % {"most": most})
    return float(text)


def _layers(given: Mapping[str, str]) -> frozenset[str]:
    wanted = frozenset(part for part in given.get("layers", "").split(",") if part)
    for layer_id in sorted(wanted):
        registry.get(layer_id)
    return wanted


def _feature(found: Found, near: tuple[float, float] | None) -> dict[str, Any]:
    properties = {
        "layer": found.layer_id,
        "layer_title": str(registry.get(found.layer_id).title),
        "name": found.name,
        "name_roman": found.roman,
        **_divisions(found.division),
        "match": found.match.way,
        "matched": found.matched,
        "why": _why(found),
        "confidence": found.match.confidence,
        "interpolated": found.interpolated,
        "township_differs": bool(found.not_in),
    }
    if near and found.place:
        properties["distance_m"] = round(ELLIPSOID.inv(*near, *found.place)[2])
    return {"type": "Feature", "id": found.code, "geometry": _point(found.place), "properties": properties}


def _why(found: Found) -> str:
    """What matched, in the reader's words, and that it is not in the township written."""
    said = _matched(found)
    if not found.not_in:
        return said
    return _("%(what)s, but not in %(township)s as written") % {
        "what": said,
        "township": townships_named(found.not_in),
    }


def _matched(found: Found) -> str:
    if found.interpolated:
        return _("between two known numbers of %(name)s") % {"name": found.matched}
    said = str(SAID[found.match.way])
    if found.former:
        return _("%(what)s: %(name)s, a former name here") % {"what": said, "name": found.matched}
    return said if found.matched in found.name else _("%(what)s: %(name)s") % {"what": said, "name": found.matched}


def _divisions(code: str) -> dict[str, str]:
    known = places().by_code
    township, county = (known.get(code[:length]) if len(code) >= length else None for length in (9, 6))
    return {
        "township": code,
        "township_name": township.name if township else "",
        "county_name": county.name if county else "",
    }


def _township(code: str) -> dict[str, str] | None:
    return {"code": code, **_divisions(code)} if code else None


def _position(ask: Ask, lon: float, lat: float) -> dict[str, Any]:
    """The place of two numbers, with the township it lies in."""
    township, _found = nearby.around(lon, lat, ask.reader, today())
    return {
        "type": "Feature",
        "id": "",
        "geometry": _point((lon, lat)),
        "properties": {
            "layer": "",
            "layer_title": _("a position"),
            "name": f"{lon}, {lat}",
            "name_roman": "",
            **_divisions(township),
            "match": "position",
            "matched": "",
            "why": _("longitude and latitude, CGCS2000"),
            "confidence": 1.0,
            "interpolated": False,
            "township_differs": False,
        },
    }


def _point(place: Sequence[float] | None) -> dict[str, Any] | None:
    return {"type": "Point", "coordinates": list(place)} if place else None


def _geocoded(features: list[dict[str, Any]], **about: Any) -> dict[str, Any]:
    about = {"version": GEOCODEJSON, "attribution": settings.PORTAL_NAME, **about}
    return {"type": "FeatureCollection", "geocoding": about, "features": features}


def _geocoding(found: Found) -> dict[str, Any]:
    is_door = found.layer_id == doors.LAYER_ID
    kind = ("house" if found.code or found.interpolated else "street") if is_door else KINDS.get(found.layer_id, "poi")
    about = {
        "type": kind,
        "label": found.name,
        "name": found.name,
        **_divisions(found.division),
        "layer": found.layer_id,
        "code": found.code,
        "match": found.match.way,
        "why": _why(found),
        "confidence": found.match.confidence,
        "interpolated": found.interpolated,
        "township_differs": bool(found.not_in),
    }
    return {"type": "Feature", "geometry": _point(found.place), "properties": {"geocoding": about}}


def _reversed(near: Near) -> dict[str, Any]:
    kind = "house" if near.layer_id == doors.LAYER_ID else KINDS.get(near.layer_id, "poi")
    about = {
        "type": kind,
        "label": near.name,
        "name": near.name,
        **_divisions(near.division),
        "layer": near.layer_id,
        "code": near.code,
        "distance": near.metres,
    }
    return {"type": "Feature", "geometry": _point(near.place), "properties": {"geocoding": about}}
