"""Rules about activities inside shifts: `APART` and `OWN` judge a person alone, `SESSIONS` everybody who sits together.

Where the activities are not at hand (`Facts.activities` None) only their place in the shift is judged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from data.activities import Activity
from data.domain import Assignment, PlacedActivity, Violation, zone
from scheduling.rules.facts import Facts, elapsed, of_shift
from scheduling.shifts import week_of

Session = list[tuple[Assignment, PlacedActivity]]
"""Shifts of all who sit together, each with its part."""


def activities_apart(facts: Facts) -> Iterator[Violation]:
    """Activities lie inside their shift, in order, and overlap neither breaks nor each other."""
    for shift in facts.roster.assignments:
        if not shift.activities:
            continue
        edges = [shift.start, *(edge for part in shift.away for edge in (part.start, part.end)), shift.end]
        mixed = any(
            elapsed(first.start, then.start) < timedelta() for first, then in pairwise(shift.activities)
        )
        if mixed or any(elapsed(earlier, later) < timedelta() for earlier, later in pairwise(edges)):
            message = "activities overlap each other or a break, lie outside the shift, or are out of order"
            yield of_shift("activities apart", shift, message)


def known_activity(facts: Facts) -> Iterator[Violation]:
    """Every activity in a shift is one there is, of its kind."""
    if facts.activities is None:
        return
    for shift in facts.roster.assignments:
        for part in shift.activities:
            activity = facts.activities.get(part.activity)
            if activity is None:
                yield of_shift("known activity", shift, f"activity {part.activity!r} is not known")
            elif activity.kind != part.kind:
                message = f"activity {part.activity!r} is {activity.kind}, not {part.kind}"
                yield of_shift("known activity", shift, message)


def activity_person(facts: Facts) -> Iterator[Violation]:
    """People take part in activities that are for them, or that they coach."""
    for shift, _, activity in _placed(facts):
        agent = facts.agents.get(shift.agent_id)
        if agent is not None and shift.agent_id != activity.coach and not activity.is_for(agent):
            message = f"activity {activity.id!r} is not for {shift.agent_id}"
            yield of_shift("activity person", shift, message)


def activity_length(facts: Facts) -> Iterator[Violation]:
    """A session lasts as long as its activity says."""
    for shift, part, activity in _placed(facts):
        length_min = elapsed(part.start, part.end) / timedelta(minutes=1)
        if length_min != activity.length_min:
            message = f"{activity.id} lasts {length_min:g} min, not {activity.length_min} min"
            yield of_shift("activity length", shift, message)


def activity_window(facts: Facts) -> Iterator[Violation]:
    """A session lies on a day and between the times of day its activity allows."""
    place = zone(facts.roster.timezone)
    for shift, part, activity in _placed(facts):
        start, end = part.start.astimezone(place), part.end.astimezone(place)
        if not activity.allowed_on(start.date()) or not _between(start, end, activity):
            message = (
                f"{activity.id} at {start:%Y-%m-%d %H:%M}–{end:%H:%M} lies outside its days and times of day"
            )
            yield of_shift("activity window", shift, message)


def activity_edges(facts: Facts) -> Iterator[Violation]:
    """The first and last minutes of a shift stay free of an activity, as many as it says."""
    for shift, part, activity in _placed(facts):
        edge = timedelta(minutes=activity.edge_min)
        if elapsed(shift.start, part.start) < edge or elapsed(part.end, shift.end) < edge:
            message = f"{activity.id} lies in the first or last {activity.edge_min} min of the shift"
            yield of_shift("activity edges", shift, message)


def activity_once(facts: Facts) -> Iterator[Violation]:
    """Each person takes part once: in the week, or in all; the coach does as often as there are sessions."""
    if facts.activities is None:
        return
    place = zone(facts.roster.timezone)
    for agent_id in facts.shifts:
        had: Counter[tuple[str, int]] = Counter()
        for shift in facts.worked(agent_id):
            for part in shift.activities:
                activity = facts.activities.get(part.activity)
                if activity is None or agent_id == activity.coach:
                    continue
                turn = turn_of(activity, part.start.astimezone(place))
                had[activity.id, turn] += 1
                if had[activity.id, turn] > 1 and shift.day >= facts.roster.first:
                    span = "this week" if activity.weekly else "before"
                    yield of_shift("activity once", shift, f"{activity.id} was placed {span} already")


def session_size(facts: Facts) -> Iterator[Violation]:
    """A session has at least and at most as many people as its activity says, the coach not counted."""
    for activity, session in _sessions(facts):
        people = sum(shift.agent_id != activity.coach for shift, _ in session)
        # People who are alone sit in sessions of their own, whoever else has one at that time.
        most = float("inf") if not activity.one_at_a_time else activity.most_in_session
        if not activity.least <= people <= most:
            message = f"{activity.id} at {_clock(facts, session)} has {people} people, not {_sizes(activity)}"
            yield _of_session("session size", session, message)


def session_coach(facts: Facts) -> Iterator[Violation]:
    """The coach is there in every session."""
    for activity, session in _sessions(facts):
        if activity.coach and all(shift.agent_id != activity.coach for shift, _ in session):
            message = f"{activity.id} at {_clock(facts, session)} is without its coach {activity.coach}"
            yield _of_session("session coach", session, message)


def sessions_apart(facts: Facts) -> Iterator[Violation]:
    """Sessions of one activity do not overlap, but for people who are alone without a coach."""
    last: dict[str, datetime] = {}
    for activity, session in _sessions(facts):
        start, end = session[0][1].start.astimezone(UTC), session[0][1].end.astimezone(UTC)
        if activity.one_at_a_time:
            if activity.id in last and start < last[activity.id]:
                message = f"{activity.id} at {_clock(facts, session)} overlaps another session of it"
                yield _of_session("sessions apart", session, message)
            last[activity.id] = max(end, last.get(activity.id, end))


APART = activities_apart
OWN = (known_activity, activity_person, activity_length, activity_window, activity_edges, activity_once)
SESSIONS = (session_size, session_coach, sessions_apart)


def turn_of(activity: Activity, start: datetime) -> int:
    """Which of its times a session is, from its local start: the week's number, or 0 where it is once in all."""
    return week_of(start.date()) if activity.weekly else 0


def _placed(facts: Facts) -> Iterator[tuple[Assignment, PlacedActivity, Activity]]:
    for shift in facts.roster.assignments:
        for part in shift.activities:
            activity = (facts.activities or {}).get(part.activity)
            if activity is not None:
                yield shift, part, activity


def _sessions(facts: Facts) -> Iterator[tuple[Activity, Session]]:
    """Sessions of known activities, by activity and start."""
    found: dict[tuple[str, datetime], Session] = defaultdict(list)
    for shift, part, activity in _placed(facts):
        found[activity.id, part.start.astimezone(UTC)].append((shift, part))
    for name, start in sorted(found):
        yield (facts.activities or {})[name], found[name, start]


def _between(start: datetime, end: datetime, activity: Activity) -> bool:
    midnight = datetime.combine(start.date(), time())
    first, last = ((moment.replace(tzinfo=None) - midnight) / timedelta(minutes=1) for moment in (start, end))
    return activity.from_min <= first and last <= activity.until_min


def _sizes(activity: Activity) -> str:
    most = activity.most_in_session
    return f"at least {activity.least}" if most == float("inf") else f"{activity.least} to {most:g}"


def _clock(facts: Facts, session: Session) -> str:
    return f"{session[0][1].start.astimezone(zone(facts.roster.timezone)):%Y-%m-%d %H:%M}"


def _of_session(rule: str, session: Session, message: str) -> Violation:
    return Violation(rule=rule, agent_id=None, start=session[0][1].start, message=message)
