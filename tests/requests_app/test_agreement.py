"""Does the requester say yes to a counter-proposal in person, to exactly the reply that stands?"""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from cmcoord.activity.mail import message_for
from cmcoord.activity.models import Event, Notification, Reminder
from requests_app import dossier, turns, waiting
from requests_app.models import Agreement, Case
from requests_app.services import Refused, current_clocks, make_move, remind_due
from tests.factories import DAY, HOUR, RELEASED, STEPS, case_at, fresh
from tests.requests_app.test_moves_views import local, opened, send
from tests.requests_app.test_recording import record, said

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def agree(case, by, **facts):
    return make_move(fresh(case), "agree", by=by, **{"reply": case.replies.last().pk} | facts)


def schedule(case, by):
    case = fresh(case)
    facts = STEPS["schedule"][2](case, timezone.now())
    return make_move(case, "schedule", by=by, **facts | {"departure_at": case.departure_at + DAY,
                                                         "rendezvous_at": case.departure_at})  # fmt: skip


def test_the_requester_agrees_and_ocha_schedules(people):
    case = case_at("countered", people)
    with pytest.raises(Refused, match="has not agreed to the counter-proposal yet"):
        schedule(case, people.ocha_bria)
    move = agree(case, people.requester_bria, text="One day later suits us.")
    row = Agreement.objects.get()
    assert (row.reply, row.by, row.text, row.on_behalf) == (
        case.replies.get(), people.requester_bria, "One day later suits us.", None
    )  # fmt: skip
    assert (move.from_status, move.to_status) == ("countered", "countered")
    schedule(case, people.ocha_bria)
    assert fresh(case).status == "scheduled"


def test_the_yes_is_told_to_ocha_with_the_time_for_scheduling(people):
    case = case_at("countered", people)
    agree(case, people.requester_bria, text="One day later suits us.")
    event = Event.objects.get(kind="case.agree")
    assert "suits" not in str(event.data)
    told = {row.recipient: row.expects for row in Notification.objects.filter(event=event)}
    assert {people.ocha_bria, people.ocha_bgi} <= {who for who, what in told.items() if what == "schedule"}
    assert people.force_u3 not in told
    mail = message_for(Notification.objects.filter(event=event, recipient=people.ocha_bria).first())
    assert "please schedule (the requester agrees)" in mail.subject
    assert "By when:" in mail.body


def test_the_proposal_asks_the_requester_in_their_language_and_ocha_to_weigh(people):
    case = case_at("transmitted", people)
    people.requester_bria.language = "fr"
    people.requester_bria.save()
    make_move(case, "counter", by=people.force_u3, text="A day later.", departure_at=case.departure_at + DAY)
    rows = Notification.objects.filter(event__kind="case.counter")
    assert "merci d’accepter ou de refuser" in message_for(rows.filter(recipient=people.requester_bria).first()).subject
    assert "please weigh the reply" in message_for(rows.filter(recipient=people.ocha_bria).first()).subject


@pytest.mark.parametrize("name", ["ocha_bria", "ocha_bgi", "hc", "force_u3", "requester_birao", "log_cluster", "donor"])
def test_nobody_else_agrees_for_the_organisation(people, name):
    case = case_at("countered", people)
    with pytest.raises(Refused) as refused:
        agree(case, getattr(people, name))
    assert refused.value.kind == "right"
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("status", ["acknowledged", "accepted", "declined", "scheduled"])
def test_there_is_nothing_to_agree_to_in_another_state(people, status):
    case = case_at(status, people)
    with pytest.raises(Refused) as refused:
        make_move(case, "agree", by=people.requester_bria, reply=1)
    assert refused.value.kind == "state"


def test_it_is_said_once(people):
    case = case_at("countered", people)
    agree(case, people.requester_bria)
    with pytest.raises(Refused, match="has agreed to this reply"):
        agree(case, people.colleague_bria)


def test_a_new_reply_needs_a_new_yes(people):
    case = case_at("countered", people)
    first = case.replies.get()
    agree(case, people.requester_bria)
    make_move(fresh(case), "refuse_counter", by=people.requester_bria, reason="The date has gone.")
    make_move(fresh(case), "retransmit", by=people.ocha_bria, reason="A new date.", **RELEASED)
    make_move(fresh(case), "counter", by=people.force_u3, text="Two days.", departure_at=case.departure_at + DAY)
    with pytest.raises(Refused, match="has not agreed to the counter-proposal yet"):
        schedule(case, people.ocha_bria)
    with pytest.raises(Refused, match="has answered again") as refused:
        agree(case, people.requester_bria, reply=first.pk)
    assert refused.value.kind == "state"
    agree(case, people.requester_bria)
    schedule(case, people.ocha_bria)
    assert fresh(case).status == "scheduled"


def test_what_leaves_the_approval_is_not_for_the_requester_to_agree(people):
    case = case_at("transmitted", people)
    make_move(case, "counter", by=people.force_u3, text="Next month.", departure_at=case.departure_at + 20 * DAY)
    with pytest.raises(Refused, match="goes back to the Humanitarian Coordinator"):
        agree(case, people.requester_bria)


def test_limits_may_be_agreed_to_and_scheduled_without(people):
    case = case_at("limited", people)
    schedule(case, people.ocha_bria)
    assert fresh(case).status == "scheduled"
    other = case_at("limited", people)
    agree(other, people.requester_bria)
    assert Agreement.objects.get().case == other


def test_ocha_takes_the_yes_down_and_the_requester_confirms_it(client, people):
    case = case_at("countered", people)
    answers = {"reply": case.replies.get().pk, "text": "Said on the telephone."}
    assert record(client, people.ocha_bria, case, "agree", said(people.requester_bria), **answers).status_code == 302
    row = Agreement.objects.get()
    assert (row.by, row.on_behalf.recorded_by) == (people.requester_bria, people.ocha_bria)
    assert Notification.objects.filter(recipient=people.requester_bria, expects="confirm").exists()
    content = opened(client, people.requester_bria, case, "confirm_record").content.decode()
    assert "Agree to what the force proposes" in content
    assert "Said on the telephone." in content
    schedule(case, people.ocha_bria)
    assert fresh(case).status == "scheduled"


def test_the_word_of_somebody_without_account_counts_too(client, people):
    case = case_at("countered", people)
    answers = {"reply": case.replies.get().pk}
    source = said(function="Logistician of the organisation")
    assert record(client, people.ocha_bria, case, "agree", source, **answers).status_code == 302
    assert Agreement.objects.get().by is None


def test_a_yes_is_not_older_than_the_reply_that_it_answers(client, people):
    case = case_at("countered", people)
    reply = case.replies.get()
    before = said(people.requester_bria, **{"said-received_at": local(reply.at - dt.timedelta(minutes=2))})
    refused = record(client, people.ocha_bria, case, "agree", before, reply=reply.pk)
    assert refused.status_code == 422
    assert "was said before the force answered" in refused.content.decode()
    assert not Agreement.objects.exists()
    same_minute = said(people.requester_bria, **{"said-received_at": local(reply.at)})
    assert record(client, people.ocha_bria, case, "agree", same_minute, reply=reply.pk).status_code == 302
    assert Agreement.objects.get().reply == reply


def test_the_page_of_the_requester_shows_both_and_offers_yes_and_no(client, people):
    case = case_at("countered", people)
    client.force_login(people.requester_bria)
    content = client.get(case.get_absolute_url()).content.decode()
    assert "Please agree to what the force proposes, or say no" in content
    assert "What the force proposes" in content and "As approved" in content
    assert f"{case.get_absolute_url()}agree/" in content and f"{case.get_absolute_url()}refuse_counter/" in content
    stale = send(client, people.requester_bria, case, "agree", reply=case.replies.get().pk + 1)
    assert stale.status_code == 409
    assert send(client, people.requester_bria, case, "agree").status_code == 422
    content = opened(client, people.ocha_bria, case, "refuse_counter").content.decode()
    assert "As the force proposes" in content


def test_limits_cannot_be_refused_so_nobody_is_told_to(client, people):
    case = case_at("limited", people)
    content = opened_case(client, people.requester_bria, case)
    assert "Please agree to the limits of the force, or write to OCHA why not" in content
    assert "refuse_counter" not in content and "refuses it" not in content
    assert "agrees to the limits of the force" in opened_case(client, people.ocha_bria, case)


def test_a_refusal_that_came_too_late_is_shown_to_be_copied(client, people):
    case = case_at("countered", people)
    make_move(case, "refuse_counter", by=people.ocha_bria, reason="Too late in the month.")
    late = send(client, people.requester_bria, case, "refuse_counter", reason="Our drivers leave on <Friday>.")
    assert late.status_code == 409
    assert "Our drivers leave on &lt;Friday&gt;." in late.content.decode()


def test_ocha_does_not_say_you_of_somebody_elses_word(client, people):
    case = case_at("countered", people)
    client.force_login(people.ocha_bria)
    page = client.get(reverse("requests:record", args=[case.reference, "agree"])).content.decode()
    assert "word on exactly this reply" in page and "You agree" not in page


def opened_case(client, user, case):
    client.force_login(user)
    return client.get(case.get_absolute_url()).content.decode()


def first_turn(case, user):
    case = Case.objects.select_related("axis", "decision").get(pk=case.pk)
    dossier.read(case)
    return turns.waiting(case, current_clocks(case), user)


def test_ocha_weighs_until_the_requester_has_agreed_then_schedules(people):
    case = case_at("countered", people)
    sentence = first_turn(case, people.ocha_bria)[0].sentence
    assert sentence == "Please weigh the reply of the force against the approval"
    own = first_turn(case, people.requester_bria)
    assert (own[0].yours, own[0].whose, own[1].yours) == (True, str(case.organisation), False)
    agree(case, people.requester_bria)
    assert first_turn(case, people.ocha_bria)[0].sentence == "Please schedule the escort"
    assert len(first_turn(case, people.requester_bria)) == 1
    headings = {section.code for section in waiting.sections(people.ocha_bria)}
    assert headings == {"schedule"}
    assert not waiting.sections(people.requester_bria)


@pytest.mark.parametrize(("agreed", "expects"), [(False, "weigh"), (True, "schedule")])
def test_the_reminder_names_what_is_left(people, agreed, expects):
    case = case_at("countered", people)
    if agreed:
        agree(case, people.requester_bria)
    now = timezone.now()
    Reminder.objects.filter(key__startswith="scheduling.", key__endswith=".half").update(due_at=now - HOUR)
    remind_due(now)
    assert {row.expects for row in Notification.objects.filter(event__kind="case.remind")} == {expects}


def test_an_agreement_is_never_changed(people):
    case = case_at("countered", people)
    agree(case, people.requester_bria)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE requests_app_agreement SET text = 'no'")


def test_the_act_is_there_in_french(client, people):
    case = case_at("countered", people)
    people.requester_bria.language = "fr"
    people.requester_bria.save()
    with translation.override("fr"):
        assert first_turn(case, people.requester_bria)[0].sentence.startswith("Veuillez accepter")
    assert Event.objects.filter(at__gt=timezone.now() - dt.timedelta(days=3)).exists()


@pytest.mark.parametrize(
    ("status", "asked"), [("limited", "please agree or comment"), ("countered", "please agree or refuse")]
)
def test_the_mail_asks_for_what_can_be_answered(people, status, asked):
    case_at(status, people)
    mails = Notification.objects.filter(recipient=people.requester_bria, channel="mail").order_by("-pk")
    assert asked in message_for(mails[0]).subject
