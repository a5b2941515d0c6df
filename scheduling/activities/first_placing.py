"""A good placement to begin the search with: session by session, at the prices of the relaxation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from data.activities import Gathering
from scheduling.activities.sessions import Choice, Seat

ORDER = {Gathering.ALL: 0, Gathering.GROUPS: 1, Gathering.ALONE: 2}
"""The more people have to meet, the earlier they are placed."""

Busy = dict[str, list[Seat]]
"""Seats of each person."""


def first_placing(choices: Sequence[Choice], prices: Mapping[int, float]) -> frozenset[int]:
    """Columns of a placement that keeps every rule.

    Parameters
    ----------
    choices
        What can be chosen.
    prices
        By column of a seat: what it costs to have that person away then.
    """
    chosen: set[int] = set()
    busy: Busy = defaultdict(list)
    for choice in sorted(choices, key=lambda choice: ORDER[choice.turn.activity.gathering]):
        if choice.turn.activity.one_at_a_time:
            meetings = _Meetings(choice, prices, busy)
            meetings.hold()
            meetings.bring_in()
            seats = list(meetings.seats())
            chosen.update(choice.held[start] for start in meetings.members)
        else:
            seats = list(_alone(choice, prices, busy))
        for seat in seats:
            busy[seat.agent_id].append(seat)
        chosen.update(seat.column for seat in seats)
    return frozenset(chosen)


def _alone(choice: Choice, prices: Mapping[int, float], busy: Busy) -> Iterator[Seat]:
    """Each person where they are missed least, those who are missed least first."""
    placed: set[str] = set()
    for seat in sorted(choice.seats, key=lambda seat: (prices[seat.column], seat.start_min)):
        if len(placed) == choice.turn.wanted or prices[seat.column] >= choice.price:
            return
        if seat.agent_id not in placed and _is_free(seat, busy):
            placed.add(seat.agent_id)
            yield seat


class _Meetings:
    """Sessions of a turn that do not overlap, and who sits in them."""

    def __init__(self, choice: Choice, prices: Mapping[int, float], busy: Busy) -> None:
        self._choice, self._prices = choice, prices
        activity = choice.turn.activity
        self._coaches = {seat.start_min: seat for seat in choice.all_seats[len(choice.seats) :]}
        self._able: dict[int, dict[str, Seat]] = defaultdict(dict)
        self._starts: Counter[str] = Counter()
        for seat in choice.seats:
            coach = self._coaches.get(seat.start_min)
            if _is_free(seat, busy) and (coach is None or _is_free(coach, busy)):
                self._able[seat.start_min][seat.agent_id] = seat
                self._starts[seat.agent_id] += 1
        self._least = activity.least
        self._most = int(min(activity.most_in_session, len(choice.turn.people)))
        self._most_sessions = 1 if activity.gathering is Gathering.ALL else len(self._able)
        self.members: dict[int, dict[str, Seat]] = {}

    def seats(self) -> Iterator[Seat]:
        """Seats that are taken, the coach's among them."""
        for start, members in self.members.items():
            yield from members.values()
            if start in self._coaches:
                yield self._coaches[start]

    def hold(self) -> None:
        """Session after session, each the one that is worth most to those who had none."""
        placed: set[str] = set()
        while len(placed) < self._choice.turn.wanted and len(self.members) < self._most_sessions:
            best: tuple[float, list[Seat]] = (0.0, [])
            for start in filter(self._is_open, self._able):
                able = [seat for name, seat in self._able[start].items() if name not in placed]
                # Who could come at few other times goes first, or the last ones find no time together.
                able.sort(key=lambda seat: (self._starts[seat.agent_id], self._price(seat)))
                worth = self._worth(start, able[: self._most])
                if len(able) >= self._least and worth > best[0]:
                    best = (worth, able[: self._most])
            if not best[1]:
                return
            self.members[best[1][0].start_min] = {seat.agent_id: seat for seat in best[1]}
            placed.update(seat.agent_id for seat in best[1])

    def bring_in(self) -> None:
        """People who are left over join others, who make room or keep them company."""
        placed = {name for members in self.members.values() for name in members}
        left = sorted(self._starts.keys() - placed, key=lambda name: (self._starts[name], name))
        for name in left[: max(0, self._choice.turn.wanted - len(placed))]:
            starts = [start for start, able in self._able.items() if name in able]
            starts.sort(key=lambda start: self._price(self._able[start][name]))
            if not any(self._join(name, start) for start in starts if start in self.members):
                any(self._found(name, start) for start in starts if self._is_open(start))

    def _join(self, name: str, start: int) -> bool:
        """Sit in a session that is held, if need be in the place of somebody who goes to another."""
        members = self.members[start]
        if len(members) == self._most:
            for other, there in self.members.items():
                movable = members.keys() & self._able[other].keys()
                if other != start and len(there) < self._most and movable:
                    moved = min(movable)
                    there[moved] = self._able[other][moved]
                    del members[moved]
                    break
            else:
                return False
        members[name] = self._able[start][name]
        return True

    def _found(self, name: str, start: int) -> bool:
        """Hold another session with people whom theirs can spare."""
        if len(self.members) == self._most_sessions or self._worth(start, [self._able[start][name]]) <= 0:
            return False
        spare = {other: len(members) - self._least for other, members in self.members.items()}
        company: list[tuple[str, int]] = []
        for other, members in self.members.items():
            able = sorted(members.keys() & self._able[start].keys())[: max(0, spare[other])]
            company += [(person, other) for person in able]
        if len(company) < self._least - 1:
            return False
        made = {name: self._able[start][name]}
        for person, other in company[: self._least - 1]:
            made[person] = self._able[start][person]
            del self.members[other][person]
        self.members[start] = made
        return True

    def _is_open(self, start: int) -> bool:
        length_min = self._choice.turn.activity.length_min
        return all(abs(start - other) >= length_min for other in self.members)

    def _worth(self, start: int, members: Sequence[Seat]) -> float:
        coach = self._coaches.get(start)
        worth = sum(self._choice.price - self._price(seat) for seat in members)
        return worth - (0.0 if coach is None else self._price(coach))

    def _price(self, seat: Seat) -> float:
        return self._prices[seat.column]


def _is_free(seat: Seat, busy: Mapping[str, Sequence[Seat]]) -> bool:
    others = busy.get(seat.agent_id, ())
    return all(seat.end_min <= other.start_min or other.end_min <= seat.start_min for other in others)
