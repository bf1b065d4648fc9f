"""API tokens: making, finding and ending them."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from knox.crypto import hash_token

from layers.access import Reader, only_reading, reader_of
from layers.errors import BadToken
from layers.models.accounts import ApiToken, Scope
from layers.rows import today

LIFETIMES_DAYS = (30, 90, 365)


def make(user: User, *, name: str, scope: Scope, lifetime_days: int) -> str:
    """A new token of the account, which nobody can read again. Raises IntegrityError when it has one of that name."""
    _stored, token = ApiToken.objects.create(user, expiry=timedelta(days=lifetime_days), name=name, scope=scope)
    return str(token)


def find(token: str) -> ApiToken:
    """The stored token with its account and what that may do, in one query by the digest. Raises BadToken when there is
    none, it has expired or its account is closed; notes the day of use."""
    query = ApiToken.objects.select_related("user__grant").filter(expiry__gt=timezone.now(), user__is_active=True)
    try:
        found: ApiToken = query.get(digest=hash_token(token))
    except ApiToken.DoesNotExist:
        raise BadToken from None
    _note_use(found)
    return found


def reader_of_token(token: ApiToken) -> Reader:
    """The account as a reader, within the token's scope."""
    reader = reader_of(token.user)
    return reader if token.scope == Scope.WRITE else only_reading(reader)


def delete_expired() -> int:
    """How many tokens that had expired are deleted."""
    return int(ApiToken.objects.filter(expiry__lte=timezone.now()).delete()[0])


def _note_use(token: ApiToken) -> None:
    """Once a day, so that reading by token writes nothing."""
    if token.last_used != today():
        unseen = Q(last_used__isnull=True) | Q(last_used__lt=today())
        ApiToken.objects.filter(unseen, pk=token.pk).update(last_used=today())
