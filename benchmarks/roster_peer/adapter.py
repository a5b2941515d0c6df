"""The case as roster problems: an agent required is a contact that one more position answers.

The curve of a period that requires r agents rises by 1 with each of them and is flat from r on. Where nothing may be
missing, its floor is all of it. The difference between required and there, |r - n|, is n - r + 2 (r - min(r, n)): hours
worked, and twice what is missing, a soft target's price. Nothing goes from day to day, so that each day is a problem of
its own, as it is for the peer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pandas as pd

from benchmarks.roster_peer.case import Case, Goal, shift_name
from data.domain import Agent, Contract, Period, Queue, Roster, Target
from data.schema import CURVES, conform
from scheduling.problem import RosterProblem
from scheduling.rosters.model import Model

FIRST = date(2026, 1, 5)
NAME = "work"
ALL_OF_IT = Target(answer_rate=1.0, interval_floor=1.0, period=Period.INTERVAL)
CONTRACT = Contract(
    id="any", max_h_per_week=168.0, max_days_per_week=7, max_consecutive_days=7, min_rest_h=0.0
)


def problems_of(case: Case, goal: Goal = Goal.HOURS) -> tuple[RosterProblem, ...]:
    """One problem for each day; its cost is hours worked, plus, of the difference, two for each hour missing."""
    soft = Target(answer_rate=1.0, interval_floor=0.0, price_per_contact=2 * case.step_min / 60)
    queue = Queue(
        id=NAME, skill=NAME, timezone="UTC", shrinkage=0.0, target=ALL_OF_IT if goal is Goal.HOURS else soft
    )
    agents = tuple(
        Agent(id=f"p{number:05}", skills=frozenset({NAME}), contract=CONTRACT.id)
        for number in range(case.people)
    )
    return tuple(
        RosterProblem(
            name=f"day {day}",
            first=FIRST + timedelta(days=day),
            days=1,
            timezone=queue.timezone,
            queues=(queue,),
            agents=agents,
            contracts=(CONTRACT,),
            patterns=case.patterns,
            curves=_curves(required, FIRST + timedelta(days=day), case.step_min),
            step_min=case.step_min,
        )
        for day, required in enumerate(case.required)
    )


def _curves(required: np.ndarray, day: date, step_min: int) -> pd.DataFrame:
    starts = pd.Timestamp(_midnight(day)) + pd.to_timedelta(step_min * np.arange(required.size), unit="min")
    asked = required > 0
    rows = np.concatenate((np.arange(required.size), np.flatnonzero(asked)))
    reached = np.concatenate((np.zeros(required.size), required[asked]))
    frame = pd.DataFrame(
        {
            "queue": NAME,
            "start": starts[rows],
            "offered": required[rows].astype(float),
            "agents": reached,
            "answered": reached,
        }
    )
    return conform(frame.sort_values(["start", "agents"], ignore_index=True), CURVES)


def counts_of_values(model: Model, values: np.ndarray, day: int) -> Mapping[tuple[int, str], int]:
    """How many people work each shift by a day's programme; nobody has more than one break, which tells its place."""
    counts: Counter[tuple[int, str]] = Counter()
    step_min = model.problem.step_min
    for (_, taken), breaks in model.break_columns.items():
        shift = model.problem.shifts[taken]
        for rule, places in zip(shift.pattern.breaks, breaks, strict=True):
            for place, column in enumerate(places):
                name = shift_name(shift.pattern.id, shift.start_min, (rule.earliest_min + step_min * place,))
                counts[day, name] += round(float(values[column]))
    for columns in model.shift_columns:
        for number, column in columns.items():
            shift = model.problem.shifts[number]
            if not shift.pattern.breaks:
                counts[day, shift_name(shift.pattern.id, shift.start_min, ())] += round(float(values[column]))
    return +counts


def counts_of(rosters: Sequence[Roster]) -> Mapping[tuple[int, str], int]:
    """How many people work each shift, by day and `case.shift_name`."""
    counts: Counter[tuple[int, str]] = Counter()
    for roster in rosters:
        for assignment in roster.assignments:
            day = (assignment.start.astimezone(UTC).date() - FIRST).days
            breaks_min = tuple(_minutes(pause.start - assignment.start) for pause in assignment.breaks)
            start_min = _minutes(assignment.start - _midnight(FIRST + timedelta(days=day)))
            counts[day, shift_name(assignment.pattern, start_min, breaks_min)] += 1
    return counts


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)
