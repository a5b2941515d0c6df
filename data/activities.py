"""Activities: time away from contacts that people need inside their shifts, such as trainings, meetings and coaching."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from data.domain import Agent
from data.domain.invariants import require
from data.week import ALL_WEEKDAYS, DAY_MIN

HIGHEST_PRICE = 1e6
"""Above this a price is a slip of the pen, and would drown what is weighed against it."""


class Gathering(StrEnum):
    """Who sits together in one session."""

    ALL = "all"
    """Everybody at once: one session, whoever is not at work then misses it."""

    GROUPS = "groups"
    """So many at a time, session after session."""

    ALONE = "alone"
    """Each person by themselves, with the coach where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something people do in paid time inside their shifts, while they take no contacts.

    Sessions of one activity do not overlap, but for people who are alone without a coach. The coach, who is not one of
    those the activity is for, is there in every session.

    Parameters
    ----------
    id
        Name, unique in the workspace.
    kind
        What it is: training, meeting, coaching or another word; for screens and exports.
    length_min
        How long a session lasts.
    people, team, skill
        Whom it is for: people by id, the members of a team, or those with a skill; everybody where none is given.
    gathering
        Who sits together.
    least, most
        Fewest and most people of a session, the coach not counted; `most` None for as many as there are.
    coach
        Person who has to be there too; "" for nobody.
    weekdays, from_min, until_min
        Local days it may lie on, and between which minutes from midnight of such a day.
    first, last
        First and last day it may lie on; None for no limit.
    weekly
        Each person once a week (Monday to Sunday), else once from `first` to `last`.
    edge_min
        Minutes at either end of a shift that stay free of it.
    price
        What leaving one person out once costs, where an ordinary paid hour costs 1; None: nobody is left out for what
        their contacts are worth.
    """

    id: str
    kind: str = "training"
    length_min: int = 60
    people: frozenset[str] = frozenset()
    team: str = ""
    skill: str = ""
    gathering: Gathering = Gathering.ALL
    least: int = 1
    most: int | None = None
    coach: str = ""
    weekdays: frozenset[int] = ALL_WEEKDAYS
    from_min: int = 0
    until_min: int = DAY_MIN
    first: date | None = None
    last: date | None = None
    weekly: bool = False
    edge_min: int = 15
    price: float | None = None

    def __post_init__(self) -> None:
        require(bool(self.id), "id", "an activity needs a name.")
        name = f"activity {self.id!r}"
        for field in ("id", "kind"):
            word = getattr(self, field)
            require(
                bool(word) and ":" not in word,
                field,
                f"{name}: {field} is a word without colons, not {word!r}.",
            )
        who = sum(map(bool, (self.people, self.team, self.skill)))
        require(who <= 1, "people", f"{name}: it is for people, a team or a skill. Give one of them.")
        require(
            self.coach not in self.people,
            "coach",
            f"{name}: {self.coach!r} cannot coach themselves. Take one out.",
        )
        self._require_sizes(name)
        self._require_times(name)
        require(
            self.price is None or 0 <= self.price <= HIGHEST_PRICE,
            "price",
            f"{name}: its price lies in 0–{HIGHEST_PRICE:g}, not {self.price}. Leave it empty to leave nobody out.",
        )

    def _require_sizes(self, name: str) -> None:
        require(self.least >= 1, "least", f"{name}: least must be at least 1.")
        require(
            self.most is None or self.most >= self.least,
            "most",
            f"{name}: most is at least {self.least}, the fewest, not {self.most}.",
        )
        alone = self.gathering is Gathering.ALONE
        require(
            not alone or (self.least == 1 and self.most in {None, 1}),
            "most",
            f"{name}: people who are alone are one a session. Leave least and most empty.",
        )
        require(
            self.gathering is Gathering.GROUPS or alone or self.most is None,
            "most",
            f"{name}: all sit together, so most is for groups. Leave it empty, or say groups.",
        )

    def _require_times(self, name: str) -> None:
        require(
            0 < self.length_min <= DAY_MIN,
            "length_min",
            f"{name}: length_min lies in 1–1440, not {self.length_min}.",
        )
        require(
            bool(self.weekdays) and self.weekdays <= ALL_WEEKDAYS,
            "weekdays",
            f"{name}: weekdays are 0 (Monday) to 6.",
        )
        require(
            self.from_min >= 0
            and self.until_min <= DAY_MIN
            and self.until_min - self.from_min >= self.length_min,
            "until_min",
            f"{name}: its {self.length_min} min do not fit between the times of day given. Widen them.",
        )
        require(
            self.first is None or self.last is None or self.first <= self.last,
            "last",
            f"{name}: it ends on {self.last}, before it begins. Correct one of the days.",
        )
        require(self.edge_min >= 0, "edge_min", f"{name}: edge_min must not be negative.")

    @property
    def most_in_session(self) -> float:
        """Most people of a session, the coach not counted; infinite where there is no limit."""
        if self.gathering is Gathering.ALONE:
            return 1
        return float("inf") if self.most is None else self.most

    @property
    def one_at_a_time(self) -> bool:
        """Whether its sessions must not overlap."""
        return self.gathering is not Gathering.ALONE or bool(self.coach)

    def members(self, agents: Iterable[Agent]) -> tuple[Agent, ...]:
        """Those among some people it is for, the coach left out."""
        return tuple(agent for agent in agents if self.is_for(agent))

    def is_for(self, agent: Agent) -> bool:
        """Whether somebody is to take part, as other than the coach."""
        if agent.id == self.coach:
            return False
        if self.people:
            return agent.id in self.people
        if self.team:
            return agent.team == self.team
        return not self.skill or self.skill in agent.skills

    def allowed_on(self, day: date) -> bool:
        """Whether it may lie on a local day."""
        early = self.first is not None and day < self.first
        late = self.last is not None and day > self.last
        return day.weekday() in self.weekdays and not early and not late
