"""A new centre: an identity, a log, and the default catalogue, so that it can issue at once."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from hall.catalogue import ABOUT, POLICY, About, Catalogue, Voice, about_value, policy_value
from hall.ports import HallStore
from queueing import events as ev
from queueing.catalogue import Counter, Policy, Service
from queueing.events import Event
from queueing.opening import Hours

DEFAULT_TARGET = timedelta(minutes=15)  # Quyết định 468/QĐ-TTg: at most 15 minutes a visit from 2025


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
        service_time=timedelta(minutes=minutes),
        target=DEFAULT_TARGET,
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
    Counter(1, "Quầy 1", frozenset({"HUONG_DAN", "DVC_TT"})),
    Counter(2, "Quầy 2", frozenset({"CHUNG_THUC", "HO_TICH"})),
    Counter(3, "Quầy 3", frozenset({"CHUNG_THUC", "DAT_DAI"})),
    Counter(4, "Quầy 4", frozenset({"HO_TICH", "CHINH_SACH", "KT_HT"})),
    Counter(5, "Quầy 5", frozenset({"TRA_KQ"})),
)

ABOUT_CENTRE = About(
    name="Trung tâm Phục vụ hành chính công",
    office="UBND xã Đồng Văn",
    hotline="1022",
    timezone="Asia/Ho_Chi_Minh",
    languages=("vi", "en"),
    advice_service="HUONG_DAN",
    target=DEFAULT_TARGET,
    theme="dark",
    last_seat_m=8.0,
    blink=True,
    voice=Voice(),
)


def found_hall(store: HallStore, at: datetime, like: HallStore | None = None) -> bool:
    """Make a centre in an empty store, the default one or a copy of another; False when there is one already.

    A copy offers the same and has a log of its own; it gives numbers at any hour and prints nothing,
    for it is to be tried. Killed half-way it has made nothing: identity, settings and the first two
    events are one transaction.
    """
    offered = _default() if like is None else _tried(Catalogue.load(like))
    with store.transaction():
        if store.identity() is not None:
            return False
        log_id = secrets.token_hex(16)
        store.found(secrets.token_hex(16), log_id)
        policy = policy_value(offered.policy)
        store.save_setting(ABOUT, about_value(offered.about))
        store.save_setting(POLICY, policy)
        for service in offered.services.values():
            store.save_service(service)
        for counter in offered.counters.values():
            store.save_counter(counter)
        founded = {
            "by": "system",
            "what": "founded",
            "schema": ev.SCHEMA_VERSION,
            "services": [{"code": s.code, "prefix": s.prefix} for s in offered.services.values()],
            "counters": [{"counter": c.number, "services": sorted(c.services)} for c in offered.counters.values()],
        }
        digest = log_id
        for seq, (kind, data) in enumerate(
            ((ev.SETTING_CHANGED, founded), (ev.POLICY_CHANGED, {"by": "system", **policy})), start=1
        ):
            text = ev.instant(at)
            digest = ev.chained(digest, seq, text, kind, None, None, None, ev.canonical(data))
            store.add_event(Event(seq, ev.from_instant(text), kind, None, None, None, data, digest))
        return True


def _default() -> Catalogue:
    return Catalogue(
        ABOUT_CENTRE,
        Policy(),
        {service.code: service for service in SERVICES},
        {counter.number: counter for counter in COUNTERS},
    )


def _tried(offered: Catalogue) -> Catalogue:
    return replace(offered, about=replace(offered.about, hours=Hours(), printers=()))
