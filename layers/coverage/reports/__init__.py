"""Reports of an audit, each made from its JSON document alone, so that the same numbers stand in all of them and a saved
audit can be written again."""

from collections.abc import Mapping
from types import MappingProxyType

FORMATS: Mapping[str, object] = MappingProxyType({})
