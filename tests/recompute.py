"""The figures computed a second time, from the events alone and by the definitions in docs/.

Nothing of the centre is imported. `recompute` takes the events as GET /api/v1/events gives them and
returns rows of the shape of GET /api/v1/statistics.
"""

from collections import defaultdict
from copy import deepcopy
from datetime import datetime
from zoneinfo import ZoneInfo

GROUPINGS = (
    *("service", "counter", "hour", "day", "class", "clerk", "weekday", "month", "kiosk", "kiosk_hour"),
    *("shift", "channel"),
)
MINUTES = (15, 20, 30)
GONE = ("ticket.finished", "ticket.no_show", "ticket.cancelled", "ticket.expired", "ticket.held", "ticket.transferred")


def recompute(events, first="0000-00-00", last="9999-99-99", zone="Asia/Ho_Chi_Minh", targets=None):
    """{"total": row, "service": {key: row}, "counter": …} of the local days from first to last, both included.

    `targets` gives the seconds aimed at: {"": those of the centre, service: its own}; without it 15 minutes.
    """
    targets = targets or {}
    centre_s = targets.get("", 900)
    visits = [visit for visit in _visits(events) if first <= visit["day"] <= last]
    grouped = {by: defaultdict(lambda: ([], [])) for by in GROUPINGS}
    for visit in visits:
        local = visit["issued"].astimezone(ZoneInfo(zone))
        for leg in visit["legs"]:
            keys = {
                "service": leg["service"],
                "counter": "" if leg["counter"] is None else str(leg["counter"]),
                "clerk": leg["clerk"] or "",
                "hour": f"{local.hour:02d}",
                "weekday": str(datetime.fromisoformat(visit["day"]).isoweekday()),
                "day": visit["day"],
                "month": visit["day"][:7],
                "class": visit["class"],
                "kiosk": visit["kiosk"],
                "kiosk_hour": f"{visit['kiosk']} {local.hour:02d}",
                "shift": ("morning", "afternoon", "evening")[(local.hour >= 12) + (local.hour >= 18)],
                "channel": visit["channel"],
            }
            for by, key in keys.items():
                grouped[by][key][1].append(leg)
                if leg is visit["legs"][-1]:
                    grouped[by][key][0].append(visit)
    rows = {
        by: {
            key: _row(some, legs, targets.get(key, centre_s) if by == "service" else centre_s)
            for key, (some, legs) in sorted(groups.items())
        }
        for by, groups in grouped.items()
    }
    return {"total": _row(visits, [leg for visit in visits for leg in visit["legs"]], centre_s), **rows}


RATINGS = ("very_satisfied", "satisfied", "neutral", "dissatisfied")


def ratings(events, by, first="0000-00-00", last="9999-99-99"):
    """{key: (served, how many gave each of RATINGS)} of the visits of these days that were served, by their last leg.

    `by` is service, counter, clerk, month or none.
    """
    counted = defaultdict(lambda: [0, 0, 0, 0, 0])
    for visit in _visits(events):
        if visit["end"] == "finished" and first <= visit["day"] <= last:
            leg = visit["legs"][-1]
            of = {**leg, "counter": str(leg["counter"]), "month": visit["day"][:7], "none": ""}
            counted[of[by]][0] += 1
            if visit["rating"] is not None:
                counted[of[by]][1 + RATINGS.index(visit["rating"])] += 1
    return {key: (served, tuple(given)) for key, (served, *given) in counted.items()}


def _leg(service, at):
    return {
        "service": service,
        "queued": at,
        "counter": None,
        "clerk": None,
        "served": [],  # each stretch
        "held": [],
        "recalls": 0,
        "holds": 0,
        "by_hand": 0,
        "transferred": False,
        "brought": False,
    }


def _channel(issued):
    if "appointment" in issued:
        return "appointment"
    return issued.get("channel") or ("kiosk" if issued["by"].split(":")[0] == "device" else "staff")


def _visits(events):  # noqa: C901  one branch for each kind of event, as docs/events.md lists them
    visits, before = {}, {}
    for event in events:
        kind, data, ref = event["kind"], event["data"], event["ref"]
        at = datetime.fromisoformat(event["at"])
        if kind == "ticket.issued":
            visits[ref] = {
                "issued": at,
                "day": data["day"],
                "class": data["priority_class"],
                "legs": [_leg(event["service"], at)],
                "end": None,
                "returned": 0,
                "dossiers": 1,
                "people": data.get("people", 1),
                "ghost": False,
                "rating": None,
                "kiosk": "staff" if data["by"].startswith("user:") else data["by"],
                "channel": _channel(data),
            }
            continue
        if kind == "ticket.undone":
            visits[ref] = before.pop(data["undoes"])
            continue
        if not kind.startswith("ticket."):
            continue
        visit = visits[ref]
        before[event["seq"]] = deepcopy(visit)
        leg = visit["legs"][-1]
        if kind == "ticket.priority_changed":
            visit["class"] = data["priority_class"]
        elif kind == "ticket.called":
            leg |= {"counter": event["counter"], "clerk": data["by"]}
            leg["by_hand"] += data.get("reason") == "MANUAL"
            if "started" not in leg:
                leg["called"] = at
        elif kind == "ticket.called_again":
            leg["recalls"] += 1
        elif kind == "ticket.started":
            leg.setdefault("started", at)
            if "away" in leg:
                leg["held"].append(_gone(leg.pop("away"), at))
            leg["since"] = at
        elif kind == "ticket.held":
            leg["served"].append(_gone(leg["since"], at))
            leg["away"] = at
            leg["holds"] += 1
        elif kind == "ticket.transferred":
            leg["served"].append(_gone(leg["since"], at))
            leg |= {"finished": at, "transferred": True}
            visit["legs"].append(_leg(data["to_service"], at) | {"brought": True})
        elif kind == "ticket.returned":
            if visit["end"] == "no_show":
                visit |= {"end": None, "returned": visit["returned"] + 1}
        elif kind == "ticket.moved":
            leg["service"] = data["to_service"]
        elif kind == "ticket.rated":
            visit["rating"] = data["rating"]
        elif kind == "ticket.people_counted":
            visit["people"] = data["people"]
        elif kind == "ticket.reinstated":
            visit |= {"end": None, "ghost": False}
        elif kind == "ticket.dossiers_counted":
            visit["dossiers"] = data["dossiers"]
        elif kind in ("ticket.finished", "ticket.no_show", "ticket.cancelled", "ticket.expired"):
            visit |= {"end": kind.removeprefix("ticket."), "ended": at, "ghost": "why" in data}
            if kind == "ticket.finished":
                leg["served"].append(_gone(leg["since"], at))
                leg["finished"] = at
    return list(visits.values())


def _gone(start, end):
    gone = end - start
    return gone.days * 86_400 + gone.seconds  # the microseconds are dropped: the floor


def _row(visits, legs, target_s):
    finished = [visit for visit in visits if visit["end"] == "finished"]
    called = [visit for visit in visits if any("called" in leg for leg in visit["legs"])]
    left = [visit for visit in visits if visit["end"] in ("cancelled", "expired") and visit not in called]
    started = [leg for leg in legs if "started" in leg]
    done = [leg for leg in legs if "finished" in leg]
    waits = [
        sum(_gone(leg["queued"], leg["called"]) for leg in visit["legs"] if "started" in leg)
        for visit in visits
        if any("started" in leg for leg in visit["legs"])
    ]
    left_after = [_gone(visit["issued"], visit["ended"]) for visit in left]

    def within(limit_s):
        return {
            "met": sum(wait <= limit_s for wait in waits),
            "of": len(waits) + sum(wait > limit_s for wait in left_after),
        }

    def ended(how):
        return sum(visit["end"] == how for visit in visits)

    return {
        "issued": len(visits),
        "called": len(called),
        "served": len(finished),
        "no_shows": ended("no_show"),
        "cancelled": ended("cancelled"),
        "expired": ended("expired"),
        "ghosts": sum(visit["ghost"] for visit in visits),
        "priority": sum(visit["class"] != "ordinary" for visit in visits),
        "recalls": sum(leg["recalls"] for leg in legs),
        "returns": sum(visit["returned"] for visit in visits),
        "holds": sum(leg["holds"] for leg in legs),
        "transfers": sum(leg["transferred"] for leg in legs),
        "transfers_in": sum(leg["brought"] for leg in legs),
        "by_hand": sum(leg["by_hand"] for leg in legs),
        "short": sum(sum(leg["served"]) < 15 for leg in done),
        "dossiers": sum(visit["dossiers"] for visit in finished),
        "people": sum(visit["people"] for visit in finished),
        "wait": _spread(waits),
        "walk": _spread([_gone(leg["called"], leg["started"]) for leg in started]),
        "service": _spread([sum(leg["served"]) for leg in done]),
        "sojourn": _spread([_gone(visit["issued"], visit["ended"]) for visit in finished]),
        "hold": _spread([sum(leg["held"]) for leg in done if leg["holds"]]),
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


def counter_times(events, day):  # noqa: C901  one branch for each kind of event, as docs/events.md lists them
    """{counter: {"serving_s", "calling_s", "idle_s", "paused_s": {reason: s}, "left_open"}} of one service day."""
    spent, states, inside, last, active = {}, {}, False, None, None

    def doing(state):
        if state["busy"]:
            return state["busy"]
        return {"open": "idle_s", "paused": ("paused_s", state["reason"])}.get(state["staffing"])

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
                last = active = at
                for one in data["serving"]:
                    states[one["counter"]] = {
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
            inside, last = False, active
            continue
        by_the_day = kind == "ticket.expired" or (kind == "counter.closed" and data["reason"] == "day_end")
        if by_the_day:
            at = active
        elif kind != "ticket.rated" and (counter is not None or event["ref"] is not None):
            active = at
        if counter is None:
            continue
        state = states.setdefault(counter, {"staffing": None, "reason": "none", "busy": None, "since": at})
        was = doing(state)
        if kind in ("counter.opened", "counter.resumed"):
            state["staffing"] = "open"
        elif kind == "counter.paused":
            state["staffing"], state["reason"] = "paused", data["reason"] or "none"
        elif kind == "counter.closed":
            state["staffing"] = None
            of(counter)["left_open"] += data["reason"] == "day_end"
        elif kind == "ticket.called":
            state["busy"] = "calling_s"
        elif kind == "ticket.started":
            state["busy"] = "serving_s"
        elif kind in GONE:
            state["busy"] = None
        elif kind == "ticket.undone":
            state["busy"] = {"called": "calling_s", "serving": "serving_s"}.get(data["state"])
        if doing(state) != was:
            if was:
                spend(counter, was, state["since"], at)
            state["since"] = at
    for counter, state in states.items():
        if doing(state):
            spend(counter, doing(state), state["since"], last)
    return spent


def calls(events, first="0000-00-00", last="9999-99-99"):
    """({reason: calls}, {reason: calls that passed somebody}) made on these days, without those undone."""
    undone = {event["data"]["undoes"] for event in events if event["kind"] == "ticket.undone"}
    day, made, passing = "", {}, {}
    for event in events:
        if event["kind"] == "day.opened":
            day = event["data"]["day"]
        if event["kind"] == "ticket.called" and event["seq"] not in undone and first <= day <= last:
            reason = event["data"]["reason"]
            made[reason] = made.get(reason, 0) + 1
            if event["data"]["passes"]:
                passing[reason] = passing.get(reason, 0) + 1
    return made, passing


def longest_queue(events, day, zone="Asia/Ho_Chi_Minh", service=None):
    """(how many, when first) of one service day; a leg counts from where it began to its call or the end."""
    moves = []
    for visit in _visits(events):
        if visit["day"] == day:
            for leg in visit["legs"]:
                if service not in (None, leg["service"]):
                    continue
                moves.append((leg["queued"], 1))
                left = leg.get("called") or (visit["ended"] if visit["end"] in ("cancelled", "expired") else None)
                if left is not None:
                    moves.append((left, -1))
    most, when, length = 0, None, 0
    for at in sorted({at for at, _ in moves}):
        if at.astimezone(ZoneInfo(zone)).date().isoformat() > day:
            break
        length += sum(step for moment, step in moves if moment == at)
        if length > most:
            most, when = length, at
    return most, None if when is None else when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def appointments(events, first="0000-00-00", last="9999-99-99"):
    """{state: how many} of the appointments of the local days from first to last, both included."""
    states = {}
    for event in events:
        kind, data = event["kind"], event["data"]
        if kind.startswith("appointment.") and first <= data["day"] <= last:
            states[data["appointment"]] = kind.removeprefix("appointment.")
        elif kind == "ticket.issued" and data.get("appointment") in states:
            states[data["appointment"]] = "checked_in"
    return {state: list(states.values()).count(state) for state in states.values()}


def clerk_times(events, day):  # noqa: C901  one branch for each kind of event
    """{(counter, clerk): the times of `counter_times`} of one service day; "" after a hand-over.

    Each clerk is given a counter of their own in a copy of the log, into which the counter's state is carried.
    """
    copy, names, states = [], {}, {}

    def own(counter, clerk):
        return names.setdefault((counter, clerk), len(names) + 1000)

    inside = False
    for event in events:
        kind, data, counter = event["kind"], event["data"], event["counter"]
        if kind == "day.opened":
            inside = data["day"] == day
            carried = [{**one, "counter": own(one["counter"], one["by"] or "")} for one in data["serving"]]
            copy.append({**event, "data": {**data, "serving": carried}})
            if inside:
                states = {
                    one["counter"]: {
                        "clerk": one["by"] or "",
                        "staffed": ("counter.paused", {"reason": one["pause_reason"]})
                        if one["paused"]
                        else ("counter.opened", {}),
                        "busy": "ticket.started",
                    }
                    for one in data["serving"]
                }
            continue
        if not inside or counter is None:
            copy.append(event)
            inside = inside and kind != "day.closed"
            continue
        state = states.setdefault(counter, {"clerk": "", "staffed": None, "busy": None})
        clerk = state["clerk"]
        if kind in ("counter.opened", "counter.handed_over"):
            clerk = data["by"] if kind == "counter.opened" else ""
        if clerk != state["clerk"]:
            leave, enter = own(counter, state["clerk"]), own(counter, clerk)
            if state["busy"]:
                copy.append({**event, "kind": "ticket.finished", "counter": leave})
            if state["staffed"]:
                copy.append({**event, "kind": "counter.closed", "counter": leave, "data": {"reason": "closed"}})
                copy.append({**event, "kind": state["staffed"][0], "counter": enter, "data": state["staffed"][1]})
            if state["busy"]:
                copy.append({**event, "kind": state["busy"], "counter": enter})
            state["clerk"] = clerk
        copy.append({**event, "counter": own(counter, clerk)})
        if kind in ("counter.opened", "counter.resumed"):
            state["staffed"] = ("counter.opened", {})
        elif kind == "counter.paused":
            state["staffed"] = (kind, data)
        elif kind == "counter.closed":
            state["staffed"] = None
        elif kind in ("ticket.called", "ticket.started"):
            state["busy"] = kind
        elif kind in GONE:
            state["busy"] = None
        elif kind == "ticket.undone":
            state["busy"] = {"called": "ticket.called", "serving": "ticket.started"}.get(data["state"])
    times = counter_times(copy, day)
    return {key: times[number] for key, number in names.items() if number in times}


def slips_of_day(events, day):  # noqa: C901  one branch for each kind of event
    """Slips of every ticket issued on a day, in rising order, and {service: structural passes}.

    For logs in which nobody is put off or held, and no setting changes: counters have the services they began with.
    """
    served, opened, waiting, order = {}, set(), {}, {}
    calls, begun, slips, structural, inside = {}, {}, {}, {}, False
    for event in events:
        kind, data, ref, counter = event["kind"], event["data"], event["ref"], event["counter"]
        if kind == "setting.changed" and data["what"] == "founded":
            for one in data["settings"]["counters"]:
                served[one["number"]] = set(one["services"])
        if kind == "day.opened":
            inside, waiting = data["day"] == day, {}
            opened = {one["counter"] for one in data["serving"] if not one["paused"]}
        if kind in ("counter.opened", "counter.resumed"):
            opened.add(counter)
        elif kind in ("counter.paused", "counter.closed"):
            opened.discard(counter)
        if kind == "ticket.issued":
            order[ref], waiting[ref] = event["seq"], event["service"]
            if inside:
                slips[ref] = 0
        elif kind in ("ticket.cancelled", "ticket.expired"):
            waiting.pop(ref, None)
        elif kind == "ticket.called":
            waiting.pop(ref)
            before = {other: service for other, service in waiting.items() if order[other] < order[ref]}
            able = {service for number in opened for service in served[number]} | set(data["services"])
            calls[ref] = (
                [other for other, service in before.items() if service in data["services"]],
                [service for service in before.values() if service not in able],
            )
        elif kind == "ticket.started" and ref in calls:
            begun[event["seq"]] = calls[ref] if inside else ([], [])
    undone = {event["data"]["undoes"] for event in events if event["kind"] == "ticket.undone"}
    for seq, (passed, unserved) in begun.items():
        if seq not in undone:
            for other in passed:
                slips[other] += 1
            for service in unserved:
                structural[service] = structural.get(service, 0) + 1
    return sorted(slips.values()), structural
