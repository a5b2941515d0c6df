"""Work rules in the programme: tours as flow, shifts tied to tours, rest between days."""

from __future__ import annotations

from collections import defaultdict

from scheduling.rosters.duties import Duty, free_from_min, rest_binds
from scheduling.rosters.model import Model
from scheduling.rosters.programme import EQUAL, LESS, Programme
from scheduling.rosters.tours import SOURCE, Arc, TourNetwork
from scheduling.shifts import Shift


def add_shifts(model: Model) -> None:
    """Each class works each of its shifts some number of times, at the shift's cost."""
    for agent_class in model.classes:
        columns: dict[int, int] = {}
        for number in agent_class.shifts:
            shift = model.problem.shifts[number]
            (columns[number],) = model.programme.add_columns(
                [agent_class.size], costs=[agent_class.cost(shift)], day=shift.day, integer=True
            )
        model.shift_columns.append(columns)


def add_tours(model: Model) -> None:
    """Each crew flows through its network: what enters a node leaves it, and everybody starts.

    Weekly days and hours, consecutive days and time off hold by the network's shape. The shifts a class works on a
    day are as many as its people on duty that day, duty by duty.
    """
    for number, agent_class in enumerate(model.classes):
        flows = []
        on_duty: dict[tuple[int, Duty], list[tuple[int, float]]] = defaultdict(list)
        for shift, duty in model.duties(number).items():
            column = model.shift_columns[number][shift]
            on_duty[model.problem.shifts[shift].day, duty].append((column, 1.0))
        for crew, tours in zip(agent_class.crews, model.tours(number), strict=True):
            flows.append(add_flow(model.programme, tours, len(crew.agents)))
            for column, arc in zip(flows[-1], tours.arcs, strict=True):
                if arc.duty is not None:
                    on_duty[arc.day, arc.duty].append((column, -1.0))
        for (day, duty), entries in on_duty.items():
            model.link_rows[number, day, duty] = model.programme.add_row(entries, EQUAL, 0.0)
        model.flow_columns.append(flows)


def add_flow(programme: Programme, tours: TourNetwork, people: int) -> range:
    """People walk a network from its source to its end; returns a column per arc."""
    columns = programme.add_columns([people] * len(tours.arcs), integer=True)
    for node, leaving in tours.leaving.items():
        entries = [(columns[arc], 1.0) for arc in leaving]
        entries += [(columns[arc], -1.0) for arc in tours.entering.get(node, ())]
        programme.add_row(entries, EQUAL, people if node == SOURCE else 0.0)
    return columns


def add_rest(model: Model, price: float) -> None:
    """Nobody who ends late begins early the next day.

    Whoever works a shift that ends at or after some instant minus the rest, and whoever begins the day after
    before that instant, are different people; together they are at most those who work on either day. What is
    in excess is priced, for a search that mends days one by one passes through such states. Classes whose networks
    keep rest need none of this.
    """
    for number, agent_class in enumerate(model.classes):
        if number in model.exact:
            continue
        shifts = {n: model.problem.shifts[n] for n in agent_class.shifts}
        if rest_binds(agent_class.contract, shifts.values()):
            for day in range(1, model.problem.days):
                _rest_before(model, number, day, shifts, price)


def _rest_before(model: Model, number: int, day: int, shifts: dict[int, Shift], price: float) -> None:
    agent_class, columns = model.classes[number], model.shift_columns[number]
    free_of = {n: round(free_from_min(agent_class.contract, shift)) for n, shift in shifts.items()}
    today = {n: shift for n, shift in shifts.items() if shift.day == day}
    either = [(column, -1.0) for column, arc in _arcs(model, number) if arc.day == day and _works(arc)]
    for back in (1, 2):
        before = {n: shift for n, shift in shifts.items() if shift.day == day - back}
        # Headcount instead of "works on either day" where two nights lie between: valid, and hardly ever there.
        people, right = (either, 0.0) if back == 1 else ([], float(agent_class.size))
        done: set[frozenset[int]] = set()
        for free_min in sorted({free_of[n] for n in before}):
            early = frozenset(n for n, shift in today.items() if shift.start_min < free_min)
            if early and early not in done:
                done.add(early)
                late = [n for n in before if free_of[n] >= free_min]
                (excess,) = model.programme.add_columns([agent_class.size], costs=[price])
                model.rest_slack.append(excess)
                entries = [(columns[n], 1.0) for n in (*late, *sorted(early))]
                model.programme.add_row([*entries, *people, (excess, -1.0)], LESS, right)


def _works(arc: Arc) -> bool:
    return arc.duty is not None or arc.after_work


def _arcs(model: Model, number: int) -> list[tuple[int, Arc]]:
    """Columns of a class's flows with their arcs."""
    pairs = zip(model.tours(number), model.flow_columns[number], strict=True)
    return [pair for tours, columns in pairs for pair in zip(columns, tours.arcs, strict=True)]
