"""What is to be reached: answer rates, service levels and more, over a period."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from data.domain.invariants import require

MOST_AGENTS = 10_000
"""Positions on contacts one queue can have at one time."""


class Period(StrEnum):
    """The span over which a target is counted."""

    INTERVAL = "interval"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class ServiceLevelFormula(StrEnum):
    """What is counted as within the threshold Y, and of what."""

    F1 = "f1"
    """(Answered within Y + abandoned within Y) / offered."""

    F2 = "f2"
    """Answered within Y / answered."""

    F3 = "f3"
    """Answered within Y / offered."""

    F4 = "f4"
    """Answered within Y / (offered − abandoned within Y)."""

    @property
    def label(self) -> str:
        """Name and formula, as a column is headed."""
        return f"{self.name} ({_FORMULAS[self]})"


_FORMULAS = {
    ServiceLevelFormula.F1: "(answered + abandoned in threshold) / offered",
    ServiceLevelFormula.F2: "answered in threshold / answered",
    ServiceLevelFormula.F3: "answered in threshold / offered",
    ServiceLevelFormula.F4: "answered in threshold / (offered − abandoned in threshold)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What share of contacts is to be answered, and over which span.

    Parameters
    ----------
    answer_rate
        Answered / offered over `period`, 0–1.
    period
        Span the rate is counted over.
    interval_floor
        Least answer rate of any single interval, 0–1.
    service_level, threshold_s
        Share answered within the threshold in any interval; both or neither.
    service_level_formula
        What the service level counts, and of what.
    max_asa_s
        Highest mean wait of answered contacts in any interval.
    max_occupancy
        Highest busy share of available time in any interval, 0–1.
    min_agents
        Least positions in any open interval.
    confidence
        Least probability of reaching `answer_rate`, 0–1.
    price_per_contact
        What one contact missing to `answer_rate` costs, in the unit of an hour's cost. A target with a price is soft: it
        is missed where that costs less than the hours to reach it. None: the target is to be reached.
    """

    answer_rate: float = 0.95
    period: Period = Period.DAY
    interval_floor: float = 0.80
    service_level: float | None = None
    threshold_s: float | None = None
    service_level_formula: ServiceLevelFormula = ServiceLevelFormula.F3
    max_asa_s: float | None = None
    max_occupancy: float | None = None
    min_agents: int = 0
    confidence: float | None = None
    price_per_contact: float | None = None

    def __post_init__(self) -> None:
        shares = ("answer_rate", "interval_floor", "service_level", "max_occupancy", "confidence")
        for name in shares:
            value = getattr(self, name)
            require(
                value is None or 0 <= value <= 1,
                name,
                f"{name} must lie between 0 and 1, not {value}. Give 0.95 for 95 %.",
            )
        for name in ("threshold_s", "max_asa_s", "price_per_contact"):
            value = getattr(self, name)
            require(
                value is None or 0 <= value < math.inf,
                name,
                f"{name} must not be negative or endless, not {value}.",
            )
        require(
            (self.service_level is None) == (self.threshold_s is None),
            "service_level" if self.threshold_s is None else "threshold_s",
            "service_level needs threshold_s and the other way round. Give both or neither.",
        )
        require(
            self.price_per_contact is None or self.period is not Period.INTERVAL,
            "price_per_contact",
            "price_per_contact needs a target over a day, week or month. Leave it out, or give another period.",
        )
        require(
            0 <= self.min_agents <= MOST_AGENTS,
            "min_agents",
            f"min_agents must not be negative and at most {MOST_AGENTS:,}, not {self.min_agents}.",
        )

    @property
    def soft(self) -> bool:
        """Whether the answer rate may be missed at a price."""
        return self.price_per_contact is not None

    @property
    def measured_besides_rate(self) -> bool:
        """Whether service level, mean wait or occupancy are asked for too."""
        return any(bound is not None for bound in (self.service_level, self.max_asa_s, self.max_occupancy))
