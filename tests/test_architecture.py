"""ARCHITECTURE.md's rules, held over every module; and each rule's own proof that it can fail."""

from pathlib import Path

import pytest

from tests import architecture
from tests.architecture import APPS, RULES, Module, Rule, level, modules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    assert [broken for module in modules(*RULES[rule]) for broken in rule(module)] == []


def test_rules_see_the_whole_product() -> None:
    """An empty walk would keep every rule."""
    names = {module.name for module in modules(*APPS)}
    assert {"layers.registry", "layers.publish.tiles", "heritage.catalogue", "gis_portal.urls"} <= names
    assert len(names) > 60


# Module name, code, and how often each rule finds it wrong. The good ones stand beside the bad.
BAD: list[tuple[Rule, str, str, int]] = [
    (architecture.imports_upwards, "layers.errors", "from layers import registry", 1),
    (architecture.imports_upwards, "layers.models.burial", "from layers.publish import tiles", 1),
    (architecture.imports_upwards, "layers.models", "from layers import rows", 0),
    (architecture.imports_upwards, "layers.registry", "import layers.coverage.audit", 1),
    (architecture.imports_upwards, "layers.coverage.audit", "from layers.coverage.views import show", 1),
    (architecture.imports_upwards, "layers.coverage.audit", "def f():\n    from layers import admin", 1),
    (architecture.imports_upwards, "layers.coverage.audit", "from layers.rows import rows\nimport json", 0),
    (architecture.imports_upwards, "layers.publish.items", "from .views import data", 1),
    (architecture.imports_upwards, "layers.coverage.views", "from layers.coverage import audit", 0),
    (architecture.imports_upwards, "layers.management.commands.x", "from gis_portal import errors", 1),
    (architecture.crosses_apps, "layers.search.names", "from heritage.models import Place", 1),
    (architecture.crosses_apps, "layers.search.names", "import heritage", 1),
    (architecture.crosses_apps, "layers.search.names", "import heritages", 0),
    (architecture.crosses_apps, "heritage.models", "from layers.models import rules", 0),
    (architecture.crosses_apps, "heritage.models", "from gis_portal.settings import CONTACT", 1),
    (architecture.crosses_apps, "gis_portal.urls", "import heritage, layers", 0),
    (architecture.crosses_apps, "gis_portal.urls", "from tests import samples", 1),
    (architecture.crosses_apps, "layers.reference", "from fixtures.build import roman", 1),
    (architecture.knows_http, "layers.publish.endpoints", "from django.http import HttpRequest", 1),
    (architecture.knows_http, "layers.edit.serializers", "from rest_framework import serializers", 0),
    (architecture.knows_http, "layers.edit.serializers", "from rest_framework import views", 1),
    (architecture.knows_http, "layers.publish.views", "from django.http import HttpRequest", 0),
    (architecture.is_not_pure, "layers.names.folding", "from django.utils import text", 1),
    (architecture.is_not_pure, "layers.names.folding", "import unicodedata", 0),
    (architecture.is_not_pure, "layers.addresses.upper", "from django.db import models", 1),
    (architecture.is_not_pure, "layers.rows", "from django.db import models", 0),
    (architecture.speaks_sql_of_another_place, "layers.coverage.audit", 'A = "SELECT ST_AsGeoJSON(a)"', 1),
    (architecture.speaks_sql_of_another_place, "layers.coverage.audit", 'A = sql.SQL("ST_AsMVT(" "x)")', 1),
    (architecture.speaks_sql_of_another_place, "layers.publish.tiles", 'A = "ST_AsMVT(x)"', 0),
    (architecture.speaks_sql_of_another_place, "layers.coverage.audit", '"""ST_AsMVT is another\'s."""', 0),
    (architecture.formats_sql, "layers.a", 'cursor.execute(f"SELECT {x}")', 1),
    (architecture.formats_sql, "layers.a", 'cursor.execute("SELECT " + x, [])', 1),
    (architecture.formats_sql, "layers.a", 'cursor.execute("SELECT %s" % x)', 1),
    (architecture.formats_sql, "layers.a", 'cursor.execute("SELECT {}".format(x))', 1),
    (architecture.formats_sql, "layers.a", "cursor.execute(TEXT.format(x))", 1),
    (architecture.formats_sql, "layers.a", 'sql.SQL(f"SELECT {x}")', 1),
    (architecture.formats_sql, "layers.a", 'cursor.execute("SELECT %s", [x])', 0),
    (architecture.formats_sql, "layers.a", 'sql.SQL("SELECT {}").format(sql.Identifier(x))', 0),
    (architecture.has_no_docstring, "layers.a", "import json", 1),
    (architecture.has_no_docstring, "layers.a", '"""What it is."""', 0),
    (architecture.has_no_docstring, "layers.a", "", 0),
    (architecture.is_too_long, "layers.a", "\n" * 351, 1),
    (architecture.is_too_long, "layers.a", "\n" * 350, 0),
    (architecture.is_too_long, "tests.a", "\n" * 601, 1),
    (architecture.swallows, "layers.a", "try:\n    f()\nexcept:\n    g()", 1),
    (architecture.swallows, "layers.a", "try:\n    f()\nexcept Exception:\n    pass", 1),
    (architecture.swallows, "layers.a", "try:\n    f()\nexcept KeyError:\n    pass", 0),
]


@pytest.mark.parametrize(("rule", "name", "code", "found"), BAD)
def test_rule_finds_what_breaks_it_and_nothing_else(rule: Rule, name: str, code: str, found: int) -> None:
    assert len(rule(Module(name, code, Path(f"{name.replace('.', '/')}.py")))) == found


def test_every_rule_is_proved_by_a_sample_it_finds() -> None:
    assert {rule for rule, _name, _code, found in BAD if found} == set(RULES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gis_portal.pages.map", architecture.PORTAL),
        ("layers.coverage.views", architecture.WEB),
        ("layers.admin.forms", architecture.WEB),
        ("heritage.management.commands.publish_batch", architecture.WEB),
        ("layers.publish.endpoints", architecture.DOMAIN),
        ("layers.models.burial", architecture.REGISTERS),
        ("heritage.catalogue", architecture.REGISTERS),
        ("layers.errors.BadParameter", architecture.ERRORS),
    ],
)
def test_levels(name: str, expected: int) -> None:
    assert level(name) == expected
