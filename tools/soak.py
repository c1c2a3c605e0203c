"""Serve thousands of people while screens stay open and others come and go, and measure what memory piles up.

    python -m tools.soak [CALLS] [CONNECTIONS]

A wall, a sign above a counter, a kiosk, a console and the live board stay open in Chromium from the first call to
the last. The exit status is 1 if a page's heap grew by more than 5 MB, its elements by more than a tenth and 100, or
the server's memory by more than 20 MB. Before the counted work a tenth as much is done: caches fill in it. What each
part of the work has left is printed on the way, so that a run that is stopped has shown something too.
"""

import sys
import tempfile
import time
from pathlib import Path

import socketio
from playwright.sync_api import Page, sync_playwright

from tests.centre import TestCentreProcess
from tests.conftest import FLAGS, NAME, browser_path
from tests.people import add_person, paired_device, signed_in, supervisor_cookies

CLERK = "Lò Thị Mai"
COUNTER, SERVICE = 2, "CHUNG_THUC"
HEAP_MB, SERVER_MB, ELEMENTS, ELEMENTS_MORE = 5, 20, 1.1, 100
ROUND = 100  # calls between two connections' turns
PARTS = 10


def main(calls: int = 20_000, connections: int = 5_000) -> int:
    """Let so many people be served and so many screens connect; return the exit status."""
    centre = TestCentreProcess(Path(tempfile.mkdtemp(prefix="soak-")) / "data").start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
            pages = opened(browser, centre)
            serve(centre, pages, calls // 10, connections // 10)
            before = measured(centre, pages)
            began = time.monotonic()
            for part in range(1, PARTS + 1):
                serve(centre, pages, calls // PARTS, connections // PARTS)
                after = measured(centre, pages)
                leaves = ", ".join(f"{name} {mb:.1f} MB" for name, (mb, _) in after.items())
                print(f"{part} of {PARTS} after {time.monotonic() - began:.0f} s: {leaves}", flush=True)
            print(f"{calls} calls, {connections} connections in {time.monotonic() - began:.0f} s")
            browser.close()
    finally:
        centre.stop()
    grown = [report(name, before[name], after[name]) for name in before]
    return int(any(grown))


def opened(browser, centre) -> dict[str, Page]:
    """Return the screens of a hall, each open on its page."""
    chief = supervisor_cookies(centre)
    add_person(centre, chief, CLERK, "clerk")
    cookies = {
        "/display": paired_device(centre, chief, "display", "Sảnh"),
        f"/display/counter?counter={COUNTER}": paired_device(centre, chief, "display", "Quầy"),
        "/kiosk": paired_device(centre, chief, "kiosk", "Máy lấy số"),
        f"/counter?counter={COUNTER}": signed_in(centre, CLERK),
        "/supervisor": chief,
    }
    pages = {}
    for path, jar in cookies.items():
        context = browser.new_context()
        context.add_cookies(
            [{"name": cookie.name, "value": cookie.value, "domain": NAME, "path": "/"} for cookie in jar]
        )
        page = pages[path] = context.new_page()
        page.goto(centre.at(NAME) + path)
    return pages


def serve(centre, pages: dict[str, Page], calls: int, connections: int) -> None:
    """Let so many people take a number and be served, while screens connect and leave."""
    kiosk, wall, clerk = (centre.token(role) for role in ("kiosk", "display", "clerk"))
    for done in range(calls):
        centre.post("/api/v1/tickets", {"service": SERVICE}, token=kiosk)
        for step in ("call-next", "start", "finish"):
            centre.post(f"/api/v1/counters/{COUNTER}/{step}", token=clerk)
        if done % ROUND == 0:
            for _ in range(connections * ROUND // calls):
                client = socketio.Client(reconnection=False)
                client.connect(centre.url, namespaces=["/display"], auth={"token": wall}, transports=["websocket"])
                client.disconnect()
            for page in pages.values():
                page.evaluate("1")  # lets the driver take in what the page has said


def measured(centre, pages: dict[str, Page]) -> dict[str, tuple[float, int]]:
    """Return megabytes in use, and elements, of each page and of the server."""
    figures = {}
    for path, page in pages.items():
        protocol = page.context.new_cdp_session(page)
        for _ in range(3):
            protocol.send("HeapProfiler.collectGarbage")
            time.sleep(0.5)
        heap = protocol.send("Runtime.getHeapUsage")["usedSize"]
        figures[path] = heap / 2**20, page.evaluate("document.querySelectorAll('*').length")
    status = Path(f"/proc/{centre.process.pid}/status").read_text("ascii")
    resident_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return figures | {"server": (resident_kb / 1024, 0)}


def report(name: str, before: tuple[float, int], after: tuple[float, int]) -> bool:
    """Print how much it grew; return whether that is too much."""
    (mb, elements), (mb_after, elements_after) = before, after
    print(f"{name}: {mb:.1f} to {mb_after:.1f} MB, {elements} to {elements_after} elements")
    most = SERVER_MB if name == "server" else HEAP_MB
    return mb_after - mb > most or elements_after > elements * ELEMENTS + ELEMENTS_MORE


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
