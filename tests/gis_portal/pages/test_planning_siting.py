"""The pages of siting: the scenarios and their form, a problem under way and solved, scenarios side by side."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from layers.models import SitingFile, SitingProblem
from layers.models.siting import SitingState
from layers.registry import Role
from tests.gis_portal.pages.reading import Read, check, page, parsed
from tests.layers.siting import answers
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader", "jobs"])
SITING = "/planning/siting/"
ASK = f"{SITING}ask"
ASKED = {
    "name": "养老服务中心二期", "problem": "cover_most", "radius_m": "1500", "new_sites": "5", "demand": "villages",
    "weight": "elderly", "candidates": "villages", "zones": ["reservoir", "relic"], "existing": "home-care-centres",
    "existing_stay": "on", "as_of": "2026-11-01", "measure": "straight_line",
}  # fmt: skip
POINTS = "编码,名称,经度,纬度,人口\na,甲村,120.2,29.7,100\nb,乙村,120.21,29.7,200\n"


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def planner(db: None) -> Client:
    return signed_in(account("planner", Role.PLANNER))


def address(problem: SitingProblem, more: str = "") -> str:
    return f"{SITING}{problem.pk}{more}"


def sent(client: Client, **others: Any) -> HttpResponse:
    given = {name: value for name, value in {**ASKED, **others}.items() if value is not None}
    return client.post(ASK, given)


def form_again(response: HttpResponse) -> Read:
    """The page of a form that was not taken, looked through as every page is."""
    assert response.status_code == 422, response.content.decode()
    read = parsed(response)
    check(read)
    return read


def values(read: Read) -> dict[str, list[str]]:
    """What stands in the form."""
    form = "//form[contains(@class, 'siting-form')]"
    found: dict[str, list[str]] = {}
    for field in read.tree.xpath(f"{form}//input[@name and @type!='file'][not(@type='checkbox') or @checked]"):
        found.setdefault(field.get("name"), []).append(field.get("value") or "")
    for option in read.tree.xpath(f"{form}//option[@selected]"):
        found.setdefault(option.xpath("ancestor::select/@name")[0], []).append(option.get("value"))
    return found


def cells(read: Read, section: str, number: int = 1) -> list[list[str]]:
    """The words of each cell of a table in the section that is headed by that id."""
    found = read.tree.xpath(f"(//section[@aria-labelledby='{section}']//table)[{number}]/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th | td")] for row in found]


# The scenarios and the form


def test_nothing_asked_yet_and_a_form_that_begins_sensibly(planner: Client) -> None:
    read = page(planner, SITING)
    assert read.said("//h1") == ["选址"]
    assert read.said("//section[@aria-labelledby='scenarios']/p") == ["还没有提过问题。"]
    assert {name: values(read)[name] for name in ("problem", "radius_m", "new_sites", "demand", "candidates")} == {
        "problem": ["cover_most"], "radius_m": ["1500"], "new_sites": ["5"], "demand": ["villages"], "candidates": ["villages"],
    }  # fmt: skip
    assert len(values(read)["zones"]) == 10
    assert read.tree.xpath("//details[contains(@class, 'group')]/@open") == []
    assert {"eco-burial-sites", "home-care-centres"} <= set(
        read.tree.xpath("//select[@name='existing']//option/@value")
    )


def test_scenarios_with_their_question_standing_and_value(planner: Client) -> None:
    answers.problem()
    answers.problem(answers.answer(plan={"standing": "bounded", "objective": 3500.0, "gap": 0.02858}), name="早停")
    answers.unsolved(state=SitingState.RUNNING, name="正在求解的")
    read = page(planner, SITING)
    rows = cells(read, "scenarios")
    question = "全市：新建不超过 2 处，使 1,500 米内覆盖的村（社区）（按人口计）最多"
    assert [row[1:4] for row in rows] == [
        [f"正在求解的{question}", "求解中", ""],
        [f"早停{question}", "覆盖的需求 3,500 人 有界, 2.9%", "100%"],
        [f"2027 年新建两处{question}", "覆盖的需求 3,600 人 已证明最优", "100%"],
    ]
    assert len(read.tree.xpath("//input[@name='problem' and @type='checkbox']")) == 2


def test_the_list_takes_as_many_queries_for_many(planner: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(4):
        answers.problem(name=f"方案 {number}", question={**answers.question(), "division": "330681"})
    with django_assert_max_num_queries(24):
        assert planner.get(SITING).status_code == 200


def test_a_question_is_queued_as_it_was_asked(planner: Client) -> None:
    response = sent(planner, budget="", county_most="2")
    problem = SitingProblem.objects.get()
    assert response.headers["Location"] == address(problem)
    assert (problem.name, problem.state, problem.asked_by) == ("养老服务中心二期", "queued", "planner")
    assert problem.question == {
        **answers.question(), "name": "养老服务中心二期", "weight": "elderly", "new_sites": 5, "county_most": 2,
        "zones": ["reservoir", "relic"],
    }  # fmt: skip
    assert ProcrastinateJob.objects.filter(args={"problem_id": str(problem.pk)}).count() == 1


def test_no_zone_may_be_asked_for_and_existing_sites_may_close(planner: Client) -> None:
    sent(planner, zones=None, existing_stay=None)
    question = SitingProblem.objects.get().question
    assert (question["zones"], question["existing_stay"]) == ([], False)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "该字段是必填项。"),
        ("radius_m", "0", "确保该值大于或等于1。"),
        ("radius_m", "-3", "确保该值大于或等于1。"),
        ("radius_m", "nan", "输入一个数字。"),
        ("new_sites", "", "请给出最多新建几处，或给出预算。"),
        ("new_sites", "5000", "确保该值小于或等于1000。"),
        ("times", "2", "设有容量时每处需求只计一次；两者请只填一项。"),
        ("as_of", "2026-13-01", "输入一个有效的日期。"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    planner: Client, field: str, value: str, said: str
) -> None:
    capacity = "300" if field == "times" else ""
    read = form_again(sent(planner, **{field: value, "budget": None, "capacity": capacity}))
    at_field = f"//p[contains(@class, 'field-wrong')][.//*[@name='{field}']]/span[@class='field-error']"
    assert read.said(at_field) == [said]
    kept = {name: [text] if isinstance(text, str) else sorted(text) for name, text in {**ASKED, field: value}.items()}
    assert {name: values(read).get(name) for name in kept} == {**kept, "existing_stay": [""]}
    assert SitingProblem.objects.count() == 0


def test_a_file_of_points_is_kept_chosen_and_offered_later(planner: Client) -> None:
    file = SimpleUploadedFile("需求点.csv", POINTS.encode())
    response = sent(planner, demand_file=file, crs="EPSG:4490")
    assert response.status_code == 302, response.content.decode()
    kept = SitingFile.objects.get()
    assert SitingProblem.objects.get().question["demand"] == f"file:{kept.pk}"
    read = page(planner, SITING)
    assert "“需求点.csv”" in read.said("//select[@name='demand']//option")
    assert "“需求点.csv”" in read.said("//select[@name='candidates']//option")
    assert "使 1,500 米内覆盖的“需求点.csv”最多" in read.text


def test_a_file_stays_kept_while_something_else_is_wrong(planner: Client) -> None:
    file = SimpleUploadedFile("候选点.csv", POINTS.encode())
    read = form_again(sent(planner, candidates_file=file, crs="EPSG:4490", name=""))
    assert values(read)["candidates"] == [f"file:{SitingFile.objects.get().pk}"]


@pytest.mark.parametrize(
    ("content", "crs", "field", "said"),
    [
        ("名称,人口\n甲村,3\n", "EPSG:4490", "demand_file", "文件中没有位置"),
        (POINTS, "", "crs", "文件没有注明坐标系"),
        (POINTS.replace(",200", ",-1"), "EPSG:4490", "demand_file", "“人口”必须是不小于 0 的数"),
        (POINTS.replace("29.7,200", "x,200"), "EPSG:4490", "demand_file", "坐标无法读作数字"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_at_its_field(
    planner: Client, content: str, crs: str, field: str, said: str
) -> None:
    read = form_again(sent(planner, demand_file=SimpleUploadedFile("点.csv", content.encode()), crs=crs))
    (told,) = read.said(f"//p[contains(@class, 'field-wrong')][.//*[@name='{field}']]/span[@class='field-error']")
    assert said in told
    assert SitingFile.objects.count() == SitingProblem.objects.count() == 0


def test_the_form_begins_with_what_a_scenario_asked(planner: Client) -> None:
    problem = answers.problem(question={**answers.question(), "radius_m": 800.0, "capacity": 500.0})
    read = page(planner, f"{SITING}?from={problem.pk}")
    found = values(read)
    assert (found["name"], found["radius_m"], found["capacity"]) == (["2027 年新建两处"], ["800"], ["500"])
    assert found["zones"] == ["reservoir", "railway"]
    assert len(read.tree.xpath("//details[contains(@class, 'group')][@open]")) == 1


# A problem


def test_a_problem_under_way_shows_its_best_plan_and_can_be_cancelled(planner: Client) -> None:
    problem = answers.unsolved(
        state=SitingState.RUNNING, step="swapping", best={"objective": 2400.0, "bound": 3600.0, "sites": 3}
    )
    read = page(planner, address(problem))
    best = "目前最好的方案：覆盖的需求 2,400 人，共 3 处；任何方案都不会好过 3,600 人；差距 50.0%"
    assert read.said("//*[@id='progress-words']") == ["正在交换选点以求改进……"]
    assert read.said("//*[@id='progress-best']") == [best]
    assert read.tree.xpath("//noscript/meta/@http-equiv") == ["refresh"]
    assert planner.get(address(problem, "/progress")).json() == {
        "state": "running", "running": True, "words": "正在交换选点以求改进……", "done": 0, "total": None, "best": best,
    }  # fmt: skip
    assert planner.post(address(problem), {"do": "cancel"}).status_code == 302
    problem.refresh_from_db()
    assert problem.state == SitingState.CANCELLED
    assert page(planner, address(problem)).said("//h2") == ["已取消", "所提问题", "修改后再问"]


def test_a_failed_problem_says_why_and_offers_the_form_with_what_was_asked(planner: Client) -> None:
    problem = answers.unsolved(
        state=SitingState.FAILED, problem="没有需求。", question={**answers.question(), "radius_m": 20.0}
    )
    read = page(planner, address(problem))
    assert read.said("//div[@role='alert']") == ["没有需求。"]
    assert values(read)["radius_m"] == ["20"]


def test_a_plan_with_its_standing_figures_and_reasons(planner: Client) -> None:
    read = page(planner, address(answers.problem()))
    assert read.said("//h1") == ["2027 年新建两处 全市：新建不超过 2 处，使 1,500 米内覆盖的村（社区）（按人口计）最多"]
    assert read.said("//p[@class='plan-standing']") == ["已证明最优：没有更好的方案"]
    assert read.said("//p[@class='before-after']") == ["1,500 米以内 8.3% 300/3,600 →实施方案后 100% 3,600/3,600"]
    assert read.said("//dl[@class='plan-facts']/div") == [
        "覆盖的需求3,600 人", "任何方案不会好过3,600 人", "差距0%", "点数3", "新建点2", "关闭0", "费用2", "求解用时0.01 秒",
    ]  # fmt: skip
    assert cells(read, "where") == [
        ["村4 诸暨市 · 新建点", "1,200", "1,200", "0", "1,200 人", "换成“村3”：3,100 人"],
        ["村7 诸暨市 · 新建点", "2,100", "2,100", "0", "2,100 人", "换成“村6”：2,800 人"],
    ]  # fmt: skip
    assert cells(read, "where", 2) == [
        ["一号居家养老服务中心 诸暨市 · 保留的现有设施", "300", "300", "0", "300 人", "按要求保留"]
    ]
    assert "覆盖的需求 3,100 人，已证明最优：以村3代替村4。" in read.text
    assert cells(read, "effects")[:2] == [
        ["1,500 米以内", "8.3%300/3,600", "100%3,600/3,600"], ["平均距离", "4,667 m", "667 m"],
    ]  # fmt: skip
    assert cells(read, "effects", 3) == [["枫桥镇", "诸暨市", "100% (3,600/3,600)", "667 m"]]
    assert read.said("//ul[contains(@class, 'plan-notes')]/li") == ["8 个村的人口为演示数据。"]


def test_zones_say_what_they_took_by_which_rule_and_what_was_not_checked(planner: Client) -> None:
    read = page(planner, address(answers.problem()))
    said = read.said("//section[@aria-labelledby='zones']/p")
    assert said == ["7 个候选点中，1 个因位于避让区域而排除。 水库附近 1", "未核查（没有录入此类区域）：铁路沿线。"]
    assert cells(read, "zones") == [
        ["青山水库 水库附近", "《公墓管理办法》第七条 · 1992 · 及其周边 500 米以内 · 演示数据 · 边界示意", "1"]
    ]
    assert read.said("//section[@aria-labelledby='zones']//li") == ["村5 青山水库（水库附近）：《公墓管理办法》第七条"]


def test_the_map_draws_each_role_by_a_shape_that_the_legend_shows(planner: Client) -> None:
    problem = answers.problem()
    read = page(planner, address(problem))
    config = json.loads(read.one("//script[@id='small-map-config']/text()"))
    assert config["features"] == f"/api/siting/problems/{problem.pk}/result"
    assert list(config["roles"]) == ["new", "existing", "closed", "covered", "uncovered", "excluded"]
    drawn = read.tree.xpath("//p[@class='legend'][1]//*[name()='svg']/*[name()='path']/@d")
    assert drawn[:6] == [role["path"] for role in config["roles"].values()]
    found = planner.get(config["features"]).json()["features"]
    assert sorted(one["properties"]["role"] for one in found) == sorted(
        ["new"] * 2 + ["existing", "excluded"] + ["covered"] * 8
    )


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"standing": "bounded", "bound": 3700.0, "gap": 0.000001}, "有界，未证明：任何方案最多再好 0.01%"),
        ({"standing": "bounded", "bound": 3700.0, "gap": None}, "有界，未证明：差距无法给出"),
        ({"standing": "heuristic", "bound": None, "gap": None}, "启发式，未证明：可能有更好的方案"),
    ],
)
def test_a_plan_that_is_not_proved_never_reads_as_proved(planner: Client, plan: dict[str, Any], said: str) -> None:
    curve = [{**point, "standing": "heuristic"} for point in answers.ANSWER["curve"]]
    second = {**answers.ANSWER["second"], "standing": "heuristic"}
    read = page(planner, address(answers.problem(answers.answer(plan=plan, curve=curve, second=second))))
    assert read.said("//p[@class='plan-standing']") == [said]
    main = " ".join(read.said("//main"))
    assert "已证明" not in main.replace("实心点已证明最优，空心点未证明", "")


def test_a_plan_in_english(planner: Client) -> None:
    read = page(planner, f"{address(answers.problem())}?lang=en")
    assert (
        "The whole city: cover the most of villages and communities by population within 1,500 m, with at most 2 new sites"
        in " ".join(read.said("//h1"))
    )
    assert read.said("//p[@class='plan-standing']") == ["Proved optimal: no plan is better"]
    links = [link for link in read.links if link.startswith(SITING)]
    assert links
    assert all("lang=en" in link for link in links)


def test_the_report_is_a_file_that_says_it_all(planner: Client) -> None:
    problem = answers.problem()
    response = planner.get(address(problem, "/report.html"))
    assert response.headers["Content-Disposition"] == f'attachment; filename="siting-{problem.pk}.html"'
    text = response.content.decode()
    for said in (
        "选址报告 · 2027 年新建两处",
        "已证明最优：没有更好的方案",
        "青山水库",
        answers.RULE,
        "以村3代替村4",
        "方案实施后服务最薄弱的乡镇（街道）",
        "数据的局限",
    ):
        assert said in text
    assert planner.get(address(answers.unsolved(), "/report.html")).status_code == 409


def test_a_scenario_is_renamed_solved_again_and_deleted(planner: Client) -> None:
    problem = answers.problem()
    assert planner.post(address(problem), {"do": "rename", "name": "二期"}).status_code == 302
    problem.refresh_from_db()
    assert (problem.name, problem.question["name"]) == ("二期", "二期")
    refused = planner.post(address(problem), {"do": "rename", "name": " "})
    assert refused.status_code == 422
    assert "请给方案起一个不超过 120 个字的名称。" in refused.content.decode()
    again = planner.post(address(problem), {"do": "again"})
    other = SitingProblem.objects.exclude(pk=problem.pk).get()
    assert again.headers["Location"] == address(other)
    assert (bytes(other.inputs), other.state, other.name) == (bytes(problem.inputs), "queued", "二期")
    assert planner.post(address(problem), {"do": "delete"}).headers["Location"] == SITING
    assert list(SitingProblem.objects.all()) == [other]
    assert planner.post(address(other), {"do": "else"}).status_code == 404


def test_a_problem_of_another_county_does_not_exist(db: None) -> None:
    problem = answers.problem(counties=["330602"])
    zhuji = signed_in(account("zhuji", Role.PLANNER, counties=("330681",)))
    read = page(zhuji, address(problem), status=404)
    assert "没有选址方案" in read.said("//div[@role='alert']")[0]
    assert zhuji.post(address(problem), {"do": "delete"}).status_code == 404
    assert SitingProblem.objects.count() == 1
    assert "方案列表" in page(zhuji, SITING).text


# Side by side


def test_scenarios_side_by_side_say_where_they_differ(planner: Client) -> None:
    first = answers.problem()
    other = answers.answer(
        question=answers.question(radius_m=2000.0), plan={"standing": "heuristic", "bound": None, "gap": None}
    )
    other["sites"][1] |= {"code": answers.CODES[2], "name": "村3", "place": answers.place(3)}
    second = answers.problem(other, name="放宽")
    read = page(planner, f"{SITING}compare?problem={first.pk}&problem={second.pk}")
    assert read.said("//section[@aria-labelledby='figures']//thead//th") == ["A 2027 年新建两处", "B 放宽"]
    assert cells(read, "figures")[0] == ["可信程度", "已证明最优：没有更好的方案", "启发式，未证明：可能有更好的方案"]
    assert read.said("//tr[@class='differs']/th") == ["≠ 问题"]
    assert read.said("//section[@aria-labelledby='sites']//li") == [
        "村7 诸暨市", "A 村4 诸暨市", "B 村3 诸暨市",
    ]  # fmt: skip
    config = json.loads(read.one("//script[@id='small-map-config']/text()"))
    assert [one["properties"]["role"] for one in config["features"]["features"]] == ["existing", "every", "A", "B"]
    assert config["roles"]["A"]["words"] == "仅见于：2027 年新建两处"


@pytest.mark.parametrize("count", [0, 1, 5])
def test_one_scenario_or_five_are_not_compared(planner: Client, count: int) -> None:
    query = "&".join(f"problem={answers.problem().pk}" for _number in range(count))
    read = page(planner, f"{SITING}compare?{query}", status=400)
    assert "请选择 2 至 4 个已求解的方案。" in read.said("//div[@role='alert']")[0]


def test_a_scenario_without_a_plan_is_not_compared(planner: Client) -> None:
    chosen = [answers.problem(), answers.unsolved()]
    query = "&".join(f"problem={one.pk}" for one in chosen)
    read = page(planner, f"{SITING}compare?{query}", status=409)
    assert re.search("该方案尚无结果", read.said("//div[@role='alert']")[0])
