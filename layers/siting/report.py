"""A solved siting problem as one HTML file that opens without a network, for a meeting of planners."""

from layers.models import SitingProblem


def as_html(problem: SitingProblem) -> bytes:
    return problem.name.encode()
