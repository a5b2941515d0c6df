"""One group's shifts dealt anew, day by day and by days in a row, so that they are shared more fairly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from scipy.optimize import linear_sum_assignment

from data.domain import Assignment
from scheduling.rosters.fair_members import Member, start_of
from scheduling.rosters.wishes import OVERTIME, STEADY, WISH
from scheduling.shifts import Shift
from scheduling.unsocial import KINDS, UNSOCIAL, Load

FORBIDDEN = 1e7
ROUNDS = 4
BLOCK = 80
"""People a day is dealt among at once."""
ENDS = 5
"""People at each end of a group whose days in a row may change hands."""
TRIES = 40
"""Spans of days that are tried between two of them."""
LESS = 1e-9
"""What falls by less than this does not fall."""


class Sharing:
    """One group's shifts."""

    def __init__(self, members: list[Member], loads: Mapping[int, Load], days: int) -> None:
        self._members = members
        self._loads = loads
        self._days = days
        self._weights = np.array(UNSOCIAL.weights)

    def work(self, in_time: Callable[[], bool]) -> None:
        """Deal day by day, then exchange days in a row, until nothing gains."""
        for _ in range(ROUNDS):
            gained = False
            for day in range(self._days):
                for block in self._blocks():
                    if not in_time():
                        return
                    gained |= self._deal(block, day)
            for one, other in list(self._ends()):
                if not in_time():
                    return
                gained |= self._exchange(one, other)
            if not gained:
                return

    def _blocks(self) -> Iterator[list[Member]]:
        """Those far above their share together with those far below."""
        ranked = sorted(self._members, key=lambda member: (self._beyond(member), member.agent.id))
        count = -(-len(ranked) // BLOCK)
        for first in range(count):
            yield ranked[first::count]

    def _beyond(self, member: Member) -> float:
        return float((member.load - member.share) @ self._weights)

    def _load(self, token: Assignment | None) -> Load:
        return Load() if token is None else self._loads[id(token)]

    def _deal(self, block: Sequence[Member], day: int) -> bool:
        """Deal a day's shifts and rests anew; true where that gains."""
        tokens = [member.held.get(day) for member in block]
        loads = np.array([self._load(token) for token in tokens], dtype=float)
        date = block[0].rules.horizon.day(day)
        wishing = [any(wish.day == date for wish in member.agent.wishes) for member in block]
        if (loads == loads[0]).all() and not any(wishing):
            return False
        shifts = [member.tour.get(day) for member in block]
        others = np.array([member.load - member.share for member in block]) - loads
        matrix = 2 * (others * self._weights) @ loads.T + (np.square(loads) @ self._weights)[None, :]
        matrix += self._unsteady(block, shifts, day)
        kinds = list(dict.fromkeys(shifts))
        place = {kind: number for number, kind in enumerate(kinds)}
        columns = [place[shift] for shift in shifts]
        for row, member in enumerate(block):
            allowed = np.array(member.rules.allowed(member.tour, day, kinds))
            costs = np.where(allowed, 0.0, FORBIDDEN)
            # As it stands is allowed, whatever a rule that cannot be told day by day says.
            costs[columns[row]] = 0.0
            if member.overtime is not None:
                costs += OVERTIME * np.array(member.overtime.extra_h(member.tour, day, kinds))
            matrix[row] += costs[columns]
            if wishing[row]:
                matrix[row] -= WISH * np.array([member.wished(day, token) for token in tokens])
        rows, chosen = linear_sum_assignment(matrix)
        if matrix[rows, chosen].sum() >= np.trace(matrix) - LESS:
            return False
        for member, column in zip(block, chosen.tolist(), strict=True):
            self._give(member, day, tokens[column], shifts[column])
        return True

    def _unsteady(self, block: Sequence[Member], shifts: Sequence[Shift | None], day: int) -> np.ndarray:
        """Cost of each person's neighbouring starts with each shift, shape (people, shifts)."""
        starts = np.array([np.nan if shift is None else start_of(shift) for shift in shifts], dtype=float)
        total = np.zeros((len(block), len(shifts)))
        for near in (day - 1, day + 1):
            own = np.array([start_of(m.tour[near]) if near in m.tour else np.nan for m in block], dtype=float)
            total += np.nan_to_num(np.abs(own[:, None] - starts[None, :]), nan=0.0)
        cost: np.ndarray = STEADY * total / 60
        return cost

    def _give(self, member: Member, day: int, token: Assignment | None, shift: Shift | None) -> None:
        member.load = member.load + np.array(self._load(token)) - np.array(self._load(member.held.get(day)))
        if token is None or shift is None:
            member.held.pop(day, None)
            member.tour.pop(day, None)
        else:
            member.held[day], member.tour[day] = token, shift

    def _ends(self) -> Iterator[tuple[Member, Member]]:
        """Pairs of those who work most of a kind beyond their share and those who work least."""
        seen: set[tuple[str, str]] = set()
        for kind in range(len(KINDS)):
            ranked = sorted(self._members, key=lambda m: (m.load[kind] - m.share[kind], m.agent.id))
            if ranked[-1].load[kind] - ranked[0].load[kind] < 1:
                continue
            for one, other in product(ranked[: -ENDS - 1 : -1], ranked[:ENDS]):
                key = one.agent.id, other.agent.id
                if one is not other and key not in seen and key[::-1] not in seen:
                    seen.add(key)
                    yield one, other

    def _exchange(self, one: Member, other: Member) -> bool:
        """Exchange what two people do on some days in a row where that gains and both may; the best of such spans."""
        if one.overtime is not None or other.overtime is not None:
            return False
        return any(self._swapped(one, other, span) for span in self._spans(one, other))

    def _spans(self, one: Member, other: Member) -> list[range]:
        """Days in a row whose exchange makes what is shared fairer, the best first."""
        daily = np.array(
            [
                np.subtract(self._load(other.held.get(day)), self._load(one.held.get(day)))
                for day in range(self._days)
            ],
            dtype=float,
        )
        upto = np.concatenate((np.zeros((1, len(KINDS))), np.cumsum(daily, axis=0)))
        firsts, ends = np.triu_indices(self._days + 1, 1)
        moved = upto[ends] - upto[firsts]
        apart = (one.load - one.share) - (other.load - other.share)
        # Both squares together, from where they are: moved goes to the one and away from the other.
        change = (2 * moved * (moved + apart)) @ self._weights
        order = np.lexsort((ends - firsts, np.round(change, 9)))[:TRIES]
        return [
            range(int(firsts[at]), int(ends[at]))
            for at in order
            if change[at] < -LESS and ends[at] - firsts[at] > 1
        ]

    def _swapped(self, one: Member, other: Member, span: range) -> bool:
        before = sum(member.unfair + member.dislike(span) for member in (one, other))
        self._swap(one, other, span)
        after = sum(member.unfair + member.dislike(span) for member in (one, other))
        if after < before - LESS and all(_allowed(member, span) for member in (one, other)):
            return True
        self._swap(one, other, span)
        return False

    def _swap(self, one: Member, other: Member, span: range) -> None:
        for day in span:
            mine, theirs = ((m.held.get(day), m.tour.get(day)) for m in (one, other))
            self._give(one, day, *theirs)
            self._give(other, day, *mine)


def _allowed(member: Member, span: range) -> bool:
    """Whether a tour may be what it is on days that changed, and on those beside them."""
    days = range(max(0, span.start - 2), min(member.rules.horizon.days, span.stop + 2))
    return all(member.rules.allows(member.tour, day, member.tour.get(day)) for day in days)
