"""What does somebody reach who plays by other rules: hand-made posts, keys used twice, words put into other mouths?"""

import uuid

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cmcoord.activity.models import Event, Notification
from requests_app import workflow
from requests_app.models import AfterAction, Alternative, Comment, DecisionDraft, RotationLog
from requests_app.services import Refused, make_move, save_answers
from tests.factories import (
    DAY,
    HOUR,
    alternatives,
    case_at,
    complete_draft,
    fresh,
    limits_of,
    sheet_as_read,
    write_review,
)
from tests.people import delegated, standing_in

pytestmark = pytest.mark.django_db


def page(case, move: str) -> str:
    return f"/requests/{case.reference}/{move}/"


def said_by(person) -> dict:
    return {
        "person": person,
        "source": "telephone",
        "received_at": timezone.now() - HOUR,
        "witness": "Radio operator on duty",
    }


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_outside_hears_of_a_draft_that_was_thrown_away(people):
    case = complete_draft(people.requester_bria)
    make_move(case, "withdraw", by=people.requester_bria, reason="Not needed.")
    assert not Notification.objects.filter(event__subject_id=case.pk, event__subject_kind="case").exists()


def test_a_request_that_was_sent_is_not_taken_back_in_silence(people):
    case = case_at("submitted", people)
    make_move(case, "recall", by=people.requester_bria)
    assert Notification.objects.filter(event__kind="case.recall", recipient=people.ocha_bria).exists()


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("move", ["review", "comment"])
def test_a_key_of_another_request_makes_nothing(people, client, move):
    key, first, second = uuid.uuid4(), case_at("submitted", people), case_at("submitted", people)
    make_move(first, "review", by=people.ocha_bria, client_key=key)
    client.force_login(people.ocha_bria)
    words = {"client_key": key, "base_version": fresh(second).version, "audience": "ocha", "text": "Who unloads?"}
    assert client.post(page(second, move), words).status_code == 422
    assert fresh(second).status == "submitted"
    assert not Comment.objects.exists()


@pytest.mark.parametrize("move", ["validate", "comment"])
def test_a_key_of_another_step_is_not_taken_for_its_second_click(people, client, move):
    key, case = uuid.uuid4(), case_at("submitted", people)
    make_move(case, "review", by=people.ocha_bria, client_key=key)
    client.force_login(people.ocha_bria)
    words = {"client_key": key, "base_version": fresh(case).version, "audience": "ocha", "text": "Who unloads?"}
    assert client.post(page(case, move), words).status_code == 422
    assert fresh(case).status == "reviewing"


# ── words in other mouths ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_convoy_cannot_be_quoted_for_the_force(people):
    case = case_at("underway", people)
    facts = {"what": "end", "happened_at": timezone.now() - HOUR, "side": "force"}
    make_move(case, "log", by=people.ocha_bria, on_behalf=said_by(people.requester_bria), **facts)
    assert RotationLog.objects.latest("id").side == "humanitarian"


def test_a_recorded_decision_of_a_delegate_says_for_whom(people):
    case = case_at("deciding", people)
    delegated(people.hoo, people.hc.appointments.get())
    make_move(case, "approve", by=people.ocha_bgi, on_behalf=said_by(people.hoo), **limits_of(case))
    decision = fresh(case).decision
    assert (decision.decided_by, decision.acting_for, decision.capacity) == (people.hoo, people.hc, "hc")


@pytest.mark.parametrize("code", ["review", "draft_decision", "forward"])
def test_every_step_of_the_review_keeps_a_delegate_from_deciding(people, code):
    case = case_at("deciding", people)
    reviewer = case.moves.get(code=code).by
    delegated(reviewer, people.hc.appointments.get())
    with pytest.raises(Refused, match="You reviewed this request"):
        make_move(case, "approve", by=type(reviewer).objects.get(pk=reviewer.pk), **limits_of(case))


def test_whoever_was_represented_in_the_review_does_not_decide_either(people):
    case = case_at("submitted", people)
    standing_in(people.ocha_birao, people.ocha_bria.appointments.get())
    delegated(people.ocha_bria, people.hc.appointments.get())
    deputy, represented = (type(one).objects.get(pk=one.pk) for one in (people.ocha_birao, people.ocha_bria))
    make_move(case, "review", by=deputy)
    write_review(case, by=deputy)
    make_move(case, "validate", by=deputy)
    make_move(case, "advise_cluster", by=people.log_cluster, value="endorsed")
    make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", **limits_of(case))
    assert fresh(case).moves.get(code="validate").acting_for == people.ocha_bria
    make_move(case, "forward", by=people.ocha_bgi)
    with pytest.raises(Refused, match="You reviewed this request"):
        make_move(case, "approve", by=represented, **limits_of(case))


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_appeal_against_a_denial_of_a_running_request_begins_without_an_approval(people):
    case = case_at("suspended", people)
    make_move(case, "deny", by=people.hc, reason_code="other", reason="The need has gone.")
    make_move(case, "appeal", by=people.requester_bria, reason="It came back.")
    assert (fresh(case).decision, fresh(case).ends_at) == (None, None)


def test_an_old_wish_for_an_extension_does_not_shorten_a_new_approval(people):
    case = case_at("declined", people)
    end = case.decision.valid_to
    make_move(case, "request_extension", by=people.requester_bria, until=end + DAY, rotations=1, reason="Rain.")
    make_move(case, "redecide", by=people.ocha_bgi, reason="Another provider.")
    make_move(case, "approve", by=people.hc, **limits_of(case, valid_to=end + DAY * 5, rotations=3))
    with pytest.raises(Refused, match="later than the present one"):
        make_move(case, "extend", by=people.hc)
    assert (fresh(case).ends_at, fresh(case).decision.rotations) == (end + DAY * 5, 3)


def test_a_departure_at_the_very_end_of_the_approval_is_refused_in_words(people):
    case = case_at("accepted", people)
    end = case.decision.valid_to
    facts = {"rendezvous": "Gate", "rendezvous_at": end - HOUR, "leader": "Leader", "contact": "+236 00 00 03 01"}
    facts |= sheet_as_read(case)
    with pytest.raises(Refused, match="outside the approved period"):
        make_move(case, "schedule", by=people.ocha_bria, departure_at=end, **facts)


@pytest.mark.parametrize(
    ("starts", "ends"), [("0001-01-01T00:00", "0001-01-05T00:00"), ("9999-12-20T00:00", "9999-12-31T23:59")]
)
def test_nothing_is_approved_for_another_millennium(people, client, starts, ends):
    case = case_at("deciding", people)
    client.force_login(people.hc)
    data = {"force": case.force_id, "axis": case.axis_id, "valid_from": starts, "valid_to": ends, "rotations": 1}
    control = {"client_key": uuid.uuid4(), "base_version": case.version, "conditions": ["area_only"]}
    assert client.post(page(case, "approve"), data | control).status_code == 422


def test_nothing_was_said_in_the_year_one(people, client):
    case = case_at("deciding", people)
    client.force_login(people.ocha_bgi)
    data = {"client_key": uuid.uuid4(), "base_version": case.version, "reason_code": "other", "reason": "No."}
    said = {"person": people.hc.pk, "source": "telephone", "received_at": "0001-01-01T00:00", "witness": "Operator"}
    data |= {f"said-{name}": value for name, value in said.items()}
    answer = client.post(page(case, "record/deny"), data)
    assert answer.status_code == 422
    assert "Write a date and a time" in answer.content.decode()


# ── hand-made addresses and posts ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("pk", ["²", "9" * 5000])
def test_a_file_that_is_no_number_is_not_removed(people, client, pk):
    case = complete_draft(people.requester_bria)
    client.force_login(people.requester_bria)
    data = {"remove_file": pk, "base_version": case.version}
    assert client.post(page(case, "edit/3"), data).status_code in (302, 422)


def test_a_page_that_lost_its_rows_leaves_the_alternatives(people, client):
    case = complete_draft(people.requester_bria)
    client.force_login(people.requester_bria)
    for step in (1, 2, 3):
        assert client.post(page(case, f"edit/{step}"), {"base_version": fresh(case).version}).status_code == 422
    assert Alternative.objects.filter(case=case).count() == 2


def test_the_name_of_an_opened_page_holds_nothing_but_letters(people, client):
    case = complete_draft(people.requester_bria)
    client.force_login(people.requester_bria)
    client.post(page(case, "edit/1"), {"base_version": case.version, "page": "a\0<b>", "need": "Other words."})
    assert Event.objects.filter(kind="case.edit").latest("id").data["page"] == "ab"


@pytest.mark.parametrize(
    "path", ["requests/%00/", "requests/%00/edit/1/", "requests/%00/files/1/", "force/%00/", "force/%00/accept/"]
)
def test_an_address_that_no_database_can_hold_is_simply_absent(people, client, path):
    for person in (people.ocha_bria, people.force_u3):
        client.force_login(person)
        assert client.get(f"/{path}").status_code == 404


# ── the trail ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_alternatives_that_are_written_anew_stay_in_the_trail(people):
    case = complete_draft(people.requester_bria)
    save_answers(case, by=people.requester_bria, base_version=case.version, answers={}, alternatives=alternatives()[:1])
    event = Event.objects.filter(kind="case.edit").latest("id")
    value = event.erasable_values.get(field="alternatives")
    assert value.matches_event()
    assert "No guarantee was given." in value.value.partition(" → ")[0]


def test_the_draft_of_a_decision_and_the_after_action_stay_as_they_were_written(people):
    case_at("closed", people)
    for rows, change in ((DecisionDraft.objects, {"note": "Other."}), (AfterAction.objects, {"lesson": "Other."})):
        for act in (lambda rows=rows, change=change: rows.update(**change), rows.all().delete):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act()


def test_a_security_decision_does_not_cover_what_was_changed_after_it(people):
    case = case_at("reviewing", people, un_on_board=True)
    make_move(case, "advise_security", by=people.undss, value="favourable")
    make_move(case, "return", by=people.ocha_bria, reason="Which day?")
    case = fresh(case)
    save_answers(case, by=people.requester_bria, base_version=case.version, answers={"cargo": "Fuel, 20 tonnes."})
    make_move(case, "resubmit", by=people.requester_bria, reason="On Monday.")
    assert case.consultations.get(body="undss").answered_at is None
    asked = Notification.objects.filter(event__kind="case.resubmit", recipient=people.undss, expects="advise")
    assert asked.exists()
    make_move(case, "review", by=people.ocha_bria)
    make_move(case, "validate", by=people.ocha_bria)
    later = timezone.now() + DAY * 4
    make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", **limits_of(fresh(case)))
    make_move(case, "forward", by=people.ocha_bgi, now=later)
    make_move(case, "approve", by=people.hc, now=later, **limits_of(fresh(case)))
    assert "given anew" in workflow.why_not(fresh(case), "transmit", people.ocha_bria)
    make_move(case, "advise_security", by=people.undss, value="favourable")
    assert workflow.why_not(fresh(case), "transmit", people.ocha_bria) == ""


def test_an_aborted_movement_is_never_nothing_to_report(people):
    case = case_at("aborted", people)
    with pytest.raises(Refused, match="tell what happened"):
        make_move(case, "close", by=people.requester_bria, nothing_to_report=True)


def test_a_remark_for_ocha_does_not_betray_itself_to_the_requester(people):
    case = fresh(case_at("submitted", people))
    make_move(case, "comment", by=people.ocha_bria, audience="ocha", text="Between us.")
    make_move(case, "recall", by=people.requester_bria, base_version=case.version)
    assert fresh(case).status == "draft"


def test_a_request_is_shared_only_within_its_country(people):
    case = case_at("submitted", people)
    with pytest.raises(Refused, match="no role in the country"):
        make_move(case, "share", by=people.ocha_bria, person=people.hc_ml)


def test_a_filed_request_stays_with_its_organisation(people, other_ngo):
    case = fresh(case_at("returned", people))
    with pytest.raises(Refused):
        save_answers(case, by=people.requester_bria, base_version=case.version, answers={"organisation": other_ngo})


def test_a_word_of_one_of_several_clusters_names_the_person(people):
    case = case_at("submitted", people)
    make_move(case, "consult", by=people.ocha_bria, cluster="EDU")
    said = {"person": None, "person_function": "Cluster", "source": "telephone", "received_at": timezone.now(),
            "witness": "Radio room"}  # fmt: skip
    with pytest.raises(Refused, match="Several clusters"):
        make_move(case, "advise_cluster", by=people.ocha_bria, on_behalf=said, value="endorsed")
