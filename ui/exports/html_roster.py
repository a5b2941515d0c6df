"""The print view's matrix of people × days, by team, and its legend."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from data.domain import Assignment, ShiftPattern
from ui.exports.codes import clock_text
from ui.exports.content import Content
from ui.exports.html_figures import columns, day_header
from ui.exports.markup import Markup, element, joined
from ui.exports.people import Cell, Row
from ui.exports.times import local


def matrix(people: list[Row], days: list[date], patterns: list[str], timezone: str) -> Markup:
    """Everybody's shifts, local start over local end, with the people on shift per team and day."""
    if not people:
        return element("p", "Nobody is in this roster.", class_="note")
    weekend = [day.weekday() >= 5 for day in days]
    classes = {name: f"p{place}" for place, name in enumerate(patterns)}
    bodies = []
    for team, group in groupby(people, key=lambda row: row.agent.team):
        members = list(group)
        lines = [_line(row, weekend, classes, timezone) for row in members]
        bodies.append(element("tbody", _counts(team or "No team", members, "team"), *lines))
    bodies.append(element("tbody", _counts("On shift", people, "sum")))
    return element("table", columns(days), day_header(days, "Person", "Paid h"), *bodies, class_="roster")


def _counts(label: str, people: list[Row], kind: str) -> Markup:
    counts = [
        sum(bool(cell.assignments) for cell in day)
        for day in zip(*(row.cells for row in people), strict=True)
    ]
    hours = f"{sum(row.paid_h for row in people):,.0f}"
    cells = (element("td", str(count) if count else "–") for count in counts)
    return element("tr", element("th", label, scope="row"), *cells, element("td", hours), class_=kind)


def _line(row: Row, weekend: list[bool], classes: dict[str, str], timezone: str) -> Markup:
    agent = row.agent
    known_as = "" if agent.name == agent.id else f"{agent.id} · "
    return element(
        "tr",
        element(
            "th",
            agent.name,
            element("small", f"{known_as}{', '.join(sorted(agent.skills))} · {agent.contract}"),
            scope="row",
        ),
        *(
            _cell(cell, is_weekend, classes, timezone)
            for cell, is_weekend in zip(row.cells, weekend, strict=True)
        ),
        element("td", f"{row.paid_h:,.1f}".removesuffix(".0"), class_="hours"),
    )


def _cell(cell: Cell, is_weekend: bool, classes: dict[str, str], timezone: str) -> Markup:
    if cell.assignments:
        names = classes[cell.assignments[0].pattern] + (" clash" if cell.clash else "")
        return element("td", *(_span(shift, timezone) for shift in cell.assignments), class_=names)
    if cell.time_off:
        return element("td", "off", class_="away")
    return element("td", class_="weekend" if is_weekend else "")


def _span(shift: Assignment, timezone: str) -> Markup:
    start, end = local(shift.start, timezone), local(shift.end, timezone)
    later = (end.date() - start.date()).days
    mark = element("sup", f"+{later}") if later else Markup()
    return joined(element("span", f"{start:%H:%M}"), element("span", f"{end:%H:%M}", mark))


def legend(content: Content, people: list[Row], patterns: list[str]) -> Markup:
    """What colours and marks mean; patterns with their starts, length and breaks where they are known."""
    known = {pattern.id: pattern for pattern in content.patterns}
    entries = [
        _entry(f"p{place}", name, _described(known[name]) if name in known else "")
        for place, name in enumerate(patterns)
    ]
    cells = [cell for row in people for cell in row.cells]
    if any(cell.time_off and not cell.assignments for cell in cells):
        entries.append(_entry("away", "off", "time off"))
    if any(cell.clash for cell in cells):
        entries.append(_entry("clash", "red frame", "rostered on a day of time off"))
    if not entries:
        return Markup()
    return element("section", element("h2", "Shifts"), element("ul", *entries), class_="legend")


def _entry(swatch: str, name: str, meaning: str) -> Markup:
    return element(
        "li",
        element("i", class_=swatch),
        element("b", name),
        element("span", meaning) if meaning else Markup(),
    )


def _described(pattern: ShiftPattern) -> str:
    first, last = clock_text(pattern.start_earliest_min), clock_text(pattern.start_latest_min)
    starts = f"starts {first}" if first == last else f"starts {first}–{last}"
    hours = f"{pattern.length_min / 60:g} h, {pattern.paid_min / 60:g} h paid"
    breaks = [
        f"{rule.kind} {rule.length_min} min" + (" (paid)" if rule.paid else "") for rule in pattern.breaks
    ]
    return " · ".join([starts, hours, *([", ".join(breaks)] if breaks else [])])
