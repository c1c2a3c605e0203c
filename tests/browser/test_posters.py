"""The notice board on the wall: between calls, never in their way, in any layout, with files lost or broken."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.drawn import draw_wall
from tests.browser.measure import axe, overflowing, targets
from tests.browser.page_errors import refused
from tests.browser.static_files import static_file
from tests.browser.test_wall_layout import DRAWN, VIEWS, halls_of
from tests.media.files import PAGE, picture
from tests.people import paired_device, supervisor_cookies

pytestmark = pytest.mark.browser

# By size: numbers of counters.
SIZES = {(1920, 1080): (3, 8, 40), (1080, 1920): (12, 5, 40), (1280, 720): (28,), (3840, 2160): (8,), (1366, 625): (6,)}
LONG_TEXT = {
    "vi": ("Chiều thứ Sáu tuần này trung tâm nghỉ họp, mời ông/bà đến sáng thứ Hai tuần sau; "
           "hồ sơ đất đai xin nộp tại quầy 3, 4 và 5 hoặc trên Cổng Dịch vụ công quốc gia.")[:160],
    "en": ("The centre is closed on Friday afternoon. Please come again on Monday morning, or file your "
           "papers about land at counters 3, 4 and 5 or at the National Public Service Portal.")[:160],
}  # fmt: skip
LONG_PROCEDURE = (
    "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con; đăng ký thường trú; cấp thẻ bảo hiểm y tế cho trẻ em dưới "
    "6 tuổi; hỗ trợ chi phí mai táng, hưởng mai táng phí và các thủ tục liên thông khác theo quy định của pháp luật về "
    "cư trú, hộ tịch và bảo hiểm xã hội trên địa bàn xã, phường, đặc khu"
)[:300]
ALWAYS = {"first_day": None, "last_day": None, "weekdays": [], "from_time": None, "to_time": None}
WIDE, TALL, BROKEN, GONE, FILM = ("a" * 64, "b" * 64, "c" * 64, "d" * 64, "e" * 64)
FILES = {WIDE: picture("png", (1600, 900)), TALL: picture("jpeg", (600, 900)), BROKEN: PAGE}
CODE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'


def poster(kind="pictures", *files, seconds=10, **fields):
    """A poster as the server sends it to a wall."""
    sizes = {WIDE: ("png", 1600, 900), TALL: ("jpeg", 600, 900), FILM: ("webm", 0, 0)}
    shown = [dict(zip(("id", "kind", "width", "height"), (file, *sizes.get(file, ("png", 1600, 900))), strict=True))
             for file in files]  # fmt: skip
    return {"kind": kind, "files": shown, "texts": {}, "procedure": None, "seconds": seconds, **ALWAYS, **fields}


PICTURES = poster("pictures", WIDE, WIDE, TALL, WIDE)
TEXT = poster("text", texts=LONG_TEXT)
PROCEDURE = poster("procedure", procedure={"code": "1.001193", "names": {"vi": LONG_PROCEDURE}})
# What is passed of the wall's own time, and a drawing of the wall at once.
PASS = """() => {
  const before = performance.now;
  let more = 0;
  performance.now = () => before() + more;
  window.pass = (ms) => { more += ms; line.on.onBack(); };
  window.stands = () => ["call-panel", "waiting-board", "hall-notice", "lost-notice", "poster-board"]
    .filter((name) => !document.querySelector(name).hidden);
}"""


class Wall:
    """A wall without a server, with a notice board."""

    def __init__(self, chromium, name, language="vi"):
        self.context = chromium.new_context(reduced_motion="reduce")
        self.page = self.context.new_page()
        self.asked, self.posters, self.files, self.version = [], [], dict(FILES), 0
        draw_wall(self.page, name, language)
        for path, answer in (("/api/v1/posters/shown", self._posters), ("/media/*", self._file)):
            self.page.route(f"http://{name}{path}", answer)
        logo = picture("png", (320, 160))
        self.page.route(f"http://{name}/logo/*", lambda it: it.fulfill(body=logo, content_type="image/png"))
        self.page.route(f"http://{name}/procedures/**", lambda it: it.fulfill(body=CODE, content_type="image/svg+xml"))
        self.page.evaluate(DRAWN)
        self.page.evaluate(PASS)

    def _posters(self, route):
        route.fulfill(json={"version": str(self.version), "posters": self.posters})

    def _file(self, route):
        name = route.request.url.rpartition("/")[2]
        self.asked.append(name)
        if name not in self.files:
            return route.fulfill(status=404)
        kind = "video/webm" if name == FILM else "image/png"
        return route.fulfill(body=self.files[name], content_type=kind)

    def hangs(self, *posters, ready=True):
        """The hall has these posters, and none of those before; their files have come."""
        self.hall["hall"]["posters"] = None
        self.page.evaluate("hall => hear(hall)", self.hall)
        self.posters = list(posters)
        self.version += 1
        self.hall["hall"]["posters"] = str(self.version) if posters else None
        self.page.evaluate("hall => hear(hall)", self.hall)
        self.page.evaluate("pass(0)")
        if ready:
            self.page.wait_for_function("() => { pass(15_000); return stands().includes('poster-board'); }")

    def of(self, counters, size=(1920, 1080), view="waiting, long texts", theme="dark"):
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.hall = json.loads(json.dumps(VIEWS[view](*halls_of(counters, theme))))
        return self

    def passes(self, seconds):
        """What stands in the place of the call after so many seconds."""
        self.page.evaluate(f"pass({1000 * seconds})")
        return self.page.evaluate("stands()")

    def kinds(self, turns):
        """The kinds of the posters that come in so many turns."""
        found = []
        while len(found) < turns:
            self.page.wait_for_function("() => { pass(1_000); return stands().includes('poster-board'); }")
            found.append(self.page.evaluate("document.querySelector('poster-board').dataset.kind"))
            self.page.wait_for_function("() => { pass(1_000); return !stands().includes('poster-board'); }")
        return found


@pytest.fixture
def wall(chromium, name):
    """Opens walls and closes them."""
    opened = []

    def open_wall(language="vi"):
        opened.append(Wall(chromium, name, language))
        return opened[-1]

    yield open_wall
    for each in opened:
        each.context.close()


def test_given_any_hall_with_a_notice_board_then_nothing_leaves_its_box_or_lies_on_another(wall):
    halls = [(size, n, "vi", view) for size, counters in SIZES.items() for n in counters
             for view in ("waiting, long texts", "before the first call")[: 1 + (n >= 28)]]  # fmt: skip
    halls += [(size, counters[0], "en", "waiting, long texts") for size, counters in list(SIZES.items())[:2]]
    walls = {language: wall(language) for language in ("vi", "en")}
    wrong = []
    for at, (size, counters, language, view) in enumerate(halls):
        drawn = walls[language].of(counters, size, view, ("dark", "light")[at % 2])
        drawn.hall["hall"] |= {"logo": WIDE, "colour": "#7a1f1f"}
        for shown in (PICTURES, TEXT, PROCEDURE):
            drawn.hangs(shown)
            drawn.page.wait_for_function("() => !document.querySelector('.own-logo').hidden")
            where = f"{size}, {counters} counters, {view}, {language}, {shown['kind']}"
            assert drawn.page.evaluate("stands()") == ["poster-board"], where
            wrong += [f"{where}: {fault}" for fault in drawn.page.evaluate("wrong()")]
    print(f"\n{3 * len(halls)} views")
    assert not wrong, "\n".join(wrong)


def test_given_a_poster_when_somebody_is_called_then_the_call_stands_there_in_the_same_drawing(wall):
    drawn = wall().of(5)
    drawn.hangs(PICTURES, TEXT)
    order = drawn.page.evaluate("""() => {
      const order = [stands().join()];
      const at = new Date().toISOString();
      // All of it in one task: nothing can be painted between the message and what is read here.
      line.on.onEvents([{seq: 1e9, at, kind: "ticket.called", number: "B027", counter: 2}]);
      const panel = document.querySelector("call-panel");
      order.push(stands().join(), panel.querySelector(".number").textContent.replace(/\\s/g, ""));
      order.push(String(document.querySelector("poster-board").childElementCount));
      return order;
    }""")
    assert order == ["poster-board", "call-panel", "B027", "0"]
    # It has come and the call has gone: the waiting first, then the poster whose turn it is.
    seen = drawn.page.evaluate("""() => {
      const at = new Date().toISOString();
      line.on.onEvents([{seq: 1e9 + 1, at, kind: "ticket.started", number: "B027", counter: 2}]);
      const seen = [];
      for (let s = 0; s < 60; s += 1) { pass(1_000); seen.push(stands().join()); }
      return seen;
    }""")
    assert seen[0] == "call-panel" and set(seen) == {"call-panel", "waiting-board", "poster-board"}
    first = seen.index("poster-board")
    assert seen[first - 10 : first] == ["waiting-board"] * 10 and "call-panel" not in seen[first:]
    assert drawn.page.evaluate("document.querySelector('poster-board').dataset.kind") in ("pictures", "text")


def test_given_a_message_a_fault_or_a_lost_server_then_no_poster_stands_in_its_place(wall):
    drawn = wall().of(8)
    drawn.hangs(TEXT)
    drawn.hall["hall"]["notice"] = {"seq": 1, "at": drawn.hall["at"], "texts": {"vi": "Mất điện"}, "until": None}
    drawn.page.evaluate("hall => hear(hall)", drawn.hall)
    assert {tuple(drawn.passes(2)) for _ in range(20)} == {("hall-notice",)}
    drawn.hall["hall"]["notice"] = None
    drawn.hall["counters"][0] |= {"staffing": "paused", "state": "paused", "number": None, "reason": "software_fault"}
    drawn.page.evaluate("hall => hear(hall)", drawn.hall)
    assert {tuple(drawn.passes(2)) for _ in range(20)} == {("waiting-board",)}
    drawn.page.evaluate("line.on.onLost(new Date())")
    seen = drawn.page.evaluate(
        "() => [...Array(20)].map(() => { line.on.onLost(new Date()); return stands().join(); })"
    )
    assert set(seen) == {"lost-notice"}


@pytest.mark.expects_page_errors(refused(404, f"/media/{GONE}"), "ERR_FAILED")
def test_given_files_that_are_broken_or_gone_then_they_are_left_out_and_no_network_is_needed_for_the_others(wall):
    drawn = wall().of(5)
    drawn.hangs(poster("pictures", BROKEN), poster("pictures", GONE), poster("film", BROKEN), ready=False)
    drawn.page.wait_for_timeout(500)
    assert {tuple(drawn.passes(3)) for _ in range(15)} == {("waiting-board",)}
    drawn.hangs(poster("pictures", BROKEN, TALL), TEXT, ready=False)
    assert drawn.kinds(4).count("text") == 2
    drawn.page.route("**/*", lambda route: route.abort())
    asked = len(drawn.asked)
    assert sorted(drawn.kinds(4)) == ["pictures", "pictures", "text", "text"] and len(drawn.asked) == asked
    # Every picture that was drawn has its dots: there is no black or empty square.
    drawn.page.wait_for_function(
        "() => { pass(1_000); return document.querySelector('.poster-picture')?.naturalWidth === 600; }"
    )


RECORDED = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm;codecs=vp8" });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  for (let n = 0; n < 20; n += 1) {
    pen.fillStyle = `hsl(${n * 18} 80% 50%)`;
    pen.fillRect(0, 0, 160, 90);
    await new Promise((next) => setTimeout(next, 50));
  }
  await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
  return Array.from(new Uint8Array(await new Blob(parts).arrayBuffer()));
}"""


def test_given_a_film_then_it_plays_without_sound_to_its_end_and_a_call_takes_it_away(wall):
    drawn = wall().of(5)
    drawn.files[FILM] = bytes(drawn.page.evaluate(RECORDED))
    drawn.hangs(poster("film", FILM))
    film = drawn.page.locator("poster-board video")
    expect(film).to_have_count(1)
    drawn.page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    assert film.evaluate("it => [it.muted, it.controls, it.loop]") == [True, False, False]
    drawn.page.wait_for_function("() => { pass(0); return !document.querySelector('video'); }")  # to its end
    assert drawn.page.evaluate("stands()") == ["waiting-board"]
    drawn.page.wait_for_function("() => { pass(1_000); return document.querySelector('video'); }")
    left = drawn.page.evaluate("""() => {
      const film = document.querySelector("video");
      line.on.onEvents([{seq: 1e9, at: new Date().toISOString(), kind: "ticket.called", number: "B027", counter: 2}]);
      return [film.paused, film.isConnected, stands().join()];
    }""")
    assert left == [True, False, "call-panel"]


@pytest.fixture
def rules(chromium, name):
    """An empty page that can import our modules."""
    context = chromium.new_context()
    page = context.new_page()
    empty = {"body": "<!doctype html><title>rules</title>", "content_type": "text/html"}
    page.route("**/*", lambda route: route.fulfill(**(static_file(route.request.url.partition(name)[2]) or empty)))
    page.goto(f"http://{name}/")
    yield page
    context.close()


def test_given_days_weekdays_and_hours_then_a_poster_is_shown_in_them_alone_at_the_hall(rules):
    due = """async ([at, when]) => {
      const { isDue, momentAt } = await import("/static/lib/poster-times.js");
      const always = { first_day: null, last_day: null, weekdays: [], from_time: null, to_time: null };
      return isDue({ ...always, ...when }, momentAt(new Date(at), "Asia/Ho_Chi_Minh"));
    }"""
    # 17:30 UTC on Sunday the first is half past midnight on Monday the second at the hall.
    for at, when, shown in (
        ("2026-03-01T17:30:00Z", {}, True),
        ("2026-03-01T17:30:00Z", {"weekdays": [1]}, True),
        ("2026-03-01T17:30:00Z", {"weekdays": [7]}, False),
        ("2026-03-01T16:30:00Z", {"weekdays": [7]}, True),
        ("2026-03-01T17:30:00Z", {"first_day": "2026-03-02", "last_day": "2026-03-02"}, True),
        ("2026-03-01T17:30:00Z", {"first_day": "2026-03-03"}, False),
        ("2026-03-01T17:30:00Z", {"last_day": "2026-03-01"}, False),
        ("2026-03-01T17:30:00Z", {"from_time": "00:30", "to_time": "00:30"}, True),
        ("2026-03-01T17:30:00Z", {"from_time": "00:31"}, False),
        ("2026-03-01T17:31:00Z", {"to_time": "00:30"}, False),
    ):
        assert rules.evaluate(due, [at, when]) is shown, (at, when)


def test_given_many_posters_then_each_has_its_turn_also_when_calls_keep_coming(rules):
    play = """async ([posters, every, length]) => {
      const { PosterTurns } = await import("/static/display/poster-turns.js");
      const turns = new PosterTurns();
      const seen = [];
      for (let s = 0; s < length; s += 1) {
        const free = s % every > 3;
        const stands = turns.at(s * 1000, posters, free);
        const name = stands ? `${stands.key}${stands.page}` : free ? "-" : "call";
        if (name !== seen[seen.length - 1]) seen.push(name);
      }
      return seen.join(" ");
    }"""
    a, b, film = ({"key": key, "pages": 1 + (key == "b"), "seconds": 10, "film": key == "f"} for key in "abf")
    # Nobody is called after the first seconds: the waiting stand between two posters, a film to its longest.
    quiet = rules.evaluate(play, [[a, b, film], 10_000, 300])
    assert quiet == "call - a0 - b0 b1 - f0 - a0 - b0 b1"
    # A call every forty seconds: what it interrupts goes on after it, from its page, but not for ever.
    busy = rules.evaluate(play, [[a, b, film], 40, 250])
    cycle = "- a0 - b0 call - b0 b1 - call - f0 call - f0 call"
    assert busy == f"call {cycle} - a0 - b0 call - b0 b1 - call -"
    # Something else stands there every twelve seconds: the waiting have what is left.
    assert rules.evaluate(play, [[a], 12, 60]) == "call - call - call - call - call -"
    assert rules.evaluate(play, [[], 10_000, 60]) == "call -"


@pytest.mark.expects_page_errors(refused(400, "/(media|settings/posters)"))
def test_given_a_supervisor_then_files_are_sent_put_up_ordered_and_shown_by_the_wall_and_one_can_be_removed(
    chromium, centre
):
    cookies = supervisor_cookies(centre)
    wall_cookies = paired_device(centre, cookies, "display", "Màn hình sảnh")
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    context.add_cookies([{"name": key, "value": value, "url": centre.url} for key, value in cookies.items()])
    page = context.new_page()
    page.goto(f"{centre.url}/supervisor#posters")
    files = [
        {"name": "Cổng trung tâm.png", "mimeType": "image/png", "buffer": picture("png", (1600, 900))},
        {"name": "Sơ đồ.jpg", "mimeType": "image/jpeg", "buffer": picture("jpeg", (600, 900))},
    ]
    page.locator("#poster-file").set_input_files(files)
    expect(page.locator(".media-row strong")).to_have_text(["Cổng trung tâm.png", "Sơ đồ.jpg"])
    expect(page.get_by_text("Đã dùng 0,0 trong 400 MB")).to_be_visible()
    page.locator("#poster-file").set_input_files(files[:1])
    expect(page.get_by_text("đã có rồi")).to_be_visible()
    page.locator("#poster-file").set_input_files(
        {"name": "ảnh.png", "mimeType": "image/png", "buffer": b"<!doctype html>" + PAGE}
    )
    expect(page.get_by_role("alert").filter(has_text="Không dùng được tệp này")).to_be_visible()

    page.get_by_role("button", name="Thêm thông báo").click()
    page.get_by_label("Thông báo (Tiếng Việt)").fill("Mời ông/bà lấy số trước 16:30")
    page.get_by_role("button", name="Treo lên Cổng").click()
    page.get_by_role("button", name="Ghép vào đây Sơ đồ").click()
    expect(page.locator(".poster-line strong")).to_have_text(
        ["Mời ông/bà lấy số trước 16:30", "Cổng trung tâm.png và 1 ảnh nữa"]
    )
    expect(page.get_by_role("button", name="Bỏ ảnh thứ 2")).to_be_visible()
    page.get_by_label("Số giây").fill("4")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".poster-form .refusal")).to_have_text("Phải từ 5 đến 120.")
    page.get_by_label("Số giây").fill("9")
    page.get_by_role("button", name="lên trước").last.click()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("form .saved .said")).to_contain_text("Đã lưu")
    expect(page.locator(".poster-line .tag")).to_have_text(["Đang chiếu", "Đang chiếu"])
    for language, size in (("vi", (1366, 768)), ("vi", (360, 740))):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert overflowing(page)[0] == 0 and axe(page) == [], (language, size)
        assert [each for each in targets(page) if each.width < 44 or each.height < 44] == [], size

    hall = chromium.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    hall.add_cookies([{"name": key, "value": value, "url": centre.url} for key, value in wall_cookies.items()])
    wall = hall.new_page()
    wall.goto(f"{centre.url}/display")
    expect(wall.locator("poster-board .poster-picture")).to_have_count(1, timeout=60_000)
    assert wall.locator(".poster-picture").evaluate("it => [it.naturalWidth, it.naturalHeight]") == [1600, 900]

    page.set_viewport_size({"width": 1366, "height": 768})
    remove = page.get_by_role("button", name="Xóa Cổng trung tâm.png?")
    expect(remove).to_be_disabled()
    page.get_by_role("button", name="Gỡ khỏi bảng tin").click()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(wall.locator("poster-board .poster-said")).to_have_text("Mời ông/bà lấy số trước 16:30", timeout=60_000)
    remove.click()
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(page.locator(".media-row strong")).to_have_text(["Sơ đồ.jpg"])
    page.get_by_role("button", name="Hoàn tác").last.click()
    expect(page.locator(".media-row strong")).to_have_text(["Cổng trung tâm.png", "Sơ đồ.jpg"])
    hall.close()
    context.close()
