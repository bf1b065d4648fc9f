"""``manage.py export_places FILE``: heritage places in the Linked Places Format."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from heritage import lpf_files, offered
from heritage.lpf_files import FORMS

REFUSED = 2


class Command(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Writes the public heritage places into a file in the Linked Places Format: one document (.json) or a feature "
            "a line (.jsonl). Example: export_places places.json"
        )
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=_("the file to write: .json or .jsonl"))
        parser.add_argument(
            "--curation",
            action="store_true",
            help=_("every place with its true shapes, also what is not public: not to be passed on"),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        form = FORMS.get(path.suffix.removeprefix(".").lower())
        if form is None:
            raise CommandError(_("%(file)s: the file ends with .json or .jsonl.") % {"file": path}, returncode=REFUSED)
        unfinished = path.with_name(f".{path.name}.unfinished")
        language = translation.get_language() or settings.LANGUAGE_CODE
        pages = offered.pages(is_curation=options["curation"])
        try:
            with unfinished.open("wb") as file:
                file.writelines(lpf_files.blocks(pages, form, settings.PUBLIC_URL, language))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=REFUSED) from None
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        unfinished.replace(path)
        self.stdout.write(_("%(file)s is written.") % {"file": path})
