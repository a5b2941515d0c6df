"""The text format of the employee shift scheduling instances (Curtois & Qu 2014), read as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.errors import InputError


@dataclass(frozen=True, slots=True)
class Staff:
    """A row of SECTION_STAFF and the days of SECTION_DAYS_OFF."""

    most: dict[str, int]
    most_min: int
    least_min: int
    most_consecutive: int
    least_consecutive: int
    least_days_off: int
    most_weekends: int
    days_off: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A file.

    Parameters
    ----------
    days
        Length of the horizon; day 0 is a Monday.
    minutes, never_before
        By shift: length, and the shifts that cannot follow it.
    staff
        By name.
    on, off
        Requests: (name, day, shift) → weight.
    cover
        (day, shift) → people wanted, weight for under, weight for over.
    """

    days: int
    minutes: dict[str, int]
    never_before: dict[str, frozenset[str]]
    staff: dict[str, Staff]
    on: dict[tuple[str, int, str], int]
    off: dict[tuple[str, int, str], int]
    cover: dict[tuple[int, str], tuple[int, int, int]]


def read_instance(path: Path) -> Instance:
    """Read a file.

    Raises
    ------
    InputError
        Where a section is missing or a row is not as the format has it.
    """
    sections = _sections(path)
    try:
        days_off = {row[0]: tuple(map(int, row[1:])) for row in sections["SECTION_DAYS_OFF"]}
        return Instance(
            days=int(sections["SECTION_HORIZON"][0][0]),
            minutes={row[0]: int(row[1]) for row in sections["SECTION_SHIFTS"]},
            never_before={
                row[0]: frozenset(filter(None, row[2].split("|"))) for row in sections["SECTION_SHIFTS"]
            },
            staff={row[0]: _staff(row, days_off.get(row[0], ())) for row in sections["SECTION_STAFF"]},
            on=_requests(sections["SECTION_SHIFT_ON_REQUESTS"]),
            off=_requests(sections["SECTION_SHIFT_OFF_REQUESTS"]),
            cover={
                (int(row[0]), row[1]): (int(row[2]), int(row[3]), int(row[4]))
                for row in sections["SECTION_COVER"]
            },
        )
    except KeyError as error:
        raise InputError(
            f"{path}: section {error} is missing; every section of the format is needed."
        ) from error
    except (IndexError, ValueError) as error:
        raise InputError(f"{path}: a row is not as its section's comment says: {error}.") from error


def _sections(path: Path) -> dict[str, list[list[str]]]:
    """Rows of fields by section, without comments and empty lines."""
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("SECTION_"):
            rows = sections.setdefault(text, [])
        elif text and not text.startswith("#"):
            rows.append([part.strip() for part in text.split(",")])
    return sections


def _staff(row: list[str], days_off: tuple[int, ...]) -> Staff:
    most = {shift: int(number) for shift, number in (part.split("=") for part in row[1].split("|"))}
    most_min, least_min, most_run, least_run, least_off, weekends = map(int, row[2:8])
    return Staff(most, most_min, least_min, most_run, least_run, least_off, weekends, days_off)


def _requests(rows: list[list[str]]) -> dict[tuple[str, int, str], int]:
    return {(name, int(day), shift): int(weight) for name, day, shift, weight in rows}
