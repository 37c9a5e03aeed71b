"""Two organisations ask for the same: what does OCHA see, and what happens to the two requests?"""

import pytest
from django.db import DatabaseError, transaction

from cmcoord.accounts import limits
from cmcoord.activity.models import Event
from requests_app import duplicates
from requests_app.models import Case, CaseLink, Participation
from requests_app.services import Refused, make_move
from requests_app.services.joining import join, propose_joining
from tests.factories import case_at, complete_draft
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbour(other_ngo):
    return person("req.other", "requester", organisation=other_ngo, name="Logistician, Bria", station="bria")


@pytest.fixture
def pair(people, neighbour):
    """Two requests on the same axis in the same days."""
    mine = case_at("reviewing", people, consent_partners=True)
    theirs = complete_draft(neighbour, cargo="Tarpaulins", consent_partners=True)
    make_move(theirs, "submit", by=neighbour)
    return mine, Case.objects.get(pk=theirs.pk)


def again(case) -> Case:
    return Case.objects.get(pk=case.pk)


def refused(case, other, by) -> Refused:
    with pytest.raises(Refused) as caught, transaction.atomic():
        propose_joining(case, by=by, other=other)
    assert not CaseLink.objects.exists() and not Participation.objects.exists()
    return caught.value


def test_ocha_sees_side_by_side_what_it_may_see_in_one_query(people, pair, django_assert_max_num_queries):
    mine, theirs = pair
    with django_assert_max_num_queries(2):
        [found] = duplicates.of(mine, people.ocha_bria)
    assert (found.case, found.same_axis, found.same_cargo) == (theirs, True, False)
    for other in (people.ocha_birao, people.requester_bria, people.hc, people.force_u3, people.outsider):
        assert duplicates.of(mine, other) == []


def test_other_days_are_no_duplicate_and_the_same_cargo_is(people, pair):
    mine, theirs = pair
    week = mine.window_to - mine.departure_at
    Case.objects.filter(pk=theirs.pk).update(
        departure_at=mine.window_to + week, window_to=mine.window_to + 2 * week, cargo="Blankets"
    )
    assert duplicates.of(mine, people.ocha_bria) == []
    Case.objects.filter(pk=theirs.pk).update(cargo=mine.cargo.upper())
    [found] = duplicates.of(again(mine), people.ocha_bria)
    assert (found.same_axis, found.same_cargo) == (False, True)


def test_both_are_told_and_the_second_ends_with_its_own_yes(people, pair, neighbour):
    mine, theirs = pair
    propose_joining(mine, by=people.ocha_bria, other=theirs)
    assert again(theirs).status == "submitted"
    told = {
        event.subject_id: {note.recipient.username for note in event.notifications.filter(channel="portal")}
        for event in Event.objects.filter(kind="case.propose_joining")
    }
    assert told == {mine.pk: {"req.bria"}, theirs.pk: {"req.other"}}
    row = Participation.objects.get(case=mine)
    join(row, by=neighbour, vehicles=2, staff=3, cargo="Tarpaulins", consent_force=True, focal_post=None)
    assert (again(mine).status, again(theirs).status) == ("reviewing", "withdrawn")
    assert again(theirs).moves.latest("pk").reason_code == "joined"
    assert again(theirs).moves.filter(code="submit").exists() and CaseLink.objects.get().other == theirs
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseLink.objects.all().delete()


def test_without_the_consent_of_both_nothing_is_told(people, pair):
    mine, theirs = pair
    for case in pair:
        Case.objects.filter(pk=case.pk).update(consent_partners=False)
        assert "has not consented" in str(refused(mine, theirs, people.ocha_bria))
        Case.objects.filter(pk=case.pk).update(consent_partners=True)
    assert not Event.objects.filter(kind__in=("case.propose_joining", "case.ask_to_join")).exists()


@pytest.mark.parametrize("whose", ["mine", "theirs"])
def test_who_takes_the_consent_back_is_read_no_more(client, people, pair, neighbour, whose):
    mine, theirs = pair
    propose_joining(mine, by=people.ocha_bria, other=theirs)
    url = Participation.objects.get(case=mine).get_absolute_url()
    client.force_login(neighbour)
    assert client.get(url).status_code == 200 and mine.reference in client.get("/joining/").content.decode()
    case, by = (mine, people.requester_bria) if whose == "mine" else (theirs, neighbour)
    make_move(again(case), "withdraw_consent", by=by, what=["consent_partners"])
    assert client.get(url).status_code == 404 and mine.reference not in client.get("/joining/").content.decode()
    ended = Event.objects.get(kind="case.take_invitation_back")
    assert ended.by == by and ended.subject_id == mine.pk


def test_who_joined_before_stays_in_the_convoy(people, pair, neighbour):
    mine, theirs = pair
    propose_joining(mine, by=people.ocha_bria, other=theirs)
    row = Participation.objects.get(case=mine)
    join(row, by=neighbour, vehicles=2, staff=3, cargo="", consent_force=True, focal_post=None)
    make_move(again(mine), "withdraw_consent", by=people.requester_bria, what=["consent_partners"])
    assert Participation.objects.get(pk=row.pk).state == "joined"


def test_who_does_not_review_both_puts_nothing_together(people, pair):
    mine, theirs = pair
    for by in (people.requester_bria, people.ocha_birao, people.hc, people.outsider, people.force_u3):
        assert refused(mine, theirs, by).kind == "right"


def test_a_proposal_counts_as_an_organisation_that_is_asked(people, pair, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "ask_to_join", limits.Limit(0, 3600))
    assert "many organisations" in str(refused(*pair, people.ocha_bria))


def test_too_late_twice_and_what_is_not_the_same_are_refused(people, pair):
    mine, theirs = pair
    decided = case_at("deciding", people, consent_partners=True)
    assert "must be known before" in str(refused(decided, theirs, people.ocha_bria))
    days = {"departure_at": theirs.departure_at, "window_to": theirs.window_to}
    week = mine.window_to - mine.departure_at
    Case.objects.filter(pk=theirs.pk).update(departure_at=mine.window_to + week, window_to=mine.window_to + 2 * week)
    assert "neither axis" in str(refused(mine, again(theirs), people.ocha_bria))
    Case.objects.filter(pk=theirs.pk).update(**days)
    propose_joining(mine, by=people.ocha_bria, other=again(theirs))
    with pytest.raises(Refused, match="already"):
        propose_joining(mine, by=people.ocha_bria, other=again(theirs))


@pytest.mark.pages
def test_the_review_shows_them_side_by_side_with_a_button(client, people, pair):
    mine, theirs = pair
    client.force_login(people.ocha_bria)
    page = client.get(f"/requests/{mine.reference}/assess/").content.decode()
    assert "Asked for twice?" in page and theirs.reference in page and str(theirs.organisation) in page
    url = f"/requests/{mine.reference}/put-together/"
    assert client.post(url, {"other": "nothing"}).status_code == 404
    assert client.post(url, {"other": theirs.reference}).status_code == 302
    assert client.post(url, {"other": theirs.reference}).status_code == 409
    client.force_login(people.requester_bria)
    assert client.post(url, {"other": theirs.reference}).status_code == 404
