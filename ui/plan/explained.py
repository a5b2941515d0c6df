"""Why a roster misses targets: its problem put together again, and what stands against them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from data.records import RosterRecord
from data.store import Workspace
from scheduling.conflicts.explain import explain
from scheduling.conflicts.report import Report as Why
from scheduling.correction import corrected_curves
from scheduling.fair_shares import past_of
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Progress
from scheduling.rosters.recount import Shortfall, shortfalls
from ui.plan.judging import correction_of
from ui.plan.law import law_of
from ui.plan.roster_demand import RosterDemand, roster_step_min, stored_demand
from ui.plan.staffing import curves


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a stored roster misses what it misses.

    Parameters
    ----------
    record
        Of the roster.
    missed
        Targets and floors it misses, counted anew with today's people, contracts and patterns.
    why
        What stands against them; nothing where nothing is missed.
    """

    record: RosterRecord
    missed: tuple[Shortfall, ...]
    why: Why


def problem_of(
    workspace: Workspace, asked: RosterDemand, *, name: str, first: date, days: int, timezone: str
) -> RosterProblem:
    """The problem of a roster of the workspace's people.

    Parameters
    ----------
    asked
        What it has to answer for.
    name
        Of the roster.
    first, days, timezone
        Local days [first, first + days).
    """
    wanted = asked.demand
    step_min = roster_step_min(workspace, wanted.queues)
    return RosterProblem(
        name=name,
        first=first,
        days=days,
        timezone=timezone,
        queues=wanted.queues,
        agents=workspace.agents(),
        contracts=workspace.contracts(),
        patterns=workspace.patterns(),
        curves=curves(wanted, step_min=step_min),
        step_min=step_min,
        before=asked.before.shifts,
        law=law_of(workspace),
        past=past_of(asked.before.history, workspace.agents(), first=first, timezone=timezone),
    )


def explain_roster(
    workspace: Workspace,
    name: str,
    *,
    time_s: float,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Explained:
    """Explain what a stored roster misses against the forecasts it was built on.

    Parameters
    ----------
    time_s
        Wall time; what there is by then is told.
    progress, stop
        Phases of the work; asked whether to stop, with what was found until then.
    """
    record, roster = workspace.roster_record(name), workspace.roster(name)
    problem = problem_of(
        workspace,
        stored_demand(workspace, name),
        name=name,
        first=record.first,
        days=record.days,
        timezone=record.timezone,
    )
    planned_with = corrected_curves(problem.curves, problem.queues, correction_of(workspace, name))
    problem = replace(problem, curves=planned_with)
    missed = tuple(shortfalls(roster, problem))
    why = explain(problem, missed, time_s=time_s, seed=record.seed, progress=progress, stop=stop)
    return Explained(record, missed, why)
