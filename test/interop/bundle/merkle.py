"""docs/format.md, "Leaf and link", "Log: tree" and "Log: tiles"."""

import hashlib
from collections.abc import Iterator

from json_text import Refused

WIDTH = 256
HASH = 32


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00", data)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01", left, right)


def next_link(link: bytes, leaf: bytes) -> bytes:
    return sha256(b"\x02", link, leaf)


def genesis_link(tenant: str, chain: int) -> bytes:
    return sha256(f"{tenant}#{chain}".encode())


def root_of(hashes: list[bytes]) -> bytes:
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return hashes[0]
    first = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(root_of(hashes[:first]), root_of(hashes[first:]))


def inclusion_root(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to, RFC 6962 §2.1.1, nearest to the leaf first."""
    if not 0 <= index < size:
        raise Refused("index", f"{index} of {size}")
    sides = []  # of each sibling, from the leaf up: whether it is on the left
    last = size - 1
    while last:
        if index % 2 or index < last:
            sides.append(index % 2 == 1)
        index, last = index // 2, last // 2
    if len(proof) != len(sides):
        raise Refused("proof-length", f"{len(proof)} hashes, want {len(sides)}")
    root = leaf
    for other, on_the_left in zip(proof, sides, strict=True):
        root = node_hash(other, root) if on_the_left else node_hash(root, other)
    return root


def check_inclusion(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> None:
    if inclusion_root(index, size, leaf, proof) != root:
        raise Refused("proof", f"of {index} in {size}")


def check_consistency(old: int, old_root: bytes, size: int, root: bytes, proof: list[bytes]) -> None:
    """RFC 6962 §2.1.2, by the recursion of SUBPROOF turned round: which hashes it takes, and what they have to make."""
    if not 0 <= old <= size or (old == 0 and size > 0):
        raise Refused("proof", f"from {old} to {size}")
    rest = list(proof)

    def take() -> bytes:
        if not rest:
            raise Refused("proof-length")
        return rest.pop(0)

    def roots(old: int, size: int, is_whole: bool) -> tuple[bytes, bytes]:
        """Of the first `old` leaves and of all, where the former end inside."""
        if old == size:
            same = old_root if is_whole else take()
            return same, same
        first = 1 << (size - 1).bit_length() - 1
        if old <= first:
            before, after = roots(old, first, is_whole)
            return before, node_hash(after, take())
        before, after = roots(old - first, size - first, False)
        left = take()
        return node_hash(left, before), node_hash(left, after)

    if size == 0:
        got = (sha256(), sha256())
    else:
        got = roots(old, size, True)
    if rest:
        raise Refused("proof-length")
    if got != (old_root, root):
        raise Refused("proof", f"from {old} to {size}")


def tile_path(level: int, number: int, width: int) -> str:
    digits = f"{number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{each}" for each in groups[:-1]), groups[-1]])
    return f"tile/{level}/{path}" + ("" if width == WIDTH else f".p/{width}")


def needed_tiles(start: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Level, number and width of each tile that a tree of `size` leaves has, from leaf `start` on."""
    level = 0
    while size >> 8 * level:
        hashes = size >> 8 * level
        for number in range(start >> 8 * (level + 1), -(-hashes // WIDTH)):
            yield level, number, min(WIDTH, hashes - number * WIDTH)
        level += 1


class Tree:
    """A tree that grows leaf by leaf: on each level the hashes of the last tile, which is not full yet."""

    def __init__(self, size: int, open_tiles: list[list[bytes]]):
        self.size, self.levels = size, open_tiles
        self.full: list[tuple[int, int, list[bytes]]] = []

    def append(self, leaf: bytes) -> None:
        level, value = 0, leaf
        self.size += 1
        while True:
            if level == len(self.levels):
                self.levels.append([])
            tile = self.levels[level]
            tile.append(value)
            if len(tile) < WIDTH:
                return
            self.full.append((level, (self.size >> 8 * (level + 1)) - 1, tile))
            self.levels[level], value, level = [], root_of(tile), level + 1

    def root(self) -> bytes:
        """A subtree of 256^L leaves is one leaf of the tree over such subtrees, and so is the unfinished last one."""
        last: list[bytes] = []
        for tile in self.levels:
            hashes = [*tile, *last]
            last = [root_of(hashes)] if hashes else []
        return last[0] if last else sha256()
