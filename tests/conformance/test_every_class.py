"""Every conformance class that is declared has its tests, and no other class is declared."""

import ast
from pathlib import Path

from django.test import Client

from layers.publish.collections import CONFORMS_TO
from tests.asking import get

FOLDER = Path(__file__).parent
# Which files hold the abstract tests of the classes of a specification; the longest beginning counts.
FILES = {
    "ogcapi-features-1/1.0/conf/": ("test_features_part1.py",),
    "ogcapi-features-1/1.0/conf/html": ("test_html.py",),
    "ogcapi-features-1/1.0/conf/oas30": ("test_oas30.py",),
    "ogcapi-features-2/1.0/conf/": ("test_features_part2.py",),
    "ogcapi-features-3/1.0/conf/": ("test_features_part3.py",),
    "ogcapi-features-4/1.0/conf/": ("test_features_part4.py",),
    "cql2/1.0/conf/": ("test_cql2.py", "test_cql2_space_time.py"),
    "ogcapi-tiles-1/1.0/conf/": ("test_tiles.py",),
}
SPECIFICATIONS = "http://www.opengis.net/spec/"


def named_after(uri: str) -> list[str]:
    """The tests whose names begin with the identifier of the class."""
    beginning = max((one for one in FILES if uri.startswith(SPECIFICATIONS + one)), key=len)
    name = uri.rpartition("/")[2].replace("-", "_")
    return [test for file in FILES[beginning] for test in written(file) if test.startswith(f"test_conf_{name}_")]


def written(file: str) -> list[str]:
    path = FOLDER / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_every_declared_class_has_tests(public: Client) -> None:
    declared = get(public, "/api/conformance")["conformsTo"]
    assert declared == CONFORMS_TO
    assert len(set(declared)) == len(declared)
    assert [uri for uri in declared if not named_after(uri)] == []


def test_the_check_finds_a_class_without_tests() -> None:
    assert named_after("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/gmlsf0") == []
