"""Work rules in plain Python: one function per rule, no solver in sight.

The optimiser's results and every edit by hand go through `violations`. A rule reads `Facts`, which holds the
roster by person, and yields a `Violation` for each place it is broken. Weeks run from Monday to Sunday, local.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise

from data.domain import Agent, Assignment, Contract, Roster, ShiftPattern, Violation
from scheduling.shifts import wall_clock, week_of

TOLERANCE_H = 1e-6
"""Hours are sums of minutes: what is below this is rounding."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A roster and what its rules are read from, prepared for looking up.

    Parameters
    ----------
    roster
        The roster to judge.
    agents, contracts, patterns
        By id.
    shifts
        Assignments of each person in order of start.
    """

    roster: Roster
    agents: Mapping[str, Agent]
    contracts: Mapping[str, Contract]
    patterns: Mapping[str, ShiftPattern]
    shifts: Mapping[str, tuple[Assignment, ...]]

    def contract(self, agent_id: str) -> Contract | None:
        """Contract of a person; None where person or contract is unknown, which rules of their own report."""
        agent = self.agents.get(agent_id)
        return None if agent is None else self.contracts.get(agent.contract)

    def people(self) -> Iterator[tuple[Agent, Contract, tuple[Assignment, ...]]]:
        """Known people with a known contract, each with the shifts they have, possibly none."""
        for agent_id, agent in self.agents.items():
            contract = self.contracts.get(agent.contract)
            if contract is not None:
                yield agent, contract, self.shifts.get(agent_id, ())

    def templates(self) -> Iterator[tuple[Assignment, ShiftPattern]]:
        """Assignments with the pattern they were made from, where it is known."""
        for assignment in self.roster.assignments:
            pattern = self.patterns.get(assignment.pattern)
            if pattern is not None:
                yield assignment, pattern


def least_h(contract: Contract, days_off: int) -> float:
    """Hours a full week must hold; each day of time off counts as an average working day."""
    if contract.max_days_per_week == 0:
        return 0.0
    return max(0.0, contract.min_h_per_week * (1 - days_off / contract.max_days_per_week))


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """Time that passes between two instants; Python subtracts wall clocks within one zone, an hour off at DST."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def _by_week(shifts: Iterable[Assignment]) -> Iterator[tuple[int, list[Assignment]]]:
    for week, members in groupby(shifts, key=lambda shift: week_of(shift.day)):
        yield week, list(members)


def _monday(week: int) -> date:
    return date.fromordinal(7 * week + 1)


def _paid_h(shifts: Iterable[Assignment]) -> float:
    return sum((shift.paid for shift in shifts), timedelta()) / timedelta(hours=1)


def _broken(rule: str, shift: Assignment, message: str) -> Violation:
    text = f"{shift.agent_id} on {shift.day}: {message}"
    return Violation(rule=rule, agent_id=shift.agent_id, start=shift.start, message=text)


def known_person(facts: Facts) -> Iterator[Violation]:
    """Every shift belongs to somebody who can be rostered."""
    for shift in facts.roster.assignments:
        if shift.agent_id not in facts.agents:
            yield _broken("known person", shift, "nobody of that name can be rostered")


def known_contract(facts: Facts) -> Iterator[Violation]:
    """Everybody who works has a contract that is known."""
    for agent_id, shifts in facts.shifts.items():
        agent = facts.agents.get(agent_id)
        if agent is not None and agent.contract not in facts.contracts:
            yield _broken("known contract", shifts[0], f"contract {agent.contract!r} is not known")


def known_pattern(facts: Facts) -> Iterator[Violation]:
    """Every shift was made from a pattern that is known."""
    for shift in facts.roster.assignments:
        if shift.pattern not in facts.patterns:
            yield _broken("known pattern", shift, f"pattern {shift.pattern!r} is not known")


def contract_allows_pattern(facts: Facts) -> Iterator[Violation]:
    """A person works patterns of their contract only."""
    for shift in facts.roster.assignments:
        contract = facts.contract(shift.agent_id)
        if contract is not None and contract.patterns and shift.pattern not in contract.patterns:
            message = f"contract {contract.id!r} does not allow pattern {shift.pattern!r}"
            yield _broken("contract allows pattern", shift, message)


def pattern_weekday(facts: Facts) -> Iterator[Violation]:
    """A shift begins on a weekday its pattern has."""
    for shift, pattern in facts.templates():
        if shift.day.weekday() not in pattern.weekdays:
            yield _broken(
                "pattern weekday", shift, f"pattern {pattern.id!r} does not start on {shift.day:%A}s"
            )


def pattern_start(facts: Facts) -> Iterator[Violation]:
    """A shift begins on its local day, inside its pattern's start window and on its step."""
    for shift, pattern in facts.templates():
        minutes = range(pattern.start_earliest_min, pattern.start_latest_min + 1, pattern.start_step_min)
        clocks = (wall_clock(shift.day, minute, facts.roster.timezone) for minute in minutes)
        if shift.start.astimezone(UTC) not in {clock.astimezone(UTC) for clock in clocks}:
            message = f"a start at {shift.start:%Y-%m-%d %H:%M %Z} is none of pattern {pattern.id!r}"
            yield _broken("pattern start", shift, message)


def pattern_length(facts: Facts) -> Iterator[Violation]:
    """A shift lasts as long as its pattern says."""
    for shift, pattern in facts.templates():
        length_min = _elapsed(shift.start, shift.end) / timedelta(minutes=1)
        if length_min != pattern.length_min:
            message = f"it lasts {length_min:g} min, pattern {pattern.id!r} {pattern.length_min} min"
            yield _broken("pattern length", shift, message)


def breaks_of_pattern(facts: Facts) -> Iterator[Violation]:
    """A shift has the breaks of its pattern: as many, in order, of their kind, length and pay."""
    for shift, pattern in facts.templates():
        had = [
            (rest.kind, _elapsed(rest.start, rest.end) / timedelta(minutes=1), rest.paid)
            for rest in shift.breaks
        ]
        due = [(rule.kind, float(rule.length_min), rule.paid) for rule in pattern.breaks]
        if had != due:
            message = f"breaks are {_listed(had)}, pattern {pattern.id!r} has {_listed(due)}"
            yield _broken("breaks of pattern", shift, message)


def _listed(breaks: list[tuple[str, float, bool]]) -> str:
    words = [f"{kind} {length:g} min {'paid' if paid else 'unpaid'}" for kind, length, paid in breaks]
    return ", ".join(words) or "none"


def break_window(facts: Facts) -> Iterator[Violation]:
    """Each break starts inside the window of its rule."""
    for shift, pattern in facts.templates():
        for rest, rule in zip(shift.breaks, pattern.breaks, strict=False):
            offset_min = _elapsed(shift.start, rest.start) / timedelta(minutes=1)
            if not rule.earliest_min <= offset_min <= rule.latest_min:
                message = (
                    f"{rest.kind} starts {offset_min:g} min after the shift, "
                    f"outside {rule.earliest_min}–{rule.latest_min} min"
                )
                yield _broken("break window", shift, message)


def breaks_apart(facts: Facts) -> Iterator[Violation]:
    """Breaks lie inside their shift, in order, and do not overlap."""
    for shift in facts.roster.assignments:
        edges = [shift.start, *(edge for rest in shift.breaks for edge in (rest.start, rest.end)), shift.end]
        if any(_elapsed(earlier, later) < timedelta() for earlier, later in pairwise(edges)):
            yield _broken("breaks apart", shift, "breaks overlap, or lie outside the shift")


def one_shift_a_day(facts: Facts) -> Iterator[Violation]:
    """A person begins at most one shift on a local day."""
    for shifts in facts.shifts.values():
        for earlier, later in pairwise(shifts):
            if earlier.day == later.day:
                yield _broken("one shift a day", later, "a second shift begins on the same day")


def weekly_days(facts: Facts) -> Iterator[Violation]:
    """Working days from Monday to Sunday stay within the contract."""
    for agent, contract, shifts in facts.people():
        for week, members in _by_week(shifts):
            days = len({shift.day for shift in members})
            if days > contract.max_days_per_week:
                message = f"{days} days in the week of {_monday(week)}, contract {contract.id!r} allows {contract.max_days_per_week}"
                yield _person("weekly days", agent, members[0].start, message)


def weekly_hours_most(facts: Facts) -> Iterator[Violation]:
    """Paid hours from Monday to Sunday stay within the contract."""
    for agent, contract, shifts in facts.people():
        for week, members in _by_week(shifts):
            hours = _paid_h(members)
            if hours > contract.max_h_per_week + TOLERANCE_H:
                message = f"{hours:g} h in the week of {_monday(week)}, contract {contract.id!r} allows {contract.max_h_per_week:g} h"
                yield _person("weekly hours at most", agent, members[0].start, message)


def weekly_hours_least(facts: Facts) -> Iterator[Violation]:
    """Paid hours of a week that lies whole in the horizon reach the contract's least.

    Each day of time off counts as an average working day, see `least_h`.
    """
    roster = facts.roster
    weeks = range(week_of(roster.first), week_of(roster.last) + 1)
    whole = [w for w in weeks if roster.first <= _monday(w) and _monday(w + 1) <= roster.last + timedelta(1)]
    for agent, contract, shifts in facts.people():
        worked = {week: _paid_h(members) for week, members in _by_week(shifts)}
        for week in whole:
            days_off = sum(week_of(day) == week for day in agent.time_off)
            least, hours = least_h(contract, days_off), worked.get(week, 0.0)
            if hours < least - TOLERANCE_H:
                message = f"{hours:g} h in the week of {_monday(week)}, contract {contract.id!r} asks for {least:g} h"
                start = wall_clock(_monday(week), 0, roster.timezone)
                yield _person("weekly hours at least", agent, start, message)


def consecutive_days(facts: Facts) -> Iterator[Violation]:
    """Nobody works more days in a row than the contract allows."""
    for agent, contract, shifts in facts.people():
        days = sorted({shift.day for shift in shifts})
        for run in _runs(days):
            if len(run) > contract.max_consecutive_days:
                first = next(shift for shift in shifts if shift.day == run[0])
                message = f"{len(run)} days in a row from {run[0]}, contract {contract.id!r} allows {contract.max_consecutive_days}"
                yield _person("consecutive days", agent, first.start, message)


def _runs(days: list[date]) -> Iterator[list[date]]:
    for _, members in groupby(enumerate(days), key=lambda item: item[1].toordinal() - item[0]):
        yield [day for _, day in members]


def rest(facts: Facts) -> Iterator[Violation]:
    """Between the end of a shift and the start of the next lies the contract's rest; shifts never overlap."""
    for agent, contract, shifts in facts.people():
        for earlier, later in pairwise(shifts):
            hours = _elapsed(earlier.end, later.start) / timedelta(hours=1)
            if hours < contract.min_rest_h - TOLERANCE_H:
                message = f"{hours:g} h of rest before {later.day}, contract {contract.id!r} asks for {contract.min_rest_h:g} h"
                yield _person("rest", agent, later.start, message)


def time_off(facts: Facts) -> Iterator[Violation]:
    """Nobody works on a day of time off, nor past midnight into one."""
    for agent, _, shifts in facts.people():
        for shift in shifts:
            last = (shift.end.astimezone(shift.start.tzinfo) - timedelta(microseconds=1)).date()
            for day in sorted({shift.day, last} & agent.time_off):
                yield _broken("time off", shift, f"{day} is a day off")


def inside_horizon(facts: Facts) -> Iterator[Violation]:
    """Every shift begins on a day of the roster's horizon."""
    for shift in facts.roster.assignments:
        if not facts.roster.first <= shift.day <= facts.roster.last:
            message = f"the roster runs from {facts.roster.first} to {facts.roster.last}"
            yield _broken("inside horizon", shift, message)


def _person(rule: str, agent: Agent, start: datetime, message: str) -> Violation:
    return Violation(rule=rule, agent_id=agent.id, start=start, message=f"{agent.id}: {message}")


Rule = Callable[[Facts], Iterator[Violation]]

RULES: tuple[Rule, ...] = (
    known_person,
    known_contract,
    known_pattern,
    contract_allows_pattern,
    pattern_weekday,
    pattern_start,
    pattern_length,
    breaks_of_pattern,
    break_window,
    breaks_apart,
    one_shift_a_day,
    weekly_days,
    weekly_hours_most,
    weekly_hours_least,
    consecutive_days,
    rest,
    time_off,
    inside_horizon,
)
"""Every rule, in the order its violations are listed."""


def violations(
    roster: Roster,
    agents: Iterable[Agent],
    contracts: Iterable[Contract],
    patterns: Iterable[ShiftPattern],
    rules: Iterable[Rule] = RULES,
) -> list[Violation]:
    """Judge a roster by every rule.

    Parameters
    ----------
    roster
        From the optimiser, from a file or edited by hand.
    agents, contracts, patterns
        What the roster was made from.
    rules
        The rules to judge by.

    Returns
    -------
    list of Violation
        Rule by rule; empty for a clean roster.
    """
    ordered = sorted(roster.assignments, key=lambda shift: (shift.agent_id, shift.start.astimezone(UTC)))
    shifts = {agent_id: tuple(own) for agent_id, own in groupby(ordered, key=lambda shift: shift.agent_id)}
    facts = Facts(
        roster,
        {agent.id: agent for agent in agents},
        {contract.id: contract for contract in contracts},
        {pattern.id: pattern for pattern in patterns},
        shifts,
    )
    return [violation for rule in rules for violation in rule(facts)]
