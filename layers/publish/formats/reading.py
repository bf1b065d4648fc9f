"""Reading the features of a file, a block at a time, all of them from one snapshot of the database.

Few features are read in their order on the thread's own connection. Many are read from connections of their own, which
end with the reading: in the order asked for through a cursor, or without one as they are stored, some blocks of the
table at a time on two connections that share a snapshot. Between two blocks the database waits for as long as the
slowest client may take, then ends the reading.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from typing import Self

import psycopg
from django.db import connections, transaction
from psycopg import sql

from layers import registry
from layers.publish import selection
from layers.publish.items import WHOLE, Writing
from layers.publish.selection import Form, Selection
from layers.publish.statements import DATABASE, Slot, Statement
from layers.registry import Layer

BLOCKS = 64  # of 8 kB of a table: one to two thousand doorplates, about a megabyte of GeoJSON
LINES = 1000
READERS = 2
AHEAD = 4  # pieces read or being read while one is sent
SLOWEST_CLIENT_S = 60
LONGEST_PIECE_S = 300  # of a sorted file the first takes the time of the sort

ORDERED = sql.SQL("""
    SELECT convert_to({line}, 'UTF8')
    FROM (SELECT * FROM {rows} ORDER BY {order} LIMIT %s) AS row
""")
PIECE = sql.SQL("""
    SELECT convert_to(coalesce(string_agg({line}, {between}), ''), 'UTF8'), count(*)::int FROM {rows}
""")
SIZE = "SELECT pg_export_snapshot(), pg_relation_size(%s::regclass) / current_setting('block_size')::int"
LIMITS = """
    SELECT set_config('statement_timeout', %s, false), set_config('idle_in_transaction_session_timeout', %s, false)
"""


@dataclass(frozen=True)
class Piece:
    """Some features in the form asked for, with what stands between them but nothing around them."""

    text: bytes
    rows: int


@dataclass(frozen=True, kw_only=True)
class Features:
    """The features of a file, to be read within ``with``: whoever stops in the middle leaves nothing open.

    most: how many at most, None for all. is_large: whether they are too many for the thread's own connection.
    tell: called with the number of features of each piece once it is read; what it raises ends the reading.
    """

    selection: Selection
    writing: Writing = WHOLE
    most: int | None = None
    is_large: bool = False
    tell: Callable[[int], None] = lambda _rows: None
    _begun: ExitStack = field(default_factory=ExitStack, init=False, compare=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._begun.close()

    @property
    def layer(self) -> Layer:
        return registry.get(self.selection.layer_id)

    def pieces(self, line: sql.Composable, between: str) -> Generator[Piece]:
        """The features, each as ``line`` writes the ``row``."""
        pieces = self._pieces(line, between)
        self._begun.callback(pieces.close)
        return pieces

    def _pieces(self, line: sql.Composable, between: str) -> Generator[Piece]:
        if not self.is_large:
            pieces = self._on_own_connection(line, between)
        elif self.selection.sort or self.most is not None:
            pieces = self._through_cursor(line, between)
        else:
            pieces = self._as_stored(line, between)
        with closing(pieces):
            for piece in pieces:
                self.tell(piece.rows)
                yield piece

    def _on_own_connection(self, line: sql.Composable, between: str) -> Generator[Piece]:
        connection = connections[DATABASE]
        connection.close_if_health_check_failed()
        with transaction.atomic(using=DATABASE), connection.wrap_database_errors:
            connection.ensure_connection()
            yield from self._ordered(connection.connection, line, between)

    def _through_cursor(self, line: sql.Composable, between: str) -> Generator[Piece]:
        with _connected(1) as (connection,):
            yield from self._ordered(connection, line, between)

    def _ordered(self, connection: psycopg.Connection, line: sql.Composable, between: str) -> Generator[Piece]:
        statement = _ordered_statement(self.selection.form, line)
        text, filled = statement.filled(**self.selection.slots, most=self.most)
        with psycopg.RawServerCursor(connection, "file") as cursor:
            cursor.execute(text, filled, binary=True)
            while lines := cursor.fetchmany(LINES):
                yield Piece(between.encode().join(line for (line,) in lines), len(lines))

    def _as_stored(self, line: sql.Composable, between: str) -> Generator[Piece]:
        statement = _piece_statement(self.selection.form, line, between)
        slots = self.selection.slots
        with _connected(READERS) as (first, *others):
            snapshot, blocks = first.execute(SIZE, [self.selection.table]).fetchone() or ("", 0)
            for other in others:
                other.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))

            def read(connection: psycopg.Connection, begin: int) -> Piece:
                text, rows = statement.run_on(
                    connection, **slots, first_block=f"({begin},0)", end_block=f"({begin + BLOCKS},0)"
                )
                return Piece(text, rows)

            for piece in _in_turns([first, *others], range(0, blocks, BLOCKS), read):
                if piece.rows:
                    yield piece


def _in_turns(
    readers: list[psycopg.Connection], begins: range, read: Callable[[psycopg.Connection, int], Piece]
) -> Generator[Piece]:
    """The pieces in their order, each read by the next reader while the one before is used."""
    waiting: deque[Future[Piece]] = deque()
    with ExitStack() as stack:
        threads = [stack.enter_context(ThreadPoolExecutor(1)) for _reader in readers]
        # Runs before the threads are waited for: whoever stops in the middle wants no more of it.
        stack.callback(lambda: [future.cancel() for future in waiting])
        for number, begin in enumerate(begins):
            turn = number % len(readers)
            waiting.append(threads[turn].submit(read, readers[turn], begin))
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _connected(number: int) -> Iterator[list[psycopg.Connection]]:
    """Connections of the reader's, each in a transaction of its own that sees one snapshot."""
    described = connections[DATABASE]
    with ExitStack() as stack, described.wrap_database_errors:
        opened = []
        for _number in range(number):
            connection: psycopg.Connection = described.get_new_connection(described.get_connection_params())
            stack.callback(connection.close)
            connection.autocommit = True
            connection.execute(LIMITS, [f"{LONGEST_PIECE_S}s", f"{SLOWEST_CLIENT_S}s"])
            connection.autocommit = False
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            opened.append(connection)
        yield opened


def _ordered_statement(form: Form, line: sql.Composable) -> Statement:
    asked = selection.query(form)
    text = ORDERED.format(line=line, rows=asked.rows, order=asked.order)
    return Statement(text.as_string(None), (*asked.params, Slot("most")), planned_each_time=True)


def _piece_statement(form: Form, line: sql.Composable, between: str) -> Statement:
    asked = selection.query(form, in_blocks=True)
    text = PIECE.format(line=line, between=sql.Literal(between), rows=asked.rows)
    return Statement(text.as_string(None), asked.params)
