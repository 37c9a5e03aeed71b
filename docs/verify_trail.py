#!/usr/bin/env python3
# ruff: noqa: T201
"""Is an exported trail whole? Needs Python 3.8 or newer and nothing else; knows nothing of the portal.

python3 verify_trail.py CAF.jsonl [--anchors anchors.jsonl]

Reads one chain as written by `manage.py export_trail`, line by line: each row against its digest, each seal against
its hash and the seal before. With the anchors that were mailed or kept outside, also the end of the chain: a chain
that was written anew from its beginning is whole in itself. Names every bad row; answers 1 when there is one.
"""

import argparse
import hashlib
import json
import sys

SEALED = ("stream", "number", "at", "previous", "count", "total", "columns", "recovery")


def hash_of(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def links(file):
    """Each seal with its rows."""
    seal, rows = None, []
    for line in file:
        one = json.loads(line)
        if "seal" in one:
            if seal:
                yield seal, rows
            seal, rows = one["seal"], []
        else:
            rows.append(one)
    if seal:
        yield seal, rows


def problems(file, anchors):
    """(table, id, what) of each bad row; what recoveries have accepted is left out by the caller."""
    previous, total, number, known = "", 0, 0, None
    for seal, rows in links(file):
        known = known or seal["stream"]
        for missing in range(number + 1, seal["number"]):
            yield "activity_seal", missing, "seal_missing"
        follows = (known, previous, total + seal["count"])
        if seal["number"] == number + 1 and (seal["stream"], seal["previous"], seal["total"]) != follows:
            yield "activity_seal", seal["id"], "link"
        if seal["hash"] != hash_of({name: seal[name] for name in SEALED} | {"rows": [one["row"] for one in rows]}):
            yield "activity_seal", seal["id"], "seal_changed"
        for one in rows:
            table, row, digest = one["row"]
            if one["values"] is None:
                yield table, row, "missing"
            elif hash_of(one["values"]) != digest:
                yield table, row, "changed"
        previous, total, number = seal["hash"], seal["total"], seal["number"]
        for said in anchors.pop((known, number), []):
            if (said["hash"], said["count"]) != (previous, total):
                yield "activity_seal", number, "anchor"
    for (stream, anchored), _lines in sorted(anchors.items()):
        if stream == known:
            yield "activity_seal", anchored, "anchor"


def accepted(path):
    """What two administrators named in a recovery: known, and still printed by `manage.py verify_trail`."""
    with open(path, encoding="utf-8") as file:
        for seal, _rows in links(file):
            for table, row, what, _found in (seal["recovery"] or {}).get("defects", []):
                yield table, row, what


def main():
    parser = argparse.ArgumentParser(description="Verify an exported trail.")
    parser.add_argument("file")
    parser.add_argument("--anchors")
    options = parser.parse_args()
    anchors = {}
    if options.anchors:
        with open(options.anchors, encoding="utf-8") as file:
            for said in map(json.loads, file):
                anchors.setdefault((said["stream"], said["number"]), []).append(said)
    known, bad = set(accepted(options.file)), 0
    with open(options.file, encoding="utf-8") as file:
        for table, row, what in problems(file, anchors):
            recovered = (table, row, what) in known
            bad += not recovered
            print(f"{'recovered: ' if recovered else ''}row {row} of {table}: {what}")
    print("whole" if not bad else f"BROKEN: {bad} bad rows, the first is the first one above")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
