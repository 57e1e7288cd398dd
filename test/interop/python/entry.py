"""docs/format.md, "Entry" and "Redaction": everything that can be checked of a stored entry without the client's input."""

import ipaddress
import re
from datetime import date
from pathlib import Path

from json_text import Refused, canonical, parse

TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
MAX_BYTES = 60_000
MAX_NESTING = 32
DAY_MS = 86_400_000

MARKER = re.compile(r"\[REDACTED:([a-z][a-z0-9-]{0,31})\]")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:@+=-]{0,127}")
_WORD = "[A-Za-z0-9][A-Za-z0-9_-]*"
ACTION = re.compile(rf"[A-Za-z][A-Za-z0-9_-]*(\.{_WORD}){{1,2}}")
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z", re.ASCII)
PLAIN = re.compile(r"[^\x00-\x1f\x7f]+")
TRACE = re.compile(r"(?!0{32})[0-9a-f]{32}")
REMOVABLE = frozenset(
    ("/context/channel", "/context/traceId", "/context/responseTimeMs", "/source/geo/lat", "/source/geo/lon")
)


def categories(page: Path) -> dict[str, str]:
    """The table of categories with their default retention, from the page."""
    section = page.read_text("utf-8").split("\n### Categories\n")[1].split("\n#")[0]
    return dict(re.findall(r"^\| `([a-z_]+)` \| `?(P\w+|permanent)`? \|", section, re.M))


def read_time(text: str) -> int:
    """Milliseconds since 1970. Years 0000 to 9999; Python's begin with 1, so 400 years later, which are 146,097 days."""
    matched = TIME.fullmatch(text)
    if not matched:
        raise Refused("time", text)
    year, month, day, hour, minute, second, fraction = map(int, matched.groups())
    early = year < 400
    try:
        days = (date(year + 400 * early, month, day) - date(1970, 1, 1)).days - 146_097 * early
    except ValueError as fault:
        raise Refused("time", text) from fault
    if hour > 23 or minute > 59 or second > 59:
        raise Refused("time", text)
    return days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + fraction


def read_entry(data: bytes, tenant: str, known_categories) -> dict:
    if len(data) > MAX_BYTES:
        raise Refused("entry-too-long")
    value = parse(data)
    if canonical(value) != data:
        raise Refused("not-canonical")
    if not isinstance(value, dict):
        raise Refused("not-an-object")
    if _nesting(value) > MAX_NESTING:
        raise Refused("nesting")
    _members("", value, _entry_members(tenant, known_categories))
    occurred, recorded = read_time(value["occurredAt"]), read_time(value["recordedAt"])
    if occurred > recorded + DAY_MS:
        raise Refused("too-far-ahead")
    if (recorded - occurred > DAY_MS) != ("late" in value):
        raise Refused("late")
    actor = value["actor"]
    if actor["type"] in ("user", "service", "external") and "id" not in actor:
        raise Refused("actor-without-id")
    for redaction in value.get("redacted", ()):
        _redaction(value, redaction)
    return value


def _nesting(value) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_nesting, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_nesting, value), default=0)
    return 0


def _redaction(entry: dict, redaction: dict) -> None:
    pointer, marker = redaction["pointer"], f"[REDACTED:{redaction['kind']}]"
    if not pointer.startswith("/"):
        raise Refused("redacted-pointer", pointer)
    here, name = entry, ""
    for token in pointer[1:].split("/"):
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(here, list) and re.fullmatch("0|[1-9][0-9]*", name) and int(name) < len(here):
            here = here[int(name)]
        elif isinstance(here, dict) and name in here:
            here = here[name]
        elif pointer in REMOVABLE:
            return
        else:
            raise Refused("redacted-pointer", pointer)
    if pointer in REMOVABLE:
        raise Refused("redacted-not-removed", pointer)
    if marker not in name and not (isinstance(here, str) and marker in here):
        raise Refused("redacted-without-marker", pointer)


# What a member holds: a function of (pointer, value) that refuses it. `!` in front of a name: always there.


def _members(pointer: str, value, known: dict) -> None:
    if not isinstance(value, dict):
        raise Refused("type", pointer)
    names = {name.removeprefix("!"): check for name, check in known.items()}
    for name in value:
        if name not in names:
            raise Refused("unknown-member", f"{pointer}/{name}")
        names[name](f"{pointer}/{name}", value[name])
    for name in known:
        if name.startswith("!") and name[1:] not in value:
            raise Refused("missing-member", f"{pointer}/{name[1:]}")


def _object(known: dict):
    return lambda pointer, value: _members(pointer, value, known)


def _array(of, least: int, most: int | None):
    def check(pointer, value):
        if not isinstance(value, list) or len(value) < least or (most is not None and len(value) > most):
            raise Refused("array", pointer)
        for index, each in enumerate(value):
            of(f"{pointer}/{index}", each)

    return check


def _text(most: int, pattern: re.Pattern | None = None, least: int = 0, markers: bool = True):
    def check(pointer, value):
        if not isinstance(value, str) or (pattern and not pattern.fullmatch(value)):
            raise Refused("text", pointer)
        if len(value) < least or (len(value) > most and not (markers and MARKER.search(value))):
            raise Refused("length", pointer)

    return check


def _plain(most: int):
    return _text(most, PLAIN)


def _one_of(*values):
    def check(pointer, value):
        # 1 and true are equal in Python.
        if not any(type(value) is type(each) and value == each for each in values):
            raise Refused("value", pointer)

    return check


def _number(least: float, most: float = float("inf")):
    def check(pointer, value):
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise Refused("number", pointer)

    return check


def _ip(pointer, value):
    if not isinstance(value, str):
        raise Refused("ip", pointer)
    if MARKER.fullmatch(value):
        return
    try:
        if "%" in value:
            raise ValueError("zone")
        ipaddress.ip_address(value)
    except ValueError as fault:
        raise Refused("ip", pointer) from fault


def _anything(_pointer, _value):
    pass


def _time(pointer, value):
    if not isinstance(value, str):
        raise Refused("time", pointer)
    read_time(value)


def _any_object(pointer, value):
    if not isinstance(value, dict):
        raise Refused("type", pointer)


_TARGET = {"!type": _plain(512), "id": _plain(2048), "name": _plain(512), "reference": _plain(512)}
_ACTOR = {
    "!type": _one_of("user", "service", "system", "anonymous", "external"),
    "id": _plain(2048),
    "name": _plain(512),
    "sessionName": _plain(512),
    "email": _text(320),
    "role": _plain(128),
    "onBehalfOf": _plain(2048),
}
_SOURCE = {
    "ip": _ip,
    "forwardedFor": _array(_ip, 0, 32),
    "userAgent": _text(2000),
    "device": _object({"browser": _plain(512), "os": _plain(512), "fingerprint": _plain(2048)}),
    "geo": _object(
        {
            "country": _plain(512),
            "region": _plain(512),
            "city": _plain(512),
            "lat": _number(-90, 90),
            "lon": _number(-180, 180),
        }
    ),
}
_CONTEXT = {
    "channel": _one_of("ui", "api", "automation"),
    "requestId": _plain(2048),
    "correlationId": _plain(2048),
    "parentId": _plain(2048),
    "sessionId": _plain(2048),
    "traceId": _text(32, TRACE, markers=False),
    "responseTimeMs": _number(0),
}
_RECORDER = {
    "!type": _one_of("token", "principal", "system"),
    "!id": _plain(2048),
    "issuer": _plain(2048),
    "role": _plain(128),
    "name": _plain(512),
}
_REDACTED = {"!pointer": _text(MAX_BYTES), "!kind": _text(32, re.compile("[a-z][a-z0-9-]*"))}


def _entry_members(tenant: str, known_categories) -> dict:
    return {
        "!id": _text(128, ID, markers=False),
        "!v": _one_of(1),
        "!tenant": _both(_text(128, TENANT, markers=False), _one_of(tenant)),
        "!action": _text(128, ACTION, markers=False),
        "!category": _one_of(*known_categories),
        "!outcome": _one_of("success", "failure", "denied", "unknown"),
        "!severity": _one_of("critical", "high", "medium", "low", "info"),
        "!description": _text(2000, least=1),
        "!occurredAt": _time,
        "!recordedAt": _time,
        "late": _one_of(True),
        "!actor": _object(_ACTOR),
        "source": _object(_SOURCE),
        "target": _object(_TARGET),
        "related": _array(_object(_TARGET), 0, 100),
        "change": _object({"before": _anything, "after": _anything}),
        "context": _object(_CONTEXT),
        "metadata": _any_object,
        "!recorder": _object(_RECORDER),
        "redacted": _array(_object(_REDACTED), 1, None),
    }


def _both(first, second):
    def check(pointer, value):
        first(pointer, value)
        second(pointer, value)

    return check
