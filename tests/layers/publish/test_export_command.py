"""``manage.py export_layer``: the file it writes, what it says, and that no half file is ever left."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import translation

from layers.publish.formats import FORMATS
from tests.asking import get
from tests.layers.publish.formats.readers import READERS, table

COUNTIES = "/api/collections/counties/items"


def export(*args: object, **options: Any) -> str:
    """What the command says."""
    said = StringIO()
    with translation.override("en"):
        call_command("export_layer", *map(str, args), stderr=said, **options)
    return said.getvalue()


def codes(path: Path) -> list[str]:
    form = next(form.name for form in FORMATS.values() if f".{form.extension}" == path.suffix)
    return sorted(code for code, _properties, _place in READERS[form](path.read_bytes(), path.parent))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written_by_its_ending(form: str, public: Client, tmp_path: Path) -> None:
    path = tmp_path / f"counties.{FORMATS[form].extension}"
    said = export("counties", path)
    assert said.splitlines() == ["6 of 6 features", f"Written to {path}."]
    assert codes(path) == sorted(feature["id"] for feature in get(public, COUNTIES)["features"])
    assert list(tmp_path.glob(".*")) == []


def test_options_select_and_write(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    export("counties", path, filter="kind = '市辖区'", bbox="120,29,121.5,31", crs="4490", properties="name,kind")
    rows = table(path.read_bytes())
    assert {row["kind"] for row in rows} == {"市辖区"}
    assert list(rows[0]) == ["code", "name", "kind", "wkt"]


def test_file_in_gcj02_with_points_as_text(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    export("eco-burial-sites", path, crs="gcj02", wkt=True, properties="name")
    rows = table(path.read_bytes())
    assert list(rows[0]) == ["code", "name", "wkt_gcj02"]
    assert rows[0]["wkt_gcj02"].startswith("POINT(12")


def test_bureau_sees_more(tmp_path: Path) -> None:
    for reader in ("public", "bureau"):
        call_command("export_layer", "eco-burial-sites", tmp_path / f"{reader}.csv", "--as", reader, stderr=StringIO())
    public, bureau = (table((tmp_path / f"{reader}.csv").read_bytes())[0] for reader in ("public", "bureau"))
    assert set(bureau) - set(public) == {"used", "evidence", "published"}


@pytest.mark.parametrize(
    ("args", "options", "said"),
    [
        (("nowhere", "a.csv"), {}, "nowhere"),
        (("counties", "a.dwg"), {}, ".gpkg"),
        (("counties", "a.csv"), {"crs": "2437"}, "4549, 4528, 3857, gcj02"),
        (("counties", "a.kml"), {"crs": "gcj02"}, "KML"),
        (("counties", "a.xlsx"), {"wkt": True}, "CSV"),
        (("counties", "a.csv"), {"filter": "nonsense = = 1"}, "filter"),
        (("counties", "a.csv"), {"properties": "secret"}, "secret"),
        (("counties", "a.kml"), {"crs": "4549"}, "KML"),
    ],
)
def test_nonsense_is_refused_with_a_reason(
    args: tuple[str, str], options: dict[str, str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=said) as refused:
        export(*args, **options)
    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_left_alone_without_force(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("precious")
    with pytest.raises(CommandError, match="--force") as refused:
        export("counties", path)
    assert (refused.value.returncode, path.read_text()) == (2, "precious")
    export("counties", path, force=True)
    assert len(table(path.read_bytes())) == 6


def test_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("precious")
    monkeypatch.setattr("layers.publish.formats.xlsx.MOST_ROWS", 3)
    with pytest.raises(CommandError) as failed:
        export("counties", path, force=True)
    assert (failed.value.returncode, path.read_text(), list(tmp_path.iterdir())) == (1, "precious", [path])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere") as failed:
        export("counties", tmp_path / "nowhere" / "a.csv")
    assert failed.value.returncode == 1


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_command_killed_half_way_leaves_nothing(sent: signal.Signals, tmp_path: Path) -> None:
    """In a process of its own, on the committed data, stopped as it reads."""
    program = (
        "import os, signal, sys, time, django; django.setup()\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # which a run in the background would ignore
        "from layers.publish.formats import reading\n"
        "piece = reading.Piece\n"
        "reading.Piece = lambda *args: os.write(1, b'reading\\n') and time.sleep(2) or piece(*args)\n"
        "from django.core.management import execute_from_command_line\n"
        "execute_from_command_line(['manage.py', 'export_layer', 'villages', sys.argv[1]])\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": committed_url()}
    process = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path / "a.csv"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"reading\n"
    process.send_signal(sent)
    began = time.monotonic()
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert time.monotonic() - began < 60
    assert list(tmp_path.iterdir()) == []


def committed_url() -> str:
    """The address of the database the tests run on."""
    about = connection.settings_dict
    host = str(about["HOST"]).replace("/", "%2F")
    return f"postgis://{about['USER']}@{host}/{about['NAME']}"
