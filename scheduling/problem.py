"""What the optimiser is asked: who may work, by which rules, for which demand, over which days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from data.domain import Agent, Assignment, Contract, Queue, ShiftPattern, zone
from data.errors import FaultyFileError, InputError
from data.locks import Lock
from data.rule_sets import RuleSet
from data.schema import CURVES, require
from scheduling.fair_shares import Past
from scheduling.locks import lock_faults
from scheduling.pay import Pay, payroll
from scheduling.rosters.door import demand_faults, people_faults
from scheduling.rosters.law_faults import law_faults, pattern_law_faults
from scheduling.rosters.tails import Before, before_faults, worked_before
from scheduling.rules.law import Law
from scheduling.shifts import Horizon, Shift, all_shifts
from scheduling.yields import yields


@dataclass(frozen=True, slots=True)
class Demand:
    """Answer curve of one queue in one slot.

    Parameters
    ----------
    offered
        Expected contacts.
    agents, answered
        Breakpoints of the concave curve, from 0 agents on; beyond the last one it is flat.
    """

    offered: float
    agents: np.ndarray
    answered: np.ndarray

    def answered_with(self, agents: float) -> float:
        """Expected contacts answered with that many positions."""
        return float(np.interp(agents, self.agents, self.answered))

    def agents_for(self, answered: float) -> float:
        """Least positions that answer that many contacts; infinite where no number does."""
        if answered <= 0:
            return 0.0
        reached = np.flatnonzero(self.answered >= answered * (1 - 1e-12))
        if not reached.size:
            return float("inf")
        k = int(reached[0])
        if k == 0:
            return float(self.agents[0])
        rise, run = self.answered[k] - self.answered[k - 1], self.agents[k] - self.agents[k - 1]
        return float(self.agents[k - 1] + (answered - self.answered[k - 1]) / rise * run)


@dataclass(frozen=True, slots=True)
class PoolDemand:
    """Answer curves of a pool's queues in one slot, all of the positions the pool has.

    Parameters
    ----------
    queues
        Indices of the queues that expect contacts.
    offered
        Expected contacts of each, shape (queues,).
    agents
        Breakpoints from 0 agents on, shape (points,); beyond the last one the curves are flat.
    answered
        Contacts of each queue answered at each breakpoint, concave, shape (queues, points).
    least
        Positions needed for anything but answer rates.
    """

    queues: tuple[int, ...]
    offered: np.ndarray
    agents: np.ndarray
    answered: np.ndarray
    least: float = 0.0

    def answered_with(self, agents: float) -> np.ndarray:
        """Expected contacts of each queue answered with that many positions, shape (queues,)."""
        return np.array([np.interp(agents, self.agents, own) for own in self.answered])

    def agents_for(self, member: int, answered: float) -> float:
        """Least positions with which that many contacts of a queue are answered; infinite where no number does.

        Parameters
        ----------
        member
            Place of the queue in `queues`.
        answered
            Contacts.
        """
        own = Demand(float(self.offered[member]), self.agents, self.answered[member])
        return own.agents_for(answered)


@dataclass(frozen=True, kw_only=True, eq=False)
class RosterProblem:
    """A roster to be found, checked at the door.

    Parameters
    ----------
    name
        Name the roster will bear.
    first, days
        Horizon in local days, [first, first + days).
    timezone
        Zone of the local days.
    queues, agents, contracts, patterns
        What there is; ids are unique.
    curves
        Answer curves (schema CURVES) of the queues' open slots on one common step, horizon only.
    step_min
        Length of a slot of the curves in minutes; breaks start on multiples of it from the shift's start.
    before
        What was worked in the days before, back to the Monday of the first day's week at least: rest, runs of days and
        the hours of that week carry over, and shifts that reach into the horizon staff its first hours. People who
        are not among `agents` any more do no harm. Nothing is known of those days when empty.
    law
        Rule sets of the contracts: what they ask of tours, and what is paid beyond an hour's cost.
    past
        What people worked in the weeks before, by person: shifts nobody likes are shared with it in mind.
    days_after
        Days a longer roster goes on after these, when this is one week of it; they are solved later.
    locks
        Days of people that are held to a shift or to none. Days held as they stand need a roster that stands, see
        `scheduling.resolve`.

    Raises
    ------
    InputError
        The parts do not fit; every fault is listed, each with its repair.
    """

    name: str
    first: date
    days: int
    timezone: str
    queues: tuple[Queue, ...]
    agents: tuple[Agent, ...]
    contracts: tuple[Contract, ...]
    patterns: tuple[ShiftPattern, ...]
    curves: pd.DataFrame
    step_min: int
    before: tuple[Assignment, ...] = ()
    law: Law = field(default_factory=Law)
    days_after: int = 0
    past: Mapping[str, Past] = field(default_factory=dict)
    locks: tuple[Lock, ...] = ()

    def __post_init__(self) -> None:
        zone(self.timezone)
        if self.days < 1:
            raise InputError(f"roster {self.name!r}: the horizon is empty. Give at least one day.")
        if self.step_min < 1 or 60 % self.step_min:
            raise InputError(f"roster {self.name!r}: step_min must divide 60, not {self.step_min}.")
        require(self.curves, CURVES)
        faults = demand_faults(self.queues, self.curves, self.horizon, self.step_min)
        faults += people_faults(
            queues=self.queues,
            agents=self.agents,
            contracts=self.contracts,
            patterns=self.patterns,
            curves=self.curves,
            horizon=self.horizon,
        )
        faults += before_faults(self.before, self.horizon)
        faults += law_faults(self.law, self.agents, self.contracts)
        faults += pattern_law_faults(self.law, self.agents, self.contracts, self.patterns, self.horizon)
        if self.locks and not faults:
            faults += lock_faults(
                self.locks,
                agents=self.agents,
                contracts=self.contracts,
                patterns=self.patterns,
                horizon=self.horizon,
                before=self.before,
            )
        if faults:
            raise FaultyFileError(faults)

    @property
    def horizon(self) -> Horizon:
        """The local days as a clock."""
        return Horizon(self.first, self.days, self.timezone)

    @cached_property
    def shifts(self) -> tuple[Shift, ...]:
        """Every shift any pattern allows, by day, pattern and start."""
        return tuple(all_shifts(self.patterns, self.horizon))

    def rule_set(self, contract: Contract) -> RuleSet | None:
        """Rules of law a contract stands under; None where they ask for nothing, or nobody asks for them."""
        found = self.law.sets.get(contract.rule_set)
        return found if found is not None and found.versions else None

    @cached_property
    def shift_of(self) -> Mapping[tuple[str, int], Shift]:
        """Every shift by its pattern and start."""
        return {(shift.pattern.id, shift.start_min): shift for shift in self.shifts}

    @cached_property
    def worked_before(self) -> Before:
        """What was worked before the first day, by person and day."""
        return worked_before(self.before, self.patterns, self.horizon)

    @cached_property
    def payroll(self) -> Mapping[str, Pay]:
        """What is paid beyond the cost of an hour, by contract."""
        return payroll(self.contracts, self.law, self.timezone)

    @cached_property
    def pools(self) -> tuple[tuple[int, ...], ...]:
        """Indices of the queues that are served as one, pool by pool."""
        return tuple((number,) for number in range(len(self.queues)))

    @cached_property
    def pool_of(self) -> tuple[int, ...]:
        """Pool of each queue."""
        pool = {queue: number for number, members in enumerate(self.pools) for queue in members}
        return tuple(pool[queue] for queue in range(len(self.queues)))

    @cached_property
    def yields(self) -> np.ndarray:
        """Positions on contacts that a person is worth in each pool and slot of the horizon, shape (pools, slots)."""
        slots = -(-self.horizon.midnight_min(self.days) // self.step_min)
        origin = pd.Timestamp(self.horizon.instant(0)).tz_convert("UTC")
        starts = origin + pd.to_timedelta(self.step_min * np.arange(slots), unit="min")
        return np.array([yields(self.queues[members[0]], starts, self.step_min) for members in self.pools])

    @cached_property
    def demand(self) -> Mapping[tuple[int, int], PoolDemand]:
        """Curves by (pool, slot) where contacts are expected or staff is needed anyway; slot 0 begins with the horizon."""
        index = {queue.id: number for number, queue in enumerate(self.queues)}
        frame = self.curves.sort_values(["queue", "start", "agents"], kind="stable")
        slots = slots_of(frame["start"], self.horizon, self.step_min)
        queues = frame["queue"].map(index).to_numpy()
        edges = np.flatnonzero((np.diff(queues) != 0) | (np.diff(slots) != 0)) + 1
        offered, agents, answered = (frame[name].to_numpy() for name in ("offered", "agents", "answered"))
        besides, staff = (
            frame["least_agents"].fillna(0.0).to_numpy(),
            [q.target.min_agents for q in self.queues],
        )
        spans = zip(np.r_[0, edges], np.r_[edges, len(frame)], strict=True) if len(frame) else ()
        return {
            (int(queues[a]), int(slots[a])): PoolDemand(
                (int(queues[a]),),
                offered[a : a + 1],
                agents[a:b],
                answered[None, a:b],
                max(float(besides[a]), float(staff[queues[a]])),
            )
            for a, b in spans
            if offered[a] > 0 or besides[a] > 0 or staff[queues[a]] > 0
        }


def slots_of(starts: pd.Series, horizon: Horizon, step_min: int) -> np.ndarray:
    """Slot each instant begins, counted from the horizon's start."""
    origin = pd.Timestamp(horizon.instant(0)).tz_convert("UTC")
    minutes = ((starts - origin) / pd.Timedelta(minutes=1)).to_numpy()
    return np.floor_divide(minutes, step_min).astype(np.int64)
