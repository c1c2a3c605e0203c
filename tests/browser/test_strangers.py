"""Hostile names on every screen: shown as text, nothing runs, and no page breaks its own policy."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_errors import refused
from tests.centre import TestCentreProcess
from tests.people import PASSWORD, paired_device, signed_in, supervisor_cookies

pytestmark = pytest.mark.browser
PATIENCE_MS = 15_000

IMAGE = "<img src=x onerror=pwned=1>"
TAGS = "</title></script><svg onload=pwned=1>"
ATTRIBUTE = "'\"><b onmouseover=pwned=1>"
CLERK = f"Mai {IMAGE}"
SHOWN = """text => [document.body.innerText, ...Array.from(document.querySelectorAll("input"), (each) => each.value)]
  .some((shown) => shown.toLowerCase().includes(text.toLowerCase()))"""
MARKS = "document.querySelectorAll('img[src=\"x\"], svg[onload], [onmouseover], [onerror]').length"


class Hostile:
    """A centre in which every name is an attempt, with its people and machines."""

    def __init__(self, centre):
        self.centre = centre
        self.supervisor = supervisor_cookies(centre, f"Sính {TAGS}"[:60])
        file = centre.get("/api/v1/settings/export", cookies=self.supervisor).json()
        file["hall"] |= {"name": f"Trung tâm {TAGS}", "office": f"Xã {IMAGE}"}
        for n, service in enumerate(file["services"]):
            text = (IMAGE, TAGS[8:], ATTRIBUTE)[n % 3]
            service |= {"names": dict.fromkeys(("vi", "en"), f"{n} {text}"), "hints": {"vi": f"{text} {n}"}}
        for n, counter in enumerate(file["counters"]):
            counter["name"] = f"{n} {IMAGE}"[:30]
        self.post("settings/import", file)
        self.post("users", {"name": CLERK, "role": "clerk", "password": PASSWORD})
        self.post("users", {"name": "Hoa", "role": "greeter", "password": PASSWORD})
        self.cookies = {
            "supervisor": self.supervisor,
            "clerk": signed_in(centre, CLERK),
            "greeter": signed_in(centre, "Hoa"),
            "kiosk": paired_device(centre, self.supervisor, "kiosk", f"Ki-ốt {IMAGE}"),
            "display": paired_device(centre, self.supervisor, "display", f"Sảnh {ATTRIBUTE}"),
            "anyone": {},
        }
        self.post("counters/2/open", {}, "clerk")
        services = centre.get("/api/v1/services").json()["services"]
        ticket, *_ = [self.post("tickets", {"service": each["code"]}, "kiosk").json() for each in services]
        self.post("counters/2/call-next", {}, "clerk")
        self.ticket = ticket["id"]

    def post(self, path, body, who="supervisor"):
        cookies = self.supervisor if who == "supervisor" else self.cookies[who]
        answer = self.centre.post(f"/api/v1/{path}", body, cookies=cookies)
        assert answer.status_code < 300, answer.text
        return answer


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    centre = TestCentreProcess(tmp_path_factory.mktemp("hostile") / "data").start()
    yield Hostile(centre)
    centre.stop()


# page: who opens it, its address, and a text that stands there once it has its data
PAGES = {
    "home": ("anyone", "/", IMAGE),
    "sign-in": ("anyone", "/sign-in", "Tên đăng nhập"),
    "set-up": ("anyone", "/setup", None),
    "ticket": ("anyone", "/t/{ticket}", "pwned=1"),
    "lost": ("anyone", "/nowhere/<img src=x onerror=pwned=1>", None),
    "kiosk": ("kiosk", "/kiosk", IMAGE),
    "kiosk not paired": ("anyone", "/kiosk", None),
    "wall": ("display", "/display", TAGS),
    "console": ("clerk", "/counter?counter=2", CLERK),
    "greeter": ("greeter", "/greeter", IMAGE),
    **{
        f"supervisor {name}": ("supervisor", f"/supervisor#{name}", text)
        for name, text in {
            "live": IMAGE,
            "statistics": IMAGE,
            "log": None,
            "hall": TAGS,
            "services": IMAGE,
            "counters": IMAGE,
            "users": CLERK,
            "devices": IMAGE,
        }.items()
    },
}


NOT_FOUND = pytest.param("lost", marks=pytest.mark.expects_page_errors(refused(404)))


@pytest.mark.parametrize("page_name", [NOT_FOUND if page == "lost" else page for page in PAGES])
def test_given_hostile_names_when_a_page_is_opened_then_they_are_text_and_its_policy_holds(
    hostile, chromium, name, page_name
):
    who, address, text = PAGES[page_name]
    context = chromium.new_context(viewport={"width": 1366, "height": 900}, locale="vi-VN")
    context.set_default_timeout(PATIENCE_MS)
    base = hostile.centre.at(name)
    given = dict(hostile.cookies[who])
    context.add_cookies([{"name": key, "value": given[key], "url": base} for key in given])
    page = context.new_page()
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    opened = page.goto(base + address.format(ticket=hostile.ticket))
    if page_name == "lost":
        assert opened.status == 404
    else:
        expect(page.locator("h1, h2, button, .pairing-code").first).to_be_attached()
    if text is not None:
        page.wait_for_function(SHOWN, arg=text)
    assert page.evaluate("typeof pwned") == "undefined"
    assert page.evaluate(MARKS) == 0
    assert dialogs == []
    context.close()
