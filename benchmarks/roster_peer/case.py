"""A case both can express: a week of required agents, and the shifts there are with their breaks at fixed places."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from data.domain import BreakRule, ShiftPattern


class Goal(StrEnum):
    """What is to be least."""

    HOURS = "hours"
    """Hours worked; nothing that is required may be missing."""
    DIFFERENCE = "difference"
    """Agents' hours missing and to spare, together."""


OPEN_MIN, CLOSE_MIN = 7 * 60, 22 * 60
LENGTHS_H = (4, 8, 9)
BREAK_MIN = 30
LONGEST_WITHOUT_BREAK_H = 6
BUSIEST_H = 4.0
"""Hours required on the busiest day for each person there is."""
WEEKDAYS = (1.1, 1.0, 0.95, 0.95, 1.0, 0.5, 0.4)
NOISE = 0.1


@dataclass(frozen=True, slots=True)
class Case:
    """Required agents and shifts.

    Parameters
    ----------
    required
        Agents per day and period of `step_min` minutes from midnight, shape (days, periods).
    patterns
        What may be worked.
    people
        How many people there are; each may work a shift every day.
    step_min
        Length of a period, and of the steps in which shifts and breaks begin.
    """

    required: np.ndarray
    patterns: tuple[ShiftPattern, ...]
    people: int
    step_min: int


def make_case(people: int, days: int, seed: int, step_min: int) -> Case:
    """A centre open from seven to ten, with a peak before noon, a lower one after it and quiet weekends."""
    random = np.random.default_rng(seed)
    periods = 24 * 60 // step_min
    begin_min = step_min * np.arange(periods)
    hour = (begin_min + step_min / 2) / 60
    peaks = ((10.5, 2.2, 1.0), (15.0, 2.5, 0.8), (19.5, 1.5, 0.25))
    shape = sum(height * np.exp(-(((hour - at) / width) ** 2)) for at, width, height in peaks)
    is_open = (begin_min >= OPEN_MIN) & (begin_min < CLOSE_MIN)
    load = np.outer(np.resize(WEEKDAYS, days), np.where(is_open, shape, 0.0))
    load *= random.uniform(1 - NOISE, 1 + NOISE, load.shape)
    load *= BUSIEST_H * people / (load.sum(axis=1).max() * step_min / 60)
    required = np.where(is_open, np.maximum(np.rint(load), 1), 0).astype(np.int64)
    patterns = tuple(_pattern(length_h, step_min) for length_h in LENGTHS_H)
    return Case(required, patterns, people, step_min)


def _pattern(length_h: int, step_min: int) -> ShiftPattern:
    """Begins at any step that keeps it within the opening hours; a long one has an unpaid break about its middle."""
    middle_min = 60 * (length_h // 2)
    lunch = BreakRule(
        kind="lunch", length_min=BREAK_MIN, earliest_min=middle_min - 90, latest_min=middle_min + 90
    )
    return ShiftPattern(
        id=f"{length_h}h",
        start_earliest_min=OPEN_MIN,
        start_latest_min=CLOSE_MIN - 60 * length_h,
        start_step_min=step_min,
        length_min=60 * length_h,
        breaks=(lunch,) if length_h > LONGEST_WITHOUT_BREAK_H else (),
    )


def shift_name(pattern: str, start_min: int, breaks_min: tuple[int, ...]) -> str:
    """Name of a pattern at one start with its breaks at those minutes after it."""
    return "-".join(map(str, (pattern, start_min, *breaks_min)))


def shift_types(case: Case) -> Mapping[str, np.ndarray]:
    """Every shift with its breaks in place: 1 in each period it works, else 0, by `shift_name`."""
    periods, step_min = case.required.shape[1], case.step_min
    types = {}
    for pattern in case.patterns:
        places = [range(rule.earliest_min, rule.latest_min + 1, step_min) for rule in pattern.breaks]
        starts = range(pattern.start_earliest_min, pattern.start_latest_min + 1, pattern.start_step_min)
        for start_min, breaks_min in itertools.product(starts, itertools.product(*places)):
            works = np.zeros(periods, dtype=np.int64)
            works[start_min // step_min : (start_min + pattern.length_min) // step_min] = 1
            for rule, break_min in zip(pattern.breaks, breaks_min, strict=True):
                begin = start_min + break_min
                works[begin // step_min : (begin + rule.length_min) // step_min] = 0
            types[shift_name(pattern.id, start_min, breaks_min)] = works
    return types
