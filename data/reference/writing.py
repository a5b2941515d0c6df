"""Domain types as the rows of reference files, so that what was read can be written and read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from data.activities import Activity
from data.domain import (
    ALL_WEEKDAYS,
    DAY_MIN,
    Agent,
    BreakRule,
    Contract,
    Peak,
    Queue,
    Recurrence,
    ShiftPattern,
    Wish,
)
from data.reference import activities, agents, contracts, patterns, peaks, queues, shrinkage
from data.reference.fields import WEEKDAYS
from data.week import WeekSpan

Cells = Mapping[str, object]


def queue_rows(things: Iterable[Queue]) -> pd.DataFrame:
    """One row a queue and opening span, as `import_reference` reads them; every cell text."""
    rows: list[Cells] = []
    for queue in things:
        target = queue.target
        shared: dict[str, object] = {
            "queue": queue.id,
            "channel": queue.channel.value,
            "skill": queue.skill,
            "timezone": queue.timezone,
            "interval_min": queue.interval_min,
            "patience_s": queue.patience_s,
            "concurrency": queue.concurrency,
            "deadline_h": queue.deadline_h,
            "priority": queue.priority,
            "shrinkage": queue.shrinkage,
            "adherence": queue.adherence,
            "answer_rate": target.answer_rate,
            "period": target.period.value,
            "interval_floor": target.interval_floor,
            "service_level": target.service_level,
            "threshold_s": target.threshold_s,
            "service_level_formula": target.service_level_formula.value,
            "max_asa_s": target.max_asa_s,
            "max_occupancy": target.max_occupancy,
            "min_agents": target.min_agents,
            "confidence": target.confidence,
            "price_per_contact": target.price_per_contact,
        }
        rows.extend(shared | _hours(span) for span in queue.hours)
    return _frame(rows, (*queues.REQUIRED, *queues.OPTIONAL))


def shrinkage_rows(things: Iterable[Queue]) -> pd.DataFrame:
    """One row a queue, cause and time of the week, as `import_reference` reads them; every cell text."""
    rows = [
        {
            "queue": queue.id,
            "cause": part.cause,
            "share": part.share,
            "planned": "yes" if part.planned else "no",
            **_hours(part),
        }
        for queue in things
        for part in queue.shrinkages
    ]
    return _frame(rows, ("queue", *shrinkage.REQUIRED, *shrinkage.OPTIONAL[1:]))


def pattern_rows(things: Iterable[ShiftPattern]) -> pd.DataFrame:
    """One row a pattern, as `import_reference` reads them; every cell text."""
    rows = [
        {
            "pattern": pattern.id,
            "days": _weekdays(pattern.weekdays),
            "start_earliest": _clock(pattern.start_earliest_min),
            "start_latest": _clock(pattern.start_latest_min),
            "start_step_min": pattern.start_step_min,
            "length_min": pattern.length_min,
            "breaks": ";".join(_break(rule) for rule in pattern.breaks),
            "cost_per_h": pattern.cost_per_h,
        }
        for pattern in things
    ]
    return _frame(rows, (*patterns.REQUIRED, *patterns.OPTIONAL))


def contract_rows(things: Iterable[Contract]) -> pd.DataFrame:
    """One row a contract, as `import_reference` reads them; every cell text."""
    rows = [
        {
            "contract": contract.id,
            "min_h_per_week": contract.min_h_per_week,
            "max_h_per_week": contract.max_h_per_week,
            "max_days_per_week": contract.max_days_per_week,
            "max_consecutive_days": contract.max_consecutive_days,
            "min_rest_h": contract.min_rest_h,
            "max_consecutive_nights": contract.max_consecutive_nights,
            "min_weekends_off": contract.min_weekends_off,
            "max_start_spread_min": contract.max_start_spread_min,
            "forward_rotation": "yes" if contract.forward_rotation else "no",
            "min_consecutive_days_off": contract.min_consecutive_days_off,
            "patterns": ";".join(sorted(contract.patterns)),
            "cost_per_h": contract.cost_per_h,
            "regular_h_per_day": contract.regular_h_per_day,
            "regular_h_per_week": contract.regular_h_per_week,
            "overtime_pay": contract.overtime_pay,
            "rest_day_pay": contract.rest_day_pay,
            "holiday_pay": contract.holiday_pay,
            "night_pay": contract.night_pay,
            "rule_set": contract.rule_set,
        }
        for contract in things
    ]
    return _frame(rows, (*contracts.REQUIRED, *contracts.OPTIONAL))


def agent_rows(things: Iterable[Agent]) -> pd.DataFrame:
    """One row an agent, as `import_reference` reads them; every cell text."""
    rows = [
        {
            "agent_id": agent.id,
            "name": agent.name,
            "team": agent.team,
            "skills": ";".join(sorted(agent.skills)),
            "contract": agent.contract,
            "time_off": ";".join(_spans(sorted(agent.time_off))),
            "wishes": ";".join(_wish(wish) for wish in agent.wishes),
            "protected_from": agent.protected_from,
            "protected_until": agent.protected_until,
        }
        for agent in things
    ]
    return _frame(rows, ("agent_id", "name", "team", "skills", *agents.OPTIONAL[2:]))


def activity_rows(things: Iterable[Activity]) -> pd.DataFrame:
    """One row an activity, as `import_reference` reads them; every cell text."""
    rows = [
        {
            "activity": activity.id,
            "kind": activity.kind,
            "length_min": activity.length_min,
            "who": activities.who_text(activity),
            "together": activity.gathering.value,
            "least": activity.least,
            "most": activity.most,
            "coach": activity.coach,
            "days": _weekdays(activity.weekdays),
            "from": _clock(activity.from_min),
            "until": _clock(activity.until_min),
            "first": activity.first,
            "last": activity.last,
            "repeats": activities.WEEKLY if activity.weekly else activities.ONCE,
            "edge_min": activity.edge_min,
            "price": activity.price,
        }
        for activity in things
    ]
    return _frame(rows, (*activities.REQUIRED, *activities.OPTIONAL))


def peak_rows(things: Iterable[Peak]) -> pd.DataFrame:
    """One row a date or rule of a peak, as `import_reference` reads them; every cell text."""
    rows = []
    for peak in things:
        shared: dict[str, object] = {
            "peak": peak.id,
            "kind": peak.kind.value,
            "queues": ";".join(sorted(peak.queues)),
            "lower_days": peak.lower_days,
            "upper_days": peak.upper_days,
            "expected_uplift": peak.expected_uplift,
            "expected_sd": peak.expected_sd,
        }
        if peak.recurrence is not None:
            rows.append(shared | {"size": peak.size} | _rule(peak.recurrence))
        rows.extend(
            shared | {"date": day.isoformat(), "size": size} for day, size in sorted(peak.dates.items())
        )
    return _frame(rows, (*peaks.REQUIRED, *peaks.OPTIONAL))


def _frame(rows: Sequence[Cells], columns: Sequence[str]) -> pd.DataFrame:
    cells = [{column: _cell(row.get(column)) for column in columns} for row in rows]
    return pd.DataFrame(cells, columns=list(columns), dtype="str")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _hours(span: WeekSpan) -> dict[str, object]:
    return {
        "days": _weekdays(span.weekdays),
        "open": _clock(span.open_min),
        "close": _clock(span.close_min if span.close_min <= DAY_MIN else span.close_min - DAY_MIN),
    }


def _weekdays(days: frozenset[int]) -> str:
    if days == ALL_WEEKDAYS:
        return "all"
    ordered = sorted(days)
    if len(ordered) > 2 and all(after - before == 1 for before, after in pairwise(ordered)):
        return f"{WEEKDAYS[ordered[0]]}-{WEEKDAYS[ordered[-1]]}"
    return ";".join(WEEKDAYS[day] for day in ordered)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _break(rule: BreakRule) -> str:
    return f"{rule.kind}:{rule.length_min}:{rule.earliest_min}-{rule.latest_min}" + ":paid" * rule.paid


def _wish(wish: Wish) -> str:
    return f"{wish.day.isoformat()}:{wish.pattern or 'off'}:{_cell(float(wish.weight))}"


def _spans(days: Sequence[date]) -> list[str]:
    spans: list[list[date]] = []
    for day in days:
        if spans and day - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    return [
        span[0].isoformat() if len(span) == 1 else f"{span[0].isoformat()}..{span[-1].isoformat()}"
        for span in spans
    ]


def _rule(recurrence: Recurrence) -> dict[str, object]:
    repeats = "monthly"
    if recurrence.sessions:
        repeats = "sessions"
    elif recurrence.holidays:
        repeats = "holidays"
    elif recurrence.makeup_days:
        repeats = "makeup"
    return {
        "recurrence": repeats,
        "days_of_month": ";".join(map(str, recurrence.days_of_month)),
        "offset_days": recurrence.offset_days,
        "roll": recurrence.roll,
        "calendar": recurrence.calendar,
        "first": None if recurrence.first is None else recurrence.first.isoformat(),
        "last": None if recurrence.last is None else recurrence.last.isoformat(),
    }
