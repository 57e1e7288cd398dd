"""docs/format.md, "Entry proof": the seven steps from an entry's bytes to a signed checkpoint."""

import base64

import shapes
from documents import read_digest
from json_text import Refused
from merkle import check_inclusion, leaf_hash
from notes import Key, from_base64, open_checkpoint
from shapes import chain, constant, count, list_of, members, read_canonical, text

MAX_PROOF = 2 * 1024 * 1024
_shape = members(
    {
        **{"v": constant(1), "kind": constant("entry-proof"), "tenant": shapes.TENANT, "chain": chain},
        **{"position": count, "leafHash": shapes.HASH, "digest": text, "checkpoint": text, "tlogProof": text},
        "inclusion": members({"size": count, "root": text, "proof": list_of(text)}),
        "log": members({"index": count, "size": count, "root": text, "proof": list_of(text)}),
    }
)


def demand(step: int, truth: bool) -> None:
    if not truth:
        raise Refused(f"step-{step}")


def check_entry_proof(entry: bytes | None, data: bytes, keys: list[Key]) -> dict:
    """The proof as an object; without the entry, where its leaf hash is."""
    if len(data) > MAX_PROOF:
        raise Refused("size", f"{len(data)}")
    proof = read_canonical(data)
    _shape(proof)
    inclusion, log, leaf = proof["inclusion"], proof["log"], bytes.fromhex(proof["leafHash"])
    if entry is not None:
        demand(1, leaf_hash(entry) == leaf)
    digest = read_digest(proof["digest"].encode())
    root = from_base64(inclusion["root"], 32)
    heads = [(each["size"], each["root"]) for each in digest["chains"] if each["chain"] == proof["chain"]]
    demand(2, digest["tenant"] == proof["tenant"] and heads == [(inclusion["size"], root.hex())])
    hashes = [from_base64(each, 32) for each in inclusion["proof"]]
    check_inclusion(proof["position"], inclusion["size"], leaf, hashes, root)
    checkpoint = open_checkpoint(proof["checkpoint"].encode(), keys)
    demand(4, log["index"] == digest["index"] and checkpoint.origin == digest["log"])
    demand(5, (log["size"], from_base64(log["root"], 32)) == (checkpoint.size, checkpoint.root))
    hashes = [from_base64(each, 32) for each in log["proof"]]
    check_inclusion(log["index"], log["size"], leaf_hash(proof["digest"].encode()), hashes, checkpoint.root)
    demand(7, proof["tlogProof"] == tlog_proof(log["index"], hashes, proof["checkpoint"]))
    return proof


def tlog_proof(index: int, hashes: list[bytes], checkpoint: str) -> str:
    """C2SP tlog-proof, without extra data."""
    lines = ["c2sp.org/tlog-proof@v1", f"index {index}", *(base64.b64encode(each).decode() for each in hashes)]
    return "".join(f"{each}\n" for each in lines) + f"\n{checkpoint}"
