"""``manage.py list_snapshots [LAYER]``: the snapshots there are, the newest first."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from layers import registry
from layers.errors import LayerError
from layers.models import Snapshot


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _("Lists the snapshots of a layer, or of all. Example: list_snapshots eco-burial-sites")
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("layer", nargs="?", metavar="LAYER", help=_("the id of a collection"))

    def handle(self, *_args: Any, layer: str | None, **_options: Any) -> None:
        found = Snapshot.objects.all()
        if layer:
            try:
                found = found.filter(layer_id=registry.get(layer).id)
            except LayerError as error:
                raise CommandError(str(error), returncode=2) from None
        table = Table()
        for title in (_("number"), _("layer"), _("as of"), _("taken"), _("by whom"), _("features"), _("note")):
            table.add_column(title)
        for one in found:
            taken = f"{timezone.localtime(one.taken_at):%Y-%m-%d %H:%M}"
            table.add_row(str(one.pk), one.layer_id, str(one.day), taken, one.taken_by, f"{one.features:,}", one.note)
        Console(file=self.stdout, soft_wrap=True).print(table, markup=False)  # type: ignore[arg-type]  # it writes texts
