"""Waiting mail reaches its reader: through leases, refusals and servers that are down."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.utils import timezone

from cmcoord.activity import delivery
from cmcoord.activity.models import ErasableValue, Notification
from cmcoord.activity.services import Tell, record
from tests.activity.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(subject, officer, requester):
    """One mail that waits."""
    return record(subject, "case.approve", by=officer, tell=[Tell(requester)]).notifications.get(channel="mail")


def tell_everybody(subject, officer, count=3):
    readers = [person(f"reader{number}", "ingo") for number in range(count)]
    record(subject, "case.approve", by=officer, tell=[Tell(reader) for reader in readers])
    return readers


def statuses():
    mails = Notification.objects.filter(channel="mail").select_related("recipient")
    return {row.recipient.username: (row.status, row.attempts) for row in mails}


def make_due():
    Notification.objects.filter(status="pending").update(due_at=timezone.now())


def let_lease_run_out():
    Notification.objects.filter(status="leased").update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_mail_goes_to_exactly_one_person(waiting, requester):
    assert delivery.deliver_due() == 1
    (sent,) = django_mail.outbox
    assert (sent.to, sent.cc, sent.bcc) == ([requester.email], [], [])
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attempts, waiting.lease_until, waiting.last_error) == ("sent", 1, None, "")
    assert waiting.sent_at


def test_what_is_sent_is_not_sent_again(waiting):
    assert [delivery.deliver_due(), delivery.deliver_due()] == [1, 0]


def test_what_is_not_due_waits(waiting):
    Notification.objects.update(due_at=timezone.now() + timedelta(minutes=5))
    assert delivery.deliver_due() == 0


def test_two_workers_never_hold_the_same_row(subject, officer):
    tell_everybody(subject, officer, 5)
    first, second = delivery.claim(timezone.now(), 3, "mail"), delivery.claim(timezone.now(), 50, "mail")
    assert (len(first), len(second)) == (3, 2)
    assert not {row.pk for row in first} & {row.pk for row in second}


@pytest.mark.django_db(transaction=True)
def test_workers_that_reach_out_at_once_share_the_rows(subject, officer):
    tell_everybody(subject, officer, 40)

    def worker():
        try:
            return [row.pk for _ in range(10) for row in delivery.claim(timezone.now(), 5, "mail")]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        claimed = [pk for share in [pool.submit(worker) for _ in range(4)] for pk in share.result()]
    assert len(claimed) == len(set(claimed)) == 40


def test_a_lease_that_ran_out_is_taken_over(waiting):
    (lost,) = delivery.claim(timezone.now(), 50, "mail")
    assert delivery.deliver_due() == 0
    let_lease_run_out()
    assert delivery.deliver_due() == 1
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attempts) == ("sent", 2)
    delivery.try_later(lost, "a worker that woke up too late")
    waiting.refresh_from_db()
    assert waiting.status == "sent"


def test_both_attempts_carry_the_same_message_id(waiting, settings):
    settings.PORTAL_URL = "https://portal.example"
    (lost,) = delivery.claim(timezone.now(), 50, "mail")
    delivery.mail.message_for(lost).send()  # sent, and killed before it could be written down
    let_lease_run_out()
    delivery.deliver_due()
    ids = [sent.extra_headers["Message-ID"] for sent in django_mail.outbox]
    assert len(ids) == 2 and len(set(ids)) == 1
    assert re.fullmatch(r"<[0-9a-f]{12}@portal\.example>", ids[0]) and int(ids[0][1:13], 16) != waiting.pk


def test_a_batch_uses_one_connection(subject, officer, sink):
    tell_everybody(subject, officer, 5)
    assert delivery.deliver_due() == 5
    assert sink.connections == 1
    assert sorted(sink.readers) == [f"reader{number}@demo.example" for number in range(5)]
    assert all(len(readers) == 1 for readers, _ in sink.taken)


def test_more_than_a_batch_is_sent_in_one_run(subject, officer, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 2)
    tell_everybody(subject, officer, 5)
    assert delivery.deliver_due() == 5


def test_a_run_that_took_its_time_leaves_the_rest_to_the_next(waiting, monkeypatch):
    monkeypatch.setattr(delivery, "ONE_RUN", 0)
    assert delivery.deliver_due() == 0
    waiting.refresh_from_db()
    assert waiting.status == "pending"


def test_a_reader_that_does_not_exist_is_given_up_and_the_others_go_on(subject, officer, sink):
    tell_everybody(subject, officer)
    sink.refuse_reader = {"reader1@demo.example": (550, "no such reader")}
    assert delivery.deliver_due() == 2
    assert statuses() == {"reader0": ("sent", 1), "reader1": ("failed", 1), "reader2": ("sent", 1)}
    assert "no such reader" in Notification.objects.get(status="failed").last_error


def test_a_reader_refused_for_now_is_tried_again(subject, officer, sink):
    tell_everybody(subject, officer)
    sink.refuse_reader = {"reader1@demo.example": (451, "try later")}
    assert delivery.deliver_due() == 2
    assert statuses()["reader1"] == ("pending", 1)
    sink.refuse_reader = {}
    assert delivery.deliver_due() == 0
    make_due()
    assert delivery.deliver_due() == 1
    assert statuses()["reader1"] == ("sent", 2)


@pytest.mark.parametrize(("code", "status"), [(552, "failed"), (452, "pending")])
def test_a_refused_content_is_given_up_or_tried_again(subject, officer, sink, code, status):
    tell_everybody(subject, officer)
    sink.refuse_content = {"reader0@demo.example": (code, "not this")}
    assert delivery.deliver_due() == 2
    assert statuses() == {"reader0": (status, 1), "reader1": ("sent", 1), "reader2": ("sent", 1)}


def test_a_server_that_hangs_up_on_one_mail_takes_the_others(subject, officer, sink):
    tell_everybody(subject, officer)
    sink.hang_up_on = {"reader0@demo.example"}
    assert delivery.deliver_due() == 2
    assert statuses() == {"reader0": ("pending", 1), "reader1": ("sent", 1), "reader2": ("sent", 1)}
    assert sink.connections == 2


def test_a_mail_server_that_is_down_costs_no_attempt(subject, officer, sink):
    tell_everybody(subject, officer)
    sink.stop()
    for _ in range(delivery.MAX_ATTEMPTS + 2):
        assert delivery.deliver_due() == 0
    assert set(statuses().values()) == {("pending", 0)}
    sink.start()
    assert delivery.deliver_due() == 3
    assert set(statuses().values()) == {("sent", 1)}
    assert len(sink.message_ids) == len(set(sink.message_ids)) == 3


def test_waits_grow_up_to_six_hours():
    minutes = [delivery.wait_after(attempts) / timedelta(minutes=1) for attempts in range(1, 11)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]


def test_the_tenth_refusal_is_the_last(subject, officer, sink):
    tell_everybody(subject, officer, 1)
    sink.refuse_reader = {"reader0@demo.example": (451, "try later")}
    for _ in range(12):
        make_due()
        delivery.deliver_due()
    assert statuses() == {"reader0": ("failed", 10)}


def test_a_mail_that_kills_its_worker_each_time_is_given_up(waiting):
    for _ in range(delivery.MAX_ATTEMPTS):
        assert delivery.claim(timezone.now(), 50, "mail")
        let_lease_run_out()
    assert delivery.deliver_due() == 0
    waiting.refresh_from_db()
    assert waiting.status == "failed"


def test_a_mail_that_cannot_be_written_is_tried_later_and_the_others_go_on(subject, officer):
    readers = tell_everybody(subject, officer)
    readers[0].__class__.objects.filter(pk=readers[0].pk).update(email="two\nlines@demo.example")
    assert delivery.deliver_due() == 2
    row = Notification.objects.get(recipient=readers[0], channel="mail")
    assert (row.status, row.attempts) == ("pending", 1)
    assert "BadHeaderError" in row.last_error
    assert row.due_at > timezone.now() + timedelta(seconds=50)


def test_somebody_deactivated_meanwhile_gets_no_mail(waiting, requester):
    requester.is_active = False
    requester.save()
    assert delivery.deliver_due() == 0
    waiting.refresh_from_db()
    assert (waiting.status, django_mail.outbox) == ("failed", [])


def test_somebody_whose_address_was_removed_gets_no_mail(waiting, requester):
    requester.email = ""
    requester.save()
    assert delivery.deliver_due() == 0
    waiting.refresh_from_db()
    assert waiting.status == "failed"


def test_a_lease_that_is_nearly_over_is_not_begun(waiting):
    rows = delivery.claim(timezone.now(), 50, "mail")
    rows[0].lease_until = timezone.now() + timedelta(seconds=5)
    assert delivery.send_batch(rows) == 0
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attempts) == ("pending", 0)


def test_a_one_time_link_is_destroyed_once_it_is_sent(subject, officer):
    link = "https://portal.example/invitation/secret-token/"
    event = record(
        subject, "invitation.send", by=officer, secret={"link": link}, tell=[Tell(address="new@demo.example")]
    )
    assert link not in str(event.data)
    assert delivery.deliver_due() == 1
    assert link in django_mail.outbox[0].body
    assert not ErasableValue.objects.exists()
    assert event.data["digests"]["link"]


def test_the_portal_keeps_what_is_read_in_the_portal_out_of_the_mail_queue(waiting):
    assert Notification.objects.filter(channel="portal", status="sent").count() == 1
    assert Notification.objects.claimable(timezone.now(), "mail").count() == 1
