"""``manage.py audit_coverage``: whether the targets are met as of a day, and what is missing."""

import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from layers.coverage import audit, report, saved, targets
from layers.coverage.amounts import MET, MISSED, NOT_ASSESSABLE
from layers.coverage.audit import AuditResult
from layers.coverage.files import write_whole
from layers.errors import BadParameter
from layers.management.terminal import ScriptedCommand
from layers.publish import parameters
from layers.rows import today

FORMATS = ("table", "json", "csv")
EXIT_CODES = {MET: 0, MISSED: 1, NOT_ASSESSABLE: 3}
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
        add("--division", default="", metavar="ADCODE", help=_("only this city or county, for example 330602"))
        add(
            "--format",
            default="table",
            metavar="|".join(FORMATS),
            help=_("table for people, json or csv for programs, for example --format json; by default table"),
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

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["format"] not in FORMATS:
            raise BadParameter(
                "--format", options["format"], _("give one of %(known)s.") % {"known": ", ".join(FORMATS)}
            )
        as_of = parameters.day(_given("--as-of", options["as_of"]), "--as-of", today())
        plan = targets.load(options["targets"]) if options["targets"] else targets.plan(as_of)
        chosen = plan.chosen(options["target"])
        found = audit.run(chosen, as_of=as_of, division=options["division"], begin=self._begin)
        kept = saved.save(found) if options["save"] else None
        text = self._rendered(found, options["format"], options["output"], kept.pk if kept else None)
        if options["output"]:
            write_whole(options["output"], text)
            self.stderr.write(_("Written to %(file)s.") % {"file": options["output"]}, self.style.NOTICE)
        else:
            self.stdout.write(text, ending="")
        if kept:
            self.stderr.write(_("Saved as audit %(id)s.") % {"id": kept.pk}, self.style.NOTICE)
        if found.status != MET:
            sys.exit(EXIT_CODES[found.status])

    def _begin(self, target: targets.Target) -> None:
        self.stderr.write(_("Computing %(id)s …") % {"id": target.id}, self.style.NOTICE)

    def _rendered(self, found: AuditResult, form: str, output: Path | None, audit_id: int | None) -> str:
        if form == "json":
            return report.as_json(found, audit_id)
        if form == "csv":
            return report.as_csv(found)
        if output is None and self.stdout.isatty():
            return report.as_table(found, width=shutil.get_terminal_size().columns, colour=True)
        return report.as_table(found, width=LOG_COLUMNS)


def _given(name: str, value: str | None) -> dict[str, str]:
    return {} if value is None else {name: value}


def _exit_codes() -> str:
    return _(
        "Exit codes: 0 every target is met; 1 at least one is missed; "
        "3 none is missed, but some cannot be assessed; 2 anything else went wrong."
    )
