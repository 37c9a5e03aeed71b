"""Does a strict parser read what the portal sends to calendars, and does an entry stay the same one? (Shown by 2)"""

import datetime as dt
from email import message_from_bytes

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cmcoord.accounts.models import Organisation
from cmcoord.activity import delivery
from cmcoord.activity.models import Notification, Release
from cmcoord.meetings import ics, services
from cmcoord.meetings.models import FeedToken
from contacts.models import Holding, Person, Post
from contacts.services import change_body
from tests.meetings.making import HALL, HOUR, cell_of, chaired, planned, seat
from tests.meetings.test_minutes_pages import browser

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def entries(content: bytes) -> list:
    """The entries of a calendar that the parser finds nothing wrong with."""
    assert content.decode().replace("\r\n", "").count("\n") == 0, "lines end as RFC 5545 asks"
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(content)
    assert not calendar.errors and calendar["version"] == "2.0" and calendar["prodid"]
    zones = {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")}
    found = list(calendar.walk("VEVENT"))
    for entry in found:
        assert not entry.errors and entry["uid"] and entry["dtstamp"].dt.tzinfo
        assert str(entry["dtstart"].params["TZID"]) in zones
    return found


def sent() -> list[tuple[str, str, bytes]]:
    """Each mail that went out since: to whom, the method of its entry, the entry."""
    mail.outbox.clear()
    delivery.deliver_due()
    found = []
    for message in mail.outbox:
        parts = message_from_bytes(message.message().as_bytes()).walk()
        for part in parts:
            if part.get_content_type() == "text/calendar":
                assert part.get_filename() == "meeting.ics"
                found.append((message.to[0], part.get_param("method"), part.get_payload(decode=True)))
    return found


def test_everybody_of_the_body_is_invited_with_an_entry_that_follows_the_meeting(people):
    """Shown by 2: invited, moved, cancelled: one UID, SEQUENCE rises, both zones, nothing but body, place and time."""
    body = chaired(people)
    seat(body, "member", "AID-A", by=people.ocha_bgi, function="Heads of mission of INGOs")
    meeting = planned(body, people.ocha_bria)
    services.invite(meeting, by=people.ocha_bria)
    first = sent()
    assert {to for to, _method, _content in first} == {
        "ocha.bria@example.org", "force.sector@example.org", "req.bria@example.org", "req2.bria@example.org"
    }  # fmt: skip
    meeting = services.move(meeting, by=people.ocha_bria, starts=meeting.starts + DAY, ends=meeting.ends + DAY)
    second = sent()
    services.cancel(meeting, by=people.ocha_bria)
    third = sent()
    for mails, method, sequence, status in (
        (first, "REQUEST", 0, "CONFIRMED"), (second, "REQUEST", 1, "CONFIRMED"), (third, "CANCEL", 2, "CANCELLED")
    ):  # fmt: skip
        assert len(mails) == 4
        for to, told, content in mails:
            [entry] = entries(content)
            assert told == method and str(Calendar.from_ical(content)["method"]) == method
            assert (str(entry["uid"]), entry["sequence"], str(entry["status"])) == (ics.uid(meeting), sequence, status)
            assert str(entry["attendee"]) == f"mailto:{to}" and str(entry["organizer"]).startswith("mailto:")
            assert str(entry["location"]) == "Community hall" and "agenda" not in entry["description"].lower()
            assert "UTC" in entry["description"] and "Africa/Bangui" in entry["description"]
    [entry] = entries(second[0][2])
    assert entry["dtstart"].dt == meeting.starts and entry["dtend"].dt == meeting.ends
    assert entry["dtstart"].dt.utcoffset() == HOUR


def test_what_a_force_is_told_stands_in_the_ledger_and_says_body_time_and_place(people):
    body = chaired(people)
    services.invite(planned(body, people.ocha_bria), by=people.ocha_bria)
    sent()
    [message] = [one for one in mail.outbox if one.to == ["force.sector@example.org"]]
    assert "OCHA" in message.body and body.name_fr in message.body and "Community hall" in message.body
    assert "UTC" in message.body and "OCHA Bria" not in message.body
    assert list(Release.objects.filter(what="mail").values_list("recipient__username", flat=True)) == ["force.sector"]


def test_a_post_is_invited_through_its_holders_or_its_mailbox(people):
    body = cell_of()
    wfp = people.requester_un.organisation
    post = Post.objects.create(
        organisation=wfp, country_id="CAF", station=body.station, function="Logistician", mailbox="log@example.org",
        created_by=people.ocha_bria,
    )  # fmt: skip
    seat(body, "member", "WFP", by=people.ocha_bgi, function="UN agencies, funds and programmes", post=post)
    assert [one.address for one in services.members(body)] == ["log@example.org"]
    person = Person.objects.create(name="Somebody", user=people.requester_un)
    Holding.objects.create(post=post, person=person, starts=timezone.localdate(), recorded_by=people.ocha_bria)
    assert [one.user for one in services.members(body)] == [people.requester_un]


def test_a_mailbox_of_a_force_is_invited_too_and_stands_in_the_ledger(people):
    body = cell_of()
    minusca = people.force_u3.organisation
    post = Post.objects.create(
        organisation=minusca, country_id="CAF", station=body.station, function="G3", mailbox="g3@example.org",
        created_by=people.ocha_bria,
    )  # fmt: skip
    seat(body, "co_chair", "MINUSCA", by=people.ocha_bgi, post=post)
    services.invite(planned(body, people.ocha_bria), by=people.ocha_bria)
    assert [to for to, _method, _content in sent()] == ["g3@example.org"]
    row = Release.objects.get()
    assert (row.what, row.organisation, row.recipient) == ("mail", minusca, None)
    assert "OCHA Bria" not in mail.outbox[0].body and "g3@" not in str(row.event.data)


def test_a_whole_series_is_invited_in_one_mail_with_the_entries_of_each_meeting(people):
    body, by = chaired(people), people.ocha_bria
    today = timezone.localdate()
    series = services.plan_series(
        body, by=by, every="week", first_day=today + 2 * DAY, at=dt.time(9), minutes=60, until=today + 20 * DAY,
        where=HALL,
    )  # fmt: skip
    first, second, third = series.meetings.order_by("starts")
    guest = {"organisation_text": "Radio Bria", "category": "other", "presence": "expected"}
    services.add_guest(second, by=by, email="radio@example.org", **guest)
    for user in (people.force_sector, people.requester_bria):
        with pytest.raises(PermissionDenied):
            services.invite_series(series, by=user)
    url = reverse("meetings:invite_series", args=[first.uid])
    assert browser(people.force_sector).post(url).status_code == 403
    assert browser(people.donor).post(url).status_code == 404
    assert browser(by).post(url).status_code == 302
    mails = sent()
    to_all = {to: (method, content) for to, method, content in mails if method == "PUBLISH"}
    assert set(to_all) == {"ocha.bria@example.org", "force.sector@example.org"} and len(mails) == 3
    for method, content in to_all.values():
        found = entries(content)
        assert str(Calendar.from_ical(content)["method"]) == method
        assert [str(entry["uid"]) for entry in found] == [ics.uid(row) for row in (first, second, third)]
        assert not any("attendee" in entry for entry in found) and all(entry["organizer"] for entry in found)
    assert [(to, method) for to, method, _content in mails if method != "PUBLISH"] == [("radio@example.org", "REQUEST")]
    [letter] = [one for one in mail.outbox if one.to == ["force.sector@example.org"]]
    assert body.name_en in letter.body and "OCHA Bria" not in letter.body and str(first.uid) in letter.body
    [letter] = [one for one in mail.outbox if one.to == ["radio@example.org"]]
    assert "Community hall" in letter.body and "Radio" not in letter.body
    services.move(second, by=by, starts=second.starts + HOUR, ends=second.ends + HOUR)
    moved = {to: entries(content)[0] for to, _method, content in sent()}
    assert set(moved) == {*to_all, "radio@example.org"}
    assert {(str(entry["uid"]), entry["sequence"]) for entry in moved.values()} == {(ics.uid(second), 1)}
    services.end_series(series, by=by)
    with pytest.raises(ValidationError, match="ended"):
        services.invite_series(series, by=by)


def test_a_guest_of_a_force_is_invited_from_the_list_alone(people):
    body, by = chaired(people), people.ocha_bria
    change_body(body, by=by, rules={"security_forces": True})
    meeting = planned(body, by)
    guest = {"category": "security_forces", "presence": "expected", "email": "post@example.org"}
    for name, category in (("Gendarmes", "security_forces"), ("MINUSCA, secteur est", "other")):
        with pytest.raises(ValidationError, match="release ledger") as refused:
            services.add_guest(meeting, by=by, organisation_text=name, **guest | {"category": category})
        assert list(refused.value.message_dict) == ["email"]
    faca = Organisation.objects.get(acronym="FACA")
    services.add_guest(meeting, by=by, organisation=faca, **guest)
    services.add_guest(meeting, by=by, organisation_text="Twice", category="other", email="Ocha.Bria@example.org")
    services.invite(meeting, by=by)
    assert sorted(to for to, _method, _content in sent()) == [
        "force.sector@example.org", "ocha.bria@example.org", "post@example.org"
    ]  # fmt: skip
    assert set(Release.objects.values_list("organisation__acronym", flat=True)) == {"FACA", "MINUSCA"}
    words = browser(people.force_sector).get(reverse("meetings:attendance", args=[meeting.uid])).content.decode()
    assert "post@example.org" not in words and 'name="email"' not in words


def test_nobody_is_told_of_changes_before_the_invitation_and_an_empty_body_invites_nobody(people):
    body = cell_of()
    meeting = planned(body, people.ocha_bria)
    with pytest.raises(ValidationError, match="Nobody sits"):
        services.invite(meeting, by=people.ocha_bria)
    seat(body, "co_chair", "MINUSCA", by=people.ocha_bgi)
    services.move(meeting, by=people.ocha_bria, starts=meeting.starts + DAY, ends=meeting.ends + DAY)
    assert not Notification.objects.exists()


def test_who_sits_there_no_longer_gets_no_mail_that_waited(people):
    body = chaired(people)
    services.invite(planned(body, people.ocha_bria), by=people.ocha_bria)
    body.seats.get(kind="co_chair").sittings.update(ends=timezone.localdate())
    assert "force.sector@example.org" not in {to for to, _method, _content in sent()}


def test_a_feed_reads_what_its_person_sees_at_that_time(people, client):
    body, other = chaired(people), cell_of("bambari")
    seen, hidden = planned(body, people.ocha_bgi), planned(other, people.ocha_bgi)
    cancelled = services.cancel(planned(body, people.ocha_bgi, starts=timezone.now() + 9 * DAY), by=people.ocha_bgi)
    url = f"/meetings/feed/{services.open_feed(by=people.force_sector)}.ics"
    answer = client.get(url)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer.headers["Cache-Control"]
    found = {str(entry["uid"]): str(entry["status"]) for entry in entries(answer.content)}
    assert found == {ics.uid(seen): "CONFIRMED", ics.uid(cancelled): "CANCELLED"}
    assert other.name_fr.encode() not in answer.content and str(hidden.uid).encode() not in answer.content
    assert FeedToken.objects.get().last_used_at
    body.seats.get(kind="co_chair").sittings.update(ends=timezone.localdate())
    assert entries(client.get(url).content) == []


def test_a_feed_is_revoked_replaced_and_closed_with_the_account(people, client):
    def status(word):
        return client.get(f"/meetings/feed/{word}.ics").status_code

    user = people.ocha_bria
    first = services.open_feed(by=user)
    second = services.open_feed(by=user)
    assert (status(first), status(second), status("x" * 43)) == (404, 200, 404)
    assert services.revoke_feed(by=user) and status(second) == 404 and not services.revoke_feed(by=user)
    third = services.open_feed(by=user)
    assert not FeedToken.objects.filter(digest__contains=third).exists() and len(third) >= 43
    user.held_at = timezone.now()
    user.save()
    assert status(third) == 404
    user.held_at, user.is_active = None, False
    user.save()
    assert status(third) == 404


def test_addresses_of_feeds_cannot_be_guessed_at_leisure(people, client):
    word = services.open_feed(by=people.ocha_bria)
    answers = {client.get(f"/meetings/feed/{number:043d}.ics").status_code for number in range(70)}
    assert answers == {404, 429}
    assert client.get(f"/meetings/feed/{word}.ics").status_code == 200, "who has the address goes on"


def test_the_signs_of_every_language_pass_into_the_calendar(people):
    body = cell_of()
    where = services.Where(place="Salle Nɔ̀ŋ, « chez l’éléphant »; angle, ɛ")
    meeting = planned(body, people.ocha_bria, where=where)
    [entry] = entries(ics.feed([meeting], at=timezone.now()))
    assert str(entry["location"]) == where.place
