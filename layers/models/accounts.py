"""What an account of the bureau may do, and the tokens by which its programs speak for it."""

from typing import ClassVar

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Regex
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from layers.models import rules

COUNTY_CODES = r"^[0-9]{6}(,[0-9]{6})*$"
JOINED = Func(F("counties"), Value(","), Value(""), function="array_to_string", output_field=models.TextField())


class Role(models.TextChoices):
    """What somebody may do at the portal; one person may have several. The public reads without one."""

    PLANNER = "planner", _("planner: reads all layers, runs audits")
    EDITOR = "editor", _("editor: writes the registers")
    CURATOR = "curator", _("curator: writes the place names")
    REVIEWER = "reviewer", _("reviewer: approves place names")
    AUDITOR = "auditor", _("auditor: reads everything, the change log too")
    ADMINISTRATOR = "administrator", _("administrator: everything, accounts too")


class Scope(models.TextChoices):
    READ = "read", _("read")
    WRITE = "write", _("read and write")


class Grant(models.Model):
    """The roles of an account, and the counties that they are limited to."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("account"))
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("roles"), default=list)
    counties = ArrayField(
        models.CharField(max_length=6),
        verbose_name=_("counties"),
        default=list,
        blank=True,
        help_text=_("Limits what the account writes and the unpublished rows it sees to these; none: all counties."),
    )

    class Meta:
        verbose_name = _("roles and counties")
        verbose_name_plural = _("roles and counties")
        constraints: ClassVar[list] = [
            rules.all_of("roles", Role),
            # A code cut short would open every county that begins so.
            models.CheckConstraint(
                condition=Q(counties=[]) | Q(Regex(JOINED, COUNTY_CODES)), name="layers_grant_counties_form"
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(str(Role(role).label) for role in self.roles)


class ApiToken(AbstractAuthToken):  # type: ignore[misc]  # it has no stubs
    """A token that a program sends instead of a session. Only its digest is kept; the token is shown once.

    expiry: never empty. last_used: the day, which is enough to find what nobody uses.
    """

    name = models.CharField(_("name"), max_length=60, help_text=_("What the token is for, for example the program."))
    scope = models.CharField(_("scope"), max_length=5, choices=Scope, default=Scope.READ)
    last_used = models.DateField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering: ClassVar[list] = ["-created"]
        constraints: ClassVar[list] = [
            rules.one_of("scope", Scope),
            models.CheckConstraint(condition=Q(expiry__isnull=False), name="layers_apitoken_expires"),
            models.CheckConstraint(condition=~Q(name=""), name="layers_apitoken_name_given"),
            models.UniqueConstraint(fields=["user", "name"], name="layers_apitoken_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return bool(self.expiry <= timezone.now())


class FailedSignIn(AccessAttempt):  # type: ignore[misc]  # it has no stubs
    """Failed attempts to sign in under a name from an address, kept until the lock-out would be over."""

    class Meta:
        proxy = True
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
