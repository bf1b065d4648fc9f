"""JSON Schema 2020-12 said in the dialect of OpenAPI 3.0."""

from typing import Any

import pytest

from layers.publish.openapi.dialect import ref, spoken


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "string", "maxLength": 3}, {"type": "string", "maxLength": 3}),
        ({"type": ["integer", "null"], "minimum": 0}, {"type": "integer", "nullable": True, "minimum": 0}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": "string", "nullable": True}),
        (
            {"type": "string", "oneOf": [{"const": "a", "title": "first"}, {"const": "b_c", "title": "b c"}]},
            {"type": "string", "enum": ["a", "b_c"], "description": "a: first"},
        ),
        (
            {"type": ["string", "null"], "oneOf": [{"const": "", "title": ""}, {"const": "a", "title": "a"}]},
            {"type": "string", "nullable": True, "enum": ["", "a", None]},
        ),
        (
            {"oneOf": [{"const": "a", "title": "first"}], "description": "Which."},
            {"enum": ["a"], "description": "Which. a: first"},
        ),
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"examples": [1, 2], "$schema": "x", "$id": "y", "x-ogc-propertySeq": 1}, {"example": 1}),
        ({"$ref": "#/$defs/goal"}, ref("AuditGoal")),
        (
            {"properties": {"type": {"type": ["string", "null"]}, "items": {"$ref": "#/$defs/goal"}}},
            {"properties": {"type": {"type": "string", "nullable": True}, "items": ref("AuditGoal")}},
        ),
    ],
)
def test_schema_is_said_in_the_older_dialect(schema: dict[str, Any], said: dict[str, Any]) -> None:
    assert spoken(schema, names="Audit") == said
