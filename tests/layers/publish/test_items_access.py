"""Pages of features by reader: rows and fields that are for staff, and tokens that are for nobody."""

import json

from django.contrib.gis.geos import Point
from django.test import Client

from layers import registry
from layers.models import DigitalDoorplate, EcoBurialSite
from layers.models.base import SRID
from tests.asking import get, problem
from tests.layers.publish.sea import ECO, SEA, burial_site, codes
from tests.samples import sample


def test_household_plates_are_not_offered_to_the_public_and_tokens_to_nobody(public: Client, staff: Client) -> None:
    layer = registry.get("doorplates")
    plates = {
        kind: sample(layer, plate_kind=kind, code=f"plate-{kind}", location=Point(123.5, 29.5, srid=SRID))
        for kind in ("small", "unit", "household")
    }
    tokens = [token for (token,) in DigitalDoorplate.objects.values_list("token")]
    url = "/api/collections/doorplates"
    page = public.get(f"{url}/items", {"bbox": SEA}).content.decode()
    assert codes(json.loads(page)) == ["plate-small", "plate-unit"]
    assert problem(public, f"{url}/items/plate-household")[0] == 404
    seen = staff.get(f"{url}/items", {"limit": "10000"}).content.decode()
    assert "plate-household" in codes(json.loads(seen))
    said = [page, seen]
    for client in (public, staff):
        said += [client.get(f"{url}/{rest}").content.decode() for rest in ("schema", f"items/{plates['small'].code}")]
        said.append(client.get("/api/search", {"q": plates["small"].name}).content.decode())
        said.append(client.get("/api/tiles/16/55251/27160.pbf").content.decode("latin-1"))
    assert [token for token in tokens if any(token in text for text in said)] == []
    assert not any("token" in text for text in said)


def test_bureaus_fields_are_for_staff(public: Client, staff: Client) -> None:
    burial_site("eco-1")
    theirs = set(get(public, f"{ECO}/items/eco-1")["properties"])
    assert set(get(staff, f"{ECO}/items/eco-1")["properties"]) - theirs == {"used", "evidence", "published"}


def test_what_is_not_published_is_for_staff(public: Client, staff: Client) -> None:
    site = burial_site("draft")
    EcoBurialSite.objects.filter(pk=site.pk).update(published=False)
    assert codes(get(public, f"{ECO}/items", bbox=SEA)) == []
    assert codes(get(staff, f"{ECO}/items", bbox=SEA)) == ["draft"]
