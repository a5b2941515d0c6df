"""Roster → coverage, answer rates, targets, hours and cost: what the screen shows and the optimiser is checked with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Agent, Contract, Period, Queue, Roster, ShiftPattern
from data.errors import UnknownNameError
from data.intervals import clock
from scheduling.arguments import Floats
from scheduling.centre import unix_s
from scheduling.coverage import coverage
from scheduling.curves import answer_curves
from scheduling.floors import floors_missed
from scheduling.requirement import spans
from scheduling.rosters.targets import least_rate

MET_WITHIN = 0.0001
"""A target counts as met from this little below it: a hundredth of a point, as figures are shown."""

DAYS = ["queue", "date", "offered", "answered", "answer_rate", "target", "met"]
TARGETS = ["queue", "period", "start", "first", "last", "offered", "answered", "answer_rate", "target", "met"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A roster against a forecast.

    Parameters
    ----------
    coverage
        COVERAGE, per queue and interval of the curves.
    days
        Columns queue, date (local day of the queue), offered, answered, answer_rate, target, met: each day as it
        is shown. The answer rate of a day without contacts is 1. Only a target over the day is met or missed by
        the day; target and met (boolean with missing values) are missing where the target has another period.
    targets
        Columns queue, period (interval, day, week, month), start (instant its first interval begins), first, last
        (local days, both included), offered, answered, answer_rate, target, met: one row per span each target is
        counted over, as far as the forecast covers it. A target per interval asks for its floor where that is
        higher.
    floors
        Columns queue, start, rostered, offered, answered, answer_rate, floor, min_agents: intervals of the curves
        that miss their floor or their least agents, see `floors_missed`.
    hours
        Columns agent_id, shifts, paid_h; every agent, also those without a shift.
    paid_h
        Paid hours of all shifts.
    cost
        Σ paid hours × cost per hour of the contract × that of the pattern.
    """

    coverage: pd.DataFrame
    days: pd.DataFrame
    targets: pd.DataFrame
    floors: pd.DataFrame
    hours: pd.DataFrame
    paid_h: float
    cost: float

    @property
    def missed(self) -> pd.DataFrame:
        """Rows of `targets` that are not met."""
        return self.targets.loc[~self.targets["met"]].reset_index(drop=True)


def evaluate(  # noqa: PLR0917 - what goes in, in the order it is made
    roster: Roster,
    agents: Sequence[Agent],
    queues: Sequence[Queue],
    forecast: pd.DataFrame,
    curves: pd.DataFrame | None = None,
    requirement: pd.DataFrame | None = None,
    *,
    contracts: Sequence[Contract] = (),
    patterns: Sequence[ShiftPattern] = (),
) -> Evaluation:
    """Coverage, days, hours and cost of a roster; see `coverage` for the arguments they share.

    Parameters
    ----------
    contracts, patterns
        For the cost of an hour; one that is not given at all (an empty sequence) costs 1.

    Raises
    ------
    InputError
        As `coverage`.
    UnknownNameError
        A person, contract or pattern that is not among those given.
    """
    if curves is None:
        curves = pd.concat([answer_curves(queue, forecast) for queue in queues], ignore_index=True)
    covered = coverage(roster, agents, queues, forecast, curves, requirement)
    floors = floors_missed(roster, agents, queues, covered, curves, within=MET_WITHIN)
    hours, cost = _hours_and_cost(roster, agents, contracts, patterns)
    days, targets = [], []
    for queue in queues:
        short = set(floors.loc[floors["queue"] == queue.id, "start"])
        intervals = _intervals(covered, queue, forecast, short)
        days.append(_days(intervals, queue))
        targets.append(_targets(intervals, queue))
    judged = pd.concat(targets, ignore_index=True)
    return Evaluation(
        coverage=covered,
        days=pd.concat(days, ignore_index=True),
        targets=judged,
        floors=_untold(floors, judged),
        hours=hours,
        paid_h=float(hours["paid_h"].sum()),
        cost=cost,
    )


def reaches(rates: Floats | float, targets: Floats | float) -> np.ndarray:
    """Whether answer rates reach their targets, both 0–1; a rate `MET_WITHIN` below does, an unknown one does not."""
    return np.asarray(rates) >= np.asarray(targets) - MET_WITHIN


def _untold(floors: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Floors missed without those that a target per interval tells of already."""
    told = targets.loc[(targets["period"] == Period.INTERVAL.value) & ~targets["met"], "queue"]
    return floors.loc[~floors["queue"].isin(told)].reset_index(drop=True)


def _intervals(
    covered: pd.DataFrame, queue: Queue, forecast: pd.DataFrame, short: set[pd.Timestamp]
) -> pd.DataFrame:
    """Offered, answered and whether it is short, in each of the queue's intervals, of which curves may have parts."""
    own = covered.loc[covered["queue"] == queue.id]
    known = pd.DatetimeIndex(forecast.loc[forecast["queue"] == queue.id, "start"].sort_values())
    at = np.searchsorted(unix_s(known), unix_s(pd.DatetimeIndex(own["start"])), side="right") - 1
    parts = own.assign(short=own["start"].isin(short)).groupby(known[at])
    sums = parts.agg({"offered": "sum", "answered": "sum", "short": "any"}).rename_axis("start").reset_index()
    sums["date"] = clock(pd.DatetimeIndex(sums["start"]), queue.timezone)["date"]
    return sums


def _days(intervals: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    days = intervals.groupby("date", as_index=False)[["offered", "answered"]].sum()
    days["answer_rate"] = _rates(days)
    judged = queue.target.period is Period.DAY
    days["target"] = queue.target.answer_rate if judged else np.nan
    met = reaches(days["answer_rate"].to_numpy(), days["target"].to_numpy())
    days["met"] = pd.array(met, dtype="boolean") if judged else pd.array([pd.NA] * len(days), dtype="boolean")
    days.insert(0, "queue", queue.id)
    return days[DAYS]


def _targets(intervals: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    """Every span of the queue's target, cut to the intervals there are."""
    target = queue.target
    span = spans(pd.DatetimeIndex(intervals["start"]), queue, target.period)
    rows = intervals.groupby(span).agg(
        start=("start", "min"),
        first=("date", "min"),
        last=("date", "max"),
        offered=("offered", "sum"),
        answered=("answered", "sum"),
        short=("short", "any"),
    )
    rows["answer_rate"] = _rates(rows)
    per_interval = target.period is Period.INTERVAL
    rows["target"] = least_rate(queue) if per_interval else target.answer_rate
    rows["met"] = reaches(rows["answer_rate"].to_numpy(), rows["target"].to_numpy())
    if per_interval:  # People are split for days and longer; what another split reaches is not missed.
        rows["met"] |= ~rows["short"]
    return rows.assign(queue=queue.id, period=target.period.value)[TARGETS].astype({"period": "str"})


def _rates(sums: pd.DataFrame) -> Floats:
    """Answered / offered of each row; 1 where nothing was offered."""
    offered = sums["offered"].to_numpy(dtype=float)
    return np.where(offered > 0, sums["answered"].to_numpy() / np.where(offered > 0, offered, 1.0), 1.0)


def _hours_and_cost(
    roster: Roster,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    patterns: Sequence[ShiftPattern],
) -> tuple[pd.DataFrame, float]:
    contract_of = {agent.id: agent.contract for agent in agents}
    per_contract = {contract.id: contract.cost_per_h for contract in contracts}
    per_pattern = {pattern.id: pattern.cost_per_h for pattern in patterns}
    shifts = dict.fromkeys(contract_of, 0)
    paid_h = dict.fromkeys(contract_of, 0.0)
    cost = 0.0
    for assignment in roster.assignments:
        hours = assignment.paid.total_seconds() / 3600.0
        shifts[assignment.agent_id] += 1
        paid_h[assignment.agent_id] += hours
        cost += (
            hours
            * _cost("contract", contract_of[assignment.agent_id], per_contract)
            * _cost("pattern", assignment.pattern, per_pattern)
        )
    frame = pd.DataFrame(
        {"agent_id": list(shifts), "shifts": list(shifts.values()), "paid_h": list(paid_h.values())}
    )
    return frame, cost


def _cost(kind: str, name: str, known: dict[str, float]) -> float:
    if not known:
        return 1.0
    if name not in known:
        raise UnknownNameError(kind, name, tuple(known))
    return known[name]
