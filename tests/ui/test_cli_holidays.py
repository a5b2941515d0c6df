"""Official holiday notices by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.store import Workspace
from ui.cli import main


def run(
    workspace: Workspace, file: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, object]]:
    code = main(["--json", "--workspace", str(workspace.path), "import", "holidays", str(file)])
    return code, json.loads(capsys.readouterr().out)


def test_a_notice_is_imported_and_a_faulty_one_changes_nothing(
    own: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "notice.csv"
    good.write_text("date,holiday,working\n2097-05-01,劳动节,\n2097-05-04,,班\n", encoding="utf-8")
    code, found = run(own, good, capsys)
    assert code == 0
    assert found["notices"] == [{"region": "CN", "year": 2097, "holidays": 1, "makeup_days": 1}]
    held = own.notices()
    bad = tmp_path / "bad.csv"
    bad.write_text("date,holiday\n2097-02-30,x\n", encoding="utf-8")
    code, found = run(own, bad, capsys)
    assert code == 2
    assert own.notices() == held
