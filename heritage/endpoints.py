"""Places for programs: one as Linked Data, all of them as a file, and the names they had when."""

import json
from collections.abc import Generator
from itertools import chain

from heritage import lpf_files, names_in_time, offered
from heritage.errors import UnknownPlace
from heritage.linked_places import MEDIA_TYPE
from heritage.lpf_files import FORMS
from layers.publish import freshness, parameters
from layers.publish.endpoints import Answer, Ask, identified
from layers.publish.media_types import JSON
from layers.publish.streams import Nothing, Stream, packed
from layers.rows import today

NAMES = {"json": "places.json", "jsonl": "places.jsonl"}


def one_place(ask: Ask, handle: str) -> Answer:
    """A public place; of one that was merged into another, where that is. Raises UnknownPlace."""
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "json")
    version = freshness.version_of_tables(offered.tables())
    identity = identified(ask, version, MEDIA_TYPE, today().isoformat())
    place = offered.named([handle]).get(handle)
    if place is None:
        if into := offered.merged_into(handle):
            headers = {"Location": f"{ask.base}/api/places/{into}", "Cache-Control": "public, no-cache"}
            return Answer(b"", JSON, 301, headers)
        raise UnknownPlace(handle)
    if unchanged := identity.unchanged(ask):
        return unchanged
    return identity.answer(ask, json.dumps(lpf_files.alone(place, ask.base), ensure_ascii=False).encode())


def names_by_time(ask: Ask) -> Answer:
    """Every public place with its names of known time."""
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "json")
    identity = identified(ask, names_in_time.version(), JSON, today().isoformat())
    return identity.unchanged(ask) or identity.answer(ask, names_in_time.document())


def all_places(ask: Ask) -> Answer:
    """Every public place; more than a page of them are sent as they are read."""
    parameters.refuse_unknown(ask.params)
    form = FORMS[parameters.form(ask.params, *FORMS)]
    version = freshness.version_of_tables(offered.tables())
    headers = {"Content-Disposition": f'attachment; filename="{NAMES[form.name]}"'}
    identity = identified(ask, version, form.media_type, today().isoformat(), headers, about=(form.name,))
    if unchanged := identity.unchanged(ask):
        return unchanged
    first = offered.page()

    def blocks() -> Generator[bytes]:
        rest = offered.pages(after=first.after) if first.after is not None else ()
        return lpf_files.blocks(chain([first.places], rest), form, ask.base, ask.language)

    if first.after is None:
        return identity.answer(ask, b"".join(blocks()))
    if ask.is_head:
        return identity.answer(ask, Nothing())
    if "gzip" not in ask.accept_encoding:
        return identity.answer(ask, Stream(blocks))
    answer = identity.answer(ask, Stream(lambda: packed(blocks())))
    answer.headers.update({"Content-Encoding": "gzip", "ETag": identity.packed_tag})
    return answer
