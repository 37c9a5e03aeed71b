"""Who is told of an event, once each, and what the event keeps."""

import pytest
from django.db import IntegrityError, transaction

from cmcoord.activity import kinds, services
from cmcoord.activity.erasing import erase_value
from cmcoord.activity.models import ErasableValue, Event, Notification, Preference
from cmcoord.activity.services import Tell, record
from tests.activity.conftest import person
from tests.activity.test_seals import by_hand

PORTAL, MAIL = "portal", "mail"

pytestmark = pytest.mark.django_db


def rows(event):
    return {
        (row.recipient.username, row.channel, row.status) for row in event.notifications.select_related("recipient")
    }


def test_an_event_keeps_reference_and_address_of_its_subject(subject, officer):
    event = record(subject, "case.review", by=officer)
    assert (event.stream, event.subject_kind, event.subject_id) == ("CAF", "case", 7)
    assert event.data == {"reference": "CAF-AE-2026-0042", "url": "/requests/CAF-AE-2026-0042/"}


def test_what_the_caller_says_about_the_reference_stands(subject, officer):
    event = record(subject, "case.review", by=officer, data={"reference": "other", "url": "/elsewhere/"}, stream="MLI")
    assert event.data == {"reference": "other", "url": "/elsewhere/"}
    assert event.stream == "MLI"


def test_a_subject_without_stream_belongs_to_the_portal(officer):
    class Bare:
        pk, activity_kind = 1, "thing"

    event = record(Bare(), "thing.happen", by=None)
    assert (event.stream, event.by, event.data) == ("portal", None, {})


def test_a_person_is_told_in_the_portal_and_by_mail(subject, officer, requester):
    event = record(subject, "case.review", by=officer, tell=[Tell(requester)])
    assert rows(event) == {("req.bria", PORTAL, "sent"), ("req.bria", MAIL, "pending")}


def test_a_person_named_twice_is_told_once_with_what_is_expected(subject, officer, requester):
    event = record(
        subject, "case.return", by=officer, tell=[Tell(requester), Tell(requester, "resubmit"), Tell(requester, "read")]
    )
    assert {row.expects for row in event.notifications.all()} == {"resubmit"}
    assert event.notifications.count() == 2


def test_nobody_is_merely_informed_of_their_own_act(subject, officer):
    event = record(subject, "case.review", by=officer, tell=[Tell(officer)])
    assert not event.notifications.exists()


def test_who_acted_is_told_when_something_is_expected_from_them(subject, officer):
    event = record(subject, "case.approve", by=officer, tell=[Tell(officer, "transmit")])
    assert rows(event) == {("ocha.bria", PORTAL, "sent"), ("ocha.bria", MAIL, "pending")}


def test_a_deactivated_person_is_not_told(subject, officer, requester):
    requester.is_active = False
    requester.save()
    event = record(subject, "case.approve", by=officer, tell=[Tell(requester)])
    assert not event.notifications.exists()


def test_a_person_without_address_is_told_in_the_portal_only(subject, officer, requester):
    requester.email = ""
    requester.save()
    event = record(subject, "case.approve", by=officer, tell=[Tell(requester)])
    assert rows(event) == {("req.bria", PORTAL, "sent")}


def test_somebody_without_account_is_told_at_an_address_once(subject, officer):
    tell = [Tell(address="new@demo.example", expects="accept", language="fr"), Tell(address="NEW@demo.example")]
    event = record(subject, "invitation.send", by=officer, tell=tell)
    row = event.notifications.get()
    assert (row.recipient, row.address, row.language, row.channel) == (None, "new@demo.example", "fr", MAIL)


def test_the_database_lets_nobody_be_told_twice(subject, officer, requester):
    event = record(subject, "case.review", by=officer, tell=[Tell(requester)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(event=event, recipient=requester, channel=MAIL, kind=event.kind)


def test_the_database_lets_no_address_be_told_twice(subject, officer):
    event = record(subject, "invitation.send", by=officer, tell=[Tell(address="new@demo.example")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(event=event, address="new@demo.example", channel=MAIL, kind=event.kind)


@pytest.mark.parametrize("address", ["", "somebody@demo.example"])
def test_a_notification_has_exactly_one_reader(subject, officer, requester, address):
    event = record(subject, "case.review", by=officer)
    reader = requester if address else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(event=event, recipient=reader, address=address, channel=MAIL, kind=event.kind)


def test_nothing_is_told_of_what_was_rolled_back(subject, officer, requester):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(subject, "case.review", by=officer, tell=[Tell(requester)])
        raise ZeroDivisionError
    assert not Event.objects.exists()
    assert not Notification.objects.exists()


# What may be switched off


def test_a_person_who_switched_progress_off_gets_no_mail_about_it(subject, officer, requester):
    services.set_preferences(requester, wanted={"steps": False})
    event = record(subject, "case.review", by=officer, tell=[Tell(requester)])
    assert rows(event) == {("req.bria", PORTAL, "sent")}


def test_a_step_that_waits_for_its_reader_is_mailed_whatever_they_switched_off(subject, officer, requester):
    services.set_preferences(requester, wanted=dict.fromkeys(kinds.GROUPS, False))
    event = record(subject, "case.submit", by=officer, tell=[Tell(requester, "review")])
    assert rows(event) == {("req.bria", PORTAL, "sent"), ("req.bria", MAIL, "pending")}


def test_all_switched_off_means_no_mail_but_the_mandatory_ones(subject, officer, requester):
    services.set_preferences(requester, wanted=dict.fromkeys(kinds.GROUPS, False))
    for kind in kinds.KINDS:
        record(subject, kind, by=officer, tell=[Tell(requester)])
    mailed = set(Notification.objects.filter(channel=MAIL).values_list("kind", flat=True))
    assert mailed == {
        "case.return", "case.reject", "case.civilian", "case.approve", "case.deny", "case.redecide", "case.extend",
        "case.refuse_extension", "case.transmit", "case.retransmit", "case.accept", "case.limit", "case.decline",
        "case.counter", "case.refuse_counter", "case.change", "case.stand_down", "case.abort", "case.deviation",
        "case.expire", "case.withdraw", "case.cancel", "case.suspend", "case.resume", "case.record",
        "case.confirm_record", "case.dispute_record", "case.escalate", "appointment.give", "appointment.confirm",
        "appointment.refuse", "appointment.end", "standin.give", "standin.end", "delegation.give", "delegation.end",
        "delegation.lapse", "case.call_ocha", "invitation.send",
        "invitation.accept", "user.deactivate", "user.activate", "user.reset_password", "user.confirm_email",
        "user.change", "invitation.revoke", "portal.found", "case.overrun", "case.erase", "case.agree",
        "trail.anchor", "trail.break", "trail.recover", "trail.export", "factor.add",
        "factor.remove", "factor.codes", "reference.add", "reference.change", "reference.remove",
        "reference.propose", "reference.confirm", "reference.refuse", "reference.void", "mail.send_again",
        "case.correct_log", "case.correct_patrol", "case.contradiction",
        "factor.ask_reset", "factor.reset", "factor.refuse_reset",
        "user.end_session", "user.end_sessions", "user.hold", "user.release", "refused.field", "refused.denied",
        "refused.absent", "refused.attempts", "register.export", "case.consent", "case.withdraw_consent",
        "case.withdraw_force", "case.recall_papers", "user.confirm_number", "user.start_sms", "user.stop_sms",
        "appointment.doubt", "standin.doubt", "delegation.doubt",
        "case.ask_confirmation", "case.confirm_filing", "case.correct_filing",
        "organisation.name", "case.send_sheet", "case.ask_to_join", "case.leave_convoy", "case.take_invitation_back",
        "post.open", "post.describe", "post.change", "post.hand_over", "post.leave", "post.close", "fleet.keep",
        "fleet.remove", "holding.confirm", "holding.verify", "holding.plan", "holding.stay", "holding.depart",
        "contact.ask_consent", "contact.consent", "contact.withdraw", "contact.forget", "contact.link", "handover.take",
        "contact.recall", "directory.export", "merge.make", "merge.undo", "contactlist.take", "contactlist.give_up",
        "fleet.open", "case.alarm", "case.answer_alarm", "case.suspend_provider", "case.approve_orally",
        "case.deny_orally", "case.confirm_in_writing", "case.establish_consensus", "policy.propose", "policy.confirm",
        "policy.refuse", "reverse.screen", "reverse.reject", "reverse.refuse", "reverse.decline", "reverse.deny",
        "reverse.validate", "reverse.withdraw", "reverse.take_back", "reverse.expire", "status.open", "status.propose",
        "status.confirm", "status.reject", "reverse.escalate", "case.window_over", "feed.open", "feed.revoke",
    }  # fmt: skip
    assert Notification.objects.filter(channel=PORTAL).count() == len(kinds.KINDS)


def test_a_mandatory_group_is_not_even_stored_as_switched_off(requester):
    services.set_preferences(requester, wanted={"decisions": False, "steps": False, "talk": True})
    assert set(Preference.objects.values_list("kind", "mail")) == {("steps", False), ("talk", True)}


def test_one_persons_choice_is_not_anothers(subject, officer, requester, coordinator):
    services.set_preferences(requester, wanted={"steps": False})
    event = record(subject, "case.review", by=officer, tell=[Tell(requester), Tell(coordinator)])
    assert rows(event) == {("req.bria", PORTAL, "sent"), ("hc.car", PORTAL, "sent"), ("hc.car", MAIL, "pending")}


# What may be forgotten


def test_a_secret_stands_in_the_event_as_a_digest_only(subject, officer):
    event = record(subject, "case.deny", by=officer, secret={"reason": "convoy route known"})
    kept = ErasableValue.objects.get(event=event)
    assert "convoy" not in str(event.data)
    assert event.data["digests"] == {"reason": ErasableValue.digest_of(kept.salt, "convoy route known")}
    assert kept.matches_event()


def test_the_same_secret_has_another_digest_each_time(subject, officer):
    digests = {record(subject, "case.deny", by=officer, secret={"reason": "x"}).data["digests"]["reason"] for _ in "ab"}
    assert len(digests) == 2


def test_destroying_a_value_leaves_the_event_as_it_was(subject, officer):
    event = record(subject, "case.deny", by=officer, secret={"reason": "x", "note": "y"})
    before = event.data
    erase_value(event, "reason", by=officer, reason="The source asked for it.")
    event.refresh_from_db()
    assert event.data == before
    assert list(event.erasable_values.values_list("field", "value")) == [("note", "y")]


def test_a_changed_value_no_longer_matches_its_event(subject, officer):
    event = record(subject, "case.deny", by=officer, secret={"reason": "x"})
    by_hand("UPDATE activity_erasablevalue SET value = 'y' WHERE event_id = %s", [event.pk])
    assert not event.erasable_values.get().matches_event()


# What it costs


def test_telling_many_people_costs_no_query_each(subject, officer, django_assert_num_queries):
    people = [person(f"reader{number}", "ingo") for number in range(20)]
    with django_assert_num_queries(3):  # the event, the preferences, the notifications
        event = record(subject, "case.review", by=officer, tell=[Tell(one) for one in people])
    assert event.notifications.count() == 40
