"""Every setting of the portal, read from the environment; ``var/env`` holds what script/setup chose."""

from pathlib import Path

import environ
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / "var/env")  # never overrides the real environment


TIME_ZONE = "Asia/Shanghai"  # all of China keeps it


def database(url: str, **options: object) -> dict[str, object]:
    """Django's description of the PostGIS database at a libpq URL (a unix socket's path percent-encoded)."""
    scheme, _sep, rest = url.partition("://")
    if scheme not in {"postgis", "postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL must begin with postgresql://, not {scheme}://")
    parts = conninfo_to_dict(f"postgresql://{rest}")
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        **{key: str(parts.pop(part, "") or "") for part, key in named.items()},
        "TIME_ZONE": TIME_ZONE,  # the database's CURRENT_DATE is the bureau's day
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, **options},
    }


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

# What the place is and how it shows itself. Shaoxing is the reference deployment.
PORTAL_NAME = env.str("PORTAL_NAME", default="绍兴市地名与民政设施地图")
PORTAL_NAME_EN = env.str("PORTAL_NAME_EN", default="Shaoxing place names and civil-affairs facilities")
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
MAP_APPROVAL_NO = env.str("MAP_APPROVAL_NO", default="")
CONTACT = env.str("CONTACT", default="")
DATA_LICENCE_URL = env.str("DATA_LICENCE_URL", default="")

DATABASE_URL = env.str("DATABASE_URL")
DATABASES = {
    "default": database(DATABASE_URL, options="-c lock_timeout=30s"),
    # What the public reads goes through transactions that cannot write and cannot run for long.
    "reader": database(
        env.str("DATABASE_READER_URL", default=DATABASE_URL),
        options="-c default_transaction_read_only=on -c statement_timeout=10s",
        # Without a number psycopg prepares nothing, with this one only what asks for it: layers/publish/statements.py.
        prepare_threshold=1_000_000,
    ),
}
DATABASES["default"]["TEST"] = {"TEMPLATE": env.str("TEST_TEMPLATE", default="portal_template")}
DATABASES["reader"]["TEST"] = {"MIRROR": "default"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "rest_framework",
    "rest_framework_gis",
    "pgtrigger",
    "procrastinate.contrib.django",
    "layers",
    "heritage",
    "gis_portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gis_portal.language.LanguageMiddleware",
    "gis_portal.errors.ErrorMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# gis.W001 asks for GDAL 3.9, newer than Debian's: no spatial reference a user wrote ever reaches GDAL here.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

ROOT_URLCONF = "gis_portal.urls"
WSGI_APPLICATION = "gis_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "gis_portal/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "gis_portal/locale"]
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-collected"
STATICFILES_DIRS = [
    BASE_DIR / "gis_portal/static",
    ("lib/maplibre-gl", BASE_DIR / "node_modules/maplibre-gl/dist"),
]
MEDIA_ROOT = BASE_DIR / "var/media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
X_FRAME_OPTIONS = "DENY"
# MapLibre starts its workers from our own files and draws its sprites from data: URLs.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "COERCE_DECIMAL_TO_STRING": False,
    "UNAUTHENTICATED_USER": None,
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
