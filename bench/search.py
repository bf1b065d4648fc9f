"""Search, reverse and batch geocoding over cities of 0.5 to 5 million doors: the server's time, asked in this process.

What is asked is drawn from each city's own names, the same in every run. The cities are asked in turns, so that a slower
minute of the machine is a slower minute for all of them. ``BENCH_SEARCH_DOORS`` names the sizes, ``BENCH_SEARCH_ASKED``
how many questions of a kind are asked in a turn. The time of an answer includes its document; that of the network
and of Django's middleware is ``serving``'s.
"""

import math
import os
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import quantiles
from typing import Any

from django.db import connection
from psycopg import sql

from bench._search_plans import tables_scanned
from bench._streets import COMMON
from bench.doorplates import INDEXES, city
from layers.access import PUBLIC
from layers.publish.endpoints import Ask
from layers.rows import today
from layers.search import endpoints
from layers.search.batch import PIECE, Batch

SIZES = [int(size) for size in os.environ.get("BENCH_SEARCH_DOORS", "500000,1000000,2000000,5000000").split(",")]
ASKED = int(os.environ.get("BENCH_SEARCH_ASKED", "100"))
TURNS = 5
BATCH_ROWS = 20_000
LIMITS_MS = {"search": (5, 25), "reverse": (math.inf, 3)}  # p50, p99
BATCH_LIMIT = 2_000  # rows a second
TABLES = ("layers_searchname", "layers_searchkey")

NAMES = """
    SELECT name, folded, sounds FROM layers_searchname WHERE length(folded) >= 3
    ORDER BY hashint8extended(id, %s) LIMIT %s
"""
COMMONEST = """
    SELECT substr(folded, 1, 2) FROM layers_searchname WHERE length(folded) >= 2
    GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 40
"""
DOORS = """
    SELECT county, town, coalesce(nullif(street, ''), natural_village), door, standard_address, ST_X(location),
           ST_Y(location)
    FROM layers_digitaldoorplate
    WHERE plate_kind <> 'household' AND status = 'current' ORDER BY hashint8extended(id, %s) LIMIT %s
"""
INDEX_SIZES = """
    SELECT relname, pg_size_pretty(pg_relation_size(oid)) FROM pg_class
    WHERE oid = %(table)s::regclass OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = %(table)s::regclass)
    ORDER BY relkind DESC, relname
"""
COPIED = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = 'layers_digitaldoorplate'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""

Name = tuple[str, str, list[str]]
Times = dict[str, list[float]]


def main() -> None:
    for doors in SIZES:
        with city(doors):
            print(f"\n### {doors:,} doors\n")
            sizes()
            making()
            plans()
    by_size = {doors: Times() for doors in SIZES}
    for turn in range(TURNS):
        for doors, found in by_size.items():
            with city(doors):
                times(turn, found)
    for doors, found in by_size.items():
        print(f"\n### {doors:,} doors\n")
        report(found)
        with city(doors):
            print(f"\nbatch geocoding: {batch_rate():,.0f} rows a second; the limit is {BATCH_LIMIT:,}")
    growth(by_size)


def sizes() -> None:
    """How large the index of names is."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            print(f"{table}: {cursor.fetchone()[0]:,} rows")
            cursor.execute(INDEX_SIZES, {"table": table})
            print(*(f"  {name}: {size}" for name, size in cursor.fetchall()), sep="\n")


def plans() -> None:
    """Ends the run where a statement of the search would read a whole table."""
    if found := tables_scanned():
        raise SystemExit("\n".join(f"{what} reads {', '.join(sorted(tables))} whole" for what, tables in found.items()))
    print("no statement of the search reads a table whole")


def making() -> None:
    """How long the city's doors and their index took to make, to a bare COPY of the same rows and CREATE INDEX."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT step, seconds FROM bench_step")
        steps = cursor.fetchall()
    own, bare = sum(seconds for _step, seconds in steps), bare_load_s()
    print(", ".join(f"{step} {seconds:.1f} s" for step, seconds in steps))
    print(f"in all {own:.1f} s; COPY and CREATE INDEX of the same rows {bare:.1f} s; ratio {own / bare:.2f}")


def bare_load_s() -> float:
    """Seconds to load the rows into a table with the same indexes and without triggers, constraints and search."""
    with tempfile.TemporaryFile() as file, connection.cursor() as cursor:
        cursor.execute(COPIED)
        columns = sql.SQL(cursor.fetchone()[0])
        with cursor.copy(sql.SQL("COPY layers_digitaldoorplate ({}) TO STDOUT").format(columns)) as copy:
            for block in copy:
                file.write(block)
        file.seek(0)
        cursor.execute(INDEXES, ["layers_digitaldoorplate"])
        indexes = [re.sub(r"INDEX \S+ ON \S+", "INDEX ON bench_bare", row[1]) for row in cursor.fetchall()]
        cursor.execute(
            "CREATE TABLE bench_bare (LIKE layers_digitaldoorplate INCLUDING GENERATED INCLUDING DEFAULTS INCLUDING IDENTITY)"
        )
        began = time.perf_counter()
        try:
            with cursor.copy(sql.SQL("COPY bench_bare ({}) FROM STDIN").format(columns)) as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
            for statement in indexes:
                cursor.execute(statement)
            return time.perf_counter() - began
        finally:
            cursor.execute("DROP TABLE bench_bare")


def times(turn: int, found: Times) -> None:
    """Adds the milliseconds of each answer, by what is asked. Other questions of the kind are asked before, so that every
    plan is made and the tables are read."""
    warm, asked = questions(seed=2 * turn), questions(seed=2 * turn + 1)
    for kind, texts in asked.items():
        for text in warm[kind]:
            ask_search(text)
        found.setdefault(kind, []).extend(timed(ask_search, text) for text in texts)
    for place in places(seed=2 * turn):
        ask_reverse(place)
    found.setdefault("reverse", []).extend(timed(ask_reverse, place) for place in places(seed=2 * turn + 1))


def questions(seed: int) -> dict[str, list[str]]:
    """The texts of each kind."""
    chance = random.Random(seed)
    names = _names(seed)
    return {
        "hanzi, beginning": [name[: chance.randint(2, 12)] for name, _folded, _sounds in names],
        "hanzi, part": [_part(folded, chance) for _name, folded, _sounds in names],
        "hanzi, common": [chance.choice(_common()) for _each in names],
        "pinyin": ["".join(sounds)[: chance.randint(2, 12)] for _name, _folded, sounds in names],
        "pinyin, common": ["".join(sounds)[: chance.randint(2, 4)] for _name, _folded, sounds in names],
        "initials": ["".join(each[0] for each in sounds)[: chance.randint(2, 5)] for _name, _folded, sounds in names],
        "mixed": [folded[:1] + "".join(sounds[1:])[:8] for _name, folded, sounds in names],
        "slip in hanzi": [_slipped(folded, chance) for _name, folded, _sounds in names],
        "slip in pinyin": [_slipped_letters("".join(sounds), chance) for _name, _folded, sounds in names],
        "address": [f"{street}{door}"[:12] for _county, _town, street, door, *_rest in _doors(seed)],
        "whole address": [f"{county}{town}{street}{door}" for county, town, street, door, *_rest in _doors(seed)],
    }


def places(seed: int) -> Iterator[tuple[float, float]]:
    chance = random.Random(seed)
    for *_names, lon, lat in _doors(seed):
        yield lon + chance.uniform(-0.002, 0.002), lat + chance.uniform(-0.002, 0.002)


def _names(seed: int) -> list[Name]:
    with connection.cursor() as cursor:
        cursor.execute(NAMES, [seed, ASKED])
        return list(cursor.fetchall())


def _common() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(COMMONEST)
        return [*(text for (text,) in cursor.fetchall()), *(name for name, _roman in COMMON)]


def _doors(seed: int, number: int = ASKED) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(DOORS, [seed, number])
        return list(cursor.fetchall())


def _part(text: str, chance: random.Random) -> str:
    begin = chance.randrange(len(text) - 1)
    return text[begin : begin + chance.randint(2, 4)]


def _slipped(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("青松竹梅桂兰荷柳桃枫陈王李张") + text[place + 1 :]


def _slipped_letters(letters: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(letters))
    return letters[:place] + chance.choice("aeinou") + letters[place + 1 :]


def ask_search(text: str) -> None:
    endpoints.search(_asked(q=text))


def ask_reverse(place: tuple[float, float]) -> None:
    endpoints.reverse(_asked(lon=f"{place[0]:.6f}", lat=f"{place[1]:.6f}"))


def _asked(**params: str) -> Ask:
    return Ask(params=params, reader=PUBLIC, language="zh-hans", base="http://127.0.0.1:8000")


def timed(ask: Callable[[Any], None], about: Any) -> float:
    began = time.perf_counter()
    ask(about)
    return (time.perf_counter() - began) * 1000


def batch_rate() -> float:
    """Rows a second, of addresses as registers and as people write them; one in fifty is not known."""
    texts = [
        (whole, f"{county}{street}{door}", f"{town}{street}{door}", f"{town}不存在的{street}{door}")[
            3 if number % 50 == 0 else number % 3
        ]
        for number, (county, town, street, door, whole, *_place) in enumerate(_doors(3, BATCH_ROWS))
    ]
    Batch(PUBLIC, today()).located([whole for *_names, whole, _lon, _lat in _doors(4, PIECE)])
    batch = Batch(PUBLIC, today())
    began = time.perf_counter()
    for start in range(0, len(texts), PIECE):
        batch.located(texts[start : start + PIECE])
    return len(texts) / (time.perf_counter() - began)


def centiles(times_ms: Sequence[float]) -> tuple[float, float]:
    found = quantiles(times_ms, n=100)
    return found[49], found[98]


def report(found: Times) -> None:
    print("\n| Asked | Number | p50 ms | p99 ms | Limit |\n|---|---|---|---|---|")
    for kind, times_ms in found.items():
        half, most = LIMITS_MS["reverse" if kind == "reverse" else "search"]
        limit = f"p99 {most}" if half == math.inf else f"p50 {half}, p99 {most}"
        p50, p99 = centiles(times_ms)
        print(f"| {kind} | {len(times_ms):,} | {p50:.2f} | {p99:.2f} | {limit} |")


def growth(by_size: dict[int, Times]) -> None:
    """What each doubling of the city adds to the middle answer, in milliseconds. What grows as the logarithm adds the same
    each time, what is bounded adds less and less, and what grows as a power of the size adds more and more. Beside it
    what the whole way makes of the middle and the slowest answers.
    """
    sizes = sorted(by_size)
    steps = [f"{before:,} to {now:,}" for before, now in pairwise(sizes)]
    print("\n| Asked | " + " | ".join(steps) + " | p50, whole way | p99, whole way |")
    print("|---" * (len(steps) + 3) + "|")
    for kind in [*by_size[sizes[0]], "all together"]:
        found = [_middle_and_slowest(by_size[doors], kind) for doors in sizes]
        doublings = [math.log2(now / before) for before, now in pairwise(sizes)]
        added = [(now[0] - before[0]) / step for (before, now), step in zip(pairwise(found), doublings, strict=True)]
        whole = [now / before for before, now in zip(found[0], found[-1], strict=True)]
        print(
            f"| {kind} | "
            + " | ".join(f"{ms:+.2f}" for ms in added)
            + " | "
            + " | ".join(f"{x:.2f}" for x in whole)
            + " |"
        )


def _middle_and_slowest(found: Times, kind: str) -> tuple[float, float]:
    """Of a kind; of all together the sum of the kinds'."""
    if kind in found:
        return centiles(found[kind])
    each = [centiles(times_ms) for times_ms in found.values()]
    return sum(p50 for p50, _p99 in each), sum(p99 for _p50, p99 in each)
