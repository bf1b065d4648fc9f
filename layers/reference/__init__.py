"""Reference data: what a fresh portal is filled with, and how later releases improve it without touching edits."""

from layers.reference.errors import BadFixture
from layers.reference.loading import Loaded, load

__all__ = ["BadFixture", "Loaded", "load"]
