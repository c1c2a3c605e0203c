"""Programs: bearer tokens, made on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from access.errors import UnknownToken
from access.people import tidy_name
from access.ports import AccessStore, Token
from access.principal import ROLES, Principal
from access.secret import digest, new_secret
from hall.ports import CannotSave

SEEN_EVERY = timedelta(hours=1)


class Programs:
    """The programs that have a token. Changes are made inside the transaction of the caller, if there is one."""

    def __init__(self, store: AccessStore, now: Callable[[], datetime]) -> None:
        self.store = store
        self._now = now

    def all(self) -> Sequence[Token]:
        """Return every token there ever was, the revoked too."""
        return self.store.tokens()

    def get(self, token: int) -> Token:
        """Return the token with this id.

        Raises:
            UnknownToken: there is none.
        """
        wanted = next((known for known in self.store.tokens() if known.id == token), None)
        if wanted is None:
            raise UnknownToken()
        return wanted

    def issue(self, role: str, **options: Any) -> tuple[Token, str]:
        """Make a token and return it with its secret; see `issue_token` for the `options` and what is raised."""
        secret = issue_token(self.store, role, at=self._now(), **options)
        token = self.store.token(digest(secret))
        assert token is not None, "it was made above"
        return token, secret

    def revoke(self, token: int) -> Token:
        """End the access of the program "token:<token>" at once.

        Raises:
            UnknownToken: there is none.
        """
        wanted = self.get(token)
        self.store.revoke_token(token)
        return wanted

    def holder(self, credential: str) -> Principal | None:
        """Return the program that holds the token with this hash; note when it was seen, once an hour at most."""
        token, now = self.store.token(credential), self._now()
        if token is None or not is_valid(token, now):
            return None
        if token.last_seen_at is None or token.last_seen_at + SEEN_EVERY < now:
            with suppress(CannotSave):
                self.store.token_seen(token.id, now)
        subject = f"token:{token.id}"
        return Principal(subject, token.role, token.name or subject, token.counter, token.limit_per_minute, credential)


def is_valid(token: Token, at: datetime) -> bool:
    """Return whether the token still opens anything: it was not revoked, and its end has not come."""
    return token.active and (token.expires_at is None or at < token.expires_at)


def issue_token(
    store: AccessStore,
    role: str,
    counter: int | None = None,
    limit: int | None = None,
    at: datetime | None = None,
    *,
    name: str = "",
    expires_at: datetime | None = None,
) -> str:
    """Make a token with this role and return it; only its hash is stored, so it is shown this once.

    `limit` is in requests a minute; None is no limit. Without `expires_at` it is good until it is revoked.

    Raises:
        ValueError: no such role, or a limit below one.
        BadField: the name is too long, or holds characters no name has.
    """
    if role not in ROLES:
        raise ValueError(f"no such role: {role}")
    if limit is not None and limit < 1:
        raise ValueError("the limit is at least one request a minute")
    secret = new_secret()
    name = tidy_name(name) if name else ""
    store.add_token(digest(secret), role, name, counter, limit, at or datetime.now(UTC), expires_at)
    return secret
