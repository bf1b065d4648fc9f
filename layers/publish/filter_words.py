"""What people read about a filter that cannot be used: the piece it is about, and what would be right."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.publish.filters import BadFilter, Family, Reason

FAMILIES: Mapping[str, Promise] = {
    Family.TEXT: _("a text"),
    Family.NUMBER: _("a number"),
    Family.BOOLEAN: _("true or false"),
    Family.TIME: _("a day or a moment"),
    Family.INTERVAL: _("an interval"),
    Family.LIST: _("a list"),
    Family.GEOMETRY: _("a geometry"),
}
NAMES_OF_FAMILIES = ("found", "wanted", "first_family", "second_family")
MESSAGES: Mapping[Reason, Promise] = {
    Reason.TOO_LONG: _(
        "The filter has %(size)s bytes; at most %(most)s are read. Ask for less, or in several requests."
    ),
    Reason.TOO_DEEP: _("The filter is nested too deeply. Leave out parentheses that are not needed, or split it."),
    Reason.UNWRITABLE: _("“%(text)s” holds a character that is none. Leave it out."),
    Reason.OPEN_QUOTE: _(
        "The quotation that begins at “%(near)s” does not end. A text stands between single quotes; a quote in it is doubled."
    ),
    Reason.SYNTAX: _(
        "The filter cannot be read as CQL2 text from here on: “%(near)s”. An example: status = 'operating' AND beds > 100"
    ),
    Reason.UNFINISHED: _("The filter ends before it is complete. An example: status = 'operating' AND beds > 100"),
    Reason.JSON: _("The filter is no JSON from here on: “%(near)s”. CQL2 text is read with filter-lang=cql2-text."),
    Reason.SHAPE_OF_DOCUMENT: _(
        "“%(text)s” is nothing that CQL2 JSON knows. "
        'There are values, {"op", "args"}, {"property"}, {"date"}, {"timestamp"}, {"interval"}, {"bbox"} and geometries.'
    ),
    Reason.UNKNOWN_FUNCTION: _(
        "There is no function or operator “%(name)s”. Those of CQL2 are there: comparisons, arithmetic, "
        "LIKE, BETWEEN, IN, CASEI, ACCENTI, and those that begin with S_, T_ and A_; no others."
    ),
    Reason.ARITY: _("%(name)s takes %(takes)s operands, not %(given)s."),
    Reason.EMPTY_LIST: _("The list of IN is empty. Give at least one value."),
    Reason.NUMBER: _("“%(number)s” is not a finite number that can be computed with. Numbers run to about ±1.8E308."),
    Reason.IMPRECISE: _("“%(number)s” has more digits than are read exactly. Give at most 15, or use CQL2 JSON."),
    Reason.POWERS: _("“%(text)s” can be read in two ways. Write a ^ (b ^ c), or a ^ (b * c) for (a ^ b) ^ c."),
    Reason.DATE: _("“%(text)s” is no day of the calendar. Write it as 2022-12-31."),
    Reason.TIMESTAMP: _("“%(text)s” is no moment. Write it in UTC, as 2022-12-31T16:00:00Z."),
    Reason.INTERVAL_BOUND: _(
        "“%(text)s” is no bound of an interval. Give a day, a moment, a property of such, or '..' for no bound."
    ),
    Reason.INTERVAL_MIXED: _(
        "The interval from %(start)s to %(end)s has a day and a moment. Give two days or two moments."
    ),
    Reason.INTERVAL_REVERSED: _("The interval from %(start)s to %(end)s ends before it begins. Exchange the two."),
    Reason.PATTERN: _(
        "“%(text)s” is no pattern for LIKE. Give a text in which %% stands for any letters and _ for one; "
        "\\ before them means the sign itself and stands not at the end."
    ),
    Reason.GEOMETRY: _(
        "“%(text)s” is no geometry. Give WKT in CQL2 text or GeoJSON in CQL2 JSON, or a BBOX of four or six numbers."
    ),
    Reason.GEOMETRY_EMPTY: _("The geometry %(text)s has no positions. Give at least one."),
    Reason.GEOMETRY_OPEN: _(
        "A ring of the %(text)s begins at %(start)s and ends at %(end)s. The last position of a ring is the first again."
    ),
    Reason.GEOMETRY_INVALID: _(
        "The geometry %(text)s is not valid at %(where)s. Rings do not cross themselves or each other."
    ),
    Reason.GEOMETRY_COLLECTION: _(
        "%(op)s takes no GEOMETRYCOLLECTION. Give a geometry of one kind, or use S_INTERSECTS or S_DISJOINT."
    ),
    Reason.OUT_OF_REACH: _(
        "The geometry %(text)s has a position outside the coordinate reference system: %(numbers)s. "
        "Check the order of the axes and filter-crs."
    ),
    Reason.UNKNOWN_PROPERTY: _("There is no property “%(name)s” to filter by. There are: %(known)s."),
    Reason.MISMATCH: _(
        "%(op)s cannot compare %(first)s, which is %(first_family)s, with %(second)s, which is %(second_family)s. "
        "Texts stand between single quotes, numbers without, days as DATE('2022-12-31'); a list has A_CONTAINS."
    ),
    Reason.INCOMPARABLE: _(
        "%(op)s does not compare %(piece)s, which is %(found)s. Geometries have S_EQUALS, lists A_EQUALS, intervals T_EQUALS."
    ),
    Reason.OPERAND: _("%(piece)s is %(found)s; %(op)s needs %(wanted)s here."),
    Reason.CONDITION: _(
        "%(piece)s alone is no condition. Compare it with something, for example %(piece)s IS NOT NULL."
    ),
    Reason.VALUE: _("%(name)s=%(text)s cannot be used: the property is %(wanted)s."),
}


def explain(error: BadFilter) -> str:
    """The error in the current language, naming the piece and the remedy."""
    values = {
        name: str(FAMILIES[value]) if name in NAMES_OF_FAMILIES else value for name, value in error.values.items()
    }
    return str(MESSAGES[error.reason]) % values
