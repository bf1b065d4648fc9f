"""The terms that may be chosen, and their words, from the vocabularies as they stand."""

from collections.abc import Mapping

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Q
from django.utils.translation import get_language

from heritage.models import Term

Terms = Mapping[str, Mapping[str, str]]


def terms(*, using: str = DEFAULT_DB_ALIAS) -> Terms:
    """The words of the terms in force by their codes, by vocabulary, in their order and in the reader's language.

    using: the connection that they are read through.
    """
    found: dict[str, dict[str, str]] = {}
    in_force = Q(since__lte=F("vocabulary__edition")) & (Q(until__isnull=True) | Q(until__gt=F("vocabulary__edition")))
    for vocabulary, code, name, name_en in (
        Term.objects.using(using).filter(in_force).values_list("vocabulary__code", "code", "name", "name_en")
    ):
        chinese = (get_language() or "").startswith("zh")
        found.setdefault(vocabulary, {})[code] = name if chinese or not name_en else name_en
    return found
