"""``audit_coverage`` as people and scripts meet it: exit codes, streams, files, messages."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import OperationalError, ProgrammingError, connection

from layers import registry
from layers.coverage import audit, files, reports
from layers.models import Audit, EcoBurialSite
from layers.rows import today
from layers.snapshots import taking
from tests.layers.coverage.place import DAY, OPENED, TARGET, TOWNSHIPS, A, inside, open_site

BASE_DIR = Path(settings.BASE_DIR)


def run(*options: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error; of one target unless the options name others."""
    out, err = StringIO(), StringIO()
    chosen = () if "--target" in options else ("--target", TARGET)
    try:
        call_command("audit_coverage", "--as-of", str(DAY), *chosen, *options, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


def run_process(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    given = {
        **os.environ,
        "LANGUAGE": "",
        "LC_ALL": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "gis_portal.settings",
    } | environment
    return subprocess.run(
        [sys.executable, "manage.py", "audit_coverage", *options],
        cwd=BASE_DIR, env=given, capture_output=True, text=True, check=False,
    )  # fmt: skip


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Iterator[None]:
    def fail(*_args: Any, **_options: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(audit, "run", fail)
        yield


@pytest.fixture
def met(prefecture: None, english: None) -> None:
    for code in TOWNSHIPS:
        open_site(f"site-{code}", code, inside(code))


@pytest.mark.usefixtures("prefecture", "english")
def test_exit_code_is_0_when_met_1_when_missed_3_when_not_assessable() -> None:
    assert run()[0] == 3
    open_site("one", A, inside(A))
    assert run()[0] == 1
    open_site("two", A, inside(A), serves=[(code, OPENED, None) for code in TOWNSHIPS])
    assert run()[0] == 0


@pytest.mark.usefixtures("met")
def test_progress_goes_to_standard_error_and_the_result_alone_to_standard_output() -> None:
    code, out, err = run("--format", "json")
    assert code == 0
    assert json.loads(out)["targets"][0]["numerator"] == 4
    assert err == f"Computing {TARGET} …\n"


@pytest.mark.usefixtures("met")
@pytest.mark.parametrize("form", list(reports.FORMATS))
def test_reports_are_written_to_files(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"audit.{form}"
    code, out, err = run("--format", form, "--output", str(path))
    assert (code, out) == (0, "")
    assert f"Written to {path}." in err
    beginning = {"csv": b"\xef\xbb\xbftarget,", "xlsx": b"PK", "html": b"<!doctype html>", "geojson": b'{"type": "Feat'}
    assert path.read_bytes().startswith(beginning[form])


@pytest.mark.usefixtures("met")
def test_a_workbook_goes_to_a_pipe_but_not_to_a_terminal() -> None:
    pipe, terminal = (TextIOWrapper(BytesIO()) for _ in range(2))
    call_command(
        "audit_coverage", "--as-of", str(DAY), "--target", TARGET, "--format", "xlsx", stdout=pipe, stderr=StringIO()
    )
    assert pipe.buffer.getvalue().startswith(b"PK")  # type: ignore[attr-defined]
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    with pytest.raises(CommandError, match="a terminal cannot show it: name a file with --output") as refused:
        call_command("audit_coverage", "--format", "xlsx", stdout=terminal, stderr=StringIO())
    assert refused.value.returncode == 2


@pytest.mark.usefixtures("prefecture", "english")
def test_a_snapshot_is_of_its_own_day() -> None:
    taking.take(registry.get("counties"), today())
    code, out, err = run("--snapshot", str(today()))
    assert (code, out) == (2, "")
    assert f"--as-of=2022-12-31 cannot be used: the snapshot is as of {today()}; leave the day out." in err


@pytest.mark.usefixtures("prefecture", "english")
def test_the_exit_code_follows_the_targets_that_are_named() -> None:
    other = "community-workers-per-10k"  # no denominator is recorded
    open_site("one", A, inside(A))
    both = ("--target", TARGET, "--target", other)
    assert run(*both)[0] == 1
    assert run(*both, "--fail-on", other)[0] == 3
    assert run(*both, "--fail-on", TARGET)[0] == 1
    assert run(*both, "--fail-on", TARGET, "--fail-on", other)[0] == 1


@pytest.mark.usefixtures("met")
def test_output_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_text("before")
    code, out, err = run("--format", "json", "--output", str(path))
    assert (code, out) == (0, "")
    assert json.loads(path.read_text(encoding="utf-8"))["status"] == "met"
    assert f"Written to {path}." in err
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_left_as_it_was_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    path.write_text("before")
    with pytest.raises(UnicodeEncodeError):
        files.write_whole(path, "half \ud800")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "audit.xlsx"
    files.write_whole(path, b"PK\x03\x04\r\n\xff")
    assert path.read_bytes() == b"PK\x03\x04\r\n\xff"
    assert list(tmp_path.iterdir()) == [path]


def test_a_device_is_written_to_not_replaced() -> None:
    files.write_whole(Path("/dev/null"), "nothing")
    files.write_whole(Path("/dev/null"), b"nothing")
    assert not Path("/dev/null").is_file()


@pytest.mark.usefixtures("met")
def test_save_keeps_the_audit_and_gives_its_id() -> None:
    code, out, err = run("--format", "json", "--save")
    kept = Audit.objects.get()
    assert code == 0
    assert json.loads(out)["id"] == str(kept.pk)
    assert f"Saved as audit {kept.pk}." in err
    assert run("--format", "json")[1] == out.replace(f'"id": "{kept.pk}"', '"id": null')


@pytest.mark.usefixtures("met")
def test_a_snapshot_is_audited_as_it_was_frozen_whatever_was_edited_since() -> None:
    taken = [taking.take(registry.get(name), DAY) for name in ("eco-burial-sites", "counties", "townships")]
    before = run("--snapshot", str(DAY), "--format", "json")
    EcoBurialSite.objects.all().delete()
    assert run()[0] == 3
    assert run("--snapshot", str(DAY), "--format", "json") == before
    numbers = ",".join(str(one.pk) for one in taken)
    assert run("--snapshot", numbers, "--format", "json") == before
    assert (before[0], json.loads(before[1])["snapshot"]["numbers"]) == (0, numbers)
    heading = " ".join(run("--snapshot", numbers)[1].splitlines()[:2])
    assert f" · frozen ledgers (snapshots {numbers})" in heading


@pytest.mark.usefixtures("met")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--as-of", "2022-02-30"], "--as-of=2022-02-30 cannot be used: give a day that exists"),
        (["--as-of", ""], "--as-of= cannot be used: give a day that exists"),
        (
            ["--snapshot", "2022-12-31"],
            "There is no snapshot “2022-12-31”. None has been frozen yet; take_snapshot does it.",
        ),
        (["--snapshot", "7"], "There is no snapshot “7”."),
        (["--snapshot", "x"], "--snapshot=x cannot be used: give a day, for example 2022-12-31, or the numbers"),
        (["--target", "nosuch"], "There is no target “nosuch”. There are: assistance-hub-counties,"),
        (
            ["--division", "330602"],
            "“330602” is not the code of a city or county in force on 2022-12-31. There are: 9999,",
        ),
        (["--format", "xml"], "--format=xml cannot be used: give one of table, json, csv, xlsx, html, geojson."),
        (["--fail-on", "nosuch"], f"There is no target “nosuch”. There are: {TARGET}."),
        (["--targets", "nosuch.yaml"], "nosuch.yaml: there is no such file."),
        (["--output", "/nosuch/audit.json"], "The file cannot be written or read: [Errno 2]"),
        (["--output", "/"], "The file cannot be written or read: [Errno 21]"),
    ],
)
def test_what_is_wrong_is_named_and_ends_with_2(options: list[str], said: str) -> None:
    code, out, err = run(*options)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.usefixtures("db", "english")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("connection refused"), "The database does not answer: connection refused\nStart it"),
        (
            ProgrammingError("no such table"),
            "The database refused: no such table\nIf a table or column is missing, run",
        ),
        (RuntimeError("odd"), "Something unexpected happened: odd\nRun it again with --traceback"),
        (RecursionError(), "Something unexpected happened: RecursionError\n"),
    ],
)
def test_what_fails_inside_is_said_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    with failing(monkeypatch, error):
        code, out, err = run()
        assert (code, out) == (2, "")
        assert said in err
        with pytest.raises(type(error)):
            call_command("audit_coverage", "--as-of", str(DAY), traceback=True)


def typed(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[object, str, str]:
    """The command as a command line runs it: the exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(["manage.py", "audit_coverage", *options])
    return (end.value.code, *capsys.readouterr())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--as-of", "2022-02-30"], "2022-02-30"),
        (["--nosuch"], "--nosuch"),
        (["--as-of"], "--as-of"),
        (["--targets", "README.md"], "README.md"),
    ],
)
def test_what_is_typed_wrong_ends_with_2(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = typed(capsys, *options)
    assert (code, out) == (2, "")
    assert said in err


def test_a_process_without_its_database_ends_with_2_and_no_traceback() -> None:
    done = run_process(DATABASE_URL="postgis://portal@%2Fnosuch/portal")
    assert (done.returncode, done.stdout) == (2, "")
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_a_process_audits_the_reference_data() -> None:
    url = settings.DATABASE_URL.rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    done = run_process("--as-of", str(DAY), "--format", "json", DATABASE_URL=url, DATABASE_READER_URL=url)
    assert done.returncode == 1, done.stderr
    assert TARGET in done.stderr
    (target,) = [one for one in json.loads(done.stdout)["targets"] if one["id"] == TARGET]
    assert (target["numerator"], target["denominator"], target["status"]) == (103, 103, "met")


def test_help_explains_every_option_with_an_example() -> None:
    done = run_process("--help", LANGUAGE="en")
    own = done.stdout.split("options:")[1].split("--version")[0]
    options = [part for part in own.replace("\n  -", "\0-").split("\0")[2:] if part.strip() != ""]
    assert done.returncode == 0
    assert [part.split()[0] for part in options] == [
        "--targets", "--target", "--as-of", "--snapshot", "--division", "--format", "--output", "--save", "--fail-on",
    ]  # fmt: skip
    assert all("for example" in " ".join(part.split()) for part in options)
    assert "Exit codes: 0 every target is met" in done.stdout


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en_GB:en", "audit_coverage --help explains every option."),
        *((other, "audit_coverage --help 说明各项参数。") for other in ("zh_CN.UTF-8", "", "fr")),
    ],
)
def test_the_language_is_that_of_the_terminal(
    language: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    for other in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(other, "C.UTF-8")
    _code, _out, err = typed(capsys, "--nosuch")
    assert err.splitlines()[-1] == said
