"""Snapshots: what ledgers held when they were frozen. No later edit changes them, and the database refuses any."""

from typing import ClassVar

import pgtrigger
from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import SRID, Text

REFUSED = "RAISE EXCEPTION 'A snapshot is never changed.';"
DELETING = "delete_snapshot"  # the origin of the one transaction that may delete one


class Snapshot(models.Model):
    """A layer as of a day, as it was recorded at the moment it was taken.

    features: its rows; offered: those of them that the public may see. sha256: over the digests of all rows in the order
    of their codes. data_version: the layer's when it was taken.
    """

    layer_id = models.CharField(_("layer"), max_length=60)
    day = models.DateField(_("as of"))
    taken_at = models.DateTimeField(_("taken"), db_default=Now())
    taken_by = models.CharField(_("by whom"), max_length=150, blank=True)
    note = Text(_("note"), max_length=300, blank=True)
    features = models.PositiveBigIntegerField(_("features"))
    offered = models.PositiveBigIntegerField(_("of them public"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    data_version = models.PositiveBigIntegerField(_("data version"))

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering: ClassVar[list] = ["-id"]
        indexes: ClassVar[list] = [models.Index(fields=["layer_id", "day"], name="layers_snapshot_of_day")]
        triggers: ClassVar[list] = [
            pgtrigger.Protect(name="unchanged", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
                    IF current_setting('portal.origin', true) IS DISTINCT FROM 'delete_snapshot' THEN
                        RAISE EXCEPTION 'A snapshot is deleted by manage.py delete_snapshot alone.';
                    END IF;
                    RETURN OLD;
                """,
            ),
            pgtrigger.Trigger(
                name="no_identity_number",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="PERFORM layers_refuse_identity_number(NEW.note); RETURN NEW;",
            ),
            *rules.log_changes(),
        ]

    def __str__(self) -> str:
        return f"{self.layer_id} {self.day} ({self.pk})"


class SnapshotRow(models.Model):
    """A row as it stands in every snapshot of its layer from number ``since`` up to, but not including, ``until``.

    What is the same in the next snapshot is stored once. offered, division: what decides who may see it. properties:
    every property by name, those without a value left out. digest: SHA-256 of all of this.
    """

    layer_id = models.CharField(max_length=60)
    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    code = models.CharField(max_length=40)
    offered = models.BooleanField()
    division = models.CharField(max_length=12, blank=True)
    properties = models.JSONField()
    geometry = gis.GeometryField(srid=SRID, null=True)
    digest = models.BinaryField()

    class Meta:
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["layer_id", "code", "since"], name="layers_snapshotrow_once")
        ]
        indexes: ClassVar[list] = [  # of a page; of what two snapshots do not share
            models.Index(fields=["layer_id", "id"], name="layers_snapshotrow_in_order"),
            models.Index(fields=["layer_id", "since"], name="layers_snapshotrow_since"),
            models.Index(fields=["layer_id", "until"], name="layers_snapshotrow_until"),
        ]
        triggers: ClassVar[list] = [
            pgtrigger.Trigger(
                name="none_added_later",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func="""
                    IF EXISTS (
                        SELECT FROM (SELECT layer_id, min(since) AS since FROM new_rows GROUP BY layer_id) AS added
                        JOIN layers_snapshot AS taken
                            ON taken.layer_id = added.layer_id AND taken.id >= added.since
                    ) THEN RAISE EXCEPTION 'A snapshot is never changed.'; END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="unchanged",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf(
                    "id", "layer_id", "since", "code", "offered", "division", "properties", "geometry", "digest"
                ),
                func=REFUSED,
            ),
            pgtrigger.Trigger(
                name="ended_by_the_next",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("until"),
                func="""
                    IF OLD.until IS NOT NULL OR NEW.until IS NULL OR EXISTS (
                        SELECT FROM layers_snapshot WHERE layer_id = OLD.layer_id AND id >= NEW.until
                    ) THEN RAISE EXCEPTION 'A snapshot is never changed.'; END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="none_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT FROM layers_snapshot
                        WHERE layer_id = OLD.layer_id AND id >= OLD.since AND (OLD.until IS NULL OR id < OLD.until)
                    ) THEN RAISE EXCEPTION 'A snapshot is never changed.'; END IF;
                    RETURN OLD;
                """,
            ),
            pgtrigger.Trigger(
                name="none_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func=REFUSED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layer_id} {self.code} {self.since}"
