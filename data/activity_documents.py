"""Activities as JSON documents and back, every field written out."""

from __future__ import annotations

from datetime import date
from typing import Any

from data.activities import Activity, Gathering
from data.documents import Document


def activity_document(activity: Activity) -> dict[str, Any]:
    """Write an activity as a JSON document."""
    return {
        "id": activity.id,
        "kind": activity.kind,
        "length_min": activity.length_min,
        "people": sorted(activity.people),
        "team": activity.team,
        "skill": activity.skill,
        "gathering": activity.gathering.value,
        "least": activity.least,
        "most": activity.most,
        "coach": activity.coach,
        "weekdays": sorted(activity.weekdays),
        "from_min": activity.from_min,
        "until_min": activity.until_min,
        "first": None if activity.first is None else activity.first.isoformat(),
        "last": None if activity.last is None else activity.last.isoformat(),
        "weekly": activity.weekly,
        "edge_min": activity.edge_min,
        "price": activity.price,
    }


def activity_from(document: Document) -> Activity:
    """Read an activity that `activity_document` wrote."""
    return Activity(
        id=document["id"],
        kind=document["kind"],
        length_min=document["length_min"],
        people=frozenset(document["people"]),
        team=document["team"],
        skill=document["skill"],
        gathering=Gathering(document["gathering"]),
        least=document["least"],
        most=document["most"],
        coach=document["coach"],
        weekdays=frozenset(document["weekdays"]),
        from_min=document["from_min"],
        until_min=document["until_min"],
        first=_day(document["first"]),
        last=_day(document["last"]),
        weekly=document["weekly"],
        edge_min=document["edge_min"],
        price=document["price"],
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
