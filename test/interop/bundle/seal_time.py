"""When what a digest seals can have been: docs/format.md, "Signed times" and "Sealed entries"."""

from entry import DAY_MS, read_time
from retention import midnight

HOUR_MS = 3_600_000


class Time:
    """Of one digest; `before` is the tenant's digest before it, if that is there."""

    def __init__(self, before, digest):
        self.sealed_at = read_time(digest.says["sealedAt"])
        since = read_time(before.says["sealedAt"]) if before else None
        # One out of order says nothing of this one's time.
        self.since = since if since is not None and since < self.sealed_at else None

    def of_event(self, at: str) -> str | None:
        """The verdict on a tombstone or a hold."""
        when = read_time(at)
        if when > self.sealed_at:
            return "altered"
        return "incomplete" if self.since is not None and when < self.since - HOUR_MS else None

    def of_entry(self, recorded_at: int, is_new: bool) -> str | None:
        """`is_new`: its chain begins with what this digest adds."""
        if recorded_at > self.sealed_at + HOUR_MS:
            return "altered"
        if self.since is None:
            return None
        if recorded_at < self.since - 30 * DAY_MS:
            return "altered"
        return "incomplete" if not is_new and recorded_at < self.since - HOUR_MS else None

    def of_day(self, day: str, is_new: bool) -> str | None:
        begin = midnight(day)
        return self.of_entry(max(begin, min(begin + DAY_MS - 1, self.sealed_at)), is_new)
