"""Rosters as files people and programs read: xlsx, CSV, Parquet, iCalendar and a print view."""

from ui.exports.export import FORMATS, Format, export

__all__ = ["FORMATS", "Format", "export"]
