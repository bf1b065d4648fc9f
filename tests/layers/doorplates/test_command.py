"""``check_doorplates`` as people and scripts meet it: exit codes, streams, formats, messages."""

import csv
import io
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from layers.doorplates import worklist
from layers.management.commands.check_doorplates import Command
from layers.models import DoorplateFinding
from layers.models.doorplate_checks import FindingState
from tests.layers.coverage.place import A
from tests.layers.doorplates.streets import doors, put, without
from tests.layers.doorplates.test_doors import at, geojson

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture")]
MISSING = "Between 11 and 15 one number is missing; 20 m are free."


def run(*options: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error."""
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        try:
            call_command("check_doorplates", "--township", A, *options, stdout=out, stderr=err)
        except SystemExit as end:
            return int(str(end.code)), out.getvalue(), err.getvalue()
        except CommandError as error:
            return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


def test_exit_code_is_0_when_nothing_is_found_and_1_when_something_is() -> None:
    put(without(doors(20), 13))
    code, out, err = run()
    assert (code, MISSING in " ".join(out.split())) == (1, True)
    assert "Findings: 1. Plates looked at: 39, with a number of their own: 39, streets: 1." in out
    assert err.splitlines() == ["Reading the plates …", "Comparing the numbers …", "Looking along the streets …"]
    put({13: doors(20)[13]}, prefix="q")
    assert run()[:2] == (0, "Findings: 0. Plates looked at: 40, with a number of their own: 40, streets: 1.\n")


def test_each_format_tells_the_finding() -> None:
    put(without(doors(20), 13))
    document = json.loads(run("--format", "json")[1])
    assert (document["township"], document["checked"]["plates"], document["found"]["missing"]) == (A, 39, 1)
    feature = json.loads(run("--format", "geojson")[1])["features"][0]
    assert feature["geometry"]["coordinates"] == pytest.approx([120.0506, 30.0501], abs=2e-4)
    assert feature["properties"] == {
        "name": MISSING, "kind": "missing", "severity": "note", "township": A, "street": "青松路", "community": "",
        "number": 11, "plates": ["p-11", "p-15"], "message": MISSING,
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv")[1].removeprefix("\ufeff"))))
    assert [(row["kind"], row["message"], row["plates"], row["key"]) for row in rows] == [
        ("missing", MISSING, "p-11 p-15", document["findings"][0]["key"])
    ]


def test_output_is_written_whole(tmp_path: Path) -> None:
    put(without(doors(20), 13))
    code, out, err = run("--format", "geojson", "--output", str(tmp_path / "f.geojson"))
    assert (code, out) == (1, "")
    assert len(json.loads((tmp_path / "f.geojson").read_text())["features"]) == 1
    assert f"Written to {tmp_path / 'f.geojson'}." in err


def test_it_keeps_nothing_unless_it_is_told_to() -> None:
    put(without(doors(20), 13))
    run()
    assert DoorplateFinding.objects.count() == 0
    run("--save")
    found = DoorplateFinding.objects.all()
    worklist.mark(found, [found[0].key], FindingState.DISMISSED, "河道")
    code, _out, err = run()
    assert (code, "Left out, for the worklist has dismissed them: 1." in err) == (0, True)


def test_doors_are_compared(tmp_path: Path) -> None:
    places = doors(4, step_m=40, aside_m=20)
    put(places)
    file = geojson(tmp_path / "d.geojson", [at(xy) for n, xy in places.items() if n != 3])
    code, out, _err = run("--doors", str(file), "--reach", "20")
    assert (code, "Within 20 m of the plate there is no door." in " ".join(out.split())) == (1, True)
    assert "Doors compared with: 7." in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "pdf"], "--format=pdf cannot be used: give one of table, json, csv, geojson."),
        (["--township", "330602"], "“330602” is not the code of a township in force today."),
        (["--doors", "/nowhere.geojson"], "--doors=/nowhere.geojson cannot be used: there is no such file."),
        (["--reach", "0"], "--reach=0.0 cannot be used: give metres, more than 0 and at most 500."),
    ],
)
def test_exit_code_is_2_for_what_cannot_be_done_with_the_value_and_the_remedy(options: list[str], said: str) -> None:
    code, out, err = run(*options)
    assert (code, out) == (2, "")
    assert said in err


def test_an_unknown_option_is_refused_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "check_doorplates", "--nonsense"])
    assert (end.value.code, "--nonsense" in capsys.readouterr().err) == (2, True)


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with translation.override("en"), pytest.raises(SystemExit):
        call_command("check_doorplates", "--help")
    assert "check_doorplates --township 330681109" in " ".join(capsys.readouterr().out.split())
