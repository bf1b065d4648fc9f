"""The divisions that addresses name: the register's own, present and past, and the rest of the country above townships."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from layers.addresses import china

Level = Literal["province", "city", "county", "township", "village"]
LEVELS: tuple[Level, ...] = ("province", "city", "county", "township", "village")


@dataclass(frozen=True, slots=True)
class Division:
    """parent: the code of the division it belongs to. now: the codes that hold today for one that does no longer."""

    code: str
    name: str
    level: Level
    parent: str
    now: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Divisions of one name that a text begins with."""

    end: int
    divisions: tuple[Division, ...]
    is_whole: bool  # the name with the word for its rank


class Gazetteer:
    """Finds divisions by what a text begins with."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        """divisions: the register's own, in force and former; provinces and cities above them need not be among them."""
        own = list(divisions)
        self._divisions = {division.code: division for division in own if not division.now}
        self._lineages: dict[str, tuple[str, ...]] = {}
        home = set(self._divisions)
        for code, name in china.names().items():
            parent = china.higher(code)
            self._divisions.setdefault(code, Division(code, name, _level(code), parent))
        for code in tuple(home):
            home.update(self.lineage(code))
        self._home = frozenset(home)
        names: dict[str, dict[Division, bool]] = defaultdict(dict)
        for division in (*self._divisions.values(), *(division for division in own if division.now)):
            names[division.name][division] = True
            short = china.abbreviated(division.name, division.level)
            if short and not division.now:
                names[short].setdefault(division, False)
        self._names = dict(names)
        self._longest = max(map(len, self._names))

    def get(self, code: str) -> Division:
        return self._divisions[code]

    def is_home(self, code: str) -> bool:
        """Whether the register's divisions hold it or belong to it."""
        return code in self._home

    def lineage(self, code: str) -> tuple[str, ...]:
        """The codes of what a division belongs to, from large to small, and its own."""
        if code not in self._lineages:
            division = self._divisions.get(code)
            parent = (division.parent or china.higher(code)) if division else ""
            above = self.lineage(parent) if parent in self._divisions and parent != code else ()
            self._lineages[code] = (*above, code)
        return self._lineages[code]

    def beginning(self, text: str, start: int) -> Iterator[Named]:
        """The divisions whose names stand at that place of a text, the longest names first, whole ones before others."""
        for end in range(min(start + self._longest, len(text)), start + 1, -1):
            found = self._names.get(text[start:end])
            if found is None:  # of nearly all places
                continue
            for is_whole in (True, False):
                divisions = tuple(division for division, whole in found.items() if whole is is_whole)
                if divisions:
                    yield Named(end, divisions, is_whole)

    def called(self, short: str, level: Level) -> tuple[Division, ...]:
        """The register's own divisions of a level with that name, the word for their rank left out."""
        found = self._names.get(short, {})
        return tuple(d for d in found if d.level == level and d.code in self._home and not d.now)


def _level(code: str) -> Level:
    return LEVELS[len(code) // 2 - 1]
