#!/usr/bin/env python3
# ruff: noqa: T201
"""Is an exported trail whole? python3 verify_trail.py CAF.jsonl [--anchors anchors.jsonl]

Needs Python 3.9 or newer and nothing else; knows nothing of the portal.
Reads one chain of `manage.py export_trail`, line by line: each row against its digest, each seal against its hash and
the seal before. Only with the anchors from outside also its end: a chain written anew is whole in itself. Names every
bad row and answers 1 when there is one; else says of which stream, how many seals, rows and anchors it read.
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
    """Each seal with its rows; rows before the first seal belong to None."""
    seal, rows = None, []
    for line in file:
        one = json.loads(line)
        if "seal" in one:
            if seal or rows:
                yield seal, rows
            seal, rows = one["seal"], []
        else:
            rows.append(one)
    yield seal, rows


def problems(file, anchors, read):
    """(table, id, what) of each bad row, those that a recovery accepted included; counts in `read`."""
    previous, total, number, known = "", 0, 0, None
    for seal, rows in links(file):
        if seal is None:  # an empty file, or one that was cut off at its beginning
            yield "activity_seal", 1, "seal_missing"
            continue
        known = known or seal["stream"]
        yield from (("activity_seal", missing, "seal_missing") for missing in range(number + 1, seal["number"]))
        follows = (number + 1, known, previous, total + seal["count"])
        here = (seal["number"], seal["stream"], seal["previous"], seal["total"])
        if seal["number"] <= number + 1 and here != follows:
            yield "activity_seal", seal["id"], "link"
        sealed = {name: seal[name] for name in SEALED} | {"rows": [one["row"] for one in rows]}
        if seal["hash"] != hash_of(sealed) or seal["count"] != len(rows):
            yield "activity_seal", seal["id"], "seal_changed"
        for one in rows:
            table, row, digest = one["row"]
            if one["values"] is None:
                yield table, row, "missing"
            elif hash_of(one["values"]) != digest:
                yield table, row, "changed"
        previous, total, number = seal["hash"], seal["total"], seal["number"]
        read.update(stream=known, seals=read["seals"] + 1, rows=read["rows"] + len(rows))
        for said in anchors.pop((known, number), []):
            read["anchors"] += 1
            if (said["hash"], said["count"]) != (previous, total):
                yield "activity_seal", number, "anchor"
    left = sorted(number for stream, number in anchors if stream == known)
    none = [0] if anchors and not read["anchors"] else []  # not one of them is of this stream
    yield from (("activity_seal", number, "anchor") for number in left or none)


def accepted(path):
    """What two administrators named in a recovery."""
    with open(path, encoding="utf-8") as file:
        recoveries = [seal["recovery"] for seal, _rows in links(file) if seal and seal["recovery"]]
    return {(table, row, what) for one in recoveries for table, row, what, _found in one["defects"]}


def main():
    parser = argparse.ArgumentParser(description="Verify an exported trail.")
    parser.add_argument("file")
    parser.add_argument("--anchors")
    options, anchors = parser.parse_args(), {}
    if options.anchors:
        with open(options.anchors, encoding="utf-8") as file:
            for said in map(json.loads, file):
                anchors.setdefault((said["stream"], said["number"]), []).append(said)
    known, bad, read = accepted(options.file), 0, {"stream": "", "seals": 0, "rows": 0, "anchors": 0}
    with open(options.file, encoding="utf-8") as file:
        for table, row, what in problems(file, anchors, read):
            recovered = (table, row, what) in known
            bad += not recovered
            print(f"{'recovered: ' if recovered else ''}row {row} of {table}: {what}")
    facts = "{stream}, {seals} seals, {rows} rows, {anchors} anchors".format(**read)
    print(f"whole: {facts}" if not bad else f"BROKEN: {bad} bad rows, the first is the first one above ({facts})")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
