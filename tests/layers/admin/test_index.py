"""The index of the administration: every layer with its rows and addresses, for those who may see it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heritage.models import Place
from layers import registry
from layers.models import Change, EcoBurialSite
from layers.registry import Role
from tests.layers.admin.posting import url
from tests.people import account, signed_in
from tests.samples import sample

pytestmark = pytest.mark.django_db


def test_index_asks_one_query_for_each_register_however_many_rows(staff: Client) -> None:
    models_listed = {layer.model for layer in registry.catalogue().values()}
    staff.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        staff.get("/admin/")
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert len(counts) == len(models_listed)


def test_index_shows_every_layer_with_its_rows_and_addresses(staff: Client) -> None:
    page = staff.get("/admin/").content.decode()
    for layer in registry.catalogue().values():
        row = re.search(rf'<th scope="row">(?:(?!<th scope="row">).)*<code>{layer.id}</code>.*?</tr>', page, re.DOTALL)
        assert row, layer.id
        assert str(layer.title) in row[0].replace("&#x27;", "'")
        count = layer.model._default_manager.filter(**layer.only).count()
        assert f'<td class="number">{count}</td>' in row[0].replace(",", "")
        assert (f'href="/#layers={layer.id}"' in row[0]) is bool(layer.geometry)
        assert (f'href="/api/collections/{layer.id}/items"' in row[0]) is bool(layer.geometry)


def test_index_is_chinese_by_default(staff: Client) -> None:
    del staff.defaults["HTTP_ACCEPT_LANGUAGE"]
    page = staff.get("/admin/").content.decode()
    assert "<caption>图层</caption>" in page
    assert "节地生态安葬点" in page


def test_index_shows_a_curator_only_the_names(db: None) -> None:
    page = signed_in(account("names", Role.CURATOR)).get("/admin/").content.decode()
    assert re.findall(r"<code>(.*?)</code>", page) == ["heritage-places"]
    assert f'href="{url(Place, "changelist")}"' in page
    assert f'href="{url(Place, "add")}"' not in page  # drafted on the curators' pages


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.AUDITOR, True), (Role.ADMINISTRATOR, True), (Role.EDITOR, False), (Role.REVIEWER, False)]
)
def test_index_leads_those_who_read_every_history_to_the_change_log(role: Role, sees: bool, db: None) -> None:
    client = signed_in(account("clerk", role))
    assert (f'href="{url(Change, "changelist")}"' in client.get("/admin/").content.decode()) is sees
    assert client.get(url(Change, "changelist")).status_code == (200 if sees else 403)


def test_index_counts_and_lists_the_rows_of_a_clerks_county(db: None) -> None:
    EcoBurialSite.objects.all().delete()
    layer = registry.get("eco-burial-sites")
    for township in ("330681001", "330681002", "330602001"):
        sample(layer, township_claimed=township)
    page = signed_in(account("zhuji", Role.EDITOR, counties=("330681",))).get("/admin/").content.decode()
    row = re.search(r"<code>eco-burial-sites</code>.*?</tr>", page, re.DOTALL)
    assert row
    assert '<td class="number">2</td>' in row[0]
    assert "heritage-places" not in page
