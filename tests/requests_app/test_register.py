"""Does the register show each person their requests, keep its filters from page to page, and survive bad addresses?"""

import re
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from requests_app import listing
from requests_app.models import Case
from tests.factories import case_at, complete_draft, draft_case

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

URL = "/requests/"


@pytest.fixture
def register(client):
    """The register as this person reads it."""

    def read(person, query="", status=200):
        client.force_login(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = client.get(URL + query)
        assert page.status_code == status, page.content.decode()[:500]
        return page

    return read


def references(page) -> list[str]:
    return [row.reference for row in page.context["rows"]]


def link(page, rel) -> str:
    found = re.search(rf'href="([^"]*)" rel="{rel}"', page.content.decode())
    return unescape(found[1]) if found else ""


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(URL).status_code == 302


def test_its_address_is_named():
    assert reverse("requests:list") == URL


def test_each_person_reads_what_they_may_see(register, people):
    draft = draft_case(people.requester_bria)
    filed = case_at("submitted", people)
    forwarded = case_at("deciding", people)
    seen = {
        "requester_bria": {draft, filed, forwarded},
        "colleague_bria": {draft, filed, forwarded},
        "requester_birao": set(),
        "ocha_bria": {filed, forwarded},
        "ocha_birao": set(),
        "ocha_bgi": {filed, forwarded},
        "hoo": {filed, forwarded},
        "hc": {forwarded},
        "log_cluster": {filed, forwarded},
        "undss": set(),
        "ngosec": {filed, forwarded},
        "admin": set(),
        "outsider": set(),
        "nobody": set(),
    }
    for name, cases in seen.items():
        assert set(references(register(getattr(people, name)))) == {case.reference for case in cases}, name


@pytest.mark.parametrize("name", ["force_u3", "donor"])
def test_other_sides_are_told_that_it_is_not_theirs(register, people, name):
    page = register(getattr(people, name), status=403)
    assert "humanitarian side" in page.content.decode()


def test_filters_narrow_and_combine(register, people):
    officer = people.ocha_bria
    routine, urgent = case_at("submitted", people), case_at("submitted", people, urgency="urgent")
    deciding = case_at("deciding", people, cargo="Médicaments")
    assert references(register(officer, "?status=waiting")) == [urgent.reference, routine.reference]
    assert references(register(officer, "?status=deciding")) == [deciding.reference]
    assert len(references(register(officer, "?status=open"))) == 3
    assert references(register(officer, "?status=ended")) == []
    assert references(register(officer, "?status=open&urgency=urgent")) == [urgent.reference]
    assert references(register(officer, "?q=medicaments&status=open")) == [deciding.reference]
    assert references(register(officer, f"?q={urgent.reference}")) == [urgent.reference]


def test_a_country_wide_reader_chooses_a_station(register, people, bria, birao):
    case = case_at("submitted", people)
    assert references(register(people.ocha_bgi, f"?station={bria.pk}")) == [case.reference]
    assert references(register(people.ocha_bgi, f"?station={birao.pk}")) == []


def test_newest_first_or_next_due_first(register, people):
    first, second = case_at("submitted", people), case_at("submitted", people)
    Case.objects.filter(pk=first.pk).update(due_at=second.due_at - (second.due_at - second.created_at) / 2)
    draft_case(people.requester_bria)
    assert references(register(people.ocha_bria)) == [second.reference, first.reference]
    assert references(register(people.requester_bria, "?sort=due")) == [first.reference, second.reference]


def test_paging_keeps_filters_sort_and_words(register, client, people, monkeypatch):
    monkeypatch.setattr(listing, "SIZE", 2)
    monkeypatch.setattr(listing.page_for, "__kwdefaults__", {**listing.page_for.__kwdefaults__, "size": 2})
    cases = [draft_case(people.requester_bria, need="Vivres") for _number in range(5)]
    draft_case(people.requester_bria, need="Abris")
    page = register(people.requester_bria, "?q=vivres&status=draft&urgency=routine&station=&sort=new")
    read = references(page)
    while link(page, "next"):
        assert "q=vivres" in link(page, "next")
        assert "status=draft" in link(page, "next")
        page = client.get(URL + link(page, "next"))
        read += references(page)
    assert read == [case.reference for case in reversed(cases)]
    while link(page, "prev"):
        page = client.get(URL + link(page, "prev"))
    assert references(page) == read[:2]
    assert "5 requests" in page.content.decode()


BROKEN = [
    "?status=nothing", "?urgency=9", "?station=x", "?station=999999999999999999999", "?station=%00", "?sort=up",
    "?q=" + "x" * 10_000, "?status=open&status=x%00", "?q=a%00b",
]  # fmt: skip


@pytest.mark.parametrize("query", BROKEN, ids=lambda query: query[:30])
def test_what_is_not_understood_is_said_beside_its_field(register, people, query):
    case = case_at("submitted", people)
    page = register(people.ocha_bgi, query, status=422)
    assert 'class="err"' in page.content.decode()
    assert references(page) == [case.reference]


@pytest.mark.parametrize(
    "query", ["?page=x", "?page=n%2B1.1.1", "?page=d%2B1.1", "?page=%00", "?page=n%2B9999999999999999999999.1"]
)
def test_a_page_that_does_not_exist_is_the_first_one(register, people, query):
    case = case_at("submitted", people)
    page = register(people.ocha_bgi, query)
    assert "That page does not exist any more" in page.content.decode()
    assert references(page) == [case.reference]


@pytest.mark.parametrize("query", ["?q='", "?q=%25%25", "?q=%5C", "?q=:*%26!(", "?x=1", "?q=%F0%9F%9A%9A"])
def test_odd_words_find_nothing_or_something_but_never_break(register, people, query):
    case_at("submitted", people)
    register(people.ocha_bgi, query)


def test_only_a_get_is_answered(client, people):
    client.force_login(people.ocha_bgi)
    assert client.post(URL).status_code == 405


def test_each_row_leads_to_its_case(register, people):
    case = case_at("submitted", people)
    (row,) = register(people.ocha_bria).context["rows"]
    assert row.url == case.get_absolute_url()


def test_a_case_past_its_end_reads_as_expired_before_the_sweep(register, people):
    case = case_at("approved", people)
    Case.objects.filter(pk=case.pk).update(ends_at=case.created_at)
    (row,) = register(people.ocha_bria).context["rows"]
    assert (str(row.status), row.due) == ("Expired", None)


def test_whose_clock_it_is_stands_beside_the_time(register, people):
    case_at("submitted", people)
    assert "OCHA Bria" in register(people.ocha_bgi).content.decode()


def test_a_new_request_is_offered_to_those_who_may_file(register, people):
    assert "/requests/new/" in register(people.requester_bria).content.decode()
    assert "/requests/new/" not in register(people.hc).content.decode()


@pytest.mark.parametrize("query", ["", "?status=open", "?status=waiting", "?sort=due", "?q=food"])
@pytest.mark.parametrize("name", ["requester_bria", "ocha_bria", "ocha_bgi", "hc", "log_cluster"])
def test_the_page_takes_six_queries_with_5_and_with_25_rows(client, people, name, query):
    """Session, person, rights, rows, unread number; stations to choose, or for an officer those they cover."""
    seed = case_at("submitted" if query == "?status=waiting" else "deciding", people)
    client.force_login(getattr(people, name))
    counts = []
    for number in (5, 25):
        while Case.objects.count() < number:
            clone(seed)
        client.get(URL + query)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(URL + query)
        assert len(page.context["rows"]) in (0, number)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6 + ("q=" in query)


def clone(seed) -> None:
    """The same request under another number, without its moves: lists do not read them."""
    case = Case.objects.get(pk=seed.pk)
    number = Case.objects.count() + 100
    case.pk, case.reference, case.client_key = None, f"CAF-AE-2026-{number}", f"{number:032d}"
    case.save(force_insert=True)
    for asked in seed.consultations.values("body", "country_id", "case_created_at"):
        case.consultations.create(**asked)


def test_a_draft_is_listed_under_its_type_until_it_has_places(register, people):
    draft_case(people.requester_bria)
    complete_draft(people.requester_bria)
    page = register(people.requester_bria).content.decode()
    assert "Armed escort, Bambari to Bria" in page
