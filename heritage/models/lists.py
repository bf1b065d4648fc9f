"""Protection lists 保护名录, issued in numbered batches, each with the places that stand on it."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from heritage.models.places import Place
from heritage.models.vocabularies import Vocabulary
from layers.models import rules
from layers.models.base import LongText, Text, Versioned


class ListLevel(models.TextChoices):
    COUNTY = "county", _("county list")
    CITY = "city", _("city list")
    PROVINCE = "province", _("provincial list")
    NATION = "nation", _("national list")


class HeritageList(Versioned):
    """A protection list, numbered in batches by the body that issues it. notice_days: how long a batch is shown to the public
    for objections before it may be published."""

    code = Text(_("code"), max_length=40, unique=True)
    name = Text(_("name"), max_length=120)
    issuer = Text(_("issued by"), max_length=120)
    level = models.CharField(_("level"), max_length=10, choices=ListLevel)
    categories = models.ForeignKey(
        Vocabulary, models.PROTECT, null=True, blank=True, related_name="lists", verbose_name=_("categories"),
        help_text=_("The vocabulary that its categories are from; empty where the list has none."),
    )  # fmt: skip
    notice_days = models.PositiveSmallIntegerField(_("days of public notice"), default=7, db_default=7)
    source = Text(_("source"), max_length=300)

    class Meta(Versioned.Meta):
        verbose_name = _("heritage list")
        verbose_name_plural = _("heritage lists")
        ordering: ClassVar[list] = ["code"]
        constraints: ClassVar[list] = [rules.one_of("level", ListLevel), rules.in_range("notice_days", 0, 365)]

    def __str__(self) -> str:
        return self.name


class BatchState(models.TextChoices):
    NOMINATED = "nominated", _("nominations")
    REVIEW = "review", _("expert review")
    NOTICE = "notice", _("public notice")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


BATCH_STEPS = rules.Steps(
    "state",
    {
        BatchState.NOMINATED: (BatchState.REVIEW, BatchState.WITHDRAWN),
        BatchState.REVIEW: (BatchState.NOMINATED, BatchState.NOTICE, BatchState.WITHDRAWN),
        BatchState.NOTICE: (BatchState.REVIEW, BatchState.PUBLISHED, BatchState.WITHDRAWN),
        BatchState.PUBLISHED: (),
        BatchState.WITHDRAWN: (),
    },
)


class Batch(Versioned):
    """One issue of a list. notice_from, notice_to: the first day of its public notice and the first day after it.

    document: the number of the announcement 文号. frozen, sha256, pdf: what was published through the portal, as it was;
    the database lets nobody change them. A batch that was announced before the portal has none of them.
    """

    has_own_pages: ClassVar[bool] = True

    heritage_list = models.ForeignKey(
        HeritageList, models.PROTECT, related_name="batches", verbose_name=_("heritage list")
    )
    code = Text(_("code"), max_length=40, unique=True)
    number = Text(_("batch"), max_length=40)
    state = models.CharField(
        _("state"), max_length=12, choices=BatchState, default=BatchState.NOMINATED, db_default=BatchState.NOMINATED
    )
    notice_from = models.DateField(_("notice from"), null=True, blank=True)
    notice_to = models.DateField(_("notice until"), null=True, blank=True)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    document = Text(_("document number"), max_length=120, blank=True)
    source = Text(_("source"), max_length=300, blank=True)
    frozen = models.TextField(_("as it was published"), blank=True, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    pdf = models.BinaryField(_("PDF"), null=True, editable=False)

    steps: ClassVar[rules.Steps] = BATCH_STEPS

    class Meta(Versioned.Meta):
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering: ClassVar[list] = ["heritage_list", "number"]
        triggers: ClassVar[list] = [
            *Versioned.Meta.triggers,
            rules.KeepSteps(BATCH_STEPS),
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__sha256__gt=""),
                func="RAISE EXCEPTION 'What was published is never changed.' USING ERRCODE = 'check_violation';",
            ),
        ]
        constraints: ClassVar[list] = [
            rules.matching("code", rules.CODE),
            models.UniqueConstraint(fields=["heritage_list", "number"], name="heritage_batch_unique"),
            rules.one_of("state", BatchState),
            rules.in_order("notice_from", "notice_to", strict=False),  # a list may ask for no days of notice
            models.CheckConstraint(
                condition=~Q(state=BatchState.NOTICE) | Q(notice_from__isnull=False, notice_to__isnull=False),
                name="heritage_batch_notice_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.PUBLISHED) | Q(announced_on__isnull=False),
                name="heritage_batch_published_dated",
            ),
            models.CheckConstraint(
                condition=Q(announced_on__isnull=True)
                | Q(notice_to__isnull=True)
                | Q(announced_on__gte=F("notice_to")),
                name="heritage_batch_after_its_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.heritage_list} {self.number}"


WARN_OF_MERGING = """
    IF NEW.withdrawn_on IS NULL AND EXISTS (SELECT FROM heritage_batch WHERE id = NEW.batch_id AND state = 'published') THEN
        PERFORM heritage_warn(NEW.place_id, 'merged', was.name || ' → ' || now_is.name)
        FROM heritage_place AS was, heritage_place AS now_is
        WHERE was.id = OLD.place_id AND now_is.id = NEW.place_id AND was.name <> now_is.name;
    END IF;
    RETURN NULL;
"""


class Listing(Versioned):
    """A place standing on a list, in a batch. withdrawn_on: from when it no longer stands there."""

    has_own_pages: ClassVar[bool] = True

    place = models.ForeignKey(Place, models.CASCADE, related_name="listings", verbose_name=_("heritage place"))
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="listings", verbose_name=_("batch"))
    category = Text(_("category on the list"), max_length=60, blank=True)
    score = models.DecimalField(_("experts’ score"), max_digits=6, decimal_places=2, null=True, blank=True)
    note = LongText(_("experts’ opinion"), blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    source = Text(_("source"), max_length=300, blank=True)

    class Meta(Versioned.Meta):
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering: ClassVar[list] = ["batch", "place"]
        triggers: ClassVar[list] = [
            *Versioned.Meta.triggers,
            pgtrigger.Trigger(
                name="warn_of_merging",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__place__df=pgtrigger.F("new__place")),
                func=WARN_OF_MERGING,
            ),
        ]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["place", "batch"], name="heritage_listing_once_a_batch"),
        ]

    def __str__(self) -> str:
        return str(self.batch)


class Objection(models.Model):
    """What somebody said against a name under public notice. Who it was is neither asked nor kept."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="objections", verbose_name=_("batch"))
    listing = models.ForeignKey(
        Listing, models.SET_NULL, null=True, blank=True, related_name="objections", verbose_name=_("listing")
    )
    text = LongText(_("objection"), max_length=2000)
    received_at = models.DateTimeField(_("received"), db_default=Now())
    answer = LongText(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering: ClassVar[list] = ["id"]
        triggers: ClassVar[list] = [rules.refuse_identity_numbers()]

    def __str__(self) -> str:
        return self.text[:60]


class WarningKind(models.TextChoices):
    RENAMED = "renamed", _("renamed")
    MERGED = "merged", _("merged into another place")
    DIVISION_GONE = "division_gone", _("its division has gone")


class RenamingWarning(Versioned):
    """A listed name that was renamed, or whose division has gone: article 25 of the regulation on place names asks for
    protective measures first. reason: what happened, in signs that every language reads: 府山 → 卧龙山.
    measure: how it was answered; empty while it is open. The database raises those of renamings and merges."""

    has_own_pages: ClassVar[bool] = True

    place = models.ForeignKey(Place, models.CASCADE, related_name="warnings", verbose_name=_("heritage place"))
    kind = models.CharField(
        _("what happened"), max_length=20, choices=WarningKind, default=WarningKind.RENAMED,
        db_default=WarningKind.RENAMED,
    )  # fmt: skip
    reason = Text(_("reason"), max_length=300)
    raised_at = models.DateTimeField(_("raised"), db_default=Now(), editable=False)
    measure = LongText(_("protective measure"), blank=True)

    class Meta(Versioned.Meta):
        verbose_name = _("warning of a renaming")
        verbose_name_plural = _("warnings of renamings")
        ordering: ClassVar[list] = ["-id"]
        constraints: ClassVar[list] = [
            rules.one_of("kind", WarningKind),
            models.UniqueConstraint(
                fields=["place", "reason"], condition=Q(measure=""), name="heritage_renamingwarning_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reason
