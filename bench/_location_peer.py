"""spopt on one matrix, run in the peers' own environment: ``python _location_peer.py MATRIX.npy SITES`` prints the processor
seconds of building and solving, those of its solver's process included, and the total distance.
"""

import json
import resource
import sys

import numpy as np
import pulp
from spopt.locate import PMedian


def processor_s() -> float:
    both = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def main() -> None:
    distance, sites = np.load(sys.argv[1]), int(sys.argv[2])
    began = processor_s()
    model = PMedian.from_cost_matrix(distance, np.ones(len(distance)), p_facilities=sites)
    model = model.solve(pulp.PULP_CBC_CMD(msg=False))
    taken = processor_s() - began
    print(json.dumps({"seconds": taken, "total": model.problem.objective.value()}))


if __name__ == "__main__":
    main()
