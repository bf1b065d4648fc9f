"""What a choice of sites has to keep, whatever it is chosen for: how many are new, the budget, limits per group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from layers.siting.solving import highs
from layers.siting.solving.errors import Impossible, NoPlanYet, WrongInput
from layers.siting.solving.problems import Bools, Candidates, Floats, Ints, LeastMean, LeastWorst
from layers.siting.solving.watching import Watch

CONTRADICTORY = "contradictory"  # no choice keeps all that is asked
ROUNDING = 1e-9  # of what is added up


@dataclass(frozen=True, kw_only=True)
class Rules:
    """``use @ chosen <= most`` in each row, and at most ``number`` of the candidates that are ``counted``."""

    counted: Bools
    number: int
    use: Floats
    most: Floats

    @property
    def is_plain(self) -> bool:
        return not len(self.most)

    def keeps(self, chosen: Bools) -> bool:
        used = self.use[:, chosen]
        slack = ROUNDING * (np.abs(used).sum(axis=1) + np.abs(self.most))
        return int((chosen & self.counted).sum()) <= self.number and bool((used.sum(axis=1) <= self.most + slack).all())

    def is_hopeless(self) -> bool:
        """Whether no choice at all can keep them."""
        least = np.minimum(self.use, 0).sum(axis=1)
        slack = ROUNDING * (np.abs(self.use).sum(axis=1) + np.abs(self.most))
        return self.number < 0 or bool((least > self.most + slack).any())

    def exchanges(self, chosen: Bools) -> Bools:
        """Whether a chosen one (rows; the last row: none of them) may leave for another (columns). Keeps the rules all the way."""
        leaving = np.append(np.flatnonzero(chosen), -1)
        room = self.number - int((chosen & self.counted).sum())
        freed = np.append(self.counted[leaving[:-1]], False)
        may = room + freed[:, None] >= self.counted
        for use, most in zip(self.use, self.most, strict=True):
            freed_use = np.append(use[leaving[:-1]], 0.0)
            slack = ROUNDING * (np.abs(use[chosen]).sum() + abs(most))
            may &= use[chosen].sum() - freed_use[:, None] + use <= most + slack
        return may & ~chosen

    def given(self, opened: Bools, columns: Ints) -> "Rules":
        """For these columns alone, when some others are surely chosen."""
        return Rules(
            counted=self.counted[columns],
            number=self.number - int((opened & self.counted).sum()),
            use=self.use[:, columns],
            most=self.most - self.use[:, opened].sum(axis=1),
        )

    def without_one_of(self, sites: Ints) -> "Rules":
        """And not all of these together."""
        row = np.zeros((1, len(self.counted)))
        row[0, sites] = 1
        return replace(self, use=np.vstack([self.use, row]), most=np.append(self.most, len(sites) - 1.0))

    def best(self, worth: Floats) -> Bools:
        """The choice of the greatest worth among those that keep the number; ``use`` is not looked at."""
        chosen = (worth > 0) & ~self.counted
        counted = np.flatnonzero(self.counted)
        if self.number < len(counted):
            counted = counted[np.argpartition(-worth[counted], self.number)[: self.number]]
        chosen[counted[worth[counted] > 0]] = True
        return chosen


def rules_of(problem: LeastMean | LeastWorst) -> Rules:
    """Raises WrongInput for what means nothing, Impossible where groups alone contradict each other."""
    candidates, new = problem.candidates, ~problem.candidates.existing
    number = int(new.sum()) if problem.new_sites is None else problem.new_sites
    if not 0 <= number <= new.sum():
        raise WrongInput(f"{number} new sites are asked for, and there are {new.sum()} candidates for them")
    rows: list[Floats] = []
    most: list[float] = []
    if not problem.budget >= 0:
        raise WrongInput(f"the budget is {problem.budget}")
    check_costs(candidates)
    if np.isfinite(problem.budget):
        closing = np.where(candidates.existing, candidates.closing_cost, 0.0)
        rows.append(candidates.cost - closing)
        most.append(problem.budget - closing.sum())
    _limit(candidates, rows, most)
    use = np.array(rows) if rows else np.zeros((0, candidates.number))
    # Of one size, so that steps suit all; a power of two changes no digit.
    scale = 2.0 ** np.ceil(np.log2(np.maximum(np.abs(use).max(axis=1), 1e-300)))
    return Rules(counted=new, number=number, use=use / scale[:, None], most=np.array(most) / scale)


def check_costs(candidates: Candidates) -> None:
    """Raises WrongInput for a cost that means nothing."""
    for name in ("cost", "closing_cost"):
        given = getattr(candidates, name)
        wrong = ~(np.isfinite(given) & (given >= 0))
        if wrong.any():
            raise WrongInput(f"a {name} is not a number from 0 on: {given[wrong][0]}")


def check_limits(candidates: Candidates) -> None:
    """Raises WrongInput for limits that do not fit the candidates."""
    limits = candidates.limits
    if limits is None:
        return
    groups = len(limits.least)
    if limits.group.shape != (candidates.number,) or limits.most.shape != (groups,):
        raise WrongInput("limits need a group of each candidate, and a least and a most number of each group")
    if not ((limits.group >= 0) & (limits.group < groups)).all():
        raise WrongInput(f"groups go from 0 to {groups - 1}, and a candidate is in group {limits.group.max()}")


def _limit(candidates: Candidates, rows: list[Floats], most: list[float]) -> None:
    check_limits(candidates)
    limits = candidates.limits
    if limits is None:
        return
    for group in range(len(limits.least)):
        members = (limits.group == group) & ~candidates.forbidden
        if limits.least[group] > min(members.sum(), limits.most[group]):
            raise Impossible(CONTRADICTORY)
        if limits.most[group] < members.sum():
            rows.append(members.astype(float))
            most.append(float(limits.most[group]))
        if limits.least[group] > 0:
            rows.append(-members.astype(float))
            most.append(-float(limits.least[group]))


def chosen(
    rules: Rules,
    free: Bools,
    opened: Bools,
    watch: Watch,
    *,
    worth: Floats,
    cover: sparse.csr_array | None = None,
    seed: int = 0,
) -> Bools:
    """The choice of the greatest worth that keeps the rules, of these sites and all of ``opened``; with at least one site in
    each row of ``cover``. Raises Impossible where there is none, NoPlanYet where none was found in time.
    """
    if rules.is_hopeless() or (cover is not None and (np.diff(cover.indptr) == 0).any()):
        raise Impossible(CONTRADICTORY)
    if not len(worth):
        return opened
    blocks = [rules.use, rules.counted[None].astype(float)]
    upper = np.append(rules.most, rules.number)
    lower = np.full(len(upper), -np.inf)
    matrix = sparse.csr_array(np.vstack(blocks))
    if cover is not None:
        matrix = sparse.vstack([matrix, cover]).tocsr()
    rows = 0 if cover is None else cover.shape[0]
    program = highs.Program(
        objective=worth, rows=matrix,
        row_lower=np.append(lower, np.ones(rows)), row_upper=np.append(upper, np.full(rows, np.inf)),
        lower=opened.astype(float), upper=(free | opened).astype(float),
        is_integer=np.ones(len(worth), bool), is_greatest_best=True,
    )  # fmt: skip
    while not watch.is_over:
        answer = highs.solved(program, watch, seed=seed)
        if answer.is_impossible:
            raise Impossible(CONTRADICTORY)
        if answer.values is None:
            break
        found = answer.values > 0.5
        if rules.keeps(found):
            return found
        program = _forbidding(program, found)
    raise NoPlanYet


def _forbidding(program: highs.Program, found: Bools) -> highs.Program:
    """Without a point that keeps the rows by the solver's tolerance only."""
    row = np.where(found, -1.0, 1.0)
    return replace(
        program,
        rows=sparse.vstack([program.rows, sparse.csr_array(row[None])]).tocsr(),
        row_lower=np.append(program.row_lower, 1.0 - found.sum()),
        row_upper=np.append(program.row_upper, np.inf),
    )


def mask(number: int, sites: Sequence[int] | Ints) -> Bools:
    """True at these."""
    there = np.zeros(number, bool)
    there[np.asarray(sites, int)] = True
    return there
