"""The spool: takes jobs from the store, one worker a printer, and writes down what became of each.

Nothing here holds up a request: conversations with printers and drawing run through `offload`.
`docs/printing.md` tells the rules; what is remembered here is only how the printers are now.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog
from PIL import Image

from hall.ports import CannotSave, Offload, PrintJob, Slip
from paper.printers import Line, Printer, Trouble
from paper.ticket import Words, draw_ticket

PATIENCE_S = 4.0  # after this a citizen is shown the number and staff are told
RETRY_S = 1.0  # between two tries at the same printer
LATE_S = 45.0  # how long a slow printer is waited for
OLDEST_S = 120.0  # a ticket asked for longer ago is not printed any more
REST_S, LONGEST_REST_S = 5.0, 60.0  # how long a printer in trouble is left alone while there is a spare
TICK_S = 0.2

# Troubles that may be over in a second; the others need a hand.
_PASSING = ("unreachable", "offline", "no_answer")

log = structlog.get_logger()


class Jobs(Protocol):
    """The prints of the hall; each call is one transaction, and told after it."""

    def open(self) -> Sequence[PrintJob]: ...
    def recover(self) -> set[str]: ...
    def slip(self, job: PrintJob) -> Slip | None: ...
    def send(self, job: PrintJob, printer: str) -> PrintJob: ...
    def note(
        self, job: PrintJob, state: str, printer: str, cause: str | None, *, again: bool = False, over: bool = True
    ) -> PrintJob: ...
    def end(self, job: PrintJob) -> None: ...
    def take_over(self, job: PrintJob) -> PrintJob: ...
    def give_up(self, job: PrintJob) -> None: ...
    def age_s(self, job: PrintJob) -> float: ...


@dataclass(slots=True, eq=False)
class Post:
    """One printer and its worker's state."""

    printer: Printer
    job: PrintJob | None = None  # what it is busy with
    line: Line | None = None
    sent_at: float | None = None  # when the bytes began to go out
    told: bool = False  # staff know that it takes too long
    trouble: str | None = None
    rest_s: float = 0.0
    rests_until: float = 0.0
    known_at: float | None = None  # when it was last known how it is

    def resting(self, now: float) -> bool:
        return now < self.rests_until

    @property
    def state(self) -> str:
        """A trouble, "printing", "ready" as it said, "reached"; "asked" or "unknown" before anything was learnt."""
        if self.trouble is not None:
            return self.trouble
        if self.job is not None:
            return "printing"
        if self.known_at is None:
            return "unknown" if self.sent_at is None else "asked"
        return "ready" if self.printer.answered else "reached"

    def stuck(self, now: float) -> bool:
        return self.sent_at is not None and now - self.sent_at > PATIENCE_S


class Spool:
    """Prints what is asked for, on the first printer that can."""

    def __init__(
        self,
        jobs: Jobs,
        printers: Sequence[Printer],
        words: Mapping[str, Words],
        offload: Offload,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._jobs = jobs
        self.posts = [Post(printer) for printer in printers]
        self._leaving: list[Post] = []  # exchanged for others while busy; each ends with what it is at
        self._abandoned = False  # there was a printer; what waits for it will not come out
        self.begun = False
        self._words = words
        self._offload = offload
        self._sleep = sleep
        self._clock = clock
        # Held for the bookkeeping alone, never during a conversation with a printer.
        self._lock = threading.RLock()
        self._taken: set[int] = set()
        self._tried: dict[int, set[Post]] = {}  # job -> the printers that could not
        self._handed: dict[int, Post] = {}  # job -> the printer that is to take it
        self.stopped = False

    def unfinished(self) -> int:
        """Return how many tickets are still to come out, or have gone out and are not known to be on paper."""
        return len(self._jobs.open())

    def recover(self) -> None:
        """After a start, before the tasks: what was under way when the server ended."""
        cut_off = self._jobs.recover()
        for post in self.posts:
            post.printer.broke_off = post.printer.name in cut_off

    def tasks(self) -> Iterator[Callable[[], None]]:
        """What runs in the background: a worker for each printer, and one that watches over the time."""
        self.begun = True
        yield from map(self._worker, self.posts)
        yield lambda: self._forever(self.watch)

    def _worker(self, post: Post) -> Callable[[], None]:
        return lambda: self._forever(lambda: self.work(post), lambda: self._done(post))

    def _forever(self, step: Callable[[], object], done: Callable[[], bool] = lambda: False) -> None:
        while not self.stopped and not done():
            try:
                if step():
                    continue
            except CannotSave as error:
                log.error("print_not_noted", cause=str(error))
            except Exception:  # the spool must not stop; what went wrong is in the log
                log.exception("spool_failed")
            self._sleep(TICK_S)

    # -- other printers ----------------------------------------------------------------------

    def use(self, wanted: Callable[[], Sequence[Printer]]) -> list[Callable[[], None]]:
        """Print on these from now on; gives the workers that are to be started for them.

        They are asked for under the lock: of two changes at once the later one holds, whoever comes first.
        A machine that stays is not left: what it is at goes on, and one that is spoken to twice at once
        may refuse. One that goes ends what has been begun with its bytes; what has not is for the others.
        Without any printer, nothing that waits will come out.
        """
        with self._lock:
            there = {post.printer.place: post for post in (*self._leaving, *self.posts)}
            before: list[Post] = self.posts
            now: list[Post] = []
            new: list[Post] = []
            for printer in wanted():
                post = there.get(printer.place)
                if post is None:
                    post = Post(printer)
                    new.append(post)
                elif post.printer.address != printer.address:
                    # Asked in another way from now on, so what it answered before tells nothing.
                    printer.broke_off, post.printer, post.known_at = post.printer.broke_off, printer, None
                else:
                    post.printer.name = printer.name
                now.append(post)
            self.posts = now
            self._leaving = [post for post in (*self._leaving, *before) if post not in self.posts]
            self._tried.clear()
            self._handed.clear()
            self._abandoned = not self.posts
            if not self.begun:
                self._leaving.clear()
                return []
            return [self._worker(post) for post in new]

    def _done(self, post: Post) -> bool:
        """Whether this printer's worker has nothing more to do, for ever."""
        with self._lock:
            if post not in self._leaving or post.sent_at is not None:
                return False
            self._leaving.remove(post)
            return True

    def _give_up(self) -> None:
        for job in self._jobs.open():
            if job.state == "queued" and job.id not in self._taken:
                self._jobs.give_up(job)
        self._abandoned = False

    def converse(self, post: Post, talk: Callable[[Printer], str | None]) -> bool:
        """Have a printer to oneself for something that is no ticket; False where it is busy.

        `talk` runs off the loop and gives the trouble it met, if any.
        """
        with self._lock:
            if post.job is not None or post.sent_at is not None or post not in self.posts:
                return False
            post.sent_at = self._clock()  # tickets go to the spare if this takes long
        met: str | None = "no_answer"
        try:
            printer = post.printer
            met = self._offload(lambda: talk(printer))
        finally:
            with self._lock:
                post.sent_at = None
                if met is None:
                    self._well(post)
                else:
                    self._rest(post, met)
        return True

    # -- a worker ----------------------------------------------------------------------------

    def work(self, post: Post) -> bool:
        """Print the next job for this printer; False if there was none."""
        with self._lock:
            job = None if post.sent_at is not None else self._next(post)
            if job is None:
                return False
            self._taken.add(job.id)
            post.job = job
        try:
            self._print(post, job)
        finally:
            with self._lock:
                post.job = post.line = post.sent_at = None
                post.told = False
                self._taken.discard(job.id)
        return True

    def _next(self, post: Post) -> PrintJob | None:
        now = self._clock()
        for job in self._jobs.open():
            if job.state != "queued" or job.id in self._taken or post in self._tried.get(job.id, ()):
                continue
            if self._jobs.age_s(job) > OLDEST_S:
                self._forget(job)
                self._jobs.note(job, "failed", job.printer or post.printer.name, "too_late")
                continue
            if self._post_for(job, now) is post:
                return job
        return None

    def _post_for(self, job: PrintJob, now: float) -> Post | None:
        """Whose job it is: that of the first printer that is not in trouble; of the first of all if each is."""
        able = [post for post in self.posts if post not in self._tried.get(job.id, ())]
        handed = next((post for post in able if post is self._handed.get(job.id)), None)
        well = next((post for post in able if not post.resting(now) and not post.stuck(now)), None)
        return handed or well or next((post for post in able if not post.stuck(now)), None)

    def _print(self, post: Post, job: PrintJob) -> None:
        printer, slip = post.printer, self._jobs.slip(job)
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
            line = self._open(post, job)
        except Trouble as trouble:
            self._could_not(post, job, trouble)
            return
        try:
            self._send(post, job, line, image)
        finally:
            self._offload(line.close)

    def draw(self, slip: Slip, width: int) -> Image.Image:
        words = self._words.get(slip.language) or self._words["vi"]
        return draw_ticket(slip, words, width)

    def _open(self, post: Post, job: PrintJob) -> Line:
        """Connect; a trouble that may pass is waited out as long as nobody else can print."""
        began = self._clock()
        while True:
            try:
                return self._offload(post.printer.open)
            except Trouble as trouble:
                waited = self._clock() - began
                alone = not self._others(post, job)
                if not alone or trouble.cause not in _PASSING or waited + RETRY_S >= PATIENCE_S - RETRY_S:
                    raise
            self._sleep(RETRY_S)

    def _send(self, post: Post, job: PrintJob, line: Line, image: Image.Image) -> None:
        name = post.printer.name
        with self._lock:
            # Written down before the first byte: should the power go now, it is not printed twice.
            post.job = self._jobs.send(job, name)
            post.line, post.sent_at = line, self._clock()
        try:
            self._offload(lambda: line.put(image, LATE_S))
            done = post.printer.may_answer and self._offload(lambda: line.done(LATE_S))
        except Trouble as trouble:
            log.warning("print_broke_off", printer=name, ref=job.ref, detail=trouble.detail)
            with self._lock:
                self._broke_off(post)
            return
        with self._lock:
            self._sent(post, done)

    def _sent(self, post: Post, done: bool) -> None:
        """All bytes went out; whether it is on paper the printer has said, or not."""
        job, name = post.job, post.printer.name
        assert job is not None
        self._forget(job)
        if done or not post.printer.may_answer:
            self._well(post)
            self._jobs.note(job, "printed" if done else "sent", name, None)
        elif post.told:
            self._jobs.end(job)
        else:
            self._late(post, over=True)

    def _broke_off(self, post: Post) -> None:
        """The line was lost before all bytes were out: what there is of the ticket is not whole."""
        job, told = post.job, post.told
        assert job is not None
        self._forget(job)
        spare = self._trouble(post, job, "broke_off")
        self._jobs.note(job, "failed", post.printer.name, "broke_off", again=spare is not None or told)
        if not told:
            self._copy(job, spare)

    # -- troubles ----------------------------------------------------------------------------

    def _others(self, post: Post, job: PrintJob) -> list[Post]:
        """The printers that could take the job over now."""
        now, tried = self._clock(), self._tried.get(job.id, set())
        return [
            other
            for other in self.posts
            if other is not post and other not in tried and not other.resting(now) and not other.stuck(now)
        ]

    def _could_not(self, post: Post, job: PrintJob, trouble: Trouble) -> None:
        """Nothing went out: another printer may take it as it is."""
        name = post.printer.name
        log.warning("print_failed", printer=name, ref=job.ref, cause=trouble.cause, detail=trouble.detail)
        with self._lock:
            if self.posts and post not in self.posts:
                self._forget(job)  # those that took its place print it as if it had never been here
                return
            spare = self._trouble(post, job, trouble.cause)
            self._tried.setdefault(job.id, set()).add(post)
            self._jobs.note(job, "failed", name, trouble.cause, again=spare is not None, over=spare is None)
            if spare is None:
                self._forget(job)
            else:
                self._handed[job.id] = spare

    def _trouble(self, post: Post, job: PrintJob, cause: str) -> Post | None:
        """Leave the printer alone for a while; who could take over."""
        self._rest(post, cause)
        others = self._others(post, job)
        return others[0] if others else None

    def _rest(self, post: Post, cause: str) -> None:
        post.trouble, post.known_at = cause, self._clock()
        post.rest_s = min(LONGEST_REST_S, post.rest_s * 2 or REST_S)
        post.rests_until = self._clock() + post.rest_s

    def _well(self, post: Post) -> None:
        post.trouble, post.rest_s, post.rests_until, post.known_at = None, 0.0, 0.0, self._clock()

    def _copy(self, job: PrintJob, spare: Post | None) -> None:
        if spare is not None:
            self._handed[self._jobs.take_over(job).id] = spare

    def _late(self, post: Post, *, over: bool) -> None:
        """Bytes went out and no answer came in time: nobody knows, so the spare prints a copy."""
        job, line = post.job, post.line
        if job is None:
            return
        post.told = True
        spare = self._trouble(post, job, (line.trouble if line else None) or "no_answer")
        post.job = self._jobs.note(job, "sent", post.printer.name, post.trouble, again=spare is not None, over=over)
        self._copy(job, spare)

    def _forget(self, job: PrintJob) -> None:
        self._tried.pop(job.id, None)
        self._handed.pop(job.id, None)

    # -- the watch ---------------------------------------------------------------------------

    def watch(self) -> bool:
        """Tell of a printer that takes too long, and of tickets that wait behind one."""
        with self._lock:
            if self._abandoned:
                self._give_up()
            now = self._clock()
            for post in (*self.posts, *self._leaving):
                if post.stuck(now) and not post.told:
                    self._late(post, over=False)
            if not self.posts or not all(post.stuck(now) or post.resting(now) for post in self.posts):
                return False
            for job in self._jobs.open():
                if job.state == "queued" and job.id not in self._taken and self._jobs.age_s(job) > PATIENCE_S:
                    post = self.posts[0]
                    self._forget(job)
                    self._jobs.note(job, "failed", post.printer.name, post.trouble or "no_answer")
        return False
