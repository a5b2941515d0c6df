"""One edit of a roster scored anew, beside the whole roster evaluated: milliseconds of processor time.

`python -m benchmarks.rescore [--people N] [--days N] [--interval-min N] [--edits N] [--seed K]`. The roster is drawn
from the patterns, not optimised; edits are shifts taken out, put in, moved or given to somebody else, breaks moved, and two
people who swap. At the end the roster is evaluated afresh and must say the same.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from benchmarks._runner import emit, progress
from benchmarks.roster_scale import make_case, staffed
from data.domain import Assignment, Break, Roster
from scheduling.evaluate import Evaluation, evaluate
from scheduling.problem import RosterProblem
from scheduling.requirement import requirement
from scheduling.rescore import Change, Score, rescored, scored
from scheduling.rules import violations
from scheduling.shifts import Horizon, shifts_on

WORKING_DAYS = 5


def main() -> None:
    """Score edits one by one and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--interval-min", type=int, default=30, choices=(15, 30, 60))
    parser.add_argument("--edits", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    centre = staffed(options.people, 4, options.seed)
    case = make_case(centre, options.days, options.interval_min)
    problem = case.problem
    needed = pd.concat([requirement(queue, case.forecast) for queue in problem.queues])
    basis = (problem.agents, problem.queues, case.forecast, problem.curves, needed)
    contracts, patterns = problem.contracts, problem.patterns
    score = scored(drawn_roster(problem, random), *basis, contracts=contracts, patterns=patterns)
    score_s, frames_s = [], []
    for edit in range(options.edits + 1):
        change = drawn_change(score.roster, problem, random)
        begin = time.process_time()
        score = rescored(score, change)
        _told(score)
        scored_at = time.process_time()
        score.evaluation()
        if edit > 0:  # The first one loads what was compiled.
            score_s.append(scored_at - begin)
            frames_s.append(time.process_time() - scored_at)
    roster, begin = score.roster, time.process_time()
    afresh = evaluate(roster, *basis, contracts=contracts, patterns=patterns)
    broken = violations(roster, problem.agents, contracts, patterns)
    whole_s = time.process_time() - begin
    progress(f"{len(roster.assignments)} shifts, {len(broken)} violations")
    both = np.add(score_s, frames_s)
    emit(
        {
            "people": options.people,
            "days": options.days,
            "interval_min": options.interval_min,
            "edits": options.edits,
            "median_ms": 1000 * float(np.median(score_s)),
            "p95_ms": 1000 * float(np.quantile(score_s, 0.95)),
            "with_frames_median_ms": 1000 * float(np.median(both)),
            "with_frames_p95_ms": 1000 * float(np.quantile(both, 0.95)),
            "whole_ms": 1000 * whole_s,
            "same": same(score.evaluation(), afresh) and score.violations == broken,
        }
    )


def _told(score: Score) -> None:
    """Put together all that is told beside the frames."""
    _ = (score.violations, score.cost, score.targets_missed, score.fairness())


def same(one: Evaluation, other: Evaluation) -> bool:
    """Whether two evaluations are equal to the last bit."""
    frames = ("coverage", "days", "targets", "floors", "hours")
    equal = all(getattr(one, name).equals(getattr(other, name)) for name in frames)
    return equal and (one.paid_h, one.cost) == (other.paid_h, other.cost)


def drawn_roster(problem: RosterProblem, random: np.random.Generator) -> Roster:
    """Everybody on one pattern of their contract, five days of seven, at any start it has."""
    horizon = Horizon(problem.first, problem.days, problem.timezone)
    patterns = {pattern.id: pattern for pattern in problem.patterns}
    contracts = {contract.id: contract for contract in problem.contracts}
    starts = {
        (name, day): shifts_on(pattern, horizon, day)
        for name, pattern in patterns.items()
        for day in range(problem.days)
    }
    found = []
    for agent in sorted(problem.agents, key=lambda agent: agent.id):
        contract = contracts[agent.contract]
        pattern = patterns[str(random.choice(sorted(contract.patterns or patterns)))]
        off = int(random.integers(7))
        for day in range(problem.days):
            possible = starts[pattern.id, day]
            works = (day + off) % 7 < min(WORKING_DAYS, contract.max_days_per_week)
            if not (works and possible) or horizon.day(day) in agent.time_off:
                continue
            shift = possible[random.integers(len(possible))]
            breaks = []
            for rule in pattern.breaks:
                begin = horizon.instant(shift.start_min + rule.earliest_min)
                end = horizon.instant(shift.start_min + rule.earliest_min + rule.length_min)
                breaks.append(Break(kind=rule.kind, start=begin, end=end, paid=rule.paid))
            found.append(
                Assignment(
                    agent_id=agent.id,
                    day=horizon.day(day),
                    pattern=pattern.id,
                    start=horizon.instant(shift.start_min),
                    end=horizon.instant(shift.end_min),
                    breaks=tuple(breaks),
                )
            )
    return Roster(
        name="drawn",
        first=problem.first,
        days=problem.days,
        timezone=problem.timezone,
        assignments=tuple(found),
    )


def drawn_change(roster: Roster, problem: RosterProblem, random: np.random.Generator) -> Change:
    """One edit of any kind."""
    shifts = roster.assignments
    shift, other = (shifts[number] for number in random.choice(len(shifts), 2, replace=False))
    somebody = problem.agents[random.integers(len(problem.agents))].id
    half_h = timedelta(minutes=30)
    edits: tuple[Callable[[], Change], ...] = (
        lambda: Change(removed=(shift,)),
        lambda: Change(added=(replace(shift, agent_id=somebody),)),
        lambda: Change(removed=(shift,), added=(later(shift, half_h),)),
        lambda: Change(removed=(shift,), added=(replace(shift, agent_id=somebody),)),
        lambda: Change(removed=(shift,), added=(replace(shift, breaks=later(shift, half_h).breaks),)),
        lambda: Change(
            removed=(shift, other),
            added=(replace(shift, agent_id=other.agent_id), replace(other, agent_id=shift.agent_id)),
        ),
    )
    return edits[random.integers(len(edits))]()


def later(shift: Assignment, by: timedelta) -> Assignment:
    """A shift and its breaks moved."""
    breaks = tuple(replace(rest, start=rest.start + by, end=rest.end + by) for rest in shift.breaks)
    return replace(shift, start=shift.start + by, end=shift.end + by, breaks=breaks)


if __name__ == "__main__":
    main()
