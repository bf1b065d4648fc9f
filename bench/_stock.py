"""The same doorplates as a Django project of the usual kind would serve them: default middleware, a connection for each
request, djangorestframework-gis for pages and a raw cursor for tiles. Settings and URLs in one, for gunicorn.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "gis_portal.settings"

from gis_portal import settings as portal

SECRET_KEY = "bench"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench._stock_urls"
INSTALLED_APPS = portal.INSTALLED_APPS
LANGUAGE_CODE, USE_TZ, TIME_ZONE = portal.LANGUAGE_CODE, True, portal.TIME_ZONE
DEFAULT_AUTO_FIELD = portal.DEFAULT_AUTO_FIELD
SILENCED_SYSTEM_CHECKS = portal.SILENCED_SYSTEM_CHECKS
STATIC_URL = "static/"
DATABASES = {"default": {**portal.DATABASES["default"], "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}}
DATABASES["reader"] = DATABASES["default"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None}
# What peers read beside the portal's own address, name and paths.
MAP_APPROVAL_NO, PUBLIC_URL = "", portal.PUBLIC_URL
