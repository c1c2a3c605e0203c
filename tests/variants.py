"""Which variants of events a log contains, so that a test can say what its random day has left out."""

from collections import Counter
from datetime import datetime, timedelta

REASONS = ("ORDER", "HEADSTART", "APPOINTMENT", "CAP", "RETURN", "TRANSFER", "MANUAL")

# Everything that meets the order, but for what midnight does.
EVERY_VARIANT = {
    *(("ticket.issued", each) for each in ("ordinary", "priority", "urgent", "due early", "due on time", "due late")),
    *(("ticket.priority_changed", each) for each in ("ordinary", "priority")),
    *(("ticket.called", each) for each in (*REASONS, "alone", "in one press")),
    *(("ticket.cancelled", each) for each in ("waiting", "called", "nobody came")),
    *(("ticket.reinstated", each) for each in ("holder", "staff")),
    *(("ticket.deferred", each) for each in ("minutes", "people")),
    *(("ticket.moved", ""), ("ticket.people_counted", "")),
    *(("ticket.visual_call_changed", each) for each in ("wanted", "given up")),
    *(("ticket.rated", each) for each in ("very_satisfied", "satisfied", "neutral", "dissatisfied")),
    *(("ticket.held", each) for each in ("for a time", "until back")),
    *(("ticket.returned", each) for each in ("held", "no_show")),
    *(("ticket.transferred", each) for each in ("to a service", "to a counter", "in order", "first")),
    *(("ticket.undone", each) for each in ("called", "started", "finished", "no_show", "held", "transferred")),
    *(("ticket.undone", each) for each in ("returned", "dossiers_counted")),
    *(("appointment.booked", ""), ("appointment.cancelled", "")),
    *(("ticket.called_again", ""), ("ticket.started", ""), ("ticket.finished", ""), ("ticket.no_show", "")),
    ("ticket.dossiers_counted", ""),
    *((f"counter.{each}", "") for each in ("opened", "paused", "resumed", "handed_over", "closed")),
}

# Of these an event is one of two, as it has a field or not.
EITHER = {
    "deferred": ("minutes", "minutes", "people"),
    "held": ("until", "for a time", "until back"),
    "visual_call_changed": ("wanted", "wanted", "given up"),
}


def variants(events):
    """{(kind, way): how often} of a log as GET /api/v1/events gives it; an event may have several ways."""
    events = list(events)
    kinds = {event["seq"]: event["kind"] for event in events}
    return Counter((event["kind"], way) for event in events for way in _ways(event, kinds))


def _ways(event, kinds):
    data = event["data"]
    match event["kind"].partition(".")[2]:
        case "issued":
            return (data["priority_class"] if "due_at" not in data else _kept(event),)
        case "priority_changed":
            return (data["priority_class"],)
        case "cancelled" if "number" in data:
            by = data["by"].partition(":")[0]
            return by, "nobody came" if "why" in data else "waiting" if event["counter"] is None else "called"
        case "reinstated":
            return ("staff" if "why" in data else "holder",)
        case "rated":
            return (data["rating"],)
        case "deferred" | "held" | "visual_call_changed" as what:
            field, way, other = EITHER[what]
            return (way if data.get(field) else other,)
        case "returned":
            return (data["after"],)
        case "undone" if "number" in data:
            return data["state"], kinds[data["undoes"]].partition(".")[2]
        case "transferred":
            where = "service" if data["to_counter"] is None else "counter"
            return f"to a {where}", "first" if data["first"] else "in order"
        case "called":
            return data["reason"], "in one press" if "press" in data else "alone"
    return ("",)


def _kept(event):
    late = datetime.fromisoformat(event["at"]) - datetime.fromisoformat(event["data"]["due_at"])
    if late < timedelta():
        return "due early"
    return "due on time" if late <= timedelta(minutes=10) else "due late"
