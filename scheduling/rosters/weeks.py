"""A long roster week by week: each one a roster of its own that knows what was worked before it.

Neighbouring weeks share nothing but the run of working days and the rest across Sunday night. The programme of a week
leaves them out, so that its size depends neither on them nor on who is off in another week; names see them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from threading import Event

from data.domain import Roster
from data.errors import InputError
from scheduling.problem import RosterProblem, slots_of
from scheduling.rosters.counting import Counted
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.limits import Report, Stop, Watch
from scheduling.rosters.tails import Before, worked_before
from scheduling.rosters.targets import period_targets

SHORT_DAYS = 7
"""A roster of at most so many days is solved as one."""
LEAST_S = 0.01
"""Wall time a week has for more than its draft when there is none left."""


COUNTING_SHARE = 0.7
"""Share of the time in which all weeks are to have counts."""

Count = Callable[[RosterProblem, Watch], Counted | None]
"""Finds counts for one week without regard to what was worked before it."""
Solve = Callable[[RosterProblem, Watch, Before, Counted | None], RosterOutcome]
"""Finds a roster of one week that goes with what was worked before it, from counts where there are some."""


def weeks_of(problem: RosterProblem) -> tuple[RosterProblem, ...]:
    """Cut a problem at its Mondays; itself where it is short or a cut would tear something apart.

    A shift across Sunday night serves two weeks, and so does a target over a month, or over the day of another time
    zone.
    """
    horizon = problem.horizon
    mondays = [day for day in range(1, problem.days) if horizon.day(day).weekday() == 0]
    if problem.days <= SHORT_DAYS or not mondays:
        return (problem,)
    first_slots = [horizon.midnight_min(day) // problem.step_min for day in mondays]
    torn = any(
        sum(first <= min(target.slots) for first in first_slots)
        != sum(first <= max(target.slots) for first in first_slots)
        for target in period_targets(problem)
    )
    if torn or any(shift.overnight and shift.day + 1 in mondays for shift in problem.shifts):
        return (problem,)
    edges = [0, *mondays, problem.days]
    try:
        return tuple(_cut(problem, first, last) for first, last in pairwise(edges))
    except InputError:
        # Within the whole horizon each is possible: nobody with a skill there for a week, a pattern on no day of it.
        return (problem,)


def _cut(problem: RosterProblem, first: int, last: int) -> RosterProblem:
    horizon, step_min = problem.horizon, problem.step_min
    slots = slots_of(problem.curves["start"], horizon, step_min)
    begin, end = (horizon.midnight_min(day) // step_min for day in (first, last))
    curves = problem.curves.loc[(slots >= begin) & (slots < end)].reset_index(drop=True)
    return replace(
        problem,
        first=horizon.day(first),
        days=last - first,
        curves=curves,
        days_after=problem.days_after + problem.days - last,
    )


def solve_weeks(
    weeks: Sequence[RosterProblem], watch: Watch, count: Count, solve: Solve
) -> list[RosterOutcome]:
    """Solve week after week, each with its share of the time left; ends at a week without a roster.

    Counts of a week need nothing from the week before: with two threads those of two weeks are sought at once while
    names are given week by week. What is proven of a week is proven of all rosters, for its programme knows nothing of
    the days before: a roster of the whole horizon, cut at its Mondays, is a roster of each week. So no roster that
    reaches every target costs less than the sum of the bounds.

    Parameters
    ----------
    weeks
        From `weeks_of`.
    watch
        Time and progress of all of them.
    count
        Finds counts of one week.
    solve
        Finds a roster of one week.
    """
    given_up = Event()
    counting = _Counting(weeks, watch, count, lambda: watch.stopped() or given_up.is_set())
    if watch.limits.threads == 1:
        # In this thread: who asks `stop` something, or hears of progress, may be bound to it.
        return _in_turn(weeks, watch, solve, counting.of)
    with ThreadPoolExecutor(watch.limits.threads) as pool:
        waiting = [pool.submit(counting.of, number) for number in range(len(weeks))]
        try:
            return _in_turn(weeks, watch, solve, lambda number: waiting[number].result())
        finally:
            given_up.set()
            for one in waiting:
                one.cancel()


@dataclass(frozen=True)
class _Counting:
    """Counts of weeks, each with its share of the time."""

    weeks: Sequence[RosterProblem]
    watch: Watch
    count: Count
    asked: Stop

    def of(self, number: int) -> Counted | None:
        """Counts of a week; None where they are not to be sought apart from names."""
        watch, weeks = self.watch, len(self.weeks)
        rounds = -(-(weeks - number) // watch.limits.threads)
        if watch.limits.threads == 1:
            # Names of this week come before the next week's counts.
            time_s = COUNTING_SHARE * watch.left_s / (weeks - number)
        else:
            time_s = (COUNTING_SHARE * watch.limits.time_s - watch.elapsed_s) / rounds
        own = _watch(watch, number, weeks, time_s, self.asked)
        return None if own.stopped() else self.count(self.weeks[number], own)


def _in_turn(
    weeks: Sequence[RosterProblem], watch: Watch, solve: Solve, counted: Callable[[int], Counted | None]
) -> list[RosterOutcome]:
    """Rosters of the weeks one after another, each after what the ones before worked."""
    found: list[RosterOutcome] = []
    for number, week in enumerate(weeks):
        known = counted(number)
        worked = [shift for outcome in found if outcome.value for shift in outcome.value.assignments]
        worked += week.before
        own = _watch(watch, number, len(weeks), watch.left_s / (len(weeks) - number), watch.stopped)
        found.append(solve(week, own, worked_before(worked, week.patterns, week.horizon), known))
        if found[-1].value is None:
            break
    return found


def _watch(watch: Watch, number: int, weeks: int, time_s: float, asked: Stop) -> Watch:
    """A week's own time and progress."""
    limits = replace(watch.limits, time_s=max(time_s, LEAST_S), threads=1)
    report = _told(watch, f"week {number + 1} of {weeks}")
    return Watch(limits=limits, report=report, asked=asked, clock=watch.clock)


def joined(problem: RosterProblem, found: Iterable[RosterOutcome]) -> Roster:
    """Rosters of all weeks as one."""
    shifts = [shift for outcome in found if outcome.value is not None for shift in outcome.value.assignments]
    return Roster(
        name=problem.name,
        first=problem.first,
        days=problem.days,
        timezone=problem.timezone,
        assignments=tuple(sorted(shifts, key=lambda shift: (shift.agent_id, shift.day))),
    )


def _told(watch: Watch, which: str) -> Report | None:
    """Tell what a week tells; its figures are the week's own."""
    heard = watch.report
    if heard is None:
        return None
    return lambda step: heard(replace(step, phase=f"{which}: {step.phase}", elapsed_s=watch.elapsed_s))
