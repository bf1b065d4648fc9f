"""What clerks send, for tests of the pages of imports: a register as CSV, as a workbook, as a zipped Shapefile."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
import xlsxwriter
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from layers.imports import batches
from layers.models import Import

HEADERS = ("编码", "名称", "状态", "级别", "乡镇", "来源", "经度", "纬度")
SITES = [
    ("eco-w1", "青松园", "运营中", "村级", "塔山街道", "演示", "120.584", "29.994"),
    ("eco-w2", "翠柏园", "在建", "村级", "塔山街道", "演示", "120.588", "29.994"),
]
FAULTY = ("eco-w3", "", "飞行中", "村级", "塔山街道", "演示", "东经", "29.9")


def csv(*rows: tuple[str, ...], headers: tuple[str, ...] = HEADERS, encoding: str = "gb18030") -> bytes:
    return "\n".join(",".join(row) for row in (headers, *rows)).encode(encoding)


def workbook(title: str, *rows: tuple[str, ...]) -> bytes:
    """A sheet with a title above its header."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, len(HEADERS) - 1, title)
        for number, row in enumerate((HEADERS, *rows), 1):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def shapefile(folder: Path, *rows: tuple[str, ...]) -> bytes:
    """A Shapefile in CGCS2000, its files in one zip."""
    path = folder / "sites.shp"
    places = shapely.to_wkb(shapely.points([(float(row[6]), float(row[7])) for row in rows]))
    columns = [np.array(column, object) for column in list(zip(*rows, strict=True))[:6]]
    pyogrio.raw.write(
        path, places, columns, fields=list(HEADERS[:6]), geometry_type="Point", crs="EPSG:4490", encoding="UTF-8",
        driver="ESRI Shapefile",
    )  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for part in folder.glob("sites.*"):
            packed.write(part, part.name)
    return file.getvalue()


def send(client: Client, content: bytes, name: str = "台账.csv", layer: str = "eco-burial-sites") -> Import:
    """Sends a file with the form of ``/import/``; the import that it began."""
    file = io.BytesIO(content)
    file.name = name
    response = client.post("/import/", {"layer": layer, "file": file})
    assert response.status_code == 302, response.content.decode()
    return Import.objects.latest("pk")


def do(client: Client, batch: Import, what: str, step: str = "", **sent: Any) -> Any:
    """Sends a form of the import's page."""
    response = client.post(f"/import/{batch.pk}/{f'?step={step}' if step else ''}", {"do": what, **sent})
    batch.refresh_from_db()
    return response


def columns(client: Client, batch: Import, **changed: str) -> dict[str, str]:
    """The form of the columns as it is offered."""
    form = client.get(f"/import/{batch.pk}/?step=columns").context["form"]
    return {name: str(form[name].value() or "") for name in form.fields if name != "keep_going"} | changed


def work(batch: Import) -> None:
    """Does what is queued, as the worker does."""
    for job in ProcrastinateJob.objects.filter(task_name=batches.TASK, status="todo"):
        app.tasks[job.task_name](**job.args)
    ProcrastinateJob.objects.filter(task_name=batches.TASK).delete()
    batch.refresh_from_db()
