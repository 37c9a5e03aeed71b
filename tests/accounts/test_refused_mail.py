"""Mails that no server takes: administrators see whose and since when, and have them sent again."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cmcoord.accounts import refused_mail, services
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Role
from cmcoord.activity import delivery
from cmcoord.activity.models import Event, Notification
from cmcoord.activity.numbers import hidden

SECRET = "Convoy of eight trucks"


@pytest.fixture
def refused(admin, admin2, nobody, car):
    """A mail to somebody whose address does not exist; the server's answer repeats a line of the message."""
    services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    mail = Notification.objects.get(recipient=nobody, channel="mail")
    Notification.objects.exclude(pk=mail.pk).update(status="sent", sent_at=timezone.now())
    error = f"SMTPRecipientsRefused: {{'x': (550, b'5.1.1 unknown; {SECRET}')}}"
    Notification.objects.filter(pk=mail.pk).update(status="failed", attempts=3, last_error=error)
    return Notification.objects.get(pk=mail.pk)


def test_the_page_says_who_what_since_when_and_nothing_of_the_message(client, refused, admin):
    client.force_login(admin)
    page = client.get("/accounts/mails/").content.decode()
    for words in (str(refused.recipient), "Appointment given", "3 attempts", "refused it: 550 5.1.1.", "(Bangui)"):
        assert words in page
    assert SECRET not in page
    assert "/accounts/mails/" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("SMTPDataError: (554, b'5.7.1 rejected')", "The mail server refused it: 554 5.7.1."),
        ("SMTPDataError: (552, b'too big')", "The mail server refused it: 552."),
        ("The recipient has no address.", "No mail server took it."),
        (f"TemplateSyntaxError: {SECRET}", "No mail server took it."),
    ],
)
def test_of_an_error_only_the_code_is_shown(error, words):
    assert refused_mail.reason(Notification(last_error=error)) == words


def test_an_administrator_has_it_sent_again(client, refused, admin, mailoutbox):
    client.force_login(admin)
    assert client.post(f"/accounts/mails/{hidden(refused.pk)}/send/").url == "/accounts/mails/"
    event = Event.objects.get(kind="mail.send_again")
    assert (event.by, event.stream, event.subject_id) == (admin, "CAF", refused.pk)
    assert event.data["recipient"] == refused.recipient_id and event.data["attempts"] == 3
    assert delivery.deliver_due() == 1
    assert mailoutbox[0].to == [refused.recipient.email]
    assert refused_mail.count() == 0
    assert client.post(f"/accounts/mails/{hidden(refused.pk)}/send/").status_code == 403
    assert Event.objects.filter(kind="mail.send_again").count() == 1


@pytest.mark.parametrize("role", ["ocha_bgi", "hc", "nobody", "force_u3"])
def test_nobody_else_has_anything_sent_again(refused, role, request):
    with pytest.raises(PermissionDenied):
        refused_mail.send_again(refused, by=request.getfixturevalue(role))
    refused.refresh_from_db()
    assert refused.status == "failed"


def test_mail_to_a_closed_account_needs_nobody(client, refused, admin):
    User.objects.filter(pk=refused.recipient_id).update(is_active=False)
    client.force_login(admin)
    assert refused_mail.count() == 0
    assert client.post(f"/accounts/mails/{hidden(refused.pk)}/send/").status_code == 403
    assert "Every mail was taken" in client.get("/accounts/mails/").content.decode()


def test_what_is_shown_in_the_portal_cannot_be_sent(client, refused, admin):
    note = Notification.objects.filter(channel="portal").first()
    client.force_login(admin)
    assert client.post(f"/accounts/mails/{hidden(note.pk)}/send/").status_code == 404


def test_the_person_reads_it_on_their_profile_until_a_mail_arrives(client, refused, nobody):
    client.force_login(nobody)
    assert refused_mail.unreached_since(nobody) == refused.event.at
    assert f"Mail to {nobody.email} does not arrive since" in client.get("/me/").content.decode()
    later = refused.event.at + dt.timedelta(hours=1)
    Notification.objects.filter(pk=refused.pk).update(status="sent", sent_at=later)
    assert refused_mail.unreached_since(nobody) is None
    assert "does not arrive" not in client.get("/me/").content.decode()
