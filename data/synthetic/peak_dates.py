"""The peaks of the synthetic centre as a planner would have entered them: rules where there is one, else dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from data.calendars import trading_sessions, work_days
from data.domain import Peak, Recurrence
from data.peaks import expand
from data.synthetic.streams import stream
from data.synthetic.uplifts import COHORTS, PEOPLE_REFERENCE, TRUTHS

REGION, EXCHANGE = "CN", "XSHG"
AHEAD_DAYS = 182
"""Dated peaks are known so far past the history's end."""
REPAYMENT_DAYS = 20
COHORT_GROWTH_PER_YEAR = 0.12
OUTAGE_AT = 0.68
"""The outage falls on the first working Tuesday after this share of the history."""
SHORTEST_WITH_OUTAGE_DAYS = 60

Dates = dict[date, float | None]


def planned_peaks(seed: int, first: date, days: int, people: int) -> tuple[Peak, ...]:
    """Every peak that touches the history or the half year after it.

    Parameters
    ----------
    seed
        Of the dividend days and their holders; all else follows from the calendar.
    first, days
        The history's local days [first, first + days).
    people
        Headcount, which sizes grow with.

    Returns
    -------
    tuple of Peak
        Peaks without any date in the span are left out.
    """
    end = first + timedelta(days=days)
    begin, last = first - timedelta(days=60), end + timedelta(days=AHEAD_DAYS)
    scale = people / PEOPLE_REFERENCE
    dated: dict[str, Dates] = {
        "fund_dividend": _dividends(seed, begin, last, scale),
        "spring_festival": _spring_festival(begin, last),
        "card_campaign": _campaigns(begin, last, end, scale),
        "card_outage": _outage(first, days),
    }
    rules = {
        "trading_session": Recurrence(sessions=True, calendar=EXCHANGE),
        "public_holiday": Recurrence(holidays=True, calendar=REGION),
        "makeup_day": Recurrence(makeup_days=True, calendar=REGION),
        "payday": Recurrence(days_of_month=(10, 15), roll="previous", calendar=REGION),
        "month_end": Recurrence(days_of_month=(31,)),
    }
    peaks = {peak.id: peak for peak in _cohorts(begin, last, end, scale)}
    peaks |= {name: _peak(name, rule=rule) for name, rule in rules.items()}
    peaks |= {name: _peak(name, dates) for name, dates in dated.items() if dates}
    return tuple(peaks[name] for name in TRUTHS if name in peaks)


def _peak(
    name: str, dates: Dates | None = None, rule: Recurrence | None = None, size: float | None = None
) -> Peak:
    truth = TRUTHS[name]
    lower, upper = truth.window
    return Peak(
        id=name,
        kind=truth.kind,
        dates=dates or {},
        recurrence=rule,
        queues=frozenset(truth.uplifts),
        lower_days=lower,
        upper_days=upper,
        size=size,
    )


def _cohorts(begin: date, last: date, end: date, scale: float) -> Iterator[Peak]:
    for day, accounts in COHORTS.items():
        statement = Recurrence(days_of_month=(day,))
        repayment = Recurrence(days_of_month=(day,), offset_days=REPAYMENT_DAYS, roll="next", calendar=REGION)
        for name, rule in ((f"billing_{day:02d}", statement), (f"repayment_{day:02d}", repayment)):
            days = _expanded(_peak(name, rule=rule), begin, last)
            sizes: Dates = {on: _accounts(accounts * scale, on, end) for on in days}
            yield _peak(name, sizes, rule, _accounts(accounts * scale, last, end))


def _accounts(at_end: float, on: date, end: date) -> float:
    years = (on - end).days / 365.25
    return float(round(at_end * (1 + COHORT_GROWTH_PER_YEAR) ** years, -2))


def _expanded(peak: Peak, begin: date, last: date) -> list[date]:
    occurrences = expand([peak], begin, last)
    days = [moment.date() for moment in occurrences["date"]]
    return [day for day in days if begin <= day <= last]


def _dividends(seed: int, begin: date, last: date, scale: float) -> Dates:
    """A fund pays every three to six weeks, on a trading day, to 20,000–250,000 holders."""
    draw = stream(seed, "fund_dividend")
    sessions = pd.DatetimeIndex(trading_sessions(EXCHANGE, begin, last)["date"])
    dates: Dates = {}
    day = begin
    while True:
        day += timedelta(days=int(draw.integers(18, 42)))
        holders = float(draw.lognormal(11.35, 0.5))
        place = int(sessions.searchsorted(pd.Timestamp(day)))
        if day > last or place >= len(sessions):
            return dates
        dates[sessions[place].date()] = float(round(min(max(holders, 20_000.0), 250_000.0) * scale, -2))


def _spring_festival(begin: date, last: date) -> Dates:
    days = work_days(REGION, begin, last)
    kept = days.loc[days["holiday"].eq("Spring Festival"), "date"]
    return {moment.date(): None for moment in kept}


def _campaigns(begin: date, last: date, end: date, scale: float) -> Dates:
    """The shopping festivals of 11 November and 18 June, by customers offered an instalment."""
    dates: Dates = {}
    for year in range(begin.year, last.year + 1):
        for day, customers in ((date(year, 6, 18), 700_000.0), (date(year, 11, 11), 1_000_000.0)):
            if begin <= day <= last:
                dates[day] = _accounts(customers * scale, day, end)
    return dates


def _outage(first: date, days: int) -> Dates:
    if days < SHORTEST_WITH_OUTAGE_DAYS:
        return {}
    after = first + timedelta(days=int(OUTAGE_AT * days))
    span = work_days(REGION, after, after + timedelta(days=20))
    tuesdays = span.loc[span["working"] & (span["date"].dt.day_of_week == 1), "date"]
    return {tuesdays.iloc[0].date(): None}
