"""What was worked before a roster, as kept rosters have it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from data.domain import Assignment
from data.errors import InputError, UnknownNameError
from data.records import RosterRecord
from data.store import Workspace

AFTER = "after"
"""Name under which a roster keeps which rosters it goes on from."""
LOOK_BACK_DAYS = 35
"""Days before a roster that are looked at: what is counted by the week and by the month."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was worked before a roster.

    Parameters
    ----------
    rosters
        Names of the rosters it is read from, in order of their days; empty where nothing is known.
    shifts
        Their shifts of the days before, each day's from one of them.
    """

    rosters: tuple[str, ...] = ()
    shifts: tuple[Assignment, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """Column roster: the names."""
        return pd.DataFrame({"roster": list(self.rosters)}, dtype="str")


def found_before(
    workspace: Workspace, first: date, *, name: str, after: Sequence[str] | None = None
) -> Before:
    """What was worked before a day, each day by the newest roster that was kept for it.

    Parameters
    ----------
    first
        First day of the roster.
    name
        Of the roster itself, which does not come before itself.
    after
        Only these rosters; any when None.

    Raises
    ------
    InputError
        None of the rosters asked for holds the day before, or they leave out days of the week the first day tears.
    UnknownNameError
        There is no such roster.
    """
    records = workspace.rosters() if after is None else [workspace.roster_record(each) for each in after]
    found = _read(workspace, first, [record for record in records if record.name != name])
    if after and not found.rosters:
        eve = first - timedelta(days=1)
        begin = first - timedelta(days=first.weekday())
        needed = f"{eve}" if begin >= eve else f"the days {begin} to {eve}"
        raise InputError(
            f"roster {', '.join(after)}: it does not hold {needed}, which comes before a roster from {first}. "
            "Name rosters that do, or leave out --after."
        )
    return found


def kept_before(workspace: Workspace, name: str) -> Before:
    """What was worked before a stored roster: by the rosters it was planned after, as they are now.

    One that was stored before that was kept goes by the newest rosters.
    """
    record = workspace.roster_record(name)
    try:
        names = set(workspace.roster_part(name, AFTER)["roster"])
    except UnknownNameError:
        return found_before(workspace, record.first, name=name)
    known = [other for other in workspace.rosters() if other.name in names and other.name != name]
    return _read(workspace, record.first, known)


def _read(workspace: Workspace, first: date, records: Iterable[RosterRecord]) -> Before:
    """Days in a row up to the day before, back to a Monday; nothing where they do not reach one."""
    newest_first = sorted(records, key=_age, reverse=True)
    holds: dict[date, str] = {}
    for back in range(1, LOOK_BACK_DAYS + 1):
        day = first - timedelta(days=back)
        of_day = [each for each in newest_first if each.first <= day < each.first + timedelta(days=each.days)]
        if not of_day:
            break
        holds[day] = of_day[0].name
    # The first days of a week without its beginning would read as days off.
    begin = min((day for day in holds if day.weekday() == 0), default=None)
    if begin is None and first.weekday():
        return Before()
    kept = {day: name for day, name in holds.items() if begin is None or day >= begin}
    names = tuple(dict.fromkeys(kept[day] for day in sorted(kept)))
    shifts = [
        shift for name in names for shift in workspace.roster(name).assignments if kept.get(shift.day) == name
    ]
    return Before(names, tuple(sorted(shifts, key=lambda shift: (shift.agent_id, shift.start))))


def _age(record: RosterRecord) -> float:
    return 0.0 if record.created_at is None else record.created_at.timestamp()
