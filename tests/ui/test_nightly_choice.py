"""How long a queue's choice of models is kept, at night and during the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from data.store import Workspace
from tests.ui.conftest import MONDAY
from ui.plan.choices import choice_to_keep
from ui.plan.forecasts import forecast_one, forecast_queues, record_of
from ui.plan.nightly import run_night

MIDNIGHT = pd.Timestamp(MONDAY, tz="Asia/Shanghai").tz_convert("UTC").as_unit("us")


def test_a_choice_is_kept_for_less_than_a_week_and_for_no_longer_horizon(own: Workspace) -> None:
    queue = own.queue("card")
    newest = [record for record in own.forecasts() if record.queue == "card"][-1]
    assert newest.chosen_at == MIDNIGHT
    almost = MIDNIGHT + pd.Timedelta(days=7) - pd.Timedelta(microseconds=1)
    assert choice_to_keep(own, queue, almost, 7) == newest
    assert choice_to_keep(own, queue, MIDNIGHT + pd.Timedelta(days=7), 7) is None
    assert choice_to_keep(own, queue, MIDNIGHT - pd.Timedelta(microseconds=1), 7) is None
    assert choice_to_keep(own, queue, almost, 8) is None


def test_a_forecast_that_keeps_a_choice_is_the_one_that_made_it_while_nothing_else_is_known(
    own: Workspace,
) -> None:
    queue = own.queue("card")
    first = forecast_one(own, queue, first=MONDAY, days=7)
    record = record_of(first)
    again = forecast_one(own, queue, first=MONDAY, days=7, keep=replace(record, id="kept"))
    pd.testing.assert_frame_equal(again.frame, first.frame)
    assert record_of(
        again, replace(record, chosen_at=datetime(2026, 1, 1, tzinfo=UTC))
    ).chosen_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_night_publishes_what_it_forecast_and_says_whose_choice_it_kept(own: Workspace) -> None:
    as_of = MIDNIGHT + pd.Timedelta(hours=3)
    night = run_night(own, as_of=as_of, days=7, workers=1)
    assert {record.queue for record in night.records} == {"card", "vip"}
    assert {record.published_by for record in night.records} == {"nightly batch"}
    assert all(pd.Timestamp(record.chosen_at) == MIDNIGHT for record in night.records)
    later = run_night(own, as_of=as_of + timedelta(days=7), days=7, workers=1)
    assert all(record.chosen_at == pd.Timestamp(record.cutoff) for record in later.records)
    assert later.failures == {}
    assert pytest.approx(1.0) == sum(later.records[0].weights.values())


def test_a_forecast_during_the_day_keeps_the_choice_of_the_morning_and_learns_how_days_go_once(
    own: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = MIDNIGHT + pd.Timedelta(hours=12)
    first = forecast_queues(own, first=MONDAY, days=7, queues=["card"], as_of=noon)
    (record,) = first.records
    assert record.chosen_at == MIDNIGHT
    monkeypatch.setattr("forecasting.intraday.learn", lambda *_: pytest.fail("learnt again"))
    (again,) = forecast_queues(own, first=MONDAY, days=7, queues=["card"], as_of=noon).records
    pd.testing.assert_frame_equal(own.forecast_frame(again.id), own.forecast_frame(record.id))
