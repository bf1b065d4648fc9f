"""What is asked of reach: to which features, within how many metres, where and on which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import PointField
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from layers import registry
from layers.access import Reader
from layers.coverage import reach, reach_report
from layers.coverage.metrics.selecting import rows_of
from layers.coverage.reach_places import Scope
from layers.errors import BadParameter
from layers.publish import parameters
from layers.publish.asking import condition
from layers.publish.selection import Selection
from layers.publish.statements import DATABASE
from layers.registry import Layer
from layers.rows import Period, today
from layers.siting import files
from layers.siting.solving.network import Network
from layers.snapshots.records import Record

OPERATING = "status = 'operating'"
READ = ("counties", "townships", "villages", "doorplates")


@dataclass(frozen=True)
class Question:
    """filter: in its language, as it was asked or by default; empty for none. roads: the id of the network that distances
    are measured along, and the network; empty and None for straight lines.
    """

    layer: Layer
    filter: str
    qualifying: QuerySet
    within_m: float
    scope: Scope
    roads: str = ""
    network: Network | None = None

    @property
    def read(self) -> tuple[Layer, ...]:
        """The layers whose changes change the answer."""
        return tuple(registry.get(layer_id) for layer_id in dict.fromkeys((self.layer.id, *READ)))

    @property
    def about(self) -> dict[str, Any]:
        return {
            "layer": self.layer.id,
            "title": str(self.layer.title),
            "filter": self.filter or None,
            "as_of": self.scope.on.isoformat(),
            "division": self.scope.division or None,
            "within_m": self.within_m,
            "measure": reach_report.measure(self.roads),
        }


def question(given: Mapping[str, str], reader: Reader) -> Question:
    """Raises BadParameter, UnknownFile."""
    layer, on = _layer(given), parameters.day(given, "as-of", today())
    filtering = {name: given[name] for name in ("filter", "filter-lang", "filter-crs") if name in given}
    if "filter" not in filtering and layer.states is not None:
        filtering = {"filter": OPERATING}
    chosen = Selection(
        layer_id=layer.id,
        reader=reader,
        period=Period(on, on),
        condition=condition(layer, reader, filtering),
    )
    return Question(
        layer=layer,
        filter=filtering.get("filter", ""),
        qualifying=rows_of(chosen),
        within_m=_within(given),
        scope=Scope(Record(on), given.get("division", ""), DATABASE, reader),
        roads=given.get("roads", ""),
        network=files.network(given["roads"], reader) if given.get("roads") else None,
    )


def layers() -> list[Layer]:
    """The layers to whose features reach can be measured: those with points."""
    return [layer for layer in registry.published() if _has_point(layer)]


def _layer(given: Mapping[str, str]) -> Layer:
    known = [layer.id for layer in layers()]
    if given.get("layer", "") not in known:
        expected = _("name a collection with points. There are: %(known)s.") % {"known": ", ".join(known)}
        raise BadParameter("layer", given.get("layer", ""), expected)
    return registry.get(given["layer"])


def _has_point(layer: Layer) -> bool:
    return any(isinstance(field, PointField) for field in layer.model._meta.fields)


def _within(given: Mapping[str, str]) -> float:
    text = given.get("within", str(reach.WITHIN_M))
    if not parameters.NUMBER.fullmatch(text) or not 0 < float(text) <= reach.MOST_WITHIN_M:
        expected = _("give metres above 0 and up to %(most)d, for example within=1000.") % {"most": reach.MOST_WITHIN_M}
        raise BadParameter("within", text, expected)
    return float(text)
