"""Bounds that are kept: each is moved a little up when it was missed, and down when it held.

For every quantile and size of forecast one number, theta, is followed online (Gibbs & Candès, NeurIPS 2021): the
bound that is shown is q + theta (q + 3 min). After each call theta moves by a step times how far hit or miss is from
the share that is promised, so that over the weeks eight in ten are called within a P80 whatever the simulation does
not know: breaks, slow days, a hall that was set up wrong. The median is left alone; moving it makes it worse.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

MARGIN_S = 180.0
SIZES_S = (60.0, 180.0, 480.0, 1200.0, 2700.0)  # between these lie the sizes of a forecast
# Of each size. Many wait at once with a long forecast, and all of them miss on the same bad day: with full steps the
# bound would be carried far away before the first call of a ticket with the new one shows it.
STEPS = (0.04, 0.04, 0.04, 0.03, 0.02, 0.013)
SHARES = {"p10": 0.1, "p80": 0.8, "p90": 0.9}


@dataclass(slots=True)
class Calibration:
    """Theta of every bound, by size of the forecast; plain data that is kept across days."""

    thetas: dict[str, list[float]] = field(
        default_factory=lambda: {name: [0.0] * (len(SIZES_S) + 1) for name in SHARES}
    )

    def bound(self, name: str, raw_s: float) -> float:
        """Return the bound to show for a simulated quantile ("p10", "p80", "p90"), in seconds."""
        theta = self.thetas[name][bisect_right(SIZES_S, raw_s)]
        return max(0.0, raw_s + theta * (raw_s + MARGIN_S))

    def learn(self, name: str, raw_s: float, bound_s: float, wait_s: float) -> None:
        """Take in what came true of a bound that was given: the wait from then to the call, in seconds.

        It is the bound of that moment that counts, whatever theta has become meanwhile: so hits and misses add up to
        the share that is promised.
        """
        share, size = SHARES[name], bisect_right(SIZES_S, raw_s)
        self.thetas[name][size] += STEPS[size] * (share if wait_s > bound_s else share - 1)
