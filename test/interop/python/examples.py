"""The worked examples of docs/format.md, and a sample of everything that the page tells a reader to refuse."""

import base64
import json
import re
from dataclasses import replace
from pathlib import Path

import zstandard

import chain
from chain import Block, genesis, leaf_hash, next_link, read_block, read_chain, read_item
from entry import read_entry
from json_text import Refused, canonical, parse
from report import Report

REFUSED_JSON = {
    "byte-order-mark": [b"\xef\xbb\xbf{}"],
    "utf-8": [b'"\xc0\xaf"', b'"\xed\xa0\x80"', b'"\xff"', b'"\xf4\x90\x80\x80"'],
    "lone-surrogate": [rb'"\ud800"', rb'{"\udc00":1}', rb'["\udc00\ud800"]'],
    "duplicate-name": [b'{"a":1,"a":1}', rb'{"a":1,"\u0061":2}', b'{"__proto__":1,"__proto__":2}'],
    "not-finite": [b"1e400", b"-1e309", b"NaN", b"-Infinity"],
    "unsafe-integer": [
        b"9007199254740992",
        b"-9007199254740992",
        b"1e20",
        b"9007199254740993.5",
        b"9007199254740992.0",
        b"1000000000000000000000",
        b"1" * 5000,
    ],
    "inexact-number": [b"79.99999999999999999", b"1.2345678901234567890123", b"1e-400", b"9007199254740991.4"],
    "json": [b"", b"{} {}", b"[1,]", b"01", b'"\n"', b"'a'", b"1 x", b"[" * 100_000],
}

CANONICAL = [
    (b"[-0, 0.0, 1.0, 1e0, -1E-7, 1e21, 4.50, 2e-3, 1e-27]", b"[0,0,1,1,-1e-7,1e+21,4.5,0.002,1e-27]"),
    (b"[5e-324, 1.7976931348623157e308, 9007199254740991, 0.000001]", b"[5e-324,1.7976931348623157e+308,9007199254740991,0.000001]"),
    (rb'"\u0000\b\t\n\u000b\f\r\u001f\"\\\/\u007f\u2028"', '"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\"\\\\/\x7f\u2028"'.encode()),
    (rb'{"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"":4}', '{"":4,"€":3,"😀":2,"\ufb33":1}'.encode()),
    ('["é","e\u0301"]'.encode(), '["é","e\u0301"]'.encode()),
]


def check_examples(report: Report, page: Path, categories) -> None:
    text = page.read_text("utf-8")
    examples = dict(re.findall(r"^```\w+ example=(\S+)\n(.*?)\n```$", text, re.M | re.S))
    hashes = dict(re.findall(r"^\| ([a-z]+(?: [a-z]+)?(?: \d)?) \| `([0-9a-f]{64})` \|$", text, re.M))

    report.same("page: the canonical example", canonical(parse(examples["canonical-input"].encode())), examples["canonical-output"].encode())
    report.same("page: its bytes", canonical(parse(examples["canonical-input"].encode())).hex(), examples["canonical-hex"].replace("\n", ""))

    entries = [examples["entry-1"].encode(), examples["entry-2"].encode()]
    for number, data in enumerate(entries, 1):
        report.accepts(f"page: entry {number} is an entry", lambda data=data: read_entry(data, "acme", categories))
        report.holds(f"page: entry {number} has the length it says", f"these {len(data)} bytes" in text)
    leaves = [leaf_hash(data) for data in entries]
    start = genesis("acme#0")
    links = [next_link(start, leaves[0])]
    links.append(next_link(links[0], leaves[1]))
    derived = {
        "genesis link": start,
        "leaf hash 0": leaves[0],
        "link 0": links[0],
        "leaf hash 1": leaves[1],
        "link 1": links[1],
    }
    for name, value in derived.items():
        report.same(f"page: {name}", value.hex(), hashes.get(name))

    content = b"".join(data + b"\n" for data in entries)
    header = re.search(r"^\| `([0-9a-f]+)` \| magic number", text, re.M)
    report.holds("page: the content's length", f"content of {len(content)} bytes" in text)
    payload = bytes.fromhex(header[1] if header else "") + content
    block = Block("acme#0", 0, 1, 2, payload, start, links[1], 0, 0)
    report.accepts("page: the block of the two entries", lambda: read_block(block))
    check_blocks(report, block, content)
    check_items(report, block)


def check_json(report: Report) -> None:
    for code, texts in REFUSED_JSON.items():
        for text in texts:
            report.refuses(f"JSON: {text[:24]!r}", code, lambda text=text: parse(text))
    for given, want in CANONICAL:
        report.same(f"canonical: {given[:40]!r}", canonical(parse(given)), want)


def check_blocks(report: Report, block: Block, content: bytes) -> None:
    """Every refusal of "Block", each provoked in an otherwise good block."""

    def packed(data: bytes, **frame) -> bytes:
        return zstandard.ZstdCompressor(**frame).compress(data)

    def plain(data: bytes) -> bytes:
        """A raw frame, so that content can be anything."""
        size = (len(data) - 256).to_bytes(2, "little") if len(data) >= 256 else bytes([len(data)])
        return b"\x28\xb5\x2f\xfd" + (b"\x60" if len(data) >= 256 else b"\x20") + size + (len(data) << 3 | 1).to_bytes(3, "little") + data

    skippable = b"\x50\x2a\x4d\x18\x01\x00\x00\x00x"
    checked = packed(content, write_checksum=True)
    broken = checked[:-1] + bytes([checked[-1] ^ 1])
    for name, payload in {"compressed": packed(content), "with checksum": checked, "raw": plain(content)}.items():
        report.accepts(f"block: {name}", lambda payload=payload: read_block(replace(block, payload=payload)))
    lying = bytearray(plain(content))
    lying[5] += 1
    first, second = content[:-1].split(b"\n")
    refused = {
        "trailing-bytes": [block.payload + b"x", block.payload * 2, block.payload + skippable, checked + b"\x00" * 4],
        "frame-magic": [skippable + block.payload, content, b"x" + block.payload],
        "frame-truncated": [b"", block.payload[:-1], checked[:-1]],
        "frame-without-size": [packed(content, write_content_size=False)],
        "frame-dictionary": [block.payload[:4] + bytes([block.payload[4] | 1]) + b"\x07" + block.payload[5:]],
        "content-size": [bytes(lying)],
        "frame": [broken],
        "last-line": [plain(content[:-1]), plain(b""), plain(content + b"x")],
        "count": [plain(first + b"\n"), plain(content + b"{}\n"), plain(b"\n" + content)],
        "empty-line": [plain(first + b"\n\n"), plain(b"\n" + second + b"\n")],
        "link": [plain(second + b"\n" + first + b"\n"), plain(content.replace(b"u1", b"u2"))],
    }
    for code, payloads in refused.items():
        for number, payload in enumerate(payloads, 1):
            changed = replace(block, payload=payload)
            # A decompressor may see that a size lies before the comparison does.
            codes = ("content-size", "frame") if code == "content-size" else (code,)
            report.refuses(f"block: {code} {number}", codes, lambda changed=changed: read_block(changed))
    for code, change in [
        ("version", {"v": 2}),
        ("count", {"count": 1}),
        ("count-range", {"count": 0}),
        ("count-range", {"count": chain.MAX_ENTRIES + 1}),
        ("genesis", {"previous_link": bytes(32)}),
        ("genesis", {"chain": "acme#1"}),
        ("link", {"link": bytes(32)}),
        ("payload-too-long", {"payload": bytes(chain.MAX_PAYLOAD + 1)}),
    ]:
        report.refuses(f"block: {change.keys()} {code}", code, lambda change=change: read_block(replace(block, **change)))

    line = b'{"a":1}'
    link = next_link(block.link, leaf_hash(line))
    following = Block("acme#0", 2, 1, 1, plain(line + b"\n"), block.link, link, 0, 0)
    report.accepts("chain: two blocks", lambda: read_chain([following, block]))
    for code, blocks in [
        ("not-contiguous", [following]),
        ("not-contiguous", [block, replace(following, position=3)]),
        ("not-contiguous", [block, replace(following, position=1)]),
        ("not-linked", [block, replace(following, previous_link=block.previous_link)]),
    ]:
        report.refuses(f"chain: {[each.position for each in blocks]} {code}", code, lambda blocks=blocks: read_chain(blocks))


def check_items(report: Report, block: Block) -> None:
    item = {
        "chain": {"S": block.chain},
        "position": {"N": "0"},
        "v": {"N": "1"},
        "count": {"N": "2"},
        "entries": {"B": base64.b64encode(block.payload).decode()},
        "previousLink": {"B": base64.b64encode(block.previous_link).decode()},
        "link": {"B": base64.b64encode(block.link).decode()},
        "recordedAt": {"N": "0"},
        "expiresAt": {"N": "0"},
        "begins": {"S": "chain"},
    }
    report.same("item: as the AWS CLI prints it", read_item(json.dumps(item)), block)
    for code, change in [
        ("attributes", {"colour": {"S": "red"}}),
        ("attribute-type", {"count": {"S": "2"}}),
        ("attribute-number", {"position": {"N": "0.5"}}),
        ("begins", {"begins": {"S": "tenant"}}),
        ("begins", {"position": {"N": "1"}}),
        ("link-length", {"link": {"B": "AAAA"}}),
        ("chain-name", {"chain": {"S": "acme#01"}}),
        ("chain-name", {"chain": {"S": "acme#64"}}),
        ("request-of-another-tenant", {"requests": {"SS": ["other#k"]}}),
    ]:
        report.refuses(f"item: {change} {code}", code, lambda change=change: read_item(json.dumps({**item, **change})))


def check_entries(report: Report, page: Path, categories) -> None:
    """What is no entry, each by one change of the page's own."""
    good = json.loads(re.search(r"example=entry-2\n(.*)\n", page.read_text("utf-8"))[1])

    def data(change: dict) -> bytes:
        return canonical({name: value for name, value in {**good, **change}.items() if value is not None})

    deep = 0
    for _ in range(30):
        deep = [deep]
    report.accepts("entry: 32 containers", lambda: read_entry(data({"metadata": {"deep": deep}}), "acme", categories))
    for code, change in [
        ("nesting", {"metadata": {"deep": [deep]}}),
        ("unknown-member", {"colour": "red"}),
        ("unknown-member", {"actor": {"type": "system", "shoe": 1}}),
        ("missing-member", {"recorder": None}),
        ("value", {"v": 2}),
        ("value", {"tenant": "other"}),
        ("value", {"category": "none"}),
        ("value", {"late": True, "v": 1.5}),
        ("late", {"late": True}),
        ("late", {"occurredAt": "2026-02-08T10:30:00.249Z"}),
        ("too-far-ahead", {"occurredAt": "2026-02-10T10:30:00.251Z"}),
        ("time", {"occurredAt": "2026-02-09T10:30:00Z"}),
        ("time", {"occurredAt": "2026-02-30T10:30:00.000Z"}),
        ("text", {"action": "note"}),
        ("actor-without-id", {"actor": {"type": "user"}}),
        ("ip", {"source": {"ip": "010.0.0.1"}}),
        ("ip", {"source": {"ip": "fe80::1%eth0"}}),
        ("number", {"source": {"geo": {"lat": 90.5}}}),
        ("length", {"description": "x" * 2001}),
        ("entry-too-long", {"metadata": {"x": "x" * 60_000}}),
        ("redacted-pointer", {"redacted": [{"kind": "card", "pointer": "/change/after/gone"}]}),
        ("redacted-without-marker", {"redacted": [{"kind": "card", "pointer": "/action"}]}),
        ("array", {"redacted": []}),
    ]:
        report.refuses(f"entry: {code} {str(change)[:60]}", code, lambda change=change: read_entry(data(change), "acme", categories))
    report.refuses("entry: white space", "not-canonical", lambda: read_entry(data({}).replace(b",", b", ", 1), "acme", categories))
