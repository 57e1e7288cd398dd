"""Tiles to roots, links and entries: docs/format.md, "Log: tiles", "Leaf and link", and "Reading" of "Bundle"."""

from pathlib import Path

from archived import Archived, runs_of
from bundle import Bundle, Digest
from entry import categories, read_entry, read_time
from findings import ChainResult, Result
from json_text import Refused
from lines import Placing
from seal_time import Time
from merkle import HASH, WIDTH, Tree, genesis_link, leaf_hash, needed_tiles, next_link, tile_path

CATEGORIES = categories(Path(__file__).resolve().parents[3] / "docs" / "format.md")


def check_chains(bundle: Bundle, archived: Archived, result: Result) -> None:
    for scope in bundle.manifest["chains"] if bundle.digests else []:
        excused = archived.excused.get(scope["chain"], {})
        _Chain(bundle, scope, {at - scope["from"]: state for at, state in excused.items()}, result).check()


class _Chain:
    def __init__(self, bundle: Bundle, scope: dict, excused: dict[int, str], result: Result):
        self.bundle, self.chain, self.excused, self.result = bundle, scope["chain"], excused, result
        self.size = bundle.digests[-1].size_of(self.chain)
        self.start, self.through = scope["from"], scope["through"]
        self.lines = bundle.entries[self.chain]
        self.tiles: dict[tuple[int, int], list[bytes]] = {}
        # First and last leaf below each tile that is not there, or not of the width that it needs.
        self.absent: list[tuple[int, int]] = []

    def add(self, verdict: str, why: str, **place: int) -> None:
        self.result.add(verdict, why, chain=self.chain, **place)

    def check(self) -> None:
        self._read_tiles()
        leaves = [self._leaf(at) for at in range(self.start, self.size)]
        if self.absent or self._astray(leaves):
            return self._check_by_lines(leaves)
        self._check_tiles(leaves)
        self._check_lines(leaves)

    def _check_lines(self, leaves: list[bytes]) -> None:
        placed = Placing(leaves[: self.through - self.start], self.lines, self.excused)
        for at in placed.put_in:
            self.add("altered", "put in", first=self.start + at, last=self.start + at)
        self._conclude(placed.states)
        self._judge({self.start + at: line for at, line in placed.line_of.items()})

    def _judge(self, line_of: dict[int, bytes]) -> None:
        """Bodies that are those that were sealed, as entries."""
        before = self.bundle.anchor
        times = {}
        for digest in self.bundle.digests:
            times[digest.number] = Time(before, digest)
            before = digest
        for digest, begin, end in self._sections():
            found: dict[str, list[int]] = {"altered": [], "incomplete": []}
            for position in (each for each in range(begin, min(end, self.through)) if each in line_of):
                verdict = self._judge_entry(line_of[position], times[digest.number], begin == 0)
                if verdict:
                    found[verdict].append(position)
            for verdict, positions in found.items():
                for run in runs_of(positions):
                    self.add(verdict, "no entry of its time", first=run[0], last=run[-1], digest=digest.number)

    def _judge_entry(self, line: bytes, time: Time, is_new: bool) -> str | None:
        try:
            says = read_entry(line, self.bundle.manifest["tenant"], CATEGORIES)
        except Refused:
            return "altered"
        return time.of_entry(read_time(says["recordedAt"]), is_new)

    def _conclude(self, states: list[str]) -> None:
        """One finding for each run of positions in one state, of those that one digest seals."""
        self.result.chains[self.chain] = ChainResult(self.start, self.through, states)
        for digest, begin, end in self._sections():
            here = range(begin, min(end, self.through))
            for state in ("unconfirmed", "missing", "altered"):
                for run in runs_of([at for at in here if states[at - self.start] == state]):
                    is_tail = state == "missing" and run[-1] == self.size - 1 and run[0] > self.start
                    self.add("truncated" if is_tail else state, "entries", first=run[0], last=run[-1], digest=digest.number)

    def _sections(self) -> list[tuple[Digest, int, int]]:
        """Which positions each digest seals."""
        ends = [self.start, *(each.size_of(self.chain) for each in self.bundle.digests)]
        return [(each, ends[at], ends[at + 1]) for at, each in enumerate(self.bundle.digests) if ends[at] < ends[at + 1]]

    def _read_tiles(self) -> None:
        given = self.bundle.tiles[self.chain]
        for level, number, width in needed_tiles(self.start, self.size):
            data = given.get(tile_path(level, number, width))
            if data is None or len(data) != width * HASH:
                first, count = number * WIDTH << 8 * level, width << 8 * level
                self.absent.append((max(first, self.start), min(self.size, first + count) - 1))
            else:
                self.tiles[level, number] = [data[at : at + HASH] for at in range(0, len(data), HASH)]

    def _leaf(self, position: int) -> bytes | None:
        tile = self.tiles.get((0, position // WIDTH))
        return tile and tile[position % WIDTH]

    def _anchored(self) -> Tree | None:
        """The tree as the digest before the first has it, from tiles that reach over its end; None if they lead elsewhere."""
        levels, level = [], 0
        while self.start >> 8 * level:
            index = self.start >> 8 * level
            width, tile = index % WIDTH, self.tiles.get((level, index // WIDTH))
            if width and tile is None:
                return None
            levels.append(tile[:width] if width else [])
            level += 1
        tree = Tree(self.start, levels)
        is_sealed = self.start == 0 or tree.root().hex() == self.bundle.anchor.head_of(self.chain)["root"]
        return tree if is_sealed else None

    def _first_link(self) -> bytes:
        if self.start == 0:
            return genesis_link(self.bundle.manifest["tenant"], self.chain)
        return bytes.fromhex(self.bundle.anchor.head_of(self.chain)["link"])

    def _astray(self, leaves: list[bytes]) -> list[tuple[Digest, int, int]]:
        """
        Sections whose leaves have not the link and, as far as that can be told, the root that their digest says. Each
        goes on from the link that the digest before says.
        """
        tree, link, astray = self._anchored(), self._first_link(), []
        for digest, begin, end in self._sections():
            for leaf in leaves[begin - self.start : end - self.start]:
                link = next_link(link, leaf)
                if tree:
                    tree.append(leaf)
            head = digest.head_of(self.chain)
            if link.hex() != head["link"] or (tree and tree.root().hex() != head["root"]):
                astray.append((digest, begin, end))
            link = bytes.fromhex(head["link"])
        self.tree = tree
        return astray

    def _check_tiles(self, leaves: list[bytes]) -> None:
        """Every hash of every tile above the leaves."""
        if self.tree is None:
            return self.add("incomplete", "tiles before the scope", first=0, last=self.start - 1)
        built = {(level, number): tile for level, number, tile in self.tree.full}
        built |= {(level, (self.size >> 8 * level) // WIDTH): tile for level, tile in enumerate(self.tree.levels) if tile}
        for (level, number), tile in built.items():
            given = self.tiles.get((level, number), tile)
            for at in (each for each, hash in enumerate(tile) if given[each] != hash):
                first = (number * WIDTH + at) << 8 * level
                self.add("altered", "tile", first=first, last=min(self.size, first + (1 << 8 * level)) - 1)

    def _check_by_lines(self, leaves: list[bytes | None]) -> None:
        """Tiles that are not there, or that lead elsewhere: entries that lead to the heads prove themselves."""
        hashes = [leaf_hash(each) for each in self.lines]
        if len(hashes) == self.size - self.start and not self._astray(hashes):
            for run in runs_of([self.start + at for at, leaf in enumerate(leaves) if leaf not in (None, hashes[at])]):
                self.add("altered", "tile", first=run[0], last=run[-1])
            for first, last in self.absent:
                self.add("incomplete", "no tile", first=first, last=last)
            if not self.absent:
                self._check_tiles(hashes)
            self._conclude(["intact"] * (self.through - self.start))
            return self._judge({self.start + at: line for at, line in enumerate(self.lines)})
        if self.absent:
            self.add("incomplete", "no tile", first=self.start, last=self.size - 1)
            return self._check_sections(hashes) if not self.excused else None
        for digest, begin, end in self._astray(leaves):
            self.add("altered", "root or link", first=begin, last=end - 1, digest=digest.number)
        self._check_lines(leaves)

    def _check_sections(self, hashes: list[bytes]) -> None:
        """Without tiles, and where every position has to have a line: whether the lines lead from link to link."""
        link, states = self._first_link(), []
        for digest, begin, end in self._sections():
            lines = hashes[begin - self.start : end - self.start]
            for leaf in lines:
                link = next_link(link, leaf)
            head = bytes.fromhex(digest.head_of(self.chain)["link"])
            state = "intact" if link == head else "altered" if len(lines) == end - begin else "missing"
            if state != "intact":
                self.add(state, "link", first=begin, last=end - 1, digest=digest.number)
            if state == "intact":
                self._judge({at: self.lines[at - self.start] for at in range(begin, end)})
            states += [state] * (end - begin)
            link = head
        self.result.chains[self.chain] = ChainResult(self.start, self.through, states)
