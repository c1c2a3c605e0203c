"""Routes of the settings: read, change, undo, export and import them; each change is an event in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from access.principal import READERS, SUPERVISOR
from access.routes import Nothing, Request, Routes
from hall.catalogue.lengths import Code, Many
from hall.catalogue.model import Counter, HallSettings, Policy, Service, Template, Voice, body_of
from hall.catalogue.rooms import Room, ScreenSetting
from hall.hall import Act, Hall
from hall.ports import NameOf
from hall.rule import RuleView, rules
from hall.settings import change as settings
from hall.settings.change import Change, Changed
from hall.settings.check import DIGITS, LETTERS, SAFE_LETTERS, checked
from queueing.catalogue import CLASS_ICONS, ICONS
from queueing.events import instant

Make = Callable[[Request[Any], Callable[[Act], Changed]], bytes]

TEMPLATE_LARGEST = 128 * 1024  # forty services and forty counters take some 40 KB

# A service as the form sends it. Code, family of the icon and place on the kiosk are not chosen in the form.
ServiceBody = body_of("ServiceBody", Service, without=("code", "family", "position"), more=[("counters", Many[int])])
# A program that does not know of it leaves a counter as accessible as it is.
CounterBody = body_of(
    "CounterBody",
    Counter,
    without=("number", "accessible"),
    more=[("accessible", bool | msgspec.UnsetType, msgspec.UNSET)],
)
VoiceBody = body_of("VoiceBody", Voice, partial=True)
# What is left out stays. Time zone and languages change only with a whole file; printers, rooms, screens and the notice
# board have pages of their own.
HallBody = body_of(
    "HallBody",
    HallSettings,
    without=("timezone", "languages", "voice", "printers", "rooms", "screens", "media", "posters"),
    partial=True,
    more=[("voice", VoiceBody | msgspec.UnsetType, msgspec.UNSET)],
)


class OrderBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The codes of all services that are offered, in the order of the kiosk."""

    codes: Many[Code]


class UndoBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `seq` of the change to undo, as its answer gave it; it must be the last one."""

    seq: int


class ChoicesView(msgspec.Struct):
    """What the form offers: pictograms of services and of classes, and the signs a number may begin with.

    `safe_letters` are those of `letters` that sound different from one another over a loudspeaker.
    """

    icons: tuple[str, ...]
    class_icons: tuple[str, ...]
    letters: str
    safe_letters: str
    digits: str


class LastChangeView(msgspec.Struct):
    """The last change of the settings: `what` as in the event, and the person who made it."""

    seq: int
    at: str
    what: str
    by: str
    by_name: str | None


class SettingsView(msgspec.Struct):
    """The configuration, the retired services too, and what may be chosen."""

    seq: int
    hall: HallSettings
    policy: Policy
    rule: dict[str, RuleView]  # the policy in a sentence, by language
    services: tuple[Service, ...]
    counters: tuple[Counter, ...]
    waiting: dict[str, int]  # by service, where somebody waits
    open_counters: list[int]
    choices: ChoicesView
    last_change: LastChangeView | None


class PlanView(msgspec.Struct):
    """What a file would change."""

    changes: list[Change]


class PolicyPlanView(PlanView):
    """What a policy would change, and the sentence that describes it."""

    rule: dict[str, RuleView]  # by language


class ChangedView(msgspec.Struct):
    """`seq` is that of the event, by which the change can be undone; null when nothing differed."""

    seq: int | None
    changes: list[Change]


def add_routes(routes: Routes, hall: Hall, name_of: NameOf) -> None:
    """Declare the routes of the settings; `name_of` returns the name of who made the last change."""

    def change(request: Request[Any], do: Callable[[Act], Changed]) -> bytes:
        return hall.execute(
            request.identity, do, lambda done: msgspec.json.encode(ChangedView(done.seq, list(done.changes)))
        )

    @routes.get("/settings", roles=READERS, answer=SettingsView, summary="What the hall offers, and what may be chosen")
    def get_settings(request: Request[None]) -> SettingsView:
        with hall.reading():
            return settings_view(hall, name_of)

    _add_services(routes, change)
    _add_counters(routes, change)
    _add_rooms(routes, change)

    @routes.post(
        "/settings/policy", roles=(SUPERVISOR,), body=Policy, answer=ChangedView, summary="The order of calling"
    )
    def post_policy(request: Request[Policy]) -> bytes:
        return change(request, lambda act: settings.change_policy(act, request.body))

    @routes.post(
        "/settings/policy/plan",
        roles=(SUPERVISOR,),
        body=Policy,
        answer=PolicyPlanView,
        summary="What this policy would change, and its sentence; nothing is changed",
    )
    def post_policy_plan(request: Request[Policy]) -> PolicyPlanView:
        with hall.reading():
            wanted = replace(hall.catalogue.template, policy=request.body)
            plan = settings.planned(hall, wanted)
            return PolicyPlanView(list(plan), rules(checked(wanted).policy, hall.rule_words))

    @routes.post(
        "/settings/hall", roles=(SUPERVISOR,), body=HallBody, answer=ChangedView, summary="Name, texts, wall and voice"
    )
    def post_hall(request: Request[Any]) -> bytes:
        fields = msgspec.to_builtins(request.body)
        return change(request, lambda act: settings.change_hall(act, fields))

    @routes.post(
        "/settings/undo",
        roles=(SUPERVISOR,),
        body=UndoBody,
        answer=ChangedView,
        summary="Put back what the last change replaced",
    )
    def post_undo(request: Request[UndoBody]) -> bytes:
        return change(request, lambda act: settings.undo(act, request.body.seq))

    _add_transfer(routes, hall, change)


def _add_services(routes: Routes, change: Make) -> None:
    @routes.post(
        "/settings/services",
        roles=(SUPERVISOR,),
        body=ServiceBody,
        answer=ChangedView,
        status=201,
        summary="Offer a further service",
    )
    def post_services(request: Request[Any]) -> bytes:
        return change(request, lambda act: settings.add_service(act, _service(request.body), request.body.counters))

    @routes.post(
        "/settings/services/order",
        roles=(SUPERVISOR,),
        body=OrderBody,
        answer=ChangedView,
        summary="The order of the services on the kiosk",
    )
    def post_order(request: Request[OrderBody]) -> bytes:
        return change(request, lambda act: settings.order_services(act, request.body.codes))

    @routes.post(
        "/settings/services/<code>",
        roles=(SUPERVISOR,),
        body=ServiceBody,
        answer=ChangedView,
        summary="Change a service, retire it, or offer it again",
    )
    def post_service(request: Request[Any], code: str) -> bytes:
        return change(
            request, lambda act: settings.change_service(act, code, _service(request.body), request.body.counters)
        )


def _add_counters(routes: Routes, change: Make) -> None:
    @routes.post(
        "/settings/counters",
        roles=(SUPERVISOR,),
        body=Counter,
        answer=ChangedView,
        status=201,
        summary="Add a counter",
    )
    def post_counters(request: Request[Counter]) -> bytes:
        return change(request, lambda act: settings.add_counter(act, request.body))

    @routes.post(
        "/settings/counters/<int:counter>",
        roles=(SUPERVISOR,),
        body=CounterBody,
        answer=ChangedView,
        summary="Rename a counter, choose its services",
    )
    def post_counter(request: Request[Any], counter: int) -> bytes:
        body = request.body

        def do(act: Act) -> settings.Changed:
            accessible = body.accessible
            if accessible is msgspec.UNSET:
                accessible = act.catalogue.counter(counter).accessible
            return settings.change_counter(act, counter, Counter(counter, body.name, body.services, accessible))

        return change(request, do)

    @routes.post(
        "/settings/counters/<int:counter>/remove",
        roles=(SUPERVISOR,),
        body=None,
        answer=ChangedView,
        summary="Take a closed counter away",
    )
    def post_remove(request: Request[Nothing], counter: int) -> bytes:
        return change(request, lambda act: settings.remove_counter(act, counter))


def _add_rooms(routes: Routes, change: Make) -> None:
    @routes.post(
        "/settings/rooms",
        roles=(SUPERVISOR,),
        body=Room,
        answer=ChangedView,
        status=201,
        summary="Add a room; its counters leave the rooms they were in",
    )
    def post_rooms(request: Request[Room]) -> bytes:
        return change(request, lambda act: settings.add_room(act, request.body))

    @routes.post("/settings/rooms/<code>", roles=(SUPERVISOR,), body=Room, answer=ChangedView, summary="Change a room")
    def post_room(request: Request[Room], code: str) -> bytes:
        return change(request, lambda act: settings.change_room(act, code, request.body))

    @routes.post(
        "/settings/rooms/<code>/remove", roles=(SUPERVISOR,), body=None, answer=ChangedView, summary="Take a room away"
    )
    def post_remove_room(request: Request[Nothing], code: str) -> bytes:
        return change(request, lambda act: settings.remove_room(act, code))

    @routes.post(
        "/settings/screens/<int:device>",
        roles=(SUPERVISOR,),
        body=ScreenSetting,
        answer=ChangedView,
        summary="The room of a paired screen; of a wall the farthest seat and the television",
    )
    def post_screen(request: Request[ScreenSetting], device: int) -> bytes:
        return change(request, lambda act: settings.set_screen(act, device, request.body))


def _add_transfer(routes: Routes, hall: Hall, change: Make) -> None:
    @routes.get("/settings/export", roles=READERS, answer=Template, summary="The whole configuration as one file")
    def get_export(request: Request[None]) -> Template:
        with hall.reading():
            return settings.for_others(hall.catalogue.template)

    @routes.post(
        "/settings/import/plan",
        roles=(SUPERVISOR,),
        body=Template,
        answer=PlanView,
        summary="What importing this file would change; nothing is changed",
        largest=TEMPLATE_LARGEST,
    )
    def post_plan(request: Request[Template]) -> PlanView:
        return PlanView(list(settings.planned(hall, request.body)))

    @routes.post(
        "/settings/import",
        roles=(SUPERVISOR,),
        body=Template,
        answer=ChangedView,
        summary="Make the hall as this file says",
        largest=TEMPLATE_LARGEST,
    )
    def post_import(request: Request[Template]) -> bytes:
        return change(request, lambda act: settings.import_template(act, request.body))


def settings_view(hall: Hall, name_of: NameOf) -> SettingsView:
    """Return the configuration as the pages of the settings show it."""
    template, last = hall.catalogue.template, settings.last_change(hall)
    waiting = {service.code: hall.floor.waiting.count(service.code) for service in template.services}
    return SettingsView(
        seq=hall.floor.seq,
        hall=template.hall,
        policy=template.policy,
        rule=rules(hall.catalogue.policy, hall.rule_words),
        services=template.services,
        counters=template.counters,
        waiting={code: count for code, count in waiting.items() if count},
        open_counters=[
            number for number in hall.catalogue.counters if hall.floor.counter_state(number).staffing.value != "closed"
        ],
        choices=ChoicesView(ICONS, CLASS_ICONS, LETTERS, SAFE_LETTERS, DIGITS),
        last_change=None
        if last is None
        else LastChangeView(
            last.seq,
            instant(last.at),
            str(last.data.get("what", "policy_changed")),
            str(last.data["by"]),
            name_of(str(last.data["by"])),
        ),
    )


def _service(body: Any) -> Service:
    """Return the service of a form; `hall.settings.change` sets its code, icon family and place."""
    fields = {name: value for name, value in msgspec.structs.asdict(body).items() if name != "counters"}
    return Service(code="", family=0, position=1, **fields)
