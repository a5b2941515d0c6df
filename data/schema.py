"""What each frame holds: type, unit, meaning and bounds of every column, kept as data.

Frames are checked at the door with `require` and trusted inside. Sums are stored, ratios are derived.
Timestamps are UTC instants; a queue's or roster's time zone turns them into local time on a screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from data.errors import Fault, SchemaError

Kind = Literal["text", "integer", "number", "timestamp", "date"]

DTYPES: dict[Kind, str] = {
    "text": "str",
    "integer": "int64",
    "number": "float64",
    "timestamp": "datetime64[us, UTC]",
    "date": "datetime64[us]",
}
"""pandas dtype of each kind. A date is a local calendar day, held as its midnight without a zone."""

QUANTILES: tuple[float, ...] = (0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975)
QUANTILE_COLUMNS: tuple[str, ...] = ("q025", "q05", "q10", "q25", "q50", "q75", "q90", "q95", "q975")
OUTER_QUANTILES: frozenset[str] = frozenset({"q025", "q975"})
"""Ends of the 95 % band, which forecasts of the first versions do not carry."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a frame.

    Parameters
    ----------
    name
        Its name in the frame and in files.
    kind
        Its type, see `DTYPES`.
    unit
        Unit of the values, "" for names and dates.
    meaning
        One sentence in the field's words.
    nullable
        Whether a value may be missing: NaN in numbers, NaT in times, None in text.
    lower, upper
        Bounds, inclusive.
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    nullable: bool = False
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of a frame, in order, and the columns that identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _text(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, "text", "", meaning, nullable=nullable)


def _count(name: str, meaning: str, *, unit: str = "contacts", nullable: bool = False) -> Column:
    return Column(name, "number", unit, meaning, nullable=nullable, lower=0)


def _fraction(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, "number", "fraction", meaning, nullable=nullable, lower=0, upper=1)


QUEUE = _text("queue", "Queue the row belongs to")
START = Column("start", "timestamp", "instant", "Start of the interval, which ends at the next one's start")

HISTORY = Schema(
    "history",
    (
        QUEUE,
        START,
        _count("offered", "Contacts that asked for a person: answered + abandoned"),
        _count("answered", "Contacts that reached a person", nullable=True),
        _count("abandoned", "Contacts that left the queue before a person answered", nullable=True),
        _count("answered_in_threshold", "Contacts answered within the queue's threshold", nullable=True),
        _count(
            "handle_time_s",
            "Talk, hold and after-contact work of the answered contacts",
            unit="s",
            nullable=True,
        ),
        _count("wait_s", "Wait of all offered contacts, answered or not", unit="s", nullable=True),
    ),
    ("queue", "start"),
)

FORECAST = Schema(
    "forecast",
    (
        QUEUE,
        START,
        _count("mean", "Expected contacts offered"),
        *(
            _count(
                name,
                f"Contacts offered not exceeded with probability {q:g}, a count taken as spread over ± 0.5",
                nullable=name in OUTER_QUANTILES,
            )
            for name, q in zip(QUANTILE_COLUMNS, QUANTILES, strict=True)
        ),
        _count("aht_s", "Expected handle time of an answered contact", unit="s"),
    ),
    ("queue", "start"),
)

CURVES = Schema(
    "curves",
    (
        QUEUE,
        START,
        _count("offered", "Expected contacts offered"),
        _count("agents", "Positions on contacts at this breakpoint", unit="agents"),
        _count("answered", "Expected contacts answered with that many agents"),
        _count(
            "least_agents",
            "Positions the interval needs for service level, mean wait and occupancy; missing where the target has none",
            unit="agents",
            nullable=True,
        ),
    ),
    ("queue", "start", "agents"),
)

REQUIREMENT = Schema(
    "requirement",
    (
        QUEUE,
        START,
        _count("agents", "Positions on contacts needed", unit="agents"),
        _count("staff", "People needed: agents / yield", unit="people"),
        _fraction("answer_rate", "Answered / offered with that many agents"),
        _fraction(
            "service_level",
            "Answered within the threshold, by the formula of the target; F3 where it names none",
            nullable=True,
        ),
        _count("asa_s", "Mean wait of answered contacts", unit="s", nullable=True),
        _fraction("occupancy", "Busy time / (busy + available time)"),
    ),
    ("queue", "start"),
)

ROSTER = Schema(
    "roster",
    (
        _text("agent_id", "Person"),
        Column("date", "date", "", "Local day the shift begins on"),
        _text("shift_id", "Pattern the shift was made from"),
        START,
        Column("end", "timestamp", "instant", "End of the activity, not included"),
        _text("activity", "work, the kind of break, or activity:KIND:NAME"),
        _text("skill", "Skills the person works in, joined by ;"),
    ),
    ("agent_id", "start"),
)

COVERAGE = Schema(
    "coverage",
    (
        QUEUE,
        START,
        _count("required", "Agents needed for the target", unit="agents"),
        _count("rostered", "Agents the roster gives this queue: people × yield", unit="agents"),
        _fraction("answer_rate", "Answered / offered that follows"),
        _fraction(
            "service_level",
            "Answered within the threshold, by the formula of the target; F3 where it names none",
            nullable=True,
        ),
        _text("service_level_formula", "What the service level counts: f1, f2, f3 or f4", nullable=True),
        _fraction("occupancy", "Busy time / (busy + available time)", nullable=True),
        _count("offered", "Expected contacts offered"),
        _count("answered", "Expected contacts answered"),
        _count(
            "answered_carried",
            "Expected contacts answered, counting what the roster leaves waiting for the next interval",
            nullable=True,
        ),
    ),
    ("queue", "start"),
)

OCCURRENCES = Schema(
    "occurrences",
    (
        _text("peak", "Peak the day belongs to"),
        _text("kind", "Kind of peak"),
        Column("date", "date", "", "Local day the peak falls on"),
        _text("queues", "Queues it touches, joined by ;, empty for all", nullable=True),
        Column("lower_days", "integer", "days", "First day of its window, relative to the date", upper=0),
        Column("upper_days", "integer", "days", "Last day of its window, relative to the date", lower=0),
        Column(
            "size",
            "number",
            "as given",
            "How big this occurrence is: accounts, holders, …",
            nullable=True,
            lower=0,
        ),
        Column(
            "provisional",
            "integer",
            "0 or 1",
            "1 where the official calendar is not out yet",
            lower=0,
            upper=1,
        ),
    ),
    ("peak", "date"),
)

SCHEMAS: dict[str, Schema] = {
    schema.name: schema for schema in (HISTORY, FORECAST, CURVES, REQUIREMENT, ROSTER, COVERAGE, OCCURRENCES)
}


def empty(schema: Schema) -> pd.DataFrame:
    """Return a frame of that schema without rows."""
    return pd.DataFrame({column.name: pd.Series(dtype=DTYPES[column.kind]) for column in schema.columns})


def conform(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return the schema's columns, in order and in their types; nullable columns that are absent become missing.

    Raises
    ------
    SchemaError
        A column that must be there is not, is there more than once, or does not convert without loss.
    """
    columns: dict[str, pd.Series] = {}
    faults = []
    for column in schema.columns:
        absence = _absence(frame, schema, column)
        if absence is None:
            try:
                columns[column.name] = _converted(frame, column)
            except (TypeError, ValueError) as error:
                found = str(frame[column.name].dtype)
                faults.append(
                    Fault(schema.name, None, column.name, found, str(error), f"Give {column.kind}.")
                )
        elif column.nullable and column.name not in frame.columns:
            columns[column.name] = pd.Series(index=frame.index, dtype=DTYPES[column.kind])
        else:
            faults.append(absence)
    if faults:
        raise SchemaError(faults)
    return pd.DataFrame(columns)


def _converted(frame: pd.DataFrame, column: Column) -> pd.Series:
    values = frame[column.name]
    # pandas would cut off what is behind the point, and count numbers as microseconds since 1970.
    if column.kind == "integer" and (values.astype("float64") % 1).gt(0).any():
        raise ValueError("not all are whole numbers")
    timed = column.kind in ("timestamp", "date")
    if timed and pd.api.types.is_numeric_dtype(values) and values.notna().any():
        raise TypeError("numbers are no times")
    return frame[[column.name]].astype({column.name: DTYPES[column.kind]})[column.name]


def check(frame: pd.DataFrame, schema: Schema) -> list[Fault]:
    """List every fault of a frame: absent or doubled columns, wrong types, missing or unbounded values, doubled keys."""
    faults = []
    for column in schema.columns:
        absence = _absence(frame, schema, column)
        if absence is not None:
            faults.append(absence)
        else:
            faults.extend(_column_faults(frame[column.name], schema, column))
    if all(_absence(frame, schema, schema.column(name)) is None for name in schema.key):
        doubled = frame.duplicated(list(schema.key))
        if doubled.any():
            first = frame.loc[doubled, list(schema.key)].iloc[0].to_dict()
            repair = "Keep one row of each."
            faults.append(
                Fault(schema.name, None, None, str(first), f"{int(doubled.sum())} doubled keys", repair)
            )
    return faults


def require(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return the frame as it is when it keeps its schema.

    Raises
    ------
    SchemaError
        With every fault, not only the first.
    """
    faults = check(frame, schema)
    if faults:
        raise SchemaError(faults)
    return frame


def _absence(frame: pd.DataFrame, schema: Schema, column: Column) -> Fault | None:
    """Return the fault when there is not exactly one column of that name."""
    found = int((frame.columns == column.name).sum())
    if found == 1:
        return None
    if found == 0:
        reason, repair = "the column is missing", f"Add it: {column.meaning.lower()}."
    else:
        reason, repair = f"{found} columns bear this name", "Keep one of them."
    return Fault(schema.name, None, column.name, None, reason, repair)


def _column_faults(values: pd.Series, schema: Schema, column: Column) -> list[Fault]:
    wanted = DTYPES[column.kind]
    if str(values.dtype) != wanted:
        return [
            Fault(
                schema.name, None, column.name, str(values.dtype), f"the type must be {wanted}", "Convert it."
            )
        ]
    faults = []
    if not column.nullable and values.isna().any():
        n = int(values.isna().sum())
        faults.append(
            Fault(schema.name, None, column.name, None, f"{n} values are missing", "Fill or drop them.")
        )
    if column.kind in ("integer", "number"):
        faults.extend(_bound_faults(values.to_numpy(dtype=float), schema, column))
    return faults


def _bound_faults(values: np.ndarray, schema: Schema, column: Column) -> list[Fault]:
    faults = []
    finite = values[~np.isnan(values)]
    bounds = (
        (column.lower, finite < (column.lower or 0), "below"),
        (column.upper, finite > (column.upper or 0), "above"),
    )
    for bound, outside, word in bounds:
        if bound is not None and outside.any():
            reason = f"{int(outside.sum())} values {word} {bound:g} {column.unit}".rstrip()
            faults.append(
                Fault(schema.name, None, column.name, f"{finite[outside][0]:g}", reason, "Correct them.")
            )
    if np.isinf(finite).any():
        faults.append(Fault(schema.name, None, column.name, "inf", "infinite values", "Correct them."))
    return faults
