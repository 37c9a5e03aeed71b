"""Do the pages of points, cells and weeks say what they should to each side, in a bounded number of queries?"""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from cmcoord.meetings import agenda, papers, points_page
from cmcoord.meetings.models import ActionPoint, Attendance, InternalPoint, LiaisonContact, WeeklySummary
from cmcoord.meetings.services import points as services
from contacts.services import leave_seat
from requests_app.models import Case
from tests.factories import case_at
from tests.meetings.making import chaired, held, planned, seat, speaking
from tests.meetings.test_liaison import logged
from tests.meetings.test_points import organisation, overdue, post_of, raised

DAY = dt.timedelta(days=1)
LAST = [("en", "last meeting: 3 days ago"), ("fr", "dernière réunion : il y a 3 jours")]
pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def page(user, name, *args, **query) -> str:
    answer = browser(user).get(reverse(f"meetings:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return " ".join(strip_tags(answer.content.decode().replace("<td", " <td")).split())


def queries(user, name, *args) -> int:
    client, url = browser(user), reverse(f"meetings:{name}", args=args)
    client.get(url)  # what the first request of a session costs is not the matter
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


# ── a point ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_taps_begin_a_point_and_one_sentence_ends_it(people):
    point = raised(chaired(people), people.ocha_bria)
    client = browser(people.force_sector)
    assert point.words in page(people.force_sector, "points")
    url = point.get_absolute_url()
    assert client.post(url, {"step": "start"}).status_code == 302
    answer = client.post(url, {"step": "close", "comment": ""})
    assert answer.status_code == 422 and "Écrivez une phrase" in answer.content.decode()
    assert client.post(url, {"step": "close", "comment": "Sent."}).status_code == 302
    answer = client.post(url, {"step": "close", "comment": "Again, with words."})
    assert answer.status_code == 409 and "Again, with words." in answer.content.decode()
    assert ActionPoint.objects.get().status == "done"


def test_a_reader_without_a_part_in_it_sees_no_button_and_is_refused(people):
    point = raised(chaired(people), people.ocha_bria)
    client = browser(people.requester_bria)
    assert 'name="step"' not in client.get(point.get_absolute_url()).content.decode()
    assert client.post(point.get_absolute_url(), {"step": "close", "comment": "Done"}).status_code == 403
    assert client.post(point.get_absolute_url(), {"step": "melt"}).status_code == 422


def test_a_point_is_written_at_a_meeting_through_a_post_of_the_owner(people):
    body = chaired(people)
    meeting = planned(body, people.ocha_bgi)
    post, _held = post_of(people.force_sector)
    url = f"{reverse('meetings:new_point', args=[body.pk])}?meeting={meeting.uid}"
    client = browser(people.force_sector)
    assert client.post(url, {"words": "Clear the road", "priority": "normal"}).status_code == 422
    due = body.country.today + dt.timedelta(days=5)
    answer = client.post(url, {"words": "Clear the road", "owner_post": post.pk, "due": due, "priority": "normal"})
    assert answer.status_code == 302 and answer["Location"] == meeting.get_absolute_url()
    point = ActionPoint.objects.get()
    assert (point.owner_organisation, point.owner_post, point.meeting) == (post.organisation, post, meeting)


def test_what_is_escalated_stands_on_the_page_of_the_coordinator_and_on_no_page_of_a_force(people):
    point = raised(chaired(people), people.ocha_bria)
    client = browser(people.ocha_bria)
    url = reverse("meetings:escalate", args=[point.reference])
    assert client.post(url, {"why": ""}).status_code == 422
    assert client.post(url, {"why": "The headquarters is silent."}).status_code == 302
    assert "The headquarters is silent." in page(people.hc, "point", point.reference)
    force = page(people.force_sector, "point", point.reference) + page(people.force_sector, "body", point.body_id)
    assert "silent" not in force and "strategic" not in force.lower()
    row = point.escalations.get()
    answered = browser(people.hc).post(
        reverse("meetings:escalation", args=[row.pk]), {"answer": "Raised with the SRSG.", "consulted": "hct"}
    )
    assert answered.status_code == 302
    assert "Raised with the SRSG." in page(people.ocha_bria, "point", point.reference)
    again = browser(people.hc).get(reverse("meetings:escalation", args=[row.pk]))
    assert again.status_code == 409


# ── the page of a body ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_a_cell_shows_each_side_its_own(people):
    body = chaired(people)
    raised(body, people.ocha_bria)
    raised(body, people.ocha_bria, owner="OCHA", internal=True)
    logged(body, people.ocha_bria, subject="State of the bridge at Ippy")
    for user in (people.force_sector, people.requester_bria):
        text = page(user, "body", body.pk)
        assert "BRIA-1" in text and "BRIA-H1" not in text
        assert "Ippy" not in text.replace("axis to Ippy", "") and "nternal" not in text and "iaison log" not in text
    text = page(people.ocha_bria, "body", body.pk)
    assert "BRIA-1" in text and "BRIA-H1" in text and "State of the bridge at Ippy" in text
    assert "The week, to be sent" in text
    assert "to be sent" not in (shown := page(people.hc, "body", body.pk)) and "Weekly summary" in shown


@pytest.mark.parametrize(("language", "words"), LAST)
def test_line_0_7_days_since_the_last_meeting_turn_red_when_they_are_too_many(people, language, words):
    body = chaired(people)
    speaking(people.ocha_bria, language)
    body.cadence = {"every": "week"}
    body.save()
    held(body, people.ocha_bria, days_ago=3)
    text = page(people.ocha_bria, "body", body.pk)
    assert words in text and not _is_red(people, body)
    body.meetings.update(starts=timezone.now() - 9 * DAY, ends=timezone.now() - 8 * DAY)
    assert _is_red(people, body)


def _is_red(people, body) -> bool:
    answer = browser(people.force_sector).get(reverse("meetings:body", args=[body.pk])).content.decode()
    return 'class="badge red"' in answer.split('class="lede"')[1].split("</p>")[0]


@pytest.mark.parametrize(("language", "words"), [("en", "UNDSS seat vacant"), ("fr", "Siège « UNDSS » vacant")])
def test_lines_0_6_and_3_11_a_mandatory_seat_that_nobody_takes_is_shown_on_the_cell(people, language, words):
    speaking(people.ocha_bria, language)
    body = chaired(people)
    sitting = seat(body, "member", "UNDSS", by=people.ocha_bgi, function="UNDSS")
    body.seats.filter(pk=sitting.seat_id).update(mandatory=True)
    assert words not in page(people.ocha_bria, "body", body.pk)
    leave_seat(sitting, by=people.ocha_bgi)
    assert words in page(people.ocha_bria, "body", body.pk)


@pytest.mark.parametrize(("language", "words"), [("en", "Liaison log (1)"), ("fr", "Journal de liaison (1)")])
def test_lines_1_28_and_3_6_a_contact_is_one_short_form_and_stands_in_the_summary(people, language, words):
    """The dialogue of task 1: the log, and the week of the cell."""
    body = chaired(people)
    speaking(people.ocha_bria, language)
    client = browser(people.ocha_bria)
    url = reverse("meetings:new_contact", args=[body.pk])
    assert client.post(url, {"subject": ""}).status_code == 422
    facts = {"organisation": organisation("MINUSCA").pk, "means": "radio", "subject": "State of the bridge"}
    assert client.post(url, facts).status_code == 302
    assert LiaisonContact.objects.get().means == "radio"
    text = page(people.ocha_bria, "week", body.pk)
    assert words in text and "State of the bridge" in text
    assert client.post(reverse("meetings:week", args=[body.pk])).status_code == 302
    sent = WeeklySummary.objects.get()
    assert "State of the bridge" in page(people.ocha_bgi, "summary", body.pk, sent.week)
    assert client.post(reverse("meetings:week", args=[body.pk])).status_code == 409
    for day, status in (("2000-01-01", 404), ("2000-01-03", 200), ("2000-02-30", 404), ("2099-12-31", 200)):
        assert client.get(f"/meetings/bodies/{body.pk}/week/{day}/").status_code == status


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Military of the mission 1 100 % 1 MINUSCA (1)", "nobody", "1 meeting held in twelve weeks")),
        ("fr", ("Militaires de la mission 1 100 % 1 MINUSCA (1)", "personne", "1 réunion tenue en douze semaines")),
    ],
)
def test_line_1_25_attendance_is_grouped_by_the_categories_of_the_cell(people, language, words):
    body = chaired(people)
    speaking(people.ocha_bria, language)
    meeting = held(body, people.ocha_bria)
    for acronym, category, mode in (("OCHA", "ocha", "in_person"), ("MINUSCA", "mission_military", "remote")):
        Attendance.objects.update_or_create(
            meeting=meeting, organisation=organisation(acronym), name="",
            defaults={"category": category, "presence": "present", "mode": mode, "recorded_by": people.ocha_bria},
        )  # fmt: skip
    assert page(people.force_sector, "attendance_by_category", body.pk)
    text = page(people.ocha_bria, "attendance_by_category", body.pk)
    assert all(word in text for word in words), text


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("held", "not held", "security")), ("fr", ("tenue", "non tenue", "sécurité"))]
)
def test_line_1_27_the_matrix_shows_thirteen_cells_and_twelve_weeks_with_reasons(people, language, words):
    """And what a list of meetings leads to it; on a telephone, weeks of which nothing is to be said are left out."""
    body = chaired(people)
    speaking(people.ocha_bgi, language)
    for name in ("regularity", "points"):
        assert f'href="{reverse(f"meetings:{name}")}"' in browser(people.ocha_bgi).get("/meetings/").content.decode()
    meeting = held(body, people.ocha_bria, days_ago=8)
    answer = browser(people.ocha_bgi).get(reverse("meetings:regularity"))
    text = answer.content.decode()
    assert text.count('<th scope="row">') == 13 and text.count('<th scope="col">') == 15
    assert meeting.get_absolute_url() in text and f">{words[0]}</span>" in text
    assert text.count('<td class="idle"') == 13 * 12 - 1
    meeting.stage, meeting.not_held_reason, meeting.not_held_note = "not_held", "security", "Road closed"
    meeting.save()
    assert f"{words[1]} {words[2]} (Road closed)" in page(people.ocha_bgi, "regularity")
    assert browser(people.force_sector).get(reverse("meetings:regularity")).content.decode().count('scope="row"') == 1


def test_a_handover_says_which_points_go_with_the_post(people):
    body = chaired(people)
    seat(body, "member", "AID-A", by=people.ocha_bgi, function="Heads of mission of INGOs")
    post, _held = post_of(people.requester_bria, "Logistician")
    raised(body, people.ocha_bria, owner="AID-A", owner_post=post)
    raised(body, people.ocha_bria, owner="AID-A")
    text = page(people.requester_bria, "post_points", post.pk)
    assert text.index("BRIA-1") < text.index("through no post") < text.index("BRIA-2")


# ── how much they cost ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def busy(people):
    """A cell with much in it."""
    body = chaired(people)
    for number in range(4):
        raised(body, people.ocha_bria, owner="OCHA")
        raised(body, people.ocha_bria, owner="OCHA", internal=True)
        logged(body, people.ocha_bria)
        held(body, people.ocha_bria, days_ago=3 + 7 * number)
        case_at("submitted", people)
    Case.objects.update(submitted_at=timezone.now())
    overdue(ActionPoint.objects.first())
    services.escalate(InternalPoint.objects.first(), by=people.ocha_bria, why="Words")
    return body


@pytest.mark.parametrize(("name", "most"), [("body", 12), ("body_points", 8), ("regularity", 6), ("points", 6)])
def test_pages_ask_the_database_little_whatever_there_is(people, busy, name, most):
    args = [busy.pk] if name.startswith("body") else []
    for user in (people.ocha_bria, people.force_sector, people.hc):
        assert queries(user, name, *args) <= most, user


def test_many_open_points_are_cut_short_and_counted(people, monkeypatch):
    """The agenda shows the first 50 and leads to the list; paper and list hold 500, and say what is left out."""
    body = chaired(people)
    meeting = planned(body, people.ocha_bria)
    first = overdue(raised(body, people.ocha_bria))
    facts = {each.attname: getattr(first, each.attname) for each in ActionPoint._meta.concrete_fields}
    others = (
        ActionPoint(
            **facts
            | {"id": None, "number": number, "reference": f"{first.reference}-{number}", "due": body.country.today}
        )
        for number in range(101, 152)
    )
    ActionPoint.objects.bulk_create(others)
    words, link = "The list of all 52 open action points", reverse("meetings:body_points", args=[body.pk])
    for name in ("agenda", "meeting"):
        answer = browser(people.ocha_bria).get(reverse(f"meetings:{name}", args=[meeting.uid]))
        standing = answer.context["standing"]
        assert (len(standing.points), standing.count, standing.points[0]) == (50, 52, first)
        assert words in answer.content.decode() and f'href="{link}"' in answer.content.decode()
    assert "not shown" not in page(people.ocha_bria, "body_points", body.pk)
    assert len(papers.agenda(meeting, language="en").sections[-1].table) == 1 + 52
    monkeypatch.setattr(agenda, "PRINTED", 20)
    assert papers.agenda(meeting, language="en").sections[-1].table[21:] == (("", "32 more", "", ""),)
    monkeypatch.setattr(points_page, "LISTED", 20)
    assert "32 more are not shown." in page(people.ocha_bria, "body_points", body.pk)
    assert "32 autres ne sont pas affichés." in page(people.force_sector, "body_points", body.pk)
