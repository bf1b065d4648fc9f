"""``manage.py take_snapshot [LAYER…]``: freezes ledgers as of a day."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from layers.changes import Actor, recorded
from layers.errors import LayerError
from layers.publish import parameters
from layers.rows import today
from layers.snapshots import taking

REFUSED = 2


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Freezes layers as of a day, as they are recorded now; no later edit changes a snapshot. "
            "Example: take_snapshot eco-burial-sites --on 2022-12-31"
        )
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("layer", nargs="*", metavar="LAYER", help=_("ids of collections; every published layer without one"))
        add("--on", metavar="DATE", help=_("the day; by default the last day of the month before"))
        add("--as", dest="account", default="", metavar="NAME", help=_("the account that takes it"))
        add("--note", default="", metavar="TEXT", help=_("what the snapshot is for, for those who find it later"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            given = {"--on": options["on"]} if options["on"] else {}
            on = parameters.day(given, "--on", taking.month_end(today()))
            by = taking.taker(options["account"]).username if options["account"] else ""
            for layer in taking.layers(options["layer"]):
                with recorded(Actor(name=by, origin="take_snapshot")):
                    taken = taking.take(layer, on, by=by, note=options["note"])
                self.stdout.write(
                    _("%(layer)s %(day)s: snapshot %(number)d, %(features)d features, SHA-256 %(sha256)s")
                    % {
                        "layer": layer.id,
                        "day": taken.day,
                        "number": taken.pk,
                        "features": taken.features,
                        "sha256": taken.sha256,
                    }
                )
        except LayerError as error:
            raise CommandError(str(error), returncode=REFUSED) from None
