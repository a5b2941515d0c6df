"""The cheapest ways out of a conflict, each with its figure, and each solved again with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from data.domain import Period
from data.errors import InfeasibleError, InputError
from scheduling.conflicts import prices
from scheduling.conflicts.aims import Aim, missed_aims
from scheduling.conflicts.candidates import ladders
from scheduling.conflicts.finding import Found
from scheduling.conflicts.ladders import Ladder, Step
from scheduling.conflicts.question import ask, restricted
from scheduling.conflicts.report import Kind, Proof, Relaxation, Rule
from scheduling.problem import RosterProblem
from scheduling.rosters.limits import Limits, Watch
from scheduling.rosters.recount import Shortfall
from scheduling.rosters.solve import solve

ROSTER_S = 10.0
"""Wall time a roster with a relaxation may take to be found."""
TRYING_SHARE = 0.6
"""Share of the time that looking for ways out may take; the rest is for the rosters that prove them."""
FURTHER = 2
"""Steps tried beyond what is enough for fractions of people."""


@dataclass(frozen=True)
class Setting:
    """Where relaxations are tried.

    Parameters
    ----------
    problem
        A part of a roster's problem that is solved as one.
    aims
        All there are.
    missed
        What the best roster misses.
    watch
        Time, seed and a wish to stop.
    """

    problem: RosterProblem
    aims: tuple[Aim, ...]
    missed: tuple[Shortfall, ...]
    watch: Watch


def relaxations(setting: Setting, found: Found, others: Sequence[Aim]) -> tuple[Relaxation, ...]:
    """Ways out of one conflict, cheapest first, as far as there is time.

    Parameters
    ----------
    setting
        Where they are tried.
    found
        The conflict.
    others
        Aims that other conflicts put out of reach, or that nobody looked at: they may stay so.
    """
    left = {aim for aim in others if aim not in found.aims}
    wanted = tuple(aim for aim in setting.aims if aim not in left)
    skills = {setting.problem.queues[aim.queue].skill for aim in found.aims}
    days = len({day for aim in found.aims for day in aim.rule.days})
    until_s = setting.watch.until_s(TRYING_SHARE)
    ways = list(_lowered(setting, found))
    enough: set[Rule] = set()
    climbs = []
    for ladder in ladders(setting.problem, found.conflict.rules, skills, days):
        if ladder.steps and ladder.rule not in enough and setting.watch.elapsed_s < until_s:
            setting.watch.tell(f"ways out: {ladder.rule.kind.value} of {ladder.rule.name}")
            climb = _least(setting, ladder, found, wanted)
            if climb is not None:
                enough.add(ladder.rule)
                climbs.append((ladder, climb))
    climbs.sort(key=lambda pair: pair[0].steps[pair[1]].price)
    for number, (ladder, climb) in enumerate(climbs):
        way = _proven(setting, ladder, climb, left, 1 / (len(climbs) - number))
        # What fractions of people can is no news where only whole people are in the way.
        if way.proof is Proof.ROSTER or not found.conflict.whole_people:
            ways.append(way)
    return tuple(sorted(ways, key=lambda way: way.price))


def _least(setting: Setting, ladder: Ladder, found: Found, wanted: tuple[Aim, ...]) -> int | None:
    """First step that is enough; None where none is, or there is no time to know."""

    def enough(number: int, aims: Sequence[Aim]) -> bool:
        if setting.watch.left_s <= 0 or setting.watch.stopped():
            return False
        try:
            changed = ladder.steps[number].change(setting.problem)
        except InputError:
            return False
        return found.ask(changed, aims, setting.watch).possible is True

    last = len(ladder.steps) - 1
    if not enough(last, found.aims):
        return None
    if not ladder.nested:
        return next((n for n in range(last + 1) if enough(n, found.aims) and enough(n, wanted)), None)
    guess = _guess(setting, ladder, found)
    low = _first(0, last, guess, lambda number: enough(number, found.aims))
    if enough(low, wanted):
        return low
    if low == last or not enough(last, wanted):
        return None
    return _first(low + 1, last, low + 1, lambda number: enough(number, wanted))


def _guess(setting: Setting, ladder: Ladder, found: Found) -> int:
    """About where the first step that is enough will be: twice the share that is missing of those who are there."""
    if ladder.rule.kind is not Kind.PEOPLE:
        return len(ladder.steps) // 4
    short = [own for aim in found.aims for _, own in _missed_by(setting, aim)]
    missing = sum(1 - own.rate / own.wanted for own in short) / max(len(short), 1)
    return max(0, round(2 * missing * (ladder.rule.value or 0.0)) - 1)


def _first(low: int, high: int, guess: int, enough: Callable[[int], bool]) -> int:
    """Least number for which it is enough, of those up to one for which it is: near a guess first, then by halves."""
    too_few, at, step = low - 1, high, 1
    probe = min(max(guess, low), high - 1)
    while too_few < probe < at:
        if enough(probe):
            at, probe = probe, probe - step
        else:
            too_few, probe = probe, probe + step
        step *= 2
    while at - too_few > 1:
        middle = (at + too_few) // 2
        if enough(middle):
            at = middle
        else:
            too_few = middle
    return at


def _proven(setting: Setting, ladder: Ladder, climb: int, left: set[Aim], share: float) -> Relaxation:
    """Solve the roster with a step, or with one a little further, and say how sure it is."""
    until_s = setting.watch.until_s(share)
    for number in range(climb, min(climb + 1 + FURTHER, len(ladder.steps))):
        time_s = min(ROSTER_S, until_s - setting.watch.elapsed_s)
        if time_s <= 0 or setting.watch.stopped():
            break
        if _reached(setting, ladder.steps[number], left, time_s):
            return _told(ladder, ladder.steps[number], Proof.ROSTER)
    return _told(ladder, ladder.steps[climb], Proof.FRACTIONS)


def _reached(setting: Setting, step: Step, left: set[Aim], time_s: float) -> bool:
    """Whether a roster with the step misses nothing but what may stay out of reach."""
    limits = Limits(time_s=time_s, gap=0.5, seed=setting.watch.limits.seed, allow_shortfall=True)
    # What may stay out of reach is not asked for, or all the time would go into it.
    changed = restricted(step.change(setting.problem), [aim for aim in setting.aims if aim not in left])
    try:
        outcome = solve(changed, limits=limits, stop=setting.watch.stopped, clock=setting.watch.clock)
    except InfeasibleError:
        return False
    if outcome.value is None:
        return False
    return set(missed_aims(setting.problem, setting.aims, outcome.missed)) <= left


def _told(ladder: Ladder, step: Step, proof: Proof) -> Relaxation:
    return Relaxation(
        rule=ladder.rule,
        after=step.after,
        price=step.price,
        proof=proof,
        people=step.people,
        hours=step.hours,
        and_also=step.and_also,
    )


def _lowered(setting: Setting, found: Found) -> Iterator[Relaxation]:
    """Ask for no more than the roster there is reaches."""
    own = [aim for aim in found.aims if missed_aims(setting.problem, (aim,), setting.missed)]
    if not own:
        return
    rates = [_reached_rate(setting, aim) for aim in own]
    price = sum(_price_of_missing(setting, aim, rate) for aim, rate in zip(own, rates, strict=True))
    best = None
    if len(own) == 1 and own[0].rule.kind is Kind.TARGET:
        answer = ask(setting.problem, own, setting.watch)
        if answer.missing and own[0].rule.value is not None:
            best = own[0].rule.value * (1 - answer.missing[0])
    yield Relaxation(
        rule=own[0].rule,
        after=rates[0],
        price=price,
        proof=Proof.ROSTER,
        and_also=tuple((aim.rule, rate) for aim, rate in zip(own[1:], rates[1:], strict=True)),
        best=best,
    )


def _missed_by(setting: Setting, aim: Aim) -> list[tuple[int, Shortfall]]:
    problem = setting.problem
    name = problem.queues[aim.queue].id
    found = []
    for short in setting.missed:
        slot = problem.horizon.elapsed_min(short.start) // problem.step_min
        floor = short.span == Period.INTERVAL
        if short.queue == name and slot in aim.slots and floor == (aim.rule.kind is not Kind.TARGET):
            found.append((slot, short))
    return found


def _reached_rate(setting: Setting, aim: Aim) -> float:
    return min(float(short.rate) for _, short in _missed_by(setting, aim))


def _price_of_missing(setting: Setting, aim: Aim, rate: float) -> float:
    """What is missing to an aim, in hours of the people who would answer it, at the price of what is missed."""
    problem = setting.problem
    pool = problem.pool_of[aim.queue]
    dearest = max((contract.cost_per_h for contract in problem.contracts), default=1.0)
    slots = aim.slots if aim.rule.kind is Kind.TARGET else tuple(slot for slot, _ in _missed_by(setting, aim))
    hours = 0.0
    for slot in slots:
        demand = problem.demand[pool, slot]
        member = demand.queues.index(aim.queue)
        offered = float(demand.offered[member])
        wanted = aim.rule.value or 0.0
        if aim.rule.kind is Kind.LEAST_AGENTS:
            wanted = float(demand.answered_with(wanted)[member]) / max(offered, 1e-9)
        ends = [
            min(demand.agents_for(member, share * offered), float(demand.agents[-1]))
            for share in (wanted, rate)
        ]
        hours += max(0.0, ends[0] - ends[1]) / max(float(problem.yields[pool, slot]), 1e-6)
    return prices.MISSED * dearest * hours * problem.step_min / 60
