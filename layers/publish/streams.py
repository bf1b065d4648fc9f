"""Bodies sent while they are made. Each holds a thread of its process until its last byte is taken, so they are few."""

import logging
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from threading import BoundedSemaphore

from isal import isal_zlib

from layers.errors import TooManyDownloads

AT_ONCE = 2  # of the threads of a process; the others are left to pages and tiles
AFTER_S = 10
BLOCK = 1 << 18
GZIP = 31  # zlib's number for a gzip header and trailer
places = BoundedSemaphore(AT_ONCE)
log = logging.getLogger(__name__)


class Stream:
    """A body of blocks, to be closed by whoever sends it, at its end or before.

    Its first two blocks, such as a heading and the first features, are made at once, so that what goes wrong by then
    is an answer of its own. What breaks off later
    cannot be taken back: the body ends with ``broken``, and the compressed one without its trailer.
    Raises TooManyDownloads.
    """

    def __init__(self, begin: Callable[[], Generator[bytes]], *, broken: bytes = b"") -> None:
        if not places.acquire(blocking=False):
            raise TooManyDownloads(AFTER_S)
        self._holds_place = True
        self._broken = broken
        try:
            self._blocks = begin()
            self._first = next(self._blocks, b"") + next(self._blocks, b"")
        except BaseException:
            self._leave()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        try:
            return next(self._blocks)
        except StopIteration:
            self.close()
            raise
        except Exception as error:  # noqa: BLE001  the answer has begun: what is wrong can only be logged and marked
            log.warning("a download broke off: %s", error)
            self.close()
            broken, self._broken = self._broken, b""
            if broken:
                return broken
            raise StopIteration from None

    def close(self) -> None:
        try:
            self._blocks.close()
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._holds_place:
            self._holds_place = False
            places.release()


class Nothing:
    """The body of an answer that is only described: one to HEAD, whose length is known once it is made."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        raise StopIteration

    def close(self) -> None:
        """There is nothing to close."""


Body = bytes | Stream | Nothing


def packed(blocks: Generator[bytes]) -> Generator[bytes]:
    """The blocks as gzip, at the level that costs less than the wire."""
    packer = isal_zlib.compressobj(1, isal_zlib.DEFLATED, GZIP)
    try:
        for block in blocks:
            if small := packer.compress(block):
                yield small
        yield packer.flush()
    finally:
        blocks.close()


def file_blocks(path: Path) -> Generator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
