"""The four queues of the synthetic centre and how each of them behaves on an ordinary day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.domain import OpeningSpan, Queue, Target

TIMEZONE = "Asia/Shanghai"
INTERVAL_MIN = 15
SHRINKAGE = 0.20
WORKDAYS = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Bump:
    """A bell over the day: minute of its top, its width (standard deviation) and its height."""

    at_min: float
    width_min: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Known truth of one queue, apart from its peaks.

    Parameters
    ----------
    queue
        The queue as a planner would have entered it; its `patience_s` is the true mean.
    load_share
        Share of the centre's load.
    aht_s
        Mean handle time at the quietest hour.
    aht_bumps
        Relative lifts of the handle time over the day.
    growth_per_year
        Relative growth of the level.
    season
        Relative amplitude of the yearly wave and the month (1–12, with fraction) of its top.
    weekdays
        Level of Monday to Sunday; only the ratios count.
    floor, workday, weekend
        The ordinary day's shape: a floor and bumps, on Monday to Friday and on Saturday and Sunday.
    day_spread, interval_spread
        Standard deviation of the log of the random effect shared by a whole day, and of the one that drifts
        within the day; together they make arrivals vary more than Poisson.
    """

    queue: Queue
    load_share: float
    aht_s: float
    aht_bumps: tuple[Bump, ...]
    growth_per_year: float
    season: tuple[float, float]
    weekdays: tuple[float, ...]
    floor: float
    workday: tuple[Bump, ...]
    weekend: tuple[Bump, ...]
    day_spread: float
    interval_spread: float


def _queue(name: str, skill: str, hours: OpeningSpan, *, patience_s: float, priority: int = 0) -> Queue:
    return Queue(
        id=name,
        skill=skill,
        target=Target(answer_rate=0.95, interval_floor=0.80),
        hours=(hours,),
        timezone=TIMEZONE,
        interval_min=INTERVAL_MIN,
        patience_s=patience_s,
        priority=priority,
        shrinkage=SHRINKAGE,
    )


_DAILY = OpeningSpan(open_min=7 * 60, close_min=23 * 60)
_MARKET = OpeningSpan(weekdays=WORKDAYS, open_min=8 * 60, close_min=18 * 60)
_BRANCH = OpeningSpan(open_min=8 * 60 + 30, close_min=20 * 60)

_ALL = (
    Traits(
        queue=_queue("card_hotline", "card", _DAILY, patience_s=100.0),
        load_share=0.44,
        aht_s=200.0,
        aht_bumps=(Bump(20 * 60, 120, 0.10), Bump(10 * 60, 60, -0.04)),
        growth_per_year=0.06,
        season=(0.05, 12.3),
        weekdays=(1.08, 1.03, 1.00, 0.99, 1.00, 0.84, 0.78),
        floor=0.16,
        workday=(Bump(10 * 60 + 15, 75, 1.0), Bump(15 * 60, 110, 0.80), Bump(20 * 60, 75, 0.55)),
        weekend=(Bump(10 * 60 + 45, 90, 0.9), Bump(15 * 60 + 30, 140, 0.75), Bump(20 * 60, 80, 0.60)),
        day_spread=0.045,
        interval_spread=0.05,
    ),
    Traits(
        queue=_queue("securities_hotline", "securities", _MARKET, patience_s=75.0),
        load_share=0.17,
        aht_s=180.0,
        aht_bumps=(Bump(9 * 60 + 45, 40, -0.08), Bump(16 * 60 + 30, 60, 0.12)),
        growth_per_year=0.10,
        season=(0.06, 3.5),
        weekdays=(1.10, 1.02, 0.98, 0.97, 0.95, 0.0, 0.0),
        floor=0.30,
        workday=(Bump(10 * 60 + 30, 70, 0.7), Bump(14 * 60 + 15, 60, 0.7), Bump(16 * 60, 60, 0.3)),
        weekend=(),
        day_spread=0.08,
        interval_spread=0.07,
    ),
    Traits(
        queue=_queue("wealth_funds", "wealth", _BRANCH, patience_s=130.0),
        load_share=0.22,
        aht_s=290.0,
        aht_bumps=(Bump(19 * 60, 90, 0.09),),
        growth_per_year=0.12,
        season=(0.07, 1.2),
        weekdays=(1.12, 1.06, 1.02, 1.00, 1.02, 0.62, 0.50),
        floor=0.22,
        workday=(Bump(10 * 60, 65, 1.0), Bump(14 * 60 + 45, 90, 0.85), Bump(19 * 60, 50, 0.30)),
        weekend=(Bump(10 * 60 + 30, 90, 1.0), Bump(15 * 60, 120, 0.80)),
        day_spread=0.07,
        interval_spread=0.06,
    ),
    Traits(
        queue=_queue("vip", "vip", _DAILY, patience_s=150.0, priority=1),
        load_share=0.17,
        aht_s=310.0,
        aht_bumps=(Bump(20 * 60 + 30, 120, 0.08),),
        growth_per_year=0.08,
        season=(0.04, 12.8),
        weekdays=(1.06, 1.02, 1.00, 1.00, 1.01, 0.82, 0.74),
        floor=0.22,
        workday=(Bump(10 * 60 + 15, 80, 1.0), Bump(15 * 60 + 15, 110, 0.90), Bump(20 * 60, 90, 0.60)),
        weekend=(Bump(11 * 60, 100, 0.9), Bump(15 * 60 + 30, 140, 0.80), Bump(20 * 60, 90, 0.60)),
        day_spread=0.055,
        interval_spread=0.05,
    ),
)

TRAITS: Mapping[str, Traits] = {traits.queue.id: traits for traits in _ALL}
"""Traits by queue, in the order the centre lists its queues."""
