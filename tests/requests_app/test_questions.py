"""Does one table drive the form, the gaps and the guards?"""

import pytest

from cmcoord.guidance.clauses import CLAUSES
from requests_app import guidelines, last_resort, services
from requests_app.forms.inputs import INPUTS
from requests_app.models import Case
from requests_app.questions import BY_FIELD, STEPS, cards, question_of, questions
from tests import factories

ROWS = {"alternatives", "files"}

ASKED = {name for name, question in BY_FIELD.items() if question.half == "ask"}


TYPES = ("AE", "MCDA-LOG", "MCDA-INF")


@pytest.mark.parametrize("kind", TYPES)
def test_each_question_is_asked_once_and_in_one_of_the_steps(kind):
    fields = [question.field for question in questions(kind)]
    assert len(fields) == len(set(fields))
    assert {question.step for question in questions(kind)} == set(STEPS)


@pytest.mark.parametrize("kind", TYPES)
def test_each_answer_is_held_by_columns_of_the_case_or_rows_beside_it(kind):
    columns = {field.name for field in Case._meta.fields}
    for question in questions(kind):
        assert set(question.stored) <= columns
        assert bool(question.stored) != (question.field in ROWS)


@pytest.mark.parametrize("kind", TYPES)
def test_each_question_has_an_input_but_the_rows(kind):
    assert {question.field for question in questions(kind)} - set(INPUTS) == ROWS


@pytest.mark.parametrize("kind", TYPES)
def test_what_opens_a_question_is_asked_before_it(kind):
    asked = [question.field for question in questions(kind)]
    for question in questions(kind):
        if question.opened_by:
            assert asked.index(question.opened_by[0]) < asked.index(question.field)


# domain.md §2.5 and §2.6 by hand: which question answers each of M1–M16 and A1–A16. Later in the life of a request: M9,
# A3, A13, A16 by OCHA and security in the review, A14 in the execution sheet.
LATER = {"M9", "A3", "A13", "A14", "A16"}


def test_every_question_of_the_last_resort_tests_is_answered_by_the_ask():
    for kind, codes in (("AE", {f"A{n}" for n in range(1, 17)}), ("MCDA-LOG", {f"M{n}" for n in range(1, 17)}),
                        ("MCDA-INF", {f"M{n}" for n in range(1, 17)})):  # fmt: skip
        answered = {code for question in questions(kind) for code in question.codes}
        answered |= {code for risk in last_resort.risks_of(kind) for code in risk.codes}
        assert codes - answered == codes & LATER, kind


@pytest.mark.parametrize("risk", last_resort.RISKS, ids=lambda risk: risk.code)
def test_only_a_risky_answer_that_is_to_be_justified_opens_a_box(risk):
    assert bool(risk.text) == (risk.gate == "J")
    assert all(key in CLAUSES for key in risk.clause.split(", "))


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
            "vehicles", "cargo", "no_weapons", "un_on_board", "alternatives", "why_safer", "exit_plan",
            "risks",
        ]  # fmt: skip

    def test_a_complete_draft_lacks_nothing(self, requester_bria):
        assert guidelines.missing_answers(factories.complete_draft(requester_bria)) == []

    def test_no_is_an_answer(self, requester_bria):
        case = factories.complete_draft(requester_bria, un_on_board=False)
        assert "un_on_board" not in [question.field for question in guidelines.missing_answers(case)]

    @pytest.mark.parametrize(
        ("kind", "field"),
        [(kind, each.field) for kind in TYPES for each in questions(kind)
         if each.field not in ("urgency", "files", "alternatives", "passenger_count", "force")],
    )  # fmt: skip
    def test_each_answer_is_missed(self, requester_bria, kind, field):
        question = question_of(kind, field)
        blanks = {name: _blank(name) for name in question.stored}
        said = factories.TICKED[kind] if question.opened_by and question.opened_by[0] == "risks" else {}
        case = factories.complete_draft(requester_bria, request_type=kind, **{**said, **blanks})
        assert [question.field for question in guidelines.missing_answers(case)] == [field]

    def test_passengers_are_asked_where_people_travel(self, requester_bria):
        case = factories.complete_draft(requester_bria, request_type="MCDA-LOG", asset_category="helicopter_pax")
        assert [question.field for question in guidelines.missing_answers(case)] == ["passenger_count"]
        case = services.save_answers(case, by=requester_bria, base_version=case.version, answers={"passenger_count": 0})
        assert guidelines.missing_answers(case) == []

    def test_storage_is_asked_for_without_a_way(self, requester_bria):
        blank = dict.fromkeys(("origin", "destination"), None) | {"cargo": "", "asset_category": "storage"}
        case = factories.complete_draft(requester_bria, request_type="MCDA-LOG", **blank)
        assert guidelines.missing_answers(case) == []


def _blank(name: str):
    column = Case._meta.get_field(name)
    if name == "no_weapons":
        return False
    return {"TextField": "", "CharField": "", "JSONField": []}.get(column.get_internal_type())


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
            ("few_alternatives", "stop"),
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
