"""Verifies bundles and entry proofs with nothing but docs/format.md, and holds every verdict to the product's own."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import command
from command import Said
from container import read_archive
from findings import Finding, Result
from json_text import Refused
from mutations import NOT_A_BUNDLE, OF_BYTES, OF_FILES, REPACKED, file_mutations
from notes import read_keys
from proof import check_entry_proof
from proof_mutations import ACCEPTED, REFUSED, REFUSED_BYTES, changed
from report import Report
from verify import verify

# Made by the product of a trail that nobody touched.
PAGED = ["plain", "expired", "expired-from", "held", "several", "several-from", "several-to", "several-days"]
# The same, put together of slices by a job.
BY_JOB = "-by-job"
GENUINE = PAGED + [name + BY_JOB for name in PAGED]
# The same files in an archive of another make.
SAME_FILES = [f"plain, {what}" for what in REPACKED if what not in NOT_A_BUNDLE]
# The same, but what expired last is under a tombstone that no digest has sealed.
EXPIRING = ["expiring", "expiring-from", "expiring" + BY_JOB, "expiring-from" + BY_JOB, "expiring, packed again"]
# Tiles carry no signatures: where several hashes disagree or are not there, what it is that is wrong can be told in more
# ways than one, and how many positions that leaves unproven.
OVERLAPPING = {
    "expired, no tile among expired ones",
    "plain, an altered tile and a removed line",
    "plain, an altered tile and an altered entry",
    "plain, digests swapped",
    "several, a full tile altered",
}
EXCHANGED = {"two keys of each type": ("tombstone-due", "other-link"), "keys of another deployment": ("plain", "other-link")}


@dataclass
class Case:
    name: str
    bundle: Path
    keys: Path
    known: Path | None = None


def cases_of(folder: Path) -> list[Case]:
    made = [_case(each.stem, each) for each in sorted(folder.glob("*.zip"))]
    changed_folder = folder / "changed"
    changed_folder.mkdir()
    for name in OF_FILES:
        whole = (folder / f"{name}.zip").read_bytes()
        for what, data in file_mutations(name, read_archive(whole)).items():
            made.append(_written(folder, changed_folder, name, what, data))
    whole = (folder / "plain.zip").read_bytes()
    for what, change in OF_BYTES.items():
        made.append(_written(folder, changed_folder, "plain", what, change(whole)))
    for what, repack in REPACKED.items():
        made.append(_written(folder, changed_folder, "plain", what, repack(read_archive(whole))))
    for what, (name, other) in EXCHANGED.items():
        keys = changed_folder / f"{what}.keys"
        of_both = [(folder / f"{each}.keys").read_bytes() for each in (name, other)]
        keys.write_bytes(b"".join(of_both) if what.startswith("two") else of_both[1])
        made.append(Case(what, folder / f"{name}.zip", keys))
    return made


def _case(name: str, bundle: Path) -> Case:
    known = bundle.with_suffix(".checkpoint")
    return Case(name, bundle, bundle.with_suffix(".keys"), known if known.exists() else None)


def _written(folder: Path, changed_folder: Path, name: str, what: str, data: bytes) -> Case:
    bundle = changed_folder / f"{name}, {what}.zip"
    bundle.write_bytes(data)
    return Case(bundle.stem, bundle, folder / f"{name}.keys")


def judge(case: Case) -> Result | None:
    """None: refused."""
    known = None if case.known is None else case.known.read_bytes()
    try:
        return verify(case.bundle.read_bytes(), case.keys.read_bytes(), known)
    except Refused:
        return None


def places(findings: list[Finding]) -> set[tuple]:
    """Each position, digest or neither that something is found of, once."""
    found = set()
    for each in findings:
        if each.first >= 0:
            found |= {(each.verdict, each.chain, at) for at in range(each.first, each.last + 1)}
        else:
            found.add((each.verdict, each.chain, "digest", each.digest))
    return found


def compare(report: Report, case: Case, result: Result | None, said: Said) -> None:
    verdict = "refused" if result is None else result.verdict
    report.same(f"{case.name}: verdict", (verdict, said.agrees_with_itself), (said.verdict, True))
    if case.name in GENUINE or case.name in SAME_FILES:
        report.same(f"{case.name}: genuine", verdict, "intact")
    if case.name in EXPIRING:
        report.same(f"{case.name}: not sealed yet", verdict, "unconfirmed")
    if result is None or said.verdict == "refused":
        return
    report.same(f"{case.name}: findings left out", said.left_out, 0)
    ours, theirs = places(result.findings), places(said.findings)
    if case.name in OVERLAPPING:
        report.holds(f"{case.name}: places", bool(ours & theirs), f"got {theirs}, want some of {ours}")
        return
    report.same(f"{case.name}: places", sorted(map(str, theirs - ours)), sorted(map(str, ours - theirs)))
    ours = {chain: (each.start, each.through, each.tally()) for chain, each in result.chains.items()}
    report.same(f"{case.name}: positions", said.tallies, ours)


def check_proofs(report: Report, folder: Path) -> None:
    keys = read_keys((folder / "plain.keys").read_bytes())
    genuine = json.loads((folder / "proofs.json").read_text())
    asked = [(f"entry {at}", each["entry"], each["proof"], True) for at, each in enumerate(genuine)]
    entry, proof = genuine[5]["entry"], genuine[5]["proof"]
    for what, change in {**REFUSED, **ACCEPTED}.items():
        asked.append((what, entry, changed(proof.encode(), change).decode(), what in ACCEPTED))
    asked += [(what, entry, change(proof.encode()).decode(), False) for what, change in REFUSED_BYTES.items()]
    asked.append(("another entry", genuine[4]["entry"], proof, False))
    accepted = command.check_proofs(folder, [{"entry": entry, "proof": text} for _, entry, text, _ in asked])
    for (name, entry, text, want), theirs in zip(asked, accepted, strict=True):
        try:
            check_entry_proof(entry.encode(), text.encode(), keys)
            ours = True
        except Refused:
            ours = False
        report.same(f"proof, {name}: accepted", (ours, theirs), (want, want))


def tell(case: Case, result: Result | None) -> None:
    print(f"{case.name}: {'refused' if result is None else result.verdict}")
    for chain, each in sorted(result.chains.items()) if result else []:
        runs, at = [], each.start
        for position, state in enumerate([*each.states, None], each.start):
            if position > at and state != each.states[at - each.start]:
                runs.append(f"{at}-{position - 1} {each.states[at - each.start]}")
                at = position
        print(f"  chain {chain}: {', '.join(runs) or 'no positions in scope'}")


def main() -> int:
    folder, report = Path(sys.argv[1]), Report()
    cases = cases_of(folder)
    # The product runs in processes of its own, which this one waits for.
    with ThreadPoolExecutor(2) as pool:
        said = pool.map(lambda case: command.run(case.bundle, case.keys, case.known), cases)
        for case, theirs in zip(cases, said, strict=True):
            ours = judge(case)
            tell(case, ours)
            compare(report, case, ours, theirs)
    check_proofs(report, folder)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
