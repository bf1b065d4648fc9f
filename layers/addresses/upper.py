"""The divisions in an address, whole or abbreviated, past or present, in the register or elsewhere."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from layers.addresses.gazetteer import LEVELS, Division, Gazetteer, Level, Named
from layers.addresses.numerals import HANZI
from layers.addresses.words import (
    BARE_ROAD,
    BARE_STREET,
    COMMITTEE,
    PLAIN,
    bare_street_begins,
    generic,
    may_end,
    name_begins,
    number_begins,
)

COMPONENT_OF: dict[Level, str] = {
    "province": "province", "city": "city", "county": "county", "township": "town", "village": "community",
}  # fmt: skip
MOST_STEPS = 12
COUNTRY = "中国"
# 市 of 市场 and 县 of 县前街 are no rank.
NO_RANK = re.compile(rf"(?:路|街|巷|大道)(?:$|[ \d]|[{HANZI}]+号)|场|民广场|民中心|心|委会|属")
RANKED = re.compile(r"([㐀-䶿一-鿿]{1,6}?)(市|县|区|旗|街道|镇|乡|公社)")
TOWN_RANKED = re.compile(r"([㐀-䶿一-鿿]{2,6}?)(街道|镇|乡)")
COUNTY_RANKS = "市县区旗"
STREETS = frozenset("路街巷弄道")
NO_TOWN = frozenset({"古镇", "集镇", "小镇", "水乡", "城乡"})


@dataclass
class Upper:
    """Reads the divisions that a text names. end: how far. codes: of the smallest known, several where none decides."""

    text: str
    gazetteer: Gazetteer
    end: int = 0
    codes: frozenset[str] = frozenset()
    words: list[str] = field(default_factory=list)  # the divisions as written
    former: str = ""
    contradicted: str = ""  # divisions as written that are not where the register says
    unknown: dict[str, str] = field(default_factory=dict)  # names of divisions that nobody lists, by component

    @property
    def components(self) -> dict[str, str]:
        """The names of the divisions, as far as they are decided."""
        decided = self.gazetteer.decided(self.codes)
        return {COMPONENT_OF[level]: name for level, name in decided.items()} | self.unknown

    @property
    def divisions(self) -> tuple[tuple[str, ...], ...]:
        return tuple(self.gazetteer.by_level(self.codes).values())

    @property
    def elsewhere(self) -> str:
        """The divisions as written, where they are not the register's."""
        return "" if self._at_home else "".join(self.words)

    @property
    def _at_home(self) -> bool:
        return all(map(self.gazetteer.is_home, self.codes))

    @property
    def _is_in_county(self) -> bool:
        """Whether a county of the register is the smallest that is known, so that its townships are as well."""
        return (
            bool(self.codes)
            and all(self.gazetteer.get(code).level == "county" for code in self.codes)
            and self._at_home
        )

    def read(self) -> None:
        """Takes the divisions that the text begins with."""
        if self.text.startswith(COUNTRY) and any(self.gazetteer.beginning(self.text, len(COUNTRY))):
            self.end = len(COUNTRY)
        self._take_all()

    def _take_all(self) -> None:
        for _step in range(MOST_STEPS):
            while self.text.startswith(" ", self.end):
                self.end += 1
            if not (self._take_listed() or self._take_ranked()):
                return

    def read_again(self, at: int) -> bool | None:
        """Takes the divisions that are named in whole at a later place; None where those are of another address."""
        whole = next((named for named in self.gazetteer.beginning(self.text, at) if self._is_division(named)), None)
        if whole is None:
            return False
        if not self._fitting(whole.divisions):
            return None
        self.end = at
        self._take_all()
        return True

    def _is_division(self, named: Named) -> bool:
        return named.is_whole and any(d.level != "village" for d in named.divisions) and self._ends(named)

    def _take_listed(self) -> bool:
        """Takes the next division that the gazetteer knows."""
        for named in self.gazetteer.beginning(self.text, self.end):
            if not named.is_whole and self._known_by_rank():
                return False
            if not self._ends(named):
                continue
            fitting = self._fitting(named.divisions)
            if not named.is_whole:
                fitting = [] if self._goes_on(fitting, named.end) else fitting
                fitting = [d for d in fitting if self._may_be_short(d, named.end)]
            elif not fitting and (fitting := [d for d in named.divisions if self._is_sure(d)]):
                self.contradicted, self.codes = self.words[-1], frozenset()
            if fitting:
                self._take(named.end, fitting, self.end)
                return True
        return False

    def _ends(self, named: Named) -> bool:
        """Whether a name is over there and not part of a longer one: 枫桥 of 枫桥路, 诸暨市 of 诸暨市场路."""
        text, end = self.text, named.end
        if named.is_whole and any(d.level != "village" for d in named.divisions):
            return not _is_of_street(text, end, is_short=len(named.divisions[0].name) <= 2)
        if named.is_whole and (COMMITTEE.match(text, end) or PLAIN.match(text, end) or bare_street_begins(text, end)):
            return True
        return may_end(text, end) or any(
            following.is_whole or any(d.level != "village" for d in following.divisions)
            for following in self.gazetteer.beginning(text, end)
        )

    def _fitting(self, divisions: Iterable[Division]) -> list[Division]:
        """Those that agree with what was read before, of the largest level, and at home where any is."""
        fitting = [d for d in divisions if any(map(self._agrees, d.now or (d.code,)))]
        fitting = [d for d in fitting if d.now or self.gazetteer.is_home(d.code)] or fitting
        largest = min((LEVELS.index(d.level) for d in fitting), default=0)
        return [d for d in fitting if LEVELS.index(d.level) == largest]

    def _agrees(self, code: str) -> bool:
        lineage = self.gazetteer.lineage
        return not self.codes or any(code in lineage(known) or known in lineage(code) for known in self.codes)

    def _is_sure(self, division: Division) -> bool:
        """Whether a township of the register is believed before the county that was written above it."""
        is_own = division.level == "township" and not division.now and self.gazetteer.is_home(division.code)
        return is_own and self._at_home

    def _may_be_short(self, division: Division, end: int) -> bool:
        """Whether a name without its rank may mean the division: the farther away, the more must speak for it."""
        if division.level == "village":
            levels = {self.gazetteer.get(code).level for code in self.codes}
            is_street = self.text[end - 1] in STREETS and end < len(self.text)  # 下大路12号, not 下大路社区
            return levels == {"township"} and number_begins(self.text, end) and not is_street
        if self.gazetteer.is_home(division.code):
            return True
        if division.level == "county" and not self.codes:
            return False
        holds_next = any(
            division.code in self.gazetteer.lineage(following.code)
            for named in self.gazetteer.beginning(self.text, end)
            for following in named.divisions
        )
        return end == len(self.text) or holds_next or (name_begins(self.text, end) and _has_generic(self.text, end))

    def _goes_on(self, divisions: list[Division], end: int) -> bool:
        """Whether the short name of what is known already begins another name: 枫桥 of 枫桥镇枫桥一村."""
        known = {code for own in self.codes for code in self.gazetteer.lineage(own)}
        is_over = number_begins(self.text, end) or any(self.gazetteer.beginning(self.text, end))
        return not is_over and any(d.code in known for d in divisions)

    def _take(self, end: int, divisions: list[Division], start: int) -> None:
        lineage = self.gazetteer.lineage
        codes = {code for d in divisions for code in (d.now or (d.code,)) if self._agrees(code)}
        narrower = {code for code in codes if not any(code in lineage(known) for known in self.codes)}
        kept = {known for known in self.codes if codes & set(lineage(known))}
        self.codes = frozenset(narrower or kept or codes)
        self.words.append(self.text[start:end])
        if all(d.now for d in divisions):
            self.former += self.words[-1]
        committee = COMMITTEE.match(self.text, end) if divisions[0].level == "village" else None
        self.end = committee.end() if committee else end

    def _rank(self) -> re.Match[str] | None:
        """A name with a word for its rank, which is over there."""
        found = RANKED.match(self.text, self.end)
        return None if found and _is_of_street(self.text, found.end()) else found

    def _known_by_rank(self) -> list[Division]:
        """The register's divisions that are named with a rank which is not theirs: 兰亭街道 by 兰亭镇."""
        found = self._rank()
        return self._fitting(self.gazetteer.called(found[1], _level(found))) if found else []

    def _take_ranked(self) -> bool:
        """Takes a division that is known by another rank, or that is not listed at all."""
        found = self._rank()
        if found is None:
            return False
        if fitting := self._known_by_rank():
            self._take(found.end(), fitting, self.end)
            self.former += found[0]
            return True
        level = _level(found)
        if level == "county" and self._town_follows(found.end()):
            self.contradicted, self.end = found[0], found.end()
            return True
        if self._is_in_county:
            return self._lay_town_aside()
        component = COMPONENT_OF[level]
        if component in self.unknown or not self._is_below(level) or not self._may_be_unknown(found):
            return False
        self.unknown[component] = found[0]
        self.words.append(found[0])
        self.end = found.end()
        return True

    def _lay_town_aside(self) -> bool:
        """Passes a township that the register does not list in a county whose townships it lists: 大市聚镇."""
        found = TOWN_RANKED.match(self.text, self.end)
        if found is None or _is_of_street(self.text, found.end()) or not self._may_be_unknown(found):
            return False
        self.contradicted, self.end = self.contradicted + found[0], found.end()
        return True

    def _town_follows(self, start: int) -> bool:
        """Whether a township of the register stands there, whatever county was written before it."""
        found = self.gazetteer.beginning(self.text, start)
        return any(named.is_whole and any(d.level == "township" for d in named.divisions) for named in found)

    def _is_below(self, level: Level) -> bool:
        return all(LEVELS.index(self.gazetteer.get(code).level) < LEVELS.index(level) for code in self.codes)

    def _may_be_unknown(self, found: re.Match[str]) -> bool:
        """Whether it may be the name of a division that is not listed: a county elsewhere, a township anywhere."""
        name, rank = found.groups()
        if any(map(self._town_follows, range(found.start() + 1, found.end()))):
            return False
        if (rank != "街道" and generic(found[0])) or found[0][-2:] in NO_TOWN or not may_end(self.text, found.end()):
            return False
        if rank in COUNTY_RANKS:
            return not self._at_home
        return len(name) >= 2 and rank != "公社" and (rank != "乡" or bool(self.codes))


def _is_of_street(text: str, end: int, *, is_short: bool = False) -> bool:
    """Whether the word for a rank that ends there begins the name of a street: 市 of 市场路, 县 of 县前街.

    is_short: the name would be nothing without it, 嵊县.
    """
    if NO_RANK.match(text, end):
        return True
    rank = text[end - 1]
    return not is_short and rank != "道" and (BARE_STREET if rank == "县" else BARE_ROAD).match(text, end) is not None


def _level(ranked: re.Match[str]) -> Level:
    return "county" if ranked[2] in COUNTY_RANKS else "township"


def _has_generic(text: str, start: int) -> bool:
    """Whether a name of at least two characters and a generic word stands there."""
    ends = range(start + 3, min(start + 12, len(text)) + 1)
    return any((ending := generic(text[start:end])) and end - start - len(ending) >= 2 for end in ends)
