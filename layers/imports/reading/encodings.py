"""The encodings of texts: found by content, and brought to UTF-8 in blocks."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from layers.imports.reading.errors import UnreadableFile

SAMPLE_BYTES = 2**20
BLOCK_BYTES = 2**20
TITLES = {
    "utf-8": "UTF-8",
    "gb18030": "GB18030",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "big5": "Big5",
}
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
SUBSETS = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "utf-8-sig": "utf-8", "ascii": "utf-8"}


def known_encoding(name: str) -> str:
    """The name used here of an encoding that a person or a file names. Raises UnreadableFile for an unknown one."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = ""
    found = SUBSETS.get(found, found)
    if found not in TITLES:
        raise UnreadableFile("unknown_encoding", encoding=name, known=", ".join(TITLES))
    return found


def marked_encoding(sample: bytes) -> str:
    """The encoding that the byte order mark says, or "" without one."""
    return next((encoding for mark, encoding in MARKS.items() if sample.startswith(mark)), "")


def is_text(sample: bytes) -> bool:
    """Whether a file that begins with the sample is one of texts, in whatever encoding."""
    return bool(marked_encoding(sample)) or not NO_TEXT.search(sample[:4096])


def encoding_of(sample: bytes) -> str:
    """The encoding of a file that begins with the sample: as marked, else UTF-8 or GB18030, the one that it is of for
    longer; a character cut off at its end is none against it.
    """
    return marked_encoding(sample) or max(("utf-8", "gb18030"), key=lambda encoding: _length_of(sample, encoding))


def _length_of(sample: bytes, encoding: str) -> int:
    """How many of the bytes are of the encoding, from the first on."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError as error:
        return error.start
    return len(sample)


def sample_text(path: Path, encoding: str) -> str:
    """The text that the file begins with; U+FFFD for what is not of the encoding."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample).removeprefix("\ufeff")


def utf8_blocks(path: Path, encoding: str) -> Iterator[bytes]:
    """The file's text as UTF-8, without its mark. What is not of the encoding ends it with a byte that is no UTF-8, so
    that whoever reads rows can say in which one.
    """
    blocks = _blocks(path) if encoding == "utf-8" else _transcoded(path, encoding)
    yield next(blocks, b"").removeprefix(codecs.BOM_UTF8)
    yield from blocks


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


def _transcoded(path: Path, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for block in chain(_blocks(path), [b""]):
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(encoding).encode() + b"\xff"
            return
        yield text.encode("utf-8", "surrogatepass")
