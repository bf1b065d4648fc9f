"""Reading an address as it is written."""

from dataclasses import dataclass, field

from layers.addresses.address import Address
from layers.addresses.gazetteer import Gazetteer
from layers.addresses.numbers import Part, numbered_at
from layers.addresses.tails import tail_of
from layers.addresses.upper import Upper, read_upper
from layers.addresses.words import PLAIN, Name, generic, may_end, name_at
from layers.addresses.written import tidy

GROW = ("street", "estate")  # a lane off a street, a part of an estate: written one after the other


@dataclass
class Reading:
    """How far an address is read, and what was found."""

    text: str
    found: dict[str, str]
    at: int
    range_end: int | None = None
    poi: str = ""
    rest: list[str] = field(default_factory=list)


def parse(text: str, gazetteer: Gazetteer) -> Address:
    """What the address says. Reads any text in bounded time and never fails: what it does not understand is ``rest``."""
    written = tidy(text)
    tail = tail_of(written.text)
    said, notes = written.text[: tail.start], list(written.notes)
    words, landmark = tail.words, tail.landmark
    for note in notes:
        beside = tail_of(note)
        if not words and beside.words:
            words, landmark = beside.words, note[: beside.start] or beside.landmark
            notes.remove(note)
            break
    upper = read_upper(said, gazetteer)
    reading = Reading(said, upper.components(gazetteer), upper.end)
    while reading.at < len(said):
        _read_on(reading, upper)
    if tail.words and not landmark:
        landmark, reading.poi = reading.poi, ""
    rest = [upper.contradicted, *reading.rest, written.beyond]
    building = reading.found.get("building", "")
    return Address(
        **reading.found,
        divisions=upper.divisions(gazetteer),
        range_end=reading.range_end,
        poi=reading.poi or ("" if reading.found.keys() & {"door", "building_plate"} else building),
        tail=words,
        landmark=landmark,
        note=" ".join(notes),
        former=upper.former,
        elsewhere=upper.elsewhere,
        rest=" ".join(filter(None, rest)),
    )


def _read_on(reading: Reading, upper: Upper) -> None:
    """Reads the next part of the text, or lays it aside."""
    text, at = reading.text, reading.at
    if text[at] in " -~()":
        reading.at += 1
        return
    part = numbered_at(text, at, frozenset(reading.found))
    if part and may_end(text, part.end):
        _take_part(reading, part)
        return
    name = name_at(text, at)
    if name is None or not (name.component or name.text):
        if part:
            _take_part(reading, part)
        else:
            _lay_aside(reading, _word_end(text, at))
        return
    component = name.component
    if not component or _may_be_settlement(reading, name):
        component = _component_of_untyped(reading, name.end) or component
    said = upper.last + name.text if at == upper.end and PLAIN.fullmatch(name.text) else name.text
    if not component and part:
        _take_part(reading, part)
    elif component == "poi":
        _put_poi(reading, said, name.end)
    elif component:
        _put(reading, component, said, name.end)
    else:
        _lay_aside(reading, name.end)


def _may_be_settlement(reading: Reading, name: Name) -> bool:
    """Whether a name such as 一号桥, or 大竹园 of a village, is a settlement's if doors are numbered along it."""
    if len(generic(name.text)) > 1 or "street" in reading.found:
        return False
    return name.component == "poi" or (name.component == "estate" and reading.found.get("community", "").endswith("村"))


def _component_of_untyped(reading: Reading, end: int) -> str:
    """What a name without a generic word is, by the number behind it: a settlement's doors, an estate's buildings."""
    following = numbered_at(reading.text, end, frozenset({"street"}))
    if following is None:
        return ""
    if following.components.keys() & {"door", "villagers_group"}:
        return "natural_village"
    return "estate" if "building_plate" in following.components else ""


def _take_part(reading: Reading, part: Part) -> None:
    if reading.found.keys() & part.components.keys():
        _lay_aside(reading, part.end)
        return
    reading.found.update(part.components)
    reading.range_end = part.range_end or reading.range_end
    reading.at = part.end


def _put(reading: Reading, component: str, said: str, end: int) -> None:
    before = reading.found.get(component, "")
    if before and component not in GROW and before != said:
        _lay_aside(reading, end)
        return
    if before != said:
        reading.found[component] = before + said
    reading.at = end


def _put_poi(reading: Reading, said: str, end: int) -> None:
    reading.poi += said
    reading.at = end


def _lay_aside(reading: Reading, end: int) -> None:
    reading.rest.append(reading.text[reading.at : end])
    reading.at = end


def _word_end(text: str, start: int) -> int:
    """Where the signs of one kind end that stand there: a word of Latin letters, digits, or one other sign."""
    end = start + 1
    while (
        end < len(text)
        and text[start].isascii()
        and text[end].isascii()
        and text[end].isalnum() == text[start].isalnum()
        and text[end] != " "
    ):
        end += 1
    return end
