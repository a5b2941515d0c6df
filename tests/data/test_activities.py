from __future__ import annotations

import dataclasses
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.activities import Activity, Gathering
from data.activity_documents import activity_document, activity_from
from data.domain import Agent, Queue
from data.errors import FaultyFileError, FieldError
from data.reference import activities as columns
from data.reference import activity_rows, import_reference
from data.shrinkage import Shrinkage
from data.store import Workspace

FULL = Activity(
    id="review",
    kind="coaching",
    length_min=30,
    people=frozenset({"A1", "A2"}),
    gathering=Gathering.GROUPS,
    least=1,
    most=2,
    coach="A3",
    weekdays=frozenset({0, 1}),
    from_min=540,
    until_min=1020,
    first=date(2026, 11, 23),
    last=date(2026, 12, 4),
    weekly=True,
    edge_min=30,
    price=2.5,
)
"""Every field other than its default, but team and skill, of which only one of the three can be."""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "workspace")
    made.save_queues([Queue(id="cards")])
    made.save_agents(
        Agent(id=name, team="north" if name < "A3" else "south", skills=frozenset({"cards"}))
        for name in ("A1", "A2", "A3")
    )
    return made


def bring(workspace: Workspace, content: str) -> None:
    path = workspace.path / "activities.csv"
    path.write_text(content, encoding="utf-8")
    import_reference(workspace, "activities", [path])


@pytest.mark.parametrize(
    "activity", [FULL, Activity(id="a", team="north"), Activity(id="a", skill="cards"), Activity(id="a")]
)
def test_an_activity_comes_back_from_its_document_and_from_the_rows_of_its_file(
    workspace: Workspace, activity: Activity
) -> None:
    assert activity_from(activity_document(activity)) == activity
    bring(workspace, activity_rows([activity]).to_csv(index=False))
    assert workspace.activities() == (activity,)


def test_the_document_holds_every_field() -> None:
    assert set(activity_document(FULL)) == {field.name for field in dataclasses.fields(Activity)}


def test_what_a_file_has_no_column_for_stays_and_an_empty_cell_means_the_default(
    workspace: Workspace,
) -> None:
    bring(workspace, "activity,length_min,coach\nx,30,A3\n")
    bring(workspace, "activity,coach,kind\nx,,meeting\n")
    assert workspace.activities() == (Activity(id="x", kind="meeting", length_min=30),)


@pytest.mark.parametrize(
    ("content", "column", "reason"),
    [
        ("activity,who\nx,A9\n", "who", "unknown agent 'A9'"),
        ("activity,who\nx,team:west\n", "who", "unknown team 'west'"),
        ("activity,who\nx,skill:funds\n", "who", "unknown skill 'funds'"),
        ("activity,who\nx,team:\n", "who", "no single team"),
        ("activity,who,coach\nx,A1,A1\n", "coach", "cannot coach themselves"),
        ("activity,coach\nx,A9\n", "coach", "unknown agent 'A9'"),
        ("activity,together\nx,pairs\n", "together", "unknown word"),
        ("activity,together,least,most\nx,groups,3,2\n", "most", "most is at least 3"),
        ("activity,most\nx,3\n", "most", "most is for groups"),
        ("activity,together,most\nx,alone,3\n", "most", "one a session"),
        ("activity,from,until\nx,09:00,09:59\n", "until", "do not fit"),
        ("activity,first,last\nx,2026-11-24,2026-11-23\n", "last", "before it begins"),
        ("activity,repeats\nx,daily\n", "repeats", "neither once nor weekly"),
        ("activity,price\nx,-1\n", "price", "negative"),
        ("activity,length_min\nx,0\n", "length_min", "lies in 1–1440"),
        ("activity,kind\nx,a:b\n", "kind", "without colons"),
        ("activity,length_min\nx,30\nx,60\n", "activity", "is on line 2 already"),
    ],
)
def test_a_file_with_one_fault_names_its_cell_and_changes_nothing(
    workspace: Workspace, content: str, column: str, reason: str
) -> None:
    with pytest.raises(FaultyFileError, match=reason) as error:
        bring(workspace, content)
    assert [fault.column for fault in error.value.faults] == [column]
    assert workspace.activities() == ()


def test_a_file_of_agents_is_not_taken_for_activities(workspace: Workspace) -> None:
    with pytest.raises(FaultyFileError, match="this is a file of agents, not of activities"):
        bring(workspace, "agent_id,skills,team\nA1,cards,north\n")


def test_the_columns_in_the_documentation_are_those_that_are_read() -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    section = re.search(r"^### activities\n(.*?)(?=^##)", text, flags=re.MULTILINE | re.DOTALL)
    assert section is not None
    assert re.findall(r"^\| `(\w+)`", section[1], flags=re.MULTILINE) == [
        *columns.REQUIRED,
        *columns.OPTIONAL,
    ]


@pytest.mark.parametrize(
    ("changes", "members"),
    [
        ({}, {"A1", "A2", "A3"}),
        ({"team": "north"}, {"A1", "A2"}),
        ({"skill": "funds"}, {"A3"}),
        ({"people": frozenset({"A1"})}, {"A1"}),
        ({"coach": "A3"}, {"A1", "A2"}),
    ],
)
def test_an_activity_is_for_those_it_names_without_its_coach(
    changes: dict[str, Any], members: set[str]
) -> None:
    agents = [
        Agent(id="A1", team="north", skills=frozenset({"cards"})),
        Agent(id="A2", team="north", skills=frozenset({"cards"})),
        Agent(id="A3", team="south", skills=frozenset({"cards", "funds"})),
    ]
    assert {agent.id for agent in Activity(id="x", **changes).members(agents)} == members


def test_people_are_named_in_one_way_only() -> None:
    with pytest.raises(FieldError, match="Give one of them"):
        Activity(id="x", team="north", skill="cards")


def test_shrinkage_planned_for_the_same_is_told(workspace: Workspace) -> None:
    share = Shrinkage(cause="training", share=0.05, planned=True)
    workspace.save_queues([Queue(id="cards", shrinkages=(share, replace(share, cause="meeting")))])
    path = workspace.path / "activities.csv"
    path.write_text("activity,kind\nx,training\n", encoding="utf-8")
    [note] = import_reference(workspace, "activities", [path]).notes
    assert "'cards' has planned shrinkage 'training'" in note
