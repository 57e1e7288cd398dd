"""What is sent: entries of every kind, in every way that the API has."""

import gzip
import json
import random
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A tenant that prefixes another, the longest, and every character that a tenant may have.
TENANTS = ("acme", "acme.eu", "0-Z_9.x", "T" * 128)

NUMBERS = [
    "0", "-0", "1", "-1", "9007199254740991", "-9007199254740991", "1.0", "-0.0", "1e0", "1E+2", "123456.789",
    "0.1", "0.30000000000000004", "1e-6", "1e-7", "1.5e-9", "5e-324", "2.2250738585072014e-308",
    "1.7976931348623157e308", "1e21", "1e23", "-1.25e+30", "333333333.3333333",
    "4.50", "2e-3", "1e-27", "295147905179352800000e1",
]  # fmt: skip
TEXTS = [
    "", " ", "plain", "Zoë", "Zoe\u0308", "日本語", "עברית ‏", "😀👩‍👩‍👧", "\u2028\u2029", "\ufeff", "\x7f\x80", "\t\n\r\b\f\x00\x1f",
    '"\\/', "]]>\x1b[0m", "\U0010ffff", "a\ud7ff\ue000", "\ufb33", "\u0301", "x" * 15_000,
]  # fmt: skip


class Api:
    def __init__(self, url: str):
        self.url = url
        self.tokens: dict[tuple[str, str], str] = {}

    def token(self, tenant: str, role: str = "writer") -> str:
        if (tenant, role) not in self.tokens:
            form = {
                "grant_type": "urn:indelible:grant-type:local",
                "tenant": tenant,
                "role": role,
                "subject": "interop",
            }
            with urllib.request.urlopen(f"{self.url}/_oidc/token", urllib.parse.urlencode(form).encode()) as answer:
                self.tokens[tenant, role] = json.load(answer)["access_token"]
        return self.tokens[tenant, role]

    def post(self, tenant: str, body: bytes, key: str | None = None) -> tuple[int, dict, dict]:
        headers = {"Authorization": f"Bearer {self.token(tenant)}", "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        request = urllib.request.Request(f"{self.url}/v1/entries", body, headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer), _headers(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused), _headers(refused)


def _headers(answer) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


@dataclass
class Sent:
    """A body as it was posted, entry by entry, and what came back."""

    tenant: str
    entries: list[str]
    single: bool
    key: str | None
    status: int = 0
    answer: dict = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        text = self.entries[0] if self.single else '{"entries": [%s]}' % ",\n ".join(self.entries)
        return text.encode()


def entries_of(tenant: str, categories) -> list[str]:
    """JSON texts, so that numbers and escapes go over the wire as they are written here."""
    random_of = random.Random(tenant)
    now = datetime.now(UTC)

    def entry(**members) -> str:
        return json.dumps(
            {"action": "note.viewed", "actor": {"type": "user", "id": f"u{random_of.randrange(99)}"}, **members},
            ensure_ascii=random_of.random() < 0.5,
        )

    def at(**ago) -> str:
        return (now - timedelta(**ago)).isoformat()

    made = [entry(metadata={"n": "#"}).replace('"#"', number) for number in NUMBERS]
    made += [entry(metadata={"text": text, text[:50]: True}, change={"before": text, "after": [text]}) for text in TEXTS]
    made += [entry(category=category, description=f"of {category} 😀") for category in categories]
    made += [entry(category=category) for category in random_of.choices(list(categories), k=20)]
    made += [entry(outcome=outcome) for outcome in ("success", "failure", "denied", "unknown")]
    made += [entry(severity=severity) for severity in ("critical", "high", "medium", "low", "info")]
    made += [entry(occurredAt=at(hours=hours)) for hours in (-23, 0, 23, 25, 24 * 400)]
    made += [entry(occurredAt=text) for text in ("1999-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "2024-02-29t12:00:00.123999-05:30")]
    deep, wide = None, {}
    for level in range(30):
        deep = [deep] if level % 2 else {f"l{level}": deep}
    for code in range(0x20, 0x500, 7):
        wide[chr(code) * 2] = code
    made.append(entry(metadata={"deep": deep}))
    made.append(entry(metadata=wide))
    made.append(entry(metadata={"": {"__proto__": {"constructor": None}}, "\r": "CR", "\u20ac": 1, "\U0001f600": 2, "\ufb33": 3}))
    made.append(entry(change={"before": None, "after": False}))
    made.append(entry(change={}, metadata={}, source={}, context={}, related=[]))
    made.append(entry(change={"before": [], "after": {}}))
    made.append(entry(id=f"client:{tenant[:9]}~1", target={"type": "note", "id": "a/b~c", "name": "N", "reference": "#1"}))
    made.append(entry(related=[{"type": "case", "id": str(each)} for each in range(100)]))
    made.append(
        entry(
            actor={
                "type": "external", "id": "e", "name": "Ünal", "email": "u@example.com", "role": "r",
                "onBehalfOf": "boss", "sessionName": "s",
            },
            source={
                "ip": "2001:DB8::1", "forwardedFor": ["192.0.2.1", "::ffff:192.0.2.2"], "userAgent": "Agent/1\t😀",
                "device": {"browser": "B", "os": "O", "fingerprint": "F"},
                "geo": {"country": "BE", "region": "R", "city": "C", "lat": -90, "lon": 180},
            },
            context={
                "channel": "automation", "requestId": "r", "traceId": "0af7651916cd43dd8448eb211c80319c",
                "correlationId": "c", "parentId": "p", "sessionId": "s", "responseTimeMs": 12.75,
            },
        )
    )  # fmt: skip
    made += [entry(actor={"type": kind}) for kind in ("system", "anonymous")]
    # Secrets in values, in names that then collide, and where a marker does not fit.
    made.append(
        entry(
            metadata={
                "4111 1111 1111 1111": 1, "4012 8888 8888 1881": {"5500 0000 0000 0004": "4111 1111 1111 1111"},
                "password": "correct horse", "text": "AKIAIOSFODNN7EXAMPLE, then 4111 1111 1111 1111", "a/b~c": {"secret": "s"},
            },
            description="card 4111 1111 1111 1111",
        )
    )  # fmt: skip
    return made


def requests_of(tenant: str, categories) -> list[Sent]:
    """Singles and batches of several sizes, with and without a key."""
    random_of = random.Random(f"requests of {tenant}")
    entries = entries_of(tenant, categories)
    random_of.shuffle(entries)
    sent = []
    while entries:
        size = random_of.choice((1, 1, 2, 7, 20))
        part, entries = entries[:size], entries[size:]
        single = size == 1 and random_of.random() < 0.5
        key = f"key-{tenant[:8]}-{len(entries)}!~" if random_of.random() < 0.4 else None
        sent.append(Sent(tenant, part, single, key))
    return sent


def post_all(api: Api, requests: list[Sent]) -> None:
    for tenant in {each.tenant for each in requests}:
        api.token(tenant)

    def post(each: Sent) -> None:
        each.status, each.answer, _ = api.post(each.tenant, each.body, each.key)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(post, requests))


CLOUDTRAIL = (
    ("IAMUser", "s3.amazonaws.com", "GetBucketPolicy", {"bucketName": "reports"}, None),
    ("IAMUser", "iam.amazonaws.com", "CreateAccessKey", {"userName": "bob"}, None),
    ("Root", "cloudtrail.amazonaws.com", "StopLogging", {"name": "trail"}, None),
    ("AssumedRole", "ec2.amazonaws.com", "RunInstances", {"instancesSet": {"items": [{"minCount": 1}]}}, "Client.UnauthorizedOperation"),
    ("AssumedRole", "dynamodb.amazonaws.com", "DeleteTable", {"tableName": "t"}, "ResourceNotFoundException"),
    ("AWSService", "kms.amazonaws.com", "Decrypt", None, None),
)  # fmt: skip


def cloudtrail_records(count: int) -> list[dict]:
    records = []
    for number in range(count):
        kind, source, name, parameters, error = CLOUDTRAIL[number % len(CLOUDTRAIL)]
        account = "000000000000"
        identity = {"type": kind, "accountId": account, "principalId": f"AIDA{number:012}"}
        if kind == "IAMUser":
            identity |= {"userName": f"zoë-{number}", "arn": f"arn:aws:iam::{account}:user/zoë-{number}"}
        elif kind == "AssumedRole":
            issuer = {"type": "Role", "principalId": "AROAX", "arn": f"arn:aws:iam::{account}:role/build", "userName": "build"}
            identity |= {
                "principalId": f"AROAX:job-{number}",
                "arn": f"arn:aws:sts::{account}:assumed-role/build/job-{number}",
                "sessionContext": {"sessionIssuer": issuer, "attributes": {"mfaAuthenticated": "false"}},
            }
        elif kind == "AWSService":
            identity = {"type": kind, "invokedBy": "s3.amazonaws.com"}
        records.append(
            {
                "eventVersion": "1.11",
                "userIdentity": identity,
                "eventTime": f"2026-03-01T09:{number % 60:02}:00Z",
                "eventSource": source,
                "eventName": name,
                "awsRegion": "us-east-1",
                "sourceIPAddress": "192.0.2.7" if kind != "AWSService" else "s3.amazonaws.com",
                "userAgent": "aws-cli/2",
                "requestParameters": parameters,
                "responseElements": None,
                **({"errorCode": error, "errorMessage": "no"} if error else {}),
                "requestID": f"REQ{number}",
                "eventID": f"{number:08x}-1111-4111-8111-111111111111",
                "readOnly": name.startswith("Get"),
                "eventType": "AwsApiCall",
                "managementEvent": True,
                "recipientAccountId": account,
                "eventCategory": "Management",
            }
        )
    return records


def send(top: Path, folder: Path, environment: dict, tenant: str, lines: list[str], name: str) -> str:
    """`npx indelible send`, gzip by the file's name; answers what it printed last."""
    file = folder / name
    data = "".join(f"{line}\n" for line in lines).encode()
    file.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    done = subprocess.run(
        ["npx", "indelible", "send", str(file), "--tenant", tenant, "--batch", "17"],
        cwd=top,
        env=environment,
        capture_output=True,
        text=True,
    )
    return f"{done.stdout.strip()} (exit {done.returncode})"
