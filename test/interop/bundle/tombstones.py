"""docs/format.md, "Tombstone" and "Hold": whose absence a sealed tombstone excuses."""

from dataclasses import dataclass, field

from entry import DAY_MS, read_time
from findings import Result
from retention import is_due, midnight


@dataclass
class Tombstones:
    """Of a version, the first tombstone counts."""

    by_version: dict[tuple[str, str], tuple[dict, dict]] = field(default_factory=dict)
    holds: list[dict] = field(default_factory=list)
    # Versions whose first tombstone says that it was written after its seal, which was found where it is listed.
    ahead: set[tuple[str, str]] = field(default_factory=set)

    def add(self, tombstone: dict, is_ahead: bool) -> None:
        for segment in tombstone["segments"]:
            version = version_of(segment)
            if version not in self.by_version and is_ahead:
                self.ahead.add(version)
            self.by_version.setdefault(version, (tombstone, segment))

    def judge(self, segment: dict, digest, chain: int, result: Result) -> bool:
        """Whether bodies of a listed segment may be absent."""
        tombstone, named = self.by_version.get(version_of(segment), (None, None))
        if tombstone is None:
            return False
        fault = self._fault(tombstone, named, segment, digest.says)
        if fault:
            place = {"chain": chain, "first": segment["first"], "last": segment["last"], "digest": digest.number}
            result.add("altered", fault, **place)
        return not fault and version_of(segment) not in self.ahead

    def _fault(self, tombstone: dict, named: dict, segment: dict, says: dict) -> str | None:
        if named["object"]["sha256"] != segment["object"]["sha256"] or tombstone["category"] != segment["category"]:
            return "a tombstone of something else"
        # A category that the digest gives no retention is kept for ever.
        promised = says["retention"].get(segment["category"], "permanent")
        if not all(is_due(tombstone["at"], each, segment["day"], says["sealedAt"]) for each in (tombstone["retention"], promised)):
            return "an early tombstone"
        return "held" if self._is_held(segment, tombstone["at"]) else None

    def _is_held(self, segment: dict, at: str) -> bool:
        """By a hold that covers the segment whatever its entries say, applied and not released by then."""
        begin = f"{segment['day']}T00:00:00.000Z"
        end = midnight(segment["day"]) + DAY_MS
        in_force = set()
        for event in (each for each in self.holds if each["at"] <= at):
            scope = event["scope"]
            if event["event"] == "released":
                in_force.discard(event["id"])
            elif event["event"] == "applied" and not scope.keys() & {"subject", "target"} and (
                scope.get("category", segment["category"]) == segment["category"]
                and scope.get("from", begin) <= begin
                and ("to" not in scope or read_time(scope["to"]) >= end)
            ):
                in_force.add(event["id"])
        return bool(in_force)


def version_of(segment: dict) -> tuple[str, str]:
    return segment["object"]["key"], segment["object"]["version"]
