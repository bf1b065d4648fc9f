"""The reference data itself: what it counts, that its map is whole, and that it can be built again to the byte."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import shapely
from django.conf import settings
from django.db.models import F, Sum
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from fixtures.build.__main__ import build
from heritage.models import Citation, Listing, Place, PlaceName
from layers.models import (
    AnnualFigure,
    DigitalDoorplate,
    Division,
    DivisionSuccession,
    EcoBurialDesignation,
    EcoBurialSite,
    ExclusionZone,
    FuneralHome,
    HomeCareCentre,
    MarriageRegistry,
    MigrantVillage,
    Milestone,
    ServicePoint,
    SupportProject,
)
from layers.models.base import DEMONSTRATION, Site
from layers.models.rules import in_force

pytestmark = pytest.mark.django_db
DATA = Path(settings.BASE_DIR) / "fixtures/shaoxing"
END_OF_2022 = date(2022, 12, 31)
END_OF_2023 = date(2023, 12, 31)
COUNTIES = {"330602": 17, "330603": 16, "330604": 20, "330624": 12, "330681": 23, "330683": 15}
SITES = (EcoBurialSite, FuneralHome, HomeCareCentre, MarriageRegistry, MigrantVillage, ServicePoint)


def shapes(file: str) -> dict[str, BaseGeometry]:
    features = json.loads((DATA / file).read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["code"]: shape(feature["geometry"]) for feature in features}


def with_state(model: type[Site], on: date, **state: object) -> set[str]:
    """Codes of the sites in such a state on a day."""
    conditions = {f"states__{name}": value for name, value in state.items()}
    return set(model._default_manager.filter(in_force(on, "states__"), **conditions).values_list("code", flat=True))


def test_townships_are_103_on_the_day_of_the_audit() -> None:
    townships = Division.objects.filter(in_force(END_OF_2022), level="township")
    assert Counter(townships.values_list("parent_code", flat=True)) == COUNTIES
    assert Counter(townships.values_list("kind", flat=True)) == {"街道": 47, "镇": 49, "乡": 7}
    assert set(townships.values_list("boundary_quality", flat=True)) == {"approximate"}
    assert not townships.filter(boundary=None).exists()


def test_villages_are_those_of_the_list_and_weigh_what_was_published() -> None:
    villages = Division.objects.filter(in_force(END_OF_2022), level="village")
    assert villages.count() == 2168
    assert AnnualFigure.objects.get(indicator="villages_published").value == 2148
    assert set(villages.values_list("parent_code", flat=True)) == set(
        Division.objects.filter(level="township").values_list("code", flat=True)
    )
    assert villages.aggregate(people=Sum("population"))["people"] == 5_394_000
    for county in Division.objects.filter(in_force(END_OF_2022), level="county"):
        own = villages.filter(code__startswith=county.code)
        assert own.aggregate(people=Sum("population"))["people"] == county.population
        figure = AnnualFigure.objects.get(indicator="population_resident", division=county.code, year=2023)
        assert figure.value == county.population


def test_townships_partition_their_counties() -> None:
    townships, upper = shapes("divisions/townships.geojson"), shapes("divisions/counties.geojson")
    assert shapely.coverage_is_valid(list(townships.values()))
    for county in COUNTIES:
        own = [area for code, area in townships.items() if code.startswith(county)]
        assert shapely.coverage_union_all(own).symmetric_difference(upper[county]).area == 0
    assert shapely.union_all([upper[county] for county in COUNTIES]).symmetric_difference(upper["3306"]).area == 0
    assert all(area.is_valid and shapely.get_num_geometries(area) == 1 for area in townships.values())


def test_centres_lie_in_their_townships() -> None:
    townships = shapes("divisions/townships.geojson")
    centres = Division.objects.filter(level__in=["township", "village"]).values_list("code", "centre")
    assert [
        code
        for code, centre in centres
        if not centre or not townships[code[:9]].contains(shapely.Point(*centre.coords))
    ] == []


def test_abolished_counties_end_where_their_successors_begin() -> None:
    day = date(2013, 10, 18)
    before = set(Division.objects.filter(in_force(date(2013, 10, 17)), level="county").values_list("name", flat=True))
    after = set(Division.objects.filter(in_force(day), level="county").values_list("name", flat=True))
    assert before == {"越城区", "绍兴县", "上虞市", "新昌县", "诸暨市", "嵊州市"}
    assert after == {"越城区", "柯桥区", "上虞区", "新昌县", "诸暨市", "嵊州市"}
    successions = DivisionSuccession.objects.filter(effective_on=day).values_list("predecessor", "successor")
    assert set(successions) == {("330621", "330603"), ("330621", "330602"), ("330682", "330604")}


def test_every_township_has_or_is_served_by_an_eco_burial_site() -> None:
    operating = with_state(EcoBurialSite, END_OF_2022, status="operating")
    within = set(EcoBurialSite.objects.filter(code__in=operating).values_list("township_claimed", flat=True))
    designations = EcoBurialDesignation.objects.filter(in_force(END_OF_2022), site__code__in=operating)
    served = set(designations.values_list("township", flat=True))
    assert (len(within), len(served), len(within | served), within & served) == (97, 6, 103, set())
    assert {
        status: len(with_state(EcoBurialSite, END_OF_2022, status=status))
        for status in ("planned", "under_construction", "suspended", "closed")
    } == {"planned": 3, "under_construction": 2, "suspended": 2, "closed": 2}


def test_care_counts_are_those_reported() -> None:
    centres = HomeCareCentre.objects.filter(smart_terminals__gt=0, terminals_accepted_on__lte=END_OF_2022)
    assert (centres.count(), centres.values("township_claimed").distinct().count()) == (106, 103)
    assert len(with_state(HomeCareCentre, END_OF_2022, status="operating")) == 106
    before = with_state(HomeCareCentre, END_OF_2022, demonstration=True)
    assert len(with_state(HomeCareCentre, END_OF_2023, demonstration=True) - before) == 20
    smart = ServicePoint.objects.filter(kind="care_home", ownership="public", smart_since__lte=END_OF_2022)
    assert smart.count() == 7


@pytest.mark.parametrize(
    ("kind", "on", "count"),
    [
        ("social_work_station", END_OF_2022, 103),
        ("charity_point", END_OF_2022, 627),
        ("assistance_hub", END_OF_2022, 2),
        ("minor_protection_agency", END_OF_2022, 6),
        ("county_complex", END_OF_2022, 0),
        ("county_complex", END_OF_2023, 3),
        ("pilot_community", END_OF_2022, 0),
        ("pilot_community", END_OF_2023, 18),
    ],
)
def test_service_points_operate_in_the_reported_number(kind: str, on: date, count: int) -> None:
    operating = with_state(ServicePoint, on, status="operating")
    points = ServicePoint.objects.filter(code__in=operating, kind=kind)
    assert points.count() == count
    if kind == "social_work_station":
        assert points.values("township_claimed").distinct().count() == 103
        assert len(with_state(ServicePoint, on, fengqiao_style=True)) == 6
        assert len(with_state(ServicePoint, END_OF_2023, fengqiao_style=True)) == 16
    if kind == "charity_point":
        villages = {point.code.rpartition("-")[2] for point in points}
        assert Division.objects.filter(level="village", code__in=villages).count() == count
    if kind == "assistance_hub":
        assert {point.township_claimed[:6] for point in points} == {"330602", "330603"}


def test_funeral_marriage_and_migrant_counts_are_those_reported() -> None:
    homes = FuneralHome.objects.filter(kind="funeral_home")
    assert (homes.count(), homes.filter(renovated_on__year=2022).count()) == (6, 4)
    assert FuneralHome.objects.filter(kind="funeral_venue").count() == 18
    assert set(MarriageRegistry.objects.values_list("county_served", flat=True)) == set(COUNTIES)
    assert len(with_state(MarriageRegistry, END_OF_2023, grade__in=["4A", "5A"])) == 6
    assert len(with_state(MarriageRegistry, END_OF_2023, grade="5A")) == 4
    assert MigrantVillage.objects.filter(beautiful_home_year=2022).count() == 25
    assert SupportProject.objects.filter(planned_on__year=2022).count() == 158


def test_reported_figures_are_there() -> None:
    reported = dict(AnnualFigure.objects.filter(division="3306", year=2022).values_list("indicator", "value"))
    assert {name: float(reported[name]) for name in ("community_workers", "community_workers_per_10k_urban")} == {
        "community_workers": 4033, "community_workers_per_10k_urban": 18.4,
    }  # fmt: skip
    assert (float(reported["direct_subsidy_paid"]), float(reported["charity_donations"])) == (4179.5, 1679.69)
    assert [int(reported[name]) for name in ("dementia_beds_added", "certified_care_workers_added")] == [690, 850]
    assert not Milestone.objects.exclude(done_on=None).exists()  # no day of completion is known


def test_heritage_places_are_known_names_and_listings_only_of_shaoxing() -> None:
    assert Place.objects.count() >= 60
    assert not Place.objects.filter(precision_m=None).exists()
    assert set(Listing.objects.values_list("place__name", "batch__heritage_list__name", "batch__number")) == {
        ("崇仁", "浙江省千年古镇", "第三批"),
        ("华堂村", "浙江省千年古村落", "第三批"),
    }
    roman = dict(Place.objects.values_list("name", "name_roman"))
    assert (roman["会稽山"], roman["剡溪"], roman["天姥山"]) == ("Kuàijī Shān", "Shàn Xī", "Tiānmǔ Shān")


def test_a_name_of_known_time_has_a_work_that_says_so() -> None:
    bounds = ("start_earliest", "start_latest", "end_earliest", "end_latest")
    dated = PlaceName.objects.exclude(**dict.fromkeys(bounds))
    assert dated.values("place").distinct().count() >= 60
    assert {str(key) for key in dated.values_list("key", flat=True)} == set(
        Citation.objects.values_list("about", flat=True)
    )
    assert not dated.filter(certainty="unstated").exists()


def test_doorplates_carry_every_kind_and_no_real_street() -> None:
    plates = DigitalDoorplate.objects.all()
    assert plates.count() == 3000
    assert set(plates.values_list("plate_kind", flat=True)) == {
        "large",
        "medium",
        "small",
        "building",
        "unit",
        "household",
    }
    assert not plates.exclude(street__endswith="演示路").exists()
    assert plates.values("token").distinct().count() == 3000


@pytest.mark.parametrize("model", [*SITES, DigitalDoorplate])
def test_demonstration_rows_say_so_and_stand_where_they_claim(model: type[Site] | type[DigitalDoorplate]) -> None:
    rows = model._default_manager.all()
    assert set(rows.values_list("source", flat=True)) == {DEMONSTRATION}
    assert not rows.exclude(name__contains="演示").exists()
    assert not rows.exclude(township_located=F("township_claimed")).exists()
    assert not rows.filter(location=None).exists()


def test_demonstration_sites_stand_apart() -> None:
    points = [site.location for model in SITES for site in model._default_manager.all()]
    tree = shapely.STRtree([shapely.Point(point.x * 0.8682, point.y) for point in points if point])
    pairs = tree.query(tree.geometries, predicate="dwithin", distance=200 / 111_320)
    assert pairs.shape[1] == len(points)  # each only near itself


def test_zones_are_demonstrations_that_cite_their_rule_and_no_distance() -> None:
    assert not ExclusionZone.objects.exclude(source=DEMONSTRATION).exists()
    assert not ExclusionZone.objects.exclude(distance_m=None).exists()
    assert not ExclusionZone.objects.exclude(rule__contains="殡葬管理条例").exists()


def test_every_division_has_a_roman_name_of_whole_words() -> None:
    names = Division.objects.values_list("name_roman", flat=True)
    assert [
        name for name in names if not re.fullmatch(r"([A-ZĀÁǍÀĒÉĚÈŌÓǑÒ][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü’]+ ?)+", name)
    ] == []


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    build(tmp_path)
    built = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert len(built) >= 18
    assert [str(path) for path in built if (tmp_path / path).read_bytes() != (DATA / path).read_bytes()] == []


def test_fixtures_stay_small() -> None:
    assert sum(path.stat().st_size for path in DATA.parent.rglob("*.*") if path.is_file()) < 6_000_000
