"""Two rosters side by side: totals, answer rates, people, and whose tour changes and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TypeVar

import pandas as pd

from data.domain import Agent, Assignment, Contract, Roster, ShiftPattern, zone
from data.errors import UnknownNameError

NIGHT_FROM_H, NIGHT_TO_H = 22, 6
"""A shift that touches these local hours is a night (the window of national night-work rules)."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one roster to another; every difference is after − before.

    Parameters
    ----------
    totals
        Columns measure, before, after, difference: paid hours, cost, shifts, nights, weekend shifts, people at
        work, wishes granted, targets missed.
    days
        Columns queue, date, before, after, difference: answer rate of each day; NaN where only one has it.
    people
        Columns agent_id, name, paid_h, nights and weekends each as …_before and …_after, changed_days.
    changes
        Columns agent_id, name, date, before, after: one row per person and day that differs, shifts as
        "day_9h 08:30–17:30, team meeting 13:00" and "" for a day without.
    """

    totals: pd.DataFrame
    days: pd.DataFrame
    people: pd.DataFrame
    changes: pd.DataFrame


def compare(
    before: Roster,
    after: Roster,
    *,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
    days_before: pd.DataFrame,
    days_after: pd.DataFrame,
    targets_before: pd.DataFrame,
    targets_after: pd.DataFrame,
) -> Comparison:
    """Compare two rosters.

    Parameters
    ----------
    before, after
        Of the same people; their horizons may differ.
    agents, contracts, patterns
        For names, costs and wishes.
    days_before, days_after
        Answer rates per day: queue, date, answer_rate (`scheduling.evaluate.Evaluation.days`).
    targets_before, targets_after
        Targets with column met (`scheduling.evaluate.Evaluation.targets`).

    Raises
    ------
    UnknownNameError
        Someone is rostered who is not among the agents, or whose contract or pattern is not among those given.
    """
    rows_before = _shifts(before, agents, contracts, patterns)
    rows_after = _shifts(after, agents, contracts, patterns)
    people = _people(rows_before, rows_after, agents)
    changes = _changes(rows_before, rows_after, agents)
    changed = changes.groupby("agent_id").size()
    people["changed_days"] = people["agent_id"].map(changed).fillna(0).astype("int64")
    pairs = [
        _totals(before, rows_before, targets_before, agents),
        _totals(after, rows_after, targets_after, agents),
    ]
    totals = pd.DataFrame(
        {"measure": list(pairs[0]), "before": pairs[0].values(), "after": pairs[1].values()}
    )
    totals["difference"] = totals["after"] - totals["before"]
    return Comparison(totals, _days(days_before, days_after), people, changes)


def is_night(shift: Assignment, timezone: str) -> bool:
    """Whether a shift touches the night, 22:00 to 6:00 local time."""
    return at_night(shift.start, shift.end, timezone)


def at_night(start: datetime, end: datetime, timezone: str) -> bool:
    """Whether a span of less than a day touches the night, see `is_night`."""
    place = zone(timezone)
    start, end = start.astimezone(place), end.astimezone(place)
    if start.hour < NIGHT_TO_H or start.hour >= NIGHT_FROM_H:
        return True
    dusk = start.replace(hour=NIGHT_FROM_H, minute=0, second=0, microsecond=0)
    return end > dusk


def _shifts(
    roster: Roster,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
) -> pd.DataFrame:
    contract_of = {agent.id: agent.contract for agent in agents}
    per_h = {contract.id: contract.cost_per_h for contract in contracts}
    factor = {pattern.id: pattern.cost_per_h for pattern in patterns}
    place = zone(roster.timezone)
    rows = []
    for shift in roster.assignments:
        rate = _of("contract", _of("agent", shift.agent_id, contract_of), per_h)
        paid_h = shift.paid / timedelta(hours=1)
        span = f"{shift.start.astimezone(place):%H:%M}–{shift.end.astimezone(place):%H:%M}"
        rows.append(
            {
                "agent_id": shift.agent_id,
                "date": pd.Timestamp(shift.day),
                "label": ", ".join([f"{shift.pattern} {span}", *_activities(shift, place)]),
                "pattern": shift.pattern,
                "paid_h": paid_h,
                "cost": paid_h * rate * _of("pattern", shift.pattern, factor),
                "night": is_night(shift, roster.timezone),
                "weekend": shift.day.weekday() >= SATURDAY,
            }
        )
    columns = ["agent_id", "date", "label", "pattern", "paid_h", "cost", "night", "weekend"]
    return pd.DataFrame(rows, columns=columns)


def _activities(shift: Assignment, place: tzinfo) -> list[str]:
    return [f"{part.activity} {part.start.astimezone(place):%H:%M}" for part in shift.activities]


Found = TypeVar("Found")


def _of(kind: str, name: str, known: Mapping[str, Found]) -> Found:
    if name not in known:
        raise UnknownNameError(kind, name, tuple(known))
    return known[name]


def _totals(
    roster: Roster, shifts: pd.DataFrame, targets: pd.DataFrame, agents: Sequence[Agent]
) -> dict[str, float]:
    return {
        "paid hours": float(shifts["paid_h"].sum()),
        "cost": float(shifts["cost"].sum()),
        "shifts": float(len(shifts)),
        "nights": float(shifts["night"].sum()),
        "weekend shifts": float(shifts["weekend"].sum()),
        "people at work": float(shifts["agent_id"].nunique()),
        "wishes granted": float(wishes_granted(roster, agents)),
        "targets missed": float((~targets["met"]).sum()),
    }


def wishes_granted(roster: Roster, agents: Sequence[Agent]) -> int:
    """How many wishes inside the horizon are kept: the day off, or the pattern worked."""
    worked = {(shift.agent_id, shift.day): shift.pattern for shift in roster.assignments}
    return sum(
        worked.get((agent.id, wish.day)) == wish.pattern
        for agent in agents
        for wish in agent.wishes
        if roster.first <= wish.day <= roster.last
    )


def _days(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    key = ["queue", "date"]
    columns = [*key, "answer_rate"]
    both: pd.DataFrame = before[columns].merge(
        after[columns], on=key, how="outer", suffixes=("_before", "_after")
    )
    both = both.rename(columns={"answer_rate_before": "before", "answer_rate_after": "after"})
    both["difference"] = both["after"] - both["before"]
    return both


def _people(before: pd.DataFrame, after: pd.DataFrame, agents: Sequence[Agent]) -> pd.DataFrame:
    people = pd.DataFrame(
        {"agent_id": [agent.id for agent in agents], "name": [agent.name for agent in agents]}
    )
    sums = {"paid_h": "paid_h", "night": "nights", "weekend": "weekends"}
    for which, shifts in (("before", before), ("after", after)):
        found = shifts.groupby("agent_id")[list(sums)].sum()
        for column, word in sums.items():
            people[f"{word}_{which}"] = people["agent_id"].map(found[column]).fillna(0).astype(float)
    return people


def _changes(before: pd.DataFrame, after: pd.DataFrame, agents: Sequence[Agent]) -> pd.DataFrame:
    key = ["agent_id", "date"]
    both = _labels(before, "before").merge(_labels(after, "after"), on=key, how="outer")
    both[["before", "after"]] = both[["before", "after"]].fillna("")
    both = both.loc[both["before"] != both["after"]].sort_values(key, ignore_index=True)
    names = {agent.id: agent.name for agent in agents}
    both.insert(1, "name", both["agent_id"].map(names))
    return both


def _labels(shifts: pd.DataFrame, which: str) -> pd.DataFrame:
    """Shifts of each person and day in one text, in a column of that name."""
    joined = shifts.groupby(["agent_id", "date"])["label"].agg(" + ".join)
    return joined.to_frame(which).reset_index()
