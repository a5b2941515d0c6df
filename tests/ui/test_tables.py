from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from data.domain import (
    Agent,
    Assignment,
    OpeningSpan,
    Peak,
    PeakKind,
    Queue,
    Recurrence,
    Roster,
    Severity,
    Violation,
)
from data.peaks import expand
from data.records import ForecastRecord, VersionRecord
from data.schema import HISTORY, conform, empty
from ui.tables import faults, forecasts, history, people, rosters
from ui.tables import peaks as peak_tables

QUEUE = Queue(
    id="card",
    timezone="Asia/Shanghai",
    interval_min=60,
    hours=(OpeningSpan(weekdays=frozenset(range(5)), open_min=8 * 60, close_min=12 * 60),),
)
MONDAY = date(2026, 11, 23)


def instants(day: date, hours: range, zone: str = "Asia/Shanghai") -> list[pd.Timestamp]:
    return [pd.Timestamp(day.isoformat(), tz=zone) + pd.Timedelta(hours=hour) for hour in hours]


def frame(starts: list[pd.Timestamp], **columns: object) -> pd.DataFrame:
    start = pd.Series(pd.DatetimeIndex(starts).tz_convert("UTC").as_unit("us"))
    return conform(pd.DataFrame({"queue": "card", "start": start, **columns}), HISTORY)


def two_weeks() -> pd.DataFrame:
    """Weekdays of two weeks without the second Tuesday; answered is unknown at 11:00."""
    draw = np.random.default_rng(1)
    days = [MONDAY + timedelta(days=offset) for offset in range(12) if offset != 8]
    starts = [start for day in days if day.weekday() < 5 for start in instants(day, range(8, 12))]
    offered = draw.integers(0, 30, len(starts)).astype(float)
    answered = np.where([start.hour == 11 for start in starts], np.nan, np.floor(0.9 * offered))
    return frame(starts, offered=offered, answered=answered, handle_time_s=answered * 200)


def test_a_day_total_is_the_sum_of_the_local_days_intervals() -> None:
    rows = two_weeks()
    found = history.day_totals(rows, QUEUE).set_index("date")
    for day in found.index:
        own = [
            row
            for row in rows.itertuples()
            if row.start.tz_convert("Asia/Shanghai").date() == day.date()  # type: ignore[attr-defined, unused-ignore]
        ]
        if own:
            known = [row for row in own if not np.isnan(row.answered)]
            assert found.loc[day, "offered"] == sum(row.offered for row in own)
            expected = sum(row.answered for row in known) / sum(row.offered for row in known)
            assert found.loc[day, "answer_rate"] == pytest.approx(expected)
            assert found.loc[day, "aht_s"] == pytest.approx(200)
        else:
            assert np.isnan(found.loc[day, "offered"])


def test_a_day_without_figures_is_missing_only_when_the_queue_is_open() -> None:
    found = history.day_totals(two_weeks(), QUEUE)
    assert found.loc[found["missing"], "date"].dt.date.tolist() == [date(2026, 12, 1)]
    assert len(found) == 12


def test_an_evening_in_utc_counts_on_the_next_day_in_shanghai() -> None:
    rows = frame([pd.Timestamp("2026-11-23T23:00", tz="UTC")], offered=[7.0])
    found = history.day_totals(rows, Queue(id="card", timezone="Asia/Shanghai"))
    assert found["date"].dt.date.tolist() == [date(2026, 11, 24)]


def test_no_history_gives_no_days() -> None:
    assert history.day_totals(empty(HISTORY), QUEUE).empty


def test_the_last_days_are_the_newest() -> None:
    totals = history.day_totals(two_weeks(), QUEUE)
    assert history.last_days(totals, 3)["date"].dt.date.tolist() == [date(2026, 12, day) for day in (2, 3, 4)]
    assert len(history.last_days(totals, None)) == len(totals)


def test_holdings_count_missing_days_and_intervals_apart() -> None:
    rows = two_weeks().iloc[1:]
    held = history.holdings(
        [
            (QUEUE, history.day_totals(rows, QUEUE)),
            (Queue(id="none"), history.day_totals(empty(HISTORY), QUEUE)),
        ]
    )
    card = held.set_index("Queue").loc["card"]
    assert (card["Missing days"], card["Missing intervals"]) == (1, 1)
    assert card["Offered"] == rows["offered"].sum()
    known = rows.dropna(subset=["answered"])
    assert card["Answer rate"] == pytest.approx(known["answered"].sum() / known["offered"].sum())
    assert held.set_index("Queue").loc["none", "Days"] == 0


def test_versions_show_the_newest_first_in_local_time() -> None:
    records = [
        VersionRecord(
            version=number,
            created_at=datetime(2026, 11, 20, 23, number, tzinfo=UTC),
            source="a.csv",
            digest="",
            added=1,
            changed=0,
            unchanged=0,
        )
        for number in (1, 2)
    ]
    shown = history.versions(records, "Asia/Shanghai")
    assert shown["Version"].tolist() == [2, 1]
    assert shown["Imported"].tolist() == ["2026-11-21 07:02", "2026-11-21 07:01"]


def test_faults_keep_lines_whole_where_some_have_none() -> None:
    bad = [
        {
            "source": "a.csv",
            "line": 3,
            "column": "start",
            "value": "x",
            "reason": "no date",
            "repair": "Give one.",
        },
        {
            "source": "a.csv",
            "line": None,
            "column": None,
            "value": None,
            "reason": "empty",
            "repair": "Fill it.",
        },
    ]
    shown = faults.faults(bad)
    assert shown["Line"].tolist() == [3, pd.NA]
    assert list(shown.columns) == ["File", "Line", "Column", "Found", "What is wrong", "What to do"]


@pytest.mark.parametrize(
    ("recurrence", "words"),
    [
        (Recurrence(days_of_month=(5, 31)), "day 5, last of the month"),
        (
            Recurrence(days_of_month=(5,), offset_days=-2, roll="next", calendar="CN"),
            "day 5 of the month −2 days, next open day of CN",
        ),
        (Recurrence(sessions=True, calendar="XSHG"), "trading sessions of XSHG"),
        (
            Recurrence(holidays=True, calendar="CN", first=date(2026, 1, 1)),
            "public holidays of CN (2026-01-01 to …)",
        ),
        (Recurrence(makeup_days=True, calendar="CN"), "make-up working days of CN"),
    ],
)
def test_a_rule_is_told_in_words(recurrence: Recurrence, words: str) -> None:
    assert peak_tables.when(Peak(id="p", kind=PeakKind.EVENT, recurrence=recurrence)) == words


def test_dates_of_a_peak_are_told_in_words() -> None:
    one = Peak(id="p", kind=PeakKind.EVENT, dates={date(2026, 11, 24): None})
    both = Peak(
        id="p",
        kind=PeakKind.EVENT,
        dates={date(2026, 11, 24): None},
        recurrence=Recurrence(days_of_month=(5,)),
    )
    assert peak_tables.when(one) == "24 Nov 2026"
    assert peak_tables.when(both) == "day 5 of the month; 24 Nov 2026"


@pytest.mark.parametrize(
    ("lower", "upper", "words"), [(0, 0, "the day"), (-1, 2, "−1 to +2 days"), (0, 3, "0 to +3 days")]
)
def test_a_window_is_told_in_words(lower: int, upper: int, words: str) -> None:
    assert peak_tables.window(lower, upper) == words


def test_peaks_of_nearly_every_day_and_of_other_queues_are_not_marked() -> None:
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    every = [
        Peak(id="session", kind=PeakKind.SESSION, recurrence=Recurrence(sessions=True, calendar="XSHG")),
        Peak(id="billing", kind=PeakKind.BILLING, recurrence=Recurrence(days_of_month=(5,))),
        Peak(id="payday", kind=PeakKind.PAYDAY, recurrence=Recurrence(days_of_month=(5, 20))),
        Peak(
            id="other",
            kind=PeakKind.PAYDAY,
            recurrence=Recurrence(days_of_month=(7,)),
            queues=frozenset({"vip"}),
        ),
    ]
    marks = peak_tables.marks(expand(every, first, last), "card", first, last)
    assert dict(zip(marks["date"].dt.day, marks["peaks"], strict=True)) == {
        5: "billing + payday",
        20: "payday",
    }


def test_a_calendar_cell_knows_its_week_and_its_peaks() -> None:
    first, last = date(2026, 11, 1), date(2026, 12, 31)
    found = expand(
        [
            Peak(id="session", kind=PeakKind.SESSION, recurrence=Recurrence(sessions=True, calendar="XSHG")),
            Peak(
                id="billing",
                kind=PeakKind.BILLING,
                recurrence=Recurrence(days_of_month=(5, 10)),
                upper_days=1,
            ),
            Peak(id="payday", kind=PeakKind.PAYDAY, recurrence=Recurrence(days_of_month=(10,))),
        ],
        first,
        last,
    )
    cells = peak_tables.calendar_cells(found, None, first, last).set_index(["month", "day"])
    assert len(cells) == 61
    assert cells.loc[("2026-11", 1), ["week", "weekday", "kind"]].tolist() == [0, "Sun", "none"]
    assert cells.loc[("2026-11", 2), "week"] == 1
    assert cells.loc[("2026-11", 5), "kind"] == "billing"
    assert cells.loc[("2026-11", 6), ["kind", "peaks"]].tolist() == ["session", "billing (+1 d), session"]
    assert cells.loc[("2026-11", 10), "kind"] == "several"


def forecast_frame(day: date, mean: float) -> pd.DataFrame:
    starts = pd.Series(
        pd.DatetimeIndex(instants(day, range(8, 12)) + instants(day + timedelta(days=1), range(8, 12)))
        .tz_convert("UTC")
        .as_unit("us")
    )
    shares = {f"q{share:02d}": mean for share in (5, 10, 25, 50, 75, 90, 95)}
    return pd.DataFrame({"queue": "card", "start": starts, "mean": mean, **shares, "aht_s": 200.0})


def totals(mean: float = 20.0) -> pd.DataFrame:
    shares = {"q05": 0.5, "q25": 0.8, "q75": 1.2, "q95": 1.5}
    dates = [pd.Timestamp(MONDAY), pd.Timestamp(MONDAY + timedelta(days=1))]
    return pd.DataFrame(
        {"queue": "card", "date": dates, "mean": mean} | {q: mean * f for q, f in shares.items()}
    )


def test_the_band_of_a_day_is_that_of_its_total() -> None:
    found = forecasts.days(forecast_frame(MONDAY, 5.0), totals(), empty(HISTORY), QUEUE)
    assert found["mean"].tolist() == [20.0, 20.0]
    assert found[["q05", "q25", "q75", "q95"]].iloc[1].tolist() == pytest.approx([10.0, 16.0, 24.0, 30.0])


def test_a_day_has_an_actual_only_when_all_of_it_has_come_in() -> None:
    came_in = instants(MONDAY, range(8, 12)) + instants(MONDAY + timedelta(days=1), range(8, 10))
    found = forecasts.days(
        forecast_frame(MONDAY, 5.0), totals(), frame(came_in, offered=[1.0, 2.0, 3.0, 4.0, 9.0, 9.0]), QUEUE
    )
    assert found["actual"].iloc[0] == 10.0
    assert np.isnan(found["actual"].iloc[1])


def test_a_year_before_is_the_same_weekday_52_weeks_before() -> None:
    before = MONDAY - timedelta(days=364)
    rows = frame(instants(before, range(8, 12)), offered=[1.0, 2.0, 3.0, 4.0])
    assert forecasts.days(forecast_frame(MONDAY, 5.0), totals(), rows, QUEUE)["before"].iloc[0] == 10.0
    assert forecasts.intervals(forecast_frame(MONDAY, 5.0), rows, QUEUE, MONDAY)["before"].tolist() == [
        1.0,
        2.0,
        3.0,
        4.0,
    ]


def test_the_recent_handle_time_is_of_the_last_eight_such_weekdays() -> None:
    starts, spent = [], []
    for week in range(1, 11):
        starts += instants(MONDAY - timedelta(weeks=week), range(8, 9))
        spent.append(100.0 if week <= 8 else 900.0)
    rows = frame(starts, offered=1.0, answered=1.0, handle_time_s=spent)
    found = forecasts.intervals(forecast_frame(MONDAY, 5.0), rows, QUEUE, MONDAY)
    assert found["actual_aht_s"].iloc[0] == 100.0
    assert len(found) == 4


def test_scores_stand_best_first_with_their_shares_in_the_forecast() -> None:
    rows = [
        {"method": "prophet", "wape": 0.1},
        {"method": "seasonal_naive", "wape": 0.2},
        {"method": "my_own", "wape": 0.05},
    ]
    shown = forecasts.scores(rows, {"prophet": 0.6, "my_own": 0.4})
    assert shown["Method"].tolist() == ["My own", "Prophet × profile", "Seasonal naive"]
    assert shown["Share"].tolist() == ["40%", "60%", ""]


def forecast_record(weights: dict[str, float], *scored: str) -> ForecastRecord:
    scores = [{"method": name, "wape": 0.1 * (place + 1)} for place, name in enumerate(scored)]
    return ForecastRecord(
        queue="card",
        cutoff=datetime(2026, 11, 23, tzinfo=UTC),
        first=MONDAY,
        days=7,
        model="m",
        scores=scores,
        weights=weights,
    )


def test_the_score_of_a_mix_is_its_own_and_not_that_of_a_method() -> None:
    record = forecast_record({"a": 0.25, "b": 0.75}, "peakshift", "a", "b")
    assert forecasts.score(record, "wape") == pytest.approx(0.1)
    assert forecasts.mix(record) == "B 75%, A 25%"
    assert forecasts.score(forecast_record({"a": 0.5, "b": 0.5}, "a", "b"), "wape") is None


def test_a_forecast_without_weights_is_of_its_one_model() -> None:
    record = forecast_record({}, "m")
    assert forecasts.shares(record) == {"m": 1.0}
    assert forecasts.mix(record) == "M"
    assert forecasts.score(record, "wape") == pytest.approx(0.1)


def test_a_downloaded_forecast_names_both_clocks() -> None:
    shown = forecasts.download(forecast_frame(MONDAY, 5.0), QUEUE)
    assert shown["start"].iloc[0] == "2026-11-23T00:00:00Z"
    assert shown["local_start"].iloc[0] == "2026-11-23T08:00:00+0800"


def shift(agent_id: str, day: date, hour: int = 22, pattern: str = "late") -> Assignment:
    start = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))
    return Assignment(
        agent_id=agent_id, day=day, pattern=pattern, start=start, end=start + timedelta(hours=8)
    )


AGENTS = (
    Agent(id="1", name="Li Ming", team="B", skills=frozenset({"card"})),
    Agent(id="2", name="Li Ming", team="A", skills=frozenset({"card"}), time_off=frozenset({MONDAY})),
)
ROSTER = Roster(
    name="r",
    first=MONDAY,
    days=2,
    timezone="Asia/Shanghai",
    assignments=(shift("1", MONDAY), shift("1", MONDAY + timedelta(days=1), 8, "day")),
)


def test_the_matrix_holds_local_times_and_the_patterns_behind_them() -> None:
    texts, patterns = rosters.matrix(ROSTER, rosters.people(AGENTS))
    assert texts["Team"].tolist() == ["A", "B"]
    assert texts["Mon 23 Nov"].tolist() == ["off", "22:00–06:00 +1"]
    assert texts["Tue 24 Nov"].tolist() == ["", "08:00–16:00"]
    assert texts["Hours"].tolist() == [0.0, 16.0]
    assert patterns["Mon 23 Nov"].tolist() == ["off", "late"]
    assert texts.shape == patterns.shape


def test_cells_are_styled_by_pattern_and_no_others_are() -> None:
    _, patterns = rosters.matrix(ROSTER, AGENTS)
    css = rosters.cell_styles(patterns, {"late": "#AABBCC", "day": "#CCBBAA"})
    assert "#AABBCC" in css["Mon 23 Nov"].iloc[0]
    assert css["Name"].tolist() == ["", ""]


def test_people_of_one_team_are_kept() -> None:
    assert [agent.id for agent in rosters.people(AGENTS, "A")] == ["2"]


def test_bars_of_two_people_with_one_name_are_told_apart() -> None:
    roster = Roster(
        name="r",
        first=MONDAY,
        days=1,
        timezone="Asia/Shanghai",
        assignments=(shift("1", MONDAY, 9), shift("2", MONDAY, 8)),
    )
    bars = rosters.gantt_bars(roster, AGENTS, MONDAY)
    assert bars["person"].tolist() == ["Li Ming (2)", "Li Ming (1)"]
    assert bars["begin"].tolist() == ["2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"]
    assert bars["to"].tolist() == ["16:00", "17:00"]


def spans(*rates: float, period: str = "day", target: float = 0.95, length_days: int = 1) -> pd.DataFrame:
    """Targets of one queue, one after the other, from 09:00 in Shanghai on."""
    first = pd.date_range(MONDAY, periods=len(rates), freq=f"{length_days}D", unit="us")
    frame = pd.DataFrame({"first": first, "last": first + pd.Timedelta(days=length_days - 1)})
    start = (first + pd.Timedelta(hours=9)).tz_localize("Asia/Shanghai").tz_convert("UTC")
    frame = frame.assign(queue="card", period=period, start=start, offered=100.0, answer_rate=rates)
    return frame.assign(target=target, met=frame["answer_rate"] >= target)


def test_totals_count_the_targets_missed_by_their_own_spans() -> None:
    days = pd.DataFrame({"queue": "card", "offered": [100.0, 100.0, 0.0], "answered": [95.0, 90.0, 0.0]})
    found = rosters.totals(days, spans(0.95, 0.90, period="week")).iloc[0]
    assert (found["missed"], found["targets"], found["period"]) == (1, 2, "week")
    assert found["answer_rate"] == 0.925


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        (spans(0.96, 0.94999), ["card, Tue 24 Nov: 95.00% of 95.0%"]),
        (spans(0.5, period="week", length_days=7), ["card, Mon 23 Nov to Sun 29 Nov: 50.00% of 95.0%"]),
        (spans(0.5, period="interval"), ["card, Mon 23 Nov 09:00: 50.00% of 95.0%"]),
        (spans(0.96), []),
    ],
    ids=["day", "week", "interval", "none"],
)
def test_missed_targets_are_told_with_their_span(targets: pd.DataFrame, said: list[str]) -> None:
    assert rosters.missed_lines(targets, "Asia/Shanghai") == said


def test_floors_missed_are_told_with_their_interval_and_the_agents_where_those_are_few() -> None:
    frame = spans(0.7, 0.95).assign(floor=0.8, rostered=[1.0, 1.5], min_agents=[0, 2])
    assert rosters.floor_lines(frame, "Asia/Shanghai") == [
        "card, Mon 23 Nov 09:00: 70.00% of 80.0%",
        "card, Tue 24 Nov 09:00: 95.00% of 80.0%, 1.5 of 2 agents",
    ]


def test_hours_that_do_not_count_are_told_in_local_time() -> None:
    start = pd.Timestamp(MONDAY, tz="Asia/Shanghai").tz_convert("UTC")
    frame = pd.DataFrame({"queue": ["card"], "start": [start], "offered": [1234.5]})
    (line,) = rosters.not_counted_lines(frame.assign(end=start + pd.Timedelta(hours=6)), "Asia/Shanghai")
    assert line.startswith("Not counted: card from 2026-11-23 00:00 to 06:00, 1,234 contacts expected.")
    assert rosters.not_counted_lines(frame.assign(end=start).head(0), "Asia/Shanghai") == []


def test_violations_name_people_in_order_of_local_time() -> None:
    found = [
        Violation(rule="rest", agent_id="1", start=datetime(2026, 11, 24, tzinfo=UTC), message="b"),
        Violation(
            rule="cover",
            agent_id=None,
            start=datetime(2026, 11, 23, tzinfo=UTC),
            message="a",
            severity=Severity.SOFT,
        ),
    ]
    shown = rosters.violations(found, AGENTS, "Asia/Shanghai")
    assert shown["When"].tolist() == ["Mon 23 Nov 08:00", "Tue 24 Nov 08:00"]
    assert shown["Person"].tolist() == ["–", "Li Ming"]
    assert shown["Must hold"].tolist() == ["wished", "yes"]


def test_patterns_and_contracts_are_told_in_words() -> None:
    from data.defaults import CONTRACTS, PATTERNS

    shown = people.patterns(PATTERNS).set_index("Pattern")
    assert shown.loc["day_9h"].tolist() == [
        "every day",
        "06:00–15:00, every 30 min",
        "9 h",
        "8 h",
        "meal 60 min",
    ]
    assert people.contracts(CONTRACTS).set_index("Contract").loc["standard", "Hours a week"] == "0–40"
    assert people.weekdays(frozenset({0, 5})) == "Mon, Sat"


def required(queue: str, day: date, hours: range, staff: float) -> pd.DataFrame:
    starts = pd.Series(pd.DatetimeIndex(instants(day, hours)).tz_convert("UTC").as_unit("us"))
    return pd.DataFrame({"queue": queue, "start": starts, "staff": staff})


def test_queues_are_stacked_on_one_grid_with_nothing_required_while_closed() -> None:
    fine = required("a", MONDAY, range(8, 9), 4.0)
    coarse = pd.concat([required("b", MONDAY, range(8, 10), 2.0), required("b", MONDAY, range(11, 12), 6.0)])
    found = rosters.stacked_staff(pd.concat([fine, coarse]), {"a": 30, "b": 60}, days=1)
    by_queue = {queue: rows["staff"].tolist() for queue, rows in found.groupby("queue")}
    assert by_queue == {"a": [4, 0, 0, 0, 0, 0, 0, 0, 0], "b": [2, 2, 2, 2, 0, 0, 6, 6, 0]}
    assert found["start"].nunique() == 9


def test_many_days_are_stacked_by_the_hour() -> None:
    halves = pd.Series(pd.date_range("2026-11-23T00:30", periods=3, freq="30min", tz="UTC", unit="us"))
    frame = pd.DataFrame({"queue": "a", "start": halves, "staff": [2.0, 4.0, 6.0]})
    assert rosters.stacked_staff(frame, {"a": 30}, days=28)["staff"].tolist() == [3.0, 3.0]
