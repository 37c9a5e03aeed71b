"""Is somebody still told about a request that is no longer theirs to read: by mail, in the portal?"""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from cmcoord.accounts.models import Appointment
from cmcoord.activity import delivery, numbers
from cmcoord.activity.models import Notification
from cmcoord.activity.readable import is_readable, readable
from requests_app.models import ForceFile
from requests_app.services import make_move
from requests_app.services.joining import ask_to_join, take_back
from tests.factories import case_at, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def mails_to(user):
    return Notification.objects.filter(recipient=user, channel="mail")


def role_ended(user):
    Appointment.objects.filter(user=user).update(ends=timezone.localdate() - dt.timedelta(days=1))


def delivered(user) -> set[str]:
    delivery.deliver_due()
    return set(mails_to(user).values_list("status", flat=True))


def test_what_is_still_theirs_is_sent(people):
    case_at("transmitted", people, un_on_board=True)
    told = [people.ocha_bria, people.requester_bria, people.hc, people.undss, people.force_u3]
    assert [user for user in told if delivered(user) != {"sent"}] == []


@pytest.mark.parametrize("name", ["ocha_bria", "requester_bria", "hc", "force_u3"])
def test_whose_role_ended_meanwhile_reads_nothing_any_more(client, people, name):
    user = getattr(people, name)
    case = case_at("transmitted", people, un_on_board=True)
    role_ended(user)
    assert delivered(user) == {"withheld"}
    assert not [message for message in django_mail.outbox if user.email in message.to]
    assert not Notification.objects.refused().exists()  # nobody has to look at it
    client.force_login(user)
    page = client.get("/notifications/").content.decode()
    for word in (case.reference, fresh(case).force_reference):
        assert word not in page
    row = Notification.objects.in_app_of(user).first()
    assert client.post(f"/notifications/{numbers.hidden(row.pk)}/read/").headers["Location"] == "/notifications/"


def test_a_body_that_lost_the_consent_is_not_told_what_waited(people):
    case = case_at("reviewing", people)
    assert mails_to(people.log_cluster).exists()
    make_move(case, "withdraw_consent", by=people.requester_bria, what=["consent_partners"])
    assert delivered(people.log_cluster) == {"withheld"}


def test_a_force_that_lost_its_consent_is_told_to_destroy_what_it_saved(client, people):
    case = case_at("transmitted", people)
    client.force_login(people.force_u3)
    client.get(f"/force/{case.force_reference}/papers/1/")
    make_move(case, "withdraw_force", by=people.requester_bria)
    ForceFile.objects.all().delete()
    recall = mails_to(people.force_u3).get(event__kind="case.recall_papers")
    others = mails_to(people.force_u3).exclude(pk=recall.pk)
    assert others.exists() and is_readable(people.force_u3, recall.event)
    assert not any(is_readable(people.force_u3, row.event) for row in others)


def test_a_page_of_notifications_asks_once(people, django_assert_num_queries):
    case_at("transmitted", people)
    rows = Notification.objects.in_app_of(people.ocha_bria).select_related("event")
    events = [row.event for row in rows]
    readable(people.ocha_bria, events)
    with django_assert_num_queries(1):
        assert readable(people.ocha_bria, events) == {event.pk for event in events}


@pytest.mark.parametrize("status", ["closed", "countered", "cancelled", "denied"])
def test_nobody_is_told_what_they_may_not_read(people, status):
    case_at(status, people, un_on_board=True)
    rows = Notification.objects.exclude(recipient=None).select_related("event", "recipient__organisation")
    assert rows.count() > 20
    assert [f"{row.kind} to {row.recipient}" for row in rows if not is_readable(row.recipient, row.event)] == []


def test_who_is_asked_to_join_is_told_and_told_that_it_was_taken_back(people):
    case = case_at("clearing", people)
    asked = ask_to_join(case, by=people.requester_bria, organisation=people.requester_birao.organisation)
    told = Notification.objects.filter(recipient=people.requester_birao, channel="mail")
    assert delivered(people.requester_birao) == {"sent"}
    take_back(asked, by=people.requester_bria)
    last = told.get(event__kind="case.take_invitation_back")
    assert is_readable(people.requester_birao, last.event)
    assert not any(is_readable(people.requester_birao, row.event) for row in told.exclude(pk=last.pk))
