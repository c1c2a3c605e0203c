"""A change of the settings and other commands in one commit: each is decided by the settings at its own place.

The judge is a twin: the same hall, in which the same commands come one after the other, each with a commit
of its own. Logs, hashes and rows must be the same; beside it a stranger folds the settings from the log, and
`verify` proves it.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from copy import deepcopy

import pytest
from msgspec.structs import replace

from hall import appointments, arrivals, calls, counters, help, printing, undo, visits
from hall.catalogue.model import Counter, PrinterSetting, Service
from hall.catalogue.printers import PrinterChoices
from hall.settings import change as settings
from hall.verify import verify
from queueing import events as ev
from tests.clocks import HandClock
from tests.configuration import Configuration, plain, rows
from tests.hall.centre import AN, BINH, Press, TestCentre, every_day
from tests.hall.one_commit import in_one_commit

CHIEF, KEYPAD, GREETER, KIOSK = "user:9", "token:5", "user:7", "device:1"
SLOTS = {"CHUNG_THUC": {"minutes": 10, "share": 80}}
TABLES = {
    "event": "*",
    "setting": "*",
    "desk": "*",
    "last_number": "*",
    "leg": "*",
    "ticket": "ref, day, number, priority_class, head_start_s, arrival, state, counter",
    "appointment": "id, service, day, state, ref",
    "print_job": "id, ref, copy, state, by",
}


class Scene:
    """A morning in which every command can be given, in a file that is copied for each trial."""

    def __init__(self, path):
        self.path, self.clock = path, HandClock()
        centre = self.centre = self.opened(path)
        self.change(settings.change_hall, {"hours": every_day("00:00", "23:59", TRA_KQ=9), "appointments": SLOTS})
        self.change(
            settings.add_counter,
            Counter(
                6,
                "Quầy 6",
                (
                    "TRA_KQ",
                    "KT_HT",
                ),
            ),
        )
        self.change(settings.change_service, "KT_HT", replace(self.service("KT_HT"), active=False), [4, 6])
        self.due = centre.slots("CHUNG_THUC")[:3]
        self.code, self.booked = self.book(self.due[0])["code"], self.book(self.due[1])["id"]
        for clerk, counter in ((AN, 2), (BINH, 3), (KEYPAD, 5)):
            centre.press("open", counter, clerk, one_only=clerk != KEYPAD)
        self.hold_and_miss()
        self.pass_one()
        self.change(settings.change_policy, replace(self.template().policy, elder_age=70))
        centre.clock.on(seconds=(ev.from_instant(self.due[0]) - centre.clock.at).total_seconds())
        centre.hall.refresh()
        self.seq, self.before = centre.seq(), self.template()
        centre.db.truncate_write_ahead_log()
        centre.db.close()
        with closing(sqlite3.connect(path)) as conn:
            self.rows = rows(conn)

    def opened(self, path):
        self.clock = HandClock(self.clock.at)
        centre = TestCentre(path, self.clock)
        centre.db.execute("PRAGMA synchronous = OFF")  # nobody's number is at stake
        centre.hall.printer_choices = lambda: PrinterChoices(("network",), {"printer-80": ""})
        return centre

    def copy(self, name):
        """The same hall once more, in a file of its own."""
        path = self.path.with_name(f"{name}.db")
        for old in path.parent.glob(f"{name}.db*"):
            old.unlink()
        shutil.copyfile(self.path, path)
        return self.opened(path)

    def change(self, do, *words):
        return self.centre.hall.run_as_system(lambda act: do(act, *words), CHIEF)

    def template(self):
        return self.centre.hall.catalogue.template

    def service(self, code):
        return next(each for each in self.template().services if each.code == code)

    def service_before(self, code):
        return next(each for each in self.before.services if each.code == code)

    def book(self, at):
        return self.centre.send(Press(GREETER, "POST /appointments", at, {"service": "CHUNG_THUC", "at": at}))

    def hold_and_miss(self):
        """At counter 3 one was sent for a copy, one did not come, and one is served."""
        self.held, self.missed, self.served = (self.centre.take("DAT_DAI")["ref"] for _ in range(3))
        for button in ("call-next", "start", "hold", "call-next", "no-show", "call-next", "start"):
            self.centre.press(button, 3, BINH)

    def pass_one(self):
        """The first in the line of counter 2 has been passed once; one waits at counter 5."""
        centre = self.centre
        centre.take("HO_TICH")
        centre.take("CHUNG_THUC", "urgent")
        for button in ("call-next", "start", "finish"):
            centre.press(button, 2, AN)
        for service, priority in (("CHUNG_THUC", "ordinary"), ("HO_TICH", "priority"), ("CHUNG_THUC", "priority")):
            centre.clock.on(seconds=20)
            self.last = centre.take(service, priority)["ref"]
        centre.take("TRA_KQ")


# -- what is changed: two ways each, of the same field -----------------------------------------------


def of_service(code, at, *ways):
    """A service with other fields; `at` are its counters."""
    return [
        (lambda scene, way=way: (settings.change_service, code, replace(scene.service_before(code), **way), at))
        for way in ways
    ]


def of_policy(*ways):
    return [(lambda scene, way=way: (settings.change_policy, replace(scene.before.policy, **way))) for way in ways]


def of_hall(*ways):
    return [(lambda scene, way=way: (settings.change_hall, way)) for way in ways]


def imported(scene, **policy):
    """Another commune's file: one service less, other counters, another policy and another calendar."""
    before = scene.before
    return (
        settings.import_template,
        replace(
            before,
            hall=replace(before.hall, name="Một cửa", hotline="0219 384"),
            policy=replace(before.policy, **policy),
            services=[each for each in before.services if each.code != "CHINH_SACH"],
            counters=[
                replace(each, services=tuple(code for code in each.services if code != "CHINH_SACH"))
                if each.number != 2
                else replace(each, services=("CHUNG_THUC",))
                for each in before.counters
            ],
        ),
    )


def undone(scene):
    return lambda act: settings.undo(act, settings.last_change(act.hall).seq), None


NEW = Service(
    code="",
    prefix="K",
    names={"vi": "Công an", "en": "Police"},
    hints={},
    icon="id",
    family=0,
    position=1,
    service_time_s=600,
    target_s=900,
)
STARTS = ({"ordinary": 0, "priority": 0, "urgent": 0}, {"ordinary": 0, "priority": 600, "urgent": 28800})
CHANGES = {
    "a service is added": [
        lambda scene: (settings.add_service, NEW, [2, 5]),
        lambda scene: (settings.add_service, replace(NEW, prefix="Y", names={"vi": "Thuế", "en": "Tax"}), [5]),
    ],
    "a service is changed": of_service(
        "TRA_KQ",
        [5, 6],
        {"names": {"vi": "Trả kết quả", "en": "Results"}, "service_time_s": 600},
        {"names": {"vi": "Lấy kết quả", "en": "Collect"}, "service_time_s": 300},
    ),
    "a service gets another letter": of_service("DVC_TT", [1], {"prefix": "K"}, {"prefix": "Y"}),
    "a service is retired": of_service("CHUNG_THUC", [2, 3], {"active": False}, {"active": True}),
    "a service is restored": of_service("KT_HT", [4, 6], {"active": True}, {"active": False}),
    "services are ordered": [
        lambda scene: (settings.order_services, [each.code for each in scene.before.services if each.active][::-1]),
        lambda scene: (settings.order_services, sorted(each.code for each in scene.before.services if each.active)),
    ],
    "a counter is added": [
        lambda scene: (settings.add_counter, Counter(7, "Quầy 7", ("CHUNG_THUC",))),
        lambda scene: (
            settings.add_counter,
            Counter(
                8,
                "Quầy 8",
                (
                    "CHUNG_THUC",
                    "HO_TICH",
                ),
            ),
        ),
    ],
    "a counter serves others": [
        lambda scene: (settings.change_counter, 2, Counter(2, "Quầy 2", ("CHUNG_THUC",))),
        lambda scene: (
            settings.change_counter,
            2,
            Counter(
                2,
                "Quầy 2",
                (
                    "HO_TICH",
                    "TRA_KQ",
                ),
            ),
        ),
    ],
    "a counter is renamed": [
        lambda scene: (settings.change_counter, 5, Counter(5, "Bàn 5", ("TRA_KQ",))),
        lambda scene: (settings.change_counter, 5, Counter(5, "Ô 5", ("TRA_KQ",))),
    ],
    "a counter is removed": [
        lambda scene: (settings.remove_counter, 6),
        lambda scene: (settings.remove_counter, 1),  # refused: nobody else gives advice
    ],
    "another cap": of_policy({"cap": 1}, {"cap": 2}),
    "other head starts": of_policy({"head_starts_s": STARTS[0]}, {"head_starts_s": STARTS[1]}),
    "no calls by hand": of_policy({"by_hand": False}, {"by_hand": True}),
    "the hall": of_hall({"hotline": "1900 1111", "most_dossiers": 1}, {"hotline": "1900 2222", "most_dossiers": 3}),
    "the languages of notes and the voice": of_hall(
        {"ticket_note": {"vi": "Giữ phiếu"}, "voice": {"volume": 10}},
        {"ticket_note": {"vi": "Xin chào"}, "voice": {"volume": 20, "speaker": 2}},
    ),
    "the calendar": of_hall({"hours": every_day("13:00", "17:00")}, {"hours": every_day("00:00", "23:59", TRA_KQ=1)}),
    "appointments": of_hall({"appointments": {}}, {"appointments": {"HO_TICH": {"minutes": 30, "share": 40}}}),
    "printers": [
        lambda scene: (settings.change_printers, [PrinterSetting("network", "127.0.0.1", "printer-80", 9109)]),
        lambda scene: (settings.change_printers, [PrinterSetting("network", "127.0.0.2", "printer-80", 9)]),
    ],
    "an import": [lambda scene: imported(scene, cap=1), lambda scene: imported(scene, cap=2)],
    "an undo": [undone, undone],
}


# -- what else people do: three ways each, as a commit may have several of one kind --------------------


def issue(service, priority="ordinary", by=KIOSK):
    return by, lambda act: arrivals.take_ticket(act, service, priority, "vi").ticket.number


def call(counter, by):
    return by, lambda act: calls.call_next(act, counter)


def finish_and_call(counter, by):
    return by, lambda act: calls.call_next(act, counter, finish=True)


COMMANDS = {
    "issue ordinary": lambda scene: [issue("CHUNG_THUC"), issue("KT_HT"), issue("TRA_KQ")],
    "issue priority": lambda scene: [issue("CHUNG_THUC", "priority"), issue("DVC_TT", "priority"), issue("CONG_AN")],
    "issue urgent": lambda scene: [issue(code, "urgent", GREETER) for code in ("CHUNG_THUC", "CHINH_SACH", "HO_TICH")],
    "call next": lambda scene: [call(2, AN), finish_and_call(2, AN), call(5, KEYPAD)],
    "finish and call next": lambda scene: [finish_and_call(3, BINH), finish_and_call(2, AN), finish_and_call(2, AN)],
    "call by hand": lambda scene: [
        (AN, lambda act: calls.call_number(act, 2, scene.last, "unwell")),
        (KEYPAD, lambda act: calls.call_number(act, 5, scene.last + 1, "other")),
        (AN, lambda act: calls.call_number(act, 2, scene.last - 1, "unwell")),
    ],
    "transfer": lambda scene: [
        (BINH, lambda act: visits.transfer_ticket(act, 3, service="KT_HT")),
        (BINH, lambda act: visits.transfer_ticket(act, 3, service="HO_TICH", to=2, first=True)),
        (BINH, lambda act: visits.transfer_ticket(act, 3, service="CHUNG_THUC")),
    ],
    "hold": lambda scene: [
        (BINH, lambda act: visits.hold_ticket(act, 3, 10)),
        finish_and_call(3, BINH),
        (BINH, lambda act: visits.hold_ticket(act, 3)),
    ],
    "return": lambda scene: [
        (BINH, lambda act: visits.return_ticket(act, scene.held).number),
        (BINH, lambda act: visits.return_ticket(act, scene.missed).number),
        finish_and_call(3, BINH),
    ],
    "priority": lambda scene: [
        (GREETER, lambda act: arrivals.change_priority(act, scene.last - 2, "urgent").number),
        (GREETER, lambda act: arrivals.change_priority(act, scene.last, "ordinary").number),
        (GREETER, lambda act: arrivals.change_priority(act, scene.last - 2, "priority").number),
    ],
    "check in": lambda scene: [
        (KIOSK, lambda act: appointments.check_in(act, scene.code, "vi").ticket.number),
        call(2, AN),
        finish_and_call(2, AN),
    ],
    "book and give back": lambda scene: [
        (GREETER, lambda act: appointments.book(act, "CHUNG_THUC", ev.from_instant(scene.due[2])).service),
        (GREETER, lambda act: appointments.cancel(act, scene.booked).state),
        (GREETER, lambda act: appointments.book(act, "CHUNG_THUC", ev.from_instant(scene.due[1])).service),
    ],
    "open a counter": lambda scene: [
        ("token:6", lambda act, n=n: counters.open_counter(act, n, one_only=False)) for n in (6, 7, 8)
    ],
    "close and open": lambda scene: [
        (AN, lambda act: counters.close_counter(act, 2)),
        (AN, lambda act: counters.open_counter(act, 2, one_only=True)),
        call(2, AN),
    ],
    "pause and resume": lambda scene: [
        (KEYPAD, lambda act: counters.pause_counter(act, 5, "lunch")),
        (KEYPAD, lambda act: counters.resume_counter(act, 5)),
        call(5, KEYPAD),
    ],
    "dossiers and undo": lambda scene: [
        (BINH, lambda act: visits.count_dossiers(act, 3, 2)),
        (AN, lambda act: calls.call_next(act, 2)),
        (AN, lambda act: undo.undo_last(act, 2)),
    ],
    "cancel": lambda scene: [
        (GREETER, lambda act, n=n: arrivals.cancel_ticket(act, scene.last - n).number) for n in range(3)
    ],
    "print": lambda scene: [
        (KIOSK, lambda act, n=n: printing.ask_copy(act, scene.last - n).number) for n in range(3)
    ],
    "help": lambda scene: [
        (KIOSK, lambda act: help.ask_help(act).by),
        (GREETER, lambda act: help.give_help(act, None)),
        (GREETER, lambda act: help.ask_help(act).by),
    ],
}  # fmt: skip

# C is the change, S another value of the same field, O a change of another kind, 1 to 3 the commands. In these two
# stand, one after the other, every pair of them in every order. What the second has more is two changes side by side,
# so every third command is enough there, another for each kind of change.
ORDERS = {"the change first": "C1O2S3", "a command first": "1SCO2C3"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return Scene(tmp_path_factory.mktemp("scene") / "scene.db")


@pytest.mark.parametrize("kind", CHANGES)
def test_given_a_change_beside_other_commands_in_one_commit_then_each_is_decided_at_its_place(scene, kind):
    wrong, kinds = {}, list(CHANGES)
    for number, command in enumerate(COMMANDS, start=kinds.index(kind)):
        for name, order in list(ORDERS.items())[: 1 if number % 3 else 2]:
            restart = command == "issue ordinary"
            found = list(differences(scene, uses_of(scene, kind, command, order), restart=restart))
            if found:
                wrong[command, name] = found
    assert not wrong, "\n".join(f"{command}, {name}: {found}" for (command, name), found in wrong.items())


def uses_of(scene, kind, command, order):
    """The commands of a commit; the change of another kind is another one beside each command."""
    kinds = list(CHANGES)
    other = kinds[(kinds.index(kind) + 1 + list(COMMANDS).index(command)) % len(kinds)]
    if other == kind:
        other = kinds[kinds.index(kind) - 1]
    changed = {"C": CHANGES[kind][0], "S": CHANGES[kind][1], "O": CHANGES[other][0]}
    commands = COMMANDS[command](scene)
    return [(CHIEF, by_chief(scene, changed[each])) if each in changed else commands[int(each) - 1] for each in order]


def by_chief(scene, made):
    do, *words = made(scene)
    return do if words == [None] else lambda act: do(act, *words).seq


def differences(scene, uses, *, restart=False):
    """What is not as it must be when these share a commit."""
    twin, centre = scene.copy("twin"), scene.copy("together")
    commits = []
    centre.hall.listeners.append(commits.append)
    one_by_one = [end for use in uses for end in in_one_commit(twin.hall, use)]
    together = in_one_commit(centre.hall, *uses)
    if len(commits) > 1:
        yield "they did not share a commit"
    if outcomes(one_by_one) != outcomes(together):
        yield f"they came to {outcomes(together)}, one by one to {outcomes(one_by_one)}"
    yield from (f"the rows of {name} are others" for name in TABLES if table(centre, name) != table(twin, name))
    yield from verify(centre.store).faults
    if restart:
        seen = centre.seen()
        centre.hall.reload()
        if centre.seen() != seen:
            yield "a restart sees something else"
    for each in (twin, centre):
        each.db.close()
    with closing(sqlite3.connect(centre.db.path)) as conn:
        yield from not_the_fold(scene, conn)


def outcomes(ends):
    return [str(getattr(end, "seq", end)) for end in ends]


def table(centre, name):
    return [tuple(row) for row in centre.db.rows(f"SELECT {TABLES[name]} FROM {name} ORDER BY 1, 2")]


def not_the_fold(scene, conn):
    """Whether the rows of the settings are what a stranger folds from the log."""
    folded = Configuration()
    folded.tree, folded.whole = deepcopy(scene.rows), True
    try:
        for kind, data in conn.execute("SELECT kind, data FROM event WHERE seq > ? ORDER BY seq", (scene.seq,)):
            folded.hear(kind, json.loads(data))
    except AssertionError as error:
        yield f"a change replaces what was not there: {error.args[0][0]}"
    if plain(folded.tree) != plain(rows(conn)):
        yield "the rows of the settings are not the fold of the log"


def test_given_printers_set_and_taken_away_in_one_commit_then_each_ticket_goes_where_they_were_at_its_place(scene):
    centre = scene.copy("printers")
    printer = PrinterSetting("network", "127.0.0.1", "printer-80", 9109)
    uses = [
        issue("TRA_KQ"),
        (CHIEF, lambda act: settings.change_printers(act, [printer])),
        issue("CHUNG_THUC"),
        (CHIEF, lambda act: settings.change_printers(act, [])),
        issue("HO_TICH"),
    ]
    numbers = in_one_commit(centre.hall, *uses)
    printed = [centre.hall.ticket(job.ref).number for job in centre.store.open_prints()]
    centre.db.close()
    assert printed == [numbers[2]]
