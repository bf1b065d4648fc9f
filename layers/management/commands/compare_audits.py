"""``manage.py compare_audits A B``: what changed from one saved audit to another, and which divisions and features did it."""

import json
import shutil
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from layers.coverage import comparing, saved
from layers.coverage.reports import comparison
from layers.errors import BadParameter
from layers.management.terminal import ScriptedCommand

FORMATS = ("table", "json")
CHANGED = 1
LOG_COLUMNS = 100


class Command(ScriptedCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Says what changed from one saved audit to another: values, statuses, and the divisions and features that "
            "changed them. Example: compare_audits 3 4 --format json"
        )
        codes = _("Exit codes: 0 nothing changed; 1 something did; 2 anything went wrong.")
        return super().create_parser(prog_name, subcommand, epilog=codes, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("before", metavar="A", help=_("the id of a saved audit, for example 3"))
        add("after", metavar="B", help=_("the id of another, for example 4"))
        add("--format", default="table", metavar="|".join(FORMATS), help=_("table for people, json for programs"))

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["format"] not in FORMATS:
            known = _("give one of %(known)s.") % {"known": ", ".join(FORMATS)}
            raise BadParameter("--format", options["format"], known)
        before, after = (saved.read(saved.number(options[side])) for side in ("before", "after"))
        found = comparing.compare(before, after)
        self.stdout.write(self._rendered(found, options["format"]), ending="")
        if found["changed"]:
            sys.exit(CHANGED)

    def _rendered(self, found: dict[str, Any], form: str) -> str:
        if form == "json":
            return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
        if self.stdout.isatty():
            return comparison.as_table(found, width=shutil.get_terminal_size().columns, colour=True)
        return comparison.as_table(found, width=LOG_COLUMNS)
