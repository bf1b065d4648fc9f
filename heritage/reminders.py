"""What the bureau's office is reminded of by e-mail: notices that end, objections without an answer, warnings of renamings."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heritage.batches import HEAVY
from heritage.models import Batch
from heritage.models.lists import BatchState
from heritage.warnings import open_warnings

A_DAY = timedelta(days=1)


def lines(on: date) -> Iterator[str]:
    """What there is to be done, in the order of its haste; nothing when there is nothing."""
    unanswered = Count("objections", filter=Q(objections__answer=""))
    under_notice = Batch.objects.defer(*HEAVY).select_related("heritage_list").filter(state=BatchState.NOTICE)
    for batch in under_notice.annotate(unanswered=unanswered).order_by("notice_to"):
        said = {"batch": str(batch), "address": f"{settings.PUBLIC_URL}/curate/batches/{batch.code}"}
        if batch.notice_to == on + A_DAY:
            yield _("The public notice of %(batch)s ends today; it may be published tomorrow: %(address)s") % said
        elif batch.notice_to == on:
            yield _("The public notice of %(batch)s has ended: %(address)s") % said
        count = batch.unanswered
        if count:
            yield ngettext(
                "%(batch)s has %(count)d objection without an answer: %(address)s",
                "%(batch)s has %(count)d objections without an answer: %(address)s",
                count,
            ) % {**said, "count": count}
    warnings = [f"{warning.reason} ({warning.get_kind_display()})" for warning in open_warnings()]
    if warnings:
        address = f"{settings.PUBLIC_URL}/curate/batches/"
        head = _("Listed names that were renamed, merged or lost their division need a protective measure: %(address)s")
        yield "\n  ".join([head % {"address": address}, *warnings])


def send(on: date) -> bool:
    """Sends them to the office, and gives whether there was anything to send. Raises OSError when it does not arrive."""
    if not (settings.EMAIL_HOST and settings.CURATION_EMAIL):
        return False
    with translation.override(settings.LANGUAGE_CODE):
        told = list(lines(on))
        if told:
            subject = _("Place-name lists: what is due on %(day)s") % {"day": on}
            body = "\n".join(f"· {line}" for line in told)
            EmailMessage(subject, f"{body}\n", to=settings.CURATION_EMAIL).send()
    return bool(told)
