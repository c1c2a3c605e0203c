"""People, sessions, devices and programs in SQLite; implements `access.ports.AccessStore`."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from queueing.events import from_instant, instant
from store.database import Database

_USERS = """
SELECT u.id, u.name, u.role, u.password, u.active, count(s.secret) AS sessions
FROM user AS u
LEFT JOIN session AS s ON s.user = u.id AND s.ended_at IS NULL AND s.expires_at > :at
"""

_NAMES = {
    "device": "SELECT name FROM device WHERE id = :number",
    "token": "SELECT name FROM token WHERE id = :number",
}


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in, and in how many browsers they are."""

    id: int
    name: str
    role: str
    password: str
    active: bool
    sessions: int


@dataclass(frozen=True, slots=True)
class Session:
    """A session, with its person's name and role."""

    user: int
    name: str
    role: str
    active: bool
    expires_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk or wall that was paired."""

    id: int
    kind: str
    name: str
    paired_at: datetime
    last_seen_at: datetime | None
    active: bool
    diagonal_mm: int | None
    edge_mm: int | None


@dataclass(frozen=True, slots=True)
class Token:
    """The token of a program."""

    id: int
    role: str
    counter: int | None
    limit_per_minute: int | None
    active: bool
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_seen_at: datetime | None


class SqliteAccessStore:
    """People, sessions, devices and tokens, in the same database as the hall, so that one transaction covers both."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def transaction(self) -> AbstractContextManager[None]:
        """Begin a transaction: all of it is saved, or nothing. Inside another one it is part of that."""
        return self.db.transaction()

    # -- people ------------------------------------------------------------------------------

    def add_user(self, name: str, folded: str, role: str, password: str) -> int:
        """Add a person and return the new id; `folded` is the name as it is compared, `password` is hashed."""
        return self.db.insert(
            """
            INSERT INTO user (name, folded, role, password, active)
            VALUES (:name, :folded, :role, :password, 1)
            """,
            {"name": name, "folded": folded, "role": role, "password": password},
        )

    def user(self, user: int, at: datetime) -> User | None:
        """Return a person with the count of sessions that are open at `at`; None when there is none."""
        row = self.db.row(_USERS + "WHERE u.id = :user GROUP BY u.id", {"user": user, "at": instant(at)})
        return None if row is None else _user(row)

    def user_named(self, folded: str, at: datetime) -> User | None:
        """Return the person with this folded name; None when there is none."""
        row = self.db.row(_USERS + "WHERE u.folded = :folded GROUP BY u.id", {"folded": folded, "at": instant(at)})
        return None if row is None else _user(row)

    def users(self, at: datetime) -> list[User]:
        """Return everybody, in order of their names."""
        rows = self.db.rows(_USERS + "GROUP BY u.id ORDER BY u.folded", {"at": instant(at)})
        return [_user(row) for row in rows]

    def save_password(self, user: int, password: str) -> None:
        """Save a person's new password, hashed."""
        self.db.execute("UPDATE user SET password = :password WHERE id = :user", {"user": user, "password": password})

    def set_user_active(self, user: int, active: bool) -> None:
        """Allow or forbid a person to sign in."""
        self.db.execute("UPDATE user SET active = :active WHERE id = :user", {"user": user, "active": active})

    def active_supervisors(self) -> int:
        """Return how many supervisors may sign in."""
        row = self.db.row("SELECT count(*) AS n FROM user WHERE role = 'supervisor' AND active")
        assert row is not None
        return int(row["n"])

    # -- their sessions ----------------------------------------------------------------------

    def add_session(self, secret: str, user: int, at: datetime, expires_at: datetime) -> None:
        """Add a session of a person; `secret` is hashed."""
        self.db.execute(
            """
            INSERT INTO session (secret, user, created_at, expires_at)
            VALUES (:secret, :user, :at, :expires_at)
            """,
            {"secret": secret, "user": user, "at": instant(at), "expires_at": instant(expires_at)},
        )

    def session(self, secret: str) -> Session | None:
        """Return a session, also one that has ended; None when there is none."""
        row = self.db.row(
            """
            SELECT s.user, u.name, u.role, u.active, s.expires_at, s.ended_at
            FROM session AS s
            JOIN user AS u ON u.id = s.user
            WHERE s.secret = :secret
            """,
            {"secret": secret},
        )
        if row is None:
            return None
        return Session(
            user=row["user"],
            name=row["name"],
            role=row["role"],
            active=bool(row["active"]),
            expires_at=from_instant(row["expires_at"]),
            ended_at=_at(row["ended_at"]),
        )

    def extend_session(self, secret: str, expires_at: datetime) -> None:
        """Let a session last until `expires_at`."""
        self.db.execute(
            "UPDATE session SET expires_at = :expires_at WHERE secret = :secret",
            {"secret": secret, "expires_at": instant(expires_at)},
        )

    def end_session(self, secret: str, at: datetime) -> None:
        """End a session, if it has not ended yet."""
        self.db.execute(
            "UPDATE session SET ended_at = :at WHERE secret = :secret AND ended_at IS NULL",
            {"secret": secret, "at": instant(at)},
        )

    def end_sessions(self, user: int, at: datetime, keep: str | None) -> None:
        """End all sessions of a person but the one whose secret is `keep`."""
        self.db.execute(
            """
            UPDATE session
            SET ended_at = :at
            WHERE user = :user AND ended_at IS NULL AND secret IS NOT :keep
            """,
            {"user": user, "at": instant(at), "keep": keep},
        )

    def forget_sessions(self, before: datetime) -> None:
        """Delete the sessions that expired before an instant."""
        self.db.execute("DELETE FROM session WHERE expires_at < :before", {"before": instant(before)})

    # -- kiosks and walls --------------------------------------------------------------------

    def add_device(self, secret: str, kind: str, name: str, at: datetime) -> int:
        """Add a kiosk or wall that was paired and return its id; `secret` is hashed."""
        return self.db.insert(
            """
            INSERT INTO device (secret, kind, name, paired_at, active)
            VALUES (:secret, :kind, :name, :at, 1)
            """,
            {"secret": secret, "kind": kind, "name": name, "at": instant(at)},
        )

    def device(self, secret: str) -> Device | None:
        """Return the device with this secret; None when there is none."""
        row = self.db.row("SELECT * FROM device WHERE secret = :secret", {"secret": secret})
        return None if row is None else _device(row)

    def devices(self) -> list[Device]:
        """Return all devices, also those that were revoked, oldest first."""
        return [_device(row) for row in self.db.rows("SELECT * FROM device ORDER BY id")]

    def revoke_device(self, device: int) -> None:
        """Revoke a device; its row stays, as the log may name it."""
        self.db.execute("UPDATE device SET active = 0 WHERE id = :device", {"device": device})

    def save_glass(self, device: int, diagonal_mm: int, edge_mm: int) -> None:
        """Save the diagonal of a device's screen and the height of its lower edge above the floor."""
        self.db.execute(
            "UPDATE device SET diagonal_mm = :diagonal_mm, edge_mm = :edge_mm WHERE id = :device",
            {"device": device, "diagonal_mm": diagonal_mm, "edge_mm": edge_mm},
        )

    def device_seen(self, device: int, at: datetime) -> None:
        """Save when a device was last connected."""
        self.db.execute(
            "UPDATE device SET last_seen_at = :at WHERE id = :device", {"device": device, "at": instant(at)}
        )

    def name_of(self, kind: str, number: int) -> str | None:
        """Return the name of a "device" or a program ("token"); None when there is none."""
        row = self.db.row(_NAMES[kind], {"number": number})
        return None if row is None else row["name"]

    # -- programs ----------------------------------------------------------------------------

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
        """Add the token of a program and return its id; `secret` is hashed."""
        return self.db.insert(
            """
            INSERT INTO token (secret, role, name, counter, limit_per_minute, created_at, expires_at, active)
            VALUES (:secret, :role, :name, :counter, :limit, :at, :expires_at, 1)
            """,
            {
                "secret": secret,
                "role": role,
                "name": name,
                "counter": counter,
                "limit": limit_per_minute,
                "at": instant(at),
                "expires_at": None if expires_at is None else instant(expires_at),
            },
        )

    def token(self, secret: str) -> Token | None:
        """Return the token with this secret; None when there is none."""
        row = self.db.row("SELECT * FROM token WHERE secret = :secret", {"secret": secret})
        return None if row is None else _token(row)

    def tokens(self) -> list[Token]:
        """Return all tokens, also those that were revoked, oldest first."""
        return [_token(row) for row in self.db.rows("SELECT * FROM token ORDER BY id")]

    def revoke_token(self, token: int) -> None:
        """Revoke a token; its row stays, so that the log's "token:4" never names two programs."""
        self.db.execute("UPDATE token SET active = 0 WHERE id = :token", {"token": token})

    def token_seen(self, token: int, at: datetime) -> None:
        """Save when a token was last used."""
        self.db.execute("UPDATE token SET last_seen_at = :at WHERE id = :token", {"token": token, "at": instant(at)})

    # -- the first supervisor ----------------------------------------------------------------

    def replace_setup_link(self, secret: str, expires_at: datetime) -> None:
        """Save the one-time link for the first supervisor in place of an earlier one."""
        self.db.execute(
            """
            INSERT INTO setup_link (only, secret, expires_at)
            VALUES (1, :secret, :expires_at)
            ON CONFLICT (only) DO UPDATE
            SET secret = excluded.secret, expires_at = excluded.expires_at
            """,
            {"secret": secret, "expires_at": instant(expires_at)},
        )

    def setup_link_open(self, secret: str, at: datetime) -> bool:
        """Return whether this is the one-time link and still good at `at`."""
        row = self.db.row(
            "SELECT 1 FROM setup_link WHERE secret = :secret AND expires_at > :at",
            {"secret": secret, "at": instant(at)},
        )
        return row is not None

    def use_setup_link(self, secret: str) -> None:
        """Delete the one-time link."""
        self.db.execute("DELETE FROM setup_link WHERE secret = :secret", {"secret": secret})


def _at(text: str | None) -> datetime | None:
    return None if text is None else from_instant(text)


def _user(row: sqlite3.Row) -> User:
    return User(row["id"], row["name"], row["role"], row["password"], bool(row["active"]), row["sessions"])


def _token(row: sqlite3.Row) -> Token:
    return Token(
        id=row["id"],
        role=row["role"],
        counter=row["counter"],
        limit_per_minute=row["limit_per_minute"],
        active=bool(row["active"]),
        name=row["name"],
        created_at=from_instant(row["created_at"]),
        expires_at=_at(row["expires_at"]),
        last_seen_at=_at(row["last_seen_at"]),
    )


def _device(row: sqlite3.Row) -> Device:
    return Device(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        paired_at=from_instant(row["paired_at"]),
        last_seen_at=_at(row["last_seen_at"]),
        active=bool(row["active"]),
        diagonal_mm=row["diagonal_mm"],
        edge_mm=row["edge_mm"],
    )
