"""Counts what holds and what doesn't."""

from collections.abc import Callable

from json_text import Refused


class Report:
    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def holds(self, name: str, truth: bool, why: str = "") -> None:
        if truth:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {name}{': ' + why if why else ''}", flush=True)

    def same(self, name: str, got, want) -> None:
        self.holds(name, got == want, f"got {got!r}, want {want!r}")

    def accepts(self, name: str, read: Callable):
        """What `read` answers, or None after a failure."""
        try:
            value = read()
        except Refused as refusal:
            self.holds(name, False, str(refusal))
            return None
        self.holds(name, True)
        return value

    def refuses(self, name: str, code: str | tuple[str, ...], read: Callable) -> None:
        codes = (code,) if isinstance(code, str) else code
        try:
            read()
        except Refused as refusal:
            self.holds(name, refusal.code in codes, f"refused as {refusal}, want {codes}")
        else:
            self.holds(name, False, "accepted")
