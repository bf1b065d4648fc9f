"""From JSON Schema 2020-12, in which the portal's schemas are written, to the dialect of OpenAPI 3.0."""

from collections.abc import Mapping
from typing import Any

UNSPOKEN = ("$schema", "$id", "$defs", "x-ogc-propertySeq")
DEFINITIONS = "#/$defs/"


def spoken(schema: Mapping[str, Any], *, names: str = "") -> dict[str, Any]:
    """The schema in the dialect of OpenAPI 3.0.3, which has ``nullable`` instead of the type null and no ``const``.

    names: what the names of components begin with that stand for the schema's own definitions.
    """
    said: dict[str, Any] = {}
    for key, value in schema.items():
        match key, value:
            case key, _ if key in UNSPOKEN:
                continue
            case "$ref", str():
                return {"$ref": component(names + value.removeprefix(DEFINITIONS).capitalize())}
            case "type", [kind, "null"]:
                said |= {"type": kind, "nullable": True}
            case "anyOf", [one, {"type": "null"}]:
                said |= {**spoken(one, names=names), "nullable": True}
            case "oneOf", [{"const": _}, *_]:
                said |= _enumeration(value)
            case "examples", [first, *_]:
                said["example"] = first
            case "properties", dict():
                said["properties"] = {name: spoken(one, names=names) for name, one in value.items()}
            case _, dict():
                said[key] = spoken(value, names=names)
            case _:
                said[key] = value
    if "oneOf" in schema and "description" in schema and "enum" in said:
        said["description"] = f"{schema['description']} {_legend(schema['oneOf'])}".strip()
    if said.get("type") == "array":
        said.setdefault("items", {})  # which OpenAPI demands
    if "enum" in said and said.get("nullable"):
        said["enum"] = [*said["enum"], None]
    return said


def component(name: str, kind: str = "schemas") -> str:
    """The address of a component."""
    return f"#/components/{kind}/{name}"


def ref(name: str, kind: str = "schemas") -> dict[str, str]:
    return {"$ref": component(name, kind)}


def _enumeration(choices: list[dict[str, Any]]) -> dict[str, Any]:
    """The values of the choices, and what they mean in the description."""
    legend = _legend(choices)
    return {"enum": [choice["const"] for choice in choices], **({"description": legend} if legend else {})}


def _legend(choices: list[dict[str, Any]]) -> str:
    """What the values mean, where their titles say more than they do."""
    told = [choice for choice in choices if choice["title"] and choice["title"] != choice["const"].replace("_", " ")]
    return "; ".join(f"{choice['const']}: {choice['title']}" for choice in told)
