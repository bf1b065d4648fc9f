"""/api/coverage/: figures for everyone, saved audits for the bureau."""

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from layers import registry
from layers.models import Audit, EcoBurialSite
from layers.models.accounts import Scope
from layers.registry import Role
from layers.snapshots import taking
from tests.layers.coverage.place import DAY, OPENED, TARGET, A, B, inside, open_site
from tests.people import account, signed_in, with_token

pytestmark = pytest.mark.usefixtures("prefecture")
ENGLISH = {"accept-language": "en"}
TARGETS = "/api/coverage/targets"
AUDITS = "/api/coverage/audits"


@pytest.fixture
def sites() -> None:
    open_site("one", A, inside(A))
    open_site("secret", B, inside(B), published=False, states=[("suspended", OPENED, None)])


def get(client: Client, url: str) -> Any:
    response = client.get(url, headers=ENGLISH)
    assert response.status_code == 200, response.content
    return response.json()


def refused(client: Client, url: str, method: str = "get", **options: Any) -> tuple[int, str]:
    """The status and the reason."""
    response = getattr(client, method)(url, headers=ENGLISH, **options)
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    return response.status_code, problem["detail"]


def post(client: Client, order: object) -> Any:
    return client.post(AUDITS, json.dumps(order), content_type="application/json", headers=ENGLISH)


def test_targets_are_listed_with_goal_and_source(public: Client) -> None:
    found = get(public, f"{TARGETS}?as-of=2022-06-30")
    assert found["as_of"] == "2022-06-30"
    (target,) = [one for one in found["targets"] if one["id"] == TARGET]
    assert target["title"] == "Townships with an eco-burial site"
    assert target["goals"] == [{"op": ">=", "value": 1.0, "by": "2022-12-31"}]
    assert target["filter"] == "status = 'operating'"
    assert set(target["source"]) == {"document", "clause"}
    later = [one for one in get(public, f"{TARGETS}?as-of=2024-01-01")["targets"] if one["id"] == TARGET]
    assert [goal["by"] for goal in later[0]["goals"]] == ["2023-12-31"]


def test_texts_are_in_the_readers_language(public: Client) -> None:
    titles = {one["id"]: one["title"] for one in public.get(f"{TARGETS}?lang=zh").json()["targets"]}
    assert titles[TARGET] == "乡镇（街道）节地生态安葬点建有率"


def test_anyone_may_ask_for_a_figure(public: Client, sites: None) -> None:
    document = get(public, f"{TARGETS}/{TARGET}?as-of=2022-12-31")
    Draft202012Validator(public.get("/api/coverage/schemas/audit-1.json").json()).validate(document)
    assert document["schema"] == f"{settings.PUBLIC_URL}/api/coverage/schemas/audit-1.json"
    (target,) = document["targets"]
    assert (target["numerator"], target["denominator"], target["status"]) == (1, 4, "missed")
    assert get(public, f"{TARGETS}/{TARGET}?as-of=2022-12-31&division=999902")["targets"][0]["denominator"] == 2
    assert get(public, f"{TARGETS}/{TARGET}?as-of=2010-01-01")["targets"][0]["numerator"] == 0


def test_only_the_bureau_is_told_of_unpublished_sites(public: Client, staff: Client, sites: None) -> None:
    url = f"{TARGETS}/{TARGET}?as-of=2022-12-31"
    assert "secret" not in public.get(url).content.decode()
    assert "A site that is not published is suspended" in get(public, url)["targets"][0]["missing"][0]["reason"]
    assert "“secret号” is suspended" in get(staff, url)["targets"][0]["missing"][0]["reason"]


def test_a_county_is_told_of_its_own_unpublished_sites_and_the_same_figures(staff: Client, sites: None) -> None:
    url = f"{TARGETS}/{TARGET}?as-of=2022-12-31"
    own, other = (signed_in(account(code, Role.PLANNER, counties=(code,))) for code in ("999901", "999902"))
    assert get(own, url) == get(staff, url)
    found = get(other, url)["targets"][0]
    assert "A site that is not published is suspended" in found["missing"][0]["reason"]
    assert (found["numerator"], found["denominator"]) == (1, 4)


def test_the_bureau_runs_saves_lists_and_reads_an_audit(staff: Client, sites: None) -> None:
    response = post(staff, {"as-of": "2022-12-31", "target": [TARGET], "division": "9999"})
    kept = Audit.objects.get()
    assert response.status_code == 201
    assert response.headers["Location"] == f"{settings.PUBLIC_URL}{AUDITS}/{kept.pk}"
    document = response.json()
    assert (document["id"], document["as_of"], document["division"]) == (str(kept.pk), "2022-12-31", "9999")
    assert get(staff, f"{AUDITS}/{kept.pk}") == document
    (listed,) = get(staff, AUDITS)["audits"]
    assert {key: listed[key] for key in ("id", "as_of", "division", "status")} == {
        "id": str(kept.pk), "as_of": "2022-12-31", "division": "9999", "status": "missed",
    }  # fmt: skip
    assert (listed["targets"][0]["numerator"], listed["targets"][0]["denominator"]) == (1, 4)


@pytest.fixture
def frozen(sites: None) -> str:
    """The numbers of the snapshots of what was edited since."""
    taken = [taking.take(registry.get(name), DAY) for name in ("eco-burial-sites", "counties", "townships")]
    EcoBurialSite.objects.get(code="one").delete()
    return ",".join(str(one.pk) for one in taken)


def test_a_snapshot_is_audited_run_and_kept(public: Client, staff: Client, frozen: str) -> None:
    for said in ("2022-12-31", frozen):
        document = get(public, f"{TARGETS}/{TARGET}?snapshot={said}")
        assert (document["as_of"], document["snapshot"]["numbers"]) == ("2022-12-31", frozen)
        assert document["targets"][0]["numerator"] == 1
    assert "secret" not in json.dumps(document)
    assert get(public, f"{TARGETS}/{TARGET}?as-of=2022-12-31")["targets"][0]["numerator"] == 0
    kept = post(staff, {"snapshot": frozen, "as-of": "2022-12-31", "target": [TARGET]}).json()
    assert (kept["snapshot"]["numbers"], kept["targets"][0]["numerator"]) == (frozen, 1)
    assert get(staff, AUDITS)["audits"][0]["snapshot"] == kept["snapshot"]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"snapshot": "2020-12-31"}, 404, "There is no snapshot “2020-12-31”. Ledgers were frozen as of: 2022-12-31;"),
        ({"snapshot": "999999999"}, 404, "There is no snapshot “999999999”. Ledgers were frozen as of: 2022-12-31;"),
        ({"snapshot": "x"}, 400, "snapshot=x cannot be used: give a day"),
        ({"snapshot": "2022-12-31", "as-of": "2022-12-30"}, 400, "as-of=2022-12-30 cannot be used: the snapshot is"),
    ],
)
def test_a_snapshot_that_cannot_be_audited_is_named(
    public: Client, staff: Client, frozen: str, asked: dict[str, str], status: int, said: str
) -> None:
    order = {"data": json.dumps(asked), "content_type": "application/json"}
    for found in (refused(public, f"{TARGETS}/{TARGET}?{urlencode(asked)}"), refused(staff, AUDITS, "post", **order)):
        assert (found[0], said in found[1]) == (status, True)
    assert not Audit.objects.exists()


def test_an_order_may_leave_everything_out(staff: Client, sites: None) -> None:
    assert staff.post(AUDITS, "", content_type="application/json").status_code == 201
    assert Audit.objects.get().as_of >= date(2024, 1, 1)


@pytest.mark.parametrize("kept", [1, 3])
def test_audits_are_listed_newest_first_in_pages(staff: Client, sites: None, kept: int) -> None:
    ids = [post(staff, {}).json()["id"] for _ in range(kept)][::-1]
    found, url = [], f"{AUDITS}?limit=2"
    while url:
        page = get(staff, url)
        found += [one["id"] for one in page["audits"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        url = following[0].removeprefix(settings.PUBLIC_URL) if following else ""
    assert found == ids
    with CaptureQueriesContext(connection) as queries:
        get(staff, AUDITS)
    assert len([query for query in queries.captured_queries if "layers_audit" in query["sql"]]) == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("url", [AUDITS, f"{AUDITS}/1"])
def test_saved_audits_are_the_bureaus(public: Client, url: str, method: str) -> None:
    if (url, method) == (f"{AUDITS}/1", "post"):
        assert public.post(url).status_code == 405
        return
    status, detail = refused(public, url, method)
    assert (status, "sign in" in detail) == (401, True)
    assert not Audit.objects.exists()


def test_an_ordinary_account_is_not_the_bureau(db: None) -> None:
    status, detail = refused(signed_in(account("visitor")), AUDITS)
    assert (status, "“planner: reads all layers, runs audits”, “editor: writes the registers”" in detail) == (403, True)


@pytest.mark.parametrize(
    ("roles", "counties", "scope", "reads", "runs"),
    [
        ([Role.PLANNER], (), Scope.WRITE, 200, 201),
        ([Role.PLANNER], (), Scope.READ, 200, 403),
        ([Role.PLANNER], (A,), Scope.WRITE, 403, 403),
        ([Role.ADMINISTRATOR], (), Scope.WRITE, 200, 201),
        ([Role.EDITOR, Role.AUDITOR], (), Scope.WRITE, 200, 403),
    ],
)
def test_planners_of_all_counties_run_audits_and_the_bureau_reads_them(
    sites: None, roles: list[Role], counties: tuple[str, ...], scope: Scope, reads: int, runs: int
) -> None:
    """A kept audit names unpublished features of every county in its reasons."""
    client = with_token(account("clerk", *roles, counties=tuple(code[:6] for code in counties)), scope)
    assert (client.get(AUDITS).status_code, post(client, {}).status_code) == (reads, runs)
    assert Audit.objects.count() == (runs == 201)


def test_a_run_needs_the_token_against_forged_requests(staff: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.cookies
    assert strict.post(AUDITS).status_code == 403
    assert not Audit.objects.exists()


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        (f"{TARGETS}?nosuch=1", 400, "“nosuch” is not a parameter here"),
        (f"{TARGETS}?as-of=2022-02-30", 400, "as-of=2022-02-30 cannot be used"),
        (f"{TARGETS}?f=xml", 400, "f=xml cannot be used"),
        (f"{TARGETS}/nosuch", 404, "There is no target “nosuch”"),
        (f"{TARGETS}/{TARGET}?division=330602", 400, "“330602” is not the code"),
        (f"{TARGETS}/{TARGET}?division=%00", 400, "is not the code"),
        (f"{TARGETS}/{TARGET}?as-of=31.12.2022", 400, "as-of=31.12.2022 cannot be used"),
        (f"{TARGETS}/{TARGET}?limit=1", 400, "“limit” is not a parameter here"),
        ("/api/coverage/schemas/audit-1.json?x=1", 400, "“x” is not a parameter here"),
        ("/api/coverage/schemas/audit-9.json", 404, "There is nothing at this address"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(public: Client, url: str, status: int, said: str) -> None:
    found, detail = refused(public, url)
    assert found == status
    assert said in detail


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        (f"{AUDITS}?limit=-1", 400, "limit=-1 cannot be used"),
        (f"{AUDITS}?cursor=abc", 400, "cursor=abc cannot be used"),
        (f"{AUDITS}?cursor=99999999999999999999", 400, "cursor=99999999999999999999 cannot be used"),
        (f"{AUDITS}?status=met", 400, "“status” is not a parameter here"),
        (f"{AUDITS}/12345", 404, "There is no saved audit “12345”"),
        (f"{AUDITS}/abc", 404, "There is no saved audit “abc”"),
        (f"{AUDITS}/٣", 404, "There is no saved audit “٣”"),
        (f"{AUDITS}/{'9' * 60}", 404, "There is no saved audit"),
    ],
)
def test_what_is_wrong_with_a_clerks_request_is_named(staff: Client, url: str, status: int, said: str) -> None:
    found, detail = refused(staff, url)
    assert found == status
    assert said in detail


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("{", 400, "body={ cannot be used: send a JSON object"),
        ("[]", 400, "body=[] cannot be used: send a JSON object"),
        ('{"when": "2022-12-31"}', 400, "“when” is not a parameter here"),
        ('{"as-of": 20221231}', 400, "as-of=20221231 cannot be used"),
        ('{"as-of": "2022-02-30"}', 400, "as-of=2022-02-30 cannot be used"),
        ('{"snapshot": 7}', 400, "snapshot=7 cannot be used: send a JSON object"),
        ('{"target": "eco"}', 400, 'target="eco" cannot be used'),
        ('{"target": [1]}', 400, "target=[1] cannot be used"),
        ('{"target": ["nosuch"]}', 404, "There is no target “nosuch”"),
        ('{"division": "000000"}', 400, "“000000” is not the code"),
        ('{"division": "\\u0000"}', 400, "is not the code"),
        ("\xff", 400, "cannot be used: send a JSON object"),
    ],
)
def test_a_wrong_order_is_refused_and_nothing_saved(staff: Client, body: str, status: int, said: str) -> None:
    found, detail = refused(staff, AUDITS, "post", data=body.encode("latin-1"), content_type="application/json")
    assert found == status
    assert said in detail
    assert not Audit.objects.exists()
