"""Whether this hall gives numbers now, by the rules of `queueing.opening`."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hall.catalogue import Catalogue
from hall.forecasts import forecast_new
from queueing import opening
from queueing.errors import NotIssuing, NotIssuingYet, QuotaReached
from queueing.floor import Floor
from queueing.opening import Closed, Issuing

_QUOTAS = (Closed.QUOTA_DAY, Closed.QUOTA_SHIFT)


def local(catalogue: Catalogue, at: datetime) -> datetime:
    """An instant as the hall's clocks show it."""
    return at.astimezone(ZoneInfo(catalogue.about.timezone))


def issuing(catalogue: Catalogue, floor: Floor, service: str, at: datetime) -> Issuing:
    """Whether a number of the service can be given at this instant."""
    return opening.issuing(catalogue.about.hours, service, local(catalogue, at), floor.issues.get(service, ()))


def check_issuing(catalogue: Catalogue, floor: Floor, service: str, at: datetime) -> None:
    """
    Raises:
        NotIssuing, NotIssuingYet, QuotaReached: no number of the service is given now.
    """
    state = issuing(catalogue, floor, service, at)
    if state.open:
        return
    if state.opens_at is None:
        raise NotIssuing()
    same_day = state.opens_at.date() == local(catalogue, at).date()
    opens = f"{state.opens_at:%H:%M}" if same_day else f"{state.opens_at:%H:%M, %d/%m/%Y}"
    raise (QuotaReached if state.closed in _QUOTAS else NotIssuingYet)(opens=opens)


def unlikely(catalogue: Catalogue, floor: Floor, service: str, at: datetime) -> bool:
    """Whether one who took a number now would probably not be called before the service closes today.

    "Probably" is the middle of the forecast, which one in two stay under. Without a forecast
    nothing is said.
    """
    left = opening.work_left(catalogue.about.hours, service, local(catalogue, at))
    made = None if left is None else forecast_new(catalogue, floor, service)
    return made is not None and left is not None and made.p50_s > left.total_seconds()
