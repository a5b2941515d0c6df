import re
from enum import StrEnum
from pathlib import Path

import pytest

from data.domain import Channel, PeakKind, Period, Severity, Status
from data.schema import SCHEMAS

GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"
UNITS = {column.unit for schema in SCHEMAS.values() for column in schema.columns} - {""}
VALUES = [value for names in (Channel, PeakKind, Period, Severity, Status) for value in names]


def headwords() -> list[str]:
    return re.findall(r"^\| \*\*(.+?)\*\* \|", GLOSSARY.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_frame_is_in_the_glossary(name: str) -> None:
    assert name in headwords()


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_is_in_the_glossary(unit: str) -> None:
    assert unit in headwords()


@pytest.mark.parametrize("value", VALUES)
def test_every_named_value_is_in_the_glossary(value: StrEnum) -> None:
    assert value.value in headwords()


def test_a_word_has_one_entry() -> None:
    words = headwords()
    assert sorted(words) == sorted(set(words))


def test_every_entry_says_something() -> None:
    rows = [row for row in GLOSSARY.read_text(encoding="utf-8").splitlines() if row.startswith("| **")]
    assert len(rows) == len(headwords())
    for row in rows:
        meaning = re.split(r"(?<!\\)\|", row)[-2].strip()
        assert len(meaning) > len("a word"), row
