"""Why a roster misses targets and what to give way in, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from data.domain import Period
from scheduling.conflicts.report import AIMS, Conflict, Kind, Proof, Relaxation, Report, Rule

SHOWN = 6
"""Names and days that are listed in a line."""


def report_lines(report: Report) -> list[str]:
    """The whole report, a line each: conflicts with their ways out, then what is left unexplained."""
    lines: list[str] = []
    for number, conflict in enumerate(report.conflicts, start=1):
        which = f"Conflict {number} of {len(report.conflicts)}" if len(report.conflicts) > 1 else "Conflict"
        lines += [f"{which}: {_cause(conflict)}", *(f"  - {line}" for line in conflict_lines(conflict))]
        if conflict.also:
            lines.append(
                f"  The same rules are in the way of: {listed(rule_words(rule) for rule in merged(conflict.also))}."
            )
        if conflict.relaxations:
            lines.append("  Any one of these is enough, cheapest first:")
            lines += [
                f"  {n}. {relaxation_words(way)}" for n, way in enumerate(conflict.relaxations, start=1)
            ]
        else:
            lines.append("  No way out was found in time; --explain-time gives more.")
    if report.unexplained:
        what = listed(rule_words(rule) for rule in merged(report.unexplained))
        lines.append(
            f"Not shown to be out of reach{' by themselves' if report.conflicts else ''}, more time to solve may reach "
            f"it: {what}."
        )
    if report.not_looked_at:
        what = listed(rule_words(rule) for rule in merged(report.not_looked_at))
        lines.append(f"Not looked at in the time there was: {what}.")
    return lines


def conflict_lines(conflict: Conflict) -> list[str]:
    """What cannot all hold."""
    aims = [rule_words(rule) for rule in merged(conflict.aims)]
    if conflict.smallest or len(conflict.rules) <= SHOWN:
        return [*aims, *(rule_words(rule) for rule in conflict.rules)]
    people = [rule_words(rule) for rule in conflict.rules if rule.kind is Kind.PEOPLE]
    kinds = Counter(rule.kind.value for rule in conflict.rules if rule.kind is not Kind.PEOPLE)
    beside = ", ".join(f"{kind} ({count})" for kind, count in kinds.items())
    return [*aims, *people, f"some of these, which there was no time to tell apart: {beside}"]


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that differ in nothing but their days as one, in the order of their first."""
    days: dict[Rule, set[date]] = {}
    for rule in rules:
        days.setdefault(replace(rule, days=()), set()).update(rule.days)
    return [replace(rule, days=tuple(sorted(own))) for rule, own in days.items()]


def rule_words(rule: Rule) -> str:
    """A rule or request, such as "target of cards on Mon 02 Mar: 95 %"."""
    words = _WORDS[rule.kind](rule)
    return f"{words} on {days_words(rule.days)}" if rule.kind is Kind.TIME_OFF else words


def relaxation_words(way: Relaxation) -> str:
    """A way out with its figure, its price and how it is known to be enough."""
    sure = (
        "a roster that reaches it was found"
        if way.proof is Proof.ROSTER
        else "enough for fractions of people"
    )
    proof = "" if way.rule.kind in AIMS else f"; {sure}"
    return f"{_WAYS[way.rule.kind](way)} (price {way.price:,.0f}{proof})"


def days_words(days: Sequence[date]) -> str:
    """Days, runs of them from first to last."""
    runs: list[list[date]] = [[day] for day in days[:1]]
    for before, day in pairwise(days):
        if day - before == timedelta(1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return listed(
        f"{run[0]:%a %d %b}" if len(run) == 1 else f"{run[0]:%a %d %b} to {run[-1]:%a %d %b}" for run in runs
    )


def _cause(conflict: Conflict) -> str:
    proven = (
        "not even fractions of people"
        if not conflict.whole_people
        else "fractions of people could, whole people not"
    )
    size = "nothing can be left out" if conflict.smallest else "perhaps not all of it is needed"
    return f"these cannot all hold ({proven}, as was proven; {size}):"


def _aim(what: str, unit: Callable[[float], str]) -> Callable[[Rule], str]:
    def words(rule: Rule) -> str:
        return f"{what} of {rule.name}{_when(rule)}: {unit(rule.value or 0.0)}"

    return words


def _when(rule: Rule) -> str:
    if rule.period in (Period.WEEK, Period.MONTH):
        return f" over the {rule.period} {rule.days[0]:%a %d %b} to {rule.days[-1]:%a %d %b}"
    return f" on {days_words(rule.days)}" if rule.days else ""


def _of_contract(text: str) -> Callable[[Rule], str]:
    return lambda rule: f"contract {rule.name}: {text.format(_number(rule.value))}"


def _share(value: float) -> str:
    return f"{100 * value:.4g} %"


def _number(value: float | None) -> str:
    return "no limit" if value is None else f"{value:g}"


def _persons(count: float, which: str = "") -> str:
    return f"{count:g} {which}{'person' if count == 1 else 'people'}"


def _clock(value: float | None) -> str:
    return "any time" if value is None else f"{int(value) // 60:02d}:{int(value) % 60:02d}"


def _name(rule: Rule) -> str:
    return f"{rule.label} ({rule.name})" if rule.label else rule.name


_WORDS: Mapping[Kind, Callable[[Rule], str]] = {
    Kind.TARGET: _aim("target", _share),
    Kind.FLOOR: _aim("floor of each interval", _share),
    Kind.LEAST_AGENTS: _aim("least agents", _number),
    Kind.PEOPLE: lambda rule: f"{_persons(rule.value or 0.0)} with skill {rule.name}",
    Kind.TIME_OFF: lambda rule: f"time off of {_name(rule)}",
    Kind.HOURS: _of_contract("at most {} h a week"),
    Kind.DAYS: _of_contract("at most {} days a week"),
    Kind.CONSECUTIVE_DAYS: _of_contract("at most {} days in a row"),
    Kind.REST: _of_contract("{} h of rest"),
    Kind.NIGHTS: _of_contract("at most {} nights in a row"),
    Kind.WEEKENDS_OFF: _of_contract("{} of four weekends off"),
    Kind.START_SPREAD: _of_contract("starts of a week within {} min"),
    Kind.ROTATION: _of_contract("no earlier start than the day before"),
    Kind.DAYS_OFF_TOGETHER: _of_contract("{} days off together"),
    Kind.GUARANTEED_HOURS: _of_contract("at least {} h a week"),
    Kind.ALLOWED_PATTERNS: _of_contract("only its own patterns"),
    Kind.LAW: _of_contract("the law it stands under"),
    Kind.STARTS: lambda rule: f"when pattern {rule.name} may begin",
    Kind.EARLIEST_START: lambda rule: f"pattern {rule.name}: not before {_clock(rule.value)}",
    Kind.LATEST_START: lambda rule: f"pattern {rule.name}: not after {_clock(rule.value)}",
    Kind.BREAKS: lambda rule: f"when breaks of pattern {rule.name} may be taken",
    Kind.SKILL: lambda rule: f"who has skill {rule.name}",
    Kind.LONGER_SHIFTS: lambda rule: f"length of shifts of people with skill {rule.name}",
}


def _lowered(way: Relaxation) -> str:
    pairs = [(way.rule, way.after), *way.and_also]
    parts = [_lower(rule, after) for rule, after in pairs[:SHOWN]]
    more = f", and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else ""
    at_most = "" if way.best is None else f"; no roster reaches more than {_down(way.best)}"
    return f"{'; '.join(parts)}{more}, as this roster reaches{at_most}"


def _lower(rule: Rule, after: float | None) -> str:
    words = "floor of each interval" if rule.kind is not Kind.TARGET else "target"
    unit = "agents" if rule.kind is Kind.LEAST_AGENTS else ""
    before = _number(rule.value) + f" {unit}" if unit else _share(rule.value or 0.0)
    return f"{words} of {rule.name}{_when(rule)} from {before} to {_down(after or 0.0)}{' answered' if unit else ''}"


def _down(share: float) -> str:
    """A share that is surely reached: cut, not rounded."""
    return f"{int(1000 * share + 1e-6) / 10:g} %"


def _people(way: Relaxation) -> str:
    more = int((way.after or 0.0) - (way.rule.value or 0.0))
    contract = next((rule for rule, _ in way.and_also), None)
    by = "" if contract is None else f" by contract {contract.name}"
    return f"{_persons(more, 'more ')} with skill {way.rule.name}{by}"


def _limit(text: str) -> Callable[[Relaxation], str]:
    def words(way: Relaxation) -> str:
        also = "".join(f", {_ALSO[rule.kind].format(_number(after))}" for rule, after in way.and_also)
        changed = text.format(_number(way.after), _number(way.rule.value))
        hours = "" if way.hours is None else f", {way.hours:g} h more in all"
        return f"contract {way.rule.name}: {changed}{also}, for {_folk(way.people)}{hours}"

    return words


def _starts(way: Relaxation) -> str:
    if not way.and_also:
        return f"pattern {way.rule.name} may begin at any time of any day"
    said = {Kind.EARLIEST_START: "from", Kind.LATEST_START: "until"}
    parts = (
        f"{said[rule.kind]} {_clock(after)} instead of {_clock(rule.value)}" for rule, after in way.and_also
    )
    return f"pattern {way.rule.name} may begin {' and '.join(parts)}"


def _time_off(way: Relaxation) -> str:
    rules = [way.rule, *(rule for rule, _ in way.and_also)]
    return (
        f"give back the time off of {listed(f'{_name(rule)} on {days_words(rule.days)}' for rule in rules)}"
    )


def _folk(people: Sequence[str]) -> str:
    return f"{_persons(len(people))} ({listed(people)})" if people else "all of them"


_ALSO = {
    Kind.HOURS: "{} h a week",
    Kind.DAYS: "{} days a week",
    Kind.CONSECUTIVE_DAYS: "{} days in a row",
}
_WAYS: Mapping[Kind, Callable[[Relaxation], str]] = {
    Kind.TARGET: _lowered,
    Kind.FLOOR: _lowered,
    Kind.LEAST_AGENTS: _lowered,
    Kind.PEOPLE: _people,
    Kind.TIME_OFF: _time_off,
    Kind.HOURS: _limit("{} h a week instead of {}"),
    Kind.DAYS: _limit("{} days a week instead of {}"),
    Kind.CONSECUTIVE_DAYS: _limit("{} days in a row instead of {}"),
    Kind.REST: _limit("{} h of rest instead of {}"),
    Kind.NIGHTS: _limit("{} nights in a row instead of {}"),
    Kind.WEEKENDS_OFF: _limit("no weekends off instead of {1} of four"),
    Kind.START_SPREAD: _limit("starts of a week within {} min instead of {}"),
    Kind.ROTATION: _limit("earlier starts than the day before"),
    Kind.DAYS_OFF_TOGETHER: _limit("single days off"),
    Kind.GUARANTEED_HOURS: _limit("no guaranteed hours instead of {1}"),
    Kind.ALLOWED_PATTERNS: _limit("every pattern there is"),
    Kind.STARTS: _starts,
    Kind.BREAKS: lambda way: f"breaks of pattern {way.rule.name} at any time of the shift",
    Kind.SKILL: lambda way: f"teach skill {way.rule.name} to {_folk(way.people)}",
    Kind.LONGER_SHIFTS: lambda way: (
        f"shifts up to {_number((way.after or 0.0) / 60)} h longer on these days for {_folk(way.people)} with skill {way.rule.name}, "
        f"{_number(way.hours)} overtime hours in all"
    ),
}


def listed(names: Iterable[str]) -> str:
    """The first of some names, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more
