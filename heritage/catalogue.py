"""Heritage places as a layer."""

from django.utils.translation import gettext_lazy as _

from layers.catalogue import NAME, NAMES
from layers.registry import Audience, Field, Layer, Role, Shape, Symbol, Thinning

LAYERS = (
    Layer(
        id="heritage-places",
        model_name="heritage.Place",
        title=_("Place-name heritage"),
        description=_("Old and well-known place names, with their spelling and the lists they stand on."),
        group=NAMES,
        fields=(
            *NAME,
            Field("handle"),
            Field("category"),
            Field("meaning"),
            Field("lists", path="listings__batch__heritage_list__name"),
            Field("batches", path="listings__batch__number"),
            Field("township"),
            Field("position_quality"),
            Field("precision_m", unit="m"),
            Field("source"),
            Field("as_of"),
            Field("published", audience=Audience.BUREAU),
        ),
        tile_fields=("name", "name_roman", "category"),
        symbol=Symbol(colour="#9c4a2f", shape=Shape.STAR, glyph="名"),
        thinning=Thinning(most=1),
        written_by=Role.CURATOR,
        protected={"sensitivity": ("generalised", "hidden")},
        placing=("township", "position_quality", "precision_m"),
        page="/places/{handle}",
    ),
)
