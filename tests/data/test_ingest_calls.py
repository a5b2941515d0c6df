from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain import Channel, OpeningSpan, Queue, Target
from data.errors import FaultyFileError, InputError
from data.ingest import IngestReport, ingest_calls
from data.ingest.calls import read_calls
from data.ingest.counting import count_calls
from data.ingest.times import at_clock, nearest_day, read_clock, read_days
from data.mapping import load_mapping
from data.store import Workspace
from data.tables import Table
from tests.oracles.counted_calls import count_one_by_one

HEADER = "queue,start,outcome,wait_s,handle_time_s\n"
DAY = OpeningSpan(open_min=8 * 60, close_min=12 * 60)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "workspace", timezone="Asia/Shanghai")


@pytest.fixture
def strict(workspace: Workspace) -> Workspace:
    target = Target(service_level=0.8, threshold_s=10)
    workspace.save_queues(
        [
            Queue(id="cards", hours=(DAY,), timezone="Asia/Shanghai"),
            Queue(id="vip", hours=(DAY,), timezone="Asia/Shanghai", interval_min=60, target=target),
            Queue(id="night", hours=(OpeningSpan(open_min=1320, close_min=1560),), timezone="Asia/Shanghai"),
        ],
        origin="file",
    )
    return workspace


def put(workspace: Workspace, content: str, name: str = "c.csv") -> Path:
    path = workspace.path / name
    path.write_text(content, encoding="utf-8")
    return path


def ingest(workspace: Workspace, content: str, mapping: str | Path = "default") -> IngestReport:
    return ingest_calls(workspace, [put(workspace, content)], mapping=mapping)


# --- counting ----------------------------------------------------------------------------------------


def test_calls_are_counted_into_intervals_and_intervals_without_any_are_there_with_zero(
    strict: Workspace,
) -> None:
    report = ingest(
        strict,
        HEADER + "cards,2026-11-23 09:00:00,answered,20,100\n"
        "cards,2026-11-23 09:29:59,answered,21,50\n"
        "cards,2026-11-23 09:30:00,abandoned,40,\n"
        "vip,2026-11-23 10:59,answered,11,10\n",
    )
    assert (report.rows, report.good, report.faults) == (4, 4, ())
    cards = strict.history(["cards"]).set_index("start")
    assert len(cards) == 8
    assert cards.loc["2026-11-23 01:00+00:00"].tolist()[1:] == [2, 2, 0, 1, 150, 41]
    assert cards.loc["2026-11-23 01:30+00:00"].tolist()[1:] == [1, 0, 1, 0, 0, 40]
    assert cards["offered"].sum() == 3
    vip = strict.history(["vip"]).set_index("start")
    assert vip["offered"].tolist() == [0, 0, 1, 0]
    assert vip["answered_in_threshold"].sum() == 0  # its target says 10 s, not the mapping's 20 s


def test_days_without_any_call_stay_absent_and_others_count_for_every_queue(strict: Workspace) -> None:
    ingest(
        strict,
        HEADER
        + "cards,2026-11-23 09:00,answered,1,1\ncards,2026-11-25 09:00,answered,1,1\nvip,2026-11-26 09:00,answered,1,1\n",
    )
    history = strict.history()
    days = history.groupby("queue")["start"].agg(lambda start: sorted({moment.day for moment in start}))
    assert days.to_dict() == {"cards": [23, 25, 26], "vip": [23, 25, 26]}


def test_opening_hours_past_midnight_belong_to_the_day_of_the_interval(strict: Workspace) -> None:
    report = ingest(
        strict, HEADER + "night,2026-11-23 23:59,answered,1,1\nnight,2026-11-24 01:10,answered,1,1\n"
    )
    assert report.faults == ()
    counted = strict.history(["night"]).set_index("start")["offered"]
    local = counted.index.tz_convert("Asia/Shanghai")
    assert {(moment.day, moment.hour) for moment in local} == {
        (day, hour) for day in (23, 24) for hour in (22, 23, 0, 1)
    }
    assert counted.sum() == 2


def test_calls_outside_opening_hours_are_left_out_with_their_count(strict: Workspace) -> None:
    report = ingest(
        strict,
        HEADER
        + "cards,2026-11-23 07:59,answered,1,1\ncards,2026-11-23 08:00,answered,1,1\ncards,2026-11-23 12:00,answered,1,1\n",
    )
    assert report.ignored == {"outside the queue's opening hours": 2}
    assert (report.good, strict.history()["offered"].sum()) == (1, 1)


def test_call_backs_asked_for_while_their_queue_is_closed_are_told_with_what_to_do(strict: Workspace) -> None:
    strict.save_queues([replace(strict.queue("cards"), channel=Channel.CALLBACK)])
    report = ingest(
        strict, HEADER + "cards,2026-11-23 07:59,answered,1,1\ncards,2026-11-23 08:00,answered,1,1\n"
    )
    ((reason, count),) = report.ignored.items()
    assert (count, reason.endswith("leave it open while they come")) == (1, True)


def test_a_workspace_without_queues_makes_them_from_what_is_seen(workspace: Workspace) -> None:
    report = ingest(
        workspace, HEADER + "new,2026-11-23 09:10,answered,1,1\nnew,2026-11-23 11:50,abandoned,1,\n"
    )
    assert report.created == ("new",)
    span = OpeningSpan(weekdays=frozenset({0}), open_min=540, close_min=720)
    assert workspace.queue("new") == Queue(id="new", hours=(span,), timezone="Asia/Shanghai", interval_min=30)
    assert workspace.history()["offered"].tolist() == [1, 0, 0, 0, 0, 1]


def test_what_the_export_does_not_tell_stays_unknown(workspace: Workspace) -> None:
    ingest(workspace, "queue,start,outcome\nnew,2026-11-23 09:10,answered\n")
    row = workspace.history().iloc[0]
    assert (row["offered"], row["answered"], row["abandoned"]) == (1, 1, 0)
    assert row[["answered_in_threshold", "handle_time_s", "wait_s"]].isna().all()


def test_several_files_are_one_export(strict: Workspace) -> None:
    first = put(strict, HEADER + "cards,2026-11-23 09:00,answered,1,1\n", "a.csv")
    second = put(strict, HEADER + "cards,2026-11-23 09:10,answered,1,1\n", "b.csv")
    report = ingest_calls(strict, [first, second])
    assert (report.good, report.appended.version) == (2, 1)
    assert strict.history()["offered"].max() == 2


def test_the_same_export_twice_changes_nothing(strict: Workspace) -> None:
    content = HEADER + "cards,2026-11-23 09:00,answered,1,1\n"
    ingest(strict, content)
    assert ingest(strict, content).appended.version is None


@st.composite
def calls(draw: st.DrawFn) -> list[tuple[str, str, str, int, int]]:
    moments = st.datetimes(pd.Timestamp("2026-10-23"), pd.Timestamp("2026-10-27"))
    row = st.tuples(
        st.sampled_from(["berlin", "delhi"]),
        moments.map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"),
        st.sampled_from(["answered", "abandoned"]),
        st.integers(0, 60),
        st.integers(0, 600),
    )
    return draw(st.lists(row, min_size=1, max_size=40))


@settings(max_examples=25, deadline=None)
@given(rows=calls())
def test_counting_agrees_with_counting_one_by_one(rows: list[tuple[str, str, str, int, int]]) -> None:
    # The clock goes back in Berlin on the 25th; Delhi is half an hour off the full hour.
    nights = OpeningSpan(weekdays=frozenset({0, 4, 5}), open_min=420, close_min=1560)
    queues = {
        "berlin": Queue(id="berlin", timezone="Europe/Berlin", interval_min=15),
        "delhi": Queue(id="delhi", timezone="Asia/Kolkata", interval_min=60, hours=(nights,)),
    }
    frame = pd.DataFrame(rows, columns=HEADER.strip().split(","))
    table = Table("calls", frame, np.arange(2, len(frame) + 2), "test", (), "")
    file = read_calls(table, load_mapping("default"), queues, timezone="UTC", strict=True)
    counted = count_calls([file], queues, 20)
    found = {
        (str(queue), start.isoformat()): tuple(figures)
        for queue, start, *figures in counted.itertuples(index=False, name=None)
    }
    assert file.rows.faults == []
    assert found == count_one_by_one(rows, queues, threshold_s=20)


# --- a mapping with times of day, rules and limits ---------------------------------------------------

MAPPING = """
[time]
timezone = "Asia/Shanghai"
date_format = "%y%m%d"
none = ["0:00:00"]
[calls]
columns = { queue = "type", date = "date", start = ["queued", "served"], after = "entered", wait_s = "wait", handle_time_s = "service" }
max_handle_s = 600
[[calls.rules]]
when = { end = ["TEST"] }
as = "ignored"
reason = "a test call"
[[calls.rules]]
when = { end = ["HANG"], queued = ["0:00:00", ""] }
as = "ignored"
reason = "left in the menu"
[[calls.rules]]
when = { end = ["HANG"] }
as = "abandoned"
[[calls.rules]]
when = { end = ["AGENT"] }
as = "answered"
[[queue]]
queue = "PS"
open = "00:00"
close = "24:00"
"""
COLUMNS = "type,date,entered,queued,served,wait,service,end\n"


@pytest.fixture
def mapping(workspace: Workspace) -> Path:
    return put(workspace, MAPPING, "m.toml")


def test_the_first_time_given_counts_and_a_call_may_run_past_midnight(
    workspace: Workspace, mapping: Path
) -> None:
    report = ingest(
        workspace,
        COLUMNS + "PS,261123,9:00:00,9:00:05,9:01:00,55,120,AGENT\n"
        "PS,261123,9:10:00,0:00:00,9:31:00,0,120,AGENT\n"
        "PS,261123,23:59:58,0:00:03,0:01:00,57,60,AGENT\n"
        "PS,261124,0:00:01,23:59:59,0:00:30,31,60,AGENT\n"
        "PS,261124,12:00:00,12:00:04,0:00:00,9,0,HANG\n",
        mapping,
    )
    assert (report.good, report.faults, report.created) == (5, (), ("PS",))
    offered = workspace.history().set_index("start")["offered"]
    counted = offered[offered > 0].tz_convert("Asia/Shanghai")
    assert {f"{moment:%d %H:%M}": count for moment, count in counted.items()} == {
        "23 09:00": 1,
        "23 09:30": 1,
        "23 23:30": 1,
        "24 00:00": 1,
        "24 12:00": 1,
    }
    assert len(offered) == 96


def test_a_call_that_runs_into_a_day_the_export_does_not_cover_is_left_out_with_its_count(
    workspace: Workspace, mapping: Path
) -> None:
    report = ingest(
        workspace,
        COLUMNS
        + "PS,261123,9:00:00,9:00:05,9:01:00,55,120,AGENT\nPS,261123,23:59:58,0:00:03,0:01:00,57,60,AGENT\n",
        mapping,
    )
    assert report.ignored == {"asked for a person on a day the export does not cover": 1}
    assert len(workspace.history()) == 48


def test_rows_are_left_out_by_the_first_rule_that_fits_and_not_judged(
    workspace: Workspace, mapping: Path
) -> None:
    report = ingest(
        workspace,
        COLUMNS + "??,x,x,x,x,x,x,TEST\nPS,261123,9:00:00,0:00:00,0:00:00,0,0,HANG\n"
        "PS,261123,9:00:00,,0:00:00,0,0,HANG\nPS,261123,9:00:00,9:00:01,0:00:00,3,0,HANG\n",
        mapping,
    )
    assert report.ignored == {"a test call": 1, "left in the menu": 2}
    assert (report.rows, report.good, report.faults) == (4, 1, ())


def test_handle_times_above_the_limit_are_cut_and_told(workspace: Workspace, mapping: Path) -> None:
    report = ingest(
        workspace,
        COLUMNS
        + "PS,261123,9:00:00,9:00:05,9:01:00,55,600,AGENT\nPS,261123,9:00:00,9:00:05,9:01:00,55,601,AGENT\n",
        mapping,
    )
    assert workspace.history()["handle_time_s"].sum() == 1200
    assert "1 handle times above 600 s were cut to that" in report.notes


def test_a_mapping_s_queues_give_way_to_imported_ones(workspace: Workspace, mapping: Path) -> None:
    own = Queue(id="PS", hours=(DAY,), timezone="Asia/Shanghai")
    workspace.save_queues([own], origin="file")
    report = ingest(workspace, COLUMNS + "PS,261123,9:00:00,9:00:05,9:01:00,55,60,AGENT\n", mapping)
    assert report.created == ()
    assert workspace.queue("PS") == own
    assert workspace.queue_origins() == {"PS": "file"}


def test_a_mapping_s_queues_replace_what_the_data_seemed_to_show(workspace: Workspace, mapping: Path) -> None:
    ingest(workspace, HEADER + "PS,2026-11-23 09:10,answered,1,1\n")
    assert workspace.queue_origins() == {"PS": "history"}
    ingest(workspace, COLUMNS + "PS,261124,9:00:00,9:00:05,9:01:00,55,60,AGENT\n", mapping)
    assert workspace.queue_origins() == {"PS": "mapping"}
    assert workspace.queue("PS").hours == (OpeningSpan(),)


@pytest.mark.parametrize(
    ("queue", "message"),
    [
        ('open = "25:00"', "column open: this is not a time of day"),
        ('opens = "8:00"', "column opens: a queue has no such column"),
    ],
)
def test_a_mapping_s_faulty_queue_is_told(workspace: Workspace, queue: str, message: str) -> None:
    path = put(workspace, MAPPING.replace('open = "00:00"', queue), "m.toml")
    with pytest.raises(FaultyFileError, match=message):
        ingest(workspace, COLUMNS + "PS,261123,9:00:00,9:00:05,9:01:00,55,60,AGENT\n", path)


def test_a_mapping_s_queue_with_another_interval_than_its_history_is_told(
    workspace: Workspace, mapping: Path
) -> None:
    ingest(workspace, HEADER + "PS,2026-11-23 09:10,answered,1,1\nPS,2026-11-23 09:40,answered,1,1\n")
    path = put(workspace, MAPPING.replace("[[queue]]\n", "[[queue]]\ninterval_min = 15\n"), "finer.toml")
    row = "PS,261124,9:00:00,9:00:05,9:01:00,55,60,AGENT\n"
    with pytest.raises(FaultyFileError, match=r"finer.toml, column interval_min: .* 30 min, not 15"):
        ingest(workspace, COLUMNS + row, path)
    assert ingest(workspace, COLUMNS + row, mapping).good == 1


# --- faults ------------------------------------------------------------------------------------------

GOOD = "cards,2026-11-23 09:00,answered,1,1"
ROW_FAULTS = [
    (",2026-11-23 09:30,answered,1,1", "queue", "the value is missing", GOOD),
    ("loans,2026-11-23 09:30,answered,1,1", "queue", "unknown queue", GOOD),
    ("cards,,answered,1,1", "start", "the value is missing", GOOD),
    ("cards,9:30,answered,1,1", "start", "not a date and time", GOOD),
    ("cards,2026-11-23 09:30,lost,1,1", "outcome", "no rule of the mapping", "cards,2026-11-23 09:30,abandoned,1,1"),
    ("cards,2026-11-23 09:30,,1,1", "outcome", "no rule of the mapping", GOOD),
    ("cards,2026-11-23 09:30,answered,,1", "wait_s", "the value is missing", "cards,2026-11-23 09:30,answered,0,1"),
    ("cards,2026-11-23 09:30,answered,-1,1", "wait_s", "negative", "cards,2026-11-23 09:30,answered,0,1"),
    ("cards,2026-11-23 09:30,answered,inf,1", "wait_s", "not a finite number", GOOD),
    ("cards,2026-11-23 09:30,answered,1,", "handle_time_s", "missing", "cards,2026-11-23 09:30,abandoned,1,"),
    ("cards,2026-11-23 09:30,answered,1,-3", "handle_time_s", "negative", "cards,2026-11-23 09:30,answered,1,0"),
    ("cards,2026-11-23 09:30,answered,1,long", "handle_time_s", "not a finite number", GOOD),
    ("cards,2026-11-23 09:30,answered", None, "3 cells where the header has 5", GOOD),
    ("cards,9999-11-23 09:30,answered,1,1", "start", "days lie between 1980-01-01 and 2099-12-31", GOOD),
    ("cards,0001-01-01T00:00+08:00,answered,1,1", "start", "days lie between", GOOD),
    ("cards,2026-11-23 09:30,answered,2592001,1", "wait_s", "2,592,000 s of a contact at most", "cards,2026-11-23 09:30,answered,2592000,1"),
    ("cards,2026-11-23 09:30,answered,1,86401", "handle_time_s", "86,400 s of a contact at most", "cards,2026-11-23 09:30,answered,1,86400"),
    ("cards,2026-11-23 09:30,answered,1,1e308", "handle_time_s", "too large", "cards,2026-11-23 09:30,abandoned,1,1e308"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "column", "reason", "sound"), ROW_FAULTS)
def test_each_bad_row_is_listed_and_the_others_are_counted(
    strict: Workspace, broken: str, column: str | None, reason: str, sound: str
) -> None:
    report = ingest(strict, f"{HEADER}{GOOD}\n{broken}\n")
    assert [(fault.line, fault.column) for fault in report.faults] == [(3, column)], report.faults
    assert reason in report.faults[0].reason
    assert report.faults[0].repair
    assert (report.rows, report.good, strict.history()["offered"].sum()) == (2, 1, 1)
    assert ingest(strict, f"{HEADER}{GOOD}\n{sound}\n").faults == ()


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("PS,231126x,9:00:00,9:00:05,9:01:00,55,60,AGENT", "date", "this is not a date"),
        ("PS,,9:00:00,9:00:05,9:01:00,55,60,AGENT", "date", "this is not a date"),
        ("PS,790101,9:00:00,9:00:05,9:01:00,55,60,AGENT", "date", "days lie between"),
        ("PS,261123,9:00:00,9:00:65,9:01:00,55,60,AGENT", "queued", "not a date and time"),
        ("PS,261123,9:00:00,0:00:00,0:00:00,55,60,AGENT", "queued", "the value is missing"),
    ],
)
def test_dates_and_times_of_day_in_columns_of_their_own_are_told_apart(
    workspace: Workspace, mapping: Path, row: str, column: str, reason: str
) -> None:
    report = ingest(workspace, f"{COLUMNS}{row}\n", mapping)
    assert [(fault.line, fault.column) for fault in report.faults] == [(2, column)]
    assert reason in report.faults[0].reason
    assert workspace.versions() == ()


def test_a_missing_column_is_told_and_nothing_is_written(workspace: Workspace, mapping: Path) -> None:
    with pytest.raises(FaultyFileError) as error:
        ingest(workspace, "type,date,queued,served,wait,service\nPS,261123,9:00:05,9:01:00,55,60\n", mapping)
    assert {fault.column for fault in error.value.faults} == {"entered", "end"}
    assert workspace.queues() == ()


def test_a_mapping_that_reads_no_calls_is_refused(workspace: Workspace) -> None:
    only = put(workspace, '[agents]\ncolumns = { name = "n" }\n', "m.toml")
    with pytest.raises(InputError, match="does not say how to read calls"):
        ingest(workspace, HEADER + GOOD, only)


# --- times of day ------------------------------------------------------------------------------------


@given(st.integers(0, 86_399), st.integers(-40_000, 40_000))
def test_a_time_of_day_is_put_on_the_day_nearest_to_another_time_of_the_call(
    reference: int, ahead: int
) -> None:
    seen = (reference + ahead) % 86_400
    found = nearest_day(np.array([float(seen)]), np.array([float(reference)]))
    assert found.tolist() == [reference + ahead]


def test_clocks_and_days_are_read_or_left_out() -> None:
    cells = pd.Series(["9:05", "09:05:30.5", "24:00", "24:01", "9:60", "9:05:60", "x", "", None], dtype="str")
    np.testing.assert_array_equal(read_clock(cells), [32_700, 32_730.5, 86_400, *[np.nan] * 6])
    days = read_days(
        pd.Series(["2026-11-23", "2026/11/23", "20261123", "2026-11-23 00:00:00", "23.11.2026", ""]), None
    )
    assert np.isnat(days).tolist() == [False] * 4 + [True] * 2
    assert len(set(days[:4].tolist())) == 1
    walls = at_clock(days[3:5], np.array([86_400.0, 1.0]))
    assert walls[0] == np.datetime64("2026-11-24", "us")
    assert np.isnat(walls[1])
