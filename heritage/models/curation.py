"""How entries change: versions of whole places that the database keeps, and changesets that curators draft and reviewers
approve."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from heritage.models.places import Place
from layers.models import rules
from layers.models.base import Counted, LongText, Text, Versioned

KEEP_VERSION = """
    DELETE FROM heritage_touchedplace WHERE transaction = NEW.transaction AND place = NEW.place;
    PERFORM heritage_keep_version(NEW.place);
    RETURN NULL;
"""


WARN_OF_RENAMING = """
    SELECT document INTO before FROM heritage_placeversion
    WHERE place_id = NEW.place_id AND number < NEW.number ORDER BY number DESC LIMIT 1;
    was := heritage_standard_name(before);
    now_is := heritage_standard_name(NEW.document);
    IF was IS NULL OR now_is IS NULL OR NOT heritage_is_listed(NEW.place_id) THEN
        RETURN NULL;
    END IF;
    IF was <> now_is THEN
        PERFORM heritage_warn(NEW.place_id, 'renamed', was || ' → ' || now_is);
    END IF;
    IF before ->> 'merged_into' IS NULL THEN
        PERFORM heritage_warn(NEW.place_id, 'merged', now_is || ' → ' || name)
        FROM heritage_place WHERE handle = NEW.document ->> 'merged_into';
    END IF;
    RETURN NULL;
"""


class TouchedPlace(models.Model):
    """A place written by a transaction that has not committed yet; seen only by that transaction."""

    pk = models.CompositePrimaryKey("transaction", "place")
    transaction = models.BigIntegerField()
    place = models.BigIntegerField()

    class Meta:
        triggers: ClassVar[list] = [
            pgtrigger.Trigger(
                name="keep_version",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=KEEP_VERSION,
            )
        ]


class ChangesetState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for review")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    ABANDONED = "abandoned", _("abandoned")


class ChangesetKind(models.TextChoices):
    """What a changeset is for; told by its columns, never stored."""

    NEW = "new", _("new place")
    CHANGE = "change", _("change")
    MERGE = "merge", _("merge")
    RESTORE = "restore", _("restored version")

    @property
    def condition(self) -> Q:
        """The changesets of this kind."""
        is_merge, is_restore = ~Q(absorbs=""), Q(restores__isnull=False)
        return {
            ChangesetKind.MERGE: is_merge,
            ChangesetKind.RESTORE: is_restore & ~is_merge,
            ChangesetKind.NEW: Q(base=0) & ~is_merge & ~is_restore,
            ChangesetKind.CHANGE: Q(base__gt=0) & ~is_merge & ~is_restore,
        }[self]


CHANGESET_STEPS = rules.Steps(
    "state",
    {
        ChangesetState.DRAFT: (ChangesetState.SUBMITTED, ChangesetState.ABANDONED),
        ChangesetState.SUBMITTED: (ChangesetState.DRAFT, ChangesetState.RETURNED, ChangesetState.APPROVED),
        ChangesetState.RETURNED: (ChangesetState.SUBMITTED, ChangesetState.ABANDONED),
        ChangesetState.APPROVED: (),
        ChangesetState.ABANDONED: (),
    },
)


class Changeset(Counted):
    """A proposed change of one place, or a new one. Its version is that of the draft.

    place: empty until a new place is approved. base: the number of the version it was made from, 0 for a new place.
    document: the whole place as it shall be. absorbs: the handle of the place that this one takes in, or empty;
    absorbs_base: the number of that place's version that was taken. restores: the number of the version that is brought back.
    reason: why, in the author's words. verdict: why it was returned. published: whether the place is offered to the
    public on approval; otherwise it waits for its batch.
    """

    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="changesets", verbose_name=_("heritage place")
    )
    base = models.PositiveIntegerField(_("made from version"), default=0)
    document = models.JSONField(_("document"))
    title = Text(_("title"), max_length=120)
    absorbs = models.CharField(_("takes in"), max_length=12, blank=True)
    absorbs_base = models.PositiveIntegerField(_("takes in version"), default=0, db_default=0)
    restores = models.PositiveIntegerField(_("restores version"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ChangesetState, default=ChangesetState.DRAFT, db_default=ChangesetState.DRAFT
    )
    reason = LongText(_("reason"), blank=True)
    verdict = LongText(_("reviewer’s reason"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="changesets", verbose_name=_("author")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reviewed",
        verbose_name=_("reviewer"),
    )  # fmt: skip
    origin = models.CharField(_("by way of"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("begun"), db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    steps: ClassVar[rules.Steps] = CHANGESET_STEPS

    class Meta(Counted.Meta):
        verbose_name = _("changeset")
        verbose_name_plural = _("changesets")
        ordering: ClassVar[list] = ["-changed_at"]
        triggers: ClassVar[list] = [
            *Counted.Meta.triggers,
            rules.KeepSteps(CHANGESET_STEPS),
        ]
        indexes: ClassVar[list] = [
            models.Index(fields=["state", "submitted_at"], name="heritage_changeset_queue"),
            models.Index(fields=["author", "state"], name="heritage_changeset_own"),
        ]
        constraints: ClassVar[list] = [
            rules.one_of("state", ChangesetState),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")), name="heritage_changeset_other_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ChangesetState.APPROVED, ChangesetState.RETURNED])
                | Q(reviewer__isnull=False, decided_at__isnull=False),
                name="heritage_changeset_reviewed",
            ),
            models.CheckConstraint(
                condition=~Q(state=ChangesetState.RETURNED) | ~Q(verdict=""), name="heritage_changeset_returned_why"
            ),
            models.CheckConstraint(
                condition=~Q(state=ChangesetState.APPROVED) | Q(place__isnull=False),
                name="heritage_changeset_approved_place",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> ChangesetKind:
        if self.absorbs:
            return ChangesetKind.MERGE
        if self.restores is not None:
            return ChangesetKind.RESTORE
        return ChangesetKind.CHANGE if self.base else ChangesetKind.NEW


class ChangesetComment(models.Model):
    """A remark on a field of a changeset. path: the field, as ``heritage.documents`` names it; empty: the whole."""

    changeset = models.ForeignKey(Changeset, models.CASCADE, related_name="comments", verbose_name=_("changeset"))
    path = models.CharField(_("field"), max_length=120, blank=True)
    text = LongText(_("comment"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    at = models.DateTimeField(_("when"), db_default=Now())
    resolved = models.BooleanField(_("done"), default=False, db_default=False)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering: ClassVar[list] = ["id"]
        triggers: ClassVar[list] = [rules.refuse_identity_numbers()]

    def __str__(self) -> str:
        return self.text[:60]


class PlaceVersion(models.Model):
    """A whole place as a transaction left it: written by the database, whoever wrote, and never changed.

    document: the place with all its parts; empty when it was deleted. changeset: the one that was approved, if one was.
    """

    place = models.ForeignKey(
        Place, models.DO_NOTHING, db_constraint=False, related_name="versions", verbose_name=_("heritage place")
    )
    number = models.PositiveIntegerField(_("version"))
    at = models.DateTimeField(_("when"), db_default=Now())
    actor = models.CharField(_("who"), max_length=150)
    through = models.CharField(_("in the role of, or with the token"), max_length=200, blank=True)
    origin = models.CharField(_("by way of"), max_length=60, blank=True)
    changeset = models.ForeignKey(
        Changeset, models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name=_("changeset")
    )
    document = models.JSONField(_("document"), null=True)

    class Meta:
        verbose_name = _("version of a place")
        verbose_name_plural = _("versions of places")
        ordering: ClassVar[list] = ["place", "-number"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["place", "number"], name="heritage_placeversion_unique")
        ]
        triggers: ClassVar[list] = [
            pgtrigger.Protect(name="unchanged", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="warn_of_renaming",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__number__gt=1),
                declare=[("before", "jsonb"), ("was", "text"), ("now_is", "text")],
                func=WARN_OF_RENAMING,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.number}"


class ReviewedSpelling(Versioned):
    """A spelling that a curator gave another form than ``layers.names`` proposed: it is proposed for the next name like it."""

    name = Text(_("name"), max_length=120, unique=True)
    roman = Text(_("roman spelling"), max_length=200)
    specific = Text(_("specific part"), max_length=120, blank=True)
    generic = Text(_("generic part"), max_length=60, blank=True)
    reason = Text(_("reason"), max_length=300)

    class Meta(Versioned.Meta):
        verbose_name = _("reviewed spelling")
        verbose_name_plural = _("reviewed spellings")
        ordering: ClassVar[list] = ["name"]
        constraints: ClassVar[list] = [
            models.CheckConstraint(condition=~Q(reason=""), name="heritage_reviewedspelling_reason_given")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.roman}"


class SavedFilter(models.Model):
    """The filters of the list of places that a curator looks at again and again. query: as the list's address says them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = Text(_("name"), max_length=60)
    query = models.CharField(_("query"), max_length=1000)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering: ClassVar[list] = ["name"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["user", "name"], name="heritage_savedfilter_unique"),
        ]

    def __str__(self) -> str:
        return self.name
