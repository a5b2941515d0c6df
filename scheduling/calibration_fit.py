"""Availability factors of the parts of the week, fitted to observed intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Queue
from data.errors import InputError
from data.shrinkage import MOST_AVAILABLE, Availability
from scheduling.arguments import Floats
from scheduling.calibration_handle_time import UsualHandleTime, handle_time_s, usual_handle_time
from scheduling.calibration_likelihood import (
    FINE,
    LOGS,
    answer_rates,
    at_factor,
    day_scatter,
    dispersion,
    log_likelihood,
    refined,
)
from scheduling.calibration_parts import Block, joined, likeliest_prior, opening_blocks

ODD = 6.0
"""Standard deviations from the common factor at which a day has another cause."""
BAND = (0.05, 0.95)
"""Posterior probabilities the ends of a factor's band are not exceeded with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the week with a factor of its own.

    Parameters
    ----------
    block
        Its weekdays and hours.
    factor
        Agents there in effect / agents present.
    low, high
        Band that holds the factor with a probability of 90 %.
    offered, abandoned
        Contacts it rests on.
    """

    block: Block
    factor: float
    low: float
    high: float
    offered: float
    abandoned: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Factors, and what makes answer rates of them.

    Parameters
    ----------
    queues
        Queues that share the agents.
    patience_s
        Mean patience.
    usual
        Usual handle times.
    factor
        Common factor of all parts.
    spread
        Standard deviation of the logarithms of the factors of two-hour blocks.
    dispersion
        Variance of what days answered / binomial variance.
    odd_days
        Days so far off that no factor explains them, such as those of an outage; they were left out.
    parts
        In order of weekday and hour; together all opening hours.
    """

    queues: tuple[Queue, ...]
    patience_s: float
    usual: UsualHandleTime
    factor: float
    spread: float
    dispersion: float
    odd_days: tuple[date, ...]
    parts: tuple[Part, ...]

    def availability(self) -> tuple[Availability, ...]:
        """What belongs on each of the queues."""
        return tuple(
            Availability(
                weekdays=part.block.weekdays,
                open_min=part.block.open_min,
                close_min=part.block.close_min,
                factor=part.factor,
            )
            for part in self.parts
        )

    def factors(self, frame: pd.DataFrame) -> Floats:
        """Factor of each interval, 1 outside opening hours."""
        weekday, minute = frame["weekday"].to_numpy(), frame["minute"].to_numpy()
        found = np.ones(len(frame))
        for part in self.parts:
            found[part.block.holds(weekday, minute)] = part.factor
        return found


def rates_on_grid(
    frame: pd.DataFrame, queues: Sequence[Queue], patience_s: float, usual: UsualHandleTime
) -> Floats:
    """Answer rate of each interval at each factor, from its handle times as they were; see `answer_rates`."""
    return rates_of(frame, queues, patience_s, handle_time_s(frame, usual))


def rates_of(frame: pd.DataFrame, queues: Sequence[Queue], patience_s: float, aht_s: Floats) -> Floats:
    """Answer rate of each interval at each factor, shape (intervals, factors)."""
    queue = queues[0]
    return answer_rates(frame, aht_s, patience_s, step_min=queue.interval_min, concurrency=queue.concurrency)


def fit(
    frame: pd.DataFrame,
    queues: Sequence[Queue],
    *,
    patience_s: float,
    usual: UsualHandleTime | None = None,
    rates: Floats | None = None,
) -> Fit:
    """Fit a factor for each part of the week that history can tell apart.

    Parameters
    ----------
    frame
        As in `Observed`.
    queues
        Queues that share the agents, of one interval, zone and concurrency.
    patience_s
        Mean patience of their contacts.
    usual, rates
        Usual handle times and answer rates of these intervals on the grid, where they are known already.

    Raises
    ------
    InputError
        No agent was present in any interval.
    """
    if not (frame["agents"] > 0).any():
        names = ", ".join(queue.id for queue in queues)
        raise InputError(f"queue {names!r}: nobody was present in any interval. Correct the presence file.")
    usual = usual_handle_time(frame) if usual is None else usual
    rates = rates_on_grid(frame, queues, patience_s, usual) if rates is None else rates
    likelihood = log_likelihood(frame, rates)
    best = LOGS[int(np.argmax(likelihood.sum(axis=0)))]
    kinds = opening_blocks(queues)
    scatter = day_scatter(frame, at_factor(rates, np.full(len(frame), best)))
    scale = dispersion(scatter)
    odd = scatter.index[scatter > ODD**2 * scale]
    likelihood = np.where(frame["date"].isin(odd).to_numpy()[:, None], 0.0, likelihood)
    rows = [[_of(block, frame, likelihood) / scale for block in kind] for kind in kinds]
    prior = likeliest_prior(np.array([row for kind in rows for row in kind]))
    parts = [
        _part(block, prior.posterior(row), frame)
        for block, row in joined(kinds, [np.array(kind) for kind in rows], prior)
    ]
    parts.sort(key=lambda part: (min(part.block.weekdays), part.block.open_min))
    return Fit(
        queues=tuple(queues),
        patience_s=patience_s,
        usual=usual,
        factor=float(np.exp(prior.mean)),
        spread=prior.spread,
        dispersion=scale,
        odd_days=tuple(pd.Timestamp(day).date() for day in odd),
        parts=tuple(parts),
    )


def _of(block: Block, frame: pd.DataFrame, likelihood: Floats) -> Floats:
    inside = block.holds(frame["weekday"].to_numpy(), frame["minute"].to_numpy())
    return refined(likelihood[inside].sum(axis=0))


def _part(block: Block, chance: Floats, frame: pd.DataFrame) -> Part:
    inside = block.holds(frame["weekday"].to_numpy(), frame["minute"].to_numpy())
    offered, answered = (float(frame.loc[inside, column].sum()) for column in ("offered", "answered"))
    low, high = np.interp(BAND, np.cumsum(chance), FINE)
    factor = min(float(np.exp(chance @ FINE)), MOST_AVAILABLE)
    return Part(
        block=block,
        factor=factor,
        low=min(float(np.exp(low)), factor),
        high=max(float(np.exp(high)), factor),
        offered=offered,
        abandoned=offered - answered,
    )
