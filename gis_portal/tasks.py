"""What the portal does by the clock, run by the worker."""

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Deletes expired sessions."""
    call_command("clearsessions")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Queues again what a worker was doing when it was killed."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
