"""The words that heritage entries are described with: versioned data of whoever issues them, never enumerations in code."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import Text, Versioned
from layers.names.generics import Category

# What the code itself asks after; every other term is data alone.
PLACE_CATEGORIES, NAME_ROLES, RELATION_KINDS = "place-categories", "name-roles", "relation-kinds"
STANDARD, FORMER = "standard", "former"


class Vocabulary(Versioned):
    """A closed list of terms, such as the categories of one protection list. edition rises whenever its terms change."""

    code = Text(_("code"), max_length=40, unique=True)
    name = Text(_("name"), max_length=120)
    name_en = Text(_("English name"), max_length=200, blank=True)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, db_default=1)
    source = Text(_("source"), max_length=300)

    class Meta(Versioned.Meta):
        verbose_name = _("vocabulary")
        verbose_name_plural = _("vocabularies")
        ordering: ClassVar[list] = ["code"]
        constraints: ClassVar[list] = [rules.matching("code", rules.CODE)]

    def __str__(self) -> str:
        return self.name


class Term(Versioned):
    """One word of a vocabulary, from one edition up to, but not including, another. What is described with a term that has
    gone keeps it; nothing new is described with it."""

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="terms", verbose_name=_("vocabulary"))
    code = Text(_("code"), max_length=60)
    name = Text(_("name"), max_length=60)
    name_en = Text(_("English name"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, db_default=0)
    spelled_as = Text(
        _("spelled as"), max_length=12, blank=True, db_default="", choices=[(kind.value, kind.value) for kind in Category],
        help_text=_("Of a category of places: the kind of names whose rules of spelling it follows; empty: one word."),
    )  # fmt: skip
    since = models.PositiveSmallIntegerField(_("since edition"), default=1, db_default=1)
    until = models.PositiveSmallIntegerField(_("gone with edition"), null=True, blank=True)

    class Meta(Versioned.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering: ClassVar[list] = ["vocabulary", "position", "code"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["vocabulary", "code"], name="heritage_term_unique"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="heritage_term_editions"
            ),
            models.CheckConstraint(condition=Q(spelled_as__in=["", *Category]), name="heritage_term_spelled_as"),
        ]

    def __str__(self) -> str:
        return self.name


class TermField(Text):
    """The code of a term of a vocabulary, which ``known_terms`` holds to be there when it is written."""

    def __init__(self, *args: Any, vocabulary: str = "", **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(*args, **{"max_length": 60, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "vocabulary": self.vocabulary}


class KnownTerms(pgtrigger.Trigger):
    """Refuses a code that its vocabulary does not have, or no longer has, where the column changes."""

    def get_func(self, model: Any) -> str:
        checks = [
            f"PERFORM heritage_known_term('{field.vocabulary}', NEW.\"{field.column}\", "
            f"CASE TG_OP WHEN 'UPDATE' THEN OLD.\"{field.column}\" END);"
            for field in model._meta.local_concrete_fields
            if isinstance(field, TermField)
        ]
        return f"{' '.join(checks)} RETURN NEW;"


def known_terms() -> pgtrigger.Trigger:
    return KnownTerms(name="known_terms", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update)
