"""Demand → roster → evaluation and simulation, kept under a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Outcome, Queue, Roster, Status, Violation
from data.errors import CancelledError, InputError, NoRosterError
from data.records import RosterRecord
from data.store import Workspace
from forecasting.paths import sample_paths
from scheduling.compare import Comparison, compare
from scheduling.evaluate import Evaluation, evaluate
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Limits, Progress
from scheduling.rosters.solve import solve
from scheduling.rules import violations
from scheduling.simulate import Simulation, simulate
from ui.plan import Report, silent
from ui.plan.forecasts import stored_forecast
from ui.plan.staffing import (
    Demand,
    common_step_min,
    curves,
    demand,
    digest,
    kept_demand,
    requirements,
    within,
)


@dataclass(frozen=True, slots=True)
class Solved:
    """A roster as it was solved, checked and kept.

    Parameters
    ----------
    record
        What is kept about it.
    outcome
        Status, objective, bound and the roster.
    evaluation
        Coverage and answer rates that follow.
    violations
        Every rule the solver-free checker found broken.
    left_out
        Queues with demand for which nobody has the skill.
    """

    record: RosterRecord
    outcome: Outcome[Roster]
    evaluation: Evaluation
    violations: tuple[Violation, ...]
    left_out: tuple[str, ...]


def staffed_queues(
    workspace: Workspace, names: Sequence[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Queues somebody has the skill for, and those nobody has; queues asked for by name are never left out.

    Raises
    ------
    InputError
        There are no agents, or none with the skill of any queue.
    """
    agents = workspace.agents()
    if not agents:
        raise InputError("the workspace has no agents yet. Import agents first.")
    if names:
        return tuple(workspace.queue(name).id for name in dict.fromkeys(names)), ()
    skills = frozenset[str]().union(*(agent.skills for agent in agents))
    queues = workspace.queues()
    served = tuple(queue.id for queue in queues if queue.skill in skills)
    if not served:
        wanted = ", ".join(sorted({queue.skill for queue in queues})) or "none: import queues first"
        raise InputError(f"no agent has a skill of any queue. Skills of the queues: {wanted}.")
    return served, tuple(queue.id for queue in queues if queue.id not in served)


def solve_roster(
    workspace: Workspace,
    *,
    name: str,
    first: date,
    days: int,
    queues: Sequence[str] | None = None,
    limits: Limits | None = None,
    replace: bool = False,
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
        Time, gap and seed.
    replace
        Overwrite a roster of that name.
    report, progress, stop
        Phases of the work; the solver's incumbent and bound; asked whether to stop.

    Raises
    ------
    InputError
        The name is taken, or something needed is not there.
    InfeasibleError
        It was proven that no roster reaches every target; the message lists what can be reached.
    NoRosterError
        None was found in time.
    CancelledError
        `stop` said so before there was one.
    """
    if not name.strip():
        raise InputError("a roster needs a name. Give one with --name.")
    if not replace and any(record.name == name for record in workspace.rosters()):
        raise InputError(
            f"there is a roster {name!r} already. Choose another name, or replace it with --replace."
        )
    bounds = limits or Limits()
    served, left_out = staffed_queues(workspace, queues)
    wanted = demand(workspace, first=first, days=days, queues=served, seed=bounds.seed, report=report)
    report("Answer curves", None)
    step_min = common_step_min(wanted.queues)
    problem = RosterProblem(
        name=name,
        first=first,
        days=days,
        timezone=common_timezone(workspace, wanted.queues),
        queues=wanted.queues,
        agents=workspace.agents(),
        contracts=workspace.contracts(),
        patterns=workspace.patterns(),
        curves=curves(wanted, step_min=step_min),
        step_min=step_min,
    )
    report("Roster", None)
    outcome = solve(problem, limits=bounds, progress=progress, stop=stop)
    if outcome.value is None:
        if outcome.status is Status.CANCELLED:
            raise CancelledError(f"roster {name!r}: stopped before any roster was found. Nothing was saved.")
        raise NoRosterError(
            f"roster {name!r}: none was found within {bounds.time_s:g} s, which does not say that there is none. "
            "Give more time with --time-limit.",
        )
    report("Check", None)
    found = _evaluate(workspace, outcome.value, wanted, problem.curves)
    broken = tuple(violations(outcome.value, problem.agents, problem.contracts, problem.patterns))
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
    )
    parts = {"coverage": found.coverage, "days": found.days}
    saved = workspace.save_roster(outcome.value, record, parts, replace=replace)
    return Solved(saved, outcome, found, broken, left_out)


def check_roster(workspace: Workspace, name: str) -> tuple[Violation, ...]:
    """Every rule a stored roster breaks, found without a solver against today's people and contracts."""
    roster = workspace.roster(name)
    return tuple(violations(roster, workspace.agents(), workspace.contracts(), workspace.patterns()))


def evaluate_roster(workspace: Workspace, name: str) -> Evaluation:
    """Coverage, answer rates and cost of a stored roster against the forecasts it was built on."""
    wanted = _demand_of(workspace, name)
    return _evaluate(workspace, workspace.roster(name), wanted, curves(wanted))


def simulate_roster(
    workspace: Workspace,
    name: str,
    *,
    paths: int = 200,
    seed: int = 0,
    report: Report = silent,
) -> Simulation:
    """Play a stored roster against sampled days of the forecasts it was built on.

    Parameters
    ----------
    paths
        How many horizons to sample.
    seed
        Same seed, same days.
    """
    wanted = _demand_of(workspace, name)
    record = workspace.roster_record(name)
    arrivals = [
        sample_paths(forecast, paths=paths, seed=seed + index)[
            :, within(forecast.frame, queue, record.first, record.days)
        ]
        for index, (queue, forecast) in enumerate(
            (queue, stored_forecast(workspace, kept))
            for queue, kept in zip(wanted.queues, wanted.records, strict=True)
        )
    ]
    return simulate(
        workspace.roster(name),
        workspace.agents(),
        wanted.queues,
        wanted.forecast,
        np.hstack(arrivals),
        seed=seed,
        progress=lambda share: report("Simulation", share),
    )


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
    )


def common_timezone(workspace: Workspace, queues: Sequence[Queue]) -> str:
    """Zone of a roster's local days: the queues' own when they share one, else the workspace's."""
    zones = {queue.timezone for queue in queues}
    return zones.pop() if len(zones) == 1 else workspace.timezone


def _demand_of(workspace: Workspace, name: str) -> Demand:
    record = workspace.roster_record(name)
    return kept_demand(workspace, record.forecast_ids, first=record.first, days=record.days)


def _evaluate(workspace: Workspace, roster: Roster, wanted: Demand, curve_frame: pd.DataFrame) -> Evaluation:
    return evaluate(
        roster,
        workspace.agents(),
        wanted.queues,
        wanted.forecast,
        curve_frame,
        requirements(wanted),
        contracts=workspace.contracts(),
        patterns=workspace.patterns(),
    )
