from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.domain import Channel, OpeningSpan, Queue
from data.errors import FaultyFileError, InputError
from data.ingest import IngestReport, ingest_history
from data.store import Workspace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = OpeningSpan(open_min=8 * 60, close_min=20 * 60)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "workspace", timezone="Asia/Shanghai")


@pytest.fixture
def strict(workspace: Workspace) -> Workspace:
    queues = (
        Queue(id="cards", hours=(DAY,), timezone="Asia/Shanghai"),
        Queue(id="quarter", hours=(DAY,), timezone="Asia/Shanghai", interval_min=15),
        Queue(id="berlin", timezone="Europe/Berlin"),
    )
    workspace.save_queues(queues, origin="file")
    return workspace


def put(workspace: Workspace, content: str, name: str = "h.csv") -> Path:
    path = workspace.path / name
    path.write_text(content, encoding="utf-8")
    return path


def ingest(workspace: Workspace, content: str, mapping: str | Path = "default") -> IngestReport:
    return ingest_history(workspace, [put(workspace, content)], mapping=mapping)


def accounted(report: IngestReport) -> bool:
    return report.rows == report.good + report.bad_rows + sum(report.ignored.values())


def starts(workspace: Workspace) -> list[str]:
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in workspace.history()["start"]]


# --- what is read ------------------------------------------------------------------------------------


def test_three_columns_are_enough_and_the_queue_is_made_from_what_is_seen(workspace: Workspace) -> None:
    # Monday 9–18, Tuesday 10–17, local
    local = [f"2026-11-23 {hour:02d}:{minute:02d}" for hour in range(9, 18) for minute in (0, 30)]
    local += [f"2026-11-24 {hour:02d}:{minute:02d}" for hour in range(10, 17) for minute in (0, 30)]
    report = ingest(workspace, "queue,start,offered\n" + "".join(f"cards,{start},3\n" for start in local))
    assert (report.rows, report.good, report.faults, report.ignored) == (32, 32, (), {})
    assert (report.appended.version, report.appended.added, report.created) == (1, 32, ("cards",))
    assert workspace.queue("cards") == Queue(
        id="cards",
        timezone="Asia/Shanghai",
        interval_min=30,
        hours=(
            OpeningSpan(weekdays=frozenset({0}), open_min=540, close_min=1080),
            OpeningSpan(weekdays=frozenset({1}), open_min=600, close_min=1020),
        ),
    )
    assert workspace.queue_origins() == {"cards": "history"}
    assert starts(workspace)[0] == "2026-11-23 01:00"


def test_every_column_is_read_and_aht_is_taken_times_answered(strict: Workspace) -> None:
    report = ingest(
        strict,
        "start,queue,offered,answered,abandoned,answered_in_threshold,handle_time_s,aht_s,wait_s,interval_min,note\n"
        "2026-11-23T09:00+08:00,cards,10,8,2,6,1000,,55.5,30,x\n"
        "2026-11-23T01:30Z,cards,10,8,,,,120,,,\n"
        "2026-11-23 10:00,cards,4,,,,,120,,,\n",
    )
    assert report.faults == ()
    assert report.notes == ("columns not used: note",)
    frame = strict.history(["cards"])
    assert starts(strict) == ["2026-11-23 01:00", "2026-11-23 01:30", "2026-11-23 02:00"]
    assert frame["handle_time_s"].tolist()[:2] == [1000.0, 960.0]
    assert np.isnan(frame["handle_time_s"][2])
    first = ["offered", "answered", "abandoned", "answered_in_threshold", "wait_s"]
    assert frame.loc[0, first].tolist() == [10, 8, 2, 6, 55.5]


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-23 09:00",
        "2026-11-23T09:00:00",
        "2026/11/23 9:00",
        "2026-11-23 9:00:00",
        "2026-11-23T09:00:00.000",
        "2026-11-23T09:00:00+08:00",
        "2026-11-23T01:00:00Z",
        "2026-11-23 01:00:00 +00:00",
        "2026/11/23 01:00+00:00",
        "2026-11-22T20:00:00-0500",
        " 2026-11-23 09:00 ",
        "2026-11-23 09:00-09:30",
        "2026/11/23 9:00~9:30",
        "2026-11-23 09:00 至 09:30",
        "2026年11月23日 9:00",
    ],
)
def test_a_start_is_read_in_every_common_form(strict: Workspace, start: str) -> None:
    assert ingest(strict, f"queue,start,offered\ncards,{start},1\n").faults == ()
    assert starts(strict) == ["2026-11-23 01:00"]


def test_offsets_that_look_like_the_end_of_a_span_stay_offsets_when_not_every_one_does(
    strict: Workspace,
) -> None:
    content = "queue,start,offered\nberlin,2026-11-23T09:00-09:30,1\nberlin,2026-11-23T10:00-09:30,1\n"
    assert ingest(strict, content).faults == ()
    assert starts(strict) == ["2026-11-23 18:30", "2026-11-23 19:30"]


def test_a_file_of_nothing_but_broken_lines_lists_them_all(strict: Workspace) -> None:
    report = ingest(strict, "queue,start,offered\nx\ny\n")
    assert (report.rows, report.good, report.bad_rows, report.appended.version) == (2, 0, 2, None)


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "aware.parquet"])
def test_workbooks_and_parquet_are_read_like_text(strict: Workspace, kind: str) -> None:
    start = pd.date_range("2026-11-23 09:00", periods=3, freq="30min")
    frame = pd.DataFrame({"queue": "cards", "start": start, "offered": [1, 2, 3]})
    path = strict.path / f"h.{kind}"
    if kind == "xlsx":
        frame.to_excel(path, index=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    else:
        frame.assign(start=start.tz_localize("Asia/Shanghai")).to_parquet(path)
    assert ingest_history(strict, [path]).faults == ()
    assert starts(strict) == ["2026-11-23 01:00", "2026-11-23 01:30", "2026-11-23 02:00"]
    assert strict.history()["offered"].tolist() == [1, 2, 3]


def test_a_mapping_gives_names_formats_constants_and_rows_to_leave_out(workspace: Workspace) -> None:
    mapping = workspace.path / "m.toml"
    mapping.write_text(
        """
skip_lines = 1
queue_names = { SG1 = "cards" }
[time]
timezone = "Europe/Berlin"
date_format = "%d.%m.%Y"
[history]
columns = { queue = "技能组", date = "日期", start = "时间", offered = "转人工请求量" }
constants = { interval_min = "60" }
[[history.rules]]
when = { "技能组" = ["合计"] }
as = "ignored"
reason = "a total"
""",
        encoding="utf-8",
    )
    content = "日报\n技能组;日期;时间;转人工请求量\nSG1;23.11.2026;9:00;4\n合计;23.11.2026;;x\nSG1;23.11.2026;10:00;5\n"
    report = ingest(workspace, content, mapping)
    assert report.faults == ()
    assert report.ignored == {"a total": 1}
    assert accounted(report)
    assert workspace.history()["queue"].unique().tolist() == ["cards"]
    assert starts(workspace) == ["2026-11-23 08:00", "2026-11-23 09:00"]
    assert (workspace.queue("cards").interval_min, workspace.queue("cards").timezone) == (60, "Europe/Berlin")


def test_a_mapping_that_reads_no_history_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="anonymous_bank does not say how to read history"):
        ingest(workspace, "queue\na\n", "anonymous_bank")


def test_later_data_widen_the_hours_of_a_queue_that_was_made_from_data(workspace: Workspace) -> None:
    ingest(workspace, "queue,start,offered\ncards,2026-11-23 09:00,1\ncards,2026-11-23 09:30,1\n")
    ingest(workspace, "queue,start,offered\ncards,2026-11-23 08:00,1\ncards,2026-11-24 08:30,1\n")
    assert workspace.queue("cards").hours == (
        OpeningSpan(weekdays=frozenset({0}), open_min=480, close_min=600),
        OpeningSpan(weekdays=frozenset({1}), open_min=510, close_min=540),
    )
    assert len(workspace.history()) == 4
    assert workspace.queue_origins() == {"cards": "history"}


# --- faults of a row: the row is listed, the others come in ------------------------------------------

ROW = "cards,2026-11-23 09:30,10,8,2,6,1000,100,30"
HEADER = "queue,start,offered,answered,abandoned,answered_in_threshold,handle_time_s,wait_s,interval_min"
GOOD = "cards,2026-11-23 09:00,10,8,2,6,1000,100,30"
ROW_FAULTS = [
    (",2026-11-23 09:30,10,8,2,6,1,1,30", "queue", "the value is missing", "cards,2026-11-23 09:30,10,8,2,6,1,1,30"),
    ("loans,2026-11-23 09:30,10,8,2,6,1,1,30", "queue", "unknown queue", "quarter,2026-11-23 09:30,1,1,0,1,1,1,15"),
    ("cards,,10,8,2,6,1,1,30", "start", "the value is missing", ROW),
    ("cards,yesterday,10,8,2,6,1,1,30", "start", "not a date and time", ROW),
    ("cards,2026-11-23,10,8,2,6,1,1,30", "start", "not a date and time", "berlin,2026-11-23 00:00,1,1,0,1,1,1,"),
    ("cards,2026-13-23 09:30,10,8,2,6,1,1,30", "start", "not a date and time", ROW),
    ("cards,23/11/2026 09:30,10,8,2,6,1,1,30", "start", "not a date and time", ROW),
    ("cards,2026-11-23 09:30,,8,2,6,1,1,30", "offered", "the value is missing", "cards,2026-11-23 09:30,0,,,,,,"),
    ("cards,2026-11-23 09:30,ten,8,2,6,1,1,30", "offered", "not a finite number", ROW),
    ("cards,2026-11-23 09:30,inf,8,2,6,1,1,30", "offered", "not a finite number", ROW),
    ("cards,2026-11-23 09:30,nan,8,2,6,1,1,30", "offered", "not a finite number", ROW),
    ("cards,2026-11-23 09:30,-1,,,,,,", "offered", "negative", "cards,2026-11-23 09:30,0,0,0,0,0,0,"),
    ("cards,2026-11-23 09:30,10,x,2,6,1,1,30", "answered", "not a finite number", "cards,2026-11-23 09:30,10,,2,,1,1,30"),
    ("cards,2026-11-23 09:30,10,8,-2,6,1,1,30", "abandoned", "negative", "cards,2026-11-23 09:30,10,8,0,6,1,1,30"),
    ("cards,2026-11-23 09:30,10,8,2,6,-1,1,30", "handle_time_s", "negative", "cards,2026-11-23 09:30,10,8,2,6,0,1,30"),
    ("cards,2026-11-23 09:30,10,8,2,6,1,-1,30", "wait_s", "negative", "cards,2026-11-23 09:30,10,8,2,6,1,0,30"),
    ("cards,2026-11-23 09:30,10,11,0,6,1,1,30", "answered", "more answered than offered", "cards,2026-11-23 09:30,10,10,0,6,1,1,30"),
    ("cards,2026-11-23 09:30,10,8,3,6,1,1,30", "answered", "more answered and abandoned than offered", ROW),
    ("cards,2026-11-23 09:30,10,,11,,1,1,30", "abandoned", "more abandoned than offered", "cards,2026-11-23 09:30,10,,10,,1,1,30"),
    ("cards,2026-11-23 09:30,10,8,2,9,1,1,30", "answered_in_threshold", "than answered", "cards,2026-11-23 09:30,10,8,2,8,1,1,30"),
    ("cards,2026-11-23 09:00,1,1,0,1,1,1,30", "start", "the interval is on line 2 already", ROW),
    ("cards,2026-11-23T01:00Z,1,1,0,1,1,1,30", "start", "the interval is on line 2 already", ROW),
    ("cards,2026-11-23 09:15,1,1,0,1,1,1,30", "start", "this start overlaps the one of 09:00", "quarter,2026-11-23 09:15,1,1,0,1,1,1,15"),
    ("cards,2026-11-23 09:30:20,1,1,0,1,1,1,30", "start", "this start overlaps the one of 09:30", ROW),
    ("cards,2026-11-23 09:30,1,1,0,1,1,1,15", "interval_min", "the row covers 15 min", ROW),
    ("berlin,2026-10-25 02:30,1,1,0,1,1,1,30", "start", "this time comes twice in Europe/Berlin", "berlin,2026-10-25 02:30+01:00,1,1,0,1,1,1,30"),
    ("berlin,2026-03-29 02:30,1,1,0,1,1,1,30", "start", "there is no such time in Europe/Berlin", "berlin,2026-03-29 03:00,1,1,0,1,1,1,30"),
    ("cards,2026-11-23 09:30,1", None, "3 cells where the header has 9", ROW),
    ("cards,0001-01-01 09:30,1,1,0,1,1,1,30", "start", "days lie between 1980-01-01 and 2099-12-31", ROW),
    ("cards,1979-12-31T23:30Z,1,1,0,1,1,1,30", "start", "days lie between", "berlin,1980-01-01T00:00Z,1,1,0,1,1,1,"),
    ("cards,1900-01-01 09:30,1,1,0,1,1,1,30", "start", "days lie between", ROW),
    ("cards,2100-01-01 09:30,1,1,0,1,1,1,30", "start", "days lie between", "cards,2099-12-31 09:30,1,1,0,1,1,1,30"),
    ("cards,9999-12-31T23:30-05:00,1,1,0,1,1,1,30", "start", "days lie between", ROW),
    ("cards,2026-11-23 09:30,-5,1,1,1,1,1,30", "offered", "negative", ROW),
    ("cards,2026-11-23 09:30,1000001,1,1,1,1,1,30", "offered", "1,000,000 contacts an interval at most", "cards,2026-11-23 09:30,1000000,1,1,1,1,1,30"),
    ("cards,2026-11-23 09:30,1e308,1e307,1,1,1e308,1,30", "offered", "too large", ROW),
    ("cards,2026-11-23 09:30,2,2,0,2,172801,1,30", "handle_time_s", "86,400 s of each contact at most", "cards,2026-11-23 09:30,2,2,0,2,172800,1,30"),
    ("cards,2026-11-23 09:30,2,2,0,2,1,5184001,30", "wait_s", "2,592,000 s of each contact at most", "cards,2026-11-23 09:30,2,2,0,2,1,5184000,30"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "column", "reason", "sound"), ROW_FAULTS)
def test_each_bad_row_is_listed_and_the_others_come_in_and_what_just_passes_is_no_fault(
    strict: Workspace, broken: str, column: str | None, reason: str, sound: str
) -> None:
    report = ingest(strict, f"{HEADER}\n{GOOD}\n{broken}\n")
    assert [(fault.line, fault.column) for fault in report.faults] == [(3, column)], report.faults
    assert reason in report.faults[0].reason
    assert report.faults[0].repair
    assert report.faults[0].source.endswith("h.csv")
    assert (report.rows, report.good, report.bad_rows, report.appended.added) == (2, 1, 1, 1)
    assert len(strict.history()) == 1
    corrected = ingest(strict, f"{HEADER}\n{GOOD}\n{sound}\n")
    assert corrected.faults == ()
    assert corrected.good == 2


def test_a_point_that_may_mark_thousands_is_a_fault_until_the_column_shows_what_it_is(
    strict: Workspace,
) -> None:
    rows = "queue;start;offered\ncards;2026-11-23 09:00;1.234\ncards;2026-11-23 09:30;12\n"
    report = ingest(strict, rows)
    assert [(fault.line, fault.column, fault.value) for fault in report.faults] == [(2, "offered", "1.234")]
    assert "whole numbers without marks" in report.faults[0].repair
    assert ingest(strict, rows + "cards;2026-11-23 10:00;0.500\n").faults == ()
    assert ingest(strict, rows.replace("1.234", "1234")).faults == ()


def test_a_file_that_is_not_utf_8_is_told_with_what_it_was_read_as(strict: Workspace) -> None:
    path = strict.path / "h.csv"
    path.write_bytes("queue,start,offered,备注\ncards,2026-11-23 09:00,1,x\n".encode("gb18030"))
    assert "is not UTF-8 and was read as GB18030" in ingest_history(strict, [path]).notes[0]
    path.write_bytes("queue,start,offered,备注\ncards,2026-11-23 09:00,1,x\n".encode())
    assert ingest_history(strict, [path]).notes == ("columns not used: 备注",)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("queue,skill,open\ncards,x,08:00\n", "queues"),
        ("agent_id,skills\nA,cards\n", "agents"),
        ("queue,start,outcome\ncards,2026-11-23 09:00,answered\n", "calls"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_import_it_is_for(
    strict: Workspace, content: str, found: str
) -> None:
    with pytest.raises(FaultyFileError, match=f"a file of {found}, not of history. Import it as {found}"):
        ingest(strict, content)


@pytest.mark.parametrize("time", ["2026-10-25 02:30", "2026-03-29 02:30"])
def test_a_time_a_change_of_the_clock_leaves_open_is_to_be_given_with_its_offset(
    strict: Workspace, time: str
) -> None:
    [fault] = ingest(strict, f"queue,start,offered\nberlin,{time},1\n").faults
    assert fault.repair == "Give the UTC offset."
    assert fault.value == time


@pytest.mark.parametrize(
    ("rules", "time", "expected"),
    [
        ('ambiguous = "first"', "2026-10-25 02:30", "2026-10-25 00:30"),
        ('ambiguous = "second"', "2026-10-25 02:30", "2026-10-25 01:30"),
        ('nonexistent = "shift"', "2026-03-29 02:30", "2026-03-29 01:00"),
    ],
)
def test_a_mapping_may_decide_what_such_times_mean(
    strict: Workspace, rules: str, time: str, expected: str
) -> None:
    mapping = strict.path / "m.toml"
    mapping.write_text(
        f'[time]\n{rules}\n[history]\ncolumns = {{ queue = "queue", start = "start", offered = "offered" }}\n'
    )
    assert ingest(strict, f"queue,start,offered\nberlin,{time},1\n", mapping).faults == ()
    assert starts(strict) == [expected]


def test_a_night_with_offsets_has_every_one_of_its_fifty_half_hours(strict: Workspace) -> None:
    local = pd.date_range("2026-10-25", "2026-10-26", freq="30min", tz="Europe/Berlin", inclusive="left")
    rows = "".join(f"berlin,{start.isoformat()},1\n" for start in local)
    report = ingest(strict, f"queue,start,offered\n{rows}")
    assert (len(local), report.good, report.faults) == (50, 50, ())


def test_several_faults_of_one_row_are_all_told_and_the_row_counts_once(strict: Workspace) -> None:
    report = ingest(strict, f"{HEADER}\nloans,yesterday,-1,x,,,,,\n{GOOD}\n")
    assert sorted(str(fault.column) for fault in report.faults) == ["answered", "offered", "queue", "start"]
    assert (report.bad_rows, report.good) == (1, 1)
    assert accounted(report)


def test_rows_outside_the_opening_hours_are_left_out_with_their_count(strict: Workspace) -> None:
    rows = chain("cards", 30, 48, "2026-11-23")
    report = ingest(strict, f"queue,start,offered\n{rows}")
    assert report.ignored == {"outside the queue's opening hours": 24}
    assert (report.good, report.faults) == (24, ())
    assert accounted(report)


def test_work_that_comes_while_its_queue_is_closed_is_told_with_what_to_do(strict: Workspace) -> None:
    strict.save_queues([replace(strict.queue("cards"), channel=Channel.DEFERRED)])
    rows = "".join(
        f"cards,2026-11-23 {half // 2:02d}:{30 * (half % 2):02d},{half % 2}\n" for half in range(48)
    )
    report = ingest(strict, f"queue,start,offered\n{rows}")
    told = {
        reason: count for reason, count in report.ignored.items() if "leave it open while they come" in reason
    }
    assert sum(told.values()) == 12
    assert sum(report.ignored.values()) == 24
    assert accounted(report)


def test_when_no_row_is_good_nothing_is_written(workspace: Workspace) -> None:
    report = ingest(workspace, "queue,start,offered\ncards,x,1\ncards,2026-11-23 09:00,-1\n")
    assert (report.good, report.bad_rows, report.appended.version, report.created) == (0, 2, None, ())
    assert workspace.versions() == ()
    assert workspace.queues() == ()


def test_an_unknown_queue_is_a_fault_only_once_queues_were_imported(workspace: Workspace) -> None:
    content = "queue,start,offered\nloans,2026-11-23 09:00,1\n"
    assert ingest(workspace, content).created == ("loans",)
    workspace.save_queues([Queue(id="cards")], origin="file")
    report = ingest(workspace, content.replace("loans", "funds"))
    assert [fault.reason for fault in report.faults] == ["unknown queue"]
    assert "Known: cards, loans" in report.faults[0].repair


# --- faults of a file: nothing is written ------------------------------------------------------------


def chain(queue: str, step: int, n: int = 24, first: str = "2026-11-23 08:00") -> str:
    return "".join(
        f"{queue},{start:%Y-%m-%d %H:%M},1\n" for start in pd.date_range(first, periods=n, freq=f"{step}min")
    )


def days_of(queue: str, steps: Sequence[int], first_h: int = 8, hours: int = 12) -> str:
    """One day after another, each in intervals of its own length."""
    return "".join(
        chain(queue, step, 60 * hours // step, f"2026-11-{2 + day:02d} {first_h:02d}:00")
        for day, step in enumerate(steps)
    )


FILE_FAULTS = [
    ("queue,offered\ncards,1\n", "column start: the column is missing"),
    ("start,offered\n2026-11-23 09:00,1\n", "column queue: the column is missing"),
    ("queue,start,calls\ncards,2026-11-23 09:00,1\n", "Columns found: queue, start, calls"),
    ("", "the file is empty"),
    ("queue,start,offered\n", "has a header but no rows"),
    ("queue,start,offered\n" + chain("cards", 15), "the file has intervals of 15 min, the queue has 30 min"),
    (
        "queue,start,offered\n" + chain("quarter", 30),
        "the file has intervals of 30 min, the queue has 15 min",
    ),
    ("queue,start,offered\n" + chain("berlin", 1440, 9, "2026-11-02"), "the file has intervals of 1440 min"),
    (
        "queue,start,offered\n" + chain("quarter", 15) + chain("quarter", 30, 24, "2026-11-24 08:00"),
        "the file has intervals of 30 min, the queue has 15 min",
    ),
]


@pytest.mark.parametrize(("content", "message"), FILE_FAULTS)
def test_a_file_that_is_wrong_as_a_whole_writes_nothing(
    strict: Workspace, content: str, message: str
) -> None:
    with pytest.raises(FaultyFileError) as error:
        ingest(strict, content)
    assert message in str(error.value)
    assert "h.csv" in str(error.value)
    assert strict.versions() == ()


# Rows, the line of the first in doubt, and what is just no mixed intervals.
MIXED = {
    "hourly for one short day": (days_of("cards", [60], hours=8), 2, days_of("cards", [60], hours=7)),
    "hourly for five days of three hours": (
        days_of("cards", [60] * 5, hours=3),
        2,
        days_of("cards", [60] * 5, hours=2),
    ),
    "hourly in the second half": (
        days_of("cards", [30] * 5 + [60] * 5),
        2 + 5 * 24,
        days_of("cards", [30] * 10),
    ),
    "hourly on the last day": (days_of("cards", [30] * 5 + [60]), 2 + 5 * 24, days_of("cards", [30] * 6)),
    "hourly every other day": (
        days_of("cards", [30, 60] * 4, hours=8),
        2 + 16,
        days_of("cards", [30] * 8, hours=8),
    ),
    "hourly every other hour": (
        "".join(
            chain("cards", step, 60 // step, f"2026-11-{day:02d} {hour:02d}:00")
            for day in range(2, 9)
            for hour, step in enumerate([30, 60] * 6, start=8)
        ),
        4,
        days_of("cards", [30] * 7),
    ),
    "hourly for quarters": (days_of("quarter", [60], hours=6), 2, days_of("quarter", [60], hours=5)),
    "half-hours for quarters": (days_of("quarter", [30], hours=4), 2, days_of("quarter", [30], hours=3)),
    "two-hourly": (days_of("cards", [120] * 3), 2, days_of("cards", [120], hours=6)),
    "quarters for half-hours": (days_of("cards", [15], hours=1), 3, days_of("cards", [30], hours=1)),
    "quarters on the last day": (days_of("cards", [30] * 9 + [15]), 3 + 9 * 24, days_of("cards", [30] * 9)),
    "days": (chain("cards", 1440, 6, "2026-11-02 08:00"), 2, chain("cards", 1440, 5, "2026-11-02 08:00")),
    "working days at midnight": (
        chain("berlin", 1440, 2, "2026-11-05") + chain("berlin", 1440, 2, "2026-11-09"),
        2,
        chain("berlin", 1440, 2, "2026-11-05"),
    ),
}


@pytest.mark.parametrize(("rows", "line", "sound"), MIXED.values(), ids=MIXED)
def test_intervals_of_another_length_are_refused_from_their_first_row_on(
    strict: Workspace, rows: str, line: int, sound: str
) -> None:
    with pytest.raises(FaultyFileError) as error:
        ingest(strict, f"queue,start,offered\n{rows}")
    [fault] = error.value.faults
    assert (fault.line, fault.column, fault.value) == (
        line,
        "start",
        rows.splitlines()[line - 2].split(",")[1],
    )
    assert "the file has intervals of" in fault.reason
    assert "Export intervals of" in fault.repair
    assert strict.versions() == ()
    assert ingest(strict, f"queue,start,offered\n{sound}").faults == ()


@pytest.mark.parametrize("busy", [0.05, 0.2, 0.35, 0.5, 0.65, 0.8])
@pytest.mark.parametrize("queue", ["berlin", "quarter"])
def test_small_queues_whose_empty_intervals_are_left_out_come_in(
    strict: Workspace, queue: str, busy: float
) -> None:
    step = strict.queue(queue).interval_min
    rows = np.array(days_of(queue, [step] * 28).splitlines(keepends=True))
    for seed in range(3):
        kept = rows[np.random.default_rng(seed).random(len(rows)) < busy]
        assert ingest(strict, "queue,start,offered\n" + "".join(kept)).faults == ()


def test_a_stretch_of_every_second_interval_empty_by_chance_comes_in(strict: Workspace) -> None:
    rows = days_of("cards", [30] * 7).splitlines(keepends=True)
    del rows[49:69:2]
    assert ingest(strict, "queue,start,offered\n" + "".join(rows)).good == 7 * 24 - 10


def test_a_column_that_names_the_interval_goes_before_what_the_gaps_show(strict: Workspace) -> None:
    rows = days_of("cards", [60] * 3).replace(",1\n", ",1,30\n")
    assert ingest(strict, f"queue,start,offered,interval_min\n{rows}").faults == ()
    with pytest.raises(FaultyFileError, match="or say 30 in a column interval_min"):
        ingest(strict, "queue,start,offered\n" + days_of("cards", [60] * 3))


def test_files_of_one_command_that_have_other_intervals_are_refused(workspace: Workspace) -> None:
    halves = put(workspace, "queue,start,offered\n" + days_of("new", [30]), "a.csv")
    hours = put(workspace, "queue,start,offered\n" + chain("new", 60, 12, "2026-11-20 08:00"), "b.csv")
    with pytest.raises(
        FaultyFileError, match=r"b.csv, line 2, .* mixed intervals, of 30 and 60 min"
    ) as error:
        ingest_history(workspace, [halves, hours])
    assert len(error.value.faults) == 1
    assert workspace.queues() == ()
    assert ingest_history(workspace, [hours]).created == ("new",)
    assert workspace.queue("new").interval_min == 60


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (chain("new", 15) + chain("new", 30, 24, "2026-11-24 08:00"), "mixed intervals, of 15 and 30 min"),
        (chain("new", 30, 2) + chain("new", 15, 2, "2026-11-23 09:00"), "mixed intervals, of 15 and 30 min"),
        (chain("new", 10), "intervals of 10 min"),
        (chain("new", 1440, 9, "2026-11-02"), "intervals of 1440 min"),
    ],
)
def test_intervals_of_a_queue_nobody_defined_must_be_clear(
    workspace: Workspace, rows: str, message: str
) -> None:
    with pytest.raises(FaultyFileError, match=message):
        ingest(workspace, f"queue,start,offered\n{rows}")
    assert workspace.queues() == ()


def test_intervals_left_out_for_want_of_contacts_are_no_mixed_intervals(workspace: Workspace) -> None:
    kept = chain("new", 30, 200).splitlines(keepends=True)
    rows = "".join(row for place, row in enumerate(kept) if place % 5)
    report = ingest(workspace, f"queue,start,offered\n{rows}")
    assert (report.good, report.faults) == (160, ())
    assert workspace.queue("new").interval_min == 30


def test_the_interval_a_column_gives_goes_before_the_one_the_gaps_show(workspace: Workspace) -> None:
    content = "queue,start,offered,interval_min\nnew,2026-11-23 09:00,1,15\nnew,2026-11-23 10:00,1,15\n"
    assert ingest(workspace, content).faults == ()
    assert workspace.queue("new").interval_min == 15
    with pytest.raises(FaultyFileError, match="mixed intervals, of 15 and 30 min"):
        ingest(workspace, content.replace("new", "more").replace("15\n", "30\n", 1))


def test_a_fault_in_the_second_file_keeps_the_first_out_too(workspace: Workspace) -> None:
    first = put(workspace, "queue,start,offered\ncards,2026-11-23 09:00,1\n", "a.csv")
    second = put(workspace, "queue,begin,offered\ncards,2026-11-23 09:30,1\n", "b.csv")
    third = put(workspace, "queue\ncards\n", "c.csv")
    with pytest.raises(FaultyFileError) as error:
        ingest_history(workspace, [first, second, third])
    assert [(Path(fault.source).name, fault.column) for fault in error.value.faults] == [
        ("b.csv", "start"),
        ("c.csv", "start"),
        ("c.csv", "offered"),
    ]
    assert workspace.versions() == ()


# --- several files and versions ----------------------------------------------------------------------


def test_files_of_one_command_make_one_version_and_a_later_one_supersedes(workspace: Workspace) -> None:
    first = put(
        workspace, "queue,start,offered\ncards,2026-11-23 09:00,1\ncards,2026-11-23 09:30,2\n", "a.csv"
    )
    second = put(
        workspace, "queue,start,offered\ncards,2026-11-23 09:30,7\ncards,2026-11-23 10:00,3\n", "b.csv"
    )
    report = ingest_history(workspace, [first, second], now=NOON)
    assert (report.rows, report.good, report.appended.version, report.appended.added) == (4, 4, 1, 3)
    assert workspace.history()["offered"].tolist() == [1, 7, 3]
    [version] = workspace.versions()
    assert (version.created_at, version.source) == (NOON, f"{first}, {second}")


def test_the_same_file_twice_changes_nothing_and_a_corrected_one_keeps_the_old_version(
    workspace: Workspace,
) -> None:
    content = "queue,start,offered\ncards,2026-11-23 09:00,1\ncards,2026-11-23 09:30,2\n"
    ingest(workspace, content)
    again = ingest(workspace, content)
    assert (again.appended.version, again.appended.unchanged) == (None, 2)
    changed = ingest(workspace, content.replace(",2\n", ",5\n"))
    assert (changed.appended.version, changed.appended.changed) == (2, 1)
    assert workspace.history()["offered"].tolist() == [1, 5]
    assert workspace.history(version=1)["offered"].tolist() == [1, 2]
    back = ingest_history(workspace, [put(workspace, content)], again=True)
    assert back.appended.version == 3
    assert workspace.history()["offered"].tolist() == [1, 2]


def test_progress_is_told(workspace: Workspace) -> None:
    told: list[tuple[str, float | None]] = []
    path = put(workspace, "queue,start,offered\ncards,2026-11-23 09:00,1\n")
    ingest_history(workspace, [path], report=lambda phase, share: told.append((phase, share)))
    assert told == [("Reading files", 0.0), ("Checking rows", None), ("Writing history", None)]


def test_no_file_is_an_error(workspace: Workspace) -> None:
    with pytest.raises(FaultyFileError, match="no file was given"):
        ingest_history(workspace, [])
