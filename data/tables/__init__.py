"""Tables as they stand in files: CSV, TSV, xlsx and Parquet."""

from data.tables.table import Table, read_table

__all__ = ["Table", "read_table"]
