"""What the portal does by the clock, run by the worker."""

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes expired sessions."""
    call_command("clearsessions")
