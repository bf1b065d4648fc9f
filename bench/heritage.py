"""The curators' pages and the public page over 50,000 places with 150,000 names: queries and the server's time; a batch of
500 published; and what the Linked Places Format of all of them takes of memory.

A page is asked for by the name of its address, as who may open it; one that is not there is said so. The places are made
in a database of their own beside the portal's, the same in every run. ``BENCH_HERITAGE_PLACES`` says how many.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from psycopg import sql

from bench import Row
from bench.doorplates import city
from heritage import batches, lpf_files, offered, publishing
from heritage.lpf_files import FORMS
from heritage.models import Changeset, Citation, HeritageList, Place, PlaceName, Source
from heritage.models.lists import BatchState
from heritage.models.parts import Spelling
from heritage.models.vocabularies import STANDARD
from layers.models.accounts import Grant, Role

PLACES = int(os.environ.get("BENCH_HERITAGE_PLACES", "50000"))
DOORS = 1_000  # of the city that they lie in
ASKED = 20  # times of each page
LIMIT_MS, MOST_QUERIES = 150.0, 30
PUBLISHED, PUBLISHING_S = 500, 10.0
WRITES = """
import sys
from bench.heritage import most_mb, written
print(written(int(sys.argv[1])), most_mb())
"""
TABLES = ("heritage_place", "heritage_placename", "heritage_placeshape", "heritage_placeversion", "heritage_changeset",
          "heritage_ticket", "heritage_namesign", "heritage_signinspection")  # fmt: skip
# The triggers would log, index and version each row by itself; what they keep is made set-wise below.
MAKE = """
    INSERT INTO heritage_place (code, name, name_roman, source, category, meaning, origin, evolution, people_and_events,
                                condition, condition_note, township, toponym_code, location, position_quality,
                                precision_m, time_text, changed_at)
    SELECT 'bench-place-' || n, mark || '旧名' || n, 'Jiù Míng ' || n, 'bench',
           (ARRAY['古村落', '古桥', '古街巷', '古井'])[1 + n %% 4], '因' || mark || '得名。', repeat('来历。', n %% 40), '', '', '',
           '', township, '', location, 'approximate', 500, '', now() - n * interval '1 minute'
    FROM (SELECT n, village.name AS mark, village.parent_code AS township,
                 ST_SetSRID(ST_Point(ST_X(centre) + (abs(hashint4(n * 3)) %% 2000 - 1000) / 2e5,
                                     ST_Y(centre) + (abs(hashint4(n * 7)) %% 2000 - 1000) / 2e5), 4490) AS location
          FROM generate_series(1, %(places)s) AS n
          JOIN (SELECT row_number() OVER (ORDER BY code) - 1 AS number, count(*) OVER () AS villages, *
                FROM layers_division WHERE level = 'village' AND centre IS NOT NULL) AS village
            ON village.number = abs(hashint4(n * 11)) %% village.villages) AS drawn;
    INSERT INTO heritage_placename (key, place, role, name, traditional, roman, specific, generic, dialect, certainty,
                                    position, time_text, start_earliest, start_latest)
    SELECT gen_random_uuid(), id, role, name || CASE WHEN position > 0 THEN '·' || position ELSE '' END, '', name_roman,
           '', '', '', 'unstated', position, '', 1000 + id %% 900, 1010 + id %% 900
    FROM heritage_place, (VALUES ('standard', 0), ('former', 1), ('alias', 2)) AS part (role, position)
    WHERE code LIKE 'bench-place-%%';
    INSERT INTO heritage_placeshape (key, place, shape, quality, precision_m, certainty, note, time_text)
    SELECT gen_random_uuid(), id, location, 'approximate', 500, 'unstated', '', ''
    FROM heritage_place WHERE code LIKE 'bench-place-%%';
    ANALYZE heritage_place, heritage_placename, heritage_placeshape;
    INSERT INTO heritage_placeversion (place_id, number, actor, through, origin, document)
    SELECT id, number, 'bench', '', 'bench', document
    FROM (SELECT id, heritage_document(id) AS document FROM heritage_place WHERE code LIKE 'bench-place-%%' OFFSET 0) AS made,
         generate_series(1, 1 + (id %% 5)::int) AS number;
    INSERT INTO layers_searchname (register, row_id, name, roman, division, tier)
    SELECT 'heritage_place', id, name, name_roman, township, 3 FROM heritage_place WHERE code LIKE 'bench-place-%%';
    INSERT INTO heritage_changeset (place_id, base, document, title, absorbs, state, reason, verdict, author_id, origin,
                                    submitted_at, reviewer_id, decided_at)
    SELECT id, 1, heritage_document(id) - '{handle,published,merged_into}'::text[], name, '',
           (ARRAY['draft', 'submitted', 'returned', 'approved'])[1 + id %% 4], 'bench',
           CASE WHEN id %% 4 = 2 THEN 'bench' ELSE '' END, %(author)s, '', now() - id * interval '1 second',
           CASE WHEN id %% 4 >= 2 THEN %(reviewer)s::int END, CASE WHEN id %% 4 >= 2 THEN now() END
    FROM heritage_place WHERE code LIKE 'bench-place-%%' AND id %% 10 < 4;
    INSERT INTO heritage_ticket (place_id, text, contact, due, answer)
    SELECT id, 'bench', '', current_date + (id %% 40)::int - 20, '' FROM heritage_place
    WHERE code LIKE 'bench-place-%%' AND id %% 50 = 0;
    INSERT INTO heritage_namesign (place_id, code, kind, location, erected_on)
    SELECT id, 'bench-sign-' || id, 'stele', location, current_date - (id %% 700)::int FROM heritage_place
    WHERE code LIKE 'bench-place-%%' AND id %% 25 = 0;
    INSERT INTO heritage_signinspection (sign_id, "on", condition, note, picture)
    SELECT id, current_date - (id %% 500)::int, 'good', '', '' FROM heritage_namesign WHERE code LIKE 'bench-sign-%%';
"""


@dataclass(frozen=True)
class Page:
    """address: its name in ``gis_portal.urls``; of: whose key fills it, a place's handle or a changeset's number."""

    what: str
    address: str
    who: str = "bench-curator"
    of: str = ""
    query: str = ""


PAGES = (
    Page("worklist", "curate"),
    Page("places", "curate-places"),
    Page("search by name", "curate-places", query="q=旧名1234"),
    Page("search by spelling", "curate-places", query="q=jiuming"),
    Page("review queue", "curate-review", "bench-reviewer"),
    Page("one changeset", "curate-change", "bench-reviewer", "changeset"),
    Page("history", "curate-history", of="place"),
    Page("batches", "curate-batches", "bench-reviewer"),
    Page("reports of mistakes", "curate-tickets"),
    Page("name signs", "curate-signs"),
    Page("public page of a place", "place", "", "place"),
)


def run() -> Iterator[Row]:
    with city(DOORS):
        people = {
            "": Client(SERVER_NAME="localhost"),
            "bench-curator": _client("bench-curator", Role.CURATOR),
            "bench-reviewer": _client("bench-reviewer", Role.REVIEWER),
        }
        _make()
        keys = {
            "place": list(Place.objects.filter(code__startswith="bench-").order_by("code")[:ASKED].values_list("handle", flat=True)),
            "changeset": list(Changeset.objects.filter(state="submitted").order_by("pk")[:ASKED].values_list("pk", flat=True)),
        }  # fmt: skip
        for page in PAGES:
            try:
                paths = (
                    [reverse(page.address, args=[key]) for key in keys[page.of]] if page.of else [reverse(page.address)]
                )
            except NoReverseMatch:
                print(f"NOT MEASURED: there is no page “{page.address}” ({page.what}).", flush=True)
                continue
            yield _row(page, people[page.who], [f"{path}?{page.query}" for path in paths])
        seconds = _publishing_s()
        yield Row(f"a batch of {PUBLISHED} published", seconds, "s", PUBLISHING_S, "limit", seconds / PUBLISHING_S)
        (few, small_mb), (all_, large_mb) = _exported(PLACES // 10), _exported(PLACES)
        what = f"{all_:,} places in the Linked Places Format"
        yield Row(what, large_mb, "MB", small_mb, f"{few:,} places", large_mb / small_mb)


def _publishing_s() -> float:
    """Seconds to freeze and publish a batch whose notice has ended, what the commit does included; all of it is undone."""
    with transaction.atomic():
        places = list(Place.objects.filter(code__startswith="bench-place-").order_by("pk")[:PUBLISHED])
        PlaceName.objects.filter(place__in=places, role=STANDARD).update(spelling=Spelling.CONFIRMED)
        work = Source.objects.create(code="bench-work", kind="gazetteer", title="演示志")
        Citation.objects.bulk_create(
            Citation(place=place, source=work, about="meaning", pages="卷九", position=0) for place in places
        )
        of = HeritageList.objects.create(
            code="bench-list", name="演示名录", issuer="bench", level="city", notice_days=0, source="bench"
        )
        batch = batches.begin(of, number="第一批")
        batches.nominate(batch, places)
        batches.step(batch, BatchState.REVIEW)
        batches.give_notice(batch)
        _settled()
        began = time.perf_counter()
        publishing.publish(batch, document="bench")
        _settled()
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    return seconds


def _settled() -> None:
    """Does what waits for the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _exported(places: int) -> tuple[int, float]:
    """The features of a file, and the megabytes that a process of its own held at most to write them."""
    command = [sys.executable, "-c", f"import django; django.setup(){WRITES}", str(places)]
    features, held_mb = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(features), float(held_mb)


def most_mb() -> float:
    """What this process held at most; the kernel's own figure of resources begins with what its parent held."""
    return int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024


def written(places: int) -> int:
    """Writes the places, at most so many, as ``export_places`` does; how many they were."""
    taken = 0

    def some() -> Iterator[Any]:
        nonlocal taken
        for page in offered.pages(is_curation=True):
            if taken >= places:
                return
            taken += len(page)
            yield page

    with Path(os.devnull).open("wb") as file:
        file.writelines(lpf_files.blocks(some(), FORMS["jsonl"], settings.PUBLIC_URL, "zh-hans"))
    return taken


def _row(page: Page, client: Client, paths: list[str]) -> Row:
    _asked(client, paths[0])  # what a process reads once is not a page's
    with ExitStack() as stack:
        counted = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in ("default", "reader")]
        _asked(client, paths[0])
        queries = sum(len(found) for found in counted)
    times = [_asked(client, path) for path in (paths * ASKED)[:ASKED]]
    if queries >= MOST_QUERIES:
        print(f"TOO MANY QUERIES: {queries} for {page.what}; at most {MOST_QUERIES - 1}.", flush=True)
    middle = median(times)
    return Row(f"{page.what}, {queries} queries", middle, "ms", LIMIT_MS, "limit", middle / LIMIT_MS)


def _asked(client: Client, path: str) -> float:
    """The milliseconds of an answer. Raises RuntimeError for one that is none."""
    began = time.perf_counter()
    response = client.get(path)
    taken_ms = (time.perf_counter() - began) * 1000
    if response.status_code != 200:
        raise RuntimeError(f"{path} was answered with {response.status_code}")
    return taken_ms


def _client(name: str, role: Role) -> Client:
    user, _is_new = User.objects.get_or_create(username=name)
    Grant.objects.get_or_create(user=user, defaults={"roles": [role], "counties": []})
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _make() -> None:
    """The places, when they are not there from a run before."""
    there = Place.objects.filter(code__startswith="bench-place-").count()
    if there == PLACES:
        return
    if there:
        raise RuntimeError(f"{there} places are there, not {PLACES}: drop the database portal_bench_{DOORS}")
    began = time.perf_counter()
    given: dict[str, Any] = {
        "places": PLACES,
        "author": User.objects.get(username="bench-curator").pk,
        "reviewer": User.objects.get(username="bench-reviewer").pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        for statement in MAKE.strip().removesuffix(";").split(";\n"):
            step = time.perf_counter()
            cursor.execute(statement, given)
            print(f"{statement.split('(')[0].strip()} … {time.perf_counter() - step:.1f} s", flush=True)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table that still has to be looked at is not altered
        for table in TABLES:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{PLACES:,} places with {3 * PLACES:,} names made in {time.perf_counter() - began:.0f} s", flush=True)
