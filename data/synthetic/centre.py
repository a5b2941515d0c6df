"""The seeded contact centre: two years of a bank's hotlines whose every peak is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.domain import Agent, Contract, Peak, PeakKind, Queue, ShiftPattern
from data.errors import InputError, UnknownNameError
from data.presence import PRESENCE
from data.schema import HISTORY, conform
from data.synthetic.arrivals import draw_arrivals
from data.synthetic.capacity import levels
from data.synthetic.contracts import CONTRACTS, PATTERNS
from data.synthetic.effects import effects
from data.synthetic.means import queue_means
from data.synthetic.outcomes import availability, draw_outcomes, staffed_agents
from data.synthetic.peak_dates import planned_peaks
from data.synthetic.people import draw_people
from data.synthetic.shapes import OUTAGE_END_MIN, OUTAGE_FIRST_MIN
from data.synthetic.traits import TRAITS, Traits
from data.synthetic.uplifts import TRUTHS, truth_frame

FIRST, DAYS, PEOPLE = date(2024, 11, 11), 728, 160
LEAST_PEOPLE, LEAST_DAYS = 20, 7

Progress = Callable[[str, float], None]
"""Called with what is being done and the share done, 0–1."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Centre:
    """A contact centre and the truth about it.

    Parameters
    ----------
    seed, first, days, people
        As given to `make_centre`.
    queues, contracts, patterns, agents, peaks
        What a planner would have entered; peaks reach half a year past the history.
    history
        Schema `data.schema.HISTORY`, every column filled; threshold 20 s.
    presence
        Schema `data.presence.PRESENCE`: agents logged in, queue by queue, in every interval of the history; those on
        contacts were `data.synthetic.outcomes.availability` of them.
    truth
        Columns queue, peak, kind, day (relative), uplift (fraction), size_reference (NaN without size): a day's
        level is multiplied by 1 + uplift × size / size_reference. Peaks that meet on a day multiply.
    occurrences
        Columns queue, peak, kind, date (of the occurrence), day, on (the day touched), size, uplift (fraction,
        for this occurrence's size): one row per queue, peak and touched open day of the history.
    expected
        Columns queue, start, mean (true mean of offered), base (the same without any peak), aht_s (true mean
        handle time); the rows of `history`.
    """

    seed: int
    first: date
    days: int
    people: int
    queues: tuple[Queue, ...]
    contracts: tuple[Contract, ...]
    patterns: tuple[ShiftPattern, ...]
    agents: tuple[Agent, ...]
    peaks: tuple[Peak, ...]
    history: pd.DataFrame
    presence: pd.DataFrame
    truth: pd.DataFrame
    occurrences: pd.DataFrame
    expected: pd.DataFrame

    @property
    def end(self) -> date:
        """First local day after the history."""
        return self.first + timedelta(days=self.days)


def make_centre(
    *,
    seed: int = 7,
    first: date = FIRST,
    days: int = DAYS,
    people: int = PEOPLE,
    progress: Progress | None = None,
) -> Centre:
    """Make a bank's contact centre with four hotlines, its people and its history.

    Parameters
    ----------
    seed
        Same seed, same centre, to the last call.
    first, days
        The history's local days [first, first + days); the default ends on Sunday 2026-11-08.
    people
        Headcount; contacts and the sizes of peaks grow with it.
    progress
        Told of each step.

    Returns
    -------
    Centre
        With its truth.

    Raises
    ------
    InputError
        Fewer than 20 people or 7 days.
    """
    if people < LEAST_PEOPLE or days < LEAST_DAYS:
        message = f"a synthetic centre needs at least {LEAST_PEOPLE} people and {LEAST_DAYS} days"
        raise InputError(f"{message}, not {people} and {days}. Give more.")
    tell = progress or _silent
    end = first + timedelta(days=days)
    tell("peaks", 0.0)
    peaks = planned_peaks(seed, first, days, people)
    touched = effects(peaks, first, end - timedelta(days=1), people)
    level = levels(people, end)
    histories, presences, means = [], [], []
    for done, (name, traits) in enumerate(TRAITS.items(), start=1):
        tell(name, done / (len(TRAITS) + 2))
        mean = queue_means(traits, level[name], touched, first=first, days=days, anchor=end)
        history, presence = _history(mean, traits, seed, _outage_days(touched, name))
        histories.append(history)
        presences.append(presence)
        means.append(mean[["queue", "start", "mean", "base", "aht_s"]])
    tell("people", 1 - 1 / (len(TRAITS) + 2))
    agents = draw_people(people, seed, end)
    centre = Centre(
        seed=seed,
        first=first,
        days=days,
        people=people,
        queues=tuple(traits.queue for traits in TRAITS.values()),
        contracts=CONTRACTS,
        patterns=PATTERNS,
        agents=agents,
        peaks=peaks,
        history=conform(pd.concat(histories, ignore_index=True), HISTORY),
        presence=conform(pd.concat(presences, ignore_index=True), PRESENCE),
        truth=truth_frame(people),
        occurrences=touched,
        expected=_typed(pd.concat(means, ignore_index=True)),
    )
    tell("done", 1.0)
    return centre


def true_means(centre: Centre, first: date, days: int) -> pd.DataFrame:
    """True means of any days, also past the history: what a perfect forecast would say.

    Parameters
    ----------
    centre
        A centre that `make_centre` made; only its peaks, people and end are read.
    first, days
        Local days [first, first + days).

    Returns
    -------
    DataFrame
        Columns queue, start, mean, base, aht_s, as in `Centre.expected`.
    """
    touched = effects(centre.peaks, first, first + timedelta(days=days - 1), centre.people)
    level = levels(centre.people, centre.end)
    means = [
        queue_means(traits, level[name], touched, first=first, days=days, anchor=centre.end)
        for name, traits in TRAITS.items()
    ]
    return _typed(pd.concat(means, ignore_index=True)[["queue", "start", "mean", "base", "aht_s"]])


def truth_uplift(centre: Centre, queue: str, peak: str, day: date) -> float:
    """True uplift a peak gives a queue on one day of the history, for the size it had; 0 on a day it leaves alone.

    Raises
    ------
    UnknownNameError
        The centre has no such queue or peak.
    """
    if queue not in TRAITS:
        raise UnknownNameError("queue", queue, tuple(TRAITS))
    if peak not in TRUTHS:
        raise UnknownNameError("peak", peak, tuple(TRUTHS))
    rows = centre.occurrences
    kept = (rows["queue"] == queue) & (rows["peak"] == peak) & (rows["on"] == pd.Timestamp(day))
    return float(rows.loc[kept, "uplift"].sum())


def _silent(_step: str, _share: float) -> None:
    return


def _typed(means: pd.DataFrame) -> pd.DataFrame:
    return means.astype({"queue": "str"})


def _outage_days(touched: pd.DataFrame, queue: str) -> pd.Series:
    hit = touched["queue"].eq(queue) & touched["kind"].eq(PeakKind.OUTAGE) & touched["day"].eq(0)
    return touched.loc[hit, "on"]


def _history(
    mean: pd.DataFrame, traits: Traits, seed: int, outage_days: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw one queue's history around its means, and the agents logged in."""
    days = mean["date"].nunique()

    def by_day(column: str) -> np.ndarray:
        return mean[column].to_numpy().reshape(days, -1)

    arrivals = draw_arrivals(
        by_day("mean"),
        day_spread=traits.day_spread,
        interval_spread=traits.interval_spread,
        seed=seed,
        name=traits.queue.id,
    )
    interval_s = 60 * traits.queue.interval_min
    agents = staffed_agents(by_day("foreseen") * by_day("aht_s") / interval_s, traits, seed)
    minute = mean["minute"]
    out = mean["date"].isin(outage_days) & (minute >= OUTAGE_FIRST_MIN) & (minute < OUTAGE_END_MIN)
    outcomes = draw_outcomes(
        arrivals,
        aht_s=by_day("aht_s"),
        agents=agents,
        out=out.to_numpy().reshape(days, -1),
        traits=traits,
        seed=seed,
    )
    columns = {"offered": arrivals.offered} | outcomes
    keys = mean[["queue", "start"]]
    logged_in = agents.ravel() / availability(minute.to_numpy())
    return (
        keys.assign(**{name: values.ravel() for name, values in columns.items()}),
        keys.rename(columns={"queue": "queues"}).assign(agents=logged_in),
    )
