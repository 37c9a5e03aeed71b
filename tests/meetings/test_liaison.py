"""Is a contact written down in a moment, and does the week of a cell reach the national unit and nobody else?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts.models import Organisation
from cmcoord.activity.models import ErasableValue, Event, Notification
from cmcoord.meetings.models.liaison import LiaisonContact, WeeklySummary
from cmcoord.meetings.regularity import monday_of
from cmcoord.meetings.services import liaison as services
from cmcoord.meetings.waiting import waiting_for
from requests_app.models import Case
from tests.factories import case_at
from tests.meetings.making import chaired
from tests.meetings.test_minutes_pages import browser
from tests.meetings.test_points import overdue, raised

pytestmark = pytest.mark.django_db


def logged(body, by, **facts):
    minusca = Organisation.objects.get(acronym="MINUSCA")
    given = {"organisation": minusca, "means": "radio", "subject": "State of the bridge"} | facts
    return services.log_contact(body, by=by, **given)


def test_four_words_are_enough(people):
    body = chaired(people)
    row = logged(body, people.ocha_bria, with_whom="G3")
    assert LiaisonContact.objects.get() == row
    event = Event.objects.get(kind="exchange.log")
    assert "bridge" not in str(event.data) and not ErasableValue.objects.filter(event=event).exists()
    assert not Notification.objects.filter(kind="exchange.log").exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"follow_up_due": "later"}, "follow_up"),
        ({"follow_up": "Call again", "follow_up_due": "before"}, "follow_up_due"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(people, facts, field):
    body = chaired(people)
    days = {"later": body.country.today + dt.timedelta(days=2), "before": body.country.today - dt.timedelta(days=1)}
    if "follow_up_due" in facts:
        facts = facts | {"follow_up_due": days[facts["follow_up_due"]]}
    with pytest.raises(ValidationError) as refused:
        logged(body, people.ocha_bria, **facts)
    assert field in refused.value.message_dict and not LiaisonContact.objects.exists()


@pytest.mark.parametrize("name", ["force_sector", "requester_bria", "ocha_birao", "hc", "donor"])
def test_the_log_is_ochas(people, name):
    body = chaired(people)
    with pytest.raises(PermissionDenied):
        logged(body, getattr(people, name))
    with pytest.raises(PermissionDenied):
        services.send_summary(body, by=getattr(people, name), day=body.country.today)


def test_line_1_28_the_week_lists_contacts_cases_meetings_and_points_and_is_frozen_when_sent(people):
    body = chaired(people)
    case = case_at("submitted", people)
    Case.objects.filter(pk=case.pk).update(submitted_at=timezone.now())
    logged(body, people.ocha_bria)
    raised(body, people.ocha_bria)
    raised(body, people.ocha_bria, owner="OCHA", internal=True)
    sent = services.send_summary(body, by=people.ocha_bria, day=body.country.today)
    content = WeeklySummary.objects.get().content
    assert [row["subject"] for row in content["contacts"]] == ["State of the bridge"]
    assert [row["reference"] for row in content["cases"]] == [case.reference]
    assert [row["reference"] for row in content["points"]["raised"]] == ["BRIA-1"]
    assert [row["reference"] for row in content["internal"]["raised"]] == ["BRIA-H1"]
    told = Notification.objects.filter(kind="summary.send", channel="portal")
    assert list(told.values_list("recipient", flat=True)) == [people.ocha_bgi.pk]
    with pytest.raises(ValidationError, match="already"):
        services.send_summary(body, by=people.ocha_bgi, day=body.country.today)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        WeeklySummary.objects.filter(pk=sent.pk).update(content={})


def test_a_point_is_late_in_the_week_that_runs_once_its_day_is_over(people):
    body = chaired(people)
    point, late = raised(body, people.ocha_bria), overdue(raised(body, people.ocha_bria))
    type(point).objects.filter(pk=point.pk).update(due=body.country.today)
    content = services.week_of(body, body.country.today, by=people.ocha_bria)
    assert [row["reference"] for row in content["points"]["overdue"]] == [late.reference]


def test_a_week_to_come_is_not_sent(people):
    body = chaired(people)
    with pytest.raises(ValidationError, match="not begun"):
        services.send_summary(body, by=people.ocha_bria, day=monday_of(body.country.today) + dt.timedelta(days=7))


def test_contacts_of_another_week_are_not_in_it(people):
    body = chaired(people)
    row = logged(body, people.ocha_bria)
    LiaisonContact.objects.filter(pk=row.pk).update(at=row.at - dt.timedelta(days=8))
    assert services.week_of(body, body.country.today, by=people.ocha_bria)["contacts"] == []
    before = services.week_of(body, body.country.today - dt.timedelta(days=8), by=people.ocha_bria)
    assert len(before["contacts"]) == 1


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-31"])
def test_no_week_stands_outside_the_calendar(people, day):
    body = chaired(people)
    assert browser(people.ocha_bria).get(f"/meetings/bodies/{body.pk}/week/{day}/").status_code == 404


# ── what is to follow ────────────────────────────────────────────────────────────────────────────────────────────────


def late(people):
    """A contact of which something was to follow until yesterday."""
    body = chaired(people)
    row = logged(body, people.ocha_bria, follow_up="Call the sector again", follow_up_due=body.country.today)
    LiaisonContact.objects.filter(pk=row.pk).update(follow_up_due=body.country.today - dt.timedelta(days=1))
    return body, row


def test_what_follows_is_ticked_off_with_words_by_those_who_keep_the_log(people):
    body, row = late(people)
    for user in (people.force_sector, people.requester_bria, people.ocha_birao, people.hc, people.donor):
        with pytest.raises(PermissionDenied):
            services.settle(row, by=user, words="Called")
    with pytest.raises(ValidationError, match="few words"):
        services.settle(row, by=people.ocha_bria, words="  ")
    with pytest.raises(ValidationError, match="Nothing was to follow"):
        services.settle(logged(body, people.ocha_bria), by=people.ocha_bria, words="Called")
    done = services.settle(row, by=people.ocha_bgi, words="The G3 will\nanswer")
    assert (done.settled_words, done.settled_by) == ("The G3 will answer", people.ocha_bgi) and done.settled_at
    event = Event.objects.get(kind="exchange.settle")
    assert "G3" not in str(event.data)
    assert Notification.objects.filter(event=event, channel="portal").get().recipient == people.ocha_bria
    with pytest.raises(ValidationError, match="already"):
        services.settle(row, by=people.ocha_bria, words="Again")


@pytest.mark.parametrize(("language", "heading"), [("en", "Follow-up that is late"), ("fr", "Suites en retard")])
def test_what_did_not_follow_waits_for_its_author_and_stands_in_the_week(people, language, heading):
    body, row = late(people)
    client, url = browser(people.ocha_bria, language), reverse("meetings:settle", args=[row.pk])
    week = reverse("meetings:week", args=[body.pk])
    for address in ("/", week):
        words = client.get(address).content.decode()
        assert heading in words and "Call the sector again" in words, address
    assert waiting_for(people.ocha_bgi).follow_ups == [] and waiting_for(people.force_sector).follow_ups == []
    assert url in client.get(row.get_absolute_url()).content.decode()
    assert browser(people.force_sector).get(url).status_code == 404
    assert client.post(url, {"words": ""}).status_code == 422
    assert client.post(url, {"words": "Spoken to the G3"}).status_code == 302
    assert client.post(url, {"words": "Twice"}).status_code == 409
    assert heading not in client.get("/").content.decode() + client.get(week).content.decode()
    assert "Spoken to the G3" in client.get(week).content.decode()
    assert "Spoken to the G3" in client.get(row.get_absolute_url()).content.decode()
