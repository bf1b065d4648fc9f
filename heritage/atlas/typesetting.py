"""HTML of our templates into pages. Nothing is fetched but our own pictures."""

import gc
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from heritage import pictures
from layers.doorplates import fonts

TEMPLATES = Path(__file__).parent / "templates"
PICTURE = "picture:"
SERIF, SERIF_BOLD = "NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"
POINTS_A_PIXEL = 0.75
DPI, QUALITY = 300, 85  # of pictures, as they are printed


class _Pictures(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Gives the stored pictures, and what stands in the page itself: an entry's text leads nowhere."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        if not url.startswith(PICTURE):
            raise FatalURLFetchingError(url)
        path = pictures.path_of(url.removeprefix(PICTURE))
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": pictures.media_type(path)})


@dataclass(frozen=True)
class Part:
    """Pages that are set. anchors: on which of them, from 0, and how high on it, in points, each stands."""

    path: Path
    first: int
    pages: int
    anchors: Mapping[str, tuple[int, float]]

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers of the pages on which the anchors stand."""
        return {anchor: self.first + at for anchor, (at, _height) in self.anchors.items()}


class Press:
    """Sets parts of a book, one after another."""

    def __init__(self, folder: Path, mark: str) -> None:
        """folder: for what is kept meanwhile. mark: what every page says, empty for nothing. Raises FontMissing."""
        for name in (SERIF, SERIF_BOLD, fonts.REGULAR, fonts.BOLD):
            fonts.path_of(name)
        self.folder, self.mark = folder, mark
        self.fonts, self.fetcher = FontConfiguration(), _Pictures()
        self.style = CSS(filename=TEMPLATES / "atlas.css", font_config=self.fonts, url_fetcher=URLFetcher())
        drawn = _templates().get_template("watermark.svg").render(mark=mark)
        self.watermark = b64encode(drawn.encode()).decode()

    def set(self, template: str, *, first: int, **context: Any) -> Part:
        """A part, of which the first page has that number. It is written at once, so that no more than one is in memory."""
        page = (
            _templates().get_template(template).render(first=first, mark=self.mark, watermark=self.watermark, **context)
        )
        document: Document = HTML(string=page, url_fetcher=self.fetcher).render(
            font_config=self.fonts, stylesheets=[self.style], cache=self.folder, dpi=DPI, jpeg_quality=QUALITY
        )
        path = self.folder / f"{template}-{first}.pdf"
        document.write_pdf(path, dpi=DPI, jpeg_quality=QUALITY, cache=self.folder)
        anchors = {
            anchor: (at, (sheet.height - y) * POINTS_A_PIXEL)
            for at, sheet in enumerate(document.pages)
            for anchor, (_left, y, *_corner) in sheet.anchors.items()
        }
        part = Part(path, first, len(document.pages), anchors)
        del document
        gc.collect()  # its boxes refer to each other: the next part's would come on top of them
        return part


@contextmanager
def press(mark: str) -> Iterator[Press]:
    with TemporaryDirectory() as folder:
        yield Press(Path(folder), mark)


def without_glyph(text: str) -> list[str]:
    """The characters of a text that the atlas's type cannot print."""
    return sorted(one for one in set(text) if ord(one) > ord(" ") and ord(one) not in _printable())


@cache
def _printable() -> frozenset[int]:
    return frozenset(fonts.Outlines(SERIF).names)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["_"] = _
    return environment
