"""Every text a person reads is in the Chinese catalogue, whole and sound. To bring the catalogue up to date:

    manage.py makemessages -l zh_Hans -e py,html,txt --add-location file --no-wrap --no-obsolete \\
        -i node_modules -i var -i tests -i .venv -i bench -i fixtures -i static-collected
"""

import ast
import os
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import APPS, ROOT, Module, modules

CATALOGUE = ROOT / "gis_portal/locale/zh_Hans/LC_MESSAGES/django.po"
HANZI = re.compile(r"[\u3400-\u9fff]")
MARKED = {"_", "gettext", "gettext_lazy", "pgettext", "ngettext", "npgettext", "ngettext_lazy", "pgettext_lazy"}
# What every language writes alike, and the names that stand for themselves.
ALIKE = {"CGCS2000", "N", "S", "E", "W", "“%(name)s”"}
CHOICES_IN_CHINESE = "市辖区, 县, 县级市, 街道, 镇, 乡, 社区, 村 …"  # the kinds of divisions have no other names


@dataclass(frozen=True)
class Entry:
    """A message of a catalogue. texts: its translations, one unless it has plural forms."""

    context: str
    msgid: str
    texts: tuple[str, ...]
    is_fuzzy: bool
    is_obsolete: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.msgid


def entries(text: str) -> Iterator[Entry]:
    """The messages of a catalogue in PO form, its header left out."""
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line for line in block.splitlines() if line]
        obsolete = any(line.startswith("#~") for line in lines)
        lines = [line.removeprefix("#~ ") for line in lines]
        fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        parts: dict[str, str] = {}
        current = ""
        for line in lines:
            match = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$', line)
            if match:
                current = match.group(1)
                parts[current] = ast.literal_eval(match.group(2))
            elif line.startswith('"') and current:
                parts[current] += ast.literal_eval(line)
        texts = tuple(value for name, value in parts.items() if name.startswith("msgstr"))
        if parts.get("msgid"):
            yield Entry(parts.get("msgctxt", ""), parts["msgid"], texts, fuzzy, obsolete)


@cache
def catalogue() -> dict[tuple[str, str], Entry]:
    return {entry.key: entry for entry in entries(CATALOGUE.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Entry]:
    """The messages as makemessages finds them now, in a copy of the tree without its catalogue."""
    copy = tmp_path_factory.mktemp("tree")
    for app in APPS:
        kept = shutil.ignore_patterns("__pycache__", "locale", "static", "migrations")
        shutil.copytree(ROOT / app, copy / app, ignore=kept)
    (copy / "locale").mkdir()
    made = subprocess.run(
        ["django-admin", "makemessages", "-l", "zh_Hans", "-e", "py,html,txt", "--no-location", "--no-wrap"],
        cwd=copy,
        env={"PATH": _path()},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    text = (copy / "locale/zh_Hans/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    return {entry.key: entry for entry in entries(text)}


def _path() -> str:
    return f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def test_the_collection_sees_all_apps(collected: dict[tuple[str, str], Entry]) -> None:
    wanted = ("Eco-burial sites", "Place-name heritage", "There is nothing at this address.", "Suggestions", "met")
    assert {("", msgid) for msgid in wanted} <= set(collected)
    assert len(collected) > 500


def test_every_text_is_translated(collected: dict[tuple[str, str], Entry]) -> None:
    assert lacking(collected, catalogue()) == []


def lacking(wanted: dict[tuple[str, str], Entry], have: dict[tuple[str, str], Entry]) -> list[str]:
    """The messages without a sound translation: missing, empty, guessed or obsolete."""
    return [
        key[1]
        for key in wanted
        if key not in have or have[key].is_fuzzy or have[key].is_obsolete or not all(have[key].texts)
    ]


def test_the_catalogue_keeps_nothing_that_is_no_longer_said(collected: dict[tuple[str, str], Entry]) -> None:
    assert [key[1] for key in catalogue() if key not in collected] == []


def test_translations_are_chinese() -> None:
    odd = [
        entry.msgid
        for entry in catalogue().values()
        if entry.msgid not in ALIKE
        and any(char.isascii() and char.isalpha() for char in re.sub(r"[%{]\(?\w+\)?[sd}]?", "", entry.msgid))
        and not any(HANZI.search(text) for text in entry.texts)
    ]
    assert odd == []


def test_translations_carry_the_same_places_for_values() -> None:
    for entry in catalogue().values():
        for text in entry.texts:
            assert places(text) == places(entry.msgid), entry.msgid


def places(text: str) -> set[str]:
    braces = (
        {name for _text, name, _form, _conversion in string.Formatter().parse(text) if name} if "{" in text else set()
    )
    return set(re.findall(r"%\(\w+\)[sd]", text)) | {name for name in braces if name.isidentifier()}


def test_chinese_is_punctuated_as_chinese() -> None:
    """No half-width comma, full stop, colon or bracket beside a hanzi, but in what is quoted as it is typed."""
    half = re.compile(r"[\u3400-\u9fff][,;!?()]|[,;!?()][\u3400-\u9fff]|[\u3400-\u9fff]\.(\s|$)|[\u3400-\u9fff]:")
    texts = [text for entry in catalogue().values() for text in entry.texts]
    assert [text for text in texts if half.search(re.sub("“[^”]*”", "", text))] == []


def test_every_message_in_the_code_is_english() -> None:
    assert [broken for module in modules(*APPS) for broken in chinese_messages(module)] == []


def chinese_messages(module: Module) -> list[str]:
    """Texts given to gettext that are Chinese already."""
    return [
        f"{module.name}:{node.lineno} {argument.value}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MARKED
        for argument in node.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and HANZI.search(argument.value)
        and argument.value != CHOICES_IN_CHINESE
    ]


def test_the_catalogue_compiles(tmp_path: Path) -> None:
    command = ["msgfmt", "--check-format", "-o", str(tmp_path / "django.mo"), str(CATALOGUE)]
    made = subprocess.run(command, capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")


# The checks themselves

SAMPLE = """
msgid ""
msgstr ""
"Language: zh_Hans\\n"

msgid "whole"
msgstr "完"
"整"

msgid "empty"
msgstr ""

#, fuzzy
msgid "guessed"
msgstr "猜"

msgctxt "plate"
msgid "%(count)d plate"
msgid_plural "%(count)d plates"
msgstr[0] "%(count)d 块门牌"

#~ msgid "gone"
#~ msgstr "没了"
"""


def test_the_checks_find_what_is_wrong() -> None:
    have = {entry.key: entry for entry in entries(SAMPLE)}
    assert have["", "whole"].texts == ("完整",)
    assert have["plate", "%(count)d plate"].texts == ("%(count)d 块门牌",)
    wanted = {**have, ("", "missing"): Entry("", "missing", ("",), is_fuzzy=False, is_obsolete=False)}
    assert lacking(wanted, have) == ["empty", "guessed", "gone", "missing"]
    assert places("%(a)s of {b} 100%") == {"%(a)s", "b"}
    assert chinese_messages(Module("layers.a", 'A = _("门牌"), _("plate"), print("门牌")')) == ["layers.a:1 门牌"]
