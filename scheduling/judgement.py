"""Intervals of one queue counted by day and by the span of its target; spans are found once, whoever is at work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Period, Queue
from data.intervals import clock
from scheduling.arguments import Floats, Integers
from scheduling.centre import unix_s
from scheduling.pieces import Pieces
from scheduling.requirement import spans
from scheduling.rosters.targets import least_rate

MET_WITHIN = 0.0001
"""A target counts as met from this little below it: a hundredth of a point, as figures are shown."""

DAYS = ["queue", "date", "offered", "answered", "answer_rate", "target", "met"]
TARGETS = [
    *("queue", "period", "start", "first", "last", "offered", "answered", "answer_rate", "target", "met"),
    "price_per_contact",
]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days and target's spans a queue's curves lie in.

    Parameters
    ----------
    queue
        Whose target it is.
    interval
        Number of the queue's own interval each curve lies in, shape (curves,).
    day, span
        Number of the local day and of the target's span each curve lies in, shape (curves,).
    dates
        Local day of each number.
    start, first, last
        Instant each span begins, its first and last local day.
    offered_by_day, offered_by_span
        Contacts.
    """

    queue: Queue
    interval: Integers
    day: Integers
    span: Integers
    dates: pd.DatetimeIndex
    start: pd.DatetimeIndex
    first: pd.DatetimeIndex
    last: pd.DatetimeIndex
    offered_by_day: Floats
    offered_by_span: Floats

    @property
    def target(self) -> float:
        """Answer rate each span is to reach."""
        target = self.queue.target
        return least_rate(self.queue) if target.period is Period.INTERVAL else target.answer_rate


@dataclass(frozen=True, slots=True)
class Judged:
    """What a roster answers by day and by span of the target, and whether that is enough.

    Parameters
    ----------
    answered_by_day, answered_by_span
        Contacts.
    day_rate, span_rate
        Answer rates, 1 without contacts.
    met
        Whether each span reaches the target.
    """

    answered_by_day: Floats
    answered_by_span: Floats
    day_rate: Floats
    span_rate: Floats
    met: np.ndarray


def calendar(queue: Queue, drawn: Pieces, forecast: pd.DataFrame) -> Calendar:
    """Days and spans of a queue's curves, which may be parts of its forecast's intervals."""
    known = pd.DatetimeIndex(forecast.loc[forecast["queue"] == queue.id, "start"].sort_values())
    at = np.searchsorted(unix_s(known), unix_s(drawn.start), side="right") - 1
    present, interval = np.unique(at, return_inverse=True)
    starts = known[present]
    date = pd.DatetimeIndex(clock(starts, queue.timezone)["date"])
    dates, day = np.unique(date, return_inverse=True)
    span = spans(starts, queue, queue.target.period)
    # Intervals are in order of time, so that a span's first one begins it and holds its first day.
    ordinal = np.arange(span.size)
    begins, ends = np.full(span.max() + 1, span.size), np.zeros(span.max() + 1, dtype=np.int64)
    np.minimum.at(begins, span, ordinal)
    np.maximum.at(ends, span, ordinal)
    return Calendar(
        queue,
        interval,
        day[interval],
        span[interval],
        pd.DatetimeIndex(dates),
        starts[begins],
        date[begins],
        date[ends],
        _sums(day[interval], drawn.offered),
        _sums(span[interval], drawn.offered),
    )


def judge(calendar: Calendar, answered: Floats, missed: Integers) -> Judged:
    """Count what the curves answer, shape (curves,); `missed` are those that miss their floor."""
    by_day = _sums(calendar.day, answered)
    by_span = _sums(calendar.span, answered)
    rate = rates(by_span, calendar.offered_by_span)
    met = reaches(rate, calendar.target)
    if calendar.queue.target.period is Period.INTERVAL:
        # People are split for days and longer; what another split reaches is not missed.
        met |= np.bincount(calendar.span[missed], minlength=rate.size) == 0
    return Judged(by_day, by_span, rates(by_day, calendar.offered_by_day), rate, met)


def _sums(number: Integers, values: Floats) -> Floats:
    sums: Floats = np.bincount(number, values).astype(float)
    return sums


def reaches(rates: Floats | float, targets: Floats | float) -> np.ndarray:
    """Whether answer rates reach their targets, both 0–1; a rate `MET_WITHIN` below does, an unknown one does not."""
    return np.asarray(rates) >= np.asarray(targets) - MET_WITHIN


def rates(answered: Floats, offered: Floats) -> Floats:
    """Answered / offered; 1 where nothing was offered."""
    return np.where(offered > 0, answered / np.where(offered > 0, offered, 1.0), 1.0)


def days_frame(calendar: Calendar, judged: Judged) -> pd.DataFrame:
    """Each day as it is shown, see `evaluate.Evaluation`."""
    target = calendar.queue.target
    judges = target.period is Period.DAY
    met: list[bool | None] = reaches(judged.day_rate, target.answer_rate).tolist()
    return pd.DataFrame(
        {
            "queue": calendar.queue.id,
            "date": calendar.dates,
            "offered": calendar.offered_by_day,
            "answered": judged.answered_by_day,
            "answer_rate": judged.day_rate,
            "target": target.answer_rate if judges else np.nan,
            "met": pd.array(met if judges else [None] * len(met), dtype="boolean"),
        },
        columns=DAYS,
    )


def not_reached(targets: pd.DataFrame) -> pd.Series:
    """Which rows of `targets_frame` are not met though they are to be: soft ones may be missed at their price.

    Frames kept with rosters from before there were soft targets have no prices.
    """
    hard = targets["price_per_contact"].isna() if "price_per_contact" in targets else True
    return ~targets["met"].astype(bool) & hard


def targets_frame(calendar: Calendar, judged: Judged) -> pd.DataFrame:
    """Every span of the queue's target, cut to the intervals there are, see `evaluate.Evaluation`."""
    price = calendar.queue.target.price_per_contact
    return pd.DataFrame(
        {
            "queue": calendar.queue.id,
            "period": calendar.queue.target.period.value,
            "start": calendar.start,
            "first": calendar.first,
            "last": calendar.last,
            "offered": calendar.offered_by_span,
            "answered": judged.answered_by_span,
            "answer_rate": judged.span_rate,
            "target": calendar.target,
            "met": judged.met,
            "price_per_contact": np.nan if price is None else price,
        },
        columns=TARGETS,
    )
