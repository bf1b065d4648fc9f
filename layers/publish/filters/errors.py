"""What can be wrong with a filter. The words that people read are ``layers.publish.filter_words``'s."""

from collections.abc import Mapping
from enum import Enum, auto

SHOWN = 80  # characters of what was sent that an error repeats


class Reason(Enum):
    """Why a filter cannot be used."""

    TOO_LONG = auto()
    TOO_DEEP = auto()
    UNWRITABLE = auto()
    OPEN_QUOTE = auto()
    SYNTAX = auto()
    UNFINISHED = auto()
    JSON = auto()
    SHAPE_OF_DOCUMENT = auto()
    UNKNOWN_FUNCTION = auto()
    ARITY = auto()
    EMPTY_LIST = auto()
    NUMBER = auto()
    IMPRECISE = auto()
    POWERS = auto()
    DATE = auto()
    TIMESTAMP = auto()
    INTERVAL_BOUND = auto()
    INTERVAL_MIXED = auto()
    INTERVAL_REVERSED = auto()
    PATTERN = auto()
    GEOMETRY = auto()
    GEOMETRY_EMPTY = auto()
    GEOMETRY_OPEN = auto()
    GEOMETRY_INVALID = auto()
    GEOMETRY_COLLECTION = auto()
    OUT_OF_REACH = auto()
    UNKNOWN_PROPERTY = auto()
    MISMATCH = auto()
    INCOMPARABLE = auto()
    OPERAND = auto()
    CONDITION = auto()
    VALUE = auto()


class BadFilter(Exception):
    """A filter that cannot be used. values: the pieces it is about, shortened, by what they are."""

    def __init__(self, reason: Reason, **values: object) -> None:
        self.reason = reason
        self.values: Mapping[str, str] = {
            name: str(value) if name == "known" else shortened(str(value)) for name, value in values.items()
        }
        super().__init__(reason.name, self.values)


def shortened(text: str) -> str:
    """The text, cut when long, with what cannot be written as UTF-8 replaced."""
    text = text.encode(errors="replace").decode().replace("\0", "�")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
