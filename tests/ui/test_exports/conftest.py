"""A small roster: two people of one team, one of another who is away, three patterns, one shift past midnight."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from data.domain import Agent, Assignment, Break, BreakRule, Roster, ShiftPattern
from data.schema import COVERAGE, conform
from ui.exports import export

MONDAY = date(2024, 11, 11)
STAMP = datetime(2024, 11, 8, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """What export takes, with the files it gives."""

    roster: Roster
    agents: tuple[Agent, ...]
    patterns: tuple[ShiftPattern, ...]
    coverage: pd.DataFrame
    days: pd.DataFrame

    def write(self, out: Path, kind: str, **changes: object) -> list[Path]:
        given = {
            "coverage": self.coverage,
            "days": self.days,
            "patterns": self.patterns,
            "clock": lambda: STAMP,
        } | changes
        return export(self.roster, self.agents, format=kind, out=out, **given)


@pytest.fixture
def shift() -> Callable[..., Assignment]:
    def build(
        agent_id: str,
        day: date,
        start_min: int,
        length_min: int,
        *,
        pattern: str = "day_9h",
        timezone: str = "Asia/Shanghai",
        breaks: tuple[tuple[str, int, int, bool], ...] = (),
    ) -> Assignment:
        """Minutes pass on the clock of the world: a night in which the local clock changes keeps its length."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).astimezone(UTC)
        start = midnight + timedelta(minutes=start_min)
        return Assignment(
            agent_id=agent_id,
            day=day,
            pattern=pattern,
            start=start,
            end=start + timedelta(minutes=length_min),
            breaks=tuple(
                Break(
                    kind=kind,
                    start=start + timedelta(minutes=after),
                    end=start + timedelta(minutes=after + length),
                    paid=paid,
                )
                for kind, after, length, paid in breaks
            ),
        )

    return build


@pytest.fixture
def case(shift: Callable[..., Assignment]) -> Case:
    meals = (("lunch", 210, 60, False), ("rest", 375, 15, True))
    agents = (
        Agent(id="a2", name="Li Na", team="Cards", skills=frozenset({"cards"}), contract="full_40"),
        Agent(id="a1", name="陈伟", team="Cards", skills=frozenset({"vip", "cards"}), contract="full_40"),
        Agent(
            id="b1",
            name="Zoe",
            team="Wealth",
            skills=frozenset({"funds"}),
            contract="part_20",
            time_off=frozenset({MONDAY, MONDAY + timedelta(days=1)}),
        ),
    )
    assignments = (
        shift("a1", MONDAY, 510, 540, breaks=meals),
        shift(
            "a1",
            MONDAY + timedelta(days=1),
            1320,
            540,
            pattern="night_9h",
            breaks=(("meal", 240, 60, False),),
        ),
        shift("a2", MONDAY, 540, 540, breaks=meals),
        shift("b1", MONDAY + timedelta(days=1), 540, 300, pattern="part_5h"),
    )
    lunch = BreakRule(kind="lunch", length_min=60, earliest_min=180, latest_min=300)
    rest = BreakRule(kind="rest", length_min=15, earliest_min=360, latest_min=420, paid=True)
    patterns = (
        ShiftPattern(id="day_9h", start_earliest_min=510, start_latest_min=570, breaks=(lunch, rest)),
        ShiftPattern(id="night_9h", start_earliest_min=1320, start_latest_min=1320, breaks=(lunch,)),
    )
    starts = pd.date_range("2024-11-11 00:30", periods=3, freq="30min", tz="UTC", unit="us")
    coverage = conform(
        pd.DataFrame(
            {
                "queue": "cards",
                "start": starts,
                "required": [2.0, 3.0, 4.0],
                "rostered": [2.5, 2.5, 4.0],
                "answer_rate": [0.97, 0.9, 0.96],
                "service_level": [0.8, None, 0.7],
                "service_level_formula": ["f1", "f1", None],
                "occupancy": [0.8, 0.9, 0.85],
                "offered": [20.0, 30.0, 40.0],
                "answered": [19.4, 27.0, 38.4],
                "answered_carried": [19.4, 26.0, None],
            }
        ),
        COVERAGE,
    )
    days = pd.DataFrame(
        {
            "queue": ["cards", "cards", "wealth"],
            "date": pd.to_datetime(["2024-11-11", "2024-11-12", "2024-11-11"]),
            "offered": [1000.0, 10000.0, 0.0],
            "answered": [960.0, 9496.0, 0.0],
            "answer_rate": [0.96, 0.9496, None],
            "target": [0.95, 0.95, 0.9],
        }
    )
    roster = Roster(
        name="Mid November", first=MONDAY, days=7, timezone="Asia/Shanghai", assignments=assignments
    )
    return Case(roster, agents, patterns, coverage, days)


@pytest.fixture
def autumn_night(shift: Callable[..., Assignment]) -> Case:
    """The night in Berlin in which 02:00–03:00 comes twice: 22:00 to 06:00 lasts nine hours."""
    day = date(2024, 10, 26)
    night = shift(
        "a1", day, 1320, 540, pattern="night", timezone="Europe/Berlin", breaks=(("meal", 300, 60, False),)
    )
    roster = Roster(name="Autumn", first=day, days=2, timezone="Europe/Berlin", assignments=(night,))
    agents = (Agent(id="a1", name="Ada", skills=frozenset({"cards"})),)
    starts = pd.date_range("2024-10-26 23:30", periods=5, freq="30min", tz="UTC", unit="us")
    coverage = pd.DataFrame({"queue": "cards", "start": starts, "required": 1.0, "rostered": 1.0})
    coverage = conform(coverage.assign(answer_rate=1.0, occupancy=0.5, offered=3.0, answered=3.0), COVERAGE)
    days = pd.DataFrame(
        {"queue": "cards", "date": pd.to_datetime([day]), "offered": 3.0, "answered": 3.0, "answer_rate": 1.0}
    ).assign(target=0.95)
    return Case(roster, agents, (), coverage, days)


@pytest.fixture
def hostile(case: Case) -> Case:
    """The same roster after somebody tried every field that takes text."""
    bad = ['=HYPERLINK("http://x.example","a")', "<script>alert(1)</script>", "@SUM(1+1)*cmd|' /C calc'!A0"]
    renamed = {"a1": bad[0], "a2": bad[1], "b1": "../../etc/passwd"}
    agents = tuple(
        Agent(
            id=renamed[agent.id],
            name=f"{bad[place]}\x00\r\n\"'&",
            team='"><img src=x onerror=alert(1)>',
            skills=frozenset({"-1+1", "</style><b>"}),
            contract="+7;http://x.example",
            time_off=agent.time_off,
        )
        for place, agent in enumerate(case.agents)
    )
    pattern = '=1+1"&<i>\'),A1,("'
    assignments = tuple(
        Assignment(
            agent_id=renamed[shift.agent_id],
            day=shift.day,
            pattern=pattern,
            start=shift.start,
            end=shift.end,
            breaks=tuple(
                Break(kind="=x<u>,;:\n", start=b.start, end=b.end, paid=b.paid) for b in shift.breaks
            ),
        )
        for shift in case.roster.assignments
    )
    roster = Roster(
        name='&C&"Arial"<h1>=2+2 https://x.example',
        first=MONDAY,
        days=7,
        timezone="Asia/Shanghai",
        assignments=assignments,
    )
    patterns = (ShiftPattern(id=pattern), ShiftPattern(id="p" * 300))
    rename = {"cards": "=cards<script>", "wealth": "javascript:alert(1)"}
    return Case(
        roster,
        agents,
        patterns,
        case.coverage.assign(queue=case.coverage["queue"].map(rename)),
        case.days.assign(queue=case.days["queue"].map(rename)),
    )
