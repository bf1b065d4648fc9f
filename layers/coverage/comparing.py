"""What changed from one audit to another, from their documents alone."""

from collections.abc import Iterable, Iterator
from typing import Any

from layers.coverage.meaning import PARTS

Document = dict[str, Any]

HEAD = ("id", "as_of", "snapshot", "division", "division_name", "data_version", "boundaries", "status")
DIFFERING = ("as_of", "snapshot", "division", "data_version", "boundaries")
FIGURES = ("numerator", "denominator", "value", "goal", "needed", "gap", "status")
MEANING = ("definition", *PARTS)
MISSING = ("adcode", "feature", "name", "county", "reason")
EVIDENCE = ("feature", "name", "adcode", "demonstration")


def compare(a: Document, b: Document) -> Document:
    """What changed from audit a to audit b, as JSON.

    changed: whether anything did. differs: what of the whole is another (as_of, snapshot, division, data_version,
    boundaries).
    targets, in the order of b, then those that only a has, each with
    - change: "same", "changed", "added" (only in b) or "gone" (only in a); status_changed;
    - meaning: which parts of its definition are others, so that its figures are not of the same thing;
    - before, after: its figures, None where it is not;
    - by_division: the counties whose figures are others;
    - missing: what "came" to be missing and what is no longer ("gone"): covered since, or no longer counted;
    - evidence: the features that "came" to count and that no longer do ("gone"); is_whole: whether both audits list all.
    """
    a, b = ({"snapshot": None, **one} for one in (a, b))  # which older audits do not tell
    before, after = ({target["id"]: target for target in one["targets"]} for one in (a, b))
    targets = [_target(before.get(name), after.get(name)) for name in dict.fromkeys([*after, *before])]
    return {
        "before": _part(a, HEAD),
        "after": _part(b, HEAD),
        "differs": [name for name in DIFFERING if a[name] != b[name]],
        "changed": any(target["change"] != "same" for target in targets),
        "targets": targets,
    }


def _target(before: Document | None, after: Document | None) -> Document:
    named = after or before
    assert named is not None
    found = {
        **_part(named, ("id", "title", "unit")),
        "before": before and _part(before, FIGURES),
        "after": after and _part(after, FIGURES),
        "meaning": list(_meaning(before, after)) if before and after else [],
        "by_division": list(_counties(before, after)) if before and after else [],
        "missing": _lists("missing", MISSING, before, after),
        "evidence": {
            **_lists("evidence", EVIDENCE, before, after),
            "is_whole": all(one["evidence_total"] == len(one["evidence"]) for one in (before, after) if one),
        },
    }
    found["status_changed"] = bool(before and after and before["status"] != after["status"])
    return {**found, "change": _change(found)}


def _meaning(before: Document, after: Document) -> Iterator[str]:
    """The parts of the definition that are others, of those that both audits carry: older ones do not say all."""
    for name in MEANING:
        if name in before and name in after and before[name] != after[name]:
            yield name


def _change(found: Document) -> str:
    if found["before"] is None:
        return "added"
    if found["after"] is None:
        return "gone"
    lists = (found["missing"][side] or found["evidence"][side] for side in ("came", "gone"))
    is_same = found["before"] == found["after"] and not found["meaning"] and not found["by_division"]
    return "same" if is_same and not any(lists) else "changed"


def _counties(before: Document, after: Document) -> Iterator[Document]:
    sides = [{one["adcode"]: one for one in target["by_division"]} for target in (before, after)]
    figures = [name for name in FIGURES if name != "goal"]
    for adcode in sorted(sides[0].keys() | sides[1].keys()):
        was, became = (side.get(adcode) for side in sides)
        told = [one and _part(one, figures) for one in (was, became)]
        if told[0] != told[1]:
            name = (became or was or {})["name"]
            yield {"adcode": adcode, "name": name, "before": told[0], "after": told[1]}


def _lists(
    name: str, columns: Iterable[str], before: Document | None, after: Document | None
) -> dict[str, list[Document]]:
    """What is in one of the two lists alone; nothing for a target that only one audit has, where all would be."""
    if before is None or after is None:
        return {"came": [], "gone": []}
    was, became = ({(one["adcode"], one["feature"]): one for one in side[name]} for side in (before, after))
    return {
        "came": [_part(one, columns) for key, one in became.items() if key not in was],
        "gone": [_part(one, columns) for key, one in was.items() if key not in became],
    }


def _part(found: Document, names: Iterable[str]) -> Document:
    return {name: found[name] for name in names}
