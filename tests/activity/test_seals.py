"""Is every row of the trail sealed once, and is whatever was changed afterwards named?"""

import datetime as dt
import json

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from cmcoord.activity import anchors, checks, delivery, seals, triggers
from cmcoord.activity.erasing import erase_value
from cmcoord.activity.models import Chain, ErasableValue, Event, Notification, Salt, Seal, SealedRow, Unsealed
from cmcoord.activity.services import record

pytestmark = pytest.mark.django_db


def by_hand(statement, parameters=()):
    """As somebody who owns the tables and takes the triggers away first."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with triggers.lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def defects(stream="CAF"):
    return [(one.table, one.row, one.what) for one in checks.all_defects(stream)]


@pytest.fixture
def events(subject, officer):
    found = [record(subject, "case.comment", by=officer, data={"n": number}) for number in range(6)]
    seals.seal_waiting()
    return found


def test_a_row_waits_from_its_own_transaction_on_and_is_sealed_once(subject, officer):
    event = record(subject, "case.comment", by=officer)
    assert Unsealed.objects.filter(of_table="activity_event", row_id=event.pk, stream="CAF", subject="case/7").exists()
    assert seals.seal_waiting() == 1
    assert (Unsealed.objects.count(), seals.seal_waiting()) == (0, 0)
    assert SealedRow.objects.get(of_table="activity_event", row_id=event.pk).seal.number == 1
    assert defects() == []


def test_batches_follow_each_other(subject, officer, monkeypatch):
    for _number in range(5):
        record(subject, "case.comment", by=officer)
    while seals.seal_batch("CAF", limit=2):
        pass
    links = list(Seal.objects.filter(stream="CAF").order_by("number"))
    assert [(link.number, link.count, link.total) for link in links] == [(1, 2, 2), (2, 2, 4), (3, 1, 5)]
    assert [link.previous for link in links] == ["", links[0].hash, links[1].hash]
    assert Chain.objects.get(pk="CAF").hash == links[2].hash


def test_a_decision_seals_what_its_case_has_waiting_and_nothing_else(subject, officer):
    other = type(subject)(pk=8)
    record(other, "case.comment", by=officer)
    record(subject, "case.comment", by=officer)
    record(subject, "case.approve", by=officer)
    assert list(Unsealed.objects.values_list("subject", flat=True)) == ["case/8"]
    assert Seal.objects.get().count == 2


def test_streams_have_chains_of_their_own(subject, officer):
    record(subject, "case.comment", by=officer)
    record(subject, "case.comment", by=officer, stream="MLI")
    seals.seal_waiting()
    assert sorted(Seal.objects.values_list("stream", "number")) == [("CAF", 1), ("MLI", 1)]


def test_a_changed_byte_is_named(events):
    by_hand("UPDATE activity_event SET kind = 'case.commenT' WHERE id = %s", [events[2].pk])
    assert defects() == [("activity_event", events[2].pk, "changed")]


def test_a_changed_byte_in_the_facts_is_named(events):
    by_hand("UPDATE activity_event SET data = %s WHERE id = %s", ['{"n": 9}', events[1].pk])
    assert defects() == [("activity_event", events[1].pk, "changed")]


def test_a_removed_row_is_named(events):
    by_hand("DELETE FROM activity_event WHERE id = %s", [events[3].pk])
    assert defects() == [("activity_event", events[3].pk, "missing")]


def test_two_swapped_rows_are_named(events):
    one, two = events[1].pk, events[4].pk
    by_hand("UPDATE activity_event SET data = '{\"n\": 4}' WHERE id = %s", [one])
    by_hand("UPDATE activity_event SET data = '{\"n\": 1}' WHERE id = %s", [two])
    assert defects() == [("activity_event", one, "changed"), ("activity_event", two, "changed")]


def test_a_row_put_in_past_the_queue_is_named(events):
    columns = "stream, kind, at, by_id, subject_kind, subject_id, data"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO activity_event ({columns}) SELECT {columns} FROM activity_event WHERE id = %s", [events[0].pk]
        )
    newest = Event.objects.latest("id").pk
    assert defects() == []
    Unsealed.objects.filter(row_id=newest).delete()
    assert defects() == [("activity_event", newest, "stray")]


def test_a_seal_that_was_changed_removed_or_cut_off_is_named(subject, officer):
    for _number in range(3):
        record(subject, "case.comment", by=officer)
        seals.seal_waiting()
    second = Seal.objects.get(stream="CAF", number=2)
    by_hand("UPDATE activity_sealedrow SET digest = %s WHERE seal_id = %s", ["0" * 64, second.pk])
    assert defects()[0] == ("activity_seal", second.pk, "seal_changed")
    last = Seal.objects.get(stream="CAF", number=3)
    by_hand("DELETE FROM activity_sealedrow WHERE seal_id = %s", [last.pk])
    by_hand("DELETE FROM activity_seal WHERE id = %s", [last.pk])
    assert ("activity_seal", 3, "seal_missing") in defects()


def test_a_confidential_value_may_be_erased_but_not_change(subject, officer):
    event = record(subject, "case.comment", by=officer, secret={"text": "The road is mined."})
    seals.seal_waiting()
    by_hand("UPDATE activity_erasablevalue SET value = 'The road is free.' WHERE event_id = %s", [event.pk])
    assert defects() == [("activity_event", event.pk, "value")]
    erase_value(event, "text", by=officer, reason="The source asked for it.")
    assert defects() == [] and not ErasableValue.objects.filter(event=event).exists()


def test_the_rolling_check_stops_the_stream_and_tells_outside(events, settings):
    settings.ANCHOR_TO = ["a@outside.example", "b@outside.example"]
    by_hand("UPDATE activity_event SET kind = 'case.deny' WHERE id = %s", [events[0].pk])
    checks.check_round()
    checks.check_round()
    assert f"Row {events[0].pk} of activity_event was changed" in checks.why_stopped("CAF", in_detail=True)
    assert checks.why_stopped("MLI") == ""
    told = Notification.objects.filter(kind="trail.break").values_list("address", flat=True)
    assert sorted(told) == ["a@outside.example", "b@outside.example"]


def test_the_rolling_check_comes_round(subject, officer, monkeypatch):
    monkeypatch.setattr(checks, "ROLLING", 2)
    for _number in range(3):
        record(subject, "case.comment", by=officer)
        seals.seal_waiting()
    seen = []
    for _round in range(4):
        checks.check_round()
        seen.append(Chain.objects.get(pk="CAF").checked)
    assert seen == [2, 3, 2, 3]


def test_each_chain_is_anchored_once_a_day_whatever_stood_still(events, settings, tmp_path, monkeypatch):
    settings.ANCHOR_TO, settings.ANCHOR_FILE = ["a@outside.example"], tmp_path / "anchors.jsonl"
    assert (anchors.anchor_all(), anchors.anchor_all()) == (1, 0)
    line = json.loads(settings.ANCHOR_FILE.read_text())
    head = Chain.objects.get(pk="CAF")
    assert (line["stream"], line["number"], line["count"], line["hash"]) == ("CAF", 1, 6, head.hash)
    delivery.deliver_due()
    assert mail.outbox[0].to == ["a@outside.example"]
    assert head.hash in mail.outbox[0].body and "CAF" in mail.outbox[0].subject
    later = timezone.now() + dt.timedelta(days=3)
    monkeypatch.setattr(anchors.timezone, "now", lambda: later)
    assert anchors.anchor_all() == 1


def test_the_file_grows_every_hour_and_the_mail_goes_once_a_day(events, settings, tmp_path, monkeypatch):
    settings.ANCHOR_TO, settings.ANCHOR_FILE = ["a@outside.example"], tmp_path / "anchors.jsonl"
    for moment in ("2027-03-01T08:10", "2027-03-01T08:59", "2027-03-01T09:00", "2027-03-01T23:59", "2027-03-02T00:00"):
        now = dt.datetime.fromisoformat(f"{moment}:00+00:00")
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        anchors.anchor_all()
    lines = [json.loads(line) for line in settings.ANCHOR_FILE.read_text().splitlines()]
    assert [line["at"][:16] for line in lines if line["stream"] == "CAF"] == [
        "2027-03-01T08:10", "2027-03-01T09:00", "2027-03-01T23:59", "2027-03-02T00:00",
    ]  # fmt: skip
    mailed = Event.objects.filter(kind="trail.anchor", data__anchor__stream="CAF").order_by("pk")
    assert [event.at.isoformat()[:16] for event in mailed] == ["2027-03-01T08:10", "2027-03-02T00:00"]
    assert list(checks.all_defects("CAF", settings.ANCHOR_FILE)) == []


def test_nobody_puts_the_anchors_off_by_the_row_of_the_chain(events, settings, tmp_path):
    settings.ANCHOR_TO, settings.ANCHOR_FILE = ["a@outside.example"], tmp_path / "anchors.jsonl"
    Chain.objects.update(anchored_at=timezone.now() + dt.timedelta(days=9000))
    assert anchors.anchor_all() == 1
    assert Event.objects.filter(kind="trail.anchor").exists()


def test_a_chain_written_anew_differs_from_its_anchor(events, settings, tmp_path):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    anchors.anchor_all()
    assert list(checks.all_defects("CAF", settings.ANCHOR_FILE)) == []
    by_hand("DELETE FROM activity_sealedrow")
    by_hand("DELETE FROM activity_seal")
    by_hand("UPDATE activity_event SET kind = 'case.deny' WHERE id = %s", [events[0].pk])
    Salt.objects.all().delete()
    Chain.objects.all().delete()
    with triggers.lifted(connection):
        pass
    seals.seal_waiting()
    assert defects() == []
    assert [one.what for one in checks.all_defects("CAF", settings.ANCHOR_FILE)] == ["anchor"]
