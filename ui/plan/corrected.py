"""A roster solved and simulated in turns, until its targets hold in the simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from data.domain import Roster
from data.store import Workspace
from scheduling.activities.solving import solve_with_activities, without_activities
from scheduling.corrected import Corrected, solve_corrected
from scheduling.correction import correctable
from scheduling.correction_round import Round
from scheduling.evaluate import Evaluation
from scheduling.ground import with_before
from scheduling.problem import RosterProblem
from scheduling.resolve.resolve import resolve
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.limits import Limits, Progress
from scheduling.rosters.solve import solve
from scheduling.simulate import Simulation
from ui.plan import Report
from ui.plan.judging import judge
from ui.plan.roster_demand import RosterDemand
from ui.plan.simulation import play

PATHS = 200
"""Sampled horizons each round is played against."""


def corrected_roster(
    workspace: Workspace,
    problem: RosterProblem,
    asked: RosterDemand,
    *,
    rounds: int,
    limits: Limits,
    report: Report,
    progress: Callable[[Progress], None] | None,
    stop: Callable[[], bool] | None,
) -> Corrected:
    """Solve and simulate a problem of the workspace in turns, see `scheduling.corrected.solve_corrected`.

    Parameters
    ----------
    rounds
        Most rosters solved and simulated.
    limits
        Of each round. A plan that misses targets is no error where a correction may reach them.
    """
    activities = workspace.activities()
    tuned = bool(correctable(problem.queues, problem.agents))
    each = replace(limits, allow_shortfall=True) if tuned else limits

    def solved(curves: pd.DataFrame) -> RosterOutcome:
        return solve_with_activities(
            replace(problem, curves=curves),
            activities,
            lambda laid, share: solve(laid, limits=share, progress=progress, stop=stop),
            limits=each,
        )

    def solved_again(curves: pd.DataFrame, roster: Roster) -> RosterOutcome:
        standing = without_activities(roster)
        return solve_with_activities(
            replace(problem, curves=curves),
            activities,
            lambda laid, share: resolve(laid, standing, limits=share, progress=progress, stop=stop),
            limits=each,
        )

    def judged(roster: Roster, curves: pd.DataFrame) -> Evaluation:
        return judge(workspace, roster, asked, curves).evaluation

    def played(roster: Roster) -> Simulation:
        there = with_before(roster, problem.before, problem.agents)
        return play(workspace, there, asked.demand, paths=PATHS, seed=limits.seed, report=report, stop=stop)

    def told(number: int, found: Round) -> None:
        report(f"Round {number} of {rounds}: {found.paid_h:,.0f} paid hours", None)

    return solve_corrected(
        problem.queues,
        problem.agents,
        problem.curves,
        solve=solved,
        again=solved_again,
        judge=judged,
        simulate=played,
        rounds=rounds,
        progress=told,
        stop=stop,
    )
