"""Who answers now for a station? Its officer, else the covering station, else the national unit."""

import datetime as dt

import pytest
from django.utils import timezone

from cmcoord.accounts import duty, scope
from cmcoord.accounts.models import Appointment, Organisation
from cmcoord.accounts.roles import Perm, Role
from cmcoord.places.models import Country, DutyStation
from tests.people import appointed, make_person, standing_in


def test_the_stations_officer_is_on_duty_with_the_stations_telephone(ocha_bria, ocha_bgi, bria):
    at = duty.duty_at(bria, Perm.REVIEW_CASE)
    assert (at.people, at.how, at.place, at.telephone) == ([ocha_bria], "own", "Bria", bria.telephone)
    assert duty.duty_at(bria, Perm.REVIEW_CASE).people == [ocha_bria]


def test_a_station_without_officer_is_covered_by_the_named_station(ocha_bria, ocha_bgi, birao, bria):
    at = duty.duty_at(birao, Perm.REVIEW_CASE)
    assert (at.people, at.how, at.place, at.telephone) == ([ocha_bria], "covered", "Bria", bria.telephone)


def test_without_a_covering_officer_the_national_unit_answers(ocha_bgi, birao, car):
    at = duty.duty_at(birao, Perm.REVIEW_CASE)
    assert (at.people, at.how, at.place) == ([ocha_bgi], "national", str(car))
    assert at.telephone == car.national_unit_telephone


def test_the_national_unit_answers_for_its_country(ocha_bria, ocha_bgi, car):
    assert duty.duty_at(car, Perm.CLEAR_CASE).people == [ocha_bgi]
    assert duty.duty_at(car, Perm.REVIEW_CASE).people == [ocha_bgi]


def test_an_officer_of_another_country_is_never_on_duty(ocha_bko, birao, car):
    assert duty.duty_at(birao, Perm.REVIEW_CASE).people == []
    assert duty.duty_at(car, Perm.CLEAR_CASE).people == []


def test_whoever_is_away_is_replaced_by_the_stand_in(ocha_bria, ocha_bgi, hoo, bria):
    standing_in(hoo, ocha_bria.appointments.get())
    assert duty.duty_at(bria, Perm.REVIEW_CASE).people == [hoo]


def test_two_officers_of_a_station_are_both_on_duty(ocha_bria, bria):
    second = make_person("ocha.bria2", organisation=Organisation.objects.get(acronym="OCHA"), name="Second officer")
    appointed(second, Role.OCHA_OFFICER, station="bria")
    assert duty.duty_at(bria, Perm.REVIEW_CASE).people == [ocha_bria, second]


def test_duty_changes_when_the_appointment_ends(ocha_bria, ocha_bgi, bria):
    Appointment.objects.filter(user=ocha_bria).update(ended_at=timezone.now(), ended_by=ocha_bgi)
    assert duty.duty_at(bria, Perm.REVIEW_CASE).people == [ocha_bgi]


def test_without_a_telephone_of_the_place_the_persons_own_is_shown(ocha_bria, bria):
    DutyStation.objects.filter(pk=bria.pk).update(telephone="")
    assert duty.duty_at(bria, Perm.REVIEW_CASE).telephone == ocha_bria.telephone


def test_stations_that_cover_each_other_without_anybody_fall_to_the_national_unit(ocha_bgi):
    zemio, obo = DutyStation.objects.get(code="zemio"), DutyStation.objects.get(code="obo")
    DutyStation.objects.filter(pk=zemio.pk).update(covered_by=obo)
    assert duty.duty_at(obo, Perm.REVIEW_CASE).people == [ocha_bgi]


def test_nobody_at_all_is_an_empty_list(reference, bria):
    assert duty.duty_at(bria, Perm.REVIEW_CASE).people == []
    assert duty.duty_at(bria, Perm.REVIEW_CASE).name == ""


@pytest.mark.parametrize("whole", [False, True])
def test_a_whole_country_costs_two_queries(ocha_bria, ocha_bgi, whole, django_assert_num_queries):
    country = Country.objects.get(pk="CAF") if whole else "CAF"
    with django_assert_num_queries(2):
        board = duty.duty_board(country, Perm.REVIEW_CASE)
    assert len(board) == 16


def test_a_country_without_stations_is_its_national_unit(reference):
    country = Country.objects.create(
        code="XXX",
        name_en="Elsewhere",
        name_fr="Ailleurs",
        timezone="Africa/Bamako",
        national_unit_telephone="+1 000 000",
    )
    assert duty.duty_board("XXX", Perm.REVIEW_CASE)[None].telephone == "+1 000 000"
    assert duty.duty_at(country, Perm.REVIEW_CASE).people == []


def test_what_is_never_delegated_has_no_stand_in_on_duty(admin, hoo, car):
    """Administrators work for the whole portal: no country has one of its own."""
    standing_in(hoo, admin.appointments.get())
    assert duty.duty_at(car, Perm.CONFIRM_RIGHTS).people == []


ROSTER = (Perm.REVIEW_CASE, Perm.DECIDE_CASE, Perm.ADVISE_CLUSTER)


def test_a_roster_answers_as_scope_and_duty_do(ocha_bria, ocha_bgi, hc, hoo, log_cluster, ocha_bko, bria, car):
    standing_in(hoo, hc.appointments.get())
    standing_in(ocha_bgi, ocha_bria.appointments.get())
    roster = duty.roster(car, ROSTER)
    for perm in ROSTER:
        assert roster.holders(perm) == scope.holders(perm, country=car)
    assert roster.holders(Perm.ADVISE_CLUSTER, cluster="LOG") == [log_cluster]
    assert roster.holders(Perm.ADVISE_CLUSTER, cluster="NUT") == []
    assert roster.on_duty_at(bria, Perm.REVIEW_CASE) == duty.duty_at(bria, Perm.REVIEW_CASE).people == [ocha_bgi]


def test_a_roster_finds_the_covering_station(ocha_bria, ocha_bgi, birao, car):
    assert duty.roster(car, ROSTER).on_duty_at(birao, Perm.REVIEW_CASE) == [ocha_bria]


def test_a_roster_leaves_out_who_left_and_what_ended(ocha_bria, ocha_bgi, hc, car):
    hc.is_active = False
    hc.save()
    ended = ocha_bria.appointments.get()
    Appointment.objects.filter(pk=ended.pk).update(ends=timezone.localdate() - dt.timedelta(days=1))
    roster = duty.roster(car, ROSTER)
    assert roster.holders(Perm.DECIDE_CASE) == []
    assert roster.holders(Perm.REVIEW_CASE) == [ocha_bgi]


def test_a_roster_costs_one_query_whatever_is_asked(ocha_bria, ocha_bgi, hc, bria, car, django_assert_num_queries):
    with django_assert_num_queries(1):
        roster = duty.roster(car, ROSTER)
        for perm in ROSTER:
            roster.holders(perm)
        roster.on_duty_at(bria, Perm.REVIEW_CASE)
