"""Changing one tour after another, each time the one that gains most; nothing is proven, and there is no solver.

What a person's presence is worth follows from the answer curves and from who is there (`rosters.worth`), the best tour for
it from a longest path. At the worth of one person more, the gain of a change is never underestimated: curves are concave,
so that what comes is worth at most that, and what goes at least. So only those that promise most are counted exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from scheduling.resolve.columns import Column, Columns
from scheduling.resolve.demand import NOWHERE
from scheduling.resolve.people import NO_SKILLS, Person, Prices
from scheduling.rosters.at_work import reaching_in
from scheduling.rosters.prices import floor_price, target_prices
from scheduling.rosters.worth import Market, Priced, Split, market

COUNTED = 12
"""Changes counted exactly before one is taken, at most."""
ROUNDS = 4
"""Times that all changed tours are chosen anew."""
PUT_OUT = 3
"""Tours that are tried to be taken back for one that is put in."""
LEAST_GAIN = 1e-6


@dataclass(eq=False)
class Descent:
    """A roster on which one tour after another is changed.

    Parameters
    ----------
    columns
        Whose tours may change, and into what; tours that are tried are added.
    in_time
        Whether there is time for another step.
    """

    columns: Columns
    in_time: Callable[[], bool]
    changed: dict[int, Column] = field(default_factory=dict, init=False)
    """Changed tours by number of the person."""

    def __post_init__(self) -> None:
        self._there = self._spread(self.columns.there)
        rows = {skills: row for row, skills in enumerate(self.columns.demanded.skills)}
        for (skills, slot), people in reaching_in(self.columns.demanded.model.problem).items():
            if skills in rows and slot < self._there.shape[1]:
                self._there[rows[skills], slot] += people

    @cached_property
    def _market(self) -> Market:
        return market(self.columns.demanded.model, self.columns.demanded.skills)

    @cached_property
    def _prices(self) -> np.ndarray:
        return np.array(target_prices(self.columns.demanded.model))

    @cached_property
    def _priced(self) -> Priced:
        return self._market.priced(self._prices, floor_price(self.columns.demanded.model))

    def run(self) -> None:
        """Change tours until none gains anything or no more may, then choose the changed ones anew."""
        self._change(self._left)
        self._choose_all_anew()

    def round(self, shares: Mapping[int, float]) -> None:
        """Begin with the tours a relaxation takes most of, put more of them in, and choose the changed ones anew.

        Parameters
        ----------
        shares
            Of the tours it takes, by their number among those found.
        """
        found = self.columns.found
        ordered = sorted(shares, key=lambda number: (-shares[number], number))
        pool = [found[number] for number in ordered if self.columns.usable(found[number])]
        self.changed = {}
        for column in pool:
            if column.person not in self.changed and self._left > 0:
                self.changed[column.person] = column
        for number, person in enumerate(self.columns.people):
            if person.must and number not in self.changed:
                own = (column for column in found if column.person == number)
                self.changed[number] = next(column for column in own if self.columns.usable(column))
        while self._left < 0:
            last = next(n for n in reversed(self.changed) if not self.columns.people[n].must)
            del self.changed[last]
        for _ in range(ROUNDS):
            if not (self._put_in(pool) and self.in_time()):
                break
        self._choose_all_anew()

    def _put_in(self, pool: Sequence[Column]) -> bool:
        """Put tours in for others, or take some out, where that gains something; whether any did."""
        there = self._present()
        value, gained, worth = self._value(there, self.changed), False, self._split(there).worth
        for column in pool:
            if not self.in_time():
                break
            if self.changed.get(column.person) is column:
                continue
            for out in self._out_for(column, worth):
                changed = {number: own for number, own in self.changed.items() if number != out}
                changed[column.person] = column
                better = self._value(self._present(changed), changed)
                if better < value - LEAST_GAIN:
                    self.changed, value, gained = changed, better, True
                    break
        return gained

    def _out_for(self, column: Column, worth: np.ndarray) -> list[int | None]:
        """Whose tours may go back to what stands for that of a column, those missed least; None where nobody's has to."""
        if column.person in self.changed or self._left > 0:
            return [None]
        missed = {
            number: float((self._added(own) * worth).sum()) - own.cost
            for number, own in self.changed.items()
            if not self.columns.people[number].must
        }
        return [*sorted(missed, key=lambda number: (missed[number], number))[:PUT_OUT]]

    def _choose_all_anew(self) -> None:
        for _ in range(ROUNDS):
            if not self.in_time() or not self._choose_anew():
                break
            self._change(self._left)

    @property
    def _left(self) -> int:
        """Tours that may still change."""
        most = self.columns.budget.most
        return len(self.columns.people) if most is None else most - len(self.changed)

    def _change(self, most: int) -> None:
        for _ in range(most):
            if not self.in_time() or not self._change_one():
                break

    def _change_one(self) -> bool:
        """Change the tour that gains most; whether any gains something."""
        there = self._present()
        value = self._value(there, self.changed)
        prices = Prices(self.columns.work, self._split(there).worth)
        hopes = []
        for number, person in enumerate(self.columns.people):
            if number not in self.changed:
                net = prices.net(person)
                tour = person.graph.best(net, person.due)
                if tour is not None:
                    hope = sum((net[n] for n in tour.values()), start=0.0) - prices.standing(person)
                    hopes.append((hope - self.columns.budget.price, number))
        hopes.sort(key=lambda one: (-one[0], one[1]))
        best: tuple[float, Column] | None = None
        for hope, number in hopes[:COUNTED]:
            if hope <= (LEAST_GAIN if best is None else best[0]):
                break
            column = self._best(number, there)
            if column is not None:
                gain = value - self._value(there + self._added(column), {**self.changed, number: column})
                if gain > LEAST_GAIN and (best is None or gain > best[0]):
                    best = gain, column
        if best is None:
            return False
        self.changed[best[1].person] = best[1]
        return True

    def _choose_anew(self) -> bool:
        """Let each changed person choose anew, or go back to what stands; whether anything was gained."""
        gained = False
        for number in list(self.changed):
            if not self.in_time():
                break
            held = self.changed.pop(number)
            there = self._present()
            options: list[Column | None] = [held, self._best(number, there)]
            if not self.columns.people[number].must:
                options.append(None)
            values = [self._with(there, option) for option in options]
            taken = int(np.argmin(np.array(values) + LEAST_GAIN * (np.arange(len(values)) > 0)))
            option = options[taken]
            gained |= taken > 0
            if option is not None:
                self.changed[number] = option
        return gained

    def _with(self, there: np.ndarray, column: Column | None) -> float:
        if column is None:
            return self._value(there, self.changed)
        changed = {**self.changed, column.person: column}
        return self._value(there + self._added(column), changed)

    def _best(self, number: int, there: np.ndarray) -> Column | None:
        """The best tour of somebody whose standing tour is taken out of those who are there; None where it is that one."""
        columns, person = self.columns, self.columns.people[number]
        prices = Prices(columns.work, self._split(there - self._standing(person)).worth)
        tour = person.graph.best(prices.net(person), person.due)
        if tour is None:
            return None
        offsets = {day: prices.offsets(person, tour[day]) for day in columns.changed_days(number, tour)}
        columns.add(number, tour, offsets)
        found = columns.known(number, tour, offsets)
        return found if found is not None and columns.usable(found) else None

    def _standing(self, person: Person) -> np.ndarray:
        """The person's part of those who are there while nothing changes."""
        presence = np.zeros_like(self._there)
        if person.skills == NO_SKILLS:
            return presence
        for shift in person.standing.values():
            slots, shares = self.columns.work.standing_presence(shift)
            known = slots < presence.shape[1]
            presence[person.skills, slots[known]] += shares[known]
        return presence

    def _present(self, changed: Mapping[int, Column] | None = None) -> np.ndarray:
        """People of each skill set present in each slot, shape (sets, slots)."""
        people = np.zeros(self.columns.there.size)
        for column in (self.changed if changed is None else changed).values():
            people[column.places] += column.shares
        there: np.ndarray = self._there + self._spread(people)
        return there

    def _added(self, column: Column) -> np.ndarray:
        people = np.zeros(self.columns.there.size)
        people[column.places] = column.shares
        return self._spread(people)

    def _spread(self, people: np.ndarray) -> np.ndarray:
        """People by place as people by skill set and slot."""
        places = self.columns.demanded.places
        spread: np.ndarray = np.where(places == NOWHERE, 0.0, np.r_[people, 0.0][places])
        return spread

    def _split(self, there: np.ndarray) -> Split:
        slots = np.arange(there.shape[1])
        given = self._market.given(np.maximum(there, 0.0), self._priced, slots)
        return self._market.judge(given, self._priced)

    def _value(self, there: np.ndarray, changed: Mapping[int, Column]) -> float:
        """Cost of hours and changes, and price of what is missed, as far as a split at fixed prices tells."""
        split = self._split(there)
        missing = float((self._prices * np.maximum(self._market.wanted - split.reached, 0.0)).sum())
        cost = sum(column.cost for column in changed.values()) + self.columns.budget.price * len(changed)
        return missing + self._priced.floor_price * split.below + self.columns.standing_cost + cost
