"""Settings are changed whole or not at all, every change is in the log, and can be undone."""

import json

import msgspec
import pytest
from msgspec.structs import replace

from counter.channel import CounterChannel
from display.channel import DisplayChannel
from greeter.channel import GreeterChannel
from hall.catalogue.model import Counter, PriorityClass, Service, Template, plain
from hall.printing import slip_of
from hall.settings import change as settings
from hall.settings.change import changes
from hall.settings.check import LETTERS, SAFE_LETTERS, checked
from hall.verify import verify
from hall.views.board import board_view
from hall.views.counters import at_counter_view
from hall.views.hall import hall_view
from hall.views.services import service_views
from hall.views.tickets import ticket_view
from kiosk.channel import KioskChannel
from queueing import errors
from queueing import events as ev
from queueing.catalogue import CLASS_ICONS, ICONS
from supervisor.channel import SupervisorChannel
from tests.centre import ROOT
from tests.hall.centre import AN, BINH, TestCentre
from voice import numbers

CHIEF = "user:9"
POLICE = Service(
    code="",
    prefix="K",
    names={"vi": "Công an", "en": "Police"},
    hints={"vi": "Cư trú, căn cước", "en": "Residence, identity"},
    icon="id",
    family=0,
    position=1,
    service_time_s=600,
    target_s=900,
)


def change(centre, do, *words):
    return centre.hall.run_as_system(lambda act: do(act, *words), CHIEF)


def service(centre, code):
    return next(each for each in centre.hall.catalogue.template.services if each.code == code)


def counter(centre, number):
    return next(each for each in centre.hall.catalogue.template.counters if each.number == number)


def policy(centre, **fields):
    return change(centre, settings.change_policy, replace(centre.hall.catalogue.template.policy, **fields))


def renamed(centre, **classes):
    known = centre.hall.catalogue.template.policy.classes
    return policy(centre, classes=known | classes)


HEAVY = PriorityClass({"vi": "Khuyết tật nặng", "en": "Severe disability"}, "disabled")


def counters_of(centre, code):
    return [each.number for each in centre.hall.catalogue.serving(code)]


def whole(centre):
    return plain(centre.hall.catalogue.template), centre.seq()


def refused(centre, refusal, do, *words):
    """Check that a change is refused, and that nothing changed."""
    before = whole(centre), centre.state()
    with pytest.raises(refusal) as found:
        change(centre, do, *words)
    assert (whole(centre), centre.state()) == before
    centre.start()
    assert whole(centre) == before[0]
    return found.value


# -- services --------------------------------------------------------------------------------------


def test_given_a_new_service_then_it_is_offered_at_once_under_a_name_people_can_read(centre):
    made = change(centre, settings.add_service, POLICE, [1, 4])
    assert made.seq == centre.seq()
    assert centre.take("CONG_AN")["number"] == "K001"
    assert counters_of(centre, "CONG_AN") == [1, 4]
    view = next(each for each in service_views(centre.hall) if each.code == "CONG_AN")
    assert (view.position, view.family) == (9, 0)  # last on the kiosk, the rarest of the icon fields


def test_given_two_services_of_one_name_in_letters_of_the_log_then_each_has_a_code_of_its_own(centre):
    change(centre, settings.add_service, POLICE, [1])
    change(centre, settings.add_service, replace(POLICE, names={"vi": "Cộng ân", "en": "Other"}, prefix="Y"), [1])
    change(centre, settings.add_service, replace(POLICE, names={"vi": "1", "en": "One"}, prefix="7"), [1])
    assert {"CONG_AN", "CONG_AN_2", "DV_1"} <= centre.hall.catalogue.services.keys()


def test_given_a_change_then_one_event_says_what_was_and_what_is(centre):
    wanted = replace(service(centre, "CHUNG_THUC"), prefix="K", names={"vi": "Sao y", "en": "Copies"})
    made = change(centre, settings.change_service, "CHUNG_THUC", wanted, [2, 5])
    (event,) = centre.events(ev.SETTING_CHANGED)[-1:]
    assert (event.seq, event.data["what"], event.data["by"]) == (made.seq, "service_changed", CHIEF)
    assert event.data["service"] == "CHUNG_THUC"
    assert event.data["changes"] == [
        {"path": "services.CHUNG_THUC.prefix", "old": "B", "new": "K"},
        {"path": "services.CHUNG_THUC.names.vi", "old": "Chứng thực", "new": "Sao y"},
        {"path": "services.CHUNG_THUC.names.en", "old": "Certification", "new": "Copies"},
        {"path": "counters.3.services", "old": ["CHUNG_THUC", "DAT_DAI"], "new": ["DAT_DAI"]},
        {"path": "counters.5.services", "old": ["TRA_KQ"], "new": ["CHUNG_THUC", "TRA_KQ"]},
    ]
    centre.start()
    assert centre.take()["number"] == "K001"


def test_given_nothing_new_then_there_is_no_event(centre):
    seq = centre.seq()
    assert change(centre, settings.change_service, "TRA_KQ", service(centre, "TRA_KQ"), [5]).seq is None
    assert centre.seq() == seq


def test_given_people_wait_when_their_service_is_retired_then_nobody_new_comes_and_they_are_served(opened):
    ticket = opened.take("HO_TICH")
    change(opened, settings.change_service, "HO_TICH", replace(service(opened, "HO_TICH"), active=False), [2, 4])
    assert opened.events(ev.SETTING_CHANGED)[-1].data["what"] == "service_retired"
    with pytest.raises(errors.ServiceClosed):
        opened.take("HO_TICH")
    opened.start()
    shown = next(each for each in service_views(opened.hall) if each.code == "HO_TICH")
    assert (shown.open, shown.waiting) == (False, 1)  # its visitor must still be shown
    assert opened.serve(2)["counter"]["services"] == ["CHUNG_THUC"]
    assert "HO_TICH" not in [each.code for each in service_views(opened.hall)]
    assert opened.ticket(ticket["ref"]).state.value == "finished"
    change(opened, settings.change_service, "HO_TICH", replace(service(opened, "HO_TICH"), active=True), [2, 4])
    assert opened.take("HO_TICH")["number"] == "H002"


def test_given_people_wait_then_their_service_keeps_a_counter(centre):
    centre.take("HO_TICH")
    retired = replace(service(centre, "HO_TICH"), active=False)
    refusal = refused(centre, errors.SettingRefused, settings.change_service, "HO_TICH", retired, [])
    assert refusal.code == "setting_people_wait"


def test_given_the_numbers_of_today_then_no_other_service_may_give_them_again(centre):
    centre.take("CHUNG_THUC")
    change(centre, settings.change_service, "CHUNG_THUC", replace(service(centre, "CHUNG_THUC"), prefix="K"), [2, 3])
    taken = replace(service(centre, "TRA_KQ"), prefix="B")
    refusal = refused(centre, errors.SettingRefused, settings.change_service, "TRA_KQ", taken, [5])
    assert refusal.code == "setting_letter_today"
    centre.clock.on(days=1)
    centre.hall.refresh()
    change(centre, settings.change_service, "TRA_KQ", taken, [5])
    assert centre.take("TRA_KQ")["number"] == "B001"


def test_given_a_number_that_was_changed_for_another_then_no_other_service_gives_it_again(centre):
    moved = centre.take("HO_TICH")["ref"]
    centre.change(moved, "service", by="user:7", service="CHUNG_THUC")
    change(centre, settings.change_service, "HO_TICH", replace(service(centre, "HO_TICH"), prefix="K"), [2, 4])
    taken = replace(service(centre, "TRA_KQ"), prefix="H")
    refusal = refused(centre, errors.SettingRefused, settings.change_service, "TRA_KQ", taken, [5])
    assert refusal.code == "setting_letter_today"


def test_given_its_own_letter_again_then_the_numbers_go_on(centre):
    for prefix, number in (("B", "B001"), ("K", "K002"), ("B", "B003")):
        change(
            centre, settings.change_service, "CHUNG_THUC", replace(service(centre, "CHUNG_THUC"), prefix=prefix), [2]
        )
        assert centre.take()["number"] == number


def test_given_an_order_then_the_kiosk_follows_it(centre):
    codes = [each.code for each in service_views(centre.hall)]
    change(centre, settings.order_services, codes[::-1])
    assert [each.code for each in service_views(centre.hall)] == codes[::-1]
    for wrong in (codes[1:], [*codes, codes[0]], [*codes[1:], "X"]):
        assert refused(centre, errors.SettingRefused, settings.order_services, wrong).code == "setting_order"


# -- counters --------------------------------------------------------------------------------------


def test_given_a_new_counter_then_it_can_be_opened(centre):
    change(centre, settings.add_counter, Counter(6, "Quầy 6", ("TRA_KQ",)))
    assert centre.press("open", 6)["counter"]["services"] == ["TRA_KQ"]


def test_given_a_counter_for_people_with_disabilities_then_wall_kiosk_and_paper_know_it_and_the_order_does_not(opened):
    first, second = opened.take()["ref"], opened.take()["ref"]
    change(opened, settings.change_counter, 3, Counter(3, "Quầy 3", ("CHUNG_THUC", "DAT_DAI"), accessible=True))
    board = {each.counter: each.accessible for each in board_view(opened.hall).counters}
    assert [counter for counter, accessible in board.items() if accessible] == [3]
    assert hall_view(opened.hall, None).accessible_counters == [3]
    assert slip_of(opened.hall, second, False, None).accessible == (3,)
    assert opened.press("call-next", 2)["ticket"]["ref"] == first
    assert slip_of(opened.hall, first, False, None).accessible == ()  # called to another counter
    paths = [each["path"] for each in opened.events(ev.SETTING_CHANGED)[-1].data["changes"]]
    assert paths == ["counters.3.accessible"]
    opened.start()
    assert opened.hall.catalogue.accessible == [3] and verify(opened.store).clean


def test_given_an_open_counter_then_it_is_not_taken_away(opened):
    refused(opened, errors.CounterNotClosed, settings.remove_counter, 2)
    opened.press("pause", 2)
    refused(opened, errors.CounterNotClosed, settings.remove_counter, 2)
    opened.press("close", 2)
    change(opened, settings.remove_counter, 2)
    with pytest.raises(errors.UnknownCounter):
        opened.press("open", 2, BINH)
    opened.start()
    assert 2 not in opened.hall.catalogue.counters and verify(opened.store).clean


def test_given_the_only_counter_of_a_service_then_it_stays(centre):
    refusal = refused(centre, errors.SettingRefused, settings.remove_counter, 5)
    assert (refusal.code, refusal.params["field"]) == ("setting_no_counter", "services.TRA_KQ.counters")


# -- policy ----------------------------------------------------------------------------------------


def test_given_a_new_policy_then_tickets_already_issued_keep_their_head_start(opened):
    opened.take()
    opened.clock.on(minutes=10)
    early = opened.take(priority_class="priority")
    policy(opened, head_starts_s={"ordinary": 0, "priority": 0, "urgent": 0})
    opened.take(priority_class="priority")
    assert opened.press("call-next", 2)["ticket"]["number"] == early["number"]
    assert opened.ticket(early["ref"]).head_start.seconds == 1200
    assert verify(opened.store).clean


def test_given_a_policy_then_its_event_has_the_whole_and_the_difference(centre):
    policy(centre, cap=3)
    event = centre.events(ev.POLICY_CHANGED)[-1]
    assert event.data["cap"] == 3 and event.data["head_starts_s"]["priority"] == 1200
    assert event.data["changes"] == [{"path": "policy.cap", "old": 5, "new": 3}]
    assert centre.events(ev.SETTING_CHANGED)[-1].data["what"] == "founded"


def test_given_a_new_policy_when_somebody_was_called_or_is_served_then_nothing_of_them_changes(opened):
    opened.take()
    served, called = opened.take(priority_class="urgent")["ref"], opened.take(priority_class="priority")["ref"]
    opened.press("call-next", 2)
    opened.press("start", 2)
    opened.press("open", 3, BINH)
    opened.press("call-next", 3, BINH)
    before = [opened.ticket(ref) for ref in (served, called)]
    views = [at_counter_view(opened.hall, number) for number in (2, 3)]
    assert [view.head_start_s for view in views] == [3600, 1200]

    renamed(opened, urgent=HEAVY)
    policy(opened, head_starts_s={"ordinary": 0, "priority": 28800, "urgent": 28800}, question=False)

    assert [opened.ticket(ref) for ref in (served, called)] == before
    assert [at_counter_view(opened.hall, number) for number in (2, 3)] == views
    for ref in (served, called):
        with pytest.raises(errors.StepNotAllowed):
            opened.grant(ref, "ordinary")
    assert verify(opened.store).clean


def test_given_new_names_of_a_class_then_the_event_says_what_was_and_what_is(centre):
    made = renamed(centre, urgent=HEAVY)
    event = centre.events(ev.POLICY_CHANGED)[-1]
    assert event.seq == made.seq
    assert event.data["classes"]["urgent"] == msgspec.to_builtins(HEAVY)
    at = "policy.classes.urgent"
    assert event.data["changes"] == [
        {"path": f"{at}.names.vi", "old": "Ưu tiên đặc biệt", "new": "Khuyết tật nặng"},
        {"path": f"{at}.names.en", "old": "Special priority", "new": "Severe disability"},
        {"path": f"{at}.icon", "old": "star", "new": "disabled"},
    ]
    assert centre.hall.catalogue.class_name("urgent", "en") == "Severe disability"
    assert renamed(centre, urgent=HEAVY).seq is None


def test_given_a_name_that_says_why_then_no_screen_for_citizens_hears_it_and_those_of_staff_do(opened):
    renamed(opened, urgent=HEAVY)
    ref = opened.take(priority_class="urgent")["ref"]
    opened.grant(ref, "priority")
    opened.grant(ref, "urgent")
    opened.press("call-next", 2)
    nobody = lambda _: None  # noqa: E731
    public = [KioskChannel(opened.hall, None), DisplayChannel(opened.hall, None)]
    staff = [
        CounterChannel(opened.hall, None, nobody, nobody, lambda counter: 0),
        GreeterChannel(opened.hall, None, nobody),
        SupervisorChannel(opened.hall, None, nobody, list),
    ]
    for channels, named in ((public, False), (staff, True)):
        for channel in channels:
            room = channel.room(AN, {"counter": 2})
            heard = [channel.sees(room, event) for event in opened.events()]
            text = json.dumps([channel.snapshot(room), channel.counts(room), heard], ensure_ascii=False)
            assert ("Khuyết tật nặng" in text) is named, channel.namespace
    for view in (hall_view(opened.hall, None), ticket_view(opened.hall, opened.ticket(ref), "id", None)):
        assert "Khuyết tật nặng" not in repr(view)
    slip = slip_of(opened.hall, ref, False, "http://centre.local")
    assert slip.priority and "Khuyết tật nặng" not in repr(slip)


def test_given_a_store_of_a_time_without_names_of_classes_then_it_has_the_first_ones_and_they_can_be_changed(centre):
    before = whole(centre)[0]
    old = {name: value for name, value in before["policy"].items() if name != "classes"}
    centre.hall.run_as_system(
        lambda act: act.append(
            ev.SETTING_CHANGED, {"by": "user:9", "what": "recorded", "settings": before | {"policy": old}}
        )
    )
    centre.start()
    assert whole(centre)[0] == before
    made = renamed(centre, urgent=HEAVY)
    assert centre.start().hall.catalogue.class_name("urgent", "vi") == "Khuyết tật nặng"
    change(centre, settings.undo, made.seq)
    assert whole(centre)[0] == before
    assert verify(centre.store).clean


# -- undo ------------------------------------------------------------------------------------------


def undoable():
    yield "add", lambda centre: change(centre, settings.add_service, POLICE, [1])
    yield (
        "change",
        lambda centre: change(
            centre,
            settings.change_service,
            "DAT_DAI",
            replace(service(centre, "DAT_DAI"), prefix="Y", hints={}),
            [1, 3],
        ),
    )
    yield (
        "order",
        lambda centre: change(
            centre, settings.order_services, [each.code for each in service_views(centre.hall)][::-1]
        ),
    )
    yield "counter", lambda centre: change(centre, settings.add_counter, Counter(7, "Bảy", ("TRA_KQ",)))
    yield "no counter", lambda centre: change(centre, settings.remove_counter, 2)
    yield "policy", lambda centre: policy(centre, cap=1, question=False)
    yield "classes", lambda centre: renamed(centre, urgent=HEAVY)
    yield "hall", lambda centre: change(centre, settings.change_hall, {"name": "Một cửa", "theme": "light"})
    yield "import", lambda centre: change(centre, settings.import_template, commune())


@pytest.mark.parametrize("do", [do for _, do in undoable()], ids=[name for name, _ in undoable()])
def test_given_a_change_when_undone_then_all_is_as_before_and_undoing_again_brings_it_back(centre, do):
    before, _ = whole(centre)
    made = do(centre)
    after, _ = whole(centre)
    back = change(centre, settings.undo, made.seq)
    assert whole(centre) == (before, back.seq)
    assert centre.events()[-1].data["undoes"] == made.seq
    change(centre, settings.undo, back.seq)
    assert whole(centre)[0] == after
    centre.start()
    assert whole(centre)[0] == after
    assert verify(centre.store).clean


def test_given_a_later_change_then_only_that_is_undone(centre):
    first = policy(centre, cap=3)
    second = policy(centre, cap=4)
    refused(centre, errors.NotLastChange, settings.undo, first.seq)
    refused(centre, errors.NotLastChange, settings.undo, 999)
    change(centre, settings.undo, second.seq)
    assert centre.hall.catalogue.policy.cap == 3


def test_given_nothing_was_changed_then_nothing_is_undone(centre):
    refused(centre, errors.NotLastChange, settings.undo, 1)


def test_given_people_took_its_numbers_then_a_new_service_stays(centre):
    made = change(centre, settings.add_service, POLICE, [1])
    centre.take("CONG_AN")
    refused(centre, errors.ServiceUsed, settings.undo, made.seq)


# -- the whole configuration -----------------------------------------------------------------------


def commune():
    """The configuration of another commune: other services, other letters, other counters."""
    centre = TestCentre()
    change(centre, settings.change_hall, {"name": "Bộ phận Một cửa", "office": "UBND xã Bắc Mê", "hotline": "0219 384"})
    change(centre, settings.add_service, POLICE, [2])
    swapped = {"HO_TICH": "B", "CHUNG_THUC": "H"}
    template = centre.hall.catalogue.template
    services = [replace(each, prefix=swapped.get(each.code, each.prefix)) for each in template.services]
    return replace(
        template,
        services=tuple(each for each in services if each.code != "KT_HT"),
        counters=tuple(
            Counter(n, f"Bàn {n}", tuple(each.code for each in services if each.code != "KT_HT")) for n in (1, 2, 9)
        ),
        policy=replace(template.policy, cap=2, question=False, classes=template.policy.classes | {"urgent": HEAVY}),
    )


def test_given_an_export_when_imported_into_an_empty_hall_then_they_are_equal(centre):
    change(centre, settings.import_template, commune())
    text = msgspec.json.encode(centre.hall.catalogue.template)
    other = TestCentre()
    made = change(other, settings.import_template, msgspec.json.decode(text, type=Template))
    assert whole(other)[0] == json.loads(text) == whole(centre)[0]
    assert [event.kind for event in other.events()[-2:]] == [ev.POLICY_CHANGED, ev.SETTING_CHANGED]
    assert len(other.events()[-1].data["changes"]) == len(made.changes)
    other.start()
    assert msgspec.json.encode(other.hall.catalogue.template) == text


def test_given_a_plan_then_it_says_what_the_import_would_do_and_does_nothing(centre):
    before, state = whole(centre), centre.state()
    planned = settings.planned(centre.hall, commune())
    assert (whole(centre), centre.state()) == (before, state)
    assert planned == change(centre, settings.import_template, commune()).changes
    assert settings.planned(centre.hall, commune()) == []


def test_given_people_took_numbers_then_an_import_retires_what_it_leaves_out(centre):
    centre.take("KT_HT")
    refusal = refused(centre, errors.SettingRefused, settings.import_template, commune())
    assert refusal.code == "setting_people_wait"
    kept = replace(commune(), counters=(*commune().counters, Counter(4, "Bốn", ("TRA_KQ", "KT_HT"))))
    change(centre, settings.import_template, kept)
    assert centre.hall.catalogue.services["KT_HT"].active is False


def test_given_a_sound_hall_then_checking_changes_nothing(centre):
    template = centre.hall.catalogue.template
    assert checked(template) == template
    assert changes(template, template) == []


# -- what the lists promise ------------------------------------------------------------------------


def test_given_the_letters_then_a_voice_can_name_each():
    assert set(LETTERS) == set(numbers.LETTERS)
    assert set(SAFE_LETTERS) < set(LETTERS)


def test_given_the_icons_then_kiosk_and_phone_have_each():
    for sprite in ("icons.svg", "icons-phone.svg"):
        drawn = (ROOT / "static" / "vendor" / sprite).read_text("utf-8")
        assert [name for name in ICONS if f'id="{name}"' not in drawn] == []


def test_given_the_icons_of_classes_then_the_screens_of_staff_have_each():
    drawn = (ROOT / "static" / "vendor" / "icons.svg").read_text("utf-8")
    assert [name for name in CLASS_ICONS if f'id="{name}"' not in drawn] == []


def test_given_every_reason_then_it_has_a_sentence_in_both_languages():
    for language in ("vi", "en"):
        said = json.loads((ROOT / "static" / "text" / f"{language}.json").read_text("utf-8"))["error"]
        assert errors.SETTING_CODES - said.keys() == set()
