"""The pool of tours found so far, and the programmes that choose among them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from scheduling.named_rosters.problem import REST, NamedProblem
from scheduling.solver import Arrays

ROOM = 1024
"""Tours there is room for at first; the room is doubled where it is used up."""


class Columns:
    """Tours by person, each once.

    Parameters
    ----------
    problem
        Whose people.
    """

    def __init__(self, problem: NamedProblem) -> None:
        self._problem = problem
        self._numbers: dict[bytes, int] = {}
        self._persons = np.empty(ROOM, dtype=np.int64)
        self._tours = np.empty((ROOM, problem.days), dtype=np.int16)
        self._costs = np.empty(ROOM)

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, person: int, tours: Iterable[np.ndarray]) -> None:
        """Take in tours of a person, each a duty per day."""
        for tour in tours:
            number, short = len(self), tour.astype(np.int16)
            key = person.to_bytes(4, "little") + short.tobytes()
            if self._numbers.setdefault(key, number) < number:
                continue
            if number == self._persons.size:
                self._persons = np.concatenate([self._persons, np.empty_like(self._persons)])
                self._tours = np.concatenate([self._tours, np.empty_like(self._tours)])
                self._costs = np.concatenate([self._costs, np.empty_like(self._costs)])
            self._persons[number], self._tours[number] = person, short
            self._costs[number] = self._problem.wishes[person, np.arange(tour.size), tour].sum()

    @property
    def persons(self) -> np.ndarray:
        """Person of each tour."""
        return self._persons[: len(self)]

    @property
    def tours(self) -> np.ndarray:
        """Tours × days of duties."""
        return self._tours[: len(self)]

    def of(self, people: np.ndarray) -> np.ndarray:
        """Numbers of these people's tours."""
        among = np.zeros(len(self._problem.people), dtype=bool)
        among[people] = True
        return np.flatnonzero(among[self.persons])

    def reduced_costs(self, numbers: np.ndarray, worth: np.ndarray) -> np.ndarray:
        """Price of some tours' wishes less what their duties are worth, days × duties."""
        gained = worth[np.arange(self._problem.days), self.tours[numbers]].sum(axis=1)
        return np.asarray(self._costs[numbers] - gained)

    def programme(self, chosen: np.ndarray, people: np.ndarray, there: np.ndarray) -> Arrays:
        """Choose a tour for each of some people; set partitioning with priced cover.

        Parameters
        ----------
        chosen
            Numbers of the tours to choose from.
        people
            Whom to choose for.
        there
            Cover by everybody else, days × duties.

        Returns
        -------
        Arrays
            A column per chosen tour, then one per day and shift for people missing and one for those too many; a row
            per person, then one per day and shift.
        """
        cover, tours, number = self._problem.cover, self.tours[chosen], chosen.size
        cells = (cover.under + cover.over > 0).reshape(-1)
        cells.reshape(cover.wanted.shape)[:, REST] = False
        row_of_cell = np.full(cells.size, -1)
        row_of_cell[cells] = people.size + np.arange(cells.sum())
        row_of_person = np.full(len(self._problem.people), -1)
        row_of_person[people] = np.arange(people.size)
        covered = row_of_cell[tours + np.arange(self._problem.days) * cover.wanted.shape[1]]
        column, day = np.nonzero(covered >= 0)
        slack = np.arange(cells.sum())
        rows = np.concatenate(
            [
                row_of_person[self.persons[chosen]],
                covered[column, day],
                people.size + slack,
                people.size + slack,
            ]
        )
        entries = np.concatenate([np.arange(number), column, number + slack, number + slack.size + slack])
        factors = np.ones(rows.size)
        factors[factors.size - slack.size :] = -1.0
        shape = (people.size + slack.size, number + 2 * slack.size)
        right = np.concatenate([np.ones(people.size), (cover.wanted - there).reshape(-1)[cells]])
        return Arrays(
            cost=np.concatenate(
                [self._costs[chosen], cover.under.reshape(-1)[cells], cover.over.reshape(-1)[cells]]
            ),
            lower=np.zeros(shape[1]),
            upper=np.concatenate([np.ones(number), np.full(2 * slack.size, np.inf)]),
            # The slacks are whole by themselves where the tours are.
            integer=np.arange(shape[1]) < number,
            matrix=sparse.csr_array((factors, (rows, entries)), shape=shape),
            row_lower=right,
            row_upper=right,
        )

    def worth(self, row_duals: np.ndarray, people: int) -> np.ndarray:
        """What each duty is worth, days × duties, from the duals of a `programme` for that many people."""
        cover = self._problem.cover
        cells = cover.under + cover.over > 0
        cells[:, REST] = False
        worth = np.zeros(cover.wanted.shape)
        worth[cells] = np.clip(row_duals[people:], -cover.over[cells], cover.under[cells])
        return worth
