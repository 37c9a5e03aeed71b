"""Is a confidential text gone for good, and the trail whole all the same?"""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from cmcoord.accounts import console
from cmcoord.activity import checks, seals
from cmcoord.activity.models import ErasableValue, Erasure, Event, Salt
from cmcoord.activity.triggers import ERASED
from requests_app.models import Decision, Extract, Move
from requests_app.services import Refused, erase_text, make_move
from requests_app.services.erasing import texts_of
from tests.activity.test_seals import by_hand
from tests.factories import case_at
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

SECRET = "A driver of the convoy was threatened at kilometre 12."


@pytest.fixture
def denied(people):
    case = case_at("deciding", people)
    make_move(case, "deny", by=people.hc, reason_code="area", reason=SECRET)
    return case


def erase(case, by, *, second=None, reason="The source asked for it.", row=None):
    row = row or Decision.objects.get(case=case).pk
    return erase_text(
        case=case, table="requests_app_decision", row=row, field="reason", by=by, second=second, reason=reason
    )


def whole(stream="CAF"):
    seals.seal_waiting()
    return list(checks.all_defects(stream)) == []


def everything(case):
    """Every byte that the database holds of this case's texts."""
    kept = ErasableValue.objects.filter(event__subject_id=case.pk).values_list("value", flat=True)
    return " ".join([*map(str, kept), *(str(text.value) for text in texts_of(case))])


def test_the_national_unit_erases_a_text_wherever_it_stands(denied, people):
    assert SECRET in everything(denied)
    places = erase(denied, people.ocha_bgi)
    assert {(place.table, place.field) for place in places} == {
        ("requests_app_decision", "reason"),
        ("requests_app_move", "reason"),
    }
    assert SECRET not in everything(denied)
    assert Decision.objects.get(case=denied).reason == Move.objects.get(case=denied, code="deny").reason == ERASED
    event = Event.objects.get(kind="case.erase")
    assert event.by == people.ocha_bgi and len(event.data["texts"]) == 2 and SECRET not in str(event.data)
    assert whole()


def test_two_administrators_erase_together(denied, people):
    erase(denied, people.admin, second=people.admin2)
    texts = Erasure.objects.filter(by=people.admin, second=people.admin2)
    assert texts.exclude(of_table="activity_event").count() == 2 and texts.filter(of_table="activity_event").exists()
    assert whole()


@pytest.mark.parametrize(
    ("by", "second", "words"),
    [
        ("ocha_bria", None, "Only the national unit"),
        ("ocha_bko", None, "Only the national unit"),
        ("hc", None, "Only the national unit"),
        ("admin", None, "Only the national unit"),
        ("admin", "admin", "somebody else"),
        ("admin", "ocha_bgi", "not a portal administrator"),
        ("hc", "admin", "not a portal administrator"),
    ],
)
def test_nobody_else_does(denied, people, by, second, words):
    with pytest.raises(Refused, match=words):
        erase(denied, getattr(people, by), second=getattr(people, second) if second else None)
    assert SECRET in everything(denied) and not Erasure.objects.exists()


def test_not_without_a_reason_not_twice_and_not_in_another_case(denied, people):
    with pytest.raises(Refused, match="Say why"):
        erase(denied, people.ocha_bgi, reason=" ")
    other = case_at("deciding", people)
    with pytest.raises(Refused, match="not there"):
        erase(other, people.ocha_bgi, row=Decision.objects.get(case=denied).pk)
    erase(denied, people.ocha_bgi)
    with pytest.raises(Refused, match="not there"):
        erase(denied, people.ocha_bgi)


def test_the_database_refuses_to_blot_out_without_an_erasure(denied):
    for change in ({"reason": ERASED}, {"reason": ""}, {"reason_code": "other"}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Decision.objects.filter(case=denied).update(**change)


def test_an_erasure_opens_its_own_field_and_for_the_blot_only(denied, people):
    erase(denied, people.ocha_bgi)
    for change in ({"reason": "Another reason."}, {"reason": ERASED}, {"condition_text": ERASED}, {"capacity": "x"}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Decision.objects.filter(case=denied).update(**change)


def test_a_text_blotted_out_by_hand_is_named(denied):
    seals.seal_waiting()
    row = Decision.objects.get(case=denied).pk
    by_hand("UPDATE requests_app_decision SET reason = %s WHERE id = %s", [ERASED, row])
    assert [one.what for one in checks.all_defects("CAF")] == ["text"]
    Salt.objects.filter(of_table="requests_app_decision", row_id=row).delete()
    assert "blotted" in [one.what for one in checks.all_defects("CAF")]


def test_a_paper_of_the_force_can_be_erased_and_its_page_still_opens(people, client):
    case = case_at("transmitted", people)
    paper = Extract.objects.get(case=case)
    erase_text(
        case=case,
        table="requests_app_extract",
        row=paper.pk,
        field="content",
        by=people.ocha_bgi,
        reason="Route known.",
    )
    paper.refresh_from_db()
    assert paper.content == {"erased": True} and whole()
    client.force_login(people.force_u3)
    assert client.get(f"/force/{case.force_reference}/").status_code == 200
    client.force_login(people.ocha_bgi)
    assert client.get(case.get_absolute_url()).status_code == 200


def test_the_command_lists_places_not_texts_and_erases(denied, capsys, monkeypatch):
    monkeypatch.setattr(console, "getpass", lambda _prompt: PASSWORD)
    row = Decision.objects.get(case=denied).pk
    call_command("erase_text", denied.reference)
    said = capsys.readouterr().out
    assert f"requests_app_decision {row} reason (54 characters)" in said and "driver" not in said
    place = (denied.reference, "requests_app_decision", row, "reason")
    with pytest.raises(CommandError, match="Only the national unit"):
        call_command("erase_text", *place, by="admin", reason="Asked for.")
    with monkeypatch.context() as wrong:
        wrong.setattr(console, "getpass", lambda prompt: PASSWORD if "admin:" in prompt else "guess")
        with pytest.raises(CommandError, match="not the password of admin2"):
            call_command("erase_text", *place, by="admin", second="admin2", reason="Asked for.")
    assert SECRET in everything(denied)
    call_command("erase_text", *place, by="admin", second="admin2", reason="Asked for.")
    assert Event.objects.get(kind="case.erase").data["proofs"] == {"admin": "password", "admin2": "password"}
    assert SECRET not in everything(denied)
