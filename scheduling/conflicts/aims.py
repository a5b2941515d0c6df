"""What a roster is to reach, as rules of a report and as slots of its programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from data.domain import Period
from scheduling.conflicts.report import Kind, Rule
from scheduling.problem import RosterProblem
from scheduling.rosters.recount import Shortfall
from scheduling.rosters.targets import least_agents, least_rate, local_day, period_targets


@dataclass(frozen=True, slots=True)
class Aim:
    """A target over its span, or the floors of a queue on a day.

    Parameters
    ----------
    rule
        As it is told.
    queue
        Index of the queue.
    slots
        Slots of the horizon.
    """

    rule: Rule
    queue: int
    slots: tuple[int, ...]


def aims_of(problem: RosterProblem, queues: Collection[int]) -> tuple[Aim, ...]:
    """All that some queues are to reach, targets first."""
    return (*_targets(problem, queues), *_floors(problem, queues))


def missed_aims(problem: RosterProblem, aims: Iterable[Aim], missed: Sequence[Shortfall]) -> tuple[Aim, ...]:
    """Aims of which something is missed: targets before floors, most first."""
    index = {queue.id: number for number, queue in enumerate(problem.queues)}
    missing: dict[tuple[bool, int, int], float] = defaultdict(float)
    for short in missed:
        slot = problem.horizon.elapsed_min(short.start) // problem.step_min
        missing[short.span == Period.INTERVAL, index[short.queue], slot] += short.wanted - short.rate
    amounts = {
        aim: sum(
            amount
            for (floor, queue, slot), amount in missing.items()
            if floor == (aim.rule.kind is not Kind.TARGET) and queue == aim.queue and slot in aim.slots
        )
        for aim in aims
    }
    found = [aim for aim in amounts if amounts[aim] > 0]
    return tuple(sorted(found, key=lambda aim: (aim.rule.kind is not Kind.TARGET, -amounts[aim])))


def connected(problem: RosterProblem, queues: Iterable[int]) -> frozenset[int]:
    """The queues with all others whose people serve one of them, directly or through others."""
    by_skill: dict[str, set[int]] = defaultdict(set)
    for number, queue in enumerate(problem.queues):
        by_skill[queue.skill].add(number)
    together = [set().union(*(by_skill[skill] for skill in agent.skills)) for agent in problem.agents]
    found = set(queues)
    while True:
        grown = found.union(*(group for group in together if group & found))
        if grown == found:
            return frozenset(found)
        found = grown


def _targets(problem: RosterProblem, queues: Collection[int]) -> Iterable[Aim]:
    for target in period_targets(problem):
        if target.queue in queues and target.rate > 0 and target.offered > 0:
            kind = problem.queues[target.queue]
            rule = Rule(
                kind=Kind.TARGET,
                name=kind.id,
                days=tuple(sorted({local_day(problem, kind, slot) for slot in target.slots})),
                value=target.rate,
                period=kind.target.period,
            )
            yield Aim(rule, target.queue, target.slots)


def _floors(problem: RosterProblem, queues: Collection[int]) -> Iterable[Aim]:
    """Floors by day; slots whose least agents ask for more than the rate are told apart."""
    slots: dict[tuple[int, date, Kind], list[int]] = defaultdict(list)
    for (pool, slot), demand in sorted(problem.demand.items()):
        base = least_agents(problem, pool, slot)
        for member, queue in enumerate(demand.queues):
            if base <= 0 or queue not in queues:
                continue
            kind = problem.queues[queue]
            wanted = demand.agents_for(member, least_rate(kind) * float(demand.offered[member]))
            least = Kind.LEAST_AGENTS if kind.target.min_agents > wanted else Kind.FLOOR
            slots[queue, local_day(problem, kind, slot), least].append(slot)
    for (queue, day, least), own in slots.items():
        target = problem.queues[queue].target
        value = float(target.min_agents) if least is Kind.LEAST_AGENTS else least_rate(problem.queues[queue])
        rule = Rule(kind=least, name=problem.queues[queue].id, days=(day,), value=value)
        yield Aim(rule, queue, tuple(own))
