"""Rules of the rule set a contract names, one function a rule; a span goes by the version of its first day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from data.domain import Agent, Assignment, Severity, Violation
from data.rule_sets import (
    AverageHours,
    BreakAfter,
    Cycle,
    CycleHours,
    DailyRest,
    NightHours,
    NormalHours,
    OvertimePerDay,
    OvertimePerMonth,
    ProtectedHours,
    ProtectedNights,
    RuleSet,
    WeeklyRest,
)
from scheduling.rules import RULES
from scheduling.rules.facts import (
    TOLERANCE_H,
    Facts,
    Rule,
    by_week,
    elapsed,
    monday,
    of_person,
    of_shift,
    paid_h,
)
from scheduling.rules.law import HOUR, Law, night_h
from scheduling.rules.overtime import first_of, paid_hours
from scheduling.shifts import wall_clock, week_of

WEEK = timedelta(days=7)
WORKED_DAYS = 6
"""Days of a week whose hours are averaged where a day of rest is left out."""


def known_rule_set(facts: Facts, law: Law) -> Iterator[Violation]:
    """Everybody who works stands under a rule set that is known."""
    for agent, contract, shifts in facts.people():
        if shifts and contract.rule_set not in law.sets:
            message = f"contract {contract.id!r} names the rule set {contract.rule_set!r}, which is not known"
            yield of_person("known rule set", agent, shifts[0].start, message)


def overtime_per_day(facts: Facts, law: Law) -> Iterator[Violation]:
    """A shift has few hours above the normal ones of a day."""
    for _, rules, shifts in law.governed(facts):
        for shift in shifts:
            normal, most = rules.rule(NormalHours, shift.day), rules.rule(OvertimePerDay, shift.day)
            if normal is None or most is None:
                continue
            over = paid_h([shift]) - normal.day_h
            if over > most.most_h + TOLERANCE_H:
                message = f"{over:g} h of overtime, {rules.id} allows {most.most_h:g} h a day"
                yield of_shift("overtime per day", shift, message)


def overtime_per_month(facts: Facts, law: Law) -> Iterator[Violation]:
    """A calendar month has few hours of overtime, those on rest days and statutory holidays among them."""
    for agent, rules, shifts in law.governed(facts):
        if not any(rules.rule(OvertimePerMonth, shift.day) for shift in shifts):
            continue
        own_months = {first_of(Cycle.MONTH, shift.day) for shift in shifts}
        before = _monthly_overtime_h(facts, law, rules, facts.before.get(agent.id, ()))
        for month, over in _monthly_overtime_h(facts, law, rules, facts.worked(agent.id)).items():
            most = rules.rule(OvertimePerMonth, month)
            if most is None or month not in own_months:
                continue
            if over > max(most.most_h, before.get(month, 0.0)) + TOLERANCE_H:
                message = (
                    f"{over:g} h of overtime in {month:%Y-%m}, {rules.id} allows {most.most_h:g} h a month"
                )
                yield of_person("overtime per month", agent, _first_since(shifts, month).start, message)


def _monthly_overtime_h(
    facts: Facts, law: Law, rules: RuleSet, shifts: Sequence[Assignment]
) -> dict[date, float]:
    """Hours of overtime by the first day of the month."""
    months: dict[date, float] = defaultdict(float)
    for day, hours in paid_hours(law, rules, shifts, facts.roster.timezone).items():
        months[first_of(Cycle.MONTH, day)] += hours.overtime_h
    return months


def cycle_hours(facts: Facts, law: Law) -> Iterator[Violation]:
    """A cycle has few hours above those that are normal over it; a cycle in part is judged by the days there are."""
    for agent, rules, shifts in law.governed(facts):
        if not any(rules.rule(CycleHours, shift.day) for shift in shifts):
            continue
        timezone = facts.roster.timezone
        before = paid_hours(law, rules, facts.before.get(agent.id, ()), timezone)
        for first, hours in paid_hours(law, rules, facts.worked(agent.id), timezone).items():
            cycle = rules.rule(CycleHours, first)
            if cycle is None or not any(first_of(cycle.cycle, shift.day) == first for shift in shifts):
                continue
            had_h = before[first].overtime_h if first in before else 0.0
            if hours.overtime_h > max(cycle.overtime_h, had_h) + TOLERANCE_H:
                message = (
                    f"{hours.overtime_h:g} h above the {cycle.normal_h:g} h of the {cycle.cycle.value} from {first}, "
                    f"{rules.id} allows {cycle.overtime_h:g} h"
                )
                yield of_person("cycle hours", agent, _first_since(shifts, first).start, message)


def daily_rest(facts: Facts, law: Law) -> Iterator[Violation]:
    """Between two shifts lies the rest the law asks for."""
    for agent, rules, _ in law.governed(facts):
        for earlier, later in pairwise(facts.worked(agent.id)):
            least, hours = rules.rule(DailyRest, later.day), elapsed(earlier.end, later.start) / HOUR
            if least is not None and hours < least.least_h - TOLERANCE_H and later.day >= facts.roster.first:
                message = f"{hours:g} h of rest before {later.day}, {rules.id} asks for {least.least_h:g} h"
                yield of_person("daily rest", agent, later.start, message)


def weekly_rest(facts: Facts, law: Law) -> Iterator[Violation]:
    """Every week has a long stretch without work: one that lies in it, or one that begins in it.

    Days of which nothing is known are taken to be free. A week before the roster is judged where a shift of the roster
    cuts its rest short.
    """
    for agent, rules, shifts in law.governed(facts):
        worked, before = facts.worked(agent.id), facts.before.get(agent.id, ())
        for week, _ in by_week(worked):
            least = rules.rule(WeeklyRest, monday(week))
            own = next((shift for shift in shifts if week_of(shift.day) >= week), None)
            if least is None or own is None:
                continue
            begin, end = (wall_clock(monday(week + n), 0, facts.roster.timezone) for n in (0, 1))
            long = timedelta(hours=least.least_h - TOLERANCE_H)
            if _rested(worked, long, begin, end) or not (
                week_of(own.day) == week or _rested(before, long, begin, end)
            ):
                continue
            message = f"no {least.least_h:g} h of rest in one stretch in the week of {monday(week)}, as {rules.id} asks"
            yield of_person("weekly rest", agent, own.start, message)


def average_hours(facts: Facts, law: Law) -> Iterator[Violation]:
    """Weeks in a row hold few hours on average; where fewer whole weeks are known, those are judged softly."""
    for agent, rules, shifts in law.governed(facts):
        worked = {week: paid_h(members) for week, members in by_week(facts.worked(agent.id))}
        mine = {week_of(shift.day) for shift in shifts}
        own, last = week_of(facts.roster.first), week_of(facts.roster.last)
        known = own if facts.known_from is None else week_of(facts.known_from)
        for week in range(known, last + 1):
            most = rules.rule(AverageHours, monday(week))
            if most is None or mine.isdisjoint(range(week, week + most.weeks)):
                continue
            hours = sum(worked.get(each, 0.0) for each in range(week, week + most.weeks))
            start = wall_clock(max(monday(week), facts.roster.first), 0, facts.roster.timezone)
            if hours > most.weeks * most.most_h + TOLERANCE_H:
                message = f"{hours:g} h in {most.weeks} weeks from {monday(week)}, {rules.id} allows {most.most_h:g} h a week on average"
                yield of_person("average hours", agent, start, message)
            elif week == known and last - known + 1 < most.weeks:
                whole = _whole_weeks(facts)
                planned = sum(worked.get(each, 0.0) for each in whole) if mine & set(whole) else 0.0
                if planned > len(whole) * most.most_h + TOLERANCE_H:
                    message = f"{planned / len(whole):g} h a week in {len(whole)} weeks, {rules.id} allows {most.most_h:g} h on average over {most.weeks} weeks"
                    yield replace(of_person("average hours", agent, start, message), severity=Severity.SOFT)


def break_after(facts: Facts, law: Law) -> Iterator[Violation]:
    """A long shift has a break."""
    for _, rules, shifts in law.governed(facts):
        for shift in shifts:
            due = rules.rule(BreakAfter, shift.day)
            hours = paid_h([shift])
            if due is None or hours <= due.after_h + TOLERANCE_H:
                continue
            rest_min = sum((elapsed(rest.start, rest.end) for rest in shift.breaks), timedelta())
            if rest_min < timedelta(minutes=due.least_min):
                message = f"{rest_min / timedelta(minutes=1):g} min of breaks in {hours:g} h, {rules.id} asks for {due.least_min} min after {due.after_h:g} h"
                yield of_shift("break after", shift, message)


def night_hours(facts: Facts, law: Law) -> Iterator[Violation]:
    """Who works nights works few hours a day on average over the known weeks with one."""
    for agent, rules, shifts in law.governed(facts):
        above: dict[int, float] = {}
        rule, total_h = None, 0.0
        for week, members in by_week(facts.worked(agent.id)):
            held = rules.rule(NightHours, monday(week))
            if held is not None and any(_is_night(shift, held, facts) for shift in members):
                rule, total_h = held, total_h + paid_h(members)
                above[week] = paid_h(members) - WORKED_DAYS * held.most_h
        own = [shift for shift in shifts if week_of(shift.day) in above]
        own_h = sum(above[week] for week in {week_of(shift.day) for shift in own})
        if rule is not None and own and sum(above.values()) > TOLERANCE_H and own_h > TOLERANCE_H:
            day_h = total_h / WORKED_DAYS / len(above)
            message = f"{day_h:g} h a day in weeks with nights, {rules.id} allows {rule.most_h:g} h"
            yield of_person("night hours", agent, own[0].start, message)


def protected_nights(facts: Facts, law: Law) -> Iterator[Violation]:
    """Protected people do not work at night."""
    for agent, rules, shifts in law.governed(facts):
        for shift in shifts:
            rule = rules.rule(ProtectedNights, shift.day)
            if rule is None or not _protected(agent, shift):
                continue
            hours = night_h(shift, facts.roster.timezone, rule.night_from_min, rule.night_until_min)
            if hours > TOLERANCE_H:
                yield of_shift("protected nights", shift, f"{hours:g} h at night for somebody protected")


def protected_hours(facts: Facts, law: Law) -> Iterator[Violation]:
    """Protected people work no overtime, neither of a day nor of a week."""
    for agent, rules, _ in law.governed(facts):
        for week, members in by_week(shift for shift in facts.worked(agent.id) if _protected(agent, shift)):
            own = [shift for shift in members if shift.day >= facts.roster.first]
            if own:
                yield from _protected_week(agent, rules, week, members, own)


def _protected_week(
    agent: Agent, rules: RuleSet, week: int, members: list[Assignment], own: list[Assignment]
) -> Iterator[Violation]:
    for shift in own:
        rule, hours = rules.rule(ProtectedHours, shift.day), paid_h([shift])
        if rule is not None and hours > rule.day_h + TOLERANCE_H:
            message = f"{hours:g} h for somebody protected, {rules.id} allows {rule.day_h:g} h a day"
            yield of_shift("protected hours", shift, message)
    rule, hours = rules.rule(ProtectedHours, members[0].day), paid_h(members)
    if rule is not None and hours > rule.week_h + TOLERANCE_H:
        message = f"{hours:g} h in the week of {monday(week)} for somebody protected, {rules.id} allows {rule.week_h:g} h"
        yield of_person("protected hours", agent, own[0].start, message)


def _whole_weeks(facts: Facts) -> list[int]:
    first, last = facts.known_from or facts.roster.first, facts.roster.last
    weeks = range(week_of(first), week_of(last) + 1)
    return [week for week in weeks if first <= monday(week) and monday(week + 1) <= last + timedelta(days=1)]


def _protected(agent: Agent, shift: Assignment) -> bool:
    """Whether somebody is protected on a day of a shift; one past midnight is of two days."""
    last = (shift.end.astimezone(shift.start.tzinfo) - timedelta(microseconds=1)).date()
    return agent.protected_on(shift.day) or agent.protected_on(last)


def _is_night(shift: Assignment, rule: NightHours, facts: Facts) -> bool:
    hours = night_h(shift, facts.roster.timezone, rule.night_from_min, rule.night_until_min)
    return hours >= rule.night_shift_h - TOLERANCE_H


def _first_since(shifts: tuple[Assignment, ...], day: date) -> Assignment:
    return next(shift for shift in shifts if shift.day >= day)


def _rested(shifts: Sequence[Assignment], long: timedelta, begin: datetime, end: datetime) -> bool:
    """Whether some stretch without work is long enough, and of the week."""
    return any(_rests(free, long, begin, end) for free in _free(shifts, begin - WEEK, end + WEEK))


def _free(
    shifts: Sequence[Assignment], begin: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Stretches without work, from before the first shift to after the last."""
    edges = [begin, *(edge for shift in shifts for edge in (shift.start, shift.end)), end]
    for free in range(0, len(edges), 2):
        yield edges[free].astimezone(UTC), edges[free + 1].astimezone(UTC)


def _rests(free: tuple[datetime, datetime], long: timedelta, begin: datetime, end: datetime) -> bool:
    """Whether a stretch is long enough, and of a week."""
    inside = min(free[1], end.astimezone(UTC)) - max(free[0], begin.astimezone(UTC))
    return inside >= long or (
        begin.astimezone(UTC) <= free[0] < end.astimezone(UTC) and free[1] - free[0] >= long
    )


LAW_RULES: tuple[Callable[[Facts, Law], Iterator[Violation]], ...] = (
    known_rule_set,
    overtime_per_day,
    overtime_per_month,
    cycle_hours,
    daily_rest,
    weekly_rest,
    average_hours,
    break_after,
    night_hours,
    protected_nights,
    protected_hours,
)
"""Every rule of rule sets, in the order its violations are listed. Each judges a person by their own shifts alone."""


def rules_of_law(law: Law) -> tuple[Rule, ...]:
    """Return the rules of rule sets as rules among others: `violations(…, rules=(*RULES, *rules_of_law(law)))`."""
    return tuple(_under(law, rule) for rule in LAW_RULES)


def rules_under(law: Law) -> tuple[Rule, ...]:
    """Every rule of contracts, and those of the law's rule sets where there are any."""
    return (*RULES, *rules_of_law(law)) if law.sets else RULES


def _under(law: Law, rule: Callable[[Facts, Law], Iterator[Violation]]) -> Rule:
    def judged(facts: Facts) -> Iterator[Violation]:
        return rule(facts, law)

    return judged
