"""What the synthetic centre writes, the product reads back as it was."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from data.ingest import ingest_history
from data.reference import import_reference
from data.schema import HISTORY, conform
from data.store import Workspace
from data.synthetic import Centre, make_centre
from data.synthetic.files import write_files

KINDS = ("queues", "patterns", "contracts", "agents", "peaks")


@pytest.fixture(scope="module")
def centre() -> Centre:
    return make_centre(days=70)


@pytest.fixture(scope="module")
def paths(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    return write_files(centre, tmp_path_factory.mktemp("centre") / "new" / "folder")


def test_there_is_one_file_of_each_kind_in_the_order_of_their_import(paths: Mapping[str, Path]) -> None:
    assert tuple(paths) == (*KINDS, "history")
    assert all(path.name == f"{kind}.csv" and path.is_file() for kind, path in paths.items())


def test_queues_people_patterns_contracts_and_peaks_come_back_as_they_were(
    centre: Centre, paths: Mapping[str, Path], tmp_path: Path
) -> None:
    workspace = Workspace.create(tmp_path / "workspace", timezone="UTC")
    for kind in KINDS:
        report = import_reference(workspace, kind, [paths[kind]])
        assert (report.added, report.changed, report.unused) == (len(getattr(centre, kind)), 0, ())
    for kind in KINDS:
        held = {thing.id: thing for thing in getattr(workspace, kind)()}
        assert {thing.id: held[thing.id] for thing in getattr(centre, kind)} == {
            thing.id: thing for thing in getattr(centre, kind)
        }


def test_the_history_file_holds_the_history_in_local_time(centre: Centre, paths: Mapping[str, Path]) -> None:
    read = pd.read_csv(paths["history"], encoding="utf-8-sig")
    assert read["start"].iloc[0] == "2024-11-11T07:00:00+08:00"
    read["start"] = pd.to_datetime(read["start"], utc=True).dt.as_unit("us")
    pd.testing.assert_frame_equal(conform(read, HISTORY), centre.history)


def test_the_history_comes_back_through_the_import_as_it_was(
    centre: Centre, paths: Mapping[str, Path], tmp_path: Path
) -> None:
    workspace = Workspace.create(tmp_path / "workspace", timezone="UTC")
    import_reference(workspace, "queues", [paths["queues"]])
    report = ingest_history(workspace, [paths["history"]])
    assert (report.good, report.faults, report.created) == (len(centre.history), (), ())
    keys = ["queue", "start"]
    pd.testing.assert_frame_equal(
        workspace.history().sort_values(keys, ignore_index=True),
        centre.history.sort_values(keys, ignore_index=True),
    )


def test_writing_again_replaces_the_files(centre: Centre, paths: Mapping[str, Path]) -> None:
    before = {kind: path.read_bytes() for kind, path in paths.items()}
    again = write_files(centre, paths["queues"].parent)
    assert {kind: path.read_bytes() for kind, path in again.items()} == before
