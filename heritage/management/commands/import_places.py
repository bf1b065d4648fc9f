"""``manage.py import_places FILE --author NAME``: a file of place names into drafts."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from heritage.access import may_draft
from heritage.imports import steps
from heritage.models import PlaceImport
from heritage.models.imports import Decision
from layers.access import reader_of
from layers.crs.said import UnknownCrs
from layers.errors import BadParameter, LayerError
from layers.imports.place_words import explain
from layers.imports.reading import UnreadableFile

REFUSED, FAILED = 2, 1
LISTED = 200  # remarks


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Makes a draft of each row of a spreadsheet of place names, or of each feature of the Linked Places Format. "
            "Example: import_places names.xlsx --author curator --crs 4490 --dry-run"
        )
        codes = _(
            "Exit codes: 0 everything was taken; 1 rows were refused or are to be decided; 2 what was asked for makes no sense."
        )
        return super().create_parser(prog_name, subcommand, epilog=codes, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("file", type=Path, help=_("CSV, XLSX, ODS, or JSON in the Linked Places Format"))
        add("--author", required=True, metavar="NAME", help=_("the account whose drafts they are"))
        add("--crs", default="", help=_("the system of coordinates, for example 4490, 4549, GCJ-02 or BD-09"))
        add("--dry-run", action="store_true", help=_("do everything, say what came of it, and take it back"))
        add(
            "--proposed",
            choices=Decision.values,
            default="",
            help=_("what becomes of rows that are like a place; without it they wait at /curate/import/"),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        is_dry, proposed = options["dry_run"], options["proposed"]
        try:
            with transaction.atomic():
                batch = _received(options)
                if proposed:
                    lines = batch.rows.filter(decision="").values_list("line", flat=True)
                    steps.decide(batch, dict.fromkeys(lines, proposed))
                counts = steps.counts(batch)
                if not counts.undecided:
                    steps.apply(batch)
                self._tell(batch, counts)
                if is_dry:
                    transaction.set_rollback(True)
        except UnknownCrs as error:
            raise CommandError(explain(error), returncode=REFUSED) from None
        except (LayerError, UnreadableFile) as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        if is_dry:
            said = _("Nothing was changed: this was a dry run.")
        elif counts.undecided:
            said = _("%(count)d rows may be places that there are: decide about them at /curate/import/%(id)d/.") % {
                "count": counts.undecided,
                "id": batch.pk,
            }
        else:
            said = _("The drafts of import %(id)d are made.") % {"id": batch.pk}
        self.stdout.write(said)
        if counts.refused or counts.undecided:
            sys.exit(FAILED)

    def _tell(self, batch: PlaceImport, counts: steps.Counts) -> None:
        console = Console(file=self.stdout, width=120)  # type: ignore[arg-type]  # Django's writes as a file does
        told = [
            (row.line, row.title, fault["problem"]) for row in batch.rows.exclude(faults=[]) for fault in row.faults
        ]
        for line, title, problem in told[:LISTED]:
            console.print(f"{line} {title}: {problem}", markup=False, highlight=False)
        for row in batch.rows.filter(decision="").select_related("candidate")[:LISTED]:
            about = {"line": row.line, "name": row.title, "other": row.candidate_name, "score": row.score}
            console.print(
                _("%(line)d %(name)s: may be %(other)s (likeness %(score)d)") % about, markup=False, highlight=False
            )
        table = Table()
        for title in (_("rows"), _("new places"), _("changes"), _("left out"), _("to be decided"), _("refused")):
            table.add_column(title, justify="right")
        numbers = (counts.rows, counts.new, counts.change, counts.skip, counts.undecided, counts.refused)
        table.add_row(*map(str, numbers))
        console.print(table)


def _received(options: dict[str, Any]) -> PlaceImport:
    """Raises LayerError, UnreadableFile."""
    path: Path = options["file"]
    author = User.objects.filter(username=options["author"], is_active=True).first()
    if author is None:
        raise BadParameter("--author", options["author"], _("there is no account of this name."))
    if not may_draft(reader_of(author)):
        raise BadParameter("--author", options["author"], _("the account does not curate place names."))
    if not path.is_file():
        raise BadParameter("FILE", str(path), _("there is no such file."))
    return steps.receive(author, path, path.name, crs=options["crs"])
