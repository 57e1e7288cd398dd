"""docs/format.md, "Bundle: container": ZIP archives that can be read in one way only, and the one layout that is written."""

import re
import struct
import zlib
from dataclasses import dataclass

from json_text import Refused

LOCAL, DESCRIPTOR, CENTRAL = b"PK\x03\x04", b"PK\x07\x08", b"PK\x01\x02"
END, END64, LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
ALL_ONES_16, ALL_ONES_32 = 0xFFFF, 0xFFFFFFFF
DATE = 0x0021
STORED, DEFLATED = 0, 8
FLAGS = {STORED: 0x0000, DEFLATED: 0x0008}
MADE_BY, FILE_MODE = 0x032D, 0x81A40000
NAME = re.compile(r"(?:[A-Za-z0-9._=#-]*[A-Za-z0-9_=#-]/)*[A-Za-z0-9._=#-]*[A-Za-z0-9_=#-]")
FLAG_DESCRIPTOR, FLAGS_TAKEN = 0x0008, 0x080E
NEWEST = 45
DOS_REFUSED, DOS_FOLDER = 0x0448, 0x0010
WIDE = 0x0001
# The most bytes of each extra field.
EXTRA_FIELDS = {WIDE: 24, 0x000A: 32, 0x5455: 13, 0x5855: 12, 0x7855: 4, 0x7875: 19, 0xCAFE: 0}


@dataclass
class Header:
    """One header of the central directory."""

    name: str
    flags: int
    method: int
    modified: tuple[int, int]
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")


class _Bytes:
    """Reads on from an offset; what is not there refuses the archive."""

    def __init__(self, data: bytes, at: int, end: int):
        self.data, self.at, self.end = data, at, end

    def take(self, count: int) -> bytes:
        if count > self.end - self.at:
            raise Refused("container", f"{count} bytes at {self.at} are not there")
        self.at += count
        return self.data[self.at - count : self.at]

    def fields(self, layout: str) -> tuple:
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))


def demand(what: str, got, want) -> None:
    if got != want:
        raise Refused("container", f"{what}: got {got!r}, want {want!r}")


def read_archive(data: bytes) -> dict[str, bytes]:
    """The content of every file, by name and in the order of the directory."""
    count, start, end = _read_end(data)
    central = _Bytes(data, start, end)
    headers = [_read_header(central) for _ in range(count)]
    demand("end of the directory", central.at, end)
    _check_names(headers)
    contents, at = {}, 0
    in_place = sorted(headers, key=lambda each: each.offset)
    for each, following in zip(in_place, [*in_place[1:], None], strict=True):
        demand("offset", each.offset, at)
        at = following.offset if following else start
        contents[each.name] = _read_entry(_Bytes(data, each.offset, at), each)
    demand("end of the entries", at, start)
    return {each.name: contents[each.name] for each in headers if not each.is_folder}


def in_one_folder(files: dict[str, bytes], marker: str) -> dict[str, bytes]:
    """One folder: names in the only folder at the top that has the marker; those outside become names that nothing has."""
    tops = [name[: -len(marker)] for name in files if name.count("/") == 1 and name.endswith(f"/{marker}")]
    if marker in files or len(tops) != 1:
        return files
    top = tops[0]
    return {name.removeprefix(top) if name.startswith(top) else f"../{name}": data for name, data in files.items()}


def _read_end(data: bytes) -> tuple[int, int, int]:
    """Read, rule 2: number of entries, offset of the directory, and where it ends."""
    at = len(data) - 22
    if at < 0:
        raise Refused("container", "no end record")
    end = _Bytes(data, at, len(data))
    mark, disk, start_disk, here, *narrow, comment = end.fields("4s4H2IH")
    demand("end record", (mark, disk, start_disk, comment), (END, 0, 0, 0))
    demand("entries on this disk", here, narrow[0])
    wide = None
    if at >= 20 and data[at - 20 : at - 16] == LOCATOR:
        at, wide = _read_end64(data, at)
    said = []
    for place, all_ones in enumerate((ALL_ONES_16, ALL_ONES_32, ALL_ONES_32)):
        if narrow[place] == all_ones:
            demand("ZIP64 end record", wide is not None, True)
        elif wide is not None:
            demand("end records", narrow[place], wide[place])
        said.append(narrow[place] if wide is None else wide[place])
    count, size, offset = said
    demand("end of the directory", offset + size, at)
    return count, offset, at


def _read_end64(data: bytes, at: int) -> tuple[int, tuple[int, int, int]]:
    if at < 76:
        raise Refused("container", "no ZIP64 end record")
    mark, disk, offset, disks = _Bytes(data, at - 20, at).fields("4sIQI")
    demand("locator", (mark, disk, offset, disks), (LOCATOR, 0, at - 76, 1))
    mark, length, _, needs, *disks, here, count, size, start = _Bytes(data, at - 76, at - 20).fields("4sQ2H2I4Q")
    demand("ZIP64 end record", (mark, length, disks), (END64, 44, [0, 0]))
    demand("entries on this disk", here, count)
    demand("a version that is known", (needs & 0xFF) <= NEWEST, True)
    return at - 76, (count, size, start)


def _read_header(central: _Bytes) -> Header:
    """Read, rules 2, 3 and 6."""
    mark, _, needs, flags, method, time, date = central.fields("4s6H")
    crc, packed, size, name_length, extra_length = central.fields("3I2H")
    comment, disk, internal, dos, mode, offset = central.fields("5HI")
    demand("header", (mark, comment, disk), (CENTRAL, 0, 0))
    demand("method", method in FLAGS, True)
    demand("flags", flags & ~FLAGS_TAKEN, 0)
    demand("a version that is known", (needs & 0xFF) <= NEWEST, True)
    demand("internal attributes", internal & ~1, 0)
    name = _name(central.take(name_length))
    folder = name.endswith("/")
    demand("kind of file", mode & 0xF000 in (0, 0x4000 if folder else 0x8000), True)
    demand("attributes", dos & (DOS_REFUSED if folder else DOS_REFUSED | DOS_FOLDER), 0)
    said = (size, packed, offset)
    wide = _extra(central.take(extra_length)).get(WIDE, b"")
    demand("64-bit values", len(wide), 8 * said.count(ALL_ONES_32))
    values = iter(struct.unpack(f"<{len(wide) // 8}Q", wide))
    size, packed, offset = (next(values) if each == ALL_ONES_32 else each for each in said)
    if method == STORED:
        demand("stored size", packed, size)
    if folder:
        demand("a folder without content", (size, packed <= 2), (0, True))
    return Header(name, flags, method, (time, date), crc, packed, size, offset)


def _extra(data: bytes) -> dict[int, bytes]:
    """Read, rule 6."""
    fields, found = _Bytes(data, 0, len(data)), {}
    while fields.at < fields.end:
        kind, length = fields.fields("2H")
        demand(f"extra field {kind:#06x}", kind in EXTRA_FIELDS and kind not in found and length <= EXTRA_FIELDS[kind], True)
        found[kind] = fields.take(length)
    return found


def _name(raw: bytes) -> str:
    """Rule 2, of one name."""
    name = raw.decode("latin-1")
    bare = name.removesuffix("/")
    if not 1 <= len(bare) <= 255 or not NAME.fullmatch(bare):
        raise Refused("container", f"name {raw[:80]!r}")
    return name


def _check_names(headers: list[Header]) -> None:
    """Rule 2, of all names."""
    files = [each.name.lower() for each in headers if not each.is_folder]
    folders = [each.name.lower().removesuffix("/") for each in headers if each.is_folder]
    known = set(files)
    demand("different names", (len(known), len(set(folders))), (len(files), len(folders)))
    demand("folders that are files too", known & set(folders), set())
    for name in [*files, *folders]:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            demand("folder that is a file too", "/".join(parts[:depth]) in known, False)


def _read_entry(entry: _Bytes, header: Header) -> bytes:
    """Read, rules 4 and 5, and rule 6; `entry` ends where the next record begins."""
    mark, _, flags, method, time, date, *sums = entry.fields("4s5H3I")
    name_length, extra_length = entry.fields("2H")
    demand("local header", (mark, flags, method, (time, date)), (LOCAL, header.flags, header.method, header.modified))
    demand("local name", entry.take(name_length), header.name.encode())
    wide = _extra(entry.take(extra_length)).get(WIDE)
    streamed = header.flags & FLAG_DESCRIPTOR != 0
    _check_local_sums(sums, wide, header, streamed and header.method == DEFLATED)
    packed = entry.take(header.packed)
    content = packed if header.method == STORED else _inflate(packed, header.size)
    demand("size", len(content), header.size)
    demand("CRC-32", zlib.crc32(content), header.crc)
    left = entry.take(entry.end - entry.at)
    if streamed:
        _check_descriptor(left, header)
    else:
        demand("bytes behind the data", left, b"")
    return content


def _check_local_sums(sums: list[int], wide: bytes | None, header: Header, may_wait: bool) -> None:
    """Read, rule 4."""
    said = list(zip(sums, (header.crc, header.packed, header.size), strict=True))
    if wide is not None:
        demand("length of the local 64-bit sizes", len(wide), 16)
        size, packed = struct.unpack("<2Q", wide)
        said = [each for place, each in enumerate(said) if place == 0 or each[0] != ALL_ONES_32]
        said += [(packed, header.packed), (size, header.size)]
    for got, want in said:
        if not (may_wait and got == 0):
            demand("local sums", got, want)


def _check_descriptor(left: bytes, header: Header) -> None:
    """Read, rule 5."""
    layout = {12: "<3I", 16: "<4x3I", 20: "<IQQ", 24: "<4xIQQ"}.get(len(left))
    demand("a descriptor", layout is not None, True)
    demand("signature of the descriptor", left.startswith(DESCRIPTOR), "4x" in layout)
    demand("descriptor", struct.unpack(layout, left), (header.crc, header.packed, header.size))


def _inflate(packed: bytes, size: int) -> bytes:
    stream = zlib.decompressobj(-15)
    try:
        content = stream.decompress(packed, size + 1)
    except zlib.error as fault:
        raise Refused("container", str(fault)) from fault
    demand("end of the deflate stream", (stream.eof, stream.unused_data), (True, b""))
    return content


def write_archive(files: dict[str, bytes]) -> bytes:
    """The same layout, of few and small files."""
    local, central = bytearray(), bytearray()
    for name, content in files.items():
        method = STORED if "/tile/" in name else DEFLATED
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = content if method == STORED else packer.compress(content) + packer.flush()
        sums = (zlib.crc32(content), len(packed), len(content))
        shared = (20, FLAGS[method], method, 0, DATE)
        sizes = struct.pack("<2H", len(name), 0)
        central += struct.pack("<4sH5H3I", CENTRAL, MADE_BY, *shared, *sums) + sizes
        central += struct.pack("<3H2I", 0, 0, 0, FILE_MODE, len(local)) + name.encode()
        local += struct.pack("<4s5H3I", LOCAL, *shared, *(sums if method == STORED else (0, 0, 0))) + sizes
        local += name.encode() + packed
        if method == DEFLATED:
            local += struct.pack("<4s3I", DESCRIPTOR, *sums)
    end = struct.pack("<4s4H2IH", END, 0, 0, len(files), len(files), len(central), len(local), 0)
    return bytes(local + central + end)
