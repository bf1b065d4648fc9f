"""An audit as one HTML file that opens without a network: figures, charts, a map, what is missing and the evidence."""

from collections import Counter
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from layers.coverage import words
from layers.coverage.reports import charts, figures, map
from layers.coverage.reports.figures import Document

SHOWN = 200  # lines of a list: every township of a city; the workbook has them all
TEMPLATES = Path(__file__).parent / "templates"
STATUSES = ("missed", "not_assessable", "met")


def as_html(document: Document) -> bytes:
    """The page. It asks no server for anything, and its own policy lets it ask none."""
    counted = Counter(target["status"] for target in document["targets"])
    page = _template().render(
        audit=document,
        language="en" if get_language() == "en" else "zh-Hans",
        counted=[(status, words.status(status), counted[status]) for status in STATUSES],
        titles={target["id"]: target["title"] for target in document["targets"]},
        charts={target["id"]: charts.of_counties(target) for target in document["targets"]},
        map=map.of_audit(document),
        boundaries=words.boundaries(document["boundaries"]),
        records=words.records(document.get("snapshot")),
        approval=approval(),
        figures=figures,
        words=words,
        shown=SHOWN,
        evidence_title=_evidence_title,
        left_out=_left_out,
    )
    return page.encode()


@cache
def _template() -> Template:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["_"] = _
    return environment.get_template("page.html")


def _evidence_title(target: Document) -> str:
    shown = {"count": min(len(target["evidence"]), SHOWN), "all": target["evidence_total"]}
    return _("Evidence: %(count)d of %(all)d features that count") % shown


def _left_out(listed: list[Document]) -> str:
    """How many lines of a list the page does not show; empty when it shows them all."""
    more = len(listed) - SHOWN
    return _("%(more)d more; the workbook, CSV and GeoJSON have them all") % {"more": more} if more > 0 else ""


def approval() -> str:
    """The number under which a map may be shown, or that it has none."""
    number = settings.MAP_APPROVAL_NO
    return (
        _("Map approval number: %(approval_no)s") % {"approval_no": number}
        if number
        else _("Map approval number not set")
    )
