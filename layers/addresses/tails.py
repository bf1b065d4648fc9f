"""What is said after an address about where from it a place is: 对面, 旁, 东侧50米, 与翠竹路交叉口."""

import re
from dataclasses import dataclass

SIDE = "[东西南北]{1,2}"
DISTANCE = r"(?:约?\d{1,5}(?:米|m|M|公里|km))"
PLACE = (
    r"(?:斜?对面|对过|旁边?|边上|附近|隔壁|周边|一带|沿线|门口|门前|门外|前门|后门|侧门|楼下|楼上|楼前|后面|前面|后方|前方|背后"
    r"|里面|以内|路边|入口处?|出口处?|左侧|右侧|[内处旁]"
    rf"|以?{SIDE}(?:侧|边|面|方向|首|端)?{DISTANCE}处?|[往向朝距离]?{SIDE}(?:方向)?{DISTANCE}处?|{DISTANCE}处?"
    rf"|以{SIDE}|{SIDE}(?:侧|面|首|端)|{SIDE}边(?!村))"
)
TAIL = re.compile(rf"(?:的)?((?:{PLACE})+)$")
REACH = 30
NUMBERED = (*"0123456789", "号", "室")  # most addresses end so, and no tail does
CROSSING = re.compile(r"[与和]([^与和]{2,10}(?:路|街|道|巷|弄|线))的?(交叉路?口|交汇处|交界处|交叉处|交口|路口|口)$")
CORNER = re.compile(r"(?<=[路街道])([^路街巷弄村]{2,5}(?:路|街|大道))(交叉路?口|口)$")
# They end names of villages as well.
BEHIND = re.compile(r"(?<=[号室幢栋楼店院厂校馆府站场厦])([前后东西南北])$")


@dataclass(frozen=True)
class Tail:
    start: int  # where it begins in the text
    words: str = ""
    landmark: str = ""  # named by the tail itself: the other street of a crossing


def tail_of(text: str) -> Tail:
    """The words at the end of a text that say where from there; empty ones where there are none."""
    if text.endswith(NUMBERED):
        return Tail(len(text))
    begin = max(0, len(text) - REACH)
    for pattern in (CROSSING, CORNER):
        if found := pattern.search(text, begin):
            return Tail(found.start(), found[2], found[1])
    found = TAIL.search(text, begin) or BEHIND.search(text, begin)
    return Tail(found.start(), found[1]) if found else Tail(len(text))
