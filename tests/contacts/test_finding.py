"""Who finds whom, by which words, and whom does nobody find?"""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts import finding
from contacts.finding import Asked, Cursor
from contacts.models import Post
from tests.contacts.directory import FORCE, INSIDE, NOBODY, OPEN, alternate_in, post_of

pytestmark = pytest.mark.django_db
ADDRESS = "/directory/"


@pytest.fixture
def officer(people):
    return people.ocha_bgi


def found(user, query="", **asked) -> list[str]:
    return [post.function for post in finding.page_for(user, Asked.of(query, **asked)).posts]


@pytest.fixture
def focal_point(officer):
    return post_of(officer, "Focal point", "Élodie Koyambounou", roles=("ocha_focal_point",))


@pytest.mark.parametrize(
    "words",
    [
        "Élodie",
        "elodie",
        "ELODIE KOYAMBOUNOU",
        "koyam",
        "yambou",
        "focal",
        "ocha",
        "Bria",
        "koyambounou bria",
        "focal bria",
    ],
)
def test_a_post_is_found_by_function_organisation_place_and_name(people, focal_point, words):
    assert found(people.requester_bria, words) == ["Focal point"]


@pytest.mark.parametrize("words", ["zzz", "koyambounou birao", "élodie zzz"])
def test_every_word_must_fit(people, focal_point, words):
    assert found(people.requester_bria, words) == []


@pytest.mark.parametrize("words", ["Koyambunu", "Koyambounu", "Kojambounou", "koyambuonou", "elodei koyambounou"])
def test_a_wrong_letter_is_forgiven_and_said(client, people, focal_point, words):
    page = finding.page_for(people.requester_bria, Asked.of(words))
    assert [post.pk for post in page.posts] == [focal_point.pk]
    assert "koyambounou" in page.meant
    client.force_login(people.requester_bria)
    assert "koyambounou" in client.get(ADDRESS, {"q": words}).content.decode().split("<h2")[0]


def test_role_and_station_narrow(people, officer, focal_point):
    post_of(officer, "Logistician", "Somebody", station="birao", roles=("logistics",))
    birao = Post.objects.get(function="Logistician").station_id
    assert found(people.requester_bria, role="logistics") == ["Logistician"]
    assert found(people.requester_bria, station=birao) == ["Logistician"]
    assert found(people.requester_bria, station=birao, role="ocha_focal_point") == []
    assert found(people.requester_bria, role="nonsense", query="focal") == ["Focal point"]


@pytest.mark.parametrize(
    ("shares", "finders"),
    [
        (OPEN, {"requester_bria", "force_u3", "donor"}),
        (FORCE, {"requester_bria", "force_u3"}),
        (INSIDE, {"requester_bria"}),
        (NOBODY, set()),
    ],
)
def test_nobody_is_found_by_a_name_that_the_finder_may_not_read(people, officer, shares, finders):
    post_of(officer, "Adviser", "Barnabé Ouadda", shares=shares)
    readers = ("requester_bria", "force_u3", "donor")
    assert {name for name in readers if found(getattr(people, name), "ouadda")} == finders
    assert {name for name in readers if found(getattr(people, name), "ouada")} == finders, "nor by another spelling"
    assert all(found(getattr(people, name), "adviser") == ["Adviser"] for name in readers), "functions are for all"


def test_who_was_never_asked_is_found_by_function_alone(people, officer):
    post_of(officer, "Adviser", "Barnabé Ouadda", shares=OPEN, answered=False)
    assert found(people.requester_bria, "ouadda") == []
    assert found(officer, "ouadda") == ["Adviser"], "whoever keeps the post finds everybody in it"


def test_who_has_left_is_found_no_more(people, focal_point):
    held = focal_point.holdings.get()
    held.ends, held.left_at = timezone.localdate() - dt.timedelta(days=1), timezone.now()
    held.save()
    assert found(people.requester_bria, "koyambounou") == []
    assert found(people.requester_bria, "focal") == ["Focal point"]


@pytest.mark.parametrize("reader", ["hc_ml", "ocha_bko", "force_ml", "nobody", "admin"])
def test_another_country_is_no_country(client, people, focal_point, reader):
    user = getattr(people, reader)
    assert found(user, "focal") == []
    client.force_login(user)
    assert "Bria" not in client.get(ADDRESS, {"q": "focal"}).content.decode()


def test_pages_go_there_and_back(people, officer):
    for number in range(7):
        post_of(officer, f"Officer {number}")
    user, asked = people.requester_bria, Asked.of("officer")
    pages, cursor = [], None
    for _page in range(3):
        page = finding.page_for(user, asked, cursor=cursor, size=3)
        pages.append([post.function[-1] for post in page.posts])
        cursor = Cursor.read(page.older) if page.older else None
    assert pages == [["0", "1", "2"], ["3", "4", "5"], ["6"]]
    assert cursor is None
    back = finding.page_for(user, asked, cursor=Cursor.read(page.newer), size=3)
    assert [post.function[-1] for post in back.posts] == ["3", "4", "5"]
    first = finding.page_for(user, asked, cursor=Cursor.read(back.newer), size=3)
    assert [post.function[-1] for post in first.posts] == ["0", "1", "2"]
    assert first.newer == ""


@pytest.mark.parametrize("text", ["x", "e30", "WzEsMl0", "%00", "W10", "=" * 9, "é", "WyJcdTAwMDAiLDEsMF0", "A" * 2000])
def test_a_broken_cursor_is_the_first_page(client, people, focal_point, text):
    assert Cursor.read(text) is None
    client.force_login(people.requester_bria)
    answer = client.get(ADDRESS, {"q": "focal", "page": text})
    assert answer.status_code == 200
    assert "Focal point" in answer.content.decode()


def test_a_word_in_more_posts_than_are_counted_is_still_found(monkeypatch, people, officer):
    monkeypatch.setattr(finding, "CAP", 2)
    for number in range(4):
        post_of(officer, f"Officer {number}", f"Marie Numéro{number}")
    assert found(people.requester_bria, "officer") == [f"Officer {number}" for number in range(4)]
    assert found(people.requester_bria, "marie officer") == [f"Officer {number}" for number in range(4)]
    assert found(people.requester_bria, "officer numero3") == ["Officer 3"]
    assert found(people.requester_bria, "marie zzz") == []


def test_a_page_asks_the_same_few_queries_at_5_and_at_25_rows(client, people, officer):
    def asked(**words) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ADDRESS, words).status_code == 200
        return len(queries)

    readers = (people.requester_bria, people.ocha_bria, people.force_u3, people.donor)
    counts = []
    for numbers in (range(5), range(5, 25)):
        for number in numbers:
            post_of(officer, f"Officer {number}", f"Somebody {number}", numbers=("+23672000001", "+23672000002"))
        for reader in readers:
            client.force_login(reader)
            client.get(ADDRESS, {"q": "officer"})
            counts.append((asked(q="officer"), asked(q="oficcer"), asked(station="bria"), asked()))
    assert counts[: len(readers)] == counts[len(readers) :]
    # On SQLite each part of a union is a query of its own.
    found, misspelt, at_station, landing = map(max, zip(*counts, strict=True))
    assert (found, misspelt) <= ((6, 6) if connection.vendor == "postgresql" else (7, 11))
    assert (at_station, landing) <= (6, 6), counts


def test_a_word_meant_by_more_posts_than_are_compared_is_asked_for_anew(monkeypatch, people, officer):
    for number in range(3):
        post_of(officer, f"Translator {number}")
    for compared in (finding.NEAREST, 2):
        monkeypatch.setattr(finding, "NEAREST", compared)
        assert found(people.requester_bria, "transaltor") == [f"Translator {number}" for number in range(3)]


def test_more_of_what_was_meant_is_on_the_next_page(monkeypatch, client, people, officer):
    monkeypatch.setattr(finding.page_for, "__kwdefaults__", {"cursor": None, "size": 2})
    for number in range(3):
        post_of(officer, f"Translator {number}")
    client.force_login(people.requester_bria)
    first = client.get(ADDRESS, {"q": "transaltor"})
    assert [one.function for one in first.context["entries"]] == ["Translator 0", "Translator 1"]
    second = client.get(ADDRESS + first.context["older"])
    assert [one.function for one in second.context["entries"]] == ["Translator 2"]


def test_two_taps_lead_to_the_number_and_to_the_alternate(client, people, officer, focal_point):
    alternate_in(focal_point, officer, "Next in line", "+23672000009")
    client.force_login(people.requester_bria)
    first = client.get(ADDRESS).content.decode()
    where = reverse("contacts:station", args=["bria"])
    assert f'href="{where}"' in first
    second = client.get(where).content.decode()
    assert second.index('href="tel:+23672000001"') < second.index('href="tel:+23672000009"')
    assert "alternate" in second


def test_a_force_reads_functions_and_what_is_shared_with_forces(client, people, officer, focal_point):
    post_of(officer, "Liaison", "Sylvain Partagé", numbers=("+23672000005",), shares=FORCE)
    client.force_login(people.force_u3)
    text = client.get(ADDRESS, {"station": "bria"}).content.decode()
    assert "Focal point" in text
    assert "Sylvain Partagé" in text
    assert 'tel:+23672000005"' in text
    assert "Koyambounou" not in text
    assert "+23672000001" not in text


def test_an_unknown_station_is_said(client, people):
    client.force_login(people.requester_bria)
    assert client.get(ADDRESS, {"station": "atlantis"}).status_code == 422
