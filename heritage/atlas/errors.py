"""Why an atlas is not made, and what to do."""

from django.utils.translation import gettext as _

from layers.errors import LayerError


class NoApproval(LayerError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "The atlas cannot be made for publication: there is no map approval number. Make it without "
                "--for-publication, send it to the map review, and set MAP_APPROVAL_NO to the number that is given."
            )
        )


class NothingToPrint(LayerError):
    """asked: what was chosen, as the command was told it; empty when everything was."""

    def __init__(self, asked: str) -> None:
        super().__init__(
            _(
                "No published place is in %(asked)s: there is nothing to print. Leave an option out, or publish places first."
            )
            % {"asked": asked}
            if asked
            else _("No place is published: there is nothing to print. Publish places first.")
        )
