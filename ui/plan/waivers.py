"""Rules a roster breaks, those that were waived, and waiving one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from data.domain import Agent, Assignment, Roster, Violation
from data.errors import InputError, UnknownNameError
from data.store import Workspace
from data.waivers import Waiver
from scheduling.rules import RULES, TOGETHER, violations
from scheduling.rules.by_law import rules_of_law
from scheduling.rules.law import Law
from scheduling.rules.waiving import WAIVABLE, Waived, part_waived
from ui.plan.before import kept_before


def judged_by_rules(
    workspace: Workspace,
    roster: Roster,
    before: Sequence[Assignment] = (),
    people: Sequence[Agent] | None = None,
) -> tuple[tuple[Violation, ...], tuple[Waived, ...]]:
    """Rules of contracts and of law that a roster breaks after what was worked before it, and those that were waived.

    `people` are the workspace's when None.
    """
    law = Law(workspace.rule_sets(), workspace.notices())
    found = violations(
        roster,
        workspace.agents() if people is None else people,
        workspace.contracts(),
        workspace.patterns(),
        (*RULES, *TOGETHER, *rules_of_law(law)),
        activities=workspace.activities(),
        before=before,
    )
    return part_waived(found, workspace.waivers(roster.name), roster.timezone)


def waive(
    workspace: Workspace, name: str, *, person: str, day: date, rule: str, by: str, reason: str
) -> tuple[Waiver, tuple[Violation, ...]]:
    """Waive a rule for a person and a day of a roster.

    Returns
    -------
    tuple
        The waiver as it was kept, and what it covers now: nothing where the rule is kept there anyway.

    Raises
    ------
    InputError
        There is no such rule to waive, the day is not one of the roster's, it is waived already, or name or reason is
        missing.
    UnknownNameError
        There is no such roster or person.
    """
    roster = workspace.roster(name)
    if rule not in WAIVABLE:
        repair = "Give a rule of contracts or law as `roster check` names it; others cannot be waived."
        raise UnknownNameError("rule", rule, WAIVABLE, repair=repair)
    if not roster.first <= day <= roster.last:
        raise InputError(
            f"roster {name!r} runs from {roster.first} to {roster.last}; {day} is not among its days. Give one of them."
        )
    waiver = Waiver(roster=name, agent_id=person, day=day, rule=rule, by=by, reason=reason)
    kept = workspace.save_waiver(waiver)
    _, waived = judged_by_rules(workspace, roster, kept_before(workspace, name).shifts)
    return kept, tuple(each.violation for each in waived if each.waiver.id == kept.id)
