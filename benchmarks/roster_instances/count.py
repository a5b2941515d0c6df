"""An independent count of a roster of an instance: its objective, and every hard rule of the format it breaks.

It shares no code with the model that finds rosters, and reads each rule from the format's own description: runs of shifts
or days off that touch an end of the horizon may be shorter than the least, for they may go on outside of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from benchmarks.roster_instances.file_format import Instance, Staff

Roster = Mapping[str, Sequence[str]]
"""Shift of each day by name, "" for none."""


def objective(instance: Instance, roster: Roster) -> int:
    """Weights of the requests that are not met, and of the cover that is missing or too much."""
    ignored = sum(weight for (name, day, shift), weight in instance.on.items() if roster[name][day] != shift)
    unwanted = sum(
        weight for (name, day, shift), weight in instance.off.items() if roster[name][day] == shift
    )
    cover = 0
    for (day, shift), (wanted, under, over) in instance.cover.items():
        there = sum(days[day] == shift for days in roster.values())
        cover += under * (wanted - there) if there < wanted else over * (there - wanted)
    return ignored + unwanted + cover


def violations(instance: Instance, roster: Roster) -> list[str]:
    """Every hard rule that is broken, one line each."""
    broken = [f"{name}: not in the roster" for name in instance.staff.keys() - roster.keys()]
    for name, days in roster.items():
        if name not in instance.staff:
            broken.append(f"{name}: not of the staff")
        elif len(days) != instance.days or not set(days) <= {"", *instance.minutes}:
            broken.append(f"{name}: must have {instance.days} days of known shifts")
        else:
            broken += [f"{name}: {what}" for what in _broken(instance, instance.staff[name], days)]
    return broken


def _broken(instance: Instance, person: Staff, days: Sequence[str]) -> Iterator[str]:
    yield from _followers(instance, days)
    yield from _numbers(person, days)
    yield from _minutes(instance, person, days)
    yield from _runs(person, days)
    yield from (f"works on day off {day}" for day in person.days_off if days[day])
    weekends = sum(
        bool(days[saturday] or "".join(days[saturday + 1 : saturday + 2]))
        for saturday in range(5, len(days), 7)
    )
    if weekends > person.most_weekends:
        yield f"works on {weekends} weekends"


def _followers(instance: Instance, days: Sequence[str]) -> Iterator[str]:
    for day, (first, second) in enumerate(pairwise(days)):
        if first and second in instance.never_before[first]:
            yield f"{second} follows {first} on day {day + 1}"


def _numbers(person: Staff, days: Sequence[str]) -> Iterator[str]:
    for shift, number in Counter(filter(None, days)).items():
        if number > person.most.get(shift, 0):
            yield f"works {number} shifts {shift}"


def _minutes(instance: Instance, person: Staff, days: Sequence[str]) -> Iterator[str]:
    total = sum(instance.minutes[shift] for shift in days if shift)
    if not person.least_min <= total <= person.most_min:
        yield f"works {total} minutes"


def _runs(person: Staff, days: Sequence[str]) -> Iterator[str]:
    day = 0
    for works, group in groupby(days, key=bool):
        length = len(list(group))
        inside = day > 0 and day + length < len(days)
        if works and length > person.most_consecutive:
            yield f"works {length} days in a row from day {day}"
        if works and inside and length < person.least_consecutive:
            yield f"works only {length} days in a row from day {day}"
        if not works and inside and length < person.least_days_off:
            yield f"has only {length} days off from day {day}"
        day += length
