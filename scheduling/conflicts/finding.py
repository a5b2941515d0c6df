"""From what a roster misses to conflicts: which aims, and which rules and requests stand against them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from data.domain import Agent
from scheduling.conflicts.aims import Aim
from scheduling.conflicts.loosening import rules_of, without
from scheduling.conflicts.question import Answer, ask, ask_whole
from scheduling.conflicts.report import Conflict, Kind, Rule
from scheduling.conflicts.smallest import Smallest, smallest_by
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Watch

ALONE = 4
"""So many of the aims that miss most are tried by themselves before several together are."""
AIMS_SHARE = 0.4
"""Share of the time left that reducing aims may take; the rest is for rules."""

TIMES = frozenset({Kind.STARTS, Kind.BREAKS})
"""When people work on a day."""

Ask = Callable[[RosterProblem, Sequence[Aim], Watch], Answer]


@dataclass(frozen=True, slots=True)
class Found:
    """A conflict with what it was found with.

    Parameters
    ----------
    conflict
        As it is told, without relaxations.
    aims
        Of it, those that the same rules put out of reach included.
    ask
        How it was proven.
    """

    conflict: Conflict
    aims: tuple[Aim, ...]
    ask: Ask


def find(problem: RosterProblem, aims: Sequence[Aim], short: Sequence[Aim], watch: Watch) -> list[Found]:
    """Find conflicts that explain what is short, one after another, until time is up.

    Conflicts share no aims, so that of several ways to see the same want one is told. Whole people are asked only where
    fractions of people explain nothing.

    Parameters
    ----------
    problem
        A part of a roster's problem that is solved as one.
    aims
        All there are.
    short
        Those of them that are missed, those first that are rather to be explained.
    watch
        Time and a wish to stop.
    """
    found: list[Found] = []
    left, open_ = list(short), list(aims)
    while left and not watch.stopped() and watch.left_s > 0:
        watch.tell(f"what stands against {left[0].rule.name}")
        core = _core(problem, left, open_, ask, watch)
        if core is None:
            break
        found.append(_explained(problem, core, left, ask, watch))
        left, open_ = ([aim for aim in some if aim not in found[-1].aims] for some in (left, open_))
    if not found and left:
        # Fractions of people could reach them all: it is their whole numbers, or nothing at all.
        core = _core(problem, left, open_, ask_whole, watch)
        found += [] if core is None else [_explained(problem, core, left, ask_whole, watch)]
    return found


def _core(
    problem: RosterProblem, short: Sequence[Aim], aims: Sequence[Aim], way: Ask, watch: Watch
) -> Smallest[Aim] | None:
    """A smallest set of aims out of reach together; None where none is known."""
    targets = tuple(aim for aim in short if aim.rule.kind is Kind.TARGET)
    for together in dict.fromkeys((targets, tuple(short), tuple(dict.fromkeys((*short, *aims))))):
        answer = way(problem, together, watch)
        if answer.possible is not False:
            continue
        missing = answer.missing or (0.0,) * len(together)
        amounts = dict(zip(together, missing, strict=True))
        ranked = sorted(together, key=lambda aim: (aim.rule.kind is not Kind.TARGET, -amounts[aim]))
        for aim in ranked[:ALONE]:
            if way(problem, (aim,), watch).possible is False:
                return Smallest((aim,), proven=True)
        return _fewest(problem, together, way, watch)
    return None


def _fewest(problem: RosterProblem, together: tuple[Aim, ...], way: Ask, watch: Watch) -> Smallest[Aim]:
    """Reduce aims that are out of reach together, in a part of the time."""
    limits = replace(watch.limits, time_s=max(AIMS_SHARE * watch.left_s, 1e-3))
    within = Watch(limits=limits, report=watch.report, asked=watch.stopped, clock=watch.clock)

    def conflict(some: Sequence[Aim]) -> bool | None:
        return _conflict(way(problem, some, within))

    return smallest_by(together, (_kind, _queue, _days), conflict)


def _explained(
    problem: RosterProblem, together: Smallest[Aim], short: Sequence[Aim], way: Ask, watch: Watch
) -> Found:
    """Rules and requests that stand against some aims, and other aims they stand against as well."""
    core = together.things
    queues = [problem.queues[number] for number in sorted({aim.queue for aim in core})]
    rules = rules_of(problem, queues)

    def conflicts(held: Sequence[Rule], aims: Sequence[Aim]) -> bool | None:
        loosened = without(problem, [rule for rule in rules if rule not in held])
        return _conflict(way(loosened, aims, watch))

    # Free times of shifts and breaks make questions large: they are held until the others are known, and smallest
    # among those that are needed then.
    times = tuple(rule for rule in rules if rule.kind in TIMES)
    others = tuple(rule for rule in rules if rule.kind not in TIMES)
    first = smallest_by(others, (_kind_of,), lambda held: conflicts((*held, *times), core))
    then = smallest_by(times, (_kind_of,), lambda held: conflicts((*first.things, *held), core))
    least = Smallest((*first.things, *then.things), proven=first.proven and then.proven)
    beside = [aim for aim in short if aim not in core and aim.queue in {own.queue for own in core}]
    # In place of the last one: of days alike any so many are too many.
    also = tuple(aim for aim in beside if conflicts(least.things, (*core[:-1], aim)))
    skills = {queue.skill for queue in queues}
    conflict = Conflict(
        aims=tuple(aim.rule for aim in core),
        rules=least.things,
        also=tuple(aim.rule for aim in also),
        people=tuple(agent.id for agent in problem.agents if _serves(agent, skills)),
        days=tuple(sorted({day for aim in (*core, *also) for day in aim.rule.days})),
        smallest=together.proven and least.proven,
        whole_people=way is ask_whole,
    )
    return Found(conflict, (*core, *also), way)


def _conflict(answer: Answer) -> bool | None:
    return None if answer.possible is None else not answer.possible


def _serves(agent: Agent, skills: set[str]) -> bool:
    return bool(agent.skills & skills)


def _kind(aim: Aim) -> Kind:
    return aim.rule.kind


def _queue(aim: Aim) -> str:
    return aim.rule.name


def _days(aim: Aim) -> tuple[date, ...]:
    return aim.rule.days


def _kind_of(rule: Rule) -> Kind:
    return rule.kind
