"""Domain types as JSON documents and back, one pair of explicit functions a type, every field written out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from data.domain import (
    Agent,
    BreakRule,
    Channel,
    Contract,
    OpeningSpan,
    Peak,
    PeakKind,
    Period,
    Queue,
    Recurrence,
    ServiceLevelFormula,
    ShiftPattern,
    Target,
    Wish,
)
from data.notices import HolidayNotice
from data.shrinkage import Availability, Shrinkage
from data.week import WeekSpan

Document = Mapping[str, Any]
"""What JSON can hold: text, numbers, booleans, null, lists and objects with text keys."""


def queue_document(queue: Queue) -> dict[str, Any]:
    """Write a queue as a JSON document."""
    return {
        "id": queue.id,
        "channel": queue.channel.value,
        "skill": queue.skill,
        "target": _target_document(queue.target),
        "hours": [_span_document(span) for span in queue.hours],
        "timezone": queue.timezone,
        "interval_min": queue.interval_min,
        "patience_s": queue.patience_s,
        "concurrency": queue.concurrency,
        "deadline_h": queue.deadline_h,
        "priority": queue.priority,
        "shrinkage": queue.shrinkage,
        "shrinkages": [_shrinkage_document(part) for part in queue.shrinkages],
        "adherence": queue.adherence,
        "availability": [_span_document(part) | {"factor": part.factor} for part in queue.availability],
    }


def queue_from(document: Document) -> Queue:
    """Read a queue that `queue_document` wrote."""
    return Queue(
        id=document["id"],
        channel=Channel(document["channel"]),
        skill=document["skill"],
        target=_target_from(document["target"]),
        hours=tuple(_span_from(span) for span in document["hours"]),
        timezone=document["timezone"],
        interval_min=document["interval_min"],
        patience_s=document["patience_s"],
        concurrency=document["concurrency"],
        # Queues saved before there were deadlines have none.
        deadline_h=document.get("deadline_h"),
        priority=document["priority"],
        shrinkage=document["shrinkage"],
        # Queues saved before shrinkage went by cause have none of these.
        shrinkages=tuple(_shrinkage_from(part) for part in document.get("shrinkages", ())),
        adherence=document.get("adherence", 1.0),
        availability=tuple(_availability_from(part) for part in document.get("availability", ())),
    )


def pattern_document(pattern: ShiftPattern) -> dict[str, Any]:
    """Write a shift pattern as a JSON document."""
    return {
        "id": pattern.id,
        "weekdays": sorted(pattern.weekdays),
        "start_earliest_min": pattern.start_earliest_min,
        "start_latest_min": pattern.start_latest_min,
        "start_step_min": pattern.start_step_min,
        "length_min": pattern.length_min,
        "breaks": [_break_document(rule) for rule in pattern.breaks],
        "cost_per_h": pattern.cost_per_h,
    }


def pattern_from(document: Document) -> ShiftPattern:
    """Read a shift pattern that `pattern_document` wrote."""
    return ShiftPattern(
        id=document["id"],
        weekdays=frozenset(document["weekdays"]),
        start_earliest_min=document["start_earliest_min"],
        start_latest_min=document["start_latest_min"],
        start_step_min=document["start_step_min"],
        length_min=document["length_min"],
        breaks=tuple(_break_from(rule) for rule in document["breaks"]),
        cost_per_h=document["cost_per_h"],
    )


def contract_document(contract: Contract) -> dict[str, Any]:
    """Write a contract as a JSON document."""
    return {
        "id": contract.id,
        "min_h_per_week": contract.min_h_per_week,
        "max_h_per_week": contract.max_h_per_week,
        "max_days_per_week": contract.max_days_per_week,
        "max_consecutive_days": contract.max_consecutive_days,
        "min_rest_h": contract.min_rest_h,
        "max_consecutive_nights": contract.max_consecutive_nights,
        "min_weekends_off": contract.min_weekends_off,
        "max_start_spread_min": contract.max_start_spread_min,
        "forward_rotation": contract.forward_rotation,
        "min_consecutive_days_off": contract.min_consecutive_days_off,
        "patterns": sorted(contract.patterns),
        "cost_per_h": contract.cost_per_h,
        "regular_h_per_day": contract.regular_h_per_day,
        "regular_h_per_week": contract.regular_h_per_week,
        "overtime_pay": contract.overtime_pay,
        "rest_day_pay": contract.rest_day_pay,
        "holiday_pay": contract.holiday_pay,
        "night_pay": contract.night_pay,
        "rule_set": contract.rule_set,
    }


def contract_from(document: Document) -> Contract:
    """Read a contract that `contract_document` wrote."""
    return Contract(
        id=document["id"],
        min_h_per_week=document["min_h_per_week"],
        max_h_per_week=document["max_h_per_week"],
        max_days_per_week=document["max_days_per_week"],
        max_consecutive_days=document["max_consecutive_days"],
        min_rest_h=document["min_rest_h"],
        # Contracts saved before there were these rules ask for none of them.
        max_consecutive_nights=document.get("max_consecutive_nights"),
        min_weekends_off=document.get("min_weekends_off", 0),
        max_start_spread_min=document.get("max_start_spread_min"),
        forward_rotation=document.get("forward_rotation", False),
        min_consecutive_days_off=document.get("min_consecutive_days_off", 1),
        patterns=frozenset(document["patterns"]),
        cost_per_h=document["cost_per_h"],
        # Contracts saved before there were premiums pay none.
        regular_h_per_day=document.get("regular_h_per_day"),
        regular_h_per_week=document.get("regular_h_per_week"),
        overtime_pay=document.get("overtime_pay"),
        rest_day_pay=document.get("rest_day_pay"),
        holiday_pay=document.get("holiday_pay"),
        night_pay=document.get("night_pay"),
        # Contracts saved before there were rule sets stand under none.
        rule_set=document.get("rule_set", "none"),
    )


def agent_document(agent: Agent) -> dict[str, Any]:
    """Write an agent as a JSON document."""
    return {
        "id": agent.id,
        "name": agent.name,
        "team": agent.team,
        "skills": sorted(agent.skills),
        "contract": agent.contract,
        "time_off": [day.isoformat() for day in sorted(agent.time_off)],
        "wishes": [
            {"day": wish.day.isoformat(), "pattern": wish.pattern, "weight": wish.weight}
            for wish in agent.wishes
        ],
        "protected_from": _day_document(agent.protected_from),
        "protected_until": _day_document(agent.protected_until),
    }


def agent_from(document: Document) -> Agent:
    """Read an agent that `agent_document` wrote."""
    return Agent(
        id=document["id"],
        name=document["name"],
        team=document["team"],
        skills=frozenset(document["skills"]),
        contract=document["contract"],
        time_off=frozenset(date.fromisoformat(day) for day in document["time_off"]),
        wishes=tuple(
            Wish(day=date.fromisoformat(wish["day"]), pattern=wish["pattern"], weight=wish["weight"])
            for wish in document["wishes"]
        ),
        # Agents saved before there was protection have none of these.
        protected_from=_day_from(document.get("protected_from")),
        protected_until=_day_from(document.get("protected_until")),
    )


def peak_document(peak: Peak) -> dict[str, Any]:
    """Write a peak as a JSON document."""
    return {
        "id": peak.id,
        "kind": peak.kind.value,
        "dates": {day.isoformat(): size for day, size in sorted(peak.dates.items())},
        "recurrence": None if peak.recurrence is None else _recurrence_document(peak.recurrence),
        "queues": sorted(peak.queues),
        "lower_days": peak.lower_days,
        "upper_days": peak.upper_days,
        "size": peak.size,
        "expected_uplift": peak.expected_uplift,
        "expected_sd": peak.expected_sd,
    }


def peak_from(document: Document) -> Peak:
    """Read a peak that `peak_document` wrote."""
    recurrence = document["recurrence"]
    return Peak(
        id=document["id"],
        kind=PeakKind(document["kind"]),
        dates={date.fromisoformat(day): size for day, size in document["dates"].items()},
        recurrence=None if recurrence is None else _recurrence_from(recurrence),
        queues=frozenset(document["queues"]),
        lower_days=document["lower_days"],
        upper_days=document["upper_days"],
        size=document["size"],
        # Peaks saved before there were guesses have none.
        expected_uplift=document.get("expected_uplift"),
        expected_sd=document.get("expected_sd"),
    )


def _day_document(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day_from(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _target_document(target: Target) -> dict[str, Any]:
    return {
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


def _target_from(document: Document) -> Target:
    return Target(
        answer_rate=document["answer_rate"],
        period=Period(document["period"]),
        interval_floor=document["interval_floor"],
        service_level=document["service_level"],
        threshold_s=document["threshold_s"],
        # Targets saved before there was a choice are of F3.
        service_level_formula=ServiceLevelFormula(document.get("service_level_formula", "f3")),
        max_asa_s=document["max_asa_s"],
        max_occupancy=document["max_occupancy"],
        min_agents=document["min_agents"],
        confidence=document["confidence"],
        # Targets saved before there were soft ones have none.
        price_per_contact=document.get("price_per_contact"),
    )


def _span_document(span: WeekSpan) -> dict[str, Any]:
    return {"weekdays": sorted(span.weekdays), "open_min": span.open_min, "close_min": span.close_min}


def _span_from(document: Document) -> OpeningSpan:
    return OpeningSpan(**_hours_from(document))


def _hours_from(document: Document) -> dict[str, Any]:
    return {
        "weekdays": frozenset(document["weekdays"]),
        "open_min": document["open_min"],
        "close_min": document["close_min"],
    }


def _shrinkage_document(part: Shrinkage) -> dict[str, Any]:
    return _span_document(part) | {"cause": part.cause, "share": part.share, "planned": part.planned}


def _shrinkage_from(document: Document) -> Shrinkage:
    return Shrinkage(
        cause=document["cause"],
        share=document["share"],
        planned=document["planned"],
        **_hours_from(document),
    )


def _availability_from(document: Document) -> Availability:
    return Availability(factor=document["factor"], **_hours_from(document))


def _break_document(rule: BreakRule) -> dict[str, Any]:
    return {
        "kind": rule.kind,
        "length_min": rule.length_min,
        "earliest_min": rule.earliest_min,
        "latest_min": rule.latest_min,
        "paid": rule.paid,
    }


def _break_from(document: Document) -> BreakRule:
    return BreakRule(
        kind=document["kind"],
        length_min=document["length_min"],
        earliest_min=document["earliest_min"],
        latest_min=document["latest_min"],
        paid=document["paid"],
    )


def _recurrence_document(recurrence: Recurrence) -> dict[str, Any]:
    return {
        "days_of_month": list(recurrence.days_of_month),
        "offset_days": recurrence.offset_days,
        "roll": recurrence.roll,
        "calendar": recurrence.calendar,
        "sessions": recurrence.sessions,
        "holidays": recurrence.holidays,
        "makeup_days": recurrence.makeup_days,
        "first": _day_document(recurrence.first),
        "last": _day_document(recurrence.last),
    }


def _recurrence_from(document: Document) -> Recurrence:
    return Recurrence(
        days_of_month=tuple(document["days_of_month"]),
        offset_days=document["offset_days"],
        roll=document["roll"],
        calendar=document["calendar"],
        sessions=document["sessions"],
        holidays=document["holidays"],
        makeup_days=document["makeup_days"],
        first=_day_from(document["first"]),
        last=_day_from(document["last"]),
    )


def notice_document(notice: HolidayNotice) -> dict[str, Any]:
    """Turn a holiday notice into a document."""
    return {
        "region": notice.region,
        "year": notice.year,
        "holidays": {day.isoformat(): name for day, name in sorted(notice.holidays.items())},
        "makeup_days": [day.isoformat() for day in sorted(notice.makeup_days)],
    }


def notice_from(document: Document) -> HolidayNotice:
    """Turn a document back into a holiday notice."""
    return HolidayNotice(
        region=document["region"],
        year=document["year"],
        holidays={date.fromisoformat(day): name for day, name in document["holidays"].items()},
        makeup_days=frozenset(date.fromisoformat(day) for day in document["makeup_days"]),
    )


def plain(value: object) -> Any:
    """Turn numpy arrays and scalars, dates and mappings into what JSON can hold; NaN and infinity become null.

    Raises
    ------
    TypeError
        The value holds something else.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, Sequence):
        return [plain(held) for held in value]
    raise TypeError(f"JSON cannot hold a {type(value).__name__}: {value!r}")
