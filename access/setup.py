"""The one-time link by which the first supervisor is made; there is no default password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from access.errors import SetupLinkUsed
from access.people import People
from access.ports import AccessStore, User
from access.principal import SUPERVISOR
from access.secret import digest, new_secret

LINK_LIFE = timedelta(hours=24)


def setup_link(store: AccessStore, at: datetime | None = None, renew: bool = False) -> str | None:
    """Make a one-time link, replacing any older one, and return its secret; None when there is an active supervisor.

    With `renew` one is made in any case, for a centre whose supervisors have all forgotten their passwords.
    """
    with store.transaction():
        if store.active_supervisors() and not renew:
            return None
        secret = new_secret()
        store.replace_setup_link(digest(secret), (at or datetime.now(UTC)) + LINK_LIFE)
        return secret


def use_setup_link(people: People, secret: str, name: str, hashed: str, at: datetime) -> User:
    """Make the first supervisor and use up the link, inside the transaction of the caller.

    Raises:
        SetupLinkUsed: the link was used, replaced, or is older than a day.
        NameTaken, BadField: see `People.add`.
    """
    if not people.store.setup_link_open(digest(secret), at):
        raise SetupLinkUsed()
    user = people.add(name, SUPERVISOR, hashed)
    people.store.use_setup_link(digest(secret))
    return user
