"""``manage.py import_layer`` and ``undo_import``: what they do, what they say, and how they end."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import translation
from python_calamine import CalamineWorkbook

from layers.imports import batches
from layers.models import EcoBurialSite, Grant, Import

pytestmark = pytest.mark.django_db
HEAD = "编码,名称,状态,级别,乡镇,来源,经度,纬度\n"
ROWS = "eco-x1,青松园,运营中,village,塔山街道,demonstration,120.584,29.994\neco-x2,翠柏园,在建,village,塔山街道,demonstration,120.588,29.994\n"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "folder", lambda: tmp_path / "imports")
    user = User.objects.create_user("clerk")
    Grant.objects.create(user=user, roles=["editor"])


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "台账.csv"
    path.write_text(HEAD + ROWS, encoding="gb18030")
    return path


def run(capsys: pytest.CaptureFixture[str], *args: object, **options: Any) -> str:
    """What the command says."""
    with translation.override("en"):
        call_command("import_layer", "eco-burial-sites", *map(str, args), "--as", "clerk", **options)
    return capsys.readouterr().out


def sites() -> set[str]:
    return set(EcoBurialSite.objects.filter(code__startswith="eco-x").values_list("code", flat=True))


def test_dry_run_load_and_undo(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, csv, crs="4490", dry_run=True)
    assert "this was a dry run" in said
    assert sites() == set()
    assert "Imported as import" in run(capsys, csv, crs="4490")
    assert sites() == {"eco-x1", "eco-x2"}
    batch = Import.objects.get(state="loaded")
    call_command("undo_import", batch.pk, "--as", "clerk", stdout=StringIO())
    assert sites() == set()
    with pytest.raises(CommandError):
        call_command("undo_import", batch.pk, "--as", "clerk")


def test_faults_end_it_with_1_and_are_reported(csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv.write_text(HEAD + ROWS.replace("在建", "飞行中"), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        run(capsys, csv, crs="4490", report=tmp_path / "why.xlsx")
    said = capsys.readouterr().out
    assert (ended.value.code, sites()) == (1, set())
    assert "error not_choice · status · rows: 1" in said
    assert "Nothing was imported" in said
    rows = CalamineWorkbook.from_path(tmp_path / "why.xlsx").get_sheet_by_index(0).to_python()
    assert [("planned" in str(row[8]) or "规划" in str(row[8])) for row in rows] == [False, False, True]
    with pytest.raises(SystemExit):
        run(capsys, csv, crs="4490", keep_going=True)
    assert sites() == {"eco-x1"}


@pytest.mark.parametrize(
    ("args", "options", "said"),
    [
        (("nowhere.csv",), {}, "nowhere.csv"),
        ((), {"account": "nobody"}, "nobody"),
        ((), {"crs": "EPSG:1"}, "EPSG:1"),
        ((), {"crs": ""}, "GCJ-02"),
        ((), {"on": "2022-02-30"}, "2022-02-30"),
        ((), {"column": ["名称"]}, "名称"),
        ((), {"encoding": "klingon"}, "klingon"),
    ],
    ids=str,
)
def test_what_makes_no_sense_ends_with_2(args: Any, options: dict[str, Any], said: str, csv: Path) -> None:
    given = {"account": "clerk", "crs": "4490"} | options
    for language in ("en", "zh-hans"):
        with translation.override(language), pytest.raises(CommandError) as refused:
            call_command("import_layer", "eco-burial-sites", *(args or (str(csv),)), **given)
        assert (refused.value.returncode, said in str(refused.value)) == (2, True)


def test_columns_and_values_can_be_said(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv.write_text(
        (HEAD + ROWS).replace("名称", "叫法").replace(",来源", "").replace(",demonstration", ""), encoding="utf-8"
    )
    run(capsys, csv, crs="4490", column=["叫法=name"], set=["source=市局台账"], on="2022-01-01")
    site = EcoBurialSite.objects.get(code="eco-x1")
    assert (site.name, site.source, str(site.states.get().valid_from)) == ("青松园", "市局台账", "2022-01-01")
