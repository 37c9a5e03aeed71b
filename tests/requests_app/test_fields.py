"""Does docs/fields.md hold each field of domain.md §3.1, §3.2 and §3.6, as models and audience tables have it?"""

import pytest

from cmcoord.activity.barrier import Release, line_of
from cmcoord.guidance.clauses import CLAUSES
from cmcoord.management.commands.draw_docs import fields_page
from requests_app import fields, last_resort
from requests_app.models import Case
from requests_app.questions import ASK, questions


def names(text: str) -> list[str]:
    return text.split()


# Copied by hand from domain.md.
REQUEST = names(
    """
    request_type urgency requesting_org other_orgs focal_point alt_focal_point cluster need_statement
    people_targeted critical_by support_level asset_category asset_quantity capability_needed provider_force
    origin_loc destination_loc area_of_operation earliest latest rotations cargo_lines no_prohibited_goods pax_count
    pax_manifest handling_equipment consignee alternatives last_resort_answers neutrality_risk mitigation
    visibility_plan exit_plan orgs_consulted authority_notified security_ref programme_criticality cost_arrangement
    cluster_opinion ocha_opinion security_opinion decision decision_capacity decision_reasons conditions valid_from
    valid_to force_reply force_decline_reason tasked_unit rendezvous actual_start actual_end outcome aar_*
    """
)
ESCORT = names(
    """
    convoy_name convoy_leader axis alternative_axis distance_km est_duration departure_at arrival_at overnight_stops
    return_leg vehicles min_vehicle_rule staff_count drivers_list cargo_summary escort_mode escort_provider_kind
    security_authority_responsible threat_summary risk_without risk_with imposed ae_answers criteria_met
    hct_positions comms_plan casevac_plan rules_for_escort community_message discontinuation_plan join_allowed
    escort_actual_strength incident_link
    """
)
PATROL = names(
    """
    axis_segment period reason movements_count force_plan patrol_dates patrol_done feedback_humanitarians
    incidents_during mixed_patrol_accepted
    """
)
# Never for a force, whatever else is told (domain.md, column "Force").
NEVER = names(
    """
    alternatives last_resort_answers neutrality_risk orgs_consulted security_ref programme_criticality
    cluster_opinion ocha_opinion security_opinion decision_reasons security_authority_responsible threat_summary
    imposed ae_answers community_message join_allowed cluster risk_without risk_with criteria_met hct_positions
    feedback_humanitarians incidents_during
    """
)
STRICT = {"pax_manifest", "drivers_list", "hct_positions"}


def by_name():
    return {(field.form, field.name): field for field in fields.FIELDS}


def test_every_field_of_the_domain_has_a_line_or_waits_for_its_part():
    built = {name for _form, name in by_name()}
    assert {*REQUEST, *ESCORT, *PATROL} == built | set(fields.NOT_YET)
    assert not built & set(fields.NOT_YET)
    assert len(fields.FIELDS) == len(by_name())


@pytest.mark.parametrize("field", fields.FIELDS, ids=lambda field: f"{field.form} {field.name}")
def test_a_line_names_columns_that_are_there_with_their_lines(field):
    for model, column in field.columns:
        assert model._meta.get_field(column)
        assert line_of(model, column)
    assert not field.clause or field.clause in CLAUSES
    assert field.label_en and field.label_fr


@pytest.mark.parametrize("name", NEVER)
def test_what_a_force_never_reads_has_no_column_that_it_gets(name):
    for field in (each for each in fields.FIELDS if each.name == name):
        assert {line.force for line in field.lines} == {Release.NO}, field.held


def test_names_of_people_and_positions_are_strictly_confidential():
    strict = {field.name for field in fields.FIELDS if field.sensitivity == "S"}
    assert strict == STRICT


def test_every_answer_of_the_ask_stands_in_the_table():
    held = {each for field in fields.FIELDS for each in field.held.split()}
    for kind in ("AE", "MCDA-LOG", "MCDA-INF", "AREA"):
        for question in questions(kind, ASK):
            assert {f"Case.{name}" for name in question.stored} <= held | {"Case.un_on_board"}, question.field
    assert {f"Case.{risk.text}" for risk in last_resort.RISKS if risk.text} <= held


def test_a_column_that_is_taken_out_is_missed(monkeypatch):
    fewer = tuple(field for field in fields.FIELDS if field.name != "asset_category")
    monkeypatch.setattr(fields, "FIELDS", fewer)
    with pytest.raises(AssertionError):
        test_every_field_of_the_domain_has_a_line_or_waits_for_its_part()
    with pytest.raises(AssertionError):
        test_every_answer_of_the_ask_stands_in_the_table()


def test_the_document_has_a_row_for_each():
    page = fields_page()
    for field in fields.FIELDS:
        assert f"| {field.form} | {field.name} |" in page
    assert Case._meta.get_field("risks")
