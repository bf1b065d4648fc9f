"""The audit of every night: kept, and told when a status has changed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.error import HTTPError, URLError

import pytest
from django.core import mail
from django.utils import translation
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from layers.coverage import audit, nightly, report, saved, targets
from layers.models import Audit, AuditSubscription
from layers.rows import today
from layers.snapshots.records import Record
from tests.layers.coverage.place import OPENED, TARGET, TOWNSHIPS, A, open_site

pytestmark = pytest.mark.usefixtures("prefecture", "english")


class Received(BaseHTTPRequestHandler):
    """Keeps what it is sent, and answers with ``status``."""

    documents: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    status: ClassVar[int] = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.documents.append((self.path, json.loads(body)))
        self.send_response(self.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def program() -> Iterator[str]:
    """The address of a program that is told by webhook."""
    Received.documents.clear()
    Received.status = 204
    with ThreadingHTTPServer(("127.0.0.1", 0), Received) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/told"
        server.shutdown()


def keep(as_of: date, division: str = "", *, is_whole: bool = True) -> Audit:
    plan = replace(targets.plan(as_of).chosen([TARGET]), is_whole=is_whole)
    return saved.save(audit.run(plan, Record(as_of), division=division))


def everywhere() -> None:
    open_site("one", A, serves=[(code, OPENED, None) for code in TOWNSHIPS])


def waiting() -> list[dict[str, Any]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="layers.tasks.tell_of_audit")]


def test_each_night_an_audit_is_kept() -> None:
    assert nightly.run() is None
    kept = Audit.objects.get()
    assert kept.as_of == today()
    assert nightly.run() is None  # two of one day are not compared
    assert Audit.objects.count() == 2


def test_a_change_of_status_is_found_against_the_last_audit_of_an_earlier_day() -> None:
    open_site("one", A)
    old = keep(today() - timedelta(days=2))
    keep(today() - timedelta(days=1), division="999901")  # of a part: it is not compared with
    keep(today() - timedelta(days=1), is_whole=False)
    AuditSubscription.objects.create(channel="webhook", address="http://127.0.0.1/told")
    AuditSubscription.objects.create(channel="webhook", address="http://127.0.0.1/idle", active=False)
    everywhere_else = [(code, OPENED, None) for code in TOWNSHIPS]
    open_site("two", A, serves=everywhere_else)
    app.tasks["layers.tasks.audit_nightly"](timestamp=0)
    subscription = AuditSubscription.objects.get(active=True)
    new = Audit.objects.order_by("-id")[0]
    assert waiting() == [{"subscription_id": subscription.pk, "before_id": old.pk, "after_id": new.pk}]


def test_nothing_is_told_when_no_status_changed() -> None:
    everywhere()
    keep(today() - timedelta(days=1))
    AuditSubscription.objects.create(channel="webhook", address="http://127.0.0.1/told")
    app.tasks["layers.tasks.audit_nightly"](timestamp=0)
    assert waiting() == []


def test_a_night_in_which_no_status_changed_is_routine() -> None:
    open_site("one", A)
    keep(today() - timedelta(days=1))
    assert nightly.run() is None
    everywhere_else = [(code, OPENED, None) for code in TOWNSHIPS]
    open_site("two", A, serves=everywhere_else)
    assert nightly.run() is not None
    assert [one.is_routine for one in Audit.objects.order_by("id")] == [False, True, False]


def routine(*days: date, is_routine: bool = True) -> list[int]:
    result = report.document(audit.run(targets.plan(today()).chosen([TARGET]), Record(today())))
    made = [Audit(as_of=day, data_version="x", result=result, is_routine=is_routine, is_whole=True) for day in days]
    return [one.pk for one in Audit.objects.bulk_create(made)]


def test_of_nights_long_ago_the_last_of_each_month_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "today", lambda: date(2023, 7, 31))
    every = [date(2023, 1, 1) + timedelta(days=number) for number in range(212)]
    routine(*every)
    routine(date(2023, 3, 31))  # again on the day: the later one stays
    app.tasks["layers.tasks.thin_audits"](timestamp=0)
    kept = [date(2023, 1, 31), date(2023, 2, 28), date(2023, 3, 31), date(2023, 4, 30)]
    recent = [day for day in every if day > date(2023, 5, 2)]
    assert len(recent) == 90
    assert [one.as_of for one in Audit.objects.order_by("as_of")] == [*kept, *recent]
    assert Audit.objects.get(as_of=date(2023, 3, 31)).pk == max(Audit.objects.values_list("pk", flat=True))
    assert nightly.thin() == 0


def test_what_a_person_kept_and_a_change_of_status_stay() -> None:
    days = [today() - timedelta(days=number) for number in range(400, 430)]
    kept = routine(*days, is_routine=False)
    assert nightly.thin() == 0
    assert sorted(Audit.objects.values_list("pk", flat=True)) == kept


@pytest.fixture
def two() -> tuple[int, int]:
    """An audit that missed the target, and a later one that meets it."""
    open_site("one", A)
    before = keep(date(2023, 6, 29))
    open_site("two", A, serves=[(code, OPENED, None) for code in TOWNSHIPS])
    return before.pk, keep(date(2023, 6, 30)).pk


def test_a_program_is_told_in_json(program: str, two: tuple[int, int]) -> None:
    subscription = AuditSubscription.objects.create(channel="webhook", address=program, language="zh-hans")
    app.tasks["layers.tasks.tell_of_audit"](subscription_id=subscription.pk, before_id=two[0], after_id=two[1])
    [(path, document)] = Received.documents
    assert path == "/told"
    assert document["before"] == {"id": str(two[0]), "as_of": "2023-06-29"}
    assert (document["after"]["id"], document["after"]["status"]) == (str(two[1]), "met")
    assert document["changes"] == [
        {"id": TARGET, "title": "乡镇（街道）节地生态安葬点建有率", "before": "missed", "after": "met"}
    ]


@pytest.mark.parametrize("status", [302, 500])
def test_what_is_not_taken_is_an_error_that_is_tried_again(program: str, two: tuple[int, int], status: int) -> None:
    Received.status = status
    subscription = AuditSubscription.objects.create(channel="webhook", address=program)
    with pytest.raises(HTTPError):
        nightly.tell(subscription, *two)
    assert [path for path, _document in Received.documents] == ["/told"]  # not where it points to
    subscription.address = "http://127.0.0.1:9/told"
    with pytest.raises(URLError):
        nightly.tell(subscription, *two)


@pytest.mark.parametrize(
    ("language", "subject", "line"),
    [
        ("zh-hans", "考核目标状态变化（截至 2023-06-30）", "未达标 → 达标"),
        ("en", "Targets whose status has changed, as of 2023-06-30", "missed → met"),
    ],
)
def test_an_office_is_written_to_in_its_language(two: tuple[int, int], language: str, subject: str, line: str) -> None:
    subscription = AuditSubscription.objects.create(channel="email", address="plan@example.org", language=language)
    with translation.override("en"):
        nightly.tell(subscription, *two)
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["plan@example.org"], subject)
    assert f"[{TARGET}]: {line}" in letter.body
    assert f"/planning/?audit={two[1]}" in letter.body
