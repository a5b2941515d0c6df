"""The print view's list of activities: what, when, who."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from ui.exports.content import Content
from ui.exports.markup import Markup, element
from ui.exports.times import local


def sessions(content: Content) -> Markup:
    """Every session of the roster's activities with its people; nothing where there is none."""
    timezone = content.roster.timezone
    names = {agent.id: agent.name for agent in content.agents}
    found: dict[tuple[datetime, str, datetime], list[str]] = defaultdict(list)
    for shift in content.roster.assignments:
        for part in shift.activities:
            key = (local(part.start, timezone), part.activity, local(part.end, timezone))
            found[key].append(names[shift.agent_id])
    if not found:
        return Markup()
    lines = [
        element(
            "tr",
            element("td", f"{start:%a %-d %b}"),
            element("td", f"{start:%H:%M}–{end:%H:%M}"),
            element("td", activity),
            element("td", ", ".join(sorted(people))),
        )
        for (start, activity, end), people in sorted(found.items())
    ]
    head = element("tr", *(element("th", title) for title in ("Day", "Time", "Activity", "People")))
    return element(
        "section",
        element("h2", "Activities"),
        element("table", element("thead", head), element("tbody", *lines), class_="sessions"),
    )
