"""Reading CQL2 text. The ``cql2`` library knows the grammar; what it cannot bear is refused before it sees it.

Its parser goes back over everything within parentheses once for each way it might be read, so that the time doubles
with every level; and it recurses on the stack, which ends the process when it runs out.
"""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

import cql2

from layers.publish.filters.documents import node, refuse_at_once
from layers.publish.filters.errors import BadFilter, Reason
from layers.publish.filters.nodes import Call, Filter, Node, parts, shown

NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.:])"
# Strings and quoted names in one piece, so that nothing in them is taken for a parenthesis.
PIECE = re.compile(rf"""'(?:[^'\\]|''|\\.)*+'|"(?:[^"]|"")*+"|(?P<number>{NUMBER})|[\w.:]+|\S""", re.DOTALL)
ESCAPE = re.compile(r"''|\\.", re.DOTALL)
# OGC 21-065r2, requirement /req/cql2-text/escaping. Other backslashes stand for themselves, for LIKE to read.
ESCAPES = {
    **{"''": "'", r"\'": "'"},
    **{r"\a": "\a", r"\b": "\b", r"\t": "\t", r"\n": "\n", r"\v": "\v", r"\f": "\f", r"\r": "\r"},
}
GEOMETRIES = ("POINT", "LINESTRING", "POLYGON", "GEOMETRYCOLLECTION", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")
DIMENSIONS = ("Z", "M", "ZM")
MAX_EFFORT = 100_000  # pieces, each counted double for every level it stands in; about a tenth of a second at worst
LONG = 8  # letters for which a piece is counted once more
MAX_DIGITS = 40  # of a number written out, lest a short exponent become a long text
STACK_BYTES = 64 * 2**20
_stack_size = threading.Lock()


@lru_cache(maxsize=128)
def read_text(text: str) -> Filter:
    """The filter of a CQL2 text. Raises BadFilter."""
    refuse_at_once(text)
    _refuse_hard_work(text)
    tree = node(_parsed(PIECE.sub(_plain, text)))
    _refuse_chained_powers(tree)
    return Filter(tree)


def _refuse_hard_work(text: str) -> None:
    depth = effort = 0
    before = ""
    for found in PIECE.finditer(text):
        piece = found.group()
        if piece in ("'", '"'):
            raise BadFilter(Reason.OPEN_QUOTE, near=text[found.start() :])
        if piece.upper() == "EMPTY" and before in GEOMETRIES:
            raise BadFilter(Reason.GEOMETRY_EMPTY, text=before)
        if found["number"]:
            _refuse_number(piece)
        depth += (piece == "(") - (piece == ")")
        effort += (1 + len(piece) // LONG) * 2 ** min(max(depth, 0), 30)
        before = before if piece.upper() in DIMENSIONS else piece.upper()
    if effort > MAX_EFFORT:
        raise BadFilter(Reason.TOO_DEEP)


def _refuse_number(written: str) -> None:
    """Raises BadFilter for a number that the library would round, or take for an infinite one."""
    as_float = float(written)
    if not isfinite(as_float):
        raise BadFilter(Reason.NUMBER, number=written)
    if written.isdecimal() and int(as_float) != int(written.lstrip("0") or "0"):
        raise BadFilter(Reason.IMPRECISE, number=written)


def _plain(found: re.Match[str]) -> str:
    """What the library does not know of the standard, put in words that it does: of escapes in a string it knows the
    doubled quote alone, of numbers none that begin with the point, and in WKT none with an exponent.
    """
    piece = found.group()
    if found["number"]:
        plain = format(Decimal(repr(float(piece))), "f")
        return plain if not piece.isdecimal() and len(plain) <= MAX_DIGITS else piece
    if not piece.startswith("'"):
        return piece
    inner = ESCAPE.sub(lambda escape: ESCAPES.get(escape.group(), escape.group()), piece[1:-1])
    return "'" + inner.replace("'", "''") + "'"


def _parsed(text: str) -> Any:
    """The CQL2 JSON of a CQL2 text, from a thread whose stack 8 kB of the deepest nesting does not fill."""
    with _stack_size:
        before = threading.stack_size(STACK_BYTES)
        try:
            pool = ThreadPoolExecutor(max_workers=1)
            future = pool.submit(lambda: cql2.parse_text(text).to_json())
        finally:
            threading.stack_size(before)
    error = future.exception()
    pool.shutdown()
    if error is not None:  # of the library's own, or what it lets through from the libraries it stands on
        near = _place(str(error), text)
        raise BadFilter(Reason.SYNTAX, near=near) if near else BadFilter(Reason.UNFINISHED)
    return future.result()


def _place(message: str, text: str) -> str:
    """What stands where the parser gave up; empty at the end of the text."""
    found = re.search(r"--> (\d+):(\d+)", message)
    if found is None:
        return text
    line, column = map(int, found.groups())
    lines = text.split("\n")[line - 1 :]
    return "\n".join(lines)[column - 1 :].strip()


def _refuse_chained_powers(tree: Node) -> None:
    """The standard reads a ^ b ^ c from the right, the library from the left: the writer has to say which is meant."""
    match tree:
        case Call(op="^", args=(Call(op="^"), _)):
            raise BadFilter(Reason.POWERS, text=shown(tree))
    for part in parts(tree):
        _refuse_chained_powers(part)
