"""The words of the panel of targets on the map."""

from django.utils.translation import gettext as _  # noqa: F401


def words() -> dict[str, str]:
    return {}
