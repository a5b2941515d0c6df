"""Tours shared fairly: shifts of a named roster dealt anew among people who replace each other.

Who works what changes, what is worked does not: coverage, hours and targets stay exactly as they are, every rule is
kept, and no cost rises. What is made small is the sum of squares of what each person works beyond their share of nights,
weekends, early and late shifts (`scheduling.fair_shares`), beside wishes and steady starts at their weights (`wishes`).
Dealing one day anew, everything else held, is a linear assignment and solved exactly; then days in a row change hands
between those who work most beyond their share and those who work least.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from data.domain import Roster, Severity
from scheduling.fair_shares import by_person
from scheduling.problem import RosterProblem
from scheduling.rosters.fair_dealing import Sharing
from scheduling.rosters.fair_members import groups_of
from scheduling.rosters.found import RosterOutcome
from scheduling.rosters.limits import Watch
from scheduling.rosters.recount import cost_of
from scheduling.rules import RULES, violations
from scheduling.rules.by_law import rules_of_law
from scheduling.unsocial import UNSOCIAL

LESS = 1e-9
"""What falls by less than this does not fall."""
TIME_SHARE = 0.05
"""Share of the time limit this may take."""


def with_fair_shares(problem: RosterProblem, outcome: RosterOutcome, watch: Watch) -> RosterOutcome:
    """The same outcome, its roster shared fairly in a little of the time that is left."""
    if outcome.value is None:
        return outcome
    until_s = min(watch.limits.time_s, watch.elapsed_s + TIME_SHARE * watch.limits.time_s)
    roster = shared_fairly(problem, outcome.value, lambda: watch.elapsed_s < until_s and not watch.stopped())
    return replace(outcome, value=roster, runtime_s=max(outcome.runtime_s, watch.elapsed_s))


def shared_fairly(problem: RosterProblem, roster: Roster, in_time: Callable[[], bool]) -> Roster:
    """Deal a roster's shifts anew among people who replace each other, until nothing gains or time is up.

    Parameters
    ----------
    problem
        What the roster was made for; its `past` counts.
    roster
        With names, without activities.
    in_time
        Asked between steps; false ends the work with what was gained until then.

    Returns
    -------
    Roster
        As fair as the one given, or fairer; it breaks no hard rule that one keeps, and costs no more.
    """
    if not in_time():
        return roster
    loads = {id(shift): UNSOCIAL.load(shift, problem.timezone) for shift in roster.assignments}
    groups = groups_of(problem, roster, loads)
    for members in groups:
        Sharing(members, loads, problem.days).work(in_time)
    holders = {
        (member.agent.id, day): token
        for members in groups
        for member in members
        for day, token in member.held.items()
    }
    named = [
        token if token.agent_id == agent_id else replace(token, agent_id=agent_id)
        for (agent_id, _), token in holders.items()
    ]
    others = {member.agent.id for members in groups for member in members}
    named += [shift for shift in roster.assignments if shift.agent_id not in others]
    found = replace(roster, assignments=tuple(sorted(named, key=lambda shift: (shift.agent_id, shift.start))))
    return found if _stands(problem, roster, found) else roster


def _stands(problem: RosterProblem, old: Roster, new: Roster) -> bool:
    """Whether a roster breaks no hard rule that the old one keeps, and costs no more."""
    before, after = by_person(old.assignments), by_person(new.assignments)
    moved = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    if cost_of(new, problem) > cost_of(old, problem) + LESS:
        return False

    def broken(roster: Roster) -> set[tuple[str, str | None, str]]:
        part = replace(roster, assignments=tuple(s for s in roster.assignments if s.agent_id in moved))
        found = violations(
            part,
            [agent for agent in problem.agents if agent.id in moved],
            problem.contracts,
            problem.patterns,
            (*RULES, *(rules_of_law(problem.law) if problem.law.sets else ())),
            before=[shift for shift in problem.before if shift.agent_id in moved],
        )
        return {(v.rule, v.agent_id, v.message) for v in found if v.severity is Severity.HARD}

    return broken(new) <= broken(old)
