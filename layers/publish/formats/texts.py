"""GeoJSON and CSV: files that can be sent while they are read."""

import csv
import io
import json
from collections.abc import Generator

from layers.publish import items
from layers.publish.formats import columns
from layers.publish.formats.about import about
from layers.publish.formats.reading import Features

BYTE_ORDER_MARK = "\ufeff"  # so that spreadsheet programs read the Chinese
RECORD_SEPARATOR = "\x1e"  # before each text of a sequence: RFC 8142


def geojson(features: Features) -> Generator[bytes]:
    """A FeatureCollection (RFC 7946) that names itself, its day and its sources."""
    head = json.dumps({"type": "FeatureCollection", **about(features).document}, ensure_ascii=False)
    yield f'{head[:-1]},"features":[\n'.encode()
    number = 0
    for piece in features.pieces(items.feature(features.selection.form, features.writing), ",\n"):
        yield (b",\n" if number else b"") + piece.text
        number += piece.rows
    yield f'\n],"numberReturned":{number}}}\n'.encode()


def geojson_sequence(features: Features) -> Generator[bytes]:
    """One feature a text (RFC 8142)."""
    feature = items.feature(features.selection.form, features.writing)
    for piece in features.pieces(feature, f"\n{RECORD_SEPARATOR}"):
        yield RECORD_SEPARATOR.encode() + piece.text + b"\n"


def comma_separated(features: Features) -> Generator[bytes]:
    """A line for each feature below one of names (RFC 4180); texts that a spreadsheet would compute begin with '."""
    wanted = [*columns.properties(features, guarded=True), *columns.position(features)]
    heading = io.StringIO()
    csv.writer(heading).writerow([column.name for column in wanted])
    yield (BYTE_ORDER_MARK + heading.getvalue()).encode()
    for piece in features.pieces(columns.line(wanted), "\r\n"):
        yield piece.text + b"\r\n"
