"""Pages of features a second through the web server, against pgbench running the same bare SQL."""

from collections.abc import Iterator
from functools import partial

from bench import Row, compared
from bench._web import Request, compare_answers, in_turns, pgbench, places, rate, serving, written
from layers.access import PUBLIC
from layers.publish import items
from layers.publish.parameters import Box

PLACES = 40  # each is a script of pgbench's, which takes at most 128
PAIRS = 5


def run() -> Iterator[Row]:
    kinds = {
        "page of 100 villages": list(page_requests("villages", reach_deg=2.0)),
        "items of a small box": list(page_requests("eco-burial-sites", reach_deg=0.1)),
    }
    with serving() as port:
        for name, requests in kinds.items():
            compare_answers(port, requests[0])
            pairs = in_turns(PAIRS, partial(rate, port, requests), partial(pgbench, requests))
            yield compared(name, "/s", "pgbench, bare SQL", pairs)


def page_requests(layer_id: str, *, reach_deg: float) -> Iterator[Request]:
    for _number, (lon, lat) in zip(range(PLACES), places(), strict=False):
        box = Box(*(round(edge, 4) for edge in (lon - reach_deg, lat - reach_deg, lon + reach_deg, lat + reach_deg)))
        path = f"/api/collections/{layer_id}/items?bbox={box.west},{box.south},{box.east},{box.north}"
        asked = {"after": 0, "box": items.ewkb(box), "limit": 100, "one_more": 101}
        page, count = items._page_statement(layer_id, PUBLIC, True), items._count_statement(layer_id, PUBLIC, True)
        yield Request(path, f"{written(page, **asked)};\n{written(count, **asked)}")
