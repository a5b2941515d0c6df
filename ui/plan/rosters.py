"""Demand → roster → evaluation, kept under a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as swap
from datetime import date

from data.domain import Outcome, Roster, Status
from data.errors import CancelledError, InputError, NoRosterError
from data.records import RosterRecord
from data.store import Workspace
from scheduling.activities.solving import solve_with_activities
from scheduling.compare import Comparison, compare
from scheduling.conflicts.explain import explain
from scheduling.conflicts.report import Report as Why
from scheduling.correction import corrected_curves, no_correction
from scheduling.correction_round import Round
from scheduling.problem import RosterProblem
from scheduling.rosters.found import told
from scheduling.rosters.limits import Limits, Progress
from scheduling.rosters.solve import RosterOutcome, solve
from scheduling.shifts import Horizon
from ui.plan import Report, silent
from ui.plan.activities import COST, cost_of_activities
from ui.plan.before import AFTER, found_before, kept_before
from ui.plan.corrected import corrected_roster
from ui.plan.explained import problem_of
from ui.plan.judging import CORRECTION, Judged, judge
from ui.plan.law import law_of
from ui.plan.locks import standing_locks
from ui.plan.roster_demand import (
    roster_demand,
    staffed_queues,
)
from ui.plan.staffing import common_timezone, demand, digest


@dataclass(frozen=True, slots=True)
class Solved:
    """A roster as it was solved, checked and kept.

    Parameters
    ----------
    record
        What is kept about it.
    outcome
        Status, objective, bound and the roster.
    judged
        What follows from it.
    left_out
        Queues with demand for which nobody has the skill.
    rounds
        What was solved and simulated in turn; empty without corrections.
    after
        Names of the rosters it goes on from.
    away
        Names of people who have time off on every day, so that they have no part in it.
    why
        What stands against the targets it misses; None where it misses none, or nobody asked.
    """

    record: RosterRecord
    outcome: Outcome[Roster]
    judged: Judged
    left_out: tuple[str, ...]
    rounds: tuple[Round, ...] = ()
    after: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    why: Why | None = None


def solve_roster(
    workspace: Workspace,
    *,
    name: str,
    first: date,
    days: int,
    queues: Sequence[str] | None = None,
    limits: Limits | None = None,
    replace: bool = False,
    correct: int = 0,
    after: Sequence[str] | None = None,
    explain_s: float = 0.0,
    report: Report = silent,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Solved:
    """Build, check and keep a roster that reaches every queue's target.

    Parameters
    ----------
    name
        Name to keep it under.
    first, days
        Local days [first, first + days) of the workspace's zone.
    queues
        Only these; all that somebody has the skill for when None.
    limits
        Time, gap and seed. The best roster there is is kept whatever it misses; `allow_shortfall` says whether one
        that misses targets may replace another.
    replace
        Overwrite a roster of that name. One that misses targets overwrites none unless shortfalls are allowed.
    correct
        Most rounds of solving, simulating and correcting, each with the limits; 0 for the plan alone.
    after
        Rosters it goes on from: what they hold of the days before counts for rest, runs of days, hours of a torn week
        and the first hours' staff. The newest kept ones of those days when None; none where it is empty.
    explain_s
        Wall time to find, once it is kept, what stands against the targets it misses; 0 for none.
    report, progress, stop
        Phases of the work; the solver's incumbent and bound; asked whether to stop, with what was found until then.

    Raises
    ------
    InputError
        The name is taken, or something needed is not there.
    InfeasibleError
        Contract and time off leave somebody no tour.
    NoRosterError
        None was found in time, or none that may replace the roster of that name.
    CancelledError
        `stop` said so before there was one.
    """
    if not name.strip():
        raise InputError("a roster needs a name. Give one with --name.")
    taken = any(record.name == name for record in workspace.rosters())
    if taken and not replace:
        raise InputError(
            f"there is a roster {name!r} already. Choose another name, or replace it with --replace."
        )
    bounds = limits or Limits()

    def heard(phase: str, share: float | None) -> None:
        if stop is not None and stop():
            raise _stopped(name)
        report(phase, share)

    at = workspace.now()
    before = found_before(workspace, first, name=name, after=after)
    served, left_out = staffed_queues(workspace, queues, first=first, days=days)
    whole = demand(workspace, first=first, days=days, queues=served, at=at, seed=bounds.seed, report=heard)
    heard("Answer curves", None)
    timezone = common_timezone(workspace, whole.queues)
    asked = roster_demand(workspace, whole, Horizon(first, days, timezone), before)
    wanted = asked.demand
    problem = problem_of(workspace, asked, name=name, first=first, days=days, timezone=timezone)
    if taken:
        problem = swap(problem, locks=standing_locks(workspace, name, first, days))
    heard("Roster", None)
    kept = swap(bounds, allow_shortfall=True)
    correction = no_correction()
    rounds: tuple[Round, ...] = ()
    if correct:
        found = corrected_roster(
            workspace,
            problem,
            asked,
            rounds=correct,
            limits=kept,
            report=report,
            progress=progress,
            stop=stop,
        )
        outcome, correction, rounds = found.outcome, found.correction, found.rounds
    else:
        outcome = solve_with_activities(
            problem,
            workspace.activities(),
            lambda laid, share: solve(laid, limits=share, progress=progress, stop=stop),
            limits=kept,
        )
    roster = _to_be_kept(outcome, name, bounds, taken=taken)
    report("Check", None)
    planned_with = swap(problem, curves=corrected_curves(problem.curves, problem.queues, correction))
    judged = judge(workspace, roster, asked, planned_with.curves)
    record = RosterRecord(
        name=name,
        first=first,
        days=days,
        timezone=problem.timezone,
        status=outcome.status.value,
        objective=outcome.objective,
        bound=outcome.bound,
        gap=outcome.gap,
        runtime_s=outcome.runtime_s,
        seed=bounds.seed,
        forecast_ids=tuple(record.id for record in wanted.records),
        data_hash=digest(wanted.forecast),
        created_at=at,
    )
    evaluation = judged.evaluation
    parts = {
        CORRECTION: correction,
        AFTER: before.frame,
        "coverage": evaluation.coverage,
        "days": evaluation.days,
        "targets": evaluation.targets,
        "floors": evaluation.floors,
        "not_counted": judged.not_counted,
        COST: cost_of_activities(workspace, roster, asked, planned_with.curves, evaluation.days),
    }
    saved = workspace.save_roster(roster, record, parts, replace=replace)
    why = None
    if outcome.missed and explain_s > 0 and outcome.status is not Status.CANCELLED:
        why = explain(
            swap(planned_with, locks=()),
            outcome.missed,
            time_s=explain_s,
            seed=bounds.seed,
            progress=progress,
            stop=stop,
        )
    return Solved(saved, outcome, judged, left_out, rounds, before.rosters, _away(problem), why)


def compare_rosters(workspace: Workspace, before: str, after: str) -> Comparison:
    """Set two stored rosters side by side."""
    return compare(
        workspace.roster(before),
        workspace.roster(after),
        agents=workspace.agents(),
        contracts=workspace.contracts(),
        patterns=workspace.patterns(),
        days_before=workspace.roster_part(before, "days"),
        days_after=workspace.roster_part(after, "days"),
        targets_before=workspace.roster_part(before, "targets"),
        targets_after=workspace.roster_part(after, "targets"),
        law=law_of(workspace),
        history_before=kept_before(workspace, before).history,
        history_after=kept_before(workspace, after).history,
    )


def _away(problem: RosterProblem) -> tuple[str, ...]:
    """Names of the people who are off on every day, and are in nobody's way."""
    days = {problem.horizon.day(day) for day in range(problem.days)}
    return tuple(agent.name for agent in problem.agents if days <= agent.time_off)


def _to_be_kept(outcome: RosterOutcome, name: str, limits: Limits, *, taken: bool) -> Roster:
    """The roster found; an error where there is none, or none that may take the place of the one there is."""
    cancelled = outcome.status is Status.CANCELLED
    if outcome.value is None:
        if cancelled:
            raise _stopped(name)
        raise NoRosterError(
            f"roster {name!r}: none was found within {limits.time_s:g} s, which does not say that there is none. "
            "Give more time, or fewer days.",
        )
    if taken and outcome.missed and not limits.allow_shortfall:
        message = (
            f"roster {name!r} stays as it was: the best one found until now misses targets. "
            f"{told(outcome.missed)}. Give more time, or another name."
        )
        raise CancelledError(message) if cancelled else NoRosterError(message)
    return outcome.value


def _stopped(name: str) -> CancelledError:
    return CancelledError(f"roster {name!r}: stopped before any roster was found. Nothing was saved.")
