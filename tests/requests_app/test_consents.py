"""With whom may a request be shared, and what happens at once when a consent is taken back?"""

import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from cmcoord.activity.barrier import NotReleased
from cmcoord.activity.models import Event, Notification
from requests_app import consents, listing, transmission, workflow
from requests_app.models import Case, Extract, ForceFile
from requests_app.services import Refused, make_move, save_answers
from tests.factories import CALL, HOUR, RELEASED, STEPS, case_at, complete_draft, draft_case, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
BODIES = ("log_cluster", "undss", "ngosec")
SENTENCE = "Consent of individuals and organisations required"


def seen(people, *names):
    return {name for name in names if listing.page_for(getattr(people, name)).rows}


def taken_back(case, by, code="withdraw_force", **facts):
    make_move(case, code, by=by, **facts)
    return fresh(case)


def send(client, case, **data):
    facts = {"client_key": uuid.uuid4(), "base_version": fresh(case).version, **data}
    return client.post(f"/requests/{case.reference}/submit/", facts)


# ── asked at filing ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_default_is_ocha_and_the_humanitarian_partners(people):
    assert consents.given(draft_case(people.requester_bria)) == {
        "consent_partners": True, "consent_force": False, "consent_public": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", (SENTENCE, "cannot be transmitted")), ("fr", ("Accord des personnes", "ne peut lui être transmise"))],
)
def test_the_sending_page_asks_with_the_sentence_and_its_clause(client, people, language, words):
    case = complete_draft(people.requester_bria, consent_force=False)
    people.requester_bria.language = language
    people.requester_bria.save()
    client.force_login(people.requester_bria)
    page = client.get(f"/requests/{case.reference}/submit/").content.decode()
    for word in (*words, "CAR-CMC §7"):
        assert word in page
    assert 'value="consent_partners" id="id_shared_0" checked' in page.replace('class="form-check-input" ', "")
    assert page.count(" checked") == 1


def test_what_was_ticked_is_what_is_consented(client, people):
    case = complete_draft(people.requester_bria, consent_force=False)
    client.force_login(people.requester_bria)
    assert send(client, case, shared=["consent_force", "consent_public"]).status_code == 302
    assert consents.given(fresh(case)) == {
        "consent_partners": False, "consent_force": True, "consent_public": True,
    }  # fmt: skip
    assert Event.objects.get(kind="case.submit").data["consent"] == consents.given(fresh(case))
    assert not fresh(case).consultations.exists()
    assert seen(people, *BODIES) == set()


def test_another_word_in_the_form_is_refused(client, people):
    case = complete_draft(people.requester_bria)
    client.force_login(people.requester_bria)
    assert send(client, case, shared=["consent_everything"]).status_code == 422
    assert fresh(case).status == "draft"


def test_without_partners_undss_is_asked_by_ocha_only(people):
    case = complete_draft(people.requester_bria, un_on_board=True, consent_partners=False)
    make_move(case, "submit", by=people.requester_bria)
    assert [row.body for row in fresh(case).consultations.all()] == ["undss"]
    assert not Notification.objects.filter(recipient__in=[people.undss, people.log_cluster, people.ngosec]).exists()
    with pytest.raises(Refused, match="partners") as refused, transaction.atomic():
        make_move(case, "advise_security", by=people.undss, value="favourable")
    assert refused.value.kind == "need"
    said = {"person": people.undss, "source": "telephone", "received_at": timezone.now() - HOUR, "witness": "Operator"}
    with transaction.atomic():
        said["person"] = None
        make_move(case, "advise_security", by=people.ocha_bria, on_behalf=CALL | {"person": None}, value="favourable")
    assert fresh(case).opinions.filter(body="undss").exists()


# ── nothing goes to a force without it ───────────────────────────────────────────────────────────────────────────────


def test_without_the_force_it_is_not_transmitted(client, people):
    case = case_at("approved", people, un_on_board=True, consent_force=False)
    with pytest.raises(Refused, match="consent") as refused, transaction.atomic():
        make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    assert refused.value.kind == "need" and "CAR-CMC §7" in refused.value.sentence
    client.force_login(people.ocha_bria)
    assert "has not consented" in client.get(case.get_absolute_url()).content.decode()
    make_move(case, "consent", by=people.requester_bria, what=["consent_force"])
    make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    assert fresh(case).status == "transmitted"


@pytest.mark.parametrize("move", ["schedule", "change"])
def test_nothing_more_is_sent(people, move):
    case = case_at("accepted", people)
    Case.objects.filter(pk=case.pk).update(consent_force=False)
    case = fresh(case)
    facts = STEPS["schedule"][2](case, timezone.now()) if move == "schedule" else {"vehicles": 9}
    with pytest.raises(Refused, match="consent"), transaction.atomic():
        make_move(case, move, by=people.ocha_bria, **facts)
    with pytest.raises(NotReleased, match="consent"):
        transmission.freeze(
            case, Extract.Kind.SUPPLEMENT, {"vehicles": 9}, to=case.force.organisation_id,
            reference=case.force_reference, by=people.ocha_bria, at=timezone.now(),
        )  # fmt: skip


# ── given later ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_partners_are_asked_when_the_consent_comes_later(people):
    case = complete_draft(people.requester_bria, consent_partners=False)
    make_move(case, "submit", by=people.requester_bria)
    assert seen(people, *BODIES) == set()
    make_move(case, "consent", by=people.requester_bria, what=["consent_partners"])
    assert {row.body for row in fresh(case).consultations.all()} == {"cluster:LOG", "ngo_adviser"}
    assert seen(people, *BODIES) == {"log_cluster", "ngosec"}
    assert Notification.objects.filter(recipient=people.log_cluster, expects="advise").exists()


@pytest.mark.parametrize("what", [[], ["consent_partners"], ["consent_all"]])
def test_a_consent_that_is_given_already_is_not_given_twice(people, what):
    case = case_at("submitted", people)
    with pytest.raises(Refused, match="Choose"), transaction.atomic():
        make_move(case, "consent", by=people.requester_bria, what=what)
    Case.objects.filter(pk=case.pk).update(consent_public=True)
    with pytest.raises(Refused, match="already"), transaction.atomic():
        make_move(fresh(case), "consent", by=people.requester_bria, what=["consent_force"])


@pytest.mark.parametrize("move", ["consent", "withdraw_consent", "withdraw_force"])
@pytest.mark.parametrize("name", ["requester_birao", "ocha_bria", "ocha_bgi", "hc", "log_cluster", "force_u3", "admin"])
def test_only_the_organisation_gives_and_takes_back(people, move, name):
    case = case_at("transmitted", people)
    with pytest.raises(Refused) as refused, transaction.atomic():
        make_move(case, move, by=getattr(people, name), what=["consent_partners", "consent_public"])
    assert refused.value.kind == "right"


def test_ocha_records_it_from_a_call(client, people):
    case = case_at("transmitted", people)
    client.force_login(people.ocha_bria)
    data = {
        "client_key": uuid.uuid4(), "base_version": case.version, "said-source": "telephone",
        "said-witness": "Radio operator", "said-received_at": (timezone.now() - HOUR).strftime("%Y-%m-%dT%H:%M"),
        "said-person": people.requester_bria.pk, "said-person_function": "Logistician",
    }  # fmt: skip
    answer = client.post(f"/requests/{case.reference}/record/withdraw_force/", data)
    assert answer.status_code == 302, answer.content.decode()
    assert not fresh(case).consent_force
    event = Event.objects.get(kind="case.withdraw_force")
    assert event.by == people.ocha_bria and event.data["recorded_for"] == "Logistician"


# ── taken back: partners ─────────────────────────────────────────────────────────────────────────────────────────────


def test_partners_lose_sight_at_once(client, people):
    case = case_at("clearing", people, un_on_board=True)
    make_move(case, "share", by=people.ocha_bria, person=people.requester_un)
    names = (*BODIES, "requester_un")
    assert seen(people, *names) == set(names)
    taken_back(case, people.requester_bria, "withdraw_consent", what=["consent_partners"])
    assert seen(people, *names, "ocha_birao") == set()
    assert seen(people, "ocha_bria", "ocha_bgi", "hoo", "requester_bria") == {
        "ocha_bria", "ocha_bgi", "hoo", "requester_bria",
    }  # fmt: skip
    for name in names:
        person = getattr(people, name)
        assert not Case.objects.visible_to(person).exists()
        page = listing.page_for(person, query="Bambari")
        assert (page.rows, page.count) == ([], 0)
        client.force_login(person)
        assert client.get(case.get_absolute_url()).status_code == 404
    for move, facts in (("consult", {"cluster": "HEA"}), ("share", {"person": people.requester_birao})):
        with pytest.raises(Refused, match="partners"), transaction.atomic():
            make_move(fresh(case), move, by=people.ocha_bria, **facts)


def test_nobody_waits_any_more_for_who_lost_sight(people):
    case = case_at("reviewing", people)
    assert case.consultations.get(body="cluster:LOG").is_waiting
    case = taken_back(case, people.requester_bria, "withdraw_consent", what=["consent_partners"])
    assert not case.consultations.get(body="cluster:LOG").is_waiting
    with pytest.raises(Refused, match="partners"), transaction.atomic():
        make_move(case, "advise_cluster", by=people.log_cluster, value="endorsed")
    make_move(case, "consent", by=people.requester_bria, what=["consent_partners"])
    assert fresh(case).consultations.get(body="cluster:LOG").is_waiting
    assert seen(people, "log_cluster") == {"log_cluster"}


def test_later_steps_tell_no_partner(people):
    case = case_at("reviewing", people)
    taken_back(case, people.requester_bria, "withdraw_consent", what=["consent_partners"])
    make_move(fresh(case), "reject", by=people.ocha_bria, reason="Commercial goods.")
    assert not Notification.objects.filter(event__kind="case.reject", recipient__in=[people.log_cluster]).exists()


def test_a_consent_that_was_not_given_is_not_taken_back(people):
    case = case_at("submitted", people)
    for what in ([], ["consent_public"], ["consent_force"]):
        with pytest.raises(Refused, match="Choose"), transaction.atomic():
            make_move(case, "withdraw_consent", by=people.requester_bria, what=what)
    case = taken_back(case, people.requester_bria, "withdraw_consent", what=["consent_partners"])
    with pytest.raises(Refused, match="no consent"), transaction.atomic():
        make_move(case, "withdraw_consent", by=people.requester_bria, what=["consent_partners"])


# ── taken back: the force ────────────────────────────────────────────────────────────────────────────────────────────


def force_words(client, people, case) -> str:
    people.force_u3.language = "en"
    people.force_u3.save()
    client.force_login(people.force_u3)
    return client.get(f"/force/{case.force_reference}/").content.decode()


@pytest.mark.parametrize("status", ["transmitted", "acknowledged", "accepted", "countered", "scheduled"])
def test_the_papers_of_the_force_close_at_once(client, people, status):
    case = case_at(status, people)
    assert "Bambari" in force_words(client, people, case)
    case = taken_back(case, people.requester_bria, reason="The driver fears reprisals.")
    assert case.status == "approved" and transmission.held(case) is None
    last = case.extracts.order_by("number").last()
    assert last.kind == Extract.Kind.STAND_DOWN
    page = force_words(client, people, case)
    for word in ("Bambari", "Bria", "reprisals", "consent", "Escort six", "Food rations"):
        assert word not in page, word
    assert "This request has ended." in page
    listed = client.get("/force/").content.decode()
    assert case.force_reference in listed and "Bambari" not in listed
    for number in range(1, last.number + 1):
        assert client.get(f"/force/{case.force_reference}/papers/{number}/").status_code == 404
    for act in ("accept", "decline", "log"):
        answer = client.get(f"/force/{case.force_reference}/{act}/")
        assert answer.status_code == 409 and "Bambari" not in answer.content.decode()


def test_the_force_acknowledges_the_end_and_is_told_without_a_reason(client, people):
    case = case_at("scheduled", people)
    case = taken_back(case, people.requester_bria, reason="The driver fears reprisals.")
    told = Notification.objects.filter(event__kind="case.withdraw_force", channel="portal")
    assert {row.recipient for row in told} >= {people.force_u3, people.ocha_bria, people.ocha_bgi}
    assert told.get(recipient=people.ocha_bria).expects == "act"
    client.force_login(people.force_u3)
    assert "reprisals" not in client.get("/notifications/").content.decode()
    seen_number = case.extracts.order_by("number").last().number
    facts = {"client_key": uuid.uuid4(), "seen": seen_number}
    assert client.post(f"/force/{case.force_reference}/acknowledge/", facts).status_code == 302
    assert case.extracts.order_by("number").last().acknowledgement.by == people.force_u3


def test_whoever_saved_a_paper_is_asked_to_destroy_it(client, people):
    case = case_at("transmitted", people)
    client.force_login(people.force_u3)
    assert client.get(f"/force/{case.force_reference}/papers/1/").status_code == 200
    taken_back(case, people.requester_bria)
    event = Event.objects.get(kind="case.recall_papers")
    assert {row.recipient for row in Notification.objects.filter(event=event)} == {people.force_u3}
    people.force_u3.language = "en"
    people.force_u3.save()
    assert "destroy what you saved" in client.get("/notifications/").content.decode()


def test_nobody_is_asked_to_destroy_what_nobody_saved(people):
    taken_back(case_at("transmitted", people), people.requester_bria)
    assert not Event.objects.filter(kind="case.recall_papers").exists()


def test_before_the_transmission_nothing_goes_to_the_force(people):
    case = taken_back(case_at("approved", people), people.requester_bria)
    assert case.status == "approved" and not case.extracts.exists()
    assert not Notification.objects.filter(recipient__in=[people.force_u3, people.force_sector]).exists()
    with pytest.raises(Refused, match="not consented"), transaction.atomic():
        make_move(case, "withdraw_force", by=people.requester_bria)


def test_a_suspended_request_goes_back_to_ocha_when_it_is_resumed(people):
    case = case_at("scheduled", people)
    make_move(case, "suspend", by=people.hc, reason="Fighting on the axis.")
    case = taken_back(fresh(case), people.requester_bria)
    assert case.status == "suspended"
    make_move(case, "resume", by=people.hc)
    assert fresh(case).status == "approved"


@pytest.mark.parametrize("status", ["underway", "closed"])
def test_on_the_road_and_afterwards_the_papers_close_too(client, people, status):
    case = case_at(status, people)
    before = case.extracts.count()
    case = taken_back(case, people.requester_bria)
    assert case.status == status
    assert case.extracts.count() == before + (1 if status == "underway" else 0)  # nothing is left to stand down from
    assert "Bambari" not in force_words(client, people, case)
    answer = client.get(f"/force/{case.force_reference}/correct/")
    assert answer.status_code == 409 and "Bambari" not in answer.content.decode()


def test_with_the_consent_given_again_it_is_transmitted_again(client, people):
    case = taken_back(case_at("transmitted", people, un_on_board=True), people.requester_bria)
    make_move(case, "consent", by=people.requester_bria, what=["consent_force"])
    assert ForceFile.objects.get().closed
    make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    assert not ForceFile.objects.get().closed
    assert "Bambari" in force_words(client, people, fresh(case))


def test_the_page_offers_what_can_be_given_and_taken_back(client, people):
    case = case_at("transmitted", people)
    client.force_login(people.requester_bria)
    page = client.get(case.get_absolute_url()).content.decode()
    for move in ("consent", "withdraw_consent", "withdraw_force"):
        assert f"/requests/{case.reference}/{move}/" in page
        assert client.get(f"/requests/{case.reference}/{move}/").status_code == 200
    assert "humanitarian partners and the named force" in page
    client.force_login(people.ocha_bria)
    page = client.get(case.get_absolute_url()).content.decode()
    assert f"/requests/{case.reference}/withdraw_force/" not in page
    assert f"/requests/{case.reference}/record/withdraw_force/" in page


def test_a_consent_is_no_answer_that_changes_the_case_materially(people):
    case = draft_case(people.requester_bria)
    case = save_answers(case, by=people.requester_bria, base_version=case.version, answers={"consent_force": True})
    assert fresh(case).consent_force
    assert workflow.refusal(case, "edit", people.requester_bria) is None
