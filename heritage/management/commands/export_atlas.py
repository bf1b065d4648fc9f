"""``manage.py export_atlas --out FILE``: the atlas of historical place names, typeset as a PDF."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from heritage.atlas import book
from heritage.atlas.choosing import Choice
from layers.coverage.files import write_whole
from layers.errors import BadParameter
from layers.management.terminal import ScriptedCommand


class Command(ScriptedCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Makes the atlas of historical place names as a PDF, in Chinese: a map and the entries of each county, indexes by "
            "pinyin and by strokes; published places alone. Example: export_atlas --county 330602 --out atlas.pdf"
        )
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add(
            "--out",
            type=Path,
            required=True,
            metavar="FILE",
            help=_("the file, written whole or not at all, for example atlas.pdf"),
        )
        add("--list", default="", metavar="CODE", help=_("only places of the published batches of this list"))
        add("--county", default="", metavar="CODE", help=_("only places of this county, for example 330602"))
        add("--category", default="", metavar="CODE", help=_("only places of this category, by its code"))
        add(
            "--for-publication",
            action="store_true",
            help=_("without the mark of a draft on every page; takes a map approval number, MAP_APPROVAL_NO"),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["out"]
        if not path.resolve().parent.is_dir():
            raise BadParameter("--out", str(path), _("there is no such directory; make it first."))
        atlas = book.make(
            Choice(options["list"], options["county"], options["category"]),
            for_publication=options["for_publication"],
            tell=self._tell,
        )
        write_whole(path, atlas.pdf)
        for remark in atlas.remarks:
            self.stderr.write(remark, self.style.WARNING)
        about = {"file": path, "entries": atlas.entries, "pages": atlas.pages}
        self._tell(_("%(file)s is written: %(entries)d entries on %(pages)d pages.") % about)

    def _tell(self, said: str) -> None:
        self.stderr.write(said, self.style.NOTICE)
