"""A register that exists only in the tests: bus stops, with the routes that call and dated states."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from layers.models.base import Site, SiteState, Text


class BusStop(Site):
    kind = models.CharField("kind", max_length=8, choices=[("stop", "stop"), ("terminal", "terminal")], default="stop")
    routes = ArrayField(Text(max_length=20), verbose_name="routes", default=list, blank=True)
    shelter = models.BooleanField("shelter", null=True, blank=True)
    passengers_a_day = models.PositiveIntegerField("passengers a day", null=True, blank=True)

    class Meta(Site.Meta):
        verbose_name = "bus stop"
        verbose_name_plural = "bus stops"


class BusStopState(SiteState):
    site = models.ForeignKey(BusStop, models.CASCADE, related_name="states", verbose_name="bus stop")
    trips_a_day = models.PositiveIntegerField("trips a day", default=0)

    class Meta(SiteState.Meta):
        pass
