"""Why a reconciliation request is refused."""

from django.utils.translation import gettext as _

from layers.errors import LayerError


class BadQueries(LayerError):
    """name: the parameter; problem: where in it something is wrong, and what would be right."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(_("“%(name)s” cannot be read: %(problem)s") % {"name": name, "problem": problem})


class TooManyQueries(LayerError):
    def __init__(self, count: int, most: int) -> None:
        super().__init__(
            _("%(count)d queries in one request; send at most %(most)d at once.") % {"count": count, "most": most}
        )
