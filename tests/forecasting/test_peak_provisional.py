from __future__ import annotations

from datetime import date

import pytest

from data.domain import Peak, PeakKind, Recurrence
from forecasting.forecast import forecast
from forecasting.provisional import provisional_days, provisional_note
from forecasting.settings import Settings
from forecasting.terms import day_terms
from tests.forecasting.hotline import QUEUE, end_of, make_history

HOLIDAYS = Peak(
    id="holidays", kind=PeakKind.HOLIDAY, recurrence=Recurrence(holidays=True, calendar="CN"), upper_days=1
)
BILL = Peak(id="bill", kind=PeakKind.BILLING, recurrence=Recurrence(days_of_month=(5,)))


def test_a_year_whose_notice_is_not_out_is_noted_with_its_days_and_peaks() -> None:
    terms = day_terms(QUEUE, [HOLIDAYS, BILL], date(2098, 9, 1), date(2098, 10, 31))
    days = provisional_days(terms, date(2098, 9, 1), date(2098, 10, 31))
    note = provisional_note(terms, date(2098, 9, 1), date(2098, 10, 31))
    assert note is not None
    assert date(2098, 10, 1) in [day.date() for day in days]
    assert date(2098, 9, 5) not in [day.date() for day in days]
    assert "2098-10-01" in note
    assert "(holidays)" in note


def test_an_official_year_needs_no_note() -> None:
    terms = day_terms(QUEUE, [HOLIDAYS, BILL], date(2025, 9, 1), date(2025, 10, 31))
    assert provisional_note(terms, date(2025, 9, 1), date(2025, 10, 31)) is None


@pytest.mark.parametrize(("days", "noted"), [(10, False), (40, True)])
def test_a_forecast_says_which_of_its_days_are_provisional(days: int, *, noted: bool) -> None:
    history = make_history(first=date(2026, 10, 26), days=42)
    made = forecast(
        QUEUE,
        history,
        [HOLIDAYS],
        first=date(2026, 12, 7),
        days=days,
        cutoff=end_of(history),
        settings=Settings(models=("weekday_mean",)),
    )
    assert any("provisional calendar" in note for note in made.notes) == noted
