"""The list of a batch as curators take it along: a CSV of all they know of it, and the list to print before it is published."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from heritage.announcement import Row, Sheet, drawn
from heritage.freezing import category_words, county_of
from heritage.models import Batch, Listing
from layers.coverage.lists import written
from layers.divisions import names_of


def as_csv(batch: Batch, listings: Sequence[Listing], missing: Mapping[int, Sequence[str]]) -> str:
    """A line for each nomination, with score, opinion and what it lacks."""
    words = category_words(batch.heritage_list.categories)
    columns = [
        _("handle"), _("name"), _("roman spelling"), _("category"), _("county"), _("experts’ score"),
        _("experts’ opinion"), _("meaning"), _("Missing"), _("withdrawn on"),
    ]  # fmt: skip
    rows = (
        (
            one.place.handle, one.place.name, one.place.name_roman, words.get(one.category, one.category), county,
            one.score, one.note, one.place.meaning, "; ".join(missing.get(one.pk, ())), one.withdrawn_on,
        )
        for one, county in zip(listings, counties(listings), strict=True)
    )  # fmt: skip
    return written(columns, rows)


def draft_pdf(batch: Batch, listings: Sequence[Listing], on: date) -> bytes:
    """The list as it would be announced today, marked as a draft. Raises FontMissing."""
    words = category_words(batch.heritage_list.categories)
    with translation.override("zh-hans"):
        rows = [
            Row(
                name=one.place.name,
                roman=one.place.name_roman,
                category=words.get(one.category, one.category),
                county=county,
                meaning=one.place.meaning,
            )
            for one, county in zip(listings, counties(listings), strict=True)
        ]
        lines = [
            _("Draft, not announced: %(state)s") % {"state": batch.get_state_display()},
            _("Issued by: %(issuer)s") % {"issuer": batch.heritage_list.issuer},
            _("As of %(day)s") % {"day": on.isoformat()},
            _("Entries: %(count)d") % {"count": len(rows)},
        ]
        title = f"{batch.heritage_list.name}（{batch.number}）"
        return drawn(Sheet(title=title, lines=lines, rows=rows, foot=_("Draft, not announced"), day=on))


def counties(listings: Sequence[Listing]) -> list[str]:
    """The names of the counties that are said of the places, in the reader's language."""
    return names_of(county_of(one.place) for one in listings)
