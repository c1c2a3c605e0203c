"""Pages without a server: what a hall would answer and send is made here, so every state is drawn in a moment."""

import json
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from access.texts import Texts
from display.channel import DisplayChannel
from hall.catalogue.defaults import DEFAULT, found_hall
from hall.catalogue.model import Counter
from hall.hall import Hall
from hall.options import HallOptions
from queueing.clock import SteadyClock
from store.database import Database
from store.hall import SqliteHallStore
from tests.browser.static_files import static_file
from tests.clocks import HandClock

# In place of the line to the server: the page's handlers become `line.on`.
LINE = """export function connect(namespace, on) {
  window.line = { on };
  return { serverNow: () => new Date(), seen() {}, said() {}, unsaid() {}, sound() {}, resync() {}, close() {} };
}"""
TEXTS = Texts()
PAIRED = "export async function ensurePaired() {}"
STUBS = {"/static/lib/live.js": LINE, "/static/access/pairing.js": PAIRED}
REFUSED = {"code": "service_closed", "message": TEXTS.error("vi", "service_closed", {})}
TEXT_ROUTE = "/api/v1/texts/"


def hall_of(counters=5, rename=None, **own):
    """Return a new hall with so many counters, each of which serves everything, and own settings.

    `rename`: what follows the letter in the names of all services.
    """
    clock = HandClock()
    store = SqliteHallStore(Database(None))
    services = tuple(
        replace(each, names=dict.fromkeys(each.names, f"{each.prefix} {rename}"[:40])) if rename else each
        for each in DEFAULT.services
    )
    codes = tuple(service.code for service in services)
    at = tuple(Counter(n, f"Quầy {n}", codes) for n in range(1, counters + 1))
    template = replace(DEFAULT, hall=replace(DEFAULT.hall, **own), services=services, counters=at)
    found_hall(store, clock.wall(), template)
    return Hall(store, SteadyClock(clock.wall, clock.elapsed), HallOptions(rule_words=TEXTS.words("rule")))


def wall_snapshot(counters, rename=None, **own):
    """Return what the server sends to a wall of such a hall."""
    snapshot = DisplayChannel(hall_of(counters, rename, **own), None).snapshot("walls")
    return {**snapshot, "at": datetime.now(UTC).isoformat()}


def draw(page, name, path, file, answers=None, words_in="vi"):
    """Open a page of ours; `answers`: what the API answers, by path, as something msgspec encodes.

    `words_in`: the language of the words that a page of the hall gets, which asks for Vietnamese.

    `page.evaluate("line.on.onSnapshot(…)")` lets a page hear that follows the hall.
    """
    known = {} if answers is None else answers

    def answer(route):
        asked = route.request.url.partition(name)[2].partition("?")[0]
        if asked in STUBS:
            route.fulfill(body=STUBS[asked], content_type="text/javascript")
        elif asked.startswith(TEXT_ROUTE):
            language, section = asked.removeprefix(TEXT_ROUTE).split("/")
            route.fulfill(body=json.dumps(TEXTS.words(section)[language]), content_type="application/json")
        elif asked.startswith("/api/v1/"):
            found = known.get(asked.removeprefix("/api/v1"))
            body = msgspec.json.encode(found or REFUSED)
            route.fulfill(status=200 if found else 404, body=body, content_type="application/json")
        else:
            served = {path: file, "/static/text/vi.json": f"/static/text/{words_in}.json"}.get(asked, asked)
            route.fulfill(**static_file(served) or {"status": 404})

    page.route("**/*", answer)
    page.goto(f"http://{name}{path}")


def draw_wall(page, name, words_in="vi"):
    """Open the wall, with all words in that language."""
    draw(page, name, "/display", "/static/display/index.html", words_in=words_in)
    page.wait_for_function("window.line")
