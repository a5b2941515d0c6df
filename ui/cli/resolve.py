"""peakshift roster resolve|lock|locks|unlock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, time
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import RenderableType

from data.domain import Assignment, Status, zone
from data.errors import InputError
from data.locks import Lock, LockKind
from scheduling.resolve.outcome import Absence, ResolveOutcome
from scheduling.rosters.limits import Limits
from ui.cli import roster_words as words
from ui.cli.moments import parse_moment
from ui.cli.output import table
from ui.cli.session import Seed, session
from ui.cli.stopping import STOPPED
from ui.plan.locks import lock_days
from ui.plan.resolve import Resolved, resolve_roster

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a roster.")]
Who = Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so.")]
NO_ROSTER = 3
STOPPING = "Stopping within seconds; the best roster found by then is kept. Ctrl-C once more ends at once."
SPAN = "2026-11-23 or 2026-11-23..2026-11-25"


def register(commands: typer.Typer) -> None:
    """Add the commands to those of rosters."""
    commands.command("resolve")(resolve)
    commands.command("lock")(lock)
    commands.command("locks")(list_locks)
    commands.command("unlock")(unlock)


def resolve(
    context: typer.Context,
    name: Name,
    as_name: Annotated[str, typer.Option("--as", metavar="NEW", help="Name to keep the new roster under.")],
    sick: Annotated[
        list[str] | None,
        typer.Option(
            "--sick",
            metavar="AGENT:FROM..TO",
            help="Somebody who cannot work on these local days; AGENT:DAY for one day. May be given more than once.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="INSTANT",
            help="What began before it stays; a day or a moment such as 2026-11-23T12:00, local.",
        ),
    ] = None,
    max_changes: Annotated[
        int | None, typer.Option("--max-changes", min=0, metavar="N", help="Most tours that change.")
    ] = None,
    price_per_change: Annotated[
        float | None,
        typer.Option("--price-per-change", min=0, metavar="X", help="Price of each tour that changes."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=1, metavar="S", help="Seconds the optimiser may take.")
    ] = 20,
    gap: Annotated[
        float, typer.Option(min=0, max=1, metavar="G", help="Good enough: distance to the proven bound.")
    ] = 0.01,
    seed: Seed = 0,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite a roster of the new name, which may be NAME.")
    ] = False,
) -> None:
    """Change few tours of a roster: for sick people, locks, edits by hand or a newer forecast.

    Ctrl-C stops within seconds and keeps the best roster found; the exit code is then 130. It is 3 where targets are
    missed all the same.
    """
    run = session(context)
    workspace = run.open()
    timezone = workspace.roster_record(name).timezone
    frozen = None if since is None else parse_moment(since, timezone, "--from").to_pydatetime()
    absences = [parse_absence(text) for text in sick or ()]
    with (
        run.output.progress() as report,
        run.stopping.patiently(lambda: run.output.note(STOPPING)) as stop,
    ):
        found = resolve_roster(
            workspace,
            name=name,
            as_name=as_name,
            sick=absences,
            frozen_until=frozen,
            max_changes=max_changes,
            price_per_change=price_per_change,
            limits=Limits(time_s=time_limit, gap=gap, seed=seed),
            replace=replace,
            report=report,
            progress=lambda state: report(words.phase(state), min(state.elapsed_s / time_limit, 1.0)),
            stop=stop,
        )
    run.output.result(_document(name, found), *_text(name, found))
    if found.outcome.status is Status.CANCELLED:
        run.output.warn(f"Stopped. The best roster found until then is kept as {as_name!r}.")
        raise typer.Exit(STOPPED)
    if found.outcome.missed:
        run.output.error(f"Roster {as_name!r} misses targets. It is kept.")
        raise typer.Exit(NO_ROSTER)


def lock(
    context: typer.Context,
    name: Name,
    agent: Annotated[str, typer.Option("--agent", metavar="ID", help="Person, by agent_id.")],
    day: Annotated[
        str, typer.Option("--day", metavar="DAY[..DAY]", help="Local day, or the first and the last one.")
    ],
    by: Who,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
    shift: Annotated[
        str | None,
        typer.Option(
            "--shift", metavar="PATTERN@HH:MM", help="Held to this shift; else to what stands in the roster."
        ),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Held to no shift.")] = False,
) -> None:
    """Hold somebody's days: as they stand, to a shift, or off; roster resolve keeps them so."""
    run = session(context)
    if off and shift is not None:
        raise InputError("--shift and --off say two things. Give one of them, or neither for what stands.")
    first, last = parse_span(day, "--day")
    pattern, start_min = ("", None) if shift is None else parse_shift(shift)
    kind = LockKind.SHIFT if shift is not None else LockKind.OFF if off else LockKind.HELD
    wanted = Lock(
        roster=name,
        agent_id=agent,
        first=first,
        last=last,
        kind=kind,
        pattern=pattern,
        start_min=start_min,
        by=by,
        reason=reason,
    )
    kept = lock_days(run.open(), wanted)
    run.output.result(lock_document(kept), f"Locked: {kept}.")


def list_locks(
    context: typer.Context,
    name: Name,
    everything: Annotated[bool, typer.Option("--all", help="Withdrawn ones too.")] = False,
) -> None:
    """Locks of a roster, in the order they were made."""
    run = session(context)
    workspace = run.open()
    workspace.roster_record(name)
    found = [each for each in workspace.locks(name) if everything or each.withdrawn_at is None]
    text = table(pd.DataFrame([_row(each) for each in found])) if found else "There is no lock."
    run.output.result({"name": name, "locks": [lock_document(each) for each in found]}, text)


def unlock(
    context: typer.Context,
    lock_id: Annotated[str, typer.Argument(metavar="ID", help="Lock to take back.")],
    by: Who,
) -> None:
    """Take a lock back; it stays on record."""
    run = session(context)
    gone = run.open().withdraw_lock(lock_id, by=by)
    run.output.result(lock_document(gone), f"{gone.id} is withdrawn.")


def parse_absence(text: str) -> Absence:
    """Read "A07:2026-11-23..2026-11-25" or "A07:2026-11-23".

    Raises
    ------
    InputError
        It is neither.
    """
    agent, colon, days = text.rpartition(":")
    if not colon or not agent:
        raise InputError(f"--sick {text!r} names no person or no day. Give it as A07:{SPAN}.")
    return Absence(agent, *parse_span(days, "--sick"))


def parse_span(text: str, option: str) -> tuple[date, date]:
    """Read a day or two with two dots between; InputError where it is neither."""
    first, _, last = text.partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise InputError(f"{option} {text!r} is no day and no span of days. Give {SPAN}.") from error


def parse_shift(text: str) -> tuple[str, int]:
    """Read "day_9h@08:30" as the pattern and minutes from midnight; InputError where it is none."""
    pattern, at, clock = text.rpartition("@")
    if not at or not pattern or re.fullmatch(r"\d\d:\d\d", clock) is None:
        raise InputError(f"--shift {text!r} is no pattern with a start. Give it as day_9h@08:30.")
    try:
        start = time.fromisoformat(clock)
    except ValueError as error:
        raise InputError(f"--shift {text!r}: {clock} is no time of day. Give 00:00 to 23:59.") from error
    return pattern, 60 * start.hour + start.minute


def lock_document(lock: Lock) -> dict[str, Any]:
    """A lock as JSON."""
    return asdict(lock) | {"kind": lock.kind.value}


def _row(lock: Lock) -> dict[str, object]:
    return {
        "id": lock.id,
        "person": lock.agent_id,
        "first": lock.first,
        "last": lock.last,
        "held": lock.held_to,
        "by": lock.by,
        "reason": lock.reason,
        "withdrawn by": lock.withdrawn_by or None,
    }


def _document(name: str, found: Resolved) -> dict[str, Any]:
    outcome, timezone = found.outcome, found.record.timezone
    return {
        **words.record_document(found.record),
        "from": name,
        "objective_before": outcome.before,
        "tours_changed": len(outcome.people),
        "changes": list(_changes(outcome, timezone)),
        "taken_away": [
            {"agent_id": shift.agent_id, "date": shift.day, "shift": _said(shift, timezone)}
            for shift in outcome.taken_away
        ],
        "absences": [asdict(one) for one in found.absences],
        "missed_before": [str(one) for one in outcome.missed_before],
        "missed": [str(one) for one in outcome.missed],
        **words.judged_document(found.judged),
    }


def _changes(outcome: ResolveOutcome, timezone: str) -> Iterator[dict[str, object]]:
    for change in outcome.changes:
        yield {
            "agent_id": change.agent_id,
            "date": change.day,
            "before": _said(change.before, timezone),
            "after": _said(change.after, timezone),
        }


def _said(shift: Assignment | None, timezone: str) -> str:
    """A shift as "day_9h 08:30–17:30"; "" for none."""
    if shift is None:
        return ""
    start, end = (moment.astimezone(zone(timezone)) for moment in (shift.start, shift.end))
    return f"{shift.pattern} {start:%H:%M}–{end:%H:%M}"


def _text(name: str, found: Resolved) -> Sequence[RenderableType]:
    outcome, judged = found.outcome, found.judged
    rows = list(_changes(outcome, found.record.timezone))
    changes: RenderableType = "No tour changes."
    if rows:
        changes = table(pd.DataFrame(rows), title=f"{len(outcome.people)} tours change")
    gone = f"Taken away from absent people: {len(outcome.taken_away)} shifts." if outcome.taken_away else ""
    missed = f"Targets and floors missed: {len(outcome.missed_before)} before, {len(outcome.missed)} now."
    return [
        words.headline(found.record),
        f"Solved again from {name}. {gone}".strip(),
        changes,
        missed,
        words.score(judged),
        *words.rates_text(judged.evaluation.days, judged.evaluation.targets),
        *words.missed_text(judged.evaluation.targets, judged.evaluation.floors, found.record.timezone),
    ]
