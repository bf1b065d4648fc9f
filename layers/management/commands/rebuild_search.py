"""``manage.py rebuild_search``: makes the index of names anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from layers.search import index, readings


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Makes the index of names anew, as after a change of readings. Searches meanwhile use the old one; "
            "editors of names wait. Example: rebuild_search"
        )
        return super().create_parser(prog_name, subcommand, **kwargs)

    @transaction.atomic
    def handle(self, *_args: Any, verbosity: int, **_options: Any) -> None:
        readings.bring_characters()
        readings.bring(readings.local())
        names = index.rebuild(lambda table, names: self._told(table, names, verbosity))
        self.stdout.write(_("%(names)d names are found by search.") % {"names": names})

    def _told(self, table: str, names: int, verbosity: int) -> None:
        if verbosity:
            self.stderr.write(_("%(table)s: %(names)d names") % {"table": table, "names": names})
