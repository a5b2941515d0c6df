from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.domain import Queue
from data.errors import FaultyFileError, UnknownNameError
from data.reference import ReferenceKind, import_reference, shrinkage_rows
from data.shrinkage import Availability, Shrinkage
from data.store import Workspace

QUEUES = "queue,interval_min\ncards,30\nfunds,15\n"
SOUND = (
    "queue,cause,share,planned,days,open,close\n"
    ",training,5%,yes,mon-fri,10:00,12:00\n"
    ",sickness,0.08,,,,\n"
    "funds,training,0.1,是,周一,22:00,02:00\n"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", timezone="Asia/Shanghai")
    import_reference(made, "queues", [put(tmp_path, "queues.csv", QUEUES)])
    return made


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def bring(workspace: Workspace, content: str, kind: ReferenceKind = "shrinkage") -> None:
    import_reference(workspace, kind, [put(workspace.path, f"{kind}.csv", content)])


def test_rows_without_a_queue_are_for_all_but_causes_a_queue_tells_itself(workspace: Workspace) -> None:
    report = import_reference(workspace, "shrinkage", [put(workspace.path, "s.csv", SOUND)])
    assert (report.added, report.changed, report.unchanged, report.notes) == (0, 2, 0, ())
    sickness = Shrinkage(cause="sickness", share=0.08)
    week = frozenset(range(5))
    training = Shrinkage(
        cause="training", share=0.05, planned=True, weekdays=week, open_min=600, close_min=720
    )
    late = Shrinkage(
        cause="training", share=0.1, planned=True, weekdays=frozenset({0}), open_min=1320, close_min=1560
    )
    assert workspace.queue("cards").shrinkages == (training, sickness)
    assert workspace.queue("funds").shrinkages == (sickness, late)
    again = import_reference(workspace, "shrinkage", [put(workspace.path, "s.csv", SOUND)])
    assert (again.changed, again.unchanged) == (0, 2)


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_a_workbook_and_a_parquet_file_say_the_same(workspace: Workspace, ending: str) -> None:
    bring(workspace, SOUND)
    told = [queue.shrinkages for queue in workspace.queues()]
    frame = shrinkage_rows(workspace.queues()).assign(share=lambda rows: rows["share"].astype(float))
    path = workspace.path / f"s.{ending}"
    frame.to_excel(path, index=False) if ending == "xlsx" else frame.to_parquet(path)
    bring(workspace, "cause,share\nother,0.5\n")
    import_reference(workspace, "shrinkage", [path])
    assert [queue.shrinkages for queue in workspace.queues()] == told


def test_a_queue_the_file_does_not_touch_keeps_its_causes_and_a_share_of_0_takes_them_away(
    workspace: Workspace,
) -> None:
    bring(workspace, SOUND)
    before = workspace.queue("cards")
    bring(workspace, "queue,cause,share\nfunds,training,0\n")
    assert workspace.queue("funds").shrinkages == ()
    assert workspace.queue("cards") == before


def test_a_queues_file_leaves_causes_and_availability_alone(workspace: Workspace) -> None:
    bring(workspace, SOUND)
    fitted = Availability(factor=0.9, open_min=600, close_min=720)
    held = workspace.queue("cards")
    workspace.change_queues([type(held)(**{**_fields(held), "availability": (fitted,)})])
    bring(workspace, "queue,adherence\ncards,95%\n", "queues")
    now = workspace.queue("cards")
    assert (now.shrinkages, now.availability, now.adherence) == (held.shrinkages, (fitted,), 0.95)


def _fields(queue: Queue) -> dict[str, object]:
    return {name: getattr(queue, name) for name in type(queue).__dataclass_fields__}


FAULTS = [
    ("queue,cause,share\nloans,training,0.1\n", 2, "queue", "unknown queue 'loans'"),
    ("cause,share\n,0.1\n", 2, "cause", "the value is missing"),
    ("cause,share\ntraining,\n", 2, "share", "the value is missing"),
    ("cause,share\ntraining,1\n", 2, "share", "its share lies in 0 ≤ x < 1"),
    ("cause,share\ntraining,5\n", 2, "share", "a share lies between 0 and 1"),
    ("cause,share,planned\ntraining,0.1,maybe\n", 2, "planned", "neither yes nor no"),
    ("cause,share,days\ntraining,0.1,noday\n", 2, "days", "no weekday"),
    ("cause,share,open\ntraining,0.1,25:00\n", 2, "open", "not a time of day"),
    ("cause,share,open\ntraining,0.1,24:00\n", 2, "open", "open before they close"),
    ("cause,share\nsickness,0.1\ntraining,0.1\ntraining,0.2\n", 4, "cause", "hold at the same time"),
]


@pytest.mark.parametrize(("content", "line", "column", "reason"), FAULTS)
def test_a_fault_names_line_column_and_repair_and_nothing_is_written(
    workspace: Workspace, content: str, line: int, column: str, reason: str
) -> None:
    bring(workspace, SOUND)
    before = workspace.queues()
    with pytest.raises(FaultyFileError) as error:
        bring(workspace, content)
    [fault] = error.value.faults
    assert (fault.line, fault.column) == (line, column)
    assert reason in fault.reason
    assert fault.repair
    assert workspace.queues() == before


def test_a_queue_in_two_files_is_a_fault(workspace: Workspace) -> None:
    files = [put(workspace.path, name, "cause,share\nsickness,0.1\n") for name in ("a.csv", "b.csv")]
    with pytest.raises(FaultyFileError, match=r"'cards' has rows from .*a.csv, line 2, on already"):
        import_reference(workspace, "shrinkage", files)


def test_without_any_queue_there_is_nothing_to_shrink(tmp_path: Path) -> None:
    bare = Workspace.create(tmp_path / "bare", timezone="UTC")
    with pytest.raises(FaultyFileError, match=r"Correct the name or import the queue first. Known: none yet"):
        bring(bare, SOUND)


def test_causes_on_top_of_a_shrinkage_at_any_time_are_told(workspace: Workspace) -> None:
    bring(workspace, "queue,shrinkage\ncards,0.3\n", "queues")
    report = import_reference(workspace, "shrinkage", [put(workspace.path, "s.csv", SOUND)])
    [note] = report.notes
    assert note.startswith("queue 'cards' has shrinkage 0.3 at any time besides these causes")


@pytest.mark.parametrize("kind", ["queues", "agents", "patterns", "contracts", "peaks"])
def test_a_file_of_shrinkage_is_refused_by_every_other_import(
    workspace: Workspace, kind: ReferenceKind
) -> None:
    with pytest.raises(FaultyFileError, match=f"this is a file of shrinkage, not of {kind}"):
        bring(workspace, SOUND, kind)
    with pytest.raises(FaultyFileError, match="this is a file of queues, not of shrinkage"):
        bring(workspace, "queue,channel,days,open\ncards,voice,mon,08:00\n")


def test_a_queue_the_history_made_stays_one_of_the_history(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "made", timezone="UTC")
    made.save_queues([Queue(id="cards")], origin="history")
    bring(made, "cause,share\nsickness,0.1\n")
    assert made.queue_origins() == {"cards": "history"}
    with pytest.raises(UnknownNameError):
        made.change_queues([Queue(id="funds")])


def test_what_is_written_reads_back_as_it_was(workspace: Workspace) -> None:
    bring(workspace, SOUND)
    rows = shrinkage_rows(workspace.queues())
    assert list(rows.columns) == ["queue", "cause", "share", "planned", "days", "open", "close"]
    assert isinstance(rows, pd.DataFrame)
    before = workspace.queues()
    bring(workspace, "cause,share\nother,0\n")
    bring(workspace, rows.to_csv(index=False))
    assert workspace.queues() == before
