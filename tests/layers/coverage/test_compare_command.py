"""``compare_audits`` as people and scripts meet it."""

import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from layers.models import Audit
from tests.layers.coverage.reports.documents import audit, target
from tests.layers.coverage.test_comparing import met

pytestmark = [pytest.mark.django_db(databases=["default", "reader"]), pytest.mark.usefixtures("english")]


def keep(document: dict) -> int:
    result = {language: document for language, _name in settings.LANGUAGES}
    kept = Audit._default_manager.create(as_of=date.fromisoformat(document["as_of"]), data_version="x", result=result)
    return int(kept.pk)


def run(*options: object) -> tuple[int, str, str]:
    """The exit code, standard output and standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command("compare_audits", *map(str, options), stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


def test_exit_code_is_0_when_nothing_changed_and_1_when_something_did() -> None:
    first, same, other = keep(audit(target())), keep(audit(target())), keep(audit(met()))
    code, out, err = run(first, same)
    assert (code, err) == (0, "")
    assert "Unchanged targets: 1" in out
    code, out, err = run(first, other)
    assert (code, err) == (1, "")
    assert "✗ missed  3/4 = 75.0%  →  ✓ met  4/4 = 100.0%" in out


def test_json_is_the_comparison() -> None:
    first, other = keep(audit(target())), keep(audit(met()))
    code, out, _err = run(first, other, "--format", "json")
    found = json.loads(out)
    assert (code, found["changed"]) == (1, True)
    assert (found["before"]["id"], found["after"]["id"]) == (str(first), str(other))
    assert [one["feature"] for one in found["targets"][0]["evidence"]["came"]] == ["four"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["987654", "1"], "There is no saved audit “987654”."),
        (["abc", "1"], "There is no saved audit “abc”."),
        (["9" * 30, "1"], "There is no saved audit"),
        (["1", "2", "--format", "csv"], "--format=csv cannot be used: give one of table, json."),
    ],
)
def test_what_is_wrong_is_named_and_ends_with_2(options: list[str], said: str) -> None:
    code, out, err = run(*options)
    assert (code, out) == (2, "")
    assert said in err
