"""What was worked before a roster, as kept rosters have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from data.domain import Assignment
from data.errors import InputError, UnknownNameError
from data.records import RosterRecord
from data.store import Workspace
from scheduling.fair_shares import WEEKS

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
    history
        Shifts of the weeks before, as far as any roster holds them: who worked what nobody likes.
    """

    rosters: tuple[str, ...] = ()
    shifts: tuple[Assignment, ...] = ()
    history: tuple[Assignment, ...] = ()

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
    found = _read(workspace, first, [record for record in records if record.name != name], name)
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
    return _read(workspace, record.first, known, name)


def _read(workspace: Workspace, first: date, records: Iterable[RosterRecord], name: str) -> Before:
    """Days in a row up to the day before, back to a Monday, nothing where they do not reach one; and the history."""
    chosen = list(records)
    if not chosen:
        return Before()
    others = [record for record in workspace.rosters() if record.name != name]
    history = _shifts(workspace, _holders(others, first, 7 * WEEKS))
    holds: dict[date, str] = {}
    for back, holder in enumerate(_holders(chosen, first, LOOK_BACK_DAYS).items(), start=1):
        day, roster = holder
        if day != first - timedelta(days=back):
            break
        holds[day] = roster
    # The first days of a week without its beginning would read as days off.
    begin = min((day for day in holds if day.weekday() == 0), default=None)
    if begin is None and first.weekday():
        return Before(history=history)
    kept = {day: holder for day, holder in holds.items() if begin is None or day >= begin}
    names = tuple(dict.fromkeys(kept[day] for day in sorted(kept)))
    return Before(names, _shifts(workspace, kept), history)


def _holders(records: Iterable[RosterRecord], first: date, days: int) -> dict[date, str]:
    """Name of the newest roster of each of so many days before one, the last day first."""
    newest_first = sorted(records, key=_age, reverse=True)
    found = {}
    for back in range(1, days + 1):
        day = first - timedelta(days=back)
        of_day = (each for each in newest_first if each.first <= day < each.first + timedelta(days=each.days))
        holder = next(of_day, None)
        if holder is not None:
            found[day] = holder.name
    return found


def _shifts(workspace: Workspace, holds: Mapping[date, str]) -> tuple[Assignment, ...]:
    """Each day's shifts from the roster that holds it, by person and start."""
    found = [
        shift
        for name in dict.fromkeys(holds.values())
        for shift in workspace.roster(name).assignments
        if holds.get(shift.day) == name
    ]
    return tuple(sorted(found, key=lambda shift: (shift.agent_id, shift.start)))


def _age(record: RosterRecord) -> float:
    return 0.0 if record.created_at is None else record.created_at.timestamp()
