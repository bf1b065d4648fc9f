"""Features that meet a filter: counted, newly counted in a year, summed by a field, or as a share of others."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connections
from psycopg import sql

from layers.access import BUREAU, Reader
from layers.coverage.metrics.recorded import divisions
from layers.coverage.metrics.selecting import CLAIM, Features, Filled, claimed_by, column, selected, visible
from layers.models.base import DEMONSTRATION
from layers.snapshots.records import Record

NAMED = 2000  # features that evidence and missing list by name; their numbers are whole


@dataclass(frozen=True)
class Tally:
    """What a division has of it, whole numbers unless a field is summed. denominator: None when nothing is divided."""

    code: str
    name: str
    numerator: Decimal
    denominator: Decimal | None


@dataclass(frozen=True)
class Named:
    """A feature. name: None when the reader may not see it, and then its code and place are left out. county: its name,
    or "". place: longitude, latitude."""

    feature: str
    name: str | None
    township: str
    county: str
    place: tuple[float, float] | None
    demonstration: bool


@dataclass(frozen=True)
class Counted:
    """townships: only where they are asked for. has_rows: the layer, on any day; of a snapshot on its day. found, lacking: how many count and do not. blank: of those
    that count, how many have no value in the summed field; astray: how many are in no county of the day.
    boundaries: the qualities of those that decided where a feature lies; "" where the register's claim did.
    is_frozen: whether snapshots were read.
    """

    has_rows: bool
    total: Tally
    counties: tuple[Tally, ...]
    townships: tuple[Tally, ...]
    evidence: tuple[Named, ...]
    missing: tuple[Named, ...]
    found: int
    lacking: int
    demonstration: int
    blank: int
    astray: int
    boundaries: tuple[str, ...]
    is_frozen: bool


# Definitions, each of the features of the day, in a division or in all:
#   count      those that meet the filter
#   increment  those that meet the filter and did not on the last day of the year before
#   share      those that meet the filter ÷ those that meet the filter of all
#   sum        the field's values of those that meet the filter; one without a value adds nothing and is said
# A feature belongs to the county of the township it lies in, decided as the provision rate decides it.
FEATURES = sql.SQL("""
WITH asked AS (SELECT %s::date AS day, %s::text AS adcode),
register AS ({register}),
among AS ({among}),
counted AS ({counted}),
before AS ({before}),
visible AS ({visible}),
recorded AS {divisions},
division AS (
    SELECT d.level, d.code, d.name, d.parent_code, d.boundary_quality IN ('surveyed', 'published') AS firm,
           CASE WHEN d.boundary IS NULL THEN '' ELSE d.boundary_quality END AS boundary
    FROM recorded d, asked
    WHERE d.level IN ('county', 'township') AND daterange(d.valid_from, d.valid_to) @> asked.day
),
county AS (
    SELECT code, name FROM division, asked WHERE level = 'county' AND asked.adcode IN ('', code, parent_code)
),
placed AS MATERIALIZED (
    SELECT among.*, coalesce(covering.code, {fallback}) AS township,
           CASE WHEN covering.code IS NULL THEN claimed.boundary ELSE covering.boundary END AS boundary
    FROM among
    LEFT JOIN division claimed ON claimed.level = 'township' AND claimed.code = among.claimed
    LEFT JOIN LATERAL ({covering}) covering ON true
),
site AS (
    SELECT placed.*, t.parent_code AS county,
           placed.id IN (SELECT id FROM counted) AND placed.code NOT IN (SELECT code FROM before) AS counts
    FROM asked, placed LEFT JOIN division t ON t.level = 'township' AND t.code = placed.township
    WHERE asked.adcode = '' OR t.parent_code IN (SELECT code FROM county)
)
SELECT json_build_object(
    'has_rows', EXISTS (SELECT FROM register),
    'total', (SELECT json_build_array(coalesce(sum(amount) FILTER (WHERE counts), 0)::text, sum(amount)::text) FROM site),
    'counties', (
        SELECT coalesce(json_agg(json_build_array(c.code, c.name, coalesce(s.numerator, 0)::text, coalesce(s.denominator, 0)::text)
                                 ORDER BY c.code), '[]')
        FROM county c LEFT JOIN (
            SELECT county, sum(amount) FILTER (WHERE counts) AS numerator, sum(amount) AS denominator
            FROM site GROUP BY county) s ON s.county = c.code),
    'townships', {townships},
    'evidence', {evidence},
    'missing', {missing},
    'figures', (
        SELECT json_build_object(
            'found', count(*) FILTER (WHERE counts), 'lacking', count(*) FILTER (WHERE NOT counts),
            'demonstration', count(*) FILTER (WHERE counts AND source = {demonstration}),
            'blank', count(*) FILTER (WHERE counts AND amount IS NULL),
            'astray', count(*) FILTER (WHERE counts AND county IS NULL),
            'boundaries', coalesce(json_agg(DISTINCT coalesce(boundary, '')), '[]'))
        FROM site))
""")
TOWNSHIPS = sql.SQL("""
    (SELECT coalesce(json_agg(json_build_array(t.code, t.name, coalesce(s.numerator, 0)::text, coalesce(s.denominator, 0)::text)
                              ORDER BY t.code), '[]')
     FROM division t LEFT JOIN (
         SELECT township, sum(amount) FILTER (WHERE counts) AS numerator, sum(amount) AS denominator
         FROM site GROUP BY township) s ON s.township = t.code
     WHERE t.level = 'township' AND t.parent_code IN (SELECT code FROM county))
""")
NO_TOWNSHIPS = sql.SQL("'[]'::json")
# The first of them by their codes.
NAMED_FEATURES = sql.SQL("""
    (SELECT coalesce(json_agg(json_build_object(
         'feature', CASE WHEN seen THEN code ELSE '' END, 'name', CASE WHEN seen THEN name END,
         'township', coalesce(township, ''), 'county', county_name,
         'place', CASE WHEN seen AND point IS NOT NULL THEN json_build_array(
             round(ST_X(point)::numeric, 6), round(ST_Y(point)::numeric, 6)) END,
         'demonstration', source = {demonstration}) ORDER BY code), '[]')
     FROM (SELECT first.*, first.id IN (SELECT id FROM visible) AS seen, coalesce(county.name, '') AS county_name
           FROM (SELECT * FROM site WHERE {which} ORDER BY code LIMIT {most}) AS first
           LEFT JOIN county ON county.code = first.county) AS named)
""")
# All that is recorded, not the list above, so that the index of boundaries is used. The lowest code on a shared edge.
COVERING = sql.SQL("""
    SELECT d.code, d.boundary_quality AS boundary FROM recorded d, asked
    WHERE d.level = 'township' AND ST_Covers(d.boundary, among.point)
      AND d.boundary_quality IN ('surveyed', 'published')
      AND (d.valid_from IS NULL OR d.valid_from <= asked.day) AND (d.valid_to IS NULL OR d.valid_to > asked.day)
    ORDER BY d.code LIMIT 1
""")
UNREFUTED = sql.SQL("CASE WHEN among.point IS NULL OR NOT claimed.firm THEN claimed.code END")
# Millions are not placed one by one: the claim decides.
CLAIMED = sql.SQL("claimed.code")
BY_CLAIM = sql.SQL("SELECT NULL::text AS code, NULL::text AS boundary WHERE false")
NONE = sql.SQL("SELECT NULL::text AS code WHERE false")


def counted(
    features: Features,
    record: Record,
    *,
    adcode: str,
    reader: Reader,
    using: str,
    among: Features | None = None,
    field: str = "",
    new_in_year: bool = False,
    by_township: bool = False,
) -> Counted:
    """The features, of those of ``among``, with the values of a field when one is named.

    Every row counts, whoever asks; the reader decides which are named.
    """
    columns = {
        "code": sql.SQL("row.fcode"),
        "name": sql.SQL("row.p_name"),
        "source": sql.SQL("row.p_source"),
        "claimed": column(claimed_by(features.layer)),
        "point": sql.SQL("row.geom"),
        "amount": column(field) if field else sql.SQL("1"),
    }
    is_placed = claimed_by(features.layer) == CLAIM and not features.layer.cells
    code = {"code": columns["code"]}
    parts = {
        "register": visible(features.layer, BUREAU, record),
        "among": selected(among or features, record, columns),
        "counted": selected(features, record),
        "before": selected(features, record.year_before, code) if new_in_year else Filled(NONE),
        "visible": visible(features.layer, reader, record),
        "divisions": divisions(record, "counties", "townships"),
    }
    text = FEATURES.format(
        **{name: part.sql for name, part in parts.items()},
        townships=TOWNSHIPS if by_township else NO_TOWNSHIPS,
        covering=COVERING if is_placed else BY_CLAIM,
        fallback=UNREFUTED if is_placed else CLAIMED,
        demonstration=sql.Literal(DEMONSTRATION),
        evidence=_named_features(sql.SQL("counts")),
        missing=_named_features(sql.SQL("NOT counts")) if among else sql.SQL("'[]'::json"),
    )
    with connections[using].cursor() as cursor:
        cursor.execute(
            text.as_string(None), [record.on, adcode, *(value for part in parts.values() for value in part.values)]
        )
        (found,) = cursor.fetchone()
    return _counted(found, is_divided=among is not None, is_frozen=record.is_frozen)


def _named_features(which: sql.Composable) -> sql.Composable:
    return NAMED_FEATURES.format(which=which, most=sql.Literal(NAMED), demonstration=sql.Literal(DEMONSTRATION))


def _counted(found: dict[str, Any], *, is_divided: bool, is_frozen: bool) -> Counted:
    def tally(code: str, name: str, numerator: str, denominator: str | None) -> Tally:
        return Tally(code, name, Decimal(numerator), Decimal(denominator or 0) if is_divided else None)

    return Counted(
        has_rows=found["has_rows"],
        total=tally("", "", *found["total"]),
        counties=tuple(tally(*county) for county in found["counties"]),
        townships=tuple(tally(*township) for township in found["townships"]),
        evidence=tuple(map(_named, found["evidence"])),
        missing=tuple(map(_named, found["missing"])),
        **{key: value for key, value in found["figures"].items() if key != "boundaries"},
        boundaries=tuple(found["figures"]["boundaries"]),
        is_frozen=is_frozen,
    )


def _named(found: dict[str, Any]) -> Named:
    return Named(**found | {"place": tuple(found["place"]) if found["place"] else None})
