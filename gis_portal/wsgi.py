"""The WSGI application: a dispatcher for public data in front of Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_portal.settings")
application = get_wsgi_application()
