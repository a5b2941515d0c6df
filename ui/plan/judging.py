"""A roster against its demand and the rules, without an optimiser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from data.domain import Agent, Roster, Severity, Violation
from data.errors import UnknownNameError
from data.store import Workspace
from scheduling.backlog_days import backlog_days
from scheduling.correction import corrected_curves, no_correction
from scheduling.evaluate import Evaluation, evaluate
from scheduling.fair_shares import past_of
from scheduling.rules.waiving import Waived
from scheduling.wishes_kept import wishes_kept
from ui.plan.absences import absences_of, agents_with
from ui.plan.before import kept_before
from ui.plan.law import law_of
from ui.plan.roster_demand import RosterDemand, roster_step_min, stored_demand
from ui.plan.staffing import curves, requirements
from ui.plan.waivers import judged_by_rules

CORRECTION = "correction"
"""Name under which a roster keeps what its positions were planned to be worth, see `scheduling.correction`."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A roster against its demand and the rules.

    Parameters
    ----------
    evaluation
        Coverage, answer rates and targets.
    violations
        Every rule of contracts and of law the solver-free checker found broken and nobody waived.
    not_counted
        Columns queue, start, end (instants), offered: first hours that are left out, see `scheduling.reach`.
    backlog
        What becomes of contacts that can wait, see `scheduling.backlog_days`.
    waived
        Broken rules that somebody waived, with who and why.
    wishes
        Granted and denied, see `scheduling.wishes_kept`.
    """

    evaluation: Evaluation
    violations: tuple[Violation, ...]
    not_counted: pd.DataFrame
    backlog: pd.DataFrame
    waived: tuple[Waived, ...] = ()
    wishes: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def passed(self) -> bool:
        """Whether every hard rule is kept and every target and floor reached."""
        hard = any(violation.severity is Severity.HARD for violation in self.violations)
        return not hard and self.evaluation.missed.empty and self.evaluation.floors.empty


def check_roster(workspace: Workspace, name: str) -> tuple[Violation, ...]:
    """Every rule a stored roster breaks, found without a solver against today's people, contracts and waivers."""
    broken, _ = judged_by_rules(
        workspace,
        workspace.roster(name),
        kept_before(workspace, name).shifts,
        agents_with(workspace, absences_of(workspace, name)),
    )
    return broken


def judge_roster(workspace: Workspace, name: str) -> Judged:
    """Rules, coverage, answer rates and targets of a stored roster against the forecasts it was built on.

    Where it was planned with a correction it is judged with the same.
    """
    asked = stored_demand(workspace, name)
    queues = asked.demand.queues
    drawn = curves(asked.demand, step_min=roster_step_min(workspace, queues))
    planned_with = corrected_curves(drawn, queues, correction_of(workspace, name))
    people = agents_with(workspace, absences_of(workspace, name))
    return judge(workspace, workspace.roster(name), asked, planned_with, people)


def correction_of(workspace: Workspace, name: str) -> pd.DataFrame:
    """What a stored roster was planned with; nothing where it was stored before there were corrections."""
    try:
        return workspace.roster_part(name, CORRECTION)
    except UnknownNameError:
        return no_correction()


def judge(
    workspace: Workspace,
    roster: Roster,
    asked: RosterDemand,
    curve_frame: pd.DataFrame,
    people: Sequence[Agent] | None = None,
) -> Judged:
    """Judge a roster of some people, the workspace's when None, against its demand and the curves made of it."""
    wanted = asked.demand
    agents = workspace.agents() if people is None else people
    found = evaluate(
        roster,
        agents,
        wanted.queues,
        wanted.planned,
        curve_frame,
        requirements(wanted),
        contracts=workspace.contracts(),
        patterns=workspace.patterns(),
        before=asked.before.shifts,
        law=law_of(workspace),
        past=past_of(asked.before.history, agents, first=roster.first, timezone=roster.timezone),
    )
    backlog = backlog_days(wanted.queues, wanted.forecast, wanted.planned, found.coverage)
    broken, waived = judged_by_rules(workspace, roster, asked.before.shifts, agents)
    return Judged(found, broken, asked.not_counted, backlog, waived, wishes_kept(roster, agents))
