"""Files of basemaps, as the map asks for them: a style whole, an archive of tiles in pieces."""

import re

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from gis_portal import basemaps

RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{1,18})?")
MOST_BYTES = 4 * 1024**2  # of one piece
TYPES = {"json": "application/json", "pmtiles": "application/vnd.pmtiles"}


@require_safe
def show(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file, or the piece of it that is asked for. A longer piece than MOST_BYTES is cut, as RFC 9110 allows."""
    found = basemaps.files(settings.BASEMAPS_DIR).get(name)
    if found is None:
        raise Http404
    about = found.path.stat()
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache" if found.kind == "json" else "public, max-age=3600",
        "Content-Type": TYPES[found.kind],
        "ETag": f'"{about.st_mtime_ns:x}-{about.st_size:x}"',
    }
    if "Range" not in request.headers:
        return FileResponse(found.path.open("rb"), headers=headers)
    asked = RANGE.fullmatch(request.headers["Range"])
    first = int(asked[1]) if asked else about.st_size
    last = min(int(asked[2] or about.st_size) if asked else 0, first + MOST_BYTES - 1, about.st_size - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{about.st_size}"})
    with found.path.open("rb") as file:
        file.seek(first)
        piece = file.read(last - first + 1)
    return HttpResponse(
        piece, status=206, headers={**headers, "Content-Range": f"bytes {first}-{last}/{about.st_size}"}
    )
