"""Siting problems as people keep them: asked, solved in the background, cancelled, solved again, forgotten."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from procrastinate.contrib.django import app

from layers.access import BUREAU, Reader
from layers.jobs import DATABASE, TOLD_EVERY_S, Stopped, Teller, done_for
from layers.models import SitingProblem
from layers.models.siting import SITING_UNDER_WAY, SitingState
from layers.registry import Audience
from layers.siting import answering, asking, gathering
from layers.siting.asking import Question
from layers.siting.errors import NotAnswered, UnknownProblem
from layers.siting.inputs import Inputs, of_arrays
from layers.siting.packing import packed, unpacked
from layers.siting.solving.watching import Progress, Watch

TASK = "layers.tasks.solve_siting_problem"


def of(reader: Reader) -> QuerySet[SitingProblem]:
    """The problems a reader may see: those of readers of the same counties; who reads all counties sees them all."""
    return SitingProblem._default_manager.filter(Q(counties=list(reader.counties)) if reader.counties else Q())


def find(problem_id: object, reader: Reader) -> SitingProblem:
    """Raises UnknownProblem."""
    try:
        # What it was solved from, megabytes, is read when it is asked for: a page asks every second how far it is.
        found = of(reader).defer("inputs").filter(pk=UUID(str(problem_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise UnknownProblem(problem_id)
    return found


def ask(given: Mapping[str, Any], *, reader: Reader, by: str) -> SitingProblem:
    """Queues a problem. Raises UnknownParameter, BadParameter, UnknownDivision, UnknownFile."""
    with transaction.atomic():
        problem = keep(given, reader=reader, by=by)
        _queue(problem)
    return problem


def again(problem: SitingProblem, *, by: str) -> SitingProblem:
    """Queues the same problem once more, from what it was solved from: the same plan comes of it."""
    with transaction.atomic():
        copied = _kept(asking.question(problem.question), bytes(problem.inputs), problem.counties, by)
        _queue(copied)
    return copied


def keep(given: Mapping[str, Any], *, reader: Reader, by: str) -> SitingProblem:
    """A problem that nobody is told to solve yet: ``carry_out`` does. Raises as ``ask``."""
    asked = asking.question(given)
    gathering.refuse_unknown(asked, reader)
    return _kept(asked, b"", list(reader.counties), by)


def _kept(asked: Question, inputs: bytes, counties: list[str], by: str) -> SitingProblem:
    return SitingProblem._default_manager.create(
        name=asked.name, question=asked.document, inputs=inputs, counties=counties, asked_by=by,
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )  # fmt: skip


def _queue(problem: SitingProblem) -> None:
    app.configure_task(TASK, lock="siting problems").defer(problem_id=str(problem.pk))


def rename(problem: SitingProblem, name: str) -> None:
    """Raises BadParameter for a name that is none."""
    asked = asking.question({**problem.question, "name": name})
    problem.name, problem.question = asked.name, {**problem.question, "name": asked.name}
    problem.save(update_fields=["name", "question"])


def cancel(problem: SitingProblem) -> None:
    """Ends a problem that waits or is being solved."""
    SitingProblem._default_manager.filter(pk=problem.pk, state__in=SITING_UNDER_WAY).update(state=SitingState.CANCELLED)
    problem.refresh_from_db()


def forget(problem: SitingProblem) -> None:
    """Deletes a problem, which is cancelled first where it is under way."""
    cancel(problem)
    problem.delete()


def answer(problem: SitingProblem) -> dict[str, Any]:
    """The document of a solved problem. Raises NotAnswered."""
    if problem.answer is None:
        raise NotAnswered(str(problem.get_state_display()))
    found: dict[str, Any] = problem.answer
    return found


def inputs(problem: SitingProblem) -> tuple[Inputs, Any]:
    """What a problem was solved from, and of each candidate whether zones let it stand. Raises NotAnswered."""
    if not problem.inputs:
        raise NotAnswered(str(problem.get_state_display()))
    arrays = unpacked(problem.inputs)
    kept = answer(problem)
    return of_arrays(arrays, kept["notes"], kept["sources"]), arrays["allowed"]


def carry_out(problem_id: str, heard: Callable[[Progress], None] = lambda _progress: None) -> None:
    """Solves the problem, from the beginning when its worker was killed; one no longer wanted is left alone.

    heard: told of the progress too.
    """
    waiting = SitingProblem._default_manager.filter(pk=problem_id, state__in=SITING_UNDER_WAY)
    if not waiting.update(state=SitingState.RUNNING, step="gathering", told=0, best=None):
        return
    problem = SitingProblem._default_manager.get(pk=problem_id)
    running = SitingProblem._default_manager.filter(pk=problem_id, state=SitingState.RUNNING)
    asked = asking.question(problem.question)
    teller = Teller(running, "told")
    told_at, step = -TOLD_EVERY_S, ""

    def tell(progress: Progress) -> None:
        nonlocal told_at, step
        heard(progress)
        if progress.step == step and monotonic() - told_at < TOLD_EVERY_S:
            return
        told_at, step = monotonic(), progress.step
        best = progress.best
        said = best and {"objective": best.objective, "bound": best.bound, "sites": len(best.sites)}
        teller(1, step=step[:20], best=said)

    watch = Watch(limit_s=asked.limit_s, is_wanted=_asked_now_and_then(running.using(DATABASE)), tell=tell)
    with done_for(problem.language, lambda why: running.update(state=SitingState.FAILED, problem=why)):
        given = _given(problem)
        found = answering.answered(asked, reader=_reader(problem), watch=watch, given=given)
        kept = packed(found.arrays)
        if not running.update(state=SitingState.READY, step="", inputs=kept, answer=found.document):
            raise Stopped


def _asked_now_and_then(running: QuerySet) -> Callable[[], bool]:
    """Whether the row still runs: a solver asks in every turn of its loops, and the database about once a second."""
    known, known_at = True, -TOLD_EVERY_S

    def is_wanted() -> bool:
        nonlocal known, known_at
        if known and monotonic() - known_at >= TOLD_EVERY_S:
            known, known_at = running.exists(), monotonic()
        return known

    return is_wanted


def _given(problem: SitingProblem) -> dict[str, Any] | None:
    return unpacked(problem.inputs) if problem.inputs else None


def _reader(problem: SitingProblem) -> Reader:
    """On whose behalf the inputs are read."""
    return Reader(Audience.BUREAU, BUREAU.roles, tuple(problem.counties))
