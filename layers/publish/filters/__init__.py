"""CQL2 filters (OGC 21-065r2): read from text or JSON, compiled to parameterised SQL over the columns allowed.

Nothing here knows Django: what a property is called, where it stands and who may see it is the caller's.
"""

from layers.publish.filters.compiling import Condition, compile
from layers.publish.filters.documents import read_json
from layers.publish.filters.errors import BadFilter, Reason
from layers.publish.filters.nodes import Filter, equality
from layers.publish.filters.terms import Column, Family, Kind
from layers.publish.filters.texts import read_text

# What is tested by the standard's abstract tests, for the caller to declare.
CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/cql2/1.0/conf/{name}"
    for name in (
        *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison"),
        *("accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus"),
        *("spatial-functions", "temporal-functions", "array-functions", "property-property", "arithmetic"),
    )
)

__all__ = [
    "CONFORMS_TO",
    "BadFilter",
    "Column",
    "Condition",
    "Family",
    "Filter",
    "Kind",
    "Reason",
    "compile",
    "equality",
    "read_json",
    "read_text",
]
