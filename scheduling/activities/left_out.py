"""Who has no place in a roster for an activity they are due for, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from data.activities import Activity, Gathering
from data.domain import Agent, Assignment, Roster, zone
from scheduling.activities.free_time import Stretch, fitting, stretches
from scheduling.activities.turns import had, last_day, starts_of
from scheduling.shifts import Horizon, week_of

COLUMNS = ["activity", "kind", "agent_id", "name", "week", "until", "due", "reason"]
STEP_MIN = 15
"""A start is looked for on this grid."""


def left_out(
    roster: Roster,
    activities: Sequence[Activity],
    agents: Sequence[Agent],
    before: Sequence[Assignment] = (),
) -> pd.DataFrame:
    """People a roster has no session for.

    Parameters
    ----------
    roster
        With what was placed.
    activities, agents
        All there are.
    before
        What was worked before it; who took part then is not due again.

    Returns
    -------
    DataFrame
        Columns activity, kind, agent_id, name, week (its Monday; missing where the activity comes once in all), until
        (last day it may still lie on), due (whether that lies in the roster, so that nothing later can make up for it),
        reason. By activity, week and person.
    """
    horizon = Horizon(roster.first, roster.days, roster.timezone)
    done = had(activities, (*before, *roster.assignments), roster.timezone)
    free = stretches(roster.assignments, horizon)
    rows = [row for activity in activities for row in _rows(activity, roster, horizon, agents, done, free)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(  # noqa: PLR0917 - one step of left_out
    activity: Activity,
    roster: Roster,
    horizon: Horizon,
    agents: Sequence[Agent],
    done: frozenset[tuple[str, int, str]],
    free: Mapping[str, Sequence[Stretch]],
) -> Iterator[dict[str, object]]:
    days = [day for day in range(horizon.days) if activity.allowed_on(horizon.day(day))]
    numbers = sorted({week_of(horizon.day(day)) for day in days}) if activity.weekly else [0]
    for number in numbers if days else ():
        own = [day for day in days if not activity.weekly or week_of(horizon.day(day)) == number]
        until = last_day(activity, horizon, number)
        for agent in activity.members(agents):
            if (activity.id, number, agent.id) not in done:
                yield {
                    "activity": activity.id,
                    "kind": activity.kind,
                    "agent_id": agent.id,
                    "name": agent.name,
                    "week": pd.Timestamp.fromordinal(7 * number + 1) if activity.weekly else pd.NaT,
                    "until": pd.Timestamp(until),
                    "due": until <= roster.last,
                    "reason": _reason(activity, roster, horizon, own, agent, free),
                }


def _reason(  # noqa: PLR0917 - as _rows
    activity: Activity,
    roster: Roster,
    horizon: Horizon,
    days: Sequence[int],
    agent: Agent,
    free: Mapping[str, Sequence[Stretch]],
) -> str:
    starts = starts_of(activity, horizon, days, STEP_MIN)
    own = free.get(agent.id, ())
    there = [
        stretch
        for stretch in own
        if any(
            stretch.shift_begin_min < start + activity.length_min and start < stretch.shift_end_min
            for start in starts.tolist()
        )
    ]
    if not there:
        return "not at work at its times"
    able = fitting(own, activity, starts)
    if not able.size:
        return (
            f"no {activity.length_min} min in one piece between breaks, other activities and the shift's ends"
        )
    if activity.coach and not fitting(free.get(activity.coach, ()), activity, able).size:
        return f"{activity.coach} is not free when they are"
    held = _held(activity, roster, horizon, days)
    if activity.gathering is Gathering.ALL and held:
        return "not free when it is held, " + ", ".join(held)
    if activity.least > 1 and not held:
        return f"never {activity.least} people free at once"
    dear = "" if activity.price is None else f", or dearer than its price of {activity.price:g}"
    return f"no room in a session at their times{dear}"


def _held(activity: Activity, roster: Roster, horizon: Horizon, days: Sequence[int]) -> list[str]:
    place = zone(roster.timezone)
    local_days = {horizon.day(day) for day in days}
    starts = {
        part.start.astimezone(place)
        for shift in roster.assignments
        for part in shift.activities
        if part.activity == activity.id and part.start.astimezone(place).date() in local_days
    }
    return [f"{start:%a %-d %b %H:%M}" for start in sorted(starts)]
