"""The instances in the product's words: the product's price is the independent count's objective."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.roster_instances.adapter import problem_of, roster_of
from benchmarks.roster_instances.count import objective, violations
from benchmarks.roster_instances.file_format import read_instance
from scheduling.named_rosters.solve import solve

FILE = """SECTION_HORIZON
7
SECTION_SHIFTS
E,480,
L,600,E
SECTION_STAFF
Ann,E=7|L=2,2400,960,4,2,2,1
Bob,E=7|L=0,2400,1440,3,1,1,0
SECTION_DAYS_OFF
Ann,3
SECTION_SHIFT_ON_REQUESTS
Ann,1,E,3
Bob,1,E,2
SECTION_SHIFT_OFF_REQUESTS
Bob,2,E,5
Ann,5,L,2
SECTION_COVER
1,E,2,100,1
2,E,1,100,7
5,L,1,20,1
6,E,1,30,1
"""


def test_price_and_objective_are_one_for_any_roster(tmp_path: Path) -> None:
    file = tmp_path / "tiny.txt"
    file.write_text(FILE)
    instance = read_instance(file)
    problem, random = problem_of(instance), np.random.default_rng(3)
    for _ in range(50):
        tours = random.integers(0, 3, size=(2, 7))
        assert problem.price(tours) == objective(instance, roster_of(problem, tours))


def test_what_is_found_breaks_no_rule_of_the_format(tmp_path: Path) -> None:
    file = tmp_path / "tiny.txt"
    file.write_text(FILE)
    instance = read_instance(file)
    problem = problem_of(instance)
    found = solve(problem, time_s=20.0)
    roster = roster_of(problem, found.tours)
    assert violations(instance, roster) == []
    assert found.bound == found.price == objective(instance, roster)
