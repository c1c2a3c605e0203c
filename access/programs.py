"""Programs: bearer tokens, made on the command line."""

from __future__ import annotations

from datetime import UTC, datetime

from access.ports import AccessStore
from access.principal import ROLES, Principal
from access.secret import digest, new_secret


def issue_token(
    store: AccessStore,
    role: str,
    counter: int | None = None,
    limit: int | None = None,
    at: datetime | None = None,
) -> str:
    """Make a token with this role and return it; only its hash is stored, so it is shown this once.

    `limit` is in requests a minute; None is no limit.

    Raises:
        ValueError: no such role, or a limit below one.
    """
    if role not in ROLES:
        raise ValueError(f"no such role: {role}")
    if limit is not None and limit < 1:
        raise ValueError("the limit is at least one request a minute")
    secret = new_secret()
    store.add_token(digest(secret), role, counter, limit, at or datetime.now(UTC))
    return secret


def revoke_token(store: AccessStore, token: int) -> bool:
    """End the access of the program "token:<token>" at once; return whether there was one."""
    return store.revoke_token(token)


def program(store: AccessStore, credential: str) -> Principal | None:
    """Return the program whose token has this hash."""
    token = store.token(credential)
    if token is None or not token.active:
        return None
    subject = f"token:{token.id}"
    return Principal(subject, token.role, subject, token.counter, token.limit_per_minute, credential)
