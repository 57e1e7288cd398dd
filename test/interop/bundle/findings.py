"""What a verifier says: docs/format.md, "Verifying"."""

from dataclasses import dataclass, field

# The worst first.
VERDICTS = ["altered", "missing", "truncated", "incomplete", "unconfirmed", "intact"]
STATES = ["intact", "expired", "unconfirmed", "missing", "altered"]


@dataclass(frozen=True, order=True)
class Finding:
    """A place is the positions of a chain or, where no chain is concerned, a digest; or nothing that narrow."""

    verdict: str
    chain: int = -1
    first: int = -1
    last: int = -1
    digest: int = -1
    why: str = field(default="", compare=False)


@dataclass
class ChainResult:
    start: int
    through: int
    # Of each position in scope.
    states: list[str]

    def tally(self) -> dict[str, int]:
        return {state: self.states.count(state) for state in STATES}


@dataclass
class Result:
    findings: list[Finding] = field(default_factory=list)
    chains: dict[int, ChainResult] = field(default_factory=dict)

    def add(self, verdict: str, why: str, **place: int) -> None:
        self.findings.append(Finding(verdict, why=why, **place))

    @property
    def verdict(self) -> str:
        found = {each.verdict for each in self.findings}
        return next((each for each in VERDICTS if each in found), "intact")
