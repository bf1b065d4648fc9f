"""The divisions that addresses name: the register's own, present and past, and the rest of the country above townships."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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
        # Of the sets of divisions that texts left undecided, which are few.
        self._by_level: dict[frozenset[str], dict[Level, tuple[str, ...]]] = {}
        self._decided: dict[frozenset[str], dict[Level, str]] = {}
        home = set(self._divisions)
        for code, name in china.names().items():
            parent = china.higher(code)
            self._divisions.setdefault(code, Division(code, name, _level(code), parent))
        former = [replace(d, now=tuple(code for code in d.now if code in self._divisions)) for d in own if d.now]
        for code in tuple(home):
            home.update(self.lineage(code))
        self._home = frozenset(home)
        names: dict[str, dict[Division, bool]] = defaultdict(dict)
        for division in (*self._divisions.values(), *(division for division in former if division.now)):
            names[division.name][division] = True
            short = china.abbreviated(division.name, division.level)
            if short and not division.now:
                names[short].setdefault(division, False)
        self._names = {name: _parted(found) for name, found in names.items()}
        self._sizes: dict[str, list[int]] = {}  # of the names that begin with these two characters, the longest first
        for size in sorted(set(map(len, names)), reverse=True):
            for begin in {name[:2] for name in names if len(name) == size}:
                self._sizes.setdefault(begin, []).append(size)

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
            above = self.lineage(parent) if parent in self._divisions and len(parent) < len(code) else ()
            self._lineages[code] = (*above, code)
        return self._lineages[code]

    def by_level(self, codes: frozenset[str]) -> Mapping[Level, tuple[str, ...]]:
        """The codes of the divisions and of all that they belong to, from large to small."""
        if codes not in self._by_level:
            found: dict[Level, set[str]] = {}
            for code in {above for below in codes for above in self.lineage(below)}:
                found.setdefault(self._divisions[code].level, set()).add(code)
            self._by_level[codes] = {level: tuple(sorted(found[level])) for level in LEVELS if level in found}
        return self._by_level[codes]

    def decided(self, codes: frozenset[str]) -> Mapping[Level, str]:
        """The names of what the divisions belong to, at the levels where all of them share one."""
        if codes not in self._decided:
            lineages = [self.lineage(code) for code in codes]
            named = {}
            for level, held in self.by_level(codes).items():
                names = {self._divisions[code].name for code in held}
                if len(names) == 1 and not any(map(set(held).isdisjoint, lineages)):
                    named[level] = names.pop()
            self._decided[codes] = named
        return self._decided[codes]

    def beginning(self, text: str, start: int) -> Iterator[Named]:
        """The divisions whose names stand at that place of a text, the longest names first, whole ones before others."""
        for size in self._sizes.get(text[start : start + 2], ()):
            name = text[start : start + size]
            for is_whole, divisions in self._names.get(name, ()) if len(name) == size else ():
                yield Named(start + size, divisions, is_whole)

    def called(self, short: str, level: Level) -> tuple[Division, ...]:
        """The register's own divisions of a level with that name, the word for their rank left out."""
        found = self._names.get(short, ())
        return tuple(
            division
            for _is_whole, divisions in found
            for division in divisions
            if division.level == level and division.code in self._home and not division.now
        )


def _parted(found: Mapping[Division, bool]) -> tuple[tuple[bool, tuple[Division, ...]], ...]:
    """The divisions of a name: those whose whole name it is, then the others."""
    parts = ((is_whole, tuple(d for d, whole in found.items() if whole is is_whole)) for is_whole in (True, False))
    return tuple((is_whole, divisions) for is_whole, divisions in parts if divisions)


def _level(code: str) -> Level:
    return LEVELS[len(code) // 2 - 1]
