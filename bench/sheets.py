"""Plates to print: PDF sheets of the reference streets in parts, how many a second and what the process grows by.

The peer draws nothing but the QR codes, each as the library itself writes it in SVG. PORTAL_BENCH_PLATES says how many
plates there are.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import segno

from bench import Row, compared
from layers.doorplates import pdf_sheets, sheets
from layers.doorplates.lettering import ERROR_LEVEL, Plate
from layers.models.doorplates import PlateKind

PLATES = int(os.environ.get("PORTAL_BENCH_PLATES", "5000"))
PAIRS = 3
ONE = Plate(
    code="P-1", kind=PlateKind.SMALL, heading="青松演示路", roman="Qīngsōng Yǎnshì Lù 12 Hào", number="12号",
    place="枫桥镇天竺社区", address="浙江省绍兴市诸暨市枫桥镇天竺社区青松演示路12号", url="", is_demonstration=True,
)  # fmt: skip
# In a process of its own, so that its greatest size is that of the work.
GROWTH = "import django; django.setup(); from bench import sheets; sheets.grow()"


def run() -> Iterator[Row]:
    pairs = [(PLATES / _seconds(_on_paper), PLATES / _seconds(_codes_alone)) for _pair in range(PAIRS)]
    yield compared(f"{PLATES:,} plates on A4", "plates/s", "their QR codes as SVG alone", pairs)
    for count in (sheets.PART, PLATES):
        environment = {**os.environ, "PORTAL_BENCH_PLATES": str(count)}
        grown = subprocess.run(
            [sys.executable, "-c", GROWTH], env=environment, capture_output=True, text=True, check=True
        )
        print(f"{count:,} plates: the process grew by {grown.stdout.strip()} MB", flush=True)


def grow() -> None:
    """Prints by how many MB this process grew while it drew the plates."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _on_paper()
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)


def _seconds(work: object) -> float:
    assert callable(work)
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _plates() -> Iterator[Plate]:
    for number in range(PLATES):
        yield replace(ONE, code=f"P-{number}", number=f"{number}号", url=_url(number))


def _url(number: int) -> str:
    return f"https://dm.example.gov.cn/d/{number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128:032x}"


def _on_paper() -> None:
    with tempfile.TemporaryDirectory(dir="var") as folder:
        plates = _plates()
        for number, first in enumerate(plates):
            part = chain([first], islice(plates, sheets.PART - 1))
            pdf_sheets.write(part, Path(folder) / f"{number}.pdf", title="", tell=lambda _number: None)


def _codes_alone() -> None:
    for number in range(PLATES):
        segno.make_qr(_url(number), error=ERROR_LEVEL, boost_error=False).svg_inline()
