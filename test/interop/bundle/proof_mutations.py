"""What can be changed in an entry proof: docs/format.md, "Entry proof", says that each is refused."""

import json
from collections.abc import Callable

from json_text import canonical
from mutations import other_bit

Change = Callable[[dict], object]


def _digest(change: Change) -> Change:
    def changed(proof: dict) -> None:
        digest = json.loads(proof["digest"])
        change(digest)
        proof["digest"] = canonical(digest).decode()

    return changed


def _note(change: Callable[[str], str]) -> Change:
    """In both places, so that only the note itself can be what is refused."""

    def changed(proof: dict) -> None:
        before, after = proof["checkpoint"], change(proof["checkpoint"])
        proof["checkpoint"], proof["tlogProof"] = after, proof["tlogProof"].replace(before, after)

    return changed


def _without_line(at: int) -> Callable[[str], str]:
    def changed(text: str) -> str:
        lines = text.splitlines(keepends=True)
        return "".join([*lines[:at], *lines[at + 1 :]])

    return changed


REFUSED: dict[str, Change] = {
    "another version": lambda proof: proof.update(v=2),
    "another kind": lambda proof: proof.update(kind="digest"),
    "a member more": lambda proof: proof.update(more=1),
    "another tenant": lambda proof: proof.update(tenant="globex"),
    "another chain": lambda proof: proof.update(chain=proof["chain"] + 1),
    "another position": lambda proof: proof.update(position=proof["position"] + 1),
    "another leaf hash": lambda proof: proof.update(leafHash="00" * 32),
    "another size": lambda proof: proof["inclusion"].update(size=proof["inclusion"]["size"] + 1),
    "another root": lambda proof: proof["inclusion"].update(root="A" * 43 + "="),
    "a shorter proof": lambda proof: proof["inclusion"]["proof"].pop(),
    "a longer proof": lambda proof: proof["inclusion"]["proof"].append("A" * 43 + "="),
    "a proof in another order": lambda proof: proof["inclusion"]["proof"].reverse(),
    "another digest": _digest(lambda says: says.update(nextBy="2030-01-01T00:00:00.000Z")),
    "a digest of another log": _digest(lambda says: says.update(log="other.example")),
    "another index": lambda proof: proof["log"].update(index=proof["log"]["index"] + 1),
    "another size of the log": lambda proof: proof["log"].update(size=proof["log"]["size"] + 1),
    "another root of the log": lambda proof: proof["log"].update(root="A" * 43 + "="),
    "a shorter proof of the log": lambda proof: proof["log"]["proof"].pop(),
    "another root in the note": _note(lambda note: "\n".join([*note.split("\n")[:2], "A" * 43 + "=", *note.split("\n")[3:]])),
    "no Ed25519 signature": _note(_without_line(4)),
    "no ML-DSA-44 signature": _note(_without_line(5)),
    "another tlog-proof": lambda proof: proof.update(tlogProof=proof["tlogProof"].replace("index ", "index 1", 1)),
    "a tlog-proof that ends elsewhere": lambda proof: proof.update(tlogProof=proof["tlogProof"] + "\n"),
}
ACCEPTED: dict[str, Change] = {
    "a signature of somebody else": _note(lambda note: note + "— nobody.example AAAAAAAA\n"),
}
# Of the proof's bytes.
REFUSED_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "another spelling": lambda data: data.replace(b":", b": ", 1),
    "LF at its end": lambda data: data + b"\n",
    "another bit": lambda data: other_bit(data, 12),
}


def changed(data: bytes, change: Change) -> bytes:
    proof = json.loads(data)
    change(proof)
    return canonical(proof)
