"""The search: what is called so, in the order of how well it matches, as a reader may see it on a day."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from django.db.models import F, TextField, Value
from psycopg import sql

from layers import registry
from layers.access import Reader
from layers.divisions import gazetteer
from layers.publish.statements import DAY, Slot, Statement, compiled
from layers.registry import Layer, division_column
from layers.rows import geometry, label, rows
from layers.search import doors, guessing, index
from layers.search.asking import Wanted, wanted
from layers.search.index import Candidate
from layers.search.judging import Match, judged
from layers.search.places import places

FOUND_BY_DEFAULT, MOST = 10, 50
NEAR_KM = 20.0  # what is nearer to where the map is comes first among names that match alike
INTERPOLATED, NO_SUCH_NUMBER, ANOTHER_DOOR = 0.6, 0.5, 0.97  # of the confidence in the stretch
KM_PER_DEG = 111.32

LAYER = sql.SQL("""
    SELECT asked.number, {layer} AS layer, fcode AS code, fname AS name, roman, fdivision AS division,
           ST_AsGeoJSON(ST_PointOnSurface(geom), 6, 0)::json -> 'coordinates' AS place
    FROM asked JOIN ({rows}) AS row ON row.fid = asked.row_id WHERE asked.register = {register}
""")
FOUND = sql.SQL("""
    WITH asked AS (
        SELECT * FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS given (register, row_id, number)
    )
    SELECT coalesce(json_agg(json_build_array(number, layer, code, name, roman, division, place)), '[]')
    FROM ({layers}) AS found
""")


@dataclass(frozen=True)
class Asked:
    """near: longitude and latitude of where the map is. layers: the ids of those that are looked in; none: in all."""

    text: str
    near: tuple[float, float] | None = None
    layers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """A feature, a door, or, with no code, a stretch of doors or a place between two doors.

    name: what it is called, of a door its address. matched: the name that matches. place: longitude and latitude; None
    where it is not known. former: it bears the name no more, or is in the place of what bore it.
    """

    layer_id: str
    code: str
    name: str
    roman: str
    division: str
    place: tuple[float, float] | None
    matched: str
    match: Match
    former: bool = False
    interpolated: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.layer_id, self.code, "" if self.code else self.name + self.division


def search(asked: Asked, reader: Reader, on: date, *, limit: int) -> list[Found]:
    """The best, each once."""
    found: dict[tuple[str, str, str], Found] = {}
    for want in wanted(asked.text, places(), gazetteer()):
        named = index.candidates(
            want.alternatives(), on=on, parts=want.runs[0], patterns=want.patterns(), within=want.within
        )
        judgements = [(each, judged(want.text, each.folded, each.letters)) for each in named]
        _keep(found, _seen(judgements, want, reader, on, limit))
    if not found:
        for want in wanted(asked.text, places(), gazetteer()):
            _keep(found, _seen(guessing.guesses(want, on), want, reader, on, limit))
    chosen = [each for each in found.values() if not asked.layers or each.layer_id in asked.layers]
    return sorted(chosen, key=lambda each: _order(each, asked.near))[:limit]


def _keep(found: dict[tuple[str, str, str], Found], more: Iterable[Found]) -> None:
    """Each once, as it matches best."""
    for each in more:
        known = found.get(each.key)
        if known is None or known.match.confidence < each.match.confidence:
            found[each.key] = each


def _order(found: Found, near: tuple[float, float] | None) -> tuple[float, int, int, str]:
    score = found.match.confidence
    if near and found.place:
        score += 0.2 * math.exp(-distance_km(near, found.place) / NEAR_KM)
    return -round(score, 2), _places()[found.layer_id], len(found.name), found.code


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Nearly, for an order; what is shown is measured by the database."""
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return KM_PER_DEG * math.hypot(east, one[1] - other[1])


def _seen(
    judgements: list[tuple[Candidate, Match]], want: Wanted, reader: Reader, on: date, limit: int
) -> Iterator[Found]:
    """What the reader may see of the names that match."""
    judgements.sort(key=lambda judgement: -judgement[1].confidence)
    yield from _features([each for each in judgements if each[0].row_id is not None][: 2 * limit + 10], reader, on)
    yield from _doors([each for each in judgements if each[0].row_id is None][:limit], want, reader, on)


def _features(judgements: Sequence[tuple[Candidate, Match]], reader: Reader, on: date) -> Iterator[Found]:
    if not judgements:
        return
    (found,) = _statement(reader).run(
        registers=[candidate.register for candidate, _match in judgements],
        row_ids=[candidate.row_id for candidate, _match in judgements],
        on=on,
    )
    for number, layer_id, code, name, roman, division, place in found:
        candidate, match = judgements[number - 1]
        yield Found(
            layer_id=layer_id,
            code=code,
            name=name,
            roman=roman,
            division=division,
            place=tuple(place) if place else None,
            matched=candidate.name,
            match=match,
            former=candidate.former,
        )


def _doors(judgements: Sequence[tuple[Candidate, Match]], want: Wanted, reader: Reader, on: date) -> Iterator[Found]:
    """The doors of that number along the stretches; a stretch itself, where no number is asked for or it has none such."""
    if not judgements:
        return
    sought = [
        doors.Sought(candidate.name, candidate.division, want.number, want.written) for candidate, _match in judgements
    ]
    for (candidate, match), known in zip(judgements, doors.along(sought, reader, on), strict=True):
        for place, door in enumerate(known):
            is_stretch = want.number is None or not door.at_number
            share = INTERPOLATED if door.interpolated else NO_SUCH_NUMBER if want.number and is_stretch else 1.0
            yield Found(
                layer_id=doors.LAYER_ID,
                code="" if is_stretch else door.code,
                name=candidate.name if is_stretch and not door.interpolated else door.address,
                roman="",
                division=candidate.division,
                place=(door.lon, door.lat),
                matched=candidate.name,
                match=replace(match, confidence=round(match.confidence * share * ANOTHER_DOOR**place, 3)),
                interpolated=door.interpolated,
            )


@cache
def _places() -> dict[str, int]:
    """The place of each layer in the order of what is found: what the map does not show at first comes last."""
    searched = [*_searched(), registry.get(doors.LAYER_ID)]
    return {layer.id: place for place, layer in enumerate(sorted(searched, key=lambda layer: not layer.shown))}


def _searched() -> list[Layer]:
    """The layers whose features are found by their names."""
    return [layer for layer in registry.published() if "name" in layer.searchable]


@cache
def _statement(reader: Reader) -> Statement:
    """The features behind rows of registers, as the reader may see them."""
    parts: list[sql.Composable] = []
    params: list[object] = [Slot("registers"), Slot("row_ids")]
    for layer in _searched():
        column = division_column(layer.model)
        inner, values = compiled(
            rows(layer, reader, DAY)
            .order_by()
            .values(
                fid=F("pk"),
                fcode=F("code"),
                fname=F("name"),
                roman=F("name_roman"),
                fdivision=F(column) if column else Value("", output_field=TextField()),
                geom=label(layer) if layer.label else geometry(layer.geometry),
            )
        )
        register = sql.Literal(layer.model._meta.db_table)
        parts.append(LAYER.format(layer=sql.Literal(layer.id), rows=sql.SQL(inner), register=register))
        params += values
    text = FOUND.format(layers=sql.SQL(" UNION ALL ").join(parts))
    return Statement(text.as_string(None), tuple(params))
