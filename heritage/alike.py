"""Places that may be the same: found by what their names have in common, or by where they lie, and judged by both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from rapidfuzz import fuzz

from layers.names.folding import fold

MOST = 60  # places that share characters, and as many that are near, which are judged
NEAR_DEG = 0.02  # about two kilometres
PROPOSED = 70  # the least likeness at which two places are held to be perhaps one
NEAR_M, FAR_M, VERY_FAR_M = 300, 5_000, 20_000
NEARER, FARTHER, VERY_FAR = 20, -20, -40  # what the distance adds to the likeness of the names

# The names that share two characters, those first that share most; and the places around. Both by indexes.
ALIKE = """
    WITH asked AS MATERIALIZED (
        SELECT folded, heritage_grams(folded) AS grams FROM unnest(%(names)s::text[]) AS given (folded)
    ), named AS (
        SELECT form.place_id FROM asked CROSS JOIN LATERAL (
            SELECT form.place_id, form.grams, form.folded FROM heritage_nameform AS form WHERE form.grams && asked.grams
            ORDER BY cardinality(ARRAY(SELECT unnest(form.grams) INTERSECT SELECT unnest(asked.grams))) DESC,
                     abs(length(form.folded) - length(asked.folded)), form.name_id
            LIMIT %(most)s) AS form
    ), around AS (
        SELECT place AS place_id FROM heritage_placeshape
        WHERE shape && ST_Expand(ST_SetSRID(ST_Point(%(lon)s::float8, %(lat)s::float8), 4490), %(near)s)
        ORDER BY shape <-> ST_SetSRID(ST_Point(%(lon)s::float8, %(lat)s::float8), 4490) LIMIT %(most)s
    )
    SELECT place.id, place.handle, place.published,
           array(SELECT name FROM heritage_placename AS own WHERE own.place = place.id ORDER BY position, id),
           round(CASE place.sensitivity WHEN 'public' THEN (
               SELECT min(ST_Distance(shape::geography, ST_SetSRID(ST_Point(%(lon)s::float8, %(lat)s::float8), 4490)::geography))
               FROM heritage_placeshape AS own WHERE own.place = place.id
           ) ELSE ST_Distance(
               location::geography, ST_SetSRID(ST_Point(%(lon)s::float8, %(lat)s::float8), 4490)::geography
           ) END)::int
    FROM heritage_place AS place
    WHERE merged_into_id IS NULL AND id IN (SELECT place_id FROM named UNION SELECT place_id FROM around)
"""


@dataclass(frozen=True)
class Alike:
    """A place that may be meant. name: the one of its names that is most like. likeness: of the names, 0 to 100.

    score: likeness with the distance taken into account. distance_m: None where one of the two has no place.
    """

    place_id: int
    handle: str
    published: bool
    name: str
    likeness: float
    distance_m: int | None

    @property
    def score(self) -> int:
        return score(self.likeness, self.distance_m)


def score(likeness: float, distance_m: int | None) -> int:
    """0 to 100: the same name a long way off is another place, another name at the same spot may be the same."""
    added = 0
    if distance_m is not None:
        added = NEARER if distance_m <= NEAR_M else 0
        added += VERY_FAR if distance_m > VERY_FAR_M else FARTHER if distance_m > FAR_M else 0
    return max(0, min(100, round(likeness + added)))


def alike(names: Sequence[str], at: tuple[float, float] | None = None, *, using: str = "default") -> list[Alike]:
    """The places whose names are like one of the names, or that lie near, the likeliest first.

    at: longitude and latitude. Of a sensitive place the distance is to what the public is given, for it tells where it is.
    """
    folded = [text for text in dict.fromkeys(map(fold, names)) if text]
    lon, lat = at or (None, None)
    with connections[using].cursor() as cursor:
        cursor.execute(ALIKE, {"names": folded, "most": MOST, "lon": lon, "lat": lat, "near": NEAR_DEG})
        found = [_alike(row, folded) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (-one.score, -one.likeness, one.distance_m or 0, one.place_id))


def _alike(row: Sequence[Any], folded: Sequence[str]) -> Alike:
    place_id, handle, published, names, distance_m = row
    judged = ((name, likeness(name, folded)) for name in names)
    best, how_like = max(judged, key=lambda pair: pair[1], default=("", 0.0))
    return Alike(place_id, handle, published, best, how_like, distance_m)


def likeness(name: str, folded: Sequence[str]) -> float:
    """How like a name is to the likest of folded ones, 0 to 100."""
    own = fold(name)
    return max((fuzz.ratio(own, other) for other in folded), default=0.0)
