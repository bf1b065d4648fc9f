"""People with an account of the bureau, and how they come to the portal: with a browser's session or a token."""

from django.contrib.auth.models import User
from django.test import Client

from layers.accounts import tokens
from layers.models.accounts import Grant, Scope
from layers.registry import Role

PASSWORD = "a long enough password"


def account(name: str, *roles: Role, counties: tuple[str, ...] = ()) -> User:
    """An account with the roles, limited to the counties."""
    user = User.objects.create_user(name, password=PASSWORD)
    if roles:
        Grant.objects.create(user=user, roles=list(roles), counties=list(counties))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def with_token(user: User, scope: Scope = Scope.WRITE) -> Client:
    """A client that sends a new token of the account with every request."""
    token = tokens.make(user, name=f"of a test: {scope}", scope=scope, lifetime_days=1)
    return Client(headers={"Authorization": f"Bearer {token}"})
