"""What the place names do by the clock, run by the worker."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from heritage import reminders, warnings
from layers.changes import Actor, recorded
from layers.rows import today


@app.periodic(cron="10 0 * * *")
@app.task(queueing_lock="warn_of_divisions", pass_context=False)
def warn_of_divisions(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Warns of listed names whose division has ended."""
    with recorded(Actor(origin="warn_of_divisions")):
        warnings.warn_of_divisions(today())


@app.periodic(cron="0 8 * * *")
@app.task(queueing_lock="remind_curators", retry=RetryStrategy(max_attempts=6, exponential_wait=5), pass_context=False)
def remind_curators(timestamp: int) -> None:  # noqa: ARG001  the scheduler's
    """Reminds the office by e-mail of what is due; what does not arrive is tried again."""
    reminders.send(today())
