"""What an import found wrong, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

COLUMNS = {
    "source": "File",
    "line": "Line",
    "column": "Column",
    "value": "Found",
    "reason": "What is wrong",
    "repair": "What to do",
}


def faults(bad: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Row per fault: file, line, column, what stands there, what is wrong, what to do."""
    frame = pd.DataFrame(bad, columns=list(COLUMNS)).rename(columns=COLUMNS)
    return frame.astype({"Line": "Int64"})
