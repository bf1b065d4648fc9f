"""What the portal does by the clock, run by the worker."""

from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from heritage import pictures
from layers.accounts import tokens
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


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="clear_tokens")
def clear_tokens(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes expired tokens."""
    tokens.delete_expired()


@app.periodic(cron="20 4 * * *")
@app.task(queueing_lock="remove_unused_pictures")
def remove_unused_pictures(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes pictures that no entry, version or draft refers to."""
    pictures.remove_unused()


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="forget_failed_sign_ins")
def forget_failed_sign_ins(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes the addresses of failed sign-ins that lock nobody out any longer."""
    AccessAttempt.objects.filter(attempt_time__lte=timezone.now() - settings.AXES_COOLOFF_TIME).delete()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Queues again what a worker was doing when it was killed."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
