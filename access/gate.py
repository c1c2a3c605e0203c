"""Turns cookies and tokens into a principal; nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from access.devices import Devices
from access.limits import Floods, Limits
from access.people import People
from access.ports import AccessStore
from access.principal import DEVICES, NOBODY, Principal
from access.programs import Programs
from access.secret import digest
from hall.ports import Offload

SESSION_COOKIE = "session"
_BEARER = "bearer "


def device_cookie(kind: str) -> str:
    """Return the name of the cookie of a kiosk or wall: one for each kind, as one browser may show both in a trial."""
    return f"device_{kind}"


class Gate:
    """Finds out who sends a request."""

    def __init__(self, store: AccessStore, offload: Offload, now: Callable[[], datetime]) -> None:
        self.store = store
        self.now = now
        self.people = People(store, offload, now)
        self.devices = Devices(store, now)
        self.programs = Programs(store, now)
        self.limits = Limits()
        self._names: dict[str, str | None] = {}  # of devices and programs, which never change
        self.floods = Floods()

    def identify(self, cookies: Mapping[str, str], authorization: str | None, roles: Collection[str] = ()) -> Principal:
        """Return the principal of these credentials: by token, else by session, else as a device; else anyone.

        A browser may have several at once, as when a supervisor tries the kiosk beside her own page: a
        principal with one of `roles` goes first. With a token, cookies are not read, even if it is invalid.
        """
        first = None
        for principal in self._present(cookies, authorization):
            if principal.role in roles:
                return principal
            first = first or principal
        return first or NOBODY

    def still_valid(self, principal: Principal) -> bool:
        """Return whether the session, device or token that the principal came with is still valid."""
        if principal == NOBODY:
            return True
        now = self._holder(principal.subject.partition(":")[0], principal.credential)
        return now is not None and (now.subject, now.role) == (principal.subject, principal.role)

    def name_of(self, subject: str | None) -> str | None:
        """Return the name of a person, a device or a program, by "user:3", "device:2" or "token:4"; None for others."""
        subject = subject or ""
        kind, _, number = subject.partition(":")
        if kind in ("device", "token"):
            if subject not in self._names:
                self._names[subject] = self.store.name_of(kind, int(number)) or None
            return self._names[subject]
        user = self.store.user(int(number), self.now()) if kind == "user" else None
        return None if user is None else user.name

    def _present(self, cookies: Mapping[str, str], authorization: str | None) -> Iterator[Principal]:
        if authorization is not None and authorization[: len(_BEARER)].lower() == _BEARER:
            credentials = [("token", authorization[len(_BEARER) :].strip())]
        else:
            credentials = [("user", cookies.get(SESSION_COOKIE, ""))]
            credentials += [("device", cookies.get(device_cookie(kind), "")) for kind in DEVICES]
        for kind, secret in credentials:
            principal = self._holder(kind, digest(secret)) if secret else None
            if principal is not None:
                yield principal

    def _holder(self, kind: str, credential: str) -> Principal | None:
        match kind:
            case "token":
                return self.programs.holder(credential)
            case "user":
                return self.people.holder(credential)
            case _:
                return self.devices.holder(credential)
