"""The divisions that stand before a name in a question, kept until the register changes."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from layers.models import Division, SearchName
from layers.models.divisions import Level
from layers.models.rules import in_force
from layers.publish import freshness
from layers.publish.statements import DATABASE
from layers.rows import today
from layers.search.asking import Place, Places

LAYERS = ("counties", "townships")
LEVELS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)


def places() -> Places:
    """Those in force."""
    return _places(freshness.version_of(LAYERS), today())


def townships_named(codes: Iterable[str]) -> str:
    """The names of those in force, each once."""
    known = places().by_code
    return "、".join(dict.fromkeys(known[code].name for code in codes if code in known))


@lru_cache(maxsize=2)
def _places(version: int, on: date) -> Places:  # noqa: ARG001  the version ends the entry
    in_place = Division.objects.using(DATABASE).filter(in_force(on), level__in=LEVELS).values_list("pk", flat=True)
    named = SearchName.objects.using(DATABASE).filter(register=Division._meta.db_table, row_id__in=list(in_place))
    return Places(tuple(Place(*row) for row in named.values_list("division", "name", "roman", "sounds")))
