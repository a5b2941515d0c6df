"""Holiday notices of a workspace: one small JSON file a region and year in its folder `notices`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from data.errors import InputError, WorkspaceError
from data.notices import HolidayNotice
from data.store.base import Store

FOLDER = "notices"


class NoticeStore(Store):
    """Official calendars the libraries do not know yet."""

    def notices(self) -> tuple[HolidayNotice, ...]:
        """Every notice, by region and year.

        Raises
        ------
        WorkspaceError
            A file is not one this version wrote.
        """
        return tuple(_read(path) for path in sorted((self.path / FOLDER).glob("*.json")))

    def save_notice(self, notice: HolidayNotice) -> None:
        """Save a notice in place of the one its region and year had.

        Raises
        ------
        WorkspaceError
            The file cannot be written.
        """
        folder = self.path / FOLDER
        content = {
            "region": notice.region,
            "year": notice.year,
            "holidays": {day.isoformat(): name for day, name in sorted(notice.holidays.items())},
            "makeup_days": [day.isoformat() for day in sorted(notice.makeup_days)],
        }
        unfinished = folder / f"{notice.id}.json.new"
        try:
            folder.mkdir(exist_ok=True)
            unfinished.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
            unfinished.replace(folder / f"{notice.id}.json")
        except OSError as error:
            raise WorkspaceError(
                f"the holiday notice {notice.id} cannot be saved in {folder}: {error.strerror}."
            ) from error


def _read(path: Path) -> HolidayNotice:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return HolidayNotice(
            region=content["region"],
            year=content["year"],
            holidays={date.fromisoformat(day): name for day, name in content["holidays"].items()},
            makeup_days=frozenset(date.fromisoformat(day) for day in content["makeup_days"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, InputError) as error:
        raise WorkspaceError(
            f"{path} is no holiday notice. Remove it and import the notice again."
        ) from error
