"""docs/format.md, "Reading" of "Bundle": which line is the entry of which position."""

from merkle import leaf_hash


class Placing:
    """States of the positions in scope, and positions before which a line was put in."""

    def __init__(self, leaves: list[bytes], lines: list[bytes], excused: dict[int, str]):
        """Positions count from the first in scope; `excused` says of those that may have no line what they are then."""
        self.leaves, self.lines, self.excused = leaves, [leaf_hash(each) for each in lines], excused
        self._bodies = lines
        self.states: list[str] = []
        self.put_in: list[int] = []
        # Of each position that is intact, the line.
        self.line_of: dict[int, bytes] = {}
        # What stood in another's place.
        self._strays: set[bytes] = set()
        self._position_of = {leaf: at for at, leaf in reversed(list(enumerate(leaves)))}
        self._at = 0
        while len(self.states) < len(leaves):
            self._place(len(self.states))
        self.put_in += [len(leaves)] * (len(self.lines) - self._at)

    def _place(self, position: int) -> None:
        expected, rest = self.leaves[position], self.lines[self._at :]
        if rest and rest[0] == expected:
            return self._take("intact")
        if not rest or position in self.excused:
            return self._skip()
        if self._next_fits(position, rest):
            return self._take("altered")
        belongs, comes = self._later(rest[0], position), expected in rest
        if belongs is not None and not comes:
            while len(self.states) < belongs:
                self._skip()
        elif comes and belongs is None:
            extra = rest.index(expected)
            self.put_in += [position] * extra
            self._at += extra
        else:
            self._take("altered")

    def _next_fits(self, position: int, rest: list[bytes]) -> bool:
        if position + 1 == len(self.leaves):
            return len(rest) == 1
        return len(rest) > 1 and rest[1] == self.leaves[position + 1]

    def _later(self, line: bytes, position: int) -> int | None:
        found = self._position_of.get(line)
        return found if found is not None and found > position else None

    def _take(self, state: str) -> None:
        line = self.lines[self._at]
        if state == "intact":
            self.line_of[len(self.states)] = self._bodies[self._at]
        if state == "altered" and line in self._position_of:
            self._strays.add(line)
        self.states.append(state)
        self._at += 1

    def _skip(self) -> None:
        position = len(self.states)
        if self.leaves[position] in self._strays:
            self.states.append("altered")
        else:
            self.states.append(self.excused.get(position, "missing"))
