"""``manage.py import_layer LAYER FILE``: a file's rows into a layer, checked row by row, whole or not at all."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from layers import refusals, registry
from layers.errors import BadParameter, LayerError
from layers.imports import batches, report
from layers.imports.faults import words
from layers.imports.loading import Outcome, Tell
from layers.models.imports import Import

REFUSED, FAILED = 2, 1


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Brings a file into a layer: rows are added or changed by their code; those that are the same are left alone. "
            "Example: import_layer eco-burial-sites sites.xlsx --crs 4490 --as clerk --dry-run"
        )
        codes = _(
            "Exit codes: 0 everything was taken; 1 rows were refused, or something went wrong; "
            "2 what was asked for makes no sense."
        )
        return super().create_parser(prog_name, subcommand, epilog=codes, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("layer", help=_("the id of a collection, for example eco-burial-sites"))
        add("file", type=Path, help=_("CSV, XLSX, ODS, GeoJSON, GeoPackage, zipped Shapefile, KML or FlatGeobuf"))
        add("--as", dest="account", required=True, metavar="NAME", help=_("the account that imports"))
        add("--crs", default="", help=_("the system of coordinates, for example 4490, 4549, GCJ-02 or BD-09"))
        add("--dry-run", action="store_true", help=_("check and say what would change, and change nothing"))
        add("--keep-going", action="store_true", help=_("leave faulty rows out instead of refusing the file"))
        add("--report", type=Path, metavar="OUT.xlsx", help=_("write the file again with its faulty cells marked"))
        add("--on", default="", metavar="DATE", help=_("the day from which changes hold, today by default"))
        add(
            "--column",
            action="append",
            default=[],
            metavar="HEADER=FIELD",
            help=_("what a column is; nothing: it is left out"),
        )
        add("--set", action="append", default=[], metavar="FIELD=VALUE", help=_("one value for all rows"))
        add("--table", default="", help=_("the sheet or layer of the file"))
        add("--encoding", default="", help=_("for example utf-8 or gb18030"))
        add("--delimiter", default="", help=_("between the fields of a CSV file"))
        add("--header", type=int, metavar="ROW", help=_("the number of the header row"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            batch = _received(options)
        except LayerError as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        what = batches.CHECK if options["dry_run"] else batches.LOAD
        try:
            with self._progress() as tell:
                batches.queued_here(batch, what)
                outcome = batches.carry_out(batch, what, tell)
            batch.refresh_from_db()
            if options["report"]:
                report.write(batch, options["report"])
        except LayerError as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        except DatabaseError as error:
            raise CommandError(refusals.explain_error(error), returncode=FAILED) from None
        self._tell(batch, outcome, is_dry=options["dry_run"])
        if outcome.errors:
            sys.exit(FAILED)

    @contextmanager
    def _progress(self) -> Iterator[Tell]:
        with Console(stderr=True).status(_("Reading")) as status:
            read = 0

            def tell(step: str, rows: int) -> None:
                nonlocal read
                read += rows
                status.update(f"{step} {read:,}")

            yield tell

    def _tell(self, batch: Import, outcome: Outcome, *, is_dry: bool) -> None:
        console = Console()
        for found in outcome.faults:
            first = found["examples"][0]
            kind = _("note") if found["is_note"] else _("error")
            rows = ", ".join(str(example["row"]) for example in found["examples"])
            count = _("rows: %(count)d") % found  # outside of the f-string, where translations would not be found
            console.print(
                f"{kind} {found['code']} · {found['field']} · {count}: "
                f"{words(found['code'], first['params'])} ({rows}{' …' if found['count'] > len(found['examples']) else ''}"
                f"{'; ' + first['value'] if first['value'] else ''})",
                markup=False,
            )
        table = Table()
        for title in (_("rows"), _("added"), _("changed"), _("unchanged"), _("refused")):
            table.add_column(title, justify="right")
        counts = (outcome.rows, outcome.added, outcome.changed, outcome.unchanged, outcome.refused)
        table.add_row(*(f"{count:,}" for count in counts))
        console.print(table)
        if is_dry:
            said = _("Nothing was changed: this was a dry run.")
        elif outcome.is_written:
            said = _("Imported as import %(id)d; undo_import %(id)d takes it back.") % {"id": batch.pk}
        else:
            said = _("Nothing was imported. Mend the rows, or leave faulty ones out with --keep-going.")
        console.print(said, markup=False)


def _received(options: dict[str, Any]) -> Import:
    """The import that the options describe. Raises LayerError."""
    path: Path = options["file"]
    user = User.objects.filter(username=options["account"]).first()
    if user is None:
        raise BadParameter("--as", options["account"], _("there is no account of this name."))
    if not path.is_file():
        raise BadParameter("FILE", str(path), _("there is no such file."))
    values: dict[str, Any] = {
        "choices": {name: options[name] for name in ("table", "encoding", "delimiter", "header") if options[name]},
        "crs": options["crs"], "keep_going": options["keep_going"],
        "mapping": dict(_pair("--column", text) for text in options["column"]),
        "constants": dict(_pair("--set", text) for text in options["set"]),
    }  # fmt: skip
    if options["on"]:
        try:
            values["on"] = parse_date(options["on"])
        except ValueError:
            values["on"] = None
        if values["on"] is None:
            raise BadParameter("--on", options["on"], _("give a day, for example 2022-12-31."))
    with path.open("rb") as file:
        batch = batches.receive(registry.get(options["layer"]), user, path.name, batches.parts(file))
    batches.settle(batch, **values)
    return batch


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=") if option == "--column" else text.partition("=")
    if not equals:
        raise BadParameter(option, text, _("write both sides of the sign “=”."))
    return name, value
