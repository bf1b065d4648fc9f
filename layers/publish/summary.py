"""What each published layer holds today: how many rows, from which sources, how exact."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import F, TextField, Value
from django.db.models.functions import NullIf
from psycopg import sql

from layers import registry
from layers.access import PUBLIC, Reader
from layers.models.base import DEMONSTRATION, PositionQuality
from layers.publish import freshness
from layers.publish.statements import DATABASE, DAY, Statement, compiled
from layers.registry import Layer
from layers.rows import rows, today

SOURCES = ("source", "centre_source", "population_source")  # columns that say where a row, or a part of it, is from
EXACTNESS = ("boundary_quality", "position_quality")
MOST_SOURCES = 12

# Grouped by their sources first: of millions of rows there are few, which sorting every row by them would not know.
LAYER = sql.SQL("""
    SELECT coalesce(sum(alike.features), 0)::bigint, coalesce(bool_or(alike.approximate), false), max(alike.as_of),
           array_agg(DISTINCT alike.source_1) || array_agg(DISTINCT alike.source_2)
               || array_agg(DISTINCT alike.source_3)
    FROM (SELECT count(*) AS features, bool_or(row.exactness = {approximate}) AS approximate,
                 max(row.described_on) AS as_of, row.source_1, row.source_2, row.source_3
          FROM ({rows}) AS row GROUP BY row.source_1, row.source_2, row.source_3) AS alike
""")


@dataclass(frozen=True)
class Summary:
    """features: rows the reader sees. approximate: some of them only roughly placed or bounded.
    sources: where they are from, without the demonstration. as_of: the latest day a source describes.
    """

    features: int
    demonstration: bool
    approximate: bool
    sources: tuple[str, ...]
    as_of: date | None


def of(layer: Layer, reader: Reader) -> Summary:
    """The summary of a layer, kept until the layer changes."""
    on = today()
    return _summary(layer.id, reader, on, freshness.version([layer]))


def summaries(reader: Reader = PUBLIC) -> dict[str, Summary]:
    """The summary of every published layer, by id."""
    with freshness.one_look():
        return {layer.id: of(layer, reader) for layer in registry.published()}


def counts(reader: Reader = PUBLIC) -> dict[str, int]:
    """How many features each published layer has, by id."""
    return {layer_id: summary.features for layer_id, summary in summaries(reader).items()}


def division_names() -> dict[str, tuple[str, str]]:
    """Name and roman spelling of every county and township in force, by code."""
    named: dict[str, tuple[str, str]] = {}
    for layer_id in ("counties", "townships"):
        found = rows(registry.get(layer_id), PUBLIC, today()).using(DATABASE).order_by("code")
        named |= {code: (name, roman) for code, name, roman in found.values_list("code", "name", "name_roman")}
    return named


@lru_cache(maxsize=256)
def _summary(layer_id: str, reader: Reader, on: date, version: int) -> Summary:  # noqa: ARG001  the version ends the entry
    features, approximate, as_of, found = _statement(layer_id, reader).run(on=on)
    sources = sorted({source for source in found or [] if source})
    return Summary(
        features=features,
        demonstration=any(is_demonstration(source) for source in sources),
        approximate=approximate,
        sources=tuple(source for source in sources if not is_demonstration(source))[:MOST_SOURCES],
        as_of=as_of,
    )


def is_demonstration(source: str) -> bool:
    return source.startswith(DEMONSTRATION)


@lru_cache(maxsize=256)
def _statement(layer_id: str, reader: Reader) -> Statement:
    layer = registry.get(layer_id)
    columns = {column.name for column in layer.model._meta.fields}
    nothing = Value(None, output_field=TextField())
    exactness = next((F(name) for name in EXACTNESS if name in columns), nothing)
    given = [NullIf(F(name), Value("")) if name in columns else nothing for name in SOURCES]
    inner, params = compiled(
        rows(layer, reader, DAY)
        .order_by()
        .values(
            exactness=exactness,
            described_on=F("as_of"),
            source_1=given[0],
            source_2=given[1],
            source_3=given[2],
        )
    )
    text = LAYER.format(approximate=sql.Literal(PositionQuality.APPROXIMATE.value), rows=sql.SQL(inner))
    return Statement(text.as_string(None), params)
