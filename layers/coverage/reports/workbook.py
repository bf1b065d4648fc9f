"""An audit as an Excel workbook: a summary, a sheet for each target with its formula's inputs and evidence, contradictions,
annual figures."""

import io
from collections.abc import Iterable
from math import floor, isclose
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from layers.coverage import words
from layers.coverage.reports import figures
from layers.coverage.reports.figures import Document
from layers.coverage.reports.sheets import Formula, Sheet, Styles, sheet_names
from layers.coverage.words import RATIO


def as_xlsx(document: Document) -> bytes:
    """The workbook. Every value with a denominator is a formula of the two cells beside it; texts stay texts."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        styles = Styles(book)
        fixed = [_("Summary"), _("Contradictions"), _("Annual figures")]
        names = sheet_names([*fixed, *(target["title"] for target in document["targets"])])
        own = names[len(fixed) :]
        _summary(Sheet(book, names[0], styles), document, own)
        for target, name in zip(document["targets"], own, strict=True):
            _target(Sheet(book, name, styles), target)
        if document["findings"]:
            _findings(Sheet(book, names[1], styles), document)
        if document["reported"]:
            _reported(Sheet(book, names[2], styles), document)
    return out.getvalue()


def _summary(sheet: Sheet, document: Document, names: list[str]) -> None:
    sheet.title(_("Audit of the targets"))
    sheet.facts(
        (_("As of"), document["as_of"]),
        (_("Audited area"), figures.where(document)),
        (_("Audit"), document["id"] or _("not saved")),
        (_("Read from"), words.records(document.get("snapshot"))),
        (_("Data version"), document["data_version"]),
        (_("Boundaries"), words.boundaries(document["boundaries"])),
        (_("Status"), words.status(document["status"])),
    )
    titles = (_("Target"), _("Id"), _("Owner"), *_figure_titles(), _("Source"), _("Clause"))
    sheet.heading(*titles)
    for target, name in zip(document["targets"], names, strict=True):
        source = target["source"]
        begun = (target["title"], target["id"], target["owner"])
        sheet.link(name)
        sheet.line(*begun, *_figure(sheet, target, target, len(begun)), source["document"], source["clause"])
    sheet.finish()


def _figure_titles() -> tuple[str, ...]:
    return (
        _("Numerator"),
        _("Denominator"),
        _("Value"),
        _("Unit"),
        _("Goal"),
        _("By"),
        _("Needed"),
        _("Gap"),
        _("Status"),
    )


def _figure(sheet: Sheet, found: Document, target: Document, column: int) -> tuple[object, ...]:
    """The cells of the figure of a target or of one of its counties, which begin in a column of the sheet's next line."""
    cells = (xl_rowcol_to_cell(sheet.row, column), xl_rowcol_to_cell(sheet.row, column + 1))
    quotient = (found["numerator"], found["denominator"], _value(found, target, *cells))
    unit = words.unit_name(target["unit"])
    goal = (unit, figures.goal(target), figures.due(target))
    if found is not target and not figures.is_judged(target):
        return quotient
    return (*quotient, *goal, found["needed"], found["gap"], words.status(found["status"]))


def _value(found: Document, target: Document, numerator: str, denominator: str) -> object:
    """The value as a formula of its two cells, where it is their quotient; a share is cut after one decimal of a percent."""
    value, per = found["value"], target["per"]
    if value is None or not found["denominator"]:
        return value
    if not isclose(value, per * found["numerator"] / found["denominator"], rel_tol=1e-9):
        return value
    if target["unit"] == RATIO:
        # Multiplied before it is divided, so that what is 29.0% is not cut to 28.9% in binary fractions.
        shown = floor(found["numerator"] * 1000 / found["denominator"]) / 1000
        return Formula(f"=INT({numerator}*1000/{denominator})/1000", shown, is_share=True)
    return Formula(f"={numerator}*{per}/{denominator}" if per > 1 else f"={numerator}/{denominator}", value)


def _target(sheet: Sheet, target: Document) -> None:
    sheet.title(target["title"])
    sheet.facts(
        (_("Id"), target["id"]),
        (_("Definition"), target["definition"]),
        (_("Condition"), target["filter"]),
        (_("Owner"), target["owner"]),
        (_("Source"), target["source"]["document"]),
        (_("Clause"), target["source"]["clause"]),
        (_("Reported"), figures.reported(target)),
    )
    sheet.heading(*_figure_titles())
    sheet.line(*_figure(sheet, target, target, 0))
    if target["by_division"]:
        sheet.section(_("Counties"))
        titles = _figure_titles() if figures.is_judged(target) else _figure_titles()[:3]
        sheet.heading(_("Division"), _("Name"), *titles)
        for county in target["by_division"]:
            begun = (county["adcode"], county["name"])
            sheet.line(*begun, *_figure(sheet, county, target, len(begun)))
    _lists(sheet, target)
    sheet.finish()


def _lists(sheet: Sheet, target: Document) -> None:
    if target["notes"]:
        sheet.section(_("Notes"))
        for note in target["notes"]:
            sheet.text(note["text"])
    if target["missing"]:
        sheet.section(_("What is missing"))
        sheet.heading(_("Division"), _("Feature"), _("Name"), _("County"), _("Reason"))
        for one in target["missing"]:
            sheet.line(one["adcode"], one["feature"], one["name"] or "–", one["county"], one["reason"])
    if target["evidence"]:
        shown = {"count": len(target["evidence"]), "all": target["evidence_total"]}
        sheet.section(_("Evidence: %(count)d of %(all)d features that count") % shown)
        sheet.heading(_("Feature"), _("Name"), _("Division"), _("Longitude"), _("Latitude"), _("Data"))
        for one in target["evidence"]:
            place = one["place"] or (None, None)
            kind = _("demonstration data") if one["demonstration"] else _("register")
            sheet.line(one["feature"], one["name"], one["adcode"], *place, kind)


def _findings(sheet: Sheet, document: Document) -> None:
    sheet.title(_("Figures that contradict each other, or could not be checked"))
    sheet.heading(_("Kind"), _("Targets"), _("What does not agree"))
    sheet.lines((one["kind"], ", ".join(one["targets"]), one["text"]) for one in document["findings"])
    sheet.finish()


def _reported(sheet: Sheet, document: Document) -> None:
    """Annual figures as they were reported: nothing of them is computed."""
    sheet.title(_("Annual figures, as reported"))
    sheet.heading(_("Figure"), _("Division"), _("Year"), _("Value"), _("Unit"), _("Source"), _("Note"))
    columns = ("title", "division", "year", "value", "unit", "source", "note")
    lines: Iterable[tuple[Any, ...]] = (tuple(one[column] for column in columns) for one in document["reported"])
    sheet.lines(lines)
    sheet.finish()
