"""What the check of doorplates finds: facts only; ``finding_words`` says them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from layers.models.doorplate_checks import FindingKind, FindingSeverity

Param = str | int | float | bool | None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to be seen to.

    township: of the register's claim. stretch, community: the street, and its community where several have one of that
    name. number: where on the street. plates: the codes it is about. lon, lat: degrees, None without a place.
    same: what besides makes it this finding and no other, for later checks. params: of the sentence that says it.
    """

    kind: FindingKind
    severity: FindingSeverity
    township: str
    stretch: str = ""
    community: str = ""
    number: int | None = None
    plates: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    same: tuple[Param, ...] = ()
    params: Mapping[str, Param] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """Stable: the same in every check that finds it."""
        said = [self.kind, self.township, self.stretch, self.community, *self.same]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
