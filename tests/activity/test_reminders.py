"""A reminder is a row with "due" and "sent": a worker that was away for days loses none and sends none twice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cmcoord.activity.models import Reminder

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def reminder(key, hours, **more):
    return Reminder.objects.create(
        subject_kind="case", subject_id=7, key=key, due_at=NOW + timedelta(hours=hours), **more
    )


def test_what_is_due_and_open_comes_oldest_first_however_long_ago():
    reminder("later", 1)
    reminder("sent", -5, sent_at=NOW)
    reminder("void", -5, void_at=NOW)
    recent, old = reminder("recent", -1), reminder("old", -72)
    assert list(Reminder.objects.due(NOW)) == [old, recent]


def test_only_open_ones_of_the_subject_are_found(subject):
    mine = reminder("hc.half", 1)
    reminder("hc.due", 1, void_at=NOW)
    Reminder.objects.create(subject_kind="case", subject_id=8, key="hc.half", due_at=NOW)
    assert list(Reminder.objects.open_for(subject)) == [mine]


def test_the_same_moment_is_reminded_of_once():
    reminder("hc.half", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        reminder("hc.half", 2)


def test_a_reminder_is_not_both_sent_and_void():
    with pytest.raises(IntegrityError), transaction.atomic():
        reminder("hc.half", 1, sent_at=NOW, void_at=NOW)
