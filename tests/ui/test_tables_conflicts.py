"""Why a roster misses targets, in words a planner can act on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.domain import Period
from scheduling.conflicts.report import AIMS, Conflict, Kind, Proof, Relaxation, Report, Rule
from ui.tables.conflicts import days_words, merged, relaxation_words, report_lines, rule_words

MONDAY = date(2026, 3, 2)
TARGET = Rule(kind=Kind.TARGET, name="cards", days=(MONDAY,), value=0.95, period=Period.DAY)
AWAY = Rule(kind=Kind.TIME_OFF, name="A01", label="Li Na", days=(MONDAY,))
HOURS = Rule(kind=Kind.HOURS, name="part-time", value=20.0)


def conflict(*rules: Rule, **parts: object) -> Conflict:
    given: dict[str, object] = {
        "people": ("A01",),
        "days": (MONDAY,),
        "smallest": True,
        "whole_people": False,
    }
    return Conflict(aims=(TARGET,), rules=rules, **(given | parts))  # type: ignore[arg-type] # a test's shorthand


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_rule_and_way_out_is_told(kind: Kind) -> None:
    rule = replace(TARGET if kind in AIMS else HOURS, kind=kind)
    assert rule.name in rule_words(rule)
    if kind not in (Kind.LAW, Kind.EARLIEST_START, Kind.LATEST_START):
        told = relaxation_words(
            Relaxation(rule=rule, after=1.0, price=3.0, proof=Proof.FRACTIONS, people=("A01",))
        )
        assert rule.name in told
        assert "price 3" in told


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (
            Relaxation(rule=TARGET, after=0.9249, price=12.4, proof=Proof.ROSTER, best=0.9263),
            (
                "target of cards on Mon 02 Mar from 95 % to 92.4 %, as this roster reaches; no roster reaches more than "
                "92.6 % (price 12)"
            ),
        ),
        (
            Relaxation(rule=AWAY, after=None, price=24.0, proof=Proof.ROSTER, people=("A01",)),
            "give back the time off of Li Na (A01) on Mon 02 Mar (price 24; a roster that reaches it was found)",
        ),
        (
            Relaxation(
                rule=HOURS,
                after=28.0,
                price=32.0,
                proof=Proof.FRACTIONS,
                people=("A01", "A02"),
                hours=16.0,
                and_also=((Rule(kind=Kind.DAYS, name="part-time", value=5.0), 6.0),),
            ),
            (
                "contract part-time: 28 h a week instead of 20, 6 days a week, for 2 people (A01, A02), 16 h more in all "
                "(price 32; enough for fractions of people)"
            ),
        ),
        (
            Relaxation(
                rule=Rule(kind=Kind.STARTS, name="day"),
                after=None,
                price=2.0,
                proof=Proof.ROSTER,
                and_also=((Rule(kind=Kind.EARLIEST_START, name="day", value=540.0), 450.0),),
            ),
            "pattern day may begin from 07:30 instead of 09:00 (price 2; a roster that reaches it was found)",
        ),
        (
            Relaxation(
                rule=Rule(kind=Kind.LONGER_SHIFTS, name="cards", value=0.0),
                after=120.0,
                price=21.0,
                proof=Proof.ROSTER,
                people=("A01",),
                hours=2.0,
            ),
            (
                "shifts up to 2 h longer on these days for 1 person (A01) with skill cards, 2 overtime hours in all (price 21; a roster that "
                "reaches it was found)"
            ),
        ),
    ],
    ids=["lower target", "time off", "longer week", "starts", "overtime"],
)
def test_a_way_out_is_one_sentence_with_its_figure(way: Relaxation, words: str) -> None:
    assert relaxation_words(way) == words


def test_a_report_lists_what_conflicts_then_the_ways_out() -> None:
    way = Relaxation(rule=AWAY, after=None, price=24.0, proof=Proof.ROSTER)
    lines = report_lines(
        Report(conflicts=(conflict(AWAY, relaxations=(way,), also=(replace(TARGET, name="chat"),)),))
    )
    assert lines[0].startswith("Conflict: these cannot all hold (not even fractions of people")
    assert lines[1:4] == [
        "  - target of cards on Mon 02 Mar: 95 %",
        "  - time off of Li Na (A01) on Mon 02 Mar",
        "  The same rules are in the way of: target of chat on Mon 02 Mar: 95 %.",
    ]
    assert lines[-1].startswith("  1. give back the time off of Li Na")


def test_rules_there_was_no_time_to_tell_apart_are_counted_and_not_listed() -> None:
    rules = tuple(replace(HOURS, name=f"c{n}") for n in range(9))
    lines = report_lines(Report(conflicts=(conflict(*rules, smallest=False),)))
    assert "perhaps not all of it is needed" in lines[0]
    assert "some of these, which there was no time to tell apart: hours a week (9)" in lines[2]


def test_what_was_not_explained_is_said() -> None:
    lines = report_lines(Report(unexplained=(TARGET,), not_looked_at=(replace(TARGET, name="chat"),)))
    assert lines == [
        "Not shown to be out of reach, more time to solve may reach it: target of cards on Mon 02 Mar: 95 %.",
        "Not looked at in the time there was: target of chat on Mon 02 Mar: 95 %.",
    ]


def test_days_in_a_row_are_told_from_first_to_last() -> None:
    days = [MONDAY + timedelta(number) for number in (0, 1, 2, 5)]
    assert days_words(days) == "Mon 02 Mar to Wed 04 Mar, Sat 07 Mar"
    (one,) = merged(replace(TARGET, days=(day,)) for day in days)
    assert one.days == tuple(days)
