"""Columns of a table as trimmed text, or as numbers, whatever type the file gave them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype, is_string_dtype

SHOWN = 200
"""Characters of a cell a message shows."""


def shortened(cell: str) -> str:
    """Text of a cell for a message; what is wrong with a novel shows in its first words."""
    return cell if len(cell) <= SHOWN else f"{cell[:SHOWN]}…"


def text(values: pd.Series) -> pd.Series:
    """Trimmed text of each cell, "" where there is none; whole numbers without a decimal point."""
    if isinstance(values.dtype, pd.StringDtype):
        return values.str.strip().fillna("")
    if is_datetime64_any_dtype(values.dtype):
        return (
            values.map(lambda moment: moment.isoformat(sep=" "), na_action="ignore").astype("str").fillna("")
        )
    if is_numeric_dtype(values.dtype) and not is_bool_dtype(values.dtype):
        return values.map(_number_text, na_action="ignore").astype("str").fillna("")
    return values.astype("str").str.strip().fillna("")


def numbers(values: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers of a column.

    Returns
    -------
    tuple
        The numbers, NaN where there is none; where a cell is empty; where a cell holds something else than a finite
        number.
    """
    if is_numeric_dtype(values.dtype) and not is_bool_dtype(values.dtype):
        found = values.to_numpy(dtype=float, na_value=np.nan)
        empty = values.isna().to_numpy()
    else:
        cells = text(values) if not is_string_dtype(values.dtype) else values.str.strip().fillna("")
        empty = (cells == "").to_numpy()
        found = _parsed(cells)
    wrong = ~empty & ~np.isfinite(found)
    return np.where(wrong, np.nan, found), empty, wrong


def _parsed(cells: pd.Series) -> np.ndarray:
    """Numbers of text cells, NaN where a cell is none; Arrow reads them ten times faster, but all or none."""
    array = pa.array(cells, from_pandas=True)
    try:
        read = pc.cast(pc.if_else(pc.equal(array, ""), None, array), pa.float64())
    except pa.ArrowInvalid:
        return pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
    numbers: np.ndarray = read.to_numpy(zero_copy_only=False)
    return numbers


def _number_text(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)
