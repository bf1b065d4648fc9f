"""A comparison on a terminal."""

import pytest
from django.utils import translation
from rich.cells import cell_len

from layers.coverage.comparing import compare
from layers.coverage.reports import comparison
from tests.layers.coverage.reports.documents import audit, counted, missing, target, unknown
from tests.layers.coverage.test_comparing import met

pytestmark = pytest.mark.usefixtures("english")


def told(before: dict, after: dict, **options: object) -> str:
    return comparison.as_table(compare(before, after), **options)  # type: ignore[arg-type]


def test_audits_of_different_records_are_told_apart() -> None:
    text = told(audit(target()), audit(target(), snapshot={"numbers": "3,4", "ledgers": []}))
    assert (
        "· They were read from different records: the registers → frozen ledgers (snapshots 3,4)." in text.splitlines()
    )


def test_what_changed_is_said_and_what_did_not_is_counted() -> None:
    text = told(audit(target(), counted()), audit(met(), counted(), id="13", as_of="2023-12-31"))
    assert text.splitlines() == [
        "Audit 12 as of 2022-12-31 (data version 0123456789ab) → audit 13 as of 2023-12-31 (data version",
        "0123456789ab)",
        "",
        "乡镇（街道）节地生态安葬点建有率  [eco-burial]",
        "✗ missed  3/4 = 75.0%  →  ✓ met  4/4 = 100.0%",
        "",
        " Division   Name   Before                  After",
        " ─────────────────────────────────────────────────────────────",
        " 999902     西县   ✗ missed  1/2 = 50.0%   ✓ met  2/2 = 100.0%",
        "",
        "No longer missing: covered since, or no longer counted",
        '  999902002  丁乡  西县  “=1+1” 已停用 <script>alert("x")</script>',
        "Features that came to count",
        "  four  four号  999902002",
        "Features that no longer count",
        "  one  one号  999901001",
        "",
        "Unchanged targets: 1",
    ]


def test_what_is_not_comparable_is_said() -> None:
    later = target(filter="other", goal={"op": ">=", "value": 0.7, "by": "2022-12-31"}, evidence_total=9)
    text = told(audit(target(), unknown()), audit(later, counted(), division="330602", division_name="越城区", boundaries="published"))  # fmt: skip
    for said in (
        "They are of different divisions: all divisions → 越城区 330602.",
        "They rest on different boundaries: approximate boundaries → published boundaries.",
        "Its definition is another: condition; the figures are not of the same thing.",
        "Goal: ≥ 100% → ≥ 70%",
        "there may be more changes",
        "✗ missed  80  only in the second audit",
        "? not assessable  –  only in the first audit",
        "Unchanged targets: 0",
    ):
        assert said in text


def test_what_came_to_be_missing_is_named() -> None:
    text = told(audit(target(missing=[])), audit(target(missing=[missing(None, "太小", feature="one")])))
    assert "Now missing\n  one  某处  西县  太小\n" in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [60, 100])
def test_it_keeps_its_width_with_chinese(language: str, width: int) -> None:
    with translation.override(language):
        lines = told(audit(target(), counted()), audit(met(), counted()), width=width).splitlines()
    assert max(map(cell_len, lines)) <= width


def test_it_has_colour_on_a_terminal() -> None:
    assert "\x1b[" in told(audit(target()), audit(met()), colour=True)
    assert "\x1b" not in told(audit(target()), audit(met()))
