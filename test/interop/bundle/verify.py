"""The whole of docs/format.md, "Bundle", for one file."""

from archived import check_documents
from bundle import read_bundle
from chains import check_chains
from digests import check_digests, check_known, check_places, check_seals
from findings import Result
from json_text import Refused
from notes import open_checkpoint, read_keys

from scope import check_manifest


def verify(data: bytes, keys: bytes, known: bytes | None = None) -> Result:
    bundle = read_bundle(data, keys)
    result = Result()
    if known is not None:
        check_known(bundle, open_checkpoint(known, read_keys(keys)), result)
    check_seals(bundle, result)
    check_digests(bundle, result)
    check_places(bundle, result)
    archived = check_documents(bundle, result)
    check_manifest(bundle, archived, result)
    check_chains(bundle, archived, result)
    if all(each.start == each.through for each in result.chains.values()):
        result.add("incomplete", "no position in scope")
    if result.verdict == "intact":
        _refuse_unneeded(bundle, archived)
    return result


def _refuse_unneeded(bundle, archived) -> None:
    """In a bundle of which everything could be checked nothing may be left over."""
    if bundle.documents.keys() - archived.named:
        raise Refused("file-unknown", "a document that nothing names")
    if bundle.unneeded_tiles():
        raise Refused("file-unknown", "a tile that no tree needs")
