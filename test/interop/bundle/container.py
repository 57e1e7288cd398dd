"""docs/format.md, "Bundle: container": the one layout of a ZIP archive that a bundle may have, read and written."""

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


@dataclass
class Header:
    """One header of the central directory."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int


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
    """The content of every entry, by name and in order."""
    count, start, end = _read_end(data)
    central = _Bytes(data, start, end)
    headers = [_read_header(central) for _ in range(count)]
    demand("end of the directory", central.at, end)
    _check_names([each.name for each in headers])
    files, entries = {}, _Bytes(data, 0, start)
    for each in headers:
        demand("offset", each.offset, entries.at)
        files[each.name] = _read_entry(entries, each)
    demand("end of the entries", entries.at, start)
    return files


def _read_end(data: bytes) -> tuple[int, int, int]:
    """Rule 5: number of entries, offset of the directory, and where it ends."""
    at = len(data) - 22
    if at < 0:
        raise Refused("container", "no end record")
    end = _Bytes(data, at, len(data))
    mark, disk, start_disk, here, count, size, offset, comment = end.fields("4s4H2IH")
    demand("end record", (mark, disk, start_disk, comment), (END, 0, 0, 0))
    demand("entries on this disk", here, count)
    if count == ALL_ONES_16 or ALL_ONES_32 in (size, offset):
        narrow = (count, size, offset)
        at, (count, size, offset) = _read_end64(data, at)
        wide = (count, size, offset)
        limits = (ALL_ONES_16, ALL_ONES_32, ALL_ONES_32)
        demand("end record", narrow, tuple(min(each, most) for each, most in zip(wide, limits, strict=True)))
    demand("end of the directory", offset + size, at)
    return count, offset, at


def _read_end64(data: bytes, at: int) -> tuple[int, tuple[int, int, int]]:
    if at < 76:
        raise Refused("container", "no ZIP64 end record")
    mark, disk, offset, disks = _Bytes(data, at - 20, at).fields("4sIQI")
    demand("locator", (mark, disk, offset, disks), (LOCATOR, 0, at - 76, 1))
    fields = _Bytes(data, at - 76, at - 20).fields("4sQ2H2I4Q")
    demand("ZIP64 end record", fields[:6], (END64, 44, MADE_BY, 45, 0, 0))
    here, count, size, start = fields[6:]
    demand("entries on this disk", here, count)
    return at - 76, (count, size, start)


def _read_header(central: _Bytes) -> Header:
    """Rules 4 and 5."""
    mark, made_by, needs, flags, method = central.fields("4s4H")
    time, date, crc, packed, size, name_length, extra_length = central.fields("2H3I2H")
    comment, disk, internal, external, offset = central.fields("3H2I")
    if method not in FLAGS:
        raise Refused("container", f"method {method}")
    want = (CENTRAL, MADE_BY, 45 if extra_length else 20, FLAGS[method], 0, DATE, 0, 0, 0, FILE_MODE)
    demand("header", (mark, made_by, needs, flags, time, date, comment, disk, internal, external), want)
    name = _name(central.take(name_length))
    wide = [each == ALL_ONES_32 for each in (size, packed, offset)]
    demand("length of the extra field", extra_length, 4 + 8 * sum(wide) if any(wide) else 0)
    if any(wide):
        demand("extra field", central.fields("2H"), (1, 8 * sum(wide)))
        size, packed, offset = (
            central.fields("Q")[0] if is_wide else narrow
            for narrow, is_wide in zip((size, packed, offset), wide, strict=True)
        )
        for value, is_wide in zip((size, packed, offset), wide, strict=True):
            demand("need of the extra field", value >= ALL_ONES_32, is_wide)
    return Header(name, method, crc, packed, size, offset)


def _name(raw: bytes) -> str:
    """Rule 2, of one name."""
    name = raw.decode("latin-1")
    if not 1 <= len(raw) <= 255 or not NAME.fullmatch(name):
        raise Refused("container", f"name {raw[:80]!r}")
    return name


def _check_names(names: list[str]) -> None:
    """Rule 2, of all names."""
    folded = [each.lower() for each in names]
    known = set(folded)
    demand("different names", len(known), len(names))
    for name in folded:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            demand("folder that is a file too", "/".join(parts[:depth]) in known, False)


def _read_entry(entries: _Bytes, header: Header) -> bytes:
    """Rules 3, 4 and 6."""
    stored = header.method == STORED
    mark, needs, flags, method, time, date, *sums = entries.fields("4s5H3I")
    name_length, extra_length = entries.fields("2H")
    demand("local header", (mark, needs, flags, method), (LOCAL, 20, FLAGS[header.method], header.method))
    demand("time, date, extra field", (time, date, extra_length), (0, DATE, 0))
    demand("local name", entries.take(name_length), header.name.encode())
    demand("local sums", tuple(sums), (header.crc, header.packed, header.size) if stored else (0, 0, 0))
    packed = entries.take(header.packed)
    if stored:
        demand("stored size", header.packed, header.size)
        demand("small enough to be stored", header.size < ALL_ONES_32, True)
        content = packed
    else:
        content = _inflate(packed, header.size)
        wide = max(header.packed, header.size) >= ALL_ONES_32
        demand("descriptor", entries.fields("4sIQQ" if wide else "4sIII"), (DESCRIPTOR, header.crc, header.packed, header.size))
    demand("size", len(content), header.size)
    demand("CRC-32", zlib.crc32(content), header.crc)
    return content


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
