"""A layer's schema: titles, types, units and choices, in the reader's language."""

from django.test import Client

from tests.asking import get

URL = "/api/collections/eco-burial-sites/schema"


def test_schema_is_that_of_the_register(public: Client) -> None:
    said = get(public, URL, lang="en")
    assert {key: value for key, value in said.items() if key != "properties"} == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"http://127.0.0.1:8000{URL}",
        "type": "object",
        "title": "Eco-burial sites",
        "description": "Land-saving burial: trees, flowerbeds, lawns, walls and niches; with the townships each site serves.",
    }
    wanted = ("geometry", "name", "status", "burial_forms", "serves", "area_m2", "capacity", "as_of")
    assert {name: said["properties"][name] for name in wanted} == {
        "geometry": {"format": "geometry-point", "x-ogc-role": "primary-geometry"},
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
        "serves": {"title": "Township served", "type": "array", "items": {"type": "string", "maxLength": 9}},
        "area_m2": {"title": "Area", "type": "number", "x-ogc-unit": "m2"},
        "capacity": {
            "title": "Capacity",
            "type": "integer",
            "description": "Graves or niches in all.",
            "x-ogc-unit": "graves",
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


def test_schema_names_the_bureaus_fields_to_staff_alone(public: Client, staff: Client) -> None:
    seen = set(get(staff, URL)["properties"]) - set(get(public, URL)["properties"])
    assert seen == {"used", "evidence", "published"}
