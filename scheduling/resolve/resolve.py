"""From a roster that stands to one with few changes: the one function to call."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np

from data.domain import Assignment, Roster, Status
from data.errors import InputError
from scheduling.locks import assignment, first_offsets
from scheduling.problem import RosterProblem
from scheduling.resolve.choice import choose, choose_exactly
from scheduling.resolve.columns import Budget, Column, Columns
from scheduling.resolve.demand import Demanded, demanded
from scheduling.resolve.descent import Descent
from scheduling.resolve.generation import Generation
from scheduling.resolve.outcome import Absence, Changed, ResolveOutcome
from scheduling.resolve.people import Offsets, Person, Tour, nearest
from scheduling.resolve.standing import Standing
from scheduling.rosters.limits import Limits, Report, Stop, Watch
from scheduling.rosters.recount import cost_of, shortfalls
from scheduling.solver import relax

SLIGHT = 1e-3
"""A changed tour costs this share of the dearest hour where it has no price: none changes for nothing."""
DESCENT_SHARE = 0.5
"""Share of the time left for changing one tour after another."""
RELAXATION_SHARE, CHOICE_SHARE, BREAKS_SHARE = 0.5, 0.7, 0.2
"""Shares of the time left for the relaxation over all tours, then for the choice among them, and for placing breaks."""
CHOICE_S = 4.0
"""Wall time that a choice may take at most."""
ENOUGH = (0.5, 0.2, 0.05)
"""The relaxation pauses where it is nearer to its bound than these shares of the gap that is good enough."""
MOST_NEAR = 2_000
"""All tours that can matter are looked at where there are no more."""
PROVEN_GAP = 1e-6


def resolve(
    problem: RosterProblem,
    roster: Roster,
    *,
    absent: Iterable[Absence] = (),
    frozen_until: datetime | None = None,
    max_changes: int | None = None,
    price_per_change: float | None = None,
    waived: frozenset[str] = frozenset(),
    people: frozenset[str] | None = None,
    limits: Limits | None = None,
    progress: Report | None = None,
    stop: Stop | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ResolveOutcome:
    """Change few tours of a roster that stands, so that hours and what is missed cost least.

    Absent people's shifts are taken away first. A tour is a person's plan over the whole horizon and changes when any of
    its shifts does; a shift that keeps its pattern and its start keeps its breaks, those of other shifts are placed best.
    Who breaks a rule or a lock as things stand is changed in any case, within `max_changes`.

    Parameters
    ----------
    problem
        What the roster is for; its locks hold.
    roster
        What stands, of the same days: solved, published or edited.
    absent
        Who cannot work, and when; stronger than locks.
    frozen_until
        What began before this instant stays; shifts begin after it or then. None where nothing has begun.
    max_changes
        Most tours that change; None for any number.
    price_per_change
        Of each changed tour, in the unit of costs.
    waived
        People whose tours may stay though they break rules; changed tours keep all of them.
    people
        Only their tours may change, and those that cannot stay; all when None.
    limits, progress, stop, clock
        As `rosters.solve.solve` takes them.

    Returns
    -------
    ResolveOutcome
        OPTIMAL (the bound is met) or FEASIBLE; CANCELLED after `stop`. There is always a roster: what stands, at worst
        with the cheapest tours for those who cannot stay. `missed` tells what it misses in the days that were free.

    Raises
    ------
    InputError
        The parts do not fit, a lock cannot be kept, or more tours than `max_changes` must change; with names.
    """
    if max_changes is not None and max_changes < 0:
        raise InputError(f"max_changes must not be below 0, not {max_changes}.")
    if price_per_change is not None and not 0 <= price_per_change < math.inf:
        raise InputError(f"price_per_change must be 0 or more, not {price_per_change}.")
    watch = Watch(limits=limits or Limits(), report=progress, asked=stop, clock=clock)
    watch.tell("reading the roster")
    standing = Standing(problem, roster, tuple(absent), frozen_until, waived)
    standing.check()
    return _Resolving(standing, people, max_changes, price_per_change, watch).done()


class _Resolving:
    """One roster on its way to another."""

    def __init__(
        self,
        standing: Standing,
        people: frozenset[str] | None,
        max_changes: int | None,
        price_per_change: float | None,
        watch: Watch,
    ) -> None:
        self._standing, self._watch = standing, watch
        problem, free = standing.problem, standing.free
        step_min = problem.step_min
        edges = [problem.horizon.midnight_min(day) for day in (free.start, free.stop)]
        # A night shift of the last day reaches into the day after.
        self._demanded: Demanded = demanded(problem, edges[0] // step_min, (edges[1] + 1440) // step_min)
        pools = {
            agent.id: own.pools
            for own in self._demanded.model.classes
            for crew in own.crews
            for agent in crew.agents
        }
        self._people = standing.people(self._demanded.skills, pools, people)
        self._mended = {person.agent.id: self._mend(person) for person in self._people if person.must}
        self._let_stay(max_changes)
        dearest = max((contract.cost_per_h for contract in problem.contracts), default=1.0) or 1.0
        price = SLIGHT * dearest if price_per_change is None else price_per_change
        self._best: tuple[Column, ...] = ()
        self._columns = Columns(
            people=self._people,
            work=standing.work,
            demanded=self._demanded,
            budget=Budget(max_changes, price),
            there=self._demanded.present(standing.shifts),
            standing_cost=cost_of(standing.left, problem),
            sound=self._sound,
            overtime=self._overtime,
        )

    def _mend(self, person: Person) -> tuple[Tour, dict[int, Offsets]] | None:
        """A tour for somebody whose own cannot stay; None where none is found that keeps every rule."""
        work = self._standing.work
        for tour in nearest(person, work.costs(person.agent)):
            offsets = {
                day: first_offsets(work.problem.shifts[number].pattern)
                for day, number in tour.items()
                if person.numbers.get(day) != number
            }
            if self._standing.keeps_rules(person.agent, self._tour(person, tour, offsets)):
                return tour, offsets
        return None

    def _let_stay(self, max_changes: int | None) -> None:
        """Let those stay as they are who cannot be mended, and absent people who only lack hours where too many change.

        Raises
        ------
        InputError
            A lock cannot be kept, or more tours than `max_changes` must change.
        """
        standing = self._standing
        stay = {who for who, mended in self._mended.items() if mended is None}
        for agent_id in sorted(stay):
            standing.see_that_no_lock_is_broken(agent_id)
        must = [who for who in self._mended if who not in stay]
        if max_changes is not None and len(must) > max_changes:
            stay |= {who for who in must if standing.only_lacks_hours(who)}
            must = [who for who in must if who not in stay]
        if max_changes is not None and len(must) > max_changes:
            raise InputError(
                f"at most {max_changes} tours may change, but {len(must)} must, since as things stand they break rules or "
                f"locks: {', '.join(must)}. Allow more changes, withdraw locks or waive rules."
            )
        self._people = tuple(person for person in self._people if person.agent.id not in stay)

    def done(self) -> ResolveOutcome:
        """Relax, choose, place breaks, count."""
        watch, columns = self._watch, self._columns
        for number, person in enumerate(self._people):
            mended = self._mended.get(person.agent.id)
            if mended is not None:
                columns.add(number, *mended)
        before = self._priced(())
        self._best, watch.incumbent = tuple(columns.found), None
        watch.tell("changing one tour after another")
        until_s = watch.until_s(DESCENT_SHARE)
        descent = Descent(columns, lambda: watch.elapsed_s < until_s and not watch.stopped())
        descent.changed.update({column.person: column for column in self._best})
        descent.run()
        self._take(tuple(descent.changed.values()))
        generation = Generation(columns, watch)
        for enough in ENOUGH:
            watch.tell("relaxation over all tours")
            ended = generation.run(watch.until_s(RELAXATION_SHARE), enough * watch.limits.gap)
            self._prove(generation.bound)
            if self._done() or not generation.shares:
                break
            watch.tell("rounding the relaxation")
            until_s = watch.until_s(DESCENT_SHARE)
            descent.round(generation.shares)
            self._take(tuple(descent.changed.values()))
            if self._done() or not ended:
                break
        if not self._done():
            watch.tell("choosing tours")
            self._choose(generation)
        return self._outcome(before)

    def _done(self) -> bool:
        return self._watch.good_enough or self._watch.stopped()

    def _choose(self, generation: Generation) -> None:
        """Choose among the tours found, or among all that can matter where they are few."""
        watch, columns = self._watch, self._columns
        incumbent = math.inf if watch.incumbent is None else watch.incumbent
        near = generation.near(incumbent, MOST_NEAR)
        if near is not None:
            chosen = choose_exactly(columns, near, watch, watch.until_s(CHOICE_SHARE))
            if chosen is not None:
                self._take(chosen.columns)
                # No tour that is left out can be in anything better than what was there before.
                self._prove(-math.inf if chosen.bound is None else min(chosen.bound, incumbent))
        elif columns.found and not watch.stopped():
            until_s = min(watch.until_s(CHOICE_SHARE), watch.elapsed_s + CHOICE_S)
            chosen = choose(columns, generation.shares, watch, until_s, self._best)
            if chosen is not None:
                self._take(chosen.columns)

    def _take(self, chosen: tuple[Column, ...]) -> None:
        """Keep a choice of tours where none before was better; its breaks are placed anew first."""
        watch = self._watch
        for better in (chosen, self._with_breaks(chosen)):
            value = self._priced(better)
            if watch.incumbent is None or value < watch.incumbent:
                self._best, watch.incumbent = better, value

    def _with_breaks(self, chosen: tuple[Column, ...]) -> tuple[Column, ...]:
        watch = self._watch
        tours = [(column.person, column.tour) for column in chosen]
        if not tours or watch.stopped():
            return chosen
        placed = choose_exactly(self._columns, tours, watch, watch.until_s(BREAKS_SHARE), held=True)
        return chosen if placed is None else placed.columns

    def _prove(self, bound: float) -> None:
        watch = self._watch
        if math.isfinite(bound) and (watch.bound is None or bound > watch.bound):
            watch.bound = bound

    def _sound(self, number: int, tour: Tour, offsets: Mapping[int, Offsets]) -> bool:
        """Whether somebody's tour keeps every rule on all days."""
        person = self._people[number]
        return self._standing.keeps_rules(person.agent, self._tour(person, tour, offsets))

    def _overtime(self, number: int, tour: Tour) -> float:
        """What somebody's tour costs beyond its shifts, wherever their breaks are."""
        standing, person = self._standing, self._people[number]
        if not standing.problem.payroll:
            return 0.0
        shifts = standing.work.problem.shifts
        offsets = {day: first_offsets(shifts[number].pattern) for day, number in tour.items()}
        return standing.overtime(person.agent, self._tour(person, tour, offsets))

    def _tour(self, person: Person, tour: Tour, offsets: Mapping[int, Offsets]) -> list[Assignment]:
        """All shifts of somebody with such a tour on the free days."""
        problem = self._standing.work.problem
        first, end = problem.first, problem.horizon.day(problem.days)
        kept = [shift for shift in self._standing.by_person[person.agent.id] if not first <= shift.day < end]
        for day, number in sorted(tour.items()):
            if person.numbers.get(day) == number:
                kept.append(person.standing[day])
            else:
                kept.append(
                    assignment(person.agent.id, problem.shifts[number], offsets[day], problem.horizon)
                )
        return kept

    def _priced(self, chosen: Iterable[Column]) -> float:
        """Objective with these tours changed, counted by a programme of its own."""
        columns, changed = self._columns, tuple(chosen)
        there = columns.there.copy()
        for column in changed:
            np.add.at(there, column.places, column.shares)
        fixed = replace(
            columns,
            people=(),
            there=np.maximum(there, 0.0),
            found=[],
            standing_cost=columns.standing_cost + sum(column.cost for column in changed),
        )
        solved = relax(fixed.programme(), method="choose")
        if solved.objective is None:
            raise ArithmeticError(
                f"roster {self._standing.given.name!r}: people could not be split over their queues."
            )
        return solved.objective + columns.budget.price * len(changed)

    def _outcome(self, before: float) -> ResolveOutcome:
        standing, watch, chosen = self._standing, self._watch, self._best
        objective = watch.incumbent if watch.incumbent is not None else self._priced(chosen)
        problem, left, touched = standing.problem, standing.left, self._demanded.model.problem
        tours = {agent.id: list(standing.by_person[agent.id]) for agent in standing.agents}
        for column in chosen:
            person = self._people[column.person]
            tours[person.agent.id] = self._tour(person, column.tour, column.offsets)
        shifts = [shift for own in tours.values() for shift in own]
        shifts.sort(key=lambda shift: (shift.agent_id, shift.start.astimezone(UTC)))
        roster = replace(left, name=problem.name, assignments=tuple(shifts))
        changed = {self._people[column.person].agent.id for column in chosen}
        new = standing.violations(
            replace(roster, assignments=tuple(shift for who in sorted(changed) for shift in tours[who])),
            changed,
        )
        if new:
            raise RuntimeError(f"roster {roster.name!r}: solving again broke rules: {new[0].message}")
        # Each rule judges people by their own shifts alone: who did not change breaks what was broken before.
        broken = [one for who, own in standing.broken.items() if who not in changed for one in own]
        bound = None if watch.bound is None else min(watch.bound, objective)
        proven = bound is not None and objective - bound <= PROVEN_GAP * max(1.0, abs(objective))
        status = Status.OPTIMAL if proven else Status.FEASIBLE
        watch.tell("done")
        return ResolveOutcome(
            status=Status.CANCELLED if watch.cancelled else status,
            objective=objective,
            bound=bound,
            runtime_s=watch.elapsed_s,
            value=roster,
            missed=tuple(shortfalls(roster, touched)),
            before=before,
            changes=tuple(_changes(left, roster)),
            taken_away=standing.taken_away,
            missed_before=tuple(shortfalls(left, touched)),
            broken=tuple(broken),
        )


def _changes(before: Roster, after: Roster) -> list[Changed]:
    """Days of people that differ."""
    stood = {(shift.agent_id, shift.day): shift for shift in before.assignments}
    stands = {(shift.agent_id, shift.day): shift for shift in after.assignments}
    keys: list[tuple[str, date]] = sorted(stood.keys() | stands.keys())
    return [
        Changed(*key, stood.get(key), stands.get(key)) for key in keys if stood.get(key) != stands.get(key)
    ]
