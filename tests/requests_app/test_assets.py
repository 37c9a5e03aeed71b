"""Do requests for military assets go the same way as escorts, with their own questions, limits and papers?"""

import html
from html.parser import HTMLParser

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from cmcoord.places.models import AdminArea
from requests_app import execution_sheet, guidelines, papers, services
from requests_app.models import Case, ForceFile, RequestType
from requests_app.questions import SHEET, STEPS, questions
from requests_app.released import suggested_task
from requests_app.services import Refused, make_move
from tests import factories
from tests.factories import TICKED, case_at, complete_draft, fresh, limits_of, write_review
from tests.requests_app.test_filing import sent_by

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
ASSETS = ("MCDA-LOG", "MCDA-INF")
MOST_INPUTS = 20

# A rescue asks six questions of its own: test_rescue.py.
ASKED = ("AE", *ASSETS)


def url_of(case, step):
    return f"/requests/{case.reference}/edit/{step}/"


class Inputs(HTMLParser):
    """The inputs that a person meets on a page: one for each name, without the rows of alternatives and the files."""

    def __init__(self):
        super().__init__()
        self.names, self.hidden, self.depth = {}, [], 0

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "template":
            self.depth += 1
        if tag not in ("input", "select", "textarea") or found.get("type") == "hidden" or self.depth:
            return
        name = found.get("name", "")
        if name and not name.startswith("alternatives-") and found.get("type") != "file":
            self.names.setdefault(name, []).append(found)

    def handle_endtag(self, tag):
        self.depth -= tag == "template"


def inputs_of(client, case) -> dict[str, int]:
    """Every input of the three steps, with how often it stands there."""
    found: dict[str, int] = {}
    for step in STEPS:
        page = client.get(url_of(case, step)).content.decode()
        form = page[page.index("<form", page.index('id="content"') if 'id="content"' in page else 0) :]
        reader = Inputs()
        reader.feed(form[form.index("base_version") : form.rindex("</form>")])
        found |= {name: len(rows) for name, rows in reader.names.items()}
    return found


@pytest.mark.parametrize("kind", ASKED)
def test_the_ask_has_at_most_twenty_inputs_and_three_short_texts(client, requester_bria, kind):
    client.force_login(requester_bria)
    case = factories.draft_case(requester_bria, request_type=kind)
    boxes = {*TICKED["AE"], *TICKED["MCDA-LOG"]} - {"risks"}
    asked = set(inputs_of(client, case))
    always = asked - boxes
    assert len(always) <= MOST_INPUTS, sorted(always)
    texts = {"need", "capability_needed", "why_safer", "exit_plan"}
    assert len(always & texts) == 3
    assert asked & boxes == {name for name in TICKED[kind] if name != "risks"}


@pytest.mark.parametrize("kind", ASSETS)
@pytest.mark.parametrize(
    "status", ["submitted", "returned", "deciding", "approved", "transmitted", "scheduled", "closed"]
)
def test_an_asset_goes_the_whole_way(people, kind, status):
    case = case_at(status, people, request_type=kind)
    assert case.status == status
    assert case.reference.startswith(f"CAF-{kind}-2026-")


def test_titles_say_what_and_where(people):
    truck = factories.complete_draft(people.requester_bria, request_type="MCDA-LOG")
    bridge = factories.complete_draft(people.requester_bria, request_type="MCDA-INF")
    escort = factories.complete_draft(people.requester_bria)
    assert truck.title == "Truck, Bambari to Bria"
    assert bridge.title == "Bridge, ferry, Ouaka"
    assert escort.title == "Armed escort, Bambari to Bria"
    assert (
        factories.draft_case(people.requester_bria, request_type="MCDA-INF").title == RequestType.INFRASTRUCTURE.label
    )


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize(
    "blank",
    [
        {"need": ""},
        {"risks": []},
        {"no_weapons": False},
        {"exit_plan": ""},
        {"axis": None, "area": None},
    ],
    ids=lambda blank: next(iter(blank)),
)
def test_the_database_itself_refuses_an_incomplete_request(people, kind, blank):
    case = case_at("submitted", people, request_type=kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**blank)


@pytest.mark.parametrize("name", ["asset_category", "capability_needed"])
def test_the_database_wants_of_an_asset_what_it_is_for(people, name):
    escort = case_at("submitted", people)
    Case.objects.filter(pk=escort.pk).update(**{name: ""})
    case = case_at("submitted", people, request_type="MCDA-LOG")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**{name: ""})


def test_a_request_for_works_is_approved_for_an_area_without_an_axis(people):
    case = case_at("transmitted", people, request_type="MCDA-INF")
    assert case.decision.axis is None
    assert case.decision.area.name == "Ouaka"
    paper = case.extracts.get()
    assert paper.content["area"] == "Ouaka"
    assert {"origin", "destination", "axis", "vehicles", "passenger_count"}.isdisjoint(paper.content)
    assert paper.content["asset_category"] == "bridge"


def test_an_escort_is_never_approved_for_a_whole_area(people):
    case = case_at("deciding", people)
    area = AdminArea.objects.get(country="CAF", name="Ouaka", valid_to=None)
    with pytest.raises(services.Refused):
        make_move(case, "approve", by=people.hc, **limits_of(case, axis=None, area=area))


def test_a_force_gets_asset_quantity_effect_and_places_and_no_need(people):
    case = case_at(
        "transmitted", people, request_type="MCDA-LOG", asset_category="boat", passenger_count=9, **TICKED["MCDA-LOG"]
    )
    content = case.extracts.get().content
    of_escorts = {"escort_mode", "provider_kind"}  # the assessment of these tests writes everything
    assert set(content) - of_escorts == {
        "acknowledge_by", "reply_by", "task", "support_level", "asset_category", "asset_quantity", "capability_needed",
        "passenger_count", "departure_at", "window_to", "origin", "origin_position", "destination",
        "destination_position", "axis",
        "rotations", "cargo", "no_weapons", "conditions", "condition_text", "valid_from", "valid_to", "decided_as",
        "critical_by", "urgency", "request_type", "requesting_organisation", "exit_plan", "contact",
    }  # fmt: skip
    hidden = [case.need, case.mitigation, *(text for name, text in TICKED["MCDA-LOG"].items() if name != "risks")]
    assert not [text for text in hidden if text in str(content)]


def test_the_list_of_the_force_names_the_asset(people):
    case_at("transmitted", people, request_type="MCDA-LOG")
    case_at("transmitted", people, request_type="MCDA-INF")
    assert {file.title for file in ForceFile.objects.all()} == {"Truck, Bambari to Bria", "Bridge, ferry, Ouaka"}


def test_the_text_proposed_for_the_force_rests_on_no_words_of_the_requester(people):
    case = case_at("approved", people, request_type="MCDA-LOG")
    text = suggested_task(case)
    assert "2" in text
    assert case.need not in text and case.capability_needed not in text


def test_cargo_that_is_no_longer_asked_does_not_go_to_the_force(people):
    case = case_at(
        "transmitted", people, request_type="MCDA-LOG", asset_category="storage", cargo="Typed before the change."
    )
    assert "Typed before" not in str(case.extracts.get().content)
    known = papers.Known([case.extracts.get()])
    assert known.value("cargo") is None


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ASSETS)
def test_every_page_of_an_asset_opens(client, people, kind):
    case = case_at("scheduled", people, request_type=kind, **TICKED[kind])
    with translation.override("fr"):
        french = case.title
    title = case.title
    draft = factories.complete_draft(people.requester_bria, request_type=kind, **TICKED[kind])
    client.force_login(people.requester_bria)
    for url in (
        *(url_of(draft, step) for step in STEPS),
        f"/requests/{draft.reference}/submit/",
        case.get_absolute_url(),
    ):
        assert client.get(url).status_code == 200, url
    client.force_login(people.force_u3)
    assert french in html.unescape(client.get(f"/force/{case.force_reference}/").content.decode())
    client.force_login(people.hc)
    assert title in client.get(case.get_absolute_url()).content.decode()


def test_the_decider_reads_what_was_ticked_with_its_clause(client, people):
    case = case_at("deciding", people, request_type="MCDA-LOG", **TICKED["MCDA-LOG"])
    said = guidelines.findings(case)
    client.force_login(people.hc)
    page = client.get(case.get_absolute_url()).content.decode()
    found = {row.rule: row for row in said}
    for risk in ("imposed", "comparable", "joint"):
        assert found[risk].sentence in page and found[risk].clause in page


def test_the_start_asks_what_is_asked_for(client, people):
    client.force_login(people.requester_bria)
    data = {"station": people.requester_bria.appointments.get().station_id,
            "organisation": people.requester_bria.organisation_id}  # fmt: skip
    for wrong in ({}, {"request_type": "HNS-M"}, {"request_type": "MCDA-LOG'"}):
        assert client.post("/requests/new/", data | wrong).status_code == 422
    client.post("/requests/new/", data | {"request_type": "MCDA-INF"})
    assert Case.objects.get().request_type == "MCDA-INF"


def test_works_are_not_on_the_list_of_transport_and_the_other_way_round(client, people):
    client.force_login(people.requester_bria)
    log = client.get(url_of(factories.draft_case(people.requester_bria, request_type="MCDA-LOG"), 2)).content.decode()
    inf = client.get(url_of(factories.draft_case(people.requester_bria, request_type="MCDA-INF"), 2)).content.decode()
    assert 'value="truck"' in log and 'value="bridge"' not in log
    assert 'value="bridge"' in inf and 'value="truck"' not in inf


def test_the_area_is_an_axis_or_an_area_and_never_both(client, people):
    client.force_login(people.requester_bria)
    case = factories.complete_draft(people.requester_bria, request_type="MCDA-LOG")
    area = AdminArea.objects.get(country="CAF", name="Ouaka", valid_to=None)
    client.post(url_of(case, 2), sent_by(case, 2, people.requester_bria, where=f"area-{area.pk}"))
    assert (fresh(case).axis, fresh(case).area) == (None, area)
    for wrong in ("area-999999", "axis-x", "area-", "region-1", "\x00"):
        answer = client.post(url_of(case, 2), sent_by(case, 2, people.requester_bria, where=wrong))
        assert answer.status_code == 422, wrong
    assert fresh(case).area == area


def test_nothing_and_something_cannot_both_be_true(client, people):
    client.force_login(people.requester_bria)
    case = factories.complete_draft(people.requester_bria)
    answer = client.post(url_of(case, 3), sent_by(case, 3, people.requester_bria, risks=["none", "harm"]))
    assert answer.status_code == 422
    assert fresh(case).risks == ["none"]
    client.post(url_of(case, 3), sent_by(case, 3, people.requester_bria, risks=["harm"]))
    assert fresh(case).risks == ["harm"]
    assert [row.field for row in guidelines.missing_answers(fresh(case))] == ["risk_harm", "mitigation"]


def test_an_honest_answer_that_it_was_imposed_stops_nothing(people):
    case = case_at("submitted", people, risks=["imposed"], risk_imposed="A commander at the barrier.")
    assert case.status == "submitted"
    assert [row.level for row in guidelines.findings(case) if row.rule == "imposed"] == ["justify"]


# ── a civilian way ───────────────────────────────────────────────────────────────────────────────────────────────────

OPEN_WAY = {"option": "air", "asked_to": "UNHAS", "tried_on": None, "outcome": "available", "note": ""}


def with_a_civilian_way(people, **overrides):
    rows = factories.alternatives()
    return factories.complete_draft(
        people.requester_bria, alternatives=[*rows, OPEN_WAY | {"tried_on": rows[0]["tried_on"]}], **overrides
    )


def test_an_available_alternative_is_offered_instead(client, people):
    case = with_a_civilian_way(people)
    client.force_login(people.requester_bria)
    way = f"/requests/{case.reference}/civilian/"
    assert way in client.get(url_of(case, 3)).content.decode()
    assert way in client.get(f"/requests/{case.reference}/submit/").content.decode()
    assert client.get(way).status_code == 200
    make_move(case, "civilian", by=people.requester_bria, reason="The flight of Thursday takes it.")
    assert fresh(case).status == "civilian"


def test_without_one_a_requester_cannot_close_it_so(people):
    case = factories.complete_draft(people.requester_bria)
    with pytest.raises(services.Refused):
        make_move(case, "civilian", by=people.requester_bria, reason="It is met.")
    assert fresh(case).status == "draft"


def test_an_unfinished_draft_ends_well_too(people):
    rows = [OPEN_WAY | {"tried_on": factories.alternatives()[0]["tried_on"]}]
    case = factories.draft_case(people.requester_bria, alternatives=rows)
    make_move(case, "civilian", by=people.requester_bria, reason="The flight of Thursday takes it.")
    assert fresh(case).status == "civilian"


@pytest.mark.parametrize("who", ["requester_birao", "log_cluster", "hc", "force_u3", "outsider"])
def test_nobody_else_closes_a_draft_so(people, who):
    case = with_a_civilian_way(people)
    with pytest.raises(services.Refused):
        make_move(case, "civilian", by=getattr(people, who), reason="It is met.")


# ── a copy ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_brings_the_answers_and_leaves_what_is_of_its_day(people):
    case = case_at(
        "closed", people, request_type="MCDA-LOG", passenger_count=4, asset_category="boat", **TICKED["MCDA-LOG"]
    )
    copied = services.copy_case(case, by=people.requester_bria)
    for name in (
        "asset_category",
        "asset_quantity",
        "capability_needed",
        "passenger_count",
        "cargo",
        "exit_plan",
        "risk_joint",
    ):
        assert getattr(copied, name) == getattr(case, name), name
    assert copied.request_type == "MCDA-LOG"
    assert (copied.risks, copied.no_weapons, copied.departure_at, copied.critical_by) == ([], False, None, None)
    assert not copied.alternatives.exists()


# ── the execution sheet ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "category", "asked", "left_out"),
    [
        ("MCDA-LOG", "truck", {"focal_point", "cargo_lines", "consignee"}, {"convoy_vehicles", "names_needed"}),
        ("MCDA-LOG", "4x4", {"focal_point", "names_needed", "passengers"}, {"cargo_lines", "convoy_leader"}),
        ("MCDA-LOG", "storage", {"focal_point", "cost_arrangement"}, {"cargo_lines", "names_needed"}),
        ("MCDA-INF", "bridge", {"focal_point", "authority_notified"}, {"cargo_lines", "convoy_vehicles"}),
    ],
)
def test_the_sheet_of_an_asset_asks_what_it_needs_and_nothing_of_a_convoy(
    client, people, kind, category, asked, left_out
):
    case = case_at("submitted", people, request_type=kind, asset_category=category, passenger_count=0)
    fields = {question.field for question in questions(case, SHEET)}
    assert asked <= fields
    assert not left_out & fields
    client.force_login(people.requester_bria)
    parts = list(execution_sheet.parts_of(case))
    assert 2 not in parts
    for part in parts:
        assert client.get(f"/requests/{case.reference}/sheet/{part}/").status_code == 200
    assert client.get(f"/requests/{case.reference}/sheet/").status_code == 200


@pytest.mark.parametrize("kind", ASKED)
def test_a_provider_that_is_not_known_yet_is_named_by_ocha(people, client, kind):
    case = complete_draft(people.requester_bria, request_type=kind, force=None)
    assert guidelines.missing_answers(case) == []
    client.force_login(people.requester_bria)
    page = client.get(reverse("requests:edit", args=[case.reference, 2])).content.decode()
    assert ">not known yet</option>" in page and "else OCHA names it" in page
    make_move(case, "submit", by=people.requester_bria)
    assert "not known yet: OCHA names it in the review" in client.get(case.get_absolute_url()).content.decode()
    case = fresh(case)
    make_move(case, "review", by=people.ocha_bria)
    write_review(case, by=people.ocha_bria)
    make_move(fresh(case), "validate", by=people.ocha_bria)
    limits = limits_of(case_at("submitted", people, request_type=kind))
    with pytest.raises(Refused, match="Name the provider"):
        make_move(fresh(case), "draft_decision", by=people.ocha_bgi, recommendation="approved", note="Yes.",
                  **limits | {"force": None})  # fmt: skip
    make_move(fresh(case), "draft_decision", by=people.ocha_bgi, recommendation="approved", note="Yes.", **limits)
