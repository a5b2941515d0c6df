from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from data.domain import Peak, PeakKind, Recurrence
from forecasting.peak_terms import KNOTS, relative_size
from forecasting.priors import POOLED, Prior, kind_prior
from forecasting.terms import DayTerms, day_terms
from tests.forecasting.hotline import QUEUE

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def monthly(name: str, day: int, kind: PeakKind = PeakKind.BILLING, **more: object) -> Peak:
    return Peak(id=name, kind=kind, recurrence=Recurrence(days_of_month=(day,)), **more)


def laid_out(*peaks: Peak) -> DayTerms:
    return day_terms(QUEUE, peaks, FIRST, LAST)


def prior_of(terms: DayTerms, name: str) -> Prior:
    return terms.peak_terms[terms.peak_names.index(name)].prior


def test_peaks_of_a_kind_share_a_term_that_adds_them_up() -> None:
    terms = laid_out(monthly("a", 5), monthly("b", 12))
    assert terms.peak_names == ("a +0", "b +0", "any billing +0")
    own, other, shared = terms.peak_values.T
    np.testing.assert_array_equal(shared, own + other)


def test_what_a_peak_and_its_kind_may_do_together_is_the_prior_of_the_kind() -> None:
    terms = laid_out(monthly("a", 5), monthly("b", 12))
    own, shared = prior_of(terms, "a +0"), prior_of(terms, "any billing +0")
    whole = kind_prior(PeakKind.BILLING, 0)
    assert own.mean + shared.mean == whole.mean
    assert own.sd**2 + shared.sd**2 == pytest.approx(whole.sd**2)


@pytest.mark.parametrize("kind", [kind for kind in PeakKind if kind is not PeakKind.OUTAGE])
def test_only_kinds_whose_peaks_resemble_each_other_share(kind: PeakKind) -> None:
    terms = laid_out(monthly("a", 5, kind), monthly("b", 12, kind))
    assert (f"any {kind} +0" in terms.peak_names) == (kind in POOLED)


def test_a_guessed_peak_speaks_for_itself() -> None:
    terms = laid_out(monthly("a", 5), monthly("b", 12), monthly("c", 20, expected_uplift=0.5))
    assert prior_of(terms, "c +0").mean == pytest.approx(np.log(1.5))
    third = terms.days.get_loc(np.datetime64("2025-01-20"))
    assert terms.peak_values[third, terms.peak_names.index("any billing +0")] == 0


def test_a_peak_within_another_of_its_kind_is_what_that_one_leaves_to_explain() -> None:
    holidays = Peak(id="holidays", kind=PeakKind.HOLIDAY, recurrence=Recurrence(holidays=True, calendar="CN"))
    national = Peak(id="national", kind=PeakKind.HOLIDAY, dates={date(2025, 10, day): None for day in (1, 2)})
    terms = laid_out(holidays, national)
    assert prior_of(terms, "national +0").mean == 0
    assert prior_of(terms, "holidays +0") == kind_prior(PeakKind.HOLIDAY, 0)


def test_cohorts_in_one_unit_share_by_their_accounts() -> None:
    terms = laid_out(monthly("big", 5, size=300.0), monthly("small", 12, size=100.0))
    place = [terms.days.get_loc(np.datetime64(day)) for day in ("2025-01-05", "2025-01-12")]
    big, small = terms.peak_values[place, terms.peak_names.index("any billing +0")]
    whole = kind_prior(PeakKind.BILLING, 0).mean
    assert np.expm1(big * whole) / np.expm1(small * whole) == pytest.approx(3.0)


def test_sizes_in_other_units_are_not_compared() -> None:
    terms = laid_out(monthly("accounts", 5, size=300_000.0), monthly("share", 12, size=0.4))
    shared = terms.peak_values[:, terms.peak_names.index("any billing +0")]
    assert set(np.unique(shared)) == {0.0, 1.0}


def test_a_peak_often_on_a_weekday_may_deviate_there() -> None:
    days = [FIRST + timedelta(days=3 * step) for step in range(60)]
    seldom = [FIRST + timedelta(days=31 * step) for step in range(11)]
    terms = laid_out(
        Peak(id="often", kind=PeakKind.EVENT, dates=dict.fromkeys(days)),
        Peak(id="seldom", kind=PeakKind.EVENT, dates=dict.fromkeys(seldom)),
    )
    names = [term.name for term in terms.peak_terms if term.weekday is not None]
    assert names == [f"often +0 {day}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
    deviations = terms.peak_values[:, [terms.peak_names.index(name) for name in names]]
    np.testing.assert_array_equal(
        deviations.sum(axis=1), terms.peak_values[:, terms.peak_names.index("often +0")]
    )
    assert prior_of(terms, names[0]).sd < 0.2 * prior_of(terms, "often +0").sd


def test_sessions_are_the_weekdays_own_pattern() -> None:
    sessions = Peak(id="market", kind=PeakKind.SESSION, recurrence=Recurrence(sessions=True, calendar="XSHG"))
    assert laid_out(sessions).peak_names == ("market +0",)


def test_loadings_say_who_adds_what_to_a_day() -> None:
    terms = laid_out(
        monthly("a", 5, upper_days=2), monthly("b", 6, size=10.0), monthly("long", 9, lower_days=-20)
    )
    place = terms.windows["place"].to_numpy(dtype=int)
    for day in range(len(terms.days)):
        np.testing.assert_allclose(terms.peak_values[day], terms.loadings[place == day].sum(axis=0))
    assert sum(name.startswith("long knot") for name in terms.peak_names) == KNOTS


@pytest.mark.parametrize("mean", [0.0, -0.4])
def test_a_peak_that_is_not_expected_to_lift_counts_by_its_size_alone(mean: float) -> None:
    np.testing.assert_array_equal(relative_size(np.array([0.0, 0.5, 2.0]), Prior(mean, 0.1)), [0.0, 0.5, 2.0])
