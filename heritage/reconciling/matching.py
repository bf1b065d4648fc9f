"""Which places a query may mean: found by the portal's own search and by the names of all times, judged by both."""

from collections.abc import Sequence
from dataclasses import dataclass

from heritage.alike import alike, likeness
from heritage.models import Place
from heritage.reconciling.entities import COORDINATES, Entity, entities
from heritage.reconciling.queries import Query
from layers.access import PUBLIC
from layers.addresses import parse
from layers.divisions import gazetteer
from layers.names.folding import fold
from layers.publish.statements import DATABASE
from layers.rows import today
from layers.search import finding
from layers.search.asking import position
from layers.search.finding import Asked, distance_km

LAYER = "heritage-places"
LOOKED_AT = 60  # places that are judged
OTHERWISE = 0.8  # of the score, for a type and for each property that is not the one given
NEAR_KM = 5.0
LEAST = 30.0  # a score below which nothing is offered
SURE = 2  # characters of a name that is certain when it is the same


@dataclass(frozen=True)
class Candidate:
    """score: 0 to 100. match: whether the place is certainly the one. name, search: of what the score is made."""

    place: Entity
    score: float
    match: bool
    name: float
    search: float


def candidates(query: Query) -> list[Candidate]:
    """The places that are likely meant, the likeliest first."""
    found = _found(query.text)
    places = entities(list(found))
    judged = [_judged(query, place, found[handle]) for handle, place in places.items()]
    best = sorted(judged, key=lambda one: (-one.score, len(one.place.name), one.place.handle))
    certain = [one for one in best if one.match]
    if len(certain) > 1:  # of two that are called so neither is certain
        best = [Candidate(one.place, one.score, match=False, name=one.name, search=one.search) for one in best]
    return [one for one in best if one.score >= LEAST][: query.limit]


def _found(text: str) -> dict[str, float]:
    """The handles of places to be judged, with how sure the search is of each: 0 to 100."""
    if not text:
        return {}
    found: dict[str, float] = {}
    asked = Asked(text, parse(text, gazetteer()), None, frozenset({LAYER}))
    searched = finding.search(asked, PUBLIC, today(), limit=finding.MOST)
    confidences = {one.code: 100 * one.match.confidence for one in searched}
    found |= {handle: confidences[code] for code, handle in _handles(list(confidences)).items()}
    for one in alike([text], using=DATABASE)[:LOOKED_AT]:
        if one.published:
            found.setdefault(one.handle, 0.0)
    found.setdefault(text, 0.0)  # a handle is a query too
    return found


def _handles(codes: Sequence[str]) -> dict[str, str]:
    return dict(Place.objects.using(DATABASE).filter(code__in=codes, published=True).values_list("code", "handle"))


def _judged(query: Query, place: Entity, search: float) -> Candidate:
    if query.text == place.handle:
        return Candidate(place, 100.0, match=True, name=100.0, search=search)
    text = fold(query.text)
    name = max((likeness(own, [text]) for own in place.names), default=0.0)
    spelt = likeness(place.roman, [text]) if place.roman else 0.0
    same = [_agrees(place, pid, values) for pid, values in query.properties]
    is_type = not query.types or place.category in query.types
    score = max(name, spelt, search) * OTHERWISE ** (same.count(False) + (not is_type))
    is_called_so = len(text) >= SURE and any(fold(own) == text for own in place.names)
    return Candidate(
        place, round(score, 1), is_called_so and is_type and False not in same, round(name, 1), round(search, 1)
    )


def _agrees(place: Entity, pid: str, values: Sequence[str]) -> bool | None:
    """Whether one of the values is the place's; None where that cannot be said."""
    own: tuple[str, ...]
    match pid:
        case "township":
            own = (place.township_name, place.township)
        case "county":
            own = (place.county_name, place.township[:6])
        case "category":
            own = (place.category_name, place.category)
        case "former-names":
            own = place.names
        case "roman":
            own = (place.roman,)
        case _ if pid == COORDINATES and place.at is not None:
            points = [at for value in values if (at := position(value))]
            return any(distance_km(at, place.at) <= NEAR_KM for at in points) if points else None
        case _:
            return None
    known, given = {fold(one) for one in own if one}, {fold(value) for value in values if value}
    return bool(known & given) if known and given else None


def suggested(prefix: str) -> list[Entity]:
    """The places whose names begin so or are like it, the likeliest first."""
    return [one.place for one in candidates(Query(prefix, limit=LOOKED_AT))] if prefix else []
