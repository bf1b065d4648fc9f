"""What an atlas holds: published places alone, by county and category, in the order of their spelling, each with a number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import shapely
from django.contrib.gis.db.models.functions import Transform
from django.db.models import F
from django.utils.translation import gettext as _

from heritage import showing
from heritage.atlas.errors import NothingToPrint
from heritage.atlas.geography import Geography, metres
from heritage.atlas.ordering import by_spelling
from heritage.batches import STANDING
from heritage.models import HeritageList, Listing
from heritage.models.lists import BatchState
from heritage.models.places import Sensitivity
from heritage.models.vocabularies import PLACE_CATEGORIES
from layers.errors import BadParameter
from layers.publish.statements import DATABASE

SHOWN = 10  # values that an error names


@dataclass(frozen=True)
class Choice:
    """Which places: of a list, of a county, of a category, by their codes; empty: of any."""

    heritage_list: str = ""
    county: str = ""
    category: str = ""


@dataclass(frozen=True)
class Chosen:
    """A place of the atlas. number: that of its entry. at: the point that the public is given, in metres; None for none."""

    number: int
    pk: int
    handle: str
    name: str
    roman: str
    category: str
    township: str
    at: shapely.Point | None
    sensitivity: Sensitivity
    quality: str
    precision_m: int | None
    source: str
    as_of: date | None

    @property
    def anchor(self) -> str:
        return f"e{self.number}"


@dataclass(frozen=True)
class Section:
    """The places of a category in a county."""

    category: str
    places: Sequence[Chosen]


@dataclass(frozen=True)
class Chapter:
    """A county with its places. code: empty for those that lie in no county, or nobody is told in which."""

    code: str
    sections: Sequence[Section]

    @property
    def places(self) -> Iterator[Chosen]:
        return (place for section in self.sections for place in section.places)


def chapters(choice: Choice, geography: Geography) -> list[Chapter]:
    """The atlas's chapters in the order of the counties' codes. Raises BadParameter for a code that there is not, and
    NothingToPrint."""
    terms = showing.words()
    categories = [code for vocabulary, code in terms if vocabulary == PLACE_CATEGORIES]
    _require(choice, geography, categories)
    order = {code: place for place, code in enumerate(categories)}
    found: dict[str, dict[str, list[Chosen]]] = {}
    for place in _places(choice):
        county = geography.county_of(place.township, place.at)
        if choice.county in ("", county):
            found.setdefault(county, {}).setdefault(place.category, []).append(place)
    if not found:
        raise NothingToPrint(" ".join(_said(choice).values()))
    return _numbered(found, geography, order)


def _numbered(
    found: Mapping[str, Mapping[str, list[Chosen]]], geography: Geography, order: Mapping[str, int]
) -> list[Chapter]:
    number = 0
    chapters = []
    for county in (*(code for code in geography.counties if code in found), *([""] if "" in found else [])):
        sections = []
        for category in sorted(found[county], key=lambda code: (order.get(code, len(order)), code)):
            places = sorted(found[county][category], key=lambda one: by_spelling(one.name, one.roman))
            sections.append(
                Section(category, [replace(place, number=number + nth) for nth, place in enumerate(places, 1)])
            )
            number += len(places)
        chapters.append(Chapter(county, sections))
    return chapters


def _places(choice: Choice) -> Iterator[Chosen]:
    wanted = showing.published()
    if choice.heritage_list:
        listed = Listing.objects.filter(
            STANDING, batch__state=BatchState.PUBLISHED, batch__heritage_list__code=choice.heritage_list
        )
        wanted = wanted.filter(pk__in=listed.values("place"))
    if choice.category:
        wanted = wanted.filter(category=choice.category)
    columns = (
        "pk", "handle", "name", "name_roman", "category", "township", "metric", "sensitivity", "position_quality",
        "precision_m", "source", "as_of",
    )  # fmt: skip
    rows = wanted.annotate(metric=Transform(F("location"), showing.METRIC)).order_by("pk").values_list(*columns)
    for pk, handle, name, roman, category, township, metric, sensitivity, quality, precision_m, source, as_of in rows:
        yield Chosen(
            0, pk, handle, name, roman, category, township, metres(metric), Sensitivity(sensitivity), quality,
            precision_m, source, as_of,
        )  # fmt: skip


def _said(choice: Choice) -> dict[str, str]:
    """The options that were given, as they were typed."""
    given = {"--list": choice.heritage_list, "--county": choice.county, "--category": choice.category}
    return {option: f"{option} {code}" for option, code in given.items() if code}


def _require(choice: Choice, geography: Geography, categories: Sequence[str]) -> None:
    lists = list(HeritageList.objects.using(DATABASE).order_by("code").values_list("code", flat=True))
    for option, code, known in (
        ("--list", choice.heritage_list, lists),
        ("--county", choice.county, list(geography.counties)),
        ("--category", choice.category, categories),
    ):
        if code and code not in known:
            more = " …" if len(known) > SHOWN else ""
            raise BadParameter(option, code, _("give one of %(known)s.") % {"known": ", ".join(known[:SHOWN]) + more})
