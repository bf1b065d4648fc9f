"""An entry with what a row says of it: what the row gives counts, nothing that it does not give is lost. Pure."""

from copy import deepcopy

from heritage.differences import Document
from layers.names.folding import fold

PARTS = ("names", "shapes", "relations", "protection", "citations", "pictures")
ADDED = ("relations", "protection", "pictures")
KEPT = ("code", "sensitivity")  # what stays the place's own
STANDARD, ALIAS = "standard", "alias"


def with_row(entry: Document, row: Document) -> Document:
    """The entry changed by the row. Names that it has already, however written, are filled in; others are added, the row's
    standard name as another one. A shape is added after those there are, unless it is one of them."""
    found = deepcopy(entry)
    for name, value in row.items():
        if name not in (*PARTS, *KEPT) and value not in ("", None):
            found[name] = value
    moved: dict[str, str] = {}
    for name in row["names"]:
        known = next((own for own in found["names"] if fold(own["name"]) == fold(name["name"])), None)
        if known is None:
            role = ALIAS if name["role"] == STANDARD else name["role"]
            found["names"].append({**name, "role": role})
        else:
            moved[name["key"]] = known["key"]
            for column, value in name.items():
                if column not in ("key", "name", "role", "certainty", "spelling") and known.get(column) in ("", None):
                    known[column] = value
    shapes = [own["shape"] for own in found["shapes"]]
    found["shapes"] += [shape for shape in row["shapes"] if shape["shape"] not in shapes]
    for kind in ADDED:
        keys = {part["key"] for part in found[kind]}
        found[kind] += [part for part in row[kind] if part["key"] not in keys]
    keys = {part["key"] for part in found["citations"]}
    found["citations"] += [
        {**part, "about": moved.get(part["about"], part["about"])}
        for part in row["citations"]
        if part["key"] not in keys
    ]
    return found
