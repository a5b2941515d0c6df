from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.overrides import Override, OverrideKind
from data.schema import FORECAST, require
from forecasting.forecast import Forecast, forecast
from forecasting.overrides import overridden, override_changes
from forecasting.settings import Settings
from tests.forecasting.hotline import QUEUE, after, make_history, midnight

NOW = datetime(2025, 4, 1, tzinfo=UTC)
FIRST = after(84)


@pytest.fixture(scope="module")
def made() -> Forecast:
    settings = Settings(models=("weekday_mean",))
    return forecast(QUEUE, make_history(), (), first=FIRST, days=2, cutoff=midnight(FIRST), settings=settings)


def override(kind: OverrideKind, value: float, **changes: object) -> Override:
    start = midnight(FIRST).to_pydatetime() + timedelta(hours=9)
    span: dict[str, object] = {
        "id": "o1",
        "queue": QUEUE.id,
        "start": start,
        "end": start + timedelta(hours=2),
        "by": "Li Wei",
        "reason": "mailing",
        "created_at": NOW,
    }
    return Override(kind=kind, value=value, **(span | changes))  # type: ignore[arg-type] - spans of one type each


def inside(made: Forecast) -> np.ndarray:
    start = midnight(FIRST) + pd.Timedelta(hours=9)
    return ((made.frame["start"] >= start) & (made.frame["start"] < start + pd.Timedelta(hours=2))).to_numpy()


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (OverrideKind.SCALE, 0.25, lambda total: 1.25 * total),
        (OverrideKind.ADD, 30.0, lambda total: total + 30),
        (OverrideKind.ADD, -1e6, lambda _: 0.0),
        (OverrideKind.SET, 500.0, lambda _: 500.0),
        (OverrideKind.SET, 0.0, lambda _: 0.0),
    ],
)
def test_an_override_brings_its_span_to_what_it_says_and_touches_nothing_else(
    made: Forecast, kind: OverrideKind, value: float, expected: object
) -> None:
    changed = overridden(made, [override(kind, value)], at=NOW)
    span = inside(made)
    before, after_it = made.frame["mean"].to_numpy(), changed.frame["mean"].to_numpy()
    assert after_it[span].sum() == pytest.approx(expected(before[span].sum()))  # type: ignore[operator] - a function a case
    pd.testing.assert_frame_equal(changed.frame.loc[~span], made.frame.loc[~span])
    require(changed.frame, FORECAST)
    assert (changed.frame.loc[span, "q95"] >= changed.frame.loc[span, "q05"]).all()


def test_a_changed_span_keeps_its_shape(made: Forecast) -> None:
    changed = overridden(made, [override(OverrideKind.SET, 900.0)], at=NOW).frame["mean"].to_numpy()
    before, span = made.frame["mean"].to_numpy(), inside(made)
    np.testing.assert_allclose(changed[span] / changed[span].sum(), before[span] / before[span].sum())


def test_a_span_without_contacts_is_filled_evenly(made: Forecast) -> None:
    zero = override(OverrideKind.SET, 0.0)
    filled = override(OverrideKind.ADD, 40.0, id="o2")
    changed = overridden(made, [zero, filled], at=NOW)
    np.testing.assert_allclose(changed.frame["mean"].to_numpy()[inside(made)], 10.0)


def test_overrides_act_in_the_order_they_were_made(made: Forecast) -> None:
    first, second = override(OverrideKind.ADD, 100.0), override(OverrideKind.SCALE, 1.0, id="o2")
    total = made.frame["mean"].to_numpy()[inside(made)].sum()
    one = overridden(made, [first, second], at=NOW).frame["mean"].to_numpy()[inside(made)].sum()
    other = overridden(made, [second, first], at=NOW).frame["mean"].to_numpy()[inside(made)].sum()
    assert one == pytest.approx(2 * (total + 100))
    assert other == pytest.approx(2 * total + 100)


@pytest.mark.parametrize(
    "changes",
    [
        {"queue": "another"},
        {"created_at": NOW + timedelta(seconds=1)},
        {"withdrawn_at": NOW, "withdrawn_by": "Zhao Min"},
        {"expires_at": NOW},
    ],
)
def test_an_override_of_another_queue_or_time_changes_nothing(
    made: Forecast, changes: dict[str, object]
) -> None:
    assert overridden(made, [override(OverrideKind.SCALE, 1.0, **changes)], at=NOW) is made


@given(
    st.lists(
        st.tuples(st.sampled_from(OverrideKind), st.floats(0, 50), st.integers(0, 20), st.integers(1, 20)),
        max_size=5,
    )
)
def test_changes_sum_to_the_difference_and_nothing_falls_below_zero(
    given_overrides: list[tuple[OverrideKind, float, int, int]],
) -> None:
    start = pd.date_range("2025-03-31 00:00", periods=24, freq="30min", tz="UTC", unit="us")
    frame = pd.DataFrame({"queue": QUEUE.id, "start": start, "mean": np.arange(24.0)})
    overrides = [
        override(
            kind,
            -value if kind is OverrideKind.ADD else value,
            id=str(number),
            start=start[first].to_pydatetime(),
            end=start[first].to_pydatetime() + timedelta(minutes=30 * length),
        )
        for number, (kind, value, first, length) in enumerate(given_overrides)
    ]
    changes = override_changes(frame, overrides, at=NOW)
    total = frame["mean"].add(frame["start"].map(changes.groupby("start")["change"].sum()).fillna(0))
    assert (total >= -1e-9).all()
