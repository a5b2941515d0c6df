"""Two rosters side by side: totals, answer rates, people, and whose tour changes and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import TypeVar

import pandas as pd

from data.domain import Agent, Assignment, Contract, Roster, ShiftPattern, zone
from data.errors import UnknownNameError
from scheduling.fair_shares import Fairness, by_person, fairness, past_of, total
from scheduling.pay import payroll
from scheduling.rules.law import Law
from scheduling.unsocial import SATURDAY, UNSOCIAL, is_night
from scheduling.wishes_kept import wishes_kept


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one roster to another; every difference is after − before.

    Parameters
    ----------
    totals
        Columns measure, before, after, difference: paid hours, cost, overtime hours, shifts, nights, weekend shifts,
        early shifts, late shifts, unfairness (`fair_shares.Fairness`), people at work, wishes granted, weight of wishes
        granted, targets missed.
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
    law: Law | None = None,
    history_before: Sequence[Assignment] = (),
    history_after: Sequence[Assignment] = (),
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
    law
        Rule sets of the contracts, for what is paid beyond the cost of an hour.
    history_before, history_after
        What was worked in the weeks before each: it fills weeks that overtime is counted by, and fair shares.

    Raises
    ------
    UnknownNameError
        Someone is rostered who is not among the agents, or whose contract or pattern is not among those given.
    """
    known = history_before, history_after
    sides = [
        _Side(
            roster,
            _shifts(roster, agents, contracts, patterns),
            _premiums(roster, agents, contracts, law or Law(), history),
            _fairness(roster, agents, history),
        )
        for roster, history in zip((before, after), known, strict=True)
    ]
    rows_before, rows_after = (side.shifts for side in sides)
    people = _people(rows_before, rows_after, agents)
    changes = _changes(rows_before, rows_after, agents)
    changed = changes.groupby("agent_id").size()
    people["changed_days"] = people["agent_id"].map(changed).fillna(0).astype("int64")
    pairs = [
        _totals(side, targets, agents)
        for side, targets in zip(sides, (targets_before, targets_after), strict=True)
    ]
    totals = pd.DataFrame(
        {"measure": list(pairs[0]), "before": pairs[0].values(), "after": pairs[1].values()}
    )
    totals["difference"] = totals["after"] - totals["before"]
    return Comparison(totals, _days(days_before, days_after), people, changes)


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


@dataclass(frozen=True)
class _Side:
    """One of the two rosters: its shifts as rows, what is paid beyond their rates, how they are shared."""

    roster: Roster
    shifts: pd.DataFrame
    premiums: tuple[float, float]
    fairness: Fairness


def _premiums(
    roster: Roster,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    law: Law,
    history: Sequence[Assignment],
) -> tuple[float, float]:
    """Cost beyond the rates, and hours of overtime of days, weeks and cycles."""
    pay = payroll(contracts, law, roster.timezone)
    if not pay:
        return 0.0, 0.0
    per_h = {contract.id: contract.cost_per_h for contract in contracts}
    own, earlier = by_person(roster.assignments), by_person(history)
    cost = overtime_h = 0.0
    for agent in agents:
        if agent.contract in pay and agent.id in own:
            premium = pay[agent.contract].of_person(own[agent.id], earlier.get(agent.id, ()))
            cost += premium.extra_h * per_h[agent.contract]
            overtime_h += premium.overtime.h + premium.rest_day.h
    return cost, overtime_h


def _fairness(roster: Roster, agents: Sequence[Agent], history: Sequence[Assignment]) -> Fairness:
    loads = {
        name: total(UNSOCIAL.load(shift, roster.timezone) for shift in shifts)
        for name, shifts in by_person(roster.assignments).items()
    }
    past = past_of(history, agents, first=roster.first, timezone=roster.timezone)
    return fairness(loads, agents, first=roster.first, days=roster.days, past=past)


def _totals(side: _Side, targets: pd.DataFrame, agents: Sequence[Agent]) -> dict[str, float]:
    shifts, wishes = side.shifts, wishes_kept(side.roster, agents)
    extra_cost, overtime_h = side.premiums
    return {
        "paid hours": float(shifts["paid_h"].sum()),
        "cost": float(shifts["cost"].sum()) + extra_cost,
        "overtime hours": overtime_h,
        "shifts": float(len(shifts)),
        "nights": float(shifts["night"].sum()),
        "weekend shifts": float(shifts["weekend"].sum()),
        "early shifts": float(side.fairness.people["early"].sum()),
        "late shifts": float(side.fairness.people["late"].sum()),
        "unfairness": side.fairness.unfairness,
        "people at work": float(shifts["agent_id"].nunique()),
        "wishes granted": float(wishes["granted"].sum()),
        "weight of wishes granted": float(wishes.loc[wishes["granted"], "weight"].sum()),
        "targets missed": float((~targets["met"]).sum()),
    }


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
