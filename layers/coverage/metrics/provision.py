"""The provision rate: divisions in which a qualifying feature lies, or which one serves, among all of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections
from psycopg import sql

from layers.access import Reader
from layers.coverage.metrics import recorded
from layers.coverage.metrics.selecting import Features, column, selected, visible
from layers.models.base import DEMONSTRATION, Status
from layers.snapshots.records import Record

COUNTING = ("lies", "serves", "near")


@dataclass(frozen=True)
class Link:
    """How one feature bears on one township, and what the feature was on the day.

    way: it "lies" there, "serves" it or is "near" it, within the distance asked; "served" it until, or "will_serve" it from, the day ``changes_on``; or
    "claims" it, but its point lies elsewhere.
    name: None when the reader may not see the feature.
    located: the township whose boundary covers its point. claimed_name, located_name: None when there is no such
    township on the day.
    place: longitude, latitude of its point. status, since: the state of the day, None when none is recorded; opens_on: the first later day in operation.
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
    place: tuple[float, float] | None = None

    @property
    def counts(self) -> bool:
        return self.qualifies and self.way in COUNTING


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


@dataclass(frozen=True)
class Village:
    """counts: a qualifying feature is registered for it."""

    code: str
    name: str
    county: str
    county_name: str
    township: str
    township_name: str
    counts: bool


# Definition: townships in which at least one qualifying feature lies, or which one serves by a designation in force, or
# whose boundary one stands within a distance of when one is asked, ÷ all townships in force on the day, with or without
# a boundary. Distances are of the plane of EPSG:4549.
# Where a feature lies: over surveyed and published boundaries its point decides (on a shared edge the lowest code);
# elsewhere, and for a feature without a point, the township its register claims.
PROVISION_RATE = sql.SQL("""
WITH asked AS (SELECT %s::date AS day, %s::text AS adcode, %s::float8 AS within_m),
register AS ({register}),
qualifying AS ({qualifying}),
visible AS ({visible}),
recorded AS {divisions},
state_of (site_id, status, valid_from, valid_to) AS NOT MATERIALIZED ({states}),
designation (township, site_id, valid_from, valid_to) AS ({designations}),
division AS (
    SELECT d.level, d.code, d.name, d.parent_code,
           CASE WHEN d.boundary IS NULL THEN '' ELSE d.boundary_quality END AS boundary,
           d.boundary IS NOT NULL AND d.boundary_quality IN ('surveyed', 'published') AS firm
    FROM recorded d, asked
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
                WHEN register.point IS NULL OR NOT claimed.firm THEN claimed.code END AS lies_in,
           register.point
    FROM register
    LEFT JOIN division claimed ON claimed.level = 'township' AND claimed.code = register.township_claimed
    LEFT JOIN LATERAL (
        -- All that is recorded, not the list above, so that the index of boundaries is used; and its dates, not their
        -- range, so that the index of periods, which nearly every row of the table meets, is not.
        SELECT d.code, d.name, d.boundary_quality IN ('surveyed', 'published') AS firm
        FROM recorded d, asked
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
    SELECT d.code, site.id, 'near', NULL
    FROM asked, site, recorded d
    WHERE asked.within_m > 0 AND site.qualifies AND d.level = 'township' AND d.code IS DISTINCT FROM site.lies_in
      AND daterange(d.valid_from, d.valid_to) @> asked.day
      AND ST_DWithin(ST_Transform(d.boundary, 4549), ST_Transform(site.point, 4549), asked.within_m)
    UNION ALL
    (SELECT DISTINCT ON (d.township, d.site_id) d.township, d.site_id,
            CASE WHEN d.valid_to <= asked.day THEN 'served' WHEN d.valid_from > asked.day THEN 'will_serve' ELSE 'serves' END,
            CASE WHEN d.valid_to <= asked.day THEN d.valid_to WHEN d.valid_from > asked.day THEN d.valid_from END
     FROM designation d, asked
     ORDER BY d.township, d.site_id, daterange(d.valid_from, d.valid_to) @> asked.day DESC,
              d.valid_from > asked.day, abs(d.valid_from - asked.day))
),
evidence AS (
    SELECT link.township, link.way IN ('lies', 'serves', 'near') AND site.qualifies AS counts, site.code AS feature,
           json_build_object(
               'way', link.way, 'feature', site.code, 'name', CASE WHEN site.visible THEN site.name END,
               'qualifies', site.qualifies, 'demonstration', site.demonstration, 'has_point', site.has_point,
               'claimed', site.claimed, 'claimed_name', site.claimed_name,
               'located', site.located, 'located_name', site.located_name, 'changes_on', link.changes_on,
               'place', CASE WHEN site.point IS NOT NULL THEN json_build_array(
                   round(ST_X(site.point)::numeric, 6), round(ST_Y(site.point)::numeric, 6)) END,
               'status', state.status, 'since', state.since, 'opens_on', opening.day) AS found,
           site.lies_in, site.qualifies, site.claimed, link.way
    FROM asked, link JOIN site ON site.id = link.site
    LEFT JOIN LATERAL (
        -- A status lasts through states that differ in something else.
        SELECT now.status, (
            SELECT min(same.valid_from) FROM state_of same
            WHERE same.site_id = site.id AND same.status = now.status AND same.valid_from <= now.valid_from
              AND NOT EXISTS (SELECT FROM state_of other WHERE other.site_id = site.id AND other.status <> now.status
                              AND other.valid_from BETWEEN same.valid_from AND now.valid_from)) AS since
        FROM state_of now
        WHERE now.site_id = site.id AND daterange(now.valid_from, now.valid_to) @> asked.day
    ) state ON NOT site.qualifies
    LEFT JOIN LATERAL (
        SELECT min(later.valid_from) AS day FROM state_of later
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

# Definition: villages and communities for which a qualifying feature is registered ÷ all of them in force on the day.
VILLAGES = sql.SQL("""
WITH asked AS (SELECT %s::date AS day, %s::text AS adcode),
qualifying AS ({qualifying}),
recorded AS {divisions}
SELECT v.code, v.name, left(v.code, 6), coalesce(c.name, left(v.code, 6)), left(v.code, 9), coalesce(t.name, left(v.code, 9)),
       EXISTS (SELECT FROM qualifying q WHERE q.village = v.code)
FROM asked, recorded v
LEFT JOIN recorded t ON t.level = 'township' AND t.code = left(v.code, 9)
     AND daterange(t.valid_from, t.valid_to) @> (SELECT day FROM asked)
LEFT JOIN recorded c ON c.level = 'county' AND c.code = left(v.code, 6)
     AND daterange(c.valid_from, c.valid_to) @> (SELECT day FROM asked)
WHERE v.level = 'village' AND daterange(v.valid_from, v.valid_to) @> asked.day
  AND asked.adcode IN ('', c.code, c.parent_code)
ORDER BY v.code
""")


def provision(
    features: Features, record: Record, *, adcode: str, reader: Reader, using: str, within_m: float = 0
) -> Provision:
    """The townships of a division ("" for all) with what lies in and serves each.

    Every row of the register counts, whoever asks; the reader decides which features are named.
    """
    layer = features.layer
    parts = {
        "register": recorded.register(layer, record),
        "qualifying": selected(features, record),
        "visible": visible(layer, reader, record),
        "divisions": recorded.divisions(record, "counties", "townships"),
    }
    statement = PROVISION_RATE.format(
        **{name: part.sql for name, part in parts.items()},
        states=recorded.states(layer, record),
        designations=recorded.designations(layer, record),
        demonstration=sql.Literal(DEMONSTRATION),
        operating=sql.Literal(Status.OPERATING.value),
    )
    filled: list[Any] = [record.on, adcode, within_m, *(value for part in parts.values() for value in part.values)]
    with connections[using].cursor() as cursor:
        cursor.execute(statement.as_string(None), filled)
        (found,) = cursor.fetchone()
    return Provision(
        rows=found["rows"],
        townships=tuple(
            Township(**{**township, "links": tuple(_link(link) for link in township["links"])})
            for township in found["townships"]
        ),
        astray=tuple(_link(link) for link in found["astray"]),
    )


def villages(features: Features, record: Record, *, adcode: str, using: str) -> tuple[Village, ...]:
    """The villages of a division ("" for all), by their codes."""
    qualifying = selected(features, record, {"village": column("village")})
    divisions = recorded.divisions(record, "counties", "townships", "villages")
    statement = VILLAGES.format(qualifying=qualifying.sql, divisions=divisions.sql)
    with connections[using].cursor() as cursor:
        cursor.execute(statement.as_string(None), [record.on, adcode, *qualifying.values, *divisions.values])
        return tuple(Village(*row) for row in cursor.fetchall())


def _link(found: dict[str, Any]) -> Link:
    days = ("changes_on", "since", "opens_on")
    place = tuple(found["place"]) if found["place"] else None
    return Link(**found | {key: date.fromisoformat(found[key]) for key in days if found[key]} | {"place": place})
