"""Work rules in the programme: tours as flow, shifts tied to tours, rest between days."""

from __future__ import annotations

from collections import defaultdict

from scheduling.rosters.model import Model
from scheduling.rosters.programme import EQUAL, LESS
from scheduling.rosters.tours import Arc, duty_of, rest_binds
from scheduling.shifts import Shift


def add_tours(model: Model) -> None:
    """Each crew flows through its network: what enters a node leaves it, and everybody starts.

    Weekly days and hours, consecutive days and time off hold by the network's shape.
    """
    for agent_class, networks in zip(model.classes, model.networks, strict=True):
        flows = []
        for crew, tours in zip(agent_class.crews, networks, strict=True):
            people = len(crew.agents)
            columns = model.programme.add_columns([people] * len(tours.arcs), integer=True)
            for node, leaving in tours.leaving.items():
                entering = tours.entering.get(node, ())
                entries = [(columns[arc], 1.0) for arc in leaving] + [
                    (columns[arc], -1.0) for arc in entering
                ]
                model.programme.add_row(entries, EQUAL, people if node[0] == 0 else 0.0)
            flows.append(columns)
        model.flow_columns.append(flows)


def add_shifts(model: Model) -> None:
    """The shifts a class works on a day are as many as its people on duty that day, by paid minutes."""
    for number, agent_class in enumerate(model.classes):
        columns: dict[int, int] = {}
        on_duty: dict[tuple[int, int, bool], list[tuple[int, float]]] = defaultdict(list)
        for shift_number in agent_class.shifts:
            shift = model.problem.shifts[shift_number]
            cost = agent_class.cost(shift)
            (column,) = model.programme.add_columns(
                [agent_class.size], costs=[cost], day=shift.day, integer=True
            )
            columns[shift_number] = column
            duty = duty_of(shift)
            on_duty[shift.day, duty.paid_min, duty.overnight].append((column, 1.0))
        for column, arc in _arcs(model, number):
            if arc.duty is not None:
                on_duty[arc.day, arc.duty.paid_min, arc.duty.overnight].append((column, -1.0))
        for (day, paid_min, overnight), entries in on_duty.items():
            row = model.programme.add_row(entries, EQUAL, 0.0)
            model.link_rows[number, day, paid_min, overnight] = row
        model.shift_columns.append(columns)


def add_rest(model: Model, price: float) -> None:
    """Nobody who ends late begins early the next day.

    Whoever works a shift that ends at or after some instant minus the rest, and whoever begins the day after
    before that instant, are different people; together they are at most those who work on either day. What is
    in excess is priced, for a search that mends days one by one passes through such states.
    """
    for number, agent_class in enumerate(model.classes):
        shifts = {n: model.problem.shifts[n] for n in agent_class.shifts}
        if rest_binds(agent_class.contract, shifts.values()):
            for day in range(1, model.problem.days):
                _rest_before(model, number, day, shifts, price)


def _rest_before(model: Model, number: int, day: int, shifts: dict[int, Shift], price: float) -> None:
    agent_class, columns = model.classes[number], model.shift_columns[number]
    rest_min = round(60 * agent_class.contract.min_rest_h)
    today = {n: shift for n, shift in shifts.items() if shift.day == day}
    either = [(column, -1.0) for column, arc in _arcs(model, number) if arc.day == day and _works(arc)]
    for back in (1, 2):
        before = {n: shift for n, shift in shifts.items() if shift.day == day - back}
        # Headcount instead of "works on either day" where two nights lie between: valid, and hardly ever there.
        people, right = (either, 0.0) if back == 1 else ([], float(agent_class.size))
        done: set[frozenset[int]] = set()
        for free_min in sorted({shift.end_min + rest_min for shift in before.values()}):
            early = frozenset(n for n, shift in today.items() if shift.start_min < free_min)
            if early and early not in done:
                done.add(early)
                late = [n for n, shift in before.items() if shift.end_min + rest_min >= free_min]
                (excess,) = model.programme.add_columns([agent_class.size], costs=[price])
                model.rest_slack.append(excess)
                entries = [(columns[n], 1.0) for n in (*late, *sorted(early))]
                model.programme.add_row([*entries, *people, (excess, -1.0)], LESS, right)


def _works(arc: Arc) -> bool:
    return arc.duty is not None or arc.after_work


def _arcs(model: Model, number: int) -> list[tuple[int, Arc]]:
    """Columns of a class's flows with their arcs."""
    pairs = zip(model.networks[number], model.flow_columns[number], strict=True)
    return [pair for tours, columns in pairs for pair in zip(columns, tours.arcs, strict=True)]
