"""Reports of an audit, each made from its JSON document alone, so that the same numbers stand in all of them and a saved
audit can be written again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from layers.coverage.reports import comma, gaps, page, workbook
from layers.coverage.reports.figures import Document
from layers.publish.media_types import CSV, GEOJSON, HTML, XLSX


@dataclass(frozen=True)
class Format:
    """make: the file's content. is_text: whether a terminal can show it; such content is UTF-8."""

    name: str
    media_type: str
    make: Callable[[Document], bytes]
    is_text: bool = True


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("csv", CSV, comma.as_csv),
        Format("xlsx", XLSX, workbook.as_xlsx, is_text=False),
        Format("html", f"{HTML}; charset=utf-8", page.as_html),
        Format("geojson", GEOJSON, gaps.as_geojson),
    )
}


def file_name(document: Document, form: Format) -> str:
    """audit-12-2022-12-31.xlsx; without the number for an audit that was not saved."""
    parts = ("audit", document["id"], document["as_of"])
    return f"{'-'.join(filter(None, parts))}.{form.name}"
