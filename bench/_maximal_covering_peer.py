"""spopt's maximal covering of one matrix, run in the peers' own environment: ``python _maximal_covering_peer.py MATRIX.npy
WEIGHT.npy RADIUS SITES`` prints the processor seconds of building and solving, those of its solver's process included, and
the weight covered.
"""

import json
import resource
import sys

import numpy as np
import pulp
from spopt.locate import MCLP


def processor_s() -> float:
    both = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def main() -> None:
    distance, weight = np.load(sys.argv[1]), np.load(sys.argv[2])
    radius, sites = float(sys.argv[3]), int(sys.argv[4])
    began = processor_s()
    model = MCLP.from_cost_matrix(distance, weight, radius, p_facilities=sites).solve(pulp.PULP_CBC_CMD(msg=False))
    taken = processor_s() - began
    print(json.dumps({"seconds": taken, "covered": model.problem.objective.value()}))


if __name__ == "__main__":
    main()
