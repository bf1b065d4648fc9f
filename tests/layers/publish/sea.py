"""Sites and doorplates in the sea, where nothing of the reference data lies, and which of them a page holds."""

from datetime import date
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection

from layers import registry
from layers.models import EcoBurialSite, EcoBurialSiteState
from layers.models.base import SRID
from layers.publish import cells

ECO = "/api/collections/eco-burial-sites"
SEA = "123,29,124,30"  # nothing of the reference data lies there
PLATES = """
    INSERT INTO layers_digitaldoorplate
        (code, name, name_roman, source, published, location, position_quality, township_claimed, plate_kind, status,
         address_code, province, city, county, town, community, street, area, estate, natural_village,
         villagers_group, door, courtyard, building_plate, building, unit, floor, room, mailbox, grid, photo, token)
    SELECT 'plate-' || n, n || '号', '', 'test', true,
           ST_SetSRID(ST_Point(123 + (n %% 200) / 400.0, 29 + (n / 200) / 400.0), 4490),
           'surveyed', '330602001', 'small', 'current',
           '', '', '', '', '', '', '', '', '', '', '', n || '号', '', '', '', '', '', '', '', '', '', 'token-' || n
    FROM generate_series(1, %s) AS n
"""


def burial_site(code: str, x: float = 123.5, y: float = 29.5, *, opened: date = date(2020, 1, 1)) -> EcoBurialSite:
    site = EcoBurialSite.objects.create(
        code=code,
        name="青松",
        source="test",
        location=Point(x, y, srid=SRID),
        township_claimed="330602001",
        level="village",
    )
    EcoBurialSiteState.objects.create(site=site, status="operating", valid_from=opened)
    return site


def many_plates(number: int) -> None:
    """Doorplates in the sea, 200 to a row, 250 metres apart."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_digitaldoorplate DISABLE TRIGGER USER")
        cursor.execute(PLATES, [number])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE layers_digitaldoorplate ENABLE TRIGGER USER")
        cells.recount(registry.get("doorplates"))
        cursor.execute("ANALYZE layers_digitaldoorplate; ANALYZE layers_doorplatecell")


def codes(page: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in page["features"]]
