"""YAML read with its lines, so that a mistake is named by file, line and key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import cast

import yaml
from django.utils.translation import gettext as _

from layers.errors import BadTargets

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def read(path: Path) -> Entry:
    """The mapping that a YAML file holds. Raises BadTargets when the file cannot be read or is no mapping."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadTargets(path, _("there is no such file.")) from None
    except UnicodeDecodeError:
        raise BadTargets(path, _("the file is not in UTF-8: save it as UTF-8.")) from None
    except OSError as error:
        raise BadTargets(path, _("the file cannot be read (%(reason)s).") % {"reason": error.strerror}) from None
    return parse(text, path)


def parse(text: str, path: Path) -> Entry:
    """The mapping that a text in YAML holds; path: what errors call it. Raises BadTargets."""
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = _("this is not YAML: %(reason)s.") % {"reason": error.problem or error.context}
        raise BadTargets(path, problem, line=mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise BadTargets(path, _("this is not YAML: %(reason)s.") % {"reason": error}) from None
    if node is None:
        raise BadTargets(path, _("the file is empty: it must have the key “targets”."))
    return Entry(path, node, "")


@lru_cache(maxsize=4)
def _composed(text: str) -> yaml.Node | None:
    """Kept, for one page of planners reads a plan several times. Not by libyaml, which deep nesting ends with its process."""
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    return node


class Entry:
    """One mapping of the file. Every reading method raises BadTargets when the value is missing or wrong."""

    def __init__(self, path: Path, node: yaml.Node, name: str) -> None:
        self.path = path
        self.node = node
        self.name = name
        self.values: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong("", _("expected keys and values (“key: value”)."))
        for key, value in node.value:
            self._take(key, value)

    def _take(self, key: yaml.Node, value: yaml.Node) -> None:
        if not isinstance(key, yaml.ScalarNode):
            raise BadTargets(self.path, _("a key must be a word."), line=key.start_mark.line + 1, key=self.name)
        if key.value in self.values:
            raise BadTargets(
                self.path,
                _("the key stands here a second time."),
                line=key.start_mark.line + 1,
                key=self._full(key.value),
            )
        self.values[key.value] = value

    def _full(self, key: str) -> str:
        return ".".join(filter(None, (self.name, key)))

    def wrong(self, key: str, problem: str) -> BadTargets:
        """The error that names the key's place and what is wrong there."""
        node = self.values.get(key, self.node)
        return BadTargets(self.path, problem, line=node.start_mark.line + 1, key=self._full(key))

    def allow(self, *known: str) -> None:
        """Refuses every key but those."""
        for key, value in self.values.items():
            if key not in known:
                problem = _("the key is not known here. There are: %(known)s.") % {"known": ", ".join(known)}
                raise BadTargets(self.path, problem, line=value.start_mark.line + 1, key=self._full(key))

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def _node(self, key: str) -> yaml.Node:
        if key not in self.values:
            raise self.wrong(key, _("the key is missing."))
        return self.values[key]

    def text(self, key: str) -> str:
        node = self._node(key)
        if node.tag != "tag:yaml.org,2002:str" or not str(node.value).strip():
            raise self.wrong(key, _("expected a text; put it in quotes."))
        return str(node.value).strip()

    def number(self, key: str) -> Decimal:
        """The number as it is written, not as a binary fraction."""
        node = self._node(key)
        if not isinstance(node, yaml.ScalarNode) or node.style or not NUMBER.fullmatch(node.value):
            raise self.wrong(key, _("expected a number, for example 0.6."))
        return Decimal(node.value)

    def day(self, key: str) -> date:
        found = self.scalar(key)
        if not isinstance(found, date) or isinstance(found, datetime):
            raise self.wrong(key, _("expected a day that exists, for example 2022-12-31."))
        return found

    def scalar(self, key: str) -> object:
        """The word, number, day or truth value that YAML reads there."""
        node = self._node(key)
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(key, _("expected one value."))
        return self._construct(key, node)

    def scalars(self, key: str) -> tuple[object, ...]:
        """One value, or the values of a list."""
        node = self._node(key)
        if not isinstance(node, yaml.SequenceNode):
            return (self.scalar(key),)
        if not node.value or not all(isinstance(one, yaml.ScalarNode) for one in node.value):
            raise self.wrong(key, _("expected a value or a list of values."))
        return tuple(self._construct(key, one) for one in node.value)

    def _construct(self, key: str, node: yaml.Node) -> object:
        try:
            return cast(object, yaml.SafeLoader("").construct_object(node))
        except (ValueError, yaml.YAMLError):
            problem = _("“%(value)s” cannot be read; a date must exist, for example 2022-12-31.")
            raise self.wrong(key, problem % {"value": node.value}) from None

    def entry(self, key: str) -> Entry:
        return Entry(self.path, self._node(key), self._full(key))

    def entries(self, key: str) -> tuple[Entry, ...]:
        """The mappings of a list that has at least one."""
        node = self._node(key)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.wrong(key, _("expected a list with at least one entry (“- …”)."))
        return tuple(Entry(self.path, one, f"{self._full(key)}[{place}]") for place, one in enumerate(node.value))
