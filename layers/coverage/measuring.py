"""A target measured: which statement answers it, and what its answer says of divisions and features."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from django.db.models import DateField

from layers.coverage import freezing
from layers.coverage.amounts import Amount, Goal
from layers.coverage.measured import Asked, Evidence, Measured, Missing, Share, weakest
from layers.coverage.metrics import features as by_features
from layers.coverage.metrics import figures as by_figures
from layers.coverage.metrics import provision as by_provision
from layers.coverage.metrics.features import Counted, Tally
from layers.coverage.metrics.figures import Figure
from layers.coverage.metrics.provision import Link, Provision, Township
from layers.coverage.notes import Cause, Named, Note, causes_of, notes_on
from layers.coverage.reach_measured import measure_reach
from layers.coverage.targets import Operand, Target
from layers.registry import Words
from layers.rows import own_column

IDENTITY = {"kind", "plate_kind", "category", "tier", "beautiful_home_year"}  # what a thing is does not change


def measure(target: Target, asked: Asked) -> Measured:
    lacking = freezing.lacking(target, asked.record)
    if lacking is not None:
        return Measured(None, notes=(lacking,))
    found = MEASURES[target.metric.id](target, asked)
    parts = found.parts or (found.by_division if asked.by == "county" else ())
    return replace(found, parts=parts, notes=(*found.notes, *freezing.notes(target, asked.record)))


# Divisions


def _provision(target: Target, asked: Asked) -> Measured:
    if target.level == "village":
        return _villages(target, asked)
    assert target.features is not None
    found = by_provision.provision(
        target.features,
        asked.record,
        adcode=asked.division,
        reader=asked.reader,
        using=asked.using,
        within_m=target.within_m,
    )
    boundaries = weakest(township.boundary for township in found.townships)
    if not (found.rows and found.townships):
        return Measured(None, notes=notes_on(found), boundaries=boundaries)
    of_counties = target.level == "county"
    counted = _counties(found, asked) if of_counties else found.townships
    counting = {link.feature: link for one in found.townships for link in one.links if link.counts}
    return Measured(
        _rate(counted, target, asked),
        ()
        if of_counties
        else tuple(
            Share(code, name, _rate(within, target, asked))
            for (code, name), within in groupby(sorted(counted, key=_county), key=_county)
        ),
        tuple(Missing(one.code, one.name, one.county_name, causes_of(one)) for one in counted if not one.counts),
        tuple(
            Evidence(link.feature, link.name, link.located or link.claimed, link.place, link.demonstration)
            for _code, link in sorted(counting.items())
            if link.name is not None
        ),
        len(counting),
        _county_notes(found, counting.values()) if of_counties else notes_on(found),
        boundaries,
        parts=tuple(Share(one.code, one.name, _rate([one], target, asked)) for one in counted)
        if asked.by == target.level
        else (),
    )


def _county(township: Township) -> tuple[str, str]:
    return township.county, township.county_name


def _counties(found: Provision, asked: Asked) -> tuple[Township, ...]:
    """The counties in force as what their townships have together."""
    within = {code: [one for one in found.townships if one.county == code] for code in asked.counties}
    return tuple(
        Township(code, name, code, name, "", any(one.counts for one in within[code]), _links(within[code]))
        for code, name in asked.counties.items()
    )


def _county_notes(found: Provision, counting: Collection[Link]) -> tuple[Note, ...]:
    demonstration = sum(link.demonstration for link in counting)
    said = tuple(note for note in notes_on(found) if note.kind in ("approximate_boundaries", "no_boundary"))
    return (*said, Note("demonstration_features", demonstration, len(counting))) if demonstration else said


def _links(townships: Iterable[Township]) -> tuple[Link, ...]:
    return tuple(link for one in townships for link in one.links)


def _rate(divisions: Iterable[Township | by_provision.Village], target: Target, asked: Asked) -> Amount:
    counts = [one.counts for one in divisions]
    return Amount(Decimal(sum(counts)), Decimal(len(counts)), target.goal(asked.as_of))


def _villages(target: Target, asked: Asked) -> Measured:
    assert target.features is not None
    counted = _counted(target, asked)
    found = by_provision.villages(target.features, asked.record, adcode=asked.division, using=asked.using)
    if not (counted.has_rows and found):
        return Measured(None, notes=(Note("no_divisions") if counted.has_rows else Note("layer_empty", of=len(found)),))

    def county(village: by_provision.Village) -> tuple[str, str]:
        return village.county, village.county_name

    def township(village: by_provision.Village) -> tuple[str, str]:
        return village.township, village.township_name

    return Measured(
        _rate(found, target, asked),
        tuple(Share(*name, _rate(within, target, asked)) for name, within in groupby(found, key=county)),
        tuple(Missing(one.code, one.name, one.county_name, (Cause("no_site"),)) for one in found if not one.counts),
        _evidence(counted),
        counted.found,
        (*_notes(counted, target), Note("villages_listed", len(found))),
        parts=tuple(Share(*name, _rate(within, target, asked)) for name, within in groupby(found, key=township))
        if asked.by == "township"
        else (),
    )


# Features


def _count(target: Target, asked: Asked) -> Measured:
    return _of_features(_counted(target, asked, new_in_year=target.metric.id == "increment"), target, asked)


def _share(target: Target, asked: Asked) -> Measured:
    return _of_features(_counted(target, asked, divided=True), target, asked)


def _counted(target: Target, asked: Asked, *, divided: bool = False, new_in_year: bool = False) -> Counted:
    assert target.features is not None
    return by_features.counted(
        target.features,
        asked.record,
        adcode=asked.division,
        reader=asked.reader,
        using=asked.using,
        among=target.among if divided else None,
        new_in_year=new_in_year,
        by_township=asked.by == "township",
    )


def _of_features(found: Counted, target: Target, asked: Asked) -> Measured:
    boundaries = weakest(found.boundaries)
    if not found.has_rows:
        return Measured(None, notes=(Note("layer_empty"),), boundaries=boundaries)
    if found.total.denominator == 0:
        return Measured(None, notes=(Note("nothing_to_divide_by"), *_notes(found, target)), boundaries=boundaries)
    goal = goal_for(target, asked, is_divided=found.total.denominator is not None)
    of_part = None if found.total.denominator is None else goal

    def shares(tallies: Iterable[Tally]) -> tuple[Share, ...]:
        return tuple(
            Share(one.code, one.name, _amount(one, target, of_part)) for one in tallies if one.denominator != 0
        )

    return Measured(
        _amount(found.total, target, goal),
        shares(found.counties),
        tuple(
            Missing(one.township, one.name, one.county, (Cause("does_not_meet", one.feature, one.name),), one.feature)
            for one in found.missing
        ),
        _evidence(found),
        found.found,
        _notes(found, target),
        boundaries,
        parts=shares(found.townships),
    )


def _amount(tally: Tally, target: Target, goal: Goal | None) -> Amount:
    return Amount(tally.numerator, tally.denominator, goal, target.per)


def goal_for(target: Target, asked: Asked, *, is_divided: bool) -> Goal | None:
    """The goal that an amount of the division asked about is held against: how many are wanted is said of the whole."""
    return target.goal(asked.as_of) if is_divided or asked.is_whole else None


def _evidence(found: Counted) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(one.feature, one.name, one.township, one.place, one.demonstration)
        for one in found.evidence
        if one.name is not None
    )


def _notes(found: Counted, target: Target) -> tuple[Note, ...]:
    def given() -> Iterator[Note]:
        if found.demonstration:
            yield Note("demonstration_features", found.demonstration, found.found)
        if found.lacking > len(found.missing) > 0:
            yield Note("missing_cut", len(found.missing), found.lacking)
        if found.astray:
            yield Note("in_no_county", found.astray, found.found)
        if found.blank:
            yield Note("no_value", found.blank, found.found)
        undated = () if found.is_frozen else _undated(target)
        if undated and found.found:
            yield Note("undated", facts={"fields": undated})

    return tuple(given())


def _undated(target: Target) -> tuple[Words, ...]:
    """The properties that decide what counts and are kept without the days on which they held; days say it themselves."""
    sides = (target.features, *(side.features for side in (target.numerator, target.denominator) if side))
    found = {
        field.name: features.layer.column(field).verbose_name
        for features in filter(None, sides)
        for field in features.layer.fields
        if field.name in features.names - IDENTITY
        and own_column(features.layer, field)
        and not isinstance(features.layer.column(field), DateField)
    }
    return tuple(found[name] for name in sorted(found))


# Figures and milestones


def _ratio(target: Target, asked: Asked) -> Measured:
    assert target.numerator is not None
    figures = _figures(target.figures, asked)
    numerators, notes = _side(target.numerator, target, asked, figures, of_the_year=True)
    denominators: dict[str, Decimal] | None = None
    if target.denominator is not None:
        annual = target.metric.id == "ratio"  # the people of an earlier year still say how many beds there are for them
        denominators, more = _side(target.denominator, target, asked, figures, of_the_year=annual)
        notes += more
    own = asked.division or asked.city

    if denominators is not None and denominators.get(own) == 0:
        notes.insert(0, Note("nothing_to_divide_by"))

    def amount(code: str, goal: Goal | None) -> Amount | None:
        if code not in numerators or (denominators is not None and not denominators.get(code)):
            return None
        return Amount(numerators[code], None if denominators is None else denominators[code], goal, target.per)

    goal = goal_for(target, asked, is_divided=denominators is not None)
    of_part = goal if denominators is not None else None
    parts = ((code, name, amount(code, of_part)) for code, name in asked.counties.items())
    return Measured(
        amount(own, goal), tuple(Share(code, name, found) for code, name, found in parts if found), notes=tuple(notes)
    )


def _side(
    side: Operand,
    target: Target,
    asked: Asked,
    figures: Mapping[tuple[str, str], Figure],
    *,
    of_the_year: bool = False,
) -> tuple[dict[str, Decimal], list[Note]]:
    """The value of each division, the whole by its own code. of_the_year: an earlier figure does not do."""
    if side.features is None:
        known = {key: one for key, one in figures.items() if not of_the_year or one.year == asked.as_of.year}
        found = {division: figure.value for (division, name), figure in known.items() if name == side.figure}
        return found, list(_figure_notes(side.figure, asked, known))
    counted = by_features.counted(
        side.features,
        asked.record,
        adcode=asked.division,
        reader=asked.reader,
        using=asked.using,
        field=side.sum,
    )
    if not counted.has_rows:
        return {}, [Note("layer_empty")]
    values = {one.code: one.numerator for one in counted.counties}
    return values | {asked.division or asked.city: counted.total.numerator}, list(_notes(counted, target))


def _figures(indicators: Iterable[str], asked: Asked) -> dict[tuple[str, str], Figure]:
    found = by_figures.figures(list(indicators), as_of=asked.as_of, using=asked.using)
    return {(figure.division, figure.indicator): figure for figure in found}


def _figure_notes(indicator: str, asked: Asked, figures: Mapping[tuple[str, str], Figure]) -> Iterator[Note]:
    figure = figures.get((asked.division or asked.city, indicator))
    if figure is None:
        yield Note("no_figure", facts={"indicator": indicator, "year": asked.as_of.year})
        return
    yield Note("as_reported", facts={"title": figure.title, "year": figure.year, "source": figure.source})
    if figure.year != asked.as_of.year:
        yield Note("figure_of_year", facts={"title": figure.title, "year": figure.year})
    if figure.note:
        yield Note("figure_note", facts={"text": figure.note})


def _milestone(target: Target, asked: Asked) -> Measured:
    found = by_figures.milestones(target.milestones, as_of=asked.as_of, using=asked.using)
    if not asked.is_whole:
        found = [step for step in found if step.division.startswith(asked.division)]
        if not found:
            return Measured(None, notes=(Note("milestone_elsewhere"),))
    unknown = sorted(set(target.milestones) - {step.code for step in found})
    if unknown and asked.is_whole:
        return Measured(
            None, notes=(Note("no_milestone", len(unknown), about=tuple(Named(one, one) for one in unknown)),)
        )
    done = [step for step in found if step.is_done]
    goal = target.goal(asked.as_of)
    return Measured(
        Amount(Decimal(len(done)), Decimal(len(found)), goal),
        missing=tuple(
            Missing("", step.name, "", (Cause("not_done", step.code, step.name, step.due),), step.code)
            for step in found
            if not step.is_done
        ),
        evidence=tuple(Evidence(step.code, step.name, "", None, demonstration=False) for step in done),
        evidence_total=len(done),
        notes=tuple(
            Note("done_on", facts={"name": one.name, "day": one.done_on, "evidence": one.evidence}) for one in done
        ),
    )


MEASURES: Mapping[str, Callable[[Target, Asked], Measured]] = {
    "provision_rate": _provision,
    "count": _count,
    "increment": _count,
    "share": _share,
    "reach": measure_reach,
    "ratio": _ratio,
    "adequacy": _ratio,
    "milestone": _milestone,
}
