"""Tables of addresses geocoded, described."""

from django.utils.translation import gettext as _

from layers.publish.formats import FORMATS
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.documents import TEXT
from layers.publish.openapi.shared import Described, given, query

REFUSALS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "411": "LengthRequired",
    "413": "TooLarge",
    "415": "WrongMediaType",
    "422": "Unusable",
    "429": "TooManyRequests",
    "500": "ServerError",
    "503": "Unavailable",
}


def paths() -> dict[str, Described]:
    columns = query(
        "columns",
        _("The columns that make the address, with commas between them, the largest division first."),
        TEXT,
    )
    encoding = query("encoding", _("The encoding of the table; by default what the content tells."), TEXT)
    sheet: Described = {"schema": {"type": "string", "format": "binary"}}
    table = {
        "text/csv": {"schema": TEXT, "example": "地址\n越城区塔山街道解放路12号\n"},
        FORMATS["xlsx"].media_type: sheet,
    }
    answer = {
        "description": _(
            "The rows with match_address, match_way (door, interpolated, street, village, township, name or none), "
            "confidence from 0 to 1, lon and lat in CGCS2000, code, division and note."
        ),
        "content": {"text/csv": {"schema": TEXT}},
    }
    return {
        "/geocode/batch": {
            "post": {
                "operationId": "geocodeBatch",
                "tags": [_("Search")],
                "summary": _("Where the addresses of a table are"),
                "parameters": [{**columns, "example": "地址"}, encoding, *given("lang", "v")],
                "requestBody": {"required": True, "content": table},
                "responses": {
                    "200": answer,
                    **{status: ref(refusal, "responses") for status, refusal in REFUSALS.items()},
                },
            }
        }
    }
