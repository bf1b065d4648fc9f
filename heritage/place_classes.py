"""What categories of places are to others: GeoNames' feature classes and concepts of Getty's Art & Architecture Thesaurus.

Only categories that are certainly the same: 老地名 is of no class. The concepts are those of the list of the World Historical
Gazetteer (feature-types-AAT_20230609.tsv of the Linked Places Format).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceClass:
    """letter: H water, L area, P inhabited, R road, S spot or building, T landform. aat, label: none where none is the same."""

    letter: str
    aat: str = ""
    label: str = ""


MOUNTAIN = PlaceClass("T", "300008795", "mountain")
RIVER = PlaceClass("H", "300008707", "river")
LAKE = PlaceClass("H", "300008680", "lake")
BRIDGE = PlaceClass("S", "300007836", "bridge")
TOWN = PlaceClass("P", "300008375", "town")
VILLAGE = PlaceClass("P", "300008372", "village")
ROAD = PlaceClass("R", "300008217", "road")
TEMPLE = PlaceClass("S", "300007595", "temple")
BURIAL = PlaceClass("S", "300387004", "burial site")

# By the code of a category, or its name.
CLASSES: Mapping[str, PlaceClass] = {
    **dict.fromkeys(("山", "山峰"), MOUNTAIN),
    "山丘": PlaceClass("T", "300008777", "hill"),
    "岛屿": PlaceClass("T", "300008791", "island"),
    "洞穴": PlaceClass("T", "300008746", "cave"),
    **dict.fromkeys(("河流", "江河"), RIVER),
    **dict.fromkeys(("湖泊", "湖"), LAKE),
    "瀑布": PlaceClass("H", "300008736", "waterfall"),
    "泉": PlaceClass("H", "300008697", "spring"),
    "水库": PlaceClass("H", "300006191", "reservoir"),
    "运河": PlaceClass("H", "300006075", "canal"),
    **dict.fromkeys(("古镇", "千年古镇"), TOWN),
    **dict.fromkeys(("古村落", "千年古村落", "古村"), VILLAGE),
    **dict.fromkeys(("古街巷", "街巷"), ROAD),
    **dict.fromkeys(("古桥", "桥梁"), BRIDGE),
    "寺庙": TEMPLE,
    "塔": PlaceClass("S", "300004829", "pagoda"),
    "古井": PlaceClass("S", "300006207", "well"),
    "古建筑": PlaceClass("S", "300008063", "historic building"),
    "古遗址": PlaceClass("S", "300000810", "archaeological site"),
    "古墓葬": BURIAL,
    "水利工程": PlaceClass("S", "300006073", "hydraulic structure"),
    "园林": PlaceClass("S"),
}
