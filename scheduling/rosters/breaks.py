"""Breaks in the programme: counted per skill set, shift and place, so that any person can take any of them."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from scheduling.rosters.model import Model, SkillSet
from scheduling.rosters.programme import EQUAL, LESS
from scheduling.shifts import break_offsets, cover


def add_breaks(model: Model) -> None:
    """Everybody on a shift takes each of its breaks once, at a place inside the break's window.

    People of one skill set on one shift are exchangeable, so counts per place are enough (Aykin 1996). Breaks of
    one person must not overlap: where windows of neighbours do, as many second breaks start at or after any
    instant as first ones end at or after it; then the sorted first breaks pair with the sorted second ones.
    """
    problem, programme = model.problem, model.programme
    workers: dict[tuple[SkillSet, int], list[tuple[int, int]]] = defaultdict(list)
    for agent_class, shifts in zip(model.classes, model.shift_columns, strict=True):
        for shift_number, column in shifts.items():
            workers[agent_class.pools, shift_number].append((column, agent_class.size))
    for (skills, shift_number), members in workers.items():
        shift = problem.shifts[shift_number]
        people = float(sum(size for _, size in members))
        present = [(column, 1.0) for column, _ in members]
        _add_presence(model, skills, present, (shift.start_min, shift.end_min))
        places = []
        for rule in shift.pattern.breaks:
            offsets = break_offsets(rule, problem.step_min)
            columns = programme.add_columns([people] * len(offsets), day=shift.day)
            taken = [(column, 1.0) for column in columns]
            programme.add_row(taken + [(column, -1.0) for column, _ in members], EQUAL, 0.0)
            for column, offset in zip(columns, offsets, strict=True):
                start = shift.start_min + offset
                _add_presence(model, skills, [(column, -1.0)], (start, start + rule.length_min))
            places.append(columns)
        model.break_columns[skills, shift_number] = places
        _add_order(model, shift_number, places)


def _add_order(model: Model, shift_number: int, places: list[range]) -> None:
    pattern, step_min = model.problem.shifts[shift_number].pattern, model.problem.step_min
    for (first, earlier), (second, later) in pairwise(zip(places, pattern.breaks, strict=True)):
        ends = [offset + earlier.length_min for offset in break_offsets(earlier, step_min)]
        starts = break_offsets(later, step_min)
        for instant in ends:
            if instant > starts[0]:
                due = [(column, 1.0) for column, end in zip(first, ends, strict=True) if end >= instant]
                room = [(c, -1.0) for c, start in zip(second, starts, strict=True) if start >= instant]
                model.programme.add_row(due + room, LESS, 0.0)


def _add_presence(
    model: Model, skills: SkillSet, people: list[tuple[int, float]], span_min: tuple[int, int]
) -> None:
    presence = model.presence[skills]
    for slot, share in cover(*span_min, model.problem.step_min):
        presence[slot].extend((column, sign * share) for column, sign in people)
