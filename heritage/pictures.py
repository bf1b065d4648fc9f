"""Pictures of places: checked, turned upright and freed of what cameras write into them, each kept once under its SHA-256."""

import hashlib
import os
import tempfile
import time
import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from heritage.errors import BadPicture
from heritage.models import Picture

MOST_BYTES = 20 * 1024**2
MOST_PIXELS = 50_000_000  # each of 3 or 4 bytes once decoded
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SIGNS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}
PREVIEW_PX = 480
SMALL = ".small"
QUALITY = 88
CHUNK = 64 * 1024
UNUSED_S = 24 * 3600  # a picture may lie that long before the draft it was sent for is saved

# Whatever still shows a picture: entries, their versions and drafts, inspections of signs.
USED = """
    SELECT file FROM heritage_picture
    UNION SELECT jsonb_path_query(document, '$.pictures[*].file') #>> '{}' FROM heritage_placeversion
    UNION SELECT jsonb_path_query(document, '$.pictures[*].file') #>> '{}' FROM heritage_changeset WHERE state <> 'abandoned'
    UNION SELECT picture FROM heritage_signinspection
"""


@dataclass(frozen=True)
class Stored:
    """file: the SHA-256 of the stored picture, its name. width, height: in pixels, upright."""

    file: str
    width: int
    height: int


def store(sent: Iterable[bytes]) -> Stored:
    """Keeps a picture with a smaller one of it. sent: the file in pieces. Raises BadPicture, with nothing kept."""
    with tempfile.TemporaryFile() as file:
        size = 0
        for piece in sent:
            size += len(piece)
            if size > MOST_BYTES:
                raise BadPicture(_("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024**2})
            file.write(piece)
        file.seek(0)
        picture, kind = _decoded(file)
    made = _encoded(picture, kind)
    name = hashlib.sha256(made).hexdigest()
    width, height = picture.size
    picture.thumbnail((PREVIEW_PX, PREVIEW_PX))
    _write(path_of(name, small=True), _encoded(picture, "WEBP"))
    _write(path_of(name), made)
    return Stored(name, width, height)


def path_of(file: str, *, small: bool = False) -> Path:
    """Where a picture of that SHA-256 is kept, whether it is there or not."""
    return folder() / file[:2] / (file + (SMALL if small else ""))


def is_stored(file: str) -> bool:
    return path_of(file).is_file()


def media_type(path: Path) -> str:
    """Of a stored picture."""
    with path.open("rb") as file:
        begin = file.read(4)
    return next(kind for sign, kind in SIGNS.items() if begin.startswith(sign))


def is_public(file: str) -> bool:
    """Whether a published place shows the picture today."""
    return Picture.objects.filter(file=file, place__published=True).exists()


def remove_unused(now: float | None = None) -> int:
    """How many files were removed that nothing refers to and that were sent more than a day before."""
    before = (time.time() if now is None else now) - UNUSED_S
    old = [path for path in folder().glob("??/*") if path.stat().st_mtime < before]
    if not old:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(USED)
        used = {file for (file,) in cursor.fetchall()}
    unused = [path for path in old if path.name.removesuffix(SMALL) not in used]
    for path in unused:
        path.unlink(missing_ok=True)
    return len(unused)


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "heritage"


def _decoded(file: BinaryIO) -> tuple[Image.Image, str]:
    """The picture upright, in the colours of a screen, and its format. Raises BadPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=tuple(FORMATS)) as opened:
                kind = str(opened.format)
                # Asked before a pixel is decoded, so that a small file cannot fill the memory.
                if opened.width * opened.height > MOST_PIXELS:
                    raise _too_many_pixels()
                opened.load()
                return _in_colours(ImageOps.exif_transpose(opened)), kind
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise BadPicture(_("The file is no picture: send a JPEG, PNG or WebP.")) from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadPicture(_("The picture cannot be read to its end (%(error)s).") % {"error": error}) from None


def _too_many_pixels() -> BadPicture:
    return BadPicture(_("The picture has more than %(most)d million pixels.") % {"most": MOST_PIXELS // 1_000_000})


def _in_colours(picture: Image.Image) -> Image.Image:
    """The pixels alone, without place, camera, owner or comment; transparency is kept."""
    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    plain = picture.convert("RGBA" if transparent else "RGB")
    plain.info.clear()
    return plain


def _encoded(picture: Image.Image, kind: str) -> bytes:
    made = BytesIO()
    picture.save(made, kind, quality=QUALITY)
    return made.getvalue()


def _write(path: Path, content: bytes) -> None:
    """The file appears whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            Path(file.name).chmod(0o644)
            os.replace(file.name, path)  # noqa: PTH105  as atomic as the platform has it
        except OSError:
            with suppress(FileNotFoundError):
                Path(file.name).unlink()
            raise
