"""Two requests and a chair: what somebody leaves behind with a post goes to whoever holds it next, once."""

import pytest
from django.urls import reverse

from cmcoord.activity.models import Event
from cmcoord.places.models import DutyStation
from contacts import services
from contacts.models import Body, Handover, Holding, Person, Seat
from contacts.services import Holder, Number
from requests_app.models import Case
from requests_app.services import handing
from requests_app.services.made import Refused
from tests.factories import case_at, draft_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed(people, bria):
    """The focal point has gone with two open requests, one that is denied, and a seat; a colleague holds the post."""
    who, today = people.requester_bria, bria.country.today
    post = services.open_post(
        by=who, organisation=who.organisation, station=bria, function="Focal point", starts=today,
        holder=Holder("First", (Number("+23672000001"),)),
    )  # fmt: skip
    Person.objects.update(user=who)
    cases = [draft_case(who), case_at("submitted", people), case_at("denied", people)]
    cell = Body.objects.cells().get(station=bria)
    seat = services.add_seat(
        cell, by=people.ocha_bria, kind=Seat.Kind.MEMBER, function_en="NGO seat", function_fr="Siège des ONG",
        category="ingo",
    )  # fmt: skip
    services.take_seat(seat, by=people.ocha_bria, organisation=post.organisation, post=post)
    services.leave(post, by=people.ocha_bria)
    return post, cases, seat, Holding.objects.get().handover


def follow(post, people, *, linked=True):
    new = services.hand_over(
        post, by=people.ocha_bria, holder=Holder("Next", (Number("+23672000002"),)), starts=post.country.today
    )
    if linked:
        Person.objects.filter(pk=new.person_id).update(user=people.colleague_bria)
    return new


def test_two_requests_and_a_seat_go_to_the_successor(client, people, handed):
    post, (draft, submitted, denied), seat, handover = handed
    assert Seat.objects.get(pk=seat.pk).is_vacant, "the gap is shown until then"
    follow(post, people)
    client.force_login(people.colleague_bria)
    page = client.get(reverse("requests:handover", args=[handover.pk])).content.decode()
    assert draft.reference in page and submitted.reference in page and denied.reference not in page
    assert "NGO seat" in page
    answer = client.post(
        reverse("requests:handover", args=[handover.pk]), {"case": [draft.pk, submitted.pk, denied.pk, 999999]}
    )
    assert answer.status_code == 302
    authors = dict(Case.objects.values_list("pk", "created_by"))
    assert authors[draft.pk] == authors[submitted.pk] == people.colleague_bria.pk
    assert authors[denied.pk] == people.requester_bria.pk, "what has ended stays whose it was"
    assert not Seat.objects.get(pk=seat.pk).is_vacant
    handover.refresh_from_db()
    assert handover.taken["case"] == handover.offered["case"] == [draft.pk, submitted.pk]
    assert len(handover.taken["seat"]) == 1 and not handover.is_open
    assert Event.objects.filter(kind="case.pass_on").count() == 2
    assert client.post(reverse("requests:handover", args=[handover.pk])).status_code == 409, "once"


@pytest.mark.parametrize("odd", ["²", "9" * 5000])
def test_a_key_that_is_none_is_no_error(client, people, handed, odd):
    post, _cases, _seat, handover = handed
    follow(post, people)
    client.force_login(people.colleague_bria)
    answer = client.post(reverse("requests:handover", args=[handover.pk]), {"case": [odd]})
    assert answer.status_code == 302 and Event.objects.filter(kind="case.pass_on").count() == 0


def test_what_is_not_ticked_stays(people, handed):
    post, (draft, submitted, _denied), _seat, handover = handed
    follow(post, people)
    assert handing.pass_on(handover, by=people.ocha_bria, chosen=[submitted.pk]) == [submitted]
    assert Case.objects.get(pk=draft.pk).created_by == people.requester_bria


def test_nothing_is_passed_on_to_an_account_that_is_not_the_successors_own_any_more(people, handed, other_ngo):
    """Whoever works for another organisation by now has an account there; the one before speaks for nobody."""
    post, (draft, *_others), _seat, handover = handed
    follow(post, people)
    account = people.colleague_bria
    account.organisation = other_ngo
    account.save(update_fields=["organisation"])
    assert "no account" in handing.why_not_pass_on(Handover.objects.get(pk=handover.pk), by=people.ocha_bria)
    with pytest.raises(Refused, match="no account"):
        handing.pass_on(handover, by=people.ocha_bria, chosen=[draft.pk])
    assert Case.objects.get(pk=draft.pk).created_by == people.requester_bria


def test_nothing_is_passed_on_without_a_successor_who_has_an_account(client, people, handed):
    post, (draft, *_others), _seat, handover = handed
    with pytest.raises(Refused, match="Name a successor"):
        handing.pass_on(handover, by=people.colleague_bria, chosen=[draft.pk])
    follow(post, people, linked=False)
    with pytest.raises(Refused, match="no account"):
        handing.pass_on(handover, by=people.colleague_bria, chosen=[draft.pk])
    other = people.nobody
    other.organisation = post.organisation
    other.save(update_fields=["organisation"])
    Person.objects.filter(name="Next").update(user=other)
    with pytest.raises(Refused, match="does not file"):
        handing.pass_on(handover, by=people.colleague_bria, chosen=[draft.pk])
    handover.refresh_from_db()
    assert handover.is_open and Case.objects.get(pk=draft.pk).created_by == people.requester_bria


def test_ocha_passes_on_what_it_sees_and_learns_of_no_draft(client, people, handed):
    """A draft, and a request of another duty station, stay with those who see them."""
    post, (draft, submitted, _denied), _seat, handover = handed
    far = case_at("submitted", people)
    birao = DutyStation.objects.get(code="birao")
    Case.objects.filter(pk=far.pk).update(station=birao, origin_station=birao, destination_station=birao)
    follow(post, people)
    client.force_login(people.ocha_bria)
    page = client.get(reverse("requests:handover", args=[handover.pk])).content.decode()
    assert submitted.reference in page and draft.reference not in page and far.reference not in page
    chosen = [draft.pk, submitted.pk, far.pk]
    assert handing.pass_on(handover, by=people.ocha_bria, chosen=chosen) == [submitted]
    handover.refresh_from_db()
    assert handover.offered["case"] == [submitted.pk]
    told = Event.objects.get(kind="case.pass_on").notifications.filter(channel="portal")
    assert {row.recipient for row in told} == {people.colleague_bria, people.requester_bria}


@pytest.mark.parametrize("who", ["requester_birao", "ocha_birao", "ocha_bko", "hc", "force_u3", "admin", "nobody"])
def test_others_learn_nothing_of_it(client, people, handed, who):
    post, cases, _seat, handover = handed
    follow(post, people)
    client.force_login(getattr(people, who))
    for method in ("get", "post"):
        answer = getattr(client, method)(reverse("requests:handover", args=[handover.pk]), {"case": [cases[0].pk]})
        assert answer.status_code == 404
    with pytest.raises(Refused):
        handing.pass_on(handover, by=getattr(people, who), chosen=[cases[0].pk])
    assert Case.objects.get(pk=cases[0].pk).created_by == people.requester_bria
