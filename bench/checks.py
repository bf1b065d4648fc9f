"""The check of all doorplates of a city and of one township, with faults put among the doors."""

from collections import Counter
from collections.abc import Iterable
from time import perf_counter

from django.db import connection, transaction

from bench import Row
from bench.doorplates import DOORPLATES, city
from layers.doorplates import checking

CITY_LIMIT_S, TOWNSHIP_LIMIT_S = 60.0, 3.0
# One plate in two hundred is moved: along its street, across it, or far away; one in a thousand is taken down.
FAULTS = """
    UPDATE layers_digitaldoorplate SET location = ST_Translate(
        location, (CASE id % 3 WHEN 0 THEN 0.0003 WHEN 1 THEN 0.0012 ELSE 0.01 END), 0)
    WHERE id % 200 = 7;
    UPDATE layers_digitaldoorplate SET status = 'rejected' WHERE id % 1000 = 11
"""
LARGEST = """
    SELECT township_claimed, count(*) FROM layers_digitaldoorplate GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1
"""


def run(doorplates: int = DOORPLATES) -> Iterable[Row]:
    with city(doorplates), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE layers_digitaldoorplate DISABLE TRIGGER USER")  # the faults are nobody's change
            cursor.execute(FAULTS)
            cursor.execute(LARGEST)
            township, plates = cursor.fetchone()
        yield _row(f"the city, {doorplates:,} doorplates", checking.Asked(), CITY_LIMIT_S)
        yield _row(f"the largest township, {plates:,}", checking.Asked(township=township), TOWNSHIP_LIMIT_S)
        transaction.set_rollback(True)


def _row(name: str, asked: checking.Asked, limit_s: float) -> Row:
    began = perf_counter()
    found = checking.run(asked)
    taken = perf_counter() - began
    kinds = ", ".join(
        f"{kind} {count:,}" for kind, count in sorted(Counter(one.kind for one in found.findings).items())
    )
    return Row(f"{name}: {kinds}", taken, "s", limit_s, "limit", taken / limit_s, (taken / limit_s,))
