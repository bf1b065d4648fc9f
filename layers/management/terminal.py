"""What every command that scripts call says alike: the language of its terminal, and what went wrong."""

import os
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, OperationalError
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.errors import LayerError

WRONG = 2  # the exit code of anything that went wrong


class ScriptedCommand(BaseCommand):
    """A command whose every failure, the framework's own too, is one message and the same exit code."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.called_from_command_line = False  # so that its refusals come as CommandError, to be said below
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        with translation.override(language()):
            try:
                super().run_from_argv(argv)
            except CommandError as error:
                self.stderr.write(str(error))
                self.stderr.write(_("%(command)s --help explains every option.") % {"command": argv[1]})
                sys.exit(WRONG)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Exception as error:
            if options["traceback"]:
                raise
            raise CommandError(explained(error), returncode=WRONG) from None


def language() -> str:
    """English for an English environment, else the portal's first language."""
    wanted = next(filter(None, map(os.environ.get, ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if wanted.startswith("en") else get_language() or ""


def explained(error: Exception) -> str:
    """What is wrong and what to do, in a line or two."""
    if isinstance(error, LayerError | CommandError | ImproperlyConfigured):
        return str(error)
    reason = str(error).strip() or type(error).__name__
    if isinstance(error, OperationalError):
        remedy = _("The database does not answer: %(reason)s\nStart it (script/serve) or correct DATABASE_URL.")
    elif isinstance(error, DatabaseError):
        remedy = _("The database refused: %(reason)s\nIf a table or column is missing, run manage.py migrate.")
    elif isinstance(error, OSError):
        remedy = _("The file cannot be written or read: %(reason)s\nChoose another place or change its permissions.")
    else:
        remedy = _("Something unexpected happened: %(reason)s\nRun it again with --traceback to see where.")
    return remedy % {"reason": reason}
