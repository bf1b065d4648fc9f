"""The bureau's two texts: every row of their targets is answered over the reference data, or says why it cannot be."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from layers.coverage import audit, report, targets, views
from layers.snapshots.records import Record

pytestmark = pytest.mark.django_db
# Numerator, denominator and status, over demonstration data made to fit the texts where these give a number.
EXPECTED = {
    2022: {
        "assistance-hub-counties": (2, 6, "met"),
        "minor-protection-operating": (6, 6, "met"),
        "smart-public-care-homes": (7, None, "met"),
        "home-care-terminals": (106, None, "met"),
        "dementia-beds-added": (690, None, "met"),
        "care-workers-added": (850, None, "met"),
        "social-work-station-townships": (103, 103, "met"),
        "fengqiao-stations": (6, None, "met"),
        "charity-points": (627, None, "met"),
        "charity-point-villages": (627, 2168, "not_assessable"),
        "charity-organisations": (74, None, "met"),
        "charitable-trusts": (1800, None, "met"),
        "heritage-lists": (0, 2, "missed"),
        "red-toponym-stories": (0, None, "missed"),
        "marriage-registries-4a": (4, 6, "not_assessable"),
        "marriage-registries-5a": (1, 6, "not_assessable"),
        "funeral-homes-renovated": (4, None, "met"),
        "eco-burial-township-provision": (103, 103, "met"),
        "beautiful-migrant-villages": (25, None, "met"),
        "support-projects": (158, None, "met"),
        "resettlers-supported": (100000, None, "met"),
        "direct-subsidy": (4179.5, None, "met"),
        "community-workers-per-10k": (None, None, "not_assessable"),
    },
    2023: {
        "assistance-hub-counties": (2, 6, "not_assessable"),
        "assistance-hub-townships": (2, 103, "not_assessable"),
        "smart-public-care-homes": (7, None, "not_assessable"),
        "county-complexes-opened": (3, None, "met"),
        "mid-high-end-care-homes": (1, None, "met"),
        "demonstration-home-care": (20, None, "met"),
        "fengqiao-stations": (10, None, "met"),
        "charity-points": (627, None, "not_assessable"),
        "charity-point-villages": (627, 2168, "not_assessable"),
        "pilot-communities": (18, None, "met"),
        "charity-organisations": (None, None, "not_assessable"),
        "charitable-trusts": (None, None, "not_assessable"),
        "heritage-lists": (0, 1, "missed"),
        "place-name-atlas": (0, 1, "missed"),
        "doorplate-pilot": (2010, None, "not_assessable"),
        "marriage-registries-4a": (6, 6, "met"),
        "marriage-registries-5a": (4, 6, "met"),
        "funeral-homes-provincial": (3, 6, "met"),
        "eco-burial-township-provision": (103, 103, "met"),
        "eco-burial-rate": (None, None, "not_assessable"),
        "provincial-eco-demonstration": (0, 1, "missed"),
        "funeral-basic-free": (5, 6, "missed"),
        "funeral-digital": (3, 6, "missed"),
        "resettlers-supported": (None, None, "not_assessable"),
        "direct-subsidy": (None, None, "not_assessable"),
        "visit-rate": (None, None, "not_assessable"),
        "happiness-list-rate": (None, None, "not_assessable"),
        "jingling-outline": (0, 1, "missed"),
    },
}
SCHEMA = json.loads((Path(views.SCHEMAS) / "audit-1.json").read_text())


def document(year: int, language: str = "en") -> dict[str, Any]:
    plan = targets.load(Path(settings.BASE_DIR) / f"fixtures/targets/{year}.yaml")
    with translation.override(language):
        return report.document(audit.run(plan, Record(date(year, 12, 31)), using="default"))


@pytest.mark.parametrize("year", EXPECTED)
def test_every_target_is_answered(year: int) -> None:
    found = document(year)["targets"]
    assert {one["id"]: (one["numerator"], one["denominator"], one["status"]) for one in found} == EXPECTED[year]
    for one in found:
        assert one["source"]["clause"]
        if one["status"] == "not_assessable":
            assert any(note["text"].startswith("Not assessable:") for note in one["notes"]), one["id"]


@pytest.mark.parametrize("year", EXPECTED)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_audit_fits_its_schema(year: int, language: str) -> None:
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document(year, language))


def test_contradictions_of_the_text_are_said_with_their_arithmetic() -> None:
    texts = {one["id"]: one["text"] for one in document(2022)["findings"]}
    assert texts["subsidy-and-people"].endswith(": 4,179.5 × 10,000 ÷ 600 = 69,658.33, but 100,000 人 is reported.")
    assert texts["subsistence-and-floor"].endswith(": 1,050 × 12 = 12,600, but 13,000 元/年 is reported.")
    assert texts["workers-and-share"].endswith("cannot be checked, for no figure is recorded of population_urban.")


def test_every_other_number_is_shown_as_reported() -> None:
    found = {one["indicator"]: (one["value"], one["unit"]) for one in document(2022)["reported"]}
    assert found["charity_donations"] == (1679.69, "万元")
    assert found["charitable_trusts"] == (12, "单")
    assert found["ventures_reported"] == (207, "个")
    assert all(one["source"] for one in document(2022)["reported"])
