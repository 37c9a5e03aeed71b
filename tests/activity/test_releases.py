"""Every mail that the mail server took for somebody of a force has its row in the release ledger; no other mail has."""

import hashlib

import pytest
from django.core import mail as django_mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from cmcoord.activity import delivery, releases
from cmcoord.activity.models import Notification
from cmcoord.activity.releases import Release
from cmcoord.activity.services import Tell, record
from tests.activity.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def soldier(db):
    return person("u3", "un_military")


@pytest.fixture
def told(subject, officer, requester, soldier):
    """One event, told to a humanitarian and to somebody of a force."""
    data = {"force_reference": "F-CAF-2026-001", "reference": "CAF-AE-2026-0001"}
    return record(subject, "case.schedule", by=officer, data=data, tell=[Tell(requester), Tell(soldier)])


def sent_to_forces():
    rows = Notification.objects.filter(channel="mail", status="sent").select_related("recipient__organisation")
    return {row.pk for row in rows if row.recipient and row.recipient.side == "force"}


def in_the_ledger():
    return list(Release.objects.filter(what="mail").order_by("id").values_list("notification", flat=True))


def test_the_ledger_holds_the_bytes_that_the_force_received(told, soldier):
    delivery.deliver_due()
    row = Release.objects.get()
    (message,) = [message for message in django_mail.outbox if message.to == [soldier.email]]
    handed_over = "\0".join([message.subject, message.body, message.alternatives[0].content])
    assert row.sha256 == hashlib.sha256(handed_over.encode()).hexdigest()
    assert (row.recipient, row.organisation, row.event, row.reference) == (
        soldier, soldier.organisation, told, "F-CAF-2026-001"
    )  # fmt: skip
    assert row.at == row.notification.sent_at
    assert in_the_ledger() == sorted(sent_to_forces())


def test_a_crash_between_sending_and_marking_leaves_one_row(told, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(delivery, "mark_sent", killed)
        delivery.deliver_due()
    assert not Release.objects.exists()
    Notification.objects.filter(status="leased").update(lease_until=timezone.now())
    delivery.deliver_due()
    assert in_the_ledger() == sorted(sent_to_forces())
    assert len(in_the_ledger()) == 1


def test_without_its_row_a_mail_does_not_count_as_sent(told, monkeypatch):
    def refuses(**facts):
        raise DatabaseError("no room")

    with monkeypatch.context() as patch, pytest.raises(DatabaseError), transaction.atomic():
        patch.setattr(releases.Release.objects, "create", refuses)
        delivery.deliver_due()
    assert not sent_to_forces()


def test_a_late_worker_enters_nothing(told, soldier):
    (row,) = [row for row in delivery.claim(timezone.now(), 50, Notification.Channel.MAIL) if row.recipient == soldier]
    Notification.objects.filter(pk=row.pk).update(lease_key="somebody else's")
    delivery.send_one(row, django_mail.get_connection())
    assert not Release.objects.exists()


def test_a_refused_mail_reached_nobody(told, soldier):
    soldier.is_active = False
    soldier.save()
    delivery.deliver_due()
    assert not Release.objects.exists()


@pytest.mark.parametrize("act", [lambda row: row.delete(), lambda row: Release.objects.update(sha256="0" * 64)])
def test_the_ledger_is_only_added_to(told, act):
    delivery.deliver_due()
    row = Release.objects.get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act(row)
    assert Release.objects.get().sha256 == row.sha256
