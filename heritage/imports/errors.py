"""Why a file of places is not taken."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from layers.errors import LayerError


class UnreadableJson(LayerError):
    def __init__(self, problem: str) -> None:
        super().__init__(
            _("The file is no JSON of places: %(problem)s. Send a FeatureCollection, or a feature a line.")
            % {"problem": problem.rstrip(".。")}
        )


class NoNames(LayerError):
    def __init__(self, headers: Iterable[str]) -> None:
        super().__init__(
            _("None of the columns is the name of a place: %(headers)s. Call it “name”, or look at the header row.")
            % {"headers": ", ".join(headers)}
        )


class TooManyRows(LayerError):
    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "The file has more than %(most)d rows, the most that are taken here. Send it in parts, or use import_places."
            )
            % {"most": most}
        )
