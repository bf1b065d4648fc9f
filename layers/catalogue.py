"""The published layers, one entry each. Data only."""

from django.utils.translation import gettext_lazy as _

from layers.registry import Audience, Field, Layer, Shape, Symbol, Words

DIVISIONS = _("Divisions")
FUNERAL = _("Funerals and burial")
MARRIAGE = _("Marriage")
CARE = _("Care for the elderly")
MIGRANTS = _("Reservoir migrants")
SERVICES = _("Assistance and charity")
NAMES = _("Place names and addresses")
PLANNING = _("Planning")

BUREAU = Audience.BUREAU
NAME = (Field("name"), Field("name_roman"))
PLACE = (Field("address"), Field("township_claimed"), Field("township_located"), Field("position_quality"))
CONTACT = (Field("phone"), Field("opening_hours"))
PROVENANCE = (Field("source"), Field("as_of"), Field("evidence", audience=BUREAU), Field("published", audience=BUREAU))
DIVISION = (
    *NAME,
    Field("level"),
    Field("kind"),
    Field("parent_code"),
    Field("population", unit="people"),
    Field("population_source"),
    Field("boundary_quality"),
    Field("centre_source"),
    Field("valid_from"),
    Field("valid_to"),
    Field("source"),
    Field("as_of"),
)


def site(*own: Field) -> tuple[Field, ...]:
    """The fields of a site: name, status, the register's own, then place, contact and provenance."""
    return (*NAME, Field("status"), *own, *PLACE, *CONTACT, *PROVENANCE)


def service_points(
    layer_id: str, kind: str, title: Words, description: Words, symbol: Symbol, *own: Field, group: Words = SERVICES
) -> Layer:
    """The entry of one kind of service point."""
    return Layer(
        id=layer_id,
        model_name="layers.ServicePoint",
        only={"kind": kind},
        title=title,
        description=description,
        group=group,
        fields=site(*own),
        symbol=symbol,
    )


LAYERS = (
    Layer(
        id="counties",
        model_name="layers.Division",
        only={"level": "county"},
        title=_("Counties"),
        description=_("The county-level divisions in force, with their boundaries."),
        group=DIVISIONS,
        geometry="boundary",
        label="centre",
        fields=DIVISION,
        tile_fields=("name", "name_roman", "boundary_quality"),
        symbol=Symbol(colour="#5b6b7a", shape=Shape.OUTLINE, size_px=2),
    ),
    Layer(
        id="townships",
        model_name="layers.Division",
        only={"level": "township"},
        title=_("Townships"),
        description=_("Townships, towns and street offices in force, with their boundaries."),
        group=DIVISIONS,
        geometry="boundary",
        label="centre",
        fields=DIVISION,
        tile_fields=("name", "name_roman", "boundary_quality"),
        symbol=Symbol(colour="#8a97a3", shape=Shape.OUTLINE, size_px=1),
        min_zoom=8,
        licence="https://creativecommons.org/licenses/by/4.0/",  # its points are those of GeoNames
    ),
    Layer(
        id="villages",
        model_name="layers.Division",
        only={"level": "village"},
        title=_("Villages and communities"),
        description=_("Villages and communities of the statistical list, as points."),
        group=DIVISIONS,
        geometry="centre",
        fields=DIVISION,
        tile_fields=("name", "name_roman", "kind", "centre_source"),
        symbol=Symbol(colour="#7d8790", size_px=5),
        min_zoom=11,
        shown=False,
    ),
    Layer(
        id="eco-burial-sites",
        model_name="layers.EcoBurialSite",
        title=_("Eco-burial sites"),
        description=_(
            "Land-saving burial: trees, flowerbeds, lawns, walls and niches; with the townships each site serves."
        ),
        group=FUNERAL,
        fields=site(
            Field("burial_forms"),
            Field("benefit"),
            Field("level"),
            Field("serves", path="designations__township"),
            Field("demonstration_level"),
            Field("area_m2", unit="m2"),
            Field("capacity", unit="graves"),
            Field("used", unit="graves", audience=BUREAU),
            Field("green_rate", unit="1"),
            Field("approval_no"),
        ),
        symbol=Symbol(colour="#2f7d4f", shape=Shape.CIRCLE, glyph="葬"),
    ),
    Layer(
        id="funeral-homes",
        model_name="layers.FuneralHome",
        only={"kind": "funeral_home"},
        title=_("Funeral homes"),
        description=_("Funeral homes with their grade and services. “Provincial grade” is what the bureau enters."),
        group=FUNERAL,
        fields=site(
            Field("grade"),
            Field("basic_services_free"),
            Field("digital_service"),
            Field("renovated_on"),
            Field("cremators"),
            Field("annual_cremations", unit="a-1", audience=BUREAU),
        ),
        symbol=Symbol(colour="#4a4f57", shape=Shape.SQUARE, glyph="殡"),
    ),
    Layer(
        id="funeral-venues",
        model_name="layers.FuneralHome",
        only={"kind": "funeral_venue"},
        title=_("Funeral venues"),
        description=_("Places where villages and communities hold funerals together."),
        group=FUNERAL,
        fields=site(Field("basic_services_free"), Field("renovated_on")),
        symbol=Symbol(colour="#6d737c", shape=Shape.DIAMOND, glyph="治"),
    ),
    Layer(
        id="marriage-registries",
        model_name="layers.MarriageRegistry",
        title=_("Marriage registries"),
        description=_("Where marriages are registered, with the grade of MZ/T 024 (3A, 4A, 5A)."),
        group=MARRIAGE,
        fields=site(
            Field("county_served"), Field("grade"), Field("grade_valid_until"), Field("registrars", audience=BUREAU)
        ),
        symbol=Symbol(colour="#c2255c", shape=Shape.DIAMOND, glyph="婚"),
    ),
    Layer(
        id="home-care-centres",
        model_name="layers.HomeCareCentre",
        title=_("Home-care centres"),
        description=_("Centres that bring meals, day care and home service to elderly people."),
        group=CARE,
        fields=site(
            Field("tier"),
            Field("services"),
            Field("demonstration"),
            Field("beds", unit="beds"),
            Field("dementia_beds", unit="beds"),
            Field("care_workers", unit="people", audience=BUREAU),
            Field("smart_terminals", unit="terminals"),
            Field("terminals_accepted_on", audience=BUREAU),
            Field("floor_area_m2", unit="m2"),
            Field("co_located"),
        ),
        symbol=Symbol(colour="#d9730d", shape=Shape.CIRCLE, glyph="养"),
    ),
    service_points(
        "care-homes",
        "care_home",
        _("Care homes"),
        _("Institutions where elderly people live and are cared for."),
        Symbol(colour="#b35c00", shape=Shape.SQUARE, glyph="院"),
        Field("ownership"),
        Field("grade"),
        Field("smart_since"),
        Field("mid_high_end"),
        Field("beds", unit="beds"),
        Field("dementia_beds", unit="beds"),
        Field("care_workers", unit="people", audience=BUREAU),
        group=CARE,
    ),
    Layer(
        id="migrant-villages",
        model_name="layers.MigrantVillage",
        title=_("Migrant villages"),
        description=_("Villages of people resettled from reservoirs, and the projects that support them."),
        group=MIGRANTS,
        fields=site(
            Field("reservoir"),
            Field("beautiful_home_year"),
            Field("projects", path="projects__name"),
            Field("support_end"),
            Field("resettled_people", unit="people", audience=BUREAU),
            Field("direct_subsidy_people", unit="people", audience=BUREAU),
        ),
        symbol=Symbol(colour="#1971a8", shape=Shape.TRIANGLE, glyph="移"),
    ),
    service_points(
        "social-work-stations",
        "social_work_station",
        _("Social-work stations"),
        _("Township social-work stations, with the “five haves” and the Fengqiao-style status."),
        Symbol(colour="#7048a8", shape=Shape.CIRCLE, glyph="社"),
        Field("five_haves"),
        Field("fengqiao_style"),
    ),
    service_points(
        "charity-points",
        "charity_point",
        _("Charity points"),
        _("Charity service points in villages and communities."),
        Symbol(colour="#c92a2a", shape=Shape.CIRCLE, glyph="善", size_px=10),
        Field("village"),
    ),
    service_points(
        "charity-bases",
        "charity_base",
        _("Charity bases"),
        _("Bases where charities are brought up and supported."),
        Symbol(colour="#a61e1e", shape=Shape.SQUARE, glyph="基"),
    ),
    service_points(
        "assistance-hubs",
        "assistance_hub",
        _("Assistance hubs"),
        _("Hubs that join the assistance of departments and charities for families in need."),
        Symbol(colour="#0b7285", shape=Shape.STAR, glyph="助"),
    ),
    service_points(
        "child-welfare-homes",
        "child_welfare_home",
        _("Child welfare homes"),
        _("Homes for children in the care of the state."),
        Symbol(colour="#b08900", shape=Shape.SQUARE, glyph="童"),
    ),
    service_points(
        "minor-protection-agencies",
        "minor_protection_agency",
        _("Minors' protection agencies"),
        _("Agencies that help and protect minors."),
        Symbol(colour="#8f6f00", shape=Shape.DIAMOND, glyph="未"),
    ),
    service_points(
        "county-complexes",
        "county_complex",
        _("County service complexes"),
        _("County-level complexes of civil-affairs services."),
        Symbol(colour="#364fa0", shape=Shape.SQUARE, glyph="综"),
    ),
    service_points(
        "pilot-communities",
        "pilot_community",
        _("Pilot communities"),
        _("Communities chosen as modern-community pilots."),
        Symbol(colour="#3b7a9e", shape=Shape.TRIANGLE, glyph="试"),
        Field("village"),
    ),
    Layer(
        id="doorplates",
        model_name="layers.DigitalDoorplate",
        title=_("Digital doorplates"),
        description=_("Plates with their standard address. Household plates are not offered to the public in bulk."),
        group=NAMES,
        fields=(
            Field("name"),
            Field("standard_address"),
            Field("plate_kind"),
            Field("status"),
            Field("address_code"),
            *(
                Field(component)
                for component in (
                    "province",
                    "city",
                    "county",
                    "town",
                    "community",
                    "street",
                    "area",
                    "estate",
                    "natural_village",
                    "villagers_group",
                    "door",
                    "courtyard",
                    "building_plate",
                    "building",
                    "unit",
                    "floor",
                    "room",
                    "mailbox",
                )
            ),
            Field("township_claimed"),
            Field("township_located"),
            Field("position_quality"),
            Field("grid"),
            Field("installed_on"),
            Field("source"),
            Field("as_of"),
            Field("retired_on", audience=BUREAU),
            Field("published", audience=BUREAU),
        ),
        hidden={"plate_kind": ("household",), "status": ("rejected", "reserved", "planned", "unknown")},
        searchable=("standard_address",),
        tile_geometry="location_3857",
        tile_fields=("door", "plate_kind", "source"),
        symbol=Symbol(colour="#1864ab", shape=Shape.SQUARE, size_px=6),
        min_zoom=14,
    ),
    Layer(
        id="exclusion-zones",
        model_name="layers.ExclusionZone",
        title=_("Exclusion zones"),
        description=_("Where the law forbids graves, each zone with the rule it cites."),
        group=PLANNING,
        geometry="boundary",
        fields=(
            *NAME,
            Field("kind"),
            Field("rule"),
            Field("rule_version"),
            Field("distance_m", unit="m"),
            Field("boundary_quality"),
            Field("valid_from"),
            Field("valid_to"),
            Field("source"),
            Field("as_of"),
            Field("published", audience=BUREAU),
        ),
        tile_fields=("name", "kind", "source"),
        symbol=Symbol(colour="#a33a3a", shape=Shape.AREA, size_px=1),
        shown=False,
    ),
    Layer(
        id="milestones",
        model_name="layers.Milestone",
        title=_("Milestones"),
        description=_("Things to be finished once, with the evidence that they are."),
        group=PLANNING,
        geometry="",
        fields=(Field("name"), Field("division"), Field("due"), Field("done_on"), Field("evidence"), Field("source")),
        symbol=Symbol(colour="#555555"),
        searchable=(),
    ),
    Layer(
        id="annual-figures",
        model_name="layers.AnnualFigure",
        title=_("Annual figures"),
        description=_("Published numbers by division and year, shown as reported."),
        group=PLANNING,
        geometry="",
        fields=(
            Field("indicator"),
            Field("title"),
            Field("division"),
            Field("year"),
            Field("value"),
            Field("unit"),
            Field("source"),
            Field("note"),
        ),
        symbol=Symbol(colour="#555555"),
        searchable=(),
    ),
)
