"""The page that a doorplate's QR code opens: where one stands, whom to ask, what is nearby. Nobody is named on it.

Who scans a plate is nobody's business: no cookie is set, nothing is kept or sent on, and the page asks no other host.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.addresses import client_address, is_loopback, network
from gis_portal.errors import status_of
from gis_portal.pages import small_map, values
from gis_portal.throttling import Throttle
from layers import registry
from layers.addresses import COMPONENTS
from layers.divisions import names_of
from layers.doorplates import nearby, tokens
from layers.doorplates.nearby import Facility
from layers.doorplates.plate_errors import PlateNotInUse, TokenRevoked, UnknownToken
from layers.errors import LayerError, TooManyRequests
from layers.models import DigitalDoorplate
from layers.models.base import PositionQuality
from layers.publish import freshness, summary

# Doors that one network may look at in a minute: a street's worth for a walker, too few for who collects addresses.
SCANS = Throttle(60 if settings.THROTTLE_PER_MINUTE else 0)
PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
REFUSED = (UnknownToken, TokenRevoked, PlateNotInUse, TooManyRequests)
KILOMETRE_M = 1000
AROUND = COMPONENTS[: COMPONENTS.index("street")]
CLOSEST = 10  # the small map: near enough to find the door, far enough to name what is around it


@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the plate in use that has the token; else a plain page that says why there is none."""
    try:
        _let_in(request)
        plate = tokens.find(token)
    except REFUSED as error:
        response = _refusal(request, error)
    else:
        response = render(request, "portal/doorplates/plate.html", _context(plate))
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response


def _let_in(request: HttpRequest) -> None:
    """Raises TooManyRequests."""
    client = client_address(request.META)
    wait_s = 0 if is_loopback(client) else SCANS.wait_s(network(client) or "")
    if wait_s:
        raise TooManyRequests(wait_s)


def _refusal(request: HttpRequest, error: LayerError) -> HttpResponse:
    """The reason in both languages: whoever stands at the door has chosen none yet."""
    status = status_of(error)
    assert status is not None
    context = {"texts": [_said(error, tag, name) for tag, name in (("zh-Hans", "zh-hans"), ("en", "en"))]}
    response = render(request, "portal/doorplates/no-plate.html", {**context, **_whom_to_ask()}, status=status)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.after_s)
    return response


def _said(error: LayerError, tag: str, language: str) -> dict[str, str]:
    """What is said in one language: of a class of errors, whose texts are made when they are raised."""
    with translation.override(language):
        again = type(error)(error.after_s) if isinstance(error, TooManyRequests) else type(error)()
        titles = {
            UnknownToken: _("No doorplate"),
            TokenRevoked: _("This code was replaced"),
            PlateNotInUse: _("Not in use"),
            TooManyRequests: _("Please wait"),
        }
        return {
            "tag": tag,
            "title": titles[type(error)],
            "reason": str(again),
            "ask": _("Ask:"),
            "map": _("To the map"),
        }


def _whom_to_ask() -> dict[str, str]:
    return {"phone": settings.SERVICE_PHONE, "contact": settings.CONTACT}


@freshness.one_look()
def _context(plate: DigitalDoorplate) -> dict[str, Any]:
    place = plate.location
    facilities = nearby.nearest(place) if place else []
    address = plate.standard_address or plate.name
    around, within = _parts(plate, address)
    [township] = names_of([plate.township_claimed])
    return {
        **_whom_to_ask(),
        "plate": plate,
        "address": address,
        "around": around,
        "within": within,
        "kind": plate.get_plate_kind_display(),
        "township": plate.town if get_language() != "en" and plate.town else township,
        "position": values.position(place.x, place.y) if place else "",
        "geo": f"geo:{place.y:.6f},{place.x:.6f}" if place else "",
        "map_link": f"/?{urlencode(_lang())}#map=16/{place.y:.5f}/{place.x:.5f}" if place else "",
        "approximate": plate.position_quality == PositionQuality.APPROXIMATE,
        "demonstration": summary.is_demonstration(plate.source),
        "facilities": [_facility(found) for found in facilities],
        "map": _map(plate) if place else None,
    }


def _parts(plate: DigitalDoorplate, address: str) -> tuple[str, str]:
    """The address down to the village, and what is within it; all of one that ends there is within."""
    around = "".join(getattr(plate, component) for component in AROUND)
    within = address.removeprefix(around)
    return (around, within) if within and within != address else ("", address)


def _facility(found: Facility) -> dict[str, Any]:
    distance_m = found.distance_m
    is_far = distance_m >= KILOMETRE_M
    return {
        "kind": found.layer.title,
        "legend": f"/api/styles/{found.layer.id}/legend",
        "name": found.name_roman if get_language() == "en" and found.name_roman else found.name,
        "phone": found.phone,
        "page": f"/api/collections/{found.layer.id}/items/{found.code}?{urlencode({'f': 'html', **_lang()})}",
        "distance": f"{distance_m / KILOMETRE_M:.1f} km" if is_far else f"{round(distance_m, -1):.0f} m",
        "demonstration": summary.is_demonstration(found.source),
    }


def _lang() -> dict[str, str]:
    return {"lang": "en" if get_language() == "en" else "zh-Hans"}


def _map(plate: DigitalDoorplate) -> dict[str, Any]:
    """What the script of the small map needs to know: the plate itself, for a household's is in no collection."""
    place = plate.location
    assert place is not None
    geometry = {"type": "Point", "coordinates": [round(place.x, 7), round(place.y, 7)]}
    feature = {"type": "Feature", "id": "", "geometry": geometry, "properties": {"name": plate.standard_address}}
    return small_map.config(
        title=_("Map with this door"),
        language=_lang()["lang"],
        features=feature,
        page="",
        layer=small_map.drawn(registry.get("doorplates")),
        closest=CLOSEST,
    )
