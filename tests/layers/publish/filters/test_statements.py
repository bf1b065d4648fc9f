"""A condition in a statement of the portal: the layer's own query within, each value a slot."""

import pytest
from django.db.models import F
from psycopg import sql

from layers import registry
from layers.access import PUBLIC
from layers.publish.filters import Column, Condition, Filter, Kind, equality, read_text
from layers.publish.filters import compile as compile_filter
from layers.publish.statements import DAY, Slot, Statement
from layers.publish.statements import compiled as written
from layers.rows import geometry, rows, today, values
from tests import filtering

KINDS = {"name": Kind.TEXT, "status": Kind.TEXT, "burial_forms": Kind.TEXT_ARRAY, "as_of": Kind.DATE}
COLUMNS = {name: Column(sql.Identifier("row", f"p_{name}"), kind) for name, kind in KINDS.items()}
COLUMNS["geometry"] = Column(sql.Identifier("row", "geom"), Kind.GEOMETRY)


def statement(condition: Condition) -> Statement:
    layer = registry.get("eco-burial-sites")
    columns = {f"p_{name}": value for name, value in values(layer, PUBLIC, DAY).items() if name in KINDS}
    inner, params = written(
        rows(layer, PUBLIC, DAY).order_by().values(code_=F("code"), geom=geometry(layer.geometry), **columns)
    )
    slots = tuple(Slot(f"filter_{number}") for number in range(len(condition.values)))
    text = f"SELECT coalesce(array_agg(row.code_), '{{}}') FROM ({inner}) AS row WHERE {condition.sql}"
    return Statement(text, (*params, *slots))


def found(filter: Filter) -> set[str]:
    condition = compile_filter(filter, COLUMNS, geometry=filtering.geometry, zone=filtering.ZONE)
    given = {f"filter_{number}": value for number, value in enumerate(condition.values)}
    (codes,) = statement(condition).run(on=today(), **given)
    return set(codes)


@pytest.fixture
def sites(db: None) -> list[dict[str, object]]:
    layer = registry.get("eco-burial-sites")
    columns = {f"p_{name}": value for name, value in values(layer, PUBLIC, today()).items() if name in KINDS}
    return list(rows(layer, PUBLIC, today()).values("code", "location", **columns))


def test_a_layer_is_filtered(sites: list[dict[str, object]]) -> None:
    name = sites[0]["p_name"]
    assert found(equality("name", str(name))) == {site["code"] for site in sites if site["p_name"] == name}
    assert found(read_text("name LIKE '%园%'")) == {site["code"] for site in sites if "园" in str(site["p_name"])}
    assert found(read_text("NOT status = 'operating'")) == {s["code"] for s in sites if s["p_status"] != "operating"}
    assert found(read_text("true")) == {site["code"] for site in sites}


def test_a_layer_is_filtered_by_a_list(sites: list[dict[str, object]]) -> None:
    form = next(form for site in sites for form in site["p_burial_forms"])
    expected = {site["code"] for site in sites if form in site["p_burial_forms"]}
    assert (
        found(equality("burial_forms", form)) == found(read_text(f"A_CONTAINS(burial_forms, ('{form}'))")) == expected
    )


def test_a_layer_is_filtered_by_place(sites: list[dict[str, object]]) -> None:
    west, south, east, north = 120.4, 29.8, 120.7, 30.1
    expected = {
        site["code"] for site in sites if west <= site["location"].x <= east and south <= site["location"].y <= north
    }
    assert 0 < len(expected) < len(sites)
    assert found(read_text(f"S_INTERSECTS(geometry, BBOX({west},{south},{east},{north}))")) == expected
