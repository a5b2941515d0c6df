"""Rule sets: what the shipped ones say, and what is told of a file that is wrong."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from data.errors import FaultyFileError
from data.rule_sets import (
    KINDS,
    CycleHours,
    NormalHours,
    OvertimePay,
    OvertimePerDay,
    OvertimePerMonth,
    WeeklyRest,
    load_rule_sets,
)

SOUND = """
region = "CN"
[[version]]
valid_from = 2020-01-01
valid_until = 2025-01-01
[[version.rule]]
kind = "overtime_per_day"
most_h = 3
source = "Law, Art. 41"
[[version]]
valid_from = 2025-01-01
[[version.rule]]
kind = "overtime_per_day"
most_h = 2
source = "Law, Art. 41"
"""


def written(folder: Path, text: str, name: str = "house") -> Path:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_four_rule_sets_are_shipped_and_each_rule_of_them_has_its_source() -> None:
    sets = load_rule_sets()
    assert set(sets) == {"none", "china_standard_hours", "china_comprehensive_hours", "eu_working_time"}
    rules = [rule for found in sets.values() for version in found.versions for rule in version.rules]
    assert all(", Art. " in rule.source and ": " in rule.source for rule in rules)
    assert {type(rule) for rule in rules} == set(KINDS.values())


def test_china_standard_hours_are_those_of_the_labour_law() -> None:
    china, day = load_rule_sets()["china_standard_hours"], date(2026, 3, 2)
    normal, most = china.rule(NormalHours, day), china.rule(OvertimePerDay, day)
    month, rest, pay = (china.rule(kind, day) for kind in (OvertimePerMonth, WeeklyRest, OvertimePay))
    assert (normal and (normal.day_h, normal.week_h), most and most.most_h) == ((8, 40), 3)
    assert (month and month.most_h, rest and rest.least_h) == (36, 24)
    assert pay
    assert (pay.working_day, pay.rest_day, pay.statutory_holiday) == (1.5, 2.0, 3.0)
    assert china.on(date(1995, 4, 30)) is None


def test_the_version_that_holds_on_a_day_is_the_one_that_counts() -> None:
    china = load_rule_sets()["china_comprehensive_hours"]
    before, after = (china.rule(CycleHours, day) for day in (date(2024, 12, 31), date(2025, 1, 1)))
    assert (before and before.normal_h, after and after.normal_h) == (166.64, 165.36)


def test_a_set_of_the_workspace_is_read_and_takes_the_place_of_a_shipped_one_of_its_name(
    tmp_path: Path,
) -> None:
    sets = load_rule_sets(written(written(tmp_path, SOUND), SOUND, "none"))
    assert [len(sets[name].versions) for name in ("house", "none")] == [2, 2]
    late = sets["house"].rule(OvertimePerDay, date(2025, 1, 1))
    assert late
    assert late.most_h == 2


def test_there_may_be_no_folder_of_own_sets(tmp_path: Path) -> None:
    assert load_rule_sets(tmp_path / "rule_sets") == load_rule_sets()


FAULTS = [
    ('region = "CN"', 'region = "XX"', "region", "XX", "Give an ISO country code"),
    ('kind = "overtime_per_day"', 'kind = "overtime"', "version 1.rule 1.kind", "overtime", "Give one of: "),
    ("most_h = 3", "", "version 1.rule 1.most_h", None, "Add most_h = …"),
    ("most_h = 3", 'most_h = "3"', "version 1.rule 1.most_h", "3", "Give a number."),
    ("most_h = 3", "most_h = 25", "version 1.rule 1.most_h", "25.0", "Correct it."),
    ("most_h = 3", "most_h = nan", "version 1.rule 1.most_h", "nan", "Give a number."),
    ("most_h = 3", "most_h = 3\nmost = 3", "version 1.rule 1.most", "3", "Correct or remove it."),
    ('source = "Law, Art. 41"', 'source = ""', "version 1.rule 1.source", "", "Say which law"),
    ("valid_from = 2020-01-01", "", "version 1.valid_from", None, "Add valid_from"),
    (
        "valid_from = 2020-01-01",
        'valid_from = "2020"',
        "version 1.valid_from",
        "2020",
        "a date without quotes",
    ),
    ("valid_until = 2025-01-01", "", "version", None, "Give it valid_until = 2025-01-01"),
    (
        "valid_until = 2025-01-01",
        "valid_until = 2019-01-01",
        "version 1.valid_until",
        "2019-01-01",
        "first day on which",
    ),
    ("[[version]]", "[version]", "version", "{", "Write [[version]]"),
]


@pytest.mark.parametrize(("good", "bad", "key", "value", "repair"), FAULTS)
def test_a_fault_names_file_key_value_and_repair(
    tmp_path: Path, good: str, bad: str, key: str, value: str | None, repair: str
) -> None:
    text = SOUND.replace(good, bad, 1) if good != "[[version]]" else "[version]\nvalid_from = 2020-01-01\n"
    with pytest.raises(FaultyFileError) as caught:
        load_rule_sets(written(tmp_path, text))
    (fault,) = [found for found in caught.value.faults if found.column == key]
    assert fault.source.endswith("house.toml")
    assert (fault.value or "").startswith(value or "")
    assert (fault.value is None) == (value is None)
    assert repair in fault.repair


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError, match=r"not TOML in UTF-8.*line 1"):
        load_rule_sets(written(tmp_path, "region = CN"))


def test_every_figure_of_every_kind_is_a_number_a_cycle_or_text() -> None:
    forms = {str(field.type) for kind in KINDS.values() for field in fields(kind)}
    assert forms == {"float", "int", "str", "Cycle"}
