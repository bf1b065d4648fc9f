"""``manage.py site_facilities`` as scripts and people call it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from layers.models import SitingFile, SitingProblem

pytestmark = pytest.mark.django_db(databases=["default", "reader", "jobs"])
ASKED = ("--name", "诸暨", "--division", "330681", "--as-of", "2023-06-30", "--new-sites", "2")


def run(*options: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("site_facilities", *ASKED, *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_plan_for_people_with_its_progress_beside_it() -> None:
    out, err = run("--existing", "home-care-centres")
    assert "已证明最优" in out
    assert "新建" in out
    assert "正在读取台账" in err
    assert SitingProblem.objects.get().asked_by == "site_facilities"


def test_a_plan_for_programs() -> None:
    answer = json.loads(run("--format", "json")[0])
    assert answer["plan"]["standing"] == "proved"
    assert json.loads(run("--format", "geojson")[0])["features"]


def test_a_report_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.html"
    run("--format", "html", "--output", str(path))
    assert "已证明最优" in path.read_text(encoding="utf-8")


def test_files_of_demand_candidates_and_roads(tmp_path: Path) -> None:
    demand, roads = tmp_path / "需求.csv", tmp_path / "路.geojson"
    demand.write_bytes(
        "名称,经度,纬度,人口\n甲,120.400,29.8,100\n乙,120.420,29.8,50\n丙,120.440,29.8,30\n".encode("gb18030")
    )
    line: dict[str, Any] = {
        "type": "LineString",
        "coordinates": [[120.40, 29.8], [120.42, 29.8], [120.42, 29.85], [120.44, 29.85], [120.44, 29.8]],
    }
    roads.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": line}))
    files = ("--demand-file", str(demand), "--candidates-file", str(demand), "--crs", "EPSG:4490")
    straight = json.loads(run(*files, "--new-sites", "1", "--radius-m", "2100", "--format", "json")[0])
    assert (straight["plan"]["objective"], [site["name"] for site in straight["sites"]]) == (180, ["乙"])
    along = json.loads(
        run(*files, "--roads-file", str(roads), "--new-sites", "1", "--radius-m", "2100", "--format", "json")[0]
    )
    assert along["plan"]["objective"] == 150  # by road 丙 is thirteen kilometres away
    assert along["roads"]["straight_line"]["numerator"] >= 150
    assert SitingFile.objects.count() == 5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--radius-m", "0"), "radius_m"),
        (("--format", "pdf"), "--format"),
        (("--new-sites", "99999"), "new_sites"),
        (("--problem", "cover_all", "--candidates", "townships", "--radius-m", "300"), "最小半径"),
    ],
)
def test_what_goes_wrong_is_one_message(options: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*options)
