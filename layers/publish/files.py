"""The endpoints of files: a collection's features in a format of ``formats``, and the exports that jobs build."""

import json
from functools import partial
from http import HTTPStatus

from layers import registry
from layers.models import Export
from layers.publish import downloads, exports, freshness, parameters, selection
from layers.publish.asking import SELECTING, WRITING_ALL
from layers.publish.downloads import Download
from layers.publish.endpoints import PAGING, Answer, Ask, answered
from layers.publish.endpoints import layer_items as page_of_items
from layers.publish.exports import Asked
from layers.publish.formats import FORMATS, Format, preferred
from layers.publish.media_types import JSON
from layers.publish.streams import Body, Nothing, Stream, file_blocks
from layers.registry import Layer


def layer_items(ask: Ask, layer_id: str) -> Answer:
    """A page of features, or all that are selected as a file, by ``f`` or by what the client accepts."""
    layer = registry.get(layer_id)
    asked = {"f": preferred(ask.accept, default="json"), **ask.params}
    form = parameters.form(asked, "json", *FORMATS, has_page=True)
    answer = page_of_items(ask, layer_id) if form == "json" else _file(ask, layer, FORMATS[form])
    if "Vary" in answer.headers and "Accept" not in answer.headers["Vary"].split(", "):
        answer.headers["Vary"] += ", Accept"
    return answer


def _file(ask: Ask, layer: Layer, form: Format) -> Answer:
    parameters.refuse_unknown(ask.params, *PAGING, *SELECTING, *WRITING_ALL, *selection.kinds(layer, ask.reader))
    download = downloads.wanted(layer, form, ask.reader, ask.params)
    is_large = downloads.is_large(download, freshness.version([layer]))
    if is_large and form.stream is None:
        return _export(ask, download)
    headers = {"Content-Crs": f"<{download.writing.crs.uri}>", "Content-Disposition": download.disposition}
    is_packed = "gzip" in ask.accept_encoding and is_large

    def body(_version: int) -> Body:
        return Nothing() if ask.is_head else downloads.body(download, is_large=is_large, is_packed=is_packed)

    asked, about = download.selection, (form.name,)
    version = asked.fixed_version
    answer = answered(ask, [layer], body, form.media_type, asked.period.said, headers, version, about)
    if is_packed and answer.status == HTTPStatus.OK:
        answer.headers.update({"Content-Encoding": "gzip", "ETag": f"W/{answer.headers['ETag']}"})
    return answer


def _export(ask: Ask, download: Download) -> Answer:
    """202 and where the job that builds the file says how far it is; 303 and where the file is, once there is one.

    HEAD begins no job.
    """
    params = {name: value for name, value in ask.params.items() if name not in parameters.EVERYWHERE}
    asked = Asked(download=download, params=params, reader=ask.reader, account=ask.account, language=ask.language)
    export = exports.find(asked)
    if export is None and ask.is_head:
        return Answer(Nothing(), JSON, 202, _unkept(ask))
    export = export or exports.begin(asked)
    url = exports.file_url(export, ask.base) if export.is_ready else exports.url(export, ask.base)
    return Answer(_document(ask, export), JSON, 303 if export.is_ready else 202, _unkept(ask) | {"Location": url})


def export_status(ask: Ask, export_id: str) -> Answer:
    """How far an export is, for the reader who asked for it."""
    parameters.refuse_unknown(ask.params)
    parameters.form(ask.params, "json")
    export = exports.get(export_id, ask.reader, ask.account)
    return Answer(_document(ask, export), JSON, 200, _unkept(ask))


def export_file(ask: Ask, export_id: str) -> Answer:
    """The file of an export that is ready."""
    parameters.refuse_unknown(ask.params)
    export = exports.get(export_id, ask.reader, ask.account)
    parameters.form(ask.params, export.format)
    path = exports.ready_file(export)
    headers = {
        **_unkept(ask),
        "Content-Disposition": export.disposition,
        "Content-Length": str(path.stat().st_size),
    }
    body = Nothing() if ask.is_head else Stream(partial(file_blocks, path))
    return Answer(body, FORMATS[export.format].media_type, 200, headers)


def _document(ask: Ask, export: Export) -> bytes:
    return json.dumps(exports.document(export, ask.base), ensure_ascii=False).encode()


def _unkept(ask: Ask) -> dict[str, str]:
    return {"Cache-Control": "no-store", "Content-Language": ask.language}
