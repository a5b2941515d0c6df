"""A stored roster solved again: sickness, locks, newer forecasts, few changes; kept under another name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as change
from datetime import date, datetime, timedelta

import pandas as pd

from data.domain import Severity
from data.errors import CancelledError, InputError
from data.records import RosterRecord
from data.store import Workspace
from scheduling.correction import corrected_curves
from scheduling.resolve.outcome import Absence, ResolveOutcome
from scheduling.resolve.resolve import resolve
from scheduling.rosters.limits import Limits, Progress
from scheduling.shifts import Horizon
from ui.plan import Report, silent
from ui.plan.absences import ABSENCES, absences_frame, absences_of, agents_with
from ui.plan.before import AFTER, kept_before
from ui.plan.explained import problem_of
from ui.plan.judging import CORRECTION, Judged, correction_of, judge
from ui.plan.locks import copy_locks, locks_that_hold
from ui.plan.roster_demand import roster_demand
from ui.plan.staffing import digest, kept_demand
from ui.plan.waivers import judged_by_rules

FROM = "from"
"""Name under which a roster keeps which one it was solved again from."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A roster that was solved again, checked and kept.

    Parameters
    ----------
    record
        What is kept about it.
    outcome
        Status, objective, bound, changes and the roster.
    judged
        What follows from it.
    absences
        Who cannot work, those known before among them.
    """

    record: RosterRecord
    outcome: ResolveOutcome
    judged: Judged
    absences: tuple[Absence, ...]


def resolve_roster(
    workspace: Workspace,
    *,
    name: str,
    as_name: str,
    sick: Sequence[Absence] = (),
    frozen_until: datetime | None = None,
    max_changes: int | None = None,
    price_per_change: float | None = None,
    limits: Limits | None = None,
    replace: bool = False,
    report: Report = silent,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Resolved:
    """Change few tours of a stored roster and keep what comes of it.

    It is planned on the newest stored forecasts of its days, with today's people, contracts, patterns and overrides. The
    roster's locks and absences hold on, and its locks are the new one's too.

    Parameters
    ----------
    name, as_name
        Of the roster that stands, and name to keep the new one under.
    sick
        Who cannot work from now on, and on which days.
    frozen_until
        What began before this instant stays; None where nothing has begun.
    max_changes, price_per_change
        Most tours that change; price of each that does.
    limits
        Time, gap and seed.
    replace
        Overwrite a roster of the new name, which may be the one that stands.
    report, progress, stop
        Phases of the work; incumbent and bound; asked whether to stop, with what was found until then.

    Raises
    ------
    InputError
        The new name is missing or taken, somebody or something is not known, a lock cannot be kept, or more tours than
        `max_changes` must change.
    """
    if not as_name.strip():
        raise InputError("the new roster needs a name. Give one with --as.")
    if any(record.name == as_name for record in workspace.rosters()) and not replace:
        raise InputError(
            f"there is a roster {as_name!r} already. Choose another name, or replace it with --replace."
        )
    bounds, at = limits or Limits(), workspace.now()
    record, roster = workspace.roster_record(name), workspace.roster(name)
    horizon = Horizon(record.first, record.days, record.timezone)
    before = kept_before(workspace, name)
    report("Forecasts", None)
    forecast_ids = newest_forecasts(workspace, record)
    wanted = kept_demand(workspace, forecast_ids, first=record.first, days=record.days, at=at)
    asked = roster_demand(workspace, wanted, horizon, before)
    report("Answer curves", None)
    asked_for = problem_of(
        workspace, asked, name=as_name, first=record.first, days=record.days, timezone=record.timezone
    )
    known, correction = absences_of(workspace, name), correction_of(workspace, name)
    problem = change(
        asked_for,
        agents=agents_with(workspace, known),
        curves=corrected_curves(asked_for.curves, asked_for.queues, correction),
        locks=locks_that_hold(workspace, name),
    )
    _stop_where_asked(stop)
    report("Roster", None)
    outcome = resolve(
        problem,
        roster,
        absent=sick,
        frozen_until=frozen_until,
        max_changes=max_changes,
        price_per_change=price_per_change,
        waived=_waived(workspace, name),
        limits=bounds,
        progress=progress,
        stop=stop,
    )
    if outcome.value is None:
        raise CancelledError(f"roster {as_name!r}: stopped before there was one. Nothing was saved.")
    report("Check", None)
    absences = (*known, *sick)
    judged = judge(workspace, outcome.value, asked, problem.curves, agents_with(workspace, absences))
    found = RosterRecord(
        name=as_name,
        first=record.first,
        days=record.days,
        timezone=record.timezone,
        status=outcome.status.value,
        objective=outcome.objective,
        bound=outcome.bound,
        gap=outcome.gap,
        runtime_s=outcome.runtime_s,
        seed=bounds.seed,
        forecast_ids=forecast_ids,
        data_hash=digest(asked.demand.forecast),
        created_at=at,
        note=f"solved again from {name}: {len(outcome.people)} tours changed",
    )
    evaluation = judged.evaluation
    parts = {
        CORRECTION: correction,
        AFTER: before.frame,
        ABSENCES: absences_frame(absences),
        FROM: pd.DataFrame({"roster": [name]}, dtype="str"),
        "coverage": evaluation.coverage,
        "days": evaluation.days,
        "targets": evaluation.targets,
        "floors": evaluation.floors,
        "not_counted": judged.not_counted,
    }
    saved = workspace.save_roster(outcome.value, found, parts, replace=replace)
    if as_name != name:
        copy_locks(workspace, name, as_name)
    return Resolved(saved, outcome, judged, absences)


def newest_forecasts(workspace: Workspace, record: RosterRecord) -> tuple[str, ...]:
    """The forecasts a roster was planned on, then newer ones of its queues and days, oldest first."""
    own = [workspace.forecast_record(one) for one in record.forecast_ids]
    queues = {one.queue for one in own}
    stored = [one for one in workspace.forecasts() if one.queue in queues]
    ids = [one.id for one in stored]
    begun = {one.queue: ids.index(one.id) for one in own}
    end = record.first + timedelta(days=record.days)
    newer = [
        one.id
        for number, one in enumerate(stored)
        if number > begun[one.queue] and _overlaps(one.first, one.days, record.first, end)
    ]
    return (*record.forecast_ids, *newer)


def _overlaps(first: date, days: int, begin: date, end: date) -> bool:
    return first < end and begin < first + timedelta(days=days)


def _waived(workspace: Workspace, name: str) -> frozenset[str]:
    """People all of whose broken rules were waived."""
    people = agents_with(workspace, absences_of(workspace, name))
    before = kept_before(workspace, name).shifts
    broken, waived = judged_by_rules(workspace, workspace.roster(name), before, people)
    hard = {one.agent_id for one in broken if one.severity is Severity.HARD}
    return frozenset(
        each.violation.agent_id
        for each in waived
        if each.violation.agent_id is not None and each.violation.agent_id not in hard
    )


def _stop_where_asked(stop: Callable[[], bool] | None) -> None:
    if stop is not None and stop():
        raise CancelledError("stopped before any tour was changed. Nothing was saved.")
