"""What a member of a document may be: docs/format.md, "Documents", and of texts and times "Entry"."""

import re
from collections.abc import Callable

from entry import read_time
from json_text import MAX_SAFE, Refused, canonical, parse

Check = Callable[[object], None]

CHAINS = 64


def _unless(truth: bool, what: str, value) -> None:
    if not truth:
        raise Refused("shape", f"{what}: {str(value)[:60]}")


def matching(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: _unless(isinstance(value, str) and bool(compiled.fullmatch(value)), pattern, value)


def constant(want) -> Check:
    return lambda value: _unless(type(value) is type(want) and value == want, repr(want), value)


def count(value) -> None:
    _unless(type(value) is int and 0 <= value <= MAX_SAFE, "count", value)


def chain(value) -> None:
    count(value)
    _unless(value < CHAINS, "chain", value)


def text(value) -> None:
    _unless(isinstance(value, str) and value != "", "text", value)


def list_of(check: Check) -> Check:
    def demand(value) -> None:
        _unless(isinstance(value, list), "list", value)
        for each in value:
            check(each)

    return demand


def rising(check: Check, name: str) -> Check:
    """A list that is not empty, of members by which it rises."""

    def demand(value) -> None:
        check(value)
        keys = [each[name] for each in value]
        _unless(bool(keys) and keys == sorted(set(keys)), f"rising {name}", keys)

    return demand


def members(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    known = {**required, **(optional or {})}

    def demand(value) -> None:
        _unless(isinstance(value, dict), "object", value)
        _unless(required.keys() <= value.keys() <= known.keys(), "members", sorted(value))
        for name, each in value.items():
            known[name](each)

    return demand


def map_of(name: Check, check: Check) -> Check:
    def demand(value) -> None:
        _unless(isinstance(value, dict), "object", value)
        for key, each in value.items():
            name(key)
            check(each)

    return demand


def time(value) -> None:
    _unless(isinstance(value, str), "time", value)
    read_time(value)


def day(value) -> None:
    _unless(isinstance(value, str), "day", value)
    read_time(f"{value}T00:00:00.000Z")


HASH = matching("[0-9a-f]{64}")
TENANT = matching("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_duration = matching(r"permanent|P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?")


def duration(value) -> None:
    _duration(value)
    _unless(len(value) <= 64, "length", value)


POSITIONS = matching(r"\d+(-\d+)?(,\d+(-\d+)?)*")


def read_canonical(data: bytes):
    """The value of bytes that are its canonical form."""
    value = parse(data)
    if canonical(value) != data:
        raise Refused("canonical")
    return value
