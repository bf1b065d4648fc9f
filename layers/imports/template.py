"""A blank spreadsheet for a layer: its columns with their choices as drop-downs, and a sheet that explains each."""

from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from layers.access import Reader
from layers.imports.columns import CODE, LAT, LON, SECRECY, WKT, Target, targets
from layers.models import Division
from layers.models.divisions import Level
from layers.models.rules import in_force
from layers.publish.schema import describe, shape
from layers.registry import Layer
from layers.rows import today

ROWS = 10_000  # that have drop-downs
WIDTH = 18  # characters of a column
LEFT_OUT = {"geometry-point": (WKT, SECRECY), "geometry-multipolygon": (LON, LAT, SECRECY)}


def write(layer: Layer, reader: Reader, file: IO[bytes]) -> None:
    """Writes the workbook in the current language. Required columns have a star."""
    known = [target for name, target in targets(layer, reader).items() if name not in LEFT_OUT[shape(layer)["format"]]]
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, about, lists = (book.add_worksheet(name) for name in (str(layer.title)[:31], _("about"), _("choices")))
        bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        about.write_row(0, 0, [_("column"), _("what it is"), _("must be given")], bold)
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 90)
        for place, target in enumerate(known):
            sheet.set_column(place, place, WIDTH, text)
            sheet.write_string(0, place, target.title + ("*" if target.required else ""), bold)
            about.write_row(place + 1, 0, [target.title, _about(layer, target), _("yes") if target.required else ""])
            if choices := _choices(target):
                lists.write_column(0, place, choices)
                letter = xlsxwriter.utility.xl_col_to_name(place)
                source = f"='{lists.get_name()}'!${letter}$1:${letter}${len(choices)}"
                is_list = target.about is not None and target.about.kind == "array"
                sheet.data_validation(1, place, ROWS, place, {
                    "validate": "list", "source": source, "error_type": "information" if is_list else "stop",
                    "input_message": _("Several are separated by “;”.") if is_list else "",
                })  # fmt: skip
        lists.hide()


def _choices(target: Target) -> list[str]:
    """What the column can hold, as people read it; nothing for a column of free text."""
    about = target.about
    if about is None:
        return []
    if target.is_division:
        level = {9: Level.TOWNSHIP, 6: Level.COUNTY}[(getattr(about.column, "max_length", 0) or 0)]
        found = Division.objects.filter(in_force(today()), level=level).order_by("code")
        return [f"{name}" for name in found.values_list("name", flat=True)]
    if about.kind == "boolean":
        return ["是", "否"]
    return [str(label) for value, label in getattr(about.column, "base_field", about.column).flatchoices if value]


def _about(layer: Layer, target: Target) -> str:
    if target.name == CODE:
        return _("The stable code of the row. Empty: one is made of the name, the township and the address.")
    if target.name in (LON, LAT):
        return _("In one system of coordinates for the whole file, which you say when you send it.")
    if target.name == WKT:
        return _("For example MULTIPOLYGON (((120.5 30.0, 120.6 30.0, 120.6 30.1, 120.5 30.0))).")
    described = describe(layer, layer.field(target.name))
    unit = f" ({described['x-ogc-unit']})" if "x-ogc-unit" in described else ""
    kinds = {
        "integer": _("a whole number"),
        "number": _("a number"),
        "boolean": _("yes or no"),
        "array": _("several values"),
    }
    kind = (
        _("a day, such as 2022-12-31")
        if described.get("format") == "date"
        else kinds.get(described["type"], _("a text"))
    )
    return f"{described.get('description', '')} {kind}{unit}".strip()
