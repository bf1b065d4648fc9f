"""Every class of CQL2 that is declared has all its abstract tests (OGC 21-065r2, annex A), and no other has any."""

from collections.abc import Iterator

from layers.publish.filters import CONFORMS_TO
from tests.conformance import test_cql2, test_cql2_space_time

PREFIX = "http://www.opengis.net/spec/cql2/1.0/conf/"
ABSTRACT_TESTS = {
    "cql2-text": ("validate", "escaping"),
    "cql2-json": ("validate",),
    "basic-cql2": ("basic-test", "comparison", "is-null", "boolean", "test-data", "logical"),
    "advanced-comparison-operators": ("like", "between", "in", "test-data", "logical"),
    "case-insensitive-comparison": ("casei", "casei-like", "test-data", "logical"),
    "accent-insensitive-comparison": (
        *("accenti", "accenti-like", "accenti-casei", "accenti-casei-like", "test-data", "logical"),
    ),
    "basic-spatial-functions": ("s_intersects", "test-data", "logical"),
    "basic-spatial-functions-plus": ("s_intersects", "test-data"),
    "spatial-functions": (
        *("s_intersects", "s_disjoint", "s_equals", "s_touches", "s_crosses", "s_within", "s_contains", "s_overlaps"),
        *("test-data", "logical"),
    ),
    "temporal-functions": ("temporal-functions-1", "temporal-functions-2", "test-data", "logical"),
    "array-functions": ("array-predicates", "logical"),
    "property-property": (
        *("comparison-value-property", "comparison-property-property", "comparison-value-value"),
        *("test-data", "logical"),
    ),
    "arithmetic": ("arithmetic", "test-data", "logical"),
}


def wanted(classes: Iterator[str]) -> set[str]:
    return {f"test_conf_{name}_{test}".replace("-", "_") for name in classes for test in ABSTRACT_TESTS[name]}


def test_every_declared_class_has_its_abstract_tests() -> None:
    written = {
        name for module in (test_cql2, test_cql2_space_time) for name in vars(module) if name.startswith("test_conf_")
    }
    assert written == wanted(uri.removeprefix(PREFIX) for uri in CONFORMS_TO)
