"""Pictures are checked, turned upright and freed of what cameras write; nothing of a refused one is kept."""

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from PIL import Image

from heritage import changesets, documents, pictures
from heritage.errors import BadPicture
from tests.heritage.entries import approved, curator, entry, reviewer

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "heritage"


def photograph(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """Wide, lying on its side, with the place where it was taken."""
    picture, made, exif = Image.new("RGB", size, "red"), BytesIO(), Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "SECRETCAMERA"
    exif.get_ifd(GPS)[29] = "SECRETDAY"
    picture.save(made, kind, exif=exif)
    return made.getvalue()


@pytest.mark.parametrize(("kind", "media"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_picture_is_kept_upright_and_without_what_the_camera_wrote(kind: str, media: str, folder: Path) -> None:
    sent = photograph(kind)
    assert b"SECRETCAMERA" in sent
    kept = pictures.store([sent[:100], sent[100:]])
    assert (kept.width, kept.height) == (40, 60)
    for path in (pictures.path_of(kept.file), pictures.path_of(kept.file, small=True)):
        assert b"SECRET" not in path.read_bytes()
        with Image.open(path) as stored:
            assert (stored.size, dict(stored.getexif())) == ((40, 60), {})
    assert pictures.media_type(pictures.path_of(kept.file)) == media
    assert pictures.store([sent]) == kept
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == [kept.file, f"{kept.file}.small"]


def endless() -> Iterator[bytes]:
    piece = bytes(1024**2)
    for number in range(200):
        assert number <= 21, "it was read on"
        yield piece


@pytest.mark.parametrize(
    "sent",
    [
        [b""],
        [b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"],
        [photograph()[:200]],
        [b"GIF89a"],
        endless(),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_and_nothing_is_kept(sent: Iterator[bytes], folder: Path) -> None:
    with pytest.raises(BadPicture):
        pictures.store(sent)
    assert not folder.exists()


def test_a_small_file_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 99)
    with pytest.raises(BadPicture):
        pictures.store([photograph("PNG", (10, 10))])


@pytest.mark.django_db
def test_files_that_nothing_refers_to_go_after_a_day(folder: Path) -> None:
    used, drafted, unused = (pictures.store([photograph(size=(60, 40 + more))]) for more in range(3))
    part = {"caption": "府山", "credit": "test", "licence": "CC0-1.0"}
    shown = entry(pictures=[documents.blank_part("pictures", **vars(used), **part)])
    author = curator()
    place = approved(changesets.begin(author, document=shown), reviewer())
    changesets.begin(author, document=entry(pictures=[documents.blank_part("pictures", **vars(drafted))]))
    assert pictures.is_public(used.file)
    assert not pictures.is_public(drafted.file)
    assert pictures.remove_unused() == 0
    assert pictures.remove_unused(time.time() + 2 * 24 * 3600) == 2
    assert [pictures.is_stored(each.file) for each in (used, drafted, unused)] == [True, True, False]
    place.published = False
    place.save()
    assert not pictures.is_public(used.file)
