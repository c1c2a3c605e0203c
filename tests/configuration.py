"""The settings folded a second time, from the events alone, as docs/events.md describes them.

Nothing of the centre is imported. A log of release 0.1.0, whose first event does not hold the whole
configuration, has enough of it to judge calls and tickets, but not every field.
"""

import json
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

POLICY = ("head_starts_s", "cap", "question", "by_hand", "groups", "elder_age", "classes")
KEYS = {"services": "code", "counters": "number", "procedures": "code"}


class Configuration:
    """The settings at a place of the log, services, counters and procedures by code or number as texts."""

    def __init__(self):
        self.whole = False  # whether every field is known
        self.tree = {"hall": {}, "policy": {}, "services": {}, "counters": {}, "procedures": {}}

    def hear(self, kind, data):
        """Take in the next event; others than those of the settings change nothing.

        Raises AssertionError where a change replaces something else than what was there.
        """
        if kind == "policy.changed":
            self.tree["policy"] |= {name: data[name] for name in POLICY if name in data}
        elif kind == "setting.changed" and "settings" in data:
            self.tree, self.whole = by_key(data["settings"]), True
        elif kind == "setting.changed" and data["what"] == "founded":
            self.tree["services"] = {each["code"]: {**each, "active": True} for each in data["services"]}
            self.tree["counters"] = {str(each["counter"]): dict(each) for each in data["counters"]}
        if kind == "setting.changed":
            for change in data.get("changes", ()):
                self.put(**change)

    def put(self, path, old, new):
        *way, last = path.split(".")
        part = self.tree
        for step in way:
            part = part.setdefault(step, {})
        # What the policy's own event has told already is told once more by that of an import.
        assert not self.whole or way[:1] == ["policy"] or plain(part.get(last)) == plain(old), (path, part, old)
        if new is None:
            part.pop(last, None)
        else:
            part[last] = new

    # -- what judges ask ---------------------------------------------------------------------

    @property
    def cap(self):
        return self.tree["policy"]["cap"]

    @property
    def by_hand(self):
        return self.tree["policy"].get("by_hand", True)

    def head_start_s(self, priority_class):
        return self.tree["policy"]["head_starts_s"][priority_class]

    def services_of(self, counter):
        return sorted(self.tree["counters"][str(counter)]["services"])

    def serves(self, service):
        """Return whether any counter would call people for it."""
        return any(service in counter["services"] for counter in self.tree["counters"].values())

    def offers(self, service):
        return self.tree["services"].get(service, {}).get("active", False)

    def prefix(self, service):
        return self.tree["services"][service]["prefix"]

    def books(self, service):
        return self.offers(service) and service in self.tree["hall"].get("appointments", {})

    def gives(self, service, at, given):
        """Return whether the calendar allows a ticket at this moment; `given` are the times of today's tickets."""
        zone = ZoneInfo(self.tree["hall"].get("timezone", "Asia/Ho_Chi_Minh"))
        local, hours = at.astimezone(zone), self.tree["hall"].get("hours", {})
        shifts, quota = _shifts(hours, service, local.date()), hours.get("quotas", {}).get(service, {})
        within = [each for each in shifts or () if each["issues_from"] <= f"{local:%H:%M}" < each["issues_to"]]
        if shifts is not None and not within:
            return False
        if quota.get("day") is not None and len(given) >= quota["day"]:
            return False
        if not within or quota.get("shift") is None:
            return True
        began = datetime.combine(local.date(), time.fromisoformat(within[0]["issues_from"]), zone)
        return sum(each >= began for each in given) < quota["shift"]


def _shifts(hours, service, day):
    """The shifts of a day; None where there is no calendar at all."""
    for each in hours.get("days", ()):
        if date.fromisoformat(each["first"]) <= day <= date.fromisoformat(each["last"]):
            return each["shifts"] if service in (each.get("services") or [service]) else []
    if not hours.get("seasons"):
        return None
    on = f"{day:%m-%d}"
    return [
        shift
        for season in hours["seasons"]
        if _covers(season["first"], season["last"], on)
        for rule in season["rules"]
        if day.isoweekday() in rule["weekdays"] and service in (rule.get("services") or [service])
        for shift in rule["shifts"]
    ]


def _covers(first, last, on):
    return first <= on <= last if first <= last else on >= first or on <= last


def by_key(template):
    """An exported configuration with its services, counters and procedures by their keys."""
    return {
        part: {str(each[KEYS[part]]).replace(".", "_"): dict(each) for each in template.get(part, ())}
        if part in KEYS
        else dict(template[part])
        for part in ("hall", "policy", "services", "counters", "procedures")
    }


def plain(value):
    """Return a form to compare by: a field that is missing is null, and the services of a counter have no order."""
    if isinstance(value, dict):
        found = {key: plain(each) for key, each in value.items() if each is not None}
        if "services" in found and isinstance(found["services"], list):
            found["services"] = sorted(found["services"])
        return found
    return [plain(each) for each in value] if isinstance(value, list) else value


def rows(conn):
    """The configuration as the rows of the database say it; `conn` is one of the standard library."""
    setting = {name: json.loads(value) for name, value in conn.execute("SELECT name, value FROM setting")}
    keyed = {name: setting[name] for name in ("policy", "services", "counters")}
    return {"hall": setting["about"], **keyed, "procedures": setting.get("procedures", {})}
