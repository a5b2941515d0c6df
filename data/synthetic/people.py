"""The people: skills and contracts in fixed shares, teams, names, time off and wishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from data.domain import Agent, Wish
from data.synthetic.contracts import CONTRACTS
from data.synthetic.names import draw_names
from data.synthetic.streams import stream

_MIXED: Mapping[str, float] = {"full_time": 0.68, "part_time": 0.19, "four_day": 0.13}
_MARKET_HOURS: Mapping[str, float] = {"full_time": 0.75, "part_time": 0.25}
"""Eleven hours do not fit into the securities hotline's ten: nobody there works four long days."""


@dataclass(frozen=True, slots=True)
class SkillSet:
    """People with the same skills.

    Parameters
    ----------
    name
        Which their teams bear.
    skills
        As the queues name them.
    share
        Of all people, 0–1.
    contracts
        Share of its people by contract; adds up to 1.
    """

    name: str
    skills: frozenset[str]
    share: float
    contracts: Mapping[str, float]


SKILL_SETS: tuple[SkillSet, ...] = (
    SkillSet("Cards", frozenset({"card"}), 0.32, _MIXED),
    SkillSet("Cards and VIP", frozenset({"card", "vip"}), 0.22, _MIXED),
    SkillSet("Securities", frozenset({"securities"}), 0.14, _MARKET_HOURS),
    SkillSet("Wealth", frozenset({"wealth", "securities"}), 0.20, _MIXED),
    SkillSet("All-round", frozenset({"card", "securities", "wealth", "vip"}), 0.12, _MIXED),
)

TEAM_PEOPLE = 14
LEAVE_SHARE = 0.15
"""Share of the people with time off in the weeks after the history."""
AHEAD_WEEKS = 8
WISH_SHARE = 0.5


def draw_people(people: int, seed: int, first: date) -> tuple[Agent, ...]:
    """Draw the staff.

    Parameters
    ----------
    people
        Headcount.
    seed
        Of names, time off and wishes; skills and contracts keep their shares whatever the seed.
    first
        First day after the history; time off and wishes lie in the eight weeks from it.

    Returns
    -------
    tuple of Agent
        In order of their ids.
    """
    names = draw_names(people, seed)
    classes = _classes(people)
    width = max(4, len(str(people)))
    seats: dict[str, int] = {}
    agents = []
    for number, (name, (skill_set, contract)) in enumerate(zip(names, classes, strict=True), start=1):
        seat = seats[skill_set.name] = seats.get(skill_set.name, 0) + 1
        agent_id = f"A{number:0{width}d}"
        draw = stream(seed, "people", agent_id)
        time_off, wishes = _time_off(draw, first), _wishes(draw, first, contract)
        agents.append(
            Agent(
                id=agent_id,
                name=name,
                team=f"{skill_set.name} {1 + (seat - 1) // TEAM_PEOPLE}",
                skills=skill_set.skills,
                contract=contract,
                time_off=time_off,
                wishes=tuple(wish for wish in wishes if wish.day not in time_off),
            ),
        )
    return tuple(agents)


def paid_h_per_person() -> float:
    """Paid hours a week of the average person at the full hours of each contract."""
    hours = {contract.id: contract.max_h_per_week for contract in CONTRACTS}
    return sum(
        skill_set.share * share * hours[contract]
        for skill_set in SKILL_SETS
        for contract, share in skill_set.contracts.items()
    )


def _classes(people: int) -> list[tuple[SkillSet, str]]:
    """Skill set and contract of each person: whoever is furthest behind its share comes next."""
    shares = [
        (skill_set, contract, skill_set.share * share)
        for skill_set in SKILL_SETS
        for contract, share in skill_set.contracts.items()
    ]
    wanted = np.array([share for _, _, share in shares])
    seated = np.zeros(len(shares))
    chosen = []
    for number in range(1, people + 1):
        behind = int(np.argmax(wanted * number - seated))
        seated[behind] += 1
        chosen.append(shares[behind][:2])
    return chosen


def _time_off(draw: np.random.Generator, first: date) -> frozenset[date]:
    """For some people, three to ten days in a row."""
    takes_leave = draw.random() < LEAVE_SHARE
    length = int(draw.integers(3, 11))
    begin = int(draw.integers(0, 7 * AHEAD_WEEKS - length + 1))
    if not takes_leave:
        return frozenset()
    return frozenset(first + timedelta(days=begin + day) for day in range(length))


def _wishes(draw: np.random.Generator, first: date, contract: str) -> tuple[Wish, ...]:
    """For half of the people, one to four days off or patterns of their contract, on different days."""
    patterns = next(sorted(known.patterns) for known in CONTRACTS if known.id == contract)
    wishes_something = draw.random() < WISH_SHARE
    count = int(draw.integers(1, 5))
    days = sorted(draw.choice(7 * AHEAD_WEEKS, size=count, replace=False).tolist())
    kinds = draw.random(count)
    weights = draw.choice([1.0, 1.0, 2.0], size=count)
    picks = draw.integers(0, len(patterns), size=count)
    if not wishes_something:
        return ()
    return tuple(
        Wish(
            day=first + timedelta(days=day),
            pattern=patterns[pick] if kind < 0.4 else None,
            weight=float(weight),
        )
        for day, kind, weight, pick in zip(days, kinds, weights, picks, strict=True)
    )
