"""Does one table drive the form, the gaps and the guards?"""

import pytest

from requests_app import guidelines
from requests_app.forms.inputs import INPUTS
from requests_app.models import Case
from requests_app.questions import BY_FIELD, STEPS, cards, questions
from tests import factories

ROWS = {"alternatives", "files"}

ASKED = {name for name, question in BY_FIELD.items() if question.half == "ask"}


def test_each_question_is_asked_once_and_in_one_of_the_steps():
    fields = [question.field for question in questions("AE")]
    assert len(fields) == len(set(fields)) == 21
    assert {question.step for question in questions("AE")} == set(STEPS)


def test_each_question_is_a_field_of_the_case_or_rows_beside_it():
    columns = {field.name for field in Case._meta.fields}
    assert {question.field for question in questions("AE")} - ROWS <= columns


def test_each_question_has_an_input_but_the_rows():
    assert {question.field for question in questions("AE")} - set(INPUTS) == ROWS


def test_each_rule_speaks_beside_a_question():
    assert {rule.field for rule in guidelines.RULES} <= set(BY_FIELD)


def test_cards_keep_the_order_of_the_table():
    for step in STEPS:
        assert [question for _heading, asked in cards("AE", step) for question in asked] == list(
            questions("AE", step=step)
        )


@pytest.mark.django_db
class TestGaps:
    def test_a_new_draft_lacks_everything_but_what_the_start_knows(self, requester_bria):
        missing = [question.field for question in guidelines.missing_answers(factories.draft_case(requester_bria))]
        assert missing == [
            "need", "people", "critical_by", "origin", "destination", "axis", "departure_at", "window_to", "rotations",
            "vehicles", "cargo", "no_weapons", "un_on_board", "force", "alternatives", "why_safer", "neutrality",
            "exit_plan",
        ]  # fmt: skip

    def test_a_complete_draft_lacks_nothing(self, requester_bria):
        assert guidelines.missing_answers(factories.complete_draft(requester_bria)) == []

    def test_no_is_an_answer(self, requester_bria):
        case = factories.complete_draft(requester_bria, un_on_board=False)
        assert "un_on_board" not in [question.field for question in guidelines.missing_answers(case)]

    @pytest.mark.parametrize("field", sorted(ASKED - {"urgency", "organisation", "files", "alternatives"}))
    def test_each_answer_is_missed(self, requester_bria, field):
        blank = {"no_weapons": False, "un_on_board": None}.get(field, "" if _is_text(field) else None)
        case = factories.complete_draft(requester_bria, **{field: blank})
        assert [question.field for question in guidelines.missing_answers(case)] == [field]


def _is_text(field: str) -> bool:
    return Case._meta.get_field(field).get_internal_type() == "TextField"


@pytest.mark.django_db
class TestFindings:
    """What each rule says, with its level; the expected answers are written by hand from domain.md §2.5 and §2.6."""

    def found(self, case):
        return {(finding.rule, finding.level) for finding in guidelines.findings(factories.fresh(case))}

    def test_a_sound_request_has_no_finding(self, requester_bria):
        assert self.found(factories.complete_draft(requester_bria)) == set()

    def test_nothing_tried_stops(self, requester_bria):
        assert ("alternatives_failed", "stop") in self.found(factories.complete_draft(requester_bria, alternatives=[]))

    def test_an_available_alternative_alone_stops_and_is_to_be_justified(self, requester_bria):
        rows = [factories.alternatives()[0] | {"outcome": "available"}]
        assert self.found(factories.complete_draft(requester_bria, alternatives=rows)) == {
            ("alternatives_failed", "stop"),
            ("civilian_available", "justify"),
            ("few_alternatives", "justify"),
        }

    def test_armed_people_in_our_vehicles_stop(self, requester_bria):
        assert ("no_weapons", "stop") in self.found(factories.complete_draft(requester_bria, no_weapons=False))

    def test_more_than_30_days_stop(self, requester_bria):
        draft = factories.complete_draft(requester_bria)
        leaves = draft.departure_at
        long = factories.complete_draft(requester_bria, window_to=leaves + 31 * factories.DAY)
        assert self.found(long) == {("limited_period", "stop")}
        exact = factories.complete_draft(requester_bria, departure_at=leaves, window_to=leaves + 30 * factories.DAY)
        assert self.found(exact) == set()

    def test_a_force_that_has_left_stops(self, requester_bria, minusca):
        case = factories.complete_draft(requester_bria)
        minusca.active_to = case.departure_at.date() - factories.DAY
        minusca.save()
        assert self.found(case) == {("provider_present", "stop")}

    def test_more_than_three_rotations_are_to_be_justified(self, requester_bria):
        assert self.found(factories.complete_draft(requester_bria, rotations=4)) == {("many_rotations", "justify")}
        assert self.found(factories.complete_draft(requester_bria, rotations=3)) == set()

    def test_a_patrol_that_was_not_tried_is_pointed_out(self, requester_bria):
        rows = [
            row | {"option": option} for row, option in zip(factories.alternatives(), ("air", "route"), strict=True)
        ]
        assert self.found(factories.complete_draft(requester_bria, alternatives=rows)) == {("patrol_first", "inform")}

    def test_an_axis_elsewhere_is_pointed_out(self, requester_bria, car):
        elsewhere = car.axes.exclude(places__name__in=["Bambari", "Bria"]).first()
        case = factories.complete_draft(requester_bria, axis=elsewhere)
        assert self.found(case) == {("axis_touches", "inform")}
        sentence = guidelines.findings(case)[0].sentence
        assert "Bambari" in sentence
        assert "Bria" in sentence

    def test_hard_stops_are_the_findings_that_stop(self, requester_bria):
        case = factories.complete_draft(requester_bria, alternatives=[], rotations=9)
        stops = [finding for finding in guidelines.findings(case) if finding.level == "stop"]
        assert guidelines.hard_stops(case) == stops != []
