"""LibreOffice opens what the portal writes and loses nothing of it; what it writes comes in."""

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from layers.coverage.reports.workbook import as_xlsx
from tests.layers.coverage.reports.documents import audit
from tests.layers.imports.reading.files import read_file

SOFFICE = shutil.which("soffice")
UTF8, GB18030 = (f"Text - txt - csv (StarCalc):44,34,{number},1" for number in (76, 85))  # comma, quotes, encoding, row
REGISTER = "编码,名称,状态,乡镇,日期,份额,穴位\neco-w1,㑇里青松园,运营中,塔山街道,2022-12-31,0.72,1200\neco-w2,翠柏园,在建,,,,\n"
ROWS = list(csv.DictReader(io.StringIO(REGISTER)))

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not on this machine")
Convert = Callable[..., Path]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Opens a file and saves it as another; both CSV in the encodings that are said."""

    def run(path: Path, to: str, *, reads: str = "", writes: str = "") -> Path:
        folder = tmp_path / "converted"
        command = [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--norestore"]
        command += [f"--infilter={reads}"] if reads else []
        command += ["--convert-to", f"{to}:{writes}" if writes else to, "--outdir", str(folder), str(path)]
        subprocess.run(command, capture_output=True, check=True, timeout=120)
        return folder / f"{path.stem}.{to}"

    return run


@pytest.mark.django_db(databases=["default", "reader"])
@pytest.mark.parametrize(("form", "reads"), [("csv", UTF8), ("xlsx", "")])
def test_exports_open_as_they_were_written(public: Client, tmp_path: Path, convert: Convert, form: str, reads: str) -> None:  # fmt: skip
    found = {}
    for name in ("csv", form):
        response = public.get("/api/collections/eco-burial-sites/items", {"f": name})
        found[name] = tmp_path / f"sites.{name}"
        found[name].write_bytes(b"".join(response.streaming_content) if response.streaming else response.content)
    assert rows(convert(found[form], "csv", reads=reads, writes=UTF8)) == rows(found["csv"])


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@pytest.mark.django_db(databases=["default", "reader"])
def test_an_audit_opens_with_its_figures(tmp_path: Path, convert: Convert) -> None:
    path = tmp_path / "audit.xlsx"
    path.write_bytes(as_xlsx(audit()))
    summary = rows(convert(path, "csv", writes=UTF8))
    begin = next(place for place, row in enumerate(summary) if row[:2] == ["目标", "标识"])
    assert [row[3:6] for row in summary[begin + 1 : begin + 5]] == [
        ["3", "4", "75.0%"],
        ["80", "", "80"],
        ["", "", ""],
        ["130", "3000", "433.333333333333"],
    ]
    assert summary[begin + 2][0] == "=1+1 养老机构"


@pytest.mark.parametrize(("to", "writes"), [("xlsx", ""), ("xls", ""), ("ods", ""), ("csv", GB18030)])
def test_what_it_writes_is_read(tmp_path: Path, convert: Convert, to: str, writes: str) -> None:
    path = tmp_path / "台账.csv"
    path.write_text(REGISTER, encoding="utf-8")
    found = read_file(convert(path, to, reads=UTF8, writes=writes))
    assert found.source.format == to
    assert found.rows == [(n, {name: text or None for name, text in row.items()}) for n, row in enumerate(ROWS, 2)]
