"""The independent count of the employee shift scheduling instances: each rule broken, and just kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.roster_instances.count import objective, violations
from benchmarks.roster_instances.file_format import Instance, read_instance
from data.errors import InputError

FILE = """# a comment
SECTION_HORIZON
14

SECTION_SHIFTS
# ShiftID, Length in mins, Shifts which cannot follow this shift | separated
E,480,
L,600,E

SECTION_STAFF
Ann,E=14|L=1,3000,1440,4,2,2,1

SECTION_DAYS_OFF
Ann,13

SECTION_SHIFT_ON_REQUESTS
Ann,1,E,3

SECTION_SHIFT_OFF_REQUESTS
Ann,2,E,5

SECTION_COVER
1,E,2,100,1
2,E,0,100,7
"""


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    file = tmp_path / "tiny.txt"
    file.write_text(FILE)
    return read_instance(file)


def days(text: str) -> dict[str, list[str]]:
    return {"Ann": ["" if shift == "." else shift for shift in text]}


@pytest.mark.parametrize(
    ("kept", "broken", "what"),
    [
        (".EEL..........", ".ELE..........", "E follows L"),
        (".EEL..........", ".ELL..........", "works 2 shifts L"),
        (".EEE..........", ".EE...........", "works 960 minutes"),
        ("EEEL..EE......", "EEEL..EEE.....", "works 3480 minutes"),
        ("EEEE..........", "EEEEE.........", "works 5 days in a row"),
        ("E..EE.........", ".E..EE........", "works only 1 days in a row"),
        (".EE..EE.......", ".EE.EE........", "has only 1 days off"),
        ("...EE.......E.", "...EE........E", "works on day off 13"),
        ("....EE...EE...", "....EE.....EE.", "works on 2 weekends"),
        ("EEE...........", "EEE..........", "must have 14 days"),
        ("EEE...........", "XEE...........", "of known shifts"),
    ],
)
def test_a_broken_rule_is_told_and_a_kept_one_is_not(
    instance: Instance, kept: str, broken: str, what: str
) -> None:
    assert not [line for line in violations(instance, days(kept)) if what[:12] in line]
    assert [line for line in violations(instance, days(broken)) if what in line]


def test_a_roster_of_other_people_is_told(instance: Instance) -> None:
    assert violations(instance, {"Bob": [""] * 14}) == ["Ann: not in the roster", "Bob: not of the staff"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".EEE..........", 100 + 5 + 7),
        ("..LEE.........", 3 + 200),
        ("EL............", 3 + 200),
        (".E............", 100),
    ],
)
def test_the_objective_adds_requests_and_cover(instance: Instance, text: str, expected: int) -> None:
    assert objective(instance, days(text)) == expected


def test_a_missing_section_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cut.txt"
    file.write_text(FILE.split("SECTION_COVER", maxsplit=1)[0])
    with pytest.raises(InputError, match="SECTION_COVER"):
        read_instance(file)
