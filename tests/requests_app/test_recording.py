"""Can OCHA write down what came by telephone, radio or paper, and does the person have the last word?"""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.models import Notification, Reminder
from requests_app.models import OnBehalf
from tests.factories import case_at, fresh
from tests.requests_app.test_moves_views import limits_sent, local, send

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def said(person=None, function="", **overrides):
    return {
        "said-person": person.pk if person else "",
        "said-person_function": function,
        "said-source": "telephone",
        "said-received_at": local(timezone.now() - dt.timedelta(minutes=10)),
        "said-witness": "Duty officer",
    } | overrides


def record(client, officer, case, code, source, **answers):
    client.force_login(officer)
    data = {"client_key": uuid.uuid4(), "base_version": fresh(case).version, **source, **answers}
    return client.post(reverse("requests:record", args=[case.reference, code]), data)


def test_a_decision_by_telephone_is_shown_as_recorded_until_it_is_confirmed(client, people):
    case = case_at("deciding", people)
    response = record(client, people.ocha_bgi, case, "approve", said(people.hc), **limits_sent(case))
    assert response.status_code == 302
    decision = fresh(case).decision
    assert decision.decided_by == people.hc
    client.force_login(people.requester_bria)
    content = client.get(case.get_absolute_url()).content.decode()
    assert "not confirmed yet" in content
    assert "Duty officer" in content
    assert "recording for Humanitarian Coordinator" in content
    assert Reminder.objects.filter(key=f"confirm.{decision.on_behalf_id}", void_at=None).exists()


def test_the_person_sees_the_words_and_confirms_once(client, people):
    case = case_at("deciding", people)
    record(client, people.ocha_bgi, case, "approve", said(people.hc), **limits_sent(case))
    assert Notification.objects.filter(recipient=people.hc, expects="confirm").exists()
    client.force_login(people.hc)
    content = client.get(case.get_absolute_url()).content.decode()
    assert "Recorded in your name" in content
    page = client.get(reverse("requests:move", args=[case.reference, "confirm_record"])).content.decode()
    assert "No armed person or weapon" in page
    assert send(client, people.hc, case, "confirm_record").status_code == 302
    assert OnBehalf.objects.get().confirmed_at
    assert send(client, people.hc, case, "confirm_record").status_code == 403
    client.force_login(people.requester_bria)
    assert "confirmed" in client.get(case.get_absolute_url()).content.decode()


def test_the_person_disputes_with_their_own_words(client, people):
    case = case_at("reviewing", people)
    answer = record(client, people.ocha_bria, case, "advise_cluster", said(people.log_cluster), value="endorsed")
    assert answer.status_code == 302
    assert case.opinions.get().body == "cluster:LOG"
    assert send(client, people.log_cluster, case, "dispute_record", reason=" ").status_code == 422
    assert send(client, people.log_cluster, case, "dispute_record", reason="I said later.").status_code == 302
    row = OnBehalf.objects.get()
    assert (bool(row.disputed_at), row.dispute) == (True, "I said later.")
    client.force_login(people.ocha_bria)
    assert "I said later." in client.get(case.get_absolute_url()).content.decode()


def test_nobody_else_confirms(client, people):
    case = case_at("deciding", people)
    record(client, people.ocha_bgi, case, "approve", said(people.hc), **limits_sent(case))
    for person in (people.ocha_bgi, people.requester_bria, people.ocha_bria):
        assert send(client, person, case, "confirm_record").status_code == 403


def test_a_reply_of_the_force_by_radio_from_somebody_without_account(client, people):
    case = case_at("transmitted", people)
    source = said(function="Duty officer of the battalion", **{"said-source": "radio"})
    assert record(client, people.ocha_bria, case, "limit", source, text="Daylight only.").status_code == 302
    assert fresh(case).status == "limited"
    client.force_login(people.requester_bria)
    content = client.get(case.get_absolute_url()).content.decode()
    assert "Duty officer of the battalion" in content
    assert "without an account" in content


@pytest.mark.parametrize(
    ("code", "status", "answers", "after"),
    [
        ("accept", "transmitted", {}, "accepted"),
        ("decline", "acknowledged", {"decline_reason": "weather", "text": ""}, "declined"),
        ("counter", "transmitted", {"text": "A day later."}, "countered"),
        ("acknowledge", "transmitted", {}, "acknowledged"),
        ("deny", "deciding", {"reason_code": "area", "reason": "Too wide."}, "denied"),
        ("decide_security", "approved", {"value": "favourable"}, "approved"),
        ("receive", "scheduled", {}, "scheduled"),
    ],
)
def test_what_can_be_recorded(client, people, code, status, answers, after):
    case = case_at(status, people)
    who = {"deny": people.hc, "decide_security": people.requester_bria}.get(code, people.force_u3)
    client.force_login(people.ocha_bria)
    assert client.get(reverse("requests:record", args=[case.reference, code])).status_code == 200
    assert record(client, people.ocha_bria, case, code, said(who), **answers).status_code == 302
    assert fresh(case).status == after
    assert OnBehalf.objects.get().person == who


@pytest.mark.parametrize(
    ("code", "status", "who", "answer"),
    [
        ("approve", "deciding", "requester_bria", 403),
        ("approve", "deciding", "hc", 403),
        ("approve", "deciding", "log_cluster", 403),
        ("approve", "deciding", "ocha_birao", 404),
        ("approve", "deciding", "outsider", 404),
        ("approve", "deciding", "force_u3", 404),
        ("approve", "approved", "ocha_bria", 409),
        ("validate", "reviewing", "ocha_bria", 404),
        ("transmit", "approved", "ocha_bria", 404),
        ("suspend", "approved", "ocha_bria", 404),
        ("comment", "reviewing", "ocha_bria", 404),
    ],
)
def test_what_cannot_be_recorded(client, people, code, status, who, answer):
    case = case_at(status, people)
    response = record(client, getattr(people, who), case, code, said(people.hc), **limits_sent(case))
    assert response.status_code == answer
    assert not OnBehalf.objects.exists()


@pytest.mark.parametrize(
    "overrides",
    [
        {"said-witness": ""},
        {"said-source": "dream"},
        {"said-received_at": ""},
        {"said-received_at": "2099-01-01T08:00"},
        {"said-person": ""},
    ],
)
def test_source_time_and_witness_are_asked_and_nothing_typed_is_lost(client, people, overrides):
    case = case_at("deciding", people)
    answers = limits_sent(case, condition_text="By day only.")
    response = record(client, people.ocha_bgi, case, "approve", said(people.hc, **overrides), **answers)
    assert response.status_code == 422
    assert "By day only." in response.content.decode()
    assert not OnBehalf.objects.exists()


def test_only_those_who_hold_the_right_can_have_said_it(client, people):
    case = case_at("deciding", people)
    client.force_login(people.ocha_bgi)
    page = client.get(reverse("requests:record", args=[case.reference, "approve"]))
    assert [person.username for person in page.context["said"].fields["person"].queryset] == ["hc.car"]
    response = record(client, people.ocha_bgi, case, "approve", said(people.requester_bria), **limits_sent(case))
    assert response.status_code == 422


def test_the_page_lists_what_may_be_recorded_to_ocha_only(client, people):
    case = case_at("deciding", people)
    client.force_login(people.ocha_bria)
    labels = {
        url.rstrip("/").rpartition("/")[2] for _l, url in client.get(case.get_absolute_url()).context["recordables"]
    }
    assert {"approve", "deny", "advise_cluster", "decide_security"} <= labels
    for person in (people.hc, people.requester_bria, people.hoo):
        client.force_login(person)
        assert client.get(case.get_absolute_url()).context["recordables"] == []


def test_a_log_by_radio_names_its_side(client, people):
    case = case_at("underway", people)
    source = said(function="Escort commander", **{"said-source": "radio"})
    answers = {"what": "end", "number": 1, "happened_at": local(timezone.now()), "side": "force"}
    assert record(client, people.ocha_bria, case, "log", source, **answers).status_code == 302
    assert case.rotation_logs.filter(side="force", what="end").get().on_behalf.person_function == "Escort commander"


def test_an_after_action_by_telephone_names_who_said_it(client, people):
    case = case_at("reporting", people)
    facts = {f"condition_{number}": "yes" for number in range(3)} | {"as_approved": "yes"}
    source = said(function="Guard of the compound")
    assert record(client, people.ocha_bria, case, "close", source, **facts).status_code == 302
    content = client.get(case.get_absolute_url()).content.decode()
    card = content.partition('id="after-action"')[2].partition("</section>")[0]
    assert "Guard of the compound, " in card
    assert "Said by Guard of the compound (Telephone" in card
    assert "witness: Duty officer" in card


def test_a_receipt_by_telephone_says_so(client, people):
    case = case_at("transmitted", people)
    record(client, people.ocha_bria, case, "acknowledge", said(function="Duty officer of the battalion"))
    content = client.get(case.get_absolute_url()).content.decode()
    assert "Duty officer of the battalion (Telephone)" in content
