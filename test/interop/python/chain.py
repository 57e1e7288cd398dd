"""docs/format.md, "Leaf and link", "Block" and "Ledger item"."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field

import zstandard

from entry import TENANT
from json_text import Refused

MAX_ENTRIES = 500
MAX_CONTENT = 4_000_500
MAX_PAYLOAD = 390_000


def sha256(*parts: bytes) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def genesis(name: str) -> bytes:
    return sha256(name.encode())


def leaf_hash(canonical_bytes: bytes) -> bytes:
    return sha256(b"\x00", canonical_bytes)


def next_link(previous: bytes, leaf: bytes) -> bytes:
    return sha256(b"\x02", previous, leaf)


def split_name(name: str) -> tuple[str, int]:
    tenant, _, number = name.rpartition("#")
    if not TENANT.fullmatch(tenant) or not re.fullmatch(r"0|[1-9][0-9]?", number) or int(number) > 63:
        raise Refused("chain-name", name)
    return tenant, int(number)


@dataclass(frozen=True)
class Block:
    chain: str
    position: int
    v: int
    count: int
    payload: bytes
    previous_link: bytes
    link: bytes
    recorded_at: int
    expires_at: int
    requests: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Placed:
    """An entry, where it stands, and what the block says of it."""

    chain: str
    position: int
    data: bytes
    leaf: bytes
    previous_link: bytes
    link: bytes


_TYPES = {
    "chain": "S",
    "position": "N",
    "v": "N",
    "count": "N",
    "entries": "B",
    "previousLink": "B",
    "link": "B",
    "recordedAt": "N",
    "requests": "SS",
    "expiresAt": "N",
    "begins": "S",
}


def read_item(line: str) -> Block:
    """One item as the AWS CLI prints it: every attribute under its type, numbers as text, binary in base64."""
    item = json.loads(line)
    if set(item) - set(_TYPES) or set(_TYPES) - set(item) - {"requests", "begins"}:
        raise Refused("attributes", ", ".join(sorted(set(item) ^ set(_TYPES))))
    value = {}
    for name, typed in item.items():
        kind = _TYPES[name]
        if list(typed) != [kind]:
            raise Refused("attribute-type", name)
        raw = typed[kind]
        if kind == "N":
            if not re.fullmatch(r"0|[1-9][0-9]*", raw):
                raise Refused("attribute-number", name)
            raw = int(raw)
        elif kind == "B":
            raw = base64.b64decode(raw, validate=True)
        value[name] = raw
    if value.get("begins") != ("chain" if value["position"] == 0 else None):
        raise Refused("begins")
    tenant, _ = split_name(value["chain"])
    for link in ("previousLink", "link"):
        if len(value[link]) != 32:
            raise Refused("link-length", link)
    requests = frozenset(value.get("requests", ()))
    if "requests" in value and not requests:
        raise Refused("requests-empty")
    for request in requests:
        if not request.startswith(f"{tenant}#"):
            raise Refused("request-of-another-tenant", request)
    return Block(
        chain=value["chain"],
        position=value["position"],
        v=value["v"],
        count=value["count"],
        payload=value["entries"],
        previous_link=value["previousLink"],
        link=value["link"],
        recorded_at=value["recordedAt"],
        expires_at=value["expiresAt"],
        requests=requests,
    )


def frame_end(payload: bytes) -> tuple[int, int]:
    """Where the Zstandard frame that starts at 0 ends, and the size that it declares (RFC 8878, 3.1.1)."""

    def take(start: int, length: int) -> int:
        if start + length > len(payload):
            raise Refused("frame-truncated")
        return int.from_bytes(payload[start : start + length], "little")

    if take(0, 4) != 0xFD2FB528:
        raise Refused("frame-magic")
    descriptor = take(4, 1)
    single_segment = descriptor & 0x20
    if descriptor & 0x08:
        raise Refused("frame-reserved-bit")
    at = 5 if single_segment else 6
    dictionary_length = (0, 1, 2, 4)[descriptor & 3]
    if take(at, dictionary_length) != 0:
        raise Refused("frame-dictionary")
    at += dictionary_length
    size_length = (1 if single_segment else 0, 2, 4, 8)[descriptor >> 6]
    if size_length == 0:
        raise Refused("frame-without-size")
    declared = take(at, size_length) + (256 if size_length == 2 else 0)
    at += size_length
    while True:
        header = take(at, 3)
        at += 3
        last, kind, size = header & 1, header >> 1 & 3, header >> 3
        if kind == 3:
            raise Refused("frame-reserved-block")
        take(at, 1 if kind == 1 else size)
        at += 1 if kind == 1 else size
        if last:
            break
    if descriptor & 0x04:
        take(at, 4)
        at += 4
    return at, declared


def content_of(payload: bytes) -> bytes:
    if len(payload) > MAX_PAYLOAD:
        raise Refused("payload-too-long")
    end, declared = frame_end(payload)
    if end != len(payload):
        raise Refused("trailing-bytes")
    if declared > MAX_CONTENT:
        raise Refused("content-too-long")
    try:
        content = zstandard.ZstdDecompressor().decompress(payload, max_output_size=declared or 1)
    except zstandard.ZstdError as fault:
        raise Refused("frame", str(fault)) from fault
    if len(content) != declared:
        raise Refused("content-size")
    return content


def read_block(block: Block) -> list[Placed]:
    """The entries of a block, each link derived again, or a refusal."""
    if block.v != 1:
        raise Refused("version")
    if not 1 <= block.count <= MAX_ENTRIES:
        raise Refused("count-range")
    content = content_of(block.payload)
    if not content.endswith(b"\n"):
        raise Refused("last-line")
    lines = content[:-1].split(b"\n")
    if len(lines) != block.count:
        raise Refused("count")
    if b"" in lines:
        raise Refused("empty-line")
    if block.position == 0 and block.previous_link != genesis(block.chain):
        raise Refused("genesis")
    entries = []
    link = block.previous_link
    for offset, data in enumerate(lines):
        leaf = leaf_hash(data)
        following = next_link(link, leaf)
        entries.append(Placed(block.chain, block.position + offset, data, leaf, link, following))
        link = following
    if link != block.link:
        raise Refused("link")
    return entries


def read_chain(blocks: list[Block]) -> list[Placed]:
    """All entries of one chain from its beginning: contiguous, each block continuing the one before."""
    entries: list[Placed] = []
    for block in sorted(blocks, key=lambda each: each.position):
        if block.position != len(entries):
            raise Refused("not-contiguous", f"{block.chain} has {block.position} where {len(entries)} follows")
        if entries and block.previous_link != entries[-1].link:
            raise Refused("not-linked", f"{block.chain} at {block.position}")
        entries.extend(read_block(block))
    return entries
