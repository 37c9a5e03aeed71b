"""Can a side correct what it logged, does everybody see it, and does a contradiction hold the end of a movement?"""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from cmcoord.activity.models import Event, Notification
from cmcoord.activity.numbers import hidden
from cmcoord.activity.sentences import sentence
from requests_app import workflow
from requests_app.models import RotationLog
from requests_app.services import Refused, make_move
from tests.factories import HOUR, case_at, fresh
from tests.requests_app.test_moves_views import opened, send
from tests.requests_app.test_recording import record, said

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


@pytest.fixture
def on_the_road(people):
    return case_at("underway", people)


def log(case, by, what, number=1, **facts):
    return make_move(fresh(case), "log", by=by, what=what, number=number, happened_at=timezone.now(), **facts)


def newest(case, side):
    return case.rotation_logs.filter(side=side).latest("id")


def correct(case, by, wrong, what, reason="The wrong button.", **facts):
    return make_move(fresh(case), "correct_log", by=by, log=wrong.pk, what=what, reason=reason, **facts)


def contradicted(case, people):
    """The convoy has ended its only rotation, the force says that it was aborted."""
    log(case, people.requester_bria, "end")
    log(case, people.force_u3, "abort", note="Shots ahead.")
    return fresh(case)


def test_a_wrong_row_stays_and_the_new_one_says_which_and_why(on_the_road, people):
    log(on_the_road, people.force_u3, "end", note="Calm.")
    wrong = newest(on_the_road, "force")
    at = timezone.now() - HOUR
    move = correct(on_the_road, people.force_u3, wrong, "end", happened_at=at, note="By Ippy.")
    row = newest(on_the_road, "force")
    assert (row.corrects, row.reason, row.happened_at, row.note) == (wrong, "The wrong button.", at, "By Ippy.")
    assert (move.from_status, move.to_status) == ("underway", "underway")
    wrong.refresh_from_db()
    assert (wrong.note, wrong.what) == ("Calm.", "end")


def test_without_a_new_time_the_old_one_holds(on_the_road, people):
    log(on_the_road, people.force_u3, "end")
    wrong = newest(on_the_road, "force")
    correct(on_the_road, people.force_u3, wrong, "end", note="By Ippy.")
    assert newest(on_the_road, "force").happened_at == wrong.happened_at


@pytest.mark.parametrize(("by", "side"), [("force_u3", "humanitarian"), ("requester_bria", "force")])
def test_only_the_side_that_logged_it_corrects_it(on_the_road, people, by, side):
    with pytest.raises(Refused, match="Only the side that logged this"):
        correct(on_the_road, getattr(people, by), newest(on_the_road, side), "end")


@pytest.mark.parametrize("name", ["ocha_bria", "hc", "requester_birao", "force_ml", "donor"])
def test_nobody_else_corrects(on_the_road, people, name):
    with pytest.raises(Refused) as refused:
        correct(on_the_road, getattr(people, name), newest(on_the_road, "humanitarian"), "end")
    assert refused.value.kind == "right"


@pytest.mark.parametrize(
    ("what", "facts", "sentence"),
    [
        ("end", {"reason": " "}, "Say why in a sentence."),
        ("flew", {}, "Say whether it started"),
        ("abort", {}, "Say why in a sentence."),
        ("end", {"happened_at": timezone.now() + dt.timedelta(days=2)}, "cannot lie in the future"),
        ("end", {"happened_at": timezone.now() - dt.timedelta(days=30)}, "earlier than the request"),
        ("end", {"number": 2}, "The approval allows 1 rotation."),
        ("start", {}, "Your side has logged this already."),
    ],
)
def test_a_correction_is_checked_like_a_log(on_the_road, people, what, facts, sentence):
    log(on_the_road, people.force_u3, "end")
    with pytest.raises(Refused, match=sentence) as refused:
        correct(on_the_road, people.force_u3, newest(on_the_road, "force"), what, **facts)
    assert refused.value.kind == "need"


def test_each_row_is_corrected_once_and_the_correction_again(on_the_road, people):
    log(on_the_road, people.force_u3, "end")
    first = newest(on_the_road, "force")
    correct(on_the_road, people.force_u3, first, "abort", note="A mine.")
    with pytest.raises(Refused, match="was corrected meanwhile") as refused:
        correct(on_the_road, people.force_u3, first, "end")
    assert refused.value.kind == "state"


def test_what_did_not_happen_is_taken_back_and_may_be_logged_anew(on_the_road, people):
    log(on_the_road, people.requester_bria, "end")
    correct(on_the_road, people.requester_bria, newest(on_the_road, "humanitarian"), "nothing")
    log(on_the_road, people.force_u3, "end")
    assert fresh(on_the_road).status == "underway"
    log(on_the_road, people.requester_bria, "end")
    assert fresh(on_the_road).status == "completed"


def test_nobody_logs_that_nothing_happened(on_the_road, people):
    with pytest.raises(Refused, match="Say whether it started"):
        log(on_the_road, people.force_u3, "nothing")
    with pytest.raises(IntegrityError), transaction.atomic():
        RotationLog.objects.create(case=on_the_road, number=1, side="force", what="nothing", happened_at=timezone.now())


def test_a_wrong_number_is_corrected(people):
    case = case_at("underway", people, rotations=2)
    log(case, people.force_u3, "end", 1)
    log(case, people.force_u3, "end", 2)
    correct(case, people.force_u3, case.rotation_logs.get(side="force", number=2), "start", number=2)
    log(case, people.requester_bria, "end", 1)
    assert fresh(case).status == "underway"
    log(case, people.force_u3, "end", 2)
    log(case, people.requester_bria, "end", 2)
    assert fresh(case).status == "completed"


# ── two sides that disagree ──────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_ends_while_the_sides_contradict_each_other(on_the_road, people):
    case = contradicted(on_the_road, people)
    assert case.status == "underway"
    assert "logged different ends" in workflow.why_not(case, "complete", people.ocha_bria)
    correct(case, people.force_u3, newest(case, "force"), "end")
    assert fresh(case).status == "completed"


def test_the_other_side_may_give_in_too(on_the_road, people):
    case = contradicted(on_the_road, people)
    correct(case, people.requester_bria, newest(case, "humanitarian"), "abort", note="We turned back.")
    assert fresh(case).status == "aborted"


def test_ocha_is_called_once_and_the_two_sides_are_told(on_the_road, people):
    case = contradicted(on_the_road, people)
    event = Event.objects.get(kind="case.contradiction")
    told = {row.recipient: row.expects for row in Notification.objects.filter(event=event)}
    assert (told[people.ocha_bria], told[people.ocha_bgi]) == ("act", "act")
    assert people.requester_bria in told and people.force_u3 in told
    assert case.reference not in sentence(event, "force")
    assert "different ends of rotation 1" in sentence(event, "force")


def test_another_correction_meanwhile_does_not_call_again(on_the_road, people):
    case = contradicted(on_the_road, people)
    start = case.rotation_logs.get(side="force", what="start")
    correct(case, people.force_u3, start, "start", note="By Ippy.")
    assert Event.objects.filter(kind="case.contradiction").count() == 1


def test_ocha_settles_it_by_a_recorded_word(client, on_the_road, people):
    case = contradicted(on_the_road, people)
    answers = {"log": newest(case, "force").pk, "what": "end", "reason": "Meant another convoy."}
    form = client.get(reverse("requests:record", args=[case.reference, "correct_log"]))
    assert form.status_code == 302  # signed out
    response = record(client, people.ocha_bria, case, "correct_log", said(people.force_u3), **answers)
    assert response.status_code == 302
    row = newest(case, "force")
    assert (row.by, row.on_behalf.recorded_by, row.side) == (people.force_u3, people.ocha_bria, "force")
    assert fresh(case).status == "completed"


def test_a_recorded_word_is_of_the_side_that_logged(client, on_the_road, people):
    case = contradicted(on_the_road, people)
    answers = {"log": newest(case, "force").pk, "what": "end", "reason": "The convoy knows better."}
    response = record(client, people.ocha_bria, case, "correct_log", said(people.requester_bria), **answers)
    assert response.status_code == 422
    assert fresh(case).status == "underway"


@pytest.mark.parametrize("status", ["completed", "reporting"])
def test_after_the_end_only_hours_and_remarks_are_corrected(people, status):
    case = case_at(status, people)
    wrong = case.rotation_logs.get(side="humanitarian", what="end")
    with pytest.raises(Refused, match="The movement has ended"):
        correct(case, people.requester_bria, wrong, "abort", note="Late.")
    correct(case, people.requester_bria, wrong, "end", note="By Ippy.")
    assert (fresh(case).status, newest(case, "humanitarian").note) == (status, "By Ippy.")


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_the_case_shows_old_and_new_and_the_contradiction(client, on_the_road, people):
    case = contradicted(on_the_road, people)
    client.force_login(people.requester_bria)
    content = client.get(case.get_absolute_url()).content.decode()
    assert "One side logged an end, the other an abort." in content
    assert f"{case.get_absolute_url()}correct_log/" in content
    assert "logged the end of rotation 1." in content and "logged that rotation 1 was aborted." in content
    wrong = newest(case, "humanitarian")
    form = opened(client, people.requester_bria, case, "correct_log").content.decode()
    assert f'value="{wrong.pk}"' in form
    assert f'value="{newest(case, "force").pk}"' not in form
    assert send(client, people.requester_bria, case, "correct_log", log=wrong.pk, what="end").status_code == 422
    done = send(client, people.requester_bria, case, "correct_log", log=wrong.pk, what="abort", note="Turned back.",
                sure="yes", reason="Typed too fast.")  # fmt: skip
    assert done.status_code == 302
    content = client.get(case.get_absolute_url()).content.decode()
    assert "<s>Ended" in content and "Corrected: Typed too fast." in content
    assert "One side logged an end" not in content


def test_the_force_sees_its_own_logs_and_of_the_convoy_the_fact(client, on_the_road, people):
    case = contradicted(on_the_road, people)
    page = reverse("requests:force_case", args=[case.force_reference])
    act = reverse("requests:force_act", args=[case.force_reference, "correct"])
    client.force_login(people.force_u3)
    content = client.get(page).content.decode()
    assert "ont signalé des issues différentes" in content and "contradiction" in content and act in content
    correct(case, people.requester_bria, newest(case, "humanitarian"), "end", note="A word of the convoy.",
            reason="A secret of the convoy.")  # fmt: skip
    content = client.get(page).content.decode()
    assert "<s>Fin</s>" in content
    assert "of the convoy." not in content
    wrong = newest(case, "force")
    form = client.get(act).content.decode()
    assert f'value="{hidden(wrong.pk)}"' in form
    assert f'value="{wrong.pk}"' not in form, "how many logs there are in all the portal"
    assert f'value="{hidden(newest(case, "humanitarian").pk)}"' not in form
    answers = {"client_key": "0b8b7a5e-0d35-4a7d-9a44-0d9b1f0a6b11", "seen": case.extracts.count(),
               "log": hidden(wrong.pk),
               "what": "end", "reason": "Another convoy was meant."}  # fmt: skip
    assert client.post(act, answers).status_code == 302
    assert fresh(case).status == "completed"
    content = client.get(page).content.decode()
    assert "<s>Interruption" in content and "Another convoy was meant." in content


def test_a_force_that_logged_nothing_has_nothing_to_correct(client, people):
    case = case_at("scheduled", people)
    client.force_login(people.force_u3)
    act = reverse("requests:force_act", args=[case.force_reference, "correct"])
    assert client.get(act).status_code == 409


@pytest.mark.parametrize(("what", "word"), [("start", "le départ"), ("end", "la fin"), ("abort", "l’interruption")])
def test_the_timeline_says_which_in_french_too(people, what, word):
    case = case_at("underway", people, rotations=2)
    log(case, people.requester_bria, what, 2, note="Pourquoi.")
    with translation.override("fr"):
        told = sentence(Event.objects.filter(kind="case.log").latest("id"))
    assert word in told and "rotation 2" in told


# ── after the end, and before it ─────────────────────────────────────────────────────────────────────────────────────


ENDED = "The movement has ended: its hours and remarks can be corrected"


@pytest.mark.parametrize("status", ["completed", "aborted", "reporting"])
def test_the_form_after_the_end_offers_hours_and_remarks_only_and_says_why(client, people, status):
    case = case_at(status, people)
    wrong = newest(case, "humanitarian")
    content = opened(client, people.requester_bria, case, "correct_log").content.decode()
    assert ENDED in content and 'name="happened_at"' in content and 'name="note"' in content
    assert 'name="what"' not in content and 'name="number"' not in content and 'name="is_last"' not in content
    done = send(client, people.requester_bria, case, "correct_log", log=wrong.pk, note="By Ippy.", reason="Forgotten.")
    assert done.status_code == 302
    row = newest(case, "humanitarian")
    assert (row.what, row.number, row.is_last, row.note) == (wrong.what, wrong.number, wrong.is_last, "By Ippy.")
    stale = send(client, people.requester_bria, case, "correct_log", log=row.pk, what="nothing", reason="Stale page.")
    assert stale.status_code == 422 and ENDED in stale.content.decode()


def test_the_remark_of_an_abort_is_not_emptied_after_the_end(client, people):
    case = case_at("aborted", people)
    answers = {"log": newest(case, "humanitarian").pk, "reason": "Only the hour."}
    assert send(client, people.requester_bria, case, "correct_log", **answers).status_code == 422


def test_a_force_too_corrects_only_hours_after_the_end(client, on_the_road, people):
    log(on_the_road, people.force_u3, "abort", note="Shots ahead.")
    case = fresh(on_the_road)
    assert case.status == "aborted"
    act = reverse("requests:force_act", args=[case.force_reference, "correct"])
    client.force_login(people.force_u3)
    client.post(reverse("set_language"), {"language": "en"})
    content = client.get(act).content.decode()
    assert 'name="happened_at"' in content and 'name="what"' not in content
    wrong = newest(case, "force")
    answers = {"seen": case.extracts.count(), "log": hidden(wrong.pk), "note": "Shots at Ippy.", "reason": "Where."}
    stale = client.post(act, answers | {"client_key": uuid.uuid4(), "what": "end"})
    assert stale.status_code == 422
    assert client.post(act, answers | {"client_key": uuid.uuid4()}).status_code == 302
    assert (newest(case, "force").what, newest(case, "force").note) == ("abort", "Shots at Ippy.")


ABORTED = {"what": "abort", "number": 1, "note": "Shots ahead."}


def now_local():
    return timezone.localtime().strftime("%Y-%m-%dT%H:%M")


def test_an_abort_is_asked_once_more_before_it_is_written(client, on_the_road, people):
    sent = ABORTED | {"happened_at": now_local(), "key": uuid.uuid4()}
    asked = send(client, people.requester_bria, on_the_road, "log", **sent)
    content = asked.content.decode()
    assert asked.status_code == 200 and "This ends the movement for both sides." in content
    assert 'name="note" value="Shots ahead."' in content and 'name="sure" value="yes"' in content
    assert not on_the_road.rotation_logs.filter(what="abort").exists()
    again = send(client, people.requester_bria, on_the_road, "log", sure="no", **sent)
    assert again.status_code == 200 and "Shots ahead." in again.content.decode()
    assert not on_the_road.rotation_logs.filter(what="abort").exists()
    assert send(client, people.requester_bria, on_the_road, "log", sure="yes", **sent).status_code == 302
    assert fresh(on_the_road).status == "aborted"


def test_a_force_is_asked_once_more_too(client, on_the_road, people):
    act = reverse("requests:force_act", args=[on_the_road.force_reference, "log"])
    client.force_login(people.force_u3)
    sent = ABORTED | {"happened_at": now_local(), "seen": on_the_road.extracts.count(), "client_key": uuid.uuid4()}
    asked = client.post(act, sent)
    assert asked.status_code == 200 and 'name="sure" value="yes"' in asked.content.decode()
    assert not on_the_road.rotation_logs.filter(what="abort").exists()
    assert client.post(act, sent | {"sure": "no"}).status_code == 200
    assert not on_the_road.rotation_logs.filter(what="abort").exists()
    assert client.post(act, sent | {"sure": "yes"}).status_code == 302
    assert fresh(on_the_road).status == "aborted"


def test_what_ocha_records_of_an_abort_is_asked_once_more(client, on_the_road, people):
    sent = ABORTED | {"happened_at": now_local(), "side": "force"}
    asked = record(client, people.ocha_bria, on_the_road, "log", said(people.force_u3), **sent)
    assert asked.status_code == 200 and 'name="said-person"' in asked.content.decode()
    done = record(client, people.ocha_bria, on_the_road, "log", said(people.force_u3), sure="yes", **sent)
    assert done.status_code == 302 and fresh(on_the_road).status == "aborted"


def test_what_an_abort_means_is_said_as_it_is(people, client):
    case = case_at("underway", people, rotations=2)
    first = send(client, people.requester_bria, case, "log", **ABORTED, happened_at=now_local())
    assert "This ends rotation 1 for both sides; the movement goes on." in first.content.decode()
    last = send(client, people.requester_bria, case, "log", **ABORTED, happened_at=now_local(), is_last="on")
    assert "This ends the movement for both sides." in last.content.decode()
    log(case, people.force_u3, "end")
    other = send(client, people.requester_bria, case, "log", **ABORTED, happened_at=now_local())
    assert "The other side logged that this rotation ended." in other.content.decode()
