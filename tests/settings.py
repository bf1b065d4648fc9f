"""The portal's settings, plus an app whose one layer exists only here; the files are a test process's own."""

import os

from gis_portal.settings import *  # noqa: F403
from gis_portal.settings import BASE_DIR, DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bus_stops"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = BASE_DIR / "var/tests" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
for name in ("default", "reader"):
    DATABASES[name]["OPTIONS"]["options"] += " -c synchronous_commit=off"  # no test outlives the machine
