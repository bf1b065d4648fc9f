"""The bureau's plans of targets as staff keep them, and who is told when a target's status changes."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import LongText, Text, Versioned


class TargetPlan(Versioned):
    """The targets of a year in YAML, in the place of the file of that year that comes with the portal."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    document = LongText(
        _("targets"),
        help_text=_("YAML as in fixtures/targets: what is wrong in it is named by line and key when it is saved."),
    )

    class Meta(Versioned.Meta):
        verbose_name = _("plan of targets")
        verbose_name_plural = _("plans of targets")
        ordering: ClassVar[list] = ["year"]
        constraints: ClassVar[list] = [rules.in_range("year", 1990, 2100)]

    def __str__(self) -> str:
        return str(self.year)


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    WEBHOOK = "webhook", _("webhook")


class AuditSubscription(Versioned):
    """An office's mailbox or a program that is told when the nightly audit finds that a target's status has changed."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    address = Text(
        _("address"),
        max_length=300,
        help_text=_("An office's e-mail address, or the http or https address of a program."),
    )
    language = models.CharField(_("language"), max_length=10, default=get_language)
    active = models.BooleanField(_("active"), default=True, db_default=True)

    class Meta(Versioned.Meta):
        verbose_name = _("subscription to audits")
        verbose_name_plural = _("subscriptions to audits")
        ordering: ClassVar[list] = ["address"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["channel", "address"], name="layers_auditsubscription_once"),
            rules.one_of("channel", Channel),
        ]

    def __str__(self) -> str:
        return self.address

    def clean(self) -> None:
        check = validate_email if self.channel == Channel.EMAIL else URLValidator(schemes=["https", "http"])
        try:
            check(self.address)
        except ValidationError as error:
            raise ValidationError({"address": error}) from None
