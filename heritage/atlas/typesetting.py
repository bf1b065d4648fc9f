"""HTML of our templates into pages, and pages into one PDF. Nothing is fetched but our own pictures."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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


class Press:
    """Sets parts of a book, one after another, and binds them."""

    def __init__(self, folder: Path, mark: str) -> None:
        """folder: for what is kept meanwhile. mark: what every page says, empty for nothing. Raises FontMissing."""
        for name in (SERIF, SERIF_BOLD, fonts.REGULAR, fonts.BOLD):
            fonts.path_of(name)
        self.folder, self.mark = folder, mark
        self.fonts, self.fetcher = FontConfiguration(), _Pictures()
        self.style = CSS(filename=TEMPLATES / "atlas.css", font_config=self.fonts, url_fetcher=URLFetcher())
        drawn = _templates().get_template("watermark.svg").render(mark=mark)
        self.watermark = b64encode(drawn.encode()).decode()

    def set(self, template: str, *, first: int, **context: Any) -> Document:
        """The pages of a part, of which the first has that number."""
        page = (
            _templates().get_template(template).render(first=first, mark=self.mark, watermark=self.watermark, **context)
        )
        return HTML(string=page, url_fetcher=self.fetcher).render(
            font_config=self.fonts, stylesheets=[self.style], cache=self.folder, dpi=DPI, jpeg_quality=QUALITY
        )

    def bound(self, parts: Sequence[Document]) -> bytes:
        """The PDF of all pages of the parts; links lead from one to another."""
        whole = parts[0].copy([page for part in parts for page in part.pages])
        made: bytes | None = whole.write_pdf(dpi=DPI, jpeg_quality=QUALITY, cache=self.folder)
        assert made is not None
        return made


@contextmanager
def press(mark: str) -> Iterator[Press]:
    with TemporaryDirectory() as folder:
        yield Press(Path(folder), mark)


def pages_of(part: Document, first: int) -> dict[str, int]:
    """The numbers of the pages on which the part's anchors stand."""
    return {anchor: number for number, page in enumerate(part.pages, first) for anchor in page.anchors}


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
