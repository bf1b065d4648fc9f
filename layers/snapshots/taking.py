"""Taking snapshots, and deleting them."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import BooleanField, CharField, ExpressionWrapper, F, Max, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from psycopg import sql

from layers import registry
from layers.access import BUREAU, may_freeze, may_unfreeze, offered, reader_of
from layers.changes import Actor
from layers.errors import BadParameter
from layers.models import Snapshot, SnapshotRow
from layers.publish import freshness
from layers.publish.statements import compiled
from layers.registry import Layer, division_column
from layers.rows import geometry, rows, today, values

TASK = "layers.tasks.take_snapshot"
LOCK = "SELECT pg_advisory_xact_lock(hashtext('layers_snapshot'), hashtext(%s))"
NUMBER = "SELECT nextval(pg_get_serial_sequence('layers_snapshot', 'id'))"
# One statement, which sees one moment of the database. What is as it was in the snapshot before is not written again.
# OFFSET 0 keeps the planner from writing a row's properties out in each place that speaks of them: a third of the time.
FREEZE = sql.SQL("""
    WITH described AS (
        SELECT row.fid, row.fcode AS code, row.is_offered AS offered, row.in_division AS division, row.geom AS geometry,
               jsonb_strip_nulls(to_jsonb(named)) AS properties
        FROM ({rows}) AS row CROSS JOIN LATERAL (SELECT {named}) AS named OFFSET 0
    ), frozen AS MATERIALIZED (
        SELECT fid, code, offered, division, geometry, properties,
               sha256(convert_to(
                   jsonb_build_array(code, offered, division, properties, ST_AsHEXEWKB(geometry))::text, 'UTF8'
               )) AS digest
        FROM described
    ), ended AS (
        UPDATE layers_snapshotrow AS kept SET until = %s
        WHERE kept.layer_id = %s AND kept.until IS NULL
          AND NOT EXISTS (SELECT FROM frozen WHERE frozen.digest = kept.digest)
    ), begun AS (
        INSERT INTO layers_snapshotrow (layer_id, since, code, offered, division, properties, geometry, digest)
        SELECT %s, %s, code, offered, division, properties, geometry, digest
        FROM frozen
        WHERE NOT EXISTS (
            SELECT FROM layers_snapshotrow AS kept
            WHERE kept.layer_id = %s AND kept.until IS NULL AND kept.digest = frozen.digest
        )
        ORDER BY fid
    )
    SELECT count(*), count(*) FILTER (WHERE offered),
           encode(sha256(coalesce(string_agg(digest, '' ORDER BY code COLLATE "C"), '')), 'hex'), ({version})
    FROM frozen
""")


def month_end(on: date) -> date:
    """The last day of the month before."""
    return on.replace(day=1) - timedelta(days=1)


def layers(layer_ids: list[str]) -> list[Layer]:
    """The layers of these ids, every published one when there are none. Raises UnknownLayer."""
    return [registry.get(layer_id) for layer_id in layer_ids] or registry.published()


def taker(name: str) -> User:
    """The account that takes snapshots. Raises BadParameter when there is none of that name or it may not."""
    user = _account(name)
    if not may_freeze(reader_of(user)):
        raise BadParameter("--as", name, _("it takes an editor or an administrator of all counties."))
    return user


def deleter(name: str) -> User:
    """The account that deletes snapshots. Raises BadParameter when there is none of that name or it may not."""
    user = _account(name)
    if not may_unfreeze(reader_of(user)):
        raise BadParameter("--as", name, _("it takes an administrator of all counties."))
    return user


def _account(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise BadParameter("--as", name, _("there is no account of this name."))
    return user


def take(layer: Layer, on: date, *, by: str = "", note: str = "") -> Snapshot:
    """A new snapshot of the layer as of the day, as it is recorded now. Raises BadParameter for a day to come.

    Two of one layer at once wait for each other.
    """
    if on > today():
        expected = _("that day is yet to come; give today or a day before, for example %(day)s.")
        raise BadParameter("on", on.isoformat(), expected % {"day": month_end(today()).isoformat()})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [layer.id])
        cursor.execute(NUMBER)
        (number,) = cursor.fetchone()
        statement, params = _statement(layer, on, number)
        cursor.execute(statement, params)
        features, public, sha256, version = cursor.fetchone()
        taken = Snapshot._default_manager.create(
            id=number,
            layer_id=layer.id,
            day=on,
            taken_by=by,
            note=note,
            features=features,
            offered=public,
            sha256=sha256,
            data_version=version,
        )
        taken.refresh_from_db()
        return taken


def queue(layer: Layer, on: date, *, by: Actor, note: str = "") -> None:
    """Has the worker take a snapshot."""
    app.configure_task(TASK).defer(
        layer_id=layer.id, on=on.isoformat(), name=by.name, through=by.through, origin=by.origin, note=note
    )


def missing(on: date) -> list[Layer]:
    """The published layers without a snapshot of the day that was taken after its end."""
    newest = Snapshot._default_manager.filter(day=on).order_by().values("layer_id").annotate(at=Max("taken_at"))
    taken = {row["layer_id"] for row in newest if timezone.localtime(row["at"]).date() > on}
    return [layer for layer in registry.published() if layer.id not in taken]


def delete(snapshot: Snapshot) -> None:
    """Deletes it, and the rows that no other snapshot holds; within a transaction recorded as ``DELETING``."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [snapshot.layer_id])
    number = snapshot.pk
    snapshot.delete()
    kept = Snapshot._default_manager.filter(layer_id=snapshot.layer_id)
    earlier = kept.filter(pk__lt=number).order_by("-pk").values_list("pk", flat=True).first() or 0
    later = kept.filter(pk__gt=number).order_by("pk").values_list("pk", flat=True).first()
    own = SnapshotRow._default_manager.filter(layer_id=snapshot.layer_id, since__gt=earlier, since__lte=number)
    if later is not None:
        own = own.filter(until__isnull=False, until__lte=later)
    own.delete()


def _statement(layer: Layer, on: date, number: int) -> tuple[str, list[Any]]:
    division, nowhere = division_column(layer.model), Value("", output_field=CharField())
    properties = {f"p_{name}": value for name, value in values(layer, BUREAU, on).items()}
    found = rows(layer, BUREAU, on).values(
        fid=F("pk"),
        fcode=F("code"),
        is_offered=ExpressionWrapper(offered(layer), output_field=BooleanField()),
        in_division=Coalesce(F(division), nowhere) if division else nowhere,
        geom=geometry(layer.geometry),
        **properties,
    )
    inner, params = compiled(found.order_by())
    named = [sql.SQL("row.{} AS {}").format(sql.Identifier(name), sql.Identifier(name[2:])) for name in properties]
    text = FREEZE.format(rows=sql.SQL(inner), named=sql.SQL(", ").join(named), version=sql.SQL(freshness.version_sql()))
    own = [number, layer.id, layer.id, number, layer.id]
    return text.as_string(None), [*params, *own, freshness.tables((layer.id,))]
