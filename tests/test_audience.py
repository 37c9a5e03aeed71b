"""Has every field of every model its line, and does the table act? The classes are copied by hand from domain.md §3."""

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from cmcoord.activity import barrier
from cmcoord.activity.barrier import NotReleased, Projection, Release, Side, Stage, may_see, released
from cmcoord.places.models import Place
from requests_app import audience, sources, transmission
from requests_app.models import Case, Comment, Decision, Opinion
from requests_app.services import make_move
from tests.factories import STEPS, case_at, draft_case, fresh

# What domain.md §3.1, §3.2 and §3.2b say of the fields that are built: class, and whether a force gets it
# (Y as it is, S only rewritten "∑", N never).
DOMAIN = {
    "Case": {
        "request_type": "RY", "urgency": "RY", "organisation": "RY", "need": "RS", "people": "RS",
        "critical_by": "RY", "force": "RY", "origin": "RY", "destination": "RY", "rotations": "RY", "cargo": "RY",
        "no_weapons": "RY", "exit_plan": "RY", "neutrality": "CN", "leader": "CY", "axis": "CY",
        "departure_at": "CY", "window_to": "CY", "vehicles": "CY", "why_safer": "CN",
    },
    "Alternative": {"option": "RN", "tried_on": "RN", "outcome": "RN", "note": "RN"},
    "Opinion": {"text": "CN", "reference": "CN", "value": "CN"},
    "Decision": {
        "outcome": "RY", "capacity": "RY", "reason_code": "RN", "reason": "RN", "conditions": "RY",
        "condition_text": "RY", "valid_from": "RY", "valid_to": "RY",
    },
    "ForceReply": {"reply": "RY", "decline_reason": "RY"},
    "RotationLog": {"happened_at": "RY"},
    "AfterAction": {
        "as_approved": "RY", "deviation": "CY", "conditions_respected": "RY", "perception": "CN",
        "civilian_option_now": "RN", "lesson": "RS",
    },
    "ReverseRequest": {
        "component": "RY", "asset_wanted": "RY", "purpose_kind": "RY", "purpose_text": "RY", "content": "RY",
        "prohibited": "RY", "starts_at": "RY", "place": "RY", "owner": "RY", "owner_consent": "CS", "clause": "RY",
        "hc_validation": "RS",  # Y in the domain; kept to the outcome, which must not tell who declined
    },
}  # fmt: skip
MARKS = {"Y": Release.AS_IS, "S": Release.REWRITTEN, "N": Release.NO}


def columns(model) -> set[str]:
    return {field.name for field in (*model._meta.concrete_fields, *model._meta.local_many_to_many)}


def stray_lines() -> list[str]:
    """Fields without a line and lines without a field, of every model that is installed."""
    found = []
    tables = barrier.tables()
    models = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
    for label, model in models.items():
        lines = set(tables.get(label, ()))
        found += [f"{label}.{name} has no line" for name in sorted(columns(model) - lines)]
        found += [f"{label}.{name} is no field" for name in sorted(lines - columns(model))]
    return found + [f"{label} is no model" for label in sorted(set(tables) - set(models))]


def test_every_field_has_its_line_and_every_line_its_field():
    assert "\n".join(stray_lines()) == ""


def test_a_missing_line_is_found(monkeypatch):
    monkeypatch.delitem(audience.LINES["requests_app.Case"], "neutrality")
    assert "requests_app.Case.neutrality has no line" in stray_lines()
    with pytest.raises(NotReleased):
        released(Case(neutrality="x"), "neutrality", to=Side.HUMANITARIAN)


def test_each_model_stands_in_one_table_only():
    labels = [label for module in barrier._audiences() for label in module.LINES]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("model", DOMAIN)
def test_classes_and_releases_are_those_of_the_domain(model):
    lines = barrier.tables()[f"requests_app.{model}"]
    for field, (sensitivity, mark) in DOMAIN[model].items():
        assert (lines[field].sensitivity, lines[field].force) == (sensitivity, MARKS[mark]), f"{model}.{field}"


def test_a_force_reads_no_strict_field_and_nothing_without_a_release():
    for label, lines in barrier.tables().items():
        for field, line in lines.items():
            assert (Side.FORCE in line.readers) == (line.force != Release.NO), f"{label}.{field}"
            if line.sensitivity == "S" and f"{label}.{field}" != "requests_app.ReleasedNames.text":
                assert line.force == Release.NO, f"{label}.{field}"  # but for a manifest, once it is scheduled (§3.1)


# ── what leaves ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_released_refuses_what_the_line_keeps():
    case = Case(need="Food", neutrality="Risk", departure_at=None)
    with pytest.raises(NotReleased, match="not for the side force"):
        released(case, "neutrality", to=Side.FORCE, stage=Stage.TRANSMITTED)
    with pytest.raises(NotReleased, match="before transmitted"):
        released(case, "departure_at", to=Side.FORCE, stage=Stage.DECIDED)
    with pytest.raises(NotReleased, match="only as rewritten"):
        released(case, "need", to=Side.FORCE, stage=Stage.TRANSMITTED, consent=True)
    with pytest.raises(NotReleased, match="not for the side donor"):
        released(case, "need", to=Side.DONOR)
    assert released(case, "need", to=Side.FORCE, stage=Stage.TRANSMITTED, instead="Escort", consent=True) == "Escort"
    assert released(case, "neutrality", to=Side.HUMANITARIAN) == "Risk"


@pytest.mark.django_db
def test_a_position_is_coarse_for_every_other_side(reference):
    for place in Place.objects.exclude(latitude=None):
        for side in Side:
            for name in ("latitude", "longitude"):
                given = released(place, name, to=side)
                if side == Side.HUMANITARIAN:
                    assert given == getattr(place, name)
                else:
                    assert -given.as_tuple().exponent <= 2
                    assert given == getattr(Projection(place, side), name)


@pytest.mark.django_db
def test_a_contact_needs_the_consent_of_the_person(requester_bria):
    with pytest.raises(NotReleased, match="consent of the person"):
        released(requester_bria, "telephone", to=Side.FORCE)
    assert released(requester_bria, "telephone", to=Side.FORCE, consent=True) == requester_bria.telephone


@pytest.mark.django_db
@pytest.mark.parametrize(("label", "field"), [("Case", "cargo"), ("Decision", "axis"), ("Decision", "conditions")])
def test_without_its_line_a_fact_stops_the_transmission(people, monkeypatch, label, field):
    case = case_at("approved", people, un_on_board=True)
    monkeypatch.setitem(audience.LINES[f"requests_app.{label}"], field, barrier.inside("C"))
    with pytest.raises(NotReleased), transaction.atomic():
        make_move(case, "transmit", by=people.ocha_bria, **STEPS["transmit"][2](case, timezone.now()))
    assert not fresh(case).extracts.exists()


@pytest.mark.django_db
def test_every_fact_of_a_paper_comes_from_a_line_that_allows_it():
    for kind, names in transmission.PAPERS.items():
        for name in names:
            model, field = sources.source_of(name)
            at = sources.stage_of(kind, scheduled=name in transmission.SHEET)
            assert barrier.required(model, field, to=Side.FORCE, stage=at, consent=True)
            if model is not Place:
                with pytest.raises(NotReleased, match="consent of the organisation"):
                    barrier.required(model, field, to=Side.FORCE, stage=at)
    assert not set(transmission.SHEET) & set(transmission.PAPERS["request"])


def test_a_projection_gives_what_the_line_gives_and_raises_else():
    case = Case(cargo="Rations", neutrality="Risk", reference="CAF-1")
    seen = Projection(case, Side.FORCE, Stage.TRANSMITTED, consent=True)
    assert seen.cargo == "Rations"
    for name in ("neutrality", "reference", "status", "get_status_display", "created_by_id"):
        with pytest.raises(NotReleased):
            getattr(seen, name)


# ── may see ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_may_see_is_the_row_times_the_line(people):
    case = case_at("transmitted", people, un_on_board=True)
    assert may_see(people.requester_bria, case) and may_see(people.requester_bria, case, "neutrality")
    assert not may_see(people.requester_bria, case, "search_text")
    for stranger in (people.requester_birao, people.ocha_bko, people.hc_ml, people.admin, people.donor, people.nobody):
        assert not may_see(stranger, case) and not may_see(stranger, case, "urgency")
    for force in (people.force_u3, people.force_sector, people.force_ml):
        assert not may_see(force, case) and not may_see(force, case, "urgency")
    paper = case.extracts.get()
    assert may_see(people.force_u3, paper, "content") and not may_see(people.force_u3, paper, "sent_by")
    assert not may_see(people.force_ml, paper, "content")
    assert may_see(people.requester_bria, paper)


@pytest.mark.django_db
def test_may_see_asks_for_the_stage_and_the_audience(people):
    draft = draft_case(people.requester_bria)
    assert may_see(people.colleague_bria, draft) and not may_see(people.ocha_bria, draft)
    case = case_at("clearing", people)
    assert may_see(people.ocha_bria, case) and not may_see(people.hc, case)
    make_move(case, "comment", by=people.ocha_bgi, audience="ocha", text="Between us")
    words = Comment.objects.get()
    assert may_see(people.ocha_bria, words, "text") and not may_see(people.requester_bria, words, "text")
    opinion = Opinion.objects.first()
    assert may_see(people.log_cluster, opinion, "text") and not may_see(people.force_u3, opinion, "text")


@pytest.mark.django_db
def test_a_recommendation_is_for_those_who_decide(people):
    case = case_at("deciding", people)
    draft = case.drafts.first()
    assert may_see(people.hc, draft, "note") and may_see(people.ocha_bria, draft, "note")
    assert not may_see(people.requester_bria, draft, "note") and not may_see(people.log_cluster, draft, "note")
    assert not Decision.objects.exists()


@pytest.mark.django_db
def test_nobody_without_a_side_or_switched_off_sees_anything(people):
    case = case_at("submitted", people)
    people.requester_bria.is_active = False
    assert not may_see(people.requester_bria, case)


@pytest.mark.django_db
def test_may_see_asks_for_the_consent_of_the_organisation(people):
    case = case_at("transmitted", people)
    paper = case.extracts.get()
    assert may_see(people.force_u3, paper, "content") and may_see(people.force_u3, paper, "sent_at")
    make_move(case, "withdraw_force", by=people.requester_bria)
    assert not may_see(people.force_u3, paper, "content")
    assert may_see(people.force_u3, paper, "sent_at")  # that it was sent, it knows
    assert may_see(people.ocha_bria, paper, "content")


@pytest.mark.django_db
def test_may_see_asks_how_far_the_record_has_come(people, monkeypatch):
    case = case_at("scheduled", people)
    first, schedule = case.extracts.order_by("number")[:2]
    monkeypatch.setitem(audience.LINES["requests_app.Extract"], "content", barrier.told("C", stage=Stage.SCHEDULED))
    assert may_see(people.force_u3, schedule, "content") and not may_see(people.force_u3, first, "content")
    assert may_see(people.ocha_bria, first, "content")  # stages are for forces


@pytest.mark.django_db
def test_a_reason_for_the_decider_is_not_for_everybody_who_sees_the_step(people):
    case = case_at("deciding", people)
    make_move(case, "take_back", by=people.ocha_bgi, reason="The axis has changed.")
    step = case.moves.get(code="take_back")
    assert may_see(people.requester_bria, step, "at") and not may_see(people.requester_bria, step, "reason")
    assert may_see(people.hc, step, "reason") and may_see(people.ocha_bria, step, "reason")


@pytest.mark.django_db
def test_no_fact_is_taken_from_a_request_that_is_not_shared_with_the_force(people):
    case = case_at("approved", people, un_on_board=True)
    assert sources.fact(case, "origin") == case.origin and sources.fact(case.decision, "axis") == case.decision.axis
    case.consent_force = case.decision.case.consent_force = False
    for row, name in ((case, "origin"), (case.decision, "axis")):
        with pytest.raises(NotReleased, match="consent of the organisation"):
            sources.fact(row, name)
    with pytest.raises(ValueError, match="no fact of"):
        sources.fact(case, "axis")
    with pytest.raises(NotReleased, match="consent of the organisation"):
        sources.check_released("schedule", [], consent=False)
    sources.check_released("stand_down", [], consent=False)
