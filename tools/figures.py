"""Write docs/figures.md: the definitions that the screens show, with formula and source beside them.

python -m tools.figures
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "figures.md"
LANGS = ("vi", "en")
DECREE = "Quyết định 468/QĐ-TTg: ≤ 15 minutes; TP.HCM 20; alarm 30"
LEVEL = "service level as call centres define it; abandoned after Y counts as not met"

# figure -> (from which events, where the definition comes from)
FORMULAE = {
    "issued": ("count of `ticket.issued` by `data.day`", "arrivals, λ·T"),
    "called": ("tickets with a `ticket.called`", ""),
    "served": ("tickets with a `ticket.finished`", "throughput, X·T"),
    "no_shows": ("tickets with a `ticket.no_show` that no `ticket.returned` follows", ""),
    "cancelled": ("tickets with a `ticket.cancelled` that no `ticket.reinstated` follows", ""),
    "expired": ("tickets with a `ticket.expired`", ""),
    "ghosts": ("tickets whose last `ticket.cancelled` has a `data.why`, and no `ticket.reinstated` after it", ""),
    "priority": (
        "`priority_class` of the last `ticket.priority_changed`, or else of `ticket.issued`, other than `ordinary`",
        "",
    ),
    "recalls": ("count of `ticket.called_again`", ""),
    "returns": ("count of `ticket.returned` with `data.after` `no_show`", ""),
    "holds": ("count of `ticket.held`", ""),
    "transfers": ("count of `ticket.transferred`", ""),
    "transfers_in": ("the same, at the service, counter and clerk of the leg that begins with it", ""),
    "by_hand": ("count of `ticket.called` with `data.reason` `MANUAL`", ""),
    "short": ("services of less than 15 s", ""),
    "dossiers": ("the last `data.dossiers` of `ticket.dossiers_counted`, or 1; of tickets with `ticket.finished`", ""),
    "people": (
        "the last `data.people` of `ticket.people_counted` or `ticket.issued`, or 1; of tickets with `ticket.finished`",
        "",
    ),
    "ratings": ("`ticket.rated` of tickets with `ticket.finished`, by `data.rating`; shown from 10 on", ""),
    "response": ("ratings ÷ served", ""),
    "satisfied": ("ratings with `data.rating` `very_satisfied` or `satisfied` ÷ ratings", ""),
    "no_group": ("legs without a `ticket.called`; the key is the empty text", ""),
    "shift": ("local hour of `ticket.issued`: `morning` < 12 ≤ `afternoon` < 18 ≤ `evening`", ""),
    "channel": (
        "of `ticket.issued`: `appointment` if it has `data.appointment`, or else its `data.channel`, or else `kiosk` if"
        " `data.by` is a device, or else `staff`",
        "",
    ),
    "appointments": (
        "by `data.day`: the last `appointment.booked`, `.cancelled` or `.missed` of `data.appointment`;"
        " `checked_in` with a `ticket.issued` that names it",
        "",
    ),
    "wait": (
        "Σ over the legs: `ticket.called` − (`ticket.issued` or the `ticket.transferred` before), where the leg's first"
        " `ticket.started` follows",
        "W_q of Little's law",
    ),
    "walk": ("the leg's first `ticket.started` − the `ticket.called` before it", ""),
    "service": (
        "Σ over the stretches of a leg: (`ticket.finished`, `ticket.held` or `ticket.transferred`) − `ticket.started`;"
        " of legs that ended with `ticket.finished` or `ticket.transferred`",
        "S",
    ),
    "sojourn": ("`ticket.finished` − `ticket.issued`", "W"),
    "hold": ("Σ over the holds of a leg: `ticket.started` − `ticket.held`; of the same legs, where held", ""),
    "mean": ("⌊Σ xᵢ / n⌋", ""),
    "median": ("x₍ₖ₎ with k = ⌈0.50 · n⌉", "nearest rank"),
    "p90": ("x₍ₖ₎ with k = ⌈0.90 · n⌉", "nearest rank"),
    "max": ("x₍ₙ₎", ""),
    "within": (
        "met = waits ≤ 60·Y; of = waits + those never called who were cancelled or expired more than 60·Y s after it",
        f"{LEVEL}; {DECREE}",
    ),
    "on_target": ("the same with `target_s` of the row in place of 60·Y", LEVEL),
    "arrivals": ("issued in the hour ÷ days with any `ticket.issued`", "λ"),
    "longest_queue": (
        "+1 at `ticket.issued` and `ticket.transferred`, −1 at the leg's last `ticket.called` before any start, or at"
        " `ticket.cancelled`, `ticket.expired`; all steps of one instant together; up to local midnight; the greatest"
        " sum and its first instant",
        "L_q",
    ),
    "longest_by_service": (
        "the same over the legs of one service; of a `ticket.moved` the service it was moved to",
        "L_q",
    ),
    "out_of_order": ("count of `ticket.called` with `data.passes` > 0, by `data.reason`", ""),
    "slips": (
        "at each first `ticket.started` after a `ticket.called`, one for each ticket that waited at the call, arrived"
        " before, and that the counter could have called; by `data.reason` of the call",
        "queueing slips: Larson, Operations Research 35 (1987) 895-905",
    ),
    "skips": ("Σ `data.passes` of the same calls", "Larson 1987"),
    "slips_passed": ("tickets with a slip of that reason", ""),
    "slips_p99": ("x₍ₖ₎ with k = ⌈0.99 · n⌉ over all tickets with a `ticket.issued` of the day", "nearest rank"),
    "structural": (
        "at the same calls, one for each ticket that waited, arrived before, and whose service was of no counter that"
        " was open and not paused; by that service",
        "",
    ),
    "queue_length": (
        "the greatest sum within each local quarter of an hour, from the first to the last step",
        "L_q(t)",
    ),
    "wait_lengths": ("waits by ⌊wait ÷ 300 s⌋, 12 and more together", ""),
    "weekday_hours": ("tickets by weekday of `data.day` and local hour of `ticket.issued`", "λ(t)"),
    "serving_time": (
        "from `ticket.started` (or `day.opened`, if it carries the service) to `ticket.finished`, `ticket.held`,"
        " `ticket.transferred` or `day.closed`",
        "",
    ),
    "calling_time": (
        "from `ticket.called` to `ticket.started`, `ticket.no_show`, `ticket.cancelled` or `ticket.expired`",
        "",
    ),
    "idle_time": ("between `counter.opened` or `counter.resumed` and pause or closing, with nobody at the counter", ""),
    "open_time": ("serving + calling + idle", ""),
    "paused_time": (
        "between `counter.paused` and `counter.resumed`, `counter.opened` or `counter.closed`, with nobody at the"
        " counter; by `data.reason` (`none` without one); a change of reason begins a new stretch",
        "",
    ),
    "left_open": (
        "count of `counter.closed` with `data.reason` `day_end`; what that, `ticket.expired` or `day.closed` ends"
        " counts until the last event of the day that names a ticket or a counter, other than these and `ticket.rated`",
        "",
    ),
    "counter_day": (
        "by `data.by` of the last `counter.opened`, nobody after `counter.handed_over`; a stretch also ends there",
        "",
    ),
    "incidents": (
        "from a `counter.paused` with `data.reason` `software_fault`, `portal_overloaded` or `network_lost` while no"
        " other counter is paused for it, until none is: `counter.resumed`, `.opened`, `.closed`, `.paused` for another"
        " reason, `day.closed`",
        "",
    ),
    "early": (
        "count of `ticket.held`, and of `counter.paused` with somebody being served, less than 60 s after the"
        " `ticket.started` before it at that counter",
        "",
    ),
    "utilisation": ("serving ÷ open", "ρ, busy of staffed time"),
}

HEAD = """# The figures: what each one means

Written by `python -m tools.figures` from the words the screens show (`static/text/`), so the two cannot differ. The
events are those of `events.md`; every duration is the floor, in whole seconds, of the difference of two `at`.
Days and hours are local to the hall. A ticket belongs to the `day` and hour of its issue, and to the service, counter
and clerk of its last leg: counter and clerk are `counter` and `data.by` of the leg's last `ticket.called`, and a leg
that was not called has neither. An event that a `ticket.undone` names counts for no figure but the time of a counter.
Screens, CSV, spreadsheet and `GET /api/v1/statistics` show the same numbers: counts and whole seconds. A percentage is
computed from two counts, which are shown beside it.

The workbook has a sheet for each grouping, the time of the counters and the queue. Of up to three months it also has
what is read from the events of the days: slips, stops in the first minute, the longest queues, the time of the counters
by clerk, and incidents.

"""

FORECASTS = """
## Scores of the forecasts

`GET /api/v1/statistics/forecasts` judges every forecast that was given with a number (table `forecast`; no event has
it) and came true: the ticket was called. The wait is from `ticket.issued` to the first `ticket.called`. Left out are
tickets that came back after a no-show, and those with a `ticket.priority_changed`, `ticket.moved` or
`ticket.deferred`. A forecast belongs to the day and the service of the issue; it is long if its P50 is over 480 s.

| figure | meaning |
|---|---|
| error | P50 less wait, of each forecast |
| `mae_s`, `median_s` | mean of the absolute errors; their median, rounded down to 30 s |
| `bias_s` | mean of the errors: positive where people were called earlier than was said |
| `pinball_50_s`, `pinball_80_s` | mean of max(q·(wait − Pq), (q − 1)·(wait − Pq)), for q = 0.5 and 0.8 |
| `kept` | waits of at most P10, P50, P80, P90: in the long run a tenth, half, eight and nine tenths |
| `before_p10` | waits shorter than P10: called before the time at which they were asked to be here |
| `within` | waits of at most the end of the range that was shown, P80 rounded up to five minutes |
| `last` | a simple rule to compare with: the wait of the last to be called, of the same service where one was today |
| `mean` | the mean wait of the last five to be called, likewise |
| `queue` | people of the service ahead × the mean of its service times ÷ its open counters |
| `head` | how long the first in the queue of the service has waited |
"""

EXAMPLE_HEAD = """
## Three figures by hand

Ten events of one morning in Viet Nam (UTC+7), three people at one counter, as `GET /api/v1/events` returns them
(`events.md` has every kind). All have the `day` 2026-01-05 and the class `ordinary`; their other fields, and the
events of the counter between them, change none of these figures.

"""

# (seq, at, kind, ref)
EXAMPLE = (
    (1, "2026-01-05T00:30:00.000000Z", "ticket.issued", 1),
    (2, "2026-01-05T00:31:00.000000Z", "ticket.issued", 2),
    (3, "2026-01-05T00:40:00.500000Z", "ticket.called", 1),
    (4, "2026-01-05T00:40:30.000000Z", "ticket.started", 1),
    (5, "2026-01-05T00:45:00.000000Z", "ticket.issued", 3),
    (6, "2026-01-05T00:50:00.000000Z", "ticket.finished", 1),
    (7, "2026-01-05T00:50:10.000000Z", "ticket.called", 2),
    (8, "2026-01-05T00:50:40.900000Z", "ticket.started", 2),
    (9, "2026-01-05T00:55:00.000000Z", "ticket.finished", 2),
    (10, "2026-01-05T01:20:00.000000Z", "ticket.cancelled", 3),
)

EXAMPLE_FOOT = """
* **Wait.** Ticket 1: 00:30:00 to 00:40:00.5 is 600 s (the half second is dropped). Ticket 2: 00:31:00 to 00:50:10 is
  1150 s. Ticket 3 was never served and has none. Median: rank ⌈0.5 · 2⌉ = 1, so **600 s**; 9 in 10: rank ⌈0.9 · 2⌉ = 2,
  **1150 s**; mean ⌊1750 / 2⌋ = **875 s**.
* **Share within 15 minutes.** One of the two waits is at most 900 s. Ticket 3 was abandoned after 2100 s,
  later than 900, so it counts as not met: **1 of 3**. Within 30 minutes: **2 of 3**.
* **Longest queue.** 1, 2 (00:31), 1, 2 (00:45), 1, 0: **2 people**, first at **00:31:00**, which is 07:31 in the hall.
"""


def page() -> str:
    """Return the text of docs/figures.md."""
    words = {lang: json.loads((ROOT / "static/text" / f"{lang}.json").read_text("utf-8"))["figures"] for lang in LANGS}
    parts = [HEAD]
    for name, (formula, source) in FORMULAE.items():
        vi, en = words["vi"], words["en"]
        parts.append(f"**{en[name]}** · {vi[name]}\n\n* {en[name + '_means']}\n* {vi[name + '_means']}\n* {formula}\n")
        parts.append(f"* Source: {source}\n\n" if source else "\n")
    rows = "".join(f"| {seq} | {at} | `{kind}` | {ref} |\n" for seq, at, kind, ref in EXAMPLE)
    parts.append(FORECASTS)
    parts += [EXAMPLE_HEAD, "| seq | at | kind | ref |\n|---|---|---|---|\n", rows, EXAMPLE_FOOT]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
