"""Entries, people and steps that the tests of heritage share."""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from heritage import changesets, documents
from heritage.differences import Document
from heritage.models import Changeset, Citation, Place, PlaceName
from layers.models import Grant
from layers.models.accounts import Role

POINT = {"type": "Point", "coordinates": [120.58, 30.0]}


def person(name: str, *roles: Role, counties: tuple[str, ...] = ()) -> User:
    user = User.objects.create_user(name, password="a long enough password")
    Grant.objects.create(user=user, roles=list(roles), counties=list(counties))
    return user


def curator(name: str = "curator", **said: Any) -> User:
    return person(name, Role.CURATOR, **said)


def reviewer(name: str = "reviewer", **said: Any) -> User:
    return person(name, Role.REVIEWER, **said)


def entry(name: str = "卧龙山", **said: Any) -> Document:
    """A whole entry of a new place without a fault."""
    document = documents.blank()
    document |= {"category": "山", "source": "test", "meaning": f"{name}因形得名。"}
    document["names"][0] |= {"name": name, "roman": "Wòlóng Shān", "certainty": "certain"}
    document["shapes"] = [documents.blank_part("shapes", shape=POINT, certainty="certain")]
    return document | said


def plain(code: str) -> Place:
    """A place of the reference data with its standard name alone, undated, and nothing cited."""
    place = Place.objects.get(code=code)
    Citation.objects.filter(place=place).delete()
    names = PlaceName.objects.filter(place=place)
    names.exclude(role="standard").delete()
    names.update(start_latest=None, time_text="")
    committed()
    return place


def committed() -> None:
    """Lets the triggers that wait for the commit run, inside of a test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def approved(changeset: Changeset, by: User, *, publish: bool = True) -> Place:
    """The place of a draft that was submitted and approved."""
    changesets.submit(changeset, reason="test")
    done = changesets.approve(changeset, by, publish=publish)
    committed()
    assert done.place is not None
    done.place.refresh_from_db()
    return done.place
