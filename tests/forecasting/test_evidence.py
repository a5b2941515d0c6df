from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from benchmarks.forecast_accuracy.peaks import compare
from data.domain import Peak, PeakKind, Recurrence
from data.synthetic import make_centre
from forecasting.evidence import COLUMNS, OCCURRENCE_COLUMNS, evidence, occurrences
from forecasting.explanation import Explanation, explain
from forecasting.priors import kind_prior
from tests.forecasting.hotline import after, make_history, series_of

LIFTED = (10, 24, 39, 52, 66, 80, 95, 109)


def explained(
    *peaks: Peak, lift: Mapping[date, float] | None = None, days: int = 126, level: float = 100.0
) -> Explanation:
    return explain(*series_of(make_history(days=days, lift=lift, level=level), peaks))


def sale(*days: int, kind: PeakKind = PeakKind.CAMPAIGN, **more: object) -> Peak:
    return Peak(id="sale", kind=kind, dates={after(day): None for day in days}, **more)


def found(explanation: Explanation, peak: str = "sale", day: int = 0) -> pd.Series:
    frame = evidence(explanation)
    (row,) = frame.loc[frame["peak"].eq(peak) & frame["day"].eq(day)].index
    return frame.loc[row]


def test_evidence_tells_what_was_seen_and_what_comes_next() -> None:
    row = found(explained(sale(*LIFTED, 130, 140), lift={after(day): 1.5 for day in LIFTED}))
    assert row["occurrences"] == len(LIFTED)
    assert (row["first"], row["last"]) == (pd.Timestamp(after(10)), pd.Timestamp(after(109)))
    assert row["next"] == pd.Timestamp(after(130))
    assert row["source"] == "data"
    assert row["lower"] < row["uplift"] < row["upper"]
    assert row["uplift"] == pytest.approx(0.5, abs=0.04)
    assert row["data_share"] > 0.95


def test_a_peak_seen_once_is_shrunk_to_its_kind() -> None:
    once = found(explained(sale(52), lift={after(52): 2.0}, level=4.0))
    often = found(explained(sale(*LIFTED), lift={after(day): 2.0 for day in LIFTED}, level=4.0))
    expected = np.expm1(kind_prior(PeakKind.CAMPAIGN, 0).mean)
    assert once["expected"] == pytest.approx(expected)
    assert expected < once["uplift"] < often["uplift"] < 1.05
    assert once["upper"] - once["lower"] > 1.5 * (often["upper"] - often["lower"])


def test_a_peak_never_seen_has_the_uplift_of_its_kind() -> None:
    row = found(explained(sale(130)))
    assert row["occurrences"] == 0
    assert pd.isna(row["first"])
    assert row["source"] == "kind"
    assert row["uplift"] == pytest.approx(np.expm1(kind_prior(PeakKind.CAMPAIGN, 0).mean))
    assert row["data_share"] == pytest.approx(0.0, abs=1e-9)


def test_a_peak_never_seen_learns_from_the_others_of_its_kind() -> None:
    others = [
        Peak(id=name, kind=PeakKind.CAMPAIGN, dates={after(day): None for day in days})
        for name, days in (("spring", LIFTED[::2]), ("summer", LIFTED[1::2]))
    ]
    row = found(explained(sale(130), *others, lift={after(day): 1.6 for day in LIFTED}))
    assert row["source"] == "other peaks"
    assert row["uplift"] == pytest.approx(0.6, abs=0.1)


def test_a_guess_is_corrected_by_data_as_occurrences_come() -> None:
    lift = {after(day): 1.2 for day in LIFTED}
    uplifts = [
        found(explained(sale(*LIFTED[:seen], 130, expected_uplift=1.0), lift=lift, level=2.0))["uplift"]
        for seen in (0, 1, len(LIFTED))
    ]
    assert uplifts[0] == pytest.approx(1.0)
    assert 0.95 > uplifts[1] > uplifts[2] + 0.02
    assert uplifts[2] == pytest.approx(0.2, abs=0.12)
    assert found(explained(sale(130, expected_uplift=1.0)))["source"] == "guess"


def test_two_peaks_on_one_day_are_told_apart() -> None:
    bill = Peak(
        id="bill", kind=PeakKind.BILLING, dates={after(day): None for day in (*LIFTED[:3], 18, 33, 60)}
    )
    lift: dict[date, float] = {}
    for day in bill.dates:
        lift[day] = 1.3
    for day in LIFTED:
        lift[after(day)] = 1.4 * lift.get(after(day), 1.0)
    explanation = explained(sale(*LIFTED), bill, lift=lift)
    assert found(explanation)["uplift"] == pytest.approx(0.4, abs=0.05)
    assert found(explanation, "bill")["uplift"] == pytest.approx(0.3, abs=0.05)


def test_an_outage_is_no_evidence_for_it_never_repeats() -> None:
    assert evidence(explained(sale(52, kind=PeakKind.OUTAGE), lift={after(52): 1.5})).empty


def test_every_occurrence_stands_with_what_it_seems_to_have_done() -> None:
    lift = {after(day): 1.5 for day in LIFTED} | {after(52): 2.0}
    frame = occurrences(explained(sale(*LIFTED, 130), lift=lift))
    assert frame["on"].dt.date.tolist() == [after(day) for day in LIFTED]
    big = frame["on"].eq(pd.Timestamp(after(52)))
    assert frame.loc[big, "observed"].item() == pytest.approx(1.0, abs=0.15)
    assert frame.loc[~big, "observed"].mean() == pytest.approx(0.5, abs=0.06)
    assert frame.loc[big, "uplift"].item() == pytest.approx(frame.loc[~big, "uplift"].iloc[0])


def test_the_next_day_of_a_peak_on_a_provisional_calendar_is_marked() -> None:
    rule = Recurrence(holidays=True, calendar="CN")
    holidays = Peak(id="sale", kind=PeakKind.HOLIDAY, recurrence=rule)
    sure = series_of(make_history(days=126), [holidays])
    assert not found(explain(*sure))["next_provisional"]
    late = series_of(make_history(first=date(2026, 9, 7), days=105), [holidays])
    assert found(explain(*late))["next_provisional"]


@pytest.mark.parametrize("days", [8, 40, 200])
def test_a_short_history_gives_evidence_too(days: int) -> None:
    frame = evidence(explained(sale(5, days + 3), days=days))
    assert dict(frame.dtypes.astype(str)) == COLUMNS
    assert np.isfinite(frame[["uplift", "lower", "upper"]].to_numpy()).all()


def test_a_queue_without_peaks_has_no_evidence() -> None:
    explanation = explained()
    assert dict(evidence(explanation).dtypes.astype(str)) == COLUMNS
    assert dict(occurrences(explanation).dtypes.astype(str)) == OCCURRENCE_COLUMNS
    assert evidence(explanation).empty
    assert occurrences(explanation).empty


def test_the_truth_of_the_synthetic_centre_is_found_back() -> None:
    centre = make_centre(seed=5, first=date(2025, 11, 10), days=364, people=80)
    judged = compare(replace(centre, queues=centre.queues[:1]))
    assert len(judged) > 25
    assert judged["truth"].between(judged["lower"], judged["upper"]).mean() > 0.8
    assert (judged["uplift"] - judged["truth"]).abs().mean() < 0.25 * judged["truth"].abs().mean()
