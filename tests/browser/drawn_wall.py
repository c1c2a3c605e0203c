"""The wall's own page without a server: what a hall would send is made here, so every state is drawn in a moment."""

from datetime import UTC, datetime

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

# In place of the line to the server: the page's handlers become `wall.on`.
LINE = """export function connect(namespace, on) {
  window.wall = { on };
  return { serverNow: () => new Date(), seen() {}, said() {}, sound() {}, resync() {}, close() {} };
}"""
RULE_WORDS = Texts().words("rule")
PAIRED = "export async function ensurePaired() {}"
STUBS = {"/static/lib/live.js": LINE, "/static/access/pairing.js": PAIRED}


def snapshot(counters, rename=None, **own):
    """Return what the server sends to a wall of a new hall with so many counters and own settings.

    `rename`: what follows the letter in the names of all services.
    """
    clock = HandClock()
    store = SqliteHallStore(Database(None))
    offered = tuple(
        replace(each, names={**each.names, "vi": f"{each.prefix} {rename}"[:40]}) if rename else each
        for each in DEFAULT.services
    )
    codes = [service.code for service in offered]
    at = tuple(Counter(n, f"Quầy {n}", tuple(codes)) for n in range(1, counters + 1))
    template = replace(DEFAULT, hall=replace(DEFAULT.hall, **own), services=offered, counters=at)
    found_hall(store, clock.wall(), template)
    hall = Hall(store, SteadyClock(clock.wall, clock.elapsed), HallOptions(rule_words=RULE_WORDS))
    return {**DisplayChannel(hall, None).snapshot("walls"), "at": datetime.now(UTC).isoformat()}


def open_wall(context, name, clock=False):
    """Return the page of the wall; `page.evaluate("wall.on.onSnapshot(…)")` lets it hear. `clock`: one of its own."""
    page = context.new_page()

    def answer(route):
        path = route.request.url.partition(name)[2].partition("?")[0]
        if path in STUBS:
            route.fulfill(body=STUBS[path], content_type="text/javascript")
        else:
            route.fulfill(
                **static_file("/static/display/index.html" if path == "/display" else path) or {"status": 404}
            )

    page.route("**/*", answer)
    if clock:
        page.clock.install()
    page.goto(f"http://{name}/display")
    page.wait_for_function("window.wall && wall.on")
    return page
