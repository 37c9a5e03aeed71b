"""What a person was told, which mails they want, and the demonstration's mailboxes."""

import pytest
from django.test import override_settings

from cmcoord.activity import delivery, kinds, numbers
from cmcoord.activity.models import DemoMail, Notification, Preference
from cmcoord.activity.services import Tell, record

pytestmark = pytest.mark.django_db

LIST, CHOICE, BOX = "/notifications/", "/notifications/preferences/", "/mailbox/"


@pytest.fixture(autouse=True)
def english(requester):
    requester.language = "en"
    requester.save()


@pytest.fixture
def reader(client, requester):
    client.force_login(requester)
    return client


def told(subject, reader, kind="case.review", **more):
    return record(subject, kind, by=None, tell=[Tell(reader, more.pop("expects", ""))], **more)


def page(client, address=LIST):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", [LIST, CHOICE])
def test_a_visitor_is_asked_to_sign_in(client, address):
    assert client.get(address).status_code == 302
    assert "/login/" in client.get(address).headers["Location"]


def test_the_list_tells_newest_first_what_happened_and_what_is_expected(reader, subject, requester):
    told(subject, requester, "case.submit")
    told(subject, requester, "case.return", expects="resubmit")
    text = page(reader)
    assert text.index("returned the request") < text.index("submitted the request")
    assert "CAF-AE-2026-0042" in text
    assert "You are asked to complete the request and submit it again." in text


def test_nobody_reads_what_another_was_told(reader, subject, requester, officer):
    event = told(subject, officer)
    assert "started the review" not in page(reader)
    row = event.notifications.get(channel="portal")
    assert reader.post(f"/notifications/{numbers.hidden(row.pk)}/read/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_an_empty_list_says_so(reader):
    assert "Nothing yet" in page(reader)


def test_opening_one_marks_it_read_and_goes_there(reader, subject, requester):
    row = told(subject, requester).notifications.get(channel="portal")
    response = reader.post(f"/notifications/{numbers.hidden(row.pk)}/read/")
    assert (response.status_code, response.headers["Location"]) == (302, "/requests/CAF-AE-2026-0042/")
    row.refresh_from_db()
    assert row.read_at


def test_looking_marks_nothing_read(reader, subject, requester):
    row = told(subject, requester).notifications.get(channel="portal")
    page(reader)
    assert reader.get(f"/notifications/{numbers.hidden(row.pk)}/read/").status_code == 405
    assert reader.get("/notifications/read/").status_code == 405
    row.refresh_from_db()
    assert row.read_at is None


def test_an_address_outside_the_portal_is_not_followed(reader, subject, requester):
    row = told(subject, requester, data={"url": "https://elsewhere.example/"}).notifications.get(channel="portal")
    assert reader.post(f"/notifications/{numbers.hidden(row.pk)}/read/").headers["Location"] == LIST


def test_marking_all_read_leaves_what_came_in_since(reader, subject, requester):
    seen = told(subject, requester).notifications.get(channel="portal")
    later = told(subject, requester).notifications.get(channel="portal")
    assert reader.post("/notifications/read/", {"up_to": numbers.hidden(seen.pk)}).status_code == 302
    assert list(Notification.objects.in_app_of(requester).unread()) == [later]
    reader.post("/notifications/read/", {"up_to": "no number"})
    assert Notification.objects.unread_count(requester) == 0


def test_marking_all_read_touches_nobody_else(reader, subject, officer):
    told(subject, officer)
    reader.post("/notifications/read/")
    assert Notification.objects.unread_count(officer) == 1


def test_pages_follow_each_other_without_gap_or_repetition(reader, subject, requester):
    for number in range(30):
        told(subject, requester, data={"reference": f"no-{number:02}"})
    first = page(reader)
    before = numbers.hidden(Notification.objects.in_app_of(requester).order_by("-pk")[24].pk)
    assert f"before={before}" in first
    second = page(reader, f"{LIST}?before={before}")
    seen = [[f"no-{number:02}" in text for number in range(30)] for text in (first, second)]
    assert seen == [[False] * 5 + [True] * 25, [True] * 5 + [False] * 25]


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40, "١"])
def test_a_senseless_page_key_shows_a_page(reader, subject, requester, before):
    told(subject, requester)
    assert reader.get(LIST, {"before": before}).status_code == 200


def test_the_list_costs_the_same_for_five_and_for_twenty_five(
    reader, subject, requester, officer, django_assert_max_num_queries
):
    for _ in range(25):
        record(subject, "case.review", by=officer, tell=[Tell(requester)])
    with django_assert_max_num_queries(6):
        page(reader)


def test_unread_ones_are_counted_no_further_than_they_are_told(subject, requester, django_assert_num_queries):
    event = told(subject, requester)
    for _ in range(3):
        told(subject, requester)
    with django_assert_num_queries(1):
        assert Notification.objects.unread_count(requester) == 4
    assert event.notifications.get(channel="portal").read_at is None


def test_a_force_reads_its_own_reference_and_neutral_words(client, subject, force_officer, officer):
    force_officer.language = "en"
    force_officer.save()
    data = {"force_reference": "F-CAF-2026-017", "force_url": "/force/F-CAF-2026-017/"}
    event = record(subject, "case.cancel", by=officer, data=data, tell=[Tell(force_officer, "acknowledge")])
    client.force_login(force_officer)
    text = page(client)
    assert "F-CAF-2026-017" in text
    assert "The escort does not take place." in text
    assert "CAF-AE" not in text
    assert "OCHA Bria" not in text
    row = event.notifications.get(channel="portal")
    assert client.post(f"/notifications/{numbers.hidden(row.pk)}/read/").headers["Location"] == "/force/F-CAF-2026-017/"


# Preferences


def test_the_choice_offers_only_what_may_be_switched_off(reader):
    text = page(reader, CHOICE)
    for key, group in kinds.GROUPS.items():
        assert (f'name="{key}"' in text) is not group.mandatory
        assert str(group.label).replace("'", "&#x27;") in text


def test_everything_is_mailed_until_a_person_chooses(reader, requester):
    assert page(reader, CHOICE).count("checked") == len([1 for group in kinds.GROUPS.values() if not group.mandatory])


def test_a_choice_is_kept_and_shown(reader, requester):
    response = reader.post(CHOICE, {"steps": "on", "decisions": ""}, follow=True)
    assert "Your choice is saved." in response.content.decode()
    stored = dict(Preference.objects.filter(user=requester).values_list("kind", "mail"))
    assert stored == {"steps": True, "movement": False, "talk": False, "meetings": False, "reminders": False}
    assert response.content.decode().count("checked") == 1


# Mailboxes


def test_outside_the_demonstration_there_are_no_mailboxes(reader):
    assert reader.get(BOX).status_code == 404


@override_settings(DEMO=True, EMAIL_BACKEND="cmcoord.activity.demo_mail.EmailBackend")
def test_a_visitor_of_the_demonstration_reads_what_each_person_received(client, subject, requester, officer):
    record(subject, "case.return", by=officer, tell=[Tell(requester, "resubmit")])
    record(subject, "invitation.send", by=officer, tell=[Tell(address="new@demo.example")])
    assert delivery.deliver_due() == 2
    boxes = page(client, BOX)
    assert requester.email in boxes
    assert "new@demo.example" in boxes
    mails = page(client, f"{BOX}?to={requester.email}")
    assert "please complete and submit again" in mails
    assert "OCHA Bria returned the request for completion." in mails
    assert 'href="http' in mails
    assert "Invitation to the" not in mails


@override_settings(DEMO=True, EMAIL_BACKEND="cmcoord.activity.demo_mail.EmailBackend")
def test_a_mail_delivered_twice_is_in_the_mailbox_once(subject, requester, officer):
    record(subject, "case.return", by=officer, tell=[Tell(requester)])
    row = Notification.objects.get(channel="mail")
    delivery.mail.message_for(row).send()
    assert delivery.deliver_due() == 1
    assert list(DemoMail.objects.values_list("recipient", flat=True)) == [requester.pk]


@override_settings(DEMO=True)
def test_a_mailbox_of_nobody_is_empty(client):
    assert "No mail yet" in page(client, f"{BOX}?to=nobody@demo.example")
