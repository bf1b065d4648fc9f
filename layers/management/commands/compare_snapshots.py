"""``manage.py compare_snapshots A B``: what was added, changed and gone between two snapshots of a layer."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from layers import registry
from layers.access import BUREAU
from layers.errors import BadParameter, LayerError
from layers.models import Snapshot
from layers.snapshots import comparing, finding, told

FORMATS = {"text": told.as_text, "json": told.as_json, "csv": told.as_csv}
DIFFERENT, WRONG = 1, 2


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _("Says which rows were added, changed and gone from one snapshot of a layer to another.")
        codes = _("Exit codes: 0 nothing differs; 1 something does; 2 anything else went wrong.")
        return super().create_parser(prog_name, subcommand, epilog=codes, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("before", metavar="A", help=_("the number of a snapshot, as list_snapshots shows it"))
        add("after", metavar="B", help=_("the number of another of the same layer"))
        add("--format", default="text", metavar="|".join(FORMATS), help=_("text for people, json or csv for programs"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            tell = FORMATS.get(options["format"])
            if tell is None:
                expected = _("give one of %(known)s.") % {"known": ", ".join(FORMATS)}
                raise BadParameter("--format", options["format"], expected)
            before, after = _pair(options["before"], options["after"])
        except LayerError as error:
            raise CommandError(str(error), returncode=WRONG) from None
        layer = registry.get(after.layer_id)
        counted = comparing.changes(layer, BUREAU, before, after, limit=0)
        for line in tell(before, after, counted, comparing.every_change(layer, BUREAU, before, after)):
            self.stdout.write(line)
        if counted.total:
            sys.exit(DIFFERENT)


def _pair(first: str, second: str) -> tuple[Snapshot, Snapshot]:
    """The two snapshots. Raises BadParameter, also when they are of different layers."""
    before, after = finding.numbered(first), finding.numbered(second)
    if before.layer_id != after.layer_id:
        expected = _("it is of “%(other)s”, but %(first)s is of “%(layer)s”; give two of one layer.")
        said = {"other": after.layer_id, "first": first, "layer": before.layer_id}
        raise BadParameter("B", second, expected % said)
    return before, after
