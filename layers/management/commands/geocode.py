"""``manage.py geocode FILE``: a table of addresses again as CSV, with where each row is."""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as Shown

from layers.access import BUREAU, PUBLIC
from layers.errors import BadParameter, LayerError
from layers.rows import today
from layers.search import resuming, tables
from layers.search.batch import Batch, Way
from layers.search.resuming import Tell

READERS = {"public": PUBLIC, "bureau": BUREAU}
REFUSED, FAILED = 2, 1
LOGGED_EVERY = 100_000  # rows


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Writes a table of addresses again as CSV, with the match, how sure it is, and longitude and latitude in "
            "CGCS2000. A run that was broken off goes on where it was. "
            "Example: geocode homes.csv --columns county,town,address --encoding gb18030"
        )
        codes = _("Exit codes: 0 the file is written; 1 something went wrong; 2 what was asked for makes no sense.")
        return super().create_parser(prog_name, subcommand, epilog=codes, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("file", type=Path, help=_("a table as CSV or XLSX, with a row that names its columns"))
        add(
            "--columns",
            default="",
            metavar="NAMES",
            help=_("the columns that make the address, the largest division first; by default one of %(names)s")
            % {"names": ", ".join(tables.CALLED)},
        )
        add("--output", type=Path, metavar="OUT.csv", help=_("the file to write; by default FILE.geocoded.csv"))
        add("--encoding", default="", help=_("for example utf-8 or gb18030; by default what the content tells"))
        add(
            "--as",
            dest="reader",
            choices=READERS,
            default="public",
            help=_("whose eyes to read with: public, the default, or bureau, who sees every row and field"),
        )
        add("--force", action="store_true", help=_("replace the file if there is one, and begin anew"))

    def handle(self, *_args: Any, **options: Any) -> None:
        file: Path = options["file"]
        path: Path = options["output"] or file.with_name(f"{file.stem}.geocoded.csv")
        with TemporaryDirectory() as folder:
            try:
                table = _table(file, path, Path(folder), options)
                batch = Batch(READERS[options["reader"]], today())
                with self._progress() as tell:
                    found = resuming.write(table, batch, path, tell=tell)
            except LayerError as error:
                raise CommandError(str(error), returncode=REFUSED) from None
            except OSError as error:
                raise CommandError(_("The file cannot be written: %(reason)s") % {"reason": error}, FAILED) from None
            except DatabaseError as error:
                raise CommandError(_("The database did not answer: %(reason)s") % {"reason": error}, FAILED) from None
        self._tell(found)
        self.stderr.write(_("Written to %(file)s.") % {"file": path}, self.style.NOTICE)

    @contextmanager
    def _progress(self) -> Iterator[Tell]:
        """A count on a terminal, now and then a line in a log."""
        if sys.stderr.isatty():
            parts = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
            with Progress(*parts, console=Console(stderr=True)) as bar:
                task = bar.add_task(_("rows"), total=None)
                yield lambda rows: bar.advance(task, rows)
            return
        written = 0

        def tell(rows: int) -> None:
            nonlocal written
            before, written = written, written + rows
            if before // LOGGED_EVERY < written // LOGGED_EVERY:
                self.stderr.write(_("%(count)d rows") % {"count": written}, self.style.NOTICE)

        yield tell

    def _tell(self, found: Counter[str]) -> None:
        table = Shown()
        table.add_column("match_way")
        table.add_column(_("rows"), justify="right")
        for way in Way:
            if found[way]:
                table.add_row(way.value, f"{found[way]:,}")
        Console().print(table, markup=False)


def _table(file: Path, path: Path, folder: Path, options: dict[str, Any]) -> tables.Table:
    """The table that the options describe. Raises LayerError."""
    if not file.is_file():
        raise BadParameter("FILE", str(file), _("there is no such file."))
    if options["force"]:
        resuming.forget(path)
    elif path.exists():
        raise BadParameter("FILE", str(path), _("it exists; --force replaces it."))
    return tables.table(file, file.name, folder, columns=options["columns"], encoding=options["encoding"])
