"""Good plans quickly: sites exchanged one for one as long as that helps.

Source: Whitaker 1983, INFOR 21; Resende, Werneck 2007, European Journal of Operational Research 179.
"""

import numpy as np

from layers.siting.solving.choosing import Rules
from layers.siting.solving.lists import Lists
from layers.siting.solving.problems import Bools, Floats, Ints
from layers.siting.solving.watching import Watch


def improved(lists: Lists, rules: Rules, opened: Bools, watch: Watch) -> Bools:
    """From these sites on, the best exchange again and again, or one more site where the rules leave room, until none helps."""
    lists, opened = _penalised(lists), opened.copy()
    while not watch.is_over:
        exchange = _best_exchange(lists, rules, opened)
        if exchange is None:
            break
        removed, added = exchange
        if removed is not None:
            opened[removed] = False
        opened[added] = True
    return opened


def neighbour(lists: Lists, rules: Rules, opened: Bools) -> Bools | None:
    """The best of the plans that are an exchange away from this one; None where none is allowed."""
    exchange = _best_exchange(_penalised(lists), rules, opened, must=True)
    if exchange is None or exchange[0] is None:
        return None
    other = opened.copy()
    other[exchange[0]], other[exchange[1]] = False, True
    return other


def greedy(lists: Lists, rules: Rules, opened: Bools) -> Bools:
    """These and more sites, each the one that helps most of those that the rules have room for."""
    lists, opened = _penalised(lists), opened.copy()
    while True:
        saved = lists.nearest(opened)[0][lists.row] - lists.cost
        helps = saved > 0
        gain = np.bincount(lists.site[helps], weights=saved[helps], minlength=lists.number).astype(float)
        gain[~rules.exchanges(opened)[-1]] = 0
        if not gain.any():
            return opened
        opened[gain.argmax()] = True


def _penalised(lists: Lists) -> Lists:
    """The same with a price on not being served: above any difference between plans that serve all."""
    if np.isfinite(lists.otherwise).all():
        return lists
    price = 1 + lists.dearest.sum() + lists.otherwise[np.isfinite(lists.otherwise)].sum()
    return Lists(lists.number, lists.start, lists.site, lists.cost, np.minimum(lists.otherwise, price))


def _best_exchange(lists: Lists, rules: Rules, opened: Bools, *, must: bool = False) -> tuple[int | None, int] | None:
    """Who leaves (None: nobody) and who comes: what comes gains, what leaves loses, and what both do to the same demand is
    given back. None where no exchange helps, or with ``must`` where none is allowed.
    """
    if opened.all():
        return None
    first, second, server = _two_nearest(lists, opened)
    place = np.full(lists.number + 1, -1)
    sites = np.flatnonzero(opened)
    place[sites] = np.arange(len(sites))
    served = server >= 0
    loss = np.zeros(len(sites) + 1)
    loss[:-1] = np.bincount(place[server[served]], weights=(second - first)[served], minlength=len(sites))
    near = np.flatnonzero(lists.cost < second[lists.row])
    row, site, cost = lists.row[near], lists.site[near], lists.cost[near]
    gain = np.bincount(site, weights=np.maximum(0, first[row] - cost), minlength=lists.number)
    both = served[row] & ~opened[site]
    row, site, cost = row[both], site[both], cost[both]
    back = np.bincount(
        place[server[row]] * lists.number + site, weights=second[row] - np.maximum(cost, first[row]),
        minlength=len(loss) * lists.number,
    ).reshape(len(loss), lists.number)  # fmt: skip
    helped = back.astype(float) + gain - loss[:, None]
    helped[~rules.exchanges(opened)] = -np.inf
    if must:
        helped[-1] = -np.inf
    best = int(helped.argmax())
    if not helped.flat[best] > (-np.inf if must else 1e-9 * max(1.0, first.sum())):
        return None
    leaving, coming = divmod(best, lists.number)
    return int(sites[leaving]) if leaving < len(sites) else None, coming


def _two_nearest(lists: Lists, opened: Bools) -> tuple[Floats, Floats, Ints]:
    """Each demand's cost with these sites, its cost without its nearest one, and which that is."""
    first, second, server = lists.otherwise.copy(), lists.otherwise.copy(), np.full(lists.demands, -1)
    entries = np.flatnonzero(opened[lists.site])
    rows = lists.row[entries]
    is_first = np.ones(len(rows), bool)
    is_first[1:] = rows[1:] != rows[:-1]
    is_second = ~is_first
    is_second[1:] &= is_first[:-1]
    nearest = entries[is_first]
    first[rows[is_first]], server[rows[is_first]] = lists.cost[nearest], lists.site[nearest]
    second[rows[is_second]] = lists.cost[entries[is_second]]
    return first, second, server
