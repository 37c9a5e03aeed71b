"""Does every step made from the page of a request go through, and is each wrong one refused with its sentence?

Answers: 404 not declared or not visible, 403 no right, 409 the state changed, 422 something is missing.
"""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from requests_app import moves
from requests_app.buttons import WITHOUT_FORM
from requests_app.forms.moves import FORMS, for_move
from requests_app.models import AfterAction, Decision, Move
from requests_app.services import make_move
from tests.factories import CONDITIONS, DAY, HOUR, case_at, fresh, limits_of, sheet_as_read
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def local(moment) -> str:
    """As the browser sends a date with a time: local, to the minute."""
    return timezone.localtime(moment, timezone.get_fixed_timezone(60)).strftime("%Y-%m-%dT%H:%M")


def send(client, who, case, code, *, base=None, key=None, **answers):
    """Post the form of a move as this person, from the page as it is now."""
    client.force_login(who)
    data = {"client_key": key or uuid.uuid4(), "base_version": fresh(case).version if base is None else base, **answers}
    return client.post(reverse("requests:move", args=[case.reference, code]), data)


def opened(client, person, case, code):
    client.force_login(person)
    return client.get(reverse("requests:move", args=[case.reference, code]))


def limits_sent(case, **overrides) -> dict:
    limits = limits_of(case)
    return {
        "force": limits["force"].pk,
        "axis": limits["axis"].pk,
        "valid_from": local(limits["valid_from"]),
        "valid_to": local(limits["valid_to"]),
        "rotations": 1,
        "conditions": CONDITIONS,
        "condition_text": "",
    } | overrides


# code, status before, who, answers, status after
ALLOWED = [
    ("recall", "submitted", "requester_bria", {}, "draft"),
    ("withdraw", "reviewing", "requester_bria", {"reason": ""}, "withdrawn"),
    ("appeal", "denied", "requester_bria", {"reason": "The road is cut again."}, "reviewing"),
    ("review", "submitted", "ocha_bria", {}, "reviewing"),
    ("return", "reviewing", "ocha_bria", {"reason": "Who unloads?"}, "returned"),
    ("return", "clearing", "ocha_bgi", {"reason": "Who unloads?"}, "returned"),
    ("reject", "reviewing", "ocha_bria", {"reason": "Commercial cargo."}, "unreceivable"),
    ("civilian", "deciding", "ocha_bgi", {"reason": "A flight on Thursday."}, "civilian"),
    ("validate", "reviewing", "ocha_bria", {}, "clearing"),
    ("consult", "reviewing", "ocha_bria", {"cluster": "HEA"}, "reviewing"),
    ("advise_cluster", "reviewing", "log_cluster", {"value": "endorsed"}, "reviewing"),
    ("advise_ngo", "reviewing", "ngosec", {"value": "measures", "text": "Radios."}, "reviewing"),
    ("decide_security", "approved", "requester_bria", {"value": "favourable", "analysis": "SRM-1"}, "approved"),
    ("forward", "clearing", "ocha_bgi", {}, "deciding"),
    ("take_back", "deciding", "ocha_bgi", {"reason": "New facts."}, "clearing"),
    ("ask", "deciding", "hc", {"text": "Why not by air?"}, "deciding"),
    ("deny", "deciding", "hc", {"reason_code": "civilian", "reason": "The flight."}, "denied"),
    ("redecide", "declined", "ocha_bria", {"reason": "Another provider."}, "deciding"),
    ("refuse_counter", "countered", "requester_bria", {"reason": "Too late for us."}, "declined"),
    ("suspend", "scheduled", "hc", {"reason": "Fighting."}, "suspended"),
    ("resume", "suspended", "ocha_bgi", {}, "approved"),
    ("cancel", "scheduled", "ocha_bria", {"reason": "The need has gone."}, "cancelled"),
    ("waive", "reporting", "ocha_bria", {"reason": "Never left."}, "closed"),
    ("comment", "reviewing", "requester_bria", {"audience": "requester", "text": "Thank you."}, "reviewing"),
]


@pytest.mark.parametrize(("code", "status", "who", "answers", "after"), ALLOWED, ids=lambda value: str(value)[:20])
def test_a_step_goes_through_and_leads_back_to_the_request(client, people, code, status, who, answers, after):
    case = case_at(status, people)
    if code == "forward":
        make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", **limits_of(case))
    if code not in WITHOUT_FORM:
        assert opened(client, getattr(people, who), case, code).status_code == 200
    response = send(client, getattr(people, who), case, code, **answers)
    assert (response.status_code, response["Location"]) == (302, case.get_absolute_url())
    assert fresh(case).status == after
    assert Move.objects.filter(case=case).last().code == code


@pytest.mark.parametrize(
    ("code", "status", "who", "answer"),
    [
        # wrong role
        ("review", "submitted", "requester_bria", 403),
        ("validate", "reviewing", "log_cluster", 403),
        ("approve", "deciding", "ocha_bgi", 403),
        ("approve", "deciding", "ocha_bria", 403),
        ("deny", "deciding", "requester_bria", 403),
        ("withdraw", "reviewing", "ocha_bgi", 403),
        ("transmit", "approved", "hc", 403),
        ("close", "reporting", "ocha_bria", 403),
        ("waive", "reporting", "requester_bria", 403),
        ("advise_cluster", "reviewing", "ngosec", 403),
        ("comment", "reviewing", "donor", 404),
        # another station, another country, the force, an administrator, nobody in particular
        ("review", "submitted", "ocha_birao", 404),
        ("review", "submitted", "outsider", 404),
        ("approve", "deciding", "hc_ml", 404),
        ("accept", "transmitted", "force_u3", 404),
        ("accept", "transmitted", "ocha_bria", 403),
        ("review", "submitted", "admin", 404),
        ("comment", "reviewing", "nobody", 404),
        ("withdraw", "reviewing", "requester_birao", 404),
        # wrong state
        ("review", "reviewing", "ocha_bria", 409),
        ("validate", "clearing", "ocha_bria", 409),
        ("approve", "approved", "hc", 409),
        ("recall", "reviewing", "requester_bria", 409),
        ("close", "underway", "requester_bria", 409),
        ("transmit", "transmitted", "ocha_bria", 409),
        # the portal's own steps and what does not exist
        ("expire", "approved", "ocha_bgi", 404),
        ("report", "completed", "ocha_bgi", 404),
        ("complete", "underway", "requester_bria", 404),
        ("teleport", "reviewing", "ocha_bria", 404),
    ],
)
def test_a_wrong_step_is_refused_and_changes_nothing(client, people, code, status, who, answer):
    case = case_at(status, people)
    before = (fresh(case).status, fresh(case).version)
    answers = {
        "reason": "Because.", "text": "Words.", "audience": "everybody", "value": "endorsed", "task": "Escort.",
        "contact": "OCHA", "reason_code": "civilian", "nothing_to_report": "1", **limits_sent(case),
    }  # fmt: skip
    assert send(client, getattr(people, who), case, code, **answers).status_code == answer
    if code not in WITHOUT_FORM:
        assert opened(client, getattr(people, who), case, code).status_code == answer
    assert (fresh(case).status, fresh(case).version) == before


def test_the_conflict_says_who_did_what(client, people):
    second = person("ocha2.bria", "ocha_officer", organisation="OCHA", name="Second officer", station="bria")
    case = case_at("reviewing", people)
    base = case.version
    make_move(case, "validate", by=second)
    response = send(client, people.ocha_bria, case, "validate", base=base)
    assert response.status_code == 409
    assert "Second officer" in response.content.decode()


def test_a_stale_page_is_told_what_changed(client, people):
    case = case_at("reviewing", people)
    base = case.version
    make_move(case, "advise_cluster", by=people.log_cluster, value="civilian", text="We have trucks.")
    response = send(client, people.ocha_bria, case, "validate", base=base)
    assert response.status_code == 409
    assert "Logistics cluster" in response.content.decode()
    assert fresh(case).status == "reviewing"


def test_the_same_form_sent_twice_is_one_step(client, people):
    case = case_at("deciding", people)
    key, base = uuid.uuid4(), case.version
    for _again in range(2):
        response = send(client, people.hc, case, "approve", key=key, base=base, as_drafted="1")
        assert response.status_code == 302
    assert Decision.objects.filter(case=case).count() == 1


def test_a_second_decision_is_refused(client, people):
    case = case_at("deciding", people)
    assert send(client, people.hc, case, "approve", as_drafted="1").status_code == 302
    response = send(client, people.hc, case, "deny", reason_code="civilian", reason="The flight.")
    assert response.status_code == 409
    assert Decision.objects.filter(case=case).count() == 1


def test_approve_as_drafted_is_one_tap_with_exactly_the_limits_of_the_draft(client, people):
    case = case_at("deciding", people)
    draft = case.drafts.get()
    send(client, people.hc, case, "approve", as_drafted="1")
    decision = fresh(case).decision
    assert decision.as_drafted
    for name in ("force", "axis", "valid_from", "valid_to", "rotations", "conditions", "condition_text"):
        assert getattr(decision, name) == getattr(draft, name)


def test_change_and_approve_is_prefilled_from_the_draft(client, people):
    case = case_at("deciding", people)
    form = opened(client, people.hc, case, "approve").context["form"]
    assert form["conditions"].value() == CONDITIONS
    send(client, people.hc, case, "approve", **limits_sent(case, conditions=["area_only"], condition_text="By day."))
    decision = fresh(case).decision
    assert not decision.as_drafted
    assert decision.condition_labels() == ["This area only", "By day."]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("force", ""),
        ("axis", ""),
        ("valid_from", ""),
        ("valid_to", ""),
        ("rotations", ""),
        ("rotations", "0"),
        ("rotations", "400"),
        ("conditions", []),
        ("valid_to", "2020-01-01T08:00"),
        ("valid_to", "2099-01-01T08:00"),
        ("valid_to", "tomorrow"),
        ("conditions", ["free_lunch"]),
    ],
)
def test_an_approval_without_limits_is_impossible(client, people, field, value):
    case = case_at("deciding", people)
    response = send(client, people.hc, case, "approve", **limits_sent(case, **{field: value}))
    assert response.status_code == 422
    assert fresh(case).status == "deciding"
    kept = response.context["form"]
    assert kept.errors
    assert kept["condition_text"].value() == ""
    if field != "conditions":
        assert kept["conditions"].value() == CONDITIONS


def test_the_draft_is_prefilled_from_the_request(client, people):
    case = case_at("clearing", people)
    form = opened(client, people.ocha_bgi, case, "draft_decision").context["form"]
    assert form["force"].value() == case.force_id
    assert form["axis"].value() == case.axis_id
    answers = limits_sent(case, recommendation="approved", note="Tried everything.")
    assert send(client, people.ocha_bgi, case, "draft_decision", **answers).status_code == 302
    assert case.drafts.get().note == "Tried everything."
    again = opened(client, people.ocha_bgi, case, "draft_decision").context["form"]
    assert again["note"].value() == "Tried everything."


def test_a_recommendation_to_deny_needs_no_limits_but_a_note(client, people):
    case = case_at("clearing", people)
    assert send(client, people.ocha_bgi, case, "draft_decision", recommendation="denied").status_code == 422
    answers = {"recommendation": "denied", "note": "The flight takes it."}
    assert send(client, people.ocha_bgi, case, "draft_decision", **answers).status_code == 302
    make_move(case, "forward", by=people.ocha_bgi)
    client.force_login(people.hc)
    content = client.get(case.get_absolute_url()).content.decode()
    assert "Approve as drafted" not in content
    assert "Approve within limits" in content
    assert send(client, people.hc, case, "approve", as_drafted="1").status_code == 422


def released(case, **typed):
    """The form of a transmission with every text confirmed."""
    texts = {"task": "Escort six trucks.", "cargo": case.cargo, "exit_plan": case.exit_plan} | typed
    return texts | {f"{name}_released": "on" for name in texts} | {"contact": "OCHA Bria"}


def test_the_text_for_the_force_is_proposed_without_the_need(client, people):
    case = case_at("approved", people)
    make_move(case, "decide_security", by=people.requester_bria, value="favourable")
    form = opened(client, people.ocha_bria, case, "transmit").context["form"]
    task = form["task"].value()
    assert "6 humanitarian vehicles from Bambari to Bria" in task
    for secret in (case.need, case.why_safer, "4,200", "displaced", "stock"):
        assert secret not in task
    send(client, people.ocha_bria, case, "transmit", **released(case, task=task))
    assert fresh(case).status == "transmitted"
    assert fresh(case).extracts.get().content["task"] == task


def test_what_stands_in_the_way_is_said_before_anything_is_typed(client, people):
    case = case_at("approved", people)
    response = opened(client, people.ocha_bria, case, "transmit")
    assert response.status_code == 200
    assert "has not recorded its own security decision" in response.content.decode()
    answer = send(client, people.ocha_bria, case, "transmit", **released(case))
    assert answer.status_code == 422
    assert "has not recorded its own security decision" in answer.content.decode()


def test_a_schedule_after_a_counter_proposal_needs_the_requesters_agreement(client, people):
    case = case_at("countered", people)
    content = opened(client, people.ocha_bria, case, "schedule").content.decode()
    assert "has not agreed to the counter-proposal yet" in content
    assert "As the force proposes" in content
    leaves = case.departure_at + DAY
    answers = {
        "departure_at": local(leaves), "rendezvous": "Gate", "rendezvous_at": local(leaves - HOUR),
        "leader": "Convoy leader", "contact": "+236 00 00 00 00", "words_released": "on", **sheet_as_read(case),
    }  # fmt: skip
    assert send(client, people.ocha_bria, case, "schedule", **answers).status_code == 422
    agrees = {"reply": case.replies.get().pk, "text": "One day later suits us."}
    assert send(client, people.requester_bria, case, "agree", **agrees).status_code == 302
    content = opened(client, people.ocha_bria, case, "schedule").content.decode()
    assert local(case.replies.get().departure_at) in content
    assert "One day later suits us." in content
    assert send(client, people.ocha_bria, case, "schedule", **answers).status_code == 302
    assert fresh(case).status == "scheduled"


def test_a_change_sends_only_what_was_changed(client, people):
    case = case_at("scheduled", people)
    answers = {
        "departure_at": local(case.departure_at), "window_to": local(case.window_to), "vehicles": 5,
        "leader": case.leader,
    }  # fmt: skip
    assert send(client, people.requester_bria, case, "change", **answers).status_code == 302
    paper = fresh(case).extracts.last()
    assert (paper.kind, set(paper.content) - {"acknowledge_by"}) == ("supplement", {"vehicles"})


def test_a_change_outside_the_approval_is_refused_beside_its_form(client, people):
    case = case_at("scheduled", people)
    late = case.ends_at + DAY
    answers = {"departure_at": local(late), "window_to": local(late + DAY), "vehicles": 6, "leader": "Leader"}
    response = send(client, people.requester_bria, case, "change", **answers)
    assert response.status_code == 422
    assert "inside the approved period" in response.content.decode()
    assert response.context["form"]["departure_at"].value() == local(late)


def test_an_extension_is_asked_and_decided_beside_the_status(client, people):
    case = case_at("scheduled", people)
    until = case.ends_at + DAY
    answers = {"until": local(until), "rotations": 1, "reason": "The road is slow."}
    assert send(client, people.requester_bria, case, "request_extension", **answers).status_code == 302
    client.force_login(people.hc)
    assert "The road is slow." in client.get(case.get_absolute_url()).content.decode()
    assert "The road is slow." in opened(client, people.hc, case, "extend").content.decode()
    assert send(client, people.hc, case, "extend", reason="").status_code == 302
    assert local(fresh(case).ends_at) == local(until)
    assert fresh(case).status == "scheduled"
    assert send(client, people.hc, case, "refuse_extension", reason="No.").status_code == 422


def test_the_question_of_the_coordinator_is_answered_where_it_stands(client, people):
    case = case_at("deciding", people)
    assert send(client, people.ocha_bgi, case, "answer", text="There is none.").status_code == 422
    send(client, people.hc, case, "ask", text="Why not by air?")
    assert "Why not by air?" in opened(client, people.ocha_bgi, case, "answer").content.decode()
    assert send(client, people.ocha_bgi, case, "answer", text="The airstrip is flooded.").status_code == 302
    assert case.comments.last().answers.text == "Why not by air?"


def test_both_ends_of_the_road_are_logged_from_the_page(client, people):
    case = case_at("scheduled", people, now=timezone.now())
    early = send(client, people.requester_bria, case, "start", happened_at=local(timezone.now()))
    assert early.status_code == 422
    under_way = case_at("underway", people)
    form = opened(client, people.requester_bria, under_way, "log").context["form"]
    assert (form["number"].value(), form["what"].value()) == (1, None)  # what stays written is never preselected
    now = local(timezone.now())
    future = local(timezone.now() + DAY)
    answers = {"what": "end", "number": 1}
    assert send(client, people.requester_bria, under_way, "log", **answers, happened_at=future).status_code == 422
    assert send(client, people.requester_bria, under_way, "log", **answers, happened_at=now).status_code == 302
    assert send(client, people.requester_bria, under_way, "log", **answers, happened_at=now).status_code == 422
    unsaid = {"what": "abort", "number": 1, "happened_at": now}
    assert send(client, people.requester_bria, under_way, "log", **unsaid).status_code == 422


def test_nothing_to_report_is_one_tap(client, people):
    case = case_at("reporting", people)
    assert send(client, people.requester_bria, case, "close", nothing_to_report="1").status_code == 302
    report = AfterAction.objects.get(case=case)
    assert report.nothing_to_report
    assert [tick["answer"] for tick in report.conditions_respected] == ["yes"] * 3


def test_otherwise_every_condition_has_its_tick_and_a_deviation_its_words(client, people):
    case = case_at("reporting", people)
    answers = {"as_approved": "deviation", "condition_0": "yes", "condition_1": "no", "condition_2": "na"}
    assert send(client, people.requester_bria, case, "close", **answers).status_code == 422
    answers |= {
        "deviation": "An armed guard rode along for 2 km.",
        "civilian_option_now": "yes",
        "lesson": "Brief again.",
    }
    del answers["condition_2"]
    assert send(client, people.requester_bria, case, "close", **answers).status_code == 422
    assert send(client, people.requester_bria, case, "close", **answers, condition_2="na").status_code == 302
    report = AfterAction.objects.get(case=case)
    assert [tick["answer"] for tick in report.conditions_respected] == ["yes", "no", "na"]
    assert report.civilian_option_now is True
    assert fresh(case).deviated
    client.force_login(people.ocha_bria)
    assert "An armed guard" in client.get(case.get_absolute_url()).content.decode()


def test_only_people_of_the_humanitarian_side_can_be_consulted(client, people):
    case = case_at("reviewing", people)
    form = opened(client, people.ocha_bria, case, "share").context["form"]
    offered = {each.username for each in form.fields["person"].queryset}
    assert "req.wfp" in offered
    assert not offered & {"force.u3", "force.sector", "donor", "ocha.bria"}
    assert send(client, people.ocha_bria, case, "share", person=people.force_u3.pk).status_code == 422
    assert send(client, people.ocha_bria, case, "share", person=people.requester_un.pk).status_code == 302
    client.force_login(people.requester_un)
    assert client.get(case.get_absolute_url()).status_code == 200


def test_a_cluster_that_was_asked_is_not_offered_again(client, people):
    case = case_at("reviewing", people)
    offered = dict(opened(client, people.ocha_bria, case, "consult").context["form"].fields["cluster"].choices)
    assert "LOG" not in offered
    assert "HEA" in offered
    assert send(client, people.ocha_bria, case, "consult", cluster="LOG").status_code == 422


def test_an_unfavourable_opinion_needs_its_reasons(client, people):
    case = case_at("reviewing", people, un_on_board=True)
    response = send(client, people.undss, case, "advise_security", value="unfavourable", text="  ")
    assert response.status_code == 422
    assert "text" in response.context["form"].errors
    assert not case.opinions.exists()


def test_too_long_a_text_is_refused_and_kept(client, people):
    case = case_at("reviewing", people)
    words = "a" * 1600
    response = send(client, people.ocha_bria, case, "return", reason=words)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_form_without_its_hidden_fields_is_no_step(client, people):
    case = case_at("submitted", people)
    client.force_login(people.ocha_bria)
    assert client.post(reverse("requests:move", args=[case.reference, "review"])).status_code == 422
    assert fresh(case).status == "submitted"


def test_looking_at_a_form_changes_nothing(client, people):
    case = case_at("submitted", people)
    version = case.version
    for code in ("review", "return", "withdraw", "recall"):
        for name in ("ocha_bria", "requester_bria"):
            opened(client, getattr(people, name), case, code)
    assert fresh(case).version == version


def test_every_offered_step_has_a_form_or_needs_none():
    without = {line.code for line in moves.MOVES if line.offered} - set(FORMS)
    assert without == {"edit", "sheet", "submit", "take_over", "acknowledge", "receive", *WITHOUT_FORM}
    assert {for_move(code).__name__ for code in WITHOUT_FORM} == {"MoveForm"}


@pytest.mark.parametrize("width", ["get", "head"])
def test_other_methods_are_refused(client, people, width):
    case = case_at("submitted", people)
    client.force_login(people.ocha_bria)
    url = reverse("requests:move", args=[case.reference, "review"])
    assert client.put(url).status_code == 405
    assert client.delete(url).status_code == 405


def test_words_typed_while_the_session_ended_wait_for_their_author(client, people):
    case = case_at("reviewing", people)
    url = reverse("requests:move", args=[case.reference, "return"])
    page = opened(client, people.ocha_bria, case, "return")
    typed = {
        "client_key": uuid.uuid4(), "base_version": case.version, "reason": "Who unloads in Bria?",
        "keeper": page.context["keeper"],
    }  # fmt: skip
    client.logout()
    response = client.post(url, typed)
    assert response.status_code == 302
    assert "/account/login/" in response["Location"]
    client.force_login(people.ocha_bria)
    assert "Who unloads in Bria?" in client.get(url).content.decode()
    assert fresh(case).status == "reviewing"
    assert client.post(url, typed).status_code == 302
    assert fresh(case).status == "returned"
    assert "Who unloads" not in str(client.session.get("typed_words"))


def test_words_of_one_person_are_not_shown_to_another(client, people):
    case = case_at("deciding", people)
    keeper = opened(client, people.hc, case, "deny").context["keeper"]
    client.logout()
    url = reverse("requests:move", args=[case.reference, "comment"])
    client.post(url, {"text": "Zibeline", "keeper": keeper})
    client.force_login(people.ocha_bgi)
    assert "Zibeline" not in client.get(url).content.decode()


def test_a_step_without_session_leads_to_sign_in(client, people):
    case = case_at("submitted", people)
    for name in ("move", "record"):
        response = client.post(reverse(f"requests:{name}", args=[case.reference, "review"]))
        assert response.status_code == 302
        assert "/account/login/" in response["Location"]
