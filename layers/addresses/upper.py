"""The divisions at the front of an address, whole or abbreviated, past or present, in the register or elsewhere."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from layers.addresses.gazetteer import LEVELS, Division, Gazetteer, Level, Named
from layers.addresses.words import BARE_STREET, COMMITTEE, PLAIN, generic, may_end, name_begins, number_begins

COMPONENT_OF: dict[Level, str] = {
    "province": "province", "city": "city", "county": "county", "township": "town", "village": "community",
}  # fmt: skip
MOST_STEPS = 12
COUNTRY = "中国"
# 市 of 市场 and 县 of 县前街 are no rank.
NO_RANK = re.compile(r"路|街(?!道)|巷|大道|场|民广场|民中心|心|委会|属")
RANKED = re.compile(r"([㐀-䶿一-鿿]{1,6}?)(市|县|区|旗|街道|镇|乡|公社)")
RANK_LEVEL: dict[str, Level] = {"市": "county", "县": "county", "区": "county", "旗": "county"}
NO_TOWN = frozenset({"古镇", "集镇", "小镇", "水乡", "城乡"})


@dataclass
class Upper:
    """What the front of an address names. codes: of the smallest division known, several where it is not decided."""

    end: int = 0
    codes: frozenset[str] = frozenset()
    former: str = ""
    elsewhere: str = ""
    contradicted: str = ""
    last: str = ""  # the last of its words
    unknown: dict[str, str] = field(default_factory=dict)  # names of divisions that nobody lists, by component

    def components(self, gazetteer: Gazetteer) -> dict[str, str]:
        """The names of the divisions, as far as they are decided."""
        named = {}
        for level, codes in self._by_level(gazetteer):
            names = {gazetteer.get(code).name for code in codes}
            if len(names) == 1:
                named[COMPONENT_OF[level]] = names.pop()
        return named | self.unknown

    def divisions(self, gazetteer: Gazetteer) -> tuple[tuple[str, ...], ...]:
        return tuple(codes for _level, codes in self._by_level(gazetteer))

    def _by_level(self, gazetteer: Gazetteer) -> list[tuple[Level, tuple[str, ...]]]:
        found: list[tuple[Level, tuple[str, ...]]] = []
        for level in LEVELS:
            codes = {
                above for code in self.codes for above in gazetteer.lineage(code) if gazetteer.get(above).level == level
            }
            if codes:
                found.append((level, tuple(sorted(codes))))
        return found


def read_upper(text: str, gazetteer: Gazetteer) -> Upper:
    """The divisions that a text begins with, and where its own words begin."""
    upper = Upper(end=len(COUNTRY) if text.startswith(COUNTRY) and any(gazetteer.beginning(text, len(COUNTRY))) else 0)
    for _step in range(MOST_STEPS):
        while upper.end < len(text) and text[upper.end] == " ":
            upper.end += 1
        if not (_listed(text, upper, gazetteer) or _ranked(text, upper, gazetteer)):
            break
    if any(not gazetteer.is_home(code) for code in upper.codes):
        upper.elsewhere = text[: upper.end].strip()
    return upper


def _listed(text: str, upper: Upper, gazetteer: Gazetteer) -> bool:
    """Takes the next division that the gazetteer knows."""
    for named in gazetteer.beginning(text, upper.end):
        if not named.is_whole and _known_by_rank(text, upper, gazetteer):
            return False
        if not _ends(text, named, gazetteer):
            continue
        fitting = _fitting(named.divisions, upper, gazetteer)
        if not named.is_whole:
            fitting = [d for d in fitting if _may_be_short(text, named.end, d, upper, gazetteer)]
        if not fitting and named.is_whole:
            fitting = [d for d in named.divisions if _is_sure(d, upper, gazetteer)]
            if fitting:
                upper.contradicted, upper.codes = upper.last, frozenset()
        if fitting:
            _take(text, named.end, fitting, upper, gazetteer)
            return True
    return False


def _is_sure(division: Division, upper: Upper, gazetteer: Gazetteer) -> bool:
    """Whether a township of the register is believed before the county that was written above it."""
    at_home = all(map(gazetteer.is_home, upper.codes))
    return at_home and division.level == "township" and gazetteer.is_home(division.code) and not division.now


def _fitting(divisions: Iterable[Division], upper: Upper, gazetteer: Gazetteer) -> list[Division]:
    """Those that agree with what was read before, of the largest level and at home where any is."""
    fitting = [d for d in divisions if any(_agree(code, upper, gazetteer) for code in (d.now or (d.code,)))]
    at_home = [d for d in fitting if d.now or gazetteer.is_home(d.code)]
    level = min((LEVELS.index(d.level) for d in at_home or fitting), default=0)
    return [d for d in at_home or fitting if LEVELS.index(d.level) == level]


def _agree(code: str, upper: Upper, gazetteer: Gazetteer) -> bool:
    return not upper.codes or any(
        code in gazetteer.lineage(known) or known in gazetteer.lineage(code) for known in upper.codes
    )


def _take(text: str, end: int, divisions: list[Division], upper: Upper, gazetteer: Gazetteer) -> None:
    codes = {code for d in divisions for code in (d.now or (d.code,)) if _agree(code, upper, gazetteer)}
    narrower = {code for code in codes if not any(code in gazetteer.lineage(known) for known in upper.codes)}
    if not upper.codes or narrower:
        upper.codes = frozenset(narrower or codes)
    else:
        kept = {known for known in upper.codes if codes & set(gazetteer.lineage(known))}
        upper.codes = frozenset(kept)
    upper.last = text[upper.end : end]
    if all(d.now for d in divisions):
        upper.former = upper.last
    if any(d.level == "village" for d in divisions) and (committee := COMMITTEE.match(text, end)):
        end = committee.end()
    upper.end = end


def _ends(text: str, named: Named, gazetteer: Gazetteer) -> bool:
    """Whether a division's name is over there and not part of a longer one: 枫桥 of 枫桥路, 诸暨市 of 诸暨市场路."""
    end = named.end
    if named.is_whole and any(d.level != "village" for d in named.divisions):
        return not (NO_RANK.match(text, end) or BARE_STREET.match(text, end))
    return (
        may_end(text, end)
        or bool(COMMITTEE.match(text, end) or PLAIN.match(text, end))
        or any(
            following.is_whole or any(d.level != "village" for d in following.divisions)
            for following in gazetteer.beginning(text, end)
        )
    )


def _may_be_short(text: str, end: int, division: Division, upper: Upper, gazetteer: Gazetteer) -> bool:
    """Whether a name without its rank may mean the division: the farther away it is, the more must speak for it."""
    if division.level == "village":
        levels = {gazetteer.get(code).level for code in upper.codes}
        return levels == {"township"} and number_begins(text, end)
    if gazetteer.is_home(division.code):
        return True
    if division.level == "county" and not upper.codes:
        return False
    if end == len(text) or any(
        division.code in gazetteer.lineage(d.code) for named in gazetteer.beginning(text, end) for d in named.divisions
    ):
        return True
    return name_begins(text, end) and _has_generic(text, end)


def _has_generic(text: str, start: int) -> bool:
    return any(
        len(ending := generic(text[start:end])) and end - start - len(ending) >= 2
        for end in range(start + 3, min(start + 12, len(text)) + 1)
    )


def _rank(text: str, start: int) -> re.Match[str] | None:
    """A name with a word for its rank, which is over there."""
    found = RANKED.match(text, start)
    goes_on = found and (NO_RANK.match(text, found.end()) or BARE_STREET.match(text, found.end()))
    return None if goes_on else found


def _known_by_rank(text: str, upper: Upper, gazetteer: Gazetteer) -> list[Division]:
    """The register's divisions that are named with a rank which is not theirs: 兰亭街道 by 兰亭镇."""
    found = _rank(text, upper.end)
    level = RANK_LEVEL.get(found[2], "township") if found else "township"
    if found is None or not _is_lower(level, upper, gazetteer):
        return []
    return _fitting(gazetteer.called(found[1], level), upper, gazetteer)


def _ranked(text: str, upper: Upper, gazetteer: Gazetteer) -> bool:
    """Takes a division that is known by another rank, or that is not listed at all."""
    found = _rank(text, upper.end)
    if found is None:
        return False
    level = RANK_LEVEL.get(found[2], "township")
    if fitting := _known_by_rank(text, upper, gazetteer):
        _take(text, found.end(), fitting, upper, gazetteer)
        upper.former = found[0]
        return True
    component = COMPONENT_OF[level]
    if (
        not _is_lower(level, upper, gazetteer)
        or component in upper.unknown
        or not _may_be_unknown(text, found, level, upper, gazetteer)
    ):
        return False
    upper.unknown[component] = upper.last = found[0]
    upper.end = found.end()
    return True


def _is_lower(level: Level, upper: Upper, gazetteer: Gazetteer) -> bool:
    return all(LEVELS.index(gazetteer.get(code).level) < LEVELS.index(level) for code in upper.codes)


def _may_be_unknown(text: str, found: re.Match[str], level: Level, upper: Upper, gazetteer: Gazetteer) -> bool:
    if (generic(found[0]) and found[2] != "街道") or found[0][-2:] in NO_TOWN or not may_end(text, found.end()):
        return False
    if level == "county":
        return any(not gazetteer.is_home(code) for code in upper.codes)
    return len(found[1]) >= 2 and (bool(upper.codes) or found[2] != "乡") and found[2] != "公社"
