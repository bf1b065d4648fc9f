"""The portal's settings, plus an app whose one layer exists only here."""

from gis_portal.settings import *  # noqa: F403
from gis_portal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bus_stops"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
