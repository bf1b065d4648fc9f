"""Batches of a list: who is nominated, what the experts say of it, and the steps to publication.

Every function is one transaction, or part of the caller's; who acts, the caller says by ``layers.changes.recorded``, and
whether they may, ``heritage.access`` has said before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from heritage import vocabulary
from heritage.batch_errors import (
    BadBatch,
    ChangedMeanwhile,
    EmptyBatch,
    NobodyChosen,
    NoNotice,
    UnfinishedBatch,
    UnknownBatch,
    UnknownCategory,
    WrongDay,
)
from heritage.completeness import missing
from heritage.errors import NotNow
from heritage.models import Batch, HeritageList, Listing, Objection, Place
from heritage.models.lists import BATCH_STEPS, BatchState
from layers.refusals import not_a_step
from layers.rows import today

STANDING = Q(withdrawn_on=None)
COMPOSED = (BatchState.NOMINATED, BatchState.REVIEW)  # while nominations come and are judged
HEAVY = ("frozen", "pdf")
MOST_LETTERS = 2000  # of an objection


@dataclass(frozen=True)
class Said:
    """What is said of a nomination that was opened in a version of its row."""

    version: int
    category: str
    score: Decimal | None
    note: str


def find(code: str) -> Batch:
    """The batch, without what was frozen of it. Raises UnknownBatch."""
    found = Batch.objects.defer(*HEAVY).select_related("heritage_list__categories").filter(code=code).first()
    if found is None:
        raise UnknownBatch(code)
    return found


def begin(heritage_list: HeritageList, *, number: str, code: str = "") -> Batch:
    """A new batch for nominations. Without a code it is given one made of the list's. Raises BadBatch."""
    batch = Batch(heritage_list=heritage_list, number=number.strip(), code=code.strip() or _code(heritage_list))
    _clean(batch)
    batch.save()
    return batch


def nominate(batch: Batch, places: Sequence[Place], *, category: str = "") -> int:
    """Puts places on the batch and gives how many are new there; one that was withdrawn from it comes back.

    Raises NobodyChosen, UnknownCategory, and NotNow once the batch is shown to the public or for a place merged into another.
    """
    if not places:
        raise NobodyChosen
    with transaction.atomic():
        batch = _locked(batch, *COMPOSED)
        _require_category(batch, category)
        for place in places:
            if place.merged_into_id is not None:
                raise NotNow(_("%(name)s was merged into another place; nominate that one.") % {"name": place.name})
        there = {listing.place_id: listing for listing in batch.listings.filter(place__in=places)}
        Listing.objects.filter(pk__in=[one.pk for one in there.values()]).exclude(STANDING).update(withdrawn_on=None)
        new = [Listing(batch=batch, place=place, category=category) for place in places if place.pk not in there]
        Listing.objects.bulk_create(new)
    return len(new) + sum(listing.withdrawn_on is not None for listing in there.values())


def write(batch: Batch, said: Mapping[int, Said]) -> int:
    """Writes category, score and opinion of nominations, by their ids, and gives how many changed; all of them or none.

    Raises ChangedMeanwhile, UnknownCategory, BadBatch, and NotNow once the batch is shown to the public.
    """
    with transaction.atomic():
        batch = _locked(batch, *COMPOSED)
        stale, changed = [], 0
        for listing in batch.listings.select_for_update(of=("self",)).select_related("place").filter(pk__in=said):
            new = said[listing.pk]
            if (new.category, new.score, new.note) == (listing.category, listing.score, listing.note):
                continue
            if new.version != listing.version:
                stale.append(listing.place.name)
                continue
            if new.category != listing.category:
                _require_category(batch, new.category)
            listing.category, listing.score, listing.note = new.category, new.score, new.note
            _clean(listing, about=listing.place.name)
            _require_score(listing)
            listing.save(update_fields=["category", "score", "note"])
            changed += 1
        if stale:
            raise ChangedMeanwhile(stale)
    return changed


def withdraw(listing: Listing, *, on: date | None = None) -> None:
    """Takes a place off its batch: a nomination, also one under notice, or a name that stands on a published list."""
    with transaction.atomic():
        _locked(listing.batch, *COMPOSED, BatchState.NOTICE, BatchState.PUBLISHED)
        Listing.objects.filter(STANDING, pk=listing.pk).update(withdrawn_on=on or today())


def step(batch: Batch, to: BatchState) -> Batch:
    """Takes the batch to expert review, back to nominations or, from its notice, to review, or withdraws it.

    A notice that is broken off begins anew with all its days. Raises NotNow and EmptyBatch.
    """
    assert to not in (BatchState.NOTICE, BatchState.PUBLISHED)
    with transaction.atomic():
        batch = held_before(batch, to)
        if to is BatchState.REVIEW and not batch.listings.filter(STANDING).exists():
            raise EmptyBatch
        ended = {"notice_from": None, "notice_to": None} if batch.state == BatchState.NOTICE else {}
        Batch.objects.filter(pk=batch.pk).update(state=to, **ended)
    return find(batch.code)


def give_notice(batch: Batch, *, on: date | None = None) -> Batch:
    """Begins the public notice on a day, today or later. It lasts the list's days, calendar days of which the first counts:
    the batch may be published on the first day after them.

    Raises NotNow, EmptyBatch, UnfinishedBatch, and WrongDay for a day that has passed.
    """
    first = on or today()
    if first < today():
        raise WrongDay(
            _("A notice cannot begin on %(day)s, which has passed: nobody could see it then.") % {"day": first}
        )
    with transaction.atomic():
        batch = held_before(batch, BatchState.NOTICE)
        require_finished(batch)
        days = timedelta(days=batch.heritage_list.notice_days)
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.NOTICE, notice_from=first, notice_to=first + days)
    return find(batch.code)


def require_finished(batch: Batch) -> None:
    """Raises EmptyBatch, or UnfinishedBatch with what is missing of each place."""
    if not batch.listings.filter(STANDING).exists():
        raise EmptyBatch
    found = missing(batch)
    if found:
        names = dict(Listing.objects.filter(pk__in=found).values_list("pk", "place__name"))
        raise UnfinishedBatch({names[pk]: told for pk, told in found.items()})


def is_shown(batch: Batch, on: date) -> bool:
    """Whether the public may see what is nominated, or was published."""
    return batch.state == BatchState.PUBLISHED or (
        batch.state == BatchState.NOTICE and batch.notice_from is not None and batch.notice_from <= on
    )


def takes_objections(batch: Batch, on: date) -> bool:
    return is_shown(batch, on) and batch.state == BatchState.NOTICE and remaining_days(batch, on) > 0


def remaining_days(batch: Batch, on: date) -> int:
    """How many days of the notice are left, today among them; 0 when it has ended, or there is none."""
    return max(0, (batch.notice_to - max(on, batch.notice_from)).days) if batch.notice_to and batch.notice_from else 0


def shown(on: date) -> models.QuerySet[Batch]:
    """The batches that the public may see, notices before what was published, the newest first."""
    under_notice = Q(state=BatchState.NOTICE, notice_from__lte=on)
    found = Batch.objects.defer(*HEAVY).select_related("heritage_list")
    return found.filter(under_notice | Q(state=BatchState.PUBLISHED)).order_by(
        F("notice_to").desc(nulls_last=True), F("announced_on").desc(nulls_first=True), "code"
    )


def object_to(batch: Batch, text: str, *, listing: Listing | None = None) -> Objection:
    """Keeps what somebody says against the batch, or one of its names. Who it is nobody asks.

    Raises NoNotice when it does not run, BadBatch for a text that is empty, too long, or has an identity number in it.
    """
    with transaction.atomic():
        batch = Batch.objects.defer(*HEAVY).select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
        if not takes_objections(batch, today()):
            raise NoNotice
        objection = Objection(batch=batch, listing=listing, text=text.strip())
        if len(objection.text) > MOST_LETTERS:
            told = _("An objection has at most %(most)d characters; this one has %(count)d.")
            raise BadBatch(ValidationError(told % {"most": MOST_LETTERS, "count": len(objection.text)}))
        _clean(objection, exclude=["answer"])
        objection.save()
    return objection


def answer(objection: Objection, text: str) -> None:
    """Answers an objection; an answer may be written again until the batch is published. Raises BadBatch and NotNow."""
    with transaction.atomic():
        _locked(objection.batch, *COMPOSED, BatchState.NOTICE)
        objection.answer = text.strip()
        if not objection.answer:
            raise BadBatch(ValidationError(_("Write an answer: it says what became of the objection.")))
        _clean(objection)
        Objection.objects.filter(pk=objection.pk).update(answer=objection.answer, answered_at=models.functions.Now())


def categories(heritage_list: HeritageList) -> dict[str, str]:
    """The words of the list's categories in force by their codes; none of a list without them."""
    words = heritage_list.categories
    return dict(vocabulary.terms().get(words.code, {})) if words else {}


def _require_category(batch: Batch, category: str) -> None:
    known = categories(batch.heritage_list)
    if category and category not in known:
        raise UnknownCategory(category, known, batch.heritage_list.name)


def _require_score(listing: Listing) -> None:
    if listing.score is not None and listing.score < 0:
        told = _("“%(title)s” must be at least %(low)s.") % {"title": _("experts’ score"), "low": 0}
        raise BadBatch(ValidationError(told), about=listing.place.name)


def _code(heritage_list: HeritageList) -> str:
    """The list's code and the first number that no batch has."""
    beginning = heritage_list.code[:35]
    taken = set(Batch.objects.filter(code__startswith=beginning).values_list("code", flat=True))
    numbers = count(heritage_list.batches.count() + 1)
    return next(code for number in numbers if (code := f"{beginning}-{number}") not in taken)


def _clean(row: models.Model, *, about: str = "", exclude: Sequence[str] = ()) -> None:
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        titles = {field.name: str(field.verbose_name) for field in row._meta.local_fields}
        raise BadBatch(error, titles, about) from None


def _locked(batch: Batch, *states: BatchState) -> Batch:
    """The batch as it is, held until the transaction ends. Raises NotNow for another state."""
    found = _held(batch)
    if found.state not in states:
        raise NotNow(
            _("The batch is at “%(state)s”, where this is no longer done; load its page again.")
            % {"state": found.get_state_display()}
        )
    return found


def held_before(batch: Batch, to: BatchState) -> Batch:
    """The batch as it is, held until the transaction ends. Raises NotNow when the step does not follow."""
    found = _held(batch)
    if found.state == to or f"{found.state} {to}" in BATCH_STEPS.forbidden:
        raise NotNow(not_a_step(Batch, found.state, to))
    return found


def _held(batch: Batch) -> Batch:
    held = Batch.objects.select_for_update(of=("self",)).select_related("heritage_list__categories").defer(*HEAVY)
    return held.get(pk=batch.pk)
