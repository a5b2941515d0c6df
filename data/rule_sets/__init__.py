"""Rule sets as data: one TOML file a set. Shipped ones lie here, a workspace's own in its folder `rule_sets`."""

from data.rule_sets.reading import load_rule_sets, read_rule_set
from data.rule_sets.types import (
    KINDS,
    AverageHours,
    BreakAfter,
    Cycle,
    CycleHours,
    DailyRest,
    NightHours,
    NormalHours,
    OvertimePay,
    OvertimePerDay,
    OvertimePerMonth,
    ProtectedHours,
    ProtectedNights,
    RuleSet,
    RuleVersion,
    WeeklyRest,
    WorkRule,
)

__all__ = [
    "KINDS",
    "AverageHours",
    "BreakAfter",
    "Cycle",
    "CycleHours",
    "DailyRest",
    "NightHours",
    "NormalHours",
    "OvertimePay",
    "OvertimePerDay",
    "OvertimePerMonth",
    "ProtectedHours",
    "ProtectedNights",
    "RuleSet",
    "RuleVersion",
    "WeeklyRest",
    "WorkRule",
    "load_rule_sets",
    "read_rule_set",
]
