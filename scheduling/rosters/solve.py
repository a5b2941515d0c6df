"""From a problem to a named roster, at any time: a draft first, then relaxation, whole numbers, targets and cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from data.domain import Roster, Status
from data.errors import InfeasibleError
from scheduling.problem import RosterProblem
from scheduling.resolve.locked import solve_locked
from scheduling.rosters.build import build
from scheduling.rosters.counting import RELAXATION_SHARE, Counted, count, first_counts, mended, note
from scheduling.rosters.draft import Draft
from scheduling.rosters.fairness import with_fair_shares
from scheduling.rosters.found import Best, RosterOutcome
from scheduling.rosters.limits import Limits, Progress, Report, Stop, Watch
from scheduling.rosters.model import Model
from scheduling.rosters.naming import Naming, name
from scheduling.rosters.networks import DeadEndError, Networks
from scheduling.rosters.reaching import reach
from scheduling.rosters.recollect import values_of
from scheduling.rosters.relaxation import Relaxed, relaxation, unknown
from scheduling.rosters.search import Search
from scheduling.rosters.tails import Before
from scheduling.rosters.targets import soft_targets
from scheduling.rosters.verdicts import out_of_reach, out_of_whole_reach, verdict
from scheduling.rosters.weeks import joined, solve_weeks, weeks_of

__all__ = ["Limits", "Progress", "RosterOutcome", "solve", "solve_at_once"]

DRAFT_SHARE = 0.3
"""Share of the time left that goes into the draft where there is no relaxation."""
REACH_SHARE = 0.3
"""Share of the time left for reaching the targets another way than a roster that does."""
NAMING_SHARE = 0.1
"""Share of the time that is kept for names while it is not known how long they take."""
SPARE = 1.5
"""Kept for names then: so many times what they took before."""


def solve(
    problem: RosterProblem,
    *,
    limits: Limits | None = None,
    progress: Report | None = None,
    stop: Stop | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> RosterOutcome:
    """Find a named roster that keeps every rule and reaches every target at the least cost.

    A horizon of more than a week is solved week by week where that tears nothing apart. There is a roster from the
    draft on; time, a wish to stop and a busy machine decide only how good it is. Locks are kept by changing a roster that
    was solved without them (`scheduling.resolve`).

    Parameters
    ----------
    problem
        Checked when it was made.
    limits
        Time, gap, seed; one minute and half a percent where not given.
    progress
        Told of each step, with incumbent, bound and gap.
    stop
        Asked often; true ends the search within seconds, with the best roster found.
    clock
        Seconds that only grow.

    Returns
    -------
    RosterOutcome
        Its roster is one that `scheduling.rules.violations` finds clean, its cost recounted from the names; `missed`
        lists what it misses. OPTIMAL (the bound is met) or FEASIBLE: it misses nothing. NO_SOLUTION: it misses
        something, and whether there is one that does not is not known. INFEASIBLE, only with
        `limits.allow_shortfall`: it misses something, and it is proven that every one does. CANCELLED after `stop`,
        whatever it misses; without a roster only where there was no time for a draft. The bound is on the cost of
        any roster that reaches every target.

    Raises
    ------
    InfeasibleError
        It is proven that no roster reaches every target; the message lists queues and days. Not raised with
        `limits.allow_shortfall`. Also where somebody's contract and time off leave no tour.
    """
    if problem.locks:
        return solve_locked(
            problem,
            lambda free, given: solve(free, limits=given, progress=progress, stop=stop, clock=clock),
            limits=limits or Limits(),
            progress=progress,
            stop=stop,
            clock=clock,
        )
    watch = Watch(limits=limits or Limits(), report=progress, asked=stop, clock=clock)
    weeks = weeks_of(problem)
    if len(weeks) > 1:
        try:
            return with_fair_shares(problem, _by_weeks(problem, weeks, watch), watch)
        except DeadEndError:
            watch.tell("all weeks as one, since the first ones leave somebody no tour")
    return with_fair_shares(problem, solve_at_once(problem, watch, problem.worked_before), watch)


def _by_weeks(problem: RosterProblem, weeks: Sequence[RosterProblem], watch: Watch) -> RosterOutcome:
    """Solve week after week and join their rosters."""
    found = solve_weeks(weeks, watch, count, solve_at_once)
    best = Best(problem, watch)
    if found[-1].value is not None:
        watch.tell("checking")
        # A target lies within one week, or there would be no weeks.
        missed = None if soft_targets(problem) else [short for outcome in found for short in outcome.missed]
        best.offer(joined(problem, found), missed)
        bounds = [outcome.bound for outcome in found if outcome.bound is not None]
        watch.bound = sum(bounds) if len(bounds) == len(weeks) else None
    return verdict(best, watch, impossible=any(outcome.status is Status.INFEASIBLE for outcome in found))


def solve_at_once(
    problem: RosterProblem, watch: Watch, before: Before, counted: Counted | None = None
) -> RosterOutcome:
    """Solve all days as one, for people who worked before them; a first week may end without a roster.

    Where counts are known already they are given names.
    """
    best = Best(problem, watch)
    if counted is None:
        watch.tell("building the programme")
        model = build(problem, networks=Networks(problem, before))
        if watch.stopped() and not before:
            return verdict(best, watch, impossible=False)
    else:
        model = counted.after(before)
    draft = Draft(model, watch)
    if counted is None or counted.values is None:
        watch.tell("draft")
        best.offer(draft.begin())
    relaxed = _relaxed(model, watch) if counted is None else counted.relaxed
    if not relaxed.known:
        watch.tell("draft, since the relaxation takes too long")
        best.offer(draft.go_on(watch.until_s(DRAFT_SHARE)))
    watch.bound = relaxed.bound
    if relaxed.out_of_reach and not watch.limits.allow_shortfall:
        raise InfeasibleError(out_of_reach(model, relaxed))
    impossible = _Work(model, relaxed, watch, best, counted).done()
    if best.named is None:
        watch.tell("draft, since there was no time for names")
        best.offer(draft.begin())
    if impossible and not watch.limits.allow_shortfall:
        raise InfeasibleError(out_of_whole_reach(problem, best))
    return verdict(best, watch, impossible=impossible)


def _relaxed(model: Model, watch: Watch) -> Relaxed:
    watch.tell("relaxation")
    relaxed = relaxation(model, watch, watch.until_s(RELAXATION_SHARE))
    return unknown(model) if isinstance(relaxed, Status) else relaxed


class _Work:
    """Whole numbers, targets and cost; names whenever there is something worth naming."""

    def __init__(
        self, model: Model, relaxed: Relaxed, watch: Watch, best: Best, counted: Counted | None
    ) -> None:
        self._search = Search(model, relaxed, watch)
        self._watch = watch
        self._best = best
        self._counted = counted
        self._naming_s = NAMING_SHARE * watch.limits.time_s
        self._refitted = False

    def done(self) -> bool:
        """Work until time is up or the roster is good enough; true where targets are proven to be out of reach."""
        watch = self._watch
        impossible = self._search.relaxed.out_of_reach
        values, by_names = self._begin(), not self._search.model.exact
        while values is not None:
            # In a large programme names come first: what little is missing is soon made up for with them.
            if not impossible and not by_names:
                values, impossible = self._reached(values)
            # Held at once, whatever comes next.
            naming = self._named(values)
            if impossible and not watch.limits.allow_shortfall:
                return True
            if watch.elapsed_s >= self._until_s or watch.stopped() or self._good(large=by_names):
                break
            if naming is None or naming.kept:
                if by_names and not impossible and not self._search.reaches(values):
                    by_names = False
                    continue
                better = mended(self._search, values, self._until_s)
                naming = self._named(better) if better is not values else naming
            if naming is None or naming.kept or watch.elapsed_s >= self._until_s or watch.stopped():
                break
            values, by_names = self._told_with_rest(naming), False
        return impossible

    def _good(self, *, large: bool) -> bool:
        """Whether the roster held is good enough, or a large one misses nothing: its days were refitted already."""
        held = self._best.named
        return self._watch.good_enough or (large and self._refitted and held is not None and not held.missed)

    @property
    def _until_s(self) -> float:
        """When to end, so that time is left for names."""
        return self._watch.limits.time_s - SPARE * self._naming_s

    def _begin(self) -> np.ndarray | None:
        """Whole numbers to go on from: those known, day by day along the relaxation, or the draft's."""
        search, counted = self._search, self._counted
        if counted is not None and counted.values is not None:
            note(search, counted.values)
            return counted.values
        first = first_counts(search, self._until_s) if search.relaxed.known else None
        return self._from_best() if first is None else first

    def _from_best(self) -> np.ndarray | None:
        """Counts of the best roster there is."""
        return None if self._best.named is None else self._from(self._best.named.roster)

    def _from(self, roster: Roster) -> np.ndarray | None:
        """Counts of a roster, while there is time to go on from them."""
        search, watch = self._search, self._watch
        if watch.stopped() or watch.elapsed_s >= self._until_s:
            return None
        values = values_of(search.model, roster, search.exact, watch)
        return None if isinstance(values, Status) else values

    def _told_with_rest(self, naming: Naming) -> np.ndarray | None:
        """Go on from what was named, in a programme that sees rest where nobody could work the counts.

        Naming changed the counts, so that targets may be missed by a little: they are soon reached again, and the roster
        is better than any that was found without the relaxation.
        """
        old = self._search
        changed = naming.changed
        exact, networks = old.model.exact | changed, old.model.networks
        tailed = old.model.tailed | changed if networks.before else frozenset()
        model = build(old.model.problem, exact=exact, tailed=tailed, networks=networks)
        self._search = Search(model, old.relaxed.told_in(model), self._watch)
        return self._from(naming.roster)

    def _reached(self, values: np.ndarray) -> tuple[np.ndarray, bool]:
        """Counts that reach every target where they are found in time, and whether it is proven that none do."""
        best = self._best.named
        # Where there is a roster that does, not too long is to be spent on another, which may be cheaper; what little
        # it misses may be made up for with names.
        share = 1.0 if best is None or best.missed else REACH_SHARE
        reached = reach(self._search, values, min(self._until_s, self._watch.until_s(share)))
        return reached.values, reached.impossible

    def _named(self, values: np.ndarray) -> Naming | None:
        """Name counts and hold the roster; None where there was no time to."""
        begun_s = self._watch.elapsed_s
        naming = name(self._search, values, self._watch.limits.time_s)
        if isinstance(naming, Status):
            return None
        self._refitted = not naming.kept
        self._watch.tell("checking")
        self._best.offer(naming.roster)
        held = self._best.named
        # Counts may have cost less than what could be named.
        self._watch.incumbent = None if held is None or held.missed else held.cost
        self._naming_s = self._watch.elapsed_s - begun_s
        return naming
