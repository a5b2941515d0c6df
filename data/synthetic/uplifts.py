"""What each peak truly does: its uplift by queue and relative day, its shape over the day.

On a day that a peak touches, the ordinary level is multiplied by 1 + uplift × size / size_reference, or by
1 + uplift where the peak has no size. Several peaks on one day multiply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import PeakKind
from data.synthetic import shapes
from data.synthetic.shapes import Shape

PEOPLE_REFERENCE = 160
"""Sizes (accounts, holders, customers) are given for a centre of so many people and grow with it."""

Uplifts = Mapping[str, Mapping[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakTruth:
    """The truth of one peak.

    Parameters
    ----------
    id, kind
        As in the `Peak` a planner would have entered.
    uplifts
        By queue and relative day.
    size_reference
        Size at which the uplift is the one given, in a centre of 160 people; None for peaks without size.
    shape
        Shape of what it adds over the day it falls on; the days around it keep the ordinary shape.
    foreseen
        Share of the uplift the planners of the past had staffed for.
    """

    id: str
    kind: PeakKind
    uplifts: Uplifts
    size_reference: float | None = None
    shape: Shape = shapes.FLAT
    foreseen: float = 1.0

    @property
    def window(self) -> tuple[int, int]:
        """First and last relative day with an uplift."""
        days = [day for by_day in self.uplifts.values() for day in by_day]
        return min(0, *days), max(0, *days)


_BILLING: Uplifts = {
    "card_hotline": {0: 0.30, 1: 0.17, 2: 0.06},
    "vip": {0: 0.10, 1: 0.05},
}
_REPAYMENT: Uplifts = {
    "card_hotline": {-1: 0.08, 0: 0.20, 1: 0.10},
    "vip": {0: 0.06, 1: 0.03},
}
COHORTS: Mapping[int, float] = {5: 420_000.0, 12: 360_000.0, 20: 300_000.0}
"""Accounts per statement day at the end of the history."""

_ALL = (
    *(
        PeakTruth(
            id=f"billing_{day:02d}",
            kind=PeakKind.BILLING,
            uplifts=_BILLING,
            size_reference=400_000.0,
            shape=shapes.STATEMENT,
            foreseen=0.6,
        )
        for day in COHORTS
    ),
    *(
        PeakTruth(
            id=f"repayment_{day:02d}",
            kind=PeakKind.REPAYMENT,
            uplifts=_REPAYMENT,
            size_reference=400_000.0,
            shape=shapes.DEADLINE,
            foreseen=0.5,
        )
        for day in COHORTS
    ),
    PeakTruth(
        id="fund_dividend",
        kind=PeakKind.DIVIDEND,
        uplifts={
            "wealth_funds": {-1: 0.06, 0: 0.35, 1: 0.16, 2: 0.06},
            "securities_hotline": {0: 0.08},
            "vip": {0: 0.10, 1: 0.04},
        },
        size_reference=100_000.0,
        shape=shapes.PAYOUT,
        foreseen=0.4,
    ),
    PeakTruth(
        id="trading_session",
        kind=PeakKind.SESSION,
        uplifts={"securities_hotline": {0: 0.40}, "wealth_funds": {0: 0.06}, "vip": {0: 0.05}},
        shape=shapes.MARKET,
        foreseen=0.9,
    ),
    PeakTruth(
        id="public_holiday",
        kind=PeakKind.HOLIDAY,
        uplifts={
            "card_hotline": {-1: 0.05, 0: -0.30, 1: 0.14, 2: 0.06},
            "securities_hotline": {-1: 0.04, 0: -0.60, 1: 0.18, 2: 0.07},
            "wealth_funds": {-1: 0.05, 0: -0.45, 1: 0.18, 2: 0.06},
            "vip": {-1: 0.03, 0: -0.25, 1: 0.08, 2: 0.03},
        },
    ),
    PeakTruth(
        id="spring_festival",
        kind=PeakKind.HOLIDAY,
        uplifts={
            "card_hotline": {0: -0.25},
            "securities_hotline": {0: -0.30},
            "wealth_funds": {0: -0.35},
            "vip": {0: -0.15},
        },
    ),
    PeakTruth(
        id="makeup_day",
        kind=PeakKind.MAKEUP,
        uplifts={"card_hotline": {0: 0.16}, "wealth_funds": {0: 0.40}, "vip": {0: 0.14}},
        foreseen=0.7,
    ),
    PeakTruth(
        id="payday",
        kind=PeakKind.PAYDAY,
        uplifts={"card_hotline": {0: 0.06, 1: 0.02}, "wealth_funds": {0: 0.07, 1: 0.03}},
        shape=shapes.PAYOUT,
        foreseen=0.5,
    ),
    PeakTruth(
        id="month_end",
        kind=PeakKind.EVENT,
        uplifts={
            "card_hotline": {0: 0.05, 1: 0.03},
            "wealth_funds": {-1: 0.05, 0: 0.09, 1: 0.05},
            "vip": {0: 0.04},
        },
        foreseen=0.5,
    ),
    PeakTruth(
        id="card_campaign",
        kind=PeakKind.CAMPAIGN,
        uplifts={"card_hotline": {0: 0.16, 1: 0.08, 2: 0.04}, "vip": {0: 0.04}},
        size_reference=1_000_000.0,
        shape=shapes.PROMOTION,
        foreseen=0.8,
    ),
    PeakTruth(
        id="card_outage",
        kind=PeakKind.OUTAGE,
        uplifts={"card_hotline": {0: 0.45, 1: 0.12}, "vip": {0: 0.35, 1: 0.08}},
        shape=shapes.REPEATS,
        foreseen=0.0,
    ),
)

TRUTHS: Mapping[str, PeakTruth] = {truth.id: truth for truth in _ALL}
"""Truth by peak."""


def size_reference(truth: PeakTruth, people: int) -> float:
    """Size at which the stated uplift holds in a centre of `people`; NaN for peaks without size."""
    if truth.size_reference is None:
        return float("nan")
    return truth.size_reference * people / PEOPLE_REFERENCE


def truth_frame(people: int) -> pd.DataFrame:
    """Every uplift of the synthetic centre.

    Parameters
    ----------
    people
        Headcount, which the size references grow with.

    Returns
    -------
    DataFrame
        Columns queue, peak, kind, day (relative), uplift (fraction: 0.30 lifts by 30 %, at size_reference),
        size_reference (NaN for peaks without size).
    """
    rows = [
        (queue, truth.id, str(truth.kind), day, uplift, size_reference(truth, people))
        for truth in _ALL
        for queue, by_day in truth.uplifts.items()
        for day, uplift in by_day.items()
    ]
    frame = pd.DataFrame(rows, columns=["queue", "peak", "kind", "day", "uplift", "size_reference"])
    return frame.sort_values(["queue", "peak", "day"], ignore_index=True).astype({"day": np.int64})
