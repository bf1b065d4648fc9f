"""The worklist: what checks open and close, what people mark, what is forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from layers.access import Reader
from layers.doorplates import checking, worklist
from layers.doorplates.check_errors import ReasonMissing, UnknownCheck, UnknownTownship
from layers.doorplates.checking import Asked
from layers.models import DigitalDoorplate, DoorplateCheck, DoorplateFinding
from layers.models.doorplate_checks import CheckState, FindingState
from layers.registry import Audience, Role
from tests.layers.coverage.place import A, B, C
from tests.layers.doorplates.streets import doors, plate, put, without
from tests.layers.doorplates.test_doors import at, geojson

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture")]
EVERYBODY = Reader(Audience.BUREAU, frozenset({Role.EDITOR}))
OF_THE_WEST = Reader(Audience.BUREAU, frozenset({Role.EDITOR}), ("999902",))


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def check(township: str = A, **given: Any) -> DoorplateCheck:
    """A check made as the worker makes it."""
    begun = worklist.begin(Asked(township=township, **given))
    worklist.carry_out(begun.pk)
    begun.refresh_from_db()
    return begun


def states() -> list[tuple[str, int | None, str]]:
    return list(DoorplateFinding.objects.values_list("kind", "number", "state").order_by("township", "number"))


def test_a_check_opens_closes_and_opens_again() -> None:
    put(without(doors(20), 13, 23))
    done = check()
    assert (done.state, done.summary["found"]["missing"], done.summary["plates"]) == (CheckState.READY, 2, 38)
    assert states() == [("missing", 11, "open"), ("missing", 21, "open")]
    put({13: doors(20)[13]}, prefix="q")
    check()
    assert states() == [("missing", 11, "fixed"), ("missing", 21, "open")]
    DigitalDoorplate.objects.filter(code="q-13").delete()
    check()
    assert states() == [("missing", 11, "open"), ("missing", 21, "open")]
    assert DoorplateFinding.objects.count() == 2


def test_what_is_marked_as_done_is_checked_and_what_is_dismissed_stays() -> None:
    put(without(doors(20), 13, 23))
    check()
    found = worklist.findings(EVERYBODY, {})
    first, second = found
    assert worklist.mark(found, [first.key], FindingState.DONE, "") == 1
    assert worklist.mark(found, [second.key], FindingState.DISMISSED, " 河道 ") == 1
    assert states() == [("missing", 11, "done"), ("missing", 21, "dismissed")]
    check()
    assert states() == [("missing", 11, "open"), ("missing", 21, "dismissed")]
    assert DoorplateFinding.objects.get(number=21).note == "河道"
    worklist.mark(found, [second.key], FindingState.OPEN, "")
    assert DoorplateFinding.objects.get(number=21).note == ""


def test_a_dismissal_says_why_and_names_nobody() -> None:
    put(without(doors(20), 13))
    check()
    found = worklist.findings(EVERYBODY, {})
    with pytest.raises(ReasonMissing):
        worklist.mark(found, [found[0].key], FindingState.DISMISSED, "  ")
    with pytest.raises(ValidationError):
        worklist.mark(found, [found[0].key], FindingState.DISMISSED, "户主 11010119900101100X")
    assert states() == [("missing", 11, "open")]


def test_a_check_of_one_township_leaves_the_others_alone() -> None:
    put(without(doors(20), 13))
    put(without(doors(20), 15), township=B, prefix="b")
    check("")
    DigitalDoorplate.objects.all().delete()
    check(B)
    assert states() == [("missing", 11, "open"), ("missing", 13, "fixed")]


def test_doors_are_closed_only_by_a_check_with_doors(tmp_path: Path) -> None:
    put(without(doors(4, step_m=40, aside_m=25), 8))
    shapes = [at(xy) for xy in doors(4, step_m=40, aside_m=25).values()]

    def with_doors() -> DoorplateCheck:
        return check(file=geojson(tmp_path / "d.geojson", shapes), file_name="d.geojson")

    assert with_doors().summary["surveyed"] == 8
    assert states() == [("door_without_plate", 6, "open")]
    check()
    assert states() == [("door_without_plate", 6, "open")]
    put({8: doors(4, step_m=40, aside_m=25)[8]}, prefix="q")
    with_doors()
    assert states() == [("door_without_plate", 6, "fixed")]
    assert list(worklist.folder().iterdir()) == []


def test_a_check_that_fails_says_why_and_leaves_the_worklist_alone(tmp_path: Path) -> None:
    put(without(doors(20), 13))
    check()
    (tmp_path / "d.geojson").write_text("{")
    failed = check(file=tmp_path / "d.geojson", file_name="d.geojson")
    assert failed.state == CheckState.FAILED
    assert "GeoJSON" in failed.problem
    assert states() == [("missing", 11, "open")]
    assert list(worklist.folder().iterdir()) == []


def test_a_cancelled_check_does_nothing() -> None:
    put(without(doors(20), 13))
    begun = worklist.begin(Asked(township=A))
    worklist.cancel(begun)
    worklist.carry_out(begun.pk)
    begun.refresh_from_db()
    assert (begun.state, states()) == (CheckState.CANCELLED, [])


def test_a_check_cancelled_while_it_runs_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    put(without(doors(20), 13))
    begun = worklist.begin(Asked(township=A))
    run = checking.run

    def cancelled(*args: Any) -> checking.Checked:
        found = run(*args)
        worklist.cancel(begun)
        return found

    monkeypatch.setattr(checking, "run", cancelled)
    worklist.carry_out(begun.pk)
    begun.refresh_from_db()
    assert (begun.state, states()) == (CheckState.CANCELLED, [])


def test_a_township_that_is_none_is_not_checked() -> None:
    with pytest.raises(UnknownTownship):
        worklist.begin(Asked(township="999999999"))


def test_who_is_limited_to_counties_sees_theirs() -> None:
    put(without(doors(20), 13))
    put(without(doors(20), 15), township=C, prefix="c")
    whole, west = check(""), check(C)
    assert [one.township for one in worklist.findings(OF_THE_WEST, {})] == [C]
    assert list(worklist.checks(OF_THE_WEST)) == [west]
    with pytest.raises(UnknownCheck):
        worklist.get_check(whole.pk, OF_THE_WEST)
    every = worklist.findings(EVERYBODY, {})
    assert worklist.counts(every)["missing"] == 2
    assert worklist.mark(worklist.findings(OF_THE_WEST, {}), [one.key for one in every], FindingState.DONE, "") == 1


def test_what_is_old_is_forgotten() -> None:
    put(without(doors(20), 13, 23))
    done = check()
    long_ago = timezone.now() - timedelta(days=400)
    DoorplateFinding.objects.filter(number=11).update(state=FindingState.FIXED, found_on=long_ago.date())
    DoorplateFinding.objects.filter(number=21).update(found_on=long_ago.date())
    worklist.folder().mkdir()
    (worklist.folder() / "new").touch()
    worklist.purge()
    assert (states(), DoorplateCheck.objects.count()) == ([("missing", 21, "open")], 1)
    assert [path.name for path in worklist.folder().iterdir()] == ["new"]
    DoorplateCheck.objects.filter(pk=done.pk).update(asked_at=long_ago)
    worklist.purge()
    assert DoorplateCheck.objects.count() == 0


def test_a_plate_may_have_several_findings() -> None:
    put(doors(20))
    plate(7, (9700, 0), code="over", street="翠竹路", town="丁乡").save()
    check()
    assert [kind for kind, _number, _state in states()] == ["wrong_town", "wrong_township"]
