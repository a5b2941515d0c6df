"""Roster → coverage, answer rates, targets, hours and cost: what the screen shows and the optimiser is checked with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Agent, Assignment, Contract, Period, Queue, Roster, ShiftPattern
from scheduling.coverage import coverage_frame
from scheduling.fair_shares import Fairness, Past, fairness
from scheduling.floors import listed
from scheduling.ground import Counts, Ground, count, ground, time_at_work, with_before
from scheduling.judgement import days_frame, not_reached, targets_frame
from scheduling.rules.law import Law
from scheduling.worked import Worked, tariff, worked


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
        (local days, both included), offered, answered, answer_rate, target, met,
        price_per_contact (missing where it is to be reached): one row per span each target is
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
        Σ paid hours × cost per hour of the contract × that of the pattern, and premiums on that of the contract.
    premiums
        Columns kind (overtime, rest_day, holiday, night), h (paid hours of that kind), cost (what they are paid in
        addition), see `scheduling.pay`.
    fairness
        How evenly nights, weekends, early and late shifts are shared.
    """

    coverage: pd.DataFrame
    days: pd.DataFrame
    targets: pd.DataFrame
    floors: pd.DataFrame
    hours: pd.DataFrame
    paid_h: float
    cost: float
    premiums: pd.DataFrame
    fairness: Fairness

    @property
    def missed(self) -> pd.DataFrame:
        """Rows of `targets` that are not met though they are to be: soft ones may be missed at their price."""
        return self.targets.loc[not_reached(self.targets)].reset_index(drop=True)


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
    before: Sequence[Assignment] = (),
    law: Law | None = None,
    past: Mapping[str, Past] | None = None,
) -> Evaluation:
    """Coverage, days, hours and cost of a roster; see `coverage` for the arguments they share.

    Parameters
    ----------
    contracts, patterns
        For the cost of an hour; one that is not given at all (an empty sequence) costs 1.
    before
        Shifts begun before the roster: those that reach into it staff its first hours. Their hours are not the roster's,
        but count towards overtime of a week or a cycle.
    law
        Rule sets of the contracts, for what is paid beyond the cost of an hour.
    past
        What people worked in the weeks before, for fair shares.

    Raises
    ------
    InputError
        As `coverage`.
    UnknownNameError
        A person, contract or pattern that is not among those given.
    """
    base = ground(agents, queues, forecast, curves, requirement)
    counts = count(base, time_at_work(base, with_before(roster, before, agents)))
    costs = tariff(agents, contracts, patterns, law, roster.timezone)
    shifts: dict[str, list[Assignment]] = {agent.id: [] for agent in agents}
    for assignment in roster.assignments:
        shifts[assignment.agent_id].append(assignment)
    earlier: dict[str, list[Assignment]] = defaultdict(list)
    for assignment in before:
        earlier[assignment.agent_id].append(assignment)
    people = {
        agent_id: worked(own, costs, roster.timezone, earlier[agent_id]) for agent_id, own in shifts.items()
    }
    return evaluation(base, counts, people, shared(base, roster, people, past))


def shared(
    ground: Ground, roster: Roster, people: Mapping[str, Worked], past: Mapping[str, Past] | None
) -> Fairness:
    """How evenly a roster shares what nobody likes."""
    skills = {basis.queue.skill for basis in ground.bases}
    loads = {agent_id: own.load for agent_id, own in people.items()}
    return fairness(loads, ground.agents, skills, first=roster.first, days=roster.days, past=past)


def evaluation(ground: Ground, counts: Counts, people: Mapping[str, Worked], fair: Fairness) -> Evaluation:
    """What was counted as it is shown; `people` by id, every agent, in their order."""
    covered = coverage_frame(ground.outline, ground.bases, counts.covered)
    judged = list(zip(ground.calendars, counts.judged, strict=True))
    sizes = [basis.required.size for basis in ground.bases]
    begins = np.cumsum(sizes) - sizes
    short = [begin + missed for begin, missed in zip(begins, counts.missed, strict=True)]
    least = [basis.drawn.least[missed] for basis, missed in zip(ground.bases, counts.missed, strict=True)]
    floors = listed([basis.queue for basis in ground.bases], covered, short, least)
    targets = pd.concat([targets_frame(*pair) for pair in judged], ignore_index=True)
    return Evaluation(
        coverage=covered,
        days=pd.concat([days_frame(*pair) for pair in judged], ignore_index=True),
        targets=targets,
        floors=_untold(floors, targets),
        hours=pd.DataFrame(
            {
                "agent_id": list(people),
                "shifts": [own.shifts for own in people.values()],
                "paid_h": [own.paid_h for own in people.values()],
            }
        ),
        paid_h=sum(own.paid_h for own in people.values()),
        cost=sum(own.cost for own in people.values()),
        premiums=_premiums(people.values()),
        fairness=fair,
    )


def _premiums(people: Collection[Worked]) -> pd.DataFrame:
    kinds = ("overtime", "rest_day", "holiday", "night")
    parts = {kind: [(getattr(own.premium, kind), own.premium_per_h) for own in people] for kind in kinds}
    return pd.DataFrame(
        {
            "kind": list(kinds),
            "h": [sum((part.h for part, _ in parts[kind]), 0.0) for kind in kinds],
            "cost": [sum((part.extra_h * per_h for part, per_h in parts[kind]), 0.0) for kind in kinds],
        }
    )


def _untold(floors: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Floors missed without those that a target per interval tells of already."""
    told = targets.loc[(targets["period"] == Period.INTERVAL.value) & ~targets["met"], "queue"]
    return floors.loc[~floors["queue"].isin(told)].reset_index(drop=True)
