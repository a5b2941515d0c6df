"""The whole raw export of the Anonymous Bank against the counts that were published with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.ingest import IngestReport, ingest_calls
from data.mapping import SHIPPED
from data.store import Workspace

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "anonymous_bank_1999"
QUEUES = ["IN", "NE", "NW", "PE", "PS", "TT"]
FIGURES = ["offered", "answered", "abandoned"]

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} not found, skipped")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, IngestReport]:
    workspace = Workspace.create(tmp_path_factory.mktemp("bank") / "w", timezone="Asia/Jerusalem")
    files = sorted(FOLDER.glob("calls_1999_*.tsv.gz"))
    return workspace, ingest_calls(workspace, files, mapping="anonymous_bank")


def published() -> pd.DataFrame:
    """Published counts by queue and local start; they count a call where it entered the menu."""
    counts = pd.read_parquet(FOLDER / "intervals_30min_jan_jul.parquet")
    counts = counts[counts["queue"].isin(QUEUES)].drop(columns="offered")
    return counts.rename(columns={"offered_to_agents": "offered"})[["queue", "start", *FIGURES]]


def test_all_seven_months_come_in_without_a_fault_and_every_row_is_accounted_for(
    imported: tuple[Workspace, IngestReport],
) -> None:
    workspace, report = imported
    assert (report.rows, report.faults) == (252_290, ())
    assert report.ignored == {
        "phantom row of the switch, no call": 2_348,
        "type AA, which no agent served": 4,
        "left in the menu, never asked for a person": 13_573,
        "outside the queue's opening hours": 1_062,
    }
    assert report.rows == report.good + sum(report.ignored.values())
    assert sorted(report.created) == QUEUES
    assert set(workspace.queue_origins().values()) == {"mapping"}
    assert "10 handle times above 7200 s were cut to that" in report.notes


def test_totals_per_queue_are_the_published_ones_less_the_contacts_outside_opening_hours(
    imported: tuple[Workspace, IngestReport],
) -> None:
    workspace, report = imported
    found = workspace.history().groupby("queue")[FIGURES].sum()
    expected = published().groupby("queue")[FIGURES].sum()
    missing = expected - found
    assert (missing >= 0).all().all()
    assert missing["offered"].sum() == report.ignored["outside the queue's opening hours"]
    assert (missing / expected).max().max() < 0.017
    np.testing.assert_array_equal(found["offered"], found["answered"] + found["abandoned"])
    assert expected.loc["PS", "answered"] == 141_783
    assert found.loc["PS", "answered"] == 141_140


def test_when_calls_are_filed_where_they_entered_the_menu_every_interval_is_the_published_one(
    tmp_path: Path,
) -> None:
    text = (SHIPPED / "anonymous_bank.toml").read_text(encoding="utf-8")
    other = text.replace('start = ["q_start", "ser_start", "vru_exit"], after', 'start = "vru_entry", after')
    other = other.replace('none = ["0:00:00"]', "none = []").split("# Opening hours")[0]
    assert other != text
    hours = "".join(f'[[queue]]\nqueue = "{queue}"\n' for queue in QUEUES)
    mapping = tmp_path / "entered.toml"
    mapping.write_text(other + hours, encoding="utf-8")
    workspace = Workspace.create(tmp_path / "w", timezone="Asia/Jerusalem")
    report = ingest_calls(workspace, [FOLDER / "calls_1999_03.tsv.gz"], mapping=mapping)
    assert report.faults == ()
    history = workspace.history()
    local = history["start"].dt.tz_convert("Asia/Jerusalem").dt.tz_localize(None)
    found = history.assign(start=local).set_index(["queue", "start"])[FIGURES]
    expected = published().set_index(["queue", "start"]).reindex(found.index)
    assert len(found) == len(QUEUES) * 31 * 48
    np.testing.assert_array_equal(found.to_numpy(), expected.to_numpy(dtype=float))


def test_every_open_interval_of_every_day_of_the_export_is_there_and_other_days_are_not(
    imported: tuple[Workspace, IngestReport],
) -> None:
    workspace, _ = imported
    history = workspace.history(["PE"])
    local = history["start"].dt.tz_convert("Asia/Jerusalem")
    days = pd.Series(local.dt.date.unique())
    everyday = pd.Series(pd.date_range("1999-01-01", "1999-07-31").date)
    closed = set(everyday) - set(days)
    assert pd.Timestamp("1999-01-11").date() in closed
    assert pd.Timestamp("1999-01-12").date() in closed
    per_day = local.groupby(local.dt.date).size()
    sunday, friday, saturday = (pd.Timestamp(f"1999-03-{day:02d}").date() for day in (7, 5, 6))
    assert (per_day[sunday], per_day[friday], per_day[saturday]) == (34, 14, 8)
    assert (history["offered"] == 0).any()


def test_the_export_imported_again_changes_nothing(imported: tuple[Workspace, IngestReport]) -> None:
    workspace, report = imported
    files = sorted(FOLDER.glob("calls_1999_*.tsv.gz"))
    again = ingest_calls(workspace, files, mapping="anonymous_bank")
    assert (again.appended.version, again.appended.unchanged) == (None, report.appended.added)
    assert len(workspace.versions()) == 1


def test_waits_and_handle_times_are_those_of_the_raw_rows(imported: tuple[Workspace, IngestReport]) -> None:
    raw = pd.read_csv(FOLDER / "calls_1999_02.tsv.gz", sep="\t", dtype=str, keep_default_na=False)
    raw = raw[(raw["type"] == "PS") & (raw["date"] == "990201")]
    asked = raw[raw["outcome"].eq("AGENT") | (raw["outcome"].eq("HANG") & raw["q_start"].ne("0:00:00"))]
    answered = asked[asked["outcome"] == "AGENT"]
    history = imported[0].history(["PS"])
    day = history[
        history["start"].dt.tz_convert("Asia/Jerusalem").dt.date == pd.Timestamp("1999-02-01").date()
    ]
    assert day["offered"].sum() == len(asked)
    assert day["wait_s"].sum() == asked["q_time"].astype(int).sum()
    assert day["handle_time_s"].sum() == answered["ser_time"].astype(int).sum()
    assert day["answered_in_threshold"].sum() == (answered["q_time"].astype(int) <= 20).sum()
