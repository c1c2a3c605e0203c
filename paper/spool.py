"""The spool: takes print jobs from the store, one worker for each printer, and saves the result of each.

No request waits for it: drawing and talking to printers run through `offload`. The rules are in
`docs/printing.md`; the only state kept here is that of the printers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog
from PIL import Image

from hall.ports import CannotSave, Offload, PrintJob, Slip
from paper.printers import Connection, Printer, Trouble
from paper.ticket import Words, draw_ticket

ALERT_AFTER_S = 4.0  # a citizen is shown the number, and staff are alerted
RETRY_INTERVAL_S = 1.0  # between two tries at the same printer
PRINT_TIMEOUT_S = 45.0  # how long a slow printer is waited for
EXPIRES_AFTER_S = 120.0  # a ticket asked for longer ago is not printed any more
BACKOFF_S, LONGEST_BACKOFF_S = 5.0, 60.0  # how long a printer in trouble is left alone while there is a spare
IDLE_INTERVAL_S = 0.2  # between two checks for a job

# Troubles that may be over in a second; the others need somebody at the printer.
_PASSING = ("unreachable", "offline", "no_answer")

log = structlog.get_logger()


class Jobs(Protocol):
    """The print jobs of the hall; each call is one transaction, of which listeners are notified after the commit."""

    def open(self) -> Sequence[PrintJob]:
        """Return the jobs that are not done, in the order they were asked for."""

    def recover(self) -> set[str]:
        """End the jobs that a stopped server left; return the printers that were in the middle of one."""

    def slip(self, job: PrintJob) -> Slip | None:
        """Return what the paper of a job says now; None where there is no such ticket."""

    def send(self, job: PrintJob, printer: str) -> PrintJob:
        """Mark a job as sent to a printer, before its bytes go out; return the job."""

    def note(
        self, job: PrintJob, state: str, printer: str, cause: str | None, *, again: bool = False, over: bool = True
    ) -> PrintJob:
        """Append the result of a job to the log, and save the job; return it. See `hall.printing.note_print`."""

    def end(self, job: PrintJob) -> None:
        """End a job whose result is in the log already."""

    def take_over(self, job: PrintJob) -> PrintJob:
        """Return a new job for another printer: a copy of a ticket that may or may not be on paper."""

    def give_up(self, job: PrintJob) -> None:
        """End a job as failed, because there is no printer any more."""

    def age_s(self, job: PrintJob) -> float:
        """Return how long ago a job was asked for, in seconds."""


@dataclass(slots=True, eq=False)
class PrinterWorker:
    """One printer, and the state of the task that prints on it."""

    printer: Printer
    job: PrintJob | None = None  # what it is busy with
    began_at: float | None = None  # when it took this job
    connection: Connection | None = None
    sent_at: float | None = None  # when the bytes began to go out
    reported: bool = False  # staff were alerted that it takes too long
    trouble: str | None = None
    refused: bool = False  # its last trouble came before it took a byte
    backoff_s: float = 0.0
    paused_until: float = 0.0
    known_at: float | None = None  # when its state was last learnt; seconds of the spool's clock, as the others

    def paused(self, now: float) -> bool:
        """Return whether it is left alone for now, after a trouble."""
        return now < self.paused_until

    @property
    def state(self) -> str:
        """Return its trouble, "printing", "ready" (it says so) or "reached" (it does not answer questions).

        Before anything is learnt of it: "asked" while it is being asked, else "unknown".
        """
        if self.trouble is not None:
            return self.trouble
        if self.job is not None:
            return "printing"
        if self.known_at is None:
            return "unknown" if self.sent_at is None else "asked"
        return "ready" if self.printer.answered else "reached"

    def stuck(self, now: float) -> bool:
        """Return whether nothing has moved for longer than a citizen should wait.

        A printer that goes on taking bytes is not stuck, however slow its line is.
        """
        if self.connection is not None:
            return self.connection.still_s > ALERT_AFTER_S
        since = self.began_at if self.sent_at is None else self.sent_at
        return since is not None and now - since > ALERT_AFTER_S

    def slow(self, now: float) -> bool:
        """Return whether it has been busy with one ticket for longer than a citizen should wait."""
        return self.began_at is not None and now - self.began_at > ALERT_AFTER_S

    def useless(self, now: float) -> bool:
        """Return whether the tickets that wait for it will not come out soon."""
        return self.stuck(now) or (self.refused and self.paused(now))


class Spool:
    """Prints each job on the first printer that is not in trouble."""

    def __init__(
        self,
        jobs: Jobs,
        printers: Sequence[Printer],
        words: Mapping[str, Words],
        offload: Offload,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        """Print on these printers, the main one first.

        `words` are those on paper, by language. `offload` runs slow work off the event loop; `sleep` and `clock`
        count seconds.
        """
        self._jobs = jobs
        self.workers = [PrinterWorker(printer) for printer in printers]
        self._replaced: list[PrinterWorker] = []  # exchanged for others while busy; each ends with its present job
        self._none_left = False  # the last printer was removed; the jobs that wait must end as failed
        self.started = False
        self._words = words
        self._offload = offload
        self._sleep = sleep
        self._clock = clock
        # Held for the bookkeeping alone, never while a printer is spoken to.
        self._lock = threading.RLock()
        self._in_progress: set[int] = set()  # jobs that a worker has taken
        self._tried: dict[int, set[PrinterWorker]] = {}  # job -> the printers that could not
        self._assigned: dict[int, PrinterWorker] = {}  # job -> the printer that is to take it
        self.stopped = False

    def unfinished(self) -> int:
        """Return how many tickets are still to come out, or have gone out and are not known to be on paper."""
        return len(self._jobs.open())

    def recover(self) -> None:
        """End the jobs that were under way when the server ended; to be called once, before `tasks`."""
        cut_off = self._jobs.recover()
        for worker in self.workers:
            worker.printer.broke_off = worker.printer.name in cut_off

    def tasks(self) -> Iterator[Callable[[], None]]:
        """Yield what is to run in the background: a loop for each printer, and one that watches the time."""
        self.started = True
        yield from map(self._loop, self.workers)
        yield lambda: self._forever(self.watch)

    def _loop(self, worker: PrinterWorker) -> Callable[[], None]:
        return lambda: self._forever(lambda: self.work(worker), lambda: self._done(worker))

    def _forever(self, step: Callable[[], object], done: Callable[[], bool] = lambda: False) -> None:
        while not self.stopped and not done():
            try:
                if step():
                    continue
            except CannotSave as error:
                log.error("print_not_noted", cause=str(error))
            except Exception:  # the spool must not stop; what went wrong is in the log
                log.exception("spool_failed")
            self._sleep(IDLE_INTERVAL_S)

    # -- other printers ----------------------------------------------------------------------

    def exchange(self, wanted: Callable[[], Sequence[Printer]]) -> list[Callable[[], None]]:
        """Print on other printers from now on; return the loops that the caller must start for new ones.

        `wanted` returns the printers. It is called under the lock, so of two changes at once the later one holds.
        A printer that stays goes on with its job, because many refuse a second connection. One that is removed
        only ends the job whose bytes have begun to go out; the others get its other jobs. If no printer is
        left, all jobs that wait end as failed.
        """
        with self._lock:
            known = {worker.printer.device: worker for worker in (*self._replaced, *self.workers)}
            before: list[PrinterWorker] = self.workers
            now: list[PrinterWorker] = []
            new: list[PrinterWorker] = []
            for printer in wanted():
                worker = known.get(printer.device)
                if worker is None:
                    worker = PrinterWorker(printer)
                    new.append(worker)
                elif worker.printer.address != printer.address:
                    # Asked in another way from now on, so what it answered before says nothing.
                    printer.broke_off, worker.printer, worker.known_at = worker.printer.broke_off, printer, None
                else:
                    worker.printer.name = printer.name
                now.append(worker)
            self.workers = now
            self._replaced = [worker for worker in (*self._replaced, *before) if worker not in self.workers]
            self._tried.clear()
            self._assigned.clear()
            self._none_left = not self.workers
            if not self.started:
                self._replaced.clear()
                return []
            return [self._loop(worker) for worker in new]

    def _done(self, worker: PrinterWorker) -> bool:
        """Return whether this printer was removed and has ended its last job."""
        with self._lock:
            if worker not in self._replaced or worker.sent_at is not None:
                return False
            self._replaced.remove(worker)
            return True

    def _give_up(self) -> None:
        for job in self._jobs.open():
            if job.state == "queued" and job.id not in self._in_progress:
                self._jobs.give_up(job)
        self._none_left = False

    def run_alone(self, worker: PrinterWorker, use: Callable[[Printer], str | None]) -> bool:
        """Use a printer for something other than a ticket; return False, and do nothing, while it is busy.

        `use` runs off the event loop and returns the trouble that it met, if any.
        """
        with self._lock:
            if worker.job is not None or worker.sent_at is not None or worker not in self.workers:
                return False
            worker.sent_at = self._clock()  # tickets go to the spare if this takes long
        trouble: str | None = "no_answer"
        try:
            printer = worker.printer
            trouble = self._offload(lambda: use(printer))
        finally:
            with self._lock:
                worker.sent_at = None
                if trouble is None:
                    self._note_working(worker)
                else:
                    worker.refused = True
                    self._back_off(worker, trouble)
        return True

    # -- a worker ----------------------------------------------------------------------------

    def work(self, worker: PrinterWorker) -> bool:
        """Print the next job for this printer; return whether there was one."""
        with self._lock:
            job = None if worker.sent_at is not None else self._next(worker)
            if job is None:
                return False
            self._in_progress.add(job.id)
            worker.job, worker.began_at = job, self._clock()
        try:
            self._print(worker, job)
        except CannotSave:
            raise
        except Exception as error:  # a fault of ours; to try the same ticket for ever would stop all others
            with self._lock:
                if worker.sent_at is None:
                    self._not_sent(worker, job, Trouble("printer_error", repr(error)))
                else:
                    self._broke_off(worker)
                worker.began_at = worker.sent_at = None  # to write a traceback takes time
            log.exception("print_crashed", ref=job.ref)
        finally:
            with self._lock:
                if worker.job is not None:
                    self._in_progress.discard(job.id)
                worker.job = worker.connection = worker.sent_at = worker.began_at = None
                worker.reported = False
        return True

    def _next(self, worker: PrinterWorker) -> PrintJob | None:
        now = self._clock()
        for job in self._jobs.open():
            if job.state != "queued" or job.id in self._in_progress or worker in self._tried.get(job.id, ()):
                continue
            if self._jobs.age_s(job) > EXPIRES_AFTER_S:
                self._forget(job)
                self._jobs.note(job, "failed", job.printer or worker.printer.name, "too_late")
                continue
            if self._worker_for(job, now) is worker:
                return job
        return None

    def _worker_for(self, job: PrintJob, now: float) -> PrinterWorker | None:
        """Return the printer for a job: the first that is neither in trouble nor slow, the first of all if all are."""
        able = [worker for worker in self.workers if worker not in self._tried.get(job.id, ())]
        assigned = next((worker for worker in able if worker is self._assigned.get(job.id)), None)
        moving = [worker for worker in able if not worker.stuck(now)]
        well = [worker for worker in moving if not worker.paused(now)]
        quick = [worker for worker in well if not worker.slow(now)]
        return assigned or next(iter((*quick, *well, *moving)), None)

    def _print(self, worker: PrinterWorker, job: PrintJob) -> None:
        printer, slip = worker.printer, self._jobs.slip(job)
        try:
            if slip is None:
                raise ValueError("the ticket is gone")
            image = self._offload(lambda: self.draw(slip, printer.profile.width))
        except Exception:  # whatever the drawing of one ticket raises must not stop the printing of others
            log.exception("ticket_not_drawn", ref=job.ref)
            with self._lock:
                self._forget(job)
                self._jobs.note(job, "failed", printer.name, "cannot_draw")
            return
        try:
            connection = self._open(worker, job)
        except Trouble as trouble:
            self._not_sent(worker, job, trouble)
            return
        try:
            self._send(worker, job, connection, image)
        finally:
            self._offload(connection.close)

    def draw(self, slip: Slip, width: int) -> Image.Image:
        """Return the picture of a ticket, `width` dots across, in its language (Vietnamese where we lack it)."""
        words = self._words.get(slip.language) or self._words["vi"]
        return draw_ticket(slip, words, width)

    def _open(self, worker: PrinterWorker, job: PrintJob) -> Connection:
        """Connect; try a trouble that may pass again for a while, if no other printer can take the job.

        Raises:
            Trouble: the printer cannot print.
        """
        began = self._clock()
        while True:
            try:
                return self._offload(worker.printer.open)
            except Trouble as trouble:
                waited = self._clock() - began
                alone = not self._others(worker, job)
                if (
                    not alone
                    or trouble.cause not in _PASSING
                    or waited + RETRY_INTERVAL_S >= ALERT_AFTER_S - RETRY_INTERVAL_S
                ):
                    raise
            self._sleep(RETRY_INTERVAL_S)

    def _send(self, worker: PrinterWorker, job: PrintJob, connection: Connection, image: Image.Image) -> None:
        name = worker.printer.name
        with self._lock:
            if worker.job is not job:
                return  # it was taken from this printer, which could not be reached for too long
            # Saved before the first byte goes out: if the power fails now, it is not printed twice.
            worker.job = self._jobs.send(job, name)
            worker.connection, worker.sent_at = connection, self._clock()
        try:
            self._offload(lambda: connection.put(image, PRINT_TIMEOUT_S))
            done = worker.printer.may_answer and self._offload(lambda: connection.done(PRINT_TIMEOUT_S))
        except Trouble as trouble:
            log.warning("print_broke_off", printer=name, ref=job.ref, detail=trouble.detail)
            with self._lock:
                self._broke_off(worker)
            return
        with self._lock:
            # One that closes as soon as it has everything, and never said more, has nothing more to say.
            silent = not worker.printer.may_answer or (connection.hung_up and not worker.printer.confirms)
            self._sent(worker, done, silent)

    def _sent(self, worker: PrinterWorker, done: bool, silent: bool) -> None:
        """Note that all bytes went out.

        `done`: the printer says that the ticket is on paper. `silent`: it never says so.
        """
        job, name = worker.job, worker.printer.name
        assert job is not None
        self._forget(job)
        if done or silent:
            self._note_working(worker)
            self._jobs.note(job, "printed" if done else "sent", name, None)
        elif worker.reported:
            self._jobs.end(job)
        else:
            self._report_late(worker, over=True)

    def _broke_off(self, worker: PrinterWorker) -> None:
        """Note that the connection was lost before all bytes were out: the ticket is torn."""
        job, reported = worker.job, worker.reported
        assert job is not None
        self._forget(job)
        worker.refused = False
        spare = self._note_trouble(worker, job, "broke_off")
        self._jobs.note(job, "failed", worker.printer.name, "broke_off", again=spare is not None or reported)
        if not reported:
            self._copy(job, spare)

    # -- troubles ----------------------------------------------------------------------------

    def _others(self, worker: PrinterWorker, job: PrintJob) -> list[PrinterWorker]:
        """Return the printers that could take the job over now."""
        now, tried = self._clock(), self._tried.get(job.id, set())
        return [
            other
            for other in self.workers
            if other is not worker and other not in tried and not other.paused(now) and not other.stuck(now)
        ]

    def _not_sent(self, worker: PrinterWorker, job: PrintJob, trouble: Trouble) -> None:
        """Note that nothing went out: another printer may take the job as it is."""
        name = worker.printer.name
        log.warning("print_failed", printer=name, ref=job.ref, cause=trouble.cause, detail=trouble.detail)
        with self._lock:
            if worker.job is not job:
                return  # it was taken from this printer meanwhile
            worker.refused = True
            if self.workers and worker not in self.workers:
                self._forget(job)  # those that replaced it print the job as if it had never been here
                return
            spare = self._note_trouble(worker, job, trouble.cause)
            self._tried.setdefault(job.id, set()).add(worker)
            self._jobs.note(job, "failed", name, trouble.cause, again=spare is not None, over=spare is None)
            if spare is None:
                self._forget(job)
            else:
                self._assigned[job.id] = spare

    def _note_trouble(self, worker: PrinterWorker, job: PrintJob, cause: str) -> PrinterWorker | None:
        """Leave the printer alone for a while; return one that could take over."""
        self._back_off(worker, cause)
        others = self._others(worker, job)
        return others[0] if others else None

    def _back_off(self, worker: PrinterWorker, cause: str) -> None:
        worker.trouble, worker.known_at = cause, self._clock()
        worker.backoff_s = min(LONGEST_BACKOFF_S, worker.backoff_s * 2 or BACKOFF_S)
        worker.paused_until = self._clock() + worker.backoff_s

    def _note_working(self, worker: PrinterWorker) -> None:
        worker.trouble, worker.refused, worker.known_at = None, False, self._clock()
        worker.backoff_s = worker.paused_until = 0.0

    def _copy(self, job: PrintJob, spare: PrinterWorker | None) -> None:
        if spare is not None:
            self._assigned[self._jobs.take_over(job).id] = spare

    def _report_late(self, worker: PrinterWorker, *, over: bool) -> None:
        """Alert staff that no answer came in time. The ticket may not be on paper, so the spare prints a copy."""
        job, connection = worker.job, worker.connection
        if job is None:
            return
        worker.reported, worker.refused = True, False
        spare = self._note_trouble(worker, job, (connection.trouble if connection else None) or "no_answer")
        worker.job = self._jobs.note(
            job, "sent", worker.printer.name, worker.trouble, again=spare is not None, over=over
        )
        self._copy(job, spare)

    def _forget(self, job: PrintJob) -> None:
        self._tried.pop(job.id, None)
        self._assigned.pop(job.id, None)

    def _take_away(self, worker: PrinterWorker) -> None:
        """Take the ticket from a printer to which no connection comes about: another takes it, or staff hear of it."""
        job = worker.job
        if job is None:
            return
        self._not_sent(worker, job, Trouble("unreachable", "no connection came about"))
        self._in_progress.discard(job.id)
        worker.job = None

    # -- the watch ---------------------------------------------------------------------------

    def watch(self) -> bool:
        """Alert staff to a printer that takes too long, and to tickets that wait behind one; return False."""
        with self._lock:
            if self._none_left:
                self._give_up()
            now = self._clock()
            for worker in (*self.workers, *self._replaced):
                if not worker.stuck(now):
                    continue
                if worker.connection is None:
                    self._take_away(worker)
                elif not worker.reported:
                    self._report_late(worker, over=False)
            if not self.workers or not all(worker.useless(now) for worker in self.workers):
                return False
            for job in self._jobs.open():
                if job.state == "queued" and job.id not in self._in_progress and self._jobs.age_s(job) > ALERT_AFTER_S:
                    worker = self.workers[0]
                    self._forget(job)
                    self._jobs.note(job, "failed", worker.printer.name, worker.trouble or "no_answer")
        return False
