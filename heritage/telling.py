"""Entries in the reader's words: what their fields and parts are called, and what their values say."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.gdal.error import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, Point
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from heritage import documents
from heritage.differences import Document
from heritage.models import Place, Source, Term
from heritage.models.parts import parts
from heritage.models.periods import BOUNDS
from heritage.models.vocabularies import TermField
from layers.divisions import names_of
from layers.models.base import DEMONSTRATION, LongText, Text

METRES_SRID = 4549
KILOMETRE_M, HECTARE_M2 = 1000, 10_000
KEY_SHOWN = 8  # characters of a key or a file's name, where nothing else names it


def title(name: str, kind: str = "") -> str:
    """What a field of an entry is called, of a part of that kind where one is said; or a kind of parts."""
    if not kind and name in parts():
        return str(capfirst(parts()[name]._meta.verbose_name_plural))
    field = documents.columns(parts()[kind] if kind else Place).get(name)
    return str(capfirst(field.verbose_name)) if field is not None else name


def is_prose(name: str, kind: str = "") -> bool:
    """Whether the field holds words of a person's own, which are compared as words."""
    field = documents.columns(parts()[kind] if kind else Place)[name]
    return isinstance(field, Text | LongText) and not isinstance(field, TermField) and name not in ("about", "township")


def measured(shape: GEOSGeometry) -> GEOSGeometry:
    """The shape in metres. Raises GDALException for one that lies outside of the projection."""
    found = shape.transform(METRES_SRID, clone=True)
    assert found is not None
    return found


class Teller:
    """The words for some documents. What they name, terms, works, places and divisions, is read once for all of them."""

    def __init__(self, found: Iterable[Document]) -> None:
        self.documents = tuple(found)

    def title(self, path: str) -> str:
        """What a path is called: the whole entry, a field, a part, or a field of a part."""
        if not path:
            return _("The whole entry")
        kind, *rest = path.split("/")
        if not rest:
            return title(kind)
        part = self.part(kind, self._parts.get((kind, rest[0]), {"key": rest[0]}))
        return f"{part} · {title(rest[1], kind)}" if len(rest) > 1 else part

    def part(self, kind: str, part: Document) -> str:
        """What tells the part from others of its kind."""
        said = " ".join(str(word) for word in self._named(kind, part) if word)
        return said or f"{title(kind)} {str(part['key'])[:KEY_SHOWN]}"

    def _named(self, kind: str, part: Document) -> tuple[Any, ...]:
        def value(name: str) -> str:
            return self.value(kind, name, part.get(name))

        match kind:
            case "names":
                return value("role"), part.get("name")
            case "shapes":
                return value("shape"), part.get("time_text") or part.get("note")
            case "relations":
                return value("kind"), value("other")
            case "citations":
                return _("Citation"), value("about"), value("source"), part.get("pages")
            case "pictures":
                return _("Picture"), part.get("caption")
        return (value("measure"),)

    def value(self, kind: str, name: str, value: Any) -> str:
        """A value of a field in words, empty where there is none. kind: of the part, or empty."""
        if value in (None, "", []):
            return ""
        field = documents.columns(parts()[kind] if kind else Place)[name]
        if isinstance(field, GeometryField):
            return shape(value)
        if isinstance(field, TermField):
            return self._terms.get((field.vocabulary, str(value)), str(value))
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if name in BOUNDS:
            return year(value)
        match kind, name:
            case "relations", "other":
                return self.place(value)
            case "citations", "source":
                return self._works.get(str(value), str(value))
            case "citations", "about":
                return self._about(str(value))
            case "pictures", "file":
                return str(value)[:KEY_SHOWN]
            case "", "township":
                return self._divisions.get(str(value), str(value))
            case "", "source" if value == DEMONSTRATION:
                return _("demonstration")
            case _, "precision_m":
                return f"{value} {pgettext('unit', 'm')}"
        return str(value)

    def place(self, handle: str | None) -> str:
        """The name of another place, with its handle."""
        name = self._places.get(handle or "")
        return f"{name} ({handle})" if name else handle or ""

    def county(self, document: Document) -> str:
        return self._divisions.get(str(document.get("township") or "")[:6], "")

    def _about(self, said: str) -> str:
        part = next(((kind, part) for (kind, key), part in self._parts.items() if key == said), None)
        return self.part(*part) if part else title(said)

    @cached_property
    def _parts(self) -> Mapping[tuple[str, str], Document]:
        return {
            (kind, str(part["key"])): part
            for document in reversed(self.documents)
            for kind in parts()
            for part in document.get(kind) or ()
        }

    @cached_property
    def _terms(self) -> Mapping[tuple[str, str], str]:
        """The words of every term by vocabulary and code, of those that have gone too."""
        chinese = (get_language() or "").startswith("zh")
        found = Term.objects.values_list("vocabulary__code", "code", "name", "name_en")
        return {
            (vocabulary, code): name if chinese or not name_en else name_en for vocabulary, code, name, name_en in found
        }

    @cached_property
    def _works(self) -> Mapping[str, str]:
        codes = self._said("citations", "source")
        return dict(Source.objects.filter(code__in=codes).values_list("code", "title")) if codes else {}

    @cached_property
    def _places(self) -> Mapping[str, str]:
        handles = self._said("relations", "other")
        return dict(Place.objects.filter(handle__in=handles).values_list("handle", "name")) if handles else {}

    @cached_property
    def _divisions(self) -> Mapping[str, str]:
        townships = {str(document.get("township") or "") for document in self.documents} - {""}
        codes = sorted(townships | {code[:6] for code in townships})
        return dict(zip(codes, names_of(codes), strict=True)) if codes else {}

    def _said(self, kind: str, name: str) -> set[str]:
        return {str(part[name]) for (of, _key), part in self._parts.items() if of == kind and part.get(name)}


def year(value: Any) -> str:
    """A year as people write it; what is none stays as it is."""
    if not isinstance(value, int):
        return str(value)
    return _("%(year)d BC") % {"year": -value} if value < 0 else str(value)


def shape(said: Any) -> str:
    """A shape in words: where a point is, how long a line and how large an area."""
    try:
        drawn = documents.geometry(said)
        assert drawn is not None
        points = {"points": drawn.num_coords}
        match drawn.dims:
            case 0 if isinstance(drawn, Point):
                return _("point %(lon).5f, %(lat).5f") % {"lon": drawn.x, "lat": drawn.y}
            case 0:
                return _("%(points)d single points") % points
            case 1:
                return _("line of %(km).2f km, %(points)d points") % {
                    "km": measured(drawn).length / KILOMETRE_M,
                    **points,
                }
            case _:
                return _("area of %(ha).2f ha, %(points)d points") % {"ha": measured(drawn).area / HECTARE_M2, **points}
    except (ValueError, TypeError, GDALException, GEOSException):
        return _("a shape that cannot be read")


def moved_m(before: Any, after: Any) -> float | None:
    """How far the middle of a shape lies from where it was; None where one of the two cannot be read."""
    try:
        was, became = (documents.geometry(one) for one in (before, after))
        if was is None or became is None:
            return None
        return float(measured(was.centroid).distance(measured(became.centroid)))
    except (ValueError, TypeError, GDALException, GEOSException):
        return None


def model_of(kind: str) -> type[models.Model]:
    """The model of a part, or of the place itself where no kind is said."""
    return parts()[kind] if kind else Place
