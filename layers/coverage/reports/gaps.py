"""The gaps of an audit as GeoJSON: what each target misses, where it is and why."""

import json
from collections.abc import Iterator
from typing import Any

import shapely
from django.utils.translation import gettext as _

from layers.coverage import words
from layers.coverage.reports.boundaries import Places
from layers.coverage.reports.figures import Document
from layers.crs import CRS84


def as_geojson(document: Document) -> bytes:
    """A FeatureCollection (RFC 7946): one feature for each division or feature that a target misses, with its boundary, else
    its centre, else no geometry."""
    collection = {
        "type": "FeatureCollection",
        "as_of": document["as_of"],
        "audit": document["id"],
        "snapshot": document.get("snapshot"),
        "division": document["division"],
        "data_version": document["data_version"],
        "boundaries": document["boundaries"],
        "notes": list(_notes(document)),
        "features": list(_features(document)),
    }
    return (json.dumps(collection, ensure_ascii=False) + "\n").encode()


def _notes(document: Document) -> Iterator[dict[str, Any]]:
    """What a reader must know, each with the targets that it is about; about the boundaries first."""
    every = [target["id"] for target in document["targets"]]
    text = words.boundaries(document["boundaries"])
    yield {
        "targets": every,
        "kind": "boundaries",
        "text": _("The divisions have %(boundaries)s.") % {"boundaries": text},
    }
    for target in document["targets"]:
        for note in target["notes"]:
            yield {"targets": [target["id"]], "kind": note["kind"], "text": note["text"]}
    for finding in document["findings"]:
        yield {"targets": finding["targets"], "kind": finding["kind"], "text": finding["text"]}


def _features(document: Document) -> Iterator[dict[str, Any]]:
    places = Places(document)
    for target in document["targets"]:
        for missing in target["missing"]:
            kind, geometry, quality = _where(places, target, missing)
            yield {
                "type": "Feature",
                "id": f"{target['id']}/{missing['feature'] or missing['adcode']}",
                "geometry": _geometry(geometry),
                "properties": {
                    "target": target["id"],
                    "target_title": target["title"],
                    **{key: missing[key] for key in ("adcode", "feature", "name", "county", "reason")},
                    "geometry_is": kind,
                    "boundary_quality": quality,
                },
            }


def _where(
    places: Places, target: Document, missing: Document
) -> tuple[str | None, shapely.Geometry | None, str | None]:
    """What the geometry is, the geometry, and the quality of a boundary."""
    if missing["feature"]:
        found = places.features.get((target["layer"], missing["feature"]))
        return ("feature" if found is not None else None), found, None
    area = places.missing.get(missing["adcode"])
    if area is None:
        return None, None, None
    if area.boundary is not None:
        return "boundary", area.boundary, area.quality
    return ("centre" if area.centre is not None else None), area.centre, None


def _geometry(found: shapely.Geometry | None) -> dict[str, Any] | None:
    if found is None:
        return None
    turned = shapely.orient_polygons(found)  # as RFC 7946 (3.1.6) wants rings
    rounded = shapely.transform(turned, lambda places: places.round(CRS84.decimals))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return geometry
