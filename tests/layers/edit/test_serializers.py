"""What a serializer makes of a register is what its model and the reader decide."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.serializers import ReadOnlyField
from rest_framework_gis.fields import GeometryField

from layers import registry
from layers.access import BUREAU, PUBLIC
from layers.edit.serializers import features, serializer_for
from layers.registry import Layer
from layers.rows import today
from tests.samples import sample

SITES = registry.get("eco-burial-sites")


def test_columns_of_the_register_are_checked_as_its_model_says_and_dated_facts_are_read_only() -> None:
    fields = serializer_for(SITES, BUREAU)().fields
    read_only = {name for name, field in fields.items() if isinstance(field, ReadOnlyField)}
    assert read_only == {"status", "serves", "demonstration_level"}
    assert fields["name"].max_length == 120
    assert list(fields["level"].choices) == ["village", "township", "county", "city"]
    assert isinstance(fields["location"], GeometryField)


def test_a_reader_is_given_the_fields_they_may_see() -> None:
    public, bureau = (set(serializer_for(SITES, reader)().fields) for reader in (PUBLIC, BUREAU))
    assert bureau - public == {"used", "evidence", "published"}


@pytest.mark.django_db
def test_coordinates_have_seven_decimals() -> None:
    row = sample(SITES)
    written = serializer_for(SITES, PUBLIC)(features(SITES, PUBLIC, today()).get(pk=row.pk)).data
    assert written["geometry"]["coordinates"] == tuple(round(number, 7) for number in row.location.coords)
    assert written["geometry"]["coordinates"] != row.location.coords


@pytest.mark.django_db
@pytest.mark.parametrize("layer", registry.published(), ids=lambda layer: layer.id)
def test_any_number_of_features_is_one_query(layer: Layer) -> None:
    codes: list[str] = []
    for size in (1, 3):
        codes += [sample(layer).code for _more in range(size - len(codes))]
        with CaptureQueriesContext(connection) as queries:
            chosen = features(layer, BUREAU, today()).filter(code__in=codes)
            written = serializer_for(layer, BUREAU)(chosen, many=True).data
        assert len(queries) == 1
        assert len(written["features"]) == size
