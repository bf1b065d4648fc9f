"""``manage.py load_reference [DIRECTORY]``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from layers import reference
from layers.changes import Actor, recorded
from layers.search import index, readings


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Set here, where the language is known.
        self.help = _(
            "Loads reference data. Running it again changes nothing; rows that were edited or deleted since stay so. "
            "Example: load_reference fixtures/shaoxing"
        )
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "directory",
            nargs="?",
            type=Path,
            default=Path(settings.BASE_DIR) / "fixtures/shaoxing",
            help=_("a directory with a manifest.yaml, for example fixtures/shaoxing, which is the default"),
        )

    def handle(self, *_args: Any, directory: Path, verbosity: int, **_options: Any) -> None:
        try:
            with recorded(Actor(origin="load_reference")):
                if readings.bring(readings.local()):
                    index.rebuild(lambda _table, _names: None)
                loaded = reference.load(directory, lambda line: self._progress(line, verbosity))
        except reference.BadFixture as error:
            raise CommandError(str(error), returncode=2) from None
        for register in loaded if verbosity else []:
            self.stdout.write(
                _("%(table)s: %(added)d added, %(updated)d updated, %(unchanged)d unchanged, %(left_alone)d left alone")
                % vars(register)
            )

    def _progress(self, line: str, verbosity: int) -> None:
        if verbosity:
            self.stderr.write(line, self.style.NOTICE)
