"""stub"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Choices:
    table: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: int | None = None


Source = Any


@dataclass(frozen=True)
class Piece:
    first: int
    rows: Any
    numbers: Any
    geometry: Any = None


def look(*a: Any, **k: Any) -> Any: ...
def read(*a: Any, **k: Any) -> Any: ...
