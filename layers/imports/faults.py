"""What can be wrong with a row of a file: stable codes, and words for them that name the value and the remedy."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from layers import refusals, registry
from layers.models.imports import Severity

SHOWN = 80  # characters of a value that is repeated


@dataclass(frozen=True)
class Fault:
    """row: as the person counts them; 0 for the whole file. field: a property, "code", "geometry", or a header of a
    column that is not taken. params: what the words of the code need."""

    row: int
    field: str
    code: str
    value: str = ""
    params: Mapping[str, Any] = dataclass_field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return Severity.NOTE if self.code in NOTES else Severity.ERROR


def words(code: str, params: Mapping[str, Any]) -> str:
    """The fault in the current language."""
    if code == RULE:
        return _broken_rule(params)
    return _forbidden_step(params) if code == STEP else str(WORDS[code]) % params


def _broken_rule(params: Mapping[str, Any]) -> str:
    """The rule as a form would say it, found by the constraint's name."""
    rules = ((model, constraint) for model in registry.registers() for constraint in model._meta.constraints)
    model, constraint = next(rule for rule in rules if rule[1].name == params["constraint"])
    return refusals.explain(constraint, model)[1]


def _forbidden_step(params: Mapping[str, Any]) -> str:
    model = next(model for model in registry.registers() if model._meta.label == params["model"])
    return refusals.not_a_step(model, params["before"], params["after"])


NOTES = frozenset({"same_name_near", "township_differs"})
RULE = "rule"  # whose words are those of the constraint that is broken
STEP = "step"  # whose words are those of the life cycle
WORDS: Mapping[str, Promise] = {
    "required": gettext_lazy("This must be given; the cell is empty."),
    "no_column": gettext_lazy("No column of the file gives this, and it must be given: add one, or set one value for all rows."),
    "too_long": gettext_lazy("It has more than %(most)d characters. Shorten it."),
    "not_integer": gettext_lazy("A whole number is needed here, for example 12."),
    "not_number": gettext_lazy("A number is needed here, for example 12.5."),
    "not_boolean": gettext_lazy("Write yes or no."),
    "not_date": gettext_lazy("A day is needed here, for example 2022-12-31."),
    "not_choice": gettext_lazy("Choose one of: %(offered)s."),
    "out_of_range": gettext_lazy("The number is too small or too large: %(reason)s"),
    "unknown_division": gettext_lazy("No division in force has this code or name. Write its code of %(digits)s digits."),
    "ambiguous_division": gettext_lazy("Several divisions have this name: %(codes)s. Write the code."),
    "twice_in_list": gettext_lazy("A value stands there twice."),
    "invalid": gettext_lazy("It cannot be used: %(reason)s"),
    "identity_number": gettext_lazy("It looks like a resident identity number. The portal keeps no personal data: remove it."),
    "personal_column": gettext_lazy("The column would say who somebody is. The portal keeps no personal data: remove the column from the file."),
    "phone_list": gettext_lazy("The column holds mobile numbers of %(count)d people. The portal keeps no personal data: remove the column from the file."),
    "not_public": gettext_lazy("The row is classified. Only public rows are taken: remove it from the file."),
    "unreadable_position": gettext_lazy("This is no coordinate, for example 120.5821 or 120°34′55″."),
    "half_position": gettext_lazy("Of the two coordinates one is missing."),
    "zero_position": gettext_lazy("The position is 0, 0, which is in the sea off Africa: give the true one, or leave it empty."),
    "out_of_reach": gettext_lazy("The position is no place on earth in %(crs)s: look at the numbers and at the CRS."),
    "unreadable_geometry": gettext_lazy("This is no geometry in WKT, for example POINT (120.58 30.01)."),
    "wrong_geometry": gettext_lazy("The layer holds geometries of the kind %(wanted)s, and this is a %(given)s."),
    "invalid_geometry": gettext_lazy("The area is not valid: %(reason)s near %(place)s. It would be valid as %(mended)s; mend it in your GIS (“make valid”)."),
    "missing_geometry": gettext_lazy("The layer needs a place for each row, and this row has none."),
    "outside_jurisdiction": gettext_lazy("The place lies outside the counties in force. Is longitude written before latitude, and is the CRS right?"),
    "township_wrong": gettext_lazy("The place lies in %(located)s, not in the township that is named. Mend the place or the township."),
    "township_differs": gettext_lazy("The place lies in %(located)s, not in the township that is named; the boundary is approximate, so it is taken."),
    "duplicate_code": gettext_lazy("The code stands in %(count)d rows of the file. Keep one of them."),
    "code_taken": gettext_lazy("This code belongs to a row that is not in force on that day, or to another layer. Give another code."),
    "code_deleted": gettext_lazy("An item with this code was deleted, and codes are never used again: give another."),
    "other_county": gettext_lazy("You write rows of the counties %(counties)s only, and this one is, or would be, of another."),
    "same_name_near": gettext_lazy("“%(other)s” has the same name and lies %(distance)d m away. Is it the same thing?"),
}  # fmt: skip
