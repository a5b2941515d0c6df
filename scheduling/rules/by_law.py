"""Rules of the rule set a contract names, one function a rule; a span goes by the version of its first day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
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
        months: dict[date, float] = defaultdict(float)
        for day, hours in paid_hours(law, rules, shifts, facts.roster.timezone).items():
            months[first_of(Cycle.MONTH, day)] += hours.overtime_h
        for month, over in months.items():
            most = rules.rule(OvertimePerMonth, month)
            if most is not None and over > most.most_h + TOLERANCE_H:
                message = (
                    f"{over:g} h of overtime in {month:%Y-%m}, {rules.id} allows {most.most_h:g} h a month"
                )
                yield of_person("overtime per month", agent, _first_since(shifts, month).start, message)


def cycle_hours(facts: Facts, law: Law) -> Iterator[Violation]:
    """A cycle has few hours above those that are normal over it; a cycle in part is judged by the days there are."""
    for agent, rules, shifts in law.governed(facts):
        if not any(rules.rule(CycleHours, shift.day) for shift in shifts):
            continue
        for first, hours in paid_hours(law, rules, shifts, facts.roster.timezone).items():
            cycle = rules.rule(CycleHours, first)
            if cycle is not None and hours.overtime_h > cycle.overtime_h + TOLERANCE_H:
                message = (
                    f"{hours.overtime_h:g} h above the {cycle.normal_h:g} h of the {cycle.cycle.value} from {first}, "
                    f"{rules.id} allows {cycle.overtime_h:g} h"
                )
                yield of_person("cycle hours", agent, _first_since(shifts, first).start, message)


def daily_rest(facts: Facts, law: Law) -> Iterator[Violation]:
    """Between two shifts lies the rest the law asks for."""
    for agent, rules, shifts in law.governed(facts):
        for earlier, later in pairwise(shifts):
            least, hours = rules.rule(DailyRest, later.day), elapsed(earlier.end, later.start) / HOUR
            if least is not None and hours < least.least_h - TOLERANCE_H:
                message = f"{hours:g} h of rest before {later.day}, {rules.id} asks for {least.least_h:g} h"
                yield of_person("daily rest", agent, later.start, message)


def weekly_rest(facts: Facts, law: Law) -> Iterator[Violation]:
    """Every week has a long stretch without work: one that lies in it, or one that begins in it.

    Days outside the roster are taken to be free.
    """
    for agent, rules, shifts in law.governed(facts):
        for week, members in by_week(shifts):
            least = rules.rule(WeeklyRest, monday(week))
            if least is None:
                continue
            begin, end = (wall_clock(monday(week + n), 0, facts.roster.timezone) for n in (0, 1))
            long = timedelta(hours=least.least_h - TOLERANCE_H)
            if not any(_rests(free, long, begin, end) for free in _free(shifts, begin - WEEK, end + WEEK)):
                message = f"no {least.least_h:g} h of rest in one stretch in the week of {monday(week)}, as {rules.id} asks"
                yield of_person("weekly rest", agent, members[0].start, message)


def average_hours(facts: Facts, law: Law) -> Iterator[Violation]:
    """Weeks in a row hold few hours on average; fewer whole weeks than are averaged are judged softly on their own."""
    for agent, rules, shifts in law.governed(facts):
        worked = {week: paid_h(members) for week, members in by_week(shifts)}
        first, last = week_of(facts.roster.first), week_of(facts.roster.last)
        for week in range(first, last + 1):
            most = rules.rule(AverageHours, monday(week))
            if most is None:
                continue
            hours = sum(worked.get(each, 0.0) for each in range(week, week + most.weeks))
            start = wall_clock(max(monday(week), facts.roster.first), 0, facts.roster.timezone)
            if hours > most.weeks * most.most_h + TOLERANCE_H:
                message = f"{hours:g} h in {most.weeks} weeks from {monday(week)}, {rules.id} allows {most.most_h:g} h a week on average"
                yield of_person("average hours", agent, start, message)
            elif week == first and last - first + 1 < most.weeks:
                whole = _whole_weeks(facts)
                planned = sum(worked.get(each, 0.0) for each in whole)
                if planned > len(whole) * most.most_h + TOLERANCE_H:
                    message = f"{planned / len(whole):g} h a week in this roster, {rules.id} allows {most.most_h:g} h on average over {most.weeks} weeks"
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
    """Who works nights works few hours a day on average over the weeks with one."""
    for agent, rules, shifts in law.governed(facts):
        hours: list[float] = []
        rule, start = None, None
        for week, members in by_week(shifts):
            held = rules.rule(NightHours, monday(week))
            if held is not None and any(_is_night(shift, held, facts) for shift in members):
                rule, start = rule or held, start or members[0].start
                hours.append(paid_h(members) / WORKED_DAYS)
        if rule is not None and start is not None and sum(hours) > rule.most_h * len(hours) + TOLERANCE_H:
            message = f"{sum(hours) / len(hours):g} h a day in weeks with nights, {rules.id} allows {rule.most_h:g} h"
            yield of_person("night hours", agent, start, message)


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
    for agent, rules, shifts in law.governed(facts):
        for week, members in by_week(shift for shift in shifts if _protected(agent, shift)):
            yield from _protected_week(agent, rules, week, members)


def _protected_week(
    agent: Agent, rules: RuleSet, week: int, members: list[Assignment]
) -> Iterator[Violation]:
    for shift in members:
        rule, hours = rules.rule(ProtectedHours, shift.day), paid_h([shift])
        if rule is not None and hours > rule.day_h + TOLERANCE_H:
            message = f"{hours:g} h for somebody protected, {rules.id} allows {rule.day_h:g} h a day"
            yield of_shift("protected hours", shift, message)
    rule, hours = rules.rule(ProtectedHours, members[0].day), paid_h(members)
    if rule is not None and hours > rule.week_h + TOLERANCE_H:
        message = f"{hours:g} h in the week of {monday(week)} for somebody protected, {rules.id} allows {rule.week_h:g} h"
        yield of_person("protected hours", agent, members[0].start, message)


def _whole_weeks(facts: Facts) -> list[int]:
    first, last = facts.roster.first, facts.roster.last
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


def _free(
    shifts: tuple[Assignment, ...], begin: datetime, end: datetime
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


def _under(law: Law, rule: Callable[[Facts, Law], Iterator[Violation]]) -> Rule:
    def judged(facts: Facts) -> Iterator[Violation]:
        return rule(facts, law)

    return judged
