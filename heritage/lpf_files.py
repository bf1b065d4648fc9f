"""Places as files of the Linked Places Format, a page of places at a time, so that a file of all takes no memory."""

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass

from django.utils import translation

from heritage import offered
from heritage.linked_places import MEDIA_TYPE, Feature, Told, context, feature


@dataclass(frozen=True)
class Form:
    """How features are written one after another. is_document: as one JSON document rather than as a line each."""

    name: str
    media_type: str
    is_document: bool


FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("json", MEDIA_TYPE, is_document=True),
        Form("jsonl", "application/x-ndjson", is_document=False),
    )
}


def alone(place: Told, base: str) -> Feature:
    """The feature of one place as a document of its own."""
    return {"@context": context(base), **feature(place, offered.words(base, [place]))}


def blocks(pages: Iterable[tuple[Told, ...]], form: Form, base: str, language: str) -> Generator[bytes]:
    """The file, a block for each page, with the words of the language: which is no longer the thread's when it is sent."""
    if form.is_document:
        said = json.dumps(context(base), ensure_ascii=False)
        yield b'{"type":"FeatureCollection","@context":' + said.encode() + b',"features":['
    between = b""
    for places in pages:
        with translation.override(language):
            words = offered.words(base, places)
            written = [feature(place, words) for place in places]
        if not form.is_document:
            about = context(base)
            yield b"".join(_json({"@context": about, **one}) + b"\n" for one in written)
        elif written:
            yield between + b",\n".join(map(_json, written))
            between = b",\n"
    if form.is_document:
        yield b"]}"


def _json(said: Feature) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()
