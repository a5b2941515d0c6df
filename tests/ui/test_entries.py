from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data.domain import Peak, PeakKind, Recurrence
from ui.entries import HOLIDAYS, MAKEUP_DAYS, MONTH_DAYS, SESSIONS, PeakEntry, entry_of, read

DATED = PeakEntry(name="dividend", kind="dividend", dates="2026-12-11\n2026-12-21, 120,000", size="5e4")
RULE = PeakEntry(
    name="billing", kind="billing", rule=MONTH_DAYS, days_of_month="20; 5,12", roll="next", calendar="CN"
)


def test_dates_are_read_with_their_sizes() -> None:
    peak, wrong = read(DATED)
    assert wrong == {}
    assert peak is not None
    assert peak.dates == {date(2026, 12, 11): None, date(2026, 12, 21): 120_000.0}
    assert peak.size == 50_000.0


def test_a_rule_is_read() -> None:
    peak, wrong = read(RULE)
    assert wrong == {}
    assert peak is not None
    assert peak.recurrence == Recurrence(days_of_month=(5, 12, 20), roll="next", calendar="CN")


@pytest.mark.parametrize(
    ("entry", "field", "words"),
    [
        (replace(DATED, name=" "), "name", "name"),
        (replace(DATED, name="taken"), "name", "already"),
        (replace(DATED, dates=""), "dates", "at least one date"),
        (replace(DATED, dates="2026-12-11\n11.12.2026"), "dates", "Line 2"),
        (replace(DATED, dates="2026-12-11\n2026-12-11"), "dates", "twice"),
        (replace(DATED, dates="2026-12-11, many"), "dates", "not a number"),
        (replace(DATED, size="-1"), "size", "0 or more"),
        (replace(DATED, size="inf"), "size", "0 or more"),
        (replace(RULE, days_of_month=""), "days_of_month", "Give days"),
        (replace(RULE, days_of_month="5, 32"), "days_of_month", "32"),
        (replace(RULE, days_of_month="5, x"), "days_of_month", "'x'"),
        (replace(RULE, calendar=""), "calendar", "needs a calendar"),
        (replace(RULE, calendar="Mars"), "calendar", "Mars"),
        (replace(RULE, rule=SESSIONS, calendar="CN"), "calendar", "exchange"),
        (replace(RULE, rule=HOLIDAYS, calendar="XSHG"), "calendar", "country"),
        (replace(RULE, rule=MAKEUP_DAYS, calendar="XSHG"), "calendar", "country"),
        (replace(RULE, first=date(2026, 2, 1), last=date(2026, 1, 1)), "last", "before it begins"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(entry: PeakEntry, field: str, words: str) -> None:
    peak, wrong = read(entry, frozenset({"taken"}))
    assert peak is None
    assert words in wrong[field]


def test_every_field_that_is_wrong_is_told_at_once() -> None:
    _, wrong = read(replace(RULE, name="", size="x", days_of_month="0", calendar="Mars"))
    assert set(wrong) == {"name", "size", "days_of_month", "calendar"}


@pytest.mark.parametrize(
    "peak",
    [
        Peak(
            id="a",
            kind=PeakKind.DIVIDEND,
            dates={date(2026, 12, 11): None, date(2026, 12, 21): 5.0},
            queues=frozenset({"vip"}),
        ),
        Peak(
            id="b",
            kind=PeakKind.BILLING,
            recurrence=Recurrence(days_of_month=(5,), offset_days=20, roll="next", calendar="CN"),
            lower_days=-1,
            upper_days=2,
            size=7.0,
            expected_uplift=0.3,
            expected_sd=0.1,
        ),
        Peak(
            id="c",
            kind=PeakKind.SESSION,
            recurrence=Recurrence(sessions=True, calendar="XSHG", first=date(2026, 1, 1)),
        ),
        Peak(id="d", kind=PeakKind.HOLIDAY, recurrence=Recurrence(holidays=True, calendar="CN")),
        Peak(
            id="e",
            kind=PeakKind.MAKEUP,
            recurrence=Recurrence(makeup_days=True, calendar="CN"),
            dates={date(2026, 1, 4): None},
        ),
    ],
    ids=lambda peak: peak.id,
)
def test_a_peak_put_into_the_form_and_read_again_is_the_same(peak: Peak) -> None:
    assert read(entry_of(peak)) == (peak, {})
