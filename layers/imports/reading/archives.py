"""Zips: what they hold, unpacked within bounds."""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from layers.imports.reading.errors import UnreadableFile

LIMIT_BYTES = 4 * 2**30  # of what is unpacked; a Shapefile's parts hold 2 GB each at most
MOST_FILES = 1000
COPIED_BYTES = 2**20
NESTED = (".zip", ".rar", ".7z", ".gz", ".tar")
UTF8_NAME = 0x800  # the flag of a name in UTF-8 (APPNOTE 4.4.4)
ENCRYPTED = 0x1
Member = zipfile.ZipInfo
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip, with what is wrong inside it raised as UnreadableFile."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except BROKEN as error:
        raise UnreadableFile("broken_archive", problem=str(error) or type(error).__name__) from None


def members(archive: zipfile.ZipFile) -> dict[str, Member]:
    """The files by their names, as they were meant. Raises UnreadableFile for a zip that is no plain one."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise UnreadableFile("crowded_archive", most=MOST_FILES)
    found = {_name(entry): entry for entry in entries}
    for name, entry in found.items():
        if _leads_out(name) or stat.S_ISLNK(entry.external_attr >> 16):
            raise UnreadableFile("unsafe_path", name=name)
        if entry.flag_bits & ENCRYPTED:
            raise UnreadableFile("encrypted_archive")
    kept = {name: entry for name, entry in found.items() if not _is_of_the_system(name)}
    for name in kept:
        if name.lower().endswith(NESTED):
            raise UnreadableFile("nested_archive", name=name)
    if sum(entry.file_size for entry in kept.values()) > LIMIT_BYTES:
        raise _too_large()
    return kept


def _name(entry: Member) -> str:
    """The name; where it does not say that it is UTF-8 it is that or GB18030, as Windows writes it in China."""
    name = entry.orig_filename
    if not entry.flag_bits & UTF8_NAME:
        written = name.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = written.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\0" in name or name[1:2] == ":"


def _is_of_the_system(name: str) -> bool:
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith(".") or path.name.lower() in ("thumbs.db", "desktop.ini")


def unpack(archive: zipfile.ZipFile, wanted: Mapping[Path, Member]) -> None:
    """Writes files of the zip to the paths. Raises UnreadableFile when they really are larger than the limit, whatever
    the zip says.
    """
    left = LIMIT_BYTES
    for path, member in wanted.items():
        with archive.open(member) as packed, path.open("wb") as file:
            while data := packed.read(COPIED_BYTES):
                left -= len(data)
                if left < 0:
                    raise _too_large()
                file.write(data)


def _too_large() -> UnreadableFile:
    return UnreadableFile("large_archive", most_mb=LIMIT_BYTES // 2**20)
