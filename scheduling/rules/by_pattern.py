"""Rules that a shift is one its pattern and its person's contract allow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from itertools import pairwise

from data.domain import LONGEST_SPLIT_MIN, SHORTEST_PART_MIN, SHORTEST_SPLIT_MIN, SPLIT, Violation
from scheduling.rules.facts import Facts, elapsed, of_shift
from scheduling.shifts import wall_clock


def contract_allows_pattern(facts: Facts) -> Iterator[Violation]:
    """A person works patterns of their contract only."""
    for shift in facts.roster.assignments:
        contract = facts.contract(shift.agent_id)
        if contract is not None and contract.patterns and shift.pattern not in contract.patterns:
            message = f"contract {contract.id!r} does not allow pattern {shift.pattern!r}"
            yield of_shift("contract allows pattern", shift, message)


def pattern_weekday(facts: Facts) -> Iterator[Violation]:
    """A shift begins on a weekday its pattern has."""
    for shift, pattern in facts.templates():
        if shift.day.weekday() not in pattern.weekdays:
            yield of_shift(
                "pattern weekday", shift, f"pattern {pattern.id!r} does not start on {shift.day:%A}s"
            )


def pattern_start(facts: Facts) -> Iterator[Violation]:
    """A shift begins on its local day, inside its pattern's start window and on its step."""
    for shift, pattern in facts.templates():
        minutes = range(pattern.start_earliest_min, pattern.start_latest_min + 1, pattern.start_step_min)
        clocks = (wall_clock(shift.day, minute, facts.roster.timezone) for minute in minutes)
        if shift.start.astimezone(UTC) not in {clock.astimezone(UTC) for clock in clocks}:
            message = f"a start at {shift.start:%Y-%m-%d %H:%M %Z} is none of pattern {pattern.id!r}"
            yield of_shift("pattern start", shift, message)


def pattern_length(facts: Facts) -> Iterator[Violation]:
    """A shift lasts as long as its pattern says."""
    for shift, pattern in facts.templates():
        length_min = elapsed(shift.start, shift.end) / timedelta(minutes=1)
        if length_min != pattern.length_min:
            message = f"it lasts {length_min:g} min, pattern {pattern.id!r} {pattern.length_min} min"
            yield of_shift("pattern length", shift, message)


def breaks_of_pattern(facts: Facts) -> Iterator[Violation]:
    """A shift has the breaks of its pattern: as many, in order, of their kind, length and pay."""
    for shift, pattern in facts.templates():
        had = [
            (rest.kind, elapsed(rest.start, rest.end) / timedelta(minutes=1), rest.paid)
            for rest in shift.breaks
        ]
        due = [(rule.kind, float(rule.length_min), rule.paid) for rule in pattern.breaks]
        if had != due:
            message = f"breaks are {_listed(had)}, pattern {pattern.id!r} has {_listed(due)}"
            yield of_shift("breaks of pattern", shift, message)


def _listed(breaks: list[tuple[str, float, bool]]) -> str:
    words = [f"{kind} {length:g} min {'paid' if paid else 'unpaid'}" for kind, length, paid in breaks]
    return ", ".join(words) or "none"


def break_window(facts: Facts) -> Iterator[Violation]:
    """Each break starts inside the window of its rule."""
    for shift, pattern in facts.templates():
        for rest, rule in zip(shift.breaks, pattern.breaks, strict=False):
            offset_min = elapsed(shift.start, rest.start) / timedelta(minutes=1)
            if not rule.earliest_min <= offset_min <= rule.latest_min:
                message = (
                    f"{rest.kind} starts {offset_min:g} min after the shift, "
                    f"outside {rule.earliest_min}–{rule.latest_min} min"
                )
                yield of_shift("break window", shift, message)


def split_shift(facts: Facts) -> Iterator[Violation]:
    """The split of a split shift is unpaid and neither short nor long, and neither of its parts is short."""
    for shift in facts.roster.assignments:
        splits = [rest for rest in shift.breaks if rest.kind == SPLIT]
        if len(splits) > 1:
            yield of_shift("split shift", shift, "it is split more than once")
        for split in splits[:1]:
            spans = ((split.start, split.end), (shift.start, split.start), (split.end, shift.end))
            split_min, *parts_min = (elapsed(*span) / timedelta(minutes=1) for span in spans)
            lasts = SHORTEST_SPLIT_MIN <= split_min <= LONGEST_SPLIT_MIN
            if split.paid or not lasts or min(parts_min) < SHORTEST_PART_MIN:
                message = (
                    f"a split of {split_min:g} min between {parts_min[0]:g} and {parts_min[1]:g} min; it is unpaid, "
                    f"{SHORTEST_SPLIT_MIN} to {LONGEST_SPLIT_MIN} min, either part at least {SHORTEST_PART_MIN} min"
                )
                yield of_shift("split shift", shift, message)


def breaks_apart(facts: Facts) -> Iterator[Violation]:
    """Breaks lie inside their shift, in order, and do not overlap."""
    for shift in facts.roster.assignments:
        edges = [shift.start, *(edge for rest in shift.breaks for edge in (rest.start, rest.end)), shift.end]
        if any(elapsed(earlier, later) < timedelta() for earlier, later in pairwise(edges)):
            yield of_shift("breaks apart", shift, "breaks overlap, or lie outside the shift")
