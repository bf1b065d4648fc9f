"""What the page of a place says, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis_portal.pages import small_map, values
from gis_portal.pages.addresses import LANGUAGES
from gis_portal.pages.api import data_block
from heritage import documents
from heritage.models import Citation, Listing, Picture, Place, PlaceName, Term
from heritage.models.parts import Spelling
from heritage.models.places import Sensitivity
from heritage.models.vocabularies import STANDARD
from heritage.showing import LAYER, Near, Shown, words
from heritage.years import Period, told
from layers import registry
from layers.models.base import PositionQuality
from layers.publish import summary

Context = dict[str, Any]
Terms = Mapping[tuple[str, str], Term]
STORY = ("meaning", "origin", "evolution", "people_and_events")
DESCRIBED = 160  # characters of the meaning that stand for the page in lists of search engines
KILOMETRE_M = 1000
CLOSEST, CLOSEST_OF_VAGUE = 13, 11  # zoom: where a place may lie anywhere in a kilometre, its surroundings tell more


def context_of(shown: Shown, *, permanent: str, pages: Mapping[str, str]) -> Context:
    """permanent: the address of the page. pages: those of its languages, by their tags."""
    place, terms = shown.place, words()
    language = _language()
    is_invented = summary.is_demonstration(place.source)
    return {
        "place": place,
        "standard": shown.standard,
        "is_proposed": bool(shown.standard.roman) and shown.standard.spelling == Spelling.PROPOSED,
        "category": _word(terms, "place-categories", place.category),
        "cited_name": _cited(shown, str(shown.standard.key)),
        "story": _story(shown),
        "names": [_name(shown, terms, name) for name in shown.names],
        "listings": [_listing(one) for one in shown.listings],
        "condition": _word(terms, "conditions", place.condition),
        "condition_cited": _cited(shown, "condition_note"),
        "measures": [
            {"measure": _word(terms, "protection-measures", one.measure), "since": one.since, "note": one.note}
            for one in shown.measures
        ],
        "pictures": [picture for one in shown.pictures if (picture := _picture(terms, one))],
        "relations": [
            {
                "kind": _word(terms, "relation-kinds", one.kind),
                "other": one.other,
                "note": one.note,
                "time": told(Period.of(one)),
                "cited": _cited(shown, str(one.key)),
            }
            for one in shown.relations
        ],
        "where": _where(place),
        "division": values.place(place.township, summary.division_names()) if place.township else "",
        "position": values.position(place.location.x, place.location.y) if place.location else "",
        "map": _map(shown) if place.location else None,
        "map_link": _map_link(place),
        "near": [_near(terms, one, is_exact=place.sensitivity == Sensitivity.PUBLIC) for one in shown.near],
        "is_in_square": place.sensitivity == Sensitivity.GENERALISED,
        "demonstration": is_invented,
        "permanent": permanent,
        "canonical": pages[language],
        "alternates": pages,
        "description": _description(shown, terms),
        "json_ld": None if is_invented else data_block(_schema_org(shown, permanent)),
    }


def _language() -> str:
    return LANGUAGES[get_language() or settings.LANGUAGE_CODE]


def _word(terms: Terms, vocabulary: str, code: str) -> str:
    term = terms.get((vocabulary, code))
    if term is None:
        return code
    return term.name_en if term.name_en and _language() == "en" else term.name


def _story(shown: Shown) -> list[Context]:
    fields = documents.columns(Place)
    return [
        {
            "id": name.replace("_", "-"),
            "title": str(fields[name].verbose_name),
            "text": text,
            "cited": _cited(shown, name),
        }
        for name in STORY
        if (text := getattr(shown.place, name))
    ]


def _cited(shown: Shown, about: str) -> list[Citation]:
    return shown.citations.get(about, [])


def _name(shown: Shown, terms: Terms, name: PlaceName) -> Context:
    is_standard = name.role == STANDARD
    certainty = _word(terms, "certainties", name.certainty) if name.certainty not in ("certain", "unstated") else ""
    return {
        "name": name,
        "role": _word(terms, "name-roles", name.role),
        "time": told(Period.of(name), lasts=is_standard)
        or (_("the name today") if is_standard else _("time not known")),
        "certainty": certainty,
        "is_standard": is_standard,
        "cited": _cited(shown, str(name.key)),
    }


def _listing(one: Listing) -> Context:
    return {"listing": one, "batch": one.batch, "list": one.batch.heritage_list, "notice": _notice(one)}


def _notice(one: Listing) -> str:
    """The address of the batch's public notice; empty where there is no such page."""
    try:
        return reverse("notice", args=[one.batch.code])
    except NoReverseMatch:
        return ""


def _picture(terms: Terms, picture: Picture) -> Context | None:
    """The picture with its address; None where pictures are not served."""
    try:
        address = reverse("picture", args=[picture.file])
    except NoReverseMatch:
        return None
    return {"picture": picture, "address": address, "licence": _word(terms, "licences", picture.licence)}


def _where(place: Place) -> str:
    """How exactly the page says where the place lies."""
    if place.sensitivity == Sensitivity.HIDDEN:
        return _("Where it lies is not made public, so that the place is protected.")
    if place.location is None:
        return _("Where it lies is not recorded.")
    if place.sensitivity == Sensitivity.GENERALISED:
        return _("So that the place is protected, only a square of 5 km is shown; the place lies somewhere in it.")
    exactness = {
        PositionQuality.SURVEYED: _("The position was surveyed."),
        PositionQuality.PUBLISHED: _("The position is as it was published."),
        PositionQuality.APPROXIMATE: _("The position is approximate."),
    }[PositionQuality(place.position_quality)]
    if place.precision_m is None:
        return exactness
    off = _("It may be off by %(distance)s.") % {"distance": _distance(place.precision_m, is_exact=True)}
    return f"{exactness} {off}" if _language() == "en" else f"{exactness}{off}"


def _distance(metres: float, *, is_exact: bool) -> str:
    is_far = metres >= KILOMETRE_M
    said = f"{metres / KILOMETRE_M:.1f} km".replace(".0 km", " km") if is_far else f"{round(metres, -1):.0f} m"
    return said if is_exact else _("about %(distance)s") % {"distance": f"{max(1, round(metres / KILOMETRE_M))} km"}


def _near(terms: Terms, one: Near, *, is_exact: bool) -> Context:
    return {
        "name": one.name,
        "roman": one.name_roman,
        "category": _word(terms, "place-categories", one.category),
        "page": reverse("place", args=[one.handle]),
        "distance": _distance(one.distance_m, is_exact=is_exact and one.is_exact),
    }


def _map(shown: Shown) -> Context:
    """What the script of the small map needs to know: the point that the public is given, or the square around it."""
    place = shown.place
    assert place.location is not None
    geometry = (
        {"type": "Point", "coordinates": _rounded([place.location.coords])[0]}
        if shown.square is None
        else {"type": "Polygon", "coordinates": [_rounded(shown.square.coords[0])]}
    )
    return small_map.config(
        title=_("Map of where the place lies"),
        language=_language(),
        features={"type": "Feature", "id": "", "geometry": geometry, "properties": {"name": place.name}},
        page="",
        layer=small_map.drawn(registry.get(LAYER), area=shown.square is not None),
        closest=CLOSEST if (place.precision_m or 0) < KILOMETRE_M else CLOSEST_OF_VAGUE,
    )


def _rounded(points: Iterable[Iterable[float]]) -> list[list[float]]:
    return [[round(number, 7) for number in point] for point in points]


def _map_link(place: Place) -> str:
    """The portal's map with the place chosen; see url.js."""
    view = f"map=13/{place.location.y:.5f}/{place.location.x:.5f}&" if place.location else ""
    return f"/?lang={_language()}#{view}feature={LAYER}/{place.code}"


def _description(shown: Shown, terms: Terms) -> str:
    place = shown.place
    told_of = [place.name, place.name_roman, _word(terms, "place-categories", place.category), place.meaning]
    return " · ".join(filter(None, told_of))[:DESCRIBED]


def _schema_org(shown: Shown, permanent: str) -> Context:
    """The place for search engines (schema.org/Place). A generalised place has a box instead of a point."""
    place = shown.place
    others = [name.name for name in shown.names if name.role != STANDARD]
    said = [place.name_roman, shown.standard.traditional, *others]
    pictures = [reverse("picture", args=[one["picture"].file]) for one in _pictures(shown)]
    told_of = {
        "alternateName": list(dict.fromkeys(filter(None, said))),
        "description": place.meaning,
        "image": [f"{settings.PUBLIC_URL}{address}" for address in pictures],
        "geo": _geo(shown),
    }
    return {
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": permanent,
        "url": permanent,
        "name": place.name,
        "identifier": place.handle,
        **{name: value for name, value in told_of.items() if value},
    }


def _pictures(shown: Shown) -> list[Context]:
    return [found for one in shown.pictures if (found := _picture({}, one))]


def _geo(shown: Shown) -> Context | None:
    place = shown.place
    if place.location is None:
        return None
    if shown.square is not None:
        west, south, east, north = (round(number, 5) for number in shown.square.extent)
        return {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    return {
        "@type": "GeoCoordinates",
        "latitude": round(place.location.y, 7),
        "longitude": round(place.location.x, 7),
    }
