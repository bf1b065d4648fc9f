"""Tables of addresses over HTTP: a CSV in, the same with where each row is out, sent as it is found."""

import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from layers.crs import STORAGE
from layers.edit.errors import BodyTooLarge, LengthMissing, UnreadableBody, WrongMediaType
from layers.publish import parameters
from layers.publish.endpoints import Answer
from layers.publish.formats import FORMATS
from layers.publish.streams import Stream
from layers.publish.views import reader_of_request, respond
from layers.rows import today
from layers.search import tables
from layers.search.batch import Batch
from layers.search.errors import TooManyRows
from layers.search.tables import Row, Table

MOST_BYTES = 2 * 1024**2
MOST_SEARCHED = 500  # addresses of a request that are looked for one by one: a few seconds of them
# What is sent, by media type; where the content is another, that is what it is read as.
NAMES = {"text/csv": "table.csv", FORMATS["xlsx"].media_type: "table.xlsx"}


@csrf_exempt  # nothing is written, and another site's page may not read the answer
@require_POST
def geocode_batch(request: HttpRequest) -> HttpResponseBase:
    """The rows of the table in the body, with where each of them is."""
    given = request.GET.dict()
    parameters.refuse_unknown(given, "columns", "encoding")
    name, body = _body(request)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        encoding = given.get("encoding") or (request.content_params or {}).get("charset", "")
        table = tables.table(path, name, Path(folder), columns=given.get("columns", ""), encoding=encoding)
        pieces = _pieces(table)
    batch = Batch(reader_of_request(request), today(), most_searched=MOST_SEARCHED)
    language = translation.get_language() or settings.LANGUAGE_CODE
    headers = {
        "Content-Crs": f"<{STORAGE.uri}>",
        "Content-Disposition": 'attachment; filename="geocoded.csv"',
        "Content-Language": language,
        "Cache-Control": "no-store",
    }
    stream = Stream(lambda: _blocks(table, pieces, batch, language), broken=FORMATS["csv"].broken)
    return respond(Answer(stream, FORMATS["csv"].media_type, 200, headers))


def _pieces(table: Table) -> list[list[Row]]:
    """All rows, so that what is wrong with one is said before the answer begins. Raises UnreadableFile, TooManyRows."""
    pieces, left = [], settings.GEOCODE_MOST_ROWS
    for piece in tables.pieces(table):
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            raise TooManyRows(settings.GEOCODE_MOST_ROWS)
    return pieces


def _blocks(table: Table, pieces: Sequence[list[Row]], batch: Batch, language: str) -> Generator[bytes]:
    yield tables.heading(table)
    for rows in pieces:
        with translation.override(language):  # which is no longer the thread's when a block is sent
            located = batch.located([table.address(row) for row in rows])
            block = tables.lines(rows, located)
        yield block


def _body(request: HttpRequest) -> tuple[str, bytes]:
    """A name that says what the body is, and the body; a longer one than is taken is not read at all."""
    if not request.content_type:
        raise UnreadableBody(_("say in Content-Type what it is: %(taken)s.") % {"taken": ", ".join(NAMES)})
    name = NAMES.get(request.content_type.lower())
    if name is None or request.headers.get("Content-Encoding", "identity") != "identity":
        raise WrongMediaType(request.headers.get("Content-Encoding", request.content_type), NAMES)
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        raise LengthMissing
    if int(length) > MOST_BYTES:
        raise BodyTooLarge(MOST_BYTES)
    return name, request.read(int(length))
