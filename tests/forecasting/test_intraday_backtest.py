from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.errors import InputError
from forecasting.forecast import forecast
from forecasting.intraday_backtest import intraday_backtest
from forecasting.settings import Settings
from tests.forecasting.hotline import QUEUE, after, make_history, midnight

SIMPLE = Settings(models=("weekday_mean",))
FACTORS = np.random.default_rng(3).normal(1, 0.15, 84)
HISTORY = make_history(lift={after(day): float(factor) for day, factor in enumerate(FACTORS)}, level=200)


def test_updates_help_where_days_differ_as_a_whole() -> None:
    days = [after(day) for day in range(70, 84)]
    frame = intraday_backtest(QUEUE, HISTORY, [], days=days, at_min=(600, 720), settings=SIMPLE)
    rest = frame.loc[~frame["over"]]
    for _, part in rest.groupby(rest["cutoff"].dt.hour):
        gone = np.abs(part["before"] - part["actual"]).sum()
        assert np.abs(part["mean"] - part["actual"]).sum() < 0.7 * gone
    assert frame["cutoff"].nunique() == 28
    over = frame.loc[frame["over"]]
    np.testing.assert_array_equal(over["mean"], over["before"])


def test_a_row_is_what_a_forecast_of_that_moment_says() -> None:
    frame = intraday_backtest(QUEUE, HISTORY, [], days=[after(80)], at_min=(720,), settings=SIMPLE)
    noon = midnight(after(80)) + pd.Timedelta(hours=12)
    made = forecast(QUEUE, HISTORY, [], first=after(80), days=1, cutoff=noon, settings=SIMPLE)
    np.testing.assert_allclose(frame["mean"], made.frame["mean"])
    np.testing.assert_allclose(frame["q95"], made.frame["q95"])


def test_days_that_cannot_be_judged_are_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"queue 'hotline'.*none of the days"):
        intraday_backtest(QUEUE, HISTORY, [], days=[after(2), after(400)], at_min=(720,), settings=SIMPLE)
    with pytest.raises(InputError, match=r"queue 'hotline'.*no history"):
        intraday_backtest(QUEUE, HISTORY.iloc[:0], [], days=[after(70)], at_min=(720,))
