"""Reads archives with Python's zipfile and holds them to the list beside each."""

import hashlib
import json
import pathlib
import stat
import sys
import zipfile


def check(path: pathlib.Path) -> None:
    want = json.loads(path.with_suffix(".json").read_text())
    with zipfile.ZipFile(path) as archive:
        broken = archive.testzip()
        assert broken is None, f"{broken} does not read"
        got = [[info.filename, hashlib.sha256(archive.read(info)).hexdigest()] for info in archive.infolist()]
        assert got == want, f"got {len(got)} entries other than the {len(want)} written"
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0), f"{info.filename} has a time"
            mode = info.external_attr >> 16
            assert stat.S_ISREG(mode) and stat.S_IMODE(mode) == 0o644, f"{info.filename} has mode {mode:o}"


passed = failed = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.zip")):
    try:
        check(path)
        passed += 1
    except Exception as error:
        failed += 1
        print(f"FAILED: zipfile reads {path.name}: {error!r}")
print(passed, failed)
