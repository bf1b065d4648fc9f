"""A layer's schemas: titles, types, units, choices and limits, in the reader's language."""

import pytest
from django.test import Client

from layers import registry
from layers.edit import properties as edited
from layers.publish import schema
from tests.asking import get

COLLECTION = "/api/collections/eco-burial-sites"
URL = f"{COLLECTION}/schema"


def test_schema_is_that_of_the_register(public: Client) -> None:
    said = get(public, URL, lang="en")
    assert {key: value for key, value in said.items() if key != "properties"} == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"http://127.0.0.1:8000{URL}",
        "type": "object",
        "title": "Eco-burial sites",
        "description": "Land-saving burial: trees, flowerbeds, lawns, walls and niches; with the townships each site serves.",
        "additionalProperties": False,
        "required": ["name", "status", "level", "township_claimed", "source"],
    }
    numbers = [about.pop("x-ogc-propertySeq") for about in said["properties"].values()]
    assert numbers == list(range(1, len(numbers) + 1))
    wanted = ("id", "geometry", "name", "status", "burial_forms", "serves", "area_m2", "capacity", "as_of")
    assert {name: said["properties"][name] for name in (*wanted, "township_located")} == {
        "id": {
            "title": "Code",
            "type": "string",
            "maxLength": 40,
            "description": "Stable code in the register; never reused.",
            "pattern": "^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$",
            "x-ogc-role": "id",
        },
        "geometry": {"title": "Location", "format": "geometry-point", "x-ogc-role": "primary-geometry"},
        "township_located": {
            "title": "Township located",
            "type": "string",
            "maxLength": 9,
            "description": "The township whose boundary covers the point; kept by the database.",
            "readOnly": True,
        },
        "name": {"title": "Name", "type": "string", "maxLength": 120},
        "status": {
            "title": "Status",
            "type": "string",
            "oneOf": [
                {"const": "planned", "title": "planned"},
                {"const": "under_construction", "title": "under construction"},
                {"const": "operating", "title": "operating"},
                {"const": "suspended", "title": "suspended"},
                {"const": "closed", "title": "closed"},
            ],
        },
        "burial_forms": {
            "title": "Burial forms",
            "type": "array",
            "items": {
                "type": "string",
                "oneOf": [
                    {"const": "tree", "title": "tree burial"},
                    {"const": "flowerbed", "title": "flowerbed burial"},
                    {"const": "lawn", "title": "lawn burial"},
                    {"const": "wall", "title": "wall burial or niches"},
                    {"const": "deep", "title": "deep burial"},
                ],
            },
        },
        "serves": {
            "title": "Township served",
            "type": "array",
            "items": {"type": "string", "maxLength": 9, "pattern": "^[0-9]{9}$"},
        },
        "area_m2": {
            "title": "Area",
            "type": "number",
            "minimum": 0,
            "maximum": 1e8,
            "x-ogc-unit": "m2",
            "x-ogc-unitLang": "UCUM",
        },
        "capacity": {
            "title": "Capacity",
            "type": "integer",
            "description": "Graves or niches in all.",
            "minimum": 0,
            "x-ogc-unit": "{graves}",
            "x-ogc-unitLang": "UCUM",
        },
        "as_of": {
            "title": "As of",
            "type": "string",
            "format": "date",
            "description": "The day the source describes.",
        },
    }


def test_schema_speaks_chinese_first(public: Client) -> None:
    properties = get(public, URL)["properties"]
    forms = {choice["const"]: choice["title"] for choice in properties["burial_forms"]["items"]["oneOf"]}
    assert forms == {"tree": "树葬", "flowerbed": "花坛葬", "lawn": "草坪葬", "wall": "壁葬或骨灰格位", "deep": "深埋"}
    assert properties["name"]["title"] == "名称"
    assert properties["serves"]["title"] == "服务乡镇（街道）"


def test_schema_of_areas_names_their_shape(public: Client) -> None:
    shape = get(public, "/api/collections/counties/schema")["properties"]["geometry"]["format"]
    assert shape == "geometry-multipolygon"


@pytest.mark.parametrize("document", ["schema", "queryables", "sortables"])
def test_schemas_name_the_bureaus_fields_to_staff_alone(document: str, public: Client, staff: Client) -> None:
    url = f"{COLLECTION}/{document}"
    seen = set(get(staff, url)["properties"]) - set(get(public, url)["properties"])
    assert seen == {"used", "evidence", "published"}


def test_an_empty_choice_is_one_where_the_register_allows_it(public: Client) -> None:
    quality = get(public, "/api/collections/counties/schema", lang="en")["properties"]["boundary_quality"]
    assert [choice["const"] for choice in quality["oneOf"]] == ["", "surveyed", "published", "approximate"]


def test_a_division_says_which_properties_bound_its_period(public: Client) -> None:
    said = get(public, "/api/collections/counties/schema")["properties"]
    assert {name: about["x-ogc-role"] for name, about in said.items() if "x-ogc-role" in about} == {
        "id": "id",
        "geometry": "primary-geometry",
        "valid_from": "primary-interval-start",
        "valid_to": "primary-interval-end",
    }


def test_what_a_client_never_writes_is_read_only() -> None:
    """What the database computes, what makes the collection, what belongs to another register."""
    kept = {
        layer.id: {field.name for field in layer.fields if not schema.is_written(layer, field)}
        for layer in registry.published()
    }
    wanted = ("counties", "eco-burial-sites", "doorplates", "heritage-places")
    assert {layer_id: kept[layer_id] for layer_id in wanted} == {
        "counties": {"level"},
        "eco-burial-sites": {"township_located"},
        "doorplates": {"entrances", "standard_address", "township_located"},
        "heritage-places": {"handle", "lists", "batches"},
    }


@pytest.mark.parametrize("layer", registry.published(), ids=lambda layer: layer.id)
def test_what_is_read_only_and_required_is_what_writing_takes(layer: registry.Layer) -> None:
    written = edited.all_of(layer)
    for field in layer.fields:
        about = written[field.name]
        said = (schema.is_written(layer, field), schema.is_required(layer, field))
        assert (field.name, *said) == (field.name, about.place is not edited.Place.KEPT, about.required)


def test_queryables_are_what_filters_may_speak_of(public: Client) -> None:
    said = get(public, f"{COLLECTION}/queryables", lang="en")
    names = list(get(public, URL)["properties"])
    assert sorted(said["properties"]) == sorted(names)
    assert {key: said[key] for key in ("$schema", "$id", "type", "additionalProperties")} == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"http://127.0.0.1:8000{COLLECTION}/queryables",
        "type": "object",
        "additionalProperties": False,
    }
    assert said["properties"]["geometry"]["format"] == "geometry-point"
    assert said["properties"]["green_rate"] == {
        "title": "Green share",
        "type": "number",
        "description": "Share of the area that is green, 0 to 1.",
        "x-ogc-unit": "1",
        "x-ogc-unitLang": "UCUM",
        "x-ogc-propertySeq": said["properties"]["green_rate"]["x-ogc-propertySeq"],
    }


def test_sortables_are_the_properties_with_one_value(public: Client) -> None:
    queryable = set(get(public, f"{COLLECTION}/queryables")["properties"])
    assert queryable - set(get(public, f"{COLLECTION}/sortables")["properties"]) == {
        "burial_forms",
        "serves",
        "geometry",
    }
