"""Many operations in one: all are written or none is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from layers.edit import writing
from layers.edit.edits import Edit
from layers.edit.errors import Fault, InvalidFeature, TransactionFailed
from layers.edit.writing import Written
from layers.errors import LayerError

MOST = 1000  # operations of one transaction
ACTIONS = ("insert", "replace", "update", "delete")


@dataclass(frozen=True)
class Operation:
    """action: one of ``ACTIONS``; code, versions: of the item, None for a new one; document: a feature or a patch."""

    action: str
    code: str = ""
    versions: frozenset[str] | None = None
    document: Any = None


def operations_of(document: Any, versions_of: Callable[[str], frozenset[str]]) -> list[Operation]:
    """The operations that a transaction's document lists, or the features of a collection as insertions.

    versions_of: reads the version in an operation's entity tag. Raises InvalidFeature with every fault of the list.
    """
    document = document if isinstance(document, dict) else {}
    if document.get("type") == "FeatureCollection":
        features = _listed(document, "features")
        return [Operation("insert", document=feature) for feature in features]
    listed = _listed(document, "operations")
    faults = [fault for number, each in enumerate(listed) for fault in _faults(number, each)]
    if faults:
        raise InvalidFeature(faults)
    return [
        Operation(
            each["action"],
            each.get("id", ""),
            versions_of(each["etag"]) if "etag" in each else None,
            each.get("patch" if each["action"] == "update" else "feature"),
        )
        for each in listed
    ]


def transact(edit: Edit, operations: Sequence[Operation]) -> list[Written]:
    """What each operation wrote, in their order. Raises TransactionFailed, which names every operation that failed."""
    writing.require_writer(edit.layer, edit.reader)
    written: list[Written] = []
    failures: dict[int, LayerError] = {}
    with transaction.atomic():
        for number, operation in enumerate(operations):
            try:
                with transaction.atomic():
                    written.append(_run(edit, operation))
            except LayerError as error:
                failures[number] = error
        if failures:
            raise TransactionFailed(failures, len(operations))
    return written


def _run(edit: Edit, operation: Operation) -> Written:
    code, versions, document = operation.code, operation.versions, operation.document
    match operation.action:
        case "insert":
            return writing.create(edit, document)
        case "replace":
            return writing.replace(edit, code, document, versions=versions)
        case "update":
            return writing.update(edit, code, document, versions=versions)
    return writing.delete(edit, code, versions=versions)


def _listed(document: Mapping[str, Any], name: str) -> list[Any]:
    listed = document.get(name)
    if not isinstance(listed, list) or not listed:
        words = _("give a list of at least one, or a GeoJSON FeatureCollection.")
        raise InvalidFeature([Fault(name, listed, words)])
    if len(listed) > MOST:
        words = _("there are %(count)d; send at most %(most)d at once.") % {"count": len(listed), "most": MOST}
        raise InvalidFeature([Fault(name, None, words)])
    return listed


def _faults(number: int, operation: Any) -> list[Fault]:
    """The faults of an operation's form, each with its place in the list."""
    place = f"operations[{number}]"
    if not isinstance(operation, dict) or operation.get("action") not in ACTIONS:
        given = operation.get("action") if isinstance(operation, dict) else operation
        words = _("choose from: %(offered)s.") % {"offered": ", ".join(ACTIONS)}
        return [Fault(f"{place}.action", given, words)]
    action = operation["action"]
    needed = {"insert": ("feature",), "replace": ("id", "feature"), "update": ("id", "patch"), "delete": ("id",)}[
        action
    ]
    faults = [Fault(f"{place}.{name}", None, _("must be given.")) for name in needed if name not in operation]
    texts = [name for name in ("id", "etag") if not isinstance(operation.get(name, ""), str)]
    faults += [Fault(f"{place}.{name}", operation[name], _("give a text.")) for name in texts]
    known = {"action", "id", "etag", "feature", "patch"}
    words = _("an operation has: %(known)s.") % {"known": ", ".join(sorted(known))}
    return faults + [Fault(f"{place}.{name}", operation[name], words) for name in operation.keys() - known]
