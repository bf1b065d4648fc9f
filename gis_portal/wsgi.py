"""The WSGI application: a dispatcher for public data in front of Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_portal.settings")
django = get_wsgi_application()

from gis_portal.dispatcher import Dispatcher  # noqa: E402  the models must be loaded first

application = Dispatcher(django)  # type: ignore[arg-type]  # its stubs call the headers' list an object
