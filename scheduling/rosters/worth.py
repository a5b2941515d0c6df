"""What one more person on contacts is worth, slot by slot, given who is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduling.allocation_kernel import split
from scheduling.rosters.answers import curve_pieces
from scheduling.rosters.model import Model, SkillSet
from scheduling.rosters.targets import least_agents

REACHED = 1e-6
"""A target missed by less than this share counts as reached."""


@dataclass(frozen=True)
class Split:
    """People split over pools where they are worth most.

    Parameters
    ----------
    reached
        Contacts of each target answered.
    below
        Positions missing to the least of all slots together.
    worth
        Of one more person of each skill set in each slot, shape (sets, slots): what they add to targets that are
        missed and to slots below their least.
    """

    reached: np.ndarray
    below: float
    worth: np.ndarray


@dataclass(frozen=True)
class Priced:
    """Curves at prices.

    Parameters
    ----------
    contacts
        Price of each entry of the market's, as many as it has.
    rise
        What is gained along the run that ends at each breakpoint.
    curve
        What is gained up to each breakpoint.
    floor_price
        Per position below a slot's least.
    """

    contacts: np.ndarray
    rise: np.ndarray
    curve: np.ndarray
    floor_price: float


@dataclass(frozen=True)
class Market:
    """Answer curves of all pools on one grid; their runs of agents are priced by the targets they help.

    Parameters
    ----------
    first, size
        First breakpoint of each pool's curve in each slot and how many it has, 0 where closed, shape
        (pools, slots).
    agents, run, owner
        Breakpoints of all curves end to end, the run of agents that ends at each (0 at a curve's first), and the
        pool and slot of each as one number, shape (points,).
    least
        Whether the run lies below the slot's least positions, shape (points,).
    entry_point, entry_target, entry_answered
        Contacts answered along the run that ends at a breakpoint that count for a target.
    wanted
        Contacts each target asks for.
    yields, priority
        Positions a person is worth in each pool and slot, shape (pools, slots); which of two equal pools comes
        first.
    serves
        Which pools a skill set serves, shape (sets, pools).
    """

    first: np.ndarray
    size: np.ndarray
    agents: np.ndarray
    run: np.ndarray
    owner: np.ndarray
    least: np.ndarray
    entry_point: np.ndarray
    entry_target: np.ndarray
    entry_answered: np.ndarray
    wanted: np.ndarray
    yields: np.ndarray
    priority: np.ndarray
    serves: np.ndarray

    def priced(self, prices: np.ndarray, floor_price: float) -> Priced:
        """Put a price on the contacts of each target and on positions below a slot's least."""
        contacts = self.entry_answered * prices[self.entry_target]
        rise = np.bincount(self.entry_point, contacts, self.agents.size)
        rise = rise + np.where(self.least, floor_price * self.run, 0.0)
        total = np.cumsum(rise)
        begins = (np.cumsum(self.size.ravel()) - self.size.ravel()).clip(max=max(total.size - 1, 0))
        opens = total[begins] if total.size else np.zeros(begins.size)
        return Priced(contacts, rise, total - opens[self.owner], floor_price)

    def given(self, people: np.ndarray, priced: Priced, slots: np.ndarray) -> np.ndarray:
        """Split people over pools where they gain most, in some slots.

        Parameters
        ----------
        people
            Of each skill set in each of these slots, shape (sets, len(slots)).
        priced
            What is gained.
        slots
            Their numbers.

        Returns
        -------
        ndarray
            People each pool gets, shape (pools, len(slots)).
        """
        return split(
            people,
            self.serves,
            np.ascontiguousarray(self.first[:, slots]),
            np.ascontiguousarray(self.size[:, slots]),
            self.agents,
            priced.curve,
            np.ascontiguousarray(self.yields[:, slots]),
            np.ones((self.size.shape[0], slots.size)),
            self.priority,
        )

    def judge(self, given: np.ndarray, priced: Priced) -> Split:
        """What a split of all slots, shape (pools, slots), reaches, and what one more person would be worth."""
        filled, more = self._filled(given), self._filled(given + 1.0)
        answered = self.entry_answered * filled[self.entry_point]
        reached = np.bincount(self.entry_target, answered, self.wanted.size)
        still = reached < self.wanted * (1 - REACHED)
        useful = np.bincount(self.entry_point, priced.contacts * still[self.entry_target], self.agents.size)
        useful = useful + np.where(self.least, priced.floor_price * self.run, 0.0)
        gain = np.bincount(self.owner, useful * (more - filled), self.size.size).reshape(self.size.shape)
        return Split(
            reached=reached,
            below=float((self.run * (1 - filled))[self.least].sum()),
            worth=np.where(self.serves[:, :, None], gain[None], 0.0).max(axis=1, initial=0.0),
        )

    def _filled(self, people: np.ndarray) -> np.ndarray:
        """Share of each run that is manned, 0–1."""
        positions = (people * self.yields).ravel()[self.owner]
        part = (positions - self.agents + self.run) / np.where(self.run > 0, self.run, 1.0)
        return np.asarray(np.where(self.run > 0, np.clip(part, 0.0, 1.0), 0.0))


def market(model: Model, sets: Sequence[SkillSet]) -> Market:
    """Lay a problem's curves on one grid, for people of these skill sets."""
    problem = model.problem
    pools, slots = len(problem.pools), 1 + max((slot for _, slot in problem.demand), default=0)
    first, size = np.zeros((pools, slots), dtype=np.int64), np.zeros((pools, slots), dtype=np.int64)
    target_of = {
        (target.queue, slot): number for number, target in enumerate(model.targets) for slot in target.slots
    }
    agents, runs, owners, least = [], [], [], []
    entries: list[tuple[np.ndarray, int, np.ndarray]] = []
    used = 0
    for (pool, slot), demand in sorted(problem.demand.items()):
        base = least_agents(problem, pool, slot)
        run, slopes = curve_pieces(demand, base)
        run = np.r_[0.0, run]
        first[pool, slot], size[pool, slot] = used, run.size
        agents.append(np.cumsum(run))
        runs.append(run)
        owners.append(np.full(run.size, pool * slots + slot))
        least.append((np.arange(run.size) == 1) & (base > 0))
        for queue, slope in zip(demand.queues, slopes, strict=True):
            if (queue, slot) in target_of:
                points = used + 1 + np.arange(slope.size)
                entries.append((points, target_of[queue, slot], slope * run[1:]))
        used += run.size
    return Market(
        first=first,
        size=size,
        agents=_joined(agents, float),
        run=_joined(runs, float),
        owner=_joined(owners, np.int64),
        least=_joined(least, bool),
        entry_point=_joined([points for points, _, _ in entries], np.int64),
        entry_target=_joined([np.full(points.size, target) for points, target, _ in entries], np.int64),
        entry_answered=_joined([answered for _, _, answered in entries], float),
        wanted=np.array([target.rate * target.offered for target in model.targets], dtype=float),
        yields=problem.yields[:, :slots],
        priority=np.array([problem.queues[members[0]].priority for members in problem.pools]),
        serves=np.array([[pool in own for pool in range(pools)] for own in sets], dtype=bool).reshape(
            len(sets), pools
        ),
    )


def _joined(parts: Sequence[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, dtype=kind)
