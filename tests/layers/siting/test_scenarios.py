"""Problems as they are kept, solved by the job, cancelled, and solved again."""

from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from layers.access import BUREAU, Reader
from layers.errors import BadParameter, UnknownDivision
from layers.models import SitingProblem
from layers.models.siting import SitingState
from layers.registry import Audience
from layers.siting import mapping, scenarios
from layers.siting.errors import NotAnswered, UnknownProblem

pytestmark = pytest.mark.django_db(databases=["default", "reader", "jobs"])
ASKED = {
    "name": "诸暨养老",
    "division": "330681",
    "new_sites": 2,
    "as_of": "2023-06-30",
    "existing": "home-care-centres",
}
ZHUJI = Reader(Audience.BUREAU, BUREAU.roles, ("330681",))


def asked(reader: Reader = BUREAU, **given: Any) -> SitingProblem:
    return scenarios.ask({**ASKED, **given}, reader=reader, by="周规划")


def solved(**given: Any) -> SitingProblem:
    problem = asked(**given)
    scenarios.carry_out(str(problem.pk))
    problem.refresh_from_db()
    return problem


def test_a_problem_waits_for_the_worker_and_is_solved() -> None:
    problem = asked()
    assert (problem.state, problem.asked_by) == (SitingState.QUEUED, "周规划")
    job = ProcrastinateJob.objects.get(task_name=scenarios.TASK)
    assert job.args == {"problem_id": str(problem.pk)}
    with pytest.raises(NotAnswered):
        scenarios.answer(problem)
    scenarios.carry_out(str(problem.pk))
    problem.refresh_from_db()
    assert (problem.state, problem.step, problem.problem) == (SitingState.READY, "", "")
    assert problem.best["objective"] == scenarios.answer(problem)["plan"]["objective"]


def test_the_plan_on_a_map() -> None:
    problem = solved()
    found = mapping.features(problem)["features"]
    by_role: dict[str, list[Any]] = {}
    for feature in found:
        by_role.setdefault(feature["properties"]["role"], []).append(feature)
    answer = scenarios.answer(problem)
    assert len(by_role["new"]) == 2
    assert len(by_role["existing"]) == answer["inputs"]["existing"]
    covered = sum(feature["properties"]["weight"] for feature in by_role["covered"])
    assert covered == pytest.approx(answer["coverage"]["after"]["numerator"])
    excluded = by_role.get("excluded", [])
    assert len(excluded) == answer["zones"]["excluded"]
    assert all(feature["properties"]["zones"] for feature in excluded)


def test_solved_again_it_is_the_same_plan() -> None:
    first = solved()
    second = scenarios.again(first, by="王管理")
    scenarios.carry_out(str(second.pk))
    second.refresh_from_db()
    one, other = scenarios.answer(first), scenarios.answer(second)
    assert other["sites"] == one["sites"]
    assert second.asked_by == "王管理"


def test_why_there_is_no_plan_is_kept() -> None:
    problem = solved(problem="cover_all", candidates="townships", radius_m=300, new_sites=None)
    assert problem.state == SitingState.FAILED
    assert "最小半径" in problem.problem
    assert problem.answer is None


def test_a_cancelled_problem_is_not_solved() -> None:
    problem = asked()
    scenarios.cancel(problem)
    scenarios.carry_out(str(problem.pk))
    problem.refresh_from_db()
    assert (problem.state, problem.answer) == (SitingState.CANCELLED, None)


def test_a_problem_cancelled_while_it_is_solved_leaves_nothing() -> None:
    problem = asked()

    def cancel(_progress: object) -> None:
        SitingProblem.objects.filter(pk=problem.pk).update(state=SitingState.CANCELLED)

    scenarios.carry_out(str(problem.pk), cancel)
    problem.refresh_from_db()
    assert (problem.state, problem.answer) == (SitingState.CANCELLED, None)


def test_one_whose_worker_was_killed_is_solved_from_the_beginning() -> None:
    problem = asked()
    SitingProblem.objects.filter(pk=problem.pk).update(state=SitingState.RUNNING, step="proving")
    scenarios.carry_out(str(problem.pk))
    problem.refresh_from_db()
    assert problem.state == SitingState.READY


def test_what_cannot_be_asked_is_not_queued() -> None:
    with pytest.raises(BadParameter):
        asked(radius_m=0)
    with pytest.raises(UnknownDivision):
        asked(division="339999")
    assert not SitingProblem.objects.exists()


def test_a_county_s_problems_are_its_own() -> None:
    of_all, of_zhuji = asked(), asked(ZHUJI)
    assert set(scenarios.of(BUREAU)) == {of_all, of_zhuji}
    assert set(scenarios.of(ZHUJI)) == {of_zhuji}
    assert scenarios.find(of_zhuji.pk, ZHUJI) == of_zhuji
    for unknown in (of_all.pk, "7"):
        with pytest.raises(UnknownProblem):
            scenarios.find(unknown, ZHUJI)


def test_a_forgotten_problem_is_gone() -> None:
    problem = solved()
    scenarios.forget(problem)
    assert not SitingProblem.objects.exists()
