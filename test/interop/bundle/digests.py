"""Checkpoint to digests: docs/format.md, "Digest", and "Newest seal" and "Known checkpoint" of "Bundle"."""

from bundle import Bundle, Digest, Line
from documents import read_digest
from entry import read_time
from findings import Result
from json_text import Refused
from merkle import check_consistency, check_inclusion, leaf_hash
from notes import Checkpoint


def holds(check, *given) -> bool:
    try:
        check(*given)
    except Refused:
        return False
    return True


def check_seals(bundle: Bundle, result: Result) -> None:
    """log/consistency.ndjson."""
    head, seals = bundle.checkpoint, bundle.seals
    for each in seals:
        if not holds(check_consistency, each.size, each.root, head.size, head.root, each.proof):
            result.add("altered", f"consistency of seal {each.seal}")
    for before, after in zip(seals, seals[1:], strict=False):
        if after.seal != before.seal + 1 or after.size <= before.size:
            result.add("altered", f"seal {after.seal} after {before.seal}")
    if not seals or seals[-1].size != head.size:
        result.add("altered", "the last seal is not the checkpoint's")


def check_places(bundle: Bundle, result: Result) -> None:
    """Each digest from the first on is in the seal that it says, and the first line is that of the first digest."""
    seals, digests = bundle.seals, bundle.digests
    if seals and digests and digests[0].number == bundle.manifest["first"] and digests[0].says["seal"] != seals[0].seal:
        result.add("altered", "the first seal is not the first digest's")
    for each in digests:
        lines = [seal for seal in seals if each.says["index"] < seal.size]
        if lines and lines[0].seal != each.says["seal"]:
            result.add("altered", "a digest of another seal")


def check_known(bundle: Bundle, known: Checkpoint, result: Result) -> None:
    if known.size > bundle.checkpoint.size:
        return result.add("truncated", "the known checkpoint is larger")
    same = [each for each in bundle.seals if each.size == known.size]
    if not same:
        return result.add("incomplete", "no seal of the size of the known checkpoint")
    if same[0].root != known.root:
        result.add("altered", "a fork of the known checkpoint")


def check_digests(bundle: Bundle, result: Result) -> None:
    """Which lines are digests of the log, whether each follows from the one before, and the last is the newest."""
    digests = [each for each in (_proven(line, bundle, result) for line in bundle.lines) if each]
    if not digests:
        return result.add("incomplete", "no digest")
    first = bundle.manifest["first"]
    if digests[0].number != max(0, first - 1):
        result.add("missing", "number", digest=digests[0].number)
    for before, after in zip(digests, digests[1:], strict=False):
        _check_next(before, after, result)
    times = bundle.checkpoint.times
    for each in digests:
        if read_time(each.says["sealedAt"]) // 1000 > max(times):
            result.add("altered", "sealed after the checkpoint was signed", digest=each.number)
    if read_time(digests[-1].says["sealedAt"]) // 1000 < min(times):
        result.add("truncated", "the last digest is not of the newest seal", digest=digests[-1].number)
    bundle.anchor = next((each for each in reversed(digests) if each.number < first), None)
    bundle.digests = [each for each in digests if each.number >= first]


def _proven(line: Line, bundle: Bundle, result: Result) -> Digest | None:
    """What is not in the log is no digest, and what follows is judged as if it were not there."""
    head = bundle.checkpoint
    try:
        says = read_digest(line.data)
    except Refused as refusal:
        return result.add("altered", f"leaf {line.index}: {refusal}")
    leaf = leaf_hash(line.data)
    is_own = (says["tenant"], says["log"], says["index"]) == (bundle.manifest["tenant"], head.origin, line.index)
    if not is_own or not holds(check_inclusion, line.index, head.size, leaf, line.proof, head.root):
        return result.add("altered", "not in the log", digest=says["number"])
    return Digest(says, leaf)


def _check_next(before: Digest, after: Digest, result: Result) -> None:
    said, says = before.says, after.says
    if after.number != before.number + 1:
        result.add("missing", "number", digest=after.number)
    elif says.get("previous") != before.leaf.hex():
        result.add("altered", "previous", digest=after.number)
    if any(says[name] <= said[name] for name in ("seal", "index", "sealedAt")):
        result.add("altered", "seal, index or time", digest=after.number)
    if says["sealedAt"] > said["nextBy"]:
        result.add("incomplete", "late", digest=after.number)
    for head in said["chains"]:
        now = after.head_of(head["chain"])
        if now is None or now["size"] < head["size"] or (now["size"] == head["size"] and now != head):
            result.add("altered", "a chain is gone, shorter or another", digest=after.number, chain=head["chain"])
