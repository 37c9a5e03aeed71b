"""How are minutes written by two people at once, and when are they final?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from cmcoord.activity.models import Event, Notification
from cmcoord.meetings import adopting, agenda, joint_text, services, signing
from cmcoord.meetings.models import Addendum, HumanitarianNote, Meeting, Minutes, MinutesItem, Signature
from cmcoord.meetings.models.minutes import LONGEST
from cmcoord.meetings.services import reminding
from cmcoord.places.models import Holiday
from contacts.models import Seat
from tests.meetings.making import chaired, held, planned, under_way
from tests.meetings.writing import again, attended, minutes_of, sign, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell(people):
    return chaired(people)


@pytest.fixture
def minutes(people, cell):
    return minutes_of(cell, people.ocha_bria)


def kinds(minutes):
    return list(Event.objects.about(minutes).values_list("kind", flat=True))


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_minutes_begin_with_the_points_of_the_agenda_once(people, cell):
    meeting = held(cell, people.ocha_bria)
    minutes = services.start_minutes(meeting, by=people.force_sector, language="fr")
    assert [item.title for item in minutes.items.all()] == [row.title for row in meeting.agenda.all()]
    assert minutes.digest == joint_text.digest_of(joint_text.content_of(again(minutes)))
    with pytest.raises(ValidationError, match="begun already"):
        services.start_minutes(meeting, by=people.ocha_bria, language="en")


def test_nobody_begins_minutes_who_does_not_chair_or_keep_the_body_nor_of_a_meeting_not_held(people, cell):
    meeting = held(cell, people.ocha_bria)
    for user in (people.requester_bria, people.ocha_birao, people.donor, people.hc, people.force_ml):
        with pytest.raises(PermissionDenied):
            services.start_minutes(meeting, by=user, language="en")
    with pytest.raises(ValidationError):
        services.start_minutes(meeting, by=people.ocha_bria, language="sg")
    Meeting.objects.filter(pk=meeting.pk).update(stage="cancelled")
    with pytest.raises(ValidationError, match="not held"):
        services.start_minutes(meeting, by=people.ocha_bria, language="en")


def test_two_who_write_on_one_point_lose_nothing(people, minutes):
    item = minutes.items.get(order=3)
    services.write_item(item, by=people.ocha_bria, version=item.version, title=item.title, summary="Mine")
    with pytest.raises(services.Stale) as refused:
        services.write_item(item, by=people.force_sector, version=item.version, title=item.title, summary="Theirs")
    assert (refused.value.item.summary, refused.value.item.version) == ("Mine", item.version + 1)
    other = minutes.items.get(order=4)
    services.write_item(other, by=people.force_sector, version=other.version, title=other.title, summary="Other point")
    assert minutes.items.get(order=3).summary == "Mine", "nothing was written over"
    services.write_item(item, by=people.force_sector, version=item.version + 1, title=item.title, summary="Both")
    assert minutes.items.get(order=3).summary == "Both"


def test_the_button_may_overtake_the_autosave_of_its_own_page_and_of_no_other(people, minutes):
    item = minutes.items.get(order=3)
    facts = {"by": people.ocha_bria, "version": item.version, "title": item.title}
    services.write_item(item, summary="half", page="p1", **facts)
    services.write_item(item, summary="half and more", page="p1", **facts)
    with pytest.raises(services.Stale):
        services.write_item(item, summary="other window", page="p2", **facts)
    with pytest.raises(services.Stale):
        services.write_item(item, summary="somebody", page="p1", **facts | {"by": people.force_sector})


def test_saving_the_same_words_is_no_edit(people, minutes):
    item, version = minutes.items.get(order=3), minutes.version
    services.write_item(item, by=people.force_sector, version=1, title=item.title, summary=item.summary)
    assert again(minutes).version == version


def test_four_hundred_pasted_pages_are_refused_whole_with_a_sentence(people, minutes):
    item = minutes.items.get(order=3)
    with pytest.raises(ValidationError, match="at most 20000 characters, it has"):
        services.write_item(item, by=people.ocha_bria, version=item.version, title="", summary="page " * LONGEST)
    assert minutes.items.get(order=3).summary == item.summary


def test_points_are_added_and_only_empty_ones_removed(people, minutes):
    item = services.add_minutes_item(minutes, by=people.force_sector, title="  Visit of\tthe market ")
    assert item.title == "Visit of the market" and item.order == 11
    services.remove_minutes_item(item, by=people.ocha_bria)
    with pytest.raises(ValidationError, match="holds something"):
        services.remove_minutes_item(minutes.items.get(order=3), by=people.ocha_bria)
    with pytest.raises(ValidationError):
        services.add_minutes_item(minutes, by=people.ocha_bria, title="  ")


def test_decisions_change_the_text(people, minutes):
    item = minutes.items.get(order=3)
    decision = services.add_decision(item, by=people.ocha_bria, text="Patrol on Monday")
    with_it = again(minutes).digest
    services.remove_decision(decision, by=people.force_sector)
    assert len({minutes.digest, with_it, again(minutes).digest}) == 3, "an edit and its reversal are two other texts"


# ── signing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_line_1_24_both_chairs_sign_the_same_text_and_then_it_is_final_and_numbered(people, minutes):
    minutes = sign(minutes, people.ocha_bria)
    assert (minutes.stage, minutes.meeting.number) == ("signing", None)
    minutes = sign(minutes, people.force_sector)
    assert (minutes.stage, minutes.how, minutes.meeting.number) == ("final", "signatures", 1)
    assert {row.content["version"] for row in minutes.signatures.all()} == {minutes.version}
    second = sign(minutes_of(minutes.meeting.body, people.ocha_bria, days_ago=3), people.ocha_bria, people.force_u3)
    assert second.meeting.number == 2, "no gap, in the order in which they became final"


def test_one_person_or_one_side_alone_never_makes_them_final(people, minutes):
    minutes = sign(minutes, people.ocha_bria)
    for user in (people.ocha_bria, people.ocha_bgi):
        with pytest.raises(ValidationError, match="signed this text already"):
            services.sign_minutes(minutes, by=user, digest=minutes.digest)
    Signature.objects.filter(by=people.ocha_bria).exists()
    assert again(minutes).stage == "signing"


def test_one_person_who_sits_in_both_chairs_signs_once(people, minutes, monkeypatch):
    minutes = sign(minutes, people.ocha_bria)
    other = minutes.meeting.body.seats.get(kind="co_chair")
    monkeypatch.setattr("cmcoord.meetings.chairs.seat_of", lambda user, body: other)
    with pytest.raises(ValidationError, match="does not sign for both"):
        services.sign_minutes(minutes, by=people.ocha_bria, digest=minutes.digest)


def test_a_chair_who_does_not_sit_there_does_not_sign(people, minutes):
    for user in (people.requester_bria, people.ocha_birao, people.hoo, people.hc, people.donor, people.force_ml):
        with pytest.raises(PermissionDenied):
            services.sign_minutes(minutes, by=user, digest=minutes.digest)
        with pytest.raises(PermissionDenied):
            services.object_to_minutes(minutes, by=user, digest=minutes.digest, text="No")


def test_an_edit_voids_both_and_whoever_signed_is_told(people, minutes):
    minutes = sign(minutes, people.ocha_bria)
    old = minutes.digest
    minutes = written(minutes, people.force_sector, "The axis is closed.")
    assert minutes.stage == "draft" and not signing.valid_signatures(minutes) and minutes.signatures.count() == 1
    told = Notification.objects.filter(kind="minutes.void", recipient=people.ocha_bria, expects="sign_minutes")
    assert (
        told.exists() and not Notification.objects.filter(kind="minutes.void", recipient=people.force_sector).exists()
    )
    with pytest.raises(ValidationError, match="changed since you opened it"):
        services.sign_minutes(minutes, by=people.force_sector, digest=old)
    minutes = written(minutes, people.ocha_bria, "The axis is open.")
    assert not signing.valid_signatures(minutes), "the words of before do not bring the signature back"
    assert sign(minutes, people.force_sector, people.ocha_bria).is_final


def test_what_changes_elsewhere_is_an_edit_too(people, minutes):
    minutes = sign(minutes, people.ocha_bria)
    minutes.meeting.body.name_en = "CMCoord cell, Bria town"
    minutes.meeting.body.save()
    with pytest.raises(ValidationError, match="changed since you opened it"):
        services.sign_minutes(minutes, by=people.force_sector, digest=minutes.digest)
    minutes = again(minutes)
    assert minutes.stage == "draft" and not signing.valid_signatures(minutes)


def test_attendance_written_later_voids_and_final_minutes_refuse_it(people, minutes):
    minutes = sign(minutes, people.ocha_bria)
    with transaction.atomic():
        attended(minutes.meeting, people.ocha_bria, "WFP")
        services.touched(minutes.meeting, by=people.ocha_bria)
    assert again(minutes).stage == "draft"
    sign(minutes, people.ocha_bria, people.force_sector)
    with pytest.raises(ValidationError, match="addendum"):
        services.touched(minutes.meeting, by=people.ocha_bria)


def test_minutes_without_attendance_or_words_or_of_a_meeting_not_held_yet_are_not_signed(people, cell):
    meeting = held(cell, people.ocha_bria)
    minutes = services.start_minutes(meeting, by=people.ocha_bria, language="en")
    with pytest.raises(ValidationError, match="without attendance"):
        services.sign_minutes(minutes, by=people.ocha_bria, digest=minutes.digest)
    attended(meeting, people.ocha_bria)
    services.refresh_minutes(minutes)
    with pytest.raises(ValidationError, match="Nothing is written"):
        services.sign_minutes(minutes, by=people.ocha_bria, digest=again(minutes).digest)
    coming = services.start_minutes(planned(cell, people.ocha_bria), by=people.ocha_bria, language="en")
    with pytest.raises(ValidationError, match="was held"):
        services.sign_minutes(coming, by=people.ocha_bria, digest=coming.digest)


def test_an_objection_is_kept_and_told_and_stops_nobody(people, minutes):
    services.object_to_minutes(minutes, by=people.force_sector, digest=minutes.digest, text="The hour is wrong.")
    assert Notification.objects.filter(kind="minutes.object", recipient=people.ocha_bria).exists()
    assert sign(minutes, people.ocha_bria, people.force_sector).is_final
    with pytest.raises(ValidationError):
        services.object_to_minutes(minutes, by=people.ocha_bria, digest=minutes.digest, text="Too late")


# ── final ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_final_minutes_are_closed_in_the_services_and_in_the_database(people, minutes):
    minutes = sign(minutes, people.ocha_bria, people.force_sector)
    item = minutes.items.get(order=3)
    for act in (
        lambda: services.write_item(item, by=people.ocha_bria, version=item.version, title="x", summary="y"),
        lambda: services.add_minutes_item(minutes, by=people.ocha_bria, title="More"),
        lambda: services.add_decision(item, by=people.ocha_bria, text="More"),
        lambda: services.sign_minutes(minutes, by=people.ocha_bria, digest=minutes.digest),
    ):
        with pytest.raises(ValidationError, match="final"):
            act()
    changes = (
        lambda: MinutesItem.objects.filter(pk=item.pk).update(summary="Other"),
        lambda: MinutesItem.objects.filter(pk=item.pk).delete(),
        lambda: MinutesItem.objects.create(minutes=minutes, order=99, title="More", changed_by=people.ocha_bria),
        lambda: item.decisions.create(text="More"),
        lambda: Minutes.objects.filter(pk=minutes.pk).update(digest="0" * 64),
        lambda: Minutes.objects.filter(pk=minutes.pk).update(stage="draft", final_at=None, how=""),
        lambda: Signature.objects.filter(minutes=minutes).update(digest="0" * 64),
        lambda: Signature.objects.filter(minutes=minutes).delete(),
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    Minutes.objects.filter(pk=minutes.pk).update(released_at=timezone.now(), released_by=people.ocha_bria)


def test_a_draft_can_be_changed_and_taken_apart(people, minutes):
    MinutesItem.objects.filter(minutes=minutes, order=9).delete()
    Minutes.objects.filter(pk=minutes.pk).update(language="fr")


def test_corrections_are_addenda_that_both_chairs_sign(people, minutes):
    with pytest.raises(ValidationError, match="not final"):
        services.amend_minutes(minutes, by=people.ocha_bria, text="x")
    minutes = sign(minutes, people.ocha_bria, people.force_sector)
    row = services.amend_minutes(minutes, by=people.force_sector, text="Read 05:30 for 06:30.")
    services.sign_addendum(row, by=people.ocha_bria, digest=row.digest)
    assert not signing.is_whole(Addendum.objects.get())
    Seat.objects.filter(body=minutes.meeting.body, kind="co_chair").update(closed_at=timezone.now())
    assert not signing.is_whole(Addendum.objects.get())  # OCHA alone corrects nothing by taking the other seat away
    Seat.objects.filter(body=minutes.meeting.body, kind="co_chair").update(closed_at=None)
    for user in (people.ocha_bria, people.ocha_bgi):
        with pytest.raises(ValidationError):
            services.sign_addendum(row, by=user, digest=row.digest)
    with pytest.raises(PermissionDenied):
        services.sign_addendum(row, by=people.requester_bria, digest=row.digest)
    services.sign_addendum(row, by=people.force_sector, digest=row.digest)
    assert signing.is_whole(Addendum.objects.get())
    assert services.amend_minutes(minutes, by=people.ocha_bria, text="Another").number == 2
    with pytest.raises(PermissionDenied):
        services.amend_minutes(minutes, by=people.requester_bria, text="x")


# ── adoption ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_unsigned_minutes_are_on_the_next_agenda_after_five_working_days(people, cell):
    minutes = minutes_of(cell, people.ocha_bria, days_ago=12)
    due = adopting.sign_by(minutes.meeting)
    assert adopting.to_adopt(cell, due) == [minutes] and adopting.to_adopt(cell, due - dt.timedelta(minutes=1)) == []
    day = minutes.meeting.ends.astimezone(cell.country.zone).date()
    for _number in range(3):  # a holiday in between puts it off by a working day
        day += dt.timedelta(days=1)
        while day.isoweekday() > 5:
            day += dt.timedelta(days=1)
    Holiday.objects.create(country=cell.country, date=day, name_en="Day", name_fr="Jour")
    assert adopting.sign_by(minutes.meeting) > due
    sooner = held(cell, people.ocha_bria, days_ago=20)
    assert agenda.standing(planned(cell, people.ocha_bria)).to_adopt == [minutes]
    assert agenda.standing(sooner).to_adopt == [], "no meeting adopts what was said after it"
    sign(minutes, people.ocha_bria, people.force_sector)
    assert adopting.to_adopt(cell) == []


def test_the_chairs_hear_once_of_minutes_that_were_not_signed_in_time(people, cell):
    minutes, new = minutes_of(cell, people.ocha_bria, days_ago=12), minutes_of(cell, people.ocha_bria, days_ago=1)
    due = adopting.sign_by(minutes.meeting)
    assert reminding.tell_unsigned(due - dt.timedelta(minutes=1)) == 0
    assert reminding.tell_unsigned(due) == 1 and reminding.tell_unsigned(due + dt.timedelta(days=3)) == 0
    told = Notification.objects.filter(kind="minutes.overdue", expects="sign_minutes", channel="portal")
    assert {row.recipient for row in told} >= {people.ocha_bria, people.force_sector}
    assert people.requester_bria not in {row.recipient for row in told} and not Event.objects.filter(
        kind="minutes.overdue", subject_id=new.pk
    )


def test_a_later_meeting_that_was_held_adopts_that_very_text(people, cell):
    minutes = minutes_of(cell, people.ocha_bria, days_ago=9)
    earlier, later = held(cell, people.ocha_bria, days_ago=20), under_way(cell, people.ocha_bria)
    elsewhere = held(chaired(people, "bambari"), people.ocha_bgi, days_ago=2)
    coming = planned(cell, people.ocha_bria)
    for meeting in (earlier, elsewhere, coming, minutes.meeting):
        with pytest.raises(ValidationError):
            services.adopt_minutes(minutes, by=people.ocha_bria, digest=minutes.digest, by_meeting=meeting)
    with pytest.raises(PermissionDenied):
        services.adopt_minutes(minutes, by=people.requester_bria, digest=minutes.digest, by_meeting=later)
    with pytest.raises(ValidationError, match="changed since"):
        services.adopt_minutes(minutes, by=people.ocha_bria, digest="0" * 64, by_meeting=later)
    adopted = {"digest": minutes.digest, "by_meeting": later}
    row = services.adopt_minutes(minutes, by=people.force_sector, proved_at=later.starts, **adopted)
    assert (row.kind, row.proved_at) == ("co_chair", later.starts) and not again(minutes).is_final
    told = Notification.objects.filter(kind="minutes.adopt", expects="adopt_minutes")
    assert people.ocha_bria.pk in told.values_list("recipient", flat=True)
    for user in (people.force_sector, people.force_u3):  # the same chair does not confirm itself
        with pytest.raises(ValidationError, match="other chair"):
            services.adopt_minutes(minutes, by=user, **adopted)
    another = under_way_too(cell, people.ocha_bria)
    services.adopt_minutes(minutes, by=people.ocha_bria, digest=minutes.digest, by_meeting=another)
    assert not again(minutes).is_final, "each chair names another meeting"
    services.adopt_minutes(minutes, by=people.ocha_bria, **adopted)
    minutes = again(minutes)
    assert (minutes.stage, minutes.how, minutes.meeting.number) == ("final", "adoption", 1)
    assert [row.by_meeting for row in signing.adoptions_of(minutes)] == [later, later]


def under_way_too(body, by):
    """One more meeting that began later than the minutes, and before the other one."""
    meeting = held(body, by, days_ago=0.3)
    Meeting.objects.filter(pk=meeting.pk).update(ends=timezone.now() + dt.timedelta(minutes=5))
    return Meeting.objects.get(pk=meeting.pk)


def test_where_nobody_sits_in_the_other_chair_one_chair_records_the_adoption(people, cell):
    minutes, later = minutes_of(cell, people.ocha_bria, days_ago=9), under_way(cell, people.ocha_bria)
    adopted = {"by": people.ocha_bria, "digest": minutes.digest, "by_meeting": later}
    services.adopt_minutes(minutes, **adopted)
    other = cell.seats.get(kind="co_chair").sittings
    other.update(ends=later.local_start.date())  # whoever sat at that meeting is not taken away to adopt alone
    with pytest.raises(ValidationError, match="other chair confirms"):
        services.adopt_minutes(minutes, **adopted)
    other.update(ends=later.local_start.date() - dt.timedelta(days=1))
    services.refresh_minutes(minutes)
    minutes = again(minutes)
    services.adopt_minutes(minutes, **(adopted | {"digest": minutes.digest}))
    assert again(minutes).is_final and minutes.adoptions.exclude(kind="chair").count() == 0


def test_a_body_with_one_chair_becomes_final_by_adoption_alone(people, cell):
    cell.seats.filter(kind="co_chair").update(closed_at=timezone.now() - dt.timedelta(days=2))
    minutes = sign(minutes_of(cell, people.ocha_bria, days_ago=9), people.ocha_bria)
    assert not minutes.is_final
    services.adopt_minutes(
        minutes, by=people.ocha_bria, digest=minutes.digest, by_meeting=under_way(cell, people.ocha_bria)
    )
    assert again(minutes).how == "adoption"


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_notes_are_for_the_humanitarian_side_and_change_nothing_that_is_joint(people, minutes):
    note = services.add_note(minutes.meeting, by=people.ocha_bria, title="Tone", text="The force was evasive.")
    assert again(minutes).digest == minutes.digest and "evasive" not in str(joint_text.content_of(minutes))
    assert "evasive" not in str(list(Event.objects.values_list("data", flat=True)))
    for user in (people.force_sector, people.donor, people.requester_bria, people.ocha_bko):
        with pytest.raises(PermissionDenied):
            services.add_note(minutes.meeting, by=user, title="x", text="y")
    services.write_note(note, by=people.ocha_bgi, version=1, title="Tone", text="Other")
    with pytest.raises(services.StaleNote):
        services.write_note(note, by=people.ocha_bria, version=1, title="Tone", text="Mine")
    assert HumanitarianNote.objects.get().text == "Other"


def test_a_translation_is_marked_and_goes_out_of_date(people, minutes):
    words = [{"title": f"Point {place}"} for place in range(10)]
    row = services.translate_minutes(minutes, by=people.force_sector, language="fr", digest=minutes.digest, words=words)
    assert not row.is_stale
    minutes = written(minutes, people.ocha_bria, "Another text")
    assert minutes.translations.get().is_stale
    with pytest.raises(ValidationError):
        services.translate_minutes(minutes, by=people.ocha_bria, language="en", digest=minutes.digest, words=words)
    with pytest.raises(PermissionDenied):
        services.translate_minutes(minutes, by=people.hc, language="fr", digest=minutes.digest, words=words)
