"""Shift patterns: templates of shifts with their breaks."""

from __future__ import annotations

from dataclasses import dataclass

from data.domain.invariants import require, require_cost
from data.week import ALL_WEEKDAYS, DAY_MIN

SPLIT = "split"
"""Kind of the break that parts a split shift in two."""

SHORTEST_SPLIT_MIN, LONGEST_SPLIT_MIN = 120, 300
"""Below two hours it is a break, and nobody goes home for it; beyond five the day is torn apart."""

SHORTEST_PART_MIN = 120
"""Nobody comes in for less than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRule:
    """One break inside a shift; its start lies in [earliest_min, latest_min] from the shift's start."""

    kind: str
    length_min: int
    earliest_min: int
    latest_min: int
    paid: bool = False

    def __post_init__(self) -> None:
        require(self.length_min > 0, "length_min", f"break {self.kind!r}: its length must be above 0.")
        require(
            0 <= self.earliest_min <= self.latest_min,
            "earliest_min",
            f"break {self.kind!r}: earliest_min ≤ latest_min.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPattern:
    """A shift template: which days, when it may start, how long, which breaks.

    A break of the kind `SPLIT`, long and unpaid, makes it a split shift: breaks before it lie in the first part, breaks
    after it in the second.

    Parameters
    ----------
    id
        Name, unique in the workspace.
    weekdays
        Days it may start on.
    start_earliest_min, start_latest_min, start_step_min
        Possible starts in minutes from local midnight, both ends included.
    length_min
        From start to end, breaks included; may run past midnight.
    breaks
        In the order they are taken.
    cost_per_h
        Relative cost of a paid hour.
    """

    id: str
    weekdays: frozenset[int] = ALL_WEEKDAYS
    start_earliest_min: int = 8 * 60
    start_latest_min: int = 10 * 60
    start_step_min: int = 30
    length_min: int = 540
    breaks: tuple[BreakRule, ...] = ()
    cost_per_h: float = 1.0

    def __post_init__(self) -> None:
        name = f"pattern {self.id!r}"
        require(bool(self.id), "id", "a pattern needs a name.")
        require(
            self.weekdays <= ALL_WEEKDAYS and bool(self.weekdays),
            "weekdays",
            f"{name}: weekdays are 0 (Monday) to 6.",
        )
        require(
            0 <= self.start_earliest_min <= self.start_latest_min < DAY_MIN,
            "start_latest_min" if 0 <= self.start_earliest_min < DAY_MIN else "start_earliest_min",
            f"{name}: starts lie within one day, in order. Give the earliest, then the latest start, up to 23:59.",
        )
        require(self.start_step_min > 0, "start_step_min", f"{name}: start_step_min must be above 0.")
        require(
            0 < self.length_min <= DAY_MIN,
            "length_min",
            f"{name}: length_min lies in 1–1440, not {self.length_min}.",
        )
        require_cost(name, self.cost_per_h)
        require(
            sum(rule.length_min for rule in self.breaks) < self.length_min,
            "breaks",
            f"{name}: its breaks are as long as the shift. Shorten them.",
        )
        for rule in self.breaks:
            require(
                rule.latest_min + rule.length_min <= self.length_min,
                "breaks",
                f"{name}: break {rule.kind!r} may end after the shift. Lower its latest_min.",
            )
        self._require_parts(name)

    def _require_parts(self, name: str) -> None:
        splits = [rule for rule in self.breaks if rule.kind == SPLIT]
        require(len(splits) <= 1, "breaks", f"{name}: a shift is split once. Keep one split.")
        for split in splits:
            require(not split.paid, "breaks", f"{name}: its split is unpaid. Leave :paid out.")
            require(
                SHORTEST_SPLIT_MIN <= split.length_min <= LONGEST_SPLIT_MIN,
                "breaks",
                f"{name}: its split lasts {SHORTEST_SPLIT_MIN} to {LONGEST_SPLIT_MIN} min, not {split.length_min}. "
                "Give a shorter break another name.",
            )
            least = min(split.earliest_min, self.length_min - split.latest_min - split.length_min)
            require(
                least >= SHORTEST_PART_MIN,
                "breaks",
                f"{name}: a part beside its split may be {least} min. Leave at least {SHORTEST_PART_MIN} min.",
            )

    @property
    def split(self) -> BreakRule | None:
        """The split of a split shift; None for a shift in one piece."""
        return next((rule for rule in self.breaks if rule.kind == SPLIT), None)

    @property
    def paid_min(self) -> int:
        """Paid minutes: the length without unpaid breaks."""
        return self.length_min - sum(rule.length_min for rule in self.breaks if not rule.paid)
