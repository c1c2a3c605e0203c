"""The hall's log and rows in SQLite; implements `hall.ports.HallStore`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, overload

from hall.ports import (
    Answer,
    Appointment,
    CameTrue,
    DamagedDatabase,
    GivenForecast,
    Holder,
    NotedDossier,
    PrintJob,
    RatingWords,
    RequestIdentity,
)
from queueing.configuration import Tree
from queueing.events import (
    DAY_CLOSED,
    DAY_OPENED,
    TICKET_CALLED,
    TICKET_EXPIRED,
    TICKET_MOVED,
    TICKET_RATED,
    Data,
    Event,
    Kind,
    Written,
    canonical,
    from_instant,
    instant,
    read,
)
from queueing.floor import CounterState, Staffing
from queueing.period import periods_of
from queueing.ticket import ENDS, Leg, State, Ticket, whole_seconds
from store.database import Database

_TICKETS = """
SELECT t.ref, t.day, t.number, t.priority_class, t.head_start_s, t.arrival, t.state, t.given_up_at, t.dossiers,
    t.returned, t.people, t.cancel_reason, t.issued_by, t.channel, t.rating, t.rating_reason, l.service, l.queued_at,
    l.called_at, l.started_at, l.finished_at, l.counter, l.clerk, l.outcome, l.calls, l.manual, l.holds, l.held_s,
    l.served_s, l.turned_at
FROM ticket AS t
JOIN leg AS l ON l.ref = t.ref
"""

_SAVE_LEG = """
INSERT OR REPLACE INTO leg (ref, n, service, queued_at, called_at, started_at, finished_at, counter, clerk, outcome,
    calls, manual, holds, held_s, served_s, turned_at)
VALUES (:ref, :n, :service, :queued_at, :called_at, :started_at, :finished_at, :counter, :clerk, :outcome,
    :calls, :manual, :holds, :held_s, :served_s, :turned_at)
"""
_FORECAST = tuple(column.name for column in fields(GivenForecast))  # its columns
_SETTING_ROWS = {
    "hall": "about",
    "policy": "policy",
    "services": "services",
    "counters": "counters",
    "procedures": "procedures",
}

# After these the ticket may be called again the same day; then the language is needed again.
_MAY_COME_BACK = {State.NO_SHOW, State.CANCELLED}
_LANGUAGE_FORGOTTEN = ENDS - _MAY_COME_BACK

_END_SESSIONS = "UPDATE session SET ended_at = :at WHERE user = :user AND ended_at IS NULL"
# What an event about people, devices or programs did to the rows, by its `what`.
_ACCESS_CHANGES: Mapping[str, Sequence[str]] = {
    "user_added": (
        """
        INSERT OR IGNORE INTO user (id, name, folded, role, password, active)
        VALUES (:user, 'user:' || :user, 'user:' || :user, :role, '', 0)
        """,
    ),
    "user_disabled": ("UPDATE user SET active = 0 WHERE id = :user", _END_SESSIONS),
    "user_enabled": ("UPDATE user SET active = 1 WHERE id = :user AND password <> ''",),
    "signed_out": (_END_SESSIONS,),
    "password_set": (_END_SESSIONS,),
    "device_paired": (
        """
        INSERT OR IGNORE INTO device (id, secret, kind, name, paired_at, active)
        VALUES (:device, 'lost ' || :device, :device_kind, 'device:' || :device, :at, 0)
        """,
    ),
    "device_revoked": ("UPDATE device SET active = 0 WHERE id = :device",),
    "device_measured": ("UPDATE device SET diagonal_mm = :diagonal_mm, edge_mm = :edge_mm WHERE id = :device",),
    "token_issued": (
        """
        INSERT OR IGNORE INTO token (id, secret, role, created_at, active)
        VALUES (:token, 'lost ' || :token, :role, :at, 0)
        """,
    ),
    "token_revoked": ("UPDATE token SET active = 0 WHERE id = :token",),
}

_ACCESS_FIELDS = ("user", "role", "device", "device_kind", "diagonal_mm", "edge_mm", "token")


class SqliteHallStore:
    """The log and the rows of one hall, in one database."""

    def __init__(self, db: Database) -> None:
        self.db = db

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Return the lock of the database: one thread at a time; its holder may take it again."""
        return self.db.lock

    def transaction(self) -> AbstractContextManager[None]:
        """Begin a transaction: all of it is saved, or nothing. Inside another one it is part of that."""
        return self.db.transaction()

    def snapshot(self) -> AbstractContextManager[None]:
        """Begin several reads of one state; what others commit meanwhile is not seen."""
        return self.db.snapshot()

    def rows_changed(self) -> int:
        """Return how many rows this connection has changed since it was opened, also where that was rolled back."""
        return self.db.rows_changed()

    # -- the log -----------------------------------------------------------------------------

    def identity(self) -> tuple[str, str] | None:
        """Return the ids of hall and log; None before the hall is founded."""
        row = self.db.row("SELECT hall_id, log_id FROM identity")
        return None if row is None else (row["hall_id"], row["log_id"])

    def add_hall(self, hall_id: str, log_id: str) -> None:
        """Save the ids of a new hall and its log."""
        self.db.execute("INSERT INTO identity VALUES (1, :hall_id, :log_id)", {"hall_id": hall_id, "log_id": log_id})

    def save_log_id(self, log_id: str) -> None:
        """Save a new id of the log, as a restore does."""
        self.db.execute("UPDATE identity SET log_id = :log_id", {"log_id": log_id})

    def last_seq(self) -> int:
        """Return the number of the last event; 0 in an empty log."""
        row = self.db.row("SELECT max(seq) AS seq FROM event")
        return 0 if row is None or row["seq"] is None else int(row["seq"])

    def add_event(self, event: Event) -> None:
        """Append an event to the log."""
        self.db.execute(
            """
            INSERT INTO event (seq, at, kind, ref, counter, service, data, hash)
            VALUES (:seq, :at, :kind, :ref, :counter, :service, :data, :hash)
            """,
            {
                "seq": event.seq,
                "at": instant(event.at),
                "kind": event.kind,
                "ref": event.ref,
                "counter": event.counter,
                "service": event.service,
                "data": canonical(event.data),
                "hash": event.hash,
            },
        )

    def events(self, after: int, most: int | None = None) -> list[Event]:
        """Return the events after a `seq`, in order, at most `most`."""
        return [_event(written) for written in self.written(after, most)]

    def written(self, after: int, most: int | None = None) -> list[Written]:
        """Return the events after a `seq` as they stand in the log, in order, at most `most`."""
        rows = self.db.rows(
            """
            SELECT seq, at, kind, ref, counter, service, data, hash
            FROM event
            WHERE seq > :after
            ORDER BY seq
            LIMIT :most
            """,
            {"after": after, "most": -1 if most is None else most},
        )
        return [Written(*row) for row in rows]

    def quiet_openings(self) -> list[int]:
        """Return the `seq` of each opening of a day at which no counter was serving."""
        rows = self.db.rows(
            """
            SELECT seq
            FROM event
            WHERE kind = :kind AND instr(data, '"serving":[]')
            ORDER BY seq
            """,
            {"kind": DAY_OPENED},
        )
        return [row["seq"] for row in rows]

    def openings_with_calls(self) -> list[int]:
        """Return the `seq` of each opening of a day on which somebody was called."""
        rows = self.db.rows(
            """
            SELECT opened.seq
            FROM (
                SELECT seq, lead(seq, 1, 1 << 60) OVER (ORDER BY seq) AS following
                FROM event
                WHERE kind = :opened
            ) AS opened
            WHERE EXISTS (
                SELECT 1
                FROM event
                WHERE kind = :called AND seq BETWEEN opened.seq AND opened.following
            )
            ORDER BY opened.seq
            """,
            {"opened": DAY_OPENED, "called": TICKET_CALLED},
        )
        return [row["seq"] for row in rows]

    def events_of(self, kind: Kind[Data]) -> list[Event[Data]]:
        """Return all events of a kind, in order; for the kinds of which a day has few."""
        rows = self.db.rows(
            """
            SELECT seq, at, kind, ref, counter, service, data, hash
            FROM event
            WHERE kind = :kind
            ORDER BY seq
            """,
            {"kind": kind},
        )
        events = (_event(Written(*row)) for row in rows)
        return [event for event in events if kind.marks(event)]

    @overload
    def last_event(self, kind: None = None) -> Event | None: ...
    @overload
    def last_event(self, kind: Kind[Data]) -> Event[Data] | None: ...
    def last_event(self, kind: Kind[Any] | None = None) -> Event[Any] | None:
        """Return the last event, or the last of a kind; None when there is none."""
        row = self.db.row(
            "SELECT max(seq) AS seq FROM event WHERE kind = :kind" if kind else "SELECT max(seq) AS seq FROM event",
            {"kind": kind} if kind else None,
        )
        return None if row is None or row["seq"] is None else self.events(row["seq"] - 1, 1)[0]

    def moved_at(self, ref: int) -> datetime | None:
        """Return when a ticket got its number by a change of service; None for the number it was issued with."""
        row = self.db.row(
            "SELECT at FROM event WHERE kind = :kind AND ref = :ref ORDER BY seq DESC LIMIT 1",
            {"kind": TICKET_MOVED, "ref": ref},
        )
        return None if row is None else from_instant(row["at"])

    # -- tickets and counters ----------------------------------------------------------------

    def next_ref(self) -> int:
        """Return the number for the next ticket."""
        row = self.db.row("SELECT coalesce(max(ref), 0) + 1 AS ref FROM ticket")
        assert row is not None
        return int(row["ref"])

    def next_count(self, day: date, service: str) -> int:
        """Return the next of the service's numbers on this day; it is taken for good when the transaction commits."""
        row = self.db.row(
            """
            INSERT INTO last_number (day, service, count)
            VALUES (:day, :service, 1)
            ON CONFLICT (day, service) DO UPDATE
            SET count = count + 1
            RETURNING count
            """,
            {"day": day.isoformat(), "service": service},
        )
        assert row is not None
        return int(row["count"])

    def last_count(self, day: date, service: str) -> int:
        """Return the last of the service's numbers on this day that was given, or may have been; 0 before the first."""
        row = self.db.row(
            "SELECT count FROM last_number WHERE day = :day AND service = :service",
            {"day": day.isoformat(), "service": service},
        )
        return 0 if row is None else int(row["count"])

    def raise_count(self, day: date, service: str, count: int) -> None:
        """Skip the numbers of a service on this day up to `count`."""
        self.db.execute(
            """
            INSERT INTO last_number (day, service, count)
            VALUES (:day, :service, :count)
            ON CONFLICT (day, service) DO UPDATE
            SET count = max(count, excluded.count)
            """,
            {"day": day.isoformat(), "service": service, "count": count},
        )

    def number_taken(self, day: date, number: str) -> bool:
        """Return whether a ticket of this day has the number."""
        row = self.db.row(
            "SELECT 1 FROM ticket WHERE day = :day AND number = :number", {"day": day.isoformat(), "number": number}
        )
        return row is not None

    def add_ticket(self, ticket: Ticket, ticket_id: str, language: str) -> None:
        """Add a new ticket with its secret id and the language of its call."""
        self.db.execute(
            """
            INSERT INTO ticket (ref, id, day, number, priority_class, head_start_s, arrival, state, language, people,
                issued_by, channel)
            VALUES (:ref, :id, :day, :number, :priority_class, :head_start_s, :arrival, :state, :language, :people,
                :issued_by, :channel)
            """,
            {
                "ref": ticket.ref,
                "id": ticket_id,
                "day": ticket.day.isoformat(),
                "number": ticket.number,
                "priority_class": ticket.priority_class,
                "head_start_s": ticket.head_start // timedelta(seconds=1),
                "arrival": ticket.arrival,
                "state": ticket.state.value,
                "language": language,
                "people": ticket.people,
                "issued_by": ticket.issued_by,
                "channel": ticket.channel,
            },
        )
        for n, leg in enumerate(ticket.legs, start=1):
            self._save_leg(ticket.ref, n, leg)

    def save_ticket(self, ticket: Ticket) -> None:
        """Save what changed of a ticket; once it has ended for good, the language of its call is deleted."""
        self.db.execute(
            """
            UPDATE ticket
            SET number = :number, state = :state, counter = :counter, given_up_at = :given_up_at,
                cancel_reason = :cancel_reason, people = :people,
                priority_class = :priority_class, head_start_s = :head_start_s,
                dossiers = :dossiers, returned = :returned, rating = :rating, rating_reason = :rating_reason,
                language = CASE WHEN :forget THEN NULL ELSE language END
            WHERE ref = :ref
            """,
            {
                "ref": ticket.ref,
                "number": ticket.number,
                "state": ticket.state.value,
                "counter": ticket.leg.counter,
                "given_up_at": _text(ticket.abandoned_at),
                "cancel_reason": ticket.cancel_reason,
                "people": ticket.people,
                "priority_class": ticket.priority_class,
                "head_start_s": ticket.head_start // timedelta(seconds=1),
                "dossiers": ticket.dossiers,
                "returned": ticket.returned,
                "rating": ticket.rating,
                "rating_reason": ticket.rating_reason,
                "forget": ticket.state in _LANGUAGE_FORGOTTEN,
            },
        )
        # Only the last two legs can have changed: a transfer ends one and begins another, or is undone.
        for n, leg in list(enumerate(ticket.legs, start=1))[-2:]:
            self._save_leg(ticket.ref, n, leg)

    def drop_undone_legs(self, ticket: Ticket) -> None:
        """Delete the legs that a ticket has no more, since a transfer was undone."""
        self.db.execute("DELETE FROM leg WHERE ref = :ref AND n > :n", {"ref": ticket.ref, "n": len(ticket.legs)})

    def _save_leg(self, ref: int, n: int, leg: Leg) -> None:
        self.db.execute(
            _SAVE_LEG,
            {
                **leg._asdict(),
                "ref": ref,
                "n": n,
                "queued_at": _text(leg.queued_at),
                "called_at": _text(leg.called_at),
                "started_at": _text(leg.started_at),
                "finished_at": _text(leg.finished_at),
                "turned_at": _text(leg.turned_at),
            },
        )

    def forget_languages(self, day: date) -> None:
        """Delete the languages of a day that is over: nobody will be called in them any more."""
        self.db.execute(
            "UPDATE ticket SET language = NULL WHERE day = :day AND state IN ('no_show', 'cancelled')",
            {"day": day.isoformat()},
        )

    def repeat_access_change(self, changed: Mapping[str, Any], at: datetime) -> None:
        """Repeat a change of people, devices or programs from its event, as far as the event says it."""
        for statement in _ACCESS_CHANGES.get(changed["what"], ()):
            named = {name: changed.get(name) for name in _ACCESS_FIELDS}
            self.db.execute(statement, named | {"at": instant(at)})

    def save_publication(self, name: str, data: bytes) -> None:
        """Write a file of the open data, over one of the same name."""
        self.db.execute(
            "INSERT OR REPLACE INTO publication (name, data) VALUES (:name, :data)", {"name": name, "data": data}
        )

    def publication(self, name: str) -> bytes | None:
        """Return a file of the open data; None when there is none of that name."""
        row = self.db.row("SELECT data FROM publication WHERE name = :name", {"name": name})
        return None if row is None else bytes(row["data"])

    def publications(self) -> list[str]:
        """Return the names of the files of the open data, in order."""
        return [row["name"] for row in self.db.rows("SELECT name FROM publication ORDER BY name")]

    def note_dossier(self, ref: int, code: str, at: datetime) -> None:
        """Write the code of a dossier with a ticket; one that is there already stays."""
        self.db.execute(
            "INSERT OR IGNORE INTO dossier_code (ref, code, noted_at) VALUES (:ref, :code, :at)",
            {"ref": ref, "code": code, "at": instant(at)},
        )

    def drop_dossier(self, ref: int, code: str) -> None:
        """Delete the code of a dossier from a ticket."""
        self.db.execute("DELETE FROM dossier_code WHERE ref = :ref AND code = :code", {"ref": ref, "code": code})

    def dossier_codes(self, ref: int) -> list[str]:
        """Return the codes noted with a ticket, in the order in which they were."""
        rows = self.db.rows("SELECT code FROM dossier_code WHERE ref = :ref ORDER BY rowid", {"ref": ref})
        return [row["code"] for row in rows]

    def noted_dossiers(self, first: date, last: date) -> Iterable[NotedDossier]:
        """Return the codes noted with the tickets of these service days, both included, in order of arrival."""
        rows = self.db.rows(
            """
            SELECT t.day, t.number, l.service, l.counter, d.code, d.noted_at
            FROM dossier_code AS d
            JOIN ticket AS t ON t.ref = d.ref
            JOIN leg AS l ON l.ref = t.ref AND l.n = (SELECT max(n) FROM leg WHERE ref = t.ref)
            WHERE t.day BETWEEN :first AND :last
            ORDER BY d.ref, d.rowid
            """,
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        for row in rows:
            yield NotedDossier(
                date.fromisoformat(row["day"]),
                row["number"],
                row["service"],
                row["counter"],
                row["code"],
                from_instant(row["noted_at"]),
            )

    def forget_dossiers(self, before: date) -> None:
        """Delete the codes noted with tickets of service days before this one."""
        self.db.execute(
            "DELETE FROM dossier_code WHERE ref IN (SELECT ref FROM ticket WHERE day < :before)",
            {"before": before.isoformat()},
        )

    def rating_reasons(self, first: date, last: date) -> dict[str, int]:
        """Return how often each reason was given with the ratings of these service days, both included."""
        rows = self.db.rows(
            """
            SELECT rating_reason, count(*) AS times
            FROM ticket
            WHERE day BETWEEN :first AND :last AND rating_reason IS NOT NULL
            GROUP BY rating_reason
            """,
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        return {row["rating_reason"]: row["times"] for row in rows}

    def save_rating_words(self, ref: int, words: str) -> None:
        """Write the words that came with a rating, in place of any from before; none if they are empty."""
        self.db.execute("DELETE FROM rating_words WHERE ref = :ref", {"ref": ref})
        if words:
            self.db.execute("INSERT INTO rating_words (ref, words) VALUES (:ref, :words)", {"ref": ref, "words": words})

    def rating_words(self, first: date, last: date) -> list[RatingWords]:
        """Return the words that came with the ratings of these service days, both included, the newest day first.

        Within a day they are in the order of the alphabet, so that the order does not say who wrote them.
        """
        rows = self.db.rows(
            """
            SELECT t.day, l.service, w.words
            FROM rating_words AS w
            JOIN ticket AS t ON t.ref = w.ref AND t.rating IS NOT NULL
            JOIN leg AS l ON l.ref = t.ref AND l.n = (SELECT max(n) FROM leg WHERE ref = t.ref)
            WHERE t.day BETWEEN :first AND :last
            ORDER BY t.day DESC, w.words
            """,
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        return [RatingWords(date.fromisoformat(row["day"]), row["service"], row["words"]) for row in rows]

    def forget_rating_words(self, before: date) -> None:
        """Delete the words that came with ratings of service days before this one."""
        self.db.execute(
            "DELETE FROM rating_words WHERE ref IN (SELECT ref FROM ticket WHERE day < :before)",
            {"before": before.isoformat()},
        )

    def ticket(self, ref: int) -> Ticket | None:
        """Return a ticket; None when there is none."""
        tickets = _tickets(self.db.rows(_TICKETS + "WHERE t.ref = :ref ORDER BY l.n", {"ref": ref}))
        return tickets[0] if tickets else None

    def refs(self) -> list[int]:
        """Return the number of every ticket."""
        return [row["ref"] for row in self.db.rows("SELECT ref FROM ticket ORDER BY ref")]

    def ref_of(self, ticket_id: str) -> int | None:
        """Return the number of the ticket with this secret id; None when there is none."""
        row = self.db.row("SELECT ref FROM ticket WHERE id = :id", {"id": ticket_id})
        return None if row is None else int(row["ref"])

    def tickets(self, first: date, last: date) -> list[Ticket]:
        """Return the tickets of these service days, both included, in order of arrival."""
        return _tickets(
            self.db.rows(
                _TICKETS + "WHERE t.day BETWEEN :first AND :last ORDER BY t.ref, l.n",
                {"first": first.isoformat(), "last": last.isoformat()},
            )
        )

    def save_counter_state(self, counter: int, state: CounterState) -> None:
        self.db.execute(
            """
            INSERT INTO desk (counter, staffing, since, clerk, reason, ref)
            VALUES (:counter, :staffing, :since, :clerk, :reason, :ref)
            ON CONFLICT (counter) DO UPDATE
            SET staffing = excluded.staffing, since = excluded.since, clerk = excluded.clerk,
                reason = excluded.reason, ref = excluded.ref
            """,
            {**state._asdict(), "counter": counter, "since": _text(state.since)},
        )

    def counter_states(self) -> dict[int, CounterState]:
        return {
            row["counter"]: CounterState(
                Staffing(row["staffing"]), _at(row["since"]), row["clerk"], row["reason"], row["ref"]
            )
            for row in self.db.rows("SELECT * FROM desk")
        }

    # -- the settings ------------------------------------------------------------------------

    def configuration(self) -> Tree:
        """Return the settings as the rows have them, in the form of the log's fold; empty in a new store."""
        rows = self.db.rows("SELECT name, value FROM setting")
        values = {row["name"]: json.loads(row["value"]) for row in rows}
        return {section: values[row] for section, row in _SETTING_ROWS.items() if row in values}

    def save_configuration(self, tree: Tree) -> None:
        """Write the settings as the fold of the log has them; the transaction is the caller's."""
        for section in tree:
            self.db.execute(
                "INSERT OR REPLACE INTO setting (name, value) VALUES (:name, :value)",
                {"name": _SETTING_ROWS[section], "value": canonical(tree[section])},
            )

    def service_used(self, code: str) -> bool:
        """Return whether a ticket of the service was ever issued, or an appointment booked."""
        row = self.db.row(
            """
            SELECT 1
            WHERE EXISTS (SELECT 1 FROM last_number WHERE service = :code)
                OR EXISTS (SELECT 1 FROM appointment WHERE service = :code)
            """,
            {"code": code},
        )
        return row is not None

    # -- rollups -----------------------------------------------------------------------------

    def closed_days(self) -> list[date]:
        """Return every day that was closed, in order."""
        return self._days(DAY_CLOSED, date.min, date.max)

    def opened_days(self, first: date, last: date) -> list[date]:
        """Return which of these days, both included, were opened, in order."""
        return self._days(DAY_OPENED, first, last)

    def _days(self, kind: str, first: date, last: date) -> list[date]:
        rows = self.db.rows(
            """
            SELECT json_extract(data, '$.day') AS day
            FROM event
            WHERE kind = :kind AND json_extract(data, '$.day') BETWEEN :first AND :last
            ORDER BY seq
            """,
            {"kind": kind, "first": first.isoformat(), "last": last.isoformat()},
        )
        return [date.fromisoformat(row["day"]) for row in rows]

    def counter_events(self, day: date) -> list[Event]:
        """Return the events of one day that name a counter, from its opening to its end (or the last so far).

        Among them is the last activity of the day, whatever it names.
        """
        row = self.db.row(
            """
            SELECT opened.seq AS first, coalesce(
                (SELECT min(seq) FROM event WHERE kind = :closed AND seq > opened.seq),
                (SELECT max(seq) FROM event)
            ) AS last
            FROM event AS opened
            WHERE kind = :opened AND json_extract(data, '$.day') = :day
            """,
            {"opened": DAY_OPENED, "closed": DAY_CLOSED, "day": day.isoformat()},
        )
        if row is None:
            return []
        rows = self.db.rows(
            """
            SELECT seq, at, kind, ref, counter, service, data, hash
            FROM event
            WHERE seq BETWEEN :first AND :last AND (
                counter IS NOT NULL
                OR seq IN (:first, :last)
                OR seq = (
                    SELECT max(seq)
                    FROM event
                    WHERE seq BETWEEN :first AND :last AND ref IS NOT NULL AND kind NOT IN (:expired, :rated)
                )
            )
            ORDER BY seq
            """,
            {"first": row["first"], "last": row["last"], "expired": TICKET_EXPIRED, "rated": TICKET_RATED},
        )
        return [_event(Written(*columns)) for columns in rows]

    def rollups(self, first: date, last: date) -> list[str]:
        """Return the periods with a rollup that touch these days, and perhaps some more at the ends."""
        rows = self.db.rows(
            "SELECT period FROM rollup WHERE part = 'total' AND period BETWEEN :first AND :last ORDER BY period",
            {"first": first.isoformat()[:4], "last": last.isoformat()},
        )
        return [row["period"] for row in rows]

    def rollup(self, period: str) -> dict[str, bytes]:
        """Return all parts of a period's rollup; empty if it has none."""
        rows = self.db.rows("SELECT part, data FROM rollup WHERE period = :period", {"period": period})
        return {row["part"]: row["data"] for row in rows}

    def rollup_part(self, part: str, periods: Sequence[str]) -> list[tuple[str, bytes]]:
        """Return one part of the rollups of these periods, as far as they have one, by period."""
        rows = self.db.rows(
            """
            SELECT period, data
            FROM rollup
            WHERE part = :part AND period IN (SELECT value FROM json_each(:periods))
            ORDER BY period
            """,
            {"part": part, "periods": json.dumps(list(periods))},
        )
        return [(row["period"], row["data"]) for row in rows]

    def save_rollup(self, period: str, packed: Mapping[str, bytes]) -> None:
        """Save the parts of a period's rollup in place of those that are there."""
        for part, data in packed.items():
            self.db.execute(
                "INSERT OR REPLACE INTO rollup (part, period, data) VALUES (:part, :period, :data)",
                {"part": part, "period": period, "data": data},
            )

    def drop_rollups(self, day: date | None = None) -> None:
        """Delete the rollups of a day and of the periods in which it lies; without a day, all of them."""
        if day is None:
            self.db.execute("DELETE FROM rollup")
            return
        self.db.execute(
            "DELETE FROM rollup WHERE period IN (SELECT value FROM json_each(:periods))",
            {"periods": json.dumps(periods_of(day))},
        )

    def changed_since(self, seq: int, first: date, last: date) -> bool:
        """Return whether an event after `seq` is about a ticket of these days."""
        row = self.db.row(
            """
            SELECT 1
            FROM event
            JOIN ticket ON ticket.ref = event.ref
            WHERE event.seq > :seq AND ticket.day BETWEEN :first AND :last
            LIMIT 1
            """,
            {"seq": seq, "first": first.isoformat(), "last": last.isoformat()},
        )
        return row is not None

    # -- the forecasts that people were given ------------------------------------------------

    def add_forecast(self, given: GivenForecast) -> None:
        """Write the forecast that a new ticket was given."""
        self.db.execute(
            """
            INSERT INTO forecast (ref, day, service, ahead, p10_s, p50_s, p80_s, p90_s, raw_p10_s, raw_p50_s, raw_p80_s,
                raw_p90_s, last_s, mean_s, queue_s, head_s)
            VALUES (:ref, :day, :service, :ahead, :p10_s, :p50_s, :p80_s, :p90_s, :raw_p10_s, :raw_p50_s, :raw_p80_s,
                :raw_p90_s, :last_s, :mean_s, :queue_s, :head_s)
            """,
            {name: getattr(given, name) for name in _FORECAST} | {"day": given.day.isoformat()},
        )

    def note_forecast_changed(self, ref: int, changed: str) -> None:
        """Note what was changed after the forecast, so that it is not judged; the first change stays."""
        self.db.execute(
            "UPDATE forecast SET changed = coalesce(changed, :changed) WHERE ref = :ref",
            {"ref": ref, "changed": changed},
        )

    def forecasts_come_true(self, first: date, last: date) -> list[CameTrue]:
        """Return the forecasts of these service days that can be judged, in the order of the calls."""
        rows = self.db.rows(
            f"""
            SELECT {", ".join(f"f.{name}" for name in _FORECAST)}, l.queued_at, l.called_at
            FROM forecast AS f
            JOIN ticket AS t ON t.ref = f.ref
            JOIN leg AS l ON l.ref = f.ref AND l.n = 1
            WHERE f.day BETWEEN :first AND :last AND f.changed IS NULL AND t.returned = 0 AND l.called_at IS NOT NULL
            ORDER BY l.called_at, f.ref
            """,
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        return [_came_true(row) for row in rows]

    def first_forecast_day(self) -> date | None:
        """Return the first service day with a forecast; None before that."""
        row = self.db.row("SELECT min(day) AS day FROM forecast")
        return None if row is None or row["day"] is None else date.fromisoformat(row["day"])

    def forecast_scores(self, periods: Sequence[str]) -> list[tuple[str, str, bool, bytes]]:
        """Return (period, service, whether of the long ones, score) of these periods, by period and service."""
        rows = self.db.rows(
            """
            SELECT period, service, long, data
            FROM forecast_score
            WHERE period IN (SELECT value FROM json_each(:periods))
            ORDER BY period, service, long
            """,
            {"periods": json.dumps(list(periods))},
        )
        return [(row["period"], row["service"], bool(row["long"]), row["data"]) for row in rows]

    def with_forecast_score(self, periods: Iterable[str]) -> set[str]:
        """Return which of these periods have a score."""
        rows = self.db.rows(
            """
            SELECT value AS period
            FROM json_each(:periods)
            WHERE EXISTS (SELECT 1 FROM forecast_score WHERE period = value)
            """,
            {"periods": json.dumps(list(periods))},
        )
        return {row["period"] for row in rows}

    def save_forecast_score(self, period: str, service: str, long: bool, data: bytes) -> None:
        """Write the score of a service in a period, in place of one that is there."""
        self.db.execute(
            """
            INSERT OR REPLACE INTO forecast_score (period, service, long, data)
            VALUES (:period, :service, :long, :data)
            """,
            {"period": period, "service": service, "long": int(long), "data": data},
        )

    def drop_forecast_scores(self) -> None:
        """Delete all scores."""
        self.db.execute("DELETE FROM forecast_score")

    # -- appointments ------------------------------------------------------------------------

    def add_appointment(self, code: str, service: str, day: date, due_at: datetime) -> Appointment:
        """Add an appointment that was booked."""
        number = self.db.insert(
            """
            INSERT INTO appointment (code, service, day, due_at, state)
            VALUES (:code, :service, :day, :due_at, 'booked')
            """,
            {"code": code, "service": service, "day": day.isoformat(), "due_at": instant(due_at)},
        )
        return Appointment(number, code, service, day, due_at, "booked")

    def save_appointment(self, appointment: Appointment) -> None:
        """Save the state of an appointment, and the ticket of its check-in."""
        self.db.execute(
            "UPDATE appointment SET state = :state, ref = :ref WHERE id = :id",
            {"id": appointment.id, "state": appointment.state, "ref": appointment.ref},
        )

    def appointment(self, number: int) -> Appointment | None:
        """Return an appointment by its number; None when there is none."""
        row = self.db.row("SELECT * FROM appointment WHERE id = :id", {"id": number})
        return None if row is None else _appointment(row)

    def appointments(self, day: date) -> list[Appointment]:
        """Return the appointments of a day in order of time."""
        rows = self.db.rows(
            "SELECT * FROM appointment WHERE day = :day ORDER BY due_at, service, id", {"day": day.isoformat()}
        )
        return [_appointment(row) for row in rows]

    def open_appointments(self, before: date) -> list[Appointment]:
        """Return the appointments of earlier days that are neither checked in nor cancelled."""
        rows = self.db.rows(
            "SELECT * FROM appointment WHERE day < :day AND state = 'booked' ORDER BY id", {"day": before.isoformat()}
        )
        return [_appointment(row) for row in rows]

    def appointment_counts(self, first: date, last: date) -> dict[str, int]:
        """Return how many appointments of these days, both included, are in each state."""
        rows = self.db.rows(
            """
            SELECT state, count(*) AS n
            FROM appointment
            WHERE day BETWEEN :first AND :last
            GROUP BY state
            """,
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        return {row["state"]: row["n"] for row in rows}

    # -- prints ------------------------------------------------------------------------------

    def add_print(self, ref: int, copy: bool, by: str, at: datetime, procedure: str | None = None) -> PrintJob:
        """Add a print job that waits for a printer."""
        job = PrintJob(0, ref, copy, "queued", 0, by, at, procedure=procedure)
        number = self.db.insert(
            """
            INSERT INTO print_job (ref, copy, state, attempts, by, asked_at, procedure)
            VALUES (:ref, :copy, :state, :attempts, :by, :asked_at, :procedure)
            """,
            _job_row(job),
        )
        return replace(job, id=number)

    def save_print(self, job: PrintJob) -> None:
        """Save the state of a print job."""
        self.db.execute(
            """
            UPDATE print_job
            SET state = :state, attempts = :attempts, printer = :printer, cause = :cause, done_at = :done_at
            WHERE id = :id
            """,
            _job_row(job),
        )

    def open_prints(self) -> list[PrintJob]:
        """Return the print jobs that are not done, oldest first."""
        return [_job(row) for row in self.db.rows("SELECT * FROM print_job WHERE done_at IS NULL ORDER BY id")]

    def prints(self, ref: int) -> list[PrintJob]:
        """Return all print jobs of a ticket, oldest first."""
        rows = self.db.rows("SELECT * FROM print_job WHERE ref = :ref ORDER BY id", {"ref": ref})
        return [_job(row) for row in rows]

    def last_print(self, ref: int) -> PrintJob | None:
        """Return the last print job of a ticket; None when it has none."""
        row = self.db.row("SELECT * FROM print_job WHERE ref = :ref ORDER BY id DESC LIMIT 1", {"ref": ref})
        return None if row is None else _job(row)

    def holder(self, ref: int) -> Holder | None:
        """Return a ticket's secret id and the language of its call; None when there is no such ticket."""
        row = self.db.row("SELECT id, language FROM ticket WHERE ref = :ref", {"ref": ref})
        return None if row is None else Holder(row["id"], row["language"])

    # -- answers kept for repeats ------------------------------------------------------------

    def answer(self, request: RequestIdentity) -> Answer | None:
        """Return the saved answer to a request; None when it was not answered before."""
        row = self.db.row(
            "SELECT digest, body FROM answer WHERE caller = :caller AND route = :route AND key = :key",
            {"caller": request.caller, "route": request.route, "key": request.key},
        )
        return None if row is None else Answer(row["digest"], row["body"])

    def keep_answer(self, request: RequestIdentity, body: bytes, at: datetime) -> None:
        """Save the answer to a request, for when it is repeated."""
        self.db.execute(
            """
            INSERT INTO answer (caller, route, key, digest, body, at)
            VALUES (:caller, :route, :key, :digest, :body, :at)
            """,
            {
                "caller": request.caller,
                "route": request.route,
                "key": request.key,
                "digest": request.digest,
                "body": body,
                "at": instant(at),
            },
        )

    def forget_answers(self, before: datetime) -> None:
        """Delete the answers saved before an instant."""
        self.db.execute("DELETE FROM answer WHERE at < :before", {"before": instant(before)})


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant(at)


def _at(text: str | None) -> datetime | None:
    return None if text is None else from_instant(text)


def _came_true(row: sqlite3.Row) -> CameTrue:
    ref, day, *figures, queued_at, called_at = row
    called = from_instant(called_at)
    given = GivenForecast(ref, date.fromisoformat(day), *figures)
    return CameTrue(given, called, whole_seconds(called, from_instant(queued_at)))


def _job_row(job: PrintJob) -> dict[str, object]:
    return {**asdict(job), "asked_at": instant(job.asked_at), "done_at": _text(job.done_at)}


def _job(row: sqlite3.Row) -> PrintJob:
    return PrintJob(
        id=row["id"],
        ref=row["ref"],
        copy=bool(row["copy"]),
        state=row["state"],
        attempts=row["attempts"],
        by=row["by"],
        asked_at=from_instant(row["asked_at"]),
        printer=row["printer"],
        cause=row["cause"],
        done_at=_at(row["done_at"]),
        procedure=row["procedure"],
    )


def _event(written: Written) -> Event:
    try:
        return read(written)
    except ValueError as error:
        raise DamagedDatabase(f"event {written.seq} cannot be read: {error}") from error


def _tickets(rows: Iterable[sqlite3.Row]) -> list[Ticket]:
    """Return tickets from rows of one leg, sorted by ticket and leg; the columns are those of `_TICKETS`."""
    tickets: list[Ticket] = []
    for row in rows:
        # By place, not by name: a year is proved from these rows.
        (ref, day, number, priority_class, head_start_s, arrival, state, given_up_at, dossiers, returned, *rest) = row
        people, cancel_reason, issued_by, channel, rating, rating_reason, *stay = rest
        service, queued_at, called_at, started_at, finished_at, *facts, turned_at = stay
        instants = (from_instant(queued_at), _at(called_at), _at(started_at), _at(finished_at))
        leg = Leg._make((service, *instants, *facts, _at(turned_at)))
        if tickets and tickets[-1].ref == ref:
            # Legs are few; a tuple that grows by one is cheap.
            tickets[-1] = tickets[-1]._replace(legs=(*tickets[-1].legs, leg))
            continue
        tickets.append(
            Ticket(
                ref,
                number,
                date.fromisoformat(day),
                priority_class,
                timedelta(seconds=head_start_s),
                arrival,
                (leg,),
                State(state),
                _at(given_up_at),
                dossiers,
                returned,
                people,
                cancel_reason,
                issued_by,
                channel,
                rating,
                rating_reason,
            )
        )
    return tickets


def _appointment(row: sqlite3.Row) -> Appointment:
    return Appointment(
        id=row["id"],
        code=row["code"],
        service=row["service"],
        day=date.fromisoformat(row["day"]),
        due_at=from_instant(row["due_at"]),
        state=row["state"],
        ref=row["ref"],
    )
