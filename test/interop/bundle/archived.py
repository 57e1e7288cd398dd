"""Digests to documents: docs/format.md, "Contents", "Segment list", "Tombstone" and "Hold"."""

from dataclasses import dataclass, field

from bundle import Bundle, Digest, document_name
from documents import read_contents, read_hold, read_positions, read_segments, read_tombstone
from findings import Result
from json_text import Refused
from seal_time import Time
from tombstones import Tombstones


@dataclass
class Place:
    """Where a digest says that positions are."""

    digest: Digest
    chain: int
    positions: list[range]
    segment: dict


@dataclass
class Archived:
    """What the documents say, and which of them were named."""

    places: list[Place] = field(default_factory=list)
    tombstones: Tombstones = field(default_factory=Tombstones)
    named: set[str] = field(default_factory=set)
    # Positions that a tombstone excuses, by chain, and what they are without a body.
    excused: dict[int, dict[int, str]] = field(default_factory=dict)


def check_documents(bundle: Bundle, result: Result) -> Archived:
    archived = Archived()
    before = bundle.anchor
    nexts: tuple[int, int] | None = None if bundle.anchor else (0, 0)
    contents = None
    for digest in bundle.digests:
        reference = digest.says.get("contents")
        contents = reference and _document(bundle, archived, result, digest, reference, read_contents)
        if contents:
            time = Time(before, digest)
            nexts = _check_slots(bundle, archived, result, digest, contents, nexts, time)
            complete = [_read_list(bundle, archived, result, digest, each, time) for each in contents["segments"]]
        elif reference:
            nexts = None
        if not reference or (contents and all(complete)):
            for head in digest.says["chains"]:
                start = before.size_of(head["chain"]) if before else 0
                _check_coverage(archived, result, digest, head["chain"], range(start, head["size"]))
        before = digest
    for short in (contents or {}).get("short", []):
        result.add("incomplete", f"chain {short['chain']} from {short['size']} on: {short['reason']}", digest=before.number)
    if bundle.digests:
        _read_unsealed(bundle, archived, result, nexts[0] if nexts else 0)
    _judge(archived, result)
    return archived


def _read_unsealed(bundle: Bundle, archived: Archived, result: Result, following: int) -> None:
    """Tombstones that no digest names: they rise from the slot that the digests went to, and are not of the future."""
    newest = bundle.digests[-1]
    for reference in bundle.unsealed:
        tombstone = _document(bundle, archived, result, newest, reference, read_tombstone)
        if tombstone is None:
            continue
        if tombstone["number"] < following:
            result.add("altered", "number of an unsealed tombstone", digest=newest.number)
            continue
        following = tombstone["number"] + 1
        if tombstone["at"] > bundle.manifest["createdAt"]:
            result.add("altered", "an unsealed tombstone of later than the bundle", digest=newest.number)
            continue
        archived.tombstones.add(tombstone, False, sealed=False)


def _document(bundle: Bundle, archived: Archived, result: Result, digest: Digest, reference: dict, read):
    """The document that a reference names; None, with a finding, where it is not there or no such one."""
    archived.named.add(reference["sha256"])
    data = bundle.documents.get(reference["sha256"])
    if data is None:
        return result.add("incomplete", f"no {reference['key']}", digest=digest.number)
    if document_name(data) != reference["sha256"] or len(data) != reference["bytes"]:
        return result.add("altered", f"another {reference['key']}", digest=digest.number)
    try:
        document = read(data)
    except Refused as refusal:
        return result.add("altered", f"{reference['key']}: {refusal}", digest=digest.number)
    if document["tenant"] != digest.says["tenant"] or document.get("seal", digest.says["seal"]) != digest.says["seal"]:
        return result.add("altered", f"tenant or seal of {reference['key']}", digest=digest.number)
    return document


def _check_slots(bundle, archived, result, digest, contents, nexts, time: Time) -> tuple[int, int]:
    """Tombstones and holds by slot, from where the contents document before went to."""
    after = (contents["nextTombstone"], contents["nextHold"])
    for name, read, kind in (("tombstones", read_tombstone, 0), ("holds", read_hold, 1)):
        found = [_document(bundle, archived, result, digest, each, read) for each in contents[name]]
        there = [each for each in found if each]
        slots = [each["number"] for each in there]
        begin = nexts[kind] if nexts else (slots[0] if slots else 0)
        if slots != sorted(set(slots)) or any(not begin <= each < after[kind] for each in slots) or after[kind] < begin:
            result.add("altered", f"slots of {name}", digest=digest.number)
        for each in there:
            verdict = time.of_event(each["at"])
            if verdict:
                result.add(verdict, f"time of {name}", digest=digest.number)
            archived.tombstones.holds.append(each) if kind else archived.tombstones.add(each, verdict == "altered")
    return after


def _read_list(bundle, archived, result, digest: Digest, reference: dict, time: Time) -> bool:
    document = _document(bundle, archived, result, digest, reference, read_segments)
    if document is None:
        return False
    for segment in document["segments"]:
        runs = read_positions(segment["positions"])
        archived.places.append(Place(digest, document["chain"], runs, segment))
        verdict = time.of_day(segment["day"], document["from"] == 0)
        if verdict:
            place = {"chain": document["chain"], "first": segment["first"], "last": segment["last"]}
            result.add(verdict, "day of a segment", digest=digest.number, **place)
    return True


def _check_coverage(archived: Archived, result: Result, digest: Digest, chain: int, want: range) -> None:
    """Each position of the digest is in exactly one segment."""
    times = dict.fromkeys(want, 0)
    outside = set()
    for place in archived.places:
        if place.digest is digest and place.chain == chain:
            for position in (each for run in place.positions for each in run):
                if position in times:
                    times[position] += 1
                else:
                    outside.add(position)
    for verdict, positions in (
        ("missing", [at for at, count in times.items() if count == 0]),
        ("altered", sorted({at for at, count in times.items() if count > 1} | outside)),
    ):
        for run in runs_of(positions):
            result.add(verdict, "coverage", chain=chain, first=run[0], last=run[-1], digest=digest.number)


def runs_of(positions: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for position in positions:
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return runs


def _judge(archived: Archived, result: Result) -> None:
    for place in archived.places:
        state = archived.tombstones.judge(place.segment, place.digest, place.chain, result)
        if state:
            excused = archived.excused.setdefault(place.chain, {})
            excused.update({each: state for run in place.positions for each in run})
