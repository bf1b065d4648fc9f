"""HiGHS, asked for the very best: with its own tolerance of 0.01% it calls plans optimal that are not.

Source: Huangfu, Hall 2018, Mathematical Programming Computation 10.
"""

from dataclasses import dataclass
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
    """values: of the best point found; None where none was. bound: no point is better. is_impossible: there is none."""

    values: Floats | None
    bound: float
    is_impossible: bool = False


def solved(
    program: Program, watch: Watch, *, seed: int = 0, start: Floats | None = None, nodes: int | None = None
) -> Answer:
    """The best point, or the best that was found when time was up. start: a point to begin from. nodes: of the search, at
    most.
    """
    solver = _solver(program, watch, seed)
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        solver.setSolution(solution)
    solver.run()
    status, found = solver.getModelStatus(), solver.getInfo()
    worst = -np.inf if program.is_greatest_best else np.inf
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Answer(values=None, bound=worst, is_impossible=True)
    is_there = found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) if is_there else None
    is_whole = status == highspy.HighsModelStatus.kOptimal
    if program.is_integer.any():
        bound = float(found.mip_dual_bound)
    else:
        bound = float(found.objective_function_value) if is_whole else -worst
    return Answer(values=values, bound=bound)


def _solver(program: Program, watch: Watch, seed: int) -> highspy.Highs:
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
