"""The first form of search: features whose name or spelling holds the words, best match first."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache

from django.db.models import F, TextField, Value
from django.utils.translation import gettext as _
from psycopg import sql

from layers import registry
from layers.access import Reader
from layers.errors import BadParameter
from layers.models import Division
from layers.publish.statements import DAY, Slot, Statement, compiled
from layers.registry import Layer, division_column
from layers.rows import geometry, label, rows

MOST = 50
LONGEST = 60

# A spelling without tones, case, spaces and apostrophes, as ``plain`` makes it of what is looked for.
FOLDED = sql.SQL(
    "replace(replace(regexp_replace(normalize(lower({}), NFD), '[^a-z0-9]', '', 'g'), 'lv', 'lu'), 'nv', 'nu')"
)
# A spelling is compared without tones, spaces and apostrophes: "kuaiji" finds Kuàijī Shān. ü is typed as v: "lvyuan".
# Exact before prefix before anywhere; then the order of the layers, then shorter names first.
LAYER = sql.SQL("""
    SELECT {place} AS place, {layer} AS layer, fcode AS code, fname AS name, roman, fdivision AS division, geom,
           CASE WHEN fname = {text} OR folded = {plain} THEN 0
                WHEN starts_with(fname, {text}) OR (folded <> '' AND {plain} <> '' AND starts_with(folded, {plain})) THEN 1
                ELSE 2 END AS rank
    FROM (SELECT row.*, {folded} AS folded FROM ({rows}) AS row) AS named, asked
    WHERE position({text} IN fname) > 0 OR ({plain} <> '' AND position({plain} IN folded) > 0)
""")
BEST = sql.SQL("""
    WITH asked AS (SELECT {text} AS text, {plain} AS plain)
    SELECT coalesce(json_agg(json_build_object(
        'type', 'Feature', 'id', code, 'geometry', ST_AsGeoJSON(ST_PointOnSurface(geom), 6, 0)::json,
        'properties', json_build_object('layer', layer, 'name', name, 'name_roman', roman,
            'township', division,
            'township_name', (SELECT d.name FROM {divisions} AS d WHERE d.code = division
                              AND daterange(d.valid_from, d.valid_to) @> {on} LIMIT 1))
        ) ORDER BY rank, place, length(name), code), '[]')
    FROM (SELECT * FROM ({layers}) AS found ORDER BY rank, place, length(name), code LIMIT {limit}) AS best
""")


def query(given: Mapping[str, str]) -> str:
    """The words looked for, in composed form and without space around them."""
    text = unicodedata.normalize("NFC", given.get("q", "").strip())
    if not 0 < len(text) <= LONGEST or "\0" in text:
        raise BadParameter(
            "q", text, _("give 1 to %(most)d characters of a name, in hanzi or pinyin.") % {"most": LONGEST}
        )
    return text


def plain(text: str) -> str:
    """A roman spelling without tones, case, spaces and apostrophes; empty when the text is not one."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter) and letter not in " '’-")
    return folded.replace("lv", "lu").replace("nv", "nu") if re.fullmatch(r"[a-z0-9]+", folded) else ""


def search(text: str, reader: Reader, on: date, *, limit: int) -> list[dict[str, object]]:
    """The best features as GeoJSON, each with its layer, name, spelling and township."""
    (found,) = _statement(reader).run(text=text, plain=plain(text), on=on, limit=limit)
    for feature in found:
        layer = registry.get(feature["properties"]["layer"])
        feature["properties"]["layer_title"] = str(layer.title)
    return list(found)


@cache
def _statement(reader: Reader) -> Statement:
    parts: list[str] = []
    params: list[object] = []
    searched = [layer for layer in registry.published() if "name" in layer.searchable]
    searched.sort(key=lambda layer: not layer.shown)  # what the map does not show at first comes last
    for place, layer in enumerate(searched):
        part, values = _layer(place, layer, reader)
        parts.append(part)
        params += values
    text = BEST.format(
        text=sql.SQL("%s::text"),
        plain=sql.SQL("%s::text"),
        divisions=sql.Identifier(Division._meta.db_table),
        on=sql.SQL("%s::date"),
        limit=sql.SQL("%s"),
        layers=sql.SQL(" UNION ALL ".join(parts)),
    )
    return Statement(text.as_string(None), (Slot("text"), Slot("plain"), Slot("on"), *params, Slot("limit")))


def _layer(place: int, layer: Layer, reader: Reader) -> tuple[str, tuple[object, ...]]:
    column = division_column(layer.model)
    named = (
        rows(layer, reader, DAY)
        .order_by()
        .values(
            fcode=F("code"),
            fname=F("name"),
            roman=F("name_roman"),
            fdivision=F(column) if column else Value("", output_field=TextField()),
            geom=label(layer) if layer.label else geometry(layer.geometry),
        )
    )
    inner, params = compiled(named)
    part = LAYER.format(
        place=sql.Literal(place),
        layer=sql.Literal(layer.id),
        text=sql.SQL("asked.text"),
        plain=sql.SQL("asked.plain"),
        folded=FOLDED.format(sql.SQL("roman")),
        rows=sql.SQL(inner),
    )
    return part.as_string(None), params
