"""Agents present: from files, and from the servers that calls name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.calibrations import CalibrationRecord
from data.domain import OpeningSpan, Queue
from data.errors import FaultyFileError, InputError, UnknownNameError
from data.ingest import IngestReport, ingest_calls, ingest_history, ingest_presence
from data.ingest.servers import LEAST_WINDOW_S, agents_seen, shared_queues
from data.presence import pool_name, pool_queues, require_apart, superseded
from data.shrinkage import Availability
from data.store import Workspace

ZONE = "Asia/Shanghai"
DAY = OpeningSpan(open_min=8 * 60, close_min=12 * 60)
HEADER = "queues,start,agents\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", timezone=ZONE)
    made.save_queues([Queue(id=name, hours=(DAY,), timezone=ZONE) for name in ("cards", "funds", "vip")])
    return made


def put(workspace: Workspace, content: str, name: str = "p.csv") -> Path:
    path = workspace.path / name
    path.write_text(content, encoding="utf-8")
    return path


def ingest(workspace: Workspace, content: str) -> IngestReport:
    return ingest_presence(workspace, [put(workspace, content)])


# --- files --------------------------------------------------------------------------------------------


def test_agents_present_are_kept_for_the_queues_they_serve_together(workspace: Workspace) -> None:
    report = ingest(
        workspace,
        HEADER + "vip; cards,2026-11-23 09:00,7.5\nfunds,2026-11-23 09:00,3\nfunds,2026-11-23 06:00,1\n",
    )
    assert (report.rows, report.good, report.faults) == (3, 2, ())
    assert report.ignored == {"outside the queue's opening hours": 1}
    kept = workspace.presence()
    assert kept["queues"].tolist() == ["cards;vip", "funds"]
    assert kept["agents"].tolist() == [7.5, 3.0]
    assert kept["start"].tolist() == [pd.Timestamp("2026-11-23 01:00", tz="UTC")] * 2
    assert len(workspace.presence(["funds"])) == 1


def test_agents_present_come_in_versions_and_the_same_file_again_changes_nothing(
    workspace: Workspace,
) -> None:
    first = HEADER + "cards,2026-11-23 09:00,7\n"
    assert ingest(workspace, first).appended.version == 1
    assert ingest(workspace, HEADER + "cards,2026-11-23 09:00,8\n").appended.changed == 1
    assert ingest(workspace, first).appended.version is None
    assert workspace.presence()["agents"].tolist() == [8.0]
    assert workspace.history().empty


def test_of_sets_that_share_a_queue_the_one_imported_last_counts_interval_by_interval(
    workspace: Workspace,
) -> None:
    together = HEADER + "cards;vip,2026-11-23 09:00,7\ncards;vip,2026-11-23 09:30,7\n"
    alone = HEADER + "cards,2026-11-23 09:00,5\n"
    ingest(workspace, together)
    ingest(workspace, alone)
    kept = workspace.presence()
    assert list(zip(kept["queues"], kept["agents"], strict=True)) == [("cards", 5.0), ("cards;vip", 7.0)]
    # The very same file once more takes the interval back; nobody has to say so.
    assert ingest(workspace, together).appended.added == 1
    assert workspace.presence()["agents"].tolist() == [7.0, 7.0]
    assert ingest(workspace, alone).appended.version is not None
    assert workspace.presence(["cards"])["agents"].tolist() == [5.0]


def test_a_set_whose_only_rival_is_superseded_counts_again() -> None:
    start = pd.Timestamp("2026-11-23", tz="UTC")
    frame = pd.DataFrame({"queues": ["cards", "cards;vip", "vip"], "start": start, "version": [1, 2, 3]})
    assert superseded(frame).tolist() == [False, True, False]
    assert not superseded(frame.assign(version=1)).any()  # one file that counts twice: calibration refuses it


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("cards,2026-11-23 09:00,-1", "the number is negative"),
        ("cards,2026-11-23 09:00,", "the value is missing"),
        ("cards,2026-11-23 09:00,20000", "the number is too large: 10,000 agents at most"),
        ("cards,2026-11-23 09:00,many", "this is not a finite number"),
        ("cards,soon,5", "this is not a date and time"),
        ("cards,2026-11-23 09:10,5", "the row does not cover one interval of its queues"),
        ("loans,2026-11-23 09:00,5", "unknown queue"),
        ("cards;loans,2026-11-23 09:00,5", "unknown queue"),
        (",2026-11-23 09:00,5", "the value is missing"),
        ("cards,2026-11-23 10:00,5", "the interval is on an earlier line already"),
        ("cards;vip,2026-11-23 10:00,5", "a queue of it is counted with other queues on an earlier line"),
    ],
)
def test_a_bad_row_is_named_and_the_others_come_in(workspace: Workspace, row: str, reason: str) -> None:
    report = ingest(workspace, f"{HEADER}cards,2026-11-23 10:00,4\n{row}\n")
    assert report.good == 1
    (fault,) = report.faults
    assert (fault.line, fault.reason) == (3, reason)
    assert workspace.presence()["agents"].tolist() == [4.0]


def test_another_interval_length_is_refused_and_nothing_is_written(workspace: Workspace) -> None:
    rows = "".join(
        f"cards,2026-11-{day} {hour:02d}:{minute:02d},5\n"
        for day in (23, 24)
        for hour in range(8, 12)
        for minute in (0, 15, 30, 45)
    )
    with pytest.raises(FaultyFileError, match="the file has intervals of 15 min, the queue has 30 min"):
        ingest(workspace, HEADER + rows)
    assert workspace.presence().empty


def test_a_file_of_another_kind_is_told(workspace: Workspace) -> None:
    with pytest.raises(FaultyFileError, match="this is a file of history, not of presence"):
        ingest(workspace, "queue,start,offered\ncards,2026-11-23 09:00,5\n")
    with pytest.raises(FaultyFileError, match="this is a file of presence, not of history"):
        ingest_history(workspace, [put(workspace, HEADER + "cards,2026-11-23 09:00,5\n")])


def test_an_empty_workspace_needs_queues_first(tmp_path: Path) -> None:
    empty = Workspace.create(tmp_path / "w")
    with pytest.raises(InputError, match="no queues yet"):
        ingest(empty, HEADER + "cards,2026-11-23 09:00,5\n")


def test_the_same_queues_in_another_order_are_the_same_agents() -> None:
    assert pool_name(["vip", "cards", "vip"]) == "cards;vip"
    assert pool_queues("cards;vip") == ("cards", "vip")
    require_apart(["cards;vip", "funds", "cards;vip"])
    with pytest.raises(
        InputError, match="queue 'vip': its agents are counted with 'cards;vip' and with 'vip'"
    ):
        require_apart(["cards;vip", "vip"])


# --- servers that calls name --------------------------------------------------------------------------


def calls(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    """Contacts: queue, server, begin of service and its length in s after 2026-11-23 00:00 UTC."""
    frame = pd.DataFrame(rows, columns=["queue", "server", "begin_s", "handle_time_s"])
    frame["start"] = pd.Timestamp("2026-11-23", tz="UTC") + pd.to_timedelta(frame.pop("begin_s"), unit="s")
    return frame.assign(wait_s=0.0)


def seen_second_by_second(frame: pd.DataFrame, slots: int, window_s: float) -> np.ndarray:
    """The slow and obvious way, with the same window around every contact."""
    there = np.zeros((frame["server"].nunique(), 1800 * slots), dtype=bool)
    begin_s = (frame["start"] - pd.Timestamp("2026-11-23", tz="UTC")).dt.total_seconds()
    for server, begin, handle in zip(
        pd.factorize(frame["server"])[0], begin_s, frame["handle_time_s"], strict=True
    ):
        there[server, max(0, int(begin - window_s)) : int(begin + handle + window_s)] = True
    return there.reshape(len(there), slots, 1800).mean(axis=2).sum(axis=0)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 5 * 1800 - 700), st.integers(1, 600)),
        min_size=1,
        max_size=60,
    )
)
@settings(max_examples=25, deadline=None)
def test_a_server_is_there_around_each_contact(drawn: list[tuple[int, int, int]]) -> None:
    # A contact of a server who never pauses in each interval leaves hardly any idle time per contact.
    busy = [("q", f"busy {k}", 1800.0 * k + 3 * n, 3.0) for k in range(6) for n in range(600)]
    rows = [("q", f"S{server}", float(begin), float(handle)) for server, begin, handle in drawn]
    frame = calls(rows + busy)
    starts = pd.date_range("2026-11-23", periods=6, freq="30min", tz="UTC").as_unit("us")
    found = agents_seen(frame, starts, 30)
    np.testing.assert_allclose(found, seen_second_by_second(frame, 6, LEAST_WINDOW_S), atol=1e-5)


def test_a_quiet_interval_with_one_contact_has_one_agent_in_it() -> None:
    starts = pd.date_range("2026-11-23", periods=3, freq="30min", tz="UTC").as_unit("us")
    found = agents_seen(calls([("q", "S1", 1800.0 + 850, 100.0)]), starts, 30)
    assert found[1] == pytest.approx(1.0)


def test_queues_share_agents_where_most_contacts_of_one_are_handled_by_servers_of_the_other() -> None:
    rows = [("cards", server, 60.0 * n, 30.0) for n in range(100) for server in ("A", "B")]
    rows += [("vip", "A", 60.0 * n, 30.0) for n in range(10)]
    rows += [("funds", "C", 60.0 * n, 30.0) for n in range(100)]
    rows += [("funds", "A", 0.0, 30.0)]  # a stray contact
    assert shared_queues(calls(rows)) == [("cards", "vip"), ("funds",)]


def test_calls_that_name_their_server_tell_who_was_there(workspace: Workspace) -> None:
    content = "queue,start,outcome,wait_s,handle_time_s,server\n" + "".join(
        f"{queue},2026-11-{day} {hour:02d}:{minute:02d},answered,5,200,S{minute % 3}\n"
        for day in (23, 24)
        for hour in range(8, 12)
        for minute in range(0, 60, 4)
        for queue in ("cards", "vip")
    )
    unnamed = "cards,2026-11-25 09:00,answered,5,200,\ncards,2026-11-25 09:10,abandoned,50,,\n"
    report = ingest_calls(workspace, [put(workspace, content + unnamed)])
    assert report.faults == ()
    assert any("agents seen serving were counted for cards;vip" in note for note in report.notes)
    kept = workspace.presence()
    assert kept["queues"].unique().tolist() == ["cards;vip"]
    assert len(kept) == 2 * 8  # the day whose calls name nobody is not known
    assert kept["agents"].iloc[3] == pytest.approx(3.0)
    again = ingest_calls(workspace, [put(workspace, content + unnamed)])
    assert again.appended.version is None


def test_calls_without_servers_leave_presence_unknown(workspace: Workspace) -> None:
    rows = "queue,start,outcome,wait_s,handle_time_s\ncards,2026-11-23 09:00,answered,5,100\n"
    assert not any("agents seen" in note for note in ingest_calls(workspace, [put(workspace, rows)]).notes)
    assert workspace.presence().empty


# --- calibrations -------------------------------------------------------------------------------------


def test_calibrations_are_numbered_and_put_their_factors_on_queues_in_the_same_step(
    workspace: Workspace,
) -> None:
    record = CalibrationRecord(
        queues=("cards",),
        first=pd.Timestamp("2026-11-01").date(),
        last=pd.Timestamp("2026-11-30").date(),
        factor=0.8,
        patience_s=120.0,
        parts=[{"weekdays": [0], "open_min": 480, "close_min": 720, "factor": 0.8}],
        error={"mae": 0.01, "correlation": None},
        warnings=("short",),
    )
    first = workspace.save_calibration(record)
    assert (first.id, first.applied_at) == ("calibration-000001", None)
    factors = (Availability(open_min=480, close_min=720, factor=0.8),)
    changed = Queue(id="cards", hours=(DAY,), timezone=ZONE, availability=factors)
    second = workspace.save_calibration(record, apply=[changed])
    assert second.id == "calibration-000002"
    assert second.applied_at == second.created_at
    assert workspace.calibrations() == (first, second)
    assert workspace.queue("cards").availability == factors
    assert workspace.queue_origins()["cards"] == "file"


def test_agents_of_queues_nobody_defined_are_refused(workspace: Workspace) -> None:
    frame = pd.DataFrame(
        {"queues": ["cards;loans"], "start": pd.DatetimeIndex(["2026-11-23"], tz="UTC"), "agents": [1.0]}
    )
    with pytest.raises(UnknownNameError, match="unknown queue 'loans'"):
        workspace.append_presence(frame, source="s", digest="d")
    assert workspace.presence().empty
