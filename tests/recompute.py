"""The figures once more, by a stranger: from the events alone, by the definitions of the documents.

Nothing of the centre is imported. `recompute` takes the events as GET /api/v1/events gives them and
returns rows of the shape of GET /api/v1/statistics.
"""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

GROUPINGS = ("service", "counter", "hour", "day", "class", "clerk", "weekday", "month")
MINUTES = (15, 20, 30)


def recompute(events, first="0000-00-00", last="9999-99-99", zone="Asia/Ho_Chi_Minh"):
    """{"total": row, "service": {key: row}, "counter": …} of the local days from first to last, both included."""
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
    rows = {by: {key: _row(some) for key, some in sorted(groups.items())} for by, groups in grouped.items()}
    return {"total": _row(visits), **rows}


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
            }
        elif kind == "ticket.called":
            visits[event["ref"]] |= {"called": at, "counter": event["counter"], "clerk": event["data"]["by"]}
        elif kind == "ticket.started":
            visits[event["ref"]]["started"] = at
        elif kind in ("ticket.finished", "ticket.no_show", "ticket.cancelled", "ticket.expired"):
            visits[event["ref"]] |= {"end": kind.removeprefix("ticket."), "ended": at}
    return visits.values()


def _seconds(visit, start, end):
    gone = visit[end] - visit[start]
    return gone.days * 86_400 + gone.seconds  # the microseconds are dropped: the floor


def _row(visits):
    started = [visit for visit in visits if "started" in visit]
    finished = [visit for visit in visits if visit["end"] == "finished"]
    left = [visit for visit in visits if visit["end"] in ("cancelled", "expired") and "called" not in visit]
    waits = [_seconds(visit, "issued", "called") for visit in started]
    left_after = [_seconds(visit, "issued", "ended") for visit in left]

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
        "wait": _spread(waits),
        "walk": _spread([_seconds(visit, "called", "started") for visit in started]),
        "service": _spread([_seconds(visit, "started", "ended") for visit in finished]),
        "sojourn": _spread([_seconds(visit, "issued", "ended") for visit in finished]),
        "within": {
            str(minutes): {
                "met": sum(wait <= 60 * minutes for wait in waits),
                "of": len(waits) + sum(wait > 60 * minutes for wait in left_after),
            }
            for minutes in MINUTES
        },
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
