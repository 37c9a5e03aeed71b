"""What somebody can do who writes to the database or hands over a file, and is it still named?"""

import hashlib
import json
import subprocess
import sys

import pytest
from django.conf import settings as portal

from cmcoord.activity import anchors, checks, exports, recovery, seals
from cmcoord.activity.models import Chain, Salt, Seal, Unsealed
from cmcoord.activity.services import record
from tests.activity.test_seals import by_hand, defects

pytestmark = pytest.mark.django_db


@pytest.fixture
def links(subject, officer):
    """Three links of one event each."""
    found = []
    for number in range(3):
        found.append(record(subject, "case.comment", by=officer, data={"n": number}))
        seals.seal_waiting()
    return found


# ── the head of a chain is a row that the portal's own account may change ────────────────────────────────────────────


def test_a_head_that_was_set_back_hides_nothing(links):
    """Otherwise nobody looks at the links after it, and their rows can be changed."""
    second = Seal.objects.get(stream="CAF", number=2)
    Chain.objects.filter(pk="CAF").update(number=2, total=2, hash=second.hash)
    by_hand("UPDATE activity_event SET kind = 'case.deny' WHERE id = %s", [links[2].pk])
    assert ("activity_event", links[2].pk, "changed") in defects()
    assert ("activity_seal", 3, "head") in defects()


def test_a_head_that_was_removed_hides_nothing(links):
    Chain.objects.filter(pk="CAF").delete()
    by_hand("UPDATE activity_event SET kind = 'case.deny' WHERE id = %s", [links[1].pk])
    assert defects() == [("activity_event", links[1].pk, "changed")]
    assert checks.why_stopped_here("CAF", "case/7")
    checks.check_everything()
    assert Chain.objects.get(pk="CAF").broken_at


def test_a_head_that_was_set_back_stops_the_stream_and_can_be_recovered(links, officer, coordinator):
    first = Seal.objects.get(stream="CAF", number=1)
    Chain.objects.filter(pk="CAF").update(number=1, total=1, hash=first.hash)
    assert checks.why_stopped_here("CAF", "case/7")
    checks.check_round()
    assert checks.why_stopped("CAF")
    recovery.recover("CAF", by=officer, second=coordinator, reason="The head was set back by hand.")
    assert checks.why_stopped("CAF") == "" and defects() == []
    assert Chain.objects.get(pk="CAF").number == 4


def test_sealing_goes_on_where_the_head_was_set_back(links, subject, officer):
    """A head behind its chain must not keep the next decision from being sealed."""
    first = Seal.objects.get(stream="CAF", number=1)
    Chain.objects.filter(pk="CAF").update(number=1, total=1, hash=first.hash)
    record(subject, "case.comment", by=officer)
    assert seals.seal_waiting() == 1
    assert Chain.objects.get(pk="CAF").number == 4


def test_a_stream_without_chain_and_seals_is_still_looked_at(links):
    by_hand("DELETE FROM activity_sealedrow")
    by_hand("DELETE FROM activity_seal")
    Salt.objects.all().delete()
    Chain.objects.all().delete()
    Unsealed.objects.all().delete()
    assert "CAF" in checks.streams()
    checks.check_everything()
    assert Chain.objects.get(pk="CAF").broken_at


def test_the_night_compares_with_the_anchors_that_were_kept(links, subject, officer, coordinator, settings, tmp_path):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    anchors.anchor_all()
    by_hand("DELETE FROM activity_event WHERE id = %s", [links[2].pk])
    by_hand("DELETE FROM activity_sealedrow WHERE seal_id IN (SELECT id FROM activity_seal WHERE number = 3)")
    by_hand("DELETE FROM activity_seal WHERE number = 3 AND stream = 'CAF'")
    second = Seal.objects.get(stream="CAF", number=2)
    Chain.objects.filter(pk="CAF").update(number=2, total=2, hash=second.hash)
    assert defects() == []  # whole in itself
    checks.check_everything()
    assert checks.why_stopped("CAF")
    recovery.recover("CAF", by=officer, second=coordinator, reason="Yesterday's backup was restored.")
    record(subject, "case.comment", by=officer)
    seals.seal_waiting()
    checks.check_everything()
    assert checks.why_stopped("CAF") == ""


def test_an_anchor_that_was_cut_off_is_told_and_passed_over(links, settings, tmp_path, caplog):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    settings.ANCHOR_FILE.write_text('{"at": "2026-08-01T00:00:00", "stream": "CA')
    anchors.anchor_all()
    assert len(settings.ANCHOR_FILE.read_text().splitlines()) == 2  # the next one begins a line of its own
    assert list(checks.all_defects("CAF", settings.ANCHOR_FILE)) == []
    assert "Line 1 of" in caplog.text
    checks.check_everything()
    assert checks.why_stopped("CAF") == ""


# ── files handed to the separate verifier ────────────────────────────────────────────────────────────────────────────


def hashed(value):
    return hashlib.sha256(seals.canonical(value).encode()).hexdigest()


def said_of(tmp_path, lines, anchored=()):
    """Answer and words of the separate verifier about these lines."""
    file, kept = tmp_path / "hostile.jsonl", tmp_path / "anchors.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    kept.write_text("".join(json.dumps(line) + "\n" for line in anchored))
    verifier = [sys.executable, "-I", portal.BASE_DIR / "docs" / "verify_trail.py", file]
    more = ["--anchors", kept] if anchored else []
    ran = subprocess.run([*verifier, *more], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


def forged(number, *, previous="", total=1, kind="case.approve"):
    """A link with one row, right in itself."""
    values = {"id": 900, "kind": kind}
    digest = hashed(values)
    seal = {"stream": "CAF", "number": number, "at": "2026-01-01T00:00:00+00:00", "previous": previous, "count": 1}
    seal |= {"total": total, "columns": {}, "recovery": None}
    seal["hash"] = hashed(seal | {"rows": [["activity_event", 900, digest]]})
    return [{"seal": seal | {"id": 900}}, {"row": ["activity_event", 900, digest], "values": values}]


def test_a_second_link_of_a_number_is_no_part_of_the_trail(links, tmp_path):
    real = list(exports.lines("CAF", 3))
    assert said_of(tmp_path, real)[0] == 0
    answer, said = said_of(tmp_path, [*real, *forged(2)])
    assert answer == 1 and "row 900 of activity_seal: link" in said
    assert said_of(tmp_path, [*real, *real])[0] == 1


def test_a_file_without_links_is_not_whole(tmp_path):
    assert said_of(tmp_path, [])[0] == 1
    assert said_of(tmp_path, forged(1)[1:])[0] == 1
    assert said_of(tmp_path, [*forged(1)[1:], *forged(1)])[0] == 1


def test_it_says_what_it_read_and_with_how_many_anchors(links, tmp_path):
    """So that nobody takes an export of something else, or anchors of another stream, for a proof."""
    real = list(exports.lines("CAF", 3))
    assert said_of(tmp_path, real)[1] == "whole: CAF, 3 seals, 3 rows, 0 anchors\n"
    head = Chain.objects.get(pk="CAF")
    mine = {"stream": "CAF", "number": 3, "count": 3, "hash": head.hash}
    assert said_of(tmp_path, real, [mine])[1] == "whole: CAF, 3 seals, 3 rows, 1 anchors\n"
    assert said_of(tmp_path, real, [mine | {"stream": "MLI"}])[0] == 1


def test_a_count_that_is_not_the_count_of_rows_is_named(tmp_path):
    lines = forged(1)
    seal = lines[0]["seal"] | {"count": 5, "total": 5}
    kept = {name: value for name, value in seal.items() if name not in ("id", "hash")}
    seal["hash"] = hashed(kept | {"rows": [lines[1]["row"]]})
    assert said_of(tmp_path, [{"seal": seal}, lines[1]])[0] == 1
