"""What the others stand on: schemas, domain types, calendars, peaks, ingest, the workspace. Knows no model, solver or screen."""
