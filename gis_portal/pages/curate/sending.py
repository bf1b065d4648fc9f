"""Pictures that curators send, and pictures as the portal shows them."""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from gis_portal.errors import problem
from gis_portal.pages.curate.asking import for_those
from gis_portal.pages.curate.links import gone
from gis_portal.pages.signed_in import View
from heritage import documents, pictures
from heritage.access import may_draft, may_open_curation
from heritage.differences import Document
from heritage.errors import BadPicture, UnknownPicture
from heritage.models.parts import SHA256
from layers.access import reader_of
from layers.errors import LayerError
from layers.publish.views import respond

FORM_BYTES = 4 * 1024**2  # of a form besides the picture sent with it
SHOWN_S = 365 * 24 * 3600  # a picture's name is what is in it


def bounded(view: View) -> View:
    """The view, which is not asked at all with a body larger than a picture and a form: nobody reads 200 MB to refuse them."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if int(request.META.get("CONTENT_LENGTH") or 0) > pictures.MOST_BYTES + FORM_BYTES:
            most = pictures.MOST_BYTES // 1024**2
            return respond(problem(BadPicture(_("The file is larger than %(most)d MB.") % {"most": most})))
        return csrf_protect(view)(request, *args, **kwargs)

    # Looking for the form's token reads the whole body: it is asked for once the body is known to be small.
    return csrf_exempt(answered)


@bounded
@for_those(may_draft)
@require_POST
def send(request: HttpRequest) -> HttpResponseBase:
    """Keeps a picture; answers its name and size, for the entry that will show it."""
    file = request.FILES.get("picture")
    try:
        if file is None:
            raise BadPicture(_("Choose a picture first."))
        kept = pictures.store(file.chunks())
    except LayerError as error:
        return respond(problem(error))
    return JsonResponse(vars(kept))


def picture_part(sent: Iterable[bytes]) -> Document:
    """The part of an entry that shows a picture, once it is kept. Raises BadPicture."""
    kept = pictures.store(sent)
    return documents.blank_part("pictures", **vars(kept))


def _shown(*, small: bool) -> Callable[[HttpRequest, str], HttpResponseBase]:
    @require_safe
    def answered(request: HttpRequest, file: str) -> HttpResponseBase:
        if not re.fullmatch(SHA256, file):
            raise gone(UnknownPicture())
        public = pictures.is_public(file)
        path = pictures.path_of(file, small=small)
        if not (public or may_open_curation(reader_of(request.user))) or not path.is_file():
            raise gone(UnknownPicture())
        answer = FileResponse(path.open("rb"), content_type=pictures.media_type(path))
        if public:
            patch_cache_control(answer, public=True, max_age=SHOWN_S, immutable=True)
        else:
            patch_cache_control(answer, private=True, no_store=True)
        return answer

    return answered


show, show_small = _shown(small=False), _shown(small=True)
