"""Every kind of fault a frame can have: one frame that has it, one that just has not."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from data.errors import InputError, SchemaError
from data.schema import (
    DTYPES,
    FORECAST,
    HISTORY,
    OCCURRENCES,
    OUTER_QUANTILES,
    QUANTILE_COLUMNS,
    QUANTILES,
    REQUIREMENT,
    SCHEMAS,
    Schema,
    check,
    conform,
    empty,
    require,
)

NOON = pd.Timestamp("2025-01-06 12:00", tz="UTC")
Change = Callable[[pd.DataFrame], pd.DataFrame]


def history() -> pd.DataFrame:
    starts = pd.date_range(NOON, periods=3, freq="30min", unit="us")
    return conform(pd.DataFrame({"queue": "cards", "start": starts, "offered": [4.0, 0.0, 2.0]}), HISTORY)


def requirement() -> pd.DataFrame:
    row = {
        "queue": "cards",
        "start": NOON,
        "agents": 4.0,
        "staff": 5.0,
        "answer_rate": 0.95,
        "occupancy": 0.8,
    }
    return conform(pd.DataFrame([row]), REQUIREMENT)


def occurrences() -> pd.DataFrame:
    row = {"peak": "billing", "kind": "billing", "date": pd.Timestamp("2025-01-06"), "provisional": 0}
    return conform(pd.DataFrame([row | {"lower_days": -1, "upper_days": 1}]), OCCURRENCES)


def put(column: str, value: object) -> Change:
    """Write a value into the first row."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.copy()
        frame.loc[0, column] = value
        return frame

    return change


def retype(column: str, kind: str) -> Change:
    return lambda frame: frame.assign(**{column: frame[column].astype(kind)})


def drop(column: str) -> Change:
    return lambda frame: frame.drop(columns=column)


def double(column: str) -> Change:
    return lambda frame: pd.concat([frame, frame[[column]]], axis="columns")


def repeat_row(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, frame.iloc[:1]], ignore_index=True)


def second_queue(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, frame.iloc[:1].assign(queue="loans")], ignore_index=True)


def as_is(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def naive_start(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(start=frame["start"].dt.tz_localize(None))


def local_start(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(start=frame["start"].dt.tz_convert("Asia/Shanghai"))


# frame, schema, what breaks it, column of the fault, words of its reason, what just does not
CASES: list[tuple[Callable[[], pd.DataFrame], Schema, Change, str | None, str, Change]] = [
    (history, HISTORY, drop("offered"), "offered", "the column is missing", as_is),
    (history, HISTORY, drop("wait_s"), "wait_s", "the column is missing", put("wait_s", np.nan)),
    (history, HISTORY, double("offered"), "offered", "2 columns bear this name", as_is),
    (history, HISTORY, double("queue"), "queue", "2 columns bear this name", as_is),
    (history, HISTORY, retype("offered", "int64"), "offered", "the type must be float64", as_is),
    (history, HISTORY, retype("offered", "str"), "offered", "the type must be float64", as_is),
    (history, HISTORY, retype("queue", "object"), "queue", "the type must be str", as_is),
    (history, HISTORY, naive_start, "start", r"the type must be datetime64\[us, UTC\]", as_is),
    (history, HISTORY, local_start, "start", r"the type must be datetime64\[us, UTC\]", as_is),
    (
        history,
        HISTORY,
        retype("start", "datetime64[ns, UTC]"),
        "start",
        r"the type must be datetime64\[us, UTC\]",
        as_is,
    ),
    (history, HISTORY, put("queue", None), "queue", "1 values are missing", put("queue", "")),
    (history, HISTORY, put("start", pd.NaT), "start", "1 values are missing", put("start", NOON)),
    (history, HISTORY, put("offered", np.nan), "offered", "1 values are missing", put("answered", np.nan)),
    (history, HISTORY, put("offered", -0.001), "offered", "1 values below 0 contacts", put("offered", 0.0)),
    (history, HISTORY, put("offered", np.inf), "offered", "infinite values", put("offered", 1e12)),
    (
        requirement,
        REQUIREMENT,
        put("answer_rate", 1.001),
        "answer_rate",
        "1 values above 1 fraction",
        put("answer_rate", 1.0),
    ),
    (
        requirement,
        REQUIREMENT,
        put("occupancy", -0.001),
        "occupancy",
        "1 values below 0 fraction",
        put("occupancy", 0.0),
    ),
    (
        occurrences,
        OCCURRENCES,
        put("lower_days", 1),
        "lower_days",
        "1 values above 0 days",
        put("lower_days", 0),
    ),
    (
        occurrences,
        OCCURRENCES,
        put("upper_days", -1),
        "upper_days",
        "1 values below 0 days",
        put("upper_days", 0),
    ),
    (
        occurrences,
        OCCURRENCES,
        put("provisional", 2),
        "provisional",
        "1 values above 1",
        put("provisional", 1),
    ),
    (history, HISTORY, repeat_row, None, "1 doubled keys", second_queue),
    (occurrences, OCCURRENCES, repeat_row, None, "1 doubled keys", as_is),
]


@pytest.mark.parametrize(("make", "schema", "broken", "column", "reason", "_whole"), CASES)
def test_a_fault_is_found_and_named_with_its_repair(
    make: Callable[[], pd.DataFrame],
    schema: Schema,
    broken: Change,
    column: str | None,
    reason: str,
    _whole: Change,
) -> None:
    (fault,) = check(broken(make()), schema)
    assert (fault.source, fault.column) == (schema.name, column)
    assert re.search(reason, fault.reason)
    assert fault.repair.endswith(".")
    with pytest.raises(SchemaError, match=reason):
        require(broken(make()), schema)


@pytest.mark.parametrize(("make", "schema", "_broken", "_column", "_reason", "whole"), CASES)
def test_a_frame_that_just_keeps_its_schema_has_no_fault(
    make: Callable[[], pd.DataFrame],
    schema: Schema,
    _broken: Change,
    _column: str | None,
    _reason: str,
    whole: Change,
) -> None:
    frame = whole(make())
    assert check(frame, schema) == []
    assert require(frame, schema) is frame


def test_every_fault_is_listed_not_only_the_first() -> None:
    frame = put("answered", -1.0)(put("offered", np.nan)(history())).drop(columns="wait_s")
    assert [fault.column for fault in check(frame, HISTORY)] == ["offered", "answered", "wait_s"]
    with pytest.raises(SchemaError) as raised:
        require(frame, HISTORY)
    assert len(raised.value.faults) == 3


def test_a_bound_fault_counts_the_values_and_shows_one() -> None:
    frame = history().assign(offered=[-2.0, 1.0, -3.0])
    (fault,) = check(frame, HISTORY)
    assert (fault.value, fault.reason) == ("-2", "2 values below 0 contacts")


def test_a_schema_error_is_an_input_error() -> None:
    with pytest.raises(InputError):
        require(history().drop(columns="start"), HISTORY)


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_an_empty_frame_keeps_its_schema(schema: Schema) -> None:
    frame = empty(schema)
    assert check(frame, schema) == []
    assert frame.columns.to_list() == schema.names
    assert len(frame) == 0
    pd.testing.assert_frame_equal(conform(frame, schema), frame)


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_a_schema_names_its_columns_once_and_keys_among_them(schema: Schema) -> None:
    assert len(set(schema.names)) == len(schema.names)
    assert set(schema.key) <= set(schema.names)
    assert not any(schema.column(name).nullable for name in schema.key)
    assert all(column.kind in DTYPES and column.meaning for column in schema.columns)
    assert SCHEMAS[schema.name] is schema


def test_a_schema_without_such_a_column_raises_key_error() -> None:
    assert HISTORY.column("offered").unit == "contacts"
    with pytest.raises(KeyError, match="asked"):
        HISTORY.column("asked")


def test_quantile_columns_bear_their_percent() -> None:
    assert [float(f"0.{name.removeprefix('q')}") for name in QUANTILE_COLUMNS] == list(QUANTILES)
    assert list(QUANTILES) == sorted(QUANTILES)
    assert set(QUANTILE_COLUMNS) <= set(FORECAST.names)


def test_a_forecast_of_the_first_versions_reads_without_the_ends_of_its_95_percent_band() -> None:
    given = empty(FORECAST).drop(columns=sorted(OUTER_QUANTILES))
    assert check(conform(given, FORECAST), FORECAST) == []
    with pytest.raises(SchemaError, match="q05"):
        conform(given.drop(columns="q05"), FORECAST)


def test_conform_puts_columns_in_order_in_their_types_and_fills_what_may_be_absent() -> None:
    given = pd.DataFrame(
        {
            "offered": [1, 2],
            "note": ["x", "y"],
            "start": pd.to_datetime(["2025-01-06 20:00+08:00", "2025-01-06 20:30+08:00"]),
            "queue": ["cards", "cards"],
        }
    )
    frame = conform(given, HISTORY)
    assert frame.columns.to_list() == HISTORY.names
    assert check(frame, HISTORY) == []
    assert frame["start"].iloc[0] == NOON
    assert frame["wait_s"].isna().all()


def test_conform_keeps_the_rows_index_and_leaves_the_given_frame_as_it_was() -> None:
    given = history().set_index(pd.Index([7, 8, 9]))
    before = given.copy()
    assert conform(given, HISTORY).index.to_list() == [7, 8, 9]
    pd.testing.assert_frame_equal(given, before)


@pytest.mark.parametrize(
    ("make", "schema", "change", "column", "reason"),
    [
        (history, HISTORY, drop("offered"), "offered", "the column is missing"),
        (history, HISTORY, double("answered"), "answered", "2 columns bear this name"),
        (history, HISTORY, lambda frame: frame.assign(offered="many"), "offered", "could not convert"),
        (history, HISTORY, naive_start, "start", "timezone-naive"),
        (history, HISTORY, lambda frame: frame.assign(start=[1, 2, 3]), "start", "numbers are no times"),
        (history, HISTORY, lambda frame: frame.assign(start="noon"), "start", "noon"),
        (
            occurrences,
            OCCURRENCES,
            lambda frame: frame.assign(lower_days=-1.5),
            "lower_days",
            "not all are whole",
        ),
        (
            occurrences,
            OCCURRENCES,
            lambda frame: frame.assign(provisional=np.nan),
            "provisional",
            "non-finite",
        ),
        (
            occurrences,
            OCCURRENCES,
            lambda frame: frame.assign(date=pd.Timestamp("2025-01-06", tz="UTC")),
            "date",
            "timezone",
        ),
    ],
)
def test_conform_refuses_what_does_not_convert_without_loss(
    make: Callable[[], pd.DataFrame], schema: Schema, change: Change, column: str, reason: str
) -> None:
    with pytest.raises(SchemaError, match=reason) as raised:
        conform(change(make()), schema)
    assert [fault.column for fault in raised.value.faults] == [column]


@pytest.mark.parametrize("whole", [-1, -1.0, "-1"])
def test_conform_takes_whole_numbers_in_any_type(whole: object) -> None:
    assert conform(occurrences().assign(lower_days=whole), OCCURRENCES)["lower_days"].to_list() == [-1]
