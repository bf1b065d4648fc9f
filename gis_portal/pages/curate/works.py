"""The works that entries cite: looked for, and new ones added."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.pages.curate.asking import for_curators, for_those, person
from gis_portal.pages.signed_in import language
from heritage import finding, sources, vocabulary
from heritage.access import may_draft
from heritage.models import Source
from layers.access import reader_of

LISTED = 200


class WorkForm(forms.ModelForm):
    kind = forms.ChoiceField(label=_("Kind of source"))
    url = forms.URLField(label=_("address on the web"), max_length=500, required=False, assume_scheme="https")

    class Meta:
        model = Source
        fields = ("kind", "title", "author", "published", "held_at", "url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = list(vocabulary.terms().get("source-kinds", {}).items())


@for_curators
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The works by title, with a form for another; a POST adds it, and answers a script what it asks for."""
    text = request.GET.get("q", "")[:60]
    form = WorkForm(request.POST or None)
    is_script = request.headers.get("Accept", "") == "application/json"
    if request.method == "POST" and may_draft(reader_of(request.user)):
        if form.is_valid():
            work = sources.add(person(request), **form.cleaned_data)
            if is_script:
                return JsonResponse({"value": work.code, "title": work.title})
            return redirect(f"{reverse('curate-works')}{language(request)['lang']}")
        if is_script:
            return JsonResponse({"faults": form.errors}, status=422)
    context = {
        "form": form,
        "text": text,
        "works": finding.works(text, most=LISTED),
        "may_draft": may_draft(reader_of(request.user)),
        **language(request),
    }
    return render(request, "portal/curate/works.html", context, status=422 if form.errors else None)


@for_those(may_draft)
@require_safe
def find(request: HttpRequest) -> JsonResponse:
    """The works of a title or author for a box that chooses one."""
    works = finding.works(request.GET.get("q", "")[:60])
    return JsonResponse(
        {
            "found": [
                {"value": work.code, "title": work.title, "note": " ".join((work.author, work.published))}
                for work in works
            ]
        }
    )
