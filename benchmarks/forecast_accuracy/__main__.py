"""Run the data sets that are there, or the file that is named: `python -m benchmarks.forecast_accuracy`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from benchmarks import forecast_accuracy
from benchmarks._runner import emit, progress
from benchmarks.forecast_accuracy import intraday, peaks
from benchmarks.forecast_accuracy.cases import Case, every_case
from benchmarks.forecast_accuracy.judge import rows_of
from benchmarks.forecast_accuracy.own_file import own_file

WINDOWS = ("choice", "test")
WITHIN_DAY = ("na_bank_30min", "anonymous_bank_PS", "anonymous_bank_NE")
"""Data sets that are also judged on the rest of the day."""


def main() -> None:
    """Judge, show a line a method as it comes, and end with one JSON object."""
    parser, given = _arguments()
    wanted = None if given.only is None else set(given.only.split(","))
    if given.history is None:
        cases = [
            case
            for case in every_case()
            if (wanted is None or case.dataset in wanted) and given.window in {None, case.window}
        ]
    elif given.queue is None or given.origins is None:
        parser.error("--history needs --queue and --origins")
    else:
        origins = [date.fromisoformat(day.strip()) for day in given.origins.split(",")]
        cases = [own_file(given.history, given.queue, origins, given.horizon_days, given.timezone)]
    rows = []
    for same in _by_window(cases):
        found = rows_of(same, peer=not given.without_peer)
        if same[0].dataset in WITHIN_DAY:
            found += intraday.rest_of_day_rows(same)
        rows += _shown(found)
    if given.history is None and (wanted is None or intraday.PROTOCOL in wanted):
        for window in WINDOWS if given.window is None else (given.window,):
            rows += _shown(intraday.protocol_rows(window))
    result: dict[str, object] = {"rows": rows}
    if given.history is None and given.only is None:
        result["peaks"] = peaks.summary()
    emit(result)


def _arguments() -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    parser = argparse.ArgumentParser(
        description=forecast_accuracy.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", help="data sets to run, joined by commas; all that are there when absent")
    parser.add_argument("--window", choices=WINDOWS, help="one window only")
    parser.add_argument(
        "--without-peer", action="store_true", help="leave Prophet on intervals out: it is slow"
    )
    parser.add_argument("--history", type=Path, help="Parquet file with queue, start, offered")
    parser.add_argument("--queue", help="queue of that file")
    parser.add_argument("--origins", help="first days of the horizons, joined by commas")
    parser.add_argument("--horizon-days", type=int, default=7)
    parser.add_argument("--timezone", default="UTC", help="zone of the queue, and of starts without one")
    return parser, parser.parse_args()


def _by_window(cases: Sequence[Case]) -> list[list[Case]]:
    """Queues of one data set and window together."""

    def name(case: Case) -> tuple[str, str]:
        return case.dataset, case.window

    return [list(same) for _, same in groupby(sorted(cases, key=name), key=name)]


def _shown(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    for row in rows:
        _show(row)
    return rows


def _show(row: dict[str, object]) -> None:
    cover = "  ".join(f"{band} % band {row[f'cover{band}_pct']!s:>5}" for band in (80, 90, 95))
    progress(
        f"{row['dataset']!s:24} {row['queues']!s:10} {row['window']!s:6} {row['horizon']!s:14} {row['method']!s:18} "
        f"WAPE {row['wape_pct']!s:>6}  of Prophet's {row['ratio_to_prophet']!s:>6}  bias {row['bias_pct']!s:>6}  "
        f"{cover}  floor {row['floor_pct']!s:>6}  {row['seconds_per_fit']} s"
    )


if __name__ == "__main__":
    main()
