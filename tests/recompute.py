"""The figures once more, by a stranger: from the events alone, by the definitions of the documents.

Nothing of the centre is imported. `recompute` takes the events as GET /api/v1/events gives them and
returns rows of the shape of GET /api/v1/statistics.
"""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

GROUPINGS = ("service", "counter", "hour", "day", "class", "clerk", "weekday", "month")
MINUTES = (15, 20, 30)


def recompute(events, first="0000-00-00", last="9999-99-99", zone="Asia/Ho_Chi_Minh", targets=None):
    """{"total": row, "service": {key: row}, "counter": …} of the local days from first to last, both included.

    `targets` gives the seconds aimed at: {"": those of the centre, service: its own}; without it 15 minutes.
    """
    targets = targets or {}
    centre_s = targets.get("", 900)
    visits = [visit for visit in _visits(events) if first <= visit["day"] <= last]
    grouped = {by: defaultdict(list) for by in GROUPINGS}
    for visit in visits:
        local = visit["issued"].astimezone(ZoneInfo(zone))
        keys = {
            "service": visit["service"],
            "counter": "" if visit["counter"] is None else str(visit["counter"]),
            "clerk": visit["clerk"] or "",
            "hour": f"{local.hour:02d}",
            "weekday": str(datetime.fromisoformat(visit["day"]).isoweekday()),
            "day": visit["day"],
            "month": visit["day"][:7],
            "class": visit["class"],
        }
        for by, key in keys.items():
            grouped[by][key].append(visit)
    rows = {
        by: {
            key: _row(some, targets.get(key, centre_s) if by == "service" else centre_s)
            for key, some in sorted(groups.items())
        }
        for by, groups in grouped.items()
    }
    return {"total": _row(visits, centre_s), **rows}


def _visits(events):
    visits = {}
    for event in events:
        kind, at = event["kind"], datetime.fromisoformat(event["at"])
        if kind == "ticket.issued":
            visits[event["ref"]] = {
                "issued": at,
                "day": event["data"]["day"],
                "service": event["service"],
                "class": event["data"]["priority_class"],
                "counter": None,
                "clerk": None,
                "end": None,
                "recalls": 0,
            }
        elif kind == "ticket.priority_changed":
            visits[event["ref"]]["class"] = event["data"]["priority_class"]
        elif kind == "ticket.called":
            visits[event["ref"]] |= {"called": at, "counter": event["counter"], "clerk": event["data"]["by"]}
        elif kind == "ticket.called_again":
            visits[event["ref"]]["recalls"] += 1
        elif kind == "ticket.started":
            visits[event["ref"]]["started"] = at
        elif kind in ("ticket.finished", "ticket.no_show", "ticket.cancelled", "ticket.expired"):
            visits[event["ref"]] |= {"end": kind.removeprefix("ticket."), "ended": at}
    return visits.values()


def _seconds(visit, start, end):
    gone = visit[end] - visit[start]
    return gone.days * 86_400 + gone.seconds  # the microseconds are dropped: the floor


def _row(visits, target_s):
    started = [visit for visit in visits if "started" in visit]
    finished = [visit for visit in visits if visit["end"] == "finished"]
    left = [visit for visit in visits if visit["end"] in ("cancelled", "expired") and "called" not in visit]
    waits = [_seconds(visit, "issued", "called") for visit in started]
    left_after = [_seconds(visit, "issued", "ended") for visit in left]

    def within(limit_s):
        return {
            "met": sum(wait <= limit_s for wait in waits),
            "of": len(waits) + sum(wait > limit_s for wait in left_after),
        }

    def ended(how):
        return sum(visit["end"] == how for visit in visits)

    return {
        "issued": len(visits),
        "called": sum("called" in visit for visit in visits),
        "served": len(finished),
        "no_shows": ended("no_show"),
        "cancelled": ended("cancelled"),
        "expired": ended("expired"),
        "priority": sum(visit["class"] != "ordinary" for visit in visits),
        "recalls": sum(visit["recalls"] for visit in visits),
        "wait": _spread(waits),
        "walk": _spread([_seconds(visit, "called", "started") for visit in started]),
        "service": _spread([_seconds(visit, "started", "ended") for visit in finished]),
        "sojourn": _spread([_seconds(visit, "issued", "ended") for visit in finished]),
        "within": {str(minutes): within(60 * minutes) for minutes in MINUTES},
        "on_target": within(target_s),
        "target_s": target_s,
    }


def _spread(values):
    if not values:
        return {"n": 0, "mean_s": None, "median_s": None, "p90_s": None, "max_s": None}
    values = sorted(values)
    n = len(values)
    return {
        "n": n,
        "mean_s": sum(values) // n,
        "median_s": values[-(-n * 50 // 100) - 1],
        "p90_s": values[-(-n * 90 // 100) - 1],
        "max_s": values[-1],
    }


def counter_times(events, day):
    """{counter: {"serving_s", "calling_s", "idle_s", "paused_s": {reason: s}, "left_open"}} of one service day."""
    spent, desks, inside, last = {}, {}, False, None

    def state(desk):
        if desk["busy"]:
            return desk["busy"]
        return {"open": "idle_s", "paused": ("paused_s", desk["reason"])}.get(desk["staffing"])

    def of(counter):
        nothing = {"serving_s": 0, "calling_s": 0, "idle_s": 0, "paused_s": {}, "left_open": 0}
        return spent.setdefault(counter, nothing)

    def spend(counter, what, start, end):
        one = of(counter)
        gone = datetime.fromisoformat(end) - datetime.fromisoformat(start)
        seconds = gone.days * 86_400 + gone.seconds
        if isinstance(what, tuple):
            one["paused_s"][what[1]] = one["paused_s"].get(what[1], 0) + seconds
        else:
            one[what] += seconds

    for event in events:
        kind, at, data, counter = event["kind"], event["at"], event["data"], event["counter"]
        if kind == "day.opened":
            inside = data["day"] == day
            if inside:
                last = at
                for one in data["serving"]:
                    desks[one["counter"]] = {
                        "staffing": "paused" if one["paused"] else "open",
                        "reason": one["pause_reason"] or "none",
                        "busy": "serving_s",
                        "since": at,
                    }
            continue
        if not inside:
            continue
        last = at
        if kind == "day.closed":
            inside = False
            continue
        if counter is None:
            continue
        desk = desks.setdefault(counter, {"staffing": None, "reason": "none", "busy": None, "since": at})
        was = state(desk)
        if kind in ("counter.opened", "counter.resumed"):
            desk["staffing"] = "open"
        elif kind == "counter.paused":
            desk["staffing"], desk["reason"] = "paused", data["reason"] or "none"
        elif kind == "counter.closed":
            desk["staffing"] = None
            of(counter)["left_open"] += data["reason"] == "day_end"
        elif kind == "ticket.called":
            desk["busy"] = "calling_s"
        elif kind == "ticket.started":
            desk["busy"] = "serving_s"
        elif kind in ("ticket.finished", "ticket.no_show", "ticket.cancelled", "ticket.expired"):
            desk["busy"] = None
        if state(desk) != was:
            if was:
                spend(counter, was, desk["since"], at)
            desk["since"] = at
    for counter, desk in desks.items():
        if state(desk):
            spend(counter, state(desk), desk["since"], last)
    return spent


def longest_queue(events, day, zone="Asia/Ho_Chi_Minh"):
    """(how many, when first) of one service day; a ticket counts from its issue to its call or its end."""
    joined, moves = set(), []
    for event in events:
        if event["kind"] == "ticket.issued" and event["data"]["day"] == day:
            joined.add(event["ref"])
            moves.append((event["at"], 1))
        elif event["kind"] in ("ticket.called", "ticket.cancelled", "ticket.expired") and event["ref"] in joined:
            joined.remove(event["ref"])
            moves.append((event["at"], -1))
    most, when, length = 0, None, 0
    for at in sorted({at for at, _ in moves}):
        if datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).date().isoformat() > day:
            break
        length += sum(step for moment, step in moves if moment == at)
        if length > most:
            most, when = length, at
    return most, when
