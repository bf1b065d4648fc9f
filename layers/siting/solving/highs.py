"""HiGHS, asked for the very best: with its own tolerance of 0.01% it calls plans optimal that are not.

Source: Huangfu, Hall 2018, Mathematical Programming Computation 10.
"""

import ctypes
import os
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from layers.siting.solving.problems import Bools, Floats
from layers.siting.solving.watching import Watch


@dataclass(frozen=True, kw_only=True)
class Program:
    """A mixed-integer program: the least, or greatest, ``objective @ x`` with ``row_lower <= rows @ x <= row_upper``."""

    objective: Floats
    rows: sparse.csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    is_integer: Bools
    is_greatest_best: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """values: of the best point found; None where none was. bound: no point is better. is_impossible: there is none.
    row_price: of a program without integers, solved to the end: what each row's limit is worth.
    """

    values: Floats | None
    bound: float
    is_impossible: bool = False
    row_price: Floats | None = None


TOLERANCE = 1e-6  # HiGHS's own, by which a row may be broken and a whole number be none
MOST_NODES = 2**31 - 1
HEURISTICS = ("feasibility_jump", "rens", "rins", "root_reduced_cost")


def solved(
    program: Program,
    watch: Watch,
    *,
    seed: int = 0,
    start: Floats | None = None,
    tolerance: float = TOLERANCE,
    nodes: int = MOST_NODES,
    has_heuristics: bool = True,
) -> Answer:
    """The best point, or the best that was found when time was up. start: a point to give where none better is found; HiGHS
    1.16 is not told of it, as its presolve may misjudge the cost of one and then calls a bound proved that is not. nodes: of
    the search, at most. has_heuristics: whether HiGHS also looks for points off its search, which is lost time where there is
    none to be found.
    """
    if not len(program.objective):  # of which HiGHS says nothing
        is_kept = bool((program.row_lower <= 0).all() and (program.row_upper >= 0).all())
        worst = -np.inf if program.is_greatest_best else np.inf
        return (
            Answer(values=np.zeros(0), bound=0.0) if is_kept else Answer(values=None, bound=worst, is_impossible=True)
        )
    solver = _solver(program, watch, seed)
    for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance", "mip_feasibility_tolerance"):
        solver.setOptionValue(name, tolerance)
    solver.setOptionValue("mip_max_nodes", nodes)
    if not has_heuristics:
        solver.setOptionValue("mip_heuristic_effort", 0.0)
        for name in HEURISTICS:
            solver.setOptionValue(f"mip_heuristic_run_{name}", False)
    solver.run()
    status, found = solver.getModelStatus(), solver.getInfo()
    worst = -np.inf if program.is_greatest_best else np.inf
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Answer(values=None, bound=worst, is_impossible=True)
    is_there = found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) if is_there else None
    if start is not None and (values is None or _is_better(program, start, values)):
        values = start
    is_whole = status == highspy.HighsModelStatus.kOptimal
    if program.is_integer.any():
        return Answer(values=values, bound=float(found.mip_dual_bound))
    if not is_whole:
        return Answer(values=values, bound=-worst)
    price = np.array(solver.getSolution().row_dual)
    return Answer(values=values, bound=float(found.objective_function_value), row_price=price)


def _is_better(program: Program, one: Floats, other: Floats) -> bool:
    gain = program.objective @ one - program.objective @ other
    return bool(gain > 0) if program.is_greatest_best else bool(gain < 0)


def _solver(program: Program, watch: Watch, seed: int) -> highspy.Highs:
    _say_nothing_first()
    solver = highspy.Highs()
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": seed,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
        "time_limit": watch.left_s,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(program))

    def interrupt(event: Any) -> None:
        event.interrupt(not watch.is_wanted())

    solver.cbMipInterrupt.subscribe(interrupt)
    return solver


@cache
def _say_nothing_first() -> None:
    """HiGHS 1.16 writes its name to standard output when a process makes its first solver, whatever its options say; who
    reads a plan from there must not get it."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()
        ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _model(program: Program) -> highspy.HighsLp:
    model, rows = highspy.HighsLp(), program.rows.tocsr()
    model.num_col_, model.num_row_ = len(program.objective), rows.shape[0]
    model.col_cost_, model.col_lower_, model.col_upper_ = program.objective, program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    model.sense_ = highspy.ObjSense.kMaximize if program.is_greatest_best else highspy.ObjSense.kMinimize
    integer, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [integer if whole else real for whole in program.is_integer]
    return model
