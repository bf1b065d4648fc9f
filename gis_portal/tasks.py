"""What the portal does by the clock, run by the worker."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from layers.publish import cells


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes expired sessions."""
    call_command("clearsessions")


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="settle_cells")
def settle_cells(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Joins the counts that edits have appended to the cells of the tile grid."""
    cells.settle()
