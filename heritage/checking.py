"""What is wrong with an entry, every fault of it, before a person reviews it and before it is written."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.gdal.error import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, Polygon
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from heritage import documents, pictures, spelling, vocabulary
from heritage.differences import Document
from heritage.errors import Fault
from heritage.models import Place, Source
from heritage.models.parts import SHA256, parts
from heritage.models.periods import BOUNDS, FIRST_YEAR, LAST_YEAR
from heritage.models.places import Sensitivity
from heritage.models.vocabularies import STANDARD, TermField
from layers.models import Division
from layers.models.base import SRID
from layers.models.divisions import CODE_DIGITS, Level
from layers.models.rules import in_force
from layers.rows import today

MOST_PARTS, MOST_VERTICES = 200, 20_000
NEAR_DEG = 0.05  # how far from the drawn boundaries a place of the bureau may lie; they are approximate
ASSERTED = ("meaning", "origin", "evolution", "people_and_events", "condition_note")
ORDERED = (
    ("start_earliest", "start_latest"),
    ("end_earliest", "end_latest"),
    ("start_earliest", "end_latest"),
    ("start_latest", "end_latest"),
)


def misshapen(document: Any) -> list[Fault]:
    """What makes a draft unreadable: it can be incomplete, but has the columns and the lists of an entry and no others."""
    if not isinstance(document, dict):
        return [Fault("", _("An entry is a JSON object."))]
    kinds = parts()
    known = {*documents.columns(Place), *kinds}
    faults = [
        Fault(str(name), _("An entry has no field “%(name)s”.") % {"name": name})
        for name in document
        if name not in known
    ]
    for kind, model in kinds.items():
        said = document.get(kind, [])
        if not isinstance(said, list) or not all(isinstance(part, dict) and part.get("key") for part in said):
            faults.append(Fault(kind, _("“%(name)s” is a list of objects, each with a “key”.") % {"name": kind}))
            continue
        if len(said) > MOST_PARTS:
            faults.append(
                Fault(kind, _("An entry has at most %(most)d of these; there are %(count)d.")
                      % {"most": MOST_PARTS, "count": len(said)})
            )  # fmt: skip
        for key, count in Counter(str(part["key"]) for part in said).items():
            if count > 1:
                faults.append(Fault(f"{kind}/{key}", _("The key stands here twice; give each part one of its own.")))
        allowed = documents.columns(model)
        faults += [
            Fault(f"{kind}/{part['key']}/{name}", _("An entry has no field “%(name)s”.") % {"name": name})
            for part in said
            for name in part
            if name not in allowed
        ]
    return faults


def faults(document: Document, before: Document | None = None) -> list[Fault]:
    """Every fault of an entry that shall be reviewed or written. before: the place as it stands, whose terms may have gone."""
    return list(_Check(document, before or {}).faults())


class _Check:
    def __init__(self, document: Document, before: Document) -> None:
        self.document = document
        self.before = before
        self.terms = vocabulary.terms()

    def faults(self) -> Iterator[Fault]:
        yield from self._row(Place, self.document, self.before, "")
        for kind, model in parts().items():
            had = {part["key"]: part for part in self.before.get(kind, ())}
            for part in self.document[kind]:
                yield from self._row(model, part, had.get(part["key"], {}), f"{kind}/{part['key']}/")
        yield from self._names()
        yield from self._township()
        yield from self._references()
        yield from self._citations()
        yield from spelling.unexplained(self.document, self.before)
        yield from self._pictures()

    def _row(self, model: type[models.Model], said: Document, had: Document, at: str) -> Iterator[Fault]:
        for name, field in documents.columns(model).items():
            value = said.get(name)
            if isinstance(field, GeometryField):
                yield from _shape(f"{at}{name}", value)
            elif isinstance(field, TermField):
                yield from self._term(f"{at}{name}", field, value, had.get(name))
            elif not isinstance(field, models.ForeignKey) and name not in ("code", *BOUNDS):
                yield from _value(f"{at}{name}", field, value)
        if set(BOUNDS) <= set(said):
            yield from _period(at, said)

    def _term(self, path: str, field: TermField, value: Any, had: Any) -> Iterator[Fault]:
        if not value:
            if not field.blank:
                yield Fault(path, _("“%(title)s” is missing.") % {"title": field.verbose_name})
        elif value != had and value not in (known := self.terms.get(field.vocabulary, {})):
            yield Fault(
                path,
                _("“%(value)s” is not, or no longer, a term for “%(title)s”. There are: %(known)s.")
                % {"value": value, "title": field.verbose_name, "known": ", ".join(known)},
            )

    def _names(self) -> Iterator[Fault]:
        standard = [name for name in self.document["names"] if name.get("role") == STANDARD]
        if len(standard) != 1:
            yield Fault(
                "names",
                _("An entry has one standard name; this one has %(count)d.") % {"count": len(standard)},
            )

    def _township(self) -> Iterator[Fault]:
        code, had = self.document.get("township"), self.before.get("township")
        is_protected = self.document.get("sensitivity") != Sensitivity.PUBLIC
        if code and is_protected and code == had and len(code) == CODE_DIGITS[Level.COUNTY]:
            return  # what the database made of its township
        if code and not Division.objects.filter(in_force(today()), code=code, level=Level.TOWNSHIP).exists():
            yield Fault("township", _("There is no township “%(code)s” today.") % {"code": code})

    def _references(self) -> Iterator[Fault]:
        others = {part["other"] for part in self.document["relations"] if part.get("other")}
        places = set(Place.objects.filter(handle__in=others, merged_into=None).values_list("handle", flat=True))
        works = {part["source"] for part in self.document["citations"] if part.get("source")}
        sources = set(Source.objects.filter(code__in=works).values_list("code", flat=True))
        for kind, name, known, problem in (
            ("relations", "other", places, _("There is no place “%(value)s”.")),
            ("citations", "source", sources, _("There is no cited work “%(value)s”; add it first.")),
        ):
            for part in self.document[kind]:
                if part.get(name) not in known:
                    yield Fault(f"{kind}/{part['key']}/{name}", problem % {"value": part.get(name) or ""})

    def _citations(self) -> Iterator[Fault]:
        about = {*ASSERTED, *(part["key"] for kind in ("names", "shapes", "relations") for part in self.document[kind])}
        for part in self.document["citations"]:
            if part.get("about") not in about:
                yield Fault(
                    f"citations/{part['key']}/about",
                    _("The citation is about nothing that the entry has; choose what."),
                )

    def _pictures(self) -> Iterator[Fault]:
        for part in self.document["pictures"]:
            if re.fullmatch(SHA256, str(part["file"])) and not pictures.is_stored(part["file"]):
                yield Fault(
                    f"pictures/{part['key']}/file", _("The picture is not in the store any more; send it again.")
                )


def _value(path: str, field: models.Field, said: Any) -> Iterator[Fault]:
    try:
        value = documents.value_of(field, said)
        field.clean(value, None)
    except ValidationError as error:
        problem = " ".join(error.messages)
        yield Fault(path, f"{field.verbose_name}: {problem}")
    except (ValueError, TypeError):
        yield Fault(path, _("“%(value)s” is no value for “%(title)s”.") % {"value": said, "title": field.verbose_name})


def _period(at: str, said: Document) -> Iterator[Fault]:
    for bound in BOUNDS:
        year = said[bound]
        if year is not None and (not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR or year == 0):
            yield Fault(
                f"{at}{bound}",
                _(
                    "%(value)s is not a year from %(first)d to %(last)d; before Christ is negative, and there is no year 0."
                )
                % {"value": year, "first": FIRST_YEAR, "last": LAST_YEAR},
            )
            return
    for first, last in ORDERED:
        if said[first] is not None and said[last] is not None and said[first] > said[last]:
            yield Fault(
                f"{at}{last}",
                _("The years are reversed: %(first)d comes after %(last)d.")
                % {"first": said[first], "last": said[last]},
            )
            return


def _shape(path: str, said: Any) -> Iterator[Fault]:
    if isinstance(said, str):
        yield Fault(
            path,
            _(
                "“%(text)s” is no shape. Write a longitude and a latitude a line, such as 120.58, 30.01: one line for a point, "
                "two or more for a line, three or more for an area; and choose which of them it is."
            )
            % {"text": said[:40]},
        )
        return
    try:
        shape = documents.geometry(said)
    except (ValueError, TypeError, GDALException, GEOSException) as error:
        yield Fault(path, _("This is not a GeoJSON geometry: %(error)s.") % {"error": error})
        return
    if shape is None or shape.empty:
        yield Fault(path, _("Draw or write a shape, or take it away."))
    elif shape.hasz or shape.num_coords > MOST_VERTICES:
        yield Fault(path, _("A shape has two coordinates and at most %(most)d points.") % {"most": MOST_VERTICES})
    elif not shape.valid:
        yield Fault(path, _("The shape crosses itself: %(reason)s.") % {"reason": shape.valid_reason})
    elif not _is_near(shape):
        yield Fault(
            path,
            _("The shape lies outside of the counties: about %(lon).4f, %(lat).4f. Longitude comes first.")
            % {"lon": shape.centroid.x, "lat": shape.centroid.y},
        )


def _is_near(shape: GEOSGeometry) -> bool:
    """Whether it lies in a county of the portal, or nearly; where none has a boundary, anything does."""
    counties = Division.objects.filter(in_force(today()), level=Level.COUNTY, boundary__isnull=False)
    west, south, east, north = shape.extent
    around = Polygon.from_bbox((west - NEAR_DEG, south - NEAR_DEG, east + NEAR_DEG, north + NEAR_DEG))
    around.srid = SRID
    return counties.filter(boundary__intersects=around).exists() or not counties.exists()
