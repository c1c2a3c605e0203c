"""Print jobs: the paper of a ticket, from the request to the result.

A job is `queued` until its bytes go out, `sent` from that moment on, and then `printed` if the
printer says so, or `failed` if it surely did not come out whole. `docs/printing.md` has the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hall.forecasts import called_between, help_counters, open_counters
from hall.hall import Act, Hall
from hall.ports import PrintJob, Slip
from hall.rule import rules
from queueing import events as ev
from queueing.errors import AlreadyPrinting, StepNotAllowed
from queueing.ticket import State, Ticket

SENT, PRINTED, FAILED = "sent", "printed", "failed"

INTERRUPTED, TOO_LATE = "interrupted", "too_late"  # causes that no printer reports; all are in `hall.ports.PrintCause`

PREVIEW = "preview"  # the printer's name in the log if the ticket is shown on the screen


def ask_copy(act: Act, ref: int) -> Ticket:
    """Print a ticket once more, marked BẢN IN LẠI (see `is_marked`).

    Raises:
        UnknownTicket: there is no such ticket.
        StepNotAllowed: it has ended.
        AlreadyPrinting: its last print job is not done yet.
    """
    ticket, store = act.ticket(ref), act.hall.store
    if ticket.ended:
        raise StepNotAllowed(number=ticket.number, state=ticket.state.value)
    last = store.last_print(ref)
    if last is not None and last.done_at is None:
        raise AlreadyPrinting(number=ticket.number)
    procedure = None if last is None else last.procedure
    job = store.add_print(ref, copy=True, by=act.by, at=act.at, procedure=procedure)
    if not act.hall.printers:
        # Without a printer the screen shows the picture; it counts as sent, because nothing can confirm more.
        note_print(act, job, SENT, PREVIEW, None)
    return ticket


def is_marked(hall: Hall, job: PrintJob) -> bool:
    """Return whether the paper of a job bears BẢN IN LẠI: another with its number came out, or may have.

    So the first paper after a change of service bears none, though it is not the ticket's first.
    """
    if not job.copy:
        return False
    moved_at = hall.store.moved_at(job.ref)
    before = (other for other in hall.store.prints(job.ref) if other.id < job.id)
    return moved_at is None or any(other.done_at is None or other.done_at > moved_at for other in before)


def send_print(act: Act, job: PrintJob, printer: str) -> PrintJob:
    """Mark a job as sent, before its bytes go out: from here on it is never printed again as the original."""
    job = replace(job, state=SENT, printer=printer, attempts=job.attempts + 1)
    act.hall.store.save_print(job)
    return job


def note_print(
    act: Act, job: PrintJob, state: str, printer: str, cause: str | None, *, again: bool = False, over: bool = True
) -> PrintJob:
    """Append the result of a job to the log, and save the job.

    `again`: another printer takes the ticket over. `over`: nothing more is to come of this job; a
    job of which nothing went out stays queued where another printer takes it.
    """
    ticket = act.ticket(job.ref)
    marked = is_marked(act.hall, job)
    kind = {SENT: ev.PRINT_SENT, PRINTED: ev.PRINT_PRINTED, FAILED: ev.PRINT_FAILED}[state]
    act.append(
        kind,
        ev.PrintReported(number=ticket.number, copy=marked, printer=printer, cause=cause, again=again, by=job.by),
        ref=job.ref,
        service=ticket.service,
    )
    kept = state if over else job.state
    job = replace(job, state=kept, printer=printer, cause=cause, done_at=act.at if over else None)
    act.hall.store.save_print(job)
    return job


def end_print(act: Act, job: PrintJob) -> None:
    """End a job whose outcome stands in the log already."""
    act.hall.store.save_print(replace(job, done_at=act.at))


def take_over(act: Act, job: PrintJob) -> PrintJob:
    """Return a new job for another printer: a copy, because the ticket may or may not be on paper."""
    return act.hall.store.add_print(job.ref, copy=True, by=act.by, at=act.at, procedure=job.procedure)


def give_up(act: Act, job: PrintJob) -> None:
    """End a job as failed because there is no printer any more; nothing of it has gone out."""
    note_print(act, job, FAILED, job.printer or PREVIEW, TOO_LATE)


def recover_prints(act: Act) -> None:
    """End, after a start, the jobs that were on their way when the server stopped; a copy may be asked for."""
    for job in act.hall.store.open_prints():
        if job.state == SENT:
            note_print(act, job, SENT, job.printer or PREVIEW, INTERRUPTED)
        elif not act.hall.printers:
            give_up(act, job)


def slip_of(hall: Hall, ref: int, copy: bool, public_url: str | None, procedure: str | None = None) -> Slip | None:
    """Return what the ticket's paper says now, with the papers of a procedure; None where there is no such ticket."""
    ticket, holder = hall.ticket(ref), hall.store.holder(ref)
    if ticket is None or holder is None:
        return None
    catalogue, floor = hall.catalogue, hall.floor
    own, language = catalogue.hall, holder.language or catalogue.hall.languages[0]
    service = catalogue.services.get(ticket.service)
    names = service.names if service else {}
    ahead, wait, between = None, None, None
    place = floor.waiting.place(ref)
    if ticket.state is State.WAITING and place is not None:
        ahead = hall.before(place).people
        forecast = hall.forecast_waiting(place)
        if forecast is not None:
            wait = forecast.p50_s, forecast.p80_s
            between = called_between(catalogue, ticket.service, hall.now(), forecast)
    helps = help_counters(catalogue, floor, ticket.service)
    called_to = ticket.leg.counter if ticket.state in (State.CALLED, State.SERVING) else None
    serving = tuple(counter.number for counter in catalogue.serving(ticket.service))
    room = catalogue.room_names(ticket.service, called_to) or {}
    counters = serving if called_to is None else (called_to,)
    return Slip(
        number=ticket.number,
        language=language,
        office=own.office,
        centre=own.name,
        hotline=own.hotline,
        service=names.get(language) or names.get("vi") or ticket.service,
        counters=counters,
        priority=ticket.priority_class != "ordinary",
        people_ahead=ahead,
        wait_s=wait,
        issued_at=ticket.issued_at,
        drawn_at=hall.now(),
        timezone=own.timezone,
        help_counter=helps[0] if helps else None,
        note=own.ticket_note.get(language) or own.ticket_note.get("vi", ""),
        follow_url=f"{public_url}/t/{holder.id}" if public_url else None,
        copy=copy,
        rule=_rule(hall, language),
        called=called_to is not None,
        between=between,
        due_at=floor.due_at(ref),
        counter_open=bool(open_counters(catalogue, floor, ticket.service)),
        papers=_papers(hall, procedure),
        room=room.get(language) or room.get("vi", ""),
        accessible=tuple(number for number in catalogue.accessible if number in counters),
    )


def _papers(hall: Hall, code: str | None) -> tuple[str, ...]:
    """Return the papers of a procedure; none where they are still to be checked, or it is gone."""
    procedures = (one for one in hall.catalogue.template.procedures if one.code == code and not one.to_check)
    return next((one.checklist for one in procedures), ())


def _rule(hall: Hall, language: str) -> str:
    texts = rules(hall.catalogue.policy, hall.rule_words)
    rule = texts.get(language) or texts.get("vi")
    return f"{rule.name}: {rule.short}." if rule else ""


class Prints:
    """The print jobs of a hall, for the spool: each call is one transaction."""

    def __init__(self, hall: Hall, public_url: str | None) -> None:
        self._hall = hall
        self._public_url = public_url

    def open(self) -> Sequence[PrintJob]:
        """Return the jobs that are not done, in the order they were asked for."""
        return self._hall.store.open_prints()

    def recover(self) -> set[str]:
        """End the jobs that a stopped server left; return the printers that were in the middle of one."""
        under_way = self._hall.store.open_prints()
        if under_way:
            self._hall.run_as_system(recover_prints)
        return {job.printer for job in under_way if job.state == SENT and job.printer}

    def slip(self, job: PrintJob) -> Slip | None:
        """Return what the paper of a job says now; None where there is no such ticket."""
        with self._hall.lock:
            return slip_of(self._hall, job.ref, is_marked(self._hall, job), self._public_url, job.procedure)

    def send(self, job: PrintJob, printer: str) -> PrintJob:
        """Mark a job as sent to a printer; see `send_print`."""
        return self._hall.run_as_system(lambda act: send_print(act, job, printer))

    def note(
        self, job: PrintJob, state: str, printer: str, cause: str | None, *, again: bool = False, over: bool = True
    ) -> PrintJob:
        """Append the result of a job; see `note_print`."""
        return self._hall.run_as_system(lambda act: note_print(act, job, state, printer, cause, again=again, over=over))

    def end(self, job: PrintJob) -> None:
        """End a job; see `end_print`."""
        self._hall.run_as_system(lambda act: end_print(act, job))

    def take_over(self, job: PrintJob) -> PrintJob:
        """Return a new job for another printer; see `take_over`."""
        return self._hall.run_as_system(lambda act: take_over(act, job))

    def give_up(self, job: PrintJob) -> None:
        """End a job as failed; see `give_up`."""
        self._hall.run_as_system(lambda act: give_up(act, job))

    def age_s(self, job: PrintJob) -> float:
        """Return how long ago a job was asked for, in seconds."""
        return (self._hall.now() - job.asked_at).total_seconds()
