"""``manage.py undo_import ID``: takes back what an import wrote, unless its rows were edited since."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from layers.errors import BadParameter, LayerError
from layers.imports import allowed, batches


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help=_("the number of the import"))
        parser.add_argument("--as", dest="account", required=True, metavar="NAME", help=_("the account that undoes it"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            user = User.objects.filter(username=options["account"]).first()
            if user is None:
                raise BadParameter("--as", options["account"], _("there is no account of this name."))
            batches.undo(allowed.get(options["id"], user), user)
        except LayerError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(_("Import %(id)d was undone.") % {"id": options["id"]})
