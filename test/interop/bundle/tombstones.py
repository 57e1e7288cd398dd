"""docs/format.md, "Tombstone" and "Hold": whose absence a tombstone excuses."""

from dataclasses import dataclass, field
from datetime import timedelta

from findings import Result
from retention import is_due, read_time


@dataclass
class Tombstones:
    """Of a version, the first tombstone counts."""

    by_version: dict[tuple[str, str], tuple[dict, dict, bool]] = field(default_factory=dict)
    holds: list[dict] = field(default_factory=list)

    def add(self, tombstone: dict, sealed: bool = True) -> None:
        for segment in tombstone["segments"]:
            self.by_version.setdefault(version_of(segment), (tombstone, segment, sealed))

    def judge(self, segment: dict, digest, chain: int, result: Result) -> str | None:
        """What bodies of a listed segment are that are absent; None where they may not be."""
        tombstone, named, sealed = self.by_version.get(version_of(segment), (None, None, False))
        if tombstone is None:
            return None
        fault = self._fault(tombstone, named, segment, digest.says)
        if fault:
            place = {"chain": chain, "first": segment["first"], "last": segment["last"], "digest": digest.number}
            result.add("altered", fault, **place)
            return None
        return "expired" if sealed else "unconfirmed"

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
        end = read_time(begin) + timedelta(days=1)
        in_force = set()
        for event in (each for each in self.holds if each["at"] <= at):
            scope = event["scope"]
            if event["event"] == "released":
                in_force.discard(event["id"])
            elif not scope.keys() & {"subject", "target"} and (
                scope.get("category", segment["category"]) == segment["category"]
                and scope.get("from", begin) <= begin
                and ("to" not in scope or read_time(scope["to"]) >= end)
            ):
                in_force.add(event["id"])
        return bool(in_force)


def version_of(segment: dict) -> tuple[str, str]:
    return segment["object"]["key"], segment["object"]["version"]
