"""docs/format.md, "JSON" and "Canonical bytes"."""

import json
import re
from decimal import Decimal

import rfc8785

MAX_SAFE = 2**53 - 1


class Refused(Exception):
    """What a reader of the format must not accept."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


def parse(data: bytes):
    try:
        text = data.decode("utf-8", errors="strict")
    except UnicodeDecodeError as fault:
        raise Refused("utf-8", str(fault)) from fault
    if text.startswith("\ufeff"):
        raise Refused("byte-order-mark")
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_double,
            parse_constant=_constant,
            cls=_Decoder,
        )
    except (json.JSONDecodeError, RecursionError) as fault:
        raise Refused("json", str(fault)) from fault


def canonical(value) -> bytes:
    return rfc8785.dumps(value)


class _Decoder(json.JSONDecoder):
    def decode(self, s, *args):
        value = super().decode(s, *args)
        _no_lone_surrogate(value)
        return value


_LONE = re.compile("[\ud800-\udfff]")


def _no_lone_surrogate(value) -> None:
    if isinstance(value, str):
        if _LONE.search(value):
            raise Refused("lone-surrogate")
    elif isinstance(value, list):
        for each in value:
            _no_lone_surrogate(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            _no_lone_surrogate(name)
            _no_lone_surrogate(each)


def _object(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused("duplicate-name")
    return members


def _integer(literal: str):
    # A literal of thousands of digits is refused before Python would take it for an attack.
    if len(literal) > 17 or abs(int(literal)) > MAX_SAFE:
        raise Refused("unsafe-integer", literal[:40])
    return int(literal)


def _double(literal: str):
    number = float(literal)
    if number in (float("inf"), float("-inf")):
        raise Refused("not-finite", literal[:40])
    if abs(number) < 1e21 and number.is_integer() and abs(number) > MAX_SAFE:
        raise Refused("unsafe-integer", literal[:40])
    # repr() gives the shortest decimal that reads back as the same double, as ECMAScript does.
    if Decimal(literal) != Decimal(repr(number)):
        raise Refused("inexact-number", literal[:40])
    return number


def _constant(name: str):
    raise Refused("not-finite", name)
