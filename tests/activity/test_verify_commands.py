"""Do both verifiers say the same of a trail that is whole, changed by hand, or partly erased?"""

import json
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings as portal
from django.core.management import CommandError, call_command

from cmcoord.activity import recovery, seals
from cmcoord.activity.erasing import erase_value
from cmcoord.activity.models import Chain, ErasableValue, Event
from cmcoord.activity.services import record
from tests.activity.test_seals import by_hand

pytestmark = pytest.mark.django_db


def inside(*arguments):
    """What manage.py verify_trail says, and whether it found the trail whole."""
    said = StringIO()
    try:
        call_command("verify_trail", *arguments, stdout=said)
    except CommandError as broken:
        return False, said.getvalue() + str(broken)
    return True, said.getvalue()


def outside(folder, *arguments):
    """What the separate verifier says of an export, run as a stranger runs it."""
    file = folder / f"trail-{len(list(folder.iterdir()))}.jsonl"
    call_command("export_trail", file, stream="CAF", by="ocha.bria", reason="Yearly audit", stdout=StringIO())
    verifier = [sys.executable, "-I", portal.BASE_DIR / "docs" / "verify_trail.py", file, *arguments]
    ran = subprocess.run(verifier, capture_output=True, text=True, check=False)
    assert not ran.stderr
    return ran.returncode == 0, ran.stdout


@pytest.fixture
def events(subject, officer):
    found = [record(subject, "case.comment", by=officer, secret={"text": f"Source {n}"}) for n in range(4)]
    seals.seal_waiting()
    return found


def test_a_whole_trail(events, tmp_path):
    assert inside() == (True, "CAF: whole (1 seals, 4 rows, 0 waiting)\nrights: agree with the trail\n")
    assert outside(tmp_path) == (True, "whole: CAF, 1 seals, 4 rows, 0 anchors\n")


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE activity_event SET kind = 'case.commenT' WHERE id = %s", "changed"),
        ("DELETE FROM activity_event WHERE id = %s", "missing"),
    ],
)
def test_both_name_the_row(events, tmp_path, statement, what):
    by_hand("DELETE FROM activity_erasablevalue WHERE event_id = %s", [events[2].pk])
    pk = events[2].pk
    by_hand(statement, [pk])
    whole, said = inside()
    assert not whole and f"first bad row: Row {pk} of activity_event was" in said
    whole, said = outside(tmp_path)
    assert not whole and said.startswith(f"row {pk} of activity_event: {what}\n")
    assert Chain.objects.get(pk="CAF").broken_at


def test_both_name_two_swapped_rows(events, tmp_path):
    one, two = events[0], events[3]
    for pk, data in ((one.pk, two.data), (two.pk, one.data)):
        by_hand("UPDATE activity_event SET data = %s WHERE id = %s", [json.dumps(data), pk])
    for whole, said in (inside(), outside(tmp_path)):
        assert not whole and f"{one.pk} of activity_event" in said and f"{two.pk} of activity_event" in said


def test_erasing_a_value_leaves_both_content(events, officer, tmp_path):
    erase_value(events[1], "text", by=officer, reason="The source asked for it.")
    assert not ErasableValue.objects.filter(event=events[1]).exists()
    assert inside()[0] and outside(tmp_path)[0]


def test_both_name_a_value_that_went_without_its_erasure(events, officer, tmp_path):
    erase_value(events[1], "text", by=officer, reason="The source asked for it.")
    pk = events[2].pk
    by_hand("DELETE FROM activity_erasablevalue WHERE event_id = %s", [pk])
    whole, said = inside()
    assert not whole and f"first bad row: Row {pk} of activity_event lost a confidential value" in said
    whole, said = outside(tmp_path)
    assert not whole and said.startswith(f"row {pk} of activity_event: lost\nBROKEN: 1 bad rows")


def test_a_loss_that_was_accepted_does_not_cover_the_next_one(events, officer, coordinator, tmp_path):
    by_hand("DELETE FROM activity_erasablevalue WHERE event_id = %s", [events[2].pk])
    assert not inside()[0]
    recovery.recover("CAF", by=officer, second=coordinator, reason="Deleted by hand.")
    assert inside()[0] and "recovered: row" in outside(tmp_path)[1]
    by_hand("DELETE FROM activity_erasablevalue WHERE event_id = %s", [events[3].pk])
    assert not inside()[0]


def test_only_tell_stops_nothing(events):
    by_hand("UPDATE activity_event SET kind = 'x' WHERE id = %s", [events[0].pk])
    assert not inside("--only-tell")[0]
    assert Chain.objects.get(pk="CAF").broken_at is None


def test_an_export_holds_nothing_confidential_and_is_an_event(events, officer, tmp_path):
    outside(tmp_path)
    assert "Source" not in next(tmp_path.iterdir()).read_text()
    event = Event.objects.get(kind="trail.export")
    assert (event.by, event.stream, event.data["stream"]) == (officer, "portal", "CAF")


def test_an_export_overwrites_no_file_and_needs_a_known_person(events, tmp_path):
    file = tmp_path / "there.jsonl"
    file.write_text("mine")
    with pytest.raises(CommandError, match="exists"):
        call_command("export_trail", file, stream="CAF", by="ocha.bria", reason="Audit")
    with pytest.raises(CommandError, match="no active account"):
        call_command("export_trail", tmp_path / "b", stream="CAF", by="nobody", reason="Audit")
    with pytest.raises(CommandError, match="no stream"):
        call_command("export_trail", tmp_path / "b", stream="XXX", by="ocha.bria", reason="Audit")
    assert not Event.objects.filter(kind="trail.export").exists()


def test_an_anchor_finds_an_end_that_was_cut_off(events, subject, officer, tmp_path):
    anchors = tmp_path / "anchors"
    anchors.write_text(json.dumps({"stream": "CAF", "number": 5, "count": 90, "hash": "0" * 64}) + "\n")
    whole, said = inside("--anchors", anchors)
    assert not whole and "differs from what was anchored outside" in said
    whole, said = outside(tmp_path, "--anchors", anchors)
    assert (whole, said.splitlines()[0]) == (False, "row 5 of activity_seal: anchor")
