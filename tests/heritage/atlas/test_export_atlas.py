"""``export_atlas``: the file whole or not at all, progress on the error stream, exit codes."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.heritage.atlas.books import CATEGORY, place
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        call_command("export_atlas", *arguments, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def test_it_writes_the_file_and_says_how_far_it_is(tmp_path: Path) -> None:
    place("会稽井", "Kuàijī Jǐng")
    path = tmp_path / "atlas.pdf"
    path.write_bytes(b"the one before")
    assert run("--category", CATEGORY, "--out", str(path)) == (
        "",
        f"新昌县: 1 entries, pages 1 to 1\nBinding the parts …\n{path} is written: 1 entries on 8 pages.\n",
    )
    assert path.read_bytes().startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--category", CATEGORY), "No published place is in --category 古井"),
        (("--county", "1"), "--county=1 cannot be used"),
        (("--for-publication",), "there is no map approval number"),
    ],
)
def test_a_refusal_leaves_what_is_there(
    arguments: tuple[str, ...], told: str, tmp_path: Path, settings: LazySettings
) -> None:
    settings.MAP_APPROVAL_NO = ""
    path = tmp_path / "atlas.pdf"
    path.write_bytes(b"the one before")
    with pytest.raises(CommandError, match=told) as refused:
        run(*arguments, "--out", str(path))
    assert refused.value.returncode == 2
    assert path.read_bytes() == b"the one before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_that_is_not_there_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no such directory"):
        run("--out", str(tmp_path / "none/atlas.pdf"))
