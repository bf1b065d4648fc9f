"""OWSLib pages through more than 1,000,000 filtered doorplates while another client writes: is each row that stayed
there once, and does the last page cost what the first one did?

The writer changes, adds and deletes rows without a pause; at the end it puts back what it took.
"""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psycopg
from django.conf import settings
from django.db import connections
from owslib.ogcapi.features import Features
from psycopg import sql

from bench.doorplates import city
from bench.serving import serving

PLATES = sql.Identifier("layers_digitaldoorplate")
LIMIT = 10_000
BATCH = 50  # rows of each kind a writer's transaction touches
WALKS: dict[str, dict[str, str]] = {
    "in the register's order": {"filter": "plate_kind IN ('small', 'medium')"},
    "the latest first": {"filter": "township_claimed LIKE '330683%'", "sortby": "-installed_on"},
}
MATCHING = {
    "in the register's order": sql.SQL("plate_kind IN ('small', 'medium')"),
    "the latest first": sql.SQL("township_claimed LIKE '330683%'"),
}


def main() -> None:
    with city(), serving() as port:
        for name, asked in WALKS.items():
            walk(port, name, asked, MATCHING[name])


def walk(port: int, name: str, asked: dict[str, str], matching: sql.SQL) -> None:
    before = public_codes(matching)
    with Writer(matching) as writer:
        seen, took = pages(port, asked)
    lost = before - writer.deleted - set(seen)
    twice = [code for code, times in seen.items() if times > 1]
    edge = max(1, len(took) // 10)
    first, last = sorted(took[:edge])[edge // 2], sorted(took[-edge - 1 : -1])[edge // 2]
    print(
        f"{name}: {len(seen):,} features on {len(took)} pages in {sum(took):.0f} s; meanwhile {writer.changed:,} rows "
        f"changed, {writer.added:,} added, {len(writer.deleted):,} deleted. Rows that stayed and were missed: {len(lost)}; "
        f"seen twice: {len(twice)}. A page at the beginning {first * 1000:.0f} ms, at the end {last * 1000:.0f} ms."
    )
    assert not lost, sorted(lost)[:5]
    assert not twice, twice[:5]


def pages(port: int, asked: dict[str, str]) -> tuple[Counter[str], list[float]]:
    """How often each feature was seen on the pages, and how many seconds each page took."""
    client = Features(f"http://127.0.0.1:{port}/api/", json_="{}", timeout=120)
    seen: Counter[str] = Counter()
    took = []
    following: dict[str, Any] | None = {**asked, "limit": LIMIT, "properties": "name"}
    while following is not None:
        began = time.perf_counter()
        page = client.collection_items("doorplates", **following)
        took.append(time.perf_counter() - began)
        seen.update(feature["id"] for feature in page["features"])
        link = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        following = dict(parse_qsl(urlsplit(link).query)) if link else None
    return seen, took


def public_codes(matching: sql.SQL) -> set[str]:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT code FROM {} WHERE published AND plate_kind <> 'household' AND status = 'current' AND {}"
            ).format(PLATES, matching)
        )
        return {code for (code,) in cursor.fetchall()}


@dataclass
class Writer:
    """Writes from its own connection until the block ends, then undoes what it added and deleted."""

    matching: sql.SQL
    changed: int = 0
    added: int = 0
    deleted: set[str] = field(default_factory=set)

    def __enter__(self) -> "Writer":
        about = settings.DATABASES["default"]
        name = connections["default"].settings_dict["NAME"]
        self.connection = psycopg.connect(
            host=str(about["HOST"]), user=str(about["USER"]), dbname=name, autocommit=True
        )
        self.columns = self._columns()
        self.connection.execute(
            sql.SQL("CREATE TEMPORARY TABLE taken AS SELECT {} FROM {} LIMIT 0").format(self.columns, PLATES)
        )
        self.top = self._value("SELECT max(id) FROM layers_digitaldoorplate")
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._write)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.thread.join()
        with self.connection:
            self.connection.execute("DELETE FROM layers_digitaldoorplate WHERE code LIKE 'late-%'")
            put_back = sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM taken").format(PLATES, self.columns)
            self.connection.execute(put_back)

    def _write(self) -> None:
        chance = random.Random(1)
        while not self.over.is_set():
            ids = [chance.randrange(1, self.top) for _row in range(3 * BATCH)]
            with self.connection.transaction():
                touched = self.connection.execute(
                    "UPDATE layers_digitaldoorplate SET grid = 'changed' WHERE id = ANY(%s)", [ids[:BATCH]]
                )
                self.changed += touched.rowcount
                self._add(ids[BATCH : 2 * BATCH])
                self._take(ids[2 * BATCH :])

    def _add(self, like: list[int]) -> None:
        """Rows such as others are, under new codes."""
        for number in like:
            self.added += self.connection.execute(
                sql.SQL("INSERT INTO {0} ({1}) SELECT {2} FROM {0} WHERE id = {3} ON CONFLICT DO NOTHING").format(
                    PLATES,
                    self.columns,
                    sql.SQL(", ").join(self._made(name) for name in self.names),
                    sql.Literal(number),
                )
            ).rowcount

    def _made(self, name: str) -> sql.Composable:
        late = f"late-{self.added}"
        if name == "id":
            return sql.SQL("nextval(pg_get_serial_sequence('layers_digitaldoorplate', 'id'))")
        return sql.Literal(late) if name in ("code", "token") else sql.Identifier(name)

    def _take(self, ids: list[int]) -> None:
        gone = self.connection.execute(
            sql.SQL(
                "WITH gone AS (DELETE FROM {0} WHERE id = ANY(%s) RETURNING {1}) INSERT INTO taken SELECT * FROM gone RETURNING code"
            ).format(PLATES, self.columns),
            [ids],
        )
        self.deleted |= {code for (code,) in gone.fetchall()}

    def _columns(self) -> sql.Composed:
        """The columns that are no computed ones."""
        found = self.connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'layers_digitaldoorplate'::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
        )
        self.names = [name for (name,) in found.fetchall()]
        return sql.SQL(", ").join(map(sql.Identifier, self.names))

    def _value(self, query: str) -> Any:
        row = self.connection.execute(query).fetchone()
        assert row is not None
        return row[0]
