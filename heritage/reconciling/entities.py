"""Places as entities of the service: their names, types and properties."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heritage import offered
from heritage.linked_places import Told
from layers.divisions import names_of

CATEGORIES = "place-categories"
FORMER = "former"
COORDINATES = "coordinates"


@dataclass(frozen=True)
class Entity:
    """A public place, as the service tells of it. names: all of them, the standard one first."""

    handle: str
    name: str
    names: tuple[str, ...]
    roman: str
    former: tuple[str, ...]
    category: str
    category_name: str
    township: str
    township_name: str
    county_name: str
    meaning: str
    at: tuple[float, float] | None

    @property
    def description(self) -> str:
        return " · ".join(filter(None, (self.category_name, self.county_name, self.township_name)))

    @property
    def type(self) -> list[dict[str, str]]:
        return [{"id": self.category, "name": self.category_name}] if self.category else []


@dataclass(frozen=True)
class Property:
    name: str | Promise
    values: Callable[[Entity], Sequence[str]]


PROPERTIES: Mapping[str, Property] = {
    "township": Property(_("township"), lambda place: _given(place.township_name)),
    "county": Property(_("county"), lambda place: _given(place.county_name)),
    "category": Property(_("category"), lambda place: _given(place.category_name)),
    "former-names": Property(_("former names"), lambda place: place.former),
    "roman": Property(_("roman spelling"), lambda place: _given(place.roman)),
    COORDINATES: Property(_("coordinates"), lambda place: [f"{place.at[1]},{place.at[0]}"] if place.at else []),
    "meaning": Property(_("meaning"), lambda place: _given(place.meaning)),
}


def entities(handles: Sequence[str]) -> dict[str, Entity]:
    """The public places of these handles that there are, in the language in force."""
    found = offered.named(handles)
    terms = offered.terms().get(CATEGORIES, {})
    townships = {told.document["township"] for told in found.values()} - {""}
    codes = sorted({*townships, *(code[:6] for code in townships)})
    divisions = dict(zip(codes, names_of(codes), strict=True))
    return {handle: _entity(told, terms, divisions) for handle, told in found.items()}


def _entity(told: Told, terms: Mapping[str, str], divisions: Mapping[str, str]) -> Entity:
    document = told.document
    standard = next(name for name in document["names"] if name["role"] == "standard")
    others = [name for name in document["names"] if name is not standard]
    names = (standard["name"], standard["traditional"], *(name["name"] for name in others))
    township, point = document["township"], told.point
    return Entity(
        handle=told.handle,
        name=standard["name"],
        names=tuple(dict.fromkeys(filter(None, names))),
        roman=standard["roman"],
        former=tuple(name["name"] for name in others if name["role"] == FORMER),
        category=document["category"],
        category_name=terms.get(document["category"], document["category"]),
        township=township,
        township_name=divisions.get(township, ""),
        county_name=divisions.get(township[:6], ""),
        meaning=document["meaning"],
        at=(point["coordinates"][0], point["coordinates"][1]) if point else None,
    )


def _given(text: str) -> list[str]:
    return [text] if text else []


def types() -> list[dict[str, str]]:
    """The categories that places are of."""
    return [{"id": code, "name": name} for code, name in offered.terms().get(CATEGORIES, {}).items()]


def properties() -> list[dict[str, str]]:
    return [{"id": name, "name": str(one.name)} for name, one in PROPERTIES.items()]
