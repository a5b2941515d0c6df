"""Forecasts and runs of a workspace."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from data.lake import read_table
from data.records import ForecastRecord, RunRecord
from data.schema import FORECAST, conform, require
from data.store import forecast_rows
from data.store.base import Store


class ForecastStore(Store):
    """Forecasts, each with what it can be made again from, and the runs that made them."""

    def save_forecast(self, frame: pd.DataFrame, meta: ForecastRecord) -> ForecastRecord:
        """Save a forecast and return its record, with the id and time it was given.

        Raises
        ------
        SchemaError
            The frame does not keep the FORECAST schema.
        InputError
            Another forecast bears that id.
        """
        require(frame, FORECAST)
        with self._writing() as session:
            return forecast_rows.save(session, self._lake, frame, meta, self._clock())

    def forecasts(self) -> tuple[ForecastRecord, ...]:
        """Every forecast, oldest first."""
        with self._reading() as session:
            return forecast_rows.records(session)

    def forecast_record(self, name: str) -> ForecastRecord:
        """Record of one forecast; UnknownNameError where there is none."""
        with self._reading() as session:
            return forecast_rows.record(session, name)

    def forecast_frame(self, name: str) -> pd.DataFrame:
        """Frame of one forecast, in today's columns; UnknownNameError where there is none."""
        with self._reading() as session:
            path = forecast_rows.find(session, name).path
        return conform(read_table(self._lake, path), FORECAST)

    def publish_forecast(self, name: str, *, by: str) -> ForecastRecord:
        """Freeze a forecast, so that it is scored against what comes; a second time changes nothing.

        Raises
        ------
        UnknownNameError
            There is no such forecast.
        InputError
            Nobody is named.
        """
        with self._writing() as session:
            return forecast_rows.publish(session, name, by, self._clock())

    def record_run(
        self, *, kind: str, started: datetime, ended: datetime, status: str, message: str = ""
    ) -> RunRecord:
        """Add a run to the list."""
        record = RunRecord(kind=kind, started=started, ended=ended, status=status, message=message)
        with self._writing() as session:
            forecast_rows.save_run(session, record)
        return record

    def runs(self) -> tuple[RunRecord, ...]:
        """Every run, oldest first."""
        with self._reading() as session:
            return forecast_rows.run_records(session)
