"""What is exported is imported again: nothing is new, nothing differs, for every layer and format that is read."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from layers import registry
from layers.imports import batches
from layers.publish import downloads
from layers.publish.formats import FORMATS
from tests.layers.publish.formats.test_every_format import download
from tests.samples import sample

pytestmark = pytest.mark.django_db
FORMS = [form for form in FORMATS if form not in ("parquet", "geojsonseq")]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "folder", lambda: tmp_path / "imports")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layer_id", [layer.id for layer in registry.published() if not layer.model.has_own_pages])
def test_export_comes_back_unchanged(layer_id: str, form: str, staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 100_000)
    layer = registry.get(layer_id)
    if (layer_id, form) != ("doorplates", "shp"):  # whose addresses would be longer than the format's texts
        sample(layer)  # with quotes, line feeds and signs that other programs run
    content = download(staff, layer_id, form)
    user = User.objects.get(username="clerk")
    batch = batches.receive(layer, user, f"{layer_id}.{FORMATS[form].extension}", [content])
    batches.settle(batch, crs="EPSG:4490")
    batches.queued_here(batch, batches.CHECK)
    outcome = batches.carry_out(batch, batches.CHECK, lambda *_told: None)
    errors = [found for found in outcome.faults if not found["is_note"]]
    assert errors == []
    assert (outcome.added, outcome.changed_fields, outcome.refused) == (0, {}, 0)
    assert outcome.unchanged == outcome.rows > 0
