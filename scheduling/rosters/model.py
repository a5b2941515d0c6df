"""What the columns of a roster's integer programme mean; the functions add_… of the neighbours fill it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from scheduling.problem import RosterProblem
from scheduling.rosters.classes import AgentClass
from scheduling.rosters.duties import Duty
from scheduling.rosters.networks import Networks
from scheduling.rosters.programme import Programme
from scheduling.rosters.targets import PeriodTarget
from scheduling.rosters.tours import TourNetwork
from scheduling.solver import Arrays

SkillSet = frozenset[int]
"""Indices of the pools that people can serve."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """A programme and what its columns mean.

    Parameters
    ----------
    problem
        What was asked.
    classes
        The people.
    networks
        Of the crews.
    exact
        Numbers of the classes whose networks keep rest between days.
    tailed
        Numbers of the classes, among the exact ones, whose crews are split by what was worked before the first day.
        What is proven of a programme with such classes holds only after those days.
    targets
        Over days, weeks or months.
    programme
        The programme. Its columns up to `first_flow` do not depend on `exact`.
    flow_columns
        Per class and crew: a column per arc of the network, people who go that way.
    shift_columns
        Per class: column by number of the shift, people who work it.
    overtime_columns
        Hours above the normal ones of a class in a week or a cycle.
    break_columns
        By (skill set, number of the shift): per break of its pattern a column per place in the window.
    presence
        By skill set and slot: columns with the share of the slot each person of them is present.
    link_rows
        By (class, day, duty): row that ties shifts to arcs.
    piece_columns
        By (pool, slot): positions along each piece of the answer curves.
    floor_slack
        Column by (pool, slot): positions missing to the slot's least.
    target_rows
        Row per period target, in contacts.
    target_slack
        Column per period target: contacts missing.
    soft_slack
        Column per soft target: contacts missing, at its own price, as any other cost.
    rest_slack
        Columns of people with too little rest between two days.
    """

    problem: RosterProblem
    classes: tuple[AgentClass, ...]
    networks: Networks
    exact: frozenset[int]
    tailed: frozenset[int]
    targets: tuple[PeriodTarget, ...]
    programme: Programme
    flow_columns: list[list[range]] = field(default_factory=list)
    shift_columns: list[dict[int, int]] = field(default_factory=list)
    overtime_columns: list[int] = field(default_factory=list)
    break_columns: dict[tuple[SkillSet, int], list[range]] = field(default_factory=dict)
    presence: dict[SkillSet, dict[int, list[tuple[int, float]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    link_rows: dict[tuple[int, int, Duty], int] = field(default_factory=dict)
    piece_columns: dict[tuple[int, int], range] = field(default_factory=dict)
    floor_slack: dict[tuple[int, int], int] = field(default_factory=dict)
    target_rows: list[int] = field(default_factory=list)
    target_slack: list[int] = field(default_factory=list)
    soft_slack: list[int] = field(default_factory=list)
    rest_slack: list[int] = field(default_factory=list)

    def duties(self, number: int) -> dict[int, Duty]:
        """Duty of each shift a class may work, by the shift's number."""
        return self.networks.numbered(self.classes[number], exact=number in self.exact)

    def tours(self, number: int) -> tuple[TourNetwork, ...]:
        """Networks of a class's crews."""
        agent_class, exact = self.classes[number], number in self.exact
        return tuple(self.networks.of(agent_class, crew, exact=exact) for crew in agent_class.crews)

    @property
    def first_flow(self) -> int:
        """Number of the first column that counts tours."""
        return self.flow_columns[0][0].start if self.flow_columns else self.arrays.cost.size

    @property
    def arrays(self) -> Arrays:
        """The programme for the solver."""
        return self.programme.arrays

    @property
    def slack_columns(self) -> np.ndarray:
        """Every column that stands for something missing."""
        return np.array([*self.floor_slack.values(), *self.target_slack, *self.rest_slack], dtype=np.int64)

    @property
    def all_flow_columns(self) -> np.ndarray:
        """Every column that counts people on an arc."""
        columns = [column for flows in self.flow_columns for own in flows for column in own]
        return np.array(columns, dtype=np.int64)

    @property
    def all_break_columns(self) -> np.ndarray:
        """Every column that counts breaks."""
        places = (columns for breaks in self.break_columns.values() for columns in breaks)
        return np.array([column for columns in places for column in columns], dtype=np.int64)

    @property
    def all_shift_columns(self) -> np.ndarray:
        """Every column that counts shifts."""
        columns = [column for shifts in self.shift_columns for column in shifts.values()]
        return np.array(columns, dtype=np.int64)
