"""docs/format.md, "Log: keys and signed notes", "Log: checkpoint" and the verifier's demand of "Verifying"."""

import base64
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from json_text import MAX_SAFE, Refused
from merkle import sha256

ED25519, ML_DSA_44 = 0x01, 0x06
KEY_BYTES = {ED25519: 32, ML_DSA_44: 1312}
SIGNATURE_BYTES = {ED25519: 64, ML_DSA_44: 8 + 2420}
MAX_NOTE = 500_000
# Of the year 9999.
LAST_SECOND = 253_402_300_799
DECIMAL = re.compile(r"0|[1-9][0-9]*")


@dataclass(frozen=True)
class Key:
    name: str
    id: bytes
    type: int
    public: bytes


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    # Seconds since 1970, by each ML-DSA-44 signature.
    times: frozenset[int]


def from_base64(text: str, length: int | None = None) -> bytes:
    """RFC 4648 §4 in its one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise Refused("base64", text[:40]) from fault
    if base64.b64encode(data).decode() != text:
        raise Refused("base64", text[:40])
    if length is not None and len(data) != length:
        raise Refused("length", f"{len(data)} bytes, want {length}")
    return data


def decimal(text: str) -> int:
    if not DECIMAL.fullmatch(text) or len(text) > 16 or int(text) > MAX_SAFE:
        raise Refused("decimal", text[:40])
    return int(text)


def _check_name(name: str) -> None:
    if not name or "+" in name or any(each.isspace() for each in name):
        raise Refused("key-name", name[:40])


def read_key(line: str) -> Key:
    name, identifier, encoded = (line.split("+", 2) + ["", ""])[:3]
    _check_name(name)
    data = from_base64(encoded)
    kind = data[0] if data else None
    if kind not in KEY_BYTES:
        raise Refused("key-type", f"{kind}")
    if len(data) != 1 + KEY_BYTES[kind]:
        raise Refused("key-length", f"{len(data)}")
    if sha256(name.encode(), b"\n", data)[:4].hex() != identifier:
        raise Refused("key-id", identifier)
    return Key(name, bytes.fromhex(identifier), kind, data[1:])


def read_keys(data: bytes) -> list[Key]:
    """A file of verifier keys, one a line; of both types and of one name."""
    lines = data.decode().splitlines()
    keys = [read_key(each) for each in lines if each]
    if {each.type for each in keys} != {ED25519, ML_DSA_44} or len({each.name for each in keys}) != 1:
        raise Refused("keys", "not of both types and one name")
    return keys


def _message(key: Key, text: bytes, checkpoint: Checkpoint, seconds: bytes) -> bytes:
    if key.type == ED25519:
        return text
    name, origin = key.name.encode(), checkpoint.origin.encode()
    if not 1 <= len(name) <= 255 or not 1 <= len(origin) <= 255:
        raise Refused("key-name")
    return b"".join(
        [
            b"subtree/v1\n\x00",
            bytes([len(name)]) + name,
            seconds,
            bytes([len(origin)]) + origin,
            bytes(8),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        ]
    )


def _verify(key: Key, text: bytes, checkpoint: Checkpoint, signature: bytes) -> int | None:
    """The time that a cosignature says."""
    if len(signature) != SIGNATURE_BYTES[key.type]:
        raise Refused("signature-length", f"{len(signature)}")
    seconds, proper = (b"", signature) if key.type == ED25519 else (signature[:8], signature[8:])
    public = Ed25519PublicKey if key.type == ED25519 else MLDSA44PublicKey
    try:
        public.from_public_bytes(key.public).verify(proper, _message(key, text, checkpoint, seconds))
    except InvalidSignature as fault:
        raise Refused("signature", key.name) from fault
    if not seconds:
        return None
    if int.from_bytes(seconds) > LAST_SECOND:
        raise Refused("signature-time")
    return int.from_bytes(seconds)


def split_note(data: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The text, and of each signature line the name, the key's id and the signature."""
    if len(data) > MAX_NOTE:
        raise Refused("note-size")
    try:
        note = data.decode()
    except UnicodeDecodeError as fault:
        raise Refused("utf-8") from fault
    if any((each < " " and each != "\n") or "\x7f" <= each <= "\x9f" for each in note):
        raise Refused("control-character")
    text, separator, block = note.rpartition("\n\n")
    if not separator or not text or not block.endswith("\n"):
        raise Refused("note", "no signatures")
    signatures = []
    for line in block[:-1].split("\n"):
        dash, name, encoded = (line.split(" ") + ["", ""])[:3] if line.count(" ") == 2 else ("", "", "")
        if dash != "—":
            raise Refused("note", "not a signature line")
        _check_name(name)
        data = from_base64(encoded)
        if len(data) < 5:
            raise Refused("note", "short signature")
        signatures.append((name, data[:4], data[4:]))
    return f"{text}\n", signatures


def read_checkpoint(text: str) -> Checkpoint:
    """Extension lines are read and mean nothing: the Ed25519 signature that is always demanded covers them."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or "" in lines:
        raise Refused("checkpoint", "lines")
    return Checkpoint(lines[0], decimal(lines[1]), from_base64(lines[2], 32), frozenset())


def open_checkpoint(data: bytes, keys: list[Key]) -> Checkpoint:
    """A checkpoint that the log signed with a key of each type, and that no known key signed wrongly."""
    text, signatures = split_note(data)
    checkpoint = read_checkpoint(text)
    known = {(each.name, each.id): each for each in keys}
    times, types = set(), set()
    for name, identifier, signature in signatures:
        key = known.get((name, identifier))
        if key is None:
            continue
        seconds = _verify(key, text.encode(), checkpoint, signature)
        types.add(key.type)
        if seconds is not None:
            times.add(seconds)
    if types != {ED25519, ML_DSA_44}:
        raise Refused("unsigned", f"by types {sorted(types)}")
    if {each.name for each in keys} != {checkpoint.origin}:
        raise Refused("origin", checkpoint.origin[:80])
    return Checkpoint(checkpoint.origin, checkpoint.size, checkpoint.root, frozenset(times))
