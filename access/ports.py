"""What access needs from outside: a store for people, devices and programs, and the hall that logs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from hall.ports import RequestIdentity
from queueing.events import Data, Kind

T = TypeVar("T")


class User(Protocol):
    """A person who may sign in."""

    @property
    def id(self) -> int:
        """Return the id."""

    @property
    def name(self) -> str:
        """Return the name to sign in with."""

    @property
    def role(self) -> str:
        """Return the role."""

    @property
    def password(self) -> str:
        """Return the Argon2 hash of the password."""

    @property
    def active(self) -> bool:
        """Return whether the person may sign in."""

    @property
    def sessions(self) -> int:
        """Return how many sessions are valid."""


class Session(Protocol):
    """A browser in which somebody signed in; an ended one still shows which browser it was."""

    @property
    def user(self) -> int:
        """Return the id of the person."""

    @property
    def name(self) -> str:
        """Return the name of the person."""

    @property
    def role(self) -> str:
        """Return the role of the person."""

    @property
    def active(self) -> bool:
        """Return whether the person may sign in."""

    @property
    def expires_at(self) -> datetime:
        """Return when the session expires unless it is extended."""

    @property
    def ended_at(self) -> datetime | None:
        """Return when it was ended, by signing out or by somebody else; None while it was not."""


class Device(Protocol):
    """A paired kiosk or wall."""

    @property
    def id(self) -> int:
        """Return the id."""

    @property
    def kind(self) -> str:
        """Return what it is: "kiosk" or "display"."""

    @property
    def name(self) -> str:
        """Return the name that a supervisor gave it."""

    @property
    def paired_at(self) -> datetime:
        """Return when it was paired."""

    @property
    def last_seen_at(self) -> datetime | None:
        """Return when it last sent a request, to the minute; None before the first."""

    @property
    def active(self) -> bool:
        """Return whether it was not revoked."""

    @property
    def diagonal_mm(self) -> int | None:
        """Return the diagonal of its screen; None until it is measured."""

    @property
    def edge_mm(self) -> int | None:
        """Return how high the lower edge of its screen is above the floor; None until it is measured."""


class Token(Protocol):
    """The bearer token of a program."""

    @property
    def id(self) -> int:
        """Return the id."""

    @property
    def role(self) -> str:
        """Return the role of the program."""

    @property
    def counter(self) -> int | None:
        """Return the only counter it may act at; None: all of them."""

    @property
    def limit_per_minute(self) -> int | None:
        """Return how many requests a minute it may send; None: no limit."""

    @property
    def name(self) -> str:
        """Return what it is for, as it was named when it was made; empty if it was not."""

    @property
    def created_at(self) -> datetime:
        """Return when it was made."""

    @property
    def expires_at(self) -> datetime | None:
        """Return when it ends; None: when it is revoked."""

    @property
    def last_seen_at(self) -> datetime | None:
        """Return when it was last used, to the hour; None before the first time."""

    @property
    def active(self) -> bool:
        """Return whether it was not revoked."""


class AccessStore(Protocol):
    """Stores people, sessions, devices and programs. Secrets come and go as hashes only.

    `folded` is a name in the form in which two spellings are the same name.
    """

    def transaction(self) -> AbstractContextManager[None]:
        """Open a transaction: all of it is saved, or nothing."""

    # people
    def add_user(self, name: str, folded: str, role: str, password: str) -> int:
        """Add a person and return the id."""

    def user(self, user: int, at: datetime) -> User | None:
        """Return the person with this id."""

    def user_named(self, folded: str, at: datetime) -> User | None:
        """Return the person with this folded name."""

    def users(self, at: datetime) -> Sequence[User]:
        """Return all people by name."""

    def save_password(self, user: int, password: str) -> None:
        """Store the hash of a new password."""

    def set_user_active(self, user: int, active: bool) -> None:
        """Allow or forbid a person to sign in."""

    def active_supervisors(self) -> int:
        """Return how many supervisors may sign in."""

    # their sessions
    def add_session(self, secret: str, user: int, at: datetime, expires_at: datetime) -> None:
        """Add a session by the hash of its secret."""

    def session(self, secret: str) -> Session | None:
        """Return the session with this hash."""

    def extend_session(self, secret: str, expires_at: datetime) -> None:
        """Set when a session expires."""

    def end_session(self, secret: str, at: datetime) -> None:
        """End a session."""

    def end_sessions(self, user: int, at: datetime, keep: str | None) -> None:
        """End all sessions of a person but the one with the hash `keep`."""

    def forget_sessions(self, before: datetime) -> None:
        """Delete the sessions that expired or ended before this instant."""

    # kiosks and walls
    def add_device(self, secret: str, kind: str, name: str, at: datetime) -> int:
        """Add a paired device and return the id."""

    def device(self, secret: str) -> Device | None:
        """Return the device with this hash."""

    def devices(self) -> Sequence[Device]:
        """Return all devices, the revoked too."""

    def revoke_device(self, device: int) -> None:
        """End the access of a device."""

    def save_glass(self, device: int, diagonal_mm: int, edge_mm: int) -> None:
        """Store the diagonal of a device's screen and the height of its lower edge above the floor."""

    def device_seen(self, device: int, at: datetime) -> None:
        """Store when a device was last seen."""

    def name_of(self, kind: str, number: int) -> str | None:
        """Return the name of a "device" or a program ("token"); None when there is none."""

    # programs
    def add_token(
        self,
        secret: str,
        role: str,
        name: str,
        counter: int | None,
        limit_per_minute: int | None,
        at: datetime,
        expires_at: datetime | None,
    ) -> int:
        """Add the token of a program and return the id."""

    def tokens(self) -> Sequence[Token]:
        """Return all tokens, the revoked too."""

    def token_seen(self, token: int, at: datetime) -> None:
        """Store when a token was last used."""

    def token(self, secret: str) -> Token | None:
        """Return the token with this hash."""

    def revoke_token(self, token: int) -> None:
        """End the access of a program."""

    # the first supervisor
    def replace_setup_link(self, secret: str, expires_at: datetime) -> None:
        """Store the hash of a set-up link in the place of any older one."""

    def setup_link_open(self, secret: str, at: datetime) -> bool:
        """Return whether the set-up link with this hash can still be used."""

    def use_setup_link(self, secret: str) -> None:
        """Mark the set-up link as used."""


class Act(Protocol):
    """A use case inside the hall's transaction."""

    @property
    def at(self) -> datetime:
        """Return the instant of the use case, aware."""

    @property
    def by(self) -> str:
        """Return the subject that runs it, such as "user:3"."""

    def append(self, kind: Kind[Data], data: Data) -> object:
        """Append an event to the log."""


class HallNames(Protocol):
    """The names of the hall, of which no password may be made."""

    @property
    def name(self) -> str:
        """Return the name of the centre."""


class Catalogue(Protocol):
    """What the hall offers, as far as access needs it."""

    @property
    def hall(self) -> HallNames:
        """Return the names of the hall."""


class Logbook(Protocol):
    """The hall, as far as access needs it: its name, and changes that are saved together with their event."""

    @property
    def catalogue(self) -> Catalogue:
        """Return the settings in force."""

    def answered(self, request: RequestIdentity) -> bool:
        """Return whether a command with this caller, route and key was executed, see `Hall.answered`."""

    def execute(self, request: RequestIdentity, use_case: Callable[[Act], T], answer: Callable[[T], bytes]) -> bytes:
        """Run a use case once for this request and return its encoded answer, see `Hall.execute`."""
