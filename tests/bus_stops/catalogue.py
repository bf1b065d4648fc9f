"""The one entry from which everything the portal does with bus stops follows."""

from layers.catalogue import BUREAU, PLANNING, site
from layers.registry import Field, Layer, Shape, Symbol

LAYERS = (
    Layer(
        id="bus-stops",
        model_name="bus_stops.BusStop",
        title="Bus stops",
        description="Where buses call.",
        group=PLANNING,
        fields=site(
            Field("kind"),
            Field("routes"),
            Field("shelter"),
            Field("trips", path="trips_a_day", unit="trips"),
            Field("passengers_a_day", unit="people", audience=BUREAU),
        ),
        hidden={"kind": ("terminal",)},
        symbol=Symbol(colour="#1f6f8b", shape=Shape.SQUARE, glyph="站"),
        min_zoom=9,
    ),
)
