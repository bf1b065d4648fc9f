"""Why a question of siting is not taken, or has no answer."""

from django.utils.translation import gettext as _

from layers.errors import LayerError


class UnknownProblem(LayerError):
    def __init__(self, problem_id: object) -> None:
        super().__init__(_("There is no siting problem “%(id)s”, or not for your counties.") % {"id": problem_id})


class UnknownFile(LayerError):
    def __init__(self, file_id: object) -> None:
        super().__init__(
            _("There is no file “%(id)s” for siting, or not for your counties. Send it first.") % {"id": file_id}
        )


class NotAnswered(LayerError):
    """A problem whose answer is asked for and that has none. state: in words."""

    def __init__(self, state: str) -> None:
        super().__init__(_("The problem has no answer yet: it is %(state)s.") % {"state": state})


class NoDemand(LayerError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "There is no demand: no place of the kind asked for has a point and a weight here. Choose another kind or a larger division."
            )
        )


class NoCandidates(LayerError):
    """excluded: how many the zones took."""

    def __init__(self, excluded: int) -> None:
        super().__init__(
            _("There is no candidate left: exclusion zones took all %(count)d. Choose others, or fewer kinds of zone.")
            % {"count": excluded}
            if excluded
            else _(
                "There is no candidate: no place of the kind asked for has a point here. Choose another kind or a larger division."
            )
        )


class TooLarge(LayerError):
    """what: in words. number: how many there are; most: how many can be."""

    def __init__(self, what: str, number: int, most: int) -> None:
        super().__init__(
            _(
                "%(what)s: there are %(number)d, and at most %(most)d can be solved. Choose a smaller division or a wider grid."
            )
            % {"what": what, "number": number, "most": most}
        )


class CannotBeSolved(LayerError):
    """text: why, with the value and the remedy."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
