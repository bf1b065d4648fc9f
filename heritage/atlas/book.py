"""The atlas as a book: chapters are set one after another, and what refers to their pages, contents and indexes, after them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from heritage import showing
from heritage.atlas import choosing, indexes, maps
from heritage.atlas.binding import bound
from heritage.atlas.choosing import Chapter, Choice, Chosen
from heritage.atlas.entries import Entry, Telling
from heritage.atlas.errors import NoApproval
from heritage.atlas.geography import Geography, sources, square
from heritage.atlas.typesetting import Part, Press, press, without_glyph
from heritage.models import HeritageList
from heritage.models.places import Sensitivity
from layers.publish.statements import DATABASE
from layers.rows import today

LANGUAGE = "zh-hans"
FAR_M = 20_000  # from its county: a place that lies farther away would leave no room for the county on its map

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Atlas:
    """remarks: what whoever prints it should look at."""

    pdf: bytes
    pages: int
    entries: int
    remarks: Sequence[str]


def make(choice: Choice, *, for_publication: bool = False, tell: Tell = lambda _said: None) -> Atlas:
    """The atlas of the places of a choice, in Chinese. tell: is told how far it is.

    Raises NoApproval for a publication without a map approval number, BadParameter for what is not there to choose,
    NothingToPrint and FontMissing.
    """
    if for_publication and not settings.MAP_APPROVAL_NO:
        raise NoApproval
    geography = Geography()
    chapters = choosing.chapters(choice, geography)
    with translation.override(LANGUAGE):
        mark = "" if for_publication else _("For internal use: the maps are not approved")
    with press(mark) as set_by:
        return _Book(choice, geography, chapters, set_by, tell).made()


@dataclass
class _Book:
    choice: Choice
    geography: Geography
    chapters: Sequence[Chapter]
    press: Press
    tell: Tell
    pages: dict[str, int] = field(default_factory=dict)
    unprintable: list[tuple[str, str]] = field(default_factory=list)
    outlying: list[tuple[str, str]] = field(default_factory=list)
    body: list[Part] = field(default_factory=list)
    next_page: int = 1

    def __post_init__(self) -> None:
        self.places = [place for chapter in self.chapters for place in chapter.places]
        numbers = {place.handle: place.number for place in self.places}
        self.telling = Telling(self.geography.names, numbers, showing.words())

    def made(self) -> Atlas:
        for chapter in self.chapters:
            count = sum(1 for _place in chapter.places)
            begin = self.next_page
            with translation.override(LANGUAGE):
                self._set_chapter(chapter)
            about = {"county": self._title(chapter), "count": count, "first": begin, "last": self.next_page - 1}
            self.tell(_("%(county)s: %(count)d entries, pages %(first)d to %(last)d") % about)
        with translation.override(LANGUAGE):
            self._set_back()
            front = self._front()
            title = _heading(self.choice, self.geography) + _("Atlas of historical and cultural place names")
        self.tell(_("Binding the parts …"))
        pdf = bound(front, self.body, title=title, language=LANGUAGE)
        pages = sum(part.pages for part in (front, *self.body))
        return Atlas(pdf, pages, len(self.places), self._remarks())

    def _set(self, template: str, **context: Any) -> None:
        part = self.press.set(template, first=self.next_page, **context)
        self.pages |= part.numbers
        self.next_page += part.pages
        self.body.append(part)

    def _title(self, chapter: Chapter) -> str:
        return self.geography.counties[chapter.code].name if chapter.code else _("Places of no single county")

    def _set_chapter(self, chapter: Chapter) -> None:
        sections = []
        for section in chapter.sections:
            entries = self.telling.entries(section.places)
            self._look_at(entries)
            sections.append((self._category(section.category), f"s{chapter.code}-{section.places[0].number}", entries))
        self._set(
            "chapter.html",
            title=self._title(chapter),
            anchor=f"c{chapter.code}",
            places=list(chapter.places),
            sections=sections,
            maps=self._maps(chapter),
            note=self._map_note(chapter),
        )

    def _category(self, code: str) -> str:
        return self.telling.word("place-categories", code)

    def _look_at(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            names = "".join(line.name + line.traditional for line in entry.names)
            texts = "".join(said.text for said in (*entry.story, *entry.facts))
            missing = without_glyph(entry.place.name + entry.traditional + names + texts)
            if missing:
                self.unprintable.append((entry.place.name, " ".join(missing)))

    def _remarks(self) -> list[str]:
        glyphs = _("%(name)s: the type has no glyph for %(characters)s.")
        outlying = _("%(name)s lies outside of %(county)s and is not on its map: look at its position or its township.")
        picture = _("The picture “%(caption)s” is not in the store.")
        return [
            *(glyphs % {"name": name, "characters": characters} for name, characters in self.unprintable),
            *(outlying % {"name": name, "county": county} for name, county in self.outlying),
            *(picture % {"caption": caption} for caption in self.telling.missing),
        ]

    def _maps(self, chapter: Chapter) -> list[maps.Drawing]:
        county = self.geography.counties.get(chapter.code)
        if county is None or county.shape is None:
            return []
        townships = [(one.name, one.shape) for one in self.geography.townships(county.code) if one.shape is not None]
        around = [
            (other.name, other.shape)
            for other in self.geography.counties.values()
            if other.code != county.code and other.shape is not None
        ]
        ground = maps.Ground(county.shape, townships, around)
        return maps.of_county(ground, self._spots(chapter, county.shape), _words())

    def _spots(self, chapter: Chapter, county: BaseGeometry) -> list[maps.Spot]:
        spots = []
        for place in chapter.places:
            if place.at is None:
                continue
            if county.distance(place.at) > FAR_M:
                self.outlying.append((place.name, self._title(chapter)))
                continue
            spots.append(maps.Spot(place.number, (place.at.x, place.at.y), _square_of(place)))
        return spots

    def _map_note(self, chapter: Chapter) -> dict[str, Any]:
        county = self.geography.counties.get(chapter.code)
        areas = [county, *self.geography.townships(county.code)] if county else []
        named, as_of = sources(areas)
        return {
            "sources": named,
            "as_of": as_of,
            "is_approximate": any(area.is_approximate for area in areas),
            "has_squares": any(place.sensitivity == Sensitivity.GENERALISED for place in chapter.places),
            "approval_no": settings.MAP_APPROVAL_NO,
            "is_draft": bool(self.press.mark),
        }

    def _set_back(self) -> None:
        names = indexes.names(self.places)
        self._set(
            "back.html",
            by_spelling=indexes.by_spelling(names),
            by_strokes=indexes.by_strokes(names),
            sources=list(self.telling.sources.numbers.items()),
            pages=self.pages,
        )

    def _front(self) -> Part:
        contents = [
            (
                self._title(chapter),
                f"c{chapter.code}",
                [
                    (
                        self._category(section.category),
                        f"s{chapter.code}-{section.places[0].number}",
                        len(section.places),
                    )
                    for section in chapter.sections
                ],
            )
            for chapter in self.chapters
        ]
        counties = {code: area.shape for code, area in self.geography.counties.items() if area.shape is not None}
        return self.press.set(
            "front.html",
            first=1,
            heading=_heading(self.choice, self.geography),
            subtitles=self._subtitles(),
            portal=settings.PORTAL_NAME,
            on=today(),
            count=len(self.places),
            proposed=any(place.roman for place in self.places),
            contents=contents,
            pages=self.pages,
            overview=self._overview(counties) if len(counties) > 1 and not self.choice.county else None,
            is_approximate=any(area.is_approximate for area in self.geography.counties.values()),
            outline=maps.outline(list(counties.values())) if counties else "",
            approval_no=settings.MAP_APPROVAL_NO,
            is_draft=bool(self.press.mark),
            contact=settings.CONTACT,
        )

    def _overview(self, counties: Mapping[str, BaseGeometry]) -> maps.Drawing:
        titles = {code: self.geography.counties[code].name for code in counties}
        named = []
        for code, shape in counties.items():
            page = self.pages.get(f"c{code}")
            told = _("%(county)s\npage %(page)d") % {"county": titles[code], "page": page} if page else titles[code]
            named.append((told, shape))
        return maps.of_city(named, _words())

    def _subtitles(self) -> list[str]:
        """What of the places is in the book, where it is not all."""
        said = []
        if self.choice.heritage_list:
            said.append(HeritageList.objects.using(DATABASE).get(code=self.choice.heritage_list).name)
        if self.choice.category:
            said.append(self._category(self.choice.category))
        return said


def _heading(choice: Choice, geography: Geography) -> str:
    """Whose atlas it is."""
    return geography.counties[choice.county].name if choice.county else geography.city


def _square_of(place: Chosen) -> BaseGeometry | None:
    return square(place.at) if place.sensitivity == Sensitivity.GENERALISED and place.at is not None else None


def _words() -> maps.Words:
    return maps.Words(north=_("north"), kilometres=_("kilometres"), metres=_("metres"), detail=_("Detail %d"))
