"""What can be wrong with issuing a number."""

from django.utils.translation import gettext as _

from layers.errors import LayerError


class SideUnknown(LayerError):
    """Neither the doors nor the person say which side of the street the place is on."""

    def __init__(self, stretch: str) -> None:
        super().__init__(
            _(
                "The doors of “%(stretch)s” do not show which side has odd numbers. "
                "Say on which side of the street the door is."
            )
            % {"stretch": stretch}
        )


class PlaceMissing(LayerError):
    def __init__(self, stretch: str) -> None:
        super().__init__(
            _("Give the place of the door on “%(stretch)s”: longitude and latitude, or a click on the map.")
            % {"stretch": stretch}
        )


class DistanceMissing(LayerError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Numbering by distance needs the metres from the beginning of the road to the door, "
                "and the metres per number: for example 1250 and 10."
            )
        )


class BadDoor(LayerError):
    """lane: what the door begins with there."""

    def __init__(self, door: str, lane: str) -> None:
        super().__init__(
            _("“%(door)s” is no door number here. Write it like %(plain)s, or with a suffix like %(suffixed)s.")
            % {"door": door, "plain": f"{lane}12号", "suffixed": f"{lane}12-1号"}
        )


class NumberTaken(LayerError):
    """The number was free when it was proposed, or never was. reason: by which plate, or until when it rests."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            _("“%(address)s” cannot be given out: %(reason)s Find the next number again.")
            % {"address": address, "reason": reason}
        )
