"""A roster at once, without any solver: people choose one after another the tour that helps most.

What a person's presence is worth follows from the answer curves and from who is there already (`worth`); the best
tour for it is a longest path through a network that keeps every rule (`best_tour`). In further rounds everybody
chooses anew, given all others, at higher prices for what is still missed. It is what there is to return when time
is short, and it is clean by construction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.domain import Agent, Assignment, Break, Roster
from scheduling.rosters.at_work import reaching_in
from scheduling.rosters.best_tour import BestTours
from scheduling.rosters.limits import Watch
from scheduling.rosters.model import Model
from scheduling.rosters.prices import EXCESS, floor_price, target_prices
from scheduling.rosters.shift_worth import ShiftWorth
from scheduling.rosters.worth import REACHED, Split, market
from scheduling.shifts import cover

ROUNDS, MOST_ROUNDS = 2, 12
"""Rounds at first, and in all."""
SHARE = 0.1
"""Share of the time the first rounds may take."""
FIRST_SHARE, FIRST_S = 0.5, 2.0
"""Share of the time, and wall time at least, that the very first may take: it is what there is to return. Who has
not chosen by then takes the cheapest tour."""
FIRST_PRICE = 2.0
"""A missed contact costs this many times the hours that would answer it at the target's steepness, to begin with."""
DEARER, CHEAPER = 2.0, 0.8
"""Factor on the price of a target that is missed, and of one that is reached by more than a hundredth."""

Work = tuple[int, tuple[int, ...]]
"""Number of a shift and the minutes from its start to each of its breaks."""
Tour = dict[int, Work]
"""Work by day."""


class Draft:
    """A roster in the making.

    Parameters
    ----------
    model
        What is asked.
    watch
        A wish to stop ends each piece of work.
    """

    def __init__(self, model: Model, watch: Watch) -> None:
        self._drafting = _Drafting(model)
        self._watch = watch
        self._rounds = 0
        self._best: list[Tour] = []
        self._least = (np.inf, np.inf)

    def begin(self) -> Roster:
        """A named roster that keeps every rule and reaches the targets as well as it can in a tenth of the time."""
        watch = self._watch
        until_s = watch.until_s(SHARE)
        self._work(max(watch.until_s(FIRST_SHARE), watch.elapsed_s + FIRST_S), 1)
        return self._work(until_s, ROUNDS)

    def go_on(self, until_s: float) -> Roster:
        """More rounds, until that wall time since the start of everything."""
        return self._work(until_s, MOST_ROUNDS)

    def _work(self, until_s: float, rounds: int) -> Roster:
        def in_time() -> bool:
            return self._watch.elapsed_s < until_s and not self._watch.stopped()

        while self._rounds < rounds and (in_time() or not self._best):
            self._drafting.choose_all(in_time)
            judged = self._drafting.judged()
            if judged < self._least:
                self._best, self._least = [dict(tour) for tour in self._drafting.chosen], judged
            if not in_time():
                break
            self._rounds += 1
            self._drafting.change_prices()
        return self._drafting.roster(self._best)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Somebody who chooses; the number of the class, the row of the skill set."""

    agent: Agent
    number: int
    row: int
    tours: BestTours


class _Drafting:
    """Who has chosen what so far, and what it answers."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._sets = sorted({agent_class.pools for agent_class in model.classes}, key=sorted)
        self._market = market(model, self._sets)
        self._prices = np.array(target_prices(model)) * (FIRST_PRICE / EXCESS)
        self._floor_price = floor_price(model)
        slots = self._market.size.shape[1]
        self._present = np.zeros((len(self._sets), slots))
        for (skills, slot), people in reaching_in(model.problem).items():
            if skills in self._sets and slot < slots:
                self._present[self._sets.index(skills), slot] += people
        self._given = np.zeros(self._market.size.shape)
        self._stale = np.ones(slots, dtype=bool)
        self._priced = self._market.priced(self._prices, self._floor_price)
        self.chosen: list[Tour] = [{} for _ in self._people]
        self._have_chosen: set[int] = set()

    @cached_property
    def _people(self) -> list[_Candidate]:
        """Everybody, those with fewest pools first: the others fill what is left."""
        model, row = self._model, {skills: row for row, skills in enumerate(self._sets)}
        found = []
        for number, agent_class in enumerate(model.classes):
            duties = model.networks.numbered(agent_class, exact=True)
            for crew in model.networks.split(agent_class).crews:
                network = model.networks.of(agent_class, crew, exact=True)
                tours = BestTours(network, duties, model.problem.shifts)
                found += [_Candidate(agent, number, row[agent_class.pools], tours) for agent in crew.agents]
        return sorted(found, key=lambda person: (len(model.classes[person.number].pools), person.agent.id))

    @cached_property
    def _shift_worth(self) -> list[ShiftWorth]:
        """Per class."""
        return [ShiftWorth(self._model.problem, own.shifts) for own in self._model.classes]

    @cached_property
    def _costs(self) -> list[np.ndarray]:
        """Cost of every shift to each class."""
        shifts = self._model.problem.shifts
        return [np.array([own.cost(shift) for shift in shifts]) for own in self._model.classes]

    def choose_all(self, in_time: Callable[[], bool]) -> None:
        """Let everybody choose anew; once time is up, those who never have take the cheapest tour."""
        for place, person in enumerate(self._people):
            if in_time():
                self._add(person, self.chosen[place], -1.0)
                self.chosen[place] = self._choice(person)
                self._add(person, self.chosen[place], 1.0)
            elif place not in self._have_chosen:
                self.chosen[place] = self._cheapest(person)
                self._add(person, self.chosen[place], 1.0)
            self._have_chosen.add(place)

    def _choice(self, person: _Candidate) -> Tour:
        own, shift_worth = self._split().worth[person.row], self._shift_worth[person.number]
        worth = shift_worth.of(own) - self._costs[person.number]
        chosen = person.tours.best(worth)
        return {day: (shift, shift_worth.offsets(own, shift)) for day, shift in chosen.items()}

    def _cheapest(self, person: _Candidate) -> Tour:
        nothing, shift_worth = np.zeros(self._present.shape[1]), self._shift_worth[person.number]
        chosen = person.tours.best(-self._costs[person.number])
        return {day: (shift, shift_worth.offsets(nothing, shift)) for day, shift in chosen.items()}

    def _split(self) -> Split:
        """People split over pools; only slots where somebody came or went are split anew."""
        stale = np.flatnonzero(self._stale)
        if stale.size:
            people = np.ascontiguousarray(np.maximum(self._present[:, stale], 0.0))
            self._given[:, stale] = self._market.given(people, self._priced, stale)
            self._stale[:] = False
        return self._market.judge(self._given, self._priced)

    def _add(self, person: _Candidate, tour: Tour, sign: float) -> None:
        step_min, slots = self._model.problem.step_min, self._present.shape[1]
        for number, offsets in tour.values():
            shift = self._model.problem.shifts[number]
            self._stale[shift.start_min // step_min : -(-shift.end_min // step_min)] = True
            spans = [(shift.start_min, shift.end_min, sign)]
            for rule, offset in zip(shift.pattern.breaks, offsets, strict=True):
                begin = shift.start_min + offset
                spans.append((begin, begin + rule.length_min, -sign))
            for begin, end, factor in spans:
                for slot, share in cover(begin, end, step_min):
                    if slot < slots:
                        self._present[person.row, slot] += factor * share

    def judged(self) -> tuple[float, float]:
        """Share of targets and positions missed, and cost: less of the first is better, then less of the second."""
        split = self._split()
        wanted = np.maximum(self._market.wanted, 1e-9)
        missed = float(np.maximum(0.0, 1 - split.reached / wanted).sum()) + split.below
        cost = sum(
            self._costs[person.number][number]
            for person, tour in zip(self._people, self.chosen, strict=True)
            for number, _ in tour.values()
        )
        return (missed if missed > REACHED else 0.0), float(cost)

    def change_prices(self) -> None:
        """Make what is missed dearer, and what is reached with room to spare cheaper."""
        split = self._split()
        share = split.reached / np.maximum(self._market.wanted, 1e-9)
        factors = np.where(share < 1 - REACHED, DEARER, np.where(share > 1.01, CHEAPER, 1.0))
        self._prices = self._prices * factors
        if split.below > REACHED:
            self._floor_price *= DEARER
        self._priced = self._market.priced(self._prices, self._floor_price)
        self._stale[:] = True

    def roster(self, chosen: list[Tour]) -> Roster:
        """The roster of these tours."""
        problem = self._model.problem
        horizon = problem.horizon
        made = []
        for person, tour in zip(self._people, chosen, strict=True):
            for number, offsets in tour.values():
                shift = problem.shifts[number]
                breaks = []
                for rule, offset in zip(shift.pattern.breaks, offsets, strict=True):
                    start_min = shift.start_min + offset
                    start, end = horizon.instant(start_min), horizon.instant(start_min + rule.length_min)
                    breaks.append(Break(kind=rule.kind, start=start, end=end, paid=rule.paid))
                made.append(
                    Assignment(
                        agent_id=person.agent.id,
                        day=horizon.day(shift.day),
                        pattern=shift.pattern.id,
                        start=horizon.instant(shift.start_min),
                        end=horizon.instant(shift.end_min),
                        breaks=tuple(breaks),
                    )
                )
        return Roster(
            name=problem.name,
            first=problem.first,
            days=problem.days,
            timezone=problem.timezone,
            assignments=tuple(sorted(made, key=lambda shift: (shift.agent_id, shift.day))),
        )
