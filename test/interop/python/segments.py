"""docs/format.md, "Segments"."""

import hashlib
import io
import re
from dataclasses import dataclass

import pyarrow
import pyarrow.parquet

from chain import Placed, leaf_hash
from entry import read_time
from json_text import Refused, parse

KEY = re.compile(
    r"entries/tenant=([A-Za-z0-9][A-Za-z0-9._-]{0,127})/category=([a-z_]+)/day=(\d{4}-\d\d-\d\d)/(\d\d)-(\d{16})\.parquet",
    re.ASCII,
)

# Name, kind, and where in the entry it comes from; None: not from the entry.
STRING, TIMESTAMP = ("BYTE_ARRAY", "UTF8"), ("INT64", "TIMESTAMP_MILLIS")
COLUMNS = [
    ("chain", ("INT32", "NONE"), True, None),
    ("position", ("INT64", "NONE"), True, None),
    *((name, STRING, False, (name,)) for name in ("id", "action", "outcome", "severity", "description")),
    ("occurred_at", TIMESTAMP, False, ("occurredAt",)),
    ("recorded_at", TIMESTAMP, True, ("recordedAt",)),
    *((f"actor_{name}", STRING, False, ("actor", name)) for name in ("type", "id", "name", "email", "role")),
    ("source_ip", STRING, False, ("source", "ip")),
    ("user_agent", STRING, False, ("source", "userAgent")),
    *((f"target_{name}", STRING, False, ("target", name)) for name in ("type", "id", "name", "reference")),
    ("channel", STRING, False, ("context", "channel")),
    ("request_id", STRING, False, ("context", "requestId")),
    ("trace_id", STRING, False, ("context", "traceId")),
    ("correlation_id", STRING, False, ("context", "correlationId")),
    ("parent_id", STRING, False, ("context", "parentId")),
    ("session_id", STRING, False, ("context", "sessionId")),
    ("response_time_ms", ("DOUBLE", "NONE"), False, ("context", "responseTimeMs")),
    ("recorder_id", STRING, False, ("recorder", "id")),
    ("entry", STRING, True, None),
    ("leaf_hash", ("BYTE_ARRAY", "NONE"), True, None),
    ("link", ("BYTE_ARRAY", "NONE"), True, None),
]


@dataclass(frozen=True)
class Segment:
    key: str
    tenant: str
    category: str
    day: str
    chain: int
    first: int
    rows: tuple[dict, ...]


def read_segment(key: str, data: bytes) -> Segment:
    matched = KEY.fullmatch(key)
    if not matched:
        raise Refused("key", key)
    tenant, category, day, chain, first = matched.groups()
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(data))
    except pyarrow.ArrowInvalid as fault:
        raise Refused("not-parquet", str(fault)) from fault
    _shape(file, data)
    rows = _plain(file.read(use_threads=False)).to_pylist()
    segment = Segment(key, tenant, category, day, int(chain), int(first), tuple(rows))
    check_rows(segment)
    _statistics(file, rows)
    return segment


def _shape(file: pyarrow.parquet.ParquetFile, data: bytes) -> None:
    metadata = file.metadata
    if metadata.created_by != "indelible segment 1":
        raise Refused("created-by", metadata.created_by)
    if metadata.num_row_groups != 1:
        raise Refused("row-groups")
    if metadata.num_rows < 1:
        raise Refused("no-rows")
    columns = [file.schema.column(index) for index in range(len(file.schema))]
    shape = [
        (
            column.path,
            (column.physical_type, column.converted_type),
            {(0, 0): True, (1, 0): False}.get((column.max_definition_level, column.max_repetition_level)),
        )
        for column in columns
    ]
    if shape != [(name, kind, required) for name, kind, required, _ in COLUMNS]:
        raise Refused("columns", str(shape))
    group = metadata.row_group(0)
    for index in range(group.num_columns):
        chunk = group.column(index)
        if chunk.compression != "ZSTD":
            raise Refused("codec", chunk.path_in_schema)
        start = chunk.dictionary_page_offset or chunk.data_page_offset
        _pages(data[start : start + chunk.total_compressed_size], chunk.path_in_schema)


def _pages(chunk: bytes, column: str) -> None:
    at = 0
    while at < len(chunk):
        header, at = _thrift_struct(chunk, at)
        # PageType: 2 is a dictionary, 3 a data page of version 2.
        if header[1] not in (2, 3):
            raise Refused("page-version", column)
        at += header[3]
    if at != len(chunk):
        raise Refused("page-size", column)


def _thrift_struct(data: bytes, at: int) -> tuple[dict, int]:
    """A struct of Thrift's compact protocol: field number to value, as far as page headers need it."""

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    fields, number = {}, 0
    while data[at]:
        delta, kind = data[at] >> 4, data[at] & 15
        at += 1
        if delta:
            number += delta
        else:
            raw = varint()
            number = raw >> 1 ^ -(raw & 1)
        if kind in (1, 2):
            fields[number] = kind == 1
        elif kind in (4, 5, 6):
            raw = varint()
            fields[number] = raw >> 1 ^ -(raw & 1)
        elif kind == 8:
            length = varint()
            fields[number] = data[at : at + length]
            at += length
        elif kind == 12:
            fields[number], at = _thrift_struct(data, at)
        else:
            raise Refused("page-header", f"Thrift type {kind}")
    return fields, at + 1


def _plain(table: pyarrow.Table) -> pyarrow.Table:
    """Times as the milliseconds that are stored: Python's own begin with the year 1."""
    for index, column in enumerate(table.schema):
        if pyarrow.types.is_timestamp(column.type):
            table = table.set_column(index, column.name, table.column(index).cast(pyarrow.int64()))
    return table


def check_rows(segment: Segment) -> None:
    """What the key and each row say of its entry, and the order of the rows."""
    if segment.rows[0]["position"] != segment.first:
        raise Refused("first-position", segment.key)
    previous = -1
    for row in segment.rows:
        if row["position"] <= previous:
            raise Refused("order", segment.key)
        previous = row["position"]
        if row["chain"] != segment.chain:
            raise Refused("chain", segment.key)
        data = row["entry"].encode()
        if row["leaf_hash"] != leaf_hash(data):
            raise Refused("leaf-hash", segment.key)
        if len(row["link"]) != 32:
            raise Refused("link-length", segment.key)
        entry = parse(data)
        if (entry["tenant"], entry["category"], entry["recordedAt"][:10]) != (
            segment.tenant,
            segment.category,
            segment.day,
        ):
            raise Refused("partition", segment.key)
        for name, kind, _, path in COLUMNS:
            if path is not None and row[name] != (want := _from_entry(entry, path, kind)):
                raise Refused("column", f"{name} of {segment.key}: {row[name]!r} for {want!r}")


def _from_entry(entry: dict, path: tuple[str, ...], kind: tuple[str, str]):
    value = entry
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if kind == TIMESTAMP:
        return read_time(value)
    if kind == STRING:
        return value if isinstance(value, str) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _statistics(file: pyarrow.parquet.ParquetFile, rows: list[dict]) -> None:
    """Bounds that exclude a value would make query engines skip it."""
    group = file.metadata.row_group(0)
    for index in range(group.num_columns):
        chunk = group.column(index)
        statistics = chunk.statistics
        # Bounds of times come as Python's own; the column without them is read all the same.
        if statistics is None or str(statistics.logical_type).startswith("Timestamp"):
            continue
        values = [row[chunk.path_in_schema] for row in rows]
        if statistics.has_null_count and statistics.null_count != values.count(None):
            raise Refused("null-count", chunk.path_in_schema)
        present = [_order(value) for value in values if value is not None]
        if statistics.has_min_max and present:
            if not _order(statistics.min) <= min(present) <= max(present) <= _order(statistics.max):
                raise Refused("bounds", f"{chunk.path_in_schema}: {statistics.min!r} to {statistics.max!r}")


def _order(value):
    return value.encode() if isinstance(value, str) else value


def check_metadata(segment: Segment, metadata: dict, data: bytes, ledger: dict[int, Placed]) -> None:
    first, last = segment.rows[0], segment.rows[-1]
    want = {
        "first": str(first["position"]),
        "through": str(last["position"] + 1),
        "count": str(len(segment.rows)),
        "previous-link": ledger[first["position"]].previous_link.hex(),
        "link": last["link"].hex(),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    if metadata != want:
        raise Refused("metadata", f"{segment.key}: {metadata} for {want}")


def check_archive(segments: list[Segment], ledger: list[Placed]) -> None:
    """The segments of one chain hold each entry of the ledger once, in its bytes."""
    seen: dict[int, dict] = {}
    for segment in segments:
        for row in segment.rows:
            if row["position"] in seen:
                raise Refused("twice", f"position {row['position']} in {segment.key}")
            seen[row["position"]] = row
    if sorted(seen) != [entry.position for entry in ledger]:
        missing = {entry.position for entry in ledger} ^ set(seen)
        raise Refused("positions", str(sorted(missing)[:10]))
    for entry in ledger:
        row = seen[entry.position]
        if (row["entry"].encode(), row["leaf_hash"], row["link"]) != (entry.data, entry.leaf, entry.link):
            raise Refused("differs", f"position {entry.position}")
