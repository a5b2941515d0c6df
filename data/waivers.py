"""Waivers: a rule that need not hold for a person on a day of a roster, with a reason and a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from data.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One rule waived for one person on one day.

    Parameters
    ----------
    id
        Unique in the workspace; "" lets the workspace number it.
    roster
        Roster it is for; it stays with the name when the roster is replaced.
    agent_id
        Person.
    day
        Local day on which the violation begins.
    rule
        The rule's human name, such as "rest".
    by, reason
        Who waives it, and why.
    created_at
        Set from the workspace's clock when it is saved.
    withdrawn_at, withdrawn_by
        When and by whom it was taken back; None and "" while it holds.

    Raises
    ------
    InputError
        Name or reason is missing.
    """

    id: str = ""
    roster: str
    agent_id: str
    day: date
    rule: str
    by: str
    reason: str
    created_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.reason.strip():
            raise InputError(
                f"waiver of {self.rule!r} for {self.agent_id} on {self.day}: it needs a name and a reason. "
                "Say who waives the rule, and why."
            )
