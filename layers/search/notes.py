"""What people should know of an address before they look at what was found."""

from django.utils.translation import gettext as _

from layers.addresses import Address


def note(address: Address) -> str:
    """That it lies elsewhere or bears a former name; empty where there is nothing to say."""
    if address.elsewhere:
        return _("“%(place)s” lies outside of the area that this portal describes.") % {"place": address.elsewhere}
    if address.former:
        return _("“%(place)s” is a former name; what is in its place today is shown.") % {"place": address.former}
    return ""
