"""What somebody without the log's keys can do to a bundle. Each makes a bundle of another one."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable

from container import write_archive
from json_text import canonical

Files = dict[str, bytes]
DIGESTS, SEALS, MANIFEST = "digests.ndjson", "log/consistency.ndjson", "bundle.json"
UNSEALED = "unsealed.ndjson"
ENTRIES, NOTE, TILE = "chains/0/entries.ndjson", "log/checkpoint", "chains/0/tile/0/000.p/18"


def lines(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Files], Files]:
    def changed(files: Files) -> Files:
        kept = change(files[name].splitlines(keepends=True))
        return {**files, name: b"".join(kept)}

    return changed


def content(name: str, change: Callable[[bytes], bytes]) -> Callable[[Files], Files]:
    return lambda files: {**files, name: change(files[name])}


def without(choose: Callable[[str, bytes], bool]) -> Callable[[Files], Files]:
    def removed(files: Files) -> Files:
        gone = next(name for name, data in files.items() if choose(name, data))
        return {name: data for name, data in files.items() if name != gone}

    return removed


def json_of(name: str, change: Callable[[dict], object]) -> Callable[[Files], Files]:
    """Changes a document in place, into its canonical form."""

    def changed(files: Files) -> Files:
        value = json.loads(files[name])
        change(value)
        return {**files, name: canonical(value)}

    return changed


def json_line(name: str, at: int, change: Callable[[dict], object]) -> Callable[[Files], Files]:
    def changed(all_lines: list[bytes]) -> list[bytes]:
        value = json.loads(all_lines[at])
        change(value)
        all_lines[at] = canonical(value) + b"\n"
        return all_lines

    return lines(name, changed)


def digest_at(at: int, change: Callable[[dict], object]) -> Callable[[Files], Files]:
    """Changes what a digest says, which its proof then no longer proves."""

    def changed(line: dict) -> None:
        digest = json.loads(line["digest"])
        change(digest)
        line["digest"] = canonical(digest).decode()

    return json_line(DIGESTS, at, changed)


def both(*changes: Callable[[Files], Files]) -> Callable[[Files], Files]:
    def changed(files: Files) -> Files:
        for change in changes:
            files = change(files)
        return files

    return changed


def kind(name: str) -> Callable[[str, bytes], bool]:
    return lambda path, data: path.startswith("documents/") and f'"kind":"{name}"'.encode() in data


def forged_tombstone(files: Files) -> Files:
    """The genuine one is replaced by an earlier one, under the name that fits its bytes."""
    name = next(path for path, data in files.items() if kind("tombstone")(path, data))
    says = json.loads(files[name])
    says["at"] = "2026-03-01T00:00:00.000Z"
    data = canonical(says)
    return {**without(kind("tombstone"))(files), f"documents/{hashlib.sha256(data).hexdigest()}.json": data}


def tombstone_in_place(files: Files) -> Files:
    name = next(path for path, data in files.items() if kind("tombstone")(path, data))
    return json_of(name, lambda says: says.update(at="2026-03-01T00:00:00.000Z"))(files)


def unsealed(change: Callable[[dict], object]) -> Callable[[Files], Files]:
    """The tombstone that no digest names, forged under a name and a reference that fit its bytes."""

    def changed(files: Files) -> Files:
        reference = json.loads(files[UNSEALED])
        says = json.loads(files[f"documents/{reference['sha256']}.json"])
        change(says)
        data = canonical(says)
        reference.update(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
        kept = {name: each for name, each in files.items() if name != f"documents/{json.loads(files[UNSEALED])['sha256']}.json"}
        return {**kept, f"documents/{reference['sha256']}.json": data, UNSEALED: canonical(reference) + b"\n"}

    return changed


def other_bit(data: bytes, at: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def foreign(line: bytes) -> bytes:
    return line.replace(b"Zo", b"Za")


def moved_line(files: Files) -> Files:
    """The first entry of chain 2 goes to the end of chain 0's."""
    first, *rest = files["chains/2/entries.ndjson"].splitlines(keepends=True)
    return {**files, ENTRIES: files[ENTRIES] + first, "chains/2/entries.ndjson": b"".join(rest)}


def renumbered(line: bytes, by: int) -> bytes:
    says = json.loads(line)
    says["seal"] += by
    return canonical(says) + b"\n"


def scope(at: int, **changes) -> Callable[[Files], Files]:
    return json_of(MANIFEST, lambda says: says["chains"][at].update(changes))


def cut(count: int) -> Callable[[Files], Files]:
    """The last digests are gone, and the manifest, the chains' tiles and entries are made to fit."""

    def changed(files: Files) -> Files:
        kept = [json.loads(each) for each in files[DIGESTS].splitlines()][:-count]
        last = json.loads(kept[-1]["digest"])
        sizes = {each["chain"]: each["size"] for each in last["chains"]}
        files = lines(DIGESTS, lambda all_lines: all_lines[:-count])(files)
        files = json_of(MANIFEST, lambda says: says.update(last=last["number"]))(files)
        for at, (chain, size) in enumerate(sizes.items()):
            name = f"chains/{chain}/entries.ndjson"
            width = len(files[name].splitlines())
            tile = files.pop(f"chains/{chain}/tile/0/000.p/{width}")
            files[f"chains/{chain}/tile/0/000.p/{size}"] = tile[: 32 * size]
            files = lines(name, lambda all_lines, size=size: all_lines[:size])(scope(at, through=size)(files))
        named = b"".join(files[DIGESTS].splitlines()) + b"".join(data for data in files.values())
        return {name: data for name, data in files.items() if not name.startswith("documents/") or name[10:74].encode() in named}

    return changed


# Of what is inside the container; each bundle is named by the one that it is made of.
OF_FILES: dict[str, dict[str, Callable[[Files], Files]]] = {
    "plain": {
        "packed again": lambda files: files,
        "packed in another order": lambda files: dict(reversed(files.items())),
        "another README": content("README.txt", lambda data: data + b"\n"),
        "an altered entry": lines(ENTRIES, lambda all_lines: [*all_lines[:4], foreign(all_lines[4]), *all_lines[5:]]),
        "two altered entries": lines(ENTRIES, lambda all_lines: [*all_lines[:4], *map(foreign, all_lines[4:6]), *all_lines[6:]]),
        "the last entry altered": lines(ENTRIES, lambda all_lines: [*all_lines[:-1], foreign(all_lines[-1])]),
        "an entry spelled otherwise": lines(ENTRIES, lambda all_lines: [all_lines[0].replace(b":", b": ", 1), *all_lines[1:]]),
        "a removed line": lines(ENTRIES, lambda all_lines: [*all_lines[:7], *all_lines[8:]]),
        "the first line removed": lines(ENTRIES, lambda all_lines: all_lines[1:]),
        "the last lines removed": lines(ENTRIES, lambda all_lines: all_lines[:-3]),
        "all lines removed": content(ENTRIES, lambda _: b""),
        "swapped lines": lines(ENTRIES, lambda all_lines: [all_lines[1], all_lines[0], *all_lines[2:]]),
        "distant lines swapped": lines(ENTRIES, lambda all_lines: [*all_lines[:2], all_lines[9], *all_lines[3:9], all_lines[2], *all_lines[10:]]),
        "a line twice": lines(ENTRIES, lambda all_lines: [*all_lines[:3], all_lines[2], *all_lines[3:]]),
        "a line put in": lines(ENTRIES, lambda all_lines: [*all_lines[:3], foreign(all_lines[2]), *all_lines[3:]]),
        "a line put behind": lines(ENTRIES, lambda all_lines: [*all_lines, foreign(all_lines[2])]),
        "the first line again behind": lines(ENTRIES, lambda all_lines: [*all_lines, all_lines[0]]),
        "an altered and a removed line": lines(ENTRIES, lambda all_lines: [*all_lines[:3], foreign(all_lines[3]), *all_lines[5:]]),
        "a line moved to another chain": moved_line,
        "an empty line": lines(ENTRIES, lambda all_lines: [all_lines[0], b"\n", *all_lines[1:]]),
        "a line that does not end": content(ENTRIES, lambda data: data[:-1]),
        "a line of 60,001 bytes": content(ENTRIES, lambda data: b"x" * 60_001 + b"\n" + data),
        "an altered tile": content(TILE, lambda data: other_bit(data, 32 * 4)),
        "an altered tile, last leaf": content(TILE, lambda data: other_bit(data, -1)),
        "a short tile": content(TILE, lambda data: data[:-1]),
        "no tile": without(lambda name, _: name == TILE),
        "a tile too many": lambda files: {**files, "chains/0/tile/1/000.p/1": bytes(32)},
        "a file that is no tile": lambda files: {**files, "chains/0/tile/1/0": bytes(32)},
        "a tile that is not there yet": lambda files: {**files, "chains/0/tile/0/000.p/19": files[TILE] + bytes(32)},
        "no Ed25519 signature": lines(NOTE, lambda all_lines: [*all_lines[:4], *all_lines[5:]]),
        "no ML-DSA-44 signature": lines(NOTE, lambda all_lines: all_lines[:5]),
        "no signature": lines(NOTE, lambda all_lines: all_lines[:4]),
        "a signature twice": lines(NOTE, lambda all_lines: [*all_lines, all_lines[4]]),
        "a signature of somebody else": lines(NOTE, lambda all_lines: [*all_lines, "— nobody.example AAAAAAAA\n".encode()]),
        "an altered signature": content(NOTE, lambda data: data[:-10] + (b"A" if data[-10:-9] != b"A" else b"B") + data[-9:]),
        "a smaller checkpoint": lines(NOTE, lambda all_lines: [all_lines[0], b"5\n", *all_lines[2:]]),
        "an extension line": lines(NOTE, lambda all_lines: [*all_lines[:3], b"extension\n", *all_lines[3:]]),
        "other keys in keys.txt": content("keys.txt", lambda data: data[: len(data) // 2]),
        "no keys in keys.txt": content("keys.txt", lambda _: b""),
        "a digest cut off": lines(DIGESTS, lambda all_lines: all_lines[:-1]),
        "a digest cut off, made to fit": cut(1),
        "two digests cut off, made to fit": cut(2),
        "all digests cut off": content(DIGESTS, lambda _: b""),
        "a digest left out": lines(DIGESTS, lambda all_lines: [all_lines[0], *all_lines[2:]]),
        "the first digest left out": lines(DIGESTS, lambda all_lines: all_lines[1:]),
        "a digest twice": lines(DIGESTS, lambda all_lines: [*all_lines[:2], *all_lines[1:]]),
        "digests swapped": lines(DIGESTS, lambda all_lines: [all_lines[1], all_lines[0], *all_lines[2:]]),
        "a digest altered": digest_at(1, lambda says: says["retention"].update(debug="P1D")),
        "a digest of another log": digest_at(1, lambda says: says.update(log="other.example")),
        "a digest of another tenant": digest_at(1, lambda says: says.update(tenant="globex")),
        "a digest of another version": digest_at(1, lambda says: says.update(v=2)),
        "a digest with a member more": digest_at(1, lambda says: says.update(more=1)),
        "a digest sealed later": digest_at(-1, lambda says: says.update(sealedAt="2026-03-03T22:00:01.000Z")),
        "a digest spelled otherwise": json_line(DIGESTS, 1, lambda line: line.update(digest=line["digest"].replace(":", ": ", 1))),
        "another index": json_line(DIGESTS, 1, lambda line: line.update(index=line["index"] + 1)),
        "another proof": json_line(DIGESTS, 1, lambda line: line.update(proof=line["proof"][::-1])),
        "a shorter proof": json_line(DIGESTS, 1, lambda line: line.update(proof=line["proof"][1:])),
        "a proof that is not base64": json_line(DIGESTS, 1, lambda line: line.update(proof=["!"])),
        "a line of digests spelled otherwise": lines(DIGESTS, lambda all_lines: [all_lines[0].replace(b"{", b"{ ", 1), *all_lines[1:]]),
        "a line of digests with a member more": json_line(DIGESTS, 1, lambda line: line.update(more=1)),
        "a line of seals spelled otherwise": lines(SEALS, lambda all_lines: [all_lines[0].replace(b"{", b"{ ", 1), *all_lines[1:]]),
        "no consistency": content(SEALS, lambda _: b""),
        "the last seal cut off": lines(SEALS, lambda all_lines: all_lines[:-1]),
        "the first seals cut off": lines(SEALS, lambda all_lines: all_lines[2:]),
        "all seals numbered otherwise": lines(SEALS, lambda all_lines: [renumbered(each, 100) for each in all_lines]),
        "the last seal numbered otherwise": lines(SEALS, lambda all_lines: [*all_lines[:-1], renumbered(all_lines[-1], 1)]),
        "the first seal cut off": lines(SEALS, lambda all_lines: all_lines[1:]),
        "a seal left out": lines(SEALS, lambda all_lines: [all_lines[0], *all_lines[2:]]),
        "seals swapped": lines(SEALS, lambda all_lines: [all_lines[1], all_lines[0], *all_lines[2:]]),
        "another root of a seal": json_line(SEALS, 0, lambda line: line.update(root="A" * 43 + "=")),
        "another size of a seal": json_line(SEALS, 0, lambda line: line.update(size=1)),
        "another proof of a seal": json_line(SEALS, 0, lambda line: line.update(proof=line["proof"][1:])),
        "no contents": without(kind("contents")),
        "no list": without(kind("segments")),
        "an unknown document": lambda files: {**files, f"documents/{'00' * 32}.json": b"{}"},
        "an unknown file": lambda files: {**files, "more.txt": b""},
        "a file of a chain that is not there": lambda files: {**files, "chains/9/entries.ndjson": b""},
        "a chain spelled otherwise": lambda files: {**files, "chains/00/entries.ndjson": b""},
        "no README": without(lambda name, _: name == "README.txt"),
        "no manifest": without(lambda name, _: name == MANIFEST),
        "no entries": without(lambda name, _: name == ENTRIES),
        "no keys": without(lambda name, _: name == "keys.txt"),
        "a manifest of another version": json_of(MANIFEST, lambda says: says.update(v=2)),
        "a manifest of another kind": json_of(MANIFEST, lambda says: says.update(kind="digest")),
        "a manifest with a member more": json_of(MANIFEST, lambda says: says.update(more=1)),
        "a manifest of another tenant": json_of(MANIFEST, lambda says: says.update(tenant="globex")),
        "a manifest of another log": json_of(MANIFEST, lambda says: says.update(log="other.example")),
        "a manifest of a day that there is not": json_of(MANIFEST, lambda says: says.update(to="2026-99-99")),
        "a manifest of 29 February 2026": json_of(MANIFEST, lambda says: says.update(**{"from": "2026-02-29"})),
        "a manifest of a time that there is not": json_of(MANIFEST, lambda says: says.update(createdAt="9999-99-99T99:99:99.999Z")),
        "a manifest of hour 24": json_of(MANIFEST, lambda says: says.update(createdAt="2026-03-03T24:00:00.000Z")),
        "a manifest of year 0": json_of(MANIFEST, lambda says: says.update(createdAt="0000-00-00T00:00:00.000Z")),
        "a manifest to before from": json_of(MANIFEST, lambda says: says.update(**{"from": "2026-03-02", "to": "2026-03-01"})),
        "a manifest with LF": content(MANIFEST, lambda data: data + b"\n"),
        "a manifest that ends early": json_of(MANIFEST, lambda says: says.update(last=1)),
        "a manifest that begins late": json_of(MANIFEST, lambda says: says.update(first=1)),
        "a smaller scope": both(scope(0, through=12), lines(ENTRIES, lambda all_lines: all_lines[:12])),
        "a scope within a digest": both(scope(0, through=13), lines(ENTRIES, lambda all_lines: all_lines[:13])),
        "a later scope": both(scope(0, **{"from": 6}), lines(ENTRIES, lambda all_lines: all_lines[6:])),
        "a scope beyond the chain": scope(0, through=19),
        "a chain more": both(
            json_of(MANIFEST, lambda says: says["chains"].append({"chain": 9, "from": 0, "through": 0})),
            lambda files: {**files, "chains/9/entries.ndjson": b""},
        ),
        "a chain twice": json_of(MANIFEST, lambda says: says["chains"].append(says["chains"][0])),
        "chains in another order": json_of(MANIFEST, lambda says: says["chains"].reverse()),
        "a line in a chain without positions": both(
            json_of(MANIFEST, lambda says: says["chains"].append({"chain": 9, "from": 0, "through": 0})),
            lambda files: {**files, "chains/9/entries.ndjson": b"{}\n"},
        ),
        "no tile and a removed line": both(
            without(lambda name, _: name == TILE), lines(ENTRIES, lambda all_lines: [*all_lines[:7], *all_lines[8:]])
        ),
        "an altered tile and a removed line": both(
            content(TILE, lambda data: other_bit(data, 32 * 4)), lines(ENTRIES, lambda all_lines: [*all_lines[:7], *all_lines[8:]])
        ),
        "an altered tile and an altered entry": both(
            content(TILE, lambda data: other_bit(data, 32 * 4)),
            lines(ENTRIES, lambda all_lines: [*all_lines[:9], foreign(all_lines[9]), *all_lines[10:]]),
        ),
        "a chain less": json_of(MANIFEST, lambda says: says["chains"].pop()),
        "a smaller scope, up to a day": both(
            json_of(MANIFEST, lambda says: says.update(to="2026-03-02")),
            both(scope(0, through=12), lines(ENTRIES, lambda all_lines: all_lines[:12])),
            both(scope(1, through=2), lines("chains/2/entries.ndjson", lambda all_lines: all_lines[:2])),
        ),
        "a smaller scope than up to a day": both(
            json_of(MANIFEST, lambda says: says.update(to="2026-03-02")),
            both(scope(0, through=6), lines(ENTRIES, lambda all_lines: all_lines[:6])),
        ),
        "a larger scope than up to a day": json_of(MANIFEST, lambda says: says.update(to="2026-03-01")),
    },
    "expired": {
        "no tombstone": without(kind("tombstone")),
        "a forged tombstone": forged_tombstone,
        "a tombstone altered in place": tombstone_in_place,
        "a removed line among expired ones": lines(ENTRIES, lambda all_lines: [*all_lines[:3], *all_lines[4:]]),
        "an altered entry among expired ones": lines(ENTRIES, lambda all_lines: [*all_lines[:3], foreign(all_lines[3]), *all_lines[4:]]),
        "no tile among expired ones": without(lambda name, _: name == "chains/0/tile/0/000.p/30"),
        "a line put in where one expired": lines(ENTRIES, lambda all_lines: [foreign(all_lines[0]), *all_lines]),
        "swapped lines among expired ones": lines(ENTRIES, lambda all_lines: [all_lines[1], all_lines[0], *all_lines[2:]]),
    },
    "expired-from": {
        "no digest before the first": lines(DIGESTS, lambda all_lines: all_lines[1:]),
        "the digest before the first altered": digest_at(0, lambda says: says["retention"].update(debug="P1D")),
        "an earlier day": json_of(MANIFEST, lambda says: says.update({"from": "2026-03-01"})),
        "a later day": json_of(MANIFEST, lambda says: says.update({"from": "2026-03-03"})),
        "no day": json_of(MANIFEST, lambda says: says.pop("from")),
    },
    "expiring": {
        "packed again": lambda files: files,
        "no unsealed tombstones": without(lambda name, _: name == UNSEALED),
        "an unsealed tombstone is early": unsealed(lambda says: says.update(at="2026-03-05T00:00:00.000Z")),
        "an unsealed tombstone of the future": unsealed(lambda says: says.update(at="2099-01-01T00:00:00.000Z")),
        "an unsealed tombstone of another category": unsealed(lambda says: says.update(category="payment")),
        "an unsealed tombstone of another tenant": unsealed(lambda says: says.update(tenant="globex")),
        "an unsealed tombstone of other bytes": unsealed(
            lambda says: [each["object"].update(sha256="0" * 64) for each in says["segments"]]
        ),
        "an unsealed tombstone with a sealed number": unsealed(lambda says: says.update(number=0)),
        "an unsealed tombstone of a shorter retention": unsealed(
            lambda says: says.update(at="2026-03-05T00:00:00.000Z", retention="P1D")
        ),
        "an unsealed tombstone, more taken": lines(ENTRIES, lambda all_lines: all_lines[1:]),
        "an unsealed tombstone, put in": lines(ENTRIES, lambda all_lines: [foreign(all_lines[0]), *all_lines]),
        "an empty file of unsealed tombstones": content(UNSEALED, lambda _: b""),
        "a reference with a member more": json_line(UNSEALED, 0, lambda line: line.update(more=1)),
        "a reference to nothing": json_line(UNSEALED, 0, lambda line: line.update(sha256="0" * 64)),
    },
    "held": {"no hold": without(kind("hold"))},
    "several": {
        "a full tile altered": content("chains/0/tile/0/000", lambda data: other_bit(data, 0)),
        "an upper tile altered": content("chains/0/tile/1/000.p/3", lambda data: other_bit(data, 40)),
        "a partial tile altered": content("chains/0/tile/0/003.p/3", lambda data: other_bit(data, -1)),
        "a full tile gone": without(lambda name, _: name == "chains/0/tile/0/000"),
        "an upper tile gone": without(lambda name, _: name.startswith("chains/0/tile/1/")),
        "a removed line that straddled": lines(ENTRIES, lambda all_lines: [*all_lines[:301], *all_lines[302:]]),
    },
    "several-from": {
        "an upper tile altered on the left": content("chains/0/tile/1/000.p/3", lambda data: other_bit(data, 0)),
        "a leaf altered on the left": content("chains/0/tile/0/002", lambda data: other_bit(data, 0)),
        "an altered entry of a later day": lines(ENTRIES, lambda all_lines: [foreign(all_lines[0]), *all_lines[1:]]),
    },
}



def at_central(offset: int, change: Callable[[bytes, int], bytes]) -> Callable[[bytes], bytes]:
    """Of the directory's first header, and its local one where that has the same field."""
    return lambda data: change(data, data.index(b"PK\x01\x02") + offset)


def with_both(offset: int, value: int) -> Callable[[bytes], bytes]:
    """Sets a byte in the first header of both kinds; the central one has two bytes more in front."""

    def changed(data: bytes) -> bytes:
        copy, central = bytearray(data), data.index(b"PK\x01\x02")
        copy[offset], copy[central + offset + 2] = value, value
        return bytes(copy)

    return changed


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED, top: str = "", streamed: bool = False, wide: bool = False, more: Files | None = None) -> bytes:
    """As Python's own module packs it, which shares no code with the product's writer."""
    out = io.BytesIO()
    target = Streamed(out) if streamed else out
    with zipfile.ZipFile(target, "w", method) as archive:
        if top:
            archive.writestr(zipfile.ZipInfo(top), b"")
        for name, data in {**{top + name: data for name, data in files.items()}, **(more or {})}.items():
            info = zipfile.ZipInfo(name, (2026, 3, 9, 10, 30, 2))
            info.compress_type = method
            with archive.open(info, "w", force_zip64=wide) as entry:
                entry.write(data)
    return out.getvalue()


class Streamed(io.RawIOBase):
    """A pipe: nothing that was written can be gone back to."""

    def __init__(self, out: io.BytesIO):
        self.out = out

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        return self.out.write(data)


MAC = {"__MACOSX/acme/._bundle.json": b"Mac OS X"}

# Unpacked, and packed again by another tool.
REPACKED: dict[str, Callable[[Files], bytes]] = {
    "packed by zipfile": zipped,
    "packed by zipfile, stored": lambda files: zipped(files, zipfile.ZIP_STORED),
    "packed by zipfile through a pipe": lambda files: zipped(files, streamed=True),
    "packed by zipfile with 64-bit sizes": lambda files: zipped(files, wide=True),
    "packed by zipfile with 64-bit sizes through a pipe": lambda files: zipped(files, streamed=True, wide=True),
    "packed by zipfile with its folder": lambda files: zipped(files, top="acme/"),
    "packed by zipfile with its folder as macOS does": lambda files: zipped(files, top="acme/", streamed=True, more=MAC),
    "packed by zipfile with its folder and a file beside it": lambda files: zipped(files, top="acme/", more={"digests.ndjson": b""}),
    "packed by zipfile with two folders": lambda files: zipped(files, top="acme/", more={"other/bundle.json": b"{}"}),
    "packed by zipfile by bzip2": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "packed by zipfile with an executable beside it": lambda files: zipped(files, more={"setup.exe": b"MZ"}),
}
# Of those: with files that no bundle has, without a place where it begins, or by a method that is none of the profile.
NOT_A_BUNDLE = {
    "packed by zipfile with its folder as macOS does",
    "packed by zipfile with its folder and a file beside it",
    "packed by zipfile with two folders",
    "packed by zipfile by bzip2",
    "packed by zipfile with an executable beside it",
}

# Of the container's own bytes.
OF_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "a trailing byte": lambda data: data + b"\0",
    "a leading byte": lambda data: b"\0" + data,
    "a truncated archive": lambda data: data[:-1],
    "a comment": lambda data: data[:-2] + b"\1\0x",
    "another CRC-32": lambda data: other_bit(data, data.index(b"PK\x01\x02") + 16),
    "another date in the directory alone": at_central(14, other_bit),
    "another date": with_both(12, 0x22),
    "a flag that is not known": with_both(7, 0x10),
    "an encrypted entry": with_both(6, 0x09),
    "a newer version needed": at_central(6, other_bit),
    "made on another system": at_central(5, other_bit),
    "another mode": at_central(40, other_bit),
    "a link": lambda data: at_central(41, lambda copy, at: copy[:at] + b"\xa1" + copy[at + 1 :])(data),
    "looks like text": at_central(36, other_bit),
    "another descriptor": lambda data: other_bit(data, data.index(b"PK\x07\x08") + 8),
    "another local name": lambda data: other_bit(data, 30),
    "a byte of packed data": lambda data: other_bit(data, 60),
    "nothing": lambda _: b"",
}


def file_mutations(name: str, files: Files) -> dict[str, bytes]:
    return {what: write_archive(change(dict(files))) for what, change in OF_FILES[name].items()}
