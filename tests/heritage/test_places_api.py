"""Places for programs: one, all, merged ones, and nothing of what is not for the public."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from heritage import changesets, documents, merging, offered
from heritage.linked_places_reading import read
from heritage.models import Place, PlaceRelation, PlaceVersion, Source
from tests.heritage.entries import POINT, approved, committed, curator, entry, reviewer
from tests.heritage.test_linked_places import SCHEMA
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
FAR = 120.5133771, 30.0133772
AREA = {
    "type": "Polygon",
    "coordinates": [[list(FAR), [120.5143773, 30.0133772], [120.5143773, 30.0143774], list(FAR)]],
}


@pytest.fixture(autouse=True)
def _one_transaction() -> Any:
    with shared_transaction():
        yield


def kept(name: str, *, publish: bool = True, **said: Any) -> Place:
    author, eyes = (maker(f"{maker.__name__} of {name}") for maker in (curator, reviewer))
    return approved(changesets.begin(author, document=entry(name, **said)), eyes, publish=publish)


def got(handle: str, public: Client) -> Any:
    response = public.get(f"/api/places/{handle}")
    assert response.status_code == 200
    return response.json()


def test_a_place_is_given_as_linked_data_with_a_tag(public: Client) -> None:
    place = kept("卧龙山")
    response = public.get(f"/api/places/{place.handle}")
    assert response.headers["Content-Type"] == "application/ld+json"
    found = response.json()
    jsonschema.validate(found, SCHEMA)
    assert found["@id"] == f"{settings.PUBLIC_URL}/places/{place.handle}"
    assert found["properties"] == {
        "title": "卧龙山",
        "ccodes": ["CN"],
        "fclasses": ["T"],
        "portal:handle": place.handle,
        "portal:code": place.code,
        "portal:source": "test",
    }
    assert found["geometry"] == {
        "type": "GeometryCollection",
        "geometries": [{**POINT, "portal:quality": "approximate"}],
    }
    tag = response.headers["ETag"]
    assert public.get(f"/api/places/{place.handle}", headers={"If-None-Match": tag}).status_code == 304
    Place.objects.filter(pk=place.pk).update(meaning="another")
    committed()
    assert public.get(f"/api/places/{place.handle}", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("sensitivity", ["generalised", "hidden"])
def test_where_a_sensitive_place_is_is_not_given(public: Client, sensitivity: str) -> None:
    shape = documents.blank_part("shapes", shape=AREA, certainty="certain", note="QQNOTE", time_text="QQTIME")
    Source.objects.create(code="fuzhi", kind="gazetteer", title="绍兴府志")
    cited = documents.blank_part("citations", about=shape["key"], source="fuzhi", pages="QQPAGES")
    place = kept("卧龙山", sensitivity=sensitivity, shapes=[shape], citations=[cited])
    for url in (f"/api/places/{place.handle}", "/api/places", "/api/places?f=jsonl"):
        text = public.get(url).content.decode()
        assert place.handle in text
        assert [
            word for word in ("51337", "51437", "01337", "01437", "QQ", sensitivity, shape["key"]) if word in text
        ] == []
    found = got(place.handle, public)["geometry"]
    assert (found is None) is (sensitivity == "hidden")


def test_the_shape_of_an_open_place_is_the_point_that_the_public_is_given(public: Client) -> None:
    place = kept("卧龙山", shapes=[documents.blank_part("shapes", shape=AREA, certainty="certain", precision_m=20)])
    (geometry,) = got(place.handle, public)["geometry"]["geometries"]
    assert (geometry["type"], geometry["portal:precision_m"]) == ("Point", 20)


def test_a_relation_to_what_is_not_public_is_not_told(public: Client) -> None:
    hidden = kept("塔山", publish=False)
    relation = documents.blank_part("relations", kind="part-of", other=hidden.handle, note="QQNOTE")
    place = kept("卧龙山", relations=[relation])
    assert (got(place.handle, public)["relations"], "QQNOTE" in str(got(place.handle, public))) == ([], False)
    Place.objects.filter(pk=hidden.pk).update(published=True)
    assert [one["relationTo"] for one in got(place.handle, public)["relations"]] == [
        f"{settings.PUBLIC_URL}/places/{hidden.handle}"
    ]


def test_a_merged_place_leads_to_the_one_it_is(public: Client) -> None:
    place, other = kept("卧龙山"), kept("种山")
    approved(merging.propose(curator("third"), place, other), reviewer("fourth"))
    response = public.get(f"/api/places/{other.handle}")
    assert (response.status_code, response.headers["Location"]) == (
        301,
        f"{settings.PUBLIC_URL}/api/places/{place.handle}",
    )
    assert got(place.handle, public)["links"] == [
        {"type": "exactMatch", "identifier": f"{settings.PUBLIC_URL}/places/{other.handle}"}
    ]
    Place.objects.filter(pk=place.pk).update(published=False)
    assert public.get(f"/api/places/{other.handle}").status_code == 404


@pytest.mark.parametrize("publish", [None, False])
def test_what_there_is_not_or_is_not_public_is_not_found(public: Client, publish: bool | None) -> None:
    handle = "nothinghere" if publish is None else kept("卧龙山", publish=publish).handle
    response = public.get(f"/api/places/{handle}?lang=en")
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")
    assert response.json()["detail"] == f"There is no place “{handle}”. Check the address, or search for the name."


def test_parameters_that_there_are_not_are_refused(public: Client) -> None:
    assert public.get("/api/places?limit=1").status_code == 400
    assert public.get("/api/places?f=ttl").status_code == 400


def test_all_places_are_given_in_one_document_and_a_line_each(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    handles = sorted(Place.objects.filter(published=True).values_list("handle", flat=True))
    assert len(handles) > 50
    whole = json.loads(public.get("/api/places").content)
    monkeypatch.setattr(offered.page, "__kwdefaults__", {"is_curation": False, "most": 10})
    response = public.get("/api/places")
    assert response.streaming
    assert json.loads(response.getvalue()) == whole
    assert sorted(one["properties"]["portal:handle"] for one in whole["features"]) == handles
    for one in whole["features"]:
        jsonschema.validate(one, SCHEMA)
    lines = public.get("/api/places?f=jsonl")
    assert lines.headers["Content-Type"] == "application/x-ndjson"
    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [one["@id"] for one in found] == [one["@id"] for one in whole["features"]]
    assert public.head("/api/places").status_code == 200
    assert public.get("/api/places", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_export_for_curators_read_again_is_every_entry(tmp_path: Path) -> None:
    place = kept(
        "卧龙山", shapes=[documents.blank_part("shapes", shape=AREA, certainty="certain")], sensitivity="hidden"
    )
    hidden = kept("塔山", publish=False)
    PlaceRelation.objects.create(place=place, kind="part-of", other=hidden, note="x")
    committed()
    for name in ("places.json", "places.jsonl"):
        call_command("export_places", tmp_path / name, "--curation")
    said = json.loads((tmp_path / "places.json").read_text())["features"]
    assert [json.loads(line)["@id"] for line in (tmp_path / "places.jsonl").read_text().splitlines()] == [
        one["@id"] for one in said
    ]
    again = {
        found.handle: documents.proposed(found.document) for found in (read(one, settings.PUBLIC_URL) for one in said)
    }
    latest = {
        version.place.handle: documents.proposed(version.document)
        for version in PlaceVersion.objects.filter(place__merged_into=None).select_related("place").order_by("number")
    }
    assert again == latest
    call_command("export_places", tmp_path / "public.json")
    assert hidden.handle not in (tmp_path / "public.json").read_text()


def test_export_knows_its_forms(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"\.jsonl"):
        call_command("export_places", tmp_path / "places.csv")
    with pytest.raises(CommandError, match="no/where"):
        call_command("export_places", tmp_path / "no/where.json")
