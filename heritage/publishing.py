"""Publishing a batch: its places become public, and what was published is frozen as JSON with its SHA-256 and as a PDF."""

import json
from datetime import date
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from heritage import announcement
from heritage.batch_errors import BadBatch, DocumentMissing, NoticeRuns, UnansweredObjections, WrongDay
from heritage.batches import STANDING, find, held_before, require_finished
from heritage.differences import Document
from heritage.freezing import canonical, frozen
from heritage.models import Batch, Place
from heritage.models.lists import BatchState
from layers.personal import refuse_identity_number
from layers.rows import today


def publish(batch: Batch, *, document: str, on: date | None = None) -> Batch:
    """Publishes the batch, in one transaction: nothing that is edited later changes what it froze.

    document: the number of the announcement 文号. on: its day, today by default. What makes it impossible is raised before
    anything is written: NotNow, for publishing twice too, NoticeRuns, UnansweredObjections, UnfinishedBatch, EmptyBatch,
    DocumentMissing, WrongDay and BadBatch.
    """
    number, day = document.strip(), on or today()
    with transaction.atomic():
        held = held_before(batch, BatchState.PUBLISHED)
        _require_publishable(held, number, day)
        standing = held.listings.filter(STANDING)
        Place.objects.filter(pk__in=standing.values("place"), published=False).update(published=True)
        said = frozen(held, document=number, announced_on=day)
        text = canonical(said)
        digest = sha256(text).hexdigest()
        Batch.objects.filter(pk=held.pk).update(
            state=BatchState.PUBLISHED,
            announced_on=day,
            document=number,
            frozen=text.decode(),
            sha256=digest,
            pdf=announcement.pdf(said, digest),
        )
    return find(batch.code)


def _require_publishable(batch: Batch, number: str, day: date) -> None:
    if not number:
        raise DocumentMissing
    most = Batch._meta.get_field("document").max_length or 0
    if len(number) > most:
        raise BadBatch(ValidationError(_("The document number has at most %(most)d characters.") % {"most": most}))
    try:
        refuse_identity_number(number)
    except ValidationError as error:
        raise BadBatch(error) from None
    assert batch.notice_to is not None
    if min(day, today()) < batch.notice_to:
        raise NoticeRuns(batch.notice_to, batch.heritage_list.notice_days)
    if day > today():
        raise WrongDay(_("A batch cannot be announced on %(day)s, which is still to come.") % {"day": day})
    open_ = batch.objections.filter(answer="").count()
    if open_:
        raise UnansweredObjections(open_)
    require_finished(batch)


def published_document(batch: Batch) -> Document | None:
    """What was frozen of the batch; None of one that was announced before the portal, or is not published."""
    text = Batch.objects.values_list("frozen", flat=True).get(pk=batch.pk)
    return json.loads(text) if text else None
