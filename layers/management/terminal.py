"""What every command that scripts call says alike: the language of its terminal, and what went wrong."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.errors import LayerError


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
