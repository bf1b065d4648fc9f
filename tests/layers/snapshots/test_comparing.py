"""What differs between two snapshots, as each reader may see it: in the API and on the command line."""

import csv
import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from layers import registry
from layers.models import EcoBurialSite, EcoBurialSiteState, Snapshot
from layers.registry import Role
from layers.snapshots import taking
from tests.asking import get
from tests.layers.publish.sea import ECO, burial_site
from tests.people import account, signed_in

SITES = registry.get("eco-burial-sites")


@pytest.fixture
def two() -> tuple[Snapshot, Snapshot]:
    """Two snapshots: from the first to the second one site was renamed and closed, one went, one came, one was moved
    into a draft, and one changed where only the bureau sees it."""
    for code in ("closed", "gone", "hidden", "inside"):
        burial_site(code)
    before = taking.take(SITES, date(2022, 12, 31), note="before")
    EcoBurialSite.objects.filter(code="closed").update(name="改名")
    EcoBurialSiteState.objects.filter(site__code="closed").update(status="closed")
    EcoBurialSite.objects.get(code="gone").delete()
    EcoBurialSite.objects.filter(code="hidden").update(published=False)
    EcoBurialSite.objects.filter(code="inside").update(evidence="文件")
    burial_site("new")
    return before, taking.take(SITES, date(2023, 1, 31))


def changes(client: Client, first: Snapshot, second: Snapshot, **params: str) -> Any:
    return get(client, f"{ECO}/snapshots/{first.pk}/changes/{second.pk}", **params)


def brief(found: Any) -> list[tuple[Any, ...]]:
    """Code, kind, and of a changed row what it was and became."""
    listed = []
    for one in found["changes"]:
        sides = (one["before"], one["after"]) if one["kind"] == "changed" else ()
        listed.append((one["code"], one["kind"], *sides))
    return listed


def test_changes_are_told_field_by_field_to_the_bureau(two: tuple[Snapshot, Snapshot], staff: Client) -> None:
    found = changes(staff, *two)
    assert brief(found) == [
        ("closed", "changed", {"name": "青松", "status": "operating"}, {"name": "改名", "status": "closed"}),
        ("gone", "gone"),
        ("hidden", "changed", {"published": True}, {"published": False}),
        ("inside", "changed", {"evidence": ""}, {"evidence": "文件"}),
        ("new", "added"),
    ]
    assert (found["added"], found["changed"], found["gone"], found["numberMatched"]) == (1, 3, 1, 5)
    assert found["changes"][1]["before"]["geometry"] == {"type": "Point", "coordinates": [123.5, 29.5]}
    assert (found["before"]["note"], found["after"]["day"]) == ("before", "2023-01-31")


def test_the_public_is_told_of_what_it_may_see(two: tuple[Snapshot, Snapshot], public: Client) -> None:
    found = changes(public, *two)
    assert [one[:2] for one in brief(found)] == [
        ("closed", "changed"), ("gone", "gone"), ("hidden", "gone"), ("new", "added"),
    ]  # fmt: skip
    assert "evidence" not in found["changes"][1]["before"]
    assert {"takenBy", "note", "sha256"}.isdisjoint(found["before"])


def test_the_way_back_is_the_mirror(two: tuple[Snapshot, Snapshot], staff: Client) -> None:
    there, back = changes(staff, *two), changes(staff, *reversed(two))
    mirrored = [{**one, "before": one["after"], "after": one["before"]} for one in there["changes"]]
    assert [(one["before"], one["after"]) for one in back["changes"]] == [
        (one["before"], one["after"]) for one in mirrored
    ]
    assert (back["added"], back["gone"]) == (there["gone"], there["added"])


def test_nothing_differs_from_itself(two: tuple[Snapshot, Snapshot], public: Client) -> None:
    found = changes(public, two[0], two[0])
    assert (found["changes"], found["numberMatched"]) == ([], 0)


def test_changes_come_in_pages(two: tuple[Snapshot, Snapshot], staff: Client) -> None:
    url, found = f"{ECO}/snapshots/2022-12-31/changes/2023-01-31?limit=2", []
    while url:
        page = get(staff, url)
        found.append([one["code"] for one in page["changes"]])
        url = next((link["href"].partition("8000")[2] for link in page["links"] if link["rel"] == "next"), "")
    assert found == [["closed", "gone"], ["hidden", "inside"], ["new"]]


def test_a_reader_of_a_county_is_told_of_its_drafts(two: tuple[Snapshot, Snapshot]) -> None:
    own = signed_in(account("own", Role.PLANNER, counties=("330602",)))
    other = signed_in(account("other", Role.PLANNER, counties=("330681",)))
    assert ("hidden", "changed") in [one[:2] for one in brief(changes(own, *two))]
    found = changes(other, *two)
    assert ("hidden", "gone") in [one[:2] for one in brief(found)]
    assert found["before"]["features"] is None


# On the command line


def run(*options: str) -> tuple[int, str]:
    out = StringIO()
    with translation.override("en"):
        try:
            call_command("compare_snapshots", *options, stdout=out)
        except SystemExit as end:
            return int(str(end.code)), out.getvalue()
        except CommandError as error:
            return error.returncode, str(error)
    return 0, out.getvalue()


def test_the_command_tells_and_its_exit_code_says_whether_anything_differs(two: tuple[Snapshot, Snapshot]) -> None:
    first, second = (str(one.pk) for one in two)
    code, text = run(first, second)
    lines = text.splitlines()
    assert code == 1
    assert lines[0] == "eco-burial-sites from 2022-12-31 to 2023-01-31: 1 added, 3 changed, 1 gone"
    assert lines[1:4] == ["changed closed 改名", "    name: 青松 → 改名", "    status: operating → closed"]
    assert run(first, first)[0] == 0


def test_the_command_writes_json_and_csv(two: tuple[Snapshot, Snapshot]) -> None:
    first, second = (str(one.pk) for one in two)
    document = json.loads(run(first, second, "--format", "json")[1])
    assert [one["code"] for one in document["changes"]] == ["closed", "gone", "hidden", "inside", "new"]
    assert document["before"] == {"id": two[0].pk, "day": "2022-12-31", "sha256": two[0].sha256}
    table = run(first, second, "--format", "csv")[1]
    assert table.startswith("\ufeff")
    rows = list(csv.DictReader(StringIO(table.removeprefix("\ufeff"))))
    assert rows[0] == {
        "kind": "changed", "code": "closed", "name": "改名", "field": "name", "before": "青松", "after": "改名",
    }  # fmt: skip
    assert [row["code"] for row in rows] == ["closed", "closed", "gone", "hidden", "inside", "new"]


def test_the_command_refuses_what_makes_no_sense(two: tuple[Snapshot, Snapshot]) -> None:
    other = taking.take(registry.get("counties"), date(2022, 12, 31))
    first = str(two[0].pk)
    assert run(first, str(other.pk)) == (
        2,
        f"B={other.pk} cannot be used: it is of “counties”, but {first} is of “eco-burial-sites”; give two of one layer.",
    )
    assert run(first, "x")[0] == 2
    assert run(first, first, "--format", "yaml")[0] == 2
