"""Why there can be no plan, in words: which places, which zones keep candidates from them, and what radius would do."""

from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layers.models.zones import ZoneKind
from layers.siting.asking import COVER_ALL, Question
from layers.siting.inputs import Inputs
from layers.siting.solving import distances
from layers.siting.solving.errors import Impossible
from layers.siting.solving.problems import Bools, Floats, Ints
from layers.siting.stating import Stated

NAMED = 10  # places


def why(
    error: Impossible, asked: Question, problem: Stated, inputs: Inputs, allowed: Bools, screened: dict[str, Any]
) -> str:
    if not error.demand:
        return _("The conditions contradict each other: no choice of sites keeps the numbers of each county, the budget and the number of new sites together. Loosen one of them.")  # fmt: skip
    rows = np.array(error.demand)
    names = inputs.demand.points.names[rows]
    said = ngettext(
        "No plan serves %(count)d place: %(names)s.", "No plan serves %(count)d places: %(names)s.", len(rows)
    ) % {"count": len(rows), "names": ", ".join(names[:NAMED].tolist()) + (" …" if len(rows) > NAMED else "")}
    parts = [said]
    if asked.problem == COVER_ALL and asked.measure == "straight_line":
        parts += [_excluded(rows, asked, inputs, allowed, screened), _radius(rows, asked, problem, inputs)]
    elif not asked.is_covering:
        parts.append(_("They have no way to any candidate: look at the roads there, or leave them out."))
    return " ".join(part for part in parts if part)


def _excluded(rows: Ints, asked: Question, inputs: Inputs, allowed: Bools, screened: dict[str, Any]) -> str:
    """How many of the places an excluded candidate would reach, and the zones that take these candidates."""
    excluded = np.flatnonzero(~allowed)
    if not len(excluded):
        return ""
    places, sites = inputs.demand.points.lon_lat[rows], inputs.supply.points.lon_lat[excluded]
    near = distances.within(places, sites, within_m=asked.radius_m)
    count = int((np.diff(near.indptr) > 0).sum())
    if not count:
        return ""
    taking = set(excluded[np.unique(near.indices)].tolist())
    zones = [zone for zone in screened["zones"] if taking & set(zone["numbers"])]
    named = ", ".join(f"{zone['name']} ({ZoneKind(zone['kind']).label}: {zone['rule']})" for zone in zones)
    return ngettext(
        "%(count)d of them would be reached by candidates that exclusion zones take: %(zones)s.",
        "%(count)d of them would be reached by candidates that exclusion zones take: %(zones)s.",
        count,
    ) % {"count": count, "zones": named}


def _radius(rows: Ints, asked: Question, problem: Stated, inputs: Inputs) -> str:
    """The least radius within which as many sites as are needed lie of each of the places."""
    far = distances.all_pairs(inputs.demand.points.lon_lat[rows], problem.supply.points.lon_lat)
    if far.shape[1] < asked.times:
        return _("There are fewer candidates and sites than have to cover each place.")
    enough: Floats = np.partition(far, asked.times - 1, axis=1)[:, asked.times - 1]
    return _("The smallest radius that would do is %(radius)s m.") % {"radius": f"{np.ceil(enough.max()):,.0f}"}
