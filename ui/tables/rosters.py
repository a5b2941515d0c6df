"""A roster as planners read it: people × days, a day's bars, totals, rules broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from data.domain import Agent, Assignment, Roster, Violation
from data.rosters import WORK
from scheduling.judgement import not_reached
from ui.exports.times import span_text

TIME_OFF = "off"
CLEAR = ""
FINE_DAYS = 8
DARK_INK = "#22302F"
"""Text on a light cell, whatever the theme."""


def people(agents: Sequence[Agent], team: str | None = None) -> list[Agent]:
    """Everyone, or one team, in order of team and name."""
    kept = [agent for agent in agents if team is None or agent.team == team]
    return sorted(kept, key=lambda agent: (agent.team, agent.name, agent.id))


def matrix(roster: Roster, agents: Sequence[Agent]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People × days: the start of each shift, and the pattern behind it.

    Parameters
    ----------
    roster
        Its horizon and shifts.
    agents
        People shown, in order.

    Returns
    -------
    tuple of DataFrames of one shape
        Texts: Name, Team, a column a day ("08:30–17:30", "off" on time off, "" when free), Hours (paid), Skills.
        Patterns: the pattern behind each day's cell, "off", or "" elsewhere.
    """
    days = [roster.first + timedelta(days=day) for day in range(roster.days)]
    tours: dict[tuple[str, date], list[Assignment]] = {}
    for assignment in roster.assignments:
        tours.setdefault((assignment.agent_id, assignment.day), []).append(assignment)
    texts, patterns = [], []
    for agent in agents:
        cells = [tours.get((agent.id, day), []) for day in days]
        free = [TIME_OFF if day in agent.time_off else CLEAR for day in days]
        paid_h = sum(shift.paid.total_seconds() for cell in cells for shift in cell) / 3600
        spans = [" / ".join(span_text(shift, roster.timezone) for shift in cell) for cell in cells]
        times = [span or otherwise for span, otherwise in zip(spans, free, strict=True)]
        behind = [cell[0].pattern if cell else otherwise for cell, otherwise in zip(cells, free, strict=True)]
        texts.append([agent.name, agent.team, *times, paid_h, ", ".join(sorted(agent.skills))])
        patterns.append([CLEAR, CLEAR, *behind, CLEAR, CLEAR])
    names = ["Name", "Team", *(f"{day:%a %d %b}" for day in days), "Hours", "Skills"]
    return pd.DataFrame(texts, columns=names), pd.DataFrame(patterns, columns=names)


def cell_styles(patterns: pd.DataFrame, colours: Mapping[str, str]) -> pd.DataFrame:
    """CSS of each cell of `matrix`: its pattern's colour under dark text, nothing elsewhere."""
    css = {name: f"background-color: {colour}; color: {DARK_INK}" for name, colour in colours.items()}
    css[TIME_OFF] = "color: #7F8C8A; font-style: italic"
    return patterns.map(lambda name: css.get(name, ""))


def gantt_bars(roster: Roster, agents: Sequence[Agent], day: date) -> pd.DataFrame:
    """Shifts that begin on a day, their breaks and activities, earliest first.

    Returns
    -------
    DataFrame
        person, begin, end (local wall clock written as UTC), what (work, the kind of break, or the activity), pattern, from, to (HH:MM).
    """
    named = _names(agents)
    shifts = sorted(
        (shift for shift in roster.assignments if shift.day == day and shift.agent_id in named),
        key=lambda shift: (shift.start, shift.end, named[shift.agent_id]),
    )
    bars = []
    for shift in shifts:
        rests = [(rest.start, rest.end, _break_name(rest.kind, paid=rest.paid)) for rest in shift.breaks]
        rests += [(part.start, part.end, part.activity) for part in shift.activities]
        bars += [
            (named[shift.agent_id], start, end, what, shift.pattern)
            for start, end, what in ((shift.start, shift.end, WORK), *rests)
        ]
    frame = pd.DataFrame(bars, columns=["person", "start", "end", "what", "pattern"])
    local = {
        name: pd.to_datetime(frame[name], utc=True).dt.tz_convert(roster.timezone)
        for name in ("start", "end")
    }
    return pd.DataFrame(
        {
            "person": frame["person"],
            "begin": local["start"].dt.strftime("%Y-%m-%dT%H:%M:00Z"),
            "end": local["end"].dt.strftime("%Y-%m-%dT%H:%M:00Z"),
            "what": frame["what"],
            "pattern": frame["pattern"],
            "from": local["start"].dt.strftime("%H:%M"),
            "to": local["end"].dt.strftime("%H:%M"),
        }
    )


def totals(days: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Answer rate per queue over the whole horizon, and how many of its targets are missed.

    Returns
    -------
    DataFrame
        queue, offered, answered, answer_rate, target, period, targets (number of spans), missed.
    """
    sums = days.groupby("queue", sort=False)[["offered", "answered"]].sum()
    sums["answer_rate"] = sums["answered"] / sums["offered"].where(sums["offered"] > 0)
    judged = targets.assign(missed=not_reached(targets)).groupby("queue", sort=False)
    goals = judged.agg(
        target=("target", "first"),
        period=("period", "first"),
        targets=("met", "size"),
        missed=("missed", "sum"),
    )
    return sums.join(goals).reset_index()


def missed_lines(targets: pd.DataFrame, timezone: str) -> list[str]:
    """Say of each missed target when it is, and how far it is off."""
    short = targets.loc[not_reached(targets)]
    starts = short["start"].dt.tz_convert(timezone)
    when = short["first"].dt.strftime("%a %d %b")
    per_interval, longer = short["period"] == "interval", short["first"] < short["last"]
    when = when.where(~per_interval, starts.dt.strftime("%a %d %b %H:%M"))
    when = when.where(~longer, when + " to " + short["last"].dt.strftime("%a %d %b"))
    rows = zip(short["queue"], when, short["answer_rate"], short["target"], strict=True)
    # One digit more than targets have, or a near miss would read as reached.
    return [f"{queue}, {moment}: {rate:.2%} of {goal:.1%}" for queue, moment, rate, goal in rows]


def floor_lines(floors: pd.DataFrame, timezone: str) -> list[str]:
    """Say of each interval below its floor when it is, and how far it is off."""
    when = floors["start"].dt.tz_convert(timezone).dt.strftime("%a %d %b %H:%M")
    columns = ("queue", "answer_rate", "floor", "rostered", "min_agents")
    rows = zip(when, *(floors[name] for name in columns), strict=True)
    return [
        f"{queue}, {moment}: {rate:.2%} of {floor:.1%}"
        + (f", {rostered:.1f} of {least} agents" if rostered < least else "")
        for moment, queue, rate, floor, rostered, least in rows
    ]


def not_counted_lines(not_counted: pd.DataFrame, timezone: str) -> list[str]:
    """Say which first hours do not count, and why."""
    starts, ends = (not_counted[name].dt.tz_convert(timezone) for name in ("start", "end"))
    spans = starts.dt.strftime("%Y-%m-%d %H:%M") + " to " + ends.dt.strftime("%H:%M")
    rows = zip(not_counted["queue"], spans, not_counted["offered"], strict=True)
    return [
        f"Not counted: {queue} from {span}, {offered:,.0f} contacts expected. Only shifts of the evening before "
        "could cover these hours, and a roster does not hold them."
        for queue, span, offered in rows
    ]


def violations(found: Sequence[Violation], agents: Sequence[Agent], timezone: str) -> pd.DataFrame:
    """Rules broken, in order of time."""
    named = {agent.id: agent.name for agent in agents}
    return pd.DataFrame(
        [
            {
                "When": f"{pd.Timestamp(violation.start).tz_convert(timezone):%a %d %b %H:%M}",
                "Person": named.get(violation.agent_id or "", violation.agent_id or "–"),
                "Rule": violation.rule,
                "What": violation.message,
                "Must hold": "yes" if violation.severity == "hard" else "wished",
            }
            for violation in sorted(found, key=lambda violation: violation.start)
        ],
        columns=["When", "Person", "Rule", "What", "Must hold"],
    )


def simulated(summary: pd.DataFrame) -> pd.DataFrame:
    """What a simulation says, a row per queue and span; `over` says which span in words."""
    return pd.DataFrame(
        {
            "Queue": summary["queue"],
            "Over": summary["over"],
            "P(target reached)": summary["p_met"],
            "from": summary["p_met_low"],
            "to": summary["p_met_high"],
            "Mean answer rate": summary["mean"],
            "Worst 5 %": summary["q05"],
            "Median": summary["q50"],
            "Best 5 %": summary["q95"],
        }
    )


def span_words(period: str, first: pd.Timestamp) -> str:
    """Say over which span a row of a simulation is; `first` is missing for the whole horizon."""
    if pd.isna(first):
        return "whole horizon"
    return f"{first:%a %d %b}" if period == "day" else f"{period} of {first:%d %b}"


def stacked_staff(frame: pd.DataFrame, steps_min: Mapping[str, int], days: int) -> pd.DataFrame:
    """People needed per queue on one grid of time that has no holes, so that queues can be stacked.

    Parameters
    ----------
    frame
        REQUIREMENT frame.
    steps_min
        Interval of each queue.
    days
        Days it covers; beyond `FINE_DAYS` hours are enough for the eye.

    Returns
    -------
    DataFrame
        queue, start (instant), staff: 0 where the queue is closed, the mean of the hour where hours are shown.
    """
    finest = min(steps_min.values(), default=60)
    step = pd.Timedelta(minutes=finest if days <= FINE_DAYS else 60)
    ends = frame["start"] + pd.to_timedelta(frame["queue"].map(steps_min), unit="min")
    origin = frame["start"].min()
    starts = pd.date_range(origin, ends.max(), freq=step)
    parts = []
    for queue, rows in frame.groupby("queue", sort=False):
        own = pd.Timedelta(minutes=steps_min[str(queue)])
        copies = range(max(own // step, 1))
        begun = pd.concat([rows["start"] + number * step for number in copies])
        staff = pd.concat([rows["staff"]] * len(copies)) * min(own / step, 1.0)
        slots = staff.groupby((begun - origin).to_numpy() // step).sum()
        filled = slots.reindex(range(len(starts)), fill_value=0.0)
        parts.append(pd.DataFrame({"queue": queue, "start": starts, "staff": filled.to_numpy()}))
    return pd.concat(parts, ignore_index=True)


def required_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Requirement per queue and day: `ui.plan.staffing.required_days` with its labels."""
    return pd.DataFrame(
        {
            "Queue": frame["queue"],
            "Day": frame["date"].dt.strftime("%a %d %b"),
            "Offered": frame["offered"].round(),
            "Agent hours": frame["agent_h"],
            "Staff hours": frame["staff_h"],
            "Most agents at once": frame["peak_agents"],
            "Answer rate then": frame["answer_rate"],
        }
    )


def _names(agents: Sequence[Agent]) -> dict[str, str]:
    """Name by id; those who share a name are told apart by their id."""
    times = Counter(agent.name for agent in agents)
    return {
        agent.id: agent.name if times[agent.name] == 1 else f"{agent.name} ({agent.id})" for agent in agents
    }


def _break_name(kind: str, *, paid: bool) -> str:
    return f"{kind}, {'paid' if paid else 'unpaid'}"
