"""The works that heritage entries cite: gazetteers, archives, maps, people's telling as published."""

from typing import ClassVar

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from heritage.models.vocabularies import TermField, known_terms
from layers.models import rules
from layers.models.base import Text, Versioned


class Source(Versioned):
    """A work that can be cited. Shared by all places; what a place takes from it is a ``Citation``."""

    code = Text(_("code"), max_length=40, unique=True)
    kind = TermField(_("kind of source"), vocabulary="source-kinds")
    title = Text(_("title"), max_length=200)
    author = Text(_("author or editor"), max_length=200, blank=True)
    published = Text(_("publisher and year"), max_length=120, blank=True, help_text=_("As the work itself says."))
    held_at = Text(_("held at"), max_length=200, blank=True)
    url = Text(
        _("address on the web"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
    )

    class Meta(Versioned.Meta):
        verbose_name = _("cited work")
        verbose_name_plural = _("cited works")
        ordering: ClassVar[list] = ["title"]
        triggers: ClassVar[list] = [*Versioned.Meta.triggers, known_terms()]
        constraints: ClassVar[list] = [
            rules.matching("code", rules.CODE),
            models.CheckConstraint(condition=~models.Q(title=""), name="heritage_source_title_given"),
        ]

    def __str__(self) -> str:
        return self.title
