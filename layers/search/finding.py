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
from layers.addresses import Address
from layers.divisions import gazetteer
from layers.publish.statements import DAY, Slot, Statement, compiled
from layers.registry import Layer, division_column
from layers.rows import geometry, label, rows
from layers.search import doors, guessing, index
from layers.search.asking import Wanted, wanted
from layers.search.index import Candidate
from layers.search.judging import WHOLE, Match, judged
from layers.search.places import places

FOUND_BY_DEFAULT, MOST = 10, 50
SPARE = 10  # names looked at beyond twice what is asked for: some of the best the reader may not see
NEAR_KM = 20.0  # what is nearer to where the map is comes first among names that match alike
INTERPOLATED, NO_SUCH_NUMBER, ANOTHER_DOOR = 0.6, 0.5, 0.97  # of the confidence in the stretch
ANOTHER_TOWNSHIP = 0.7  # of the confidence, where what is written is not in the township written
KM_PER_DEG = 111.32

LAYER = sql.SQL("""
    SELECT asked.number, {layer} AS layer, fcode AS code, fname AS name, roman, fdivision AS division,
           CASE WHEN geom IS NOT NULL THEN json_build_array(
               round(ST_X(point)::numeric, 6), round(ST_Y(point)::numeric, 6)) END AS place
    FROM asked JOIN ({rows}) AS row ON row.fid = asked.row_id
    CROSS JOIN LATERAL (SELECT ST_PointOnSurface(geom) AS point) AS within
""")
FOUND = sql.SQL("""
    WITH asked AS (
        SELECT * FROM unnest(%s::bigint[]) WITH ORDINALITY AS given (row_id, number)
    )
    SELECT coalesce(json_agg(json_build_array(number, layer, code, name, roman, division, place)), '[]')
    FROM ({layers}) AS found
""")


@dataclass(frozen=True)
class Asked:
    """address: the text as an address. near: longitude and latitude of where the map is. layers: the ids of those that
    are looked in; none: in all.
    """

    text: str
    address: Address
    near: tuple[float, float] | None = None
    layers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """A feature, a door, or, with no code, a stretch of doors or a place between two doors.

    name: what it is called, of a door its address. matched: the name that matches. place: longitude and latitude; None
    where it is not known. former: it bears the name no more, or is in the place of what bore it. not_in: the codes of
    the townships written, where it lies in another.
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
    not_in: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        return self.layer_id, self.code, "" if self.code else self.name + self.division


@dataclass(frozen=True)
class Judged:
    """A name that matches what is wanted, not yet known to be one that the reader may see."""

    candidate: Candidate
    match: Match
    want: Wanted


def search(asked: Asked, reader: Reader, on: date, *, limit: int) -> list[Found]:
    """The best, each once."""
    wants = wanted(asked.text, asked.address, places(), gazetteer())
    found = _seen(_matching(wants, on), reader, on, limit)
    if not _is_answered(wants, found):
        found += _seen(_matching_in_county(wants, on), reader, on, limit)
    found = found or _seen(_guessed(wants, on), reader, on, limit)
    chosen = [each for each in found if not asked.layers or each.layer_id in asked.layers]
    return sorted(chosen, key=lambda each: _order(each, asked.near))[:limit]


def _matching(wants: Sequence[Wanted], on: date) -> Iterator[Judged]:
    for want in wants:
        named = index.candidates(
            want.alternatives(), on=on, parts=want.runs[0], patterns=want.patterns(), within=want.within
        )
        yield from (Judged(each, judged(want.text, each.folded, each.letters), want) for each in named)


def _is_answered(wants: Sequence[Wanted], found: Sequence[Found]) -> bool:
    """Whether something is found: where a number is asked for, a door or the place of one."""
    if all(want.number is None for want in wants):
        return bool(found)
    return any(each.layer_id == doors.LAYER_ID and (each.code or each.interpolated) for each in found)


def _matching_in_county(wants: Sequence[Wanted], on: date) -> Iterator[Judged]:
    """What is called so in other townships than those written: by its whole name, for a half would be anywhere."""
    wider = [want for want in (each.in_county() for each in wants) if want]
    for each in _matching(wider, on):
        if each.match.way in WHOLE and not each.candidate.division.startswith(each.want.not_in):
            confidence = round(each.match.confidence * ANOTHER_TOWNSHIP, 3)
            yield replace(each, match=replace(each.match, confidence=confidence))


def _guessed(wants: Sequence[Wanted], on: date) -> Iterator[Judged]:
    for want in wants:
        yield from (Judged(candidate, match, want) for candidate, match in guessing.guesses(want, on))


def _seen(judgements: Iterable[Judged], reader: Reader, on: date, limit: int) -> list[Found]:
    """What the reader may see of the best, each once, as it matches best."""
    best = sorted(judgements, key=lambda each: -each.match.confidence)
    rows = _first([each for each in best if each.candidate.row_id is not None])
    stretches = _first([each for each in best if each.candidate.row_id is None])
    found: dict[tuple[str, str, str], Found] = {}
    for each in (*_features(rows[: 2 * limit + SPARE], reader, on), *_doors(stretches[:limit], reader, on)):
        found.setdefault(each.key, each)
    return list(found.values())


def _first(judgements: Sequence[Judged]) -> list[Judged]:
    """Each name once."""
    by_name: dict[tuple[object, ...], Judged] = {}
    for each in judgements:
        candidate = each.candidate
        by_name.setdefault((candidate.register, candidate.row_id, candidate.name, candidate.division), each)
    return list(by_name.values())


def _order(found: Found, near: tuple[float, float] | None) -> tuple[float, int, int, str]:
    score = found.match.confidence
    if near and found.place:
        score += 0.2 * math.exp(-distance_km(near, found.place) / NEAR_KM)
    return -round(score, 2), _places()[found.layer_id], len(found.name), found.code


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Nearly, for an order; what is shown is measured by the database."""
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return KM_PER_DEG * math.hypot(east, one[1] - other[1])


def _features(judgements: Sequence[Judged], reader: Reader, on: date) -> Iterator[Found]:
    by_register: dict[str, list[Judged]] = {}
    for each in judgements:
        by_register.setdefault(each.candidate.register, []).append(each)
    for register, named in by_register.items():
        (found,) = _statement(reader, register).run(row_ids=[each.candidate.row_id for each in named], on=on)
        for number, layer_id, code, name, roman, division, place in sorted(found, key=lambda row: int(row[0])):
            candidate = named[number - 1].candidate
            yield Found(
                layer_id=layer_id,
                code=code,
                name=name,
                roman=roman,
                division=division,
                place=tuple(place) if place else None,
                matched=candidate.name,
                match=named[number - 1].match,
                former=candidate.former,
                not_in=named[number - 1].want.not_in,
            )


def _doors(judgements: Sequence[Judged], reader: Reader, on: date) -> Iterator[Found]:
    """The doors of that number along the stretches; a stretch itself, where no number is asked for or it has none such."""
    if not judgements:
        return
    sought = [
        doors.Sought(each.candidate.name, each.candidate.division, each.want.number, each.want.written)
        for each in judgements
    ]
    for each, known in zip(judgements, doors.along(sought, reader, on), strict=True):
        for place, door in enumerate(known):
            share = (
                INTERPOLATED if door.interpolated else NO_SUCH_NUMBER if each.want.number and not door.at_number else 1
            )
            is_stretch = not (door.at_number or door.interpolated)
            yield Found(
                layer_id=doors.LAYER_ID,
                code=door.code if door.at_number else "",
                name=each.candidate.name if is_stretch else door.address,
                roman="",
                division=each.candidate.division,
                place=door.place,
                matched=each.candidate.name,
                match=replace(each.match, confidence=round(each.match.confidence * share * ANOTHER_DOOR**place, 3)),
                interpolated=door.interpolated,
                not_in=each.want.not_in,
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
def _statement(reader: Reader, register: str) -> Statement:
    """The features behind rows of a register, in whichever of its layers, as the reader may see them."""
    parts: list[sql.Composable] = []
    params: list[object] = [Slot("row_ids")]
    for layer in (layer for layer in _searched() if layer.model._meta.db_table == register):
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
        parts.append(LAYER.format(layer=sql.Literal(layer.id), rows=sql.SQL(inner)))
        params += values
    text = FOUND.format(layers=sql.SQL(" UNION ALL ").join(parts))
    return Statement(text.as_string(None), tuple(params), planned_once=True)
