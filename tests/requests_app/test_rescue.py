"""How does the urgent procedure go: six questions, hours, a decision by word of mouth, the writing within a day?"""

import datetime as dt

import pytest
from django.utils import timezone

from requests_app import dossier, guidelines, workflow
from requests_app.issuing.making import issue_paper
from requests_app.questions import FORM, cards, questions
from requests_app.services import Refused, current_clocks, make_move
from tests import pdf_text
from tests.factories import HOUR, complete_draft, fresh, limits_of

pytestmark = pytest.mark.django_db

SAID = {
    "person_function": "Humanitarian Coordinator",
    "source": "telephone",
    "witness": "Radio operator on duty",
}


def filed(people, **overrides):
    case = complete_draft(people.requester_bria, **{"request_type": "EVAC", **overrides})
    make_move(case, "submit", by=people.requester_bria)
    return fresh(case)


def orally(case, people, **overrides):
    now = timezone.now()
    said = {**SAID, "person": people.hc, "received_at": now}
    facts = {**limits_of(case, valid_from=now, valid_to=now + dt.timedelta(hours=48), rotations=1),
             "witness": "Awa Ngbaro"} | overrides  # fmt: skip
    return make_move(case, "approve_orally", by=people.ocha_bria, on_behalf=said, **facts)


@pytest.mark.parametrize("kind", ["EVAC", "MED"])
def test_six_questions_and_a_number_are_asked_and_no_more(kind):
    headings = [str(heading) for heading, _asked in cards(kind, 1)]
    assert [heading[:2] for heading in headings] == ["1.", "2.", "3.", "4.", "5.", "6.", "To"]
    assert {each.step for each in questions(kind)} == {1}


def test_of_a_patient_only_category_and_number_are_asked():
    asked = {each.field for each in questions("MED")} | {each.field for each in questions("MED", FORM)}
    assert "need" not in asked
    assert {"triage", "passenger_count", "patients"} <= asked


def test_it_is_sent_with_the_six_answers_and_counts_in_hours_round_the_clock(people):
    case = filed(people)
    assert (case.status, case.urgency, case.people) == ("submitted", "immediate", 9)
    clocks = {clock.key: clock.due - case.submitted_at for clock in current_clocks(case)}
    assert clocks == {"station": HOUR, "hc": 2 * HOUR, "security.ngo_adviser": HOUR, "form": 24 * HOUR}
    assert case.consulted_bodies() == {"ngo_adviser"}  # no cluster is asked
    assert case.due_at == case.submitted_at + HOUR


@pytest.mark.parametrize("field", ["need", "origin", "passenger_count", "why_safer", "civilian_within_hour",
                                   "call_back", "no_weapons"])  # fmt: skip
def test_none_of_the_answers_may_be_missing(people, field):
    empty = {"passenger_count": None, "civilian_within_hour": None, "origin": None, "no_weapons": False}
    case = complete_draft(people.requester_bria, request_type="EVAC", **{field: empty.get(field, "")})
    with pytest.raises(Refused):
        make_move(case, "submit", by=people.requester_bria)


def test_a_civilian_means_within_the_hour_comes_first_and_is_counted(people):
    case = complete_draft(people.requester_bria, request_type="EVAC", civilian_within_hour=True)
    assert [row.rule for row in guidelines.hard_stops(case)] == ["civilian_within_hour"]
    with pytest.raises(Refused, match="civilian means is available within the hour"):
        make_move(case, "submit", by=people.requester_bria)
    make_move(case, "civilian", by=people.requester_bria, reason="The UNHAS flight at noon takes them.")
    assert fresh(case).status == "civilian"


def test_ocha_records_the_decision_by_word_of_mouth_with_a_witness(people):
    case = filed(people)
    orally(case, people)
    case = fresh(case)
    decision = case.decision
    assert (case.status, decision.oral, decision.decided_by, decision.witness) == (
        "approved", True, people.hc, "Awa Ngbaro",
    )  # fmt: skip
    assert case.writing_due_at == decision.decided_at + 24 * HOUR
    assert {clock.step for clock in current_clocks(case)} == {"transmission", "form", "writing"}


@pytest.mark.parametrize(
    ("witness", "why"),
    [("", "Name the witness"), ("OCHA Bria", "neither the one who decides"), ("hc", "neither the one who decides")],
)
def test_the_witness_is_a_third_person(people, witness, why):
    case = filed(people)
    name = {"OCHA Bria": people.ocha_bria.name, "hc": people.hc.name}.get(witness, witness)
    with pytest.raises(Refused, match=why):
        orally(case, people, witness=name)
    assert fresh(case).status == "submitted"


def test_the_coordinator_decides_on_a_telephone_without_a_witness(people):
    case = filed(people)
    make_move(case, "approve_orally", by=people.hc, **limits_of(case, valid_from=case.departure_at))
    assert (fresh(case).decision.oral, fresh(case).decision.witness) == (True, "")


def test_it_is_confirmed_in_writing_by_whoever_decided(people):
    case = filed(people)
    orally(case, people)
    for other in (people.ocha_bria, people.ocha_bgi, people.requester_bria, people.hoo):
        assert workflow.refusal(fresh(case), "confirm_in_writing", other).kind == "right"
    assert workflow.refusal(fresh(case), "confirm_record", people.hc).kind == "need"
    make_move(fresh(case), "confirm_in_writing", by=people.hc)
    case = fresh(case)
    assert case.writing_due_at is None
    assert case.records_on_behalf.get().confirmed_at
    assert case.written_confirmations.get().by == people.hc
    assert workflow.why_not(case, "confirm_in_writing", people.hc)


def test_an_escort_is_not_decided_by_word_of_mouth(people):
    case = complete_draft(people.requester_bria, urgency="immediate")
    make_move(case, "submit", by=people.requester_bria)
    with pytest.raises(Refused):
        make_move(fresh(case), "approve_orally", by=people.hc, **limits_of(case))
    assert workflow.why_not(fresh(case), "approve_orally", people.ocha_bria, recorded=True).startswith("Only a rescue")


def test_the_transport_prohibition_stays(people):
    case = complete_draft(people.requester_bria, request_type="EVAC", no_weapons=False)
    with pytest.raises(Refused):
        make_move(case, "submit", by=people.requester_bria)


def test_the_full_form_is_filed_within_a_day(people):
    case = filed(people)
    assert case.form_due_at == case.submitted_at + 24 * HOUR
    with pytest.raises(Refused, match="every question"):
        make_move(case, "file_form", by=people.requester_bria, un_on_board=False)
    answers = {"destination": case.origin, "un_on_board": False, "risk_comparable": "UNHAS: no aircraft before noon.",
               "exit_plan": "They fly home by UNHAS."}  # fmt: skip
    make_move(case, "file_form", by=people.requester_bria, **answers)
    case = fresh(case)
    assert (case.form_due_at, case.exit_plan) == (None, "They fly home by UNHAS.")
    assert "form" not in {clock.step for clock in current_clocks(case)}
    assert workflow.why_not(case, "file_form", people.requester_bria)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_its_case_file_is_printed_though_it_has_one_step_only(people, language):
    case = filed(people)
    case.seen_by = people.ocha_bria.pk
    dossier.read(case)
    assert "Nzacko" in pdf_text.text(issue_paper(case, "file", by=people.ocha_bria, language=language).content)
