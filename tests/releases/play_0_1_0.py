"""Plays a small centre with release 0.1.0 and packs its data folder: the fixture of `test_upgrade`.

Run by the interpreter of a checkout of that release, not of the program as it is now:

    git worktree add /somewhere v0.1.0 && make -C /somewhere setup
    /somewhere/.venv/bin/python tests/releases/play_0_1_0.py /somewhere

It plays three days by the release's own use cases over a clock turned by hand, asks the release's
server and command line what they say of the folder, and writes `0.1.0/` and `stale/` beside itself.
"""

import io
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent
RELEASE = Path(sys.argv[1]).resolve()
sys.path.insert(0, str(RELEASE))
os.chdir(RELEASE)

from hall.configuration import CounterPart, ServicePart, exported  # noqa: E402
from hall.presses import Press as Pending  # noqa: E402
from hall.printers import PrinterChoices, PrinterPart  # noqa: E402
from msgspec.structs import replace  # noqa: E402

from access import changes  # noqa: E402
from access.devices import Devices  # noqa: E402
from access.gate import Gate, device_cookie  # noqa: E402
from access.programs import issue_token  # noqa: E402
from hall import configure, help, rollups  # noqa: E402
from hall.arrivals import take_ticket  # noqa: E402
from hall.calls import call_next  # noqa: E402
from hall.printing import FAILED, PRINTED, SENT, Prints, ask_copy  # noqa: E402
from hall.verify import verify  # noqa: E402
from queueing import events as ev  # noqa: E402
from queueing.catalogue import CALL_REASONS, OUTCOMES, PAUSE_REASONS  # noqa: E402
from queueing.errors import Refusal  # noqa: E402
from store import folder  # noqa: E402
from store.access import SqliteAccessStore  # noqa: E402
from store.diary import DIARY, Diary  # noqa: E402
from tests.clocks import HandClock  # noqa: E402
from tests.hall.small import ZONE, Press, Small, every_day  # noqa: E402
from tests.variants import EVERY_VARIANT, variants  # noqa: E402

MONDAY = datetime(2026, 1, 5, 7, 0, tzinfo=ZONE).astimezone(UTC)
PASSWORD = "Chợ phiên 1234"
CHIEF, CLERKS, GREETER, KIOSK = "user:1", ("user:2", "user:3", "user:4"), "user:5", "device:1"
PEOPLE = (
    ("Vàng Thị Dợ", "supervisor"),
    ("Lò Văn An", "clerk"),
    ("Giàng A Bình", "clerk"),
    ("Sùng Thị Chư", "clerk"),
    ("Hoàng Thị Mai", "greeter"),
    ("Nguyễn Văn Thanh", "inspector"),
)
SERVICES = ("CHUNG_THUC", "HO_TICH", "DAT_DAI", "CHUNG_THUC")
COUNTERS = (2, 3, 4)
SLOTS = {"CHUNG_THUC": {"minutes": 10, "share": 80}, "HO_TICH": {"minutes": 20, "share": 60}}
PRINTER = PrinterPart("network", "127.0.0.1", "printer-80", 9)  # where nobody listens
USUAL = {
    "closed": ("open",),
    "idle": ("call-next",) * 6 + ("call", "return", "return", "undo", "pause", "hand-over"),
    "paused": ("resume", "resume", "undo", "return", "close"),
    "called": ("start",) * 5 + ("no-show", "no-show", "call-again", "undo", "pause", "hand-over"),
    "serving": ("finish", "call-next", "hold", "transfer") * 3 + ("undo", "dossiers", "pause"),
}
# What a settings event may be about; all of them stand in the log.
WHATS = {
    *("founded", "user_added", "user_disabled", "user_enabled", "password_set", "signed_out", "device_paired"),
    *("device_revoked", "service_added", "service_changed", "service_retired", "service_restored"),
    *("services_ordered", "counter_added", "counter_changed", "counter_removed", "hall_changed", "printers_changed"),
    *("imported", "undone"),
}
ASKED = (
    *("/settings", "/settings/export", "/hall", "/services", "/board", "/users", "/devices"),
    *(f"/statistics?from=2026-01-05&to=2026-01-07&by={by}" for by in ("service", "counter", "clerk", "hour", "day")),
    *(f"/statistics{part}?from=2026-01-05&to=2026-01-07" for part in ("/overview", "/slips")),
    *(f"/seal?day={day}" for day in ("2026-01-05", "2026-01-06")),
)


def directly(work):
    return work()


def tokens(access, at):
    """A bearer token of each role that a program can have here."""
    return {role: issue_token(access, role, at=at) for role in ("supervisor", "clerk", "kiosk")}


class Centre:
    """A centre of release 0.1.0 in a data folder, with its people and devices."""

    def __init__(self, data, seed):
        data.mkdir(parents=True)
        self.data, self.dice = data, random.Random(seed)
        self.clock = HandClock(MONDAY)
        self.small = Small(data / "hall.db", self.clock)
        self.access = SqliteAccessStore(self.small.db)
        self.people = Gate(self.access, directly, self.small.hall.now).people
        self.devices = Devices(self.access, self.small.hall.now)
        self.secrets = {"password": PASSWORD, "people": dict(PEOPLE)}
        self.keys = 0

    def run(self, do, *words, by=CHIEF):
        self.small.hall.refresh()
        return self.small.hall.run_as_system(lambda act: do(act, *words), by)

    def now(self):
        return exported(self.small.hall.catalogue)

    def press(self, caller, route, body=None):
        self.keys += 1
        try:
            return self.small.send(Press(caller, route, f"key-{self.keys:08d}", body or {}))
        except Refusal:
            return None

    # -- who may come in ---------------------------------------------------------------------

    def staff(self):
        for name, role in PEOPLE:
            hashed = self.people.hashed(PASSWORD)
            self.run(changes.add_user, self.people, name, role, hashed)
        self.run(changes.add_user, self.people, "Người đã nghỉ", "clerk", self.people.hashed(PASSWORD))
        self.run(changes.disable_user, self.people, 7)
        self.run(changes.disable_user, self.people, 4)
        self.run(changes.enable_user, self.people, 4)
        self.run(changes.set_password, self.people, 2, self.people.hashed(PASSWORD))
        self.run(changes.sign_out_everywhere, self.people, 3)
        for kind, name in (("kiosk", "Cửa chính"), ("display", "Màn hình sảnh"), ("display", "Màn hình cũ")):
            waiting, secret = self.devices.ask(kind, None)
            self.run(changes.pair_device, self.devices, waiting.code, name)
            self.secrets.setdefault("devices", {}).setdefault(kind, [device_cookie(kind), secret])
        self.run(changes.revoke_device, self.devices, 3)
        self.secrets["tokens"] = tokens(self.access, self.small.hall.now())

    # -- settings, a change of every kind ----------------------------------------------------

    def furnish(self):
        fields = {"hours": every_day("00:00", "23:59", DAT_DAI=60), "appointments": SLOTS}
        self.run(configure.change_hall, fields)
        made = ServicePart("", "K", {"vi": "Công an", "en": "Police"}, {"vi": "Cư trú"}, "id", 0, 1, 600, 900)
        self.run(configure.add_service, made, [1, 4])
        self.run(configure.add_counter, CounterPart(6, "Quầy 6", ["TRA_KQ", "CONG_AN"]))
        self.run(configure.add_counter, CounterPart(7, "Quầy 7", ["TRA_KQ"]))
        self.run(configure.remove_counter, 7)

    def service(self, code, counters, **fields):
        found = next(each for each in self.now().services if each.code == code)
        self.run(configure.change_service, code, replace(found, **fields), counters)

    def at_noon(self):
        self.service("CONG_AN", [1, 4, 6], names={"vi": "Công an xã", "en": "Commune police"}, prefix="Y")
        self.run(configure.change_counter, 4, CounterPart(4, "Quầy 4", ["HO_TICH", "CHINH_SACH", "KT_HT", "DAT_DAI"]))
        policy = self.now().policy
        changed = self.run(configure.change_policy, replace(policy, cap=2))
        self.run(configure.undo, changed.seq)
        starts = {"ordinary": 0, "priority": 1800, "urgent": 5400}
        self.run(configure.change_policy, replace(policy, cap=1, head_starts_s=starts, elder_age=75))
        self.run(configure.change_hall, {"wall_note": {"vi": "Nghỉ chiều thứ Sáu"}, "voice": {"volume": 60}})

    def next_morning(self):
        self.service("KT_HT", [4], active=False)
        self.service("DVC_TT", [1], active=False)
        self.service("DVC_TT", [1], active=True)
        codes = [each.code for each in self.now().services if each.active]
        self.run(configure.order_services, [codes[-1], *codes[:-1]])
        now = self.now()
        wanted = replace(
            now,
            hall=replace(now.hall, hotline="1900 1234", no_show_calls=1, no_show_gap_s=0, theme="light"),
            policy=replace(now.policy, cap=3, head_starts_s={"ordinary": 0, "priority": 1200, "urgent": 3600}),
        )
        imported = self.run(configure.import_template, wanted)
        self.run(configure.undo, imported.seq)
        self.run(configure.import_template, wanted)
        hours = every_day("00:00", "23:59", DAT_DAI=80)
        hours["days"] = [{"first": "2026-02-16", "last": "2026-02-20", "name": "Tết", "shifts": []}]
        self.run(configure.change_hall, {"hours": hours, "last_seat_m": 9.5})

    def print_from_now_on(self):
        self.small.hall.printer_choices = lambda: PrinterChoices(("network",), {"printer-80": ""})
        self.run(configure.change_printers, [PRINTER])
        self.small.hall.printers = ("1",)

    # -- people and clerks -------------------------------------------------------------------

    def walk(self, steps):
        for _ in range(steps):
            self.step()

    def step(self):
        dice, turn = self.dice, self.dice.random()
        self.clock.on(seconds=dice.choice((0.4, 3, 9, 20, 61)))
        if turn < 0.27:
            priority = dice.choice(("ordinary", "ordinary", "priority", "urgent"))
            body = {"service": dice.choice(SERVICES), "priority_class": priority, "language": dice.choice(("vi", "en"))}
            self.press(GREETER if priority == "urgent" else KIOSK, "POST /tickets", body)
        elif turn < 0.30:
            ref = self.somebody()
            self.press(dice.choice((f"ticket:{ref}", CLERKS[0], CHIEF)), f"POST /tickets/{ref}/cancel")
        elif turn < 0.33:
            body = {"priority_class": dice.choice(("ordinary", "priority", "urgent"))}
            self.press(GREETER, f"POST /tickets/{self.somebody()}/priority", body)
        elif turn < 0.37:
            free = self.small.slots(dice.choice(list(SLOTS)), days=dice.random() < 0.3)
            service = dice.choice(list(SLOTS))
            free = self.small.slots(service, days=dice.random() < 0.3)
            if free:
                self.press(GREETER, "POST /appointments", {"service": service, "at": dice.choice(free[:3])})
        elif turn < 0.41:
            self.come()
        elif turn < 0.42:
            booked = [one.id for one in self.small.due() if one.state == "booked"]
            if booked:
                self.press(CHIEF, f"POST /appointments/{dice.choice(booked)}/cancel")
        elif turn < 0.44:
            self.help()
        else:
            self.work(dice.choice(COUNTERS))

    def come(self):
        booked = [one for one in self.small.due() if one.state == "booked"]
        if booked:
            one = min(booked, key=lambda each: (each.due_at, each.id))
            due = one.due_at + timedelta(minutes=self.dice.choice((-10, -4, 0, 5, 11)))
            ahead = (due - self.small.hall.now()).total_seconds()
            self.clock.on(seconds=max(0, min(ahead, 900)))
            self.press(KIOSK, "POST /appointments/check-in", {"code": one.code, "language": "vi"})

    def help(self):
        asked = self.small.hall.floor.helps
        try:
            if asked and self.dice.random() < 0.5:
                self.run(help.give_help, self.dice.choice([None, *asked]), by=GREETER)
            else:
                self.run(help.ask_help, by=self.dice.choice((KIOSK, GREETER)))
        except Refusal:
            pass

    def somebody(self):
        here = [ref for ref, ticket in self.small.hall.floor.tickets.items() if not ticket.ended]
        return self.dice.choice(here or [1])

    def work(self, counter):
        dice, floor = self.dice, self.small.hall.floor
        ticket, desk = floor.at_counter(counter), floor.counter_state(counter)
        staffing = desk.staffing.value
        state = ticket.state.value if ticket else {"open": "idle"}.get(staffing, staffing)
        button = dice.choice(USUAL[state])
        clerk = desk.clerk if desk.clerk is not None and button != "open" else CLERKS[counter % 3]
        self.press(clerk, f"POST /counters/{counter}/{button}", self.body(button))
        if dice.random() < 0.12:
            self.clock.on(seconds=dice.choice((1, 8)))
            self.press(clerk, f"POST /counters/{counter}/undo")

    def body(self, button):
        dice, floor = self.dice, self.small.hall.floor
        here = sorted(place.ref for place in floor.waiting.places(SERVICES)) or [0]
        away = sorted(ref for ref, one in floor.tickets.items() if one.state.value in ("held", "no_show")) or [0]
        return {
            "open": {"one_only": True},
            "call-next": {"finish": dice.random() < 0.7},
            "finish": {"outcome": dice.choice((None, *OUTCOMES))},
            "pause": {"reason": dice.choice((None, *PAUSE_REASONS))},
            "dossiers": {"dossiers": dice.randint(1, 9)},
            "hold": {"minutes": dice.choice((None, 5))},
            "return": {"ref": dice.choice(away)},
            "call": {"ref": dice.choice(here), "reason": dice.choice(CALL_REASONS)},
            "transfer": dice.choice(
                (
                    {"service": dice.choice(SERVICES)},
                    {"to": dice.choice(COUNTERS)},
                    {"service": dice.choice(SERVICES), "first": True},
                )
            ),
        }.get(button, {})

    def print_some(self):
        """What the spool would do: one comes out, one is sent, one fails, one is asked for again."""
        prints, hall = Prints(self.small.hall, None), self.small.hall
        outcomes = [(PRINTED, None), (SENT, "no_answer"), (FAILED, "paper_end")]
        for n in range(3):
            self.press(KIOSK, "POST /tickets", {"service": "HO_TICH", "priority_class": "ordinary", "language": "vi"})
            (job,) = prints.open()
            job = prints.send(job, "1")
            prints.note(job, outcomes[n][0], "1", outcomes[n][1])
        hall.run_as_system(lambda act: ask_copy(act, job.ref), KIOSK)
        prints.note(prints.send(prints.open()[0], "1"), PRINTED, "1", None)

    def go_home(self):
        for counter in COUNTERS:
            ticket = self.small.hall.floor.at_counter(counter)
            if ticket is not None:
                button = "no-show" if ticket.state.value == "called" else "finish"
                self.press(CLERKS[0], f"POST /counters/{counter}/{button}")

    def sleep_until(self, day, hour):
        wanted = datetime.combine(date(2026, 1, day), datetime.min.time(), ZONE) + timedelta(hours=hour)
        self.clock.on(seconds=(wanted - self.clock.at).total_seconds())
        self.small.hall.refresh()

    # -- three days --------------------------------------------------------------------------

    def live(self):
        self.staff()
        self.furnish()
        self.walk(150)
        self.at_noon()
        self.walk(110)
        self.go_home()
        self.sleep_until(6, 7)
        self.next_morning()
        self.clock.jump(seconds=-30)
        self.walk(150)
        self.clock.jump(seconds=40)
        self.walk(40)
        for button in ("open", "call-next", "start"):  # somebody is served past midnight
            self.press(CLERKS[1], f"POST /counters/3/{button}", {"one_only": False} if button == "open" else {})
        self.sleep_until(7, 0.5)
        self.press(CLERKS[1], "POST /counters/3/finish", {"outcome": None})
        rollups.refresh(self.small.store)
        list(folder.back_up(self.data, None))
        self.sleep_until(7, 8)
        self.print_from_now_on()
        self.print_some()
        self.small.hall.printers = ()
        self.walk(150)
        Diary(self.data / DIARY, ZONE).follow(self.small.store.written, 0)
        return self

    def complete(self):
        """Whether everything that can happen did."""
        events = list(self.small.store.events(0))
        whats = {event.data["what"] for event in events if event.kind == ev.SETTING_CHANGED}
        kinds = {event.kind for event in events}
        missing = (EVERY_VARIANT - set(variants(self.small.log()))) | (WHATS - whats)
        missing |= set(ev.KINDS) - kinds - {ev.LOG_RESTORED}
        waits = [event for event in events[-150:] if event.kind == ev.TICKET_ISSUED]
        open_day = {ticket.state.value for ticket in self.small.hall.floor.tickets.values()}
        missing |= {"waiting", "called", "serving", "held"} - open_day
        return not missing and bool(waits), missing


# -- what the release says of a folder -----------------------------------------------------------


def command(data, *words):
    done = subprocess.run(
        [sys.executable, "server.py", *words, "--data", str(data)], cwd=RELEASE, capture_output=True, text=True
    )
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


def served(data, token, paths):
    """The answers of the release's server over this folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "server.py", "run", "--host", "127.0.0.1", "--port", str(port), "--data", str(data)]
    with (data.parent / "served.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=RELEASE, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                urlopen(f"{url}/health", timeout=1).read()
                break
            except OSError:
                time.sleep(0.1)
        answers = {}
        for path in paths:
            asked = HttpRequest(f"{url}/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
            answers[path] = json.loads(urlopen(asked, timeout=20).read())
        return answers
    finally:
        process.terminate()
        process.wait(20)


def packed(folders, to):
    """The same bytes for the same folders: no times, no owners."""
    with tarfile.open(to, "w:xz") as tar:
        for top in folders:
            for path in sorted(top.rglob("*")):
                if path.is_file():
                    entry = tarfile.TarInfo(str(path.relative_to(top.parent)))
                    content = path.read_bytes()
                    entry.size = len(content)
                    tar.addfile(entry, io.BytesIO(content))


def settled(centre):
    """The file as it lies on the disk when the server has stopped."""
    centre.small.db.rest()
    centre.small.db.close()
    for name in ("hall.db-wal", "hall.db-shm"):
        (centre.data / name).unlink(missing_ok=True)


# -- stale facts: a change of settings and what stood behind it in the same commit -----------------


def together(small, *uses):
    """All of these in one commit, in this order."""
    pending = [Pending(do, by) for by, do in uses]
    small.hall._perform(pending)
    for press in pending:
        press.outcome()


def changed(do, *words):
    return CHIEF, lambda act: do(act, *words)


def policy_of(small, **fields):
    return changed(lambda act: configure.change_policy(act, replace(exported(act.catalogue).policy, **fields)))


def opened_with(small, *tickets, counter=2, clerk=CLERKS[0]):
    small.press("open", counter, clerk)
    for service, priority in tickets:
        small.take(service, priority)
        small.clock.on(minutes=1)


def two_halls(small):
    """Two changes of the hall's fields: the first is in the log and not in the row."""
    together(
        small,
        changed(configure.change_hall, {"hotline": "1900 1111"}),
        changed(configure.change_hall, {"office": "UBND xã Lũng Cú"}),
    )


def old_cap(small):
    """`cap` is 1 from now on, and the call behind it is made by the old one of 5."""
    opened_with(small, ("CHUNG_THUC", "ordinary"), *[("CHUNG_THUC", "priority")] * 3)
    small.press("call-next", 2, CLERKS[0])
    for button in ("start", "finish"):
        small.press(button, 2, CLERKS[0])
    assert small.events(ev.TICKET_CALLED)[-1].data["reason"] == "HEADSTART"
    together(small, policy_of(small, cap=1), (CLERKS[0], lambda act: call_next(act, 2)))


def old_services(small):
    """Counter 2 has another service from now on, and the call behind it is made with those before."""
    opened_with(small, ("HO_TICH", "ordinary"), ("CHUNG_THUC", "ordinary"))
    wanted = CounterPart(2, "Quầy 2", ["CHUNG_THUC"])
    together(small, changed(configure.change_counter, 2, wanted), (CLERKS[0], lambda act: call_next(act, 2)))


def old_head_start(small):
    """Priority counts ten minutes from now on, and the ticket behind it has twenty."""
    starts = {"ordinary": 0, "priority": 600, "urgent": 3600}
    together(
        small,
        policy_of(small, head_starts_s=starts),
        (KIOSK, lambda act: take_ticket(act, "CHUNG_THUC", "priority", "vi")),
    )


def retired_service(small):
    """A service is offered no more, and a ticket is issued for it."""
    found = next(each for each in exported(small.hall.catalogue).services if each.code == "KT_HT")
    together(
        small,
        changed(configure.change_service, "KT_HT", replace(found, active=False), [4]),
        (KIOSK, lambda act: take_ticket(act, "KT_HT", "ordinary", "vi")),
    )


STALE = (two_halls, old_cap, old_services, old_head_start, retired_service)


def stale(data, make):
    data.mkdir(parents=True)
    small = Small(data / "hall.db", HandClock(MONDAY))
    small.hall.refresh()
    from_seq = small.seq()
    given = tokens(SqliteAccessStore(small.db), small.hall.now())
    make(small)
    opened_with(small, ("DAT_DAI", "ordinary"), ("TRA_KQ", "priority"), counter=3, clerk=CLERKS[1])  # the day goes on
    small.serve(3, CLERKS[1])
    Diary(data / DIARY, ZONE).follow(small.store.written, 0)
    found = verify(small.store)
    events = [[each.seq, each.kind, each.data] for each in small.store.events(from_seq)]
    small.db.rest()
    small.db.close()
    for name in ("hall.db-wal", "hall.db-shm"):
        (data / name).unlink(missing_ok=True)
    return {
        "what": make.__doc__.strip(),
        "settings_events": [seq for seq, kind, _ in events if kind in (ev.SETTING_CHANGED, ev.POLICY_CHANGED)],
        "faults_of_0_1_0": found.faults,
        "tokens": given,
    }


def main():
    with tempfile.TemporaryDirectory() as made:
        for seed in range(15, 200):
            data = Path(made) / str(seed) / "data"
            centre = Centre(data, seed).live()
            whole, missing = centre.complete()
            print(seed, centre.small.seq(), sorted(map(str, missing)))
            settled(centre)
            if whole:
                break
        else:
            raise SystemExit("no seed plays everything")
        to = HERE / "0.1.0"
        to.mkdir(exist_ok=True)
        packed([data], to / "data.tar.xz")
        copy = Path(made) / "copy"
        shutil.copytree(data, copy)
        status, said, _ = command(copy, "verify")
        answers = served(copy, centre.secrets["tokens"]["supervisor"], ASKED)
        told = {"seed": seed, **centre.secrets, "verify": [status, said], "served": answers}
        (to / "told.json").write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

        cases = {}
        for make in STALE:
            case = Path(made) / "stale" / make.__name__
            cases[make.__name__] = stale(case, make)
            copy = Path(made) / "copies" / make.__name__
            shutil.copytree(case, copy)
            cases[make.__name__]["verify_of_0_1_0"] = command(copy, "verify")[:2]
            cases[make.__name__]["served"] = served(
                copy, cases[make.__name__]["tokens"]["supervisor"], ["/settings/export"]
            )
        to = HERE / "stale"
        to.mkdir(exist_ok=True)
        packed([Path(made) / "stale" / make.__name__ for make in STALE], to / "data.tar.xz")
        (to / "told.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
