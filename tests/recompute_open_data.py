"""The public figures of a month computed a second time, from the events alone and by docs/open-data.md.

Nothing of the centre is imported. `month` returns what the JSON file of a month has to say.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.recompute import calls, counter_times, recompute

FEW = 10


def shown_together(sizes):
    """(keys shown alone, keys shown as one) for {key: visits that were served}."""
    alone, small = {}, {}
    for key, size in sizes.items():
        (alone if size >= FEW else small)[key] = size
    while small and sum(small.values()) < FEW:
        if not alone:
            return [], []
        smallest = sorted(alone, key=lambda key: (alone[key], key))[0]
        small[smallest] = alone.pop(smallest)
    return sorted(alone), sorted(small)


def share(met, of):
    """(per cent, bound) of a share as it may be said."""
    missed = of - met
    hidden = [side for side in (met, missed) if 1 <= side <= 9]
    if of < FEW or len(hidden) == 2 or (hidden and of < 30):
        return None, ""
    if 1 <= missed <= 9:
        return int((of - 9) * 100 / of), "at_least"
    if 1 <= met <= 9:
        return 9 * 100 // of + (900 % of > 0), "at_most"
    return met * 100 // of, ""


def minutes(seconds):
    return max(1, seconds // 60 + (seconds % 60 > 0))


def row(dimension, key, figures, limit_s):
    assert figures["target_s"] == limit_s
    within, target = figures["within"]["15"], figures["on_target"]
    return {
        "dimension": dimension,
        "key": key,
        "visits": figures["issued"],
        "wait_median_min": minutes(figures["wait"]["median_s"]),
        "wait_p90_min": minutes(figures["wait"]["p90_s"]),
        **dict(zip(("within_15_percent", "within_15_bound"), share(within["met"], within["of"]), strict=True)),
        **dict(zip(("on_target_percent", "on_target_bound"), share(target["met"], target["of"]), strict=True)),
        "target_min": limit_s // 60,
        **dict(
            zip(
                ("not_served_percent", "not_served_bound"),
                share(figures["issued"] - figures["served"], figures["issued"]),
                strict=True,
            )
        ),
    }


def month(events, name, targets=None, zone="Asia/Ho_Chi_Minh"):
    """The public figures of a month, without the names of rows and of the centre."""
    targets = targets or {}
    hall_s = targets.get("", 900)
    first, last = f"{name}-01", f"{name}-31"
    right = recompute(events, first, last, zone, targets)
    total, waits = right["total"], []
    if total["wait"]["n"] >= FEW:
        waits.append(row("total", "total", total, hall_s))
        for dimension in ("service", "hour", "day"):
            groups = right[dimension]
            alone, together = shown_together({key: figures["wait"]["n"] for key, figures in groups.items()})
            for key in alone:
                limit = targets.get(key, hall_s) if dimension == "service" else hall_s
                waits.append(row(dimension, key, groups[key], limit))
            if together:
                waits.append(
                    row(dimension, "other", merged(events, dimension, together, first, last, zone, hall_s), hall_s)
                )
    made, passing = calls(events, first, last)
    in_order, out = sum(made.values()) - sum(passing.values()), sum(passing.values())
    hidden = shown_together({"in": in_order, "out": out})[1]
    alone, together = shown_together(passing)
    reasons = [(reason, passing[reason]) for reason in alone]
    if together:
        reasons.append(("other", sum(passing[reason] for reason in together)))
    paused, staffed = {}, 0
    for event in events:
        if event["kind"] == "day.opened" and first <= event["data"]["day"] <= last:
            for time in counter_times(events, event["data"]["day"]).values():
                staffed += time["serving_s"] + time["calling_s"] + time["idle_s"] + sum(time["paused_s"].values())
                for reason, seconds in time["paused_s"].items():
                    paused[reason] = paused.get(reason, 0) + seconds
    percent, bound = share(total["priority"], total["issued"]) if waits else (None, "")
    return {
        "month": name,
        "days": len(right["day"]),
        "calls": None if hidden else in_order + out,
        "priority_percent": percent,
        "priority_bound": bound,
        "waits": waits,
        "calls_out_of_order": [{"reason": reason, "calls_out_of_order": n} for reason, n in reasons],
        "pauses": [
            {"reason": reason, "minutes": seconds // 60, "percent_of_staffed": seconds * 100 // staffed}
            for reason, seconds in sorted(paused.items())
            if seconds >= 60 and waits
        ],
    }


def merged(events, dimension, keys, first, last, zone, hall_s):
    """The figures of some groups together: every visit of theirs under one name."""
    targets = {"": hall_s}
    if dimension == "service":  # a leg's service is what it is grouped by
        renamed = [
            {
                **event,
                "service": "other" if event["service"] in keys else event["service"],
                "data": {
                    **event["data"],
                    **({"to_service": "other"} if event["data"].get("to_service") in keys else {}),
                },
            }
            for event in events
        ]
        return recompute(renamed, first, last, zone, targets)["service"]["other"]
    issued = {
        event["ref"] for event in events if event["kind"] == "ticket.issued" and _key(event, dimension, zone) in keys
    }
    some = [event for event in events if event["ref"] is None or event["ref"] in issued]
    return recompute(some, first, last, zone, targets)["total"]


def _key(event, dimension, zone):
    if dimension == "day":
        return event["data"]["day"]
    return f"{datetime.fromisoformat(event['at']).astimezone(ZoneInfo(zone)).hour:02d}"
