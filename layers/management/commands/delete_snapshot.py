"""``manage.py delete_snapshot ID``: deletes a whole snapshot, which the change log records."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from layers.changes import Actor, recorded
from layers.errors import LayerError
from layers.models import Snapshot
from layers.models.snapshots import DELETING
from layers.snapshots import finding, taking


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Deletes a whole snapshot for ever, and the rows that no other holds; the change log records it. "
            "Example: delete_snapshot 12 --as director"
        )
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help=_("the number of a snapshot, as list_snapshots shows it"))
        parser.add_argument(
            "--as", dest="account", required=True, metavar="NAME", help=_("the administrator who deletes it")
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            by = taking.deleter(options["account"])
            number = finding.numbered(options["id"]).pk
            with recorded(Actor(name=by.username, origin=DELETING)):
                taking.delete(Snapshot.objects.get(pk=number))
        except LayerError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(_("Snapshot %(number)d was deleted.") % {"number": number})
