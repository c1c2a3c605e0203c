"""After a loss: append the events of the daily files that a backup lacks, and give the log a new id.

The chain of hashes goes on unbroken. But screens may have seen lost events under the same `seq`, so the log
gets a new `log_id`; and papers may bear numbers that the log has lost, so each service goes on in a hundred
that was never reached.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from hall.appointments import BOOKED, CANCELLED, CHECKED_IN, MISSED, new_code
from hall.arrivals import ID_BYTES
from hall.catalogue.model import Catalogue
from hall.hall import load_floor, save_fact
from hall.ports import BrokenLog, HallStore
from queueing import events as ev
from queueing.errors import Refusal
from queueing.events import Event, Written
from queueing.floor import Floor

DEFAULT_LANGUAGE = "vi"  # for restored tickets: no event holds the language of a call
HUNDRED = 100
MARGIN = 20  # numbers of a service that may have been issued after the last saved event


def rebuild(store: HallStore, entries: Iterable[Written]) -> int:
    """Append the entries that follow on the log, with the rows they change; return how many there were.

    Stop at the first that does not follow. A ticket gets a new secret id, because no event holds the id.

    Raises:
        BrokenLog: an entry follows by its hash, but the rules do not allow it.
    """
    floor, taken = load_floor(store), 0
    with store.transaction():
        for written in entries:
            if written.seq != floor.seq + 1 or not written.follows(floor.hash):
                break
            try:
                _take_in(store, floor, ev.read(written))
            except (Refusal, LookupError, ValueError, TypeError, AttributeError) as error:
                raise BrokenLog(f"event {written.seq} of the daily file cannot have happened") from error
            taken += 1
    return taken


def _take_in(store: HallStore, floor: Floor, event: Event) -> None:
    known = list(floor.counter_states)
    save_fact(store, floor, event)
    if event.kind == ev.TICKET_ISSUED:
        assert event.ref is not None and event.service is not None
        ticket = floor.tickets[event.ref]
        store.add_ticket(ticket, secrets.token_urlsafe(ID_BYTES), DEFAULT_LANGUAGE)
        store.raise_count(ticket.day, event.service, int(ticket.number[1:]))
    elif ev.TICKET_MOVED.marks(event):
        ticket = floor.tickets[event.ticket_ref]
        store.raise_count(ticket.day, ticket.service, int(ticket.number[1:]))
    elif event.kind == ev.DAY_OPENED:
        for counter in known:
            store.save_counter_state(counter, floor.counter_state(counter))
    elif ev.SETTING_CHANGED.marks(event):
        store.repeat_access_change(event.data, event.at)
    elif ev.LOG_RESTORED.marks(event):
        _apply_restored(store, event.data)
    _take_in_appointment(store, event)


def _take_in_appointment(store: HallStore, event: Event) -> None:
    """Write the row of an appointment as an event leaves it; one that the backup lacks gets a new code."""
    if ev.APPOINTMENT_BOOKED.marks(event):
        number, state = event.data["appointment"], BOOKED
        if store.appointment(number) is None:
            assert event.service is not None
            day, due_at = date.fromisoformat(event.data["day"]), ev.from_instant(event.data["due_at"])
            booked = store.add_appointment(new_code(store, day), event.service, day, due_at)
            if booked.id != number:
                raise ValueError(f"appointment {number} does not follow")
    elif ev.APPOINTMENT_CANCELLED.marks(event) or ev.APPOINTMENT_MISSED.marks(event):
        number, state = event.data["appointment"], CANCELLED if event.kind == ev.APPOINTMENT_CANCELLED else MISSED
    elif ev.TICKET_ISSUED.marks(event) and "appointment" in event.data:
        number, state = event.data["appointment"], CHECKED_IN
    else:
        return
    appointment = store.appointment(number)
    if appointment is None:
        raise LookupError(f"there is no appointment {number}")
    store.save_appointment(replace(appointment, state=state, ref=event.ref if state == CHECKED_IN else None))


def start_new_log_id(store: HallStore, at: datetime, above: int = 0) -> Event[ev.LogRestored]:
    """Append the event that gives the log a new `log_id` and lets each service go on in a hundred never reached.

    `above` is the highest number seen on paper in the hall, for numbers that no file holds.

    Raises:
        BrokenLog: an event of the open day cannot have happened.
    """
    floor = load_floor(store)
    catalogue = Catalogue.load(store)
    identity = store.identity()
    assert identity is not None and floor.at is not None, "every hall has an identity and two first events"
    at = max(at, floor.at)
    # Today, and the open day of the log: the clock may have leapt.
    days = {at.astimezone(ZoneInfo(catalogue.hall.timezone)).date()} | ({floor.day} if floor.day else set())
    numbers = {
        day.isoformat(): {
            code: ((max(above, store.last_count(day, code)) + MARGIN) // HUNDRED + 1) * HUNDRED
            for code in catalogue.services
        }
        for day in days
    }
    data = ev.LogRestored(was=identity[1], log_id=secrets.token_hex(16), numbers=numbers, by="system")
    with store.transaction():
        event = ev.next_event(floor.hash, floor.seq + 1, at, ev.LOG_RESTORED, data)
        store.add_event(event)
        _apply_restored(store, data)
    return event


def _apply_restored(store: HallStore, data: ev.LogRestored) -> None:
    store.save_log_id(data["log_id"])
    for day, counts in msgspec.convert(data["numbers"], dict[str, dict[str, int]]).items():
        for code, count in counts.items():
            store.raise_count(date.fromisoformat(day), code, count)
