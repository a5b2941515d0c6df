"""People who can be rostered, and the contracts they work by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.domain.invariants import require, require_cost

MOST_PAY = 10.0
"""Largest multiple an hour is paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How much and how a person may work.

    Parameters
    ----------
    id
        Name, unique in the workspace.
    min_h_per_week, max_h_per_week
        Paid hours from Monday to Sunday.
    max_days_per_week, max_consecutive_days
        Working days.
    min_rest_h
        Rest between two shifts.
    max_consecutive_nights
        Nights in a row, a night being a shift that touches 22:00–06:00; None for no limit.
    min_weekends_off
        Weekends without a shift among any four in a row. Counted over four weeks that move on, not over a roster, so
        that neither its length nor where it begins matters.
    max_start_spread_min
        Minutes between the earliest and the latest start of a week, by the local clock; None for no limit.
    forward_rotation
        Whether a shift never begins earlier, by the local clock, than one of the day before.
    min_consecutive_days_off
        Days off between two working days, where there are any.
    patterns
        Patterns the contract may work; empty for all.
    cost_per_h
        Cost of a paid hour.
    regular_h_per_day, regular_h_per_week
        Paid hours that are no overtime; None for those of the rule set, all where it has none.
    overtime_pay, rest_day_pay, holiday_pay
        What an hour above the regular ones of a day, above those of a week and on a statutory holiday is paid, as a
        multiple: 1.5 for 150 %. None for what the rule set says, 1 where it says nothing; hours above those of a week
        as overtime then.
    night_pay
        What an hour between 22:00 and 6:00 is paid, as a multiple; None for 1.
    rule_set
        Name of the rules of law it stands under, see `data.rule_sets`.
    """

    id: str
    min_h_per_week: float = 0.0
    max_h_per_week: float = 40.0
    max_days_per_week: int = 5
    max_consecutive_days: int = 6
    min_rest_h: float = 11.0
    max_consecutive_nights: int | None = None
    min_weekends_off: int = 0
    max_start_spread_min: int | None = None
    forward_rotation: bool = False
    min_consecutive_days_off: int = 1
    patterns: frozenset[str] = frozenset()
    cost_per_h: float = 1.0
    regular_h_per_day: float | None = None
    regular_h_per_week: float | None = None
    overtime_pay: float | None = None
    rest_day_pay: float | None = None
    holiday_pay: float | None = None
    night_pay: float | None = None
    rule_set: str = "none"

    def __post_init__(self) -> None:
        name = f"contract {self.id!r}"
        require(bool(self.id), "id", "a contract needs a name.")
        require(bool(self.rule_set), "rule_set", f"{name}: rule_set is the name of one, such as none.")
        require(
            0 <= self.min_h_per_week <= self.max_h_per_week <= 168,
            "max_h_per_week" if not 0 <= self.max_h_per_week <= 168 else "min_h_per_week",
            f"{name}: 0 ≤ min_h_per_week ≤ max_h_per_week ≤ 168, not {self.min_h_per_week} and {self.max_h_per_week}.",
        )
        require(
            0 <= self.max_days_per_week <= 7, "max_days_per_week", f"{name}: max_days_per_week lies in 0–7."
        )
        require(
            self.max_consecutive_days >= 1,
            "max_consecutive_days",
            f"{name}: max_consecutive_days must be at least 1.",
        )
        require(0 <= self.min_rest_h <= 24, "min_rest_h", f"{name}: min_rest_h lies in 0–24.")
        self._require_sequence(name)
        require_cost(name, self.cost_per_h)
        self._require_pay(name)

    def _require_pay(self, name: str) -> None:
        for at, most_h in (("regular_h_per_day", 24), ("regular_h_per_week", 168)):
            hours = getattr(self, at)
            require(
                hours is None or 0 <= hours <= most_h, at, f"{name}: {at} lies in 0–{most_h}, not {hours}."
            )
        for at in ("overtime_pay", "rest_day_pay", "holiday_pay", "night_pay"):
            factor = getattr(self, at)
            require(
                factor is None or 1 <= factor <= MOST_PAY,
                at,
                f"{name}: {at} lies in 1–{MOST_PAY:g}, not {factor}. 150 % is 1.5.",
            )

    def _require_sequence(self, name: str) -> None:
        for at in ("max_consecutive_nights", "max_start_spread_min"):
            most = getattr(self, at)
            require(
                most is None or most >= 0, at, f"{name}: {at} is not negative; leave it out for no limit."
            )
        require(
            0 <= self.min_weekends_off <= 4,
            "min_weekends_off",
            f"{name}: min_weekends_off lies in 0–4.",
        )
        require(
            1 <= self.min_consecutive_days_off <= 7,
            "min_consecutive_days_off",
            f"{name}: min_consecutive_days_off lies in 1–7.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A person would like a day off (`pattern` None) or a pattern on a day; weight 1 is an ordinary wish."""

    day: date
    pattern: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A person who can be rostered.

    Parameters
    ----------
    id
        Unique in the workspace.
    name, team
        For screens and exports.
    skills
        At least one.
    contract
        Name of the contract.
    time_off
        Local days on which the person does not work.
    wishes
        What the person would like.
    protected_from, protected_until
        First day on which rule sets protect the person from nights and overtime, and the first on which they do no
        longer; None while it is not known. Why is nobody's business here.
    """

    id: str
    name: str = ""
    team: str = ""
    skills: frozenset[str] = frozenset()
    contract: str = "standard"
    time_off: frozenset[date] = frozenset()
    wishes: tuple[Wish, ...] = ()
    protected_from: date | None = None
    protected_until: date | None = None

    def __post_init__(self) -> None:
        require(bool(self.id), "id", "an agent needs an agent_id.")
        if not self.name:
            object.__setattr__(self, "name", self.id)
        require(bool(self.skills), "skills", f"agent {self.id!r}: give at least one skill.")
        begin, end = self.protected_from, self.protected_until
        require(
            end is None or (begin is not None and begin < end),
            "protected_until",
            f"agent {self.id!r}: protected_until {end} needs a protected_from before it.",
        )

    def protected_on(self, day: date) -> bool:
        """Whether the person is protected from nights and overtime on a day."""
        begin, end = self.protected_from, self.protected_until
        return begin is not None and begin <= day and (end is None or day < end)
