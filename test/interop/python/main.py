"""Starts a local runtime, sends to it, and checks what it wrote with nothing but docs/format.md and AWS's own interfaces."""

import base64
import calendar
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pyarrow
import pyarrow.parquet
from botocore.config import Config

import examples
from chain import read_block, read_chain, read_item, split_name
from entry import categories as categories_of
from entry import read_entry, read_time
from json_text import parse
from log import check_log
from refusals import check_archive_refusals, check_event_refusals, check_ledger_refusals
from report import Report
from segments import COLUMNS, check_archive, check_metadata, check_rows, read_segment
from traffic import TENANTS, Api, cloudtrail_records, post_all, requests_of, send

TOP = Path(__file__).resolve().parents[3]
PAGE = TOP / "docs" / "format.md"
PATIENCE = 60


class Runtime:
    """`npm start` with ports and a folder of its own."""

    def __init__(self, folder: Path):
        self.port, self.aws_port = _free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        config = folder / "config.json"
        config.write_text(json.dumps({"archive": {"batchWindow": "PT1S"}}))
        self.environment = {
            **os.environ,
            "PORT": str(self.port),
            "AWS_PORT": str(self.aws_port),
            "INDELIBLE_DATA": str(folder / "data"),
            "INDELIBLE_CONFIG": str(config),
        }
        self.log = folder / "runtime.log"
        with self.log.open("wb") as log:
            # A session of its own: npm, its shell and the runtime get signals together, and only from here.
            self.process = subprocess.Popen(
                ["npm", "start"],
                cwd=TOP,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self.said: list[str] = []

    def wait_until_ready(self) -> None:
        for raw in self.process.stdout:
            line = raw.decode().rstrip("\n")
            self.said.append(line)
            if line == f"ready {self.url}":
                # Nobody else reads on, and a full pipe would stop the runtime.
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return
        raise SystemExit("\n".join(["The runtime ended before it was ready.", *self.said, self.log.read_text()]))

    def client(self, service: str):
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{self.aws_port}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait()
            self._wait_for_group()

    def _wait_for_group(self) -> None:
        """npm may end before the runtime, which still writes to the folder then; a stop takes less than ten seconds."""
        for _ in range(100):
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def wait_for(look, done):
    """Looks until `done`; gives up when what is seen has stayed the same for a minute. Answers what was seen last."""
    seen, since = look(), time.monotonic()
    while not done(seen) and time.monotonic() - since < PATIENCE:
        time.sleep(0.5)
        now = look()
        if now != seen:
            seen, since = now, time.monotonic()
    return seen


class Store:
    """The ledger's table and the archive's bucket, found by what they look like."""

    def __init__(self, runtime: Runtime):
        self.dynamodb, self.s3 = runtime.client("dynamodb"), runtime.client("s3")
        self.table = next(name for name in self.dynamodb.list_tables()["TableNames"] if self._keys(name) == ["chain", "position"])
        self.bucket = next(each["Name"] for each in self.s3.list_buckets()["Buckets"] if self._locks(each["Name"]))

    def _keys(self, table: str) -> list[str]:
        return [each["AttributeName"] for each in self.dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]

    def _locks(self, bucket: str) -> bool:
        try:
            configuration = self.s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
        except self.s3.exceptions.ClientError:
            return False
        return configuration.get("ObjectLockEnabled") == "Enabled"

    def items(self) -> list[dict]:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return sorted(each["Key"] for page in pages for each in page.get("Contents", []))

    def archived(self) -> int:
        """Rows of all segments, as their metadata say: enough to wait for, not to believe."""
        return sum(int(self.s3.head_object(Bucket=self.bucket, Key=key)["Metadata"]["count"]) for key in self.keys("entries/"))


def as_json(item: dict) -> str:
    """As `aws dynamodb scan --output json` prints an item."""
    return json.dumps(item, default=lambda value: base64.b64encode(value).decode())


def counted(items: list[dict]) -> int:
    return sum(int(item["count"]["N"]) for item in items)


def main() -> int:
    # So that `finally` stops the runtime on this signal too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report()
    known = categories_of(PAGE)
    examples.check_examples(report, PAGE, known)
    examples.check_json(report)
    examples.check_entries(report, PAGE, known)
    check_log(report, PAGE)
    with tempfile.TemporaryDirectory(prefix="interop-", ignore_cleanup_errors=True) as folder:
        runtime = Runtime(Path(folder))
        try:
            runtime.wait_until_ready()
            check_runtime(report, runtime, Path(folder), known)
        finally:
            runtime.stop()
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


def check_runtime(report: Report, runtime: Runtime, folder: Path, known: dict[str, str]) -> None:
    api, store = Api(runtime.url), Store(runtime)
    requests = [each for tenant in TENANTS for each in requests_of(tenant, known)]
    post_all(api, requests)
    check_answers(report, api, requests)

    sent = sum(len(each.entries) for each in requests)
    entries = [json.dumps({"action": "note.viewed", "actor": {"type": "user", "id": f"u{each}"}, "metadata": {"é": each}}) for each in range(40)]
    trail = [json.dumps(each, ensure_ascii=False) for each in cloudtrail_records(60)]
    # Whether a record on the bus is new is known behind it only.
    published = f"accepted 0, put on the event bus {len(trail)}, refused 0 (exit 0)"
    for lines, name, first, again in (
        (entries, "entries.ndjson", f"accepted {len(entries)}, refused 0 (exit 0)", f"accepted 0, already recorded {len(entries)}, refused 0 (exit 0)"),
        (trail, "cloudtrail.ndjson.gz", published, published),
    ):
        report.same(f"send {name}", send(TOP, folder, runtime.environment, "acme", lines, name), first)
        report.same(f"send {name}, again", send(TOP, folder, runtime.environment, "acme", lines, name), again)
    sent += len(entries) + len(trail)
    print(f"{sent} entries sent; waiting for ledger and archive", flush=True)

    items = wait_for(store.items, lambda seen: counted(seen) >= sent)
    report.same("the ledger holds what was sent, once", counted(items), sent)
    report.same("the archive holds as much", wait_for(store.archived, lambda rows: rows >= sent), sent)
    # What would come a second time comes while the archive settles.
    items = store.items()
    ledger = check_ledger(report, [as_json(item) for item in items], known)
    check_receipts(report, requests, ledger)
    check_trail(report, trail, ledger)
    segments = check_segments(report, store, ledger, known)
    check_altered(report, segments, ledger)

    first = next(item for item in items if item["chain"]["S"] == "acme#0" and item["position"]["N"] == "0")
    check_ledger_refusals(report, store.dynamodb, store.table, first)
    if segments:
        check_archive_refusals(report, store.s3, store.bucket, next(iter(segments)))
    check_event_refusals(report, runtime.client("events"))
    check_evidence(report, store, first)


def check_answers(report: Report, api: Api, requests) -> None:
    for each in requests:
        report.holds(
            f"POST of {len(each.entries)} to {each.tenant[:8]}",
            each.status == 201 and len(each.answer["receipts"]) == len(each.entries),
            f"{each.status} {json.dumps(each.answer)[:600]}",
        )
    for each in requests:
        if each.key is not None and each.status == 201:
            status, answer, headers = api.post(each.tenant, each.body, each.key)
            report.same(f"{each.key} again", (status, answer, headers.get("idempotent-replayed")), (201, each.answer, "true"))
    refused = [text for texts in examples.REFUSED_JSON.values() for text in texts if text and len(text) < 1000]
    for text in refused:
        body = b'{"action":"note.viewed","actor":{"type":"user","id":"u"},"metadata":{"x":%s}}' % text
        report.same(f"POST refuses {text[:30]!r}", api.post("acme", body)[0], 400)


def check_ledger(report: Report, dump: list[str], known) -> dict[str, list]:
    by_chain = defaultdict(list)
    for line in dump:
        block = report.accepts("an item", lambda line=line: read_item(line))
        if block is None:
            continue
        placed = report.accepts(f"block {block.chain[-20:]}@{block.position}", lambda block=block: read_block(block)) or []
        tenant, _ = split_name(block.chain)
        for each in placed:
            entry = report.accepts(
                f"entry {block.chain[-20:]}@{each.position}", lambda each=each: read_entry(each.data, tenant, known)
            )
            if entry is not None:
                # Both clocks are this machine's.
                before = block.recorded_at < read_time(entry["recordedAt"])
                report.holds("recordedAt of a block is not before its entries'", not before)
        report.holds("expiresAt is after recordedAt", block.expires_at * 1000 > block.recorded_at)
        by_chain[block.chain].append(block)
    return {
        chain: report.accepts(f"chain {chain[-20:]}", lambda blocks=blocks: read_chain(blocks)) or []
        for chain, blocks in by_chain.items()
    }


def check_receipts(report: Report, requests, ledger) -> None:
    """Each entry stands where its receipt says, says what was sent, and no two stand in one place."""
    places = set()
    for each in requests:
        for text, receipt in zip(each.entries, each.answer.get("receipts", []), strict=False):
            chain = ledger.get(f"{each.tenant}#{receipt['chain']}", [])
            if receipt["position"] >= len(chain):
                report.holds("a receipt's place", False, json.dumps(receipt))
                continue
            placed = chain[receipt["position"]]
            entry = parse(placed.data)
            report.same(
                f"receipt {receipt['id']}",
                receipt,
                {
                    "id": entry["id"],
                    "chain": receipt["chain"],
                    "position": placed.position,
                    "leafHash": placed.leaf.hex(),
                    "link": placed.link.hex(),
                    "recordedAt": entry["recordedAt"],
                },
            )
            places.add((each.tenant, receipt["chain"], receipt["position"]))
            given = json.loads(text)
            if "redacted" not in entry:
                for name in given.keys() - {"occurredAt"}:
                    report.same(f"{name} as sent", entry.get(name), given[name])
            if "occurredAt" in given:
                report.same("occurredAt as sent", entry["occurredAt"], _utc(given["occurredAt"]))
    report.same("receipts name different places", len(places), sum(len(each.entries) for each in requests))


def _utc(text: str) -> str:
    """A client's time as the page says that it is stored."""
    year, rest = text[:4], text.upper().replace("Z", "+00:00")
    if rest[17:19] == "60":
        rest = f"{rest[:17]}59.999{rest[-6:]}"
    if year == "0000":  # Python's years begin with 1; the offset is zero where this is used.
        return f"{rest[:19]}.000Z"
    moment = datetime.fromisoformat(rest).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def check_trail(report: Report, trail: list[str], ledger) -> None:
    """Every CloudTrail record is in one entry, the original inside."""
    seen = defaultdict(int)
    for placed in (each for chain, entries in ledger.items() if chain.startswith("acme#") for each in entries):
        event = parse(placed.data).get("metadata", {}).get("event")
        if event:
            seen[json.dumps(event["detail"], sort_keys=True)] += 1
    want = {json.dumps(json.loads(line), sort_keys=True): 1 for line in trail}
    report.same("CloudTrail records, each once and whole", dict(seen), want)


def check_segments(report: Report, store: Store, ledger, known: dict[str, str]) -> dict[str, tuple]:
    """Every object of the archive by key: the segment, and its bytes."""
    found = {}
    by_chain = defaultdict(list)
    for key in store.keys():
        answer = store.s3.get_object(Bucket=store.bucket, Key=key)
        data = answer["Body"].read()
        segment = report.accepts(f"segment {key}", lambda key=key, data=data: read_segment(key, data))
        if segment is None:
            continue
        found[key] = (segment, data)
        chain = f"{segment.tenant}#{segment.chain}"
        by_chain[chain].append(segment)
        entries = {each.position: each for each in ledger.get(chain, [])}
        report.accepts(f"metadata of {key}", lambda: check_metadata(segment, answer["Metadata"], data, entries))
        report.holds(f"category of {key}", segment.category in known)
        report.same(f"lock of {key}", answer.get("ObjectLockMode"), "COMPLIANCE")
        report.same(f"retention of {key}", answer.get("ObjectLockRetainUntilDate"), retained(segment.day, known[segment.category]))
    report.same("chains in the archive", sorted(by_chain), sorted(ledger))
    for chain, segments in by_chain.items():
        report.accepts(f"archive of {chain[-20:]}", lambda: check_archive(segments, ledger[chain]))
        by_category = defaultdict(list)
        for segment in segments:
            by_category[segment.category].append((segment.rows[0]["position"], segment.rows[-1]["position"]))
        for category, spans in by_category.items():
            ordered = [each for span in sorted(spans) for each in span]
            report.holds(f"runs of {category} in {chain[-20:]} don't overlap", ordered == sorted(ordered))
    return found


def retained(day: str, duration: str) -> datetime:
    """The end of the lock of what belongs to a day: calendar years and months, permanent as long as locks go."""
    end = datetime.fromisoformat(f"{day}T00:00:00+00:00") + timedelta(days=1)
    if duration == "permanent":
        return end + timedelta(days=36_498)
    number, unit = int(duration[1:-1]), duration[-1]
    if unit == "D":
        return end + timedelta(days=number)
    months = end.year * 12 + end.month - 1 + number * (12 if unit == "Y" else 1)
    year, month = months // 12, months % 12 + 1
    return end.replace(year=year, month=month, day=min(end.day, calendar.monthrange(year, month)[1]))


def check_altered(report: Report, segments, ledger) -> None:
    """The checks above refuse what is not genuine: one change of a genuine segment each."""
    key, (segment, data) = max(segments.items(), key=lambda each: len(each[1][0].rows))
    chain = ledger[f"{segment.tenant}#{segment.chain}"]
    siblings = [each for each, _ in segments.values() if (each.tenant, each.chain) == (segment.tenant, segment.chain)]
    others = [each for each in siblings if each is not segment]
    first, second, *rest = segment.rows

    def rows(code: str, *changed) -> None:
        report.refuses(f"altered rows: {code}", code, lambda: check_rows(replace(segment, rows=changed)))

    rows("leaf-hash", {**first, "entry": first["entry"].replace('"v":1', '"v":2')}, second, *rest)
    rows("leaf-hash", first, {**second, "leaf_hash": bytes(32)}, *rest)
    rows("order", first, *rest, second)
    rows("order", first, first, second, *rest)
    rows("first-position", second, *rest)
    rows("chain", first, {**second, "chain": segment.chain + 1}, *rest)
    rows("column", first, {**second, "action": "other.verb"}, *rest)
    rows("column", {**first, "actor_email": "x@example.com"}, second, *rest)
    rows("link-length", {**first, "link": b""}, second, *rest)

    def archive(code: str, *changed) -> None:
        report.refuses(f"altered archive: {code}", code, lambda: check_archive(changed, chain))

    archive("positions", *others)
    archive("positions", *others, replace(segment, rows=(first, *rest)))
    archive("positions", *siblings, replace(segment, rows=({**first, "position": len(chain)},)))
    archive("twice", *siblings, segment)
    archive("differs", *others, replace(segment, rows=({**first, "link": bytes(32)}, second, *rest)))

    def file(code, other_key: str, other_data: bytes) -> None:
        report.refuses(f"altered file: {code} {other_key[-40:]}", code, lambda: read_segment(other_key, other_data))

    head, _, name = key.rpartition("/")
    for code, other_key in [
        ("partition", key.replace(f"tenant={segment.tenant}/", "tenant=other/")),
        ("partition", key.replace(f"category={segment.category}/", "category=none/")),
        ("partition", key.replace(f"day={segment.day}", "day=2000-01-01")),
        ("chain", f"{head}/63{name[2:]}"),
        ("first-position", f"{head}/{name[:3]}9{name[4:]}"),
        ("key", f"{head}/{name[1:]}"),
        ("key", f"{key}x"),
        ("key", f"x{key}"),
    ]:
        file(code, other_key, data)
    file("created-by", key, data.replace(b"indelible segment 1", b"indelible segment 2"))
    file("not-parquet", key, data[:-1])
    table = pyarrow.parquet.read_table(pyarrow.BufferReader(data))
    for code, created_by, form in [
        ("created-by", None, {}),
        ("row-groups", OURS, {"row_group_size": 1}),
        ("codec", OURS, {"compression": "SNAPPY"}),
        ("page-version", OURS, {"compression": "ZSTD", "data_page_version": "1.0"}),
    ]:
        sink = io.BytesIO()
        pyarrow.parquet.write_table(_required(table), sink, **{"store_schema": False, "use_dictionary": False, **form})
        written = sink.getvalue()
        file(code, key, written if created_by is None else _created_by(written, created_by))
    file("columns", key, _created_by(_written(table.drop_columns(["recorder_id"])), OURS))


OURS = b"indelible segment 1"


def _required(table: pyarrow.Table) -> pyarrow.Table:
    """With the required columns as required."""
    names = {name for name, _, required, _ in COLUMNS if required}
    return table.cast(pyarrow.schema([each.with_nullable(each.name not in names) for each in table.schema]))


def _written(table: pyarrow.Table) -> bytes:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table, sink, store_schema=False)
    return sink.getvalue()


def _created_by(file: bytes, name: bytes) -> bytes:
    """The footer with another writer's name: a string of Thrift's compact protocol, its length in front."""
    length = int.from_bytes(file[-8:-4], "little")
    footer = file[-8 - length : -8]
    start = footer.rindex(b"parquet-cpp-arrow")
    changed = footer[: start - 1] + bytes([len(name)]) + name + footer[start + footer[start - 1] :]
    return file[: -8 - length] + changed + len(changed).to_bytes(4, "little") + b"PAR1"


def check_evidence(report: Report, store: Store, genuine: dict) -> None:
    """No policy can keep an administrator's put from replacing a block; what was there and what came are kept."""
    forged = {**genuine, "link": {"B": bytes(32)}}
    planted = {name: value for name, value in {**forged, "chain": {"S": "planted#0"}}.items() if name != "requests"}
    for item in (forged, planted):
        store.dynamodb.put_item(TableName=store.table, Item=item)
    keys = wait_for(lambda: store.keys("evidence/"), lambda seen: len(seen) >= 2)
    report.same("pieces of evidence", len(keys), 2)
    kinds = {}
    for key in keys:
        answer = store.s3.get_object(Bucket=store.bucket, Key=key)
        data = answer["Body"].read()
        document = json.loads(data)
        record = document["record"]
        kinds[document["kind"]] = record["dynamodb"]
        report.same(f"members of {key}", (document["v"], set(document)), (1, {"v", "kind", "record"}))
        report.holds(f"{key} ends in its one LF", data.count(b"\n") == 1 and data.endswith(b"\n"))
        matched = re.fullmatch(r"evidence/(\d{4}-\d\d-\d\d)/(.+)\.json", key)
        report.holds(f"name of {key}", matched is not None and matched[2] == record["eventID"])
        report.same(f"lock of {key}", answer.get("ObjectLockMode"), "COMPLIANCE")
        if matched:
            report.same(f"retention of {key}", answer.get("ObjectLockRetainUntilDate"), retained(matched[1], "permanent"))
        report.holds(f"reason of {key}", answer["Metadata"].get("reason", "") != "")
    report.same("kinds of evidence", sorted(kinds), ["insert", "modify"])
    for kind, name, item in [("modify", "OldImage", genuine), ("modify", "NewImage", forged), ("insert", "NewImage", planted)]:
        report.same(f"{name} of the {kind}", kinds.get(kind, {}).get(name), json.loads(as_json(item)))
    for item in (forged, planted):
        stored = store.dynamodb.get_item(TableName=store.table, Key={name: item[name] for name in ("chain", "position")}, ConsistentRead=True)
        code = "link" if item is forged else "genesis"
        report.refuses("what was put in the ledger's place", code, lambda: read_block(read_item(as_json(stored["Item"]))))
    report.same("nothing of it in the archive", store.keys("entries/tenant=planted/"), [])


if __name__ == "__main__":
    sys.exit(main())
