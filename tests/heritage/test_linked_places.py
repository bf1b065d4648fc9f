"""Entries written in the Linked Places Format and read again; entries that others wrote."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heritage import documents
from heritage.linked_places import CONTEXT, TEXTS, Told, Words, Work, context, feature
from heritage.linked_places_reading import Cited, NotAPlace, features, read
from heritage.models.parts import parts as part_models
from heritage.models.periods import BOUNDS
from heritage.timespans import UnreadableTime, period, when
from tests.heritage.entries import POINT, entry

BASE = "https://places.example"
WORDS = Words(
    BASE, {"relation-kinds": {"part-of": "属于"}}, {"fuzhi": Work("绍兴府志", "萧良干", "1587", "https://a.example/1")}
)

# What the specification says of a feature (README of the format, v1.3), as far as it says it.
YEAR = {"type": "string", "pattern": r"^-?[0-9]{4,}$"}
WHEN = {
    "type": "object",
    "anyOf": [{"required": ["timespans"]}, {"required": ["periods"]}],
    "properties": {
        "timespans": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["start"],
                "properties": {
                    name: {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {"in": YEAR, "earliest": YEAR, "latest": YEAR},
                    }
                    for name in ("start", "end")
                },
            },
        },
        "periods": {"type": "array", "items": {"type": "object", "required": ["name"]}},
        "label": {"type": "string"},
    },
}
CITATIONS = {
    "type": "array",
    "items": {"type": "object", "required": ["label"], "properties": {"@id": {"format": "uri"}}},
}
ABOUT = {"when": WHEN, "citations": CITATIONS, "certainty": {"enum": ["certain", "less-certain", "uncertain"]}}


def listed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "required": required, "properties": {**ABOUT, **properties}}}


SCHEMA = {
    "type": "object",
    "required": ["@id", "type", "properties", "names", "geometry"],
    "properties": {
        "@id": {"type": "string", "pattern": "^https?://"},
        "type": {"const": "Feature"},
        "properties": {
            "type": "object",
            "required": ["title"],
            "properties": {
                "title": {"type": "string"},
                "ccodes": {"type": "array", "items": {"pattern": "^[A-Z]{2}$"}},
                "fclasses": {"type": "array", "items": {"enum": list("AHLPRST")}},
            },
        },
        "when": WHEN,
        "names": listed(["toponym"], toponym={"type": "string"}, lang={"type": "string"}),
        "types": listed(["identifier", "label"]),
        "geometry": {
            "anyOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "required": ["type", "geometries"],
                    "properties": {"type": {"const": "GeometryCollection"}, "geometries": listed(["type"])},
                },
            ]
        },
        "links": listed(["type", "identifier"], type={"enum": ["exactMatch", "closeMatch"]}),
        "relations": listed(["relationType", "relationTo", "label"], relationTo={"pattern": "^https?://"}),
        "descriptions": listed(["value"]),
        "depictions": listed(["@id", "title"]),
    },
}

text = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=12)
keys = st.uuids(version=4).map(str)
years = st.one_of(st.none(), st.integers(-9999, 2100).filter(bool))
timed = st.fixed_dictionaries({**dict.fromkeys(BOUNDS, years), "time_text": text})
codes = st.sampled_from(["certain", "less-certain", "unstated", "相传"])
degrees = st.floats(29, 31)
points = st.tuples(degrees, degrees).map(lambda pair: {"type": "Point", "coordinates": list(pair)})
lines = st.lists(st.tuples(degrees, degrees).map(list), min_size=2, max_size=4).map(
    lambda pairs: {"type": "LineString", "coordinates": pairs}
)


def parts(kind_: str, **said: Any) -> Any:
    """Lists of parts of a kind, whatever they say."""
    one = st.fixed_dictionaries({"key": keys, **said})
    if "start_earliest" in documents.columns(part_models()[kind_]):
        one = st.builds(lambda part, time: {**part, **time}, one, timed)
    return st.lists(one, max_size=3, unique_by=lambda part: part["key"])


@st.composite
def entries(draw: Any) -> dict[str, Any]:
    found: dict[str, Any] = {name: draw(text) for name in (*TEXTS, "code", "toponym_code", "township", "condition")}
    found |= {"category": draw(text), "source": draw(text), "sensitivity": draw(st.sampled_from(["public", "hidden"]))}
    found |= {"as_of": draw(st.one_of(st.none(), st.dates().map(date.isoformat))), **draw(timed)}
    named = dict.fromkeys(("traditional", "roman", "specific", "generic", "dialect"), text)
    name = text.filter(bool)
    found["names"] = draw(
        parts("names", role=st.sampled_from(["standard", "alias"]), name=name, certainty=codes, **named,
              spelling=st.sampled_from(["proposed", "confirmed"]))
    )  # fmt: skip
    found["shapes"] = draw(
        parts("shapes", shape=points | lines, quality=st.sampled_from(["surveyed", "approximate"]), note=text,
              precision_m=st.none() | st.integers(0, 5000), certainty=codes)
    )  # fmt: skip
    found["relations"] = draw(
        parts("relations", kind=st.sampled_from(["part-of", "merged-into"]), other=st.just("fz23456789"), note=text)
    )
    found["protection"] = draw(parts("protection", measure=text, note=text, since=st.none() | st.just("2021-05-01")))
    about = [*TEXTS, *(part["key"] for kind in ("names", "shapes", "relations") for part in found[kind]), "nothing"]
    found["citations"] = draw(parts("citations", about=st.sampled_from(about), source=text, pages=text, quote=text))
    size = st.integers(1, 9000)
    found["pictures"] = draw(
        parts("pictures", file=st.just("a" * 64), width=size, height=size, caption=text, credit=text, licence=text,
              taken=text)
    )  # fmt: skip
    return documents.proposed(found)


@given(document=entries())
def test_a_curators_feature_read_again_is_the_same_entry(document: dict[str, Any]) -> None:
    written = json.loads(json.dumps(feature(Told("fz23456789", document), WORDS)))
    again = read(written, BASE)
    assert (documents.proposed(again.document), again.handle, again.notes) == (document, "fz23456789", [])


@given(document=entries())
def test_what_is_written_is_what_the_format_asks_for(document: dict[str, Any]) -> None:
    jsonschema.validate(feature(Told("fz23456789", document), WORDS), SCHEMA)


def test_a_whole_feature() -> None:
    key, cited = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
    name = documents.blank_part(
        "names", key=key, role="standard", name="卧龙山", traditional="臥龍山", roman="Wòlóng Shān"
    )
    name |= {"certainty": "certain", "start_earliest": 1573, "start_latest": 1573, "time_text": "万历元年"}
    shape = documents.blank_part("shapes", key=cited, shape=POINT, certainty="unstated", precision_m=50)
    document = documents.proposed(
        {
            **{"category": "山", "code": "wolong", "source": "test", "meaning": "形如卧龙。", "sensitivity": "public"},
            "names": [name],
            "shapes": [shape],
            "relations": [documents.blank_part("relations", key=cited, kind="part-of", other="fz23456789")],
            "citations": [documents.blank_part("citations", key=cited, about=key, source="fuzhi", pages="卷三")],
        }
    )
    assert feature(Told("wl23456789", document, absorbed=["zs23456789"]), WORDS) == {
        "@id": f"{BASE}/places/wl23456789",
        "type": "Feature",
        "properties": {
            "title": "卧龙山",
            "ccodes": ["CN"],
            "fclasses": ["T"],
            "portal:handle": "wl23456789",
            "portal:code": "wolong",
            "portal:sensitivity": "public",
            "portal:source": "test",
        },
        "names": [
            {
                "toponym": "卧龙山",
                "lang": "zh-Hans",
                "when": {
                    "timespans": [{"start": {"in": "1573"}}],
                    "label": "万历元年",
                    "portal:years": [1573, 1573, None, None],
                },
                "citations": [
                    {
                        "label": "萧良干, 绍兴府志, 1587, 卷三",
                        "@id": "https://a.example/1",
                        "portal:position": 0,
                        "portal:key": cited,
                        "portal:source": "fuzhi",
                        "portal:pages": "卷三",
                    }
                ],
                "certainty": "certain",
                "portal:key": key,
                "portal:role": "standard",
                "portal:spelling": "proposed",
            },
            {"toponym": "臥龍山", "lang": "zh-Hant", "portal:of": key, "portal:form": "traditional"},
            {"toponym": "Wòlóng Shān", "lang": "zh-Latn-pinyin", "portal:of": key, "portal:form": "roman"},
        ],
        "types": [
            {
                "identifier": "aat:300008795",
                "label": "mountain",
                "sourceLabels": [{"label": "山", "lang": "zh-Hans"}],
                "portal:category": "山",
            }
        ],
        "geometry": {
            "type": "GeometryCollection",
            "geometries": [
                {
                    **POINT,
                    "portal:certainty": "unstated",
                    "portal:key": cited,
                    "portal:quality": "approximate",
                    "portal:precision_m": 50,
                }
            ],
        },
        "links": [{"type": "exactMatch", "identifier": f"{BASE}/places/zs23456789"}],
        "relations": [
            {
                "relationType": "gvp:broaderPartitive",
                "relationTo": f"{BASE}/places/fz23456789",
                "label": "属于",
                "portal:key": cited,
                "portal:kind": "part-of",
            }
        ],
        "descriptions": [{"value": "形如卧龙。", "lang": "zh-Hans", "portal:about": "meaning"}],
        "depictions": [],
    }
    assert context(BASE) == [CONTEXT, {"portal": f"{BASE}/api/places#"}]


def test_without_a_citation_a_name_cites_where_the_entry_is_from() -> None:
    said = feature(Told("wl23456789", documents.proposed(entry(shapes=[]))), WORDS)
    assert said["names"][0]["citations"] == [{"label": "test"}]
    assert said["geometry"] is None


@pytest.mark.parametrize(
    ("years", "span"),
    [
        ((-490, -490, None, None), {"start": {"in": "-0490"}}),
        ((1573, 1620, 1912, None), {"start": {"earliest": "1573", "latest": "1620"}, "end": {"earliest": "1912"}}),
        ((None, None, 1949, 1950), {"start": {"latest": "1950"}, "end": {"earliest": "1949", "latest": "1950"}}),
        ((None, None, 1949, None), {"start": {}, "end": {"earliest": "1949"}}),
        ((None, 222, 1949, 1949), {"start": {"latest": "0222"}, "end": {"in": "1949"}}),
    ],
)
def test_four_years_as_a_timespan(years: tuple[int | None, ...], span: dict[str, Any]) -> None:
    said = when(dict(zip(BOUNDS, years, strict=True)) | {"time_text": ""})
    assert said == {"timespans": [span], "portal:years": list(years)}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, {}),
        ({"timespans": [{"start": {"in": "1832"}}]}, (None, 1832, 1832, None)),
        ({"timespans": [{"start": {"in": "1832-08-01~"}, "end": {"in": "1900%"}}]}, (1832, 1832, 1900, 1900)),
        ({"timespans": [{"start": {"earliest": "-0299", "latest": "-0200"}, "end": {"latest": "0010"}}]},
         (-299, -200, None, 10)),
        ({"timespans": [{"start": "1600", "end": "1699"}]}, (1600, 1600, 1699, 1699)),
        ({"timespans": [{"start": {"in": "1800"}, "end": {"in": "1850"}}, {"start": {"in": "1600"}, "end": {"in": "1700"}}]},
         (1600, 1600, 1850, 1850)),
    ],
)  # fmt: skip
def test_timespans_of_others_as_four_years(said: Any, expected: Any) -> None:
    found = period(said)
    assert {bound: found.get(bound) for bound in BOUNDS if expected} == dict(zip(BOUNDS, expected, strict=False))


@pytest.mark.parametrize(
    "said", [{"start": {"in": "万历三年"}}, {"end": {"in": "1900"}}, "1832", {"start": {"in": "18x"}}]
)
def test_a_time_that_is_none_is_not_guessed(said: Any) -> None:
    with pytest.raises(UnreadableTime):
        period({"timespans": [said]})


def test_a_feature_of_another_gazetteer() -> None:
    found = read(
        {
            "@id": "https://gaz.example/p/1",
            "type": "Feature",
            "properties": {"title": "紹興府", "ccodes": ["CN"]},
            "when": {"timespans": [{"start": {"in": "1131"}, "end": {"in": "1911"}}], "label": "南宋至清"},
            "names": [
                {"toponym": "Shaoxing Fu", "lang": "en"},
                {"toponym": "紹興府", "citations": [{"label": "CHGIS", "@id": "https://chgis.example"}]},
                {"toponym": "绍兴府"},
                {"toponym": "越州", "when": {"timespans": [{"start": {"in": "long ago"}}]}},
            ],
            "types": [{"identifier": "aat:300000771", "label": "county", "sourceLabels": [{"label": "府"}]}],
            "geometry": {"type": "GeometryCollection", "geometries": [{"geo_wkt": "POINT (120.58 30)"}, "null"]},
            "links": [
                {"type": "closeMatch", "identifier": "http://www.geonames.org/1795855/"},
                {"type": "exactMatch", "identifier": f"{BASE}/places/fz23456789"},
            ],
            "relations": [
                {"relationType": "gvp:broaderPartitive", "relationTo": "https://gaz.example/p/2", "label": "浙江"}
            ],
            "descriptions": [{"value": "府治在今越城。"}],
            "depictions": [{"@id": "https://pics.example/1.jpg"}],
        },
        BASE,
    )
    names = [{key: value for key, value in name.items() if key != "key"} for name in found.document["names"]]
    keys = [UUID(name["key"]) for name in found.document["names"]]
    assert names == [
        {
            "name": "紹興府",
            "certainty": "unstated",
            "roman": "Shaoxing Fu",
            "traditional": "绍兴府",
            "role": "standard",
        },
        {"name": "越州", "certainty": "unstated", "role": "alias"},
    ]
    assert found.document["shapes"][0]["shape"] == {"type": "Point", "coordinates": (120.58, 30.0)}
    assert [found.document[name] for name in (*BOUNDS, "time_text")] == [1131, 1131, 1911, 1911, "南宋至清"]
    assert (found.document["evolution"], found.document["source"]) == ("府治在今越城。", "https://gaz.example/p/1")
    assert (found.categories, found.same_as) == (["府", "county", "300000771"], ["fz23456789"])
    assert found.cited == [Cited(str(keys[0]), "CHGIS", "https://chgis.example")]
    assert len(found.notes) == 4


@pytest.mark.parametrize("said", [None, [], "x", {"type": "Point"}, {"type": "FeatureCollection", "features": []}])
def test_what_is_no_feature_is_refused(said: Any) -> None:
    with pytest.raises(NotAPlace):
        read(said, BASE)


def test_the_features_of_a_collection_and_the_one() -> None:
    assert list(features({"type": "FeatureCollection", "features": [1, 2]})) == [1, 2]
    assert list(features({"type": "Feature"})) == [{"type": "Feature"}]
    with pytest.raises(NotAPlace):
        list(features({"type": "FeatureCollection"}))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | text,
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["names", "toponym", "when", "timespans", "start", "in", "geometry", "type",
                                           "properties", "citations", "relations", "types", "links"]), inner, max_size=4),
        max_leaves=20,
    )
)  # fmt: skip
def test_whatever_a_feature_holds_is_read_or_told(said: Any) -> None:
    found = read({**(said if isinstance(said, dict) else {"names": said}), "type": "Feature"}, BASE)
    assert len(found.document["names"]) >= 1
