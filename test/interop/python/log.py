"""docs/format.md, "Log": trees, tiles, keys and proofs, as far as the page has examples of them."""

import base64
import re
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from chain import leaf_hash, sha256
from json_text import Refused
from report import Report

ENTRIES = (b"one", b"two", b"three", b"four", b"five")


def root_of(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    first = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01", root_of(leaves[:first]), root_of(leaves[first:]))


def consistency_of(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962 §2.1.2: SUBPROOF."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    first = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= first:
        return [*consistency_of(old, leaves[:first], whole), root_of(leaves[first:])]
    return [*consistency_of(old - first, leaves[first:], False), root_of(leaves[:first])]


def root_from(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to."""
    if index >= size:
        raise Refused("index")
    root, last = leaf, size - 1
    rest = list(proof)
    while last:
        if index % 2 or index < last:
            if not rest:
                raise Refused("proof-length")
            other = rest.pop(0)
            if len(other) != 32:
                raise Refused("hash-length")
            root = sha256(b"\x01", other, root) if index % 2 else sha256(b"\x01", root, other)
        index, last = index // 2, last // 2
    if rest:
        raise Refused("proof-length")
    return root


def read_bundle(data: bytes, width: int) -> list[bytes]:
    entries, at = [], 0
    for _ in range(width):
        length = int.from_bytes(data[at : at + 2])
        if at + 2 + length > len(data) or at + 2 > len(data):
            raise Refused("bundle-truncated")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(data):
        raise Refused("bundle-trailing")
    return entries


def read_key(text: str) -> tuple[str, bytes, Ed25519PublicKey]:
    name, identifier, encoded = text.split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    if key[:1] != b"\x01" or len(key) != 33:
        raise Refused("key-type")
    if sha256(name.encode(), b"\n", key)[:4].hex() != identifier:
        raise Refused("key-id")
    return name, bytes.fromhex(identifier), Ed25519PublicKey.from_public_bytes(key[1:])


def check_proof(text: str, key: str, leaf: bytes) -> None:
    head, text_of, signatures = text.split("\n\n")
    first, index, *hashes = head.split("\n")
    origin, size, root = text_of.split("\n")
    if first != "c2sp.org/tlog-proof@v1" or not re.fullmatch(r"index (0|[1-9][0-9]*)", index):
        raise Refused("proof-header")
    proof = [base64.b64decode(each, validate=True) for each in hashes]
    if root_from(int(index[6:]), int(size), leaf, proof) != base64.b64decode(root, validate=True):
        raise Refused("proof")
    name, identifier, public = read_key(key)
    line = re.fullmatch(r"— (\S+) (\S+)", signatures.rstrip("\n"))
    if line is None or (line[1], origin) != (name, name):
        raise Refused("unsigned")
    signature = base64.b64decode(line[2], validate=True)
    if signature[:4] != identifier:
        raise Refused("unsigned")
    try:
        public.verify(signature[4:], f"{text_of}\n".encode())
    except InvalidSignature as fault:
        raise Refused("signature") from fault


def check_log(report: Report, page: Path) -> None:
    text = page.read_text("utf-8")
    examples = dict(re.findall(r"^```\w+ example=(\S+)\n(.*?)\n```$", text, re.M | re.S))
    roots = re.findall(r"^\| (\d) \| `([0-9a-f]{64})` \|$", text, re.M)
    leaves = [leaf_hash(each) for each in ENTRIES]
    report.same("page: roots", [(str(size), root_of(leaves[:size]).hex()) for size in range(6)], roots)
    report.same("page: consistency", [each.hex() for each in consistency_of(3, leaves)], examples["consistency"].split())
    bundle = bytes.fromhex(examples["bundle"])
    report.same("page: bundle", read_bundle(bundle, 5), list(ENTRIES))
    for code, data, width in [
        ("bundle-truncated", bundle[:-1], 5),
        ("bundle-truncated", bundle, 6),
        ("bundle-trailing", bundle + b"\0", 5),
        ("bundle-trailing", bundle, 4),
    ]:
        report.refuses(f"bundle: {code}", code, lambda data=data, width=width: read_bundle(data, width))
    proof, key = examples["tlog-proof"], examples["vkey"].strip()
    report.accepts("page: proof", lambda: check_proof(proof, key, leaves[2]))
    hashes = proof.split("\n")[2:5]
    for code, change in [
        ("proof", (hashes[0], hashes[1])),
        ("proof", ("index 2", "index 3")),
        ("index", ("index 2", "index 5")),
        ("proof-length", (f"{hashes[2]}\n", "")),
        ("proof-length", (hashes[2], f"{hashes[2]}\n{hashes[2]}")),
        ("hash-length", (hashes[0], "AAAA")),
        ("unsigned", ("example/indelible\n5", "example/other\n5")),
        ("signature", ("fpPvf5QU=", "fpPvf5QA=")),
    ]:
        report.refuses(f"proof: {code} {change[0][:12]}", code, lambda change=change: check_proof(proof.replace(*change), key, leaves[2]))
    report.refuses("proof: of another leaf", "proof", lambda: check_proof(proof, key, leaves[1]))
    report.refuses("key: another id", "key-id", lambda: read_key(key.replace("+4dda", "+4ddb")))
