"""What happens by itself, and only once: expiry, silence, after-actions, reminders, overruns."""

import datetime as dt

import pytest
from django.core import mail

from cmcoord.activity.models import Event, Notification, Reminder
from requests_app import services, workflow
from requests_app.models import Case
from requests_app.services import make_move
from tests.factories import case_at

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def again(case):
    return Case.objects.get(pk=case.pk)


def told(kind):
    return sorted(
        Notification.objects.filter(event__kind=kind, channel="portal").values_list("recipient__username", flat=True)
    )


def test_an_approval_past_its_end_counts_as_expired_before_the_sweep_has_written_it(people):
    case = case_at("approved", people)
    later = case.ends_at + MINUTE
    assert workflow.effective_status(case, later) == "expired"
    assert workflow.why_not(case, "transmit", people.ocha_bria, now=later)
    assert again(case).status == "approved"
    assert services.expire_due(later) == 1
    assert again(case).status == "expired"
    assert services.expire_due(later) == 0


@pytest.mark.parametrize("status", ["submitted", "reviewing", "returned", "clearing", "deciding"])
def test_an_undecided_request_expires_when_its_window_ends(people, status):
    case = case_at(status, people)
    services.expire_due(case.window_to + MINUTE)
    assert again(case).status == "expired"


@pytest.mark.parametrize("status", ["draft", "denied", "underway", "closed", "civilian"])
def test_what_cannot_expire_does_not(people, status):
    case = case_at(status, people)
    services.expire_due(case.window_to + DAY * 40)
    assert again(case).status == status


def test_an_operation_under_way_past_its_end_is_flagged_once_and_ends_normally(people):
    case = case_at("underway", people)
    later = case.ends_at + HOUR
    assert (services.flag_overruns(later), services.flag_overruns(later + HOUR)) == (1, 0)
    assert Event.objects.filter(kind="case.overrun").count() == 1
    assert "ocha.bria" in told("case.overrun")
    for person in (people.requester_bria, people.force_u3):
        make_move(case, "log", by=person, what="end", happened_at=later, now=later)
    assert again(case).status == "completed"


def test_silence_passes_on_as_no_answer_and_lets_the_case_reach_the_coordinator(people):
    case = case_at("submitted", people)
    row = case.consultations.get(body="cluster:LOG")
    assert services.lapse_due(row.due_at - MINUTE) == 0
    assert services.lapse_due(row.due_at + MINUTE) >= 1
    row.refresh_from_db()
    assert row.lapsed_at and not row.answered_at
    assert services.lapse_due(row.due_at + HOUR) == 0


def test_a_cluster_may_still_answer_after_its_silence_was_noted(people):
    case = case_at("submitted", people)
    services.lapse_due(case.consultations.get(body="cluster:LOG").due_at + MINUTE)
    make_move(case, "advise_cluster", by=people.log_cluster, value="endorsed")
    assert case.consultations.get(body="cluster:LOG").answered_at


@pytest.mark.parametrize("status", ["completed", "aborted"])
def test_what_ended_asks_for_its_after_action(people, status):
    case = case_at(status, people)
    assert services.report_due(case.updated_at) == 1
    assert again(case).status == "reporting"
    assert "req.bria" in told("case.report")


def test_each_reminder_goes_out_once_after_three_days_without_a_worker(people):
    case = case_at("submitted", people)
    now = max(row.due_at for row in Reminder.objects.open_for(case)) + DAY * 3
    assert now < case.window_to
    due = Reminder.objects.due(now).filter(key__endswith=".due").count()
    assert due >= 2
    assert services.remind_due(now) == due
    assert services.remind_due(now) == 0
    assert services.remind_due(now + HOUR) == 0
    assert not told("case.remind"), "half of a time that is over says nothing more"
    assert {"ocha.bria", "ocha.bgi"} <= set(told("case.escalate"))


def test_reminders_of_a_step_that_was_made_are_void(people):
    case = case_at("deciding", people)
    assert Reminder.objects.open_for(case).filter(key__startswith="hc.").count() == 2
    limits = case.drafts.latest("id")
    fields = ("force", "axis", "valid_from", "valid_to", "rotations", "conditions", "condition_text")
    make_move(case, "approve", by=people.hc, **{name: getattr(limits, name) for name in fields})
    assert not Reminder.objects.open_for(case).filter(key__startswith="hc.").exists()
    assert Reminder.objects.open_for(case).filter(key__startswith="transmission.").exists()


def test_no_reminder_of_the_review_goes_out_while_the_request_is_returned(people):
    case = case_at("submitted", people)
    half = Reminder.objects.open_for(case).filter(key__startswith="station.", key__endswith=".half").get()
    make_move(case, "return", by=people.ocha_bria, reason="Which day?", now=half.due_at - MINUTE)
    services.remind_due(half.due_at + MINUTE)
    assert not Event.objects.filter(kind="case.remind", data__clock="station").exists()
    make_move(case, "resubmit", by=people.requester_bria, reason="On Monday.", now=half.due_at + HOUR)
    assert Reminder.objects.open_for(case).filter(key__startswith="station.", key__endswith=".half").count() == 1


def test_a_late_force_is_escalated_to_its_headquarters_and_to_ocha(people):
    case = case_at("transmitted", people)
    due = Reminder.objects.open_for(case).filter(key__startswith="reply.", key__endswith=".due").get()
    services.remind_due(due.due_at + MINUTE)
    reached = set(told("case.escalate"))
    assert {"force.u3", "force.sector", "ocha.bria"} <= reached
    assert "req.bria" not in reached
    assert mail.outbox == []


def test_after_downtime_the_half_time_reminder_is_void_and_only_the_overdue_notice_goes_out(people):
    case = case_at("submitted", people)
    rows = Reminder.objects.open_for(case).filter(key__startswith="station.")
    half, due = rows.get(key__endswith=".half"), rows.get(key__endswith=".due")
    back = due.due_at + MINUTE
    services.remind_due(back)
    half.refresh_from_db(), due.refresh_from_db()
    assert (half.sent_at, half.void_at, due.sent_at, due.void_at) == (None, back, back, None)


def test_of_a_paper_too_only_the_overdue_notice_goes_out_after_downtime(people):
    case = case_at("scheduled", people)
    rows = Reminder.objects.open_for(case).filter(key__startswith="receive.")
    half, due = rows.filter(key__endswith=".half").latest("id"), rows.filter(key__endswith=".due").latest("id")
    back = due.due_at + MINUTE
    services.remind_due(back)
    half.refresh_from_db(), due.refresh_from_db()
    assert (half.sent_at, half.void_at, due.sent_at) == (None, back, back)
