"""What the columns of a roster's integer programme mean; the functions add_… of the neighbours fill it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from scheduling.problem import RosterProblem
from scheduling.rosters.classes import AgentClass
from scheduling.rosters.programme import Programme
from scheduling.rosters.targets import PeriodTarget
from scheduling.rosters.tours import TourNetwork
from scheduling.solver import Arrays

SkillSet = frozenset[int]
"""Indices of the queues that people can serve."""


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
        Per class and crew.
    targets
        Over days, weeks or months.
    programme
        The programme.
    flow_columns
        Per class and crew: a column per arc of the network, people who go that way.
    shift_columns
        Per class: column by number of the shift, people who work it.
    break_columns
        By (skill set, number of the shift): per break of its pattern a column per place in the window.
    presence
        By skill set and slot: columns with the share of the slot each person of them is present.
    link_rows
        By (class, day, paid minutes, overnight): row that ties shifts to arcs.
    piece_columns
        By (queue, slot): positions along each piece of the answer curve.
    floor_slack
        Column by (queue, slot): positions missing to the slot's least.
    target_rows
        Row per period target, in contacts.
    target_slack
        Column per period target: contacts missing.
    rest_slack
        Columns of people with too little rest between two days.
    """

    problem: RosterProblem
    classes: tuple[AgentClass, ...]
    networks: tuple[tuple[TourNetwork, ...], ...]
    targets: tuple[PeriodTarget, ...]
    programme: Programme
    flow_columns: list[list[range]] = field(default_factory=list)
    shift_columns: list[dict[int, int]] = field(default_factory=list)
    break_columns: dict[tuple[SkillSet, int], list[range]] = field(default_factory=dict)
    presence: dict[SkillSet, dict[int, list[tuple[int, float]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    link_rows: dict[tuple[int, int, int, bool], int] = field(default_factory=dict)
    piece_columns: dict[tuple[int, int], range] = field(default_factory=dict)
    floor_slack: dict[tuple[int, int], int] = field(default_factory=dict)
    target_rows: list[int] = field(default_factory=list)
    target_slack: list[int] = field(default_factory=list)
    rest_slack: list[int] = field(default_factory=list)

    @property
    def arrays(self) -> Arrays:
        """The programme for the solver."""
        return self.programme.arrays

    @property
    def slack_columns(self) -> np.ndarray:
        """Every column that stands for something missing."""
        return np.array([*self.floor_slack.values(), *self.target_slack, *self.rest_slack], dtype=np.int64)

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
