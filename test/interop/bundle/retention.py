"""When a tombstone may be: docs/format.md, "Tombstone" and, for how months are counted, "Lock" of "Segments"."""

import calendar
import re
from datetime import date

from entry import DAY_MS, read_time

PARTS = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
LAST_YEAR = 9999
# Python's calendar begins with year 1, and repeats itself after 400 years of so many days.
CYCLE_YEARS, CYCLE_DAYS = 400, 146_097
EPOCH = date(1970, 1, 1).toordinal()


def midnight(day: str) -> int:
    return read_time(f"{day}T00:00:00.000Z")


def kept_until(retention: str, day: str, sealed_at: str) -> int | None:
    """Milliseconds since 1970; None: for ever, or beyond all times that can be written."""
    if retention == "permanent":
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(each or 0) for each in PARTS.fullmatch(retention).groups())
    rest = (((7 * weeks + days) * 24 + hours) * 60 + minutes) * 60_000 + 1000 * seconds
    if years == months == 0 and rest < DAY_MS:
        return read_time(sealed_at) + rest
    begin = _months_after(midnight(day) + DAY_MS, 12 * years + months)
    return None if begin is None else begin + rest


def _months_after(when: int, months: int) -> int | None:
    """Of a midnight. A day that the month lacks becomes its last."""
    ordinal = EPOCH + when // DAY_MS
    cycles = 1 if ordinal < 1 else 0
    if ordinal > date(LAST_YEAR, 12, 31).toordinal():
        return None
    begin = date.fromordinal(ordinal + cycles * CYCLE_DAYS)
    year, month = divmod(12 * begin.year + begin.month - 1 + months, 12)
    if year > LAST_YEAR:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    end = date(year, month + 1, min(begin.day, last)).toordinal() - cycles * CYCLE_DAYS
    return (end - EPOCH) * DAY_MS


def is_due(at: str, retention: str, day: str, sealed_at: str) -> bool:
    until = kept_until(retention, day, sealed_at)
    return until is not None and read_time(at) >= until
