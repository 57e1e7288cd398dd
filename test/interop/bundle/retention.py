"""When a tombstone may be: docs/format.md, "Tombstone" and, for how months are counted, "Lock" of "Segments"."""

import calendar
import re
from datetime import UTC, datetime, timedelta

DAY = timedelta(days=1)
PARTS = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def read_time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def kept_until(retention: str, day: str, sealed_at: str) -> datetime | None:
    """None: for ever."""
    if retention == "permanent":
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(each or 0) for each in PARTS.fullmatch(retention).groups())
    rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if years == months == 0 and rest < DAY:
        return read_time(sealed_at) + rest
    return _months_after(datetime.fromisoformat(day).replace(tzinfo=UTC) + DAY, 12 * years + months) + rest


def _months_after(when: datetime, months: int) -> datetime:
    year, month = divmod(12 * when.year + when.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return when.replace(year=year, month=month + 1, day=min(when.day, last))


def is_due(at: str, retention: str, day: str, sealed_at: str) -> bool:
    until = kept_until(retention, day, sealed_at)
    return until is not None and read_time(at) >= until
