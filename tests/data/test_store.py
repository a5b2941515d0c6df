from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import sqlite3
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.defaults import CONTRACTS, PATTERNS
from data.domain import Agent, Assignment, Contract, Peak, PeakKind, Queue, Roster, ShiftPattern
from data.errors import InputError, SchemaError, UnknownNameError, WorkspaceError
from data.lake import folder_name
from data.records import ForecastRecord, RosterRecord, RunRecord
from data.schema import FORECAST, HISTORY, check, conform, empty
from data.store import Workspace

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUEUES = (Queue(id="cards"), Queue(id="基金/A", interval_min=15))


class Clock:
    """Gives one hour more each time it is asked."""

    def __init__(self) -> None:
        self.hours = 0

    def __call__(self) -> datetime:
        self.hours += 1
        return NOON + timedelta(hours=self.hours - 1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", timezone="Asia/Shanghai", clock=Clock())
    made.save_queues(QUEUES, origin="demo")
    return made


def history(
    queue: str = "cards", first: str = "2026-11-23", periods: int = 4, step: int = 30, **figures: float
) -> pd.DataFrame:
    start = pd.date_range(first, periods=periods, freq=f"{step}min", tz="UTC", unit="us")
    frame = pd.DataFrame({"queue": queue, "start": start, "offered": np.arange(float(periods))})
    return conform(frame.assign(**figures), HISTORY)


def forecast_frame() -> pd.DataFrame:
    start = pd.date_range(NOON, periods=3, freq="30min", unit="us")
    frame = pd.DataFrame({"queue": "cards", "start": start, "aht_s": 180.0})
    return conform(frame.assign(**{name: 1.0 for name in FORECAST.names if name not in frame}), FORECAST)


def files(workspace: Workspace) -> set[str]:
    lake = workspace.path / "lake"
    return {str(path.relative_to(lake)) for path in lake.rglob("*") if path.is_file()}


# --- opening and making ------------------------------------------------------------------------------


def test_a_new_workspace_has_a_contract_and_patterns_so_that_agents_are_enough(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "a" / "b", timezone="Asia/Shanghai")
    assert (made.contracts(), made.patterns()) == (CONTRACTS, PATTERNS)
    assert (made.queues(), made.agents(), made.peaks()) == ((), (), ())
    opened = Workspace.open(str(tmp_path / "a" / "b"))
    assert (opened.path, opened.timezone) == (made.path, "Asia/Shanghai")
    assert opened.contracts() == CONTRACTS


def test_the_default_contract_fits_the_default_patterns() -> None:
    day = PATTERNS[0]
    assert day.paid_min * CONTRACTS[0].max_days_per_week <= CONTRACTS[0].max_h_per_week * 60


def test_opening_where_there_is_none_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"Run: peakshift --workspace .*nowhere init"):
        Workspace.open(tmp_path / "nowhere")


def test_making_one_where_there_is_one_is_refused_and_changes_nothing(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="already"):
        Workspace.create(workspace.path)
    assert Workspace.open(workspace.path).queues() == QUEUES


def test_making_one_in_a_folder_with_other_files_is_fine(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    Workspace.create(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_making_one_where_a_file_stands_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WorkspaceError, match="no workspace can be made"):
        Workspace.create(tmp_path / "file")


def test_an_unknown_zone_makes_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown time zone"):
        Workspace.create(tmp_path / "w", timezone="Mars/Olympus")
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("content", [b"", b"this is no database at all, it is only some text"])
def test_a_file_that_is_no_ledger_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"is not a Peakshift ledger|is damaged"):
        Workspace.open(tmp_path)


# --- reference data ----------------------------------------------------------------------------------


def test_saving_replaces_what_bears_the_same_name_and_keeps_the_rest_in_order(workspace: Workspace) -> None:
    changed = dataclasses.replace(QUEUES[0], priority=5)
    workspace.save_queues([changed, Queue(id="new")], origin="file")
    assert workspace.queues() == (changed, QUEUES[1], Queue(id="new"))
    assert workspace.queue_origins() == {"cards": "file", "基金/A": "demo", "new": "file"}
    assert workspace.queue("new") == Queue(id="new")


def test_every_kind_of_reference_data_is_kept(workspace: Workspace) -> None:
    agent, peak = (
        Agent(id="A1", skills=frozenset({"cards"})),
        Peak(id="p", kind=PeakKind.EVENT, dates={DAY: 2.0}),
    )
    contract, pattern = Contract(id="part"), ShiftPattern(id="late")
    workspace.save_agents([agent])
    workspace.save_peaks([peak])
    workspace.save_contracts([contract])
    workspace.save_patterns([pattern])
    opened = Workspace.open(workspace.path)
    assert (opened.agents(), opened.peaks()) == ((agent,), (peak,))
    assert opened.contracts() == (*CONTRACTS, contract)
    assert opened.patterns() == (*PATTERNS, pattern)


def test_saving_half_of_a_list_never_happens(workspace: Workspace) -> None:
    def people() -> Any:
        yield Agent(id="A1", skills=frozenset({"cards"}))
        raise InputError("the second one is wrong.")

    with pytest.raises(InputError):
        workspace.save_agents(people())
    assert workspace.agents() == ()


def test_a_queue_nobody_defined_is_named_with_the_known_ones(workspace: Workspace) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown queue 'loans'. Known: cards, 基金/A"):
        workspace.queue("loans")


def test_a_queue_with_history_keeps_its_interval_and_may_change_the_rest(workspace: Workspace) -> None:
    workspace.append_history(history(), source="a", digest="a")
    with pytest.raises(InputError, match=r"intervals of 30 min, not 15. Give 30, or bring"):
        workspace.save_queues([Queue(id="cards", interval_min=15)])
    workspace.save_queues([Queue(id="cards", priority=3)])
    workspace.save_queues([Queue(id="基金/A", interval_min=30)])
    assert [queue.interval_min for queue in workspace.queues()] == [30, 30]


# --- history and its versions ------------------------------------------------------------------------


def test_history_comes_back_sorted_whatever_order_it_came_in(workspace: Workspace) -> None:
    both = pd.concat([history("基金/A", step=15), history("cards")])
    appended = workspace.append_history(both.sample(frac=1, random_state=1), source="a", digest="a")
    assert (appended.version, appended.added, appended.changed, appended.unchanged) == (1, 8, 0, 0)
    pd.testing.assert_frame_equal(
        workspace.history(), pd.concat([history("cards"), history("基金/A", step=15)], ignore_index=True)
    )
    pd.testing.assert_frame_equal(workspace.history(["基金/A"]), history("基金/A", step=15))


def test_history_over_months_and_years_comes_back_in_order(workspace: Workspace) -> None:
    frame = history(first="2025-12-30", periods=48 * 40)
    workspace.append_history(frame, source="a", digest="a")
    pd.testing.assert_frame_equal(workspace.history(), frame)
    assert {path.split("/")[2] for path in files(workspace)} == {
        "month=2025-12",
        "month=2026-01",
        "month=2026-02",
    }


def test_an_empty_workspace_has_an_empty_history(workspace: Workspace) -> None:
    pd.testing.assert_frame_equal(workspace.history(), empty(HISTORY))


def test_the_same_rows_twice_change_nothing(workspace: Workspace) -> None:
    workspace.append_history(history(answered=0.0), source="a", digest="a")
    before = files(workspace)
    again = workspace.append_history(history(answered=0.0), source="a", digest="a")
    assert (again.version, again.added, again.changed, again.unchanged) == (None, 0, 0, 4)
    assert files(workspace) == before
    assert len(workspace.versions()) == 1


def test_rows_that_stand_there_already_in_another_file_change_nothing(workspace: Workspace) -> None:
    workspace.append_history(history(periods=4), source="a", digest="a")
    again = workspace.append_history(history(periods=2), source="b", digest="b")
    assert (again.version, again.unchanged) == (None, 2)


def test_later_figures_supersede_and_the_old_version_stays_readable(workspace: Workspace) -> None:
    first = history()
    workspace.append_history(first, source="a.csv", digest="a")
    second = first.copy()
    second.loc[1, "offered"] = 70.0
    second.loc[2, "handle_time_s"] = 5.0
    longer = pd.concat([second, history(first="2026-11-24", periods=1)], ignore_index=True)
    appended = workspace.append_history(longer, source="b.csv", digest="b")
    assert (appended.version, appended.added, appended.changed, appended.unchanged) == (2, 1, 2, 2)
    pd.testing.assert_frame_equal(workspace.history(), longer)
    pd.testing.assert_frame_equal(workspace.history(version=1), first)
    told = workspace.history_versions("cards", first["start"][1])
    assert told["version"].tolist() == [1, 2]
    assert told["offered"].tolist() == [1.0, 70.0]
    assert told["created_at"].tolist() == [NOON, NOON + timedelta(hours=1)]
    assert workspace.history_versions("cards", first["start"][0])["version"].tolist() == [1]
    assert len(workspace.history_versions("cards", pd.Timestamp(NOON))) == 0
    assert [(record.version, record.source, record.added) for record in workspace.versions()] == [
        (1, "a.csv", 4),
        (2, "b.csv", 1),
    ]


def test_a_figure_that_is_no_longer_known_is_a_change(workspace: Workspace) -> None:
    workspace.append_history(history(answered=0.0), source="a", digest="a")
    appended = workspace.append_history(history(), source="b", digest="b")
    assert appended.changed == 4
    assert workspace.history()["answered"].isna().all()


def test_an_old_file_that_is_read_again_does_not_undo_a_correction(workspace: Workspace) -> None:
    old, new = history(), history().assign(offered=9.0)
    for frame in (old, new, old):
        appended = workspace.append_history(frame, source="a", digest="a")
    assert (appended.version, appended.unchanged) == (None, 4)
    assert workspace.history()["offered"].tolist() == [9.0] * 4
    appended = workspace.append_history(old, source="a", digest="a", again=True)
    assert (appended.version, appended.changed) == (3, 4)
    pd.testing.assert_frame_equal(workspace.history(), old)


@pytest.mark.parametrize(("minutes", "rows"), [(29, 0), (30, 1), (59, 1), (60, 2), (600, 4)])
def test_a_cutoff_keeps_intervals_that_end_at_or_before_it(
    workspace: Workspace, minutes: int, rows: int
) -> None:
    workspace.append_history(history(), source="a", digest="a")
    cutoff = pd.Timestamp("2026-11-23", tz="UTC") + pd.Timedelta(minutes=minutes)
    assert len(workspace.history(cutoff=cutoff)) == rows
    assert len(workspace.history(cutoff=cutoff.tz_convert("Asia/Shanghai"))) == rows


def test_the_cutoff_counts_each_queue_by_its_own_interval(workspace: Workspace) -> None:
    workspace.append_history(
        pd.concat([history("cards"), history("基金/A", step=15)]), source="a", digest="a"
    )
    kept = workspace.history(cutoff=pd.Timestamp("2026-11-23 00:30", tz="UTC"))
    assert kept["queue"].tolist() == ["cards", "基金/A", "基金/A"]


def test_a_cutoff_without_zone_and_an_unknown_queue_are_refused(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="no time zone"):
        workspace.history(cutoff=pd.Timestamp("2026-11-23"))
    with pytest.raises(UnknownNameError, match="loans"):
        workspace.history(["loans"])


def test_rows_of_a_queue_nobody_defined_are_refused_and_defined_queues_come_with_them(
    workspace: Workspace,
) -> None:
    with pytest.raises(UnknownNameError, match="loans"):
        workspace.append_history(history("loans"), source="a", digest="a")
    assert files(workspace) == set()
    workspace.append_history(
        history("loans"), source="a", digest="a", define={"history": [Queue(id="loans")]}
    )
    assert workspace.queue_origins()["loans"] == "history"
    assert len(workspace.history(["loans"])) == 4


def test_a_frame_that_is_no_history_is_refused(workspace: Workspace) -> None:
    with pytest.raises(SchemaError, match="offered"):
        workspace.append_history(history().drop(columns="offered"), source="a", digest="a")
    with pytest.raises(SchemaError, match="doubled keys"):
        workspace.append_history(pd.concat([history(), history()]), source="a", digest="a")


def test_a_version_bears_the_time_it_was_given(workspace: Workspace) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    workspace.append_history(history(), source="a", digest="a", at=at)
    assert workspace.versions()[0].created_at == at


# --- failure, kill, concurrency ----------------------------------------------------------------------


def test_an_import_that_fails_midway_leaves_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.append_history(history(), source="a", digest="a")
    before = files(workspace)

    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("data.store.versions.write_tables", fail)
    with pytest.raises(OSError, match="disk full"):
        workspace.append_history(
            history("new"), source="b", digest="b", define={"history": [Queue(id="new")]}
        )
    monkeypatch.undo()
    assert files(workspace) == before
    assert "new" not in workspace.queue_origins()
    pd.testing.assert_frame_equal(workspace.history(), history())


def test_an_import_whose_last_file_fails_takes_the_others_away(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = []
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if len(replaced) == 1:
            raise OSError("disk full")
        replaced.append(target)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="disk full"):
        workspace.append_history(history(first="2026-10-31 22:00", periods=9), source="b", digest="b")
    assert len(replaced) == 1
    assert files(workspace) == set()


def _die_before_commit(path: Path) -> None:
    import data.store.versions as target

    real = target.write_tables

    def write(lake: Path, frames: Mapping[str, pd.DataFrame]) -> None:
        real(lake, frames)
        os.kill(os.getpid(), signal.SIGKILL)

    target.write_tables = write
    Workspace.open(path).append_history(history(periods=9), source="b", digest="b")


def test_a_process_killed_between_the_lake_and_the_ledger_leaves_nothing_to_be_seen(
    workspace: Workspace,
) -> None:
    child = multiprocessing.get_context("spawn").Process(target=_die_before_commit, args=(workspace.path,))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert len(files(workspace)) == 1  # the orphan is there, and nobody sees it
    opened = Workspace.open(workspace.path)
    assert len(opened.history()) == 0
    assert opened.versions() == ()
    appended = opened.append_history(history(), source="c", digest="c")
    assert (appended.version, appended.added) == (1, 4)
    pd.testing.assert_frame_equal(opened.history(), history())


def test_writers_at_the_same_time_follow_each_other(workspace: Workspace) -> None:
    def append(month: int) -> None:
        frame = history(first=f"2026-{month:02d}-01")
        Workspace.open(workspace.path).append_history(frame, source=str(month), digest=str(month))

    threads = [threading.Thread(target=append, args=(month,)) for month in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [record.version for record in workspace.versions()] == [1, 2, 3, 4, 5, 6]
    assert len(workspace.history()) == 24


def test_readers_go_on_while_one_writes_and_a_second_writer_is_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.ledger.BUSY_TIMEOUT_S", 0.05)
    holder = sqlite3.connect(workspace.path / "ledger.sqlite", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        opened = Workspace.open(workspace.path)
        assert opened.queues() == QUEUES
        with pytest.raises(WorkspaceError, match="in use by another process"):
            opened.save_queues([Queue(id="new")])
    finally:
        holder.close()


# --- names that are no folder names ------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["..", ".", "a/b", "../../etc", "a=b", "100%", "CON\x00", "信用卡", "a b", "A\\B", "~", "*"]
)
def test_a_queue_of_any_name_has_a_folder_of_its_own(workspace: Workspace, name: str) -> None:
    workspace.save_queues([Queue(id=name)])
    workspace.append_history(history(name), source="a", digest="a")
    assert len(workspace.history([name])) == 4
    folder = workspace.path / "lake" / "history" / f"queue={folder_name(name)}"
    assert folder.is_dir()
    assert folder.resolve().parent == (workspace.path / "lake" / "history").resolve()


def test_folder_names_are_told_apart_and_keep_letters_of_every_script() -> None:
    assert folder_name("信用卡_VIP-1") == "信用卡_VIP-1"
    assert folder_name("a/b") == "a%2Fb"
    assert folder_name("a%2Fb") == "a%252Fb"


def test_a_name_too_long_for_a_folder_is_refused_and_the_longest_is_not() -> None:
    assert len(folder_name("a" * 200)) == 200
    with pytest.raises(InputError, match="too long"):
        folder_name("a" * 201)


# --- forecasts, rosters, runs ------------------------------------------------------------------------

FORECAST_RECORD = ForecastRecord(
    queue="cards",
    cutoff=NOON,
    first=DAY,
    days=7,
    model="profile",
    scores=({"method": "naive", "wape": 0.1}, {"method": "profile", "wape": float("nan")}),
    seed=3,
    data_hash="abc",
    product_version="0.1",
    spread={"sigma": np.array([0.5, 0.25]), "kind": "gamma"},
)


def test_a_forecast_comes_back_with_its_record_and_frame(workspace: Workspace) -> None:
    saved = workspace.save_forecast(forecast_frame(), FORECAST_RECORD)
    assert (saved.id, saved.created_at) == ("forecast-000001", NOON)
    expected = dataclasses.replace(
        FORECAST_RECORD,
        id=saved.id,
        created_at=NOON,
        scores=({"method": "naive", "wape": 0.1}, {"method": "profile", "wape": None}),
        spread={"sigma": [0.5, 0.25], "kind": "gamma"},
    )
    assert workspace.forecast_record(saved.id) == expected
    assert workspace.forecasts() == (expected,)
    pd.testing.assert_frame_equal(workspace.forecast_frame(saved.id), forecast_frame())
    assert workspace.save_forecast(forecast_frame(), FORECAST_RECORD).id == "forecast-000002"


def test_a_forecast_is_never_overwritten_and_saving_the_same_again_is_no_change(workspace: Workspace) -> None:
    record = dataclasses.replace(FORECAST_RECORD, id="f")
    workspace.save_forecast(forecast_frame(), record)
    workspace.save_forecast(forecast_frame(), record)
    assert len(workspace.forecasts()) == 1
    with pytest.raises(InputError, match="'f' is there already and differs"):
        workspace.save_forecast(forecast_frame().assign(mean=2.0), record)
    pd.testing.assert_frame_equal(workspace.forecast_frame("f"), forecast_frame())


def test_a_forecast_stored_before_there_was_a_95_percent_band_reads_without_it(workspace: Workspace) -> None:
    saved = workspace.save_forecast(forecast_frame(), FORECAST_RECORD)
    (path,) = (workspace.path / "lake").glob("forecasts/**/*.parquet")
    pd.read_parquet(path).drop(columns=["q025", "q975"]).to_parquet(path)
    frame = workspace.forecast_frame(saved.id)
    assert check(frame, FORECAST) == []
    assert frame[["q025", "q975"]].isna().all(axis=None)
    pd.testing.assert_series_equal(frame["q95"], forecast_frame()["q95"])


def test_a_frame_that_is_no_forecast_is_refused(workspace: Workspace) -> None:
    with pytest.raises(SchemaError, match="q50"):
        workspace.save_forecast(forecast_frame().drop(columns="q50"), FORECAST_RECORD)


def test_an_unknown_forecast_or_roster_is_named(workspace: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="unknown forecast 'f'"):
        workspace.forecast_frame("f")
    with pytest.raises(UnknownNameError, match="unknown forecast 'f'"):
        workspace.forecast_record("f")
    with pytest.raises(UnknownNameError, match=r"unknown roster 'r'\. Known: .+solve the roster first"):
        workspace.roster("r")


SHIFT = Assignment(agent_id="A1", day=DAY, pattern="day_9h", start=NOON, end=NOON + timedelta(hours=8))
ROSTER = Roster(name="week/1", first=DAY, days=7, timezone="Asia/Shanghai", assignments=(SHIFT,))
ROSTER_RECORD = RosterRecord(
    name="week/1",
    first=DAY,
    days=7,
    timezone="Asia/Shanghai",
    status="feasible",
    objective=100.0,
    bound=99.5,
    gap=0.005,
    runtime_s=12.5,
    seed=1,
    forecast_ids=("forecast-000001",),
    data_hash="abc",
    note="草案",
)


@pytest.fixture
def staffed(workspace: Workspace) -> Workspace:
    workspace.save_agents([Agent(id="A1", skills=frozenset({"cards"}))])
    return workspace


def test_a_roster_comes_back_with_its_record_and_the_frames_beside_it(staffed: Workspace) -> None:
    coverage = pd.DataFrame(
        {"start": pd.DatetimeIndex([NOON]).as_unit("us"), "rostered": [1.0], "name": ["王"]}
    )
    saved = staffed.save_roster(ROSTER, ROSTER_RECORD, {"coverage": coverage})
    assert saved == dataclasses.replace(ROSTER_RECORD, created_at=NOON)
    assert staffed.roster("week/1") == ROSTER
    assert staffed.roster_record("week/1") == saved
    assert staffed.rosters() == (saved,)
    pd.testing.assert_frame_equal(staffed.roster_part("week/1", "coverage"), coverage)
    assert staffed.roster_part("week/1", "shifts")["agent_id"].tolist() == ["A1"]
    with pytest.raises(UnknownNameError, match=r"unknown part of a roster 'days'. Known: coverage, shifts"):
        staffed.roster_part("week/1", "days")


def test_a_roster_is_replaced_only_when_told_to(staffed: Workspace) -> None:
    staffed.save_roster(ROSTER, ROSTER_RECORD)
    other = dataclasses.replace(ROSTER, assignments=())
    with pytest.raises(InputError, match=r"'week/1' is there already. Choose another name, or replace it"):
        staffed.save_roster(other, ROSTER_RECORD)
    assert staffed.roster("week/1") == ROSTER
    staffed.save_roster(other, dataclasses.replace(ROSTER_RECORD, objective=None, gap=None), replace=True)
    assert staffed.roster("week/1") == other
    assert [record.objective for record in staffed.rosters()] == [None]


def test_a_roster_of_strangers_or_with_another_one_s_record_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="unknown agents: A1"):
        workspace.save_roster(ROSTER, ROSTER_RECORD)
    with pytest.raises(InputError, match="does not belong to roster 'week/1'"):
        workspace.save_roster(ROSTER, dataclasses.replace(ROSTER_RECORD, days=6))
    assert (workspace.rosters(), files(workspace)) == ((), set())


def test_a_frame_beside_a_roster_needs_a_plain_name(staffed: Workspace) -> None:
    with pytest.raises(InputError, match=r"small letters, not '../x'"):
        staffed.save_roster(ROSTER, ROSTER_RECORD, {"../x": pd.DataFrame({"a": [1]})})
    assert staffed.rosters() == ()


def test_runs_are_listed_oldest_first(workspace: Workspace) -> None:
    later = NOON + timedelta(hours=1)
    first = workspace.record_run(kind="nightly", started=NOON, ended=later, status="done")
    second = workspace.record_run(kind="import", started=NOON, ended=NOON, status="failed", message="no file")
    assert workspace.runs() == (first, second)
    assert first == RunRecord(kind="nightly", started=NOON, ended=later, status="done", message="")


def test_a_file_of_the_lake_that_is_gone_is_named(workspace: Workspace) -> None:
    workspace.append_history(history(), source="a", digest="a")
    (workspace.path / "lake" / files(workspace).pop()).unlink()
    with pytest.raises(WorkspaceError, match=r"v000001.parquet cannot be read.*Restore it"):
        workspace.history()
