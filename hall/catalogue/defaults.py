"""Makes a new centre: identity, log and default settings, so that it can issue tickets at once."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import cast

from msgspec.structs import replace

from hall.catalogue.calendar import Calendar
from hall.catalogue.model import Counter, HallSettings, Policy, Service, Template, plain
from hall.hall import save_fact
from hall.ports import HallStore
from queueing import events as ev
from queueing.catalogue import ORDINARY, PRIORITY, URGENT
from queueing.configuration import FOUNDED
from queueing.floor import Floor

TARGET_S = 15 * 60  # Quyết định 468/QĐ-TTg: at most 15 minutes a visit from 2025


def _service(
    position: int,
    code: str,
    prefix: str,
    icon: str,
    family: int,
    minutes: int,
    vi: tuple[str, str],
    en: tuple[str, str],
) -> Service:
    return Service(
        code=code,
        prefix=prefix,
        names={"vi": vi[0], "en": en[0]},
        hints={"vi": vi[1], "en": en[1]},
        icon=icon,
        family=family,
        position=position,
        service_time_s=minutes * 60,
        target_s=TARGET_S,
    )


# The letters are chosen for the ear (B, C, D, Đ, E, G, P, T, V sound alike over a loudspeaker) and
# for the eye (no O, no I). Service minutes are assumptions until the hall has its own.
SERVICES = (
    _service(1, "CHUNG_THUC", "B", "rubber-stamp", 0, 6,
             ("Chứng thực", "Bản sao, chữ ký, hợp đồng"), ("Certification", "Copies, signatures, contracts")),
    _service(2, "HO_TICH", "H", "friends", 3, 14,
             ("Hộ tịch", "Khai sinh, kết hôn, khai tử"), ("Civil status", "Birth, marriage, death")),
    _service(3, "DAT_DAI", "L", "seedling", 4, 30,
             ("Đất đai, Nông nghiệp", "Sổ đỏ, biến động đất"), ("Land, agriculture", "Land certificates, changes")),
    _service(4, "CHINH_SACH", "M", "heart-handshake", 7, 12,
             ("Chính sách xã hội", "Người có công, y tế, giáo dục"), ("Social policy", "Merit, health, education")),
    _service(5, "DVC_TT", "U", "device-laptop", 2, 12,
             ("Nộp hồ sơ trực tuyến", "Có người giúp, VNeID"), ("Online filing", "With help, VNeID")),
    _service(6, "TRA_KQ", "X", "file-check", 5, 4,
             ("Nhận kết quả", "Đã có giấy hẹn"), ("Collect a result", "With an appointment slip")),
    _service(7, "HUONG_DAN", "A", "message-question", 1, 4,
             ("Hướng dẫn, hỏi thông tin", "Quầy hướng dẫn sẽ giúp"), ("Guidance, information", "The help desk")),
    _service(8, "KT_HT", "Q", "building-store", 6, 15,
             ("Kinh doanh, Xây dựng", "Hộ kinh doanh, giấy phép nhà ở"), ("Business, building", "Licences, permits")),
)  # fmt: skip

COUNTERS = (
    Counter(1, "Quầy 1", ("DVC_TT", "HUONG_DAN")),
    Counter(2, "Quầy 2", ("CHUNG_THUC", "HO_TICH")),
    Counter(3, "Quầy 3", ("CHUNG_THUC", "DAT_DAI")),
    Counter(4, "Quầy 4", ("CHINH_SACH", "HO_TICH", "KT_HT")),
    Counter(5, "Quầy 5", ("TRA_KQ",)),
)

DEFAULT = Template(
    hall=HallSettings(
        name="Trung tâm Phục vụ hành chính công",
        office="UBND xã Đồng Văn",
        hotline="1022",
        timezone="Asia/Ho_Chi_Minh",
        languages=("vi", "en"),
        advice_service="HUONG_DAN",
        target_s=TARGET_S,
        theme="dark",
        last_seat_m=8.0,
        blink=True,
    ),
    policy=Policy(head_starts_s={ORDINARY: 0, PRIORITY: 20 * 60, URGENT: 60 * 60}, cap=5, question=True),
    services=SERVICES,
    counters=COUNTERS,
)


def found_hall(store: HallStore, at: datetime, template: Template = DEFAULT) -> bool:
    """Make a centre in an empty store, with these settings; return False when there is one already.

    Identity, settings and the first two events are one transaction, so a process killed half-way leaves nothing.
    """
    with store.transaction():
        if store.identity() is not None:
            return False
        log_id = secrets.token_hex(16)
        store.add_hall(secrets.token_hex(16), log_id)
        policy = plain(template.policy)
        founded = ev.SettingChanged(
            what=FOUNDED,
            by="system",
            schema=ev.SCHEMA_VERSION,
            services=[{"code": service.code, "prefix": service.prefix} for service in template.services],
            counters=[
                {"counter": counter.number, "services": sorted(counter.services)} for counter in template.counters
            ],
            settings=plain(template),
        )
        order = cast(ev.PolicyChanged, {**policy, "by": "system"})
        floor = Floor()
        first = ev.next_event(log_id, 1, at, ev.SETTING_CHANGED, founded)
        save_fact(store, floor, first)
        second = ev.next_event(first.hash, 2, at, ev.POLICY_CHANGED, order)
        save_fact(store, floor, second)
        return True


def to_be_tried(template: Template) -> Template:
    """Return the settings of a copy to practise with: it gives numbers at any hour and prints nothing."""
    return replace(template, hall=replace(template.hall, hours=Calendar(), printers=()))
