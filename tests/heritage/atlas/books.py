"""Places for atlases, and atlases read again."""

import re
from functools import cached_property
from typing import Any

import pypdfium2
from django.contrib.gis.geos import Point
from django.db import transaction

from heritage import documents
from heritage.atlas import book
from heritage.atlas.choosing import Choice
from heritage.models import Place
from layers.models.base import SRID
from tests.heritage.entries import committed, entry

CATEGORY = "古井"  # of which the reference data has none
COUNTY = "330624"


def place(name: str, roman: str = "", *, at: tuple[float, float] | None = (120.9, 29.5), **said: Any) -> Place:
    """A published place of a category of its own."""
    document = entry(name, **{"category": CATEGORY, **said})
    if "names" not in said:
        document["names"][0] |= {"roman": roman, "spelling": "confirmed" if roman else "proposed"}
    if "shapes" not in said:
        shape = {"type": "Point", "coordinates": list(at)} if at else None
        document["shapes"] = [documents.blank_part("shapes", shape=shape, certainty="certain")] if at else []
    code = f"QQ-{document['names'][0]['key'][:8]}"
    with transaction.atomic():
        made = Place.objects.create(code=code, name=name, source=document["source"], category=CATEGORY)
        documents.write(made, document | {"code": code})
    committed()
    made.refresh_from_db()
    return made


def moved(place_: Place, lon: float, lat: float) -> None:
    place_.shapes.update(shape=Point(lon, lat, srid=SRID))
    committed()


class Book:
    """An atlas, read again."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        self.file = pypdfium2.PdfDocument(pdf)

    @cached_property
    def pages(self) -> list[str]:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in self.file]

    @cached_property
    def text(self) -> str:
        return "\n".join(self.pages)

    @property
    def flat(self) -> str:
        """The text without spaces and line ends, which the setting of lines decides."""
        return re.sub(r"\s", "", self.text)

    @cached_property
    def numbers(self) -> list[str]:
        """What each page says its number is; empty on the cover."""
        found = []
        for page in self.file:
            width = page.get_width()
            said = page.get_textpage().get_text_bounded(left=width / 2, bottom=20, right=width, top=45)
            found.append(said.strip())
        return found

    def page(self, number: str) -> str:
        """The text of the page of that number."""
        (at,) = [at for at, said in enumerate(self.numbers) if said == number]
        return self.pages[at]

    @property
    def contents(self) -> list[tuple[str, str]]:
        """What the contents list, with the numbers of the pages."""
        return listed(self.page("iii"))

    def part(self, title: str) -> str:
        """The text of the pages of a part that the contents list."""
        numbers = dict(self.contents)
        later = [int(number) for number in numbers.values() if int(number) > int(numbers[title])]
        after = self.numbers.index(str(min(later))) if later else None
        return "\n".join(self.pages[self.numbers.index(numbers[title]) : after])


def listed(text: str) -> list[tuple[str, str]]:
    """What contents and indexes say, and the number of the page where that is."""
    found = (re.fullmatch(r"(.+?)\s*\.{3,}\s*([0-9]+)", line.strip()) for line in text.split("\n"))
    return [(match[1], match[2]) for match in found if match]


def made(*, for_publication: bool = False, **choice: str) -> Book:
    return Book(book.make(Choice(**{"category": CATEGORY, **choice}), for_publication=for_publication).pdf)
