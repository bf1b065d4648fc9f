"""``manage.py export_layer LAYER FILE``: a layer's features as a file, in the format that the file's name ends with."""

import os
import shutil
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from layers import registry
from layers.access import BUREAU, PUBLIC
from layers.crs import CRS84, OFFERED_IN_FILES
from layers.errors import BadParameter, LayerError
from layers.publish import downloads, items
from layers.publish.downloads import Download, Tell
from layers.publish.formats import FORMATS

READERS = {"public": PUBLIC, "bureau": BUREAU}
REFUSED, FAILED = 2, 1
LOGGED_EVERY = 100_000  # features


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Writes a layer's features into a file, whole or not at all. "
            "Example: export_layer eco-burial-sites sites.gpkg --crs 4549 --filter \"status = 'operating'\""
        )
        codes = _("Exit codes: 0 the file is written; 1 something went wrong; 2 what was asked for makes no sense.")
        return super().create_parser(prog_name, subcommand, epilog=codes, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add, endings = parser.add_argument, ", ".join(_endings())
        add("layer", help=_("the id of a collection, for example eco-burial-sites"))
        add(
            "file", type=Path, help=_("the file to write; its ending is the format: %(endings)s") % {"endings": endings}
        )
        add("--crs", metavar="CRS", help=_("the system of coordinates, for example 4490 or gcj02; by default WGS 84"))
        add("--wkt", action="store_true", help=_("in CSV: points as WKT instead of two columns"))
        add(
            "--bbox", metavar="W,S,E,N", help=_("only what meets the box in degrees, for example 120.5,29.9,120.7,30.1")
        )
        add("--filter", metavar="CQL2", help=_("only what meets the condition, for example \"status = 'operating'\""))
        add("--datetime", metavar="DATE", help=_("the day, or two joined by a slash, for example 2022-12-31"))
        add(
            "--snapshot",
            metavar="DATE",
            help=_("a snapshot instead of the register: its day, for example 2022-12-31, or its number"),
        )
        add("--properties", metavar="NAMES", help=_("only these properties, for example name,status"))
        add(
            "--as",
            dest="reader",
            choices=READERS,
            default="public",
            help=_("whose eyes to read with: public, the default, or bureau, who sees every row and field"),
        )
        add("--force", action="store_true", help=_("replace the file if there is one"))

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            download = _wanted(options)
            if path.exists() and not options["force"]:
                raise BadParameter("FILE", str(path), _("it exists; --force replaces it."))
        except LayerError as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        try:
            with self._progress(items.count_all(download.selection)) as tell:
                _write_whole(download, path, tell)
        except LayerError as error:
            raise CommandError(str(error), returncode=FAILED) from None
        except OSError as error:
            raise CommandError(_("The file cannot be written: %(reason)s") % {"reason": error}, FAILED) from None
        except DatabaseError as error:
            raise CommandError(_("The database did not answer: %(reason)s") % {"reason": error}, FAILED) from None
        self.stderr.write(_("Written to %(file)s.") % {"file": path}, self.style.NOTICE)

    @contextmanager
    def _progress(self, total: int | None) -> Iterator[Tell]:
        """A bar on a terminal, now and then a line in a log."""
        if sys.stderr.isatty():
            parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            with Progress(*parts, console=Console(stderr=True)) as bar:
                task = bar.add_task(_("Features"), total=total)
                yield lambda rows: bar.advance(task, rows)
            return
        written = 0

        def tell(rows: int) -> None:
            nonlocal written
            before, written = written, written + rows
            if before // LOGGED_EVERY < written // LOGGED_EVERY or written == total:
                said = _("%(written)d of %(total)s features") % {"written": written, "total": total or "?"}
                self.stderr.write(said, self.style.NOTICE)

        yield tell


def _endings() -> dict[str, str]:
    """The name of a format by the ending of its files; a Shapefile's parts come in one .zip."""
    return {f".{one.extension}": one.name for one in FORMATS.values()}


def _wanted(options: dict[str, Any]) -> Download:
    """The download that the options describe. Raises LayerError."""
    form = _endings().get(options["file"].suffix.lower())
    if form is None:
        expected = _("its ending has to be one of %(endings)s.") % {"endings": ", ".join(_endings())}
        raise BadParameter("FILE", options["file"].name, expected)
    given = {name: options[name] for name in ("bbox", "filter", "datetime", "snapshot", "properties") if options[name]}
    if options["wkt"]:
        given["wkt"] = "true"
    if options["crs"]:
        given["crs"] = _crs(options["crs"])
    return downloads.wanted(registry.get(options["layer"]), FORMATS[form], READERS[options["reader"]], given)


def _crs(name: str) -> str:
    """The URI of a system by its number, or gcj02. Raises BadParameter."""
    found = {crs.mark or str(crs.srid): uri for uri, crs in OFFERED_IN_FILES.items() if uri != CRS84.uri}
    if name not in found:
        raise BadParameter("--crs", name, _("give one of %(known)s.") % {"known": ", ".join(found)})
    return found[name]


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _write_whole(download: Download, path: Path, tell: Tell) -> None:
    """Writes in a folder beside the file, which goes also when the command is told to end half-way."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _end)
    folder = path.resolve().with_name(f".{path.name}.{os.getpid()}.part")
    folder.mkdir()
    try:
        made = folder / path.name
        downloads.write(download, made, is_large=True, tell=tell)
        made.replace(path.resolve())
    finally:
        shutil.rmtree(folder)
