"""``manage.py geocode``: the file it writes, that it goes on where it was killed, and what it refuses."""

import csv
import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from layers.search import batch, resuming, tables
from layers.search.batch import Batch, Located
from layers.search.tables import ADDED
from tests.layers.search.plates import TASHAN, plate

HERE = "浙江省绍兴市越城区塔山街道"


@pytest.fixture(autouse=True)
def _plates(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (11, 13, 15):
        plate(f"d-{number}", 123.5 + number / 1000, 29.5, street="齉陵路", door=f"{number}号")
    monkeypatch.setattr(batch, "PIECE", 10)
    monkeypatch.setattr(tables, "PIECE", 10)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("homes.csv")
    path.write_text("号,路\n" + "".join(f"{number},齉陵路\n" for number in [11, 13, 14, 99] * 25), encoding="gb18030")
    return path


def geocode(*args: object, **options: Any) -> str:
    """What the command says."""
    said = StringIO()
    with translation.override("en"):
        call_command("geocode", *map(str, args), stderr=said, **options)
    return said.getvalue()


def refused(*args: object, **options: Any) -> tuple[int, str]:
    with pytest.raises(CommandError) as refusal:
        geocode(*args, **options)
    return refusal.value.returncode, str(refusal.value)


def written(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def test_the_file_is_written_beside_the_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = file.with_name("homes.geocoded.csv")
    assert geocode(file, columns="路,号") == f"Written to {out}.\n"
    rows = written(out)
    assert rows[:2] == [
        ["号", "路", *ADDED],
        ["11", "齉陵路", f"{HERE}齉陵路11号", "door", "1.0", "123.511", "29.5", "d-11", TASHAN, ""],
    ]
    assert [row[3] for row in rows[1:]] == ["door", "door", "street", "street"] * 25
    assert [line.split() for line in capsys.readouterr().out.splitlines()[3:5]] == [
        ["│", "door", "│", "50", "│"],
        ["│", "street", "│", "50", "│"],
    ]
    assert sorted(map(str, Path().iterdir())) == ["homes.csv", "homes.geocoded.csv"]


def test_a_run_that_was_killed_goes_on_where_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, out = file.with_name("whole.csv"), file.with_name("out.csv")
    geocode(file, columns="路,号", output=whole)
    locate, asked = Batch.located, 0

    def killed(self: Batch, texts: Sequence[str]) -> list[Located]:
        nonlocal asked
        asked += len(texts)
        if asked == 50:
            raise KeyboardInterrupt
        return locate(self, texts)

    monkeypatch.setattr(Batch, "located", killed)
    with pytest.raises(KeyboardInterrupt):
        geocode(file, columns="路,号", output=out)
    part, state = resuming.parts(out)
    assert (out.exists(), json.loads(state.read_text())["rows"]) == (False, 40)
    with part.open("ab") as opened:  # half a piece more was written when it was killed
        opened.write("11,齉陵路,half".encode())
    geocode(file, columns="路,号", output=out)
    assert asked == 50 + 60
    assert out.read_bytes() == whole.read_bytes()
    assert [path for path in (part, state) if path.exists()] == []


@pytest.mark.parametrize("change", ["input", "columns", "reader"])
def test_what_was_begun_with_something_else_is_not_gone_on_with(
    change: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = file.with_name("out.csv")

    keep = resuming._keep

    def killed(*known: Any) -> None:
        keep(*known)
        raise KeyboardInterrupt

    monkeypatch.setattr(resuming, "_keep", killed)
    with pytest.raises(KeyboardInterrupt):
        geocode(file, columns="路,号", output=out)
    monkeypatch.setattr(resuming, "_keep", keep)
    options: dict[str, Any] = {"columns": "路,号", "output": out}
    if change == "input":
        with file.open("ab") as opened:
            opened.write("13,齉陵路\n".encode("gb18030"))
    elif change == "columns":
        options["columns"] = "路"
    else:
        options["reader"] = "bureau"
    code, said = refused(file, **options)
    assert (code, said.partition("”")[2]) == (
        2,
        " was begun with another input, other columns or another reader. Go on with those, or begin anew with --force.",
    )
    geocode(file, force=True, **options)
    assert len(written(out)) == 101 + (change == "input")


def test_a_file_that_exists_is_left_alone(file: Path) -> None:
    out = file.with_name("homes.geocoded.csv")
    out.write_text("mine")
    assert refused(file, columns="路,号") == (2, f"FILE={out} cannot be used: it exists; --force replaces it.")
    assert out.read_text() == "mine"
    geocode(file, columns="路,号", force=True)
    assert len(written(out)) == 101


def test_what_makes_no_sense_is_refused(file: Path) -> None:
    assert refused(file, columns="街") == (2, "There is no column “街”. There are: 号, 路.")
    assert refused(file) == (
        2, "Say which columns make the address, the largest division first. There are: 号, 路.",
    )  # fmt: skip
    assert refused(file, columns="路", encoding="utf-8")[0] == 2
    missing = file.with_name("none.csv")
    assert refused(missing) == (2, f"FILE={missing} cannot be used: there is no such file.")
    empty = file.with_name("empty.csv")
    empty.touch()
    assert refused(empty)[0] == 2
    assert refused(file, columns="路", output=file / "no" / "folder.csv")[0] == 1
