"""Reading an address as it is written."""

from dataclasses import dataclass, field

from layers.addresses.address import Address
from layers.addresses.gazetteer import Gazetteer
from layers.addresses.numbers import Part, numbered_at
from layers.addresses.tails import Tail, tail_of
from layers.addresses.upper import Upper
from layers.addresses.words import COMPLEXES, PLAIN, Name, generic, may_end, name_at
from layers.addresses.written import tidy

GROW = ("street", "estate")  # a lane off a street, a part of an estate: written one right after the other


def parse(text: str, gazetteer: Gazetteer) -> Address:
    """What the address says. Reads any text in bounded time and never fails: what it does not understand is ``rest``."""
    written = tidy(text)
    tail = tail_of(written.text)
    said, notes = written.text[: tail.start], list(written.notes)
    if not tail.words:
        tail = _noted_tail(notes)
    reading = Reading(said, Upper(said, gazetteer))
    reading.read()
    upper, found = reading.upper, reading.found
    landmark, poi = tail.landmark, reading.poi
    if tail.words and not landmark:
        landmark, poi = poi, ""
    if not found.keys() & {"door", "building_plate"}:
        poi = poi or found.get("building", "")
    return Address(
        **found,
        divisions=upper.divisions,
        range_end=reading.range_end,
        poi=poi,
        tail=tail.words,
        landmark=landmark,
        note=" ".join(notes),
        former=upper.former,
        elsewhere=upper.elsewhere,
        rest=" ".join(filter(None, [upper.contradicted, *reading.rest, written.beyond])),
    )


def _noted_tail(notes: list[str]) -> Tail:
    """The tail that one of the notes is, which is then no note: (人民医院对面)."""
    for note in notes:
        tail = tail_of(note)
        if tail.words:
            notes.remove(note)
            return Tail(tail.start, tail.words, note[: tail.start] or tail.landmark)
    return Tail(0)


@dataclass
class Reading:
    """Reads the parts of an address one after the other. at: how far. found: its components."""

    text: str
    upper: Upper
    at: int = 0
    found: dict[str, str] = field(default_factory=dict)
    range_end: int | None = None
    poi: str = ""
    rest: list[str] = field(default_factory=list)
    put: dict[str, int] = field(default_factory=dict)  # where the words of a component ended

    def read(self) -> None:
        self.upper.read()
        self._note_divisions()
        while self.at < len(self.text):
            if self.text[self.at] in " -~()":
                self.at += 1
            else:
                self._read_part()

    def _note_divisions(self) -> None:
        self.found |= self.upper.components
        self.at = self.upper.end

    def _read_part(self) -> None:
        """Reads the next part of the text, or lays it aside."""
        part = numbered_at(self.text, self.at, self.found.keys())
        if part and may_end(self.text, part.end):
            self._take_part(part)
            return
        again = self.upper.read_again(self.at)
        if again:
            self._note_divisions()
            return
        if again is None:
            self._lay_aside(len(self.text))
            return
        name = name_at(self.text, self.at)
        component = self._component(name) if name else ""
        if name and component:
            self._take_name(name, component)
        elif part:
            self._take_part(part)
        else:
            self._lay_aside(name.end if name else _word_end(self.text, self.at))

    def _component(self, name: Name) -> str:
        """The component that a name is, '' where nothing tells."""
        is_complex = generic(name.text)[-2:] in COMPLEXES
        if name.component and not is_complex and not self._may_be_settlement(name):
            return name.component
        following = numbered_at(self.text, name.end, {"street"}) or numbered_at(self.text, name.end, {"estate"})
        numbered = following.components.keys() if following else set()
        if is_complex and numbered:
            return "estate" if numbered & {"door", "building_plate"} else "building"
        if numbered & {"door", "villagers_group"}:
            return "natural_village"
        if not name.component and numbered:
            return "estate" if "building_plate" in numbered else "building"
        return name.component

    def _may_be_settlement(self, name: Name) -> bool:
        """Whether a name such as 一号桥, or 大竹园 of a village, is a settlement's if doors are numbered along it."""
        if len(generic(name.text)) > 1 or "street" in self.found:
            return False
        in_village = self.found.get("community", "").endswith("村")
        return name.component == "poi" or (in_village and generic(name.text) not in "路街巷弄")

    def _take_part(self, part: Part) -> None:
        said = part.components
        if "door" in said and self.found.keys() & {"unit", "floor"}:
            said = {"room": said["door"]}
        if self.found.keys() & said.keys():
            self._lay_aside(part.end)
            return
        self.found |= said
        self.range_end = part.range_end or self.range_end
        self.at = part.end

    def _take_name(self, name: Name, component: str) -> None:
        said = name.text
        is_numbered = component in ("estate", "building")
        if self.upper.words and self.at == self.upper.end and not is_numbered and PLAIN.fullmatch(said):
            said = self.upper.words[-1] + said
        if component == "poi":
            self.poi += said
            self.at = name.end
            return
        before = self.found.get(component, "")
        grows = component in GROW and self.put.get(component) == self.at
        if before and before != said and not grows:
            self._lay_aside(name.end)
            return
        self.found[component] = before + said if grows else said
        self.at = self.put[component] = name.end

    def _lay_aside(self, end: int) -> None:
        goes_on = self.rest and self.put.get("rest") == self.at
        said = (self.rest.pop() if goes_on else "") + self.text[self.at : end]
        self.rest.append(said)
        self.at = self.put["rest"] = end


def _word_end(text: str, start: int) -> int:
    """Where a word of Latin letters and digits ends that stands there; the next place for any other sign."""
    end = start + 1
    while (
        end < len(text)
        and text[start].isascii()
        and text[start].isalnum()
        and text[end].isascii()
        and text[end].isalnum()
    ):
        end += 1
    return end
