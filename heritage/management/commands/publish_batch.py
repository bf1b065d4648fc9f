"""``manage.py publish_batch CODE --document NUMBER``: publishes a batch whose public notice has ended."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from heritage import batches, publishing
from layers.changes import Actor, recorded
from layers.errors import LayerError
from layers.publish import parameters
from layers.rows import today

REFUSED = 2


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Publishes a batch whose public notice has ended: its places become public, and its list is frozen as JSON "
            "with its SHA-256 and as a PDF. Example: publish_batch city-list-6 --document 2026-12"
        )
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("code", metavar="CODE", help=_("the code of the batch"))
        add("--document", required=True, metavar="NUMBER", help=_("the number of the announcement"))
        add("--on", metavar="DATE", help=_("the day of the announcement; today by default"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            given = {"--on": options["on"]} if options["on"] else {}
            on = parameters.day(given, "--on", today())
            with recorded(Actor(origin="publish_batch")):
                batch = publishing.publish(batches.find(options["code"]), document=options["document"], on=on)
            count = batch.listings.filter(batches.STANDING).count()
            self.stdout.write(
                _("%(batch)s: published on %(day)s, entries: %(count)d, SHA-256 %(sha256)s")
                % {"batch": batch, "day": batch.announced_on, "count": count, "sha256": batch.sha256}
            )
        except LayerError as error:
            raise CommandError(str(error), returncode=REFUSED) from None
