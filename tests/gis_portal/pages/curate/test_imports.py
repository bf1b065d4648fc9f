"""The pages of imports of place names: a file sent, its rows decided about, drafts made."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from heritage.imports.columns import TARGETS, matched
from heritage.models import Changeset, PlaceImport
from tests.heritage.entries import curator
from tests.people import signed_in

pytestmark = pytest.mark.django_db
TEXT = "标准名称,地名含义,密级\n青石演示桥,以青石筑成。,公开\n府山,,\n甲演示桥,,秘密\n"


@pytest.fixture
def client() -> Client:
    return signed_in(curator())


def table(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def sent(client: Client, text: str = TEXT) -> PlaceImport:
    file = SimpleUploadedFile("names.csv", text.encode())
    response = client.post("/curate/import/?lang=en", {"file": file, "crs": ""})
    assert response.status_code == 302, response.content.decode()
    return PlaceImport.objects.get()


def test_a_file_is_sent_decided_about_and_becomes_drafts(client: Client) -> None:
    batch = sent(client)
    url = f"/curate/import/{batch.pk}/?lang=en"
    page = client.get(url).content.decode()
    for word in ("青石演示桥", "府山", "The row is classified", 'name="row-3"'):
        assert word in page
    assert client.post(url, {"do": "apply"}).status_code == 409
    tried = client.post(url, {"do": "try", "row-3": "change"}).content.decode()
    assert "1 drafts of new places and 1 changes would be made, 1 rows left out" in tried
    assert not Changeset.objects.exists()
    assert client.post(url, {"do": "apply"}).status_code == 302
    assert sorted(Changeset.objects.values_list("title", "origin")) == [
        ("府山", f"import {batch.pk}"),
        ("青石演示桥", f"import {batch.pk}"),
    ]
    assert "row-3" not in client.get(url).content.decode()


def test_an_import_is_its_senders_alone(client: Client) -> None:
    batch, other = sent(client), signed_in(curator("another"))
    for path in ("", "report.xlsx"):
        assert other.get(f"/curate/import/{batch.pk}/{path}").status_code == 404
    assert "names.csv" not in other.get("/curate/import/").content.decode()


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(client: Client) -> None:
    file = SimpleUploadedFile("names.csv", "编号\n1\n".encode())
    response = client.post("/curate/import/?lang=en", {"file": file, "crs": ""})
    assert (response.status_code, PlaceImport.objects.exists()) == (422, False)
    assert "None of the columns is the name of a place" in response.content.decode()


def test_an_import_can_be_forgotten(client: Client) -> None:
    batch = sent(client)
    assert client.post(f"/curate/import/{batch.pk}/", {"do": "drop"}).status_code == 302
    assert not PlaceImport.objects.exists()


def test_rows_come_back_with_what_is_wrong(client: Client) -> None:
    batch = sent(client, TEXT.replace("地名含义", "起始年"))
    answer = client.get(f"/curate/import/{batch.pk}/report.xlsx?lang=en")
    rows = table(answer.getvalue())
    assert rows[0] == ["标准名称", "起始年", "密级", "problems (left aside by an import)", "row of the file"]
    assert (rows[1][0], rows[1][-1], "is no year" in str(rows[1][-2])) == ("青石演示桥", 2, True)
    assert rows[3][:3] == ["", "", ""]


def test_the_blank_sheet_is_read_as_it_is_written(client: Client) -> None:
    answer = client.get("/curate/import/template.xlsx")
    headers = list(map(str, table(answer.getvalue())[0]))
    assert sorted(matched(headers).values()) == sorted(TARGETS)
