"""``manage.py audit_coverage``: whether the targets are met as of a day, and what is missing."""

import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from layers.coverage import audit, report, reports, saved, targets
from layers.coverage.amounts import MET, MISSED, NOT_ASSESSABLE
from layers.coverage.audit import AuditResult
from layers.coverage.files import write_whole
from layers.coverage.reports.table import as_table
from layers.errors import BadParameter
from layers.management.terminal import ScriptedCommand
from layers.snapshots import records

FORMATS = ("table", "json", *reports.FORMATS)
EXIT_CODES = {MISSED: 1, NOT_ASSESSABLE: 3, MET: 0}  # the first that a target has
LOG_COLUMNS = 100


class Command(ScriptedCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _("Says whether the bureau's targets are met as of a day, and what is missing.")
        return super().create_parser(prog_name, subcommand, epilog=_exit_codes(), **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add(
            "--targets",
            type=Path,
            metavar="FILE",
            help=_("a YAML file of targets, for example fixtures/targets/2022.yaml; by default that of the day's year"),
        )
        add(
            "--target",
            action="append",
            default=[],
            metavar="ID",
            help=_("only this target; may be given several times, for example --target eco-burial-township-provision"),
        )
        add("--as-of", metavar="DATE", help=_("the day that counts, for example 2022-12-31; by default today"))
        add(
            "--snapshot",
            metavar="SNAPSHOT",
            help=_(
                "what was recorded then, for example 2022-12-31, the day as of which ledgers were frozen, or 12,13, the "
                "numbers of snapshots that list_snapshots shows; by default the registers as they are now"
            ),
        )
        add("--division", default="", metavar="ADCODE", help=_("only this city or county, for example 330602"))
        add(
            "--format",
            default="table",
            metavar="|".join(FORMATS),
            help=_(
                "table for people, json, csv and geojson (what is missing, and where) for programs, xlsx and html as "
                "reports, for example --format json; by default table"
            ),
        )
        add(
            "--output",
            type=Path,
            metavar="FILE",
            help=_("a file that is written whole or not at all, for example audit.json; by default standard output"),
        )
        add(
            "--save",
            action="store_true",
            help=_("keep the audit in the portal under a new id, for example for a comparison later"),
        )
        add(
            "--fail-on",
            action="append",
            default=[],
            metavar="ID",
            help=_(
                "the exit code follows only this target; may be given several times, "
                "for example --fail-on eco-burial-township-provision"
            ),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        self._refuse_format(options["format"], options["output"])
        given = {"--as-of": options["as_of"], "--snapshot": options["snapshot"]}
        record = records.asked({name: said for name, said in given.items() if said is not None}, prefix="--")
        plan = targets.load(options["targets"]) if options["targets"] else targets.plan(record.on)
        chosen = plan.chosen(options["target"])
        deciding = chosen.chosen(options["fail_on"])
        found = audit.run(chosen, record, division=options["division"], begin=self._begin)
        kept = saved.save(found) if options["save"] else None
        content = self._rendered(found, options["format"], options["output"], kept.pk if kept else None)
        if options["output"]:
            write_whole(options["output"], content)
            self.stderr.write(_("Written to %(file)s.") % {"file": options["output"]}, self.style.NOTICE)
        elif isinstance(content, str):
            self.stdout.write(content, ending="")
        else:
            cast(BinaryIO, self.stdout.buffer).write(content)
        if kept:
            self.stderr.write(_("Saved as audit %(id)s.") % {"id": kept.pk}, self.style.NOTICE)
        code = _exit_code(found, deciding.targets)
        if code:
            sys.exit(code)

    def _refuse_format(self, form: str, output: Path | None) -> None:
        if form not in FORMATS:
            raise BadParameter("--format", form, _("give one of %(known)s.") % {"known": ", ".join(FORMATS)})
        if form in reports.FORMATS and not reports.FORMATS[form].is_text and output is None and self.stdout.isatty():
            raise BadParameter("--format", form, _("a terminal cannot show it: name a file with --output."))

    def _begin(self, target: targets.Target) -> None:
        self.stderr.write(_("Computing %(id)s …") % {"id": target.id}, self.style.NOTICE)

    def _rendered(self, found: AuditResult, form: str, output: Path | None, audit_id: int | None) -> str | bytes:
        if form == "json":
            return report.as_json(found, audit_id)
        document = report.document(found, audit_id)
        if form in reports.FORMATS:
            chosen = reports.FORMATS[form]
            content = chosen.make(document)
            return content.decode() if chosen.is_text else content
        if output is None and self.stdout.isatty():
            return as_table(document, width=shutil.get_terminal_size().columns, colour=True)
        return as_table(document, width=LOG_COLUMNS)


def _exit_code(found: AuditResult, deciding: Iterable[targets.Target]) -> int:
    """That of the worst of the targets that decide."""
    ids = {target.id for target in deciding}
    statuses = {result.status for result in found.targets if result.target.id in ids}
    return next((code for status, code in EXIT_CODES.items() if status in statuses), EXIT_CODES[MET])


def _exit_codes() -> str:
    return _(
        "Exit codes: 0 every target is met; 1 at least one is missed; "
        "3 none is missed, but some cannot be assessed; 2 anything else went wrong. "
        "With --fail-on only the targets named there decide between 0, 1 and 3."
    )
