"""What a simulation says beside the answer rate, in words for screens and terminals."""

from __future__ import annotations

import pandas as pd

from scheduling.simulation_measures import Measure
from ui.tables.rosters import span_words

NAMES = {
    Measure.SERVICE_LEVEL.value: "service level",
    Measure.ASA.value: "ASA",
    Measure.OCCUPANCY.value: "occupancy",
}


def other_measures(measures: pd.DataFrame) -> pd.DataFrame:
    """Service level, ASA and occupancy, a row a queue and span: mean, and what nine of ten paths lie between.

    Returns
    -------
    DataFrame
        Columns queue, over, service level, ASA, occupancy, all text.
    """
    columns: dict[str, list[str]] = {"queue": [], "over": []}
    for of, name in NAMES.items():
        rows = measures.loc[measures["measure"] == of]
        columns["queue"] = rows["queue"].tolist()
        columns["over"] = [span_words(*pair) for pair in zip(rows["period"], rows["date"], strict=True)]
        columns[name] = [
            f"{_value(of, mean)} ({_value(of, low)}–{_value(of, high)})"
            for mean, low, high in zip(rows["mean"], rows["q05"], rows["q95"], strict=True)
        ]
    return pd.DataFrame(columns)


def other_targets(measures: pd.DataFrame) -> pd.DataFrame:
    """How likely the targets beside the answer rate are reached, over the spans they are counted over.

    Returns
    -------
    DataFrame
        Columns queue, over, target, P(target met) and between (its 95 % interval), all text.
    """
    rows = measures.loc[measures["measure"].isin(NAMES) & measures["p_met"].notna()]
    bounds = zip(rows["measure"], rows["target"], strict=True)
    return pd.DataFrame(
        {
            "queue": rows["queue"].tolist(),
            "over": [span_words(*pair) for pair in zip(rows["period"], rows["date"], strict=True)],
            "target": [f"{NAMES[of]} {_sign(of)} {_value(of, value)}" for of, value in bounds],
            "P(target met)": [f"{chance:.1%}" for chance in rows["p_met"]],
            "between": [
                f"{low:.1%}–{high:.1%}"
                for low, high in zip(rows["p_met_low"], rows["p_met_high"], strict=True)
            ],
        }
    )


def _sign(of: str) -> str:
    return "≥" if of == Measure.SERVICE_LEVEL else "≤"


def _value(of: str, value: float) -> str:
    if pd.isna(value):
        return "–"
    return f"{value:.0f} s" if of == Measure.ASA else f"{value:.1%}"
