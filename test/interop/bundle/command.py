"""The product's own verifier, as anybody runs it: `indelible verify --report`."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from findings import STATES, Finding

TOP = Path(__file__).resolve().parents[3]
NODE = TOP / "node_modules" / ".bin" / "node"
VERDICT_OF = {0: "intact", 10: "altered", 11: "missing", 12: "truncated", 13: "incomplete", 14: "refused", 15: "unconfirmed"}


class Said:
    """A report, as far as docs/format.md says what it has to say."""

    def __init__(self, code: int, report: dict | None, error: str):
        self.verdict, self.error = VERDICT_OF.get(code, f"exit code {code}"), error
        report = report or {"findings": [], "chains": [], "findingsLeftOut": 0}
        self.findings = [_finding(each) for each in report["findings"]]
        self.left_out = report["findingsLeftOut"]
        self.tallies = {
            each["chain"]: (each["from"], each["through"], {state: each["tally"].get(state, 0) for state in STATES})
            for each in report["chains"]
        }
        self.agrees_with_itself = report.get("verdict", "refused") == self.verdict


def _finding(said: dict) -> Finding:
    place = {name: said[name] for name in ("chain", "first", "last", "digest") if name in said}
    return Finding(said["verdict"], why=said["code"], **place)


def run(bundle: Path, keys: Path, known: Path | None) -> Said:
    report = bundle.with_suffix(".report")
    report.unlink(missing_ok=True)
    node = str(NODE) if os.access(NODE, os.X_OK) else shutil.which("node")
    more = [] if known is None else ["--checkpoint", str(known)]
    arguments = ["verify", str(bundle), "--keys", str(keys), "--report", str(report), *more]
    ended = subprocess.run([node, str(TOP / "bin" / "indelible.ts"), *arguments], capture_output=True, text=True, check=False)
    said = json.loads(report.read_text()) if report.exists() else None
    return Said(ended.returncode, said, ended.stderr.strip())


def check_proofs(folder: Path, proofs: list[dict]) -> list[bool]:
    """Of each entry and proof, whether the product accepts it."""
    (folder / "asked.json").write_text(json.dumps(proofs))
    node = str(NODE) if os.access(NODE, os.X_OK) else shutil.which("node")
    script = Path(__file__).with_name("proofs.ts")
    ended = subprocess.run([node, str(script), str(folder)], capture_output=True, text=True, check=True)
    return json.loads(ended.stdout)
