"""What differs between two snapshots of a layer, as a reader may see it: rows added, changed and gone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, F
from psycopg import sql

from layers import registry
from layers.access import Reader, visible_fields
from layers.crs import CRS84
from layers.models import Snapshot
from layers.publish.items import GEOMETRY
from layers.publish.statements import Parameter, Slot, Statement, compiled
from layers.registry import Layer
from layers.snapshots import frozen

ADDED, CHANGED, GONE = "added", "changed", "gone"
BLOCK = 1_000  # rows read at once when all are wanted
BEFORE, AFTER = Parameter("before", BigIntegerField()), Parameter("after", BigIntegerField())

# Only rows that the two do not share are looked at. A row whose change the reader may not see is none for it.
CHANGES = sql.SQL("""
    WITH before AS ({before}), after AS ({after}), found AS (
        SELECT coalesce(before.code, after.code) AS code, before.said AS before, after.said AS after
        FROM before FULL JOIN after ON after.code = before.code
        WHERE before.said IS DISTINCT FROM after.said
    )
    SELECT count(*) FILTER (WHERE before IS NULL), count(*) FILTER (WHERE after IS NULL), count(*),
           (SELECT coalesce(json_agg(page), '[]')::text
            FROM (SELECT code, before, after FROM found WHERE code COLLATE "C" > %s::text
                  ORDER BY code COLLATE "C" LIMIT %s) AS page)
    FROM found
""")
SIDE = sql.SQL("""
    SELECT row.fcode AS code, coalesce(
               (SELECT jsonb_object_agg(key, value) FROM jsonb_each(row.held) WHERE key = ANY(%s::text[])), '{{}}'
           ) || jsonb_build_object('geometry', {geometry}::jsonb) AS said
    FROM ({rows}) AS row
""")


@dataclass(frozen=True)
class Change:
    """kind: ADDED, CHANGED or GONE. before, after: the properties and the geometry as GeoJSON by name, of a changed row
    those that differ; None where the row is not there.
    """

    code: str
    name: str
    kind: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class Changes:
    """added, changed, gone: how many there are in all. page: those asked for, in the order of their codes."""

    added: int
    changed: int
    gone: int
    page: tuple[Change, ...]

    @property
    def total(self) -> int:
        return self.added + self.changed + self.gone


def changes(
    layer: Layer, reader: Reader, before: Snapshot, after: Snapshot, *, limit: int, beyond: str = ""
) -> Changes:
    """How the layer changed from one snapshot to the other, whichever is older; the page begins after a code."""
    added, gone, total, page = _statement(layer.id, reader).run(
        before=before.pk, after=after.pk, beyond=beyond, limit=limit
    )
    return Changes(added, total - added - gone, gone, tuple(_change(**row) for row in json.loads(page)))


def every_change(layer: Layer, reader: Reader, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """All changes, in the order of their codes."""
    beyond = ""
    while page := changes(layer, reader, before, after, limit=BLOCK, beyond=beyond).page:
        yield from page
        beyond = page[-1].code


def _change(*, code: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change:
    name = (after or before or {}).get("name", "")
    if before is None:
        return Change(code, name, ADDED, None, after)
    if after is None:
        return Change(code, name, GONE, before, None)
    fields = [field for field in {**before, **after} if before.get(field) != after.get(field)]
    differing = [{field: side.get(field) for field in fields} for side in (before, after)]
    return Change(code, name, CHANGED, *differing)


@lru_cache(maxsize=64)
def _statement(layer_id: str, reader: Reader) -> Statement:
    layer = registry.get(layer_id)
    before, params_before = _side(layer, reader, BEFORE, AFTER)
    after, params_after = _side(layer, reader, AFTER, BEFORE)
    text = CHANGES.format(before=before, after=after).as_string(None)
    return Statement(text, (*params_before, *params_after, Slot("beyond"), Slot("limit")), planned_each_time=True)


def _side(layer: Layer, reader: Reader, own: Parameter, other: Parameter) -> tuple[sql.Composed, tuple[object, ...]]:
    found = frozen.rows_of_one(layer, reader, own, other).order_by()
    inner, params = compiled(found.values(fcode=F("code"), held=frozen.properties(layer), geom=frozen.place(layer)))
    place = GEOMETRY.format(place=sql.SQL("row.geom"), decimals=sql.Literal(CRS84.decimals))
    names = [field.name for field in visible_fields(layer, reader)]
    return SIDE.format(geometry=place, rows=sql.SQL(inner)), (names, *params)
