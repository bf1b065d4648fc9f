"""The metrics: what each needs to be told, and in which unit it answers. Their SQL stands in this package only."""

from dataclasses import dataclass

from layers.registry import Layer


@dataclass(frozen=True)
class Metric:
    """needs, takes: the keys of a target that it must have, and that it may have besides. unit: of its value, "" when
    the target says it. levels: of the divisions that it counts. per: the value is for so many of the denominator."""

    id: str
    unit: str
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    per: int = 1

    def computable_over(self, layer: Layer, level: str) -> bool:
        """Whether the layer's register keeps what the metric reads."""
        columns = {field.name for field in layer.fields}
        if self.id == "provision_rate" and level != "village":
            return layer.states is not None and "township_claimed" in columns
        if level == "village":
            return "village" in columns
        return bool(layer.geometry) and bool(columns & {"township_claimed", "township"})


METRICS = {
    metric.id: metric
    for metric in (
        Metric(
            "provision_rate", "ratio", ("level", "layer", "filter"), ("within_m",), ("county", "township", "village")
        ),
        Metric("count", "count", ("layer", "filter")),
        Metric("increment", "count", ("layer", "filter")),
        Metric("share", "ratio", ("layer", "filter"), ("among",)),
        Metric("ratio", "", ("unit", "numerator"), ("denominator", "per")),
        Metric("adequacy", "per_1000", ("numerator", "denominator"), per=1000),
        Metric("milestone", "ratio", ("milestones",)),
    )
}
