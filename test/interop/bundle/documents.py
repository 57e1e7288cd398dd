"""docs/format.md, "Documents": what a seal writes, refused unless it is exactly what the page lists."""

import shapes
from json_text import Refused
from shapes import Check, chain, constant, count, day, list_of, map_of, matching, members, read_canonical, text, time

MAX_DIGEST = 65_535


CATEGORY = matching("[a-z][a-z0-9_]{0,63}")
REFERENCE = members({"bytes": count, "key": text, "sha256": shapes.HASH, "version": text})


def _document(kind: str, required: dict[str, Check], optional: dict[str, Check] | None = None):
    shape = members({"v": constant(1), "kind": constant(kind), "tenant": shapes.TENANT, **required}, optional)

    def read(data: bytes) -> dict:
        value = read_canonical(data)
        shape(value)
        return value

    return read


_digest = _document(
    "digest",
    {
        **{"log": text, "seal": count, "index": count, "number": count, "sealedAt": time, "nextBy": time},
        **{"plan": shapes.HASH, "retention": map_of(CATEGORY, shapes.duration)},
        "chains": list_of(members({"chain": chain, "size": count, "root": shapes.HASH, "link": shapes.HASH})),
    },
    {"previous": shapes.HASH, "contents": REFERENCE},
)
read_contents = _document(
    "contents",
    {
        **{"seal": count, "segments": list_of(REFERENCE), "tombstones": list_of(REFERENCE), "holds": list_of(REFERENCE)},
        **{"nextTombstone": count, "nextHold": count},
    },
)
_segment = {"object": REFERENCE, "day": day, "first": count, "last": count}
_segments = _document(
    "segments",
    {
        **{"chain": chain, "seal": count, "from": count, "through": count},
        "segments": list_of(members({**_segment, "category": CATEGORY, "positions": shapes.POSITIONS})),
    },
)
read_tombstone = _document(
    "tombstone",
    {
        **{"number": count, "at": time, "category": CATEGORY, "retention": shapes.duration},
        "segments": list_of(members({**_segment, "chain": chain})),
    },
)
read_hold = _document(
    "hold",
    {
        **{"number": count, "event": matching("applied|release_requested|released"), "id": text, "at": time},
        **{"by": text, "role": matching("compliance|admin"), "reason": text},
        "scope": members(
            {},
            {
                **{"subject": text, "target": members({"type": text}, {"id": text}), "category": CATEGORY},
                **{"from": time, "to": time},
            },
        ),
    },
)
_manifest = _document(
    "bundle",
    {
        **{"log": text, "createdAt": time, "first": count, "last": count, "tool": text},
        "chains": list_of(members({"chain": chain, "from": count, "through": count})),
    },
    {"from": day, "to": day},
)


def read_manifest(data: bytes) -> dict:
    manifest = _manifest(data)
    if manifest.get("from", "") > manifest.get("to", "9999-12-31"):
        raise Refused("shape", "to before from")
    return manifest


def read_digest(data: bytes) -> dict:
    if len(data) > MAX_DIGEST:
        raise Refused("size", f"{len(data)}")
    digest = _digest(data)
    numbers = [each["chain"] for each in digest["chains"]]
    if numbers != sorted(set(numbers)):
        raise Refused("shape", "order of chains")
    if digest["nextBy"] <= digest["sealedAt"]:
        raise Refused("shape", "nextBy")
    if ("previous" in digest) != (digest["number"] > 0):
        raise Refused("shape", "previous")
    return digest


def read_segments(data: bytes) -> dict:
    document = _segments(data)
    for each in document["segments"]:
        read_positions(each["positions"])
    return document


def read_positions(positions: str) -> list[range]:
    """Rising runs that neither touch nor overlap."""
    runs = []
    for run in positions.split(","):
        first, _, last = run.partition("-")
        runs.append(range(int(first), int(last or first) + 1))
        spelled = first if len(runs[-1]) == 1 else f"{int(first)}-{int(last or first)}"
        if not runs[-1] or spelled != run or str(int(first)) != first:
            raise Refused("positions", positions[:60])
    for before, after in zip(runs, runs[1:], strict=False):
        if after.start <= before.stop:
            raise Refused("positions", positions[:60])
    return runs


