"""What each layer holds."""

from datetime import date

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from layers import registry
from layers.access import BUREAU, PUBLIC
from layers.models import Division
from layers.publish import summary
from layers.rows import rows, today
from tests.layers.publish.sea import burial_site
from tests.sharing import commit

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


def test_counts_are_those_of_the_rows_a_reader_sees() -> None:
    for reader in (PUBLIC, BUREAU):
        expected = {layer.id: rows(layer, reader, today()).count() for layer in registry.published()}
        assert summary.counts(reader) == expected
    assert expected["townships"] == 103


def test_demonstration_and_approximation_are_told_apart_from_sources() -> None:
    found = summary.summaries()
    assert found["eco-burial-sites"].demonstration
    assert found["eco-burial-sites"].sources == ()
    assert found["counties"].approximate
    assert not found["counties"].demonstration
    assert found["counties"].sources
    assert found["counties"].as_of == date(2023, 6, 30)


def test_a_new_row_is_counted_at_once_and_an_unchanged_register_is_not_counted_again(statements: list[str]) -> None:
    before = summary.counts()
    burial_site("eco-1")
    commit()
    assert summary.counts() == {**before, "eco-burial-sites": before["eco-burial-sites"] + 1}
    statements.clear()
    assert summary.counts(PUBLIC)["eco-burial-sites"] == before["eco-burial-sites"] + 1
    assert len(statements) == 1  # that of the counters


def test_division_names_are_those_in_force() -> None:
    with CaptureQueriesContext(connections["reader"]) as asked:
        names = summary.division_names()
    assert len(asked) == 2  # where a slow statement ends by itself, as everywhere the public reads
    assert len(names) == 109
    assert names["330602"] == ("越城区", "Yuèchéng Qū")
    past = set(Division.objects.filter(level="county", valid_to__lte=today()).values_list("name", flat=True))
    assert not past & {name for name, _ in names.values()}


def test_layer_without_rows_is_empty_not_absent() -> None:
    found = summary.summaries()
    assert set(found) == {layer.id for layer in registry.published()}
    assert summary.is_demonstration("demonstration")
    assert not summary.is_demonstration("GeoNames")
