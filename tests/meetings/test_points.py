"""Does an action point move only as it may, survive rotation, get reminded exactly once, and stay on its side?"""

import datetime as dt

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cmcoord.accounts.models import Organisation
from cmcoord.activity import sentences
from cmcoord.activity.mail import message_for
from cmcoord.activity.models import Event, Notification, Reminder
from cmcoord.meetings import following, papers, points_page
from cmcoord.meetings.agenda import standing
from cmcoord.meetings.models.points import ActionPoint, Escalation, InternalPoint, PointUpdate
from cmcoord.meetings.services import owning
from cmcoord.meetings.services import points as services
from cmcoord.meetings.waiting import waiting_for
from cmcoord.ui.papers import pdf
from contacts.models import Holding, Person, Post
from contacts.services import hand_over
from contacts.services.consent import link_account
from contacts.services.people import Holder
from tests.meetings.making import cell_of, chaired, planned, seat
from tests.meetings.writing import again, minutes_of, sign
from tests.pdf_text import text

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def organisation(acronym: str) -> Organisation:
    return Organisation.objects.get(acronym=acronym)


def raised(body, by, *, owner="MINUSCA", days=7, **facts):
    """A point that somebody has to settle within a week."""
    return services.raise_point(
        body, by=by, words="Share the route state of the axis to Ippy", owner_organisation=organisation(owner),
        due=body.country.today + days * DAY, **facts,
    )  # fmt: skip


def overdue(point):
    """The same, a week late."""
    type(point).objects.filter(pk=point.pk).update(due=point.body.country.today - 7 * DAY)
    return type(point).objects.for_lists().get(pk=point.pk)


def post_of(user, function="G3", station="bria") -> tuple[Post, Holding]:
    body = cell_of(station)
    post = Post.objects.create(
        organisation=user.organisation, country_id="CAF", station=body.station, function=function, created_by=user
    )
    return post, hold(post, user)


def hold(post, user) -> Holding:
    person = Person.objects.create(name=user.name, user=user)
    return Holding.objects.create(post=post, person=person, starts=timezone.localdate() - DAY, recorded_by=user)


def steps_of(user, point) -> set[str]:
    return {step.name for step in following.choices(user, point)}


def told_of(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=kind, channel="portal")
    return sorted(rows.values_list("recipient__username", flat=True))


# ── raising ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_points_are_numbered_in_their_body_and_internal_ones_leave_no_gap(people):
    body = chaired(people)
    first = raised(body, people.ocha_bria)
    hidden = raised(body, people.ocha_bria, owner="OCHA", internal=True)
    second = raised(body, people.force_sector, owner="OCHA")
    assert [row.reference for row in (first, hidden, second)] == ["BRIA-1", "BRIA-H1", "BRIA-2"]
    assert (second.number, hidden.number) == (2, 1)
    assert sorted(ActionPoint.objects.values_list("pk", flat=True)) == [first.pk, second.pk]


def test_a_cell_that_was_opened_anew_goes_on_with_the_numbers_of_its_place(people):
    body = chaired(people)
    raised(body, people.ocha_bria)
    type(body).objects.filter(pk=body.pk).update(stage="closed")
    again = type(body).objects.create(
        name_en="Cell of Bria, again", name_fr="Cellule de Bria, encore", kind="cell", country=body.country,
        station=body.station, stage="active",
    )  # fmt: skip
    assert raised(again, people.ocha_bria, owner="OCHA").reference == "BRIA-2"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"days": -1}, "due"),
        ({"days": 800}, "due"),
        ({"owner": "ECHO"}, "owner_organisation"),
        ({"needs_check": True}, "priority"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(people, facts, field):
    body = chaired(people)
    with pytest.raises(ValidationError) as refused:
        raised(body, people.ocha_bria, **facts)
    assert list(refused.value.message_dict) == [field]
    assert not ActionPoint.objects.exists() and not Event.objects.filter(kind="point.raise").exists()


def test_words_are_needed_and_the_post_is_of_the_owner(people):
    body = chaired(people)
    with pytest.raises(ValidationError, match="what is to be done"):
        services.raise_point(
            body, by=people.ocha_bria, words=" \u200b ", owner_organisation=organisation("OCHA"),
            due=body.country.today,
        )  # fmt: skip
    with pytest.raises(ValidationError, match="another organisation"):
        raised(body, people.ocha_bria, owner="OCHA", owner_post=post_of(people.force_sector)[0])


@pytest.mark.parametrize("name", ["requester_bria", "donor", "ocha_birao", "force_ml", "hc"])
def test_points_of_the_table_are_written_by_those_who_lead_it(people, name):
    with pytest.raises(PermissionDenied):
        raised(chaired(people), getattr(people, name))


def test_a_force_writes_no_internal_point_and_owes_none(people):
    body = chaired(people)
    for user in (people.force_sector, people.requester_bria, people.donor):
        with pytest.raises(PermissionDenied):
            raised(body, user, owner="OCHA", internal=True)
    with pytest.raises(ValidationError) as refused:
        raised(body, people.ocha_bria, owner="MINUSCA", internal=True)
    assert "owner_organisation" in refused.value.message_dict


# ── owning and moving ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_point_goes_on_to_whoever_holds_the_post_next(people):
    body = chaired(people)
    post, held = post_of(people.undss, "Security adviser")
    seat(body, "member", "UNDSS", by=people.ocha_bgi, function="UNDSS")
    point = raised(body, people.ocha_bria, owner="UNDSS", owner_post=post)
    assert following.owns(people.undss, point) and not following.owns(people.requester_bria, point)
    held.ends = held.starts
    held.save()
    successor = people.ocha_birao  # whoever it is: the post counts
    hold(post, successor)
    assert following.owns(successor, point)
    assert [line.point for line in points_page.mine(successor)] == [point]
    assert services.people_of(point) == [successor]


def test_without_a_post_it_is_of_those_who_file_or_answer_for_the_organisation_there(people):
    body = chaired(people)
    seat(body, "member", "AID-A", by=people.ocha_bgi, function="Heads of mission of INGOs")
    ours, theirs = raised(body, people.ocha_bria, owner="AID-A"), raised(body, people.ocha_bria)
    for user, point in ((people.requester_bria, ours), (people.force_sector, theirs), (people.force_u3, theirs)):
        assert following.owns(user, point)
    for user, point in ((people.requester_birao, ours), (people.requester_bria, theirs), (people.force_ml, theirs),
                        (people.nobody, ours), (people.donor, ours)):  # fmt: skip
        assert not following.owns(user, point)


def test_the_owner_begins_and_ends_it_and_ending_needs_a_comment(people):
    point = raised(chaired(people), people.ocha_bria)
    assert steps_of(people.force_u3, point) >= {"start", "close", "comment"}
    point = services.move_point(point, "start", by=people.force_u3)
    assert point.status == "in_progress"
    with pytest.raises(ValidationError) as refused:
        services.move_point(point, "close", by=people.force_u3, comment=" ")
    assert "comment" in refused.value.message_dict
    point = services.move_point(point, "close", by=people.force_u3, comment="Sent on Monday.")
    assert (point.status, point.closing_comment, point.closed_by) == ("done", "Sent on Monday.", people.force_u3)
    with pytest.raises(ValidationError, match="not possible"):
        services.move_point(point, "close", by=people.force_u3, comment="Twice.")
    assert [row.step for row in point.updates.all()] == ["start", "close"]


def test_another_organisation_does_not_move_it_and_a_reader_alone_neither(people):
    point = raised(chaired(people), people.ocha_bria)
    for name in ("requester_bria", "undss", "hc"):
        user = getattr(people, name)
        assert following.reads(user, point) and not steps_of(user, point)
        with pytest.raises(PermissionDenied):
            services.move_point(point, "close", by=user, comment="Done")
    for name in ("donor", "force_ml", "ocha_bko", "nobody"):
        user = getattr(people, name)
        assert not following.reads(user, point)
        with pytest.raises(PermissionDenied):
            services.move_point(point, "comment", by=user, comment="Words")


def test_those_who_lead_postpone_drop_and_open_again(people):
    point = raised(chaired(people), people.ocha_bria, owner="OCHA")
    later = point.due + 14 * DAY
    point = services.move_point(point, "postpone", by=people.force_sector, comment="Rain.", due=later)
    assert (point.due, point.due_raised, point.status) == (later, later - 14 * DAY, "open")
    point = services.move_point(point, "drop", by=people.ocha_bria, comment="Settled otherwise.")
    assert point.status == "dropped"
    point = services.move_point(point, "reopen", by=people.ocha_bgi, comment="It is not.")
    assert (point.status, point.closed_at, point.closing_comment) == ("open", None, "")


def test_high_priority_may_ask_for_evidence_and_another_persons_check(people):
    point = raised(chaired(people), people.ocha_bria, priority="high", needs_evidence=True, needs_check=True)
    with pytest.raises(ValidationError) as refused:
        services.move_point(point, "close", by=people.force_u3, comment="Done.")
    assert "evidence" in refused.value.message_dict
    point = services.move_point(point, "close", by=people.force_u3, comment="Done.", evidence="Map of 3 March, U3.")
    assert point.status == "reported" and point.closed_at is None
    assert "check_point" in Notification.objects.filter(kind="point.update").values_list("expects", flat=True)
    point = services.move_point(point, "send_back", by=people.ocha_bria, comment="The map is of last year.")
    assert point.status == "in_progress" and point.reported_by is None
    point = services.move_point(point, "close", by=people.ocha_bria, comment="Done.", evidence="New map.")
    with pytest.raises(PermissionDenied, match="another person"):
        services.move_point(point, "confirm", by=people.ocha_bria, comment="Yes.")
    point = services.move_point(point, "confirm", by=people.force_sector, comment="Seen.")
    assert (point.status, point.checked_by) == ("done", people.force_sector)


def test_the_database_keeps_the_trail_of_a_point(people):
    point = raised(chaired(people), people.ocha_bria)
    services.move_point(point, "start", by=people.force_u3)
    row = PointUpdate.objects.get()
    for act in (
        lambda: PointUpdate.objects.filter(pk=row.pk).update(comment="Other words"),
        row.delete,
        lambda: ActionPoint.objects.filter(pk=point.pk).update(status="open"),
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            act()


def test_what_goes_on_is_carried_over_to_the_next_agenda_until_it_is_done(client, people):
    body = chaired(people)
    point, done = raised(body, people.ocha_bria), raised(body, people.ocha_bria, owner="OCHA")
    raised(body, people.ocha_bria, owner="OCHA", internal=True)
    services.move_point(done, "close", by=people.ocha_bria, comment="Done.")
    meeting = planned(body, people.ocha_bria)
    assert standing(meeting).points == [point]
    client.force_login(people.force_sector)
    on_page = client.get(meeting.get_absolute_url()).content.decode()
    for shown in (on_page, text(pdf(papers.agenda(meeting, language="fr")))):
        assert all(word in shown for word in (point.reference, point.words, point.owner)), "not its number alone"


# ── hearing of it ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_force_hears_of_its_point_by_the_name_that_all_know_and_of_no_internal_one(people):
    body = chaired(people)
    point = raised(body, people.ocha_bria)
    raised(body, people.ocha_bria, owner="OCHA", internal=True)
    forces = Notification.objects.filter(recipient__in=[people.force_sector, people.force_u3])
    assert set(forces.values_list("event__subject_id", "event__subject_kind")) == {(point.pk, "point")}
    mail = message_for(forces.filter(channel="mail").first())
    assert point.reference in mail.subject and point.get_absolute_url() in mail.body
    assert "-H" not in mail.body and sentences.sentence(Event.objects.filter(kind="point.raise").first(), "force")


def test_reminders_are_rows_that_are_sent_exactly_once_after_any_standstill(people):
    body = chaired(people)
    point = raised(body, people.ocha_bria, days=10)
    assert Reminder.objects.open_for(point).count() == 2
    assert services.remind_points(timezone.now()) == 0
    later = timezone.now() + dt.timedelta(days=40)  # a worker that stood still for a month
    assert services.remind_points(later) == 2
    assert services.remind_points(later) == 0
    assert told_of("point.remind") == sorted(user.username for user in (people.force_sector, people.force_u3))
    assert people.ocha_bria.username in told_of("point.overdue")


def test_what_is_done_or_postponed_is_not_reminded_of_the_old_day(people):
    body = chaired(people)
    done, moved = raised(body, people.ocha_bria, days=10), raised(body, people.ocha_bria, days=10)
    services.move_point(done, "close", by=people.force_u3, comment="Done.")
    moved = services.move_point(moved, "postpone", by=people.ocha_bria, comment="Rain.", due=moved.due + 60 * DAY)
    assert services.remind_points(timezone.now() + dt.timedelta(days=40)) == 0
    moved = services.move_point(moved, "postpone", by=people.ocha_bria, comment="Sun.", due=moved.due_raised)
    assert services.remind_points(timezone.now() + dt.timedelta(days=40)) == 2


def test_what_is_late_is_shown_to_the_chairs_first(people):
    body = chaired(people)
    late = overdue(raised(body, people.ocha_bria, owner="OCHA"))
    raised(body, people.ocha_bria, owner="OCHA", days=30)
    inner = overdue(raised(body, people.ocha_bria, owner="OCHA", internal=True))
    for user in (people.ocha_bria, people.ocha_bgi):
        assert {line.point.reference for line in waiting_for(user).points} == {late.reference, inner.reference}
    [line] = waiting_for(people.force_sector).points
    assert (line.point.reference, line.point.owner, line.late) == (late.reference, "OCHA", "late by 7 days")
    for user in (people.requester_bria, people.ocha_birao, people.donor, people.force_ml, people.nobody):
        assert waiting_for(user).points == []


# ── upwards ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_point_that_is_stuck_goes_to_the_strategic_level_and_no_other_side_learns_of_it(people):
    body = chaired(people)
    point = raised(body, people.ocha_bria)
    row = services.escalate(point, by=people.ocha_bria, why="The force headquarters does not answer.")
    assert told_of("escalation.raise") == sorted(user.username for user in (people.hc, people.hoo))
    with pytest.raises(ValidationError, match="already"):
        services.escalate(point, by=people.ocha_bgi, why="Again.")
    for user in (people.force_sector, people.requester_bria, people.hc):
        with pytest.raises(PermissionDenied):
            services.escalate(point, by=user, why="Words.")
    with pytest.raises(PermissionDenied):
        services.answer_escalation(row, by=people.ocha_bgi, answer="Words.", consulted="nobody")
    row = services.answer_escalation(row, by=people.hc, answer="Raised with the SRSG.", consulted="hct")
    assert row.answered_by == people.hc and not Escalation.objects.open().exists()
    assert told_of("escalation.answer") == [people.ocha_bria.username]


def test_an_internal_point_is_no_point_of_anybody_else(people):
    body = chaired(people)
    point = raised(body, people.ocha_bria, owner="OCHA", internal=True)
    assert isinstance(point, InternalPoint)
    for user in (people.force_sector, people.force_u3, people.requester_bria, people.donor, people.nobody):
        assert points_page.find(user, point.reference) is None
        with pytest.raises(PermissionDenied):
            services.move_point(point, "comment", by=user, comment="Words")
    assert points_page.find(people.ocha_bria, point.reference) == point


def test_a_point_that_was_just_written_can_be_mended_until_somebody_begins_it(people):
    point = raised(chaired(people), people.ocha_bria)
    later = point.due + 3 * DAY
    point = services.correct_point(point, by=people.force_sector, words="Share the state of the bridge", due=later)
    assert (point.words, point.due, point.due_raised) == ("Share the state of the bridge", later, later)
    with pytest.raises(PermissionDenied):
        services.correct_point(point, by=people.requester_bria, words="Nothing")
    point = services.move_point(point, "start", by=people.force_sector)
    with pytest.raises(ValidationError, match="begun"):
        services.correct_point(point, by=people.ocha_bria, words="Something else")


# ── another owner ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_point_is_given_to_another_owner_with_a_reason_and_both_are_told(people):
    body = chaired(people)
    point = raised(body, people.ocha_bria, owner="MINUSCA")
    services.move_point(point, "start", by=people.force_sector)
    Notification.objects.all().delete()
    for user, field in ((people.requester_bria, None), (people.hc, None), (people.ocha_bria, "reason")):
        with pytest.raises(ValidationError if field else PermissionDenied) as refused:
            owning.give(point, by=user, owner_organisation=organisation("OCHA"), reason="")
        assert not field or field in refused.value.message_dict
    for owner in ("MINUSCA", "ECHO"):  # who has it already, and who sits in no seat
        with pytest.raises(ValidationError) as refused:
            owning.give(point, by=people.ocha_bria, owner_organisation=organisation(owner), reason="Why")
        assert "owner_organisation" in refused.value.message_dict
    overdue(point)  # late or not
    given = owning.give(point, by=people.ocha_bria, owner_organisation=organisation("OCHA"), reason="The road is ours")
    assert given.owner == "OCHA" and given.status == "in_progress"
    row = given.updates.last()
    assert (row.step, row.owner, row.comment) == ("owner", "MINUSCA → OCHA", "The road is ours")
    told = dict(Notification.objects.filter(kind="point.owner").values_list("recipient__username", "expects"))
    assert told["force.sector"] == "" and told["ocha.bria"] == "do_point"
    services.move_point(given, "close", by=people.ocha_bria, comment="Done")
    with pytest.raises(ValidationError, match="not possible"):
        owning.give(given, by=people.ocha_bria, owner_organisation=organisation("MINUSCA"), reason="Why")


def test_another_owner_is_an_edit_of_minutes_that_are_not_final(people):
    minutes = minutes_of(chaired(people), people.ocha_bria)
    item = minutes.items.get(order=3)
    point = raised(minutes.meeting.body, people.ocha_bria, item=item)
    signed = sign(again(minutes), people.ocha_bria)
    owning.give(point, by=people.force_sector, owner_organisation=organisation("OCHA"), reason="As agreed")
    assert again(minutes).digest != signed.digest and again(minutes).stage == "draft"
    final = sign(again(minutes), people.ocha_bria, people.force_sector)
    owning.give(point, by=people.ocha_bria, owner_organisation=organisation("MINUSCA"), reason="Another sector")
    assert again(minutes).digest == final.digest and again(minutes).is_final


def test_the_owner_changes_on_a_page_of_the_point_for_those_who_lead(people):
    point = raised(chaired(people), people.ocha_bria)
    url = reverse("meetings:owner", args=[point.reference])
    client = Client()
    client.force_login(people.ocha_bria, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert url in client.get(point.get_absolute_url()).content.decode()
    assert client.post(url, {"owner_organisation": organisation("OCHA").pk}).status_code == 422
    sent = {"owner_organisation": organisation("OCHA").pk, "reason": "Ours"}
    assert client.post(url, sent).status_code == 302
    assert "MINUSCA → OCHA" in client.get(point.get_absolute_url()).content.decode()
    client.force_login(people.requester_bria, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert (
        url not in client.get(point.get_absolute_url()).content.decode() and client.post(url, sent).status_code == 403
    )


@pytest.mark.parametrize(("language", "words"), [("en", "2, of them late"), ("fr", "dont en retard")])
def test_whoever_takes_a_post_over_is_told_of_its_points_and_which_are_late(people, language, words):
    body = chaired(people)
    post, _held = post_of(people.ocha_birao, "Access")
    late = raised(body, people.ocha_bria, owner="OCHA", owner_post=post)
    raised(body, people.ocha_bria, owner="OCHA", owner_post=post, internal=True)
    overdue(late)
    Notification.objects.all().delete()
    new = hand_over(post, by=people.ocha_bria, holder=Holder("Next"), starts=post.country.today)
    event = Event.objects.get(kind="holding.points")
    assert (event.data["count"], event.data["late"]) == (2, 1) and not told_of("holding.points")
    other = people.ocha_bria
    link_account(new.person, by=people.ocha_bgi, user=other)
    assert told_of("holding.points") == [other.username]
    with translation.override(language):
        said = sentences.sentence(event)
    assert words in said and late.reference in said
