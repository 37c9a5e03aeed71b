"""Where convoy and escort meet, and where the places of a request lie: what OCHA types, and what the force reads."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from cmcoord.activity.barrier import Side, released
from cmcoord.places.models import Place
from cmcoord.places.positions import read
from requests_app import papers
from requests_app.models import Extract
from requests_app.services import Refused, make_move
from tests.factories import HOUR, case_at, sheet_as_read
from tests.requests_app.test_force_pages import as_person, english, page_of
from tests.requests_app.test_issued_papers import made, words
from tests.requests_app.test_moves_views import local, opened, send

pytestmark = pytest.mark.django_db


def answers(case, **where: str) -> dict[str, str]:
    times = {"departure_at": local(case.departure_at), "rendezvous_at": local(case.departure_at - HOUR)}
    read_by_ocha = {"words_released": "on", **sheet_as_read(case)}
    return times | read_by_ocha | {"leader": "Convoy leader", "contact": "+236 00 00 00 00"} | where


def paper_of(case) -> Extract:
    return case.extracts.get(kind="schedule")


# ── the schedule ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("5.766940, 20.703030", "34N DM 67120 37450"),
        ("5°46′01,0″ N 20°42′10,9″ E", "34N DM 67120 37450"),
        ("34ndm6712037450", "34N DM 67120 37450"),
        ("34N DM 6712 3745", "34N DM 6712 3745"),
        ("\u202e34N DM 6712 3745\u202c", "34N DM 6712 3745"),
    ],
)
def test_the_force_gets_the_position_as_exactly_as_ocha_typed_it(client, people, typed, printed):
    case = case_at("accepted", people)
    answer = send(client, people.ocha_bria, case, "schedule", **answers(case, rendezvous_position=typed))
    assert answer.status_code == 302
    facts = {str(fact.key.label): fact.shown for fact in papers.facts_of(paper_of(case))}
    assert facts["Position of the rendezvous"].mgrs == printed
    assert "Rendezvous" not in facts
    page = as_person(client, english(people.force_u3)).get(page_of(case)).content.decode()
    assert printed in page and facts["Position of the rendezvous"].decimal in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("the old bridge", "This is not read as a position"),
        ("34N DM 67120 3745", "as many digits"),
        ("20.70, 5.76", "latitude and longitude swapped? Then write 5.76, 20.70"),
        ("12.64, -8.00", "nor in a neighbouring one"),
        ("5.76,\x00\u200f", "This is not read as a position"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_sent(client, people, typed, said):
    case = case_at("accepted", people)
    english(people.ocha_bria)
    answer = send(client, people.ocha_bria, case, "schedule", **answers(case, rendezvous_position=typed))
    assert answer.status_code == 422
    assert said in answer.context["form"].errors["rendezvous_position"][0]
    assert not case.extracts.filter(kind="schedule").exists()


def test_a_position_beyond_the_border_is_asked_about_once(client, people):
    case = case_at("accepted", people)
    english(people.ocha_bria)
    typed = answers(case, rendezvous_position="12.1131, 15.0491")
    answer = send(client, people.ocha_bria, case, "schedule", **typed)
    assert answer.status_code == 422
    assert "in a neighbouring country" in answer.context["form"].errors["rendezvous_position"][0]
    another = answers(case, rendezvous_position="12.1231, 15.0491", abroad="12.1131, 15.0491")
    assert send(client, people.ocha_bria, case, "schedule", **another).status_code == 422
    again = typed | {"abroad": answer.context["form"]["abroad"].value()}
    assert send(client, people.ocha_bria, case, "schedule", **again).status_code == 302
    assert paper_of(case).content["rendezvous_position"]["latitude"] == "12.113100"


def test_a_town_is_named_and_placed_to_a_kilometre(client, people):
    case = case_at("accepted", people)
    town = Place.objects.get(name="Bambari")
    Place.objects.filter(pk=town.pk).update(latitude=Decimal("5.765432"), longitude=Decimal("20.678912"))
    typed = answers(case, rendezvous_place=town.pk, rendezvous="Gate of the compound")
    assert send(client, people.ocha_bria, case, "schedule", **typed).status_code == 302
    content = paper_of(case).content
    assert content["rendezvous"] == "Bambari, Gate of the compound"
    assert content["rendezvous_position"] == {"latitude": "5.77", "longitude": "20.68", "metres": 1000}


def test_a_position_of_its_own_counts_more_than_that_of_the_town(people):
    case = case_at("accepted", people)
    times = {"departure_at": case.departure_at, "rendezvous_at": case.departure_at - HOUR}
    given = read("34N DM 67120 37450")
    make_move(
        case, "schedule", by=people.ocha_bria, leader="Leader", contact="", **times, **sheet_as_read(case),
        rendezvous_place=Place.objects.get(name="Bambari"), rendezvous_position=given,
    )  # fmt: skip
    assert paper_of(case).content["rendezvous"] == "Bambari"
    assert paper_of(case).content["rendezvous_position"] == given.as_value()


def test_somewhere_to_meet_is_said(client, people):
    case = case_at("accepted", people)
    english(people.ocha_bria)
    answer = send(client, people.ocha_bria, case, "schedule", **answers(case))
    assert answer.status_code == 422
    assert answer.context["form"].errors["rendezvous"] == ["Say where to meet: by a place, a position or in words."]
    times = {"departure_at": case.departure_at, "rendezvous_at": case.departure_at - HOUR}
    with pytest.raises(Refused, match="where to meet"):
        make_move(case, "schedule", by=people.ocha_bria, leader="Leader", contact="", **times, **sheet_as_read(case))


def test_a_place_of_another_country_cannot_be_chosen(client, people):
    case = case_at("accepted", people)
    typed = answers(case, rendezvous_place=Place.objects.get(name="Gao").pk)
    assert send(client, people.ocha_bria, case, "schedule", **typed).status_code == 422


def test_the_form_shows_the_three_notations_in_french(client, people):
    case = case_at("accepted", people)
    people.ocha_bria.language = "fr"
    people.ocha_bria.save(update_fields=["language"])
    page = opened(client, people.ocha_bria, case, "schedule").content.decode()
    assert "5.76543, 20.67891\u202f; 5°45′55.56″ N 20°40′44.08″ E\u202f; 34N DM 64450 37285" in page
    assert 'autocapitalize="characters"' in page


def test_the_leader_of_the_convoy_reads_the_same_position(people):
    case = case_at("accepted", people)
    times = {"departure_at": case.departure_at, "rendezvous_at": case.departure_at - HOUR}
    given = read("34N DM 67120 37450")
    make_move(
        case,
        "schedule",
        by=people.ocha_bria,
        leader="Leader",
        contact="",
        rendezvous_position=given,
        **times,
        **sheet_as_read(case),
    )
    assert "34N DM 67120 37450 (5.76694, 20.70303)" in words(made(people.requester_bria, case, "sheet"))


# ── the request ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_request_says_where_its_towns_lie_no_more_exactly_than_another_side_may_know(people):
    case = case_at("approved", people)
    place = case.origin
    place.latitude, place.longitude, place.position_verified = Decimal("6.543210"), Decimal("21.987654"), True
    place.save()
    Place.objects.filter(pk=case.destination_id).update(position_verified=False)
    case = case_at("transmitted", people, origin=place)
    content = case.extracts.get().content
    assert content["origin_position"] == {
        "latitude": str(released(place, "latitude", to=Side.FORCE)),
        "longitude": str(released(place, "longitude", to=Side.FORCE)),
        "metres": 1000,
    }
    assert "destination_position" not in content  # nobody verified it


def test_the_page_of_the_request_says_where_its_towns_lie(client, people):
    case = case_at("submitted", people)
    exact = {"latitude": Decimal("6.543210"), "longitude": Decimal("21.987654")}
    Place.objects.filter(pk=case.origin_id).update(**exact, position_verified=True)
    Place.objects.filter(pk=case.destination_id).update(latitude=None, longitude=None)
    page = as_person(client, english(people.ocha_bria)).get(case.get_absolute_url()).content.decode()
    assert "6.54321, 21.98765 · 6°32′35.56″ N 21°59′15.55″ E\n34N FN 09195 23360" in page
    assert "position not verified" not in page
    Place.objects.filter(pk=case.origin_id).update(position_verified=False)
    assert "position not verified" in client.get(case.get_absolute_url()).content.decode()


def test_a_paper_from_before_has_no_positions_and_is_read_as_before(client, people):
    case = case_at("transmitted", people)
    paper = case.extracts.get()
    plain = {name: value for name, value in paper.content.items() if not name.endswith("_position")}
    paper.content = plain
    assert "From" in {str(fact.key.label) for fact in papers.facts_of(paper)}
    assert not [fact for fact in papers.facts_of(paper) if fact.kind == "position"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_and_the_paper_explain_positions_and_times(client, people, language):
    case = case_at("scheduled", people)
    people.force_u3.language = language
    people.force_u3.save(update_fields=["language"])
    client = as_person(client, people.force_u3)
    page = client.get(page_of(case)).content.decode()
    paper = b"".join(client.get(f"{page_of(case)}papers/1/").streaming_content).decode()
    for text in (page, paper):
        assert "MGRS" in text and "WGS 84" in text and "280430Z NOV 26" in text and "Africa/Bangui" in text
    utc = timezone.localtime(case.departure_at, dt.UTC)
    assert f"{utc:%d%H%M}Z {papers.MONTHS[utc.month - 1]} {utc:%y}" in page  # the month is English in both languages
    with translation.override(language):
        assert ("groupe date-heure" in page) == (language == "fr")
