"""Integrity lives in the database: what no program may write, whichever way it comes."""

from datetime import date
from typing import Any

import pytest
from django.contrib.gis.db.models.fields import BaseSpatialField
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import DataError, IntegrityError, InternalError, models

from layers.models import (
    AnnualFigure,
    Division,
    EcoBurialSite,
    ExclusionZone,
    HomeCareCentre,
    Milestone,
    SupportProject,
)
from tests.layers.models.raw import copy, stored, update
from tests.samples import bounds, columns, make, pattern_of, registers

pytestmark = pytest.mark.django_db
Column = tuple[type[models.Model], models.Field]


def each(found: list[Column]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("model", "field"), found, ids=[f"{model.__name__}.{field.name}" for model, field in found]
    )


COLUMNS = list(columns(models.Field))
UNIQUE = [(model, field) for model, field in COLUMNS if field.unique and not field.primary_key]
CHOICES = [(model, field) for model, field in COLUMNS if field.choices]
LISTS = [(model, field) for model, field in columns(ArrayField) if getattr(field, "base_field", field).choices]
RANGES = [(model, field) for model, field in COLUMNS if bounds(field)]
FORMS = [(model, field) for model, field in COLUMNS if pattern_of(field)]
SHAPES = list(columns(BaseSpatialField))
COUNTS = [(model, field) for model, field in COLUMNS if "Positive" in type(field).__name__ and field.editable]
EXCLUSIVE = [
    model for model in registers() if any(isinstance(rule, ExclusionConstraint) for rule in model._meta.constraints)
]


def test_there_is_something_of_each_kind_to_refuse() -> None:
    assert {len(found) > 5 for found in (UNIQUE, CHOICES, FORMS, SHAPES, COUNTS, EXCLUSIVE)} == {True}
    assert {field.name for _model, field in LISTS} == {"burial_forms", "services", "co_located", "five_haves"}
    assert {field.name for _model, field in RANGES} >= {"green_rate", "area_m2", "year", "distance_m"}


@each(UNIQUE)
def test_a_unique_value_is_not_used_twice(model: type[models.Model], field: models.Field) -> None:
    one, other = make(model), make(model)
    with pytest.raises(IntegrityError, match="unique constraint"):
        update(other, field.column, "%s", getattr(one, field.name))


@each(CHOICES)
def test_a_choice_is_one_of_the_known(model: type[models.Model], field: models.Field) -> None:
    with pytest.raises(IntegrityError, match="check constraint"):
        update(make(model), field.column, "'?'")


@each(LISTS)
def test_a_list_holds_known_choices_only(model: type[models.Model], field: models.Field) -> None:
    with pytest.raises(IntegrityError, match="check constraint"):
        update(make(model), field.column, f'"{field.column}" || %s::varchar[]', ["?"])


@each(RANGES)
def test_a_number_lies_in_its_range(model: type[models.Model], field: models.Field) -> None:
    others = {other.name: None for found, other in RANGES if found is model and other is not field and other.null}
    row, (low, high) = make(model, **others), bounds(field) or (0, 0)
    for allowed in (low, high):
        update(row, field.column, "%s", allowed)
    for refused in (low - 1, high + 1):
        with pytest.raises(IntegrityError, match="check constraint"):
            update(row, field.column, "%s", refused)


@each(COUNTS)
def test_a_count_is_not_negative(model: type[models.Model], field: models.Field) -> None:
    with pytest.raises(IntegrityError, match="check constraint"):
        update(make(model), field.column, "-1")


@each(FORMS)
def test_a_code_has_its_form(model: type[models.Model], field: models.Field) -> None:
    row = make(model)
    for refused in ("有空格 x"[: field.max_length], "!30602001"[: field.max_length], " "):
        with pytest.raises(IntegrityError, match="check constraint"):
            update(row, field.column, "%s", refused)


@each(SHAPES)
def test_a_geometry_is_in_cgcs2000_and_of_its_type(model: type[models.Model], field: models.Field) -> None:
    row, wrong = make(model), "ST_MakeLine(ST_Point(120.5, 30), ST_Point(120.6, 30))"
    with pytest.raises((InternalError, DataError), match=r"SRID \(4326\) does not match column SRID \(4490\)"):
        update(row, field.column, f'ST_SetSRID("{field.column}", 4326)')
    if getattr(field, "geom_type", "") == "GEOMETRY":
        return  # of any type
    with pytest.raises((InternalError, DataError), match="Geometry type"):
        update(row, field.column, f"ST_SetSRID({wrong}, 4490)")


# Periods


@pytest.mark.parametrize("model", EXCLUSIVE, ids=lambda model: model.__name__)
class TestPeriods:
    def test_two_that_overlap_are_refused(self, model: type[models.Model]) -> None:
        row = make(model, valid_from=date(2020, 1, 1), valid_to=date(2022, 1, 1))
        for begins, ends in [
            (date(2021, 1, 1), None),
            (date(2019, 1, 1), date(2020, 1, 2)),
            (date(2020, 6, 1), date(2020, 7, 1)),
            (date(2019, 1, 1), None),
        ]:
            with pytest.raises(IntegrityError, match="exclusion constraint"):
                copy(row, valid_from=begins, valid_to=ends)

    def test_two_that_touch_are_kept(self, model: type[models.Model]) -> None:
        row = make(model, valid_from=date(2020, 1, 1), valid_to=date(2022, 1, 1))
        copy(row, valid_from=date(2022, 1, 1), valid_to=None)
        copy(row, valid_from=date(2019, 1, 1), valid_to=date(2020, 1, 1))

    def test_one_that_ends_before_it_begins_is_refused(self, model: type[models.Model]) -> None:
        row = make(model, valid_from=date(2020, 1, 1))
        for ends in (date(2020, 1, 1), date(2019, 12, 31)):
            with pytest.raises((IntegrityError, DataError)):
                update(row, "valid_to", "%s", ends)


def test_zones_end_after_they_begin() -> None:
    with pytest.raises(IntegrityError, match="valid_to_order"):
        update(make(ExclusionZone, valid_from=date(2020, 1, 1)), "valid_to", "'2019-01-01'")


# What must fit together


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (EcoBurialSite, "used", 4),
        (HomeCareCentre, "dementia_beds", 4),
        (SupportProject, "amount_10k_yuan", -1),
        (SupportProject, "done_on", date(2023, 1, 1)),
        (SupportProject, "started_on", date(2020, 1, 1)),
        (Milestone, "evidence", ""),
        (Division, "code", "33060"),
        (Division, "level", "township"),
        (Division, "boundary_quality", ""),
        (Division, "boundary", None),
        (Division, "population_source", ""),
        (EcoBurialSite, "name", ""),
        (EcoBurialSite, "source", ""),
    ],
)
def test_what_does_not_fit_together_is_refused(model: type[models.Model], column: str, value: Any) -> None:
    with pytest.raises(IntegrityError, match="check constraint"):
        update(make(model), column, "%s", value)


def test_a_figure_stands_once_for_a_division_and_year() -> None:
    with pytest.raises(IntegrityError, match="layers_annualfigure_unique"):
        copy(make(AnnualFigure))


def test_a_refused_write_leaves_the_row_as_it_was() -> None:
    site = make(EcoBurialSite)
    with pytest.raises(IntegrityError):
        update(site, "level", "'nation'")
    assert stored(site, "level") == site.level
