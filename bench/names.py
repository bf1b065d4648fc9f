"""Names: the share of the golden ones that are spelled right, and how many are spelled, heard and folded in a second."""

from collections.abc import Callable, Iterable, Sequence
from time import perf_counter

from pypinyin import Style, lazy_pinyin

from bench import Row, compared
from fixtures.names import Golden, golden, local
from layers.names.folding import fold, sounds
from layers.names.romanising import romanise

LEAST_RIGHT = 98.0  # per cent, as tests/layers/names/test_romanising.py asks for
TIMES = 7


def run() -> Iterable[Row]:
    names = golden()
    right = 100 * sum(_spelled(one) == one.expected for one in names) / len(names)
    yield Row(f"{len(names)} golden names spelled right", right, "%", LEAST_RIGHT, "least", right / LEAST_RIGHT)
    heard, plain = (100 * sum(_bare(way(one)) == _bare(one.expected) for one in names) / len(names) for way in WAYS)
    yield Row("the same, syllables and tones only", heard, "%", plain, "pypinyin", heard / plain)
    _rate(_heard, names)  # loads the dictionary
    for what, work in (("romanised", _spelled), ("heard", _heard), ("folded", _folded)):
        pairs = [(_rate(work, names), _rate(_plain, names)) for _ in range(TIMES)]
        yield compared(f"names {what}", "names/s", "pypinyin", pairs)


def _spelled(one: Golden) -> str:
    return romanise(one.name, one.category, local()).text


def _heard(one: Golden) -> list[str]:
    return sounds(one.name, local())


def _folded(one: Golden) -> str:
    return fold(one.name)


def _plain(one: Golden) -> str:
    """What a portal without reviewed readings and rules would show."""
    return "".join(lazy_pinyin(one.name, style=Style.TONE))


def _bare(spelling: str) -> str:
    return spelling.lower().replace(" ", "").replace("’", "")


WAYS = (_spelled, _plain)


def _rate(work: Callable[[Golden], object], names: Sequence[Golden]) -> float:
    began = perf_counter()
    for one in names:
        work(one)
    return len(names) / (perf_counter() - began)
