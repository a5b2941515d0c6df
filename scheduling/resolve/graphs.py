"""The networks of people's tours over the days that are free, as arrays; shared by all who have the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from data.domain import Agent
from data.errors import InfeasibleError
from scheduling.problem import RosterProblem
from scheduling.resolve.kernels import longest_path, worth_to_go
from scheduling.rosters.classes import AgentClass, Crew, protected_of, shifts_of
from scheduling.rosters.duties import Duty
from scheduling.rosters.law_rules import lawful_contract
from scheduling.rosters.networks import Networks
from scheduling.rosters.premiums import shift_pays
from scheduling.rosters.tours import TourNetwork

WAITS = -1
"""Day of an arc that spends none."""


@dataclass(frozen=True, eq=False)
class Graph:
    """Tours of people who share contract, days off and what was worked before.

    Parameters
    ----------
    network
        Every rule between days is in its shape.
    duties
        Duty of each shift by its number.
    days
        Day of each of those shifts.
    """

    network: TourNetwork
    duties: Mapping[int, Duty]
    days: Mapping[int, int]

    @cached_property
    def nodes(self) -> int:
        """How many nodes there are."""
        return int(self.network.heads.max()) + 1

    @cached_property
    def members(self) -> tuple[np.ndarray, np.ndarray]:
        """Shifts by duty and day end to end, and the first place of each such group."""
        groups = self._members.values()
        sizes = [len(own) for own in groups]
        numbers = np.array([number for own in groups for number in own], dtype=np.int64)
        return numbers, np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)

    @cached_property
    def group(self) -> np.ndarray:
        """Group of each arc, −1 for rest and for waiting."""
        place = {key: number for number, key in enumerate(self._members)}
        return np.array(
            [-1 if arc.duty is None else place[arc.day, arc.duty] for arc in self.network.arcs],
            dtype=np.int64,
        )

    @cached_property
    def day(self) -> np.ndarray:
        """Day that each arc spends, `WAITS` where it spends none."""
        return np.array([WAITS if arc.waits else arc.day for arc in self.network.arcs], dtype=np.int64)

    @cached_property
    def _members(self) -> dict[tuple[int, Duty], list[int]]:
        found: dict[tuple[int, Duty], list[int]] = defaultdict(list)
        for number, duty in self.duties.items():
            found[self.days[number], duty].append(number)
        return found

    def arc_worth(self, worth: np.ndarray, due: np.ndarray) -> np.ndarray:
        """What each arc is worth, by the best shift of its duty.

        Parameters
        ----------
        worth
            Of each shift by its number; −∞ for those that may not be worked.
        due
            Whether a day must be worked, per day.
        """
        numbers, firsts = self.members
        rest = np.where((self.day >= 0) & due[self.day.clip(0)], -np.inf, 0.0)
        if not numbers.size:
            return rest
        best = np.maximum.reduceat(worth[numbers], firsts)
        return np.where(self.group >= 0, best[self.group.clip(0)], rest)

    def best(self, worth: np.ndarray, due: np.ndarray) -> dict[int, int] | None:
        """Number of the shift of each day worked in the tour that is worth most; None where there is none."""
        path = longest_path(self.network.tails, self.network.heads, self.arc_worth(worth, due), self.nodes)
        if not path.size:
            return None
        return {
            int(self.day[arc]): self._best_of(int(self.group[arc]), worth)
            for arc in path
            if self.group[arc] >= 0
        }

    def _best_of(self, group: int, worth: np.ndarray) -> int:
        own = self._of(group)
        return int(own[np.argmax(worth[own])])

    def _of(self, group: int) -> np.ndarray:
        numbers, firsts = self.members
        end = firsts[group + 1] if group + 1 < firsts.size else numbers.size
        return numbers[firsts[group] : end]

    def near(
        self, worth: np.ndarray, due: np.ndarray, least: float, most: int
    ) -> list[dict[int, int]] | None:
        """Every tour that is worth more than `least`; None where there are more than `most`."""
        arcs = self.arc_worth(worth, due)
        to_go = worth_to_go(self.network.tails, self.network.heads, arcs, self.nodes)
        found: list[dict[int, int]] = []
        open_ends: list[tuple[int, float, dict[int, int]]] = [(0, 0.0, {})]
        while open_ends:
            node, sofar, tour = open_ends.pop()
            if node == self.nodes - 1:
                found.append(tour)
                if len(found) > most:
                    return None
                continue
            for arc in self.network.leaving.get(node, ()):
                head, group = int(self.network.heads[arc]), int(self.group[arc])
                steps = [(arcs[arc], tour)]
                if group >= 0:
                    steps = [(worth[n], {**tour, int(self.day[arc]): int(n)}) for n in self._of(group)]
                open_ends += [
                    (head, sofar + own, made) for own, made in steps if sofar + own + to_go[head] > least
                ]
        return found


@dataclass(frozen=True, eq=False)
class Graphs:
    """Graphs of a problem's people, each built once.

    Parameters
    ----------
    problem
        The days that are free; what was worked before them is in its `before`.
    """

    problem: RosterProblem
    _graphs: dict[tuple[str, Crew], Graph | None] = field(default_factory=dict)

    @cached_property
    def _networks(self) -> Networks:
        return Networks(self.problem, self.problem.worked_before)

    @cached_property
    def _classes(self) -> dict[str, AgentClass]:
        """Per contract everybody who has it, in crews of one each, and the shifts it may work."""
        found: dict[str, list[Crew]] = defaultdict(list)
        contracts = {contract.id: contract for contract in self.problem.contracts}
        days = {self.problem.horizon.day(index): index for index in range(self.problem.days + 1)}
        for agent in self.problem.agents:
            off = frozenset(days[day] for day in agent.time_off if day in days)
            protected = protected_of(agent, contracts[agent.contract], self.problem)
            found[agent.contract].append(Crew((agent,), off, protected=protected))
        return {
            contract.id: self._networks.split(
                AgentClass(
                    lawful_contract(contract, self.problem.rule_set(contract), self.problem.horizon),
                    frozenset(),
                    tuple(found[contract.id]),
                    shifts_of(contract, self.problem),
                    pays=shift_pays(contract, self.problem),
                )
            )
            for contract in self.problem.contracts
            if contract.id in found
        }

    @cached_property
    def _crews(self) -> dict[str, tuple[AgentClass, Crew]]:
        return {
            agent.id: (own, crew)
            for own in self._classes.values()
            for crew in own.crews
            for agent in crew.agents
        }

    def of(self, agent: Agent) -> Graph | None:
        """The tours of a person; None where contract, time off and the days before leave none."""
        own, crew = self._crews[agent.id]
        key = own.contract.id, replace(crew, agents=())
        if key not in self._graphs:
            try:
                network = self._networks.of(own, crew, exact=True)
            except InfeasibleError:
                self._graphs[key] = None
            else:
                duties = self._networks.numbered(own, exact=True)
                days = {number: self.problem.shifts[number].day for number in duties}
                self._graphs[key] = Graph(network, duties, days)
        return self._graphs[key]

    def contract(self, agent: Agent) -> AgentClass:
        """Contract of a person with the shifts it may work."""
        return self._crews[agent.id][0]
