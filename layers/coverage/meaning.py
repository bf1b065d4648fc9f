"""What decides a target's figure, as JSON: told in its document, compared between audits, part of an audit's version."""

from typing import Any

from layers.coverage.targets import Operand, Target, TargetSet

PARTS = (
    "metric", "unit", "per", "level", "layer", "filter", "among", "of", "within_m", "operands", "milestones",
)  # fmt: skip


def meaning(target: Target) -> dict[str, Any]:
    """Each of the parts; None where the metric has no such part. operands: the two sides of a ratio."""
    told = (
        target.metric.id,
        target.unit,
        target.per,
        target.level or None,
        target.layers[0].id if target.layers else None,
        target.features.text if target.features else None,
        target.among.text if target.among else None,
        target.of or None,
        target.within_m or None,
        _operands(target),
        list(target.milestones),
    )
    return dict(zip(PARTS, told, strict=True))


def _operands(target: Target) -> dict[str, Any] | None:
    if target.numerator is None:
        return None
    divisor = target.denominator
    return {"numerator": _operand(target.numerator), "denominator": _operand(divisor) if divisor else None}


def _operand(side: Operand) -> dict[str, str]:
    """As a plan writes it."""
    if side.features is None:
        return {"figure": side.figure}
    counted = {"layer": side.features.layer.id, "filter": side.features.text}
    return counted | {"sum": side.sum} if side.sum else counted


def of_plan(plan: TargetSet) -> list[Any]:
    """All of a plan that decides what its audit says in numbers: targets with their goals, figures that must agree."""
    targets = [
        [one.id, meaning(one), [[str(goal.by), goal.op, str(goal.value)] for goal in one.goals], one.reported]
        for one in plan.targets
    ]
    rules = [
        [rule.id, rule.figure, str(rule.times), str(rule.divided_by), rule.stated] for rule in plan.reconciliations
    ]
    return [*targets, *rules]
