"""The index of the administration: every layer with its rows and addresses, for those who may see it."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers import registry
from layers.models import ServicePoint
from tests.layers.admin.posting import url

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


def test_index_shows_a_clerk_only_the_registers_they_may_see(db: None) -> None:
    clerk = User.objects.create_user("charities", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_servicepoint"))
    client = Client()
    client.force_login(clerk)
    page = client.get("/admin/").content.decode()
    assert "<code>charity-points</code>" in page
    assert "<code>eco-burial-sites</code>" not in page
    assert url(ServicePoint, "add") not in page
