"""Does what one side keeps to itself stay there, where a mail, a form, a seat or an adoption could carry it over?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts import stepup
from cmcoord.activity.models import ErasableValue, Event, Notification
from cmcoord.meetings import chairs, services
from cmcoord.meetings.joint_text import mark_of
from cmcoord.meetings.models import AgendaItem, Attendance, Meeting
from cmcoord.meetings.services import points
from contacts import keepers
from contacts.models import Body, Sitting
from contacts.services import take_seat
from tests.factories import case_at
from tests.meetings.making import chaired, held, planned, under_way
from tests.meetings.test_minutes_pages import browser
from tests.meetings.test_points import organisation, post_of, raised
from tests.meetings.writing import again, attended, minutes_of, written

pytestmark = pytest.mark.django_db


def test_no_force_is_asked_to_check_an_internal_point(people):
    body = chaired(people)
    point = raised(body, people.ocha_bria, owner="OCHA", internal=True, priority="high", needs_check=True)
    points.move_point(point, "close", by=people.ocha_bria, comment="Spoken to them")
    told = Notification.objects.filter(kind__startswith="point.").select_related("recipient__organisation")
    assert {row.recipient.side for row in told} == {"humanitarian"}


# ── seats and signatures ─────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_but_the_force_sits_in_its_chair(people):
    body = chaired(people)
    post, _held = post_of(people.ocha_birao, "Liaison")
    chair = body.seats.open().get(kind="co_chair")
    force, why = organisation("MINUSCA"), "Nobody of the force was there"
    with pytest.raises(ValidationError) as refused:
        take_seat(chair, by=people.ocha_bgi, organisation=force, designate=post, designate_reason=why)
    assert "designate" in refused.value.message_dict
    Sitting.objects.filter(seat=chair, ends=None).update(designate=post, designate_reason=why)
    minutes = minutes_of(body, people.ocha_bria)
    services.sign_minutes(minutes, by=people.ocha_bria, digest=minutes.digest)
    assert chairs.seat_of(people.ocha_birao, body) is None
    assert not chairs.chaired_by(people.ocha_birao).exists()  # nobody is asked to sign who cannot
    with pytest.raises(PermissionDenied):
        services.sign_minutes(minutes, by=people.ocha_birao, digest=minutes.digest)
    assert not again(minutes).is_final


def test_nobody_signs_for_a_meeting_that_has_not_begun(people):
    body = chaired(people)
    soon = services.hold(
        planned(body, people.ocha_bria, starts=timezone.now() + dt.timedelta(minutes=30)), by=people.ocha_bria
    )
    attended(soon, people.ocha_bria)
    minutes = written(services.start_minutes(soon, by=people.ocha_bria, language="en"), people.ocha_bria, "Said before")
    with pytest.raises(ValidationError, match="not begun"):
        services.sign_minutes(minutes, by=people.ocha_bria, digest=minutes.digest)
    Meeting.objects.filter(pk=soon.pk).update(starts=timezone.now())
    minutes = written(again(minutes), people.ocha_bria, "Said")
    services.sign_minutes(minutes, by=people.ocha_bria, digest=minutes.digest)


def test_no_meeting_adopts_what_was_written_after_it(people):
    body = chaired(people)
    minutes, later = minutes_of(body, people.ocha_bria, days_ago=9), held(body, people.ocha_bria, days_ago=2)
    with pytest.raises(ValidationError, match="changed after that meeting"):
        services.adopt_minutes(minutes, by=people.ocha_bria, digest=minutes.digest, by_meeting=later)
    assert not again(minutes).is_final


def test_minutes_of_a_meeting_that_was_not_held_or_without_attendance_are_adopted_by_nobody(people):
    body = chaired(people)
    minutes, later = minutes_of(body, people.ocha_bria, days_ago=9), under_way(body, people.ocha_bria)
    meeting = minutes.meeting
    Attendance.objects.filter(meeting=meeting).update(presence="excused", mode="")
    services.refresh_minutes(minutes)
    with pytest.raises(ValidationError, match="without attendance"):
        services.adopt_minutes(minutes, by=people.ocha_bria, digest=again(minutes).digest, by_meeting=later)
    type(meeting).objects.filter(pk=meeting.pk).update(stage="cancelled")
    with pytest.raises(ValidationError, match="meeting was held"):
        services.adopt_minutes(minutes, by=people.ocha_bria, digest=again(minutes).digest, by_meeting=later)


def test_what_goes_upwards_and_names_of_guests_are_for_those_close_to_the_body(people):
    body = chaired(people)
    point = raised(body, people.ocha_bria, owner="OCHA")
    points.escalate(point, by=people.ocha_bria, why="The colonel refuses")
    meeting = held(body, people.ocha_bria)
    services.add_guest(meeting, by=people.ocha_bria, organisation=organisation("WFP"), name="Mrs Vanilla")
    for page, word in ((point, "colonel"), (meeting, "Vanilla")):
        assert word in browser(people.ocha_bria).get(page.get_absolute_url()).content.decode()
        answer = browser(people.requester_bria).get(page.get_absolute_url())
        assert answer.status_code == 200 and word not in answer.content.decode()


def test_a_request_on_the_agenda_leads_there_for_those_who_see_it(people):
    body = chaired(people)
    case = case_at("approved", people)
    meeting = planned(body, people.ocha_bria)
    AgendaItem.objects.create(meeting=meeting, order=99, title="The convoy", case=case)
    for user, seen in ((people.ocha_bria, True), (people.requester_un, False), (people.force_sector, False)):
        words = browser(user).get(meeting.get_absolute_url()).content.decode()
        assert "The convoy" in words and (case.reference in words) is seen


@pytest.mark.parametrize("name", ["minutes_sign", "minutes_adopt", "minutes_release", "minutes_addendum"])
def test_what_makes_minutes_final_or_sends_them_out_asks_who_it_is(people, monkeypatch, name):
    body = chaired(people)
    minutes, later = minutes_of(body, people.ocha_bria, days_ago=9), under_way(body, people.ocha_bria)
    monkeypatch.setattr(stepup, "is_fresh", lambda request: False)
    url = reverse(f"meetings:{name}", args=[minutes.meeting.uid, *([1] if name == "minutes_addendum" else [])])
    sent = {"digest": mark_of(minutes.digest), "read": "on", "by_meeting": str(later.uid)}
    answer = browser(people.ocha_bria).post(url, sent)
    assert answer.status_code == 302 and answer.headers["Location"] != minutes.get_absolute_url()
    assert not minutes.signatures.exists() and not minutes.adoptions.exists()


@pytest.mark.parametrize("typed", ["FAMa Bamako", "F A M a", "état-major, fama"])
def test_no_force_comes_to_a_cluster_of_mali_under_a_name_that_was_typed(people, typed):
    body = Body.objects.filter(country="MLI", kind="cluster").first()
    meeting = held(body, people.ocha_bko)
    with pytest.raises(ValidationError, match="ML-POS ¶4"):
        services.add_guest(meeting, by=people.ocha_bko, organisation_text=typed, category="other")
    known = {"by": people.ocha_bko, "not_military": "Known here for years"}
    services.add_guest(meeting, organisation_text="Mission, FAMa liaison", category="mission_civilian", **known)
    services.add_guest(meeting, organisation_text="Famala", category="nngo", **known)
    assert meeting.attendance.count() == 2


@pytest.mark.parametrize(("language", "why"), [("en", "Not military, because"), ("fr", "Non militaire, car")])
def test_who_is_in_no_list_comes_to_a_cluster_on_the_word_of_ocha_with_its_reason(people, language, why):
    body = Body.objects.filter(country="MLI", kind="cluster").first()
    meeting, by = held(body, people.ocha_bko), people.ocha_bko
    guest = {"organisation_text": "Veterans of the north", "category": "nngo"}
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(ValidationError) as refused:
            services.add_guest(meeting, by=by, not_military=reason, **guest)
        assert list(refused.value.message_dict) == ["not_military"] and not meeting.attendance.exists()
    client, url = browser(by, language), reverse("meetings:attendance", args=[meeting.uid])
    sent = guest | {"guest": "1", "presence": "present", "mode": "remote"}
    answer = client.post(url, sent)
    assert answer.status_code == 422 and "ML-POS ¶4" in answer.content.decode()
    assert client.post(url, sent | {"not_military": "A charity, registered 2019"}).status_code == 302
    event = Event.objects.get(kind="meeting.guest")
    assert event.data["organisation"] == "Veterans of the north" and "charity" not in str(event.data)
    assert ErasableValue.objects.get(event=event).value == "A charity, registered 2019"
    words = client.get(url).content.decode()
    assert why in words and "registered 2019" in words


def test_only_ocha_writes_down_who_is_in_no_list_where_no_force_comes(people, monkeypatch):
    body = Body.objects.filter(country="MLI", kind="cluster").first()
    meeting, by = held(body, people.ocha_bko), people.ocha_bko
    cell = held(chaired(people), people.ocha_bria)
    monkeypatch.setattr(keepers, "keeps_body", lambda user, body: False)  # a chair of the body, no keeper
    monkeypatch.setattr(chairs, "rights", lambda user, body: (True, True))
    with pytest.raises(ValidationError, match="choose the organisation from the list"):
        services.add_guest(meeting, by=by, organisation_text="Town hall", category="nngo", not_military="I know")
    words = browser(by).get(reverse("meetings:attendance", args=[meeting.uid])).content.decode()
    assert "organisation_text" not in words and 'name="organisation"' in words
    row = services.add_guest(cell, by=people.force_sector, organisation_text="Town hall", category="nngo")
    assert row.organisation_text and Event.objects.filter(kind="meeting.guest").count() == 0


def test_a_sign_that_is_no_number_breaks_no_page(people):
    body = chaired(people)
    client, meeting = browser(people.ocha_bria), held(body, people.ocha_bria)
    for name, data in (
        ("attendance", {"save": "1", "of-²": "present/in_person"}), ("attendance", {"remove": "²"}),
        ("agenda", {"up": "²"}),
    ):  # fmt: skip
        assert client.post(reverse(f"meetings:{name}", args=[meeting.uid]), data).status_code in (302, 404)
