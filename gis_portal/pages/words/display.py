"""The words of the panel of how the page looks."""

from django.utils.translation import gettext as _  # noqa: F401


def words() -> dict[str, str]:
    return {}
