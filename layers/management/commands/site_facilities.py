"""``manage.py site_facilities``: where the next sites should go, kept as a scenario that planners find in their pages."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from layers.access import BUREAU
from layers.coverage.files import write_whole
from layers.errors import BadParameter
from layers.management.terminal import ScriptedCommand
from layers.models import SitingProblem
from layers.models.siting import SitingState
from layers.siting import asking, files, mapping, report, scenarios, table
from layers.siting.asking import FILE
from layers.siting.solving.watching import Progress
from layers.siting.words import said, told

BY = "site_facilities"
FORMATS = ("table", "json", "geojson", "html")
FILES = {"demand": "--demand-file", "candidates": "--candidates-file"}


class Command(ScriptedCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = _(
            "Finds where the next sites should go: with what is there today, outside exclusion zones, with a bound on how "
            "much better any plan could be. Example: site_facilities --name 2027 --problem cover_most --demand villages "
            "--weight elderly --candidates villages --existing home-care-centres --radius-m 1500 --new-sites 5 "
            "--division 330681 --format html --output plan.html"
        )
        codes = _("Exit codes: 0 there is a plan; 2 there is none, and why is said.")
        return super().create_parser(prog_name, subcommand, epilog=codes, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, about in told().items():
            parser.add_argument(f"--{name.replace('_', '-')}", metavar=about.metavar, help=about.text)
        for name, option in FILES.items():
            parser.add_argument(option, dest=f"{name}_file", type=Path, metavar="FILE", help=_("points that stand for %(name)s, instead of a layer") % {"name": name})  # fmt: skip
        parser.add_argument("--roads-file", type=Path, metavar="FILE", help=_("lines of roads that distances are measured along"))  # fmt: skip
        parser.add_argument("--crs", default="", help=_("of the files, where they do not say it, for example 4490, 4549 or GCJ-02"))  # fmt: skip
        parser.add_argument("--format", default="table", metavar="|".join(FORMATS), help=_("table and html for people, the others for programs"))  # fmt: skip
        parser.add_argument("--output", type=Path, metavar="FILE", help=_("a file that is written whole or not at all; by default standard output"))  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["format"] not in FORMATS:
            known = _("give one of %(known)s.") % {"known": ", ".join(FORMATS)}
            raise BadParameter("--format", options["format"], known)
        given = {name: options[name] for name in asking.NAMES if options[name] is not None}
        asking.question(given)  # before a file is kept for a question that cannot be asked
        for name in FILES:
            if path := options[f"{name}_file"]:
                sent = files.keep_points(path, path.name, options["crs"], reader=BUREAU, by=BY)
                given[name] = f"{FILE}{sent.pk}"
        if path := options["roads_file"]:
            given["measure"] = f"{FILE}{files.keep_roads(path, path.name, options['crs'], reader=BUREAU, by=BY).pk}"
        problem = scenarios.keep(given, reader=BUREAU, by=BY)
        scenarios.carry_out(str(problem.pk), self._hear)
        problem.refresh_from_db()
        if problem.state != SitingState.READY:
            raise CommandError(problem.problem or str(problem.get_state_display()))
        text = self._rendered(problem, options["format"])
        if options["output"]:
            write_whole(options["output"], text)
            self.stderr.write(_("Written to %(file)s.") % {"file": options["output"]}, self.style.NOTICE)
        else:
            self.stdout.write(text)

    def _hear(self, progress: Progress) -> None:
        self.stderr.write(said(progress), self.style.NOTICE)

    def _rendered(self, problem: SitingProblem, form: str) -> str:
        answer = scenarios.answer(problem)
        if form == "json":
            return json.dumps(answer, ensure_ascii=False, indent=1)
        if form == "geojson":
            return json.dumps(mapping.features(problem), ensure_ascii=False)
        return report.html(problem) if form == "html" else table.as_table(answer)
