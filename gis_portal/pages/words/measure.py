"""The words of the panel of measuring and coordinates."""

from django.utils.translation import gettext as _  # noqa: F401


def words() -> dict[str, str]:
    return {}
