"""What every write has in common."""

from dataclasses import dataclass
from datetime import date

from layers.access import Reader
from layers.crs import CRS84, Crs
from layers.registry import Layer


@dataclass(frozen=True)
class Edit:
    """Where something is written, on whose behalf, from which day on dated facts change, and the CRS of what is sent."""

    layer: Layer
    reader: Reader
    on: date
    crs: Crs = CRS84
