"""Imports by the command line that go back to an older file."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from data.store import Workspace
from ui.cli import main


def test_an_older_file_supersedes_a_newer_one_only_where_it_is_said(
    own: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def put(agents: int, *options: str) -> dict[str, int]:
        file = tmp_path / f"{agents}.csv"
        file.write_text(f"queues,start,agents\ncard,2097-05-06 10:00,{agents}\n", encoding="utf-8")
        assert main(["--json", "--workspace", str(own.path), "import", "presence", str(file), *options]) == 0
        counts: dict[str, int] = json.loads(capsys.readouterr().out)["intervals"]
        return counts

    def held() -> float:
        kept = own.presence(["card"])
        return float(kept.loc[kept["start"] >= pd.Timestamp("2097-05-01", tz="UTC"), "agents"].item())

    put(7)
    put(8)
    assert put(7) == {"added": 0, "changed": 0, "unchanged": 1}
    assert held() == 8
    assert put(7, "--again") == {"added": 0, "changed": 1, "unchanged": 0}
    assert held() == 7
