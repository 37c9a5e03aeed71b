"""How rows of the trail name themselves to whoever looks at them in a shell or a log: never with a secret."""

import pytest
from django.utils import timezone

from cmcoord.activity.models import DemoMail, Preference, Reminder
from cmcoord.activity.services import Tell, record

pytestmark = pytest.mark.django_db


def test_rows_name_themselves_without_what_they_hold(subject, officer, requester):
    event = record(subject, "case.deny", by=officer, secret={"reason": "canary"}, tell=[Tell(requester)])
    rows = [event, event.erasable_values.get(), *event.notifications.order_by("id")]
    rows += [Preference(kind="steps", mail=True), Preference(kind="talk", mail=False)]
    rows += [
        Reminder(subject_kind="case", subject_id=7, key="hc.half", due_at=timezone.now()),
        DemoMail(subject="Hello"),
    ]
    assert [str(row) for row in rows] == [
        "case.deny case/7",
        f"reason of event {event.pk}",
        "case.deny portal sent",
        "case.deny mail pending",
        "steps: mail",
        "talk: no mail",
        "hc.half of case/7",
        "Hello",
    ]
