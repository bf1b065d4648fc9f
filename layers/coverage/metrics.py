"""The metrics. Each is one readable statement; this file is the only home of coverage SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from psycopg import sql

from layers import rows
from layers.access import BUREAU, Reader, visible_rows
from layers.models.base import DEMONSTRATION, Status
from layers.registry import Layer


@dataclass(frozen=True)
class Metric:
    """levels: of the divisions that it can count; unit: of its value."""

    id: str
    unit: str
    levels: tuple[str, ...]
    computable_over: Callable[[Layer], bool]


@dataclass(frozen=True)
class Link:
    """How one feature bears on one township, and what the feature was on the day.

    way: it "lies" there or "serves" it; "served" it until, or "will_serve" it from, the day ``changes_on``; or
    "claims" it, but its point lies elsewhere.
    name: None when the reader may not see the feature.
    located: the township whose boundary covers its point. claimed_name, located_name: None when there is no such
    township on the day.
    status, since: the state of the day, None when none is recorded; opens_on: the first later day in operation.
    """

    way: str
    feature: str
    name: str | None
    qualifies: bool
    demonstration: bool
    has_point: bool
    claimed: str
    claimed_name: str | None
    located: str | None
    located_name: str | None
    changes_on: date | None
    status: str | None
    since: date | None
    opens_on: date | None


@dataclass(frozen=True)
class Township:
    """boundary: its quality, or "" when there is none. counts: a qualifying feature lies in it or serves it."""

    code: str
    name: str
    county: str
    county_name: str
    boundary: str
    counts: bool
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Provision:
    """rows: of the register, on any day. astray: qualifying features that lie in no township of the day."""

    rows: int
    townships: tuple[Township, ...]
    astray: tuple[Link, ...]


# Definition: townships in which at least one qualifying feature lies, or which one serves by a designation in force,
# ÷ all townships in force on the day, with or without a boundary.
# Where a feature lies: over surveyed and published boundaries its point decides (on a shared edge the lowest code);
# elsewhere, and for a feature without a point, the township its register claims.
PROVISION_RATE = sql.SQL("""
WITH asked AS (SELECT %s::date AS day, %s::text AS adcode),
register AS ({register}),
qualifying AS ({qualifying}),
visible AS ({visible}),
designation AS ({designations}),
division AS (
    SELECT d.level, d.code, d.name, d.parent_code,
           CASE WHEN d.boundary IS NULL THEN '' ELSE d.boundary_quality END AS boundary,
           d.boundary IS NOT NULL AND d.boundary_quality IN ('surveyed', 'published') AS firm
    FROM layers_division d, asked
    WHERE d.level IN ('county', 'township') AND daterange(d.valid_from, d.valid_to) @> asked.day
),
township AS (
    SELECT t.code, t.name, t.boundary, t.parent_code AS county, coalesce(c.name, t.parent_code) AS county_name
    FROM asked, division t LEFT JOIN division c ON c.level = 'county' AND c.code = t.parent_code
    WHERE t.level = 'township' AND asked.adcode IN ('', t.parent_code, c.parent_code)
),
site AS MATERIALIZED (
    SELECT register.id, register.code, register.name, register.source = {demonstration} AS demonstration,
           register.point IS NOT NULL AS has_point, register.township_claimed AS claimed,
           claimed.name AS claimed_name, covering.code AS located, covering.name AS located_name,
           register.id IN (SELECT id FROM qualifying) AS qualifies,
           register.id IN (SELECT id FROM visible) AS visible,
           CASE WHEN covering.firm THEN covering.code
                WHEN register.point IS NULL OR NOT claimed.firm THEN claimed.code END AS lies_in
    FROM register
    LEFT JOIN division claimed ON claimed.level = 'township' AND claimed.code = register.township_claimed
    LEFT JOIN LATERAL (
        -- The table itself, not the list above, so that the index of boundaries is used; and its dates, not their
        -- range, so that the index of periods, which nearly every row of the table meets, is not.
        SELECT d.code, d.name, d.boundary_quality IN ('surveyed', 'published') AS firm
        FROM layers_division d, asked
        WHERE d.level = 'township' AND ST_Covers(d.boundary, register.point)
          AND (d.valid_from IS NULL OR d.valid_from <= asked.day) AND (d.valid_to IS NULL OR d.valid_to > asked.day)
        ORDER BY firm DESC, d.code LIMIT 1
    ) covering ON true
),
link AS (
    SELECT lies_in AS township, id AS site, 'lies' AS way, NULL::date AS changes_on FROM site WHERE lies_in IS NOT NULL
    UNION ALL
    SELECT claimed, id, 'claims', NULL FROM site WHERE claimed IS DISTINCT FROM lies_in
    UNION ALL
    (SELECT DISTINCT ON (d.township, d.site_id) d.township, d.site_id,
            CASE WHEN d.valid_to <= asked.day THEN 'served' WHEN d.valid_from > asked.day THEN 'will_serve' ELSE 'serves' END,
            CASE WHEN d.valid_to <= asked.day THEN d.valid_to WHEN d.valid_from > asked.day THEN d.valid_from END
     FROM designation d, asked
     ORDER BY d.township, d.site_id, daterange(d.valid_from, d.valid_to) @> asked.day DESC,
              d.valid_from > asked.day, abs(d.valid_from - asked.day))
),
evidence AS (
    SELECT link.township, link.way IN ('lies', 'serves') AND site.qualifies AS counts, site.code AS feature,
           json_build_object(
               'way', link.way, 'feature', site.code, 'name', CASE WHEN site.visible THEN site.name END,
               'qualifies', site.qualifies, 'demonstration', site.demonstration, 'has_point', site.has_point,
               'claimed', site.claimed, 'claimed_name', site.claimed_name,
               'located', site.located, 'located_name', site.located_name, 'changes_on', link.changes_on,
               'status', state.status, 'since', state.since, 'opens_on', opening.day) AS found,
           site.lies_in, site.qualifies, site.claimed, link.way
    FROM asked, link JOIN site ON site.id = link.site
    LEFT JOIN LATERAL (
        -- A status lasts through states that differ in something else.
        SELECT now.status, (
            SELECT min(same.valid_from) FROM {states} same
            WHERE same.site_id = site.id AND same.status = now.status AND same.valid_from <= now.valid_from
              AND NOT EXISTS (SELECT FROM {states} other WHERE other.site_id = site.id AND other.status <> now.status
                              AND other.valid_from BETWEEN same.valid_from AND now.valid_from)) AS since
        FROM {states} now
        WHERE now.site_id = site.id AND daterange(now.valid_from, now.valid_to) @> asked.day
    ) state ON NOT site.qualifies
    LEFT JOIN LATERAL (
        SELECT min(later.valid_from) AS day FROM {states} later
        WHERE later.site_id = site.id AND later.status = {operating} AND later.valid_from > asked.day
    ) opening ON NOT site.qualifies
)
SELECT json_build_object(
    'rows', (SELECT count(*) FROM register),
    'townships', (
        SELECT coalesce(json_agg(json_build_object(
            'code', t.code, 'name', t.name, 'county', t.county, 'county_name', t.county_name, 'boundary', t.boundary,
            'counts', coalesce(e.counts, false), 'links', coalesce(e.links, '[]')) ORDER BY t.code), '[]')
        FROM township t LEFT JOIN (
            SELECT township, bool_or(counts) AS counts, json_agg(found ORDER BY feature, way) AS links
            FROM evidence GROUP BY township) e ON e.township = t.code),
    'astray', (
        SELECT coalesce(json_agg(found ORDER BY feature), '[]') FROM evidence, asked
        WHERE way = 'claims' AND lies_in IS NULL AND qualifies AND starts_with(claimed, asked.adcode)))
""")
NO_DESIGNATIONS = sql.SQL(
    "SELECT NULL::text AS township, NULL::bigint AS site_id, NULL::date AS valid_from, NULL::date AS valid_to WHERE false"
)


def provision(
    layer: Layer, only: Mapping[str, tuple[object, ...]], *, as_of: date, adcode: str, reader: Reader, using: str
) -> Provision:
    """The townships of a division ("" for all) with what lies in and serves each.

    Every row of the register counts, whoever asks; the reader decides which features are named.
    """
    text, params = _provision_statement(layer, only, as_of, reader)
    with connections[using].cursor() as cursor:
        cursor.execute(text, [as_of, adcode, *params])
        (found,) = cursor.fetchone()
    return Provision(
        rows=found["rows"],
        townships=tuple(
            Township(**{**township, "links": tuple(_link(link) for link in township["links"])})
            for township in found["townships"]
        ),
        astray=tuple(_link(link) for link in found["astray"]),
    )


def _provision_statement(
    layer: Layer, only: Mapping[str, tuple[object, ...]], as_of: date, reader: Reader
) -> tuple[str, tuple[Any, ...]]:
    """The statement, and the parameters that follow its day and division."""
    register = layer.model._default_manager.filter(visible_rows(layer, BUREAU))
    inner = {
        "register": register.values(
            "id", "code", "name", "source", "township_claimed", point=rows.geometry(layer.geometry)
        ),
        "qualifying": _qualifying(layer, only, as_of).values("id"),
        "visible": register.filter(visible_rows(layer, reader)).values("id"),
    }
    compiled = {name: query.order_by().query.sql_with_params() for name, query in inner.items()}
    assert layer.states is not None
    text = PROVISION_RATE.format(
        **{name: sql.SQL(text) for name, (text, _params) in compiled.items()},
        states=sql.Identifier(layer.states._meta.db_table),
        designations=_designations(layer),
        demonstration=sql.Literal(DEMONSTRATION),
        operating=sql.Literal(Status.OPERATING.value),
    )
    return text.as_string(None), tuple(param for _text, params in compiled.values() for param in params)


def _qualifying(layer: Layer, only: Mapping[str, tuple[object, ...]], as_of: date) -> QuerySet:
    named = {f"filter_{name}": rows.value(layer, layer.field(name), as_of) for name in only}
    wanted = {f"filter_{name}__in": values for name, values in only.items()}
    qualifying: QuerySet = rows.rows(layer, BUREAU, as_of).alias(**named).filter(**wanted)
    return qualifying


def _designations(layer: Layer) -> sql.Composable:
    model = layer.related("designations")
    if model is None:
        return NO_DESIGNATIONS
    return sql.SQL("SELECT township, site_id, valid_from, valid_to FROM {}").format(
        sql.Identifier(model._meta.db_table)
    )


def _link(found: dict[str, Any]) -> Link:
    days = ("changes_on", "since", "opens_on")
    return Link(**found | {key: date.fromisoformat(found[key]) for key in days if found[key]})


def _has_states_and_claims(layer: Layer) -> bool:
    return layer.states is not None and "township_claimed" in {field.name for field in layer.model._meta.fields}


METRICS = {
    metric.id: metric
    for metric in (
        Metric(id="provision_rate", unit="ratio", levels=("township",), computable_over=_has_states_and_claims),
    )
}
