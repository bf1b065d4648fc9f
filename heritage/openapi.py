"""The addresses of heritage places, described."""

from django.utils.translation import gettext as _

from heritage.linked_places import MEDIA_TYPE
from heritage.lpf_files import FORMS
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.documents import TEXT, many, thing
from layers.publish.openapi.shared import Described, answer, path, reading

ANYTHING: Described = {"type": "object"}
COLLECTION_OF = ("FeatureCollection",)


def tags() -> list[str]:
    return [_("Heritage places")]


def paths() -> dict[str, Described]:
    return _linked_places()


def schemas() -> dict[str, Described]:
    place = thing(
        ["@id", "type", "properties", "names", "geometry"],
        **{"@id": {**TEXT, "format": "uri"}, "@context": many({})},
        type={**TEXT, "enum": ["Feature"]},
        properties=thing(["title"], title=TEXT, ccodes=many(TEXT), fclasses=many(TEXT)),
        when=ANYTHING,
        names=many(thing(["toponym", "lang"], toponym=TEXT, lang=TEXT, citations=many(ANYTHING), when=ANYTHING)),
        types=many(thing(["identifier", "label"], identifier=TEXT, label=TEXT)),
        geometry={"nullable": True, **thing(["type", "geometries"], type=TEXT, geometries=many(ANYTHING))},
        links=many(thing(["type", "identifier"], type=TEXT, identifier=TEXT)),
        relations=many(thing(["relationType", "relationTo", "label"], relationType=TEXT, relationTo=TEXT, label=TEXT)),
        descriptions=many(thing(["value", "lang"], value=TEXT, lang=TEXT)),
        depictions=many(thing(["@id", "title"], **{"@id": TEXT}, title=TEXT)),
    )
    return {
        "LinkedPlace": place,
        "LinkedPlaces": thing(
            ["type", "@context", "features"],
            type={**TEXT, "enum": ["FeatureCollection"]},
            features=many(ref("LinkedPlace")),
            **{"@context": many({})},
        ),
    }


def _linked_places() -> dict[str, Described]:
    (tag,) = tags()
    every = reading(
        "getPlaces",
        tag,
        _("All heritage places in the Linked Places Format"),
        answer(
            _("Every public place, sent as it is read; as json one document, as jsonl a feature a line."),
            {MEDIA_TYPE: ref("LinkedPlaces"), FORMS["jsonl"].media_type: TEXT},
        ),
        [],
        *FORMS,
    )
    one = reading(
        "getPlace",
        tag,
        _("One heritage place in the Linked Places Format"),
        answer(_("The place as JSON-LD, with the point that the public is given."), {MEDIA_TYPE: ref("LinkedPlace")}),
        [path("handle", _("The handle of a place, as in its permanent address."), TEXT)],
        "json",
    )
    one["responses"]["301"] = {
        "description": _("It was merged into another place; Location says where that is."),
        "headers": {"Location": ref("Location", "headers")},
    }
    return {"/places": {"get": every}, "/places/{handle}": {"get": one}}
