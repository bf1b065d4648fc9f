"""The pages of doorplates: who sees them, what they propose, reserve and refuse."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from layers.models import Change, DigitalDoorplate
from layers.registry import Role
from layers.rows import today
from tests.layers.doorplates.street import STREET, TOWNSHIP, at, door, doors
from tests.people import account, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
ISSUE = "/doorplates/issue?lang=en"


@pytest.fixture
def editor() -> Client:
    return signed_in(account("li", Role.EDITOR))


def said(along_m: float = 70, aside_m: float = 8, **given: Any) -> dict[str, str]:
    lon, lat = at(along_m, aside_m)
    place = {"at_lon": f"{lon:.7f}", "at_lat": f"{lat:.7f}"}
    return {"township": TOWNSHIP, "stretch": STREET.name, "plate_kind": "small", **place, "side": "", **given}


def asked(client: Client, **given: Any) -> Any:
    return client.get(f"{ISSUE}&{urlencode(said(**given))}")


def plates() -> list[tuple[str, str]]:
    return list(DigitalDoorplate.objects.filter(status="reserved", street=STREET.name).values_list("door", "status"))


def test_the_township_first_then_its_streets(editor: Client) -> None:
    doors(1, 2)
    first = editor.get(ISSUE).content.decode()
    assert "Fēngqiáo Zhèn" in first
    assert "id_stretch" not in first
    second = editor.get(f"{ISSUE}&township={TOWNSHIP}")
    assert f'<option value="{STREET.name}"></option>' in second.content.decode()
    assert second.context["form"]["township"].value() == TOWNSHIP
    assert "common practice, unconfirmed here" in second.content.decode()
    chinese = editor.get(f"{ISSUE}&township={TOWNSHIP}".replace("lang=en", "lang=zh-Hans")).content.decode()
    assert "北侧、西侧为单号，南侧、东侧为双号是常见做法，未经确认，各地规定不一。" in chinese
    assert "Select a valid choice" in editor.get(f"{ISSUE}&township=1").content.decode()


def test_a_number_is_proposed_with_its_neighbours_and_reserved(editor: Client) -> None:
    doors(*range(1, 9))
    proposal = asked(editor).context["proposal"]
    assert (proposal.before, proposal.door, proposal.after) == ("7号", "9号", "")
    reserved = editor.post(ISSUE, said(door="9号"))
    (plate,) = DigitalDoorplate.objects.filter(status="reserved", street=STREET.name)
    assert (reserved.status_code, reserved.url) == (302, f"/doorplates/plate/{plate.code}/?lang=en")
    assert plates() == [("9号", "reserved")]
    change = Change.objects.get(code=plate.code)
    assert (change.actor, change.through, change.origin) == ("li", "editor", "doorplates")
    assert asked(editor).context["proposal"].door == "11号"
    again = editor.post(ISSUE, said(door="9号"))
    assert (again.status_code, again.context["problem"]) == (
        409, ["“试验路9号” cannot be given out: a plate has it. Find the next number again."],
    )  # fmt: skip
    assert again.context["proposal"].door == "11号"


def test_what_is_missing_is_asked_for(editor: Client) -> None:
    answer = asked(editor)
    assert (answer.status_code, answer.context["problem"]) == (
        422,
        ["The doors of “试验路” do not show which side has odd numbers. Say on which side of the street the door is."],
    )
    assert asked(editor, side="north").context["proposal"].door == "1号"
    assert "proposal" not in asked(editor, at_lon="").context
    assert editor.post(ISSUE, said(side="north", door="一号")).status_code == 422
    far = editor.post(ISSUE, said(side="north", door="1号", at_lon="10"))
    assert (far.status_code, plates()) == (422, [])


def test_a_plate_is_put_up_retired_and_restored(editor: Client) -> None:
    plate = door(9, 70, 8, status="reserved")
    address = f"/doorplates/plate/{plate.code}/?lang=en"

    def act(do: str, **given: Any) -> Any:
        page = editor.get(address)
        return editor.post(address, {"do": do, "version": page.context["plate"].item_version, **given})

    def acts() -> list[str]:
        return [name for name, _form in editor.get(address).context["acts"]]

    assert acts() == ["put-up", "give-up"]
    assert act("put-up", on="2026-01-05").status_code == 302
    assert acts() == ["retire"]
    assert set(act("retire", on="").context["acts"][0][1].errors) == {"on", "reason"}
    assert act("retire", on="2025-01-05", reason="x").status_code == 422
    assert act("retire", on="2026-03-01", reason="房屋拆除").status_code == 302
    plate.refresh_from_db()
    assert (plate.status, str(plate.retired_on), plate.retirement_reason) == ("retired", "2026-03-01", "房屋拆除")
    assert "2031-03-01" in editor.get(address).content.decode()
    assert acts() == ["restore"]
    stale = editor.post(address, {"do": "restore", "version": "another"})
    assert stale.status_code == 412
    assert act("restore").status_code == 302
    assert acts() == ["retire"]
    assert editor.post(address, {"do": "sell"}).status_code == 404


def test_a_step_that_may_not_be_taken_is_refused_whatever_is_sent(editor: Client) -> None:
    plate = door(9, 70, 8)
    address = f"/doorplates/plate/{plate.code}/?lang=en"
    version = editor.get(address).context["plate"].item_version
    refused = editor.post(address, {"do": "give-up", "version": version})
    assert (refused.status_code, refused.context["problem"]) == (
        422, ["“life-cycle status” does not go from “current” to “rejected”. From there it goes to “retired”."],
    )  # fmt: skip


def test_what_waits_is_listed_and_plates_are_found(editor: Client) -> None:
    waiting = door(9, 70, 8, status="reserved", as_of=today())
    door(11, 80, 8)
    page = editor.get("/doorplates/?lang=en&q=试验路11号")
    assert waiting.code in [plate.code for plate, _township in page.context["waiting"]]
    assert [plate.name for plate, _township in page.context["found"]] == ["试验路11号"]
    assert "No plate that you may change is named" in editor.get("/doorplates/?lang=en&q=试验路99号").content.decode()


def test_an_editor_of_a_county_writes_there_only() -> None:
    clerk = signed_in(account("wang", Role.EDITOR, counties=("330602",)))
    plate = door(9, 70, 8, status="reserved")
    page = clerk.get(f"/doorplates/plate/{plate.code}/")
    assert page.status_code == 404  # a reservation is not published
    up = door(11, 80, 8)
    assert clerk.get(f"/doorplates/plate/{up.code}/").context["acts"] == []
    assert plate.code not in clerk.get("/doorplates/").content.decode()
    assert "Select a valid choice" in clerk.get(f"{ISSUE}&{urlencode(said())}").content.decode()


def test_links_lead_editors_here(editor: Client) -> None:
    for address in ("/account/", "/admin/", "/import/"):
        assert 'href="/doorplates/"' in editor.get(address).content.decode()
    curator = signed_in(account("zhao", Role.CURATOR))
    assert 'href="/doorplates/"' not in curator.get("/account/").content.decode()
    assert curator.get("/doorplates/").status_code == 403
