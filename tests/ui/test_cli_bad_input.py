"""Every kind of wrong input: exit code 2, one message with file, row, column and repair, nothing half-written."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.domain import Queue
from data.store import Workspace
from tests.ui.conftest import MONDAY
from ui.cli import main
from ui.cli.output import Output, table

QUEUES = "queue,timezone,open,close,interval_min,skill\ncard,Europe/Berlin,08:00,20:00,30,card\n"
HISTORY = "queue,start,offered,answered\ncard,2026-03-02T08:00,10,9\ncard,2026-03-02T08:30,12,11\n"
AGENTS = "agent_id,skills,contract\nA1,card,standard\n"

Run = Callable[..., tuple[int, dict[str, object], str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "ws"


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str | Path) -> tuple[int, dict[str, object], str]:
        code = main(["--workspace", str(folder), "--json", *map(str, arguments)])
        printed = capsys.readouterr()
        return code, json.loads(printed.out), printed.err

    return call


@pytest.fixture
def centre(run: Run, tmp_path: Path) -> None:
    queues = tmp_path / "queues.csv"
    queues.write_text(QUEUES, encoding="utf-8")
    assert run("init")[0] == 0
    assert run("import", "queues", queues)[0] == 0


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


WRONG_HISTORIES = {
    "a missing column": ("queue,offered\ncard,3\n", "start", "Add"),
    "a number that is none": (HISTORY + "card,2026-03-02T09:00,many,0\n", "offered", "line 4"),
    "a negative count": (HISTORY + "card,2026-03-02T09:00,-1,0\n", "offered", "line 4"),
    "more answered than offered": (HISTORY + "card,2026-03-02T09:00,3,4\n", "answered", "line 4"),
    "an interval twice": (HISTORY + "card,2026-03-02T08:30,12,11\n", "start", "line 4"),
    "an overlapping interval": (HISTORY + "card,2026-03-02T08:45,3,3\n", "start", "line 4"),
    "a local time that does not exist": (HISTORY + "card,2026-03-29T02:30,3,3\n", "start", "UTC offset"),
    "an unknown queue": (HISTORY + "cards,2026-03-02T09:00,3,3\n", "queue", "line 4"),
    "a time that is none": (HISTORY + "card,yesterday,3,3\n", "start", "line 4"),
}


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize("fault", WRONG_HISTORIES, ids=str)
def test_a_wrong_history_is_named_by_file_row_and_column(run: Run, tmp_path: Path, fault: str) -> None:
    text, column, also = WRONG_HISTORIES[fault]
    code, _, said = run("import", "history", write(tmp_path, "history.csv", text))
    assert code == 2
    assert "history.csv" in said
    assert f"column {column}" in said
    assert also in said


@pytest.mark.usefixtures("centre")
def test_good_rows_of_a_history_are_kept_beside_bad_ones(run: Run, folder: Path, tmp_path: Path) -> None:
    code, document, _ = run(
        "import", "history", write(tmp_path, "h.csv", HISTORY + "card,2026-03-02T09:00,-1,0\n")
    )
    assert code == 2
    assert document["good"] == 2
    assert {fault["line"] for fault in document["bad"]} == {4}  # type: ignore[attr-defined,index]
    assert Workspace.open(folder).history()["offered"].tolist() == [10.0, 12.0]


@pytest.mark.usefixtures("centre")
def test_a_history_that_is_just_right_passes(run: Run, tmp_path: Path) -> None:
    edge = HISTORY + "card,2026-03-02T09:00,0,0\ncard,2026-03-29T03:00+02:00,3,3\ncard,2026-03-02T19:30,4,4\n"
    code, document, _ = run(
        "import", "history", write(tmp_path, "h.csv", edge.replace("03:00+02:00", "08:00+02:00"))
    )
    assert (code, document["bad"]) == (0, [])
    assert document["intervals"] == {"added": 5, "changed": 0, "unchanged": 0}


@pytest.mark.usefixtures("centre")
def test_mixed_intervals_are_refused_whole(run: Run, folder: Path, tmp_path: Path) -> None:
    rows = "".join(f"card,2026-03-02T{8 + i // 4:02d}:{15 * (i % 4):02d},3,3\n" for i in range(16))
    code, _, said = run(
        "import", "history", write(tmp_path, "h.csv", "queue,start,offered,answered\n" + rows)
    )
    assert code == 2
    assert "15" in said
    assert "30" in said
    assert Workspace.open(folder).history()["start"].dt.minute.isin([0, 30]).all()


def _xlsx_that_is_csv(path: Path) -> None:
    path.with_suffix(".xlsx").write_text(HISTORY, encoding="utf-8")


def _parquet_that_is_csv(path: Path) -> None:
    path.with_suffix(".parquet").write_text(HISTORY, encoding="utf-8")


def _truncated_gzip(path: Path) -> None:
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(HISTORY.encode() * 50)[:-20])


def _empty(path: Path) -> None:
    path.with_suffix(".csv").write_bytes(b"")


def _header_only(path: Path) -> None:
    path.with_suffix(".csv").write_text("queue,start,offered\n", encoding="utf-8")


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize(
    "make", [_xlsx_that_is_csv, _parquet_that_is_csv, _truncated_gzip, _empty, _header_only]
)
def test_a_file_that_is_not_what_its_name_says_writes_nothing(
    run: Run, folder: Path, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "bad")
    (path,) = tmp_path.glob("bad.*")
    code, document, said = run("import", "history", path)
    assert code == 2
    assert path.name in said
    assert document["error"]["exit_code"] == 2  # type: ignore[index]
    assert Workspace.open(folder).history().empty


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize(
    ("kind", "text", "said_as"),
    [
        (
            "agents",
            "agent_id,skills,contract\nA1,card,standard\nA2,gold,standard\n",
            ("line 3", "gold", "card"),
        ),
        ("agents", "agent_id,skills,contract\nA1,card,forever\n", ("line 2", "forever", "standard")),
        ("agents", "agent_id,skills,contract\nA1,,standard\n", ("line 2", "skills")),
        ("agents", "agent_id,skills,contract\nA1,card,standard\nA1,card,standard\n", ("line 3", "A1")),
        ("queues", "queue,answer_rate\nvip,95\n", ("line 2", "answer_rate", "95%")),
        ("queues", "queue,interval_min\nvip,20\n", ("line 2", "interval_min")),
        ("queues", "queue,timezone\nvip,Mars/Base\n", ("line 2", "timezone", "Mars/Base")),
        ("peaks", "peak,kind,date\nbill,billing,2026-02-30\n", ("line 2", "date")),
        ("peaks", "peak,kind,date\nbill,bill,2026-02-03\n", ("line 2", "kind", "billing")),
        ("peaks", "peak,kind,date,queues\nbill,billing,2026-02-03,gold\n", ("line 2", "gold")),
        ("patterns", "pattern,length_min\nday,1500\n", ("line 2", "length_min")),
        ("contracts", "contract,max_days_per_week\nodd,8\n", ("line 2", "max_days_per_week")),
    ],
)
def test_a_wrong_reference_file_is_refused_whole(
    run: Run, folder: Path, tmp_path: Path, kind: str, text: str, said_as: tuple[str, ...]
) -> None:
    before = _held(folder)
    code, _, said = run("import", kind, write(tmp_path, f"{kind}.csv", text))
    assert code == 2
    assert f"{kind}.csv" in said
    for words in said_as:
        assert words in said
    assert _held(folder) == before


def _held(folder: Path) -> tuple[object, ...]:
    workspace = Workspace.open(folder)
    return (
        workspace.queues(),
        workspace.agents(),
        workspace.peaks(),
        workspace.patterns(),
        workspace.contracts(),
    )


@pytest.mark.usefixtures("centre")
def test_the_same_agents_twice_change_nothing(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "agents.csv", AGENTS)
    assert run("import", "agents", path)[1]["added"] == 1
    assert run("import", "agents", path)[1] == {
        "kind": "agents",
        "files": [str(path)],
        "added": 0,
        "changed": 0,
        "unchanged": 1,
        "unused": [],
        "notes": [],
    }


def test_a_missing_workspace_is_named_with_its_repair(run: Run) -> None:
    code, _, said = run("roster", "list")
    assert code == 2
    assert "init" in said


@pytest.mark.usefixtures("centre")
def test_a_workspace_of_a_newer_version_is_refused(run: Run, folder: Path) -> None:
    with sqlite3.connect(folder / "ledger.sqlite") as ledger:
        ledger.execute("update alembic_version set version_num = '9999'")
    code, _, said = run("roster", "list")
    assert code == 2
    assert "newer" in said


@pytest.mark.usefixtures("centre")
def test_an_unknown_mapping_lists_the_known_ones(run: Run, tmp_path: Path) -> None:
    code, _, said = run("import", "history", write(tmp_path, "h.csv", HISTORY), "--mapping", "genesis")
    assert code == 2
    assert "anonymous_bank" in said


WRONG_USAGE = {
    "a day that is none": (["forecast", "--from", "tomorrow", "--days", "7"], "'tomorrow' is not a day"),
    "no days": (["forecast", "--from", "2026-03-02", "--days", "0"], "--days"),
    "a missing option": (["roster", "solve", "--from", "2026-03-02", "--days", "7"], "--name"),
    "a missing argument": (["import", "history"], "FILE"),
    "an unknown format": (["roster", "export", "r", "--format", "docx", "--out", "r.docx"], "docx"),
    "an unknown option": (["nightly", "--soon"], "--soon"),
    "an unknown command": (["fly"], "fly"),
    "no command": ([], "command"),
    "no command of a group": (["roster"], "command"),
}


@pytest.mark.parametrize("wrong", WRONG_USAGE, ids=str)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, said = WRONG_USAGE[wrong]
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert said in printed.err or "Usage" in printed.out


@pytest.mark.parametrize("wrong", WRONG_USAGE, ids=str)
def test_wrong_usage_prints_an_error_document_too(wrong: str, run: Run) -> None:
    arguments, said = WRONG_USAGE[wrong]
    code, document, _ = run(*arguments)
    assert code == 2
    assert document["error"]["exit_code"] == 2  # type: ignore[index]
    assert said in document["error"]["message"]  # type: ignore[index]


@pytest.mark.usefixtures("centre")
def test_a_queue_without_history_cannot_be_forecast_and_says_so(run: Run) -> None:
    code, document, said = run("forecast", "--from", "2026-03-09", "--days", "7")
    assert code == 2
    assert "card" in said
    assert "history" in said
    assert list(document["failures"]) == ["card"]  # type: ignore[call-overload]


@pytest.mark.usefixtures("centre")
def test_staffing_that_fails_for_every_queue_exits_as_a_forecast_does(run: Run) -> None:
    week = ("--from", "2026-03-09", "--days", "7")
    forecast, staff = run("forecast", *week), run("staff", *week)
    assert (
        (staff[0], staff[1]["failures"])
        == (forecast[0], forecast[1]["failures"])
        == (2, forecast[1]["failures"])
    )
    assert staff[2].count("'card'") == 1
    assert staff[1]["days"] == []


def test_staffing_that_fails_for_one_queue_tells_the_others_requirement(run: Run, own: Workspace) -> None:
    own.append_history(
        own.history(["card"]).head(0), source="none", digest="none", define={"test": [Queue(id="new")]}
    )
    week = ("--from", str(MONDAY), "--days", "7")
    code, document, said = run("--workspace", own.path, "staff", *week)
    assert code == 4
    assert set(document["failures"]) == {"new"}  # type: ignore[call-overload]
    assert {row["queue"] for row in document["days"]} == {"card", "vip"}  # type: ignore[attr-defined]
    assert said.count("'new'") == 1


def test_a_roster_without_some_queues_forecast_exits_with_4_and_names_each_once(
    run: Run, own: Workspace
) -> None:
    own.append_history(
        own.history(["card"]).head(0),
        source="none",
        digest="none",
        define={"test": [Queue(id="new", skill="card")]},
    )
    week = ("--from", str(MONDAY), "--days", "7", "--name", "r")
    code, document, said = run("--workspace", own.path, "roster", "solve", *week)
    assert code == 4
    assert set(document["error"]["failures"]) == {"new"}  # type: ignore[index]
    assert said.count("'new'") == 1


def test_global_options_may_stand_behind_the_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--json", "--workspace", str(folder), "--timezone", "Asia/Shanghai"]) == 0
    assert json.loads(capsys.readouterr().out) == {"workspace": str(folder), "timezone": "Asia/Shanghai"}


def test_xlsx_and_parquet_histories_are_read_like_csv(run: Run, folder: Path, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"queue": "card", "start": pd.date_range("2026-03-02 08:00", periods=4, freq="30min")}
    )
    frame["offered"] = [4, 5, 6, 7]
    frame.to_excel(tmp_path / "h.xlsx", index=False)
    frame.to_parquet(tmp_path / "h.parquet")
    assert run("init")[0] == 0
    assert run("import", "history", tmp_path / "h.xlsx")[1]["intervals"] == {
        "added": 4,
        "changed": 0,
        "unchanged": 0,
    }
    assert run("import", "history", tmp_path / "h.parquet")[1]["intervals"] == {
        "added": 0,
        "changed": 0,
        "unchanged": 4,
    }
    assert Workspace.open(folder).queue("card").interval_min == 30


@pytest.mark.usefixtures("centre")
@pytest.mark.parametrize("name", ["forecast.csv", "missing/forecast.parquet"])
def test_a_place_no_frame_can_go_to_is_refused_before_any_work(run: Run, tmp_path: Path, name: str) -> None:
    code, _, said = run("forecast", "--from", "2026-03-09", "--days", "7", "--out", tmp_path / name)
    assert code == 2
    assert name in said
    assert "Forecast" not in said


def test_a_table_is_written_whole_into_a_file_and_fits_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    wide = pd.DataFrame({f"column {n}": ["0123456789"] for n in range(8)})
    Output(as_json=False).result({}, table(wide))
    assert "0123456789  0123456789" in capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "90")
    Output(as_json=False).result({}, table(wide))
    assert "0123456789 0123456789" in capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "60")
    Output(as_json=False).result({}, table(wide))
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 60
    assert "…" not in printed


def test_names_in_square_brackets_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    name = "[/red]card [bold]"
    Output(as_json=False).result({}, name, table(pd.DataFrame({name: [name]}), title=name))
    assert capsys.readouterr().out.count(name) == 4


def test_a_roster_without_a_name_is_refused(run: Run) -> None:
    assert run("init")[0] == 0
    code, _, said = run("roster", "solve", "--from", "2026-03-02", "--days", "1", "--name", " ")
    assert code == 2
    assert "--name" in said
