"""docs/format.md, "Manifest" of "Bundle": the manifest held against the digests, which alone are signed."""

from archived import Archived
from bundle import Bundle
from findings import Result
from json_text import Refused


def refuse_unless(truth: bool, what: str) -> None:
    if not truth:
        raise Refused("manifest", what)


def check_manifest(bundle: Bundle, archived: Archived, result: Result) -> None:
    """Moves the ends of chains back to where the digests end, so that what is cut off is found and no more."""
    manifest, digests, anchor = bundle.manifest, bundle.digests, bundle.anchor
    refuse_unless("from" in manifest or manifest["first"] == 0, "first without from")
    before = anchor and anchor.says["sealedAt"]
    refuse_unless(not anchor or "from" not in manifest or before < f"{manifest['from']}T00:00:00.000Z", "first of from")
    refuse_unless(not digests or digests[-1].number <= manifest["last"], "last")
    if digests and digests[-1].number < manifest["last"]:
        result.add("truncated", "digests up to the manifest's last")
    chains = [each["chain"] for each in manifest["chains"]]
    refuse_unless(chains == sorted(set(chains)), "order of chains")
    known = set(chains)
    for digest in digests[-1:]:
        refuse_unless({each["chain"] for each in digest.says["chains"]} <= known, "a chain less")
    for each in manifest["chains"] if digests else []:
        _check_chain(bundle, archived, result, each)


def _check_chain(bundle: Bundle, archived: Archived, result: Result, scope: dict) -> None:
    chain, start, through = scope["chain"], scope["from"], scope["through"]
    sizes = [each.size_of(chain) for each in bundle.digests]
    refuse_unless(start < through or any(each.head_of(chain) for each in bundle.digests), f"no digest has chain {chain}")
    refuse_unless(start == bundle.start_of(chain), f"from of chain {chain}")
    if through > sizes[-1]:
        result.add("truncated", "digests end before through", chain=chain, first=sizes[-1], last=through - 1)
        scope["through"] = sizes[-1]
        bundle.entries[chain] = bundle.entries[chain][: sizes[-1] - start]
        return
    refuse_unless(through in {start, *sizes}, f"through of chain {chain}")
    to = bundle.manifest.get("to")
    if to is None:
        refuse_unless(through == sizes[-1], f"through of chain {chain} without to")
    left = [each for each in archived.places if each.chain == chain and each.positions[-1][-1] >= through]
    refuse_unless(to is None or all(each.segment["day"] > to for each in left), f"to of chain {chain}")
