"""A day and a night in which every kind of event happens."""

from datetime import datetime, time

import msgspec

from access.changes import measure_device
from access.devices import Devices, pair_device
from hall import appointments, counters, drill, entrance, help, notices, printing, restore
from hall.publishing import publish_month
from hall.settings.change import change_hall, change_policy
from store.access import SqliteAccessStore
from tests.hall.centre import BINH, ZONE

SHIFT = {"opens": "07:30", "closes": "16:30", "issues_from": "07:00", "issues_to": "16:00"}
RULE = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "shifts": [SHIFT]}
YEAR = {"name": "Cả năm", "first": "01-01", "last": "12-31", "rules": [RULE]}
SLOTS = {"hours": {"seasons": [YEAR]}, "appointments": {"TRA_KQ": {"minutes": 30, "share": 60}}}


def live_through_every_kind(centre):
    """Let every kind of event happen in a test centre, and return it."""

    def by_chief(use_case):
        return centre.hall.run_as_system(use_case, "user:9")

    by_chief(lambda act: change_hall(act, SLOTS))
    by_chief(lambda act: change_policy(act, msgspec.structs.replace(act.catalogue.template.policy, cap=7)))

    def book(clock):
        due_at = datetime.combine(centre.hall.floor.day, time.fromisoformat(clock), ZONE)
        return centre.hall.run_as_system(lambda act: appointments.book(act, "TRA_KQ", due_at), BINH)

    kept, given_back, _missed = book("08:00"), book("08:30"), book("09:00")
    by_chief(lambda act: appointments.cancel(act, given_back.id))
    centre.clock.on(minutes=25)
    by_chief(lambda act: appointments.check_in(act, kept.code, "vi"))

    centre.press("open", 2)
    centre.press("open", 3, BINH)
    refs = [centre.take()["ref"] for _ in range(6)] + [centre.take("HO_TICH")["ref"]]
    centre.grant(refs[2], "priority")
    centre.press("call-next", 2)
    centre.press("call-again", 2)
    centre.press("start", 2)
    centre.press("dossiers", 2)
    centre.press("hold", 2, minutes=20)
    centre.press("return", 2, ref=refs[2])
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.press("call-next", 2, finish=True, outcome="filed")
    centre.change(refs[2], "rate", rating="satisfied")
    centre.press("no-show", 2)
    centre.press("call", 2, ref=refs[1], reason="unwell")
    centre.press("undo", 2)
    centre.press("call-next", 2)
    centre.press("start", 2)
    centre.press("transfer", 2, service="HO_TICH", first=True)
    centre.cancel(refs[5])
    centre.change(refs[5], "reinstate")
    centre.change(refs[5], "people", by="user:7", people=3)
    centre.change(refs[5], "visual-call", wanted=True)
    centre.change(refs[5], "service", by="user:7", service="DAT_DAI")
    centre.change(refs[5], "defer", minutes=15)
    centre.end([refs[5]])
    centre.press("pause", 2, reason="lunch")
    centre.press("resume", 2)
    centre.press("hand-over", 2)
    centre.press("open", 2)
    centre.press("call-next", 3, BINH)
    centre.press("start", 3, BINH)

    copied = centre.hall.run_as_system(lambda act: printing.ask_copy(act, refs[4]), "device:1")
    job = centre.store.last_print(copied.ref)
    for state, cause in ((printing.PRINTED, None), (printing.FAILED, "paper_end")):
        by_chief(lambda act, state=state, cause=cause: printing.note_print(act, job, state, "1", cause))
    call = centre.hall.run_as_system(help.ask_help, "device:1")
    by_chief(lambda act: help.give_help(act, call.seq))

    devices = Devices(SqliteAccessStore(centre.store.db), centre.clock.wall)
    pair_device(SqliteAccessStore(centre.store.db), "kiosk", "Máy ở cửa", centre.clock.wall())
    by_chief(lambda act: measure_device(act, devices, 1, 546, 800))

    by_chief(lambda act: entrance.count_entrance(act, 6))
    notice = by_chief(lambda act: notices.post_notice(act, notices.NoticeWish({"vi": "Mất điện"}, minutes=20)))
    by_chief(lambda act: notices.remove_notice(act, notice.seq))
    by_chief(lambda act: notices.post_notice(act, notices.NoticeWish({}, "system_down")))
    wish = by_chief(lambda act: counters.ask_counter(act, 4, "open"))
    by_chief(lambda act: counters.answer_wish(act, 4, wish.seq, "cannot"))
    by_chief(lambda act: drill.note_drill(act, [drill.fault("disk", "low", mb=50), drill.good("clock")]))
    by_chief(lambda act: publish_month(act, "2025-12", {"2025-12.json": b"{}\n"}))

    centre.clock.jump(hours=5)
    centre.hall.refresh()
    centre.follow_clock()
    centre.clock.on(days=1)
    centre.hall.refresh()  # midnight, while somebody is served
    restore.start_new_log_id(centre.store, centre.clock.wall())
    return centre
