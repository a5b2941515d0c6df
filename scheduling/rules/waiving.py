"""Which broken rules were waived, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.domain import Violation, zone
from data.waivers import Waiver

WAIVABLE = (
    "weekly days",
    "weekly hours at most",
    "weekly hours at least",
    "consecutive days",
    "rest",
    "time off",
    "consecutive nights",
    "weekends off",
    "start spread",
    "forward rotation",
    "days off together",
    "overtime per day",
    "overtime per month",
    "cycle hours",
    "daily rest",
    "weekly rest",
    "average hours",
    "break after",
    "night hours",
    "protected nights",
    "protected hours",
)
"""Rules of contracts and of law by their human names; what a shift or a pattern is cannot be waived."""


@dataclass(frozen=True, slots=True)
class Waived:
    """A broken rule, and what lets it be broken."""

    violation: Violation
    waiver: Waiver


def part_waived(
    found: Iterable[Violation], waivers: Iterable[Waiver], timezone: str
) -> tuple[tuple[Violation, ...], tuple[Waived, ...]]:
    """Part violations into those that stand and those that a waiver covers.

    Parameters
    ----------
    found
        What `violations` lists.
    waivers
        Of the roster; withdrawn ones cover nothing.
    timezone
        Zone of the roster: a waiver is for the local day on which the violation begins.
    """
    held = {
        (waiver.rule, waiver.agent_id, waiver.day): waiver
        for waiver in waivers
        if waiver.withdrawn_at is None and waiver.rule in WAIVABLE
    }
    local = zone(timezone)
    broken, waived = [], []
    for violation in found:
        day = violation.start.astimezone(local).date()
        waiver = held.get((violation.rule, violation.agent_id or "", day))
        if waiver is None:
            broken.append(violation)
        else:
            waived.append(Waived(violation, waiver))
    return tuple(broken), tuple(waived)
