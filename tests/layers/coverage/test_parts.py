"""A target's figure division by division: what the map of targets is coloured by."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from layers.coverage import audit, report, targets
from layers.models import AnnualFigure, DigitalDoorplate, Division, HomeCareCentre, ServicePoint
from layers.snapshots.records import Record
from tests.emptying import empty
from tests.layers.coverage.place import CITY, DAY, TARGET, TOWNSHIPS, A, B, C, inside, open_site
from tests.layers.coverage.test_measuring import FIGURE, MILESTONE, centre
from tests.layers.coverage.written import COUNT, HEAD, SHARE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture", "english")]
FIGURES = f"/api/coverage/targets/{TARGET}"
GOAL = "    goals: [{by: 2022-12-31, op: '>=', value: 1}]\n"
PROVISION = "    metric: provision_rate\n    layer: home-care-centres\n    filter: status = 'operating'\n" + GOAL


def parts(folder: Path, text: str, by: str) -> dict[str, tuple[Any, Any, str]]:
    """By code: numerator, denominator, status."""
    path = folder / "own.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    document = report.document(audit.run(targets.load(path), Record(DAY), by=by))
    return {
        one["adcode"]: (one["numerator"], one["denominator"], one["status"]) for one in document["targets"][0]["parts"]
    }


@pytest.fixture
def centres() -> None:
    empty(HomeCareCentre, DigitalDoorplate)
    centre("one", A, location=inside(A))
    centre("two", A, location=inside(A))
    centre("shut", C, status="suspended", location=inside(C))


@pytest.mark.usefixtures("centres")
def test_each_township_is_told_whether_it_has_what_is_provided(tmp_path: Path) -> None:
    found = parts(tmp_path, PROVISION + "    level: township\n", "township")
    assert found == {code: (1, 1, "met") if code == A else (0, 1, "missed") for code in TOWNSHIPS}
    assert parts(tmp_path, PROVISION + "    level: township\n", "county") == {
        "999901": (1, 2, "missed"),
        "999902": (0, 2, "missed"),
    }


@pytest.mark.usefixtures("centres")
def test_a_target_that_counts_counties_says_it_of_counties_alone(tmp_path: Path) -> None:
    text = PROVISION + "    level: county\n"
    assert parts(tmp_path, text, "county") == {"999901": (1, 1, "met"), "999902": (0, 1, "missed")}
    assert parts(tmp_path, text, "township") == {}


@pytest.mark.usefixtures("centres")
def test_features_are_counted_by_township(tmp_path: Path) -> None:
    counted = COUNT.replace(" AND demonstration = TRUE", "")
    assert parts(tmp_path, counted, "township") == {
        code: (2 if code == A else 0, None, "not_assessable") for code in TOWNSHIPS
    }
    share = SHARE.replace(" AND demonstration = TRUE", "") + "    among: status <> 'closed'\n" + GOAL
    # A township without any is left out: there is nothing to divide by.
    assert parts(tmp_path, share, "township") == {A: (2, 2, "met"), C: (0, 1, "missed")}


def test_villages_are_counted_by_township(tmp_path: Path) -> None:
    empty(ServicePoint)
    for code in (f"{A}001", f"{A}002", f"{B}001"):
        Division.objects.create(code=code, level="village", kind="村", name=code, parent_code=code[:9], source="test")
    point = ServicePoint.objects.create(
        code="one", name="一", kind="charity_point", village=f"{A}001", township_claimed=A, source="test"
    )
    point.states.create(status="operating", valid_from=date(2020, 1, 1))
    text = PROVISION.replace("home-care-centres", "charity-points") + "    level: village\n"
    assert parts(tmp_path, text, "township") == {A: (1, 2, "missed"), B: (0, 1, "missed")}


def test_reach_is_told_by_township(tmp_path: Path) -> None:
    empty(HomeCareCentre)
    for code in TOWNSHIPS:
        Division.objects.filter(code=code).update(centre=inside(code))
    centre("one", A, location=inside(A))
    text = "    metric: reach\n    of: townships\n    within_m: 500\n    layer: home-care-centres\n    filter: status = 'operating'\n"
    found = parts(tmp_path, text + GOAL, "township")
    assert found == {code: (1, 1, "met") if code == A else (0, 1, "missed") for code in TOWNSHIPS}


def test_annual_figures_and_milestones_say_nothing_of_townships(tmp_path: Path) -> None:
    for division, value in ((CITY, 74), ("999901", 70)):
        AnnualFigure.objects.create(
            indicator="things", title="东西", division=division, year=2022, value=value, unit="个", source="总结"
        )
    assert parts(tmp_path, FIGURE, "township") == {}
    assert parts(tmp_path, FIGURE, "county") == {"999901": (70, None, "not_assessable")}
    assert parts(tmp_path, MILESTONE, "county") == {}


def test_the_api_tells_parts_to_who_asks_for_them(public: Client) -> None:
    open_site("one", A, inside(A))
    open_site("secret", B, inside(B), published=False)
    schema = Draft202012Validator(public.get("/api/coverage/schemas/audit-1.json").json())
    without = public.get(f"{FIGURES}?as-of=2022-12-31").json()
    assert "parts" not in without["targets"][0]
    with CaptureQueriesContext(connections["reader"]) as alone:
        public.get(f"{FIGURES}?as-of=2022-12-31")
    with CaptureQueriesContext(connections["reader"]) as asked:
        response = public.get(f"{FIGURES}?as-of=2022-12-31&by=township")
    assert len(asked) == len(alone)
    document = response.json()
    schema.validate(document)
    told = document["targets"][0].pop("parts")
    assert document == without
    # Every row counts, whoever asks; which it is, the public is not told.
    assert [(one["adcode"], one["name"], one["numerator"]) for one in told] == [
        (A, "甲镇", 1), (B, "乙镇", 1), (C, "丙街道", 0), (TOWNSHIPS[3], "丁乡", 0),
    ]  # fmt: skip
    assert "secret" not in response.content.decode()


def test_another_level_is_refused(public: Client) -> None:
    response = public.get(f"{FIGURES}?by=village", headers={"accept-language": "en"})
    assert response.status_code == 400
    assert "give county or township" in response.json()["detail"]
