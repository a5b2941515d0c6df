from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.errors import CancelledError, InputError
from data.store import Workspace
from tests.ui.conftest import MONDAY, ZONE, Files
from tests.ui.small_centre import small_centre
from ui import jobs
from ui.jobs import Job, State
from ui.jobs.folder import JobFolder
from ui.jobs.launch import FOLDER, KEPT
from ui.jobs.record import Progress
from ui.jobs.worker import Watch, work

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LONGEST_S = 120.0


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "ws", timezone=ZONE)


def wait(workspace: Workspace, job: Job, until: Callable[[Job], bool] = lambda job: not job.running) -> Job:
    """Look at a job until it is as wanted."""
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end:
        found = jobs.job(workspace.path, job.id)
        assert found is not None
        if until(found):
            return found
        time.sleep(0.05)
    pytest.fail(f"the job did not get there: {found}")


def requested(
    workspace: Workspace,
    kind: str,
    arguments: dict[str, object],
    number: int = 0,
    uploads: tuple[str, ...] = (),
) -> JobFolder:
    """A job's folder as `start` leaves it, without a worker."""
    folder = JobFolder(workspace.path / FOLDER / f"20261123T08000{number}-{kind}-abc")
    folder.files.mkdir(parents=True)
    folder.request(kind, arguments, NOW, uploads)
    return folder


def test_an_upload_is_imported_by_a_process_of_its_own(empty: Workspace, files: Files) -> None:
    started = jobs.start(
        empty.path,
        "imports",
        {"kind": "queues", "mapping": "default"},
        now=NOW,
        files=[("queues.csv", files.queues.read_bytes())],
    )
    assert started.running
    ended = wait(empty, started)
    assert (ended.state, ended.message, ended.result["added"]) == (State.DONE, "", 2)
    assert [queue.id for queue in empty.queues()] == ["card", "vip"]
    assert not JobFolder(empty.path / FOLDER / ended.id).files.exists()


def test_a_job_that_is_cancelled_keeps_nothing(own: Workspace) -> None:
    before = len(own.forecasts())
    started = jobs.start(
        own.path, "forecast", {"first": MONDAY.isoformat(), "days": 7, "queues": [], "seed": 0}, now=NOW
    )
    jobs.cancel(own.path, started.id)
    ended = wait(own, started)
    assert ended.state is State.CANCELLED
    assert len(own.forecasts()) == before


def test_a_job_outlives_the_process_that_started_it(empty: Workspace, files: Files) -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path; from ui import jobs;"
        "print(jobs.start(Path(sys.argv[1]), 'imports', {'kind': 'queues', 'mapping': 'default'}, now=datetime.now(UTC),"
        " files=[('queues.csv', Path(sys.argv[2]).read_bytes())]).id)"
    )
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    begun = subprocess.run(
        [sys.executable, "-c", code, str(empty.path), str(files.queues)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    job = jobs.job(empty.path, begun.stdout.strip())
    assert job is not None
    assert wait(empty, job).state is State.DONE


def test_a_wrong_file_is_refused_with_every_fault(empty: Workspace) -> None:
    folder = requested(empty, "imports", {"kind": "queues", "mapping": "default"}, uploads=("queues.csv",))
    (folder.files / "queues.csv").write_text("queue,answer_rate\ncard,1.9\nvip,x\n", encoding="utf-8")
    work(folder, empty.path)
    found = folder.read()
    assert found.state is State.DONE
    assert found.result["refused"]
    assert [(fault["source"], fault["line"], fault["column"]) for fault in found.result["bad"]] == [
        ("queues.csv", 2, "answer_rate"),
        ("queues.csv", 3, "answer_rate"),
    ]
    assert empty.queues() == ()


def test_what_a_person_did_wrong_is_told_without_our_folders(empty: Workspace) -> None:
    folder = requested(empty, "imports", {"kind": "history", "mapping": "no_such"}, uploads=("a.csv",))
    (folder.files / "a.csv").write_text("queue\n", encoding="utf-8")
    work(folder, empty.path)
    found = folder.read()
    assert found.state is State.FAILED
    assert "no_such" in found.message
    assert str(empty.path) not in found.message


def test_two_uploads_may_bear_one_name_and_no_path_out_of_the_folder(empty: Workspace) -> None:
    uploads = [("q.csv", b"queue\na\n"), ("../q.csv", b"queue\nb\n")]
    started = jobs.start(
        empty.path, "imports", {"kind": "queues", "mapping": "default"}, now=NOW, files=uploads
    )
    assert started.uploads == ("q.csv", "file_1/q.csv")
    assert wait(empty, started).result["added"] == 2


def test_a_mapping_may_be_uploaded_with_the_files(empty: Workspace) -> None:
    asked = {"kind": "history", "mapping": None}
    folder = requested(empty, "imports", asked, uploads=("own.csv", "own.toml"))
    (folder.files / "own.csv").write_text("Line,When,Calls\na,2026-11-20 09:00,4\n", encoding="utf-8")
    own = 'about = "ours"\n[history.columns]\nqueue = "Line"\nstart = "When"\noffered = "Calls"\n'
    (folder.files / "own.toml").write_text(own, encoding="utf-8")
    work(folder, empty.path)
    found = folder.read()
    assert (found.state, found.message) == (State.DONE, "")
    assert found.result["added"] == 1
    assert [version.source for version in empty.versions()] == ["own.csv"]


def test_a_forecast_that_cannot_be_made_names_the_queue(empty: Workspace, files: Files) -> None:
    folder = requested(empty, "imports", {"kind": "queues", "mapping": "default"}, uploads=("queues.csv",))
    (folder.files / "queues.csv").write_bytes(files.queues.read_bytes())
    work(folder, empty.path)
    asked = requested(
        empty, "forecast", {"first": MONDAY.isoformat(), "days": 7, "queues": ["card"], "seed": 0}, 1
    )
    work(asked, empty.path)
    assert "card" in asked.read().result["failures"]


def test_a_roster_without_agents_says_what_to_import(empty: Workspace) -> None:
    asked = {
        "name": "r",
        "first": MONDAY.isoformat(),
        "days": 7,
        "time_s": 5.0,
        "gap": 0.01,
        "seed": 0,
        "allow_shortfall": False,
        "replace": False,
    }
    folder = requested(empty, "roster", asked)
    work(folder, empty.path)
    found = folder.read()
    assert found.state is State.FAILED
    assert "Import agents" in found.message


def test_targets_out_of_reach_keep_the_best_there_is_and_replace_another_only_where_that_is_ticked(
    tmp_path: Path,
) -> None:
    centre = small_centre(
        tmp_path,
        queue="card,0.99,day,0.1,08:00,16:00",
        patterns=[("day", "08:00", "08:00", 60, 480)],
        people=1,
        open_h=range(8, 16),
        offered=9.0,
    )
    asked = {"name": "r", "first": MONDAY.isoformat(), "days": 2, "time_s": 20.0, "gap": 0.2, "seed": 0}
    states = []
    for keep, replace in ((False, False), (False, True), (True, True)):
        folder = requested(centre, "roster", {**asked, "allow_shortfall": keep, "replace": replace})
        work(folder, centre.path)
        states.append(folder.read().state)
        assert centre.roster_record("r").status == "infeasible"
        if states[-1] is State.FAILED:
            assert "tick that one that misses targets may replace another" in folder.read().message
    assert states == [State.DONE, State.FAILED, State.DONE]


def test_a_surprise_is_told_and_logged(empty: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = requested(empty, "demo", {})
    monkeypatch.setattr("ui.jobs.kinds.demo.run", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work(folder, empty.path)
    assert folder.read().state is State.FAILED
    assert "log.txt" in folder.read().message


def test_a_job_whose_worker_is_gone_is_lost(empty: Workspace) -> None:
    assert requested(empty, "demo", {}).read().state is State.LOST


def test_a_job_runs_as_long_as_its_lock_is_held(empty: Workspace) -> None:
    folder = requested(empty, "demo", {})
    descriptor = folder.lock()
    assert folder.read().state is State.RUNNING
    os.close(descriptor)
    assert folder.read().state is State.LOST


def test_progress_is_what_was_told_last(empty: Workspace) -> None:
    folder = requested(empty, "roster", {})
    watch = Watch(folder)
    watch.report("Answer curves", None)
    watch.solving("Branching", 10.0, 9.0, 0.1, 0.5)
    assert folder.read().progress == Progress(
        phase="Branching", share=0.5, incumbent=10.0, bound=9.0, gap=0.1
    )


def test_a_report_after_a_cancel_stops_the_work(empty: Workspace) -> None:
    folder = requested(empty, "forecast", {})
    watch = Watch(folder)
    assert not watch.stop()
    jobs.cancel(empty.path, folder.path.name)
    assert folder.read().cancelling
    with pytest.raises(CancelledError):
        watch.report("Forecast", 0.5)


def test_the_latest_job_is_of_its_kind(empty: Workspace) -> None:
    requested(empty, "demo", {}, 1)
    requested(empty, "imports", {}, 2)
    found = jobs.latest(empty.path, "demo")
    assert found is not None
    assert found.kind == "demo"
    assert jobs.latest(empty.path, "roster") is None


@pytest.mark.parametrize("content", ["{}", "[]", "not JSON", '{"kind": "demo"}'])
def test_a_job_that_cannot_be_read_is_passed_over(content: str, empty: Workspace) -> None:
    requested(empty, "demo", {}, 1)
    odd = requested(empty, "demo", {}, 2)
    (odd.path / "request.json").write_text(content, encoding="utf-8")
    found = jobs.latest(empty.path, "demo")
    assert found is not None
    assert found.id.startswith("20261123T080001")
    assert len(jobs.jobs(empty.path, "demo")) == 1
    assert jobs.job(empty.path, odd.path.name) is None


def test_an_unknown_job_is_none_and_no_way_out_of_the_folder(empty: Workspace) -> None:
    assert jobs.job(empty.path, "nobody") is None
    assert jobs.job(empty.path, "../../..") is None


def test_old_jobs_are_forgotten(empty: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.jobs.launch._spawn", lambda *_: None)
    for number in range(KEPT + 5):
        jobs.start(empty.path, "demo", {}, now=NOW + timedelta(seconds=number))
    assert len(jobs.jobs(empty.path, "demo")) == KEPT + 1


def test_a_worker_that_cannot_start_is_told(empty: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(InputError, match="could not be started"):
        jobs.start(empty.path, "demo", {}, now=NOW)
    found = jobs.latest(empty.path, "demo")
    assert found is not None
    assert found.state is State.LOST
