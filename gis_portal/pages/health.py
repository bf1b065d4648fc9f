"""Liveness and readiness, for operators and container health checks."""

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse


def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view
    """200 when the database answers, its migrations are applied and a worker is alive; 503 with the reason otherwise."""
    found = {"database": False, "migrations": False, "worker": False}
    try:
        executor = MigrationExecutor(connections["default"])
        found["database"] = True
        found["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        found["worker"] = _worker_alive()
    except DatabaseError:
        pass
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _worker_alive() -> bool:
    """Whether a worker has shown itself within its heartbeat's patience."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute')"
        )
        return bool(cursor.fetchone()[0])
