"""Features of the Linked Places Format read as entries: our own again as they were, others' as far as an entry can hold them.

What an entry has no place for is told in words, so that nobody thinks that it was taken.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import shapely
from django.utils.translation import gettext as _

from heritage.differences import Document
from heritage.linked_places import (
    CERTAINTIES,
    OF_NAME,
    OF_PICTURE,
    OF_RELATION,
    OF_SHAPE,
    OWN,
    RELATION_TYPES,
    TEXTS,
    own,
)
from heritage.timespans import UnreadableTime, period
from layers.names.folding import fold, is_hanzi

STANDARD, ALIAS, UNSTATED = "standard", "alias", "unstated"
DESCRIBED = "evolution"  # where a description goes that does not say what it is about
GEOJSON = ("type", "coordinates", "geometries")
WRITTEN = ("source", "pages", "quote")

Said = Mapping[str, Any]


class NotAPlace(ValueError):
    """What is no feature of the format."""


@dataclass(frozen=True)
class Cited:
    """A citation as others give it: of a work by its label and address."""

    about: str
    label: str
    url: str = ""


@dataclass
class Read:
    """An entry as a feature says it: the columns and parts that it gives and no others.

    handle: our own, where the feature is one of ours. same_as: our places that it is linked with. categories: words for
    its type, the likeliest first. cited: what is to be found among the works. notes: what was left out, and why.
    """

    document: Document = field(default_factory=dict)
    handle: str = ""
    same_as: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def features(document: Any) -> Iterator[Any]:
    """The features of a collection, or the one. Raises NotAPlace."""
    if isinstance(document, Mapping) and document.get("type") == "FeatureCollection":
        found = document.get("features")
        if not isinstance(found, list):
            raise NotAPlace(_("A FeatureCollection has a list “features”."))
        yield from found
    elif isinstance(document, list):
        yield from document
    else:
        yield document


def read(feature: Any, base: str) -> Read:
    """The feature as an entry. base: the portal's public address. Raises NotAPlace for what is no feature at all."""
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        raise NotAPlace(_("A place is a GeoJSON feature: an object whose “type” is “Feature”."))
    return _Reading(feature, base).read()


class _Reading:
    def __init__(self, feature: Said, base: str) -> None:
        self.feature = feature
        self.places = f"{base}/places/"
        self.is_ours = own("handle") in _object(feature, "properties")
        self.found = Read()
        self.citations: list[tuple[int, Document]] = []

    def read(self) -> Read:
        document, properties = self.found.document, _object(self.feature, "properties")
        document |= {name: properties[own(name)] for name in OWN if own(name) in properties}
        self.found.handle = self._handle(self.feature.get("@id")) or str(properties.get(own("handle")) or "")
        if not self.is_ours:
            document["source"] = str(self.feature.get("@id") or "")[:300]
        document |= self._when(self.feature)
        document["names"] = self._names(str(properties.get("title") or ""))
        document["shapes"] = list(self._shapes(self.feature.get("geometry")))
        document["relations"] = list(self._relations())
        document["pictures"] = list(self._pictures())
        document["protection"] = [dict(part) for part in _objects(self.feature, own("protection"))]
        self._types()
        self._descriptions()
        self._links()
        for said in _objects(self.feature, own("citations")):
            self._cite(said, str(said.get(own("about")) or ""))
        document["citations"] = [part for _position, part in sorted(self.citations, key=lambda one: one[0])]
        return self.found

    def _handle(self, said: Any) -> str:
        """The handle in an address of one of our places."""
        text = str(said or "")
        return text.removeprefix(self.places) if text.startswith(self.places) else ""

    def _names(self, title: str) -> list[Document]:
        said = [one for one in _objects(self.feature, "names") if one.get("toponym")]
        forms = [one for one in said if own("of") in one]
        names = [self._name(one) for one in said if own("of") not in one]
        by_key = {name["key"]: name for name in names}
        for form in forms:
            if form[own("of")] in by_key and form.get(own("form")) in ("traditional", "roman"):
                by_key[form[own("of")]][form[own("form")]] = form["toponym"]
        return names if self.is_ours else _told_apart(names, title)

    def _name(self, said: Said) -> Document:
        key = _key(said)
        self._cited(said, key)
        about = {"name": str(said["toponym"]), **self._when(said), "certainty": _certainty(said)}
        return {**about, **_taken(said, OF_NAME), "key": key}

    def _shapes(self, geometry: Any) -> Iterator[Document]:
        if not isinstance(geometry, Mapping):
            return
        is_collection = geometry.get("type") == "GeometryCollection" and own("key") not in geometry
        for one in geometry.get("geometries") or () if is_collection else (geometry,):
            if isinstance(one, Mapping):  # an unknown place is the text “null”
                key, shape = _key(one), _shape(one)
                self._cited(one, key)
                about = {**self._when(one), "certainty": _certainty(one)}
                yield {"shape": shape, **about, **_taken(one, OF_SHAPE), "key": key}

    def _relations(self) -> Iterator[Document]:
        kinds = {said: kind for kind, said in RELATION_TYPES.items()}
        for said in _objects(self.feature, "relations"):
            other = self._handle(said.get("relationTo"))
            kind = said.get(own("kind")) or kinds.get(str(said.get("relationType")), "")
            if not other or not kind:
                told = said.get("label") or said.get("relationTo")
                self._left_out(_("the relation “%(value)s”, which is to no place of the portal"), told)
                continue
            key = _key(said)
            self._cited(said, key)
            note = "" if own("key") in said else str(said.get("label") or "")[:300]
            yield {
                "other": other,
                "note": note,
                **self._when(said),
                **_taken(said, OF_RELATION),
                "kind": kind,
                "key": key,
            }

    def _pictures(self) -> Iterator[Document]:
        for said in _objects(self.feature, "depictions"):
            if own("file") in said:
                yield {"caption": said.get("title", ""), **_taken(said, OF_PICTURE)}
            else:
                self._left_out(_("the picture %(value)s; add it in the editor"), said.get("@id"))

    def _types(self) -> None:
        for said in _objects(self.feature, "types"):
            if own("category") in said:
                self.found.document["category"] = said[own("category")]
                return
            labels = [one.get("label") for one in _objects(said, "sourceLabels")]
            self.found.categories += [str(label) for label in (*labels, said.get("label")) if label]
            self.found.categories.append(str(said.get("identifier") or "").rpartition(":")[2].rpartition("/")[2])

    def _descriptions(self) -> None:
        document = self.found.document
        for said in _objects(self.feature, "descriptions"):
            about = str(said.get(own("about")) or "")
            name = about if about in TEXTS else DESCRIBED
            text = str(said.get("value") or "")
            document[name] = "\n".join(filter(None, (document.get(name), text)))
            self._cited(said, name)

    def _links(self) -> None:
        for said in _objects(self.feature, "links"):
            identifier = said.get("identifier")
            if handle := self._handle(identifier):
                self.found.same_as.append(handle)
            elif identifier:
                self._left_out(_("the link to %(value)s"), identifier)

    def _cited(self, said: Said, about: str) -> None:
        for one in _objects(said, "citations"):
            self._cite(one, about)

    def _cite(self, said: Said, about: str) -> None:
        if own("key") in said:
            part = {name: said.get(own(name), "") for name in WRITTEN}
            self.citations.append((int(said.get(own("position"), 0)), {"key": _key(said), "about": about, **part}))
        elif not self.is_ours:  # ours says where the entry is from in “source”
            self.found.cited.append(Cited(about, str(said.get("label") or ""), str(said.get("@id") or "")))

    def _when(self, said: Said) -> Document:
        try:
            return period(said.get("when"))
        except UnreadableTime as error:
            self._left_out(_("the time “%(value)s”, which is no year, month or day of ISO 8601"), error)
            return {}

    def _left_out(self, what: str, value: object) -> None:
        self.found.notes.append(_("Left out: %(what)s.") % {"what": what % {"value": str(value)[:120]}})


def _told_apart(names: list[Document], title: str) -> list[Document]:
    """Others' names, which say neither role nor form: the title is the standard name, in hanzi if any is; a name in letters
    is its spelling, and the same name in other characters its traditional form."""
    in_hanzi = [name for name in names if any(map(is_hanzi, name["name"]))]
    standard = next((name for name in in_hanzi or names if name["name"] == title), None)
    standard = standard or next(iter(in_hanzi or names), None)
    if standard is None:
        standard = {"name": title, "key": str(uuid4()), "certainty": UNSTATED}
    others = []
    for name in names:
        if name is standard:
            continue
        if name not in in_hanzi and "roman" not in standard and standard in in_hanzi:
            standard["roman"] = name["name"]
        elif name["name"] != standard["name"] and fold(name["name"]) == fold(standard["name"]):
            standard.setdefault("traditional", name["name"])
        elif name["name"] != standard["name"]:
            others.append({**name, "role": ALIAS})
    return [{**standard, "role": STANDARD}, *others]


def _shape(said: Said) -> Document | None:
    """The geometry as GeoJSON; one that is given as WKT alone is read."""
    if "coordinates" not in said and "geometries" not in said and said.get("geo_wkt"):
        try:
            found: Document = shapely.geometry.mapping(shapely.from_wkt(re.sub(r"\s+", " ", str(said["geo_wkt"]))))
        except shapely.errors.GEOSException:
            return None
        return found
    return {name: said[name] for name in GEOJSON if name in said}


def _certainty(said: Said) -> str:
    given = said.get("certainty")
    return str(given) if given in CERTAINTIES else str(said.get(own("certainty")) or UNSTATED)


def _taken(said: Said, names: tuple[str, ...]) -> Document:
    return {name: said[own(name)] for name in names if own(name) in said}


def _key(said: Said) -> str:
    """The part's own key, or a new one."""
    try:
        return str(UUID(str(said.get(own("key")))))
    except ValueError:
        return str(uuid4())


def _object(said: Said, name: str) -> Said:
    found = said.get(name)
    return found if isinstance(found, Mapping) else {}


def _objects(said: Said, name: str) -> list[Said]:
    found = said.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
