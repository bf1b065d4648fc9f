"""Places in the Linked Places Format, as gazetteers exchange them: written, and read. Pure.

The format is that of the Pelagios Network (https://github.com/LinkedPasts/linked-places-format, v1.3): a GeoJSON feature
with names, types, geometries and relations, each with its time and its citations. What it has no member for stands in
members of our own, ``portal:``, which docs/formats.md describes, so that a curators' file read again is the same entry.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from heritage.differences import Document
from heritage.place_classes import CLASSES
from heritage.timespans import when

CONTEXT = "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"
PREFIX = "portal"
MEDIA_TYPE = "application/ld+json"
COUNTRY = "CN"
HANZI, TRADITIONAL, ROMAN = "zh-Hans", "zh-Hant", "zh-Latn-pinyin"
CERTAINTIES = ("certain", "less-certain", "uncertain")  # that the format knows
TEXTS = ("meaning", "origin", "evolution", "people_and_events", "condition_note")
OWN = ("code", "toponym_code", "township", "condition", "sensitivity", "source", "as_of")
OF_NAME = ("key", "role", "spelling", "specific", "generic", "dialect")
OF_SHAPE = ("key", "quality", "precision_m", "note")
OF_RELATION = ("key", "kind", "note")
OF_PICTURE = ("key", "file", "width", "height", "credit", "licence", "taken")
PART_OF = "part-of"
RELATION_TYPES = {PART_OF: "gvp:broaderPartitive"}  # of Getty's ontology; what is none of these is related
RELATED = "gvp:tgn3000_related_to"

Feature = dict[str, Any]
Terms = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Work:
    """A cited work, as far as a citation tells of it."""

    title: str
    author: str = ""
    published: str = ""
    url: str = ""


@dataclass(frozen=True)
class Words:
    """What a document's codes stand for. base: the portal's public address. terms: by vocabulary and code."""

    base: str
    terms: Terms = field(default_factory=dict)
    works: Mapping[str, Work] = field(default_factory=dict)

    def term(self, vocabulary: str, code: str) -> str:
        return self.terms.get(vocabulary, {}).get(code, code)


@dataclass(frozen=True)
class Told:
    """A place as it is given to somebody.

    document: with its true shapes for curators; for everybody else without any, and the point, quality and precision_m
    that the public is given. absorbed: the handles of the places that turned out to be this one.
    """

    handle: str
    document: Document
    point: Mapping[str, Any] | None = None
    quality: str = ""
    precision_m: int | None = None
    absorbed: Sequence[str] = ()


def address(base: str, handle: str) -> str:
    """The permanent address of a place."""
    return f"{base}/places/{handle}"


def own(name: str) -> str:
    """The name of a member of our own."""
    return f"{PREFIX}:{name}"


def context(base: str) -> list[Any]:
    """The ``@context`` of a document: the format's, and what our own members are."""
    return [CONTEXT, {PREFIX: f"{base}/api/places#"}]


def feature(place: Told, words: Words) -> Feature:
    """The place as a feature, to stand alone or among others."""
    document, cited = place.document, _Citations(place.document["citations"], words)
    standard: Document = next((name for name in document["names"] if name["role"] == "standard"), {})
    found: Feature = {
        "@id": address(words.base, place.handle),
        "type": "Feature",
        "properties": {"title": standard.get("name", ""), "ccodes": [COUNTRY], **_classes(document, words)}
        | {own("handle"): place.handle}
        | _own(document, OWN),
        **_when(document),
        "names": [said for name in document["names"] for said in _names(name, cited)],
        "types": list(_types(document, words)),
        "geometry": _geometry(place, cited),
        "links": [
            {"type": "exactMatch", "identifier": address(words.base, handle)} for handle in sorted(place.absorbed)
        ],
        "relations": [_relation(part, cited, words) for part in document["relations"]],
        "descriptions": [
            {"value": document[name], "lang": HANZI, own("about"): name, **cited.of(name)}
            for name in TEXTS
            if document[name]
        ],
        "depictions": [_depiction(part, words) for part in document["pictures"]],
    }
    _cite(found["names"], document)
    if document["protection"]:
        found[own("protection")] = document["protection"]
    if rest := cited.rest():
        found[own("citations")] = rest
    return found


class _Citations:
    """The citations of a document by what they are about; each keeps its place among all."""

    def __init__(self, parts: Sequence[Document], words: Words) -> None:
        self.left: dict[str, list[Feature]] = {}
        for position, part in enumerate(parts):
            self.left.setdefault(part["about"], []).append(_citation(position, part, words))

    def of(self, about: str) -> Feature:
        """The member with the citations of a field or a part; none where there are none."""
        found = self.left.pop(about, [])
        return {"citations": found} if found else {}

    def rest(self) -> list[Feature]:
        """Those about a field that says nothing, or about nothing that the document has."""
        return [{**one, own("about"): about} for about, found in self.left.items() for one in found]


def _citation(position: int, part: Document, words: Words) -> Feature:
    work = words.works.get(part["source"], Work(part["source"]))
    label = ", ".join(filter(None, (work.author, work.title, work.published, part["pages"])))
    found = {"label": label, **({"@id": work.url} if work.url else {})}
    return found | {own("position"): position} | _own(part, ("key", "source", "pages", "quote"))


def _cite(names: list[Feature], document: Document) -> None:
    """The format wants a citation of one name at least: without one, where the entry as a whole comes from."""
    if names and document["source"] and not any("citations" in name for name in names):
        names[0]["citations"] = [{"label": document["source"]}]


def _names(part: Document, cited: _Citations) -> Iterator[Feature]:
    """A name, and the forms of it that are names of their own to whoever knows no better."""
    about = {**_when(part), **cited.of(part["key"])}
    yield {"toponym": part["name"], "lang": HANZI, **about, **_certainty(part), **_own(part, OF_NAME)}
    for column, lang in (("traditional", TRADITIONAL), ("roman", ROMAN)):
        if part[column]:
            yield {"toponym": part[column], "lang": lang, own("of"): part["key"], own("form"): column}


def _classes(document: Document, words: Words) -> Feature:
    known = _class(document, words)
    return {"fclasses": [known.letter]} if known else {}


def _class(document: Document, words: Words) -> Any:
    code = document["category"]
    return CLASSES.get(code) or CLASSES.get(words.term("place-categories", code))


def _types(document: Document, words: Words) -> Iterator[Feature]:
    code = document["category"]
    if not code:
        return
    label, known = words.term("place-categories", code), _class(document, words)
    if known and known.aat:
        yield {
            "identifier": f"aat:{known.aat}",
            "label": known.label,
            "sourceLabels": [{"label": label, "lang": HANZI}],
            own("category"): code,
        }
    else:
        yield {"identifier": f"{words.base}/api/places#{code}", "label": label, own("category"): code}


def _geometry(place: Told, cited: _Citations) -> Feature | None:
    if place.document["shapes"]:
        shapes = [
            {**part["shape"], **_when(part), **cited.of(part["key"]), **_certainty(part), **_own(part, OF_SHAPE)}
            for part in place.document["shapes"]
        ]
        return {"type": "GeometryCollection", "geometries": shapes}
    if place.point is None:
        return None
    about = _own({"quality": place.quality, "precision_m": place.precision_m}, ("quality", "precision_m"))
    return {"type": "GeometryCollection", "geometries": [{**place.point, **about}]}


def _relation(part: Document, cited: _Citations, words: Words) -> Feature:
    kind = part["kind"]
    return {
        "relationType": RELATION_TYPES.get(kind, RELATED),
        "relationTo": address(words.base, part["other"]),
        "label": part["note"] or words.term("relation-kinds", kind),
        **_when(part),
        **cited.of(part["key"]),
        **_own(part, OF_RELATION),
    }


def _depiction(part: Document, words: Words) -> Feature:
    about = {"title": part["caption"], "license": words.term("licences", part["licence"])}
    return {"@id": f"{words.base}/pictures/{part['file']}", **about, **_own(part, OF_PICTURE)}


def _when(part: Document) -> Feature:
    found = when(part)
    return {"when": found} if found else {}


def _certainty(part: Document) -> Feature:
    said = part["certainty"]
    if not said:
        return {}
    return {"certainty" if said in CERTAINTIES else own("certainty"): said}


def _own(part: Mapping[str, Any], names: Iterable[str]) -> Feature:
    """What the format has no member for, as far as anything is said."""
    return {own(name): part[name] for name in names if part[name] not in ("", None)}
