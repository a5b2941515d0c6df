"""A tiny centre: two queues of one hotline in Shanghai, ten weeks of half-hours, eight people, one made-up roster."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from data.domain import Assignment, Break, Peak, PeakKind, Recurrence, Roster
from data.ingest import ingest_history
from data.intervals import clock
from data.records import RosterRecord
from data.reference import import_reference
from data.store import Workspace
from scheduling.floors import FLOORS
from scheduling.judgement import DAYS, TARGETS
from ui.cli import main

Call = Callable[..., dict[str, Any]]

ZONE = "Asia/Shanghai"
FIRST_DAY = date(2026, 9, 14)
WEEKS = 10
MONDAY = FIRST_DAY + timedelta(weeks=WEEKS)
GAP = date(2026, 10, 14)
"""A Wednesday without figures."""
ROSTER = "Week 48"

QUEUES = [
    ["queue", "skill", "answer_rate", "interval_min", "open", "close", "days", "timezone", "patience_s"],
    ["card", "card", "0.9", "30", "09:00", "17:00", "mon-sat", ZONE, "240"],
    ["vip", "vip", "0.9", "30", "09:00", "17:00", "mon-fri", ZONE, "300"],
]
AGENTS = [
    ["agent_id", "name", "team", "skills"],
    *([f"A{number:02d}", f"李明 {number}", f"Team {1 + number % 2}", "card;vip"] for number in range(1, 15)),
]


@dataclass(frozen=True, slots=True)
class Files:
    """The tiny centre as a planner's files."""

    queues: Path
    history: Path
    agents: Path


def history_rows() -> list[list[str]]:
    """Rows of a history file: a calm card queue six days a week, a smaller vip queue on five."""
    draw = np.random.default_rng(5)
    rows = [["queue", "start", "offered", "answered", "handle_time_s"]]
    for offset in range(7 * WEEKS):
        day = FIRST_DAY + timedelta(days=offset)
        if day == GAP:
            continue
        for half_hour in range(18, 34):
            start = datetime(
                day.year, day.month, day.day, half_hour // 2, 30 * (half_hour % 2), tzinfo=ZoneInfo(ZONE)
            )
            for queue, level, last_weekday in (("card", 9.0, 5), ("vip", 3.0, 4)):
                if day.weekday() > last_weekday:
                    continue
                offered = int(draw.poisson(level * (1.5 if half_hour in (20, 21) else 1.0)))
                answered = offered - offered // 12
                rows.append([queue, start.isoformat(), str(offered), str(answered), str(180 * answered)])
    return rows


def write_csv(path: Path, rows: list[list[str]]) -> Path:
    """Write rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """Streamlit runs a page as `__main__` and leaves it there; processes that tests start would run it again."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The tiny centre's files."""
    folder = tmp_path_factory.mktemp("files")
    return Files(
        write_csv(folder / "queues.csv", QUEUES),
        write_csv(folder / "history.csv", history_rows()),
        write_csv(folder / "agents.csv", AGENTS),
    )


def peaks() -> tuple[Peak, ...]:
    """A billing cohort and a dated campaign."""
    days = Recurrence(days_of_month=(5, 25), roll="next", calendar="CN")
    return (
        Peak(
            id="billing",
            kind=PeakKind.BILLING,
            recurrence=days,
            queues=frozenset({"card"}),
            upper_days=1,
            size=120_000,
        ),
        Peak(id="campaign", kind=PeakKind.CAMPAIGN, dates={date(2026, 11, 24): None}),
    )


def made_roster() -> Roster:
    """Everybody from Monday to Friday, 08:30–17:30 with an unpaid meal; the first person has Friday off."""
    zone = ZoneInfo(ZONE)
    shifts = []
    for agent_id, *_ in AGENTS[1:]:
        for offset in range(4 if agent_id == "A01" else 5):
            day = MONDAY + timedelta(days=offset)
            start = datetime(day.year, day.month, day.day, 8, 30, tzinfo=zone)
            meal = start + timedelta(hours=4)
            rest = Break(kind="meal", start=meal, end=meal + timedelta(hours=1), paid=False)
            end = start + timedelta(hours=9)
            shifts.append(
                Assignment(agent_id=agent_id, day=day, pattern="day_9h", start=start, end=end, breaks=(rest,))
            )
    return Roster(name=ROSTER, first=MONDAY, days=7, timezone=ZONE, assignments=tuple(shifts))


def roster_parts(workspace: Workspace) -> dict[str, pd.DataFrame]:
    """What belongs to the made-up roster: 95 % answered by card, 80 % by vip, so that one misses every day."""
    from data.intervals import grid

    covers, days = [], []
    for queue, offered, rate in (("card", 10.0, 0.95), ("vip", 3.0, 0.8)):
        starts = grid(workspace.queue(queue), MONDAY, 7)["start"]
        cover = pd.DataFrame({"queue": queue, "start": starts, "required": 3.0, "rostered": 4.0})
        cover = cover.assign(
            answer_rate=rate, service_level=rate, occupancy=0.7, offered=offered, answered=rate * offered
        )
        covers.append(cover)
        local = clock(pd.DatetimeIndex(starts), ZONE)["date"].to_numpy()
        sums = cover.groupby(local)[["offered", "answered"]].sum().rename_axis("date").reset_index()
        sums["date"] = sums["date"].astype("datetime64[us]")
        days.append(sums.assign(queue=queue, answer_rate=rate, target=0.9, met=rate >= 0.9))
    frame = pd.concat(days, ignore_index=True)
    first = frame["date"].dt.tz_localize(ZONE).dt.tz_convert("UTC") + pd.Timedelta(hours=9)
    targets = frame.assign(period="day", start=first, first=frame["date"], last=frame["date"])
    targets["price_per_contact"] = np.nan
    return {
        "coverage": pd.concat(covers, ignore_index=True),
        "days": frame[DAYS].astype({"met": "boolean"}),
        "targets": targets[TARGETS],
        "floors": pd.DataFrame(columns=FLOORS).astype({"start": first.dtype, "queue": "str"}),
        "not_counted": pd.DataFrame({"queue": [], "start": first[:0], "end": first[:0], "offered": []}),
    }


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, files: Files) -> Workspace:
    """A workspace with the tiny centre, a forecast of the next week and a roster for it. Read only."""
    from ui.plan.forecasts import forecast_queues

    workspace = Workspace.create(tmp_path_factory.mktemp("centre") / "filled", timezone=ZONE)
    import_reference(workspace, "queues", [files.queues])
    import_reference(workspace, "agents", [files.agents])
    ingest_history(workspace, [files.history])
    workspace.save_peaks(peaks())
    made = forecast_queues(workspace, first=MONDAY, days=7)
    assert not made.failures
    record = RosterRecord(
        name=ROSTER,
        first=MONDAY,
        days=7,
        timezone=ZONE,
        status="feasible",
        objective=552.0,
        bound=541.0,
        gap=0.0199,
        runtime_s=12.0,
        forecast_ids=tuple(found.id for found in made.records),
        created_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    )
    workspace.save_roster(made_roster(), record, roster_parts(workspace))
    return workspace


@pytest.fixture
def own(tmp_path: Path, filled: Workspace) -> Workspace:
    """A copy of the filled workspace that a test may change."""
    return Workspace.open(shutil.copytree(filled.path, tmp_path / "own"))


@pytest.fixture
def call(own: Workspace, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command line on that copy: the JSON document of a command that must end with `code`."""

    def run(*arguments: object, code: int = 0) -> dict[str, Any]:
        out = StringIO()
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", out)
            ended = main(["--json", "--workspace", str(own.path), *map(str, arguments)])
        assert ended == code, out.getvalue()
        document: dict[str, Any] = json.loads(out.getvalue())
        return document

    return run
