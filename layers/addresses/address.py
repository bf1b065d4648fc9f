"""An address taken apart into the components of GB/T 35639-2017."""

import re
from dataclasses import dataclass

# The components of a standard address from large to small, GB/T 35639-2017.
COMPONENTS = (
    "province", "city", "county", "town", "community", "street", "area", "estate", "natural_village",
    "villagers_group", "door", "courtyard", "building_plate", "building", "unit", "floor", "room", "mailbox",
)  # fmt: skip
WITHIN = COMPONENTS[COMPONENTS.index("door") :]  # the door and what lies within it
# What doors are numbered along: the first of these that an address has.
ALONG = ("street", "area", "estate", "natural_village", "community")
LANE = re.compile(r"^.*弄", re.DOTALL)
NUMBER = re.compile(r"^[^0-9]{0,2}([0-9]{1,6})", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an address says, '' where it says nothing. A division that what is written implies is filled in."""

    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    community: str = ""
    street: str = ""
    area: str = ""
    estate: str = ""
    natural_village: str = ""
    villagers_group: str = ""
    door: str = ""
    courtyard: str = ""
    building_plate: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    mailbox: str = ""
    # The codes of the divisions from large to small; several at one level where what is written does not decide.
    divisions: tuple[tuple[str, ...], ...] = ()
    range_end: int | None = None  # 18 of 12-18号
    poi: str = ""  # the building or facility that is named in place of a door
    tail: str = ""  # where from there: 旁, 对面, 东侧50米
    landmark: str = ""  # what the tail is said of, where that is not the address itself
    note: str = ""  # what stands in brackets
    former: str = ""  # the division's name as written, where it is no longer its name
    elsewhere: str = ""  # the divisions' words as written, of an address outside of the register's
    rest: str = ""  # what could not be read

    @property
    def components(self) -> dict[str, str]:
        """The components it has, from large to small."""
        return {name: said for name in COMPONENTS if (said := getattr(self, name))}

    @property
    def standard(self) -> str:
        """The components from large to small, as a doorplate's ``standard_address``."""
        return "".join(self.components.values())

    @property
    def stretch(self) -> str:
        """What its door is numbered along, with the lane that has numbers of its own; as a doorplate's ``stretch``."""
        along: str = next((said for name in ALONG if (said := getattr(self, name))), "")
        lane = LANE.match(self.door)
        return along + (lane[0] if lane else "")

    @property
    def number(self) -> int | None:
        """Its number there, as a doorplate's ``number``: 12 of 12号, 12-1号, 12号之一 and 5弄12号甲."""
        found = NUMBER.match(LANE.sub("", self.door))
        return int(found[1]) if found else None

    @property
    def written(self) -> str:
        """The door and all that lies within it: 5弄12号3幢501室."""
        return "".join(getattr(self, name) for name in WITHIN)

    @property
    def has_doors(self) -> bool:
        """Whether doors are numbered along what it names: it is no village alone."""
        return self.number is not None or any(getattr(self, name) for name in ALONG[:-1])
