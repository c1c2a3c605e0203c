"""A long past: a centre with many tickets, made by the real use cases in large transactions.

python -m bench.past FOLDER TICKETS
"""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from access.programs import issue_token
from demo.history import GivenTime
from demo.loads import SHARES
from hall.arrivals import take_ticket
from hall.calls import call_next, finish_service, start_service
from hall.catalogue.defaults import DEFAULT, found_hall
from hall.catalogue.model import Counter
from hall.counters import open_counter
from hall.hall import Act, Hall, turn_day
from store.access import SqliteAccessStore
from store.database import Database
from store.folder import DATABASE
from store.hall import SqliteHallStore

COUNTERS = 16
TICKETS_A_DAY = 1250
ROLES = ("kiosk", "clerk", "display", "supervisor")


def centre(folder: Path, history: int = 0, backlog: int = 0) -> dict[str, str]:
    """Make a centre of sixteen counters that serve everything; return a token for each role.

    It has `history` past tickets, and `backlog` people waiting today.
    """
    folder.mkdir(parents=True)
    db = Database(folder / DATABASE)
    store = SqliteHallStore(db)
    now = datetime.now(UTC)
    days = -(-history // TICKETS_A_DAY)
    given = GivenTime(now - timedelta(days=days + 1))
    counters = tuple(Counter(n, f"Quầy {n}", tuple(sorted(SHARES))) for n in range(1, COUNTERS + 1))
    found_hall(store, given.at, replace(DEFAULT, counters=counters))
    hall = Hall(store, given.steady())
    today = hall.local_day(now)
    for n in range(days, 0, -1):
        size = min(TICKETS_A_DAY, history)
        hall.run_as_system(lambda act, day=today - timedelta(days=n), size=size: _live(act, day, size))  # type: ignore[misc]
        history -= size
    given.at = now
    hall.refresh()
    hall.run_as_system(lambda act: [take_ticket(act, code, "ordinary", "vi") for code in _services(backlog)])
    db.truncate_write_ahead_log()
    db.close()
    return tokens(folder)


def many(folder: Path) -> int:
    """Return how many tickets a centre has issued."""
    with closing(Database(folder / DATABASE)) as db:
        row = db.row("SELECT count(*) FROM ticket")
        return 0 if row is None else int(row[0])


def tokens(folder: Path) -> dict[str, str]:
    """Return new tokens for an existing centre, by role."""
    with closing(Database(folder / DATABASE)) as db:
        access = SqliteAccessStore(db)
        return {role: issue_token(access, role) for role in ROLES}


def _services(many: int) -> list[str]:
    codes = list(SHARES)
    return [codes[n % len(codes)] for n in range(many)]


def _live(act: Act, day: date, tickets: int) -> None:
    """Add a day on which people come at regular intervals, with forty always waiting."""
    act.at = datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)
    turn_day(act, day)
    for n in range(1, COUNTERS + 1):
        open_counter(act, n, one_only=False)
    gap = timedelta(hours=8) / tickets
    waiting = 40
    for n, code in enumerate(_services(tickets)):
        act.at += gap
        take_ticket(act, code, "priority" if n % 6 == 0 else "ordinary", "vi")
        if n >= waiting:
            _serve(act, n % COUNTERS + 1)
    for n in range(min(waiting, tickets)):
        act.at += gap
        _serve(act, n % COUNTERS + 1)


def _serve(act: Act, counter: int) -> None:
    call_next(act, counter)
    start_service(act, counter)
    finish_service(act, counter, "filed")


if __name__ == "__main__":
    centre(Path(sys.argv[1]), int(sys.argv[2]), backlog=300)
