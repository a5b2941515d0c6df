"""What is measured on simulated contacts, and what a target asks of each measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from data.domain import Period, Queue
from scheduling.arguments import Floats
from scheduling.service_level import service_level


class Measure(StrEnum):
    """What a simulation tells of a queue over a span."""

    ANSWER_RATE = "answer_rate"
    SERVICE_LEVEL = "service_level"
    ASA = "asa_s"
    OCCUPANCY = "occupancy"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a target asks: at least a value, or at most."""

    value: float
    at_least: bool

    def met(self, values: Floats) -> np.ndarray:
        """Whether each value keeps it; one that is not defined does not."""
        return values >= self.value - 1e-12 if self.at_least else values <= self.value + 1e-12


def measure(queue: Queue, sums: Mapping[str, Floats]) -> dict[Measure, Floats]:
    """Measures of a queue over spans.

    Parameters
    ----------
    queue
        Its target names the service level's formula.
    sums
        Columns of `simulation_tally.TALLIED` summed over each span, any shape.

    Returns
    -------
    dict
        Answer rate: answered / offered. Service level: by the target's formula. Of queues whose contacts can wait
        both are the share handled in time of the contacts whose deadline has passed or that were begun. Without
        contacts they are 1. ASA: mean wait of answered contacts, 0 without contacts, NaN where none was answered.
        Occupancy: busy share of the time of the people who serve the queue, with whatever contacts; 0 without people.
    """
    offered = sums["offered"] - sums["pending"]
    answered = sums["in_threshold"] if queue.can_wait else sums["answered"]
    rate = np.where(offered > 0, answered / np.maximum(offered, 1.0), 1.0)
    level = service_level(
        queue.target.service_level_formula,
        offered=offered,
        answered=answered,
        answered_in_time=sums["in_threshold"],
        abandoned_in_time=sums["abandoned_in_threshold"],
    )
    begun, staffed = sums["answered"], sums["staffed_s"]
    asa = np.where(begun > 0, sums["answered_wait_s"] / np.maximum(begun, 1.0), np.nan)
    occupancy = np.where(staffed > 0, sums["busy_s"] / np.where(staffed > 0, staffed, 1.0), 0.0)
    return {
        Measure.ANSWER_RATE: rate,
        Measure.SERVICE_LEVEL: level,
        Measure.ASA: np.where(sums["offered"] > 0, asa, 0.0),
        Measure.OCCUPANCY: np.minimum(1.0, occupancy),
    }


def bound(queue: Queue, of: Measure, period: Period) -> Bound | None:
    """What the queue's target asks of a measure over a day, week, month or interval; None where nothing.

    The answer rate is asked over the target's own period, and as its floor over each interval; the other measures
    over each interval, and over the target's period. Contacts that can wait have no floor.
    """
    target = queue.target
    if of is Measure.ANSWER_RATE and period is target.period:
        return Bound(target.answer_rate, at_least=True)
    if of is Measure.ANSWER_RATE:
        floor = period is Period.INTERVAL and not queue.can_wait
        return Bound(target.interval_floor, at_least=True) if floor else None
    value = {
        Measure.SERVICE_LEVEL: target.service_level,
        Measure.ASA: target.max_asa_s,
        Measure.OCCUPANCY: target.max_occupancy,
    }[of]
    if value is None or period not in {Period.INTERVAL, target.period}:
        return None
    return Bound(value, at_least=of is Measure.SERVICE_LEVEL)
