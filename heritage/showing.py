"""What anybody is given of a place: the columns that the database made for the public, and what belongs to the place.

Nothing here reads a place's own shapes: where a sensitive place lies is not known to this module, and neither is what is
cited about its shapes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import Transform
from django.contrib.gis.geos import Point
from django.db.models import F, Func, Q, QuerySet, Value

from heritage.checking import ASSERTED
from heritage.errors import UnknownPlace
from heritage.models import Citation, Listing, Picture, Place, PlaceName, PlaceRelation, ProtectionMeasure, Term
from heritage.models.lists import BatchState
from heritage.models.places import Sensitivity
from heritage.models.vocabularies import STANDARD
from heritage.years import Period
from layers import registry
from layers.access import PUBLIC
from layers.doorplates.nearby import CANDIDATES, ByDegrees, Geography, Metres
from layers.models.base import SRID
from layers.publish.statements import DATABASE
from layers.rows import rows, today

LAYER = "heritage-places"
METRIC = 4549  # the system in whose squares a generalised place is shown
HALF_SQUARE_M = 2500
NEAR_DEG, NEAREST = 0.2, 6  # some 20 km
MOST_MERGES = 20  # a chain of merges is never followed for longer; approving one leaves no chains


@dataclass(frozen=True)
class Near:
    """A place of the layer, and how far what the public is given of the two lies apart."""

    handle: str
    name: str
    name_roman: str
    category: str
    is_exact: bool
    distance_m: float


@dataclass(frozen=True)
class Shown:
    """A place with what belongs to it. names: in the order of their time, the standard name last where it has none.
    citations: by what they are about. square: of a generalised place, the one that it lies in."""

    place: Place
    square: Any
    names: list[PlaceName]
    relations: list[PlaceRelation]
    measures: list[ProtectionMeasure]
    citations: dict[str, list[Citation]]
    pictures: list[Picture]
    listings: list[Listing]
    near: list[Near]

    @property
    def standard(self) -> PlaceName:
        return next(name for name in self.names if name.role == STANDARD)


def published() -> QuerySet[Place]:
    """The places that the public is offered, by their ids."""
    return rows(registry.get(LAYER), PUBLIC, today()).using(DATABASE)


def find(address: str) -> Place:
    """The published place that a handle or a code leads to, through every merge. Raises UnknownPlace."""
    everything = Place._default_manager.using(DATABASE).select_related("merged_into")
    place = None
    if "\0" not in address:
        place = everything.filter(handle=address).first() or everything.filter(code=address).first()
    for _step in range(MOST_MERGES):
        if place is None or place.merged_into_id is None:
            break
        place = everything.get(pk=place.merged_into_id)
    found = place and published().filter(pk=place.pk).first()
    if found is None:
        raise UnknownPlace(address)
    return found


def shown(place: Place) -> Shown:
    """All that the public is given of a published place."""
    own = {"place": place.pk}
    names = sorted(PlaceName._default_manager.using(DATABASE).filter(**own), key=_in_time)
    related = list(PlaceRelation._default_manager.using(DATABASE).filter(**own).select_related("other"))
    offered = set(published().filter(handle__in=[one.other_id for one in related]).values_list("handle", flat=True))
    relations = [one for one in related if one.other_id in offered]
    listings = Listing._default_manager.using(DATABASE).filter(
        batch__state__in=(BatchState.NOTICE, BatchState.PUBLISHED), **own
    )
    return Shown(
        place=place,
        square=_square(place),
        names=names,
        relations=relations,
        measures=list(ProtectionMeasure._default_manager.using(DATABASE).filter(**own)),
        citations=_citations(place, names, relations),
        pictures=list(Picture._default_manager.using(DATABASE).filter(**own)),
        listings=list(listings.select_related("batch__heritage_list").order_by("batch__announced_on", "pk")),
        near=_near(place),
    )


def words() -> Mapping[tuple[str, str], Term]:
    """Every term that there is or was, by its vocabulary and its code."""
    every = Term._default_manager.using(DATABASE).select_related("vocabulary")
    return {(term.vocabulary.code, term.code): term for term in every}


def _in_time(name: PlaceName) -> tuple[bool, tuple[float, float], bool, int]:
    period = Period.of(name)
    is_timeless = period == Period(time_text=period.time_text)
    return is_timeless, period.order, name.role == STANDARD, name.position


def _citations(place: Place, names: list[PlaceName], relations: list[PlaceRelation]) -> dict[str, list[Citation]]:
    """What is cited about texts and names, and about relations; about shapes, which say where a place lies, nothing."""
    about = {*ASSERTED, *(str(part.key) for part in (*names, *relations))}
    found: dict[str, list[Citation]] = {}
    for one in Citation._default_manager.using(DATABASE).filter(place=place.pk).select_related("source"):
        if one.about in about:
            found.setdefault(one.about, []).append(one)
    return found


def _square(place: Place) -> Any:
    """The square around the point that a generalised place is given."""
    if place.sensitivity != Sensitivity.GENERALISED or place.location is None:
        return None
    metres = Func(
        Transform(F("location"), METRIC), Value(HALF_SQUARE_M), function="ST_Expand",
        output_field=GeometryField(srid=METRIC),
    )  # fmt: skip
    found = Place._default_manager.using(DATABASE).filter(pk=place.pk)
    return found.values_list(Transform(metres, SRID), flat=True).get()


def _near(place: Place) -> list[Near]:
    """The nearest places by what the public is given of each; none of a place that is given none."""
    here: Point | None = place.location
    if here is None:
        return []
    point = Value(here, output_field=GeometryField(srid=SRID))
    candidates = (
        published()
        .filter(~Q(pk=place.pk), location__dwithin=(here, NEAR_DEG))
        .annotate(metres=Metres(Geography(F("location")), Geography(point)))
        .order_by(ByDegrees(F("location"), point))[:CANDIDATES]
    )
    found = [
        Near(
            handle=one.handle,
            name=one.name,
            name_roman=one.name_roman,
            category=one.category,
            is_exact=one.sensitivity == Sensitivity.PUBLIC,
            distance_m=one.metres,
        )
        for one in candidates
    ]
    return sorted(found, key=lambda one: (one.distance_m, one.handle))[:NEAREST]
