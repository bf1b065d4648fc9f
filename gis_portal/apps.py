"""The project that puts the apps together."""

from django.apps import AppConfig
from django.contrib.admin import apps as administration


class PortalConfig(AppConfig):
    name = "gis_portal"


class AdministrationConfig(administration.AdminConfig):
    default = False  # settings.py names it
    default_site = "gis_portal.administration.PortalSite"
