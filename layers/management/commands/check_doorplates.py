"""``manage.py check_doorplates``: what is wrong with the doorplates of a township or of the city."""

import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from layers.coverage.files import write_whole
from layers.doorplates import check_report, checking, worklist
from layers.doorplates.checking import Asked, Checked
from layers.errors import BadParameter
from layers.management.terminal import ScriptedCommand

FORMATS = ("table", "json", "csv", "geojson")
FOUND = 1
LOG_COLUMNS = 120


class Command(ScriptedCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Checks doorplates: numbers missing, given twice, out of sequence or on the wrong side; plates far from their "
            "street or in another township; plates without a door and doors without a plate. "
            "Example: check_doorplates --township 330681109 --doors doors.gpkg --format geojson --output findings.geojson"
        )
        codes = _("Exit codes: 0 nothing was found; 1 something was; 2 anything went wrong.")
        return super().create_parser(prog_name, subcommand, epilog=codes, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add(
            "--township",
            default="",
            metavar="ADCODE",
            help=_("nine digits, for example 330681109; else the whole city"),
        )
        add("--doors", type=Path, metavar="FILE", help=_("address points or footprints: GeoJSON, GeoPackage, FlatGeobuf, KML or a zipped Shapefile"))  # fmt: skip
        add(
            "--crs",
            default="",
            help=_("of the doors, where the file does not say it, for example 4490, 4549 or GCJ-02"),
        )
        add("--reach", type=float, default=checking.REACH_M, metavar="METRES", help=_("how far from its door a plate may be, 15 by default"))  # fmt: skip
        add("--format", default="table", metavar="|".join(FORMATS), help=_("table for people, the others for programs"))
        add("--output", type=Path, metavar="FILE", help=_("a file that is written whole or not at all; by default standard output"))  # fmt: skip
        add("--save", action="store_true", help=_("bring the worklist up to date with what is found"))

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["format"] not in FORMATS:
            known = _("give one of %(known)s.") % {"known": ", ".join(FORMATS)}
            raise BadParameter("--format", options["format"], known)
        checked = checking.run(_asked(options), self._tell)
        if options["save"]:
            worklist.keep(checked)
        checked, dismissed = worklist.without_dismissed(checked)
        if dismissed:
            said = _("Left out, for the worklist has dismissed them: %(count)d.") % {"count": dismissed}
            self.stderr.write(said, self.style.NOTICE)
        text = self._rendered(checked, options["format"], options["output"])
        if options["output"]:
            write_whole(options["output"], text)
            self.stderr.write(_("Written to %(file)s.") % {"file": options["output"]}, self.style.NOTICE)
        else:
            self.stdout.write(text, ending="")
        if checked.findings:
            sys.exit(FOUND)

    def _tell(self, step: str, done: int) -> None:
        said = {
            "plates": _("Reading the plates …"),
            "numbers": _("Comparing the numbers …"),
            "streets": _("Looking along the streets …"),
            "doors": _("Comparing with the doors …"),
        }
        self.stderr.write(_("Streets: %(count)d …") % {"count": done} if done else said[step], self.style.NOTICE)

    def _rendered(self, checked: Checked, form: str, output: Path | None) -> str:
        told = [check_report.of_check(finding) for finding in checked.findings]
        match form:
            case "json":
                return check_report.as_json(checked, told)
            case "csv":
                return "".join(check_report.csv_lines(told, check_report.township_names(told)))
            case "geojson":
                return "".join(check_report.geojson(told))
        if output is None and self.stdout.isatty():
            return check_report.as_table(checked, told, width=shutil.get_terminal_size().columns, colour=True)
        return check_report.as_table(checked, told, width=LOG_COLUMNS)


def _asked(options: dict[str, Any]) -> Asked:
    file: Path | None = options["doors"]
    if file is not None and not file.is_file():
        raise BadParameter("--doors", str(file), _("there is no such file."))
    if not 0 < options["reach"] <= checking.MOST_REACH_M:
        most = _("give metres, more than 0 and at most %(most)d.") % {"most": checking.MOST_REACH_M}
        raise BadParameter("--reach", str(options["reach"]), most)
    return Asked(
        township=options["township"], file=file, file_name=file.name if file else "", crs=options["crs"], reach_m=options["reach"]
    )  # fmt: skip
