from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.domain import Peak, PeakKind
from forecasting.peak_terms import KNOTS
from forecasting.terms import DayTerms, day_terms
from tests.forecasting.hotline import QUEUE

FIRST, LAST = date(2025, 1, 1), date(2025, 4, 30)


def peak(*days: tuple[date, float | None], lower: int = 0, upper: int = 0, **more: object) -> Peak:
    kind = more.pop("kind", PeakKind.BILLING)
    return Peak(id="bill", kind=kind, dates=dict(days), lower_days=lower, upper_days=upper, **more)


def column(terms: DayTerms, name: str) -> dict[date, float]:
    values = terms.peak_values[:, terms.peak_names.index(name)]
    return {terms.days[place].date(): float(values[place]) for place in np.flatnonzero(values)}


def test_each_day_of_a_window_is_a_regressor_of_its_own() -> None:
    terms = day_terms(QUEUE, [peak((date(2025, 2, 5), None), lower=-1, upper=1)], FIRST, LAST)
    assert terms.peak_names == ("bill -1", "bill +0", "bill +1")
    assert column(terms, "bill -1") == {date(2025, 2, 4): 1.0}
    assert column(terms, "bill +0") == {date(2025, 2, 5): 1.0}
    assert column(terms, "bill +1") == {date(2025, 2, 6): 1.0}


def test_a_peak_enters_with_its_size_over_the_median_size() -> None:
    sized = peak(
        (date(2025, 1, 5), 200.0),
        (date(2025, 2, 5), 100.0),
        (date(2025, 3, 5), 50.0),
        kind=PeakKind.EVENT,
    )
    terms = day_terms(QUEUE, [sized], FIRST, LAST)
    assert column(terms, "bill +0") == {
        date(2025, 1, 5): 2.0,
        date(2025, 2, 5): 1.0,
        date(2025, 3, 5): 0.5,
    }


def test_contacts_a_peak_adds_are_proportional_to_its_size() -> None:
    sized = peak((date(2025, 1, 5), 200.0), (date(2025, 2, 5), 100.0), expected_uplift=0.4)
    (term,) = (terms := day_terms(QUEUE, [sized], FIRST, LAST)).peak_terms
    big, typical, none = (
        float(np.exp(term.prior.mean * value)) for value in (*column(terms, "bill +0").values(), 0.0)
    )
    assert big - none == pytest.approx(2 * (typical - none))


def test_an_occurrence_of_unknown_size_counts_as_typical() -> None:
    mixed = peak((date(2025, 1, 5), 200.0), (date(2025, 2, 5), None))
    assert set(column(day_terms(QUEUE, [mixed], FIRST, LAST), "bill +0").values()) == {1.0}


def test_a_window_reaches_into_the_span_from_a_date_outside_it() -> None:
    terms = day_terms(QUEUE, [peak((date(2024, 12, 31), None), upper=2)], FIRST, LAST)
    assert column(terms, "bill +1") == {date(2025, 1, 1): 1.0}
    assert "bill +0" not in terms.peak_names


def test_the_second_day_of_a_holiday_is_not_also_its_morrow() -> None:
    days = [(date(2025, 2, 3), None), (date(2025, 2, 4), None)]
    terms = day_terms(QUEUE, [peak(*days, upper=1, kind=PeakKind.HOLIDAY)], FIRST, LAST)
    assert column(terms, "bill +0") == {date(2025, 2, 3): 1.0, date(2025, 2, 4): 1.0}
    assert column(terms, "bill +1") == {date(2025, 2, 5): 1.0}


def test_two_dividends_on_neighbouring_days_both_lift() -> None:
    days = [(date(2025, 2, 3), None), (date(2025, 2, 4), None)]
    terms = day_terms(QUEUE, [peak(*days, upper=1, kind=PeakKind.DIVIDEND)], FIRST, LAST)
    assert date(2025, 2, 4) in column(terms, "bill +0")
    assert date(2025, 2, 4) in column(terms, "bill +1")


def test_a_long_window_is_spanned_by_triangles_that_sum_to_one() -> None:
    terms = day_terms(QUEUE, [peak((date(2025, 2, 10), None), lower=-10, upper=20)], FIRST, LAST)
    assert len(terms.peak_names) == KNOTS
    inside = (terms.days >= pd.Timestamp("2025-01-31")) & (terms.days <= pd.Timestamp("2025-03-02"))
    np.testing.assert_allclose(terms.peak_values.sum(axis=1), inside.astype(float))


def test_a_peak_of_another_queue_is_none_of_this_one() -> None:
    elsewhere = peak((date(2025, 2, 5), None), queues=frozenset({"other"}))
    assert day_terms(QUEUE, [elsewhere], FIRST, LAST).peak_names == ()


def test_an_outage_is_no_regressor_for_it_never_repeats() -> None:
    terms = day_terms(QUEUE, [peak((date(2025, 2, 5), None), kind=PeakKind.OUTAGE)], FIRST, LAST)
    assert terms.peak_names == ()
    assert terms.days[terms.outage].tolist() == [pd.Timestamp("2025-02-05")]


@pytest.mark.parametrize(
    ("kind", "lifts", "cuts"),
    [(PeakKind.HOLIDAY, True, True), (PeakKind.BILLING, True, False), (PeakKind.OUTAGE, False, False)],
)
def test_a_kind_of_peak_explains_what_it_may(kind: PeakKind, *, lifts: bool, cuts: bool) -> None:
    terms = day_terms(QUEUE, [peak((date(2025, 2, 5), None), kind=kind)], FIRST, LAST)
    place = terms.rows(pd.DatetimeIndex(["2025-02-05"]))
    assert terms.lifted[place].tolist() == [lifts]
    assert terms.cut[place].tolist() == [cuts]
    assert terms.lifted.sum() == lifts


def test_the_last_day_of_every_month_has_the_same_terms() -> None:
    terms = day_terms(QUEUE, [], FIRST, LAST)
    ends = terms.rows(pd.DatetimeIndex(["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]))
    np.testing.assert_array_equal(terms.month_values[ends], terms.month_values[ends[:1]].repeat(4, axis=0))
    assert not np.allclose(terms.month_values[ends[0]], terms.month_values[ends[0] - 3])


def test_days_outside_the_terms_are_refused() -> None:
    with pytest.raises(KeyError):
        day_terms(QUEUE, [], FIRST, LAST).rows(pd.DatetimeIndex(["2025-05-01"]))
