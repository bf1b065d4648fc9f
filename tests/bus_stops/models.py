"""A register that exists only in the tests: bus stops, with the routes that call and dated states."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from layers.models import rules
from layers.models.base import Site, SiteState, Text


class StopKind(models.TextChoices):
    STOP = "stop", "stop"
    TERMINAL = "terminal", "terminal"


class BusStop(Site):
    kind = models.CharField("kind", max_length=8, choices=StopKind, default=StopKind.STOP)
    routes = ArrayField(Text(max_length=20), verbose_name="routes", default=list, blank=True)
    shelter = models.BooleanField("shelter", null=True, blank=True)
    passengers_a_day = models.PositiveIntegerField("passengers a day", null=True, blank=True)

    class Meta(Site.Meta):
        verbose_name = "bus stop"
        verbose_name_plural = "bus stops"
        constraints: ClassVar[list] = [*Site.Meta.constraints, rules.one_of("kind", StopKind)]


class BusStopState(SiteState):
    site = models.ForeignKey(BusStop, models.CASCADE, related_name="states", verbose_name="bus stop")
    trips_a_day = models.PositiveIntegerField("trips a day", default=0)

    class Meta(SiteState.Meta):
        pass
