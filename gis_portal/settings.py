"""Every setting of the portal, read from the environment; ``var/env`` holds what script/setup chose."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from gis_portal.basemaps import TIANDITU_HOSTS

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
NAME_READINGS = [BASE_DIR / path for path in env.list("NAME_READINGS", default=["fixtures/names/readings.csv"])]
MAP_APPROVAL_NO = env.str("MAP_APPROVAL_NO", default="")
CONTACT = env.str("CONTACT", default="")
TIANDITU_KEY = env.str("TIANDITU_KEY", default="")
BASEMAPS_DIR = BASE_DIR / env.str("BASEMAPS_DIR", default="var/basemaps")
SERVICE_PHONE = env.str("SERVICE_PHONE", default="12345")  # the country's one number of government services
# Years after a doorplate was retired in which its number is not given out again; that it is 5 is unconfirmed.
NUMBER_REST_YEARS = env.int("PORTAL_NUMBER_REST_YEARS", default=5)
TICKET_DAYS = env.int("PORTAL_TICKET_DAYS", default=15)  # in which a report of a mistake is answered
IMPORT_MOST_BYTES = env.int("IMPORT_MOST_BYTES", default=2 * 1024**3)  # of an uploaded file
GEOCODE_MOST_ROWS = env.int("GEOCODE_MOST_ROWS", default=10_000)  # of a table that is answered at once
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
# Where a job that runs in one long transaction tells how far it is.
DATABASES["jobs"] = DATABASES["default"].copy()
DATABASES["default"]["TEST"] = {"TEMPLATE": env.str("TEST_TEMPLATE", default="portal_template")}
DATABASES["reader"]["TEST"] = {"MIRROR": "default"}
DATABASES["jobs"]["TEST"] = {"MIRROR": "default"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "gis_portal.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "rest_framework",
    "rest_framework_gis",
    "knox",
    "axes",
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
    "gis_portal.pages.api.PageMiddleware",
    "gis_portal.errors.ErrorMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gis_portal.tokens.TokenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # the last: it answers for those who are locked out
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
    ("lib/geographiclib", BASE_DIR / "node_modules/geographiclib-geodesic"),
    ("lib/maplibre-gl", BASE_DIR / "node_modules/maplibre-gl/dist"),
    ("lib/leaflet", BASE_DIR / "node_modules/leaflet/dist"),
    ("lib/pmtiles", BASE_DIR / "node_modules/pmtiles/dist"),
    ("lib/terra-draw", BASE_DIR / "node_modules/terra-draw/dist"),
    ("lib/terra-draw-maplibre", BASE_DIR / "node_modules/terra-draw-maplibre-gl-adapter/dist"),
]
MEDIA_ROOT = BASE_DIR / "var/media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "layers.accounts.passwords.TokensEnd"},
]

# Tokens of the API: layers/models/accounts.py. Their first letters tell a scanner of leaked secrets what they are.
KNOX_TOKEN_MODEL = "layers.ApiToken"  # noqa: S105  a model
REST_KNOX = {"TOKEN_PREFIX": "portal_"}

EMAIL_HOST = env.str("EMAIL_HOST", default="")  # without one no e-mail is sent, and none is offered
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="portal@localhost")
CURATION_EMAIL = env.list("CURATION_EMAIL", default=[])  # the mailboxes of the office that keeps the place-name lists
# How many proxies in front add to X-Forwarded-For whom they are talking to; nothing else in it is believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# Requests to the API in a minute from one address, and by one token; 0: any number. Counted in each process.
THROTTLE_PER_MINUTE = env.int("THROTTLE_PER_MINUTE", default=6000)

# A name is locked out for an address that gave it a wrong password too often; what is kept of that is then deleted.
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "map"
AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURES", default=5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("SIGN_IN_LOCK_MINUTES", default=15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else a stranger could keep somebody out for ever
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who signed in from where is nobody's business
AXES_ENABLE_ADMIN = False  # layers/admin/accounts.py has a page of our own
AXES_CLIENT_IP_CALLABLE = "gis_portal.addresses.address_of_request"
AXES_LOCKOUT_CALLABLE = "gis_portal.pages.accounts.locked_out"

SESSION_COOKIE_AGE = 3600 * env.int("SESSION_HOURS", default=10)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
X_FRAME_OPTIONS = "DENY"
# MapLibre starts its workers from our own files and draws its sprites from data: URLs.
OTHER_MAPS = TIANDITU_HOSTS if TIANDITU_KEY else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *OTHER_MAPS],
        "style-src": [SELF],
        "script-src": [SELF],
        "worker-src": [SELF],
        "connect-src": [SELF, *OTHER_MAPS],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}

REST_FRAMEWORK = {
    # TokenMiddleware has put a token's account where the session's would be; a password is no way in.
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "COERCE_DECIMAL_TO_STRING": False,
    "UNAUTHENTICATED_USER": None,
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a file that is imported may have 1,024 columns
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"tokens": {"()": "gis_portal.logs.WithoutTokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
