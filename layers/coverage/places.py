"""Where a target has what it counts and where that is missing, for a map."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.utils.translation import gettext as _

from layers import registry
from layers.access import BUREAU
from layers.coverage import freezing
from layers.models.divisions import Level

COLLECTIONS = {"county": "counties", "township": "townships", "village": "villages"}  # by level
DECIMALS = 5  # of a degree: a metre


def drawn(target: dict[str, Any]) -> bool:
    """Whether the target has places that a map could show."""
    return target["value"] is not None and (
        target["level"] in COLLECTIONS or any(one["place"] for one in target["evidence"])
    )


def features(document: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    """GeoJSON: the divisions that the target is about, as they were on the document's day, and whether each counts; over them
    the features that count. A division without a boundary is a point, one without either is not there.

    Each names the collection that it is in.
    """
    found = [*_divisions(document, target), *_evidence(target)]
    return {"type": "FeatureCollection", "features": found}


def _divisions(document: dict[str, Any], target: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if target["level"] not in COLLECTIONS:
        return
    layer = registry.get(COLLECTIONS[target["level"]])
    held = freezing.of_document(document).rows(layer, BUREAU).filter(code__startswith=document["division"] or "")
    boundary, centre = AsGeoJSON("boundary", precision=DECIMALS), AsGeoJSON("centre", precision=DECIMALS)
    missing = {one["adcode"] for one in target["missing"]}
    for code, name, area, point in held.order_by("code").values_list("code", "name", boundary, centre):
        if shape := area or point:
            is_missing = code in missing
            told = {"name": f"{name} · {_('missing') if is_missing else _('counted')}", "is_missing": is_missing}
            yield feature(code, COLLECTIONS[target["level"]], json.loads(shape), told)


def _evidence(target: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if target["level"] == Level.VILLAGE:
        return  # villages are points themselves, which would be covered
    for one in target["evidence"]:
        if one["place"]:
            shape = {"type": "Point", "coordinates": one["place"]}
            yield feature(one["feature"], target["layer"], shape, {"name": one["name"]})


def feature(code: str, collection: str, shape: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What the map draws and asks about. is_missing in ``told``: of a division, whether it is."""
    return {"type": "Feature", "id": code, "geometry": shape, "properties": {**told, "collection": collection}}
