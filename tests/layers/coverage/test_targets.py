"""Targets in YAML: what is read, and how a mistake is named."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from layers.coverage import targets
from layers.coverage.amounts import Goal
from layers.errors import BadTargets, UnknownTarget

SETS = sorted((Path(settings.BASE_DIR) / "fixtures/targets").glob("*.yaml"))
GOOD = """
targets:
  - id: eco-burial
    title: {zh: 建有率, en: Provision}
    definition: {zh: 定义, en: Definition}
    owner: {zh: 处, en: Section}
    metric: provision_rate
    level: township
    layer: eco-burial-sites
    filter: status = 'operating'
    goals:
      - {by: 2022-12-31, op: ">=", value: 0.9}
      - {by: 2023-12-31, op: ">=", value: 1.0}
    source: {document: {zh: 总结, en: Summary}, clause: {zh: 条, en: Clause}}
"""


def load(folder: Path, text: str) -> tuple[targets.Target, ...]:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return targets.load(path).targets


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_the_sets_of_the_portal_load(path: Path) -> None:
    found = targets.load(path).chosen(["eco-burial-township-provision"]).targets
    assert [one.goals for one in found] == [(Goal(by=date(int(path.stem), 12, 31), op=">=", value=Decimal(1)),)]


def test_a_target_has_both_languages(tmp_path: Path) -> None:
    (target,) = load(tmp_path, GOOD)
    with translation.override("en"):
        assert (str(target.title), str(target.source.clause)) == ("Provision", "Clause")
    with translation.override("zh-hans"):
        assert (str(target.title), str(target.source.clause)) == ("建有率", "条")


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2021, 1, 1), "0.9"), (date(2022, 12, 31), "0.9"), (date(2023, 1, 1), "1.0"), (date(2030, 1, 1), "1.0")],
)
def test_the_next_goal_due_counts(tmp_path: Path, day: date, value: str) -> None:
    (target,) = load(tmp_path, GOOD)
    goal = target.goal(day)
    assert goal is not None
    assert goal.value == Decimal(value)


@pytest.mark.django_db
@pytest.mark.parametrize(("year", "of"), [(2019, 2022), (2022, 2022), (2023, 2023), (2031, 2023)])
def test_the_plan_is_that_of_the_year_or_the_nearest_earlier(year: int, of: int) -> None:
    assert targets.plan(date(year, 6, 1)) == targets.load(targets.plan_files()[of])


def test_an_unknown_target_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownTarget, match=r"“nosuch”.*eco-burial"):
        targets.TargetSet(load(tmp_path, GOOD)).chosen(["eco-burial", "nosuch"])


# What is wrong, the line and the key that must be named, and a part of the advice.
FAULTS = {
    "layer": ("layer: eco-burial-sites", "layer: no-such", 9, "targets[0].layer", "eco-burial-sites"),
    "layer without states": ("layer: eco-burial-sites", "layer: doorplates", 9, "targets[0].layer", "doorplates"),
    "metric": ("provision_rate", "provision", 7, "targets[0].metric", "provision_rate"),
    "level": ("level: township", "level: province", 8, "targets[0].level", "township"),
    "filter field": ("status = 'operating'", "state = 'operating'", 10, "targets[0].filter", "status"),
    "filter list": ("status = 'operating'", "burial_forms = 'tree'", 10, "targets[0].filter", "A_CONTAINS"),
    "filter value": ("status = 'operating'", "status = 'open'", 10, "targets[0].filter", "suspended"),
    "filter values": ("status = 'operating'", "status IN ('operating', 'open')", 10, "targets[0].filter", "“open”"),
    "filter number": ("status = 'operating'", "capacity = 'many'", 10, "targets[0].filter", "capacity"),
    "filter unreadable": ("status = 'operating'", "status =", 10, "targets[0].filter", "An example"),
    "filter of a place": (
        "status = 'operating'",
        "S_INTERSECTS(geometry, BBOX(1,2,3,4))",
        10,
        "targets[0].filter",
        "division",
    ),
    "metric key": ("level: township", "among: x", 8, "targets[0].among", "within_m"),
    "goal": ("value: 0.9", "value: all", 12, "targets[0].goals[0].value", "0.6"),
    "goal in quotes": ("value: 0.9", 'value: "0.9"', 12, "targets[0].goals[0].value", "0.6"),
    "goal not a number": ("value: 0.9", "value: .nan", 12, "targets[0].goals[0].value", "0.6"),
    "goal above all": ("value: 0.9", "value: 100", 12, "targets[0].goals[0].value", "1.0"),
    "operator": ('op: ">=", value: 0.9', 'op: "<", value: 0.9', 12, "targets[0].goals[0].op", ">="),
    "day": ("by: 2022-12-31", "by: 2022-02-30", 12, "targets[0].goals[0].by", "2022-02-30"),
    "no day": ("by: 2022-12-31", "by: soon", 12, "targets[0].goals[0].by", "2022-12-31"),
    "order of goals": ("by: 2022-12-31", "by: 2024-12-31", 12, "targets[0].goals", "by"),
    "unknown key": ("level: township", "levels: township", 8, "targets[0].levels", "level"),
    "twice": ("level: township", "metric: provision_rate", 8, "targets[0].metric", ""),
    "id": ("id: eco-burial", "id: Eco burial", 3, "targets[0].id", "Eco burial"),
    "truth value": ("id: eco-burial", "id: on", 3, "targets[0].id", ""),
    "one language": ("{zh: 建有率, en: Provision}", "{zh: 建有率}", 4, "targets[0].title.en", ""),
    "plain title": ("{zh: 建有率, en: Provision}", "建有率", 4, "targets[0].title", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_mistake_is_named_by_line_and_key(tmp_path: Path, fault: str) -> None:
    right, wrong, line, key, advice = FAULTS[fault]
    with translation.override("en"), pytest.raises(BadTargets) as refused:
        load(tmp_path, GOOD.replace(right, wrong, 1))
    place, _colon, problem = str(refused.value).partition(": ")
    assert place == f"{tmp_path}/own.yaml, line {line}, {key}"
    assert advice in problem


@pytest.mark.parametrize("key", ["id", "title", "definition", "owner", "metric", "level", "layer", "filter", "source"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    text = GOOD.replace(f"    {key}:", f"    # {key}:").replace(f"- id:{''}", "- id:")
    text = text.replace("- id: eco-burial", "- # id") if key == "id" else text
    with translation.override("en"), pytest.raises(BadTargets) as refused:
        load(tmp_path, text)
    assert str(refused.value).endswith(f", targets[0].{key}: the key is missing.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("targets: []", "targets: expected a list with at least one entry"),
        ("- a\n- b", "line 1: expected keys and values"),
        ("targets:\n  - id: [", "line 2: this is not YAML"),
        ("targets: \x01", "this is not YAML"),
        ("? {a: b}\n: c", "a key must be a word"),
        (GOOD + GOOD.replace("\ntargets:", ""), "targets[1].id: “eco-burial” is the id of an earlier target too."),
    ],
)
def test_a_file_that_is_no_set_of_targets_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with translation.override("en"), pytest.raises(BadTargets) as refused:
        load(tmp_path, text)
    assert said in str(refused.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes("targets: 建有率".encode("gbk"))
    with translation.override("en"):
        with pytest.raises(BadTargets, match=r"nosuch\.yaml: there is no such file"):
            targets.load(tmp_path / "nosuch.yaml")
        with pytest.raises(BadTargets, match=r"gbk\.yaml: the file is not in UTF-8"):
            targets.load(tmp_path / "gbk.yaml")
        with pytest.raises(BadTargets, match="cannot be read"):
            targets.load(tmp_path)


def test_the_example_of_the_readme_loads() -> None:
    text = (Path(settings.BASE_DIR) / "README.md").read_text(encoding="utf-8")
    _before, _mark, rest = text.partition("```yaml\n")
    (target,) = targets.parse(rest.partition("```")[0], Path("README.md")).targets
    assert target.metric.id == "share"
