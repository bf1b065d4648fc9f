"""The clock's jobs do their work when a real worker runs them."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from layers.models import ApiToken, Division, MarriageRegistry
from layers.rows import today


@pytest.mark.django_db
def test_clear_sessions_deletes_only_expired_ones() -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=1))
    app.tasks["gis_portal.tasks.clear_sessions"](timestamp=0)
    kept = Session.objects.filter(session_key__in=["old", "new"])
    assert list(kept.values_list("session_key", flat=True)) == ["new"]


@pytest.mark.django_db
def test_clear_tokens_deletes_only_expired_ones() -> None:
    clerk = User.objects.create_user("clerk")
    for name, days in (("old", -1), ("new", 1)):
        ApiToken.objects.create(clerk, name=name, expiry=timedelta(days=days))
    app.tasks["gis_portal.tasks.clear_tokens"](timestamp=0)
    assert [token.name for token in ApiToken.objects.all()] == ["new"]


@pytest.mark.django_db
def test_addresses_of_failed_sign_ins_are_forgotten_once_they_lock_nobody_out() -> None:
    for name, minutes in (("old", 16), ("new", 14)):
        attempt = AccessAttempt.objects.create(username=name, ip_address="192.0.2.7", failures_since_start=5)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=timezone.now() - timedelta(minutes=minutes))
    app.tasks["gis_portal.tasks.forget_failed_sign_ins"](timestamp=0)
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["new"]


@pytest.mark.django_db
def test_relocate_points_follows_a_boundary_that_came_into_force_overnight() -> None:
    square = MultiPolygon(Polygon.from_bbox((10, 10, 11, 11)), srid=4490)
    township = Division.objects.create(
        code="999999001",
        level="township",
        kind="镇",
        name="试镇",
        boundary=square,
        boundary_quality="surveyed",
        source="test",
    )
    site = MarriageRegistry.objects.create(
        code="MR-NIGHT", name="试", source="test", township_claimed="999999001", county_served="999999",
        location=Point(10.5, 10.5, srid=4490),
    )  # fmt: skip
    with connection.cursor() as cursor:  # as if the day had passed with nobody editing
        cursor.execute("ALTER TABLE layers_division DISABLE TRIGGER USER")
        Division.objects.filter(pk=township.pk).update(valid_from=today() - timedelta(days=9), valid_to=today())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE layers_division ENABLE TRIGGER USER")
    site.refresh_from_db()
    assert site.township_located == "999999001"
    app.tasks["layers.tasks.relocate_points"](timestamp=0)
    site.refresh_from_db()
    assert site.township_located is None


@pytest.mark.django_db
def test_retry_stalled_jobs_queues_what_a_killed_worker_was_doing() -> None:
    job_ids = [app.tasks["layers.tasks.build_export"].defer(export_id=f"{number}") for number in range(2)]
    with connection.cursor() as cursor:  # its worker has left no heartbeat
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job_ids[0]])
    async_to_sync(app.tasks["gis_portal.tasks.retry_stalled_jobs"].func)(timestamp=0)
    jobs = ProcrastinateJob.objects.filter(id__in=job_ids).order_by("id")
    assert list(jobs.values_list("status", flat=True)) == ["todo", "todo"]
