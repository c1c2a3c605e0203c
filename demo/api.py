"""The page that links every screen of a simulated centre and signs a browser in there. Not part of a real centre."""

from __future__ import annotations

from typing import Literal

import flask
import msgspec

from access.api import cookie
from access.devices import pair_device
from access.gate import SESSION_COOKIE, Gate, device_cookie
from access.principal import ANYONE, DISPLAY, KIOSK
from access.routes import Reply, Request, Routes
from demo.cast import Cast
from demo.loads import Load
from hall.arrivals import take_ticket
from hall.hall import Hall
from queueing.errors import UnknownCounter

_DEVICES = {"kiosk": (KIOSK, "Máy lấy số cửa chính"), "display": (DISPLAY, "Màn hình sảnh")}


class Enter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The screen to open; `counter` for a console."""

    screen: Literal["kiosk", "display", "counter", "supervisor", "greeter", "phone"]
    counter: int | None = None


class EnteredView(msgspec.Struct, frozen=True):
    """The address to go to; the answer also sets the cookies that sign the browser in."""

    go: str


class AdvisedView(msgspec.Struct, frozen=True):
    """The counter that the board advises to open."""

    counter: int | None


def _entered(go: str, *cookies: str) -> Reply:
    return Reply(msgspec.json.encode(EnteredView(go)), cookies=cookies)


class _SharedDevices:
    """The one kiosk and the one wall that all visitors share, so that a visit adds no device."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._secrets: dict[str, str] = {}  # by kind

    def enter(self, kind: str, name: str) -> Reply:
        """Return the address of the screen, with the device's cookie where the browser has none."""
        if self._gate.identify(flask.request.cookies, None, (kind,)).role == kind:
            return _entered(f"/{kind}")
        secret = self._secrets.get(kind)
        if secret is None or self._gate.identify({device_cookie(kind): secret}, None, (kind,)).role != kind:
            secret = self._secrets[kind] = pair_device(self._gate.store, kind, name, self._gate.now())
        return _entered(f"/{kind}", cookie(device_cookie(kind), secret))


def add_routes(routes: Routes, gate: Gate, hall: Hall, cast: Cast, load: Load) -> None:
    """Add the demonstration's page and its command to the routes."""
    routes.page("/demo", "demo/index.html")
    _add_advice(routes, hall)
    devices = _SharedDevices(gate)

    @routes.post(
        "/demo/enter",
        roles=(ANYONE,),
        body=Enter,
        answer=EnteredView,
        summary="Sign this browser into a screen of the demonstration, and return its address",
    )
    def post_enter(request: Request[Enter]) -> Reply:
        screen = request.body.screen
        if screen == "phone":
            return _entered(f"/t/{somebody()}")
        if screen in _DEVICES:
            return devices.enter(*_DEVICES[screen])
        if screen == "counter":
            name = cast.clerks.get(request.body.counter or 0)
            if name is None:
                raise UnknownCounter(counter=request.body.counter or 0)
            return signed_in(name, "/counter")
        return signed_in(cast.supervisor if screen == "supervisor" else cast.greeter, f"/{screen}")

    def signed_in(name: str, go: str) -> Reply:
        return _entered(go, cookie(SESSION_COOKIE, gate.people.sign_in(name, cast.password)[1]))

    def somebody() -> str:
        """Return the id of the newest waiting ticket; issue one if nobody waits."""
        with hall.reading():
            waiting = [place.ref for place in hall.floor.waiting.places(list(hall.catalogue.services))]
            holder = hall.store.holder(max(waiting)) if waiting else None
        if holder is not None:
            return holder.id
        return hall.run_as_system(lambda act: take_ticket(act, load.service(), load.priority_class(), "vi")).id


def _add_advice(routes: Routes, hall: Hall) -> None:
    @routes.get("/demo/advice", roles=(ANYONE,), answer=AdvisedView, summary="What the board advises, for the crowd")
    def get_advice(request: Request[None]) -> AdvisedView:
        with hall.reading():
            advice = hall.forecaster.advice(hall.catalogue, hall.floor)
        return AdvisedView(advice.counter if advice else None)
