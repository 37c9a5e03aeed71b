"""What OCHA lets a force read: each text beside its original, in the force's language, confirmed one by one."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cmcoord.activity.releases import Release, digest
from contacts.models import Force
from requests_app import released
from requests_app.models import ReleasedText
from requests_app.services import Refused, make_move
from tests.factories import RELEASED, case_at, fresh, limits_of

pytestmark = pytest.mark.django_db

TEXTS = {"task": "Escort six trucks.", "cargo": "Food rations.", "exit_plan": "Ends with this convoy."}


def approved(people, **overrides):
    case = case_at("approved", people, **overrides)
    make_move(case, "decide_security", by=people.requester_bria, value="favourable")
    return fresh(case)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(case):
    return reverse("requests:move", args=[case.reference, "transmit"])


def form_of(people, case):
    return signed_in(people.ocha_bria).get(page_of(case)).context["form"]


def posted(people, case, **typed):
    form = form_of(people, case)
    data = {"client_key": form["client_key"].value(), "base_version": case.version, "contact": "OCHA Bria"}
    ticks = {f"{name}_released": "on" for name in TEXTS}
    data |= TEXTS | ticks | typed
    return signed_in(people.ocha_bria).post(page_of(case), {name: value for name, value in data.items() if value})


# ── who confirms ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("missing", ["task", "cargo", "exit_plan"])
def test_nothing_goes_that_was_not_confirmed(people, missing):
    case = approved(people)
    confirmed = [name for name in RELEASED["confirmed"] if name != missing]
    with pytest.raises(Refused, match="may read"):
        make_move(case, "transmit", by=people.ocha_bria, **RELEASED | {"confirmed": confirmed})
    assert not case.extracts.exists()


@pytest.mark.parametrize("missing", ["task", "cargo", "exit_plan"])
def test_the_form_asks_a_tick_for_each_text(people, missing):
    case = approved(people)
    answer = posted(people, case, **{f"{missing}_released": ""})
    assert answer.status_code == 422
    assert f"{missing}_released" in answer.context["form"].errors
    assert fresh(case).status == "approved"


def test_a_text_may_stay_here_but_not_a_condition_of_the_decision(people):
    case = approved(people)
    make_move(case, "transmit", by=people.ocha_bria, **RELEASED | {"exit_plan": ""})
    assert case.extracts.get().content["exit_plan"] == ""
    other = case_at("deciding", people)
    make_move(other, "approve", by=people.hc, **limits_of(other, condition_text="Only by day."))
    make_move(other, "decide_security", by=people.requester_bria, value="favourable")
    with pytest.raises(Refused, match="cannot be left out"):
        make_move(fresh(other), "transmit", by=people.ocha_bria, **RELEASED | {"condition_text": ""})


def test_the_original_is_kept_beside_the_text(people):
    case = approved(people)
    make_move(case, "transmit", by=people.ocha_bria, **RELEASED | {"cargo": "Relief goods."})
    paper = case.extracts.get()
    rows = {row.field: row for row in case.released_texts.all()}
    assert set(rows) == {"task", "cargo", "exit_plan"}
    assert (rows["cargo"].original, rows["cargo"].text) == (case.cargo, "Relief goods.")
    assert (rows["task"].original, rows["task"].confirmed_by) == (case.need, people.ocha_bria)
    assert paper.content["cargo"] == "Relief goods."
    assert case.need not in str(paper.content)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ReleasedText.objects.update(text="Something else.")


def test_papers_and_texts_stand_in_the_ledger(people):
    case = case_at("scheduled", people)
    make_move(case, "suspend", by=people.hc, reason="Fighting.")
    papers = list(case.extracts.values_list("force_reference", "number", "kind", "sha256"))
    rows = Release.objects.filter(subject_kind="case", subject_id=case.pk)
    assert (
        list(rows.filter(what="extract").order_by("id").values_list("reference", "number", "code", "sha256")) == papers
    )
    texts = {(row.extract.number, row.field, digest(row.text)) for row in case.released_texts.all()}
    assert set(rows.filter(what="text").values_list("number", "code", "sha256")) == texts
    assert {"task", "rendezvous", "leader"} <= {field for _number, field, _hash in texts}
    assert {row.by for row in rows.filter(code="request")} == {people.ocha_bria}


def test_only_ocha_names_the_leader_to_a_force(people):
    case = case_at("scheduled", people)
    with pytest.raises(Refused, match="ask OCHA"):
        make_move(case, "change", by=people.requester_bria, leader="Logistician of the team")
    make_move(case, "change", by=people.ocha_bria, leader="Logistician of the team")
    assert case.extracts.last().content["leader"] == "Logistician of the team"
    assert case.released_texts.last().confirmed_by == people.ocha_bria
    page = signed_in(people.requester_bria).get(reverse("requests:move", args=[case.reference, "change"]))
    assert "leader" not in page.context["form"].fields


# ── in whose language ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_text_is_proposed_in_the_language_of_the_force(people):
    Force.objects.filter(acronym="MINUSCA").update(language="fr")
    case = approved(people)
    form = form_of(people, case)
    assert people.ocha_bria.language == "en"
    assert form["task"].value().startswith("Escorter ")
    assert "in French" in str(form.fields["task"].label)
    make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    assert case.extracts.get().language == "fr"
    assert {row.language for row in case.released_texts.all()} == {"fr"}
    assert {row.original_language for row in case.released_texts.all()} == {case.language}


def test_a_reader_in_english_reads_the_papers_of_a_french_force_in_french(people):
    Force.objects.filter(acronym="MINUSCA").update(language="fr")
    case = case_at("transmitted", people)
    people.force_u3.language = "en"
    people.force_u3.save()
    page = signed_in(people.force_u3).get(reverse("requests:force_case", args=[case.force_reference])).content.decode()
    paper = page[page.index('id="paper-1"') :]
    assert 'lang="fr"' in paper
    assert "Organisation demandeuse" in paper
    assert "Requesting organisation" not in paper
    assert "Numbered papers" in page


def test_forces_read_french_but_for_the_headquarters_of_the_missions(reference):
    assert dict(Force.objects.values_list("acronym", "language")) == {
        "MINUSCA": "en", "UNPOL": "fr", "EUTM RCA": "fr", "FACA": "fr", "MINUSMA": "en", "FAMa": "fr",
        "AFISMA": "en", "Serval": "fr", "Barkhane": "fr", "FC-G5S": "fr", "EUTM Mali": "en",
    }  # fmt: skip


# ── what should make an officer look twice ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Call +236 72 00 00 00 on arrival.", "telephone"),
        ("Call 72.00.00.00 on arrival.", "telephone"),
        ("Meet at 5.76543, 20.67890.", "coordinate"),
        ("Meet at 34N BQ 1234 5678.", "coordinate"),
        ("Drivers: Jean Made-Up, Paul Invented.", "names"),
        ("Escort; the drivers Jean Made-Up, Paul Invented.", "names"),
        ("Ask Mme Invented.", "names"),
        ("Together with UNDSS as far as Ippy.", "organisation"),
        ("Food for 4,200 people displaced around Bria.", "hidden"),
    ],
)
def test_what_may_not_be_meant_for_a_force_is_pointed_at(people, text, code):
    case = case_at("approved", people)
    found = released.findings(case, {"task": text})
    assert f"released.{code}" in [row.rule for row in found]
    assert {row.level for row in found} == {"inform"}


def test_the_proposed_text_has_nothing_to_point_at(people):
    case = case_at("approved", people)
    assert not released.findings(case, {each.name: each.proposed for each in released.texts_of_request(case)})


def test_a_finding_is_shown_once_and_never_stops_for_good(people):
    case = approved(people)
    text = "Escort six trucks; call +236 72 00 00 00."
    first = posted(people, case, task=text)
    assert first.status_code == 422
    assert "It seems to hold a telephone number." in first.content.decode()
    warned = first.context["form"].data["warned"]
    assert posted(people, case, task=f"{text} And 5.76543, 20.67890.", warned=warned).status_code == 422
    assert fresh(case).status == "approved"
    posted(people, case, task=text, warned=warned)
    assert fresh(case).extracts.get().content["task"] == text


def test_an_original_in_another_language_is_pointed_at(people):
    """The force reads English, the request was written in French: ticking the original is not translating it."""
    case = approved(people, language="fr", cargo="Rations alimentaires.")
    first = posted(people, case, cargo="Rations  alimentaires.")
    assert first.status_code == 422
    assert [row["title"] for row in first.context["form"].finds if "still the original" in str(row)]
    assert posted(people, case, cargo="Food rations.").status_code == 302
    assert not released.findings(approved(people, language="en", cargo="Rice."), {"cargo": "Rice."})


def test_each_text_without_a_tick_is_named(people):
    case = approved(people)
    page = posted(people, case, task_released="", cargo_released="").content.decode()
    assert "Task: confirm that the force may read it" in page
    assert "Cargo: confirm that the force may read it" in page
    assert "Exit plan: confirm" not in page
