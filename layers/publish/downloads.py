"""Whole selections as files: what is asked for, and whether it is made at once, sent as it is read, or by a job."""

import re
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from layers.access import Reader
from layers.crs import CRS84, OFFERED_IN_FILES, STORAGE
from layers.errors import BadParameter
from layers.publish import asking, paging
from layers.publish.formats import DEGREES, Format
from layers.publish.formats.reading import Features
from layers.publish.items import Writing
from layers.publish.selection import Selection
from layers.publish.streams import Stream, packed
from layers.registry import Layer

AT_ONCE = 10_000  # features; above, a text is sent as it is read and a file is built by a job
WORK = Path(settings.MEDIA_ROOT) / "exports"  # shared by the processes that serve and those that build


Tell = Callable[[int], None]  # is told how many features have been read since it was told last


def _no_one(_rows: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, kw_only=True)
class Download:
    """Features as a file of a format. most: how many at most, None for all that are selected."""

    layer: Layer
    format: Format
    selection: Selection
    writing: Writing
    most: int | None = None

    def features(self, *, is_large: bool, tell: Tell = _no_one) -> Features:
        return Features(selection=self.selection, writing=self.writing, most=self.most, is_large=is_large, tell=tell)

    @property
    def disposition(self) -> str:
        """The Content-Disposition (RFC 6266): the layer's title, the day, and GCJ-02 if it is, as the file's name, and
        plain letters for clients that know no others."""
        day = self.selection.period.said.replace("/", "_").replace("..", "")
        if self.writing.has_geometry and self.writing.crs.mark:
            day += f"-{self.writing.crs.mark}"
        plain = f"{self.layer.id}-{day}.{self.format.extension}"
        named = f"{self.layer.title}-{day}.{self.format.extension}"
        return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(named)}"


def wanted(layer: Layer, form: Format, reader: Reader, given: Mapping[str, str]) -> Download:
    """The download that the parameters describe. Raises BadParameter, also for what makes sense only for pages."""
    for name in ("cursor", "offset"):
        if name in given:
            raise BadParameter(name, given[name], _("a file holds the whole selection; leave it out."))
    writing = asking.writing(layer, reader, given, offered=OFFERED_IN_FILES, has_wkt=form.has_wkt)
    if writing.crs not in form.crs:
        offered = ", ".join(crs.uri for crs in form.crs)
        expected = _("%(format)s can be in %(offered)s.") % {"format": form.title, "offered": offered}
        raise BadParameter("crs", given["crs"], expected)
    if writing.crs in DEGREES and STORAGE not in form.crs:  # the format says that longitude comes first
        writing = replace(writing, crs=CRS84)
    selection = asking.selection(layer, reader, given)
    return Download(layer=layer, format=form, selection=selection, writing=writing, most=_most(given))


def _most(given: Mapping[str, str]) -> int | None:
    text = given.get("limit")
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) or int(text) < 1:
        raise BadParameter("limit", text, _("give a whole number, or leave it out for all."))
    return int(text)


def is_large(download: Download, version: int) -> bool:
    """Whether there are more features than are made into a file while the asker waits."""
    if download.most is not None and download.most <= AT_ONCE:
        return False
    matched = paging.matched(download.selection.whole, version)
    return matched is None or matched > AT_ONCE


def body(download: Download, *, is_large: bool, is_packed: bool) -> bytes | Stream:
    """The file, or the stream of a large one. Raises TooManyDownloads, FormatLimit."""
    if is_large:
        blocks = partial(_blocks, download, is_large=True)
        return Stream(lambda: packed(blocks())) if is_packed else Stream(blocks, broken=download.format.broken)
    if download.format.stream is not None:
        return b"".join(_blocks(download, is_large=False))
    with work_folder() as folder:
        path = folder / f"{download.layer.id}.{download.format.extension}"
        write(download, path, is_large=False)
        return path.read_bytes()


def _blocks(download: Download, *, is_large: bool, tell: Tell = _no_one) -> Generator[bytes]:
    assert download.format.stream is not None
    with download.features(is_large=is_large, tell=tell) as features:
        yield from download.format.stream(features)


@contextmanager
def work_folder(prefix: str = "work-") -> Iterator[Path]:
    """A folder for files in the making, which goes with all that is in it."""
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK, prefix=prefix) as folder:
        yield Path(folder)


def write(download: Download, path: Path, *, is_large: bool, tell: Tell = _no_one) -> None:
    """Writes the file. Raises FormatLimit, and what ``tell`` raises; what is then at the path is no file."""
    if download.format.write is None:
        with path.open("wb") as file:
            file.writelines(_blocks(download, is_large=is_large, tell=tell))
        return
    with download.features(is_large=is_large, tell=tell) as features:
        download.format.write(features, path)
