"""Whether this hall issues numbers now, by the rules of `queueing.opening`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hall.catalogue.model import Catalogue
from hall.forecaster import Newcomer
from queueing import opening
from queueing.errors import NotIssuing, NotIssuingYet, QuotaReached
from queueing.floor import Floor
from queueing.opening import Closed, Issuing

_QUOTAS = (Closed.QUOTA_DAY, Closed.QUOTA_SHIFT)


def local(catalogue: Catalogue, at: datetime) -> datetime:
    """Return an instant in the hall's time zone."""
    return at.astimezone(ZoneInfo(catalogue.hall.timezone))


def issuing(catalogue: Catalogue, floor: Floor, service: str, at: datetime) -> Issuing:
    """Return whether a number of the service can be issued at this instant, and if not, why and until when."""
    return opening.issuing(catalogue.hours, service, local(catalogue, at), floor.issues.get(service, ()))


def check_issuing(catalogue: Catalogue, floor: Floor, service: str, at: datetime) -> None:
    """Check that a number of the service can be issued at this instant.

    Raises:
        NotIssuing, NotIssuingYet, QuotaReached: it cannot.
    """
    state = issuing(catalogue, floor, service, at)
    if state.open:
        return
    if state.opens_at is None:
        raise NotIssuing()
    same_day = state.opens_at.date() == local(catalogue, at).date()
    opens = f"{state.opens_at:%H:%M}" if same_day else f"{state.opens_at:%H:%M, %d/%m/%Y}"
    raise (QuotaReached if state.closed in _QUOTAS else NotIssuingYet)(opens=opens)


@dataclass(frozen=True, slots=True)
class ClosingWarning:
    """When the service closes today, and when it issues numbers on a later day; local."""

    closes_at: datetime
    next_at: datetime | None


def closing_warning(
    catalogue: Catalogue, service: str, at: datetime, forecast: Newcomer | None, too_late: bool
) -> ClosingWarning | None:
    """Return a warning if one who took a number now would probably not be called before the service closes today.

    "Probably" is the middle of the forecast for a newcomer, which one in two stay under; `too_late`: most are not
    called any more today. Where nothing is forecast there is no warning.
    """
    hours, here = catalogue.hours, local(catalogue, at)
    left = opening.work_left(hours, service, here)
    if not left:
        return None
    late = forecast is not None and forecast.shown.p50_s > left.total_seconds()
    if not (late or too_late):
        return None
    shifts = hours.shifts(here.date(), service) or ()
    midnight = datetime.combine(here.date() + timedelta(days=1), time(), here.tzinfo)
    closes_at = datetime.combine(here.date(), max(shift.closes for shift in shifts), here.tzinfo)
    return ClosingWarning(closes_at, opening.next_opening(hours, service, midnight))
