"""The indexes of an atlas: every name that a place has or had, by its spelling and by its strokes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from heritage.atlas import ordering
from heritage.atlas.choosing import Chosen
from heritage.models import PlaceName
from heritage.models.vocabularies import STANDARD
from layers.publish.statements import DATABASE

AT_ONCE = 1000  # places whose names are read together


@dataclass(frozen=True)
class Indexed:
    """A name in an index. standard: the name under which its place stands, where it is another."""

    name: str
    roman: str
    anchor: str
    standard: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    names: Sequence[Indexed]


def names(places: Sequence[Chosen]) -> list[Indexed]:
    """Every name of the places, each once for a place."""
    by_id = {place.pk: place for place in places}
    found: dict[Indexed, None] = dict.fromkeys(Indexed(place.name, place.roman, place.anchor) for place in places)
    ids = list(by_id)
    for begin in range(0, len(ids), AT_ONCE):
        others = PlaceName._default_manager.using(DATABASE).filter(place__in=ids[begin : begin + AT_ONCE])
        for pk, name, roman in others.exclude(role=STANDARD).values_list("place_id", "name", "roman"):
            place = by_id[pk]
            if name != place.name:
                found.setdefault(Indexed(name, roman, place.anchor, place.name))
    return list(found)


def by_spelling(found: Iterable[Indexed]) -> list[Group]:
    """The names under the first letters of their spelling; those that have none last."""

    def letter(one: Indexed) -> str:
        return ordering.letter(one.roman)

    ordered = sorted(found, key=lambda one: (not letter(one), ordering.by_spelling(one.name, one.roman)))
    return [Group(title or _("Without a spelling"), list(group)) for title, group in groupby(ordered, letter)]


def by_strokes(found: Iterable[Indexed]) -> list[Group]:
    """The names under the number of strokes of their first hanzi; those that begin with none last."""

    def strokes(one: Indexed) -> int:
        return ordering.strokes(one.name[0])

    ordered = sorted(found, key=lambda one: (ordering.by_strokes(one.name), one.anchor))
    return [Group(_title(count), list(group)) for count, group in groupby(ordered, strokes)]


def _title(strokes: int) -> str:
    return _("%(count)d strokes") % {"count": strokes} if strokes != ordering.UNKNOWN else _("Other characters")
