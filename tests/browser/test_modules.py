"""The shared browser modules, each alone: served from the folder, with a server made of answers."""

import json
import re

import pytest

from queueing.catalogue import LANGUAGES
from queueing.sentences import fill
from tests.browser.page_errors import SERVER_GONE, refused
from tests.browser.static_files import static_file
from tests.centre import ROOT

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium, name):
    """An empty page under the hall's name, with our modules and nothing else behind it."""
    context = chromium.new_context(timezone_id="America/New_York")
    page = context.new_page()

    def answer(route):
        path = route.request.url.partition(name)[2].partition("?")[0]
        if path == "/":
            route.fulfill(body="<!doctype html><title>modules</title><body>", content_type="text/html")
        else:
            route.fulfill(**static_file(path) or {"status": 404})

    page.route("**/*", answer)
    page.goto(f"http://{name}/")
    yield page
    context.close()


def with_text(page, body, language="vi"):
    """Run `body` with the exports of text.js as `text`, in a language."""
    return page.evaluate(
        f"""async () => {{
          const text = await import("/static/lib/text.js");
          await text.loadText("{language}");
          {body}
        }}"""
    )


@pytest.mark.parametrize(
    ("forecast", "ahead", "words"),
    [
        ((17 * 60, 21 * 60), 6, "15–25 phút"),
        ((15 * 60, 25 * 60), 6, "15–25 phút"),
        ((4 * 60, 9 * 60), 2, "Dưới 10 phút"),
        ((15 * 60, 15 * 60), 2, "15 phút"),
        ((20, 59), 1, "Không phải chờ"),
        ((100, 290), 0, "Không phải chờ"),
        ((100, 290), 1, "Dưới 5 phút"),
        (None, 3, "Chưa có quầy mở"),
    ],
)
def test_given_a_forecast_then_it_is_shown_as_a_range(page, forecast, ahead, words):
    given = json.dumps(forecast and {"p50_s": forecast[0], "p80_s": forecast[1]})
    assert with_text(page, f"return text.range({given}, {ahead})") == words


def test_given_a_wait_over_a_break_or_an_unknown_one_then_the_clock_or_nothing_is_said(page):
    over = '{"p50_s": 7200, "p80_s": 8100, "between": ["2025-09-11T06:35:00Z", "2025-09-11T06:50:00Z"]}'
    at_once = '{"p50_s": 7200, "p80_s": 7200, "between": ["2025-09-11T06:35:00Z", "2025-09-11T06:35:00Z"]}'
    shown = (
        f"return [text.range({over}, 6), text.range({at_once}, 6), text.range(null, 6, [2]), text.range(null, 6, [])]"
    )
    assert with_text(page, shown) == ["13:35–13:50", "13:35", "Chưa rõ bao lâu", "Chưa có quầy mở"]


def test_given_a_device_abroad_when_a_time_is_shown_then_it_is_the_halls(page):
    at = '"2025-09-11T01:42:30Z"'
    assert with_text(page, f"return [text.clock({at}), text.longDate({at})]") == [
        "08:42",
        "Thứ Năm, 11/09/2025",
    ]


def test_given_a_browser_that_writes_days_otherwise_then_a_local_day_is_as_the_server_writes_it(page):
    """What `format` makes of "en-CA" was 11/30/2026 in Chromium 110 to 112 and is in some WebKit."""
    assert page.evaluate(
        """async () => {
          Intl.DateTimeFormat.prototype.format = Date.prototype.toLocaleDateString = () => "11/30/2026";
          const { localDay } = await import("/static/lib/local-day.js");
          const ends = ["2026-11-30T16:59:59Z", "2026-11-30T17:00:00Z"];
          return ends.map((at) => localDay(new Date(at), "Asia/Ho_Chi_Minh"));
        }"""
    ) == ["2026-11-30", "2026-12-01"]


def test_given_numbers_then_they_are_written_as_people_read_them(page):
    assert with_text(
        page,
        'return [text.spaced("B027"), text.spaced("3027"), text.spoken("B027"), text.spoken("3027"),'
        " text.decimal(82.44, 1), text.decimal(4595), text.duration(3900), text.timer(3), text.timer(3723)]",
    ) == ["B\u00a0027", "3027", "B 27", "3027", "82,4", "4.595", "1 giờ 5 phút", "00:03", "1:02:03"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_number_then_a_text_has_the_plural_that_fits(page, language):
    """The browser's texts and those of the server's refusals, which follow the same grammar, are the same."""
    sections = json.loads((ROOT / "static" / "text" / f"{language}.json").read_text("utf-8"))
    words = {f"{section}.{key}": text for section, keys in sections.items() for key, text in keys.items()}
    for number in (1, 2):
        params = {key: dict.fromkeys(re.findall(r"\{(\w+)[},]", text), number) for key, text in words.items()}
        wanted = {key: fill(text, params[key]) for key, text in words.items()}
        shown = with_text(
            page,
            f"""const params = {json.dumps(params)};
            return Object.fromEntries(Object.keys(params).map((key) => [key, text.t(key, params[key])]));""",
            language,
        )
        assert shown == wanted


def test_given_a_counter_that_is_not_open_then_no_reason_names_a_key_that_calls(page):
    reasons = page.evaluate("""async () => {
      const { ACTS, whyNot } = await import("/static/counter/steps.js");
      const acts = ACTS.map(({ act }) => act);
      const at = (state) => acts.map((act) => whyNot(act, { state, by_hand: true, away: 1, waiting: 1 }));
      return { closed: at("closed"), paused: at("paused"), idle: at("idle") };
    }""")
    assert "nobody_called" in reasons["idle"]
    assert "nobody_called" not in reasons["closed"] + reasons["paused"]


@pytest.mark.expects_page_errors(r"no text for kiosk\.no_such_key")
def test_given_an_unknown_key_then_the_key_itself_is_shown(page):
    assert with_text(page, 'return text.t("kiosk.no_such_key")') == "kiosk.no_such_key"


@pytest.mark.expects_page_errors(SERVER_GONE, refused(503))
def test_given_a_lost_answer_when_posting_then_it_is_asked_again_under_the_same_key(page):
    keys = []

    def answer(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) < 3:
            route.abort() if len(keys) == 1 else route.fulfill(status=503)
        else:
            route.fulfill(status=201, json={"number": "B027"})

    page.route("**/api/v1/tickets", answer)
    ticket = page.evaluate(
        """async () => (await import("/static/lib/api.js")).post("/tickets", {service: "CHUNG_THUC"})"""
    )
    assert ticket == {"number": "B027"}
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32


@pytest.mark.expects_page_errors(refused(409))
def test_given_a_refusal_when_posting_then_it_is_final_and_has_its_sentence(page):
    asked = []

    def answer(route):
        asked.append(1)
        route.fulfill(status=409, json={"code": "nobody_waiting", "message": "Không còn ai chờ."})

    page.route("**/api/v1/counters/2/call-next", answer)
    refusal = page.evaluate(
        """async () => {
          const api = await import("/static/lib/api.js");
          try {
            await api.post("/counters/2/call-next");
          } catch (error) {
            return [error instanceof api.Refusal, error.code, error.status, error.message];
          }
        }"""
    )
    assert refusal == [True, "nobody_waiting", 409, "Không còn ai chờ."]
    assert len(asked) == 1


@pytest.mark.expects_page_errors(SERVER_GONE)
def test_given_no_answer_when_patience_is_over_then_the_server_is_called_unreachable(page):
    page.route("**/api/v1/tickets", lambda route: route.abort())
    error = page.evaluate(
        """() => import("/static/lib/api.js").then(api =>
             api.post("/tickets", {}, {patience_ms: 700}).catch(error => error.name))"""
    )
    assert error == "Unreachable"


LIVE = """async (steps) => {
  const { connect } = await import("/static/lib/live.js");
  const calls = [], sent = [], listeners = {};
  const socket = {
    connected: true, active: true,
    on(name, listener) { listeners[name] = listener; },
    emit(name, message) { sent.push([name, message]); },
    connect() { sent.push(["connect"]); return socket; },
    disconnect() { sent.push(["disconnect"]); return socket; },
  };
  const names = ["onSnapshot", "onEvents", "onCounts", "onLost", "onBack", "onStop"];
  const on = Object.fromEntries(names.map(name => [name, what => calls.push(
    name === "onEvents" ? [name, what.map(e => e.seq)] : name === "onStop" ? [name, what] : [name])]));
  const reload = () => calls.push(["reload"]);
  const live = connect("/display", {...on, lost_after_ms: 600, open: () => socket, reload});
  const at = new Date().toISOString();
  for (const [name, message] of steps) {
    if (name === "wait") await new Promise(wake => setTimeout(wake, message));
    else listeners[name]?.({at, ...message});
  }
  live.close();
  return {calls, sent};
}"""


def events(first, last):
    """A message that covers seq `first` to `last`, every event in it."""
    covered = [{"seq": seq, "kind": "ticket.dreamt"} for seq in range(first, last + 1)]
    return ["events", {"from": first, "to": last, "events": covered}]


def test_given_a_snapshot_when_messages_overlap_then_each_event_is_told_once(page):
    heard = page.evaluate(LIVE, [["snapshot", {"seq": 10}], events(9, 11), events(11, 11), events(12, 13)])
    assert heard["calls"] == [["onSnapshot"], ["onEvents", [11]], ["onEvents", [12, 13]]]
    assert heard["sent"] == [["disconnect"]]


def test_given_a_gap_then_a_snapshot_is_asked_for_and_nothing_is_told_before_it(page):
    steps = [["snapshot", {"seq": 10}], events(12, 12), events(13, 13), ["snapshot", {"seq": 13}]]
    heard = page.evaluate(LIVE, steps)
    assert heard["calls"] == [["onSnapshot"], ["onSnapshot"]]
    assert heard["sent"] == [["resync", {}], ["disconnect"]]


def test_given_a_beat_ahead_of_the_screen_then_it_asks_after_two_seconds(page):
    beat = ["beat", {"seq": 11}]
    heard = page.evaluate(LIVE, [["snapshot", {"seq": 10}], beat, ["wait", 400], beat, ["wait", 1900]])
    assert ["resync", {}] in heard["sent"]


def test_given_the_server_comes_back_with_another_version_then_the_page_is_loaded_anew(page):
    old, new = {"hall": {"version": "1.0"}}, {"hall": {"version": "1.1"}}
    heard = page.evaluate(LIVE, [["snapshot", {"seq": 10, **old}], ["snapshot", {"seq": 11, **old}]])
    assert heard["calls"] == [["onSnapshot"], ["onSnapshot"]]
    heard = page.evaluate(LIVE, [["snapshot", {"seq": 10, **old}], ["snapshot", {"seq": 11, **new}]])
    assert heard["calls"] == [["onSnapshot"], ["reload"]]


def test_given_silence_then_the_loss_is_told_and_only_a_snapshot_ends_it(page):
    steps = [["snapshot", {"seq": 10}], ["wait", 1300], events(11, 11), ["counts", {"seq": 11}]]
    heard = page.evaluate(LIVE, [*steps, ["snapshot", {"seq": 11}], events(12, 12)])
    assert heard["calls"] == [["onSnapshot"], ["onLost"], ["onSnapshot"], ["onBack"], ["onEvents", [12]]]
    assert heard["sent"][0] == ["resync", {}]


def test_given_a_stop_then_its_reason_is_told_and_nothing_after_it(page):
    heard = page.evaluate(LIVE, [["snapshot", {"seq": 10}], ["stop", {"code": "revoked"}], events(11, 11)])
    assert heard["calls"] == [["onSnapshot"], ["onStop", "revoked"]]


def test_given_figures_then_every_digit_has_the_same_width(page):
    widths = page.evaluate(
        """async () => {
          const sheet = document.createElement("link");
          Object.assign(sheet, {rel: "stylesheet", href: "/static/base.css"});
          await new Promise(done => { sheet.onload = done; document.head.append(sheet); });
          const widths = {};
          for (const weight of [400, 500, 600, 700, 800]) {
            await document.fonts.load(`${weight} 100px Figures`, "0");
            widths[weight] = [..."0123456789"].map(digit => {
              const span = Object.assign(document.createElement("span"), {textContent: digit});
              span.style.cssText = `font: ${weight} 1000px Figures`;
              document.body.append(span);
              return Math.round(span.getBoundingClientRect().width);
            });
          }
          return widths;
        }"""
    )
    assert widths == {
        weight: [690 if int(weight) >= 600 else 676] * 10 for weight in ("400", "500", "600", "700", "800")
    }


def test_given_the_icons_named_in_our_pages_then_the_sprite_has_them():
    sprite = (ROOT / "static" / "vendor" / "icons.svg").read_text("utf-8")
    ours = [p for s in ("html", "js") for p in (ROOT / "static").rglob(f"*.{s}") if "vendor" not in p.parts]
    named = {
        icon
        for path in ours
        for pair in re.findall(r"""icons\.svg#([\w-]+)|\bicon(?:Href)?\(\s*["']([\w-]+)["']""", path.read_text("utf-8"))
        for icon in pair
        if icon
    }
    assert named
    assert {icon for icon in named if f'id="{icon}"' not in sprite} == set()


# What would leave the site, or be nothing, however it is written; `{}` is another host.
ELSEWHERE = [
    *("//{}", "///{}", "/\\{}", "\\\\{}", "/\\/{}", "/..//{}", "/.//{}", "/././/{}", "/x/..//{}", "/x/../..//{}"),
    *("/%2e%2e//{}", "/%2e//{}", "/%2E%2e//{}", "/x/%2e%2e//{}", "/./\\{}", "/../\\{}", "/.//\\{}", "/..//user@{}"),
    *("/\t/{}", "/\n/{}", "/\r//{}", "\t//{}", "/.\t.//{}", "/.//{}:80", "//user@{}", "//:0", "//[", "http://["),
    *("https://{}", "http:{}", "http:/{}", "{}", "?//{}", "#//{}", "javascript:alert(1)", "data:text/html,x"),
]


@pytest.mark.parametrize("engine", ["now", "before 2023"])
def test_given_a_next_page_in_any_spelling_then_it_is_ours_or_the_roles_own(page, engine):
    spellings = [each.replace("{}", "other.example/x") for each in ELSEWHERE]
    wanted = [
        "/supervisor#devices",
        "/supervisor",
        "/password",
        "/counter",
        "/t/abc?x=//other.example",
        "/supervisor/..",
    ]
    found = page.evaluate(
        """async ([spellings, old]) => {
          if (old) delete URL.canParse;
          const { destination } = await import("/static/access/home.js");
          return spellings.map((next) => {
            const to = new URL(destination("supervisor", next), location.href);
            return [to.origin === location.origin, to.pathname + to.search + to.hash];
          });
        }""",
        [[*spellings, *wanted, "", None], engine != "now"],
    )
    for next_, (ours, to) in zip(spellings, found, strict=False):
        assert ours and not to.startswith(("//", "/\\")), (next_, to)
        assert to == "/supervisor" or "other.example" in next_, (next_, to)
    assert [to for _, to in found[len(spellings) :]] == [
        *("/supervisor#devices", "/supervisor", "/password", "/supervisor", "/t/abc?x=//other.example", "/"),
        *("/supervisor", "/supervisor"),
    ]
