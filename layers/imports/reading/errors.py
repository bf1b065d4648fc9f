"""Why a file cannot be read, with the place, the value and the remedy."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from layers.errors import LayerError

SHOWN = 80  # characters of a value that a refusal repeats

TEXTS: Mapping[str, str] = {
    "empty": gettext_noop("The file is empty. Send one with a row that names the columns and a row for each feature."),
    "unknown_format": gettext_noop(
        "“%(name)s” is no file that is read here. Send CSV, XLSX, ODS, GeoJSON, GeoPackage, FlatGeobuf, KML, or a Shapefile with its files in one zip."
    ),
    "bare_shapefile": gettext_noop(
        "“%(name)s” is one file of a Shapefile. Put its .shp, .shx, .dbf, .prj and .cpg into one zip and send that."
    ),
    "unknown_table": gettext_noop("The file has no table “%(table)s”. There are: %(known)s."),
    "no_table": gettext_noop("The file has no table. Send one with a row that names the columns."),
    "no_header": gettext_noop(
        "No row that names the columns was found. Add one above the rows, or say which row it is."
    ),
    "blank_header": gettext_noop(
        "Row %(row)d is said to name the columns and is empty or not among the first %(most)d. Say another."
    ),
    "too_many_columns": gettext_noop(
        "The table has %(found)d columns; at most %(most)d are read. Delete those not needed."
    ),
    "unknown_encoding": gettext_noop("The encoding “%(encoding)s” is not known here. There are: %(known)s."),
    "unknown_delimiter": gettext_noop("“%(delimiter)s” cannot divide columns. There are: comma, semicolon and tab."),
    "undecodable": gettext_noop(
        "Row %(row)d is not %(encoding)s. Choose the encoding that the file has, or save it as UTF-8."
    ),
    "undecodable_names": gettext_noop(
        "The names of the columns are not %(encoding)s. Choose the encoding that the file has."
    ),
    "control_character": gettext_noop(
        "Row %(row)d holds a NUL character, which no text has. Save the file anew from the program it comes from."
    ),
    "too_many_cells": gettext_noop(
        "Row %(row)d has %(found)d cells and the header %(expected)d. Look for a delimiter in a text without quotation marks."
    ),
    "bad_quotes": gettext_noop(
        "Row %(row)d: a quotation mark is not closed, or text follows the closing one. Close it; one inside a text is written twice."
    ),
    "long_row": gettext_noop(
        "Row %(row)d is longer than %(most_mb)d MB. Look for a quotation mark that is not closed."
    ),
    "broken_workbook": gettext_noop(
        "The spreadsheet cannot be read: %(problem)s. Open it and save it anew as XLSX or CSV."
    ),
    "locked_workbook": gettext_noop("The spreadsheet is protected by a password. Save it without one."),
    "large_workbook": gettext_noop(
        "The spreadsheet is too large to be read. Delete empty rows and columns that carry a format only, or save it as CSV."
    ),
    "broken_archive": gettext_noop("The zip cannot be read: %(problem)s. Pack it anew."),
    "encrypted_archive": gettext_noop("The zip is protected by a password. Pack it without one."),
    "unsafe_path": gettext_noop("The zip holds “%(name)s”, a name that leads out of it. Pack it anew."),
    "nested_archive": gettext_noop(
        "The zip holds another, “%(name)s”. Unpack it and put the Shapefile's files into one zip."
    ),
    "large_archive": gettext_noop("Unpacked, the zip is larger than %(most_mb)d MB. Send its parts one by one."),
    "crowded_archive": gettext_noop("The zip holds more than %(most)d files. Send only those of the Shapefile."),
    "no_shapefile": gettext_noop(
        "The zip holds no .shp file. Put the Shapefile's .shp, .shx, .dbf, .prj and .cpg into it."
    ),
    "missing_part": gettext_noop("“%(name)s” has no %(missing)s file. Put it into the zip beside the .shp file."),
    "broken_features": gettext_noop(
        "The %(format)s file cannot be read: %(problem)s. Export it anew from the program it comes from."
    ),
    "broken_row": gettext_noop("Feature %(row)d cannot be read: %(problem)s. Mend it, or export the file anew."),
    "program_in_database": gettext_noop(
        "The GeoPackage holds “%(name)s”, a table that a program would make up. Export it anew with tables only."
    ),
    "curve": gettext_noop(
        "Feature %(row)d is of a type that is not read, such as a curve. Convert it to points, lines or polygons."
    ),
    "curves": gettext_noop(
        "The file has geometries of a type that is not read, such as triangles. Convert them to points, lines or polygons."
    ),
    "not_finite": gettext_noop("Feature %(row)d has a coordinate that is no number (NaN or infinite). Mend it."),
    "many_vertices": gettext_noop(
        "Feature %(row)d has more than %(most)d vertices. Simplify it or divide it into several features."
    ),
}


class UnreadableFile(LayerError):
    """A file that is not read, or not to its end. Its code is stable; params are what the text names."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code = code
        self.params = {name: _shown(value) for name, value in params.items()}
        super().__init__(_(TEXTS[code]) % self.params)


def _shown(value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    text = value.encode("utf-8", "replace").decode()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
