"""Reading what a client sent: JSON with the place of its fault, and JSON merge patches (RFC 7396)."""

import json
from math import isinf
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from layers.edit.errors import SHOWN, UnreadableBody

DEEPEST = 20  # levels of nesting; a multipolygon in a collection of features has eight


def parse(body: bytes) -> Any:
    """The JSON document. Raises UnreadableBody, naming line and column where there is one."""
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_number)
    except UnicodeDecodeError as error:
        raise UnreadableBody(_("byte %(place)d is not UTF-8.") % {"place": error.start + 1}) from None
    except json.JSONDecodeError as error:
        words = _("it is not JSON at line %(line)d, column %(column)d (%(reason)s).")
        raise UnreadableBody(words % {"line": error.lineno, "column": error.colno, "reason": error.msg}) from None
    except RecursionError:
        raise UnreadableBody(_("it is nested too deeply.")) from None
    except ValueError:
        raise UnreadableBody(_("it holds a number of too many digits.")) from None
    if _is_deeper(found, DEEPEST):
        raise UnreadableBody(_("it is nested too deeply."))
    _refuse_half_characters(found)
    return found


def merge(target: Any, patch: Any) -> Any:
    """The target with the patch applied: a member that is null in the patch is removed (RFC 7396, section 2)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def _refuse(name: str) -> NoReturn:
    raise UnreadableBody(_("%(name)s is not a number of JSON.") % {"name": name})


def _number(text: str) -> float:
    found = float(text)
    if isinf(found):
        raise UnreadableBody(_("%(number)s is larger than any number that is kept.") % {"number": text[:SHOWN]})
    return found


def _refuse_half_characters(document: Any) -> None:
    """A surrogate that stands alone, as JSON's escapes can write it, is no character: nothing can keep or send it."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise UnreadableBody(
            _("%(half)s is half of a character: send both halves, or neither.") % {"half": half}
        ) from None


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(part, levels - 1) for part in inner)
