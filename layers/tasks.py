"""What the layers do by the clock, run by the worker."""

from datetime import date, timedelta

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from layers import registry
from layers.changes import Actor, recorded
from layers.coverage import nightly
from layers.doorplates import sheets, worklist
from layers.imports import batches
from layers.models import AuditSubscription
from layers.publish import exports
from layers.rows import today
from layers.search import index
from layers.siting import scenarios
from layers.snapshots import taking

LOOK_BACK = timedelta(days=31)  # a worker that was down for a month still catches up

RELOCATE = """
    SELECT layers_relocate(boundary) FROM layers_division
    WHERE level = 'township' AND boundary IS NOT NULL
      AND (valid_from BETWEEN %(since)s AND %(on)s OR valid_to BETWEEN %(since)s AND %(on)s)
"""


@app.periodic(cron="5 0 * * *")
@app.task(queueing_lock="relocate_points", pass_context=False)
def relocate_points(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Locates points again where a township's boundary came into force, or ended, as the days passed."""
    on = today()
    with connection.cursor() as cursor:
        cursor.execute(RELOCATE, {"since": on - LOOK_BACK, "on": on})


@app.periodic(cron="30 0 1-3 * *")
@app.task(queueing_lock="take_snapshots", pass_context=False)
def take_snapshots(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Freezes every layer as of the end of the month before; what a worker that was down missed, on the next two days."""
    on = taking.month_end(today())
    for layer in taking.missing(on):
        with recorded(Actor(origin="take_snapshots")):
            taking.take(layer, on)


@app.task(pass_context=False)
def take_snapshot(layer_id: str, on: str, name: str, through: str, origin: str, note: str) -> None:
    """Freezes a layer as somebody asked for."""
    with recorded(Actor(name=name, through=through, origin=origin)):
        taking.take(registry.get(layer_id), date.fromisoformat(on), by=name, note=note)


@app.task(lock="exports", pass_context=False)
def build_export(export_id: str) -> None:
    """Builds the file of an export; one at a time, so that a machine has memory and disk for it."""
    exports.build(export_id)


@app.task(lock="exports", pass_context=False)
def build_plate_sheets(sheets_id: str) -> None:
    """Builds a file of plates to print, in its turn with the exports."""
    sheets.build(sheets_id)


@app.periodic(cron="30 * * * *")
@app.task(queueing_lock="purge_plate_sheets", pass_context=False)
def purge_plate_sheets(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes the files of plates that have been kept for their time."""
    sheets.purge()


@app.periodic(cron="15 1 * * *")
@app.task(queueing_lock="audit_nightly", pass_context=False)
def audit_nightly(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Keeps the audit of the day, and has those told who subscribe when a target's status has changed."""
    found = nightly.run()
    if found is not None:
        before, after = found
        for subscription in AuditSubscription.objects.filter(active=True):
            tell_of_audit.defer(subscription_id=subscription.pk, before_id=before, after_id=after)


@app.periodic(cron="45 1 * * *")
@app.task(queueing_lock="thin_audits", pass_context=False)
def thin_audits(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes audits of nights long ago but the last of each month."""
    nightly.thin()


@app.task(retry=RetryStrategy(max_attempts=6, exponential_wait=5), pass_context=False)
def tell_of_audit(subscription_id: int, before_id: int, after_id: int) -> None:
    """Tells one subscriber; what does not arrive is tried again, over some four hours."""
    subscription = AuditSubscription.objects.filter(pk=subscription_id, active=True).first()
    if subscription is not None:
        nightly.tell(subscription, before_id, after_id)


@app.task(pass_context=False)
def run_import(batch_id: int, what: str) -> None:
    """Checks or loads an import."""
    batches.run(batch_id, what)


@app.task(pass_context=False)
def run_doorplate_check(check_id: int) -> None:
    """Makes a check of doorplates; one at a time, so that the later one has the last word on the worklist."""
    worklist.carry_out(check_id)


@app.periodic(cron="30 4 * * *")
@app.task(queueing_lock="purge_doorplate_checks", pass_context=False)
def purge_doorplate_checks(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Forgets checks and fixed findings of more than a year ago."""
    worklist.purge()


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="purge_imports", pass_context=False)
def purge_imports(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes uploaded files that have been kept for their time."""
    batches.purge()


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="forget_stretches", pass_context=False)
def forget_stretches(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Takes the streets and settlements out of the search along which no door is left."""
    index.forget_stretches()


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="purge_exports", pass_context=False)
def purge_exports(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes the files that have been kept for their time, and what a killed worker left behind."""
    exports.purge()


@app.task(pass_context=False)
def solve_siting_problem(problem_id: str) -> None:
    """Solves a siting problem; one at a time, so that a machine has memory and a processor for it."""
    scenarios.carry_out(problem_id)
