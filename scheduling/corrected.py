"""Solve, simulate, correct, solve again: a roster whose targets hold where they are simulated, not only planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from data.domain import Agent, Queue, Roster, Status
from data.errors import CancelledError
from scheduling.correction import correctable, corrected_curves, no_correction
from scheduling.correction_round import Plan, Round
from scheduling.correction_steps import next_correction
from scheduling.evaluate import Evaluation
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.recount import Shortfall
from scheduling.simulate import Simulation


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The best roster of all rounds.

    Parameters
    ----------
    outcome
        Best roster; its status and what it misses are as simulated. The bound, on the cost of any roster that
        reaches the targets of the plan, is kept only of a plan without a correction.
    correction
        Columns queue, date, factor to judge that roster with, see `correction_round.Round.kept`.
    rounds
        In turn; empty where it was stopped before the first was simulated.
    """

    outcome: RosterOutcome
    correction: pd.DataFrame
    rounds: tuple[Round, ...]


def solve_corrected(
    queues: Sequence[Queue],
    agents: Sequence[Agent],
    curves: pd.DataFrame,
    *,
    solve: Callable[[pd.DataFrame], RosterOutcome],
    judge: Callable[[Roster, pd.DataFrame], Evaluation],
    simulate: Callable[[Roster], Simulation],
    again: Callable[[pd.DataFrame, Roster], RosterOutcome] | None = None,
    rounds: int = 3,
    progress: Callable[[int, Round], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Corrected:
    """Tune what people are worth in the plan until it and the simulation agree; keep the best roster on the way.

    Only queues that share people or whose target has a confidence are corrected; where there is none, one round is
    all.

    Parameters
    ----------
    queues, agents
        What is planned.
    curves
        CURVES without a correction.
    solve
        Finds a roster on CURVES; one that misses targets is welcome, for the simulation may reach them.
    judge
        Plans a roster on CURVES.
    simulate
        Plays a roster, always on the same paths. CancelledError ends the rounds.
    again
        Finds a roster on CURVES close to the one of the round before, so that what the correction changes is all that
        changes; `solve` when None.
    rounds
        Most rosters solved and simulated, at least 1.
    progress
        Told of each round's number, from 1, and what came of it.
    stop
        Asked before each round; true ends the work with the best roster until then.
    """
    plan = Plan(queues, correctable(queues, agents), curves, judge)
    correction = no_correction()
    done: list[Round] = []
    stopped = False
    outcome = solve(curves)
    for number in range(1, max(rounds, 1) + 1):
        stopped = outcome.status is Status.CANCELLED
        if outcome.value is None or stopped:
            break
        try:
            done.append(plan.round(outcome, correction, simulate(outcome.value)))
        except CancelledError:
            stopped = True
            break
        if progress is not None:
            progress(number, done[-1])
        following = next_correction(done, left=rounds - number) if number < rounds else None
        if following is None:
            break
        if stop is not None and stop():
            stopped = True
            break
        correction = following
        outcome = _next(corrected_curves(curves, queues, correction), done[-1], solve, again)
    if not done:
        status = Status.CANCELLED if stopped else outcome.status
        return Corrected(outcome=replace(outcome, status=status), correction=correction, rounds=())
    best = min(done, key=lambda found: found.rank)
    kept = best.outcome if not plan.tuned else _as_simulated(best, queues)
    if stopped:
        kept = replace(kept, status=Status.CANCELLED)
    return Corrected(outcome=kept, correction=best.kept, rounds=tuple(done))


def _next(
    curves: pd.DataFrame,
    last: Round,
    solve: Callable[[pd.DataFrame], RosterOutcome],
    again: Callable[[pd.DataFrame, Roster], RosterOutcome] | None,
) -> RosterOutcome:
    roster = last.outcome.value
    return solve(curves) if again is None or roster is None else again(curves, roster)


def _as_simulated(best: Round, queues: Sequence[Queue]) -> RosterOutcome:
    """The optimiser's outcome with what its simulation says instead of the plan."""
    kinds = {queue.id: queue for queue in queues}
    missed = [
        Shortfall(queue, day.tz_localize(kinds[queue].timezone).to_pydatetime(), period, rate, wanted)
        for queue, day, period, rate, wanted in best.rates.loc[
            ~best.rates["met"], ["queue", "first", "period", "promised", "target"]
        ].itertuples(index=False)
    ]
    missed += [
        Shortfall(queue, start.tz_convert(kinds[queue].timezone).to_pydatetime(), "interval", rate, floor)
        for queue, start, rate, floor in best.floors[["queue", "start", "answer_rate", "floor"]].itertuples(
            index=False
        )
    ]
    missed += [
        Shortfall(queue, start.tz_convert(kinds[queue].timezone).to_pydatetime(), "interval", rate, wanted)
        for queue, start, rate, wanted in best.intervals[
            ["queue", "start", "answer_rate", "target"]
        ].itertuples(index=False)
    ]
    proven = best.outcome.status is Status.OPTIMAL and best.correction.empty
    reached = Status.OPTIMAL if proven else Status.FEASIBLE
    return replace(
        best.outcome,
        status=Status.NO_SOLUTION if missed else reached,
        bound=best.outcome.bound if best.correction.empty and not missed else None,
        missed=tuple(missed),
    )
