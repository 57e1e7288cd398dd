"""docs/format.md, "Bundle": the files of a bundle, as far as one can be refused without knowing whether it is true."""

import hashlib
import re
from dataclasses import dataclass, field

from container import in_one_folder, read_archive
from documents import REFERENCE, read_manifest
from json_text import Refused
from merkle import needed_tiles, tile_path
from notes import Checkpoint, from_base64, open_checkpoint, read_keys
from shapes import count, list_of, members, read_canonical, text

MAX_LINE, MAX_ENTRY = 524_288, 60_000
FIXED = ["bundle.json", "README.txt", "keys.txt", "log/checkpoint", "log/consistency.ndjson", "digests.ndjson"]
UNSEALED = "unsealed.ndjson"
DOCUMENT = re.compile(r"documents/([0-9a-f]{64})\.json")
CHAIN = re.compile(r"chains/(0|[1-9][0-9]?)/(entries\.ndjson|tile/.+)")
_seal_line = members({"seal": count, "size": count, "root": text, "proof": list_of(text)})
_digest_line = members({"digest": text, "index": count, "proof": list_of(text)})


@dataclass
class Seal:
    seal: int
    size: int
    root: bytes
    proof: list[bytes]


@dataclass
class Line:
    """One line of digests.ndjson, nothing of it proven yet."""

    data: bytes
    index: int
    proof: list[bytes]


@dataclass
class Digest:
    """A digest that is in the log."""

    says: dict
    leaf: bytes

    @property
    def number(self) -> int:
        return self.says["number"]

    def head_of(self, chain: int) -> dict | None:
        return next((each for each in self.says["chains"] if each["chain"] == chain), None)

    def size_of(self, chain: int) -> int:
        return (self.head_of(chain) or {"size": 0})["size"]


@dataclass
class Bundle:
    manifest: dict
    checkpoint: Checkpoint
    seals: list[Seal]
    lines: list[Line]
    # References to tombstones that no digest has sealed.
    unsealed: list[dict]
    documents: dict[str, bytes]
    # By chain and path.
    tiles: dict[int, dict[str, bytes]]
    entries: dict[int, list[bytes]]
    # Of those lines: the digest before the first, which anchors it, and the others.
    anchor: Digest | None = None
    digests: list[Digest] = field(default_factory=list)

    def start_of(self, chain: int) -> int:
        return self.anchor.size_of(chain) if self.anchor else 0

    def unneeded_tiles(self) -> list[str]:
        unneeded = []
        for chain, tiles in self.tiles.items():
            needed = needed_tiles(self.start_of(chain), self.digests[-1].size_of(chain))
            unneeded += tiles.keys() - {tile_path(*each) for each in needed}
        return unneeded


def read_bundle(data: bytes, keys: bytes | None = None) -> Bundle:
    """Refuses whatever is no bundle. Without keys from elsewhere those of the bundle serve, which proves little."""
    files = in_one_folder(read_archive(data), FIXED[0])
    missing = [name for name in FIXED if name not in files]
    if missing:
        raise Refused("file-missing", ", ".join(missing))
    manifest = read_manifest(files["bundle.json"])
    own_keys = read_keys(files["keys.txt"])
    checkpoint = open_checkpoint(files["log/checkpoint"], own_keys if keys is None else read_keys(keys))
    if manifest["log"] != checkpoint.origin:
        raise Refused("manifest", "of another log")
    chains = [each["chain"] for each in manifest["chains"]]
    documents, tiles, entries = _sorted_files(files, chains)
    seals = [_read_seal(each) for each in lines_of(files["log/consistency.ndjson"], MAX_LINE)]
    lines = [_read_line(each) for each in lines_of(files["digests.ndjson"], MAX_LINE)]
    unsealed = [_read_reference(each) for each in lines_of(files.get(UNSEALED, b""), MAX_LINE)]
    return Bundle(manifest, checkpoint, seals, lines, unsealed, documents, tiles, entries)


def _sorted_files(files: dict[str, bytes], chains: list[int]):
    documents, tiles, entries = {}, {chain: {} for chain in chains}, {}
    for name, content in files.items():
        if name in FIXED or name == UNSEALED:
            continue
        document, of_chain = DOCUMENT.fullmatch(name), CHAIN.fullmatch(name)
        if document:
            documents[document[1]] = content
        elif of_chain and int(of_chain[1]) in tiles:
            chain, rest = int(of_chain[1]), of_chain[2]
            if rest == "entries.ndjson":
                entries[chain] = lines_of(content, MAX_ENTRY)
            else:
                tiles[chain][rest] = content
        else:
            raise Refused("file-unknown", name)
    if entries.keys() != tiles.keys():
        raise Refused("file-missing", "entries.ndjson of a chain")
    return documents, tiles, entries


def lines_of(content: bytes, longest: int) -> list[bytes]:
    lines = content.split(b"\n")
    if lines.pop() != b"":
        raise Refused("line-unended")
    if any(len(each) > longest for each in lines):
        raise Refused("line-long")
    return lines


def _read_seal(line: bytes) -> Seal:
    says = read_canonical(line)
    _seal_line(says)
    return Seal(says["seal"], says["size"], from_base64(says["root"], 32), _hashes(says["proof"]))


def _read_reference(line: bytes) -> dict:
    says = read_canonical(line)
    REFERENCE(says)
    return says


def _read_line(line: bytes) -> Line:
    says = read_canonical(line)
    _digest_line(says)
    return Line(says["digest"].encode(), says["index"], _hashes(says["proof"]))


def _hashes(proof: list[str]) -> list[bytes]:
    return [from_base64(each, 32) for each in proof]


def document_name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
