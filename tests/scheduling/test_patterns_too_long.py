from __future__ import annotations

from dataclasses import replace

import pytest

from data.domain import Contract, ShiftPattern
from data.errors import FaultyFileError
from data.rule_sets import load_rule_sets
from scheduling.problem import RosterProblem
from scheduling.rules.law import Law
from tests.scheduling.roster_cases import pattern, problem

CHINA = "china_standard_hours"


def asked(long: ShiftPattern, contract: Contract) -> RosterProblem:
    usual = problem(contracts=[contract], patterns=[pattern(), long])
    return replace(usual, law=Law(load_rule_sets()))


def named(rule_set: str = CHINA, patterns: frozenset[str] = frozenset({"day", "long"})) -> Contract:
    return Contract(id="standard", rule_set=rule_set, patterns=patterns, max_h_per_week=60)


def test_a_pattern_a_contract_names_and_the_law_forbids_is_refused_by_name() -> None:
    with pytest.raises(
        FaultyFileError, match=r"'long' of 11\.25 h is longer than the 11 h a day that china"
    ) as error:
        asked(pattern("long", 300, 675), named())
    assert [fault.value for fault in error.value.faults] == ["standard"]


def test_the_longest_day_the_law_allows_passes_and_so_does_what_nobody_names() -> None:
    assert asked(pattern("long", 300, 660), named()).patterns
    assert asked(pattern("long", 300, 675), named("none")).patterns
    assert asked(pattern("long", 300, 675), named(patterns=frozenset())).patterns
