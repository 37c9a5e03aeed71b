"""How does the country team come to a consensus, and what stops it? (domain.md §2.7; ML-POS ¶6)"""

import datetime as dt

import pytest
from django.utils import timezone

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation
from cmcoord.accounts.roles import Role
from cmcoord.places.models import Axis, Place
from contacts.models import Force
from requests_app import consensus, moves, workflow
from requests_app.models import Case, ConsensusNote, Decision, OnBehalf, Position
from requests_app.services import Refused, make_move
from tests.factories import DAY, HOUR, case_at, cleared_case, consulted_case, fresh, limits_of
from tests.people import made_up_organisation, person, standing_in

pytestmark = pytest.mark.django_db

TELEPHONE = {"source": "telephone", "witness": "Secretary of the meeting"}


def icrc() -> Organisation:
    return made_up_organisation("ICRC", "Red Cross", Organisation.Type.RED_CROSS, country="MLI")


def says(case, member, value, now=None, **facts):
    if value == "object":
        facts.setdefault("words", "The axis is not safe for anybody with an escort.")
    return make_move(case, "take_position", by=member, value=value, now=now, **facts)


def recorded(case, officer, member, value, now=None, **facts):
    """OCHA writes down what this member said by telephone."""
    now = now or timezone.now()
    said = TELEPHONE | {"person": member, "received_at": now - dt.timedelta(minutes=5)}
    if value == "object":
        facts.setdefault("words", "Not on this axis.")
    return make_move(case, "take_position", by=officer, on_behalf=said, value=value, now=now, **facts)


def establish(case, hc, now=None, **facts):
    facts = {
        "statement": "Every member was heard; nobody objects.",
        "seen": consensus.last_position(fresh(case)),
    } | facts
    return make_move(case, "establish_consensus", by=hc, now=now, **facts)


def refused(kind, act, *args, **facts):
    with pytest.raises(Refused) as stopped:
        act(*args, **facts)
    assert stopped.value.kind == kind, stopped.value.sentence
    return stopped.value.sentence


def all_support(case, cast, *values):
    for member, value in zip(cast.hct, values or ["support"] * 4, strict=True):
        says(case, member, value)


class TestOpening:
    def test_the_draft_is_put_to_every_member_for_48_hours(self, mali_cast):
        case = consulted_case(mali_cast)
        consultation = case.team_consultation
        assert (case.status, consultation.members_needed) == ("consulting", 3)
        assert consultation.closes_at - consultation.opened_at == dt.timedelta(hours=48)
        assert consultation.draft.recommendation == "approved"
        assert [str(seat.row) for seat in consensus.members(case)] == ["INGO D", "UNHCR", "UNICEF", "WFP"]
        assert case.due_at == consultation.closes_at

    def test_urgently_for_twelve(self, mali_cast):
        consultation = consulted_case(mali_cast, urgency="urgent").team_consultation
        assert consultation.closes_at - consultation.opened_at == dt.timedelta(hours=12)

    def test_people_of_one_organisation_share_a_seat_and_donors_have_none(self, mali_cast):
        person("hct.alt", Role.HCT_MEMBER, organisation="WFP", name="Alternate of WFP", country="MLI")
        person("hct.echo", Role.HCT_MEMBER, organisation="ECHO", name="Donor", country="MLI")
        person("hct.car", Role.HCT_MEMBER, organisation="UNHAS", name="Member elsewhere", country="CAF")
        person("hct.icrc", Role.HCT_MEMBER, organisation=icrc(), name="Observer", country="MLI")
        own = person(
            "hct.own", Role.HCT_MEMBER, organisation=mali_cast.requester_mopti.organisation, name="Own", country="MLI"
        )
        seats = consensus.seats(consulted_case(mali_cast))
        assert {(str(seat.row), str(seat.row.voice)) for seat in seats} == {
            ("WFP", "member"), ("UNHCR", "member"), ("UNICEF", "member"), ("INGO D", "member"),
            ("ICRC", "observer"), (str(own.organisation), "requester"),
        }  # fmt: skip

    @pytest.mark.parametrize("left", [0, 2])
    def test_without_enough_members_there_is_no_consultation(self, mali_cast, left):
        case = cleared_case(mali_cast)
        for member in mali_cast.hct[left:]:
            member.appointments.update(ends=timezone.localdate() - DAY)
        sentence = refused("need", make_move, case, "open_consultation", by=mali_cast.ocha_bko)
        assert "appoint its members" in sentence if not left else "3 have to be reached" in sentence
        assert fresh(case).status == "clearing"
        assert fresh(case).team_consultation is None

    def test_nor_without_the_consent_that_partners_read_it(self, mali_cast):
        case = cleared_case(mali_cast)
        Case.objects.filter(pk=case.pk).update(consent_partners=False)
        assert "consented" in refused("need", make_move, case, "open_consultation", by=mali_cast.ocha_bko)

    def test_only_the_national_unit_of_the_country_opens_it(self, mali_cast, ocha_bgi):
        case = cleared_case(mali_cast)
        for stranger in (mali_cast.ocha_mopti, mali_cast.hc_ml, mali_cast.hct[0], mali_cast.requester_mopti, ocha_bgi):
            refused("right", make_move, case, "open_consultation", by=stranger)

    def test_in_the_central_african_republic_it_does_not_exist(self, people):
        case = case_at("clearing", people)
        for code in ("open_consultation", "establish_consensus"):
            refused("undeclared", make_move, case, code, by=people.ocha_bgi)


class TestWhoDecides:
    """No way around the country team (domain.md §8, 0-15)."""

    def test_for_an_escort_in_mali_nothing_but_the_consensus_approves(self, mali_cast):
        case = consulted_case(mali_cast)
        leads = {line.code for line in moves.MOVES if line.target == "approved" and workflow.exists(line, case)}
        assert leads == {"establish_consensus", "withdraw_force"}  # the second leads back from a transmission

    @pytest.mark.parametrize("code", ["approve", "forward", "extend", "request_extension"])
    def test_the_ways_of_the_coordinator_alone_do_not_exist(self, mali_cast, code):
        case = consulted_case(mali_cast)
        for user in (mali_cast.hc_ml, mali_cast.ocha_bko, mali_cast.requester_mopti):
            refused("undeclared", make_move, case, code, by=user)
            refused("undeclared", make_move, case, code, by=user, on_behalf=TELEPHONE | {"person": mali_cast.hc_ml})

    def test_a_new_provider_goes_back_through_the_team(self, mali_cast):
        case = consulted_case(mali_cast)
        assert workflow.declared_for(case, "redecide")[0].target == "clearing"


class TestPositions:
    def test_the_newest_of_a_seat_counts_and_the_earlier_stay(self, mali_cast):
        case = consulted_case(mali_cast)
        wfp = mali_cast.hct[0]
        says(case, wfp, "object")
        says(case, wfp, "accept", condition="The escort leaves at Boni")
        seat = consensus.seat_of(wfp, fresh(case))
        assert (seat.position.value, seat.condition) == ("accept", "The escort leaves at Boni")
        assert [row.value for row in seat.earlier] == ["object"]
        assert not consensus.objections(fresh(case))

    def test_an_alternate_and_a_stand_in_speak_for_the_same_seat(self, mali_cast):
        case = consulted_case(mali_cast)
        alternate = person("hct.alt", Role.HCT_MEMBER, organisation="WFP", name="Alternate of WFP", country="MLI")
        deputy = person("dep", Role.OBSERVER, organisation="UNHAS", name="Deputy", country="MLI")
        standing_in(deputy, mali_cast.hct[1].appointments.get())
        says(case, alternate, "support")
        says(case, deputy, "abstain")
        assert {str(seat.row): seat.position.value for seat in consensus.reached(fresh(case))} == {
            "WFP": "support", "UNHCR": "abstain",
        }  # fmt: skip

    def test_an_observer_states_a_position_and_is_not_counted(self, mali_cast):
        observer = person("hct.icrc", Role.HCT_MEMBER, organisation=icrc(), name="Observer", country="MLI")
        case = consulted_case(mali_cast)
        says(case, observer, "object")
        assert not consensus.objections(fresh(case))
        assert not consensus.reached(fresh(case))
        all_support(case, mali_cast)
        establish(case, mali_cast.hc_ml)

    def test_who_may_not_take_a_position(self, mali_cast, hoo):
        case = consulted_case(mali_cast)
        late = person("hct.late", Role.HCT_MEMBER, organisation="UNHAS", name="Appointed later", country="MLI")
        observer = person("obs", Role.OBSERVER, organisation=icrc(), name="Observer of a cell", country="MLI")
        elsewhere = person("hct.car", Role.HCT_MEMBER, organisation="WFP", name="Member elsewhere", country="CAF")
        everybody = (observer, elsewhere, hoo, mali_cast.hc_ml, mali_cast.ocha_bko, mali_cast.ocha_mopti,
                     mali_cast.requester_mopti, mali_cast.force_ml)  # fmt: skip
        for stranger in everybody:
            refused("right", says, case, stranger, "support")
        assert "at the table" in refused("need", says, case, late, "support")
        assert not Position.objects.exists()

    def test_nobody_takes_a_position_on_a_request_of_their_own_organisation(self, mali_cast):
        own = person(
            "hct.own", Role.HCT_MEMBER, organisation=mali_cast.requester_mopti.organisation, name="Own", country="MLI"
        )
        case = consulted_case(mali_cast)
        assert "own organisation" in refused("need", says, case, own, "support")
        assert "own organisation" in refused("need", recorded, case, mali_cast.ocha_bko, own, "support")

    def test_nor_in_the_seat_of_another_whom_they_stand_in_for(self, mali_cast):
        case, requester = consulted_case(mali_cast), mali_cast.requester_mopti
        standing_in(requester, mali_cast.hct[0].appointments.get())
        requester = type(requester).objects.get(pk=requester.pk)
        assert "own organisation" in refused("need", says, case, requester, "support")
        assert "own organisation" in refused("need", recorded, case, mali_cast.ocha_bko, requester, "support")
        assert not consensus.reads_positions(requester, fresh(case))

    def test_not_after_the_appointment_has_ended(self, mali_cast):
        case = consulted_case(mali_cast)
        mali_cast.hct[0].appointments.update(ends=timezone.localdate() - DAY)
        scope.forget_grants(mali_cast.hct[0])
        refused("right", says, case, mali_cast.hct[0], "support")
        refused("need", recorded, case, mali_cast.ocha_bko, mali_cast.hct[0], "support")

    def test_not_once_it_is_concluded(self, mali_cast):
        case = consulted_case(mali_cast)
        all_support(case, mali_cast)
        establish(case, mali_cast.hc_ml)
        refused("state", says, case, mali_cast.hct[0], "object")

    def test_the_same_click_twice_is_one_position(self, mali_cast):
        case, key = consulted_case(mali_cast), "5f3f6a0e-6f5f-4f0a-9a51-0c8f2d1f9b11"
        first = says(case, mali_cast.hct[0], "support", client_key=key)
        assert says(case, mali_cast.hct[0], "support", client_key=key) == first
        assert Position.objects.count() == 1

    @pytest.mark.parametrize(
        "facts",
        [
            {"value": "object", "words": " "},
            {"value": "support", "condition": "Only by day"},
            {"value": "object", "words": "No.", "condition": "Only by day"},
            {"value": "not_reached"},
            {"value": ""},
        ],
    )
    def test_an_incomplete_position_is_refused(self, mali_cast, facts):
        case = consulted_case(mali_cast)
        refused("need", make_move, case, "take_position", by=mali_cast.hct[0], **facts)
        assert not Position.objects.exists()

    def test_a_position_leaves_the_version_alone(self, mali_cast):
        case = consulted_case(mali_cast)
        says(case, mali_cast.hct[0], "support")
        assert fresh(case).version == case.version


class TestRecorded:
    def test_ocha_records_a_member_who_confirms_later(self, mali_cast):
        case, wfp = consulted_case(mali_cast), mali_cast.hct[0]
        recorded(case, mali_cast.ocha_bko, wfp, "support")
        seat = consensus.seat_of(wfp, fresh(case))
        assert (seat.position.value, seat.position.by, seat.position.capacity) == ("support", wfp, "hct_member")
        make_move(case, "confirm_record", by=wfp)
        assert OnBehalf.objects.get(act="take_position").confirmed_at

    def test_what_is_disputed_does_not_count(self, mali_cast):
        case, wfp = consulted_case(mali_cast), mali_cast.hct[0]
        recorded(case, mali_cast.ocha_bko, wfp, "support")
        make_move(case, "dispute_record", by=wfp, reason="I said that we object.")
        assert consensus.seat_of(wfp, fresh(case)).position is None

    def test_no_word_of_ocha_lifts_an_objection_before_the_member_confirms(self, mali_cast):
        case, wfp = consulted_case(mali_cast), mali_cast.hct[0]
        all_support(case, mali_cast, "object", "support", "support", "support")
        recorded(case, mali_cast.ocha_bko, wfp, "accept")
        assert "stands until they confirm" in refused("need", establish, case, mali_cast.hc_ml)
        make_move(case, "confirm_record", by=wfp)
        establish(case, mali_cast.hc_ml)
        assert fresh(case).status == "approved"

    def test_nor_does_it_drop_a_condition(self, mali_cast):
        case, wfp = consulted_case(mali_cast), mali_cast.hct[0]
        says(case, wfp, "accept", condition="Only by day")
        recorded(case, mali_cast.ocha_bko, wfp, "support")
        assert consensus.conditions(fresh(case)) == ["Only by day"]
        make_move(case, "confirm_record", by=wfp)
        assert consensus.conditions(fresh(case)) == []

    def test_an_objection_that_ocha_writes_down_counts_at_once(self, mali_cast):
        case = consulted_case(mali_cast)
        all_support(case, mali_cast)
        recorded(case, mali_cast.ocha_mopti, mali_cast.hct[2], "object")
        assert "UNICEF" in refused("need", establish, case, mali_cast.hc_ml)

    def test_a_seat_is_not_spoken_for_by_another(self, mali_cast):
        case = consulted_case(mali_cast)
        other = consensus.seat_of(mali_cast.hct[1], case).row.pk
        refused("need", recorded, case, mali_cast.ocha_bko, mali_cast.hct[0], "support", seat=other)

    def test_only_ocha_of_this_case_records(self, mali_cast, ocha_bgi):
        case = consulted_case(mali_cast)
        for stranger in (mali_cast.hc_ml, mali_cast.hct[1], mali_cast.requester_mopti, ocha_bgi):
            refused("right", recorded, case, stranger, mali_cast.hct[0], "support")


class TestConsensus:
    def test_the_coordinator_signs_and_what_was_consulted_on_is_approved(self, mali_cast):
        case = consulted_case(mali_cast)
        says(case, mali_cast.hct[0], "accept", condition="The escort leaves at Boni")
        says(case, mali_cast.hct[1], "accept", condition="Only by day")
        says(case, mali_cast.hct[2], "support")
        says(case, mali_cast.hct[3], "abstain")
        establish(case, mali_cast.hc_ml, conditions=["notify_communities"], condition_text="Reviewed after one use")
        case = fresh(case)
        draft, decision = case.team_consultation.draft, case.decision
        assert (case.status, case.ends_at) == ("approved", draft.valid_to)
        assert (decision.force, decision.axis, decision.rotations) == (draft.force, draft.axis, draft.rotations)
        assert set(decision.conditions) == {*draft.conditions, "notify_communities"}
        assert decision.condition_text.splitlines() == [
            "Reviewed after one use", "Only by day", "The escort leaves at Boni",
        ]  # fmt: skip
        assert decision.reason == ""
        note = ConsensusNote.objects.get()
        assert (note.decision, note.by, note.text) == (
            decision,
            mali_cast.hc_ml,
            "Every member was heard; nobody objects.",
        )
        assert (case.team_consultation.ended_as, case.team_consultation.is_open) == ("establish_consensus", False)

    def test_an_objection_stops_it_until_it_is_withdrawn(self, mali_cast):
        case = consulted_case(mali_cast)
        all_support(case, mali_cast, "support", "support", "object", "support")
        assert "UNICEF" in refused("need", establish, case, mali_cast.hc_ml)
        assert "UNICEF" in refused("need", establish, case, mali_cast.hc_ml, now=timezone.now() + 3 * DAY)
        says(case, mali_cast.hct[2], "abstain")
        establish(case, mali_cast.hc_ml)

    def test_silence_is_no_support(self, mali_cast):
        case = consulted_case(mali_cast)
        says(case, mali_cast.hct[0], "support")
        says(case, mali_cast.hct[1], "support")
        over = case.team_consultation.closes_at
        assert "2 of 3" in refused("need", establish, case, mali_cast.hc_ml, now=over)
        says(case, mali_cast.hct[2], "support", now=over + HOUR)  # late, and still heard
        establish(case, mali_cast.hc_ml, now=over + 2 * HOUR)

    def test_before_the_window_ends_everybody_must_have_been_reached(self, mali_cast):
        case = consulted_case(mali_cast)
        for member in mali_cast.hct[:3]:
            says(case, member, "support")
        assert "1 member has not been reached" in refused("need", establish, case, mali_cast.hc_ml)
        says(case, mali_cast.hct[3], "support")
        establish(case, mali_cast.hc_ml)

    def test_only_the_coordinator_of_the_country_signs_and_nobody_records_it(self, mali_cast, hc):
        case = consulted_case(mali_cast)
        all_support(case, mali_cast)
        for stranger in (mali_cast.ocha_bko, mali_cast.ocha_mopti, mali_cast.hct[0], mali_cast.requester_mopti, hc):
            refused("right", establish, case, stranger)
        said = TELEPHONE | {"person": mali_cast.hc_ml, "received_at": timezone.now()}
        refused("right", establish, case, mali_cast.ocha_bko, on_behalf=said)

    def test_without_a_word_on_how_it_was_established_nothing_is_signed(self, mali_cast):
        case = consulted_case(mali_cast)
        all_support(case, mali_cast)
        refused("need", establish, case, mali_cast.hc_ml, statement=" ")
        assert not Decision.objects.exists()

    def test_a_position_that_the_page_did_not_show_is_read_first(self, mali_cast):
        case = consulted_case(mali_cast)
        all_support(case, mali_cast)
        seen = consensus.last_position(fresh(case))
        says(case, mali_cast.hct[0], "accept", condition="Only by day")
        assert "read it first" in refused("state", establish, case, mali_cast.hc_ml, seen=seen)
        assert fresh(case).status == "consulting"

    def test_she_denies_or_sends_it_back_and_the_consultation_ends(self, mali_cast):
        denied, back = consulted_case(mali_cast), consulted_case(mali_cast)
        make_move(denied, "deny", by=mali_cast.hc_ml, reason_code="perception", reason="The objection is sound.")
        make_move(back, "send_back", by=mali_cast.hc_ml, reason="A shorter period.")
        assert (fresh(denied).status, fresh(denied).team_consultation.ended_as) == ("denied", "deny")
        assert (fresh(back).status, fresh(back).team_consultation.ended_as) == ("clearing", "send_back")
        make_move(back, "open_consultation", by=mali_cast.ocha_bko)
        assert not consensus.reached(fresh(back))  # asked anew
        assert back.team_consultations.count() == 2

    @pytest.mark.parametrize("code", ["take_back", "send_back"])
    def test_to_ask_anew_withdraws_no_objection(self, mali_cast, code):
        case = consulted_case(mali_cast)
        says(case, mali_cast.hct[2], "object")
        by = mali_cast.ocha_bko if code == "take_back" else mali_cast.hc_ml
        make_move(case, code, by=by, reason="A shorter period.")
        make_move(case, "open_consultation", by=mali_cast.ocha_bko)
        for member in (mali_cast.hct[0], mali_cast.hct[1], mali_cast.hct[3]):
            says(case, member, "support")
        over = fresh(case).team_consultation.closes_at
        assert "UNICEF" in refused("need", establish, case, mali_cast.hc_ml, now=over)
        assert [str(seat.row) for seat in consensus.not_reached(fresh(case))] == ["UNICEF"]
        recorded(case, mali_cast.ocha_bko, mali_cast.hct[2], "support")
        assert "until they confirm" in refused("need", establish, case, mali_cast.hc_ml, now=over)
        says(case, mali_cast.hct[2], "abstain")
        establish(case, mali_cast.hc_ml)

    def test_a_recommendation_to_deny_cannot_be_turned_into_an_approval(self, mali_cast):
        case = cleared_case(mali_cast)
        make_move(case, "draft_decision", by=mali_cast.ocha_bko, recommendation="denied", note="Not on this axis.")
        make_move(case, "open_consultation", by=mali_cast.ocha_bko)
        all_support(case, mali_cast)
        assert "never put to the country team" in refused("need", establish, case, mali_cast.hc_ml)


class TestConsultedOnly:
    """An asset in Mali: the Coordinator decides after the team was heard."""

    @pytest.fixture
    def case(self, mali_cast):
        there = {
            "origin": Place.objects.get(country="MLI", name="Mopti"),
            "destination": Place.objects.get(country="MLI", name="Mondoro"),
            "axis": Axis.objects.get(code="mopti-mondoro"),
            "force": Force.objects.get(acronym="FAMa"),
        }
        return consulted_case(mali_cast, request_type="MCDA-LOG", **there)

    def approve(self, case, hc, now=None, **facts):
        case = fresh(case)
        facts = limits_of(case) | {"seen": consensus.last_position(case)} | facts
        return make_move(case, "approve", by=hc, now=now, **facts)

    def test_not_before_everybody_had_their_time(self, mali_cast, case):
        assert "still open" in refused("need", self.approve, case, mali_cast.hc_ml)
        assert "0 of 3" in refused("need", self.approve, case, mali_cast.hc_ml, now=case.team_consultation.closes_at)

    def test_an_objection_does_not_block_but_is_answered(self, mali_cast, case):
        all_support(case, mali_cast, "object", "support", "support", "support")
        assert "Answer the objections" in refused("need", self.approve, case, mali_cast.hc_ml)
        self.approve(case, mali_cast.hc_ml, statement="The road is open only for a week; we weighed it.")
        assert fresh(case).status == "approved"
        assert ConsensusNote.objects.get().text.startswith("The road")

    def test_a_condition_is_taken_up_or_answered(self, mali_cast, case):
        all_support(case, mali_cast, "support", "support", "support", "abstain")
        says(case, mali_cast.hct[0], "accept", condition="Only by day")
        assert "conditions" in refused("need", self.approve, case, mali_cast.hc_ml)
        self.approve(case, mali_cast.hc_ml, condition_text="Only by day, with two drivers")

    def test_establishing_a_consensus_does_not_exist_for_it(self, mali_cast, case):
        refused("undeclared", establish, case, mali_cast.hc_ml)
