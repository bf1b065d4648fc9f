"""The shapes of an entry before and after, for the small map of a page."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis_portal.pages import small_map
from heritage.comparing import anchor
from heritage.differences import Document
from heritage.telling import Teller
from layers import registry

COLOURS = {"before": "#a8342a", "after": "#17507a", "same": "#51606d"}
CLOSEST = 14  # near enough to see what a shape lies at


def config(before: Document, after: Document, teller: Teller, *, title: str = "") -> dict[str, Any] | None:
    """What the script of the small map needs to know; None where neither has a shape to draw. title: of the map, where it is
    not of one place before and after."""
    features = _features(before, after, teller)
    if not features:
        return None
    return small_map.config(
        title=title or _("Map of the shapes before and after"),
        language=get_language() or settings.LANGUAGE_CODE,
        features={"type": "FeatureCollection", "features": features},
        page="#CODE",
        layer=small_map.drawn(registry.get("heritage-places"), id="shape"),
        closest=CLOSEST,
        comparing=COLOURS,
    )


def sides(map_: dict[str, Any] | None) -> set[str]:
    """Which sides the map shows, for its legend."""
    return {feature["properties"]["side"] for feature in map_["features"]["features"]} if map_ else set()


def _features(before: Document, after: Document, teller: Teller) -> list[dict[str, Any]]:
    were, are = ({part["key"]: part for part in one.get("shapes") or ()} for one in (before, after))
    found = []
    for key in {**were, **are}:
        old, new = (one[key].get("shape") if key in one else None for one in (were, are))
        if old == new:
            found += _drawn(key, "same", new, teller.part("shapes", are[key]))
            continue
        found += _drawn(key, "before", old, teller.part("shapes", were.get(key, {"key": key})))
        found += _drawn(key, "after", new, teller.part("shapes", are.get(key, {"key": key})))
    return found


def _drawn(key: str, side: str, shape: Any, name: str) -> list[dict[str, Any]]:
    """The shape as features, each of the shapes of a collection for itself; none of what is not a shape."""
    if not isinstance(shape, dict):
        return []
    if shape.get("type") == "GeometryCollection":
        return [one for part in shape.get("geometries", ()) for one in _drawn(key, side, part, name)]
    if not shape.get("coordinates"):
        return []
    about = {"name": name, "side": side}
    return [{"type": "Feature", "id": anchor(f"shapes/{key}"), "geometry": shape, "properties": about}]
