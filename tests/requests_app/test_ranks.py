"""OCHA says which of the requests before a force comes first; the force's list stands in that order."""

import pytest

from requests_app.services import Refused, make_move
from requests_app.transmission import rank_of
from tests.factories import case_at, fresh
from tests.requests_app.test_force_pages import as_person, english
from tests.requests_app.test_moves_views import local, opened, released, send

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


@pytest.fixture
def three(people):
    """Three requests before the same force, in the order in which they came."""
    return [case_at("transmitted", people) for _each in range(3)]


def ranked(people, case, rank):
    make_move(case, "change", by=people.ocha_bria, rank=rank)
    return fresh(case)


def queue(client, officer) -> list[str]:
    sections = as_person(client, english(officer)).get("/force/").context["sections"]
    return [row["file"].force_reference for section in sections for row in section["rows"]]


def references(*cases) -> list[str]:
    return [fresh(case).force_reference for case in cases]


def test_without_ranks_the_earliest_due_comes_first(client, people, three):
    assert queue(client, people.force_u3) == references(*three)


def test_the_list_stands_in_the_order_that_ocha_gave(client, people, three):
    first, second, third = three
    ranked(people, third, 1)
    ranked(people, second, 2)
    assert queue(client, people.force_u3) == references(third, second, first)
    ranked(people, second, 1)
    ranked(people, third, 5)
    assert queue(client, people.force_u3) == references(second, third, first)


def test_a_rank_goes_as_a_numbered_paper_that_the_force_reads(client, people, three):
    case = ranked(people, three[1], 3)
    paper = case.extracts.last()
    assert (paper.kind, paper.number, paper.content["rank"], rank_of(case)) == ("supplement", 2, 3, 3)
    assert set(paper.content) == {"acknowledge_by", "reply_by", "rank"}
    page = as_person(client, english(people.force_u3)).get(f"/force/{case.force_reference}/").content.decode()
    assert "Ranked by OCHA (1 comes first)" in page


def test_an_answered_request_leaves_the_queue_whatever_its_rank(client, people, three):
    ranked(people, three[2], 1)
    make_move(three[2], "receive", by=people.force_u3)
    make_move(three[2], "accept", by=people.force_u3)
    assert queue(client, people.force_u3)[-1] == references(three[2])[0]


def test_a_stop_comes_before_every_rank(client, people, three):
    ranked(people, three[1], 1)
    make_move(three[2], "cancel", by=people.ocha_bria, reason="Not needed any more.")
    assert queue(client, people.force_u3)[:2] == references(three[2], three[1])


def test_the_rank_is_given_with_the_transmission(client, people):
    case = case_at("approved", people)
    make_move(case, "decide_security", by=people.requester_bria, value="favourable")
    typed = released(case) | {"rank": "2"}
    assert send(client, people.ocha_bria, case, "transmit", **typed).status_code == 302
    assert (rank_of(fresh(case)), fresh(case).extracts.get().content["rank"]) == (2, 2)
    assert opened(client, people.ocha_bria, case, "change").context["form"]["rank"].value() == 2


@pytest.mark.parametrize("rank", [0, 10, -1])
def test_a_rank_goes_from_one_to_nine(client, people, rank):
    case = case_at("transmitted", people)
    with pytest.raises(Refused, match="from 1 to 9"):
        ranked(people, case, rank)
    answers = {"departure_at": local(case.departure_at), "window_to": local(case.window_to), "vehicles": case.vehicles,
               "leader": case.leader, "rank": rank}  # fmt: skip
    assert send(client, people.ocha_bria, case, "change", **answers).status_code == 422
    assert case.extracts.count() == 1


def test_the_requester_ranks_nothing(client, people):
    case = case_at("transmitted", people)
    assert 'name="rank"' not in opened(client, people.requester_bria, case, "change").content.decode()
    with pytest.raises(Refused, match="Only OCHA ranks"):
        make_move(case, "change", by=people.requester_bria, rank=1)


@pytest.mark.parametrize("status", ["approved", "declined", "accepted", "underway"])
def test_where_no_answer_is_awaited_there_is_nothing_to_rank(client, people, status):
    case = case_at(status, people)
    assert 'name="rank"' not in opened(client, people.ocha_bria, case, "change").content.decode()
    with pytest.raises(Refused, match="Nothing was changed"):
        ranked(people, case, 1)


def test_the_same_rank_again_is_no_change(people, three):
    ranked(people, three[0], 2)
    with pytest.raises(Refused, match="Nothing was changed"):
        ranked(people, three[0], 2)


def test_further_pages_go_on_where_the_ranks_end(client, people, three, monkeypatch):
    monkeypatch.setattr("requests_app.views.force.PAGE", 1)
    ranked(people, three[2], 4)
    found, url = [], "/force/"
    as_person(client, english(people.force_u3))
    for _page in range(4):
        page = client.get(url)
        found += [row["file"].force_reference for section in page.context["sections"] for row in section["rows"]]
        if not page.context["older"]:
            break
        url = f"/force/?after={page.context['older']}"
    assert found == references(three[2], three[0], three[1])
