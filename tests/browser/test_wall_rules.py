"""The rules of the wall without a server: which call holds the panel, and what a view is made of."""

import math

import pytest

from tests.browser.drawn import draw_wall
from tests.browser.static_files import static_file

pytestmark = pytest.mark.browser

LYING, UPRIGHT = (1920, 1080), (1080, 1920)

# A call queue and a clock in seconds; `at(s)` is what the panel shows then, as "B027 called 1".
QUEUE = """
const {CallQueue} = await import("/static/display/call-queue.js");
const queue = new CallQueue();
const call = (seq, number, counter) => ({seq, number, counter});
const offer = (s, ...of) => queue.offer(call(...of), s * 1000);
const at = (s) => {
  const {call, phase, blink} = queue.at(s * 1000);
  return call ? `${call.number} ${phase} ${blink}` : phase;
};
const resync = (s, {seq, called = [], calls = [], last = null, ages = {}}) => queue.resync(
  {seq, called, calls, last, age: (one) => ages[one.number] * 1000}, s * 1000);
"""


@pytest.fixture(scope="module")
def page(chromium, name):
    """An empty page that can import our modules."""
    context = chromium.new_context()
    page = context.new_page()

    def answer(route):
        path = route.request.url.partition(name)[2]
        empty = {"body": "<!doctype html><title>rules</title>", "content_type": "text/html"}
        route.fulfill(**static_file(path) or empty)

    page.route("**/*", answer)
    page.goto(f"http://{name}/")
    yield page
    context.close()


def run(page, body):
    return page.evaluate(f"async () => {{ {QUEUE} {body} }}")


def test_given_nobody_was_called_then_the_panel_is_free(page):
    assert run(page, "return at(0)") == "free"


def test_given_a_crowd_then_no_turn_in_the_panel_is_spent_on_somebody_who_has_come(page):
    assert run(
        page,
        """offer(0, 1, "B027", 2); offer(0, 2, "L009", 3); offer(0, 3, "H001", 4); queue.answer("L009");
           return [at(0), at(3), at(6)]""",
    ) == ["B027 called 1", "H001 called 2", "H001 called 2"]


def test_given_two_calls_at_once_then_each_holds_the_panel_three_seconds_in_order(page):
    assert run(
        page,
        'offer(0, 1, "B027", 2); offer(0, 2, "L009", 3);return [at(0), at(2.9), at(3), at(5.9), at(6)]',
    ) == ["B027 called 1", "B027 called 1", "L009 called 2", "L009 called 2", "L009 called 2"]


def test_given_the_same_call_twice_then_it_is_shown_once(page):
    assert run(page, 'offer(0, 1, "B027", 2); at(0); offer(1, 1, "B027", 2); return [at(1), at(9)]') == [
        "B027 called 1",
        "B027 called 1",
    ]


def test_given_a_repeat_of_the_call_in_the_panel_then_it_asks_for_attention_again(page):
    assert run(page, 'offer(0, 1, "B027", 2); at(0); offer(25, 2, "B027", 2); return [at(25), at(54), at(56)]') == [
        "B027 called 2",
        "B027 called 2",
        "B027 calm 2",
    ]


def test_given_others_wait_for_the_panel_when_a_call_is_repeated_then_it_keeps_its_turn(page):
    assert run(
        page,
        'offer(0, 1, "B027", 2); at(0); offer(1, 2, "L009", 3); offer(1.5, 3, "B027", 2);return [at(2), at(3), at(6)]',
    ) == ["B027 called 1", "L009 called 2", "B027 called 3"]


def test_given_nobody_comes_then_the_call_turns_calm_after_thirty_seconds_and_stays(page):
    assert run(page, 'offer(0, 1, "B027", 2); return [at(0), at(29.9), at(30), at(179), at(180)]') == [
        "B027 called 1",
        "B027 called 1",
        "B027 calm 1",
        "B027 calm 1",
        "free",
    ]


def test_given_the_person_came_then_the_call_stays_twenty_seconds_and_gives_way_at_thirty(page):
    assert run(
        page, 'offer(0, 1, "B027", 2); at(0); queue.answer("B027"); return [at(5), at(19.9), at(20), at(29.9), at(30)]'
    ) == ["B027 called 1", "B027 called 1", "B027 calm 1", "B027 calm 1", "free"]


def test_given_the_person_came_before_the_panel_was_free_then_the_call_is_still_shown(page):
    assert run(
        page,
        'offer(0, 1, "B027", 2); offer(0, 2, "L009", 3); at(0); queue.answer("L009"); return [at(3), at(23), at(33)]',
    ) == ["L009 called 2", "L009 calm 2", "free"]


def test_given_a_call_is_withdrawn_then_it_is_announced_no_more(page):
    assert run(
        page,
        'offer(0, 1, "B027", 2); offer(0, 2, "L009", 3); offer(0, 3, "X014", 5); at(0);'
        'queue.withdraw("L009"); queue.withdraw("B027"); return [at(0.1), at(4)]',
    ) == ["X014 called 2", "X014 called 2"]


def test_given_a_counter_calls_the_next_before_the_panel_was_free_then_only_the_next_is_announced(page):
    assert run(
        page,
        'offer(0, 1, "B027", 2); at(0); offer(1, 2, "L009", 3); offer(2, 3, "L010", 3); return [at(3), at(6)]',
    ) == ["L010 called 2", "L010 called 2"]


def test_given_a_thousand_calls_then_the_queue_is_no_longer_than_the_counters(page):
    assert run(
        page,
        """for (let seq = 1; seq <= 1000; seq++) offer(0, seq, "B" + seq, seq % 20 + 1);
        const shown = new Set();
        for (let s = 0; s < 200; s += 1) shown.add(at(s).split(" ")[0]);
        shown.delete("free");
        return [shown.size, at(0).split(" ")[0]];""",
    ) == [20, "B1000"]


def test_given_a_first_snapshot_then_only_a_young_call_asks_for_attention(page):
    assert run(
        page,
        """const old = call(7, "B027", 2);
        resync(100, {seq: 9, called: ["B027"], calls: [old], last: old, ages: {B027: 25}});
        return [at(100), at(105)]""",
    ) == ["B027 called 0", "B027 calm 0"]
    assert (
        run(
            page,
            """const young = call(7, "B027", 2);
            resync(100, {seq: 9, called: ["B027"], calls: [young], last: young, ages: {B027: 5}});
            return at(100)""",
        )
        == "B027 called 1"
    )


def test_given_a_snapshot_after_a_gap_then_what_was_shown_is_not_announced_again(page):
    assert run(
        page,
        """offer(0, 5, "B027", 2); at(0);
        const known = call(5, "B027", 2), missed = call(8, "L009", 3);
        resync(6, {seq: 8, called: ["B027", "L009"], calls: [known, missed], last: missed, ages: {B027: 6, L009: 2}});
        return [at(6), at(9), at(40)]""",
    ) == ["L009 called 2", "L009 called 2", "L009 calm 2"]


def test_given_the_newest_call_was_withdrawn_then_a_snapshot_brings_no_older_one_back(page):
    assert (
        run(
            page,
            """offer(0, 5, "X001", 5); at(0); queue.answer("X001"); offer(4, 6, "B002", 2); at(4);
        queue.withdraw("B002");
        resync(6, {seq: 7, last: call(5, "X001", 5), ages: {X001: 6}});
        return at(6)""",
        )
        == "free"
    )


def test_given_a_repeat_during_a_gap_then_the_snapshot_asks_for_attention_again(page):
    assert (
        run(
            page,
            """offer(0, 5, "B027", 2); at(0);
        const again = call(8, "B027", 2);
        resync(9, {seq: 8, called: ["B027"], calls: [again], last: again, ages: {B027: 1}});
        return at(9)""",
        )
        == "B027 called 2"
    )


def test_given_a_server_with_an_older_log_then_its_calls_are_news_again(page):
    assert (
        run(
            page,
            """offer(0, 500, "B027", 2); at(0);
        const now = call(12, "A001", 1);
        resync(60, {seq: 12, called: ["A001"], calls: [now], last: now, ages: {A001: 1}});
        return at(60)""",
        )
        == "A001 called 2"
    )


def counter(number, state="idle", ticket=None, staffing="open"):
    return {"counter": number, "state": state, "staffing": staffing, "number": ticket}


def snapshot(counters, calls=(), recent=(), no_shows=(), seq=100):
    return {
        "seq": seq,
        "at": "2025-09-11T02:00:00Z",
        "hall": {"wall": {"last_seat_m": 8}},
        "counters": counters,
        "calls": list(calls),
        "recent": list(recent),
        "services": [],
        "no_shows": list(no_shows),
        "today": {},
    }


def event(seq, kind, number=None, at_counter=None):
    return {"seq": seq, "at": "2025-09-11T02:00:01Z", "kind": kind, "number": number, "counter": at_counter}


def rows(page, given, events=(), later_s=0, then=None):
    """The rows after a snapshot and events, and perhaps another snapshot: [[counter, state, number], …]."""
    return page.evaluate(
        """async ([given, events, later, then]) => {
          const {Wall} = await import("/static/display/wall.js");
          const wall = new Wall();
          wall.snapshot(given, 0);
          wall.events(events, 0);
          if (then) wall.snapshot(then, 0);
          return wall.view(later * 1000).counters.map(({counter, state, number}) => [counter, state, number]);
        }""",
        [given, list(events), later_s, then],
    )


def test_given_a_call_when_it_is_answered_and_finished_then_the_row_tells_each_step(page):
    steps = [
        event(101, "ticket.called", "B027", 2),
        event(102, "ticket.started", "B027", 2),
        event(103, "ticket.finished", "B027", 2),
    ]
    assert rows(page, snapshot([counter(2)]), steps[:1]) == [[2, "called", "B027"]]
    assert rows(page, snapshot([counter(2)]), steps[:2]) == [[2, "serving", "B027"]]
    assert rows(page, snapshot([counter(2)]), steps) == [[2, "just_called", "B027"]]
    assert rows(page, snapshot([counter(2)]), steps, later_s=21) == [[2, "idle", None]]


def test_given_a_counter_paused_with_somebody_there_then_the_pause_shows_when_the_number_is_gone(page):
    there = snapshot([counter(2, "serving", "B027", staffing="paused")])
    assert rows(page, there) == [[2, "serving", "B027"]]
    assert rows(page, there, [event(101, "ticket.finished", "B027", 2)]) == [[2, "paused", None]]
    assert rows(
        page,
        snapshot([counter(2, "serving", "B027")]),
        [event(101, "counter.paused", at_counter=2), event(102, "ticket.finished", "B027", 2)],
    ) == [[2, "paused", None]]


def test_given_a_pause_for_a_fault_of_a_system_then_there_is_trouble_until_it_ends(page):
    def trouble(given, events=()):
        return page.evaluate(
            """async ([given, events]) => {
              const {Wall} = await import("/static/display/wall.js");
              const wall = new Wall();
              wall.snapshot(given, 0);
              wall.events(events, 0);
              return wall.view(0).trouble;
            }""",
            [given, list(events)],
        )

    def paused(seq, reason):
        return event(seq, "counter.paused", at_counter=2) | {"reason": reason}

    there = snapshot([counter(1), counter(2, "serving", "B027")])
    assert trouble(there) is False
    for reason in ("software_fault", "portal_overloaded", "network_lost"):
        assert trouble(there, [paused(101, reason)]) is True
    assert trouble(there, [paused(101, "lunch")]) is False
    assert trouble(there, [paused(101, "network_lost"), event(102, "counter.resumed", at_counter=2)]) is False
    late = snapshot([counter(2, "paused", staffing="paused") | {"reason": "portal_overloaded"}])
    assert trouble(late) is True
    assert trouble(late, [paused(101, "other")]) is False


def test_given_a_call_that_is_taken_back_then_its_number_leaves_row_and_panel_at_once(page):
    """Of the row and the panel nothing is left, and the snapshot that follows brings nothing back."""
    called = event(101, "ticket.called", "B027", 2)
    undone = event(102, "ticket.undone", "B027", 2) | {"state": "waiting"}
    assert rows(page, snapshot([counter(2)]), [called, undone]) == [[2, "idle", None]]
    assert panel(page, snapshot([counter(2)]), [called], [undone]) == [["called", "B027"], ["free", None]]
    after = snapshot([counter(2)], seq=102)
    assert rows(page, snapshot([counter(2)]), [called], then=after) == [[2, "idle", None]]


def test_given_a_start_that_is_taken_back_then_the_call_stands(page):
    steps = [event(101, "ticket.called", "B027", 2), event(102, "ticket.started", "B027", 2)]
    undone = event(103, "ticket.undone", "B027", 2) | {"state": "called"}
    assert panel(page, snapshot([counter(2)]), steps, [undone]) == [["called", "B027"], ["called", "B027"]]


def test_given_a_number_that_was_served_then_the_panel_leaves_yellow_after_three_seconds(page):
    steps = [event(101, "ticket.called", "B027", 2), event(102, "ticket.started", "B027", 2)]
    done = [event(103, "ticket.finished", "B027", 2), event(104, "counter.paused", at_counter=2)]
    assert panel(page, snapshot([counter(2)]), steps, done, later_s=2) == [["called", "B027"], ["called", "B027"]]
    assert panel(page, snapshot([counter(2)]), steps, done, later_s=3) == [["called", "B027"], ["free", None]]


def panel(page, given, first, then, later_s=0):
    """Phase and number of the panel after a snapshot and events, and after more of them some seconds later."""
    return page.evaluate(
        """async ([given, first, then, later]) => {
          const {Wall} = await import("/static/display/wall.js");
          const wall = new Wall();
          wall.snapshot(given, 0);
          wall.events(first, 0);
          const shown = ({phase, call}) => [phase, call?.number ?? null];
          const before = shown(wall.view(0).panel);
          wall.events(then, later * 1000);
          return [before, shown(wall.view(later * 1000).panel)];
        }""",
        [given, list(first), list(then), later_s],
    )


def listed(page, counters, served, places=8, later_s=0):
    """The counters in the list of a hall of so many, called one after the other; those of `served` are being served."""
    there = [counter(n, "serving" if n in served else "called", f"B{n:03}") for n in range(1, counters + 1)]
    calls = [
        {"seq": n, "number": f"B{n:03}", "counter": n, "at": "2025-09-11T01:59:00Z"} for n in range(counters, 0, -1)
    ]
    return page.evaluate(
        """async ([given, places, later]) => {
          const {Wall} = await import("/static/display/wall.js");
          const wall = new Wall();
          wall.snapshot(given, 0);
          return wall.view(later * 1000, places).recent.map(({counter}) => counter);
        }""",
        [snapshot(there, [call for call in calls if call["counter"] not in served], calls[:9]), places, later_s],
    )


def test_given_room_for_all_then_the_list_has_them_newest_first(page):
    assert listed(page, 9, served=range(2, 9)) == [8, 7, 6, 5, 4, 3, 2, 1]  # 9 has the panel
    assert listed(page, 5, served=range(1, 5)) == [4, 3, 2, 1]


def test_given_more_than_the_list_holds_then_its_second_half_turns_until_everybody_was_shown(page):
    # Counter 12 has the panel. Who has not come yet stands still, with the newest; the others turn.
    pages = [listed(page, 12, served=range(2, 12), later_s=6 * turn) for turn in range(3)]
    assert [shown[:4] for shown in pages] == [[11, 10, 9, 1]] * 3
    assert [shown[4:] for shown in pages] == [[2, 3, 4, 5], [6, 7, 8], [2, 3, 4, 5]]
    # Nobody has come: the newest stand still, those called before turn.
    pages = [listed(page, 12, served=(), later_s=6 * turn) for turn in range(2)]
    assert pages == [[11, 10, 9, 8, 1, 2, 3, 4], [11, 10, 9, 8, 5, 6, 7]]


def test_given_99_counters_then_everybody_at_a_counter_is_found_in_two_minutes_and_a_half(page):
    shown = {at for turn in range(25) for at in listed(page, 99, served=range(1, 99), later_s=6 * turn)}
    assert set(range(1, 99)) <= shown


def test_given_somebody_who_has_left_then_they_make_room_for_those_at_a_counter(page):
    """Nine are remembered as called last; of those who are at counters none gives way to one who has left."""
    calls = [{"seq": n, "number": f"B{n:03}", "counter": n, "at": "2025-09-11T01:59:00Z"} for n in range(9, 0, -1)]
    there = [counter(n) for n in range(1, 10)]
    there += [counter(n, "serving", f"A{n:03}") for n in range(10, 16)]
    shown = page.evaluate(
        """async ([given]) => {
          const {Wall} = await import("/static/display/wall.js");
          const wall = new Wall();
          wall.snapshot(given, 0);
          return wall.view(0, 8).recent.map(({counter}) => counter);
        }""",
        [snapshot(there, [], calls)],
    )
    assert shown == [9, 8, 10, 11, 12, 13, 14, 15]


@pytest.mark.parametrize("kind", ["ticket.no_show", "ticket.cancelled", "ticket.expired"])
def test_given_a_call_nobody_follows_then_its_number_leaves_the_row_at_once(page, kind):
    gone = [event(101, "ticket.called", "B027", 2), event(102, kind, "B027", 2)]
    assert rows(page, snapshot([counter(2)]), gone) == [[2, "idle", None]]


def planned(page, halls):
    """The layouts of halls, given as (counters, screen, last seat in metres, inches)."""
    return page.evaluate(
        """async (halls) => {
          const {plan} = await import("/static/display/plan.js");
          return halls.map(([counters, [width, height], last_seat_m, inches]) =>
            plan(counters, {width, height}, {last_seat_m, inches}));
        }""",
        halls,
    )


@pytest.mark.parametrize(
    ("counters", "size", "last_seat_m", "inches", "expected"),
    [
        (5, LYING, 8, 43, ("side", "rows", 1, 5, 0.255)),
        (6, LYING, 3, 43, ("side", "rows", 1, 6, 0.255)),
        (8, LYING, 8, 43, ("band", "rows", 2, 4, 0.255)),
        (9, LYING, 8, 43, ("band", "compact", 2, 4, 0.255)),
        (20, LYING, 8, 43, ("band", "compact", 2, 4, 0.255)),
        (99, LYING, 8, 43, ("band", "compact", 2, 4, 0.255)),
        (20, LYING, 8, 75, ("band", "rows", 3, 7, 0.255)),  # a larger television has a place for each
        (12, LYING, 8, 55, ("band", "rows", 2, 6, 0.21)),  # with a smaller call, which the last seat still reads
        (5, LYING, 10, 43, ("band", "rows", 2, 3, 0.311)),  # a longer hall: larger type and fewer places
        (20, LYING, 10, 43, ("band", "compact", 2, 3, 0.311)),
        (5, UPRIGHT, 8, 43, ("top", "rows", 1, 5, 0.255)),
        (7, UPRIGHT, 8, 43, ("top", "rows", 1, 7, 0.255)),
        (20, UPRIGHT, 8, 43, ("top", "compact", 1, 7, 0.255)),
        (20, UPRIGHT, 8, 75, ("top", "rows", 2, 10, 0.255)),
    ],
)
def test_given_counters_screen_and_hall_then_the_wall_has_its_own_layout(
    page, counters, size, last_seat_m, inches, expected
):
    (laid,) = planned(page, [(counters, size, last_seat_m, inches)])
    assert (laid["panel"], laid["layout"], laid["columns"], laid["rows"], round(laid["call"], 3)) == expected
    assert laid["fits"]


def test_given_any_hall_then_letters_are_large_enough_for_the_last_seat_or_the_television_is_called_too_small(page):
    halls = [
        (counters, size, last_seat_m, inches)
        for counters in (*range(1, 31), 40, 60, 99)
        for size in (LYING, UPRIGHT, (3840, 2160), (1280, 720), (1024, 768))
        for last_seat_m in (2, 5, 8, 10, 12, 15, 20)
        for inches in (43, 50, 55, 65, 75)
    ]
    for (counters, size, last_seat_m, inches), laid in zip(halls, planned(page, halls), strict=True):
        unit_mm = inches * 25.4 * 9 / math.hypot(16, 9)
        caps = laid["call"] * 0.74 * unit_mm, laid["row"] * 0.74 * unit_mm
        needed = last_seat_m * 1000 / 82, last_seat_m * 1000 / 156
        hall = counters, size, last_seat_m, inches, laid
        assert laid["fits"] == all(cap >= need for cap, need in zip(caps, needed, strict=True)), hall
        assert laid["layout"] == "compact" or laid["columns"] * laid["rows"] >= counters, hall
        high = laid["rows"] * laid["row"] * 0.8  # a line is 0.74 high
        assert laid["panel"] == "side" or laid["panel_height"] + laid["gap"] + high < laid["height"], hall


def test_given_a_television_then_the_form_knows_how_far_it_is_read_and_which_one_a_hall_needs(page):
    reads = """async () => {
      const {readFrom, inchesFor} = await import("/static/lib/legible.js");
      return [43, 55, 65, 75].map((inches) => [readFrom(inches, "lying"), readFrom(inches, "upright")])
        .concat([[inchesFor(14, "lying"), inchesFor(14, "upright")]]);
    }"""
    assert page.evaluate(reads) == [[10, 8], [12.5, 10.5], [15, 12.5], [17.5, 14.5], [60, 72]]
    # What it says agrees with what is drawn.
    edges = [(20, LYING, 10, 43), (20, LYING, 10.5, 43), (20, UPRIGHT, 8, 43), (20, UPRIGHT, 8.5, 43)]
    assert [laid["fits"] for laid in planned(page, edges)] == [True, False, True, False]


def test_given_months_of_calls_then_the_page_does_not_grow(chromium, name):
    """Nodes, listeners and memory are the same after three thousand calls as after one thousand."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    draw_wall(page, name)
    hall = {
        "name": "Trung tâm", "office": "", "hotline": "1022", "timezone": "Asia/Ho_Chi_Minh", "advice_counters": [1],
        "priority_question": True, "cap": 5, "head_start_s": {"priority": 1200},
        "rule": {"vi": {"name": "Thứ tự", "sentence": "theo giờ", "facts": ["theo *giờ*"]}},
        "wall": {"theme": "dark", "last_seat_m": 8, "blink": True}, "posters": None,
    }  # fmt: skip
    given = snapshot([counter(n) for n in range(1, 6)])
    today = {"served": 0, "waiting": 0, "mean_wait_s": 60, "target_s": 900}
    page.evaluate("given => line.on.onSnapshot(given)", given | {"hall": hall, "today": today})
    session = context.new_cdp_session(page)

    def after(calls):
        page.evaluate(
            """calls => {
              for (let n = 0; n < calls; n++) {
                window.seq = (window.seq ?? 200) + 2;
                const of = {at: new Date().toISOString(), counter: n % 5 + 1, number: `B${100 + seq % 900}`};
                line.on.onEvents([{...of, seq: seq - 1, kind: "ticket.called"}]);
                line.on.onEvents([{...of, seq, kind: n % 3 ? "ticket.finished" : "ticket.no_show"}]);
                line.on.onCounts({services: [], today: {served: n, waiting: n % 9, mean_wait_s: n, target_s: 900},
                               no_shows: [of.number]});
              }
            }""",
            calls,
        )
        used = []
        for _ in range(3):  # one collection may leave what the last call still holds
            session.send("HeapProfiler.collectGarbage")
            used.append(session.send("Runtime.getHeapUsage")["usedSize"])
        counted = session.send("Memory.getDOMCounters")
        return counted["nodes"], counted["jsEventListeners"], min(used)

    early, late = after(1000), after(2000)
    context.close()
    print(f"\nnodes, listeners, bytes: {early} after 1000 calls, {late} after 3000")
    assert late[0] <= early[0] + 20
    assert late[1] == early[1]
    assert late[2] <= early[2] * 1.1


@pytest.mark.parametrize(
    ("staffed", "sent"),
    [
        ({1: "open", 2: "open"}, "quầy 1"),
        ({1: "closed", 2: "open", 3: "open", 4: "paused"}, "quầy 2 hoặc 3"),
        ({1: "paused", 2: "closed"}, "quầy hướng dẫn"),
    ],
)
def test_given_absent_people_then_they_are_sent_to_an_open_counter(page, staffed, sent):
    counters = [{"counter": number, "staffing": staffing} for number, staffing in staffed.items()]
    board = {"hall": {"advice_counters": [1]}, "counters": counters, "no_shows": ["B027", "H003"]}
    lines = page.evaluate(
        """async (board) => {
          const [facts, text] = await Promise.all([import("/static/display/facts.js"), import("/static/lib/text.js")]);
          await text.loadText("vi");
          return facts.absences(board);
        }""",
        board,
    )
    assert lines == [f"Vắng mặt *B\u00a0027, H\u00a0003* – mời đến *{sent}*"]


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        (range(3, 4), ["Đóng 3"]),
        ((1, 4, 5, 18, 19, 20), ["Đóng 1, 4, 5, 18–20"]),
        (range(2, 99, 2), ["Đóng 49 quầy"]),
        ((), []),
    ],
)
def test_given_closed_counters_then_the_foot_names_them_or_says_how_many(page, closed, said):
    counters = [{"counter": n, "state": "closed" if n in closed else "idle", "number": None} for n in range(1, 100)]
    words = page.evaluate(
        """async (counters) => {
          const text = await import("/static/lib/text.js");
          await text.loadText("vi");
          const {stateWords} = await import("/static/display/counter-strip.js");
          return stateWords(counters).map((words) => words.textContent);
        }""",
        counters,
    )
    assert words == said
