"""The addresses that find places: the search over names, addresses to places, places to addresses."""

from typing import Any

from django.utils.translation import gettext as _

from layers import registry
from layers.addresses import COMPONENTS
from layers.publish.media_types import GEOJSON
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.documents import TEXT, many, thing
from layers.publish.openapi.shared import Described, answer, query, reading
from layers.search.finding import FOUND_BY_DEFAULT, MOST
from layers.search.judging import Way
from layers.search.words import LONGEST

POSITION_TYPED = "position"  # what matches where the text is two numbers
KINDS = ["house", "street", "locality", "district", "county", "poi"]  # of GeocodeJSON, as far as they occur
SHARE: Described = {"type": "number", "minimum": 0, "maximum": 1}
POINT: Described = {"nullable": True, "allOf": [ref("Point")]}


def paths() -> dict[str, Described]:
    words = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    text = query(
        "q", _("A name or an address, or parts of it: hanzi, pinyin or initials; or longitude and latitude."), words
    )
    address = query("q", _("An address as it is written. Either it or its parts."), words)
    return {
        "/search": _get(
            "search",
            _("Search over names, addresses and positions"),
            "Found",
            [{**text, "required": True, "example": "会稽"}, *_wanted()],
        ),
        "/geocode": _get(
            "geocode",
            _("Where an address or a name is (GeocodeJSON)"),
            "Geocoded",
            [{**address, "example": "塔山街道青松演示路12号"}, *_parts(), *_wanted()],
        ),
        "/reverse": _get(
            "reverse",
            _("What is at a position (GeocodeJSON)"),
            "Reversed",
            [
                {**_degrees("lon", _("Longitude, CGCS2000."), 180), "required": True, "example": 120.58},
                {**_degrees("lat", _("Latitude, CGCS2000."), 90), "required": True, "example": 30.0},
            ],
            _("Its township, the nearest door, and names of each layer around it, the nearest first."),
        ),
    }


def schemas() -> dict[str, Described]:
    return {
        "Found": thing(
            ["type", "features"],
            type={**TEXT, "enum": ["FeatureCollection"]},
            features=many(_feature(_found(), id={**TEXT, "description": _("Its code; empty where it is no feature.")})),
            note=_note(),
        ),
        "Geocoded": _geocoded(
            _place(
                ["match", "why", "confidence", "interpolated", "township_differs"],
                match=_match(),
                why=_why(),
                confidence=SHARE,
                interpolated=_interpolated(),
                township_differs=_township_differs(),
            ),
            ["query", "parsed"],
            query=TEXT,
            parsed={
                "type": "object",
                "properties": dict.fromkeys(COMPONENTS, TEXT),
                "description": _("The address taken apart, by the components of GB/T 35639-2017."),
            },
            note=_note(),
        ),
        "Reversed": _geocoded(
            _place(["distance"], distance={"type": "number", "minimum": 0, "description": _("In metres.")}),
            ["query", "township"],
            query={"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
            township={
                "nullable": True,
                **thing(["code", *_divisions()], code=TEXT, **_divisions()),
                "description": _("Null outside of all townships."),
            },
        ),
    }


def _get(operation: str, summary: str, schema: str, asked: list[Described], about: str = "") -> Described:
    success = answer(about or summary, {GEOJSON: ref(schema)})
    return {"get": reading(operation, _("Search"), summary, success, asked, "json")}


def _wanted() -> list[Described]:
    """How many are wanted, from which layers, and near to what."""
    most = {"type": "integer", "minimum": 1, "maximum": MOST, "default": FOUND_BY_DEFAULT}
    ids = {"type": "string", "enum": [layer.id for layer in registry.published()]}
    return [
        query("limit", _("How many are found at most; more than the maximum is taken as the maximum."), most),
        _degrees("lon", _("With lat: of names that match alike, those near it come first."), 180),
        _degrees("lat", _("With lon."), 90),
        query(
            "layers", _("The ids of the layers that are looked in; without it all."), {"type": "array", "items": ids}
        ),
    ]


def _degrees(name: str, description: str, most: int) -> Described:
    return query(name, description, {"type": "number", "minimum": -most, "maximum": most})


def _parts() -> list[Described]:
    described = {
        "county": _("The county or district of the address."),
        "town": _("Its town, township or subdistrict."),
        "community": _("Its village or community."),
        "street": _("Its street, road or lane."),
        "door": _("Its number with what follows it, as it is written."),
    }
    return [query(name, description, TEXT) for name, description in described.items()]


def _feature(properties: Described, **also: Described) -> Described:
    kind = {**TEXT, "enum": ["Feature"]}
    return thing(["type", *also, "geometry", "properties"], type=kind, **also, geometry=POINT, properties=properties)


def _divisions() -> dict[str, Described]:
    return {"township": TEXT, "township_name": TEXT, "county_name": TEXT}


def _found() -> Described:
    """The properties of what the search finds."""
    properties: dict[str, Any] = {
        "layer": {**TEXT, "description": _("The id of its layer; empty for a position.")},
        "layer_title": TEXT,
        "name": {**TEXT, "description": _("What it is called; of a door its address.")},
        "name_roman": TEXT,
        **_divisions(),
        "match": _match(),
        "matched": {**TEXT, "description": _("The name that matches, which may be a former or another one.")},
        "why": _why(),
        "confidence": SHARE,
        "interpolated": _interpolated(),
        "township_differs": _township_differs(),
    }
    distance = {"type": "integer", "minimum": 0, "description": _("Metres from lon and lat, where they are given.")}
    return thing([*properties], **properties, distance_m=distance)


def _match() -> Described:
    said = _("In which way it matches, the surest first.")
    return {**TEXT, "enum": [*map(str, Way), POSITION_TYPED], "description": said}


def _why() -> Described:
    return {**TEXT, "description": _("What matched, in words.")}


def _interpolated() -> Described:
    said = _("Whether the place lies between two known numbers because that of the address is not known.")
    return {"type": "boolean", "description": said}


def _township_differs() -> Described:
    said = _("Whether it lies in another township of the county than was written, where nothing there is called so.")
    return {"type": "boolean", "description": said}


def _note() -> Described:
    said = _("What should be known of the address: it lies elsewhere, or its name is a former one.")
    return {**TEXT, "description": said}


def _place(required: list[str], **also: Described) -> Described:
    """The feature of a GeocodeJSON document."""
    about = {
        "type": {**TEXT, "enum": KINDS},
        "label": TEXT,
        "name": TEXT,
        **_divisions(),
        "layer": TEXT,
        "code": {**TEXT, "description": _("Its code; empty where it is no feature.")},
    }
    geocoding = thing([*about, *required], **about, **also)
    return _feature(thing(["geocoding"], geocoding=geocoding))


def _geocoded(feature: Described, required: list[str], **about: Described) -> Described:
    """A GeocodeJSON document: what was asked, and the places found."""
    return thing(
        ["type", "geocoding", "features"],
        type={**TEXT, "enum": ["FeatureCollection"]},
        geocoding=thing(["version", "attribution", *required], version=TEXT, attribution=TEXT, **about),
        features=many(feature),
    )
