"""Doors of the settings: what the hall offers, changed in the browser, each change with who and what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from access.door import Ask, Doors, Nothing
from access.principal import READERS, SUPERVISOR
from hall.catalogue.model import Counter, HallSettings, Policy, Service, Template, Voice, body_of
from hall.hall import Act, Hall
from hall.rule import RuleView, rules
from hall.settings import change as settings
from hall.settings.change import Change, Changed
from hall.settings.check import DIGITS, LETTERS, SAFE_LETTERS, checked
from hall.views import NameOf
from queueing.catalogue import CLASS_ICONS, ICONS
from queueing.events import instant

Make = Callable[[Ask[Any], Callable[[Act], Changed]], bytes]

TEMPLATE_LARGEST = 128 * 1024  # forty services and forty counters take some 40 KB

# A service as the form has it. Code, icon field and place on the kiosk are not chosen there.
ServiceBody = body_of(
    "ServiceBody", Service, without=("code", "family", "position"), more=[("counters", tuple[int, ...])]
)
CounterBody = body_of("CounterBody", Counter, without=("number",))
VoiceBody = body_of("VoiceBody", Voice, partial=True)
# What is left out stays. The time zone and the languages belong to a whole file, the printers have a page of their own.
HallBody = body_of(
    "HallBody",
    HallSettings,
    without=("timezone", "languages", "voice", "printers"),
    partial=True,
    more=[("voice", VoiceBody | msgspec.UnsetType, msgspec.UNSET)],
)


class OrderBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The codes of all services that are offered, in the order of the kiosk."""

    codes: list[str]


class UndoBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seq: int


class ChoicesView(msgspec.Struct):
    icons: tuple[str, ...]
    class_icons: tuple[str, ...]
    letters: str
    safe_letters: str
    digits: str


class LastChangeView(msgspec.Struct):
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
    rule: dict[str, RuleView]  # the sentence that tells the policy, by language
    services: tuple[Service, ...]
    counters: tuple[Counter, ...]
    waiting: dict[str, int]  # by service, where somebody waits
    open_counters: list[int]
    choices: ChoicesView
    last_change: LastChangeView | None


class PlanView(msgspec.Struct):
    changes: list[Change]


class PolicyPlanView(PlanView):
    rule: dict[str, RuleView]  # by language


class ChangedView(msgspec.Struct):
    """`seq` is that of the event, by which the change can be undone; null when nothing differed."""

    seq: int | None
    changes: list[Change]


def add_doors(doors: Doors, hall: Hall, name_of: NameOf) -> None:
    def change(ask: Ask[Any], do: Callable[[Act], Changed]) -> bytes:
        return hall.execute(
            ask.request, do, lambda done: msgspec.json.encode(ChangedView(done.seq, list(done.changes)))
        )

    @doors.get("/settings", roles=READERS, answer=SettingsView, summary="What the hall offers, and what may be chosen")
    def get_settings(ask: Ask[None]) -> SettingsView:
        with hall.lock:
            hall.look()
            return settings_view(hall, name_of)

    _add_services(doors, change)
    _add_counters(doors, change)

    @doors.post(
        "/settings/policy", roles=(SUPERVISOR,), body=Policy, answer=ChangedView, summary="The order of calling"
    )
    def post_policy(ask: Ask[Policy]) -> bytes:
        return change(ask, lambda act: settings.change_policy(act, ask.body))

    @doors.post(
        "/settings/policy/plan",
        roles=(SUPERVISOR,),
        body=Policy,
        answer=PolicyPlanView,
        summary="What this policy would change, and the sentence that tells it; nothing is changed",
    )
    def post_policy_plan(ask: Ask[Policy]) -> PolicyPlanView:
        with hall.lock:
            wanted = replace(hall.catalogue.template, policy=ask.body)
            plan = settings.planned(hall, wanted)
            return PolicyPlanView(list(plan), rules(checked(wanted).policy, hall.rule_words))

    @doors.post(
        "/settings/hall", roles=(SUPERVISOR,), body=HallBody, answer=ChangedView, summary="Name, texts, wall and voice"
    )
    def post_hall(ask: Ask[Any]) -> bytes:
        fields = msgspec.to_builtins(ask.body)
        return change(ask, lambda act: settings.change_hall(act, fields))

    @doors.post(
        "/settings/undo",
        roles=(SUPERVISOR,),
        body=UndoBody,
        answer=ChangedView,
        summary="Put back what the last change replaced",
    )
    def post_undo(ask: Ask[UndoBody]) -> bytes:
        return change(ask, lambda act: settings.undo(act, ask.body.seq))

    _add_transfer(doors, hall, change)


def _add_services(doors: Doors, change: Make) -> None:
    @doors.post(
        "/settings/services",
        roles=(SUPERVISOR,),
        body=ServiceBody,
        answer=ChangedView,
        status=201,
        summary="Offer a further service",
    )
    def post_services(ask: Ask[Any]) -> bytes:
        return change(ask, lambda act: settings.add_service(act, _service(ask.body), ask.body.counters))

    @doors.post(
        "/settings/services/order",
        roles=(SUPERVISOR,),
        body=OrderBody,
        answer=ChangedView,
        summary="The order of the services on the kiosk",
    )
    def post_order(ask: Ask[OrderBody]) -> bytes:
        return change(ask, lambda act: settings.order_services(act, ask.body.codes))

    @doors.post(
        "/settings/services/<code>",
        roles=(SUPERVISOR,),
        body=ServiceBody,
        answer=ChangedView,
        summary="Change a service, retire it, or offer it again",
    )
    def post_service(ask: Ask[Any], code: str) -> bytes:
        return change(ask, lambda act: settings.change_service(act, code, _service(ask.body), ask.body.counters))


def _add_counters(doors: Doors, change: Make) -> None:
    @doors.post(
        "/settings/counters",
        roles=(SUPERVISOR,),
        body=Counter,
        answer=ChangedView,
        status=201,
        summary="Add a counter",
    )
    def post_counters(ask: Ask[Counter]) -> bytes:
        return change(ask, lambda act: settings.add_counter(act, ask.body))

    @doors.post(
        "/settings/counters/<int:counter>",
        roles=(SUPERVISOR,),
        body=CounterBody,
        answer=ChangedView,
        summary="Rename a counter, choose its services",
    )
    def post_counter(ask: Ask[Any], counter: int) -> bytes:
        wanted = Counter(counter, ask.body.name, ask.body.services)
        return change(ask, lambda act: settings.change_counter(act, counter, wanted))

    @doors.post(
        "/settings/counters/<int:counter>/remove",
        roles=(SUPERVISOR,),
        body=None,
        answer=ChangedView,
        summary="Take a closed counter away",
    )
    def post_remove(ask: Ask[Nothing], counter: int) -> bytes:
        return change(ask, lambda act: settings.remove_counter(act, counter))


def _add_transfer(doors: Doors, hall: Hall, change: Make) -> None:
    @doors.get("/settings/export", roles=READERS, answer=Template, summary="The whole configuration as one file")
    def get_export(ask: Ask[None]) -> Template:
        with hall.lock:
            hall.look()
            return settings.for_others(hall.catalogue.template)

    @doors.post(
        "/settings/import/plan",
        roles=(SUPERVISOR,),
        body=Template,
        answer=PlanView,
        summary="What importing this file would change; nothing is changed",
        largest=TEMPLATE_LARGEST,
    )
    def post_plan(ask: Ask[Template]) -> PlanView:
        return PlanView(list(settings.planned(hall, ask.body)))

    @doors.post(
        "/settings/import",
        roles=(SUPERVISOR,),
        body=Template,
        answer=ChangedView,
        summary="Make the hall as this file says",
        largest=TEMPLATE_LARGEST,
    )
    def post_import(ask: Ask[Template]) -> bytes:
        return change(ask, lambda act: settings.import_template(act, ask.body))


def settings_view(hall: Hall, name_of: NameOf) -> SettingsView:
    """The configuration as the pages of the settings show it."""
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
    """Return the service that a form tells; code, icon field and place are given to it later."""
    fields = {name: value for name, value in msgspec.structs.asdict(body).items() if name != "counters"}
    return Service(code="", family=0, position=1, **fields)
