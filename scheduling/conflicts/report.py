"""What is said about targets that cannot be reached, free of any solver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from data.domain import Period


class Kind(StrEnum):
    """What a rule or request is about; the name it is about is given with it."""

    TARGET = "target"
    """Answer rate of a queue over its period."""
    FLOOR = "floor"
    """Answer rate of a queue in each interval of a day."""
    LEAST_AGENTS = "least agents"
    """Positions of a queue in each interval of a day."""
    PEOPLE = "people"
    """How many have a skill."""
    TIME_OFF = "time off"
    """Of a person."""
    HOURS = "hours a week"
    """Most that a contract allows, as all that follow of one."""
    DAYS = "days a week"
    CONSECUTIVE_DAYS = "consecutive days"
    REST = "rest"
    NIGHTS = "consecutive nights"
    WEEKENDS_OFF = "weekends off"
    START_SPREAD = "spread of starts"
    ROTATION = "forward rotation"
    DAYS_OFF_TOGETHER = "days off together"
    GUARANTEED_HOURS = "guaranteed hours"
    ALLOWED_PATTERNS = "allowed patterns"
    LAW = "law"
    """The rule set a contract stands under; no way out bends it."""
    STARTS = "starts"
    """When shifts of a pattern may begin."""
    EARLIEST_START = "earliest start"
    """Of a pattern, in minutes from local midnight, as is the next; only of relaxations."""
    LATEST_START = "latest start"
    BREAKS = "breaks"
    """When breaks of a pattern may be taken."""
    SKILL = "skill"
    """Who has one; only of relaxations, as is the next."""
    LONGER_SHIFTS = "longer shifts"
    """Of people with a skill."""


AIMS = frozenset({Kind.TARGET, Kind.FLOOR, Kind.LEAST_AGENTS})
"""What is to be reached; the others say by whom and how."""


class Proof(StrEnum):
    """How it is known that a relaxation is enough."""

    ROSTER = "roster"
    """A roster was found that reaches the targets with it."""
    FRACTIONS = "fractions of people"
    """It is enough for fractions of people; whole people may need a little more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule or request.

    Parameters
    ----------
    kind
        What it is about.
    name
        The queue, skill, person, contract or pattern.
    days
        Local days it is about; empty for all.
    value
        Its figure: share 0–1, agents, people, hours or days; None where it has none.
    period
        Of a target.
    label
        Name of a person for people.
    """

    kind: Kind
    name: str
    days: tuple[date, ...] = ()
    value: float | None = None
    period: Period | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """One way to give way, and what it takes.

    Parameters
    ----------
    rule
        What gives way.
    after
        Its figure then; None where it has none.
    people
        Who gives way: time off given back, longer hours worked; as many more people, where they have no names yet.
    hours
        Paid hours it takes more, in whole.
    price
        What it is ranked by, see `scheduling.conflicts.prices`.
    proof
        How it is known to be enough.
    and_also
        Further rules with their figures that have to give way as well.
    best
        Of a target: no roster answers a larger share there; None where it is not known.
    """

    rule: Rule
    after: float | None
    price: float
    proof: Proof
    people: tuple[str, ...] = ()
    hours: float | None = None
    and_also: tuple[tuple[Rule, float | None], ...] = ()
    best: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Rules and requests that cannot all hold.

    Parameters
    ----------
    aims
        What is to be reached, one of the set or several together.
    rules
        Rules and requests that stand against them.
    also
        Further targets and floors each of which the same rules put out of reach.
    people
        Ids of those who could serve the queues concerned.
    days
        Local days concerned.
    smallest
        Whether it is proven that nothing can be left out of `aims` and `rules`.
    whole_people
        Whether fractions of people could reach the aims, so that it is the whole numbers that stand in the way.
    relaxations
        Cheapest first; each is enough by itself for this conflict.
    """

    aims: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    people: tuple[str, ...]
    days: tuple[date, ...]
    smallest: bool
    whole_people: bool
    also: tuple[Rule, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Why a roster misses what it misses.

    Parameters
    ----------
    conflicts
        One after another; a relaxation of one leaves the others.
    unexplained
        What is missed and was not shown to be out of reach: more time to solve may reach it.
    not_looked_at
        What is missed and there was no time to look at.
    elapsed_s
        Wall time it took.
    """

    conflicts: tuple[Conflict, ...] = ()
    unexplained: tuple[Rule, ...] = ()
    not_looked_at: tuple[Rule, ...] = ()
    elapsed_s: float = 0.0
