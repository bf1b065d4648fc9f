"""The story of the reference city: every township is provided for, until the only site of one closes."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import QuerySet

from layers.models import EcoBurialDesignation, EcoBurialSiteState
from tests.layers.coverage.place import TARGET

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
AS_OF = "2022-12-31"
DAY = date(2022, 12, 31)


def audit(*options: str) -> tuple[int, str]:
    """The exit code and the table."""
    out = StringIO()
    try:
        call_command("audit_coverage", "--as-of", AS_OF, "--target", TARGET, *options, stdout=out, stderr=StringIO())
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def operating() -> QuerySet[EcoBurialSiteState]:
    """The states of the sites that operate on the day."""
    return EcoBurialSiteState.objects.filter(status="operating", valid_from__lte=DAY).exclude(valid_to__lte=DAY)


def lonely_township() -> str:
    """A township whose one operating site serves no other and that is served by no other."""
    served = set(EcoBurialDesignation.objects.values_list("township", flat=True))
    claims = list(operating().values_list("site__township_claimed", flat=True))
    return min(code for code in claims if claims.count(code) == 1 and code not in served)


def state_of(township: str) -> EcoBurialSiteState:
    return operating().get(site__township_claimed=township)


def test_every_township_is_provided_for() -> None:
    code, table = audit()
    assert code == 0
    assert "✓ met  103/103 = 100.0%  goal ≥ 100% by 2022-12-31" in table
    assert "103 of 103 townships have approximate boundaries" in table
    assert "103 of the 103 townships that count rest on demonstration data only." in table


@pytest.mark.parametrize("status", ["closed", "suspended", "planned"])
def test_the_only_site_of_a_township_stops(status: str) -> None:
    township = lonely_township()
    state = state_of(township)
    stopped = date(2022, 9, 1)
    EcoBurialSiteState.objects.filter(pk=state.pk).update(valid_from=date(2008, 1, 1), valid_to=stopped)
    EcoBurialSiteState.objects.filter(site=state.site, valid_from__gte=stopped).delete()
    state.site.states.create(status=status, valid_from=stopped)
    code, table = audit()
    assert code == 1
    assert "✗ missed  102/103 = 99.0%  goal ≥ 100% by 2022-12-31  1 more: 103 of 103 needed for 100%" in table
    said = "only planned," if status == "planned" else status
    assert township in table
    assert f"“{state.site.name}” is {said} since 2022-09-01" in " ".join(table.split())


def test_the_only_site_opened_after_the_day() -> None:
    state = state_of(lonely_township())
    state.site.states.all().delete()
    state.site.states.create(status="operating", valid_from=date(2023, 1, 1))
    code, table = audit()
    assert code == 1
    assert "102/103" in table
    assert f"“{state.site.name}” opened later, on 2023-01-01" in " ".join(table.split())


def test_townships_served_from_outside_lose_it_with_the_designation() -> None:
    designation = EcoBurialDesignation.objects.order_by("township").first()
    assert designation is not None
    EcoBurialDesignation.objects.filter(township=designation.township).update(valid_to=date(2022, 12, 31))
    code, table = audit()
    assert code == 1
    assert designation.township in table
    assert f"the designation of “{designation.site.name}” ended on 2022-12-31" in " ".join(table.split())
