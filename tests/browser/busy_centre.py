"""A centre in the middle of a day, with everything in it that its pages can show at once."""

from base64 import b64encode

from tests.browser.notices import LONG_NOTICE
from tests.centre import TestCentreProcess, free_port
from tests.people import _post, add_person, paired_device, signed_in, supervisor_cookies
from tests.procedures import as_csv, many_rows

LONG_PERSON = "Nguyễn Hoàng Thị Minh Nguyệt Phương Khánh"
LONG_SERVICE = "Đăng ký biến động đất đai, tài sản gắn l"  # of 40 letters, as many as a name may have
OPEN_ALL_DAY = {"opens": "00:00", "closes": "23:59", "issues_from": "00:00", "issues_to": "23:59"}
YEAR = {
    "name": "Cả năm",
    "first": "01-01",
    "last": "12-31",
    "rules": [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "shifts": [OPEN_ALL_DAY]}],
}
CALLED, SERVING, PAUSED, FREE = 2, 3, 4, 5  # what counters do, by their number
PROCEDURES = 40
STAFF = {"greeter": "Chị Hoa", "inspector": "Ông Tâm"} | {
    f"clerk {counter}": f"{LONG_PERSON} {counter}" for counter in (CALLED, SERVING, PAUSED, FREE)
}


class BusyCentre:
    """A running centre whose printer does not answer; `cookies` of each role and device, `tickets` by what they are."""

    def __init__(self, folder):
        # Nobody listens there: the printer is a fault that every staff page tells of.
        nobody = f"127.0.0.1:{free_port()}"
        self.centre = TestCentreProcess(
            folder / "data", options=("--printer", f"network://{nobody}", "--public-url", f"http://{nobody}")
        ).start()
        try:
            self._fill()
        except BaseException:
            self.stop()
            raise

    def _fill(self):
        chief = supervisor_cookies(self.centre, LONG_PERSON)
        self.cookies = {"supervisor": chief}
        for who, name in STAFF.items():
            add_person(self.centre, chief, name, who.partition(" ")[0])
            self.cookies[who] = signed_in(self.centre, name)
        self.cookies["kiosk"] = paired_device(self.centre, chief, "kiosk", "Máy lấy số ở cửa phụ phía sau nhà")
        self.cookies["display"] = paired_device(self.centre, chief, "display", "Màn hình sảnh")
        self.tickets = {}
        self._settings()
        self._day()

    def post(self, path, body=None, by="supervisor"):
        """Send a command as a role or device, nobody for ""; return the answer."""
        return _post(self.centre, path, {} if body is None else body, self.cookies.get(by)).json()

    def stop(self):
        self.centre.stop()

    def _settings(self):
        settings = self.centre.get("/api/v1/settings", cookies=self.cookies["supervisor"]).json()
        first = settings["services"][0]
        body = {field: first[field] for field in ("prefix", "icon", "service_time_s", "target_s", "hints", "active")}
        names = dict.fromkeys(("vi", "en"), f"{first['prefix']} {LONG_SERVICE}"[:40])
        at = [each["number"] for each in settings["counters"] if first["code"] in each["services"]]
        self.post(f"/settings/services/{first['code']}", body | {"names": names, "counters": at})
        services = [each["code"] for each in settings["services"]]
        for number in (CALLED, SERVING, PAUSED, FREE):
            name = f"Tiếp nhận và trả kết quả số {number}"
            self.post(f"/settings/counters/{number}", {"name": name, "services": services})
        appointments = {services[0]: {"minutes": 30, "share": 60}}
        self.post("/settings/hall", {"hours": {"seasons": [YEAR]}, "appointments": appointments})
        sheet = {"name": "t.csv", "content": b64encode(as_csv(many_rows(PROCEDURES))).decode()}
        read = self.post("/settings/procedures/read", sheet)
        self.post("/settings/procedures", {"procedures": read["procedures"]})

    def serve_somebody(self):
        """Let the counter that serves finish, and begin with the next."""
        self._work(SERVING, "finish", "call-next", "start")

    def _take(self, **own):
        return self.post("/tickets", {"service": "CHUNG_THUC"} | own, by="kiosk")

    def _work(self, counter, *acts):
        """The clerk of a counter acts, one after the other; return what the counter is then."""
        for act in acts:
            found = self.post(f"/counters/{counter}/{act}", by=f"clerk {counter}")
        return found

    def _day(self):
        for at in range(20):
            ticket = self._take(**({"priority_class": "priority"} if at % 4 == 1 else {}))
            self.tickets[ticket["number"]] = ticket
        named = {
            "held": self._work(SERVING, "open", "call-next", "start")["ticket"],
            "finished": self._work(SERVING, "hold", "call-next", "start")["ticket"],
            "no_show": self._work(SERVING, "finish", "call-next", "call-again")["ticket"],
            "serving": self._work(SERVING, "no-show", "call-next", "start")["ticket"],
            "called": self._work(CALLED, "open", "call-next")["ticket"],
        }
        self.tickets |= {what: self.tickets[ticket["number"]] for what, ticket in named.items()}
        self._work(FREE, "open")
        self._work(PAUSED, "open")
        self.post(f"/counters/{PAUSED}/pause", {"reason": "portal_overloaded"}, by=f"clerk {PAUSED}")
        self.post("/help", by="kiosk")
        self.post("/entrance", {"people": 128})
        self.post("/notice", {"texts": LONG_NOTICE})
        self.tickets |= {"waiting": self._take(), "cancelled": self._take()}
        self.post(f"/tickets/{self.tickets['cancelled']['id']}/cancel", by="")
