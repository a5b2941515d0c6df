"""Who is due for which activity in each week of a horizon."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import numpy as np

from data.activities import Activity, Gathering
from data.domain import Agent, Assignment, zone
from scheduling.arguments import Integers
from scheduling.rules.by_activity import turn_of
from scheduling.shifts import Horizon, wall_clock, week_of

COARSEST_MIN = 30
"""Sessions begin on a grid no coarser than this."""

Had = frozenset[tuple[str, int, str]]
"""Activity, which of its times, and person."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An activity that is due in a week.

    Parameters
    ----------
    activity
        What is due.
    number
        Which of its times, as `rules.by_activity.turn_of` counts them.
    people
        Who has not had it yet.
    wanted
        How many of them are to have it in this week.
    starts_min
        When sessions may begin, elapsed minutes of the horizon, ascending.
    """

    activity: Activity
    number: int
    people: tuple[Agent, ...]
    wanted: int
    starts_min: Integers


def weeks(horizon: Horizon) -> list[range]:
    """Days of a horizon, week by week."""
    days = range(horizon.days)
    groups = [list(own) for _, own in groupby(days, key=lambda day: week_of(horizon.day(day)))]
    return [range(own[0], own[-1] + 1) for own in groups]


def had(activities: Iterable[Activity], assignments: Iterable[Assignment], timezone: str) -> Had:
    """Who took part in what; coaches did not."""
    known = {activity.id: activity for activity in activities}
    place = zone(timezone)
    return frozenset(
        (part.activity, turn_of(known[part.activity], part.start.astimezone(place)), shift.agent_id)
        for shift in assignments
        for part in shift.activities
        if part.activity in known and shift.agent_id != known[part.activity].coach
    )


def turns(
    activities: Sequence[Activity],
    agents: Sequence[Agent],
    horizon: Horizon,
    week: range,
    *,
    before: Had,
    placed: Had,
    step_min: int,
) -> list[Turn]:
    """What is due in a week of a horizon.

    What everybody has once over several weeks is spread over them: by the end of a week as many are to have had it as
    days have gone by, of those it may lie on. Days of its window after the horizon count among them.

    Parameters
    ----------
    week
        Indices of its days.
    before, placed
        Who had what before the horizon, and within it up to this week.
    step_min
        Length of a slot of the plan; sessions begin on this grid from the activity's earliest time of day on.
    """
    found = []
    for activity in activities:
        days = [day for day in week if activity.allowed_on(horizon.day(day))]
        if not days:
            continue
        number = week_of(horizon.day(week[0])) if activity.weekly else 0
        due = [agent for agent in activity.members(agents) if (activity.id, number, agent.id) not in before]
        left = tuple(agent for agent in due if (activity.id, number, agent.id) not in placed)
        wanted = _wanted(activity, len(due), len(due) - len(left), _gone(activity, horizon, week))
        starts = starts_of(activity, horizon, days, step_min)
        if wanted and starts.size:
            found.append(Turn(activity, number, left, wanted, starts))
    return found


def starts_of(activity: Activity, horizon: Horizon, days: Collection[int], step_min: int) -> Integers:
    """When sessions may begin on some days of a horizon, elapsed minutes, ascending."""
    last_min = activity.until_min - activity.length_min
    minutes = range(activity.from_min, last_min + 1, min(step_min, COARSEST_MIN))
    starts = {
        horizon.elapsed_min(wall_clock(horizon.day(day), minute, horizon.timezone))
        for day in days
        for minute in minutes
    }
    return np.array(sorted(starts), dtype=np.int64)


def last_day(activity: Activity, horizon: Horizon, number: int) -> date:
    """Last day of one of an activity's times, from the horizon's first day on; it may lie behind the horizon."""
    if activity.weekly:
        sunday = date.fromordinal(7 * number + 7)
        return sunday if activity.last is None else min(sunday, activity.last)
    return horizon.day(horizon.days - 1) if activity.last is None else activity.last


def _gone(activity: Activity, horizon: Horizon, week: range) -> float:
    """Share of its days from the horizon's first on that are over when the week is."""
    number = week_of(horizon.day(week[0]))
    last = last_day(activity, horizon, number)
    first = horizon.day(week[0] if activity.weekly else 0)
    days = [day for day in _days(first, last) if activity.allowed_on(day)]
    over = [day for day in days if day <= horizon.day(week[-1])]
    return len(over) / len(days)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=day) for day in range((last - first).days + 1))


def _wanted(activity: Activity, due: int, placed: int, gone: float) -> int:
    if activity.gathering is Gathering.ALL:
        return due - placed
    # Sums of shares end a rounding error above whole numbers.
    by_now = math.ceil(due * gone - 1e-9)
    if activity.gathering is Gathering.GROUPS and activity.most is not None:
        by_now = activity.most * -(-by_now // activity.most)
    return max(0, min(due, by_now) - placed)
