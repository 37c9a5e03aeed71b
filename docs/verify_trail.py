#!/usr/bin/env python3
# ruff: noqa: T201
"""Is an exported trail whole? python3 verify_trail.py CAF.jsonl [--anchors anchors.jsonl]

Needs Python 3.9 and nothing else. Reads one chain of `manage.py export_trail`: each row against its digest, each seal
against its hash and the one before, each lost value against its erasure; only with the anchors from outside also its
end: a chain written anew is whole in itself. Names every bad row and answers 1 when there is one; else what it read.
"""

import argparse
import hashlib
import json


def hash_of(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def links(file):
    """Each seal with its rows; rows before the first seal belong to None."""
    seal, rows = None, []
    for one in map(json.loads, file):
        if "seal" not in one:
            rows.append(one)
            continue
        if seal or rows:
            yield seal, rows
        seal, rows = one["seal"], []
    yield seal, rows


def problems(file, anchors, read):
    """(table, id, what) of each bad row, those that a recovery accepted included; counts in `read`."""
    previous, total, number, known, gone, erased = "", 0, 0, None, set(), set()
    for seal, rows in links(file):
        if seal is None:  # an empty file, or one that was cut off at its beginning
            yield "activity_seal", 1, "seal_missing"
            continue
        known = known or seal["stream"]
        yield from (("activity_seal", missing, "seal_missing") for missing in range(number + 1, seal["number"]))
        here = (seal["number"], seal["stream"], seal["previous"], seal["total"])
        if seal["number"] <= number + 1 and here != (number + 1, known, previous, total + seal["count"]):
            yield "activity_seal", seal["id"], "link"
        sealed = dict(seal, rows=[one["row"] for one in rows])
        del sealed["id"], sealed["hash"]
        if seal["hash"] != hash_of(sealed) or seal["count"] != len(rows):
            yield "activity_seal", seal["id"], "seal_changed"
        for one in rows:
            table, row, digest = one["row"]
            if one["values"] is None:
                yield table, row, "missing"
            elif hash_of(one["values"]) != digest:
                yield table, row, "changed"
            elif table == "activity_erasure":
                erased.add(tuple(one["values"][name] for name in ("of_table", "row_id", "field")))
            gone.update((table, row, field) for field in one.get("gone", ()))
        read["accepted"] |= {tuple(one[:3]) for one in (seal["recovery"] or {"defects": ()})["defects"]}
        previous, total, number = seal["hash"], seal["total"], seal["number"]
        read.update(stream=known, seals=read["seals"] + 1, rows=read["rows"] + len(rows))
        for said in anchors.pop((known, number), []):
            read["anchors"] += 1
            if (said["hash"], said["count"]) != (previous, total):
                yield "activity_seal", number, "anchor"
    yield from sorted({(table, row, "lost") for table, row, _field in gone - erased})
    left = sorted(number for stream, number in anchors if stream == known)  # 0: not one of them is of this stream
    yield from (("activity_seal", number, "anchor") for number in left or [0] * (bool(anchors) and not read["anchors"]))


def readable(file):  # a line that was cut off while it was written is told and passed over
    for number, line in enumerate(file, start=1):
        try:
            yield json.loads(line)
        except ValueError:
            print(f"warning: line {number} of the anchors cannot be read")


def main():
    parser = argparse.ArgumentParser(description="Verify an exported trail.")
    parser.add_argument("file")
    parser.add_argument("--anchors")
    options, anchors = parser.parse_args(), {}
    if options.anchors:
        with open(options.anchors, encoding="utf-8") as file:
            for said in readable(file):
                anchors.setdefault((said["stream"], said["number"]), []).append(said)
    read = {"stream": "", "seals": 0, "rows": 0, "anchors": 0, "accepted": set()}
    with open(options.file, encoding="utf-8") as file:
        found = list(problems(file, anchors, read))
    for one in found:
        print(("recovered: " if one in read["accepted"] else "") + "row {1} of {0}: {2}".format(*one))
    bad = sum(one not in read["accepted"] for one in found)
    facts = "{stream}, {seals} seals, {rows} rows, {anchors} anchors".format(**read)
    print(f"whole: {facts}" if not bad else f"BROKEN: {bad} bad rows, the first is the first one above ({facts})")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
