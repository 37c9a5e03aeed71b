"""Does the library say honestly what each guideline is, find its clauses, and know who has read it?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from cmcoord.activity.models import Event
from cmcoord.guidance.clauses import find, of_document
from cmcoord.guidance.documents import BY_CODE, CAR, DOCUMENTS, IASC, MALI, MALI_CODE, MALI_PROTECTION, MISSING, TITLES
from cmcoord.guidance.models import ReadReceipt
from cmcoord.guidance.services import confirm_reading

pytestmark = pytest.mark.django_db


def keys_of(words: str) -> list[str]:
    return [clause.key for _document, clauses in find(words) for clause in clauses]


def test_the_guidelines_of_the_republic_have_three_signatories_and_ask_for_review():
    assert len(CAR.signatories) == 3
    assert not CAR.asks_for_review(dt.date(2020, 10, 2))
    assert CAR.asks_for_review(dt.date(2020, 10, 3))


def test_what_is_over_or_holds_everywhere_asks_for_no_review():
    assert MALI_PROTECTION.is_over(dt.date(2023, 1, 1)) and not MALI_PROTECTION.is_over(dt.date(2022, 12, 31))
    assert not MALI_PROTECTION.asks_for_review(dt.date(2026, 1, 1))
    assert not IASC.asks_for_review(dt.date(2026, 1, 1))


def test_a_document_that_nobody_could_read_has_no_clause():
    for document in DOCUMENTS:
        if document.text == MISSING:
            assert of_document(document) == [] and document.sections == []


def test_of_international_guidelines_no_paragraph_is_numbered():
    for document in DOCUMENTS:
        if document.text == TITLES:
            assert not [clause for clause in of_document(document) if "¶" in clause.key]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("transport", "ML-POS ¶5"),
        ("transportés PERSONNEL", "ML-POS ¶5"),
        ("reunions militaires", "ML-POS ¶4"),
        ("§8.6", "CAR-CMC §8.6"),
        ("no duplication", "CAR-CMC §2"),
    ],
)
def test_a_clause_is_found_in_either_language_and_without_accents(words, key):
    assert key in keys_of(words)


def test_a_title_brings_its_document_whole_and_nonsense_brings_nothing():
    assert [document for document, _clauses in find("code de conduite operationnalisation")] == [MALI_CODE]
    assert len(keys_of("car-cmc")) == len(of_document(CAR))
    assert find("zqx") == [] and find("\x00\u202e") == find("")
    assert len(find("")) == len(DOCUMENTS)


def test_the_page_finds_as_a_requester_does(client, requester_bria):
    client.force_login(requester_bria)
    page = client.get("/guidance/?q=transport").content.decode()
    assert 'id="ml-pos-5"' in page and 'id="car-cmc-9-3"' in page and 'id="car-cmc-8-1"' not in page
    assert "Nothing found" in client.get("/guidance/?q=" + "z" * 3000).content.decode()


def test_another_country_comes_after_the_own_and_is_marked(client, requester_bria, ocha_bko):
    for person, own, other in ((requester_bria, CAR, MALI), (ocha_bko, MALI, CAR)):
        client.force_login(person)
        page = client.get("/guidance/").content.decode()
        assert page.index(own.title) < page.index(other.title)
        sections = page.split("<section")
        assert "Compare: another country" in next(part for part in sections if f'id="{other.anchor}"' in part)
        for shown in (own, IASC):
            assert "Compare" not in next(part for part in sections if f'id="{shown.anchor}"' in part)


def test_a_missing_file_is_said_and_is_no_dead_link(client, ocha_bko):
    client.force_login(ocha_bko)
    page = client.get("/guidance/ML-CODE/").content.decode()
    assert "French only" in page and "File missing" in page
    assert "We have read it" not in page
    assert client.post("/guidance/ML-CODE/read/").status_code == 403
    with translation.override("fr"):
        assert MALI_CODE.state == "Fichier manquant"


def test_an_unknown_document_is_not_there(client, requester_bria):
    client.force_login(requester_bria)
    assert client.get("/guidance/NOWHERE/").status_code == 404
    assert client.post("/guidance/NOWHERE/read/").status_code == 404


def test_an_organisation_confirms_once_and_leaves_one_event(client, requester_bria, colleague_bria):
    for person in (requester_bria, colleague_bria, requester_bria):
        client.force_login(person)
        assert client.post("/guidance/CAR-CMC/read/").status_code == 302
    receipt = ReadReceipt.objects.get()
    assert (receipt.organisation, receipt.by, receipt.version) == (
        requester_bria.organisation,
        requester_bria,
        "2020-08",
    )
    event = Event.objects.get(kind="guidance.read")
    assert event.stream == "CAF" and event.data == {"document": "CAR-CMC", "version": "2020-08"}
    assert "has confirmed to have read" in client.get("/guidance/CAR-CMC/").content.decode()


def test_a_new_version_is_confirmed_anew(requester_bria, monkeypatch):
    confirm_reading(CAR, by=requester_bria)
    newer = type(CAR)(**{name: getattr(CAR, name) for name in CAR.__dataclass_fields__} | {"version": "2027"})
    confirm_reading(newer, by=requester_bria)
    assert set(ReadReceipt.objects.values_list("version", flat=True)) == {"2020-08", "2027"}


def test_who_has_no_right_there_confirms_nothing(client, nobody, requester_bria, force_ml):
    for person, code in ((nobody, "CAR-CMC"), (requester_bria, "ML-POS"), (force_ml, "CAR-CMC")):
        with pytest.raises(PermissionDenied):
            confirm_reading(BY_CODE[code], by=person)
        client.force_login(person)
        assert client.post(f"/guidance/{code}/read/").status_code == 403
    assert not ReadReceipt.objects.exists()


def test_a_force_confirms_for_itself_and_learns_of_nobody_else(client, force_u3, requester_bria, ocha_bria):
    confirm_reading(CAR, by=requester_bria)
    client.force_login(force_u3)
    assert client.post("/guidance/CAR-CMC/read/").status_code == 302
    page = client.get("/guidance/CAR-CMC/").content.decode()
    assert "AID-A" not in page and "organisations have read" not in page
    client.force_login(ocha_bria)
    page = client.get("/guidance/CAR-CMC/").content.decode()
    assert "AID-A" in page and "2 organisations have read this version." in page
