"""The address of a new plate: as the plates next to it have it, with its own number."""

from math import cos, hypot, radians
from typing import Any

from layers.doorplates.sides import Door
from layers.doorplates.stretches import AROUND, Numbers, Plate, Stretch
from layers.models import DigitalDoorplate, Division
from layers.models.base import DEMONSTRATION
from layers.models.doorplates import PlateStatus
from layers.models.rules import in_force
from layers.rows import today

SOURCE = "门牌编号"  # where a plate comes from whose number was issued here
LARGER = ("province", "city", "county", "town")


def nearest(numbers: Numbers, at: tuple[float, float]) -> Plate | None:
    """The plate of the stretch that stands nearest to the place; None when there is none."""
    lon, lat = at

    def distance(place: Door) -> float:
        return hypot((place.lon - lon) * cos(radians(lat)), place.lat - lat)

    placed = [(distance(plate.place), number) for number, plate in enumerate(numbers.doors) if plate.place is not None]
    return numbers.doors[min(placed)[1]] if placed else next(iter(numbers.doors), None)


def components(stretch: Stretch, community: str, like: Plate | None) -> dict[str, str]:
    """The components of the address down to the stretch. community: when it is another than that of ``like``."""
    found = dict.fromkeys(AROUND, "")
    found |= {name: like.around[name] for name in AROUND} if like else _of_township(stretch.township)
    found[stretch.naming] = stretch.name
    return found | ({"community": community} if community and stretch.naming != "community" else {})


def document(
    stretch: Stretch, door: str, plate_kind: str, at: tuple[float, float], community: str, like: Plate | None
) -> dict[str, Any]:
    """The plate as an item to be written, reserved. A door of a demonstration street is a demonstration too."""
    is_demonstration = like is not None and like.around["source"] == DEMONSTRATION
    about = {
        "name": stretch.name + door,
        "plate_kind": plate_kind,
        "status": PlateStatus.RESERVED.value,
        "door": door,
        "township_claimed": stretch.township,
        "source": DEMONSTRATION if is_demonstration else SOURCE,
        "as_of": today().isoformat(),
    }
    point = {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "geometry": point, "properties": about | components(stretch, community, like)}


def _of_township(township: str) -> dict[str, str]:
    """The larger components as another plate of the township has them, else the names of its divisions."""
    known = DigitalDoorplate.objects.filter(township_claimed=township).exclude(province="").values(*LARGER).first()
    if known is not None:
        return dict(known)
    codes = {"city": township[:4], "county": township[:6], "town": township}
    names = dict(Division.objects.filter(in_force(today()), code__in=codes.values()).values_list("code", "name"))
    return {component: names.get(code, "") for component, code in codes.items()}
