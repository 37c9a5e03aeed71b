"""Who sees the meetings of a body, who reads what humanitarians note beside them, and who chairs it today?"""

import datetime as dt

import pytest
from django.utils import timezone

from cmcoord.accounts.models import Organisation
from cmcoord.meetings import chairs, visibility
from cmcoord.meetings.models import Meeting
from contacts import keepers
from contacts.models import Body, Holding, Person, Post, Seat, Sitting
from tests.meetings.making import cell_of, chaired, planned, seat

pytestmark = pytest.mark.django_db


def seat_kind(user, body) -> str:
    """As a fresh request would ask it."""
    for name in ("_grants", "_appointments"):
        user.__dict__.pop(name, None)
    found = chairs.seat_of(user, body)
    return found.kind if found else ""


def post_held(user, organisation, station, function="G3") -> Post:
    post = Post.objects.create(
        organisation=organisation, country_id="CAF", station=station, function=function, created_by=user
    )
    person = Person.objects.create(name=user.name, user=user)
    Holding.objects.create(post=post, person=person, starts=timezone.localdate(), recorded_by=user)
    return post


def test_a_force_sees_the_meetings_of_the_bodies_in_which_it_sits_today_and_of_no_other(people):
    body, other = chaired(people), cell_of("bambari")
    seen, unseen = planned(body, people.ocha_bgi), planned(other, people.ocha_bgi)
    for user in (people.force_sector, people.force_u3):
        assert list(Meeting.objects.visible_to(user)) == [seen]
    for user in (people.requester_bria, people.ocha_birao, people.undss):
        assert set(Meeting.objects.visible_to(user)) == {seen, unseen}
    for user in (people.force_ml, people.donor, people.ocha_bko, people.nobody, people.admin):
        assert not Meeting.objects.visible_to(user).exists()
    Sitting.objects.filter(organisation__acronym="MINUSCA").update(ends=timezone.localdate())
    assert not Meeting.objects.visible_to(people.force_sector).exists()


def test_other_bodies_are_for_those_who_sit_in_them_keep_them_or_oversee_the_country(people):
    group = Body.objects.get(country="CAF", kind="iccg")
    assert not visibility.reads_meetings(people.requester_un, group)
    for user in (people.ocha_bgi, people.hoo, people.hc):
        assert visibility.reads_meetings(user, group)
    assert not visibility.reads_meetings(people.ocha_bria, group)
    seat(group, "member", "WFP", by=people.ocha_bgi, function="Cluster coordinators")
    assert visibility.reads_meetings(people.requester_un, group)
    assert not visibility.reads_meetings(people.requester_bria, group)


def test_what_humanitarians_note_is_for_those_close_to_the_body_and_never_for_another_side(people):
    body = chaired(people)
    for user in (people.ocha_bria, people.ocha_bgi, people.hc, people.hoo):
        assert visibility.reads_notes(user, body)
    for user in (people.requester_bria, people.force_sector, people.force_u3, people.donor, people.ocha_bko):
        assert not visibility.reads_notes(user, body)
    seat(body, "member", "AID-A", by=people.ocha_bgi, function="Heads of mission of INGOs")
    assert visibility.reads_notes(people.requester_bria, body)
    assert not visibility.reads_notes(people.requester_birao, body)


def test_a_chair_seat_of_an_organisation_is_sat_in_by_ocha_of_the_body_and_by_those_who_answer_for_the_force(people):
    body = chaired(people)
    assert seat_kind(people.ocha_bria, body) == seat_kind(people.ocha_bgi, body) == Seat.Kind.CHAIR
    assert seat_kind(people.force_sector, body) == seat_kind(people.force_u3, body) == Seat.Kind.CO_CHAIR
    for user in (people.ocha_birao, people.hoo, people.requester_bria, people.hc, people.force_ml, people.donor):
        assert seat_kind(user, body) == ""
    bambari = chaired(people, "bambari")
    assert seat_kind(people.force_sector, bambari) == "", "their appointment names another station"
    assert seat_kind(people.force_u3, bambari) == Seat.Kind.CO_CHAIR


def test_a_chair_seat_through_a_post_is_its_holders_and_nobody_elses(people):
    body = cell_of()
    ocha, minusca = (Organisation.objects.get(acronym=name) for name in ("OCHA", "MINUSCA"))
    seat(body, "chair", "OCHA", by=people.ocha_bgi, post=post_held(people.ocha_bria, ocha, body.station, "Focal point"))
    seat(body, "co_chair", "MINUSCA", by=people.ocha_bgi, post=post_held(people.force_sector, minusca, body.station))
    assert seat_kind(people.ocha_bria, body) == "chair" and seat_kind(people.force_sector, body) == "co_chair"
    assert seat_kind(people.ocha_bgi, body) == seat_kind(people.force_u3, body) == ""
    Holding.objects.filter(person__user=people.force_sector).update(
        starts=timezone.localdate() - dt.timedelta(days=9), ends=timezone.localdate(), left_at=timezone.now()
    )
    assert seat_kind(people.force_sector, body) == "", "rotated out"


def test_a_co_chair_of_a_force_prepares_the_meetings_of_its_own_cell_and_plans_none(people):
    body, other = chaired(people), cell_of("bambari")
    assert chairs.prepares(people.force_sector, body) and not chairs.plans(people.force_sector, body)
    assert not chairs.prepares(people.force_sector, other)
    assert chairs.plans(people.ocha_bria, body) and not chairs.plans(people.ocha_bria, other)
    for user in (people.requester_bria, people.hc, people.hoo, people.donor, people.ocha_bko):
        assert chairs.why_not_plan(user, body) and chairs.why_not_prepare(user, body)


def test_who_keeps_and_who_chairs_is_answered_alike_of_one_body_and_of_all(people):
    """The set form and the single form are one rule, for everybody and every body."""
    cell, other = chaired(people), cell_of("bambari")
    post_held(people.requester_bria, people.ocha_bria.organisation, other.station)
    seat(other, "chair", "OCHA", by=people.ocha_bgi)
    bodies, kept, chairs_found = [cell, other, *Body.objects.exclude(kind="cell")[::4]], 0, 0
    for user in people.__dict__.values():
        of_all = set(Body.objects.filter(keepers.bodies_kept_where(user), pk__in=[row.pk for row in bodies]))
        assert of_all == {row for row in bodies if keepers.keeps_body(user, row)}, user
        planned_for = set(chairs.planned_by(user))
        seats = {row.seat.body_id for row in chairs.chaired_by(user).select_related("seat")}
        for row in bodies:
            assert (row.pk in seats) == (chairs.seat_of(user, row) is not None), (user, row)
            assert (row in planned_for) == (chairs.plans(user, row) and row.stage == Body.Stage.ACTIVE), (user, row)
        kept, chairs_found = kept + len(of_all), chairs_found + len(seats)
    assert kept > 6 and chairs_found >= 3
