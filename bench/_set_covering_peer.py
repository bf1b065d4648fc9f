"""spopt's set covering of one matrix, run in the peers' own environment: ``python _set_covering_peer.py MATRIX.npy RADIUS``
prints the processor seconds of building and solving, those of its solver's process included, and the number of sites.
"""

import json
import resource
import sys

import numpy as np
import pulp
from spopt.locate import LSCP


def processor_s() -> float:
    both = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def main() -> None:
    distance, radius = np.load(sys.argv[1]), float(sys.argv[2])
    began = processor_s()
    model = LSCP.from_cost_matrix(distance, radius).solve(pulp.PULP_CBC_CMD(msg=False))
    taken = processor_s() - began
    print(json.dumps({"seconds": taken, "sites": model.problem.objective.value()}))


if __name__ == "__main__":
    main()
