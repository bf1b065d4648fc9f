"""What must be said beside a figure: why a township does not count, and on what the number rests.

Facts only; ``layers.coverage.words`` says them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from layers.coverage.metrics.provision import Link, Provision, Township
from layers.models.base import PositionQuality, Status

NOT_YET = (None, Status.PLANNED, Status.UNDER_CONSTRUCTION)


@dataclass(frozen=True)
class Cause:
    """Why a feature does not count for a township; kind "no_site" is about no feature.

    name: of the feature, None when the reader may not see it. place: the township that its point lies in.
    on: since, from or until when.
    """

    kind: str
    feature: str = ""
    name: str | None = ""
    on: date | None = None
    place: str | None = None


@dataclass(frozen=True)
class Named:
    """A township or a feature that a note is about."""

    code: str
    name: str


@dataclass(frozen=True)
class Note:
    """count: how many it concerns, ``of`` so many; about: those of them that the reader may see by name. facts: what
    else its words say."""

    kind: str
    count: int = 0
    of: int = 0
    about: tuple[Named, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


def causes_of(township: Township) -> tuple[Cause, ...]:
    """Every feature that nearly counts for the township, and what stands in its way."""
    return tuple(dict.fromkeys(_cause(link) for link in township.links)) or (Cause("no_site"),)


def _cause(link: Link) -> Cause:
    if link.name is None:
        return Cause(_kind(link), name=None, on=_day(link))
    return Cause(_kind(link), link.feature, link.name, _day(link), link.located_name if link.way == "claims" else None)


def _kind(link: Link) -> str:
    if link.way == "served":
        return "designation_ended"
    if link.way == "will_serve":
        return "designation_later"
    if link.way == "claims":
        return "lies_elsewhere"
    if link.opens_on and link.status in NOT_YET:
        return "opens_later"
    if link.status == Status.OPERATING:
        return "does_not_qualify"
    return link.status or "no_state"


def _day(link: Link) -> date | None:
    if link.way == "claims":
        return None
    if link.changes_on or _kind(link) == "opens_later":
        return link.changes_on or link.opens_on
    return link.since


def notes_on(found: Provision) -> tuple[Note, ...]:
    """What limits the figure; for one that cannot be assessed, the reason."""
    if not found.townships:
        return (Note("no_divisions"),)
    if not found.rows:
        return (Note("layer_empty", of=len(found.townships)), *_boundary_notes(found))
    return (*_boundary_notes(found), *_place_notes(found), *_evidence_notes(found))


def _boundary_notes(found: Provision) -> Iterator[Note]:
    for kind, quality in (("approximate_boundaries", PositionQuality.APPROXIMATE.value), ("no_boundary", "")):
        yield from _townships(kind, found, [township for township in found.townships if township.boundary == quality])


def _evidence_notes(found: Provision) -> Iterator[Note]:
    counted = [township for township in found.townships if township.counts]
    demonstration = [township for township in counted if all(link.demonstration for link in _counting(township))]
    served = [township for township in counted if all(link.way == "serves" for link in _counting(township))]
    yield from _townships("demonstration_only", found, demonstration, of=len(counted))
    yield from _townships("served_from_outside", found, served, of=len(counted))


def _townships(kind: str, found: Provision, about: list[Township], *, of: int | None = None) -> Iterator[Note]:
    if about:
        named = tuple(Named(township.code, township.name) for township in about)
        yield Note(kind, len(about), len(found.townships) if of is None else of, named)


def _place_notes(found: Provision) -> Iterator[Note]:
    lying = [link for township in found.townships for link in township.links if link.way == "lies" and link.qualifies]
    elsewhere = [link for link in lying if link.located and link.located != link.claimed]
    outside = [link for link in lying if link.has_point and not link.located]
    yield from _features("point_elsewhere", elsewhere)
    yield from _features("point_in_no_township", outside)
    yield from _features("no_point", [link for link in lying if not link.has_point])
    yield from _features("claim_refuted", [link for link in found.astray if link.claimed_name])
    yield from _features("claim_unknown", [link for link in found.astray if not link.claimed_name])


def _counting(township: Township) -> list[Link]:
    return [link for link in township.links if link.counts]


def _features(kind: str, links: Iterable[Link]) -> Iterator[Note]:
    found = list(links)
    if found:
        named = tuple(Named(link.feature, link.name) for link in found if link.name is not None)
        yield Note(kind, len(found), about=named)
