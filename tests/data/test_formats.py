"""docs/formats.md is the contract: what it lists is what the code reads."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from data.defaults import CONTRACTS, PATTERNS
from data.domain import Contract, PeakKind, Queue
from data.ingest import ingest_history
from data.mapping import load_mapping, mapping_names, parse_mapping
from data.reference import agents, contracts, import_reference, patterns, peaks, queues, shrinkage
from data.rule_sets import KINDS as KINDS_OF_RULE
from data.rule_sets import load_rule_sets
from data.store import Workspace
from data.tables.table import KINDS

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
MODULES = {
    "queues": queues,
    "shrinkage": shrinkage,
    "patterns": patterns,
    "contracts": contracts,
    "agents": agents,
    "peaks": peaks,
}


def section(name: str) -> str:
    found = re.search(rf"^### {name}\n(.*?)(?=^##)", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert found is not None, name
    return found[1]


def rows(name: str) -> dict[str, list[str]]:
    lines = [line for line in section(name).splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first.strip("`"): rest for first, *rest in cells}


@pytest.mark.parametrize("kind", MODULES)
def test_the_columns_of_a_reference_file_are_those_that_are_read(kind: str) -> None:
    module = MODULES[kind]
    assert set(rows(kind)) == {*module.REQUIRED, *module.OPTIONAL}
    needed = {name for name, cells in rows(kind).items() if cells[1] == "must be there"}
    assert needed == set(module.REQUIRED)


def test_the_columns_of_history_and_calls_are_those_of_the_default_mapping() -> None:
    mapping = load_mapping("default")
    assert mapping.history is not None
    assert set(rows("history")) == set(mapping.history.columns)
    assert {
        name for name, cells in rows("history").items() if cells[1] != "must be there"
    } == mapping.history.optional
    assert mapping.calls is not None
    outcomes = {name for rule in mapping.calls.rules for name in rule.when}
    assert set(rows("calls")) == {*mapping.calls.columns, "start", *outcomes}
    assert {
        name for name, cells in rows("calls").items() if cells[1] != "must be there"
    } == mapping.calls.optional


def test_the_defaults_of_queues_and_contracts_are_those_of_the_domain() -> None:
    queue, contract = Queue(id="q"), Contract(id="c")
    told = {name: cells[1].strip("`") for name, cells in rows("queues").items()}
    for name in (
        "channel",
        "interval_min",
        "patience_s",
        "concurrency",
        "priority",
        "shrinkage",
        "adherence",
    ):
        assert str(getattr(queue, name)) in (told[name], f"{told[name]}.0"), name
    for name in ("answer_rate", "interval_floor", "min_agents"):
        assert getattr(queue.target, name) == float(told[name]), name
    told = {name: cells[1] for name, cells in rows("contracts").items()}
    assert told["rule_set"] == f"`{contract.rule_set}`"
    spoken = {"none": None, "no": False}
    for name in set(told) - {"contract", "patterns", "rule_set"}:
        default = spoken[told[name]] if told[name] in spoken else float(told[name])
        assert getattr(contract, name) == default, name
    assert list(CONTRACTS) == [Contract(id="standard")]
    assert all(f"`{pattern.id}`" in section("contracts") for pattern in PATTERNS)


def test_every_kind_of_peak_and_of_file_and_every_shipped_mapping_is_named() -> None:
    assert all(f"`{kind.value}`" in section("peaks") for kind in PeakKind)
    assert all(f"`{ending}`" in TEXT for ending in KINDS)
    assert all(name in section("Column mappings") for name in mapping_names())


def test_rule_sets_and_their_kinds_are_those_that_are_read_and_the_one_in_the_text_is_sound(
    tmp_path: Path,
) -> None:
    told = rows("Rule sets")
    assert set(told) == {*load_rule_sets(), *KINDS_OF_RULE}
    for word, kind in KINDS_OF_RULE.items():
        figures = [field.name for field in fields(kind) if field.name != "source"]
        assert sorted(re.findall(r"`(\w+)`", told[word][0])) == sorted(figures), word
    [text] = re.findall(r"^```toml\n(.*?)^```", section("Rule sets"), flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "quarter.toml").write_text(text, encoding="utf-8")
    assert load_rule_sets(tmp_path)["quarter"].region == "CN"


def test_the_mapping_in_the_text_is_sound() -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", section("Column mappings"), flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    mapping = parse_mapping("formats.md", "\n".join(blocks).encode())
    assert mapping.history is not None
    assert mapping.calls is not None
    assert set(tomllib.loads(blocks[0])) == {"about", "skip_lines", "queue_names", "time", "history"}


def test_the_lake_is_read_by_the_lines_in_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    for offered in (1, 2):
        (tmp_path / "h.csv").write_text(
            f"queue,start,offered\n信用卡/A,2026-11-23 09:00,{offered}\n信用卡/A,2026-11-23 09:30,1\n",
            encoding="utf-8",
        )
        ingest_history(workspace, [tmp_path / "h.csv"])
    [code] = re.findall(r"^```python\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict[str, pd.DataFrame] = {}
    exec(code, names)  # noqa: S102 - the text's own lines
    latest = names["latest"].sort_values("start")
    assert latest["offered"].tolist() == [2, 1]
    assert latest["queue"].astype(str).unique().tolist() == ["信用卡/A"]
    assert latest["month"].astype(str).unique().tolist() == ["2026-11"]


def test_a_file_with_only_the_columns_that_must_be_there_is_enough(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    contents = {
        "queues": "queue\ncards\n",
        "patterns": "pattern\nlate\n",
        "contracts": "contract\npart\n",
        "agents": "agent_id,skills\nA1,cards\n",
        "peaks": "peak,kind,date\nbonus,event,2026-11-23\n",
    }
    for kind, content in contents.items():
        (tmp_path / "f.csv").write_text(content)
        assert import_reference(workspace, kind, [tmp_path / "f.csv"]).added == 1  # type: ignore[arg-type] - a literal
