"""The words that are looked for: what a question may be, and a roman spelling as columns are compared with it."""

import re
import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _
from psycopg import sql

from layers.errors import BadParameter

LONGEST = 60

# A spelling without tones, case, spaces and apostrophes, as ``plain`` makes it of what is looked for.
FOLDED = sql.SQL(
    "replace(replace(regexp_replace(normalize(lower({}), NFD), '[^a-z0-9]', '', 'g'), 'lv', 'lu'), 'nv', 'nu')"
)


def query(given: Mapping[str, str]) -> str:
    """The words looked for, in composed form and without space around them."""
    text = unicodedata.normalize("NFC", given.get("q", "").strip())
    if not 0 < len(text) <= LONGEST or "\0" in text:
        raise BadParameter(
            "q", text, _("give 1 to %(most)d characters of a name, in hanzi or pinyin.") % {"most": LONGEST}
        )
    return text


def plain(text: str) -> str:
    """A roman spelling without tones, case, spaces and apostrophes; empty when the text is not one."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter) and letter not in " '’-")
    return folded.replace("lv", "lu").replace("nv", "nu") if re.fullmatch(r"[a-z0-9]+", folded) else ""
