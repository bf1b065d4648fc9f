"""Roman spellings proposed for names: by the national rules, under what curators decided for a name like it before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from heritage.differences import Document
from heritage.errors import Fault
from heritage.models import ReviewedSpelling, Term
from heritage.models.parts import Spelling
from heritage.models.vocabularies import PLACE_CATEGORIES
from layers.names.folding import fold, sounds
from layers.names.generics import Category
from layers.names.readings import Readings
from layers.names.romanising import romanise, split
from layers.search.readings import local

ONE_WORD = Category.SETTLEMENT  # a name whose category says nothing about generic parts


@dataclass(frozen=True)
class Proposal:
    """roman: the spelling. specific, generic: the parts in hanzi. unsure: hanzi whose reading nobody has confirmed.

    because: why a curator decided so, where the spelling is one that was reviewed.
    """

    roman: str
    specific: str
    generic: str
    unsure: tuple[str, ...]
    because: str = ""


def propose(name: str, category: str) -> Proposal:
    """The spelling of a name of a category of places; of no name an empty one."""
    return proposals([name], category)[name]


def proposals(names: Iterable[str], category: str) -> Mapping[str, Proposal]:
    """The spelling of each name."""
    kind, readings = _spelled_as(category), local()
    by_rules = {name: _by_rules(name, kind, readings) for name in names}
    specifics = {proposal.specific for proposal in by_rules.values() if proposal.specific}
    exact: dict[str, ReviewedSpelling] = {}
    alike: dict[str, ReviewedSpelling] = {}
    for row in ReviewedSpelling.objects.filter(Q(name__in=by_rules) | Q(specific__in=specifics)).order_by("changed_at"):
        exact[row.name] = row
        if row.specific:
            alike[row.specific] = row
    found = {}
    for name, proposal in by_rules.items():
        if (same := exact.get(name)) is not None:
            found[name] = Proposal(same.roman, same.specific, same.generic, (), same.reason)
        else:
            found[name] = _alike(
                proposal, alike.get(proposal.specific), romanise(name, kind, readings).generic, readings
            )
    return found


def _spelled_as(category: str) -> Category:
    said = Term.objects.filter(vocabulary__code=PLACE_CATEGORIES, code=category).values_list("spelled_as", flat=True)
    return Category(kind) if (kind := next(iter(said), "")) else ONE_WORD


def _by_rules(name: str, kind: Category, readings: Readings) -> Proposal:
    roman = romanise(name, kind, readings)
    return Proposal(roman.text, *split(name, kind, readings), roman.unsure)


def _alike(proposal: Proposal, reviewed: ReviewedSpelling | None, generic: str, readings: Readings) -> Proposal:
    """The proposal with the specific part as it was reviewed in another name, where it can be told in that one's spelling."""
    specific = _specific_roman(reviewed, readings) if reviewed is not None else ""
    if reviewed is None or not specific:
        return proposal
    unsure = tuple(one for one in proposal.unsure if one not in proposal.specific)
    roman = f"{specific} {generic}" if generic else specific
    return replace(proposal, roman=roman, unsure=unsure, because=f"{reviewed.name}: {reviewed.reason}")


def _specific_roman(reviewed: ReviewedSpelling, readings: Readings) -> str:
    """The words of a reviewed spelling before those that are its generic part; empty where these cannot be told."""
    words = reviewed.roman.split()
    said = "".join(sounds(reviewed.generic, readings))
    for first in range(len(words), 0, -1):
        if fold("".join(words[first:])) == said:
            return " ".join(words[:first])
    return ""


def settled(document: Document, before: Document) -> Document:
    """The document with the spellings that nobody has confirmed made the proposed ones.

    before: the draft as it was saved. What a curator wrote in the place of a proposal counts as confirmed; a spelling that
    stands unconfirmed in an entry is left until its name or the category changes.
    """
    had = {part["key"]: part for part in before["names"]}
    open_ = [part for part in document["names"] if part["spelling"] == Spelling.PROPOSED]
    proposed = proposals((part["name"] for part in open_), document["category"])
    names = {}
    for part in open_:
        was, proposal = had.get(part["key"], {}), proposed[part["name"]]
        if part["roman"] and part["roman"] not in (was.get("roman", ""), proposal.roman):
            names[part["key"]] = part | {"spelling": Spelling.CONFIRMED.value}
        elif not part["roman"] or (part["name"], document["category"]) != (was.get("name"), before["category"]):
            names[part["key"]] = part | _parts(proposal)
    return document | {"names": [names.get(part["key"], part) for part in document["names"]]}


def _parts(proposal: Proposal) -> Document:
    return {"roman": proposal.roman, "specific": proposal.specific, "generic": proposal.generic}


def unexplained(document: Document, before: Document) -> list[Fault]:
    """A fault for each name that is confirmed in another spelling than is proposed, without a reason."""
    had = {_said(part) for part in before.get("names", ())}
    new = [part for part in _overrides(document) if _said(part) not in had]
    return [
        Fault(
            f"names/{part['key']}/spelling_reason",
            _("“%(roman)s” is not what is proposed for %(name)s; say why.")
            % {"roman": part["roman"], "name": part["name"]},
        )
        for part in new
        if not part["spelling_reason"].strip()
    ]


def _said(part: Document) -> tuple[str, str, str]:
    return part["name"], part["roman"], part["spelling"]


def remember(document: Document) -> None:
    """Keeps the spellings that a curator confirmed in another form than the rules give, for the next name like them."""
    for part in _overrides(document):
        if part["spelling_reason"].strip():
            ReviewedSpelling.objects.update_or_create(
                name=part["name"],
                defaults={
                    "roman": part["roman"],
                    "specific": part["specific"],
                    "generic": part["generic"],
                    "reason": part["spelling_reason"],
                },
            )


def _overrides(document: Document) -> list[Document]:
    """The confirmed names whose spelling is not the one that is proposed."""
    confirmed = [part for part in document["names"] if part["spelling"] == Spelling.CONFIRMED and part["roman"]]
    proposed = proposals((part["name"] for part in confirmed), document["category"])
    return [part for part in confirmed if part["roman"] != proposed[part["name"]].roman]
