"""The counter console in a real browser, before a real centre: one key calls, starts and finishes."""

import re
import shutil
import time
from weakref import WeakKeyDictionary, WeakSet

import pytest
from playwright.sync_api import expect

from tests.browser import scanner
from tests.browser.layout import layout_faults
from tests.browser.measure import axe, overflowing, targets
from tests.browser.page_errors import SERVER_GONE, refused
from tests.centre import TestCentreProcess

pytestmark = pytest.mark.browser

PASSWORD = "bốn con vịt trắng"
COUNTER = 2
TARGET_PX = 44
USUAL = {"width": 1366, "height": 768}
LOST_WITHIN_S = 5
SAME_PRESS_S = 1.1
READ_S = 0.35
PRESSED = WeakKeyDictionary()  # page -> {key: when}
STOPPED = WeakSet()  # pages whose clock stands still
HAND_MS = 50  # between two keys
PATIENCE_MS = 15_000

CALL = "Gọi số tiếp theo"
START = "Bắt đầu phục vụ"
FINISH_AND_CALL = "Hoàn thành, gọi số tiếp theo"


class BrowserTestCentre:
    """A centre with people to work in it and citizens who come."""

    def __init__(self, centre, chromium, name, supervisor, greeter):
        self.centre = centre
        self.chromium = chromium
        self.address = centre.at(name)
        self.contexts = []
        self.supervisor = supervisor
        self.greeter = greeter

    def hire(self, name, role="clerk"):
        """An account; its id."""
        return hired(self.centre, self.supervisor, name, role)

    def sign_in(self, name):
        """The session of a person, as a header."""
        return signed_in(self.centre, name)

    def window(self, context=None, path="/counter"):
        """A browser window with the console, under the clock of the test, which may be put forward."""
        page = (context or self.browser()).new_page()
        page.clock.install()
        page.goto(self.address + path)
        return page

    def browser(self, cookie=None):
        """A browser of its own, signed in where a session is given."""
        context = self.chromium.new_context(viewport=USUAL)
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        if cookie is not None:
            key, _, value = cookie["Cookie"].partition("=")
            context.add_cookies([{"name": key, "value": value, "url": self.address}])
        return context

    def console(self, clerk, counter=COUNTER):
        """The console of a clerk who has chosen a counter, which is still closed."""
        page = self.window(self.browser(self.sign_in(clerk)))
        choose(page, counter)
        expect(main_key(page)).to_be_visible()
        return page

    def pair(self, kind):
        """The page of a kiosk or wall that the supervisor has confirmed."""
        asked = self.centre.post("/api/v1/pairings", {"kind": kind})
        confirmed = {"code": asked.json()["code"], "name": kind}
        assert self.centre.post("/api/v1/devices", confirmed, headers=self.supervisor).ok
        return self.window(self.browser(session(asked)), f"/{kind}")

    def deliver(self, request):
        """Bring a request of the browser to the server; the answer goes astray."""
        path = request.url.removeprefix(self.address)
        headers = request.all_headers()
        self.centre.post(
            path, request.post_data_json, headers["idempotency-key"], headers={"Cookie": headers["cookie"]}
        )

    def take(self, service="CHUNG_THUC", priority_class="ordinary"):
        """The greeter gives a citizen a number."""
        wanted = {"service": service, "priority_class": priority_class}
        answer = self.centre.post("/api/v1/tickets", wanted, headers=self.greeter)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def call(self, counter, program=None):
        """A colleague opens another counter and calls; `program` is a token of theirs, which takes a second to make."""
        program = program or self.centre.token("clerk")
        for key in ("open", "call-next"):
            assert self.centre.post(f"/api/v1/counters/{counter}/{key}", {}, token=program).ok

    def events(self, *kinds):
        """The events of these kinds in the log: (kind, ref, data)."""
        events = self.centre.get("/api/v1/events?after=0", headers=self.supervisor).json()["events"]
        return [(event["kind"], event["ref"], event["data"]) for event in events if event["kind"] in kinds]

    def close(self):
        for context in self.contexts:
            context.close()


def session(answer):
    """The session that an answer opens, as a header."""
    assert answer.ok, answer.text
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


def hired(centre, supervisor, name, role="clerk"):
    wanted = {"name": name, "role": role, "password": PASSWORD}
    answer = centre.post("/api/v1/users", wanted, headers=supervisor)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def signed_in(centre, name):
    return session(centre.post("/api/v1/sign-in", {"name": name, "password": PASSWORD}))


@pytest.fixture(scope="module")
def staffed(tmp_path_factory):
    """The folder of a centre with a supervisor, a clerk and a greeter, and the sessions of the first and the last."""
    centre = TestCentreProcess(tmp_path_factory.mktemp("staffed") / "data").start()
    founding = {"key": centre.setup_key(), "name": "Vừ Mí Sính", "password": PASSWORD}
    supervisor = session(centre.post("/api/v1/setup", founding))
    hired(centre, supervisor, "Lò Thị Mai")
    hired(centre, supervisor, "Hoa", "greeter")
    greeter = signed_in(centre, "Hoa")
    settings = {"no_show_calls": 2, "no_show_gap_s": 0}
    assert centre.post("/api/v1/settings/hall", settings, headers=supervisor).ok
    centre.stop()
    return centre.data, supervisor, greeter


@pytest.fixture
def office(staffed, tmp_path, chromium, name):
    data, *sessions = staffed
    centre = TestCentreProcess(shutil.copytree(data, tmp_path / "data")).start()
    made = BrowserTestCentre(centre, chromium, name, *sessions)
    yield made
    made.close()
    centre.stop()


@pytest.fixture
def console(office):
    """The console of Lò Thị Mai at counter 2, closed."""
    return office.console("Lò Thị Mai")


def choose(page, counter):
    expect(page.get_by_role("heading", name="Ông/bà làm việc ở quầy nào?")).to_be_visible()
    expect(page.locator(".choosing-counter")).to_have_count(5)
    hit(page, str(counter))


def press(page, key):
    """One deliberate press: the last act is over and read, and the second in which a repeat counts as the same one.

    The second is waited for, not put forward on the page's clock: a page that hears nothing for four of its seconds
    has lost its server.
    """
    page.wait_for_function("() => document.querySelector('#main-key')?.ariaBusy !== 'true'")
    pressed = PRESSED.setdefault(page, {})
    if key in pressed:
        page.wait_for_timeout(max(READ_S, SAME_PRESS_S - (time.monotonic() - pressed[key])) * 1000)
    pressed[key] = time.monotonic()
    hit(page, key)


def hit(page, key):
    """A key as a hand presses it: another one comes later than from a scanner."""
    page.keyboard.press(key)
    pause(page)


def write(page, text):
    """Type as a hand does."""
    for character in text:
        hit(page, character)


def pause(page):
    if page in STOPPED:
        page.clock.run_for(HAND_MS)
    else:
        page.wait_for_timeout(HAND_MS)


def stop_clock(page):
    """Let the page's clock go only as far as the test moves it; each key of a hand moves it a little."""
    scanner.stop_clock(page)
    STOPPED.add(page)


def start_clock(page):
    page.clock.resume()
    STOPPED.discard(page)


def take_back(page):
    """Undo, while it is offered."""
    expect(page.locator(".undo")).to_be_visible()
    press(page, "u")


def forward(page, *keys):
    """The space bar, until each of these stands on it in turn."""
    for key in keys:
        expect(main_key(page)).to_have_attribute("aria-disabled", "false")  # a number that was taken has arrived here
        press(page, "Space")
        expect(main_key(page)).to_contain_text(key)


def main_key(page):
    return page.locator("#main-key")


def number(page):
    return page.locator(".console-ticket .number")


def shown(ticket):
    return ticket["number"][0] + "\u00a0" + ticket["number"][1:]


@pytest.mark.expects_page_errors(refused(401, "/me"))
def test_given_nobody_is_signed_in_then_the_console_asks_for_it(office):
    page = office.window()
    page.wait_for_url("**/sign-in?next=/counter")


def test_given_three_citizens_when_only_the_space_bar_is_pressed_then_all_are_served_in_order(office, console):
    tickets = [office.take(), office.take("HO_TICH"), office.take()]
    expect(main_key(console)).to_contain_text("Mở quầy")
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    expect(number(console)).to_have_text(shown(tickets[0]))
    expect(console.locator(".why")).to_contain_text("Đến sớm nhất")
    press(console, "Space")
    for index, ticket in enumerate(tickets):
        expect(main_key(console)).to_contain_text(START)
        expect(number(console)).to_have_text(shown(ticket))
        expect(console.locator(".person.is-called")).to_be_visible()
        press(console, "Space")
        expect(main_key(console)).to_contain_text(FINISH_AND_CALL)
        expect(console.get_by_role("timer")).to_have_text(re.compile(r"^00:\d\d$"))
        expect(console.locator(".row .number")).to_have_count(len(tickets) - index - 1)
        press(console, "Space")
    expect(console.get_by_role("heading", name="Chưa có ai chờ ở quầy này")).to_be_visible()
    expect(main_key(console)).to_have_attribute("aria-disabled", "true")
    expect(console.locator(".foot")).to_contain_text("3 lượt")
    assert [ref for _, ref, _ in office.events("ticket.finished")] == [ticket["ref"] for ticket in tickets]


def test_given_the_letters_then_each_does_its_act(office, console):
    first, second = office.take(), office.take()
    office.centre.post(f"/api/v1/tickets/{second['id']}/visual-call", {"wanted": True})  # its holder, by phone
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    press(console, "Space")
    expect(main_key(console)).to_contain_text(START)
    wave = console.locator("#wave-key")
    expect(wave).to_have_text("Không nghe được?")
    expect(console.locator(".row .row-wave")).to_have_count(1)
    press(console, "y")
    expect(wave).to_have_text("Vẫy tay")
    press(console, "g")
    expect(console.locator(".why-line")).to_contain_text("Đã gọi 2 lần")
    # By the server's clock, which this page knows as well as its line is quick.
    expect(console.get_by_role("button", name="Vắng mặt")).to_have_attribute("aria-disabled", "false")
    press(console, "v")
    expect(main_key(console)).to_contain_text(CALL)
    expect(console.locator(".waiting-foot")).to_contain_text(shown(first))
    press(console, "Space")
    expect(main_key(console)).to_contain_text(START)
    expect(number(console)).to_have_text(shown(second))
    expect(wave).to_have_attribute("aria-pressed", "true")
    press(console, "Space")
    expect(main_key(console)).to_contain_text(FINISH_AND_CALL)
    press(console, "2")
    expect(console.get_by_role("button", name="Đã hướng dẫn")).to_have_attribute("aria-pressed", "true")
    press(console, "Enter")
    expect(main_key(console)).to_contain_text(CALL)
    press(console, "p")
    expect(console.get_by_text("Lý do tạm dừng")).to_be_visible()
    press(console, "1")
    expect(console.get_by_role("heading", name="Quầy đang tạm dừng")).to_be_visible()
    expect(console.locator(".calm")).to_contain_text("Nghỉ trưa")
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    press(console, "q")
    expect(console.get_by_role("heading", name="Quầy 2 đang đóng")).to_be_visible()
    kinds = "ticket.called_again", "ticket.no_show", "ticket.finished", "counter.paused", "counter.closed"
    events = office.events(*kinds)
    assert [kind for kind, _, _ in events] == list(kinds)
    assert events[2][2]["outcome"] == "guided"
    assert events[3][2]["reason"] == "lunch"


def test_given_the_keyboard_alone_then_every_step_of_a_visit_is_done(office, console):
    first, second, third = office.take(), office.take(), office.take()
    forward(console, CALL, START, FINISH_AND_CALL)
    press(console, "d")
    press(console, "5")
    expect(console.locator(".why-line")).to_contain_text("5 hồ sơ")
    press(console, "h")
    expect(console.get_by_text("Hẹn quay lại:")).to_be_visible()
    press(console, "1")
    expect(console.locator(".waiting-foot")).to_contain_text(f"Đang giữ lượt{shown(first)}")
    expect(number(console)).to_have_text(shown(second))

    press(console, "n")
    expect(console.locator(".is-question input")).to_be_focused()
    write(console, third["number"])
    expect(console.locator(".is-question input")).to_have_value(third["number"])
    hit(console, "Enter")
    expect(console.locator("#question-title")).to_be_focused()
    hit(console, "Enter")  # the reflex of one who has typed: no reason is chosen by it
    hit(console, "3")
    expect(console.locator(".why-line")).to_contain_text("Gọi tay: Ốm mệt, cần gấp.")
    expect(number(console)).to_have_text(shown(third))
    take_back(console)  # a slip: it was not this one
    expect(number(console)).to_have_text(shown(second))
    expect(main_key(console)).to_contain_text(CALL)

    press(console, "t")
    press(console, "1")
    expect(console.locator(".row.is-first")).to_contain_text("Quay lại")
    forward(console, START, FINISH_AND_CALL)
    expect(number(console)).to_have_text(shown(first))
    press(console, "c")
    expect(console.get_by_text("Chuyển người này đến")).to_be_visible()
    press(console, "1")
    expect(console.locator(".row", has_text="Chuyển đến")).to_contain_text(shown(first))
    press(console, "b")
    expect(console.get_by_text("Bàn giao quầy 2 cho ca sau? Quầy vẫn mở, ông/bà được đăng xuất.")).to_be_visible()
    assert office.events("counter.handed_over") == []
    press(console, "1")
    console.wait_for_url("**/sign-in?next=/counter")
    kinds = "dossiers_counted", "held", "called", "undone", "returned", "transferred"
    events = [kind for kind, _, _ in office.events(*(f"ticket.{kind}" for kind in kinds), "counter.handed_over")]
    assert events == [
        "ticket.called", "ticket.dossiers_counted", "ticket.held", "ticket.called", "ticket.undone", "ticket.returned",
        "ticket.called", "ticket.transferred", "counter.handed_over",
    ]  # fmt: skip


def test_given_the_last_act_then_it_may_be_taken_back_for_ten_seconds(office, console):
    taken = office.take()
    forward(console, CALL)
    expect(number(console)).to_have_text(shown(taken))
    forward(console, START)
    undo = console.get_by_role("button", name="Thôi gọi")
    expect(undo).to_be_visible()
    expect(undo).not_to_be_visible(timeout=20_000)  # the server's ten seconds, whatever the page's clock says
    press(console, "u")
    expect(console.locator("#notice")).to_contain_text("Không còn hoàn tác được nữa.")
    expect(number(console)).to_have_text(shown(taken))


def test_given_someone_at_the_desk_when_pausing_then_the_pause_begins_when_they_leave(office, console):
    office.take(), office.take()
    forward(console, CALL, START, FINISH_AND_CALL)
    press(console, "p")
    press(console, "2")
    expect(main_key(console)).to_contain_text("Hoàn thành, rồi tạm dừng")
    console.reload()
    expect(main_key(console)).to_contain_text("Hoàn thành, rồi tạm dừng")
    press(console, "Space")
    expect(console.get_by_role("heading", name="Quầy đang tạm dừng")).to_be_visible()
    assert len(office.events("ticket.called")) == 1


def test_given_somebody_who_has_just_come_then_no_wait_is_told(office, console):
    office.take()
    forward(console, CALL)
    expect(console.locator(".person-facts")).to_contain_text("vừa đến")
    expect(console.locator(".person-facts")).not_to_contain_text("đã chờ")
    expect(console.locator(".waiting-head p")).to_have_text("1 người · vừa đến")


def test_given_an_act_that_is_not_possible_then_it_stays_grey_and_says_why(office, console):
    expect(console.get_by_role("button", name="Gọi lại")).to_have_attribute("aria-disabled", "true")
    press(console, "g")
    expect(console.get_by_role("status")).to_have_text("Quầy đang đóng.")
    places = console.locator(".acts .act").evaluate_all("all => all.map(el => el.getBoundingClientRect().x)")
    office.take()
    forward(console, CALL, START, FINISH_AND_CALL)
    assert console.locator(".acts .act").evaluate_all("all => all.map(el => el.getBoundingClientRect().x)") == places
    press(console, "v")
    expect(console.get_by_role("status")).to_have_text("Người này đã đến và đang được phục vụ.")
    assert office.events("ticket.no_show") == []


def test_given_a_double_press_then_one_call(office, console):
    first, _ = office.take(), office.take()
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    asked = []
    console.on("request", lambda request: request.method == "POST" and asked.append(request.url))
    stop_clock(console)
    main_key(console).dblclick()
    hit(console, "Space")
    expect(number(console)).to_have_text(shown(first))
    expect(main_key(console)).to_contain_text(START)
    hit(console, "Space")
    console.clock.run_for(700)
    hit(console, "Space")
    expect(main_key(console)).to_contain_text(START)
    assert [url.rpartition("/")[2] for url in asked] == ["call-next"]
    assert len(office.events("ticket.called")) == 1


def held_back(page, path):
    """Requests for `path` wait in the list that is returned."""
    waiting = []
    page.route(f"**/{path}", lambda route: waiting.append(route))
    return waiting


def answered(page, waiting):
    """The server answers the one request that waits."""
    while not waiting:
        page.wait_for_timeout(20)
    (route,) = waiting
    waiting.clear()
    with page.expect_response(route.request.url):
        route.continue_()


def test_given_a_slow_answer_when_the_same_key_is_pressed_then_it_does_nothing_else(office, console):
    first = office.take()
    forward(console, CALL)
    stop_clock(console)
    calls = held_back(console, "call-next")
    hit(console, "Space")
    console.clock.run_for(1500)
    hit(console, "Space")  # still the same wish: nobody has been called yet
    answered(console, calls)
    expect(main_key(console)).to_contain_text(START)
    hit(console, "Space")  # before anybody can have read the answer
    console.clock.run_for(400)
    assert office.events("ticket.started") == []
    hit(console, "Space")
    expect(main_key(console)).to_contain_text(FINISH_AND_CALL)
    assert [ref for _, ref, _ in office.events("ticket.called", "ticket.started")] == [first["ref"]] * 2


def test_given_a_press_during_an_act_then_it_is_done_after_it_if_it_still_means_the_same(office, console):
    first, second = office.take(), office.take()
    forward(console, CALL, START)
    stop_clock(console)
    starts = held_back(console, "start")
    hit(console, "Space")
    hit(console, "d")
    expect(console.get_by_role("status")).to_have_text("Đang gửi. Việc vừa bấm sẽ làm ngay sau đó. Esc để bỏ.")
    answered(console, starts)
    expect(console.get_by_text("Lượt này có mấy hồ sơ?")).to_be_visible()
    counts = held_back(console, "dossiers")
    hit(console, "5")
    hit(console, "h")
    hit(console, "1")
    answered(console, counts)
    expect(console.locator(".waiting-foot")).to_contain_text(f"Đang giữ lượt{shown(first)}")
    events = office.events("ticket.dossiers_counted", "ticket.held")
    assert [kind for kind, _, _ in events] == ["ticket.dossiers_counted", "ticket.held"]

    console.clock.run_for(1100)
    start_clock(console)
    expect(number(console)).to_have_text(shown(second))
    forward(console, START)
    stop_clock(console)
    starts = held_back(console, "start")
    hit(console, "Space")
    hit(console, "h")
    hit(console, "Escape")
    expect(console.get_by_role("status")).not_to_contain_text("Việc vừa bấm")
    answered(console, starts)
    expect(main_key(console)).to_contain_text(FINISH_AND_CALL)
    expect(console.locator(".is-question")).to_have_count(0)


def test_given_a_press_during_an_act_then_it_is_not_done_to_the_next_person(office, console):
    office.take(), office.take()
    forward(console, CALL, START, FINISH_AND_CALL)
    stop_clock(console)
    calls = held_back(console, "call-next")
    hit(console, "Space")
    hit(console, "Enter")  # finish, but the one at the counter is finished by then
    answered(console, calls)
    expect(console.get_by_role("status")).to_contain_text("Việc vừa bấm chưa làm, vì quầy đã đổi.")
    expect(main_key(console)).to_contain_text(START)
    assert len(office.events("ticket.finished")) == 1


def test_given_a_question_when_the_line_is_lost_then_it_goes_for_good_and_its_keys_mean_nothing_else(office, console):
    office.take(), office.take()
    forward(console, CALL, START, FINISH_AND_CALL)
    press(console, "c")
    expect(console.get_by_text("Chuyển người này đến")).to_be_visible()
    # Pressed for the question, the very moment it is gone.
    console.evaluate("""() => new MutationObserver((_, observer) => {
      if (document.querySelector(".is-question")) return;
      observer.disconnect();
      for (const code of ["Digit1", "Enter", "Space"]) window.dispatchEvent(new KeyboardEvent("keydown", { code }));
    }).observe(document.body, { childList: true, subtree: true })""")
    office.centre.freeze()
    expect(console.locator(".lost")).to_be_visible()
    expect(console.locator(".is-question")).to_have_count(0)
    expect(console.get_by_role("status")).to_contain_text("Câu hỏi đã đóng")
    expect(main_key(console)).to_be_focused()
    office.centre.thaw()
    expect(console.locator(".lost")).to_have_count(0)
    expect(console.locator(".is-question")).to_have_count(0)
    expect(console.locator("[aria-pressed=true]")).to_have_count(0)
    assert office.events("ticket.finished", "ticket.transferred") == []
    console.wait_for_timeout(1100)
    press(console, "1")
    expect(console.locator("[aria-pressed=true]")).to_have_count(1)


def test_given_a_double_press_or_click_of_an_answer_then_no_outcome_is_chosen(office, console):
    office.take()
    forward(console, CALL, START, FINISH_AND_CALL)
    press(console, "d")
    console.locator(".is-question .choice").nth(2).dblclick()
    expect(console.locator(".why-line")).to_contain_text("3 hồ sơ")
    expect(console.locator("[aria-pressed=true]")).to_have_count(0)
    expect(main_key(console)).to_contain_text(FINISH_AND_CALL)
    press(console, "d")
    stop_clock(console)
    hit(console, "2")
    expect(console.locator(".is-question")).to_have_count(0)
    hit(console, "2")
    expect(console.locator(".why-line")).to_contain_text("2 hồ sơ")
    expect(console.locator("[aria-pressed=true]")).to_have_count(0)
    console.clock.run_for(1100)
    hit(console, "2")
    expect(console.locator("[aria-pressed=true]")).to_have_count(1)


def test_given_a_counter_that_opened_meanwhile_then_people_can_be_sent_there(office, console):
    office.take()
    office.hire("Vàng A Sính")
    press(console, "c")  # asked before: the page's first snapshot is older
    assert office.centre.post("/api/v1/counters/3/open", headers=office.sign_in("Vàng A Sính")).ok
    forward(console, CALL, START, FINISH_AND_CALL)
    press(console, "c")
    expect(console.locator(".is-question .choice", has_text="Quầy 3")).to_be_visible()
    expect(console.locator(".is-question .choice", has_text="Đất đai")).to_be_visible()


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_the_answer_is_lost_when_it_is_sent_again_then_one_call(office, console):
    first, _ = office.take(), office.take()
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    keys = []

    def drop(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            office.deliver(route.request)
        if len(keys) < 4:
            route.abort()
        else:
            route.continue_()

    console.route("**/call-next", drop)
    press(console, "Space")
    expect(console.get_by_role("status")).to_have_text("Chưa gửi được, đang thử lại.")
    expect(number(console)).to_have_text(shown(first))
    expect(console.get_by_role("status")).to_have_text("")
    assert len(keys) == 4
    assert len(set(keys)) == 1
    assert [ref for _, ref, _ in office.events("ticket.called")] == [first["ref"]]


def test_given_a_reload_then_nothing_is_lost(office, console):
    ticket = office.take()
    forward(console, CALL, START, FINISH_AND_CALL)
    press(console, "4")
    console.reload()
    expect(number(console)).to_have_text(shown(ticket))
    expect(main_key(console)).to_contain_text(FINISH_AND_CALL)
    expect(main_key(console)).to_be_focused()
    expect(console.get_by_role("button", name="Cần bổ sung")).to_have_attribute("aria-pressed", "true")


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_the_server_is_lost_when_finishing_then_it_is_kept_and_sent_on_return(office, console):
    ticket, _ = office.take(), office.take()
    forward(console, CALL, START, FINISH_AND_CALL)
    hit(console, "1")
    lost_at = time.monotonic()
    office.centre.kill()
    banner = console.locator(".lost")
    expect(banner).to_contain_text("Mất kết nối với máy chủ từ", timeout=12_000)
    took = time.monotonic() - lost_at
    print(f"banner after {took:.1f} s (promised {LOST_WITHIN_S} s)")
    expect(banner).to_contain_text(f"Cứ phục vụ tiếp {shown(ticket)}.")
    expect(console.locator(".waiting")).to_contain_text("có thể đã thay đổi")
    expect(console.get_by_role("button", name="Gọi lại")).to_have_attribute("aria-disabled", "true")
    assert axe(console) == [], axe(console)
    press(console, "Space")
    expect(console.get_by_role("heading", name="đã xong")).to_be_visible()
    expect(console.locator(".foot")).to_contain_text("1 việc chờ ghi lại")
    press(console, "Space")
    expect(console.get_by_role("status")).to_have_text("Đang mất kết nối. Chưa gọi được số mới.")
    assert axe(console) == [], axe(console)
    office.centre.start()
    expect(banner).to_have_count(0)
    expect(main_key(console)).to_contain_text(CALL)
    expect(main_key(console)).to_have_attribute("aria-disabled", "false")
    events = office.events("ticket.finished", "ticket.called")
    assert [(kind, ref) for kind, ref, _ in events] == [
        ("ticket.called", ticket["ref"]),
        ("ticket.finished", ticket["ref"]),
    ]
    assert events[1][2]["outcome"] == "filed"


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_the_server_hangs_when_it_had_already_finished_then_the_kept_finish_is_dropped(office, console):
    first, second = office.take(), office.take()
    forward(console, CALL, START, FINISH_AND_CALL)

    def drop(route):
        if delivered:
            return route.continue_()
        delivered.append(route.request.url)
        office.deliver(route.request)
        office.centre.freeze()  # with its connections open
        return route.abort()

    delivered = []
    console.route("**/call-next", drop)
    press(console, "Space")
    expect(console.locator(".lost")).to_be_visible()
    office.centre.thaw()
    expect(console.locator(".lost")).to_have_count(0)
    expect(number(console)).to_have_text(shown(second))
    expect(main_key(console)).to_contain_text(START)
    assert [ref for _, ref, _ in office.events("ticket.finished")] == [first["ref"]]
    assert console.evaluate("localStorage.getItem('counter.kept')") is None


def test_given_a_colleague_when_taking_over_an_idle_counter_then_the_first_is_shown_why(office, console):
    office.hire("Vàng A Sính")
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    other = office.window(office.browser(office.sign_in("Vàng A Sính")))
    choose(other, COUNTER)
    expect(other.get_by_role("heading", name="Lò Thị Mai đang làm ở quầy 2")).to_be_visible()
    expect(other.get_by_role("button", name="Nhận quầy này")).to_be_focused()
    assert axe(other) == []
    press(other, "Space")
    expect(main_key(other)).to_contain_text(CALL)
    expect(console.get_by_role("heading", name="Vàng A Sính đang làm ở quầy 2")).to_be_visible()
    office.take()
    expect(main_key(other)).to_have_attribute("aria-disabled", "false")
    press(other, "Space")
    expect(main_key(other)).to_contain_text(START)
    expect(console.get_by_role("button", name="Nhận quầy này")).to_have_count(0)
    expect(console.get_by_role("button", name="Chọn quầy khác")).to_be_focused()


def test_given_a_second_window_then_the_first_is_shown_why_and_may_take_back(office, console):
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    second = office.window(console.context)
    expect(main_key(second)).to_contain_text(CALL)
    expect(console.get_by_role("heading", name="Quầy 2 đã mở ở nơi khác")).to_be_visible()
    assert axe(console) == [], axe(console)
    console.bring_to_front()
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    expect(second.get_by_role("heading", name="Quầy 2 đã mở ở nơi khác")).to_be_visible()


def test_given_the_supervisor_signs_the_clerk_out_then_the_console_says_so(office):
    user = office.hire("Hoàng Văn Páo")
    page = office.console("Hoàng Văn Páo", 5)
    answer = office.centre.post(f"/api/v1/users/{user}/sign-out", headers=office.supervisor)
    assert answer.status_code == 200, answer.text
    expect(page.get_by_role("heading", name="Phiên làm việc đã kết thúc")).to_be_visible()
    press(page, "Space")
    page.wait_for_url("**/sign-in?next=/counter")


def test_given_a_click_on_an_act_then_the_space_bar_does_not_press_it_again(office, console):
    office.take()
    forward(console, CALL, START)
    console.get_by_role("button", name="Gọi lại").click()
    expect(console.locator(".why-line")).to_contain_text("Đã gọi 2 lần")
    expect(main_key(console)).to_be_focused()
    press(console, "Space")
    expect(main_key(console)).to_contain_text(FINISH_AND_CALL)
    console.get_by_role("button", name="Đã trả kết quả").focus()
    press(console, "Space")
    expect(console.get_by_role("button", name="Đã trả kết quả")).to_have_attribute("aria-pressed", "true")
    expect(main_key(console)).to_be_focused()
    assert len(office.events("ticket.called_again")) == 1


def test_given_a_priority_ticket_then_the_reason_is_told_and_those_passed_are_marked(office, console):
    office.take(), office.take("HO_TICH")
    elder = office.take("CHUNG_THUC", "priority")
    press(console, "Space")
    expect(number(console)).to_have_text(shown(elder))
    expect(console.locator(".why")).to_contain_text("Ưu tiên, tính sớm hơn 20 phút")
    expect(console.locator(".why")).to_contain_text("Vượt 2 người đến trước")
    press(console, "Space")
    expect(console.locator(".why-line")).to_contain_text("Ưu tiên, tính sớm hơn 20 phút")
    expect(console.locator(".row").filter(has_text="Bị vượt 1 lần")).to_have_count(2)


def test_given_the_keyboard_alone_when_granting_and_withdrawing_then_queue_reason_log_and_figures_follow(
    office, console
):
    first, second, third = office.take(), office.take(), office.take()
    forward(console, CALL)
    expect(number(console)).to_have_text(shown(first))

    # Picked in the queue, with the arrows: the third.
    press(console, "w")
    field = console.locator(".is-question input")
    expect(field).to_be_focused()
    for picked in (first, second, third):
        hit(console, "ArrowDown")
        expect(field).to_have_value(picked["number"])
        expect(console.locator(".row.is-picked")).to_contain_text(shown(picked))
    hit(console, "Enter")
    expect(console.locator("#question-title")).to_be_focused()
    expect(console.locator(".is-question [aria-pressed=true]")).to_contain_text("Thường, rút ưu tiên")
    hit(console, "1")
    expect(console.locator(".row.is-first")).to_contain_text(f"{shown(third)}Chứng thựcƯu tiên")
    expect(number(console)).to_have_text(shown(third))
    expect(console.locator(".why")).to_contain_text("Ưu tiên, tính sớm hơn 20 phút")
    expect(console.locator("#notice")).to_contain_text(f"Số {shown(third)} nay thuộc diện “Ưu tiên”")
    expect(main_key(console)).to_be_focused()

    # Written, however it is spaced: the second, to the special class, which goes before.
    press(console, "w")
    expect(field).to_be_focused()
    write(console, f"b {second['number'][1:]}")
    hit(console, "Enter")
    hit(console, "2")
    expect(number(console)).to_have_text(shown(second))
    expect(console.locator(".why")).to_contain_text("Ưu tiên, tính sớm hơn 60 phút")
    expect(console.locator(".row.is-first")).to_contain_text("Ưu tiên đặc biệt")

    # Withdrawn from the third; what is written nowhere here is refused in words.
    press(console, "w")
    write(console, third["number"])
    hit(console, "Enter")
    hit(console, "3")
    expect(console.locator("#notice")).to_contain_text("nay thuộc diện “Thường”")
    press(console, "w")
    write(console, "X999")
    hit(console, "Enter")
    expect(console.locator("#notice")).to_contain_text("Số này không có trong hàng chờ của quầy")
    expect(console.locator(".is-question input")).to_be_focused()
    hit(console, "Escape")

    for expected in (second, first, third):
        forward(console, START, FINISH_AND_CALL)
        expect(number(console)).to_have_text(shown(expected))
        press(console, "Enter")
    expect(console.get_by_role("heading", name="Chưa có ai chờ ở quầy này")).to_be_visible()
    press(console, "w")
    expect(console.locator("#notice")).to_contain_text("Chưa có ai chờ ở quầy này")
    expect(console.locator("#priority-key")).to_have_attribute("aria-disabled", "true")

    events = [(ref, data["priority_class"], data["by"]) for _, ref, data in office.events("ticket.priority_changed")]
    assert [each[:2] for each in events] == [
        (third["ref"], "priority"), (second["ref"], "urgent"), (third["ref"], "ordinary"),
    ]  # fmt: skip
    assert len({by for _, _, by in events}) == 1 and events[0][2].startswith("user:")
    assert [data["reason"] for _, _, data in office.events("ticket.called")] == ["HEADSTART", "ORDER", "ORDER"]
    today = office.centre.get("/api/v1/board", headers=office.supervisor).json()["day"]
    rows = office.centre.get(f"/api/v1/statistics?from={today}&to={today}&by=class", headers=office.supervisor).json()
    assert {row["label"]: row["served"] for row in rows["rows"]} == {"Thường": 2, "Ưu tiên đặc biệt": 1}


def test_given_the_mouse_when_granting_then_a_row_of_the_queue_is_picked(office, console):
    office.take(), office.take()
    late = office.take()
    forward(console, CALL)
    console.get_by_role("button", name="Ưu tiên W").click()
    expect(console.locator(".row-pick")).to_have_count(3)
    console.locator(".row", has_text=shown(late)).locator(".row-pick").click()
    expect(console.locator(".is-question input")).to_have_value(late["number"])
    expect(console.locator(".is-question input")).to_be_focused()
    console.locator(".is-question .choice").nth(1).click()
    expect(console.locator(".row.is-first")).to_contain_text(f"{shown(late)}Chứng thựcƯu tiên đặc biệt")


@pytest.mark.expects_page_errors(refused(409, "/priority"))
def test_given_a_colleague_called_meanwhile_when_granting_then_it_is_refused_and_nothing_changes(office, console):
    ticket = office.take()
    office.take()
    forward(console, CALL)
    colleague = office.centre.token("clerk")
    console.route("**/priority", lambda route: (office.call(3, colleague), route.continue_()), times=1)
    press(console, "w")
    write(console, ticket["number"])
    hit(console, "Enter")
    hit(console, "1")
    expect(console.locator("#notice")).to_contain_text(f"Số {ticket['number']} đã chuyển bước")
    assert office.events("ticket.priority_changed") == []


def test_given_the_keyboard_alone_when_cancelling_then_queue_log_figures_and_counter_follow(office, console):
    first, second, third, fourth = (office.take() for _ in range(4))
    forward(console, CALL)
    expect(number(console)).to_have_text(shown(first))
    field, choice = console.locator(".is-question input"), console.locator(".is-question .choice")
    notice = console.locator("#notice")

    # Picked in the queue with the arrows; asked once, and left: nothing happens.
    press(console, "x")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    hit(console, "ArrowDown")
    hit(console, "ArrowDown")
    expect(field).to_have_value(second["number"])
    hit(console, "Enter")
    expect(choice).to_have_count(1)
    expect(console.locator("#question-title")).to_be_focused()
    expect(choice).to_contain_text(f"Hủy số {shown(second)}")
    hit(console, "ArrowDown")
    expect(choice).to_contain_text(f"Hủy số {shown(third)}")
    for key in ("Enter", "Space", "Enter"):
        hit(console, key)
    expect(notice).to_contain_text("Còn một câu hỏi. Xin bấm số để trả lời")
    assert axe(console) == []
    hit(console, "Escape")
    expect(console.locator(".is-question")).to_have_count(0)
    assert office.events("ticket.cancelled") == []

    # Picked and confirmed.
    press(console, "x")
    hit(console, "ArrowDown")
    hit(console, "ArrowDown")
    hit(console, "Enter")
    hit(console, "1")
    expect(notice).to_contain_text(f"Đã hủy số {shown(second)}.")
    expect(console.locator(".row")).to_have_count(3)
    expect(console.locator(".row", has_text=shown(second))).to_have_count(0)
    expect(main_key(console)).to_be_focused()

    # Written; what has no place here is refused in words.
    press(console, "x")
    write(console, "X999")
    hit(console, "Enter")
    expect(notice).to_contain_text("Số này không chờ, không được gọi và không được giữ ở quầy này")
    hit(console, "Escape")
    press(console, "x")
    write(console, f"b {fourth['number'][1:]}")
    hit(console, "Enter")
    hit(console, "1")
    expect(notice).to_contain_text(f"Đã hủy số {shown(fourth)}.")

    # Somebody who was called and said that they go: their number is offered, and may be written over.
    forward(console, START)
    press(console, "x")
    expect(field).to_have_value(first["number"])
    write(console, "B")
    expect(field).to_have_value("B")
    hit(console, "Escape")
    press(console, "x")
    hit(console, "Enter")
    hit(console, "1")
    expect(main_key(console)).to_contain_text(CALL)
    expect(number(console)).to_have_text(shown(third))

    # Somebody whose place is held here; then there is nobody left.
    forward(console, START, FINISH_AND_CALL)
    press(console, "x")
    expect(notice).to_contain_text("Chưa có số nào đang chờ, đang gọi hoặc đang giữ ở quầy này")
    expect(console.locator("#cancel-key")).to_have_attribute("aria-disabled", "true")
    press(console, "h")
    hit(console, "1")
    expect(console.locator("#cancel-key")).to_have_attribute("aria-disabled", "false")
    press(console, "x")
    expect(field).to_be_focused()
    write(console, third["number"])
    hit(console, "Enter")
    hit(console, "1")
    expect(notice).to_contain_text(f"Đã hủy số {shown(third)}.")
    expect(console.locator("#cancel-key")).to_have_attribute("aria-disabled", "true")

    events = office.events("ticket.cancelled")
    assert [ref for _, ref, _ in events] == [each["ref"] for each in (second, fourth, first, third)]
    assert all(data["by"].startswith("user:") for _, _, data in events)
    today = office.centre.get("/api/v1/board", headers=office.supervisor).json()["day"]
    rows = office.centre.get(f"/api/v1/statistics?from={today}&to={today}&by=day", headers=office.supervisor).json()
    assert rows["rows"][0]["cancelled"] == 4
    assert "clean" in office.centre.command("verify")


@pytest.mark.expects_page_errors(refused(409, "/cancel"))
def test_given_a_colleague_called_and_began_meanwhile_when_cancelling_then_it_is_refused_in_words(office, console):
    ticket = office.take()
    forward(console, CALL)

    colleague = office.centre.token("clerk")

    def begin(route):
        office.call(3, colleague)
        assert office.centre.post("/api/v1/counters/3/start", {}, token=colleague).ok
        route.continue_()

    console.route("**/cancel", begin, times=1)  # sent again, it goes straight through
    expect(console.locator(".row")).to_have_count(1)  # the number has arrived here: there is something to cancel
    press(console, "x")
    hit(console, "ArrowDown")
    hit(console, "Enter")
    hit(console, "1")
    expect(console.locator("#notice")).to_contain_text(f"Số {ticket['number']} đã chuyển bước")
    assert office.events("ticket.cancelled") == []


def test_given_the_mouse_when_cancelling_then_a_row_of_the_queue_is_picked(office, console):
    office.take()
    gone = office.take()
    forward(console, CALL)
    console.get_by_role("button", name="Hủy số X").click()
    console.locator(".row", has_text=shown(gone)).locator(".row-pick").click()
    console.locator(".is-question .choice").click()
    expect(console.locator(".row", has_text=shown(gone))).to_have_count(0)
    assert [ref for _, ref, _ in office.events("ticket.cancelled")] == [gone["ref"]]


def test_given_a_row_is_picked_then_its_holder_can_be_told_why_not_yet(office, console):
    first, second, third = office.take(), office.take(), office.take()
    elder = office.take("CHUNG_THUC", "priority")
    forward(console, CALL)
    answer = console.locator(".waiting-why")
    expect(console.locator(".row")).to_have_count(4)
    expect(answer).to_be_empty()

    # With the arrows, nothing being asked: each in its place, and nothing of anybody else.
    hit(console, "ArrowDown")
    expect(answer).to_have_text(f"Vì sao {shown(elder)} chưa được gọi? Có thể trả lời: “Ông/bà là người kế tiếp.”")
    hit(console, "ArrowDown")
    hit(console, "ArrowDown")
    expect(console.locator(".row.is-picked")).to_contain_text(shown(second))
    said = "Trước ông/bà có 1 người đến sớm hơn và 1 người được gọi trước theo quy định."
    expect(answer).to_have_text(f"Vì sao {shown(second)} chưa được gọi? Có thể trả lời: “{said}”")
    assert not any(shown(other) in answer.inner_text() for other in (first, third, elder))
    assert axe(console) == []
    expect(main_key(console)).to_be_focused()

    # It follows the queue; the act that comes next is about the one picked.
    office.call(3)
    expect(answer).to_contain_text("Trước ông/bà có 1 người đến sớm hơn.")
    press(console, "w")
    expect(console.locator(".is-question input")).to_have_value(second["number"])
    hit(console, "Escape")
    expect(answer).to_be_empty()

    # By the mouse, and in English; pressed again it goes.
    row = console.locator(".row", has_text=shown(third)).locator(".row-pick")
    row.click()
    expect(answer).to_contain_text("Trước ông/bà có 2 người đến sớm hơn.")
    row.click()
    expect(answer).to_be_empty()
    console.evaluate("() => import('/static/lib/language.js').then(({ choose }) => choose('en'))")
    console.locator(".row", has_text=shown(third)).locator(".row-pick").click()
    expect(answer).to_have_text(re.compile(f"Why is {shown(third)} not called yet\\? You may answer: “.+”"))

    # The space bar calls, whatever is picked.
    forward(console, "Start serving")
    expect(answer).to_be_empty()


def test_given_first_come_first_served_then_the_question_says_that_a_class_moves_nobody(office, console):
    office.take()
    policy = office.centre.get("/api/v1/settings/export", headers=office.supervisor).json()["policy"]
    wanted = policy | {"head_starts_s": {"ordinary": 0, "priority": 0, "urgent": 0}}
    assert office.centre.post("/api/v1/settings/policy", wanted, headers=office.supervisor).ok
    forward(console, CALL)
    press(console, "w")
    expect(console.locator(".is-question .choice").first).to_contain_text("Ưu tiên, vẫn theo thứ tự")


def test_given_names_of_the_hall_own_then_the_console_shows_them_at_once(office, console):
    office.take("CHUNG_THUC", "urgent")
    forward(console, CALL)
    expect(console.locator(".row.is-first")).to_contain_text("Ưu tiên đặc biệt")
    policy = office.centre.get("/api/v1/settings/export", headers=office.supervisor).json()["policy"]
    heavy = {"names": {"vi": "Khuyết tật nặng", "en": "Severe disability"}, "icon": "disabled"}
    wanted = policy | {"classes": policy["classes"] | {"urgent": heavy}}
    assert office.centre.post("/api/v1/settings/policy", wanted, headers=office.supervisor).ok
    expect(console.locator(".row.is-first .tag--priority")).to_have_text("Khuyết tật nặng")
    expect(console.locator(".person .tag--priority")).to_have_text("Khuyết tật nặng")
    expect(console.locator(".person .tag--priority use")).to_have_attribute("href", "#icon-disabled")

    heavy["names"]["vi"] = "Ốm nặng, khuyết tật nặng"  # as long as a name may be, where there is least room
    assert office.centre.post("/api/v1/settings/policy", wanted, headers=office.supervisor).ok
    console.set_viewport_size({"width": 1024, "height": 768})
    row = console.locator(".row.is-first")
    expect(row.locator(".tag--priority")).to_have_text(heavy["names"]["vi"])
    tag, wait = row.locator(".tag--priority").bounding_box(), row.locator(".row-wait").bounding_box()
    assert tag["x"] + tag["width"] <= wait["x"]
    check_layout(console)


def test_given_a_wall_then_the_clerk_sees_that_it_has_shown_the_call(office, console):
    ticket = office.take()
    press(console, "Space")
    expect(console.locator(".foot")).to_contain_text("Chưa có màn hình nào kết nối")
    wall = office.pair("display")
    expect(console.locator(".foot")).to_contain_text("Màn hình đã sẵn sàng")
    expect(main_key(console)).to_have_attribute("aria-disabled", "false")
    press(console, "Space")
    expect(console.locator(".foot")).to_contain_text(f"Màn hình đã hiện {shown(ticket)}")
    wall.close()


def test_given_nobody_pressed_for_long_then_a_quiet_word_reminds(console):
    reminded = console.evaluate(
        """async () => {
          const { reminder } = await import("/static/counter/words.js");
          const now = new Date("2025-09-11T02:00:00Z");
          const ago = (s) => new Date(now - s * 1000).toISOString();
          const store = (ticket, median_service_s) => ({ ticket, view: { today: { median_service_s } } });
          const serving = (s) => ({ state: "serving", started_at: ago(s) });
          return [
            [{ state: "called", called_at: ago(90) }, null], [{ state: "called", called_at: ago(91) }, null],
            [serving(1800), null], [serving(1801), null], [serving(1801), 300],
            [serving(2400), 800], [serving(2401), 800],
          ].map(([ticket, median]) => reminder(store(ticket, median), now) !== null);
        }"""
    )
    assert reminded == [False, True, False, True, True, False, True]


# A laptop, its window in an ordinary browser, the same at 125 %, an old screen, a large one.
SIZES = [(1366, 768), (1366, 625), (1093, 510), (1024, 600), (1024, 768), (1920, 1080)]


def test_given_any_state_and_size_then_everything_fits_is_large_enough_and_accessible(office):
    for _ in range(16):
        office.take()
    page = office.window(office.browser(office.sign_in("Lò Thị Mai")))
    expect(page.locator(".choosing-counter")).to_have_count(5)
    check_layout(page)

    def enter(key, sign):
        press(page, key)
        expect(page.locator(sign).first).to_be_visible()
        check_sizes(page)

    enter(str(COUNTER), "text=Quầy 2 đang đóng")
    enter("Space", ".person.is-next")
    enter("q", "text=16 người đang chờ sẽ không còn quầy nào")
    hit(page, "Escape")
    enter("p", "text=Lý do tạm dừng")
    enter("6", "text=Quầy đang tạm dừng")
    enter("Space", ".person.is-next")
    enter("Space", ".person.is-called")
    enter("Space", ".person.is-serving")
    size = number(page).evaluate("el => parseFloat(getComputedStyle(el).fontSize)")
    assert size == pytest.approx(142, abs=0.5)
    enter("v", "text=Người này đã đến")
    stop_clock(page)
    for code in scanner.DOSSIERS[:2]:
        scanner.Scanner(page).scan(code)
        expect(page.locator(".why-codes")).to_contain_text(code)
    start_clock(page)
    check_sizes(page)
    enter("d", f"text=Bỏ mã {scanner.DOSSIERS[1]}")
    hit(page, "Escape")
    hit(page, "d")
    expect(page.locator(".is-question .choice").nth(9)).to_be_visible()
    keys = page.locator(".is-question .choice").all_inner_texts()
    assert [text.split() for text in keys][6:10] == [[str(n), str(count), "hồ", "sơ"] for n, count in
                                                     ((7, 7), (8, 8), (9, 9), (0, 10))]  # fmt: skip
    hit(page, "Escape")
    enter("c", "text=Chưa có quầy mở, nên không chuyển đến được")
    hit(page, "Escape")
    colleague = office.centre.token("clerk")
    for counter in (1, 3, 4, 5):
        assert office.centre.post(f"/api/v1/counters/{counter}/open", {}, token=colleague).ok
    last = page.locator(".is-question .choice").nth(7)  # seven other services and counter 3
    for _ in range(100):  # until the console has heard of the counters: a question does not change while it stands
        press(page, "c")
        if last.count():
            break
        hit(page, "Escape")
    expect(last).to_be_visible()
    check_sizes(page)
    hit(page, "Escape")
    enter("w", "text=Cấp hoặc rút ưu tiên")
    hit(page, "ArrowDown")
    expect(page.locator(".row.is-picked")).to_be_visible()
    check_sizes(page)
    hit(page, "Escape")
    page.get_by_role("button", name="Hủy số X").click()
    expect(page.get_by_text("Hủy số của người không chờ nữa")).to_be_visible()
    check_sizes(page)
    hit(page, "Escape")
    for _ in range(3):  # some are held
        press(page, "h")
        hit(page, "2")
        expect(page.locator(".person.is-next")).to_be_visible()
        forward(page, START, FINISH_AND_CALL)
    check_sizes(page)
    enter("?", "text=Việc tiếp theo, như nút lớn")
    list_of_keys = page.locator(".keys")
    assert list_of_keys.evaluate("el => el.scrollHeight <= el.clientHeight"), "all keys are seen at once"
    hit(page, "Escape")
    page.get_by_role("button", name=re.compile("Xem tiếp")).click()
    expect(page.locator(".row")).to_have_count(12)
    assert overflowing(page) == (0, 0) and axe(page) == []


def check_sizes(page):
    """Check the layout at every size; the page is left at the usual one."""
    for width, height in SIZES[::-1]:
        page.set_viewport_size({"width": width, "height": height})
        check_layout(page)


def check_layout(page):
    small = [target for target in targets(page) if min(target.width, target.height) < TARGET_PX - 0.5]
    assert small == []
    # The queue shows as many rows as fit once it knows its new height.
    faults = faults_of(page)
    for _ in range(40):
        if not faults:
            break
        page.wait_for_timeout(50)
        faults = faults_of(page)
    assert faults == [], page.viewport_size
    if page.viewport_size == USUAL:
        assert axe(page) == []


def faults_of(page):
    """What is cut off, covered, or to be reached by scrolling only; but for the list of keys, which may scroll."""
    cut = page.locator(".person-body").evaluate_all(
        "all => all.filter(el => el.scrollHeight > el.clientHeight || el.scrollWidth > el.clientWidth).length"
    )
    faults = ["the person's card is cut"] * cut + ["the page scrolls"] * (overflowing(page) != (0, 0))
    if page.locator(".keys").count():
        return faults
    return faults + layout_faults(page, scrolling=[".waiting-list", ".choices-noted"], ground=[".row-pick"])


PHONE = {"width": 360, "height": 740}


def touch_main(page, words):
    """The large key by a finger, once it says this; the second in which a repeat is the same press is over."""
    expect(main_key(page)).to_contain_text(words)
    expect(main_key(page)).to_have_attribute("aria-disabled", "false")
    page.wait_for_timeout(SAME_PRESS_S * 1000)
    main_key(page).tap()


def test_given_a_phone_and_no_keyboard_then_every_step_of_a_day_is_done_by_touch(office):
    tickets = [office.take() for _ in range(6)]
    context = office.chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    office.contexts.append(context)
    name, _, value = office.sign_in("Lò Thị Mai")["Cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": office.address}])
    page = context.new_page()
    page.goto(office.address + "/counter")
    page.locator(f"[data-counter='{COUNTER}']").tap()

    def key(words):
        return page.locator(".act").filter(has=page.get_by_text(words, exact=True))

    def act(words):
        key(words).tap()

    def answer(words):
        page.locator(".is-question .choice", has_text=words).tap()
        expect(page.locator(".is-question")).to_have_count(0)

    def at_hand(ticket):
        """The number stands there, in sight, wherever on the page the last key was."""
        expect(number(page)).to_have_text(shown(ticket))
        expect(number(page)).to_be_in_viewport(ratio=1)
        expect(main_key(page)).to_be_in_viewport(ratio=1)
        assert overflowing(page)[0] == 0

    touch_main(page, "Mở quầy")
    touch_main(page, CALL)
    at_hand(tickets[0])
    touch_main(page, START)
    act("Số hồ sơ")
    answer("2 hồ sơ")
    expect(page.locator(".why-dossiers")).to_contain_text("2 hồ sơ")
    page.locator(".choices-row .choice", has_text="Đã hướng dẫn").tap()
    act("Hoàn thành")

    touch_main(page, CALL)
    at_hand(tickets[1])
    act("Gọi lại")
    expect(key("Vắng mặt")).to_have_attribute("aria-disabled", "false")
    act("Vắng mặt")
    expect(page.locator(".waiting-foot")).to_contain_text(shown(tickets[1]))
    page.locator(".undo").tap()
    at_hand(tickets[1])
    touch_main(page, START)
    act("Giữ lượt")
    answer("10 phút")

    office.call(3)  # somebody else works too: there is a counter to transfer to
    at_hand(tickets[3])
    touch_main(page, CALL)
    touch_main(page, START)
    act("Chuyển")
    answer("Quầy 3")
    at_hand(tickets[4])
    page.locator(".row", has_text=shown(tickets[5])).locator(".row-pick").tap()
    expect(page.locator(".waiting-why")).to_contain_text(f"Vì sao {shown(tickets[5])} chưa được gọi?")
    act("Hủy số")
    answer(f"Hủy số {shown(tickets[5])}")
    expect(page.locator("#notice")).to_contain_text(f"Đã hủy số {shown(tickets[5])}.")
    expect(page.locator("#notice")).to_be_in_viewport(ratio=1)
    expect(page.locator(".undo")).to_be_in_viewport(ratio=1)

    act("Tạm dừng")
    answer("Nghỉ trưa")
    touch_main(page, "Tiếp tục phục vụ")
    expect(main_key(page)).to_contain_text(CALL)
    act("Đóng quầy")
    expect(page.get_by_role("heading", name="Quầy 2 đang đóng")).to_be_in_viewport()
    kinds = ("ticket.dossiers_counted", "ticket.finished", "ticket.no_show", "ticket.undone", "ticket.held",
             "ticket.transferred", "ticket.cancelled", "counter.paused", "counter.closed")  # fmt: skip
    assert [kind for kind, _, _ in office.events(*kinds)] == list(kinds)


def test_given_an_act_that_asks_for_a_number_when_it_is_clicked_then_the_field_keeps_the_focus(office, console):
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    console.get_by_role("button", name="Gọi số khác").click()
    write(console, "B003")
    expect(console.get_by_role("textbox", name="Số")).to_have_value("B003")
    expect(console.get_by_role("textbox", name="Số")).to_be_focused()


@pytest.mark.expects_page_errors(refused(409, "/tickets"))
def test_given_a_restore_when_a_paper_number_is_lost_then_a_key_gives_it_back_once_and_no_other(office):
    known = office.take()
    lost = []
    office.centre.lose_since_backup(lambda: lost.extend(office.take() for _ in range(2)))
    page = office.console("Lò Thị Mai")
    press(page, "Space")
    expect(main_key(page)).to_contain_text(CALL)
    expect(page.locator(".is-restored")).to_contain_text("Sổ hôm nay đã khôi phục")
    expect(page.locator(".row")).to_have_count(1)

    def enter(written, digit="1"):
        press(page, "m")
        expect(page.get_by_role("textbox", name="Số")).to_be_focused()
        write(page, written)
        assert axe(page) == []
        hit(page, "Enter")
        hit(page, digit)

    notice = page.locator("#notice")
    enter(f"b {lost[1]['number'][-1]}", "2")
    expect(notice).to_contain_text(f"Đã ghi lại số {shown(lost[1])}. Người này chờ từ bây giờ.")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator(".row", has_text="Ưu tiên")).to_contain_text(shown(lost[1]))
    for written, words in (
        (lost[1]["number"], f"Số {lost[1]['number']} hôm nay đã có trong sổ"),
        (known["number"], f"Số {known['number']} hôm nay đã có trong sổ"),
        ("B900", "Số B900 không phải số bị mất hôm nay"),
        ("O1", "Không có lĩnh vực nào dùng chữ đầu của số này"),
    ):
        enter(written)
        expect(notice).to_contain_text(words)
    page.get_by_role("button", name="Nhập lại số").click()
    expect(page.get_by_role("textbox", name="Số")).to_be_focused()
    hit(page, "Escape")
    press(page, "?")
    expect(page.locator(".keys")).to_contain_text("Nhập lại số máy không còn")
    press(page, "?")
    assert overflowing(page)[0] == 0 and axe(page) == []
    forward(page, START)
    assert number(page).inner_text() in (shown(known), shown(lost[1]))
    events = office.events("ticket.issued")
    assert [data["number"] for _, _, data in events] == [known["number"], lost[1]["number"]]
    assert "clean" in office.centre.command("verify")


def test_given_no_restore_then_no_key_offers_to_enter_a_number(console):
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    expect(console.get_by_text("Nhập lại số")).to_have_count(0)
    press(console, "m")
    expect(console.locator("#notice")).to_contain_text("Hôm nay máy không mất số nào")
    expect(console.locator(".is-question")).to_have_count(0)


SAID = {  # what the console says of a scan, by what it is
    "card": "Đây là giấy tờ cá nhân. Máy không đọc, không lưu và không hiện lên.",
    "number": "Không thấy số",
    "other": "Không nhận ra mã vừa quét",
    "dossier": "Mã hồ sơ được ghi khi đang phục vụ",
}


def move_clock(page, ms):
    """Let a page whose clock stands still live this long, and the server as well.

    A page that hears nothing for four of its seconds has lost its server, which beats every other second of its own.
    """
    page.clock.run_for(ms)
    page.wait_for_timeout(ms)


def scan(page, code, end="\n"):
    """Scan a code as at a counter; the server lives as long meanwhile as the page."""
    before = time.monotonic()
    scanner.Scanner(page).scan(code, end)
    page.wait_for_timeout(max(READ_S * 1000, scanner.AFTER_MS - (time.monotonic() - before) * 1000))


def check_scans(office, page, codes, said):
    """Scan codes: nothing is done, nothing of them is shown, and each is answered in words."""
    before = office.centre.get("/api/v1/events?after=0", headers=office.supervisor).json()["events"]
    field = page.locator(".is-question input")
    written = field.input_value() if field.count() else None
    for index, code in enumerate(codes):
        scan(page, code, ["\n", "\t", ""][index % 3])
        kind = "card" if code in scanner.CARDS else "number" if code in scanner.NO_NUMBER_HERE else "other"
        if written is None or kind != "number":  # a number that is asked for is one
            answer = said["dossier"].format(code=code) if code in scanner.DOSSIERS else said[kind]
            expect(page.locator("#notice")).to_contain_text(answer)
        if code not in scanner.DOSSIERS and kind != "number":
            assert code.strip() not in page.locator("body").inner_text()
            assert written is None or field.input_value() == written
    assert office.centre.get("/api/v1/events?after=0", headers=office.supervisor).json()["events"] == before


def test_given_a_hand_scanner_at_any_moment_then_nothing_is_done_but_what_is_said(office, console):
    first, second, third = office.take(), office.take(), office.take()
    stop_clock(console)
    check_scans(office, console, scanner.CODES[::5], SAID)
    start_clock(console)
    forward(console, CALL)
    stop_clock(console)
    check_scans(office, console, scanner.CODES[1::5], SAID)

    # Our own ticket is picked: why it waits stands below the queue, and it may be called.
    scan(console, f"http://192.0.2.2:8000/t/{third['id']}")
    expect(console.locator(".row.is-picked")).to_contain_text(shown(third))
    move_clock(console, 300)
    expect(console.locator(".waiting-why")).to_contain_text(f"Vì sao {shown(third)} chưa được gọi?")
    hit(console, "n")
    expect(console.locator(".is-question input")).to_have_value(third["number"])
    expect(console.locator(".choice-found")).to_contain_text(f"{shown(third)} Chứng thực")
    hit(console, "Escape")
    scan(console, second["number"])
    expect(console.locator(".row.is-picked")).to_contain_text(shown(second))
    hit(console, "Escape")
    start_clock(console)

    forward(console, START, FINISH_AND_CALL)
    stop_clock(console)
    noted = {**SAID, "dossier": "Đã ghi mã hồ sơ {code}."}
    check_scans(office, console, scanner.CODES, noted)
    expect(console.locator(".why-codes")).to_have_text(f"{scanner.DOSSIERS[-1]} +{len(scanner.DOSSIERS) - 1}")
    # The undo key means the last act: the code that was noted last.
    scan(console, "H26.14-261130-7777")
    expect(console.locator(".undo")).to_contain_text("Bỏ mã H26.14-261130-7777")
    move_clock(console, 1100)
    hit(console, "u")
    expect(console.locator(".why-codes")).not_to_contain_text("7777")
    scan(console, f"https://xa.example/t/{first['id']}")
    expect(console.locator("#notice")).to_contain_text(f"Số {shown(first)} đang được phục vụ ở đây.")

    # While a question stands: without a field, and with one.
    hit(console, "h")
    expect(console.locator(".is-question")).to_be_visible()
    check_scans(office, console, scanner.CODES[2::6], noted)
    expect(console.locator(".is-question")).to_be_visible()
    hit(console, "Escape")
    hit(console, "x")
    expect(console.locator(".is-question input")).to_be_focused()
    check_scans(office, console, scanner.CARDS + scanner.OTHERS[::3], SAID)
    scan(console, f"https://xa.example/t/{second['id']}")
    expect(console.locator(".is-question input")).to_have_value(second["number"])
    expect(console.locator("#question-title")).to_be_focused()
    hit(console, "Enter")
    assert office.events("ticket.cancelled", "ticket.held", "ticket.finished") == []
    hit(console, "1")
    expect(console.locator("#notice")).to_contain_text(f"Đã hủy số {shown(second)}.")
    expect(console.locator(".undo")).to_contain_text(f"Thôi hủy {shown(second)}")
    move_clock(console, 1100)
    hit(console, "u")
    expect(console.locator(".row", has_text=shown(second))).to_be_visible()

    # Somebody who is away is asked for; a number of the day that is nowhere here is told where it is.
    start_clock(console)
    press(console, "h")
    hit(console, "1")
    expect(console.locator(".waiting-foot")).to_contain_text(shown(first))
    stop_clock(console)
    scan(console, f"https://xa.example/t/{first['id']}")
    expect(console.locator(".is-question .choice")).to_have_text(re.compile(f"1{shown(first)}, đang giữ lượt"))
    hit(console, "Escape")
    elsewhere = office.take("DAT_DAI")
    scan(console, f"https://xa.example/t/{elsewhere['id']}")
    expect(console.locator("#notice")).to_contain_text(f"Số {shown(elsewhere)} đang chờ.")
    assert office.events("ticket.called")[-1][1] == first["ref"]


def test_given_another_keyboard_then_the_letter_on_the_key_counts_and_typing_programs_do_no_harm(office, console):
    office.take()
    forward(console, CALL)

    def press_as(key, code, **how):
        console.evaluate(
            "init => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...init }))",
            {"key": key, "code": code, **how},
        )
        pause(console)

    # A French keyboard: "?" is Shift and the comma, where M is here; the key that says A is where Q is here.
    press_as("?", "KeyM", shiftKey=True)
    expect(console.locator(".keys")).to_be_visible()
    press_as("?", "KeyM", shiftKey=True)
    press_as("a", "KeyQ")
    press_as(",", "KeyM")
    expect(console.locator(".is-question")).to_have_count(0)
    press_as("w", "KeyZ")
    expect(console.get_by_text("Cấp hoặc rút ưu tiên")).to_be_visible()
    hit(console, "Escape")
    press_as("p", "KeyP")
    expect(console.get_by_text("Lý do tạm dừng")).to_be_visible()
    press_as("1", "Digit1", shiftKey=True)  # figures need Shift there
    expect(console.get_by_role("heading", name="Quầy đang tạm dừng")).to_be_visible()
    expect(console.locator(".undo")).to_contain_text("Thôi tạm dừng")
    press(console, "u")
    expect(main_key(console)).to_contain_text(CALL)

    # UniKey writes the letter by itself, without a place; two at once are its own doing.
    press_as("ư", "")
    expect(console.get_by_text("Cấp hoặc rút ưu tiên")).to_be_visible()
    hit(console, "Escape")
    press_as("ũ", "")
    expect(console.get_by_text("Hủy số của người không chờ nữa")).to_be_visible()
    hit(console, "Escape")

    # The number block, with and without NumLock.
    press_as("p", "KeyP")
    expect(console.get_by_text("Lý do tạm dừng")).to_be_visible()
    press_as("ArrowDown", "Numpad2")
    expect(console.locator(".calm")).to_contain_text("Họp")
    hit(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    press(console, "q")
    expect(console.get_by_text("1 người đang chờ sẽ không còn quầy nào")).to_be_visible()
    hit(console, "Numpad1")
    expect(console.get_by_role("heading", name="Quầy 2 đang đóng")).to_be_visible()
    expect(console.locator(".undo")).to_contain_text("Mở lại quầy")
    press(console, "u")
    expect(main_key(console)).to_contain_text(CALL)
    assert [kind for kind, _, _ in office.events("counter.closed", "counter.opened")] == [
        "counter.opened", "counter.closed", "counter.opened",
    ]  # fmt: skip


def test_given_a_question_then_the_reflex_of_space_and_enter_answers_nothing(office, console):
    office.take(), office.take()
    forward(console, CALL, START, FINISH_AND_CALL)
    for key, act in (
        ("h", "ticket.held"),
        ("p", "counter.paused"),
        ("c", "ticket.transferred"),
        ("b", "counter.handed_over"),
    ):
        press(console, key)
        expect(console.locator(".is-question")).to_be_visible()
        expect(main_key(console)).to_have_attribute("aria-disabled", "true")
        expect(main_key(console).locator(".key")).not_to_be_visible()
        for reflex in ("Space", "Enter", "Space", "NumpadEnter"):
            hit(console, reflex)
        expect(console.locator("#notice")).to_contain_text("Còn một câu hỏi.")
        expect(console.locator(".is-question")).to_be_visible()
        hit(console, "Escape")
        expect(main_key(console)).to_have_attribute("aria-disabled", "false")
        assert office.events(act, "ticket.finished") == []
    press(console, "Space")
    expect(main_key(console)).to_contain_text(START)


def test_given_a_counter_handed_over_then_the_next_clerk_sees_that_nobody_has_it(office, console):
    office.hire("Vàng A Sính")
    press(console, "Space")
    expect(main_key(console)).to_contain_text(CALL)
    press(console, "b")
    hit(console, "1")
    console.wait_for_url("**/sign-in?next=/counter")
    other = office.window(office.browser(office.sign_in("Vàng A Sính")))
    expect(other.locator(".choosing-counter", has_text="Đã bàn giao, chưa ai nhận")).to_have_count(1)
    choose(other, COUNTER)
    expect(other.get_by_role("heading", name="Quầy 2 đã bàn giao, chưa ai nhận")).to_be_visible()
    press(other, "Space")
    expect(main_key(other)).to_contain_text(CALL)
