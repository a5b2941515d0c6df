"""The field's nouns as frozen dataclasses, with their invariants.

Durations carry their unit (_s, _min, _h), fractions are 0–1, spans are half-open, times know their zone.
A weekday is 0 for Monday to 6 for Sunday.
"""

from data.domain.invariants import FIRST_DAY, LAST_DAY, zone
from data.domain.outcomes import Outcome, Status
from data.domain.patterns import (
    LONGEST_SPLIT_MIN,
    SHORTEST_PART_MIN,
    SHORTEST_SPLIT_MIN,
    SPLIT,
    BreakRule,
    ShiftPattern,
)
from data.domain.peaks import (
    LARGEST_SIZE,
    LARGEST_UPLIFT,
    LONGEST_OFFSET_DAYS,
    WIDEST_WINDOW_DAYS,
    Peak,
    PeakKind,
    Recurrence,
)
from data.domain.people import Agent, Contract, Wish
from data.domain.queues import (
    INTERVALS_MIN,
    LONGEST_DEADLINE_H,
    MOST_AT_ONCE,
    USUAL_DEADLINE_H,
    Channel,
    OpeningSpan,
    Queue,
)
from data.domain.rosters import Assignment, Break, PlacedActivity, Roster, Severity, Violation
from data.domain.targets import MOST_AGENTS, Period, ServiceLevelFormula, Target
from data.week import ALL_WEEKDAYS, DAY_MIN

__all__ = [
    "ALL_WEEKDAYS",
    "DAY_MIN",
    "FIRST_DAY",
    "INTERVALS_MIN",
    "LARGEST_SIZE",
    "LARGEST_UPLIFT",
    "LAST_DAY",
    "LONGEST_DEADLINE_H",
    "LONGEST_OFFSET_DAYS",
    "LONGEST_SPLIT_MIN",
    "MOST_AGENTS",
    "MOST_AT_ONCE",
    "SHORTEST_PART_MIN",
    "SHORTEST_SPLIT_MIN",
    "SPLIT",
    "USUAL_DEADLINE_H",
    "WIDEST_WINDOW_DAYS",
    "Agent",
    "Assignment",
    "Break",
    "BreakRule",
    "Channel",
    "Contract",
    "OpeningSpan",
    "Outcome",
    "Peak",
    "PeakKind",
    "Period",
    "PlacedActivity",
    "Queue",
    "Recurrence",
    "Roster",
    "ServiceLevelFormula",
    "Severity",
    "ShiftPattern",
    "Status",
    "Target",
    "Violation",
    "Wish",
    "zone",
]
