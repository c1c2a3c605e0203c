"""The tables, one migration a step. A released migration is never edited; a change is a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

Migration = Callable[["Database"], None]


def _run(db: Database, script: str) -> None:
    # Not executescript, which would commit the transaction of the migration.
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def the_log(db: Database) -> None:
    """Create the tables of the events and of the hall's identity; events are never changed or removed."""
    _run(
        db,
        """
CREATE TABLE event (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    ref INTEGER,
    counter INTEGER,
    service TEXT,
    data TEXT NOT NULL CHECK (json_valid(data)),
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX event_kind ON event (kind, seq);
CREATE TABLE identity (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    hall_id TEXT NOT NULL,
    log_id TEXT NOT NULL
) STRICT;
""",
    )


def the_hall(db: Database) -> None:
    """Create the tables of settings, tickets and counters, which can be made from the log, and of kept answers."""
    _run(
        db,
        """
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;
CREATE TABLE service (
    code TEXT PRIMARY KEY,
    prefix TEXT NOT NULL UNIQUE CHECK (length(prefix) = 1),
    names TEXT NOT NULL CHECK (json_valid(names)),
    hints TEXT NOT NULL CHECK (json_valid(hints)),
    icon TEXT NOT NULL,
    family INTEGER NOT NULL,
    position INTEGER NOT NULL,
    service_time_s INTEGER NOT NULL CHECK (service_time_s > 0),
    target_s INTEGER NOT NULL CHECK (target_s > 0),
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TABLE counter (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    name TEXT NOT NULL
) STRICT;
CREATE TABLE counter_service (
    counter INTEGER NOT NULL REFERENCES counter (number),
    service TEXT NOT NULL REFERENCES service (code),
    PRIMARY KEY (counter, service)
) STRICT, WITHOUT ROWID;
CREATE TABLE last_number (
    day TEXT NOT NULL,
    service TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, service)
) STRICT, WITHOUT ROWID;
CREATE TABLE ticket (
    ref INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    day TEXT NOT NULL,
    number TEXT NOT NULL,
    priority_class TEXT NOT NULL,
    head_start_s INTEGER NOT NULL,
    arrival INTEGER NOT NULL UNIQUE REFERENCES event (seq),
    state TEXT NOT NULL,
    counter INTEGER,
    given_up_at TEXT,
    language TEXT,
    UNIQUE (day, number)
) STRICT;
CREATE UNIQUE INDEX one_citizen_per_counter ON ticket (counter)
WHERE state IN ('called', 'serving');
CREATE TABLE leg (
    ref INTEGER NOT NULL REFERENCES ticket (ref),
    n INTEGER NOT NULL,
    service TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    called_at TEXT,
    started_at TEXT,
    finished_at TEXT,
    counter INTEGER,
    clerk TEXT,
    outcome TEXT,
    calls INTEGER NOT NULL,
    PRIMARY KEY (ref, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE desk (
    counter INTEGER PRIMARY KEY,
    staffing TEXT NOT NULL,
    since TEXT,
    clerk TEXT,
    reason TEXT,
    ref INTEGER
) STRICT;
CREATE TABLE answer (
    caller TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    body BLOB NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (caller, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_at ON answer (at);
""",
    )


def access(db: Database) -> None:
    """Create the tables of people, sessions, devices and programs; secrets are stored as hashes only."""
    _run(
        db,
        """
CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE session (
    secret TEXT PRIMARY KEY,
    user INTEGER NOT NULL REFERENCES user (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    ended_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);
CREATE TABLE device (
    id INTEGER PRIMARY KEY,
    secret TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    paired_at TEXT NOT NULL,
    last_seen_at TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    secret TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    counter INTEGER,
    limit_per_minute INTEGER CHECK (limit_per_minute > 0),
    created_at TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE setup_link (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    secret TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
""",
    )


def printing(db: Database) -> None:
    """Create the table of print jobs: each row is one ticket to be printed once."""
    _run(
        db,
        """
CREATE TABLE print_job (
    id INTEGER PRIMARY KEY,
    ref INTEGER NOT NULL REFERENCES ticket (ref),
    copy INTEGER NOT NULL CHECK (copy IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'printed', 'failed')),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    by TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    printer TEXT,
    cause TEXT,
    done_at TEXT,
    CHECK (done_at IS NOT NULL OR state IN ('queued', 'sent'))
) STRICT;
CREATE INDEX print_job_ref ON print_job (ref);
CREATE INDEX print_job_open ON print_job (id) WHERE done_at IS NULL;
CREATE UNIQUE INDEX one_original_per_ticket ON print_job (ref) WHERE copy = 0;
""",
    )


def rollups(db: Database) -> None:
    """Create the table of rollups of closed days, months and years; they can be made again at any time."""
    _run(
        db,
        """
CREATE TABLE rollup (
    part TEXT NOT NULL,
    period TEXT NOT NULL CHECK (length(period) IN (4, 7, 10)),
    data BLOB NOT NULL,
    PRIMARY KEY (part, period)
) STRICT;
CREATE INDEX rollup_period ON rollup (period);
""",
    )


def rollups_anew(db: Database) -> None:
    """Delete rollups that do not hold which counters were left open; they are made again."""
    _run(db, "DELETE FROM rollup;")


def sums_in_rollups(db: Database) -> None:
    """Delete rollups without the sum and spread of each duration; they are made again."""
    _run(db, "DELETE FROM rollup;")


def steps(db: Database) -> None:
    """Add columns for holds, returns, transfers and dossiers; rollups are made again with their figures."""
    _run(
        db,
        """
ALTER TABLE ticket ADD COLUMN dossiers INTEGER NOT NULL DEFAULT 1 CHECK (dossiers > 0);
ALTER TABLE ticket ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE leg ADD COLUMN manual INTEGER NOT NULL DEFAULT 0;
ALTER TABLE leg ADD COLUMN holds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE leg ADD COLUMN held_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE leg ADD COLUMN served_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE leg ADD COLUMN turned_at TEXT;
UPDATE leg SET turned_at = started_at;
DELETE FROM rollup;
""",
    )


def appointments(db: Database) -> None:
    """Create the table of appointments; a code is all they hold of a person."""
    _run(
        db,
        """
CREATE TABLE appointment (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    service TEXT NOT NULL,
    day TEXT NOT NULL,
    due_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('booked', 'checked_in', 'cancelled', 'missed')),
    ref INTEGER REFERENCES ticket (ref),
    CHECK ((ref IS NOT NULL) = (state = 'checked_in'))
) STRICT;
CREATE UNIQUE INDEX one_code_a_day ON appointment (day, code);
CREATE UNIQUE INDEX one_ticket_per_appointment ON appointment (ref) WHERE ref IS NOT NULL;
""",
    )


def half_months_in_rollups(db: Database) -> None:
    """Allow rollups of half months, of which months are summed; those of days stay, their sums are made again."""
    _run(
        db,
        """
ALTER TABLE rollup RENAME TO rollup_before;
DROP INDEX rollup_period;
CREATE TABLE rollup (
    part TEXT NOT NULL,
    period TEXT NOT NULL CHECK (length(period) IN (4, 7, 10, 13)),
    data BLOB NOT NULL,
    PRIMARY KEY (part, period)
) STRICT;
INSERT INTO rollup (part, period, data) SELECT part, period, data FROM rollup_before WHERE length(period) = 10;
DROP TABLE rollup_before;
CREATE INDEX rollup_period ON rollup (period);
""",
    )


def settings_as_they_are_folded(db: Database) -> None:
    """Keep services and counters as the fold of the log has them, a row for each section.

    A field of a setting then needs no column; that no two services share a letter is checked before it is saved.
    """
    _run(
        db,
        """
INSERT OR IGNORE INTO setting (name, value)
SELECT 'services', (
    SELECT json_group_object(code, json_object(
        'code', code, 'prefix', prefix, 'names', json(names), 'hints', json(hints), 'icon', icon, 'family', family,
        'position', position, 'service_time_s', service_time_s, 'target_s', target_s,
        'active', json(CASE active WHEN 1 THEN 'true' ELSE 'false' END)
    ))
    FROM service
)
WHERE EXISTS (SELECT 1 FROM setting);
INSERT OR IGNORE INTO setting (name, value)
SELECT 'counters', (
    SELECT json_group_object(CAST(number AS TEXT), json_object('number', number, 'name', name, 'services', (
        SELECT json_group_array(service)
        FROM (SELECT service FROM counter_service WHERE counter = number ORDER BY service)
    )))
    FROM counter
)
WHERE EXISTS (SELECT 1 FROM setting);
DELETE FROM setting WHERE name = 'last_change';
DROP TABLE counter_service;
DROP TABLE counter;
DROP TABLE service;
""",
    )


def people_and_issuers(db: Database) -> None:
    """Add columns for people, for why a ticket was ended, and for who issued it; rollups are made again with them."""
    _run(
        db,
        """
ALTER TABLE ticket ADD COLUMN people INTEGER NOT NULL DEFAULT 1 CHECK (people > 0);
ALTER TABLE ticket ADD COLUMN cancel_reason TEXT;
ALTER TABLE ticket ADD COLUMN issued_by TEXT NOT NULL DEFAULT '';
UPDATE ticket SET issued_by = coalesce(
    (SELECT json_extract(event.data, '$.by') FROM event WHERE event.seq = ticket.arrival), ''
);
DELETE FROM rollup;
""",
    )


def dossier_codes(db: Database) -> None:
    """Create the table of the dossiers' codes that were noted with a visit; no event holds them."""
    _run(
        db,
        """
CREATE TABLE dossier_code (
    ref INTEGER NOT NULL REFERENCES ticket (ref),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
    noted_at TEXT NOT NULL,
    PRIMARY KEY (ref, code)
) STRICT;
""",
    )


def programs(db: Database) -> None:
    """Let a token have a name and an end, and note when it was last used."""
    _run(
        db,
        """
ALTER TABLE token ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN expires_at TEXT;
ALTER TABLE token ADD COLUMN last_seen_at TEXT;
""",
    )


def channels(db: Database) -> None:
    """Add how each ticket was issued; rollups are made again with it, and with calls by reason and longest queues."""
    _run(
        db,
        """
ALTER TABLE ticket ADD COLUMN channel TEXT NOT NULL DEFAULT '';
UPDATE ticket SET channel = CASE
    WHEN EXISTS (
        SELECT 1 FROM event WHERE seq = ticket.arrival AND json_extract(data, '$.appointment') IS NOT NULL
    ) THEN 'appointment'
    WHEN issued_by LIKE 'device:%' THEN 'kiosk'
    ELSE 'staff'
END;
DELETE FROM rollup;
""",
    )


def forecasts(db: Database) -> None:
    """Create the table of the forecasts that people were given with their numbers; no event holds them.

    `p10_s` to `p90_s` as they were shown, `raw_…` before the calibration; then what four simple rules said of the same
    wait. `changed`: the holder or the staff changed later what was forecast.
    """
    _run(
        db,
        """
CREATE TABLE forecast (
    ref INTEGER PRIMARY KEY REFERENCES ticket (ref),
    day TEXT NOT NULL,
    service TEXT NOT NULL,
    ahead INTEGER NOT NULL CHECK (ahead >= 0),
    p10_s INTEGER NOT NULL,
    p50_s INTEGER NOT NULL,
    p80_s INTEGER NOT NULL,
    p90_s INTEGER NOT NULL,
    raw_p10_s INTEGER NOT NULL,
    raw_p50_s INTEGER NOT NULL,
    raw_p80_s INTEGER NOT NULL,
    raw_p90_s INTEGER NOT NULL,
    last_s INTEGER,
    mean_s INTEGER,
    queue_s INTEGER,
    head_s INTEGER,
    changed TEXT
) STRICT;
CREATE INDEX forecast_day ON forecast (day);
""",
    )


def forecast_scores(db: Database) -> None:
    """Create the table of the scores of closed days and months; they can be made again of the forecasts at any time."""
    _run(
        db,
        """
CREATE TABLE forecast_score (
    period TEXT NOT NULL CHECK (length(period) IN (7, 10)),
    service TEXT NOT NULL,
    long INTEGER NOT NULL CHECK (long IN (0, 1)),
    data BLOB NOT NULL,
    PRIMARY KEY (period, service, long)
) STRICT, WITHOUT ROWID;
""",
    )


def publications(db: Database) -> None:
    """Create the table of the open data's files; the log has the hash of each."""
    _run(
        db,
        """
CREATE TABLE publication (
    name TEXT PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;
""",
    )


def ratings(db: Database) -> None:
    """Add how each visit was rated, and the table of the words; rollups are made again with the ratings."""
    _run(
        db,
        """
ALTER TABLE ticket ADD COLUMN rating TEXT;
ALTER TABLE ticket ADD COLUMN rating_reason TEXT;
CREATE TABLE rating_words (
    ref INTEGER PRIMARY KEY REFERENCES ticket (ref),
    words TEXT NOT NULL CHECK (length(words) BETWEEN 1 AND 200)
) STRICT;
DELETE FROM rollup;
""",
    )


def papers_on_paper(db: Database) -> None:
    """Add to each print job the procedure whose papers are printed with the ticket, because somebody asked for it."""
    _run(db, "ALTER TABLE print_job ADD COLUMN procedure TEXT")


def left_open_in_rollups(db: Database) -> None:
    """Delete rollups in which a counter left open counts until the change of day; they are made again."""
    _run(db, "DELETE FROM rollup;")


def measured_glass(db: Database) -> None:
    """Add to each device how large its screen is and how high it hangs; null: nobody has measured it."""
    _run(
        db,
        """
ALTER TABLE device ADD COLUMN diagonal_mm INTEGER;
ALTER TABLE device ADD COLUMN edge_mm INTEGER;
""",
    )


MIGRATIONS: tuple[Migration, ...] = (
    the_log,
    the_hall,
    access,
    printing,
    rollups,
    rollups_anew,
    sums_in_rollups,
    steps,
    appointments,
    half_months_in_rollups,
    settings_as_they_are_folded,
    people_and_issuers,
    dossier_codes,
    programs,
    channels,
    forecasts,
    forecast_scores,
    publications,
    ratings,
    papers_on_paper,
    left_open_in_rollups,
    measured_glass,
)
