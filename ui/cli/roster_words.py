"""What the roster commands print: parts of their JSON documents and of their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
from rich.console import RenderableType

from data.domain import Period
from data.records import RosterRecord
from scheduling.compare import Comparison
from scheduling.correction_round import Round
from scheduling.fair_shares import Fairness
from scheduling.rosters.limits import Progress
from ui.cli.output import Fitting, records, table
from ui.plan.judging import Judged
from ui.tables.rosters import floor_lines, missed_lines, span_words

RATES = {"offered": ",.0f", "answered": ",.0f", "answer_rate": ".2%", "target": ".1%"}
SHOWN = 20
"""Missed targets that are listed; --json lists every one."""
PREMIUMS = {
    "overtime": "overtime",
    "rest_day": "above the week's",
    "holiday": "on holidays",
    "night": "at night",
}
LONGER = (Period.WEEK.value, Period.MONTH.value)


def record_document(record: RosterRecord) -> dict[str, Any]:
    """What is kept about a roster."""
    return asdict(record)


def judged_document(judged: Judged) -> dict[str, Any]:
    """Rules, hours, answer rates and targets of a roster."""
    found = judged.evaluation
    return {
        "violations": violations_document(judged),
        "paid_h": found.paid_h,
        "cost": found.cost,
        "premiums": records(found.premiums),
        "fairness": fairness_document(found.fairness),
        "wishes": records(judged.wishes),
        "backlog": records(judged.backlog),
        **rates_document(found.days, found.targets, found.floors, judged.not_counted),
    }


def fairness_document(found: Fairness) -> dict[str, Any]:
    """Shares of people and groups."""
    return {
        "people": records(found.people),
        "groups": records(found.groups),
        "unfairness": found.unfairness,
    }


def fairness_text(found: Fairness, wishes: pd.DataFrame) -> list[RenderableType]:
    """How evenly each group shares, and how many wishes are granted; nothing where there is nothing."""
    shown: list[RenderableType] = []
    if len(found.groups):
        columns = ["group", "people", "kind", "shifts", "spread"]
        title = "Shared: what people work beyond their share, most minus least"
        shown.append(table(found.groups[columns], title=title, formats={"spread": ".1f"}))
    if len(wishes):
        granted = wishes.loc[wishes["granted"], "weight"]
        shown.append(
            f"Wishes: {len(granted)} of {len(wishes)} granted, {granted.sum():g} of {wishes['weight'].sum():g} by weight."
        )
    return shown


def violations_document(judged: Judged) -> list[dict[str, Any]]:
    """Rules broken."""
    return [asdict(violation) for violation in judged.violations]


def rates_document(
    days: pd.DataFrame, targets: pd.DataFrame, floors: pd.DataFrame, not_counted: pd.DataFrame
) -> dict[str, list[dict[str, Any]]]:
    """Answer rates by day, targets by their own spans, floors missed, and the hours that do not count."""
    return {
        "answer_rates": records(days),
        "targets": records(targets),
        "missed_floors": records(floors),
        "not_counted": records(not_counted),
    }


def rounds_document(rounds: Sequence[Round]) -> list[dict[str, Any]]:
    """What was solved and simulated in turn."""
    return [
        {
            "round": number,
            "status": found.outcome.status.value,
            "paid_h": found.paid_h,
            "cost": found.cost,
            "met": found.met,
            "floors_missed": found.below_floor,
            "rates": records(found.rates),
            "correction": records(found.correction),
        }
        for number, found in enumerate(rounds, start=1)
    ]


def rounds_text(rounds: Sequence[Round]) -> list[RenderableType]:
    """Plan and simulation of each round by queue; nothing where there was none."""
    rows = [
        {"round": number, "paid_h": found.paid_h, "queue": queue}
        | own[["planned", "simulated", "p_met"]].mean().to_dict()
        | {"met": f"{own['met'].sum()} of {len(own)}"}
        for number, found in enumerate(rounds, start=1)
        for queue, own in found.rates.groupby("queue", sort=False)
    ]
    formats = dict.fromkeys(("planned", "simulated", "p_met"), ".2%") | {"paid_h": ",.1f"}
    title = "Rounds: planned and simulated, mean of the spans of each target"
    return [table(pd.DataFrame(rows), title=title, formats=formats)] if rows else []


def headline(record: RosterRecord) -> str:
    """One line about how a roster came to be."""
    proven = (
        "no bound was proven" if record.gap is None else f"at most {record.gap:.2%} above the proven bound"
    )
    return f"Roster {record.name}: {record.first} for {record.days} days, {record.status}, {proven}, {record.runtime_s:.0f} s."


def score(judged: Judged) -> str:
    """Hours, rules and targets in one line."""
    found = judged.evaluation
    below = f"; {len(found.floors):,} intervals below their floor" if len(found.floors) else ""
    return (
        f"Paid {found.paid_h:,.1f} h{_premiums(found.premiums)}; {len(judged.violations)} rules broken; "
        f"{len(found.missed)} of {len(found.targets)} targets missed{below}."
    )


def _premiums(premiums: pd.DataFrame) -> str:
    """Hours paid beyond their rate, by kind; nothing where there are none."""
    paid = premiums.loc[premiums["cost"] > 0]
    told = [f"{h:,.1f} h {PREMIUMS[kind]}" for kind, h in zip(paid["kind"], paid["h"], strict=True)]
    return f" ({', '.join(told)})" if told else ""


def rates_text(days: pd.DataFrame, targets: pd.DataFrame) -> list[RenderableType]:
    """Answer rates by day, and the targets no day decides."""
    shown: list[RenderableType] = [_table(days, "Answered / offered, per day")]
    longer = targets.loc[targets["period"].isin(LONGER)]
    if len(longer):
        shown.append(_table(longer.drop(columns="start"), "Targets over a week or month"))
    for queue, rows in targets.loc[targets["period"] == Period.INTERVAL.value].groupby("queue", sort=False):
        goal = rows["target"].iloc[0]
        shown.append(f"{queue}: {rows['met'].sum():,} of {len(rows):,} intervals reach {goal:.1%}.")
    return shown


def missed_text(targets: pd.DataFrame, floors: pd.DataFrame, timezone: str) -> list[RenderableType]:
    """Targets and floors missed, cut to what a screen shows."""
    return [
        *_listed("Targets missed:", missed_lines(targets, timezone)),
        *_listed("Intervals below their floor:", floor_lines(floors, timezone)),
    ]


def backlog_text(backlog: pd.DataFrame) -> list[RenderableType]:
    """Contacts that can wait, day by day; nothing where there are none."""
    formats = dict.fromkeys(("came", "handled", "in_time", "late", "waiting"), ",.0f")
    return [table(backlog, title="Contacts that can wait, per day", formats=formats)] if len(backlog) else []


def _listed(title: str, lines: list[str]) -> list[str]:
    more = [f"… and {len(lines) - SHOWN:,} more; --json lists every one."] if len(lines) > SHOWN else []
    return [title, *(f"  {line}" for line in lines[:SHOWN]), *more] if lines else []


def chances_table(summary: pd.DataFrame, title: str) -> RenderableType:
    """What a simulation says, narrow enough for a terminal."""
    between = [
        f"{low:.1%}–{high:.1%}" for low, high in zip(summary["p_met_low"], summary["p_met_high"], strict=True)
    ]
    over = [span_words(*pair) for pair in zip(summary["period"], summary["date"], strict=True)]
    shown = summary[["queue", "mean", "q05", "q50", "q95", "p_met"]].assign(
        between=pd.Series(between, index=summary.index).where(summary["p_met"].notna(), "–")
    )
    shown.insert(1, "over", over)
    return table(shown, title=title, formats=dict.fromkeys(("mean", "q05", "q50", "q95", "p_met"), ".1%"))


def comparison_text(found: Comparison) -> list[RenderableType]:
    """Two rosters side by side."""
    rates = {"before": ".2%", "after": ".2%", "difference": "+.2%"}
    people = found.people[["name"]].copy()
    for measure, digits in (("paid_h", 1), ("nights", 0), ("weekends", 0)):
        pairs = zip(found.people[f"{measure}_before"], found.people[f"{measure}_after"], strict=True)
        people[measure] = [f"{before:.{digits}f} → {after:.{digits}f}" for before, after in pairs]
    people["changed_days"] = found.people["changed_days"]
    changes = found.changes.assign(date=found.changes["date"].dt.strftime("%a %d %b"))
    return [
        table(found.totals, formats={"before": ",.1f", "after": ",.1f", "difference": "+,.1f"}),
        table(found.days, title="Answered / offered, per day", formats=rates),
        table(people, title="People"),
        table(changes.drop(columns="agent_id"), title=f"{len(changes):,} days changed")
        if len(changes)
        else "Nobody's days change.",
    ]


def phase(state: Progress) -> str:
    """Where the optimiser stands."""
    parts = [state.phase]
    if state.incumbent is not None:
        parts.append(f"cost {state.incumbent:,.0f}")
    if state.gap is not None:
        parts.append(f"gap {state.gap:.1%}")
    return "Roster: " + ", ".join(parts)


def shift_tables(shifts: list[dict[str, Any]]) -> list[RenderableType]:
    """People × days, local start and end in each cell, a table for every seven days."""
    if not shifts:
        return ["Nobody has a shift."]
    frame = pd.DataFrame(shifts)
    frame["start_text"] = [f"{row['start']:%H:%M}" for row in shifts]
    frame["end_text"] = [f"{row['end']:%H:%M}" for row in shifts]
    frame["block"] = [(row["date"] - frame["date"].min()).days // 7 for row in shifts]
    return [_shift_table(rows) for _, rows in frame.groupby("block")]


def _shift_table(rows: pd.DataFrame) -> RenderableType:
    title = f"Shifts from {rows['date'].min():%Y-%m-%d} (local start–end)"
    forms = []
    for sep in ("–", "\n"):  # a start above its end where the screen is narrow
        cells = rows.assign(cell=rows["start_text"] + sep + rows["end_text"]).pivot_table(
            index=["agent_id", "name"], columns="date", values="cell", aggfunc=" ".join
        )
        cells.columns = pd.Index([f"{day:%a %d}" for day in cells.columns])
        forms.append(table(cells.fillna("").reset_index().drop(columns="agent_id")))
    return Fitting(forms, title)


def _table(frame: pd.DataFrame, title: str) -> RenderableType:
    shown = frame.assign(met=frame["met"].map({True: "yes", False: "no"}).fillna("–"))
    return table(shown, title=title, formats=RATES)
