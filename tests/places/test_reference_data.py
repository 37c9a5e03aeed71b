"""Does a new portal know its countries as they are? Counts and names are written by hand from the flyer and the law."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from cmcoord.accounts.models import Organisation
from cmcoord.places.models import AdminArea, Axis, Clock, Country, CountryProfile, DutyStation, Place, folded
from cmcoord.places.reference_data import load_reference
from contacts.models import Force


@pytest.mark.parametrize(
    ("day", "prefectures", "communes"), [("2020-12-31", 16, 1), ("2021-01-01", 20, 0), ("2026-11-22", 20, 0)]
)
def test_sixteen_prefectures_until_2020_and_twenty_since_2021(reference, day, prefectures, communes):
    areas = AdminArea.objects.filter(country="CAF").valid_on(dt.date.fromisoformat(day))
    assert areas.filter(kind="prefecture").count() == prefectures
    assert areas.filter(kind="commune").count() == communes


def test_a_code_belongs_to_one_area_at_a_time(reference):
    for day in (dt.date(2020, 6, 1), dt.date(2026, 6, 1)):
        codes = list(AdminArea.objects.exclude(code="").valid_on(day).values_list("country", "code"))
        assert len(codes) == len(set(codes))


def test_places_lie_in_the_prefecture_of_today(reference):
    assert Place.objects.get(name="Batangafo").area.name == "Ouham-Fafa"
    assert Place.objects.get(name="Paoua").area.code == "CF34"
    assert Place.objects.get(name="Bria").area.code == "CF52"


def test_mali_has_its_regions_and_four_stations(reference):
    assert AdminArea.objects.filter(country="MLI").valid_on(dt.date(2015, 1, 1)).count() == 9
    assert AdminArea.objects.filter(country="MLI").valid_on(dt.date(2024, 1, 1)).count() == 20
    codes = DutyStation.objects.filter(country="MLI").values_list("code", flat=True)
    assert set(codes) == {"bamako", "mopti", "tombouctou", "gao"}


def test_the_two_countries_decide_differently(reference):
    car = Country.objects.get(pk="CAF").profile_on(dt.date(2026, 1, 1))
    mali = Country.objects.get(pk="MLI").profile_on(dt.date(2026, 1, 1))
    assert (car.decision_model, car.escorts) == ("hc_via_ocha", "allowed")
    assert (mali.decision_model, mali.escorts) == ("hct_consensus", "not_foreseen")
    decided = {
        kind: (car.decision_for(kind), mali.decision_for(kind))
        for kind in ("AE", "MCDA-LOG", "MCDA-INF", "AREA", "EVAC", "MED")
    }
    assert decided == {
        "AE": ("hc", "hct_consensus"),
        "MCDA-LOG": ("hc", "hct_consulted"),
        "MCDA-INF": ("hc", "hct_consulted"),
        "AREA": ("force", "force"),
        "EVAC": ("hc", "hc"),
        "MED": ("hc", "hc"),
    }
    assert [kind for kind in decided if car.foresees(kind)] == ["AE", "MCDA-LOG", "MCDA-INF", "AREA", "EVAC", "MED"]
    assert [kind for kind in decided if mali.foresees(kind)] == ["MCDA-LOG", "MCDA-INF", "EVAC", "MED"]
    assert [kind for kind in decided if mali.offers(kind)] == ["AE", "MCDA-LOG", "MCDA-INF", "EVAC", "MED"]
    assert (car.reverse_requests, mali.reverse_requests) == ("on", "no_transport")
    assert not car.life_saving_exception
    assert not mali.life_saving_exception


def test_no_profile_is_in_force_before_the_first(reference):
    assert Country.objects.get(pk="CAF").profile_on(dt.date(2017, 10, 2)) is None


def test_the_latest_profile_that_has_begun_is_in_force(car):
    CountryProfile.objects.create(
        country=car, version=2, in_force_from=dt.date(2030, 1, 1), decision_model="hc_via_ocha",
        escorts="not_foreseen", strategy="coexistence",
    )  # fmt: skip
    assert car.profile_on(dt.date(2029, 12, 31)).version == 1
    assert car.profile_on(dt.date(2030, 1, 1)).version == 2


def test_the_routine_clocks_of_the_steps_one_after_another_fit_the_lead_time(car):
    """Cluster, station and security run in parallel; the acknowledgement lies inside the reply."""
    clocks = Clock.minutes_of(car.profile_on().pk, "AE", "routine")
    parallel = max(clocks["cluster"], clocks["station"], clocks["security"])
    assert clocks["acknowledgement"] <= clocks["reply"]
    in_a_row = ("national", "hc", "transmission", "reply", "scheduling")
    assert parallel + sum(clocks[step] for step in in_a_row) == clocks["lead_time"] == 40 * 60


@pytest.mark.parametrize("kind", ["AE", "MCDA-LOG", "MCDA-INF"])
def test_in_mali_the_country_team_has_two_days_within_the_lead_time(mali, kind):
    """48 hours round the clock are two working days of eight hours."""
    clocks = Clock.minutes_of(mali.profile_on().pk, kind, "routine")
    parallel = max(clocks["cluster"], clocks["station"], clocks["security"])
    in_a_row = ("national", "hc", "transmission", "reply", "scheduling")
    assert clocks["consultation"] == 48 * 60
    assert parallel + 16 * 60 + sum(clocks[step] for step in in_a_row) == clocks["lead_time"] == 40 * 60
    assert Clock.minutes_of(mali.profile_on().pk, kind, "urgent")["consultation"] == 12 * 60
    assert all(clock.round_the_clock for clock in mali.profile_on().clocks.filter(step="consultation"))


def test_every_type_that_is_on_has_its_clocks(reference):
    for profile in CountryProfile.objects.all():
        for kind in profile.request_types:
            for pace in ("routine", "urgent"):
                clocks = set(Clock.minutes_of(profile.pk, kind, pace))
                wanted = {"station", "reply"} if kind == "AREA" else {"station", "national", "reply"}
                assert wanted <= clocks, (kind, pace)
                assert {step for step in clocks if not Clock.has_step(kind, step)} == set()


def test_a_patrol_fits_its_lead_time(car):
    """From the duty station to the force: nobody decides."""
    clocks = Clock.minutes_of(car.profile_on().pk, "AREA", "routine")
    assert clocks["station"] + clocks["reply"] == clocks["lead_time"] == 24 * 60
    assert set(clocks) == {"station", "acknowledgement", "reply", "lead_time", "after_action"}


def test_urgent_clocks_run_round_the_clock_and_skip_the_cluster(car):
    assert all(clock.round_the_clock for clock in car.profile_on().clocks.filter(request_type="AE", pace="urgent"))
    clocks = Clock.minutes_of(car.profile_on().pk, "AE", "urgent")
    assert clocks["cluster"] == 0
    assert (clocks["hc"], clocks["reply"], clocks["acknowledgement"]) == (120, 120, 30)


def test_an_urgent_clock_in_working_hours_is_refused_by_the_database(car):
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pace="urgent").update(round_the_clock=False)


def test_loading_again_adds_nothing_and_leaves_corrections_alone(reference, django_assert_max_num_queries):
    DutyStation.objects.filter(code="bria").update(telephone="+236 11 11 11 11", covered_by=None)
    DutyStation.objects.filter(code="birao").update(covered_by=None)
    with django_assert_max_num_queries(30):
        assert load_reference() == 0
    assert DutyStation.objects.get(code="bria").telephone == "+236 11 11 11 11"
    assert DutyStation.objects.get(code="birao").covered_by is None


def test_loading_brings_back_what_is_missing(reference):
    Axis.objects.get(code="bria-birao").delete()
    assert load_reference() == 1 + 3
    assert [str(stop.place) for stop in Axis.objects.get(code="bria-birao").stops.all()] == ["Bria", "Ouandja", "Birao"]


def test_the_axis_of_the_food_convoy_passes_ippy(reference):
    stops = Axis.objects.get(country="CAF", code="bambari-bria").stops.select_related("place")
    assert [stop.place.name for stop in stops] == ["Bambari", "Ippy", "Bria"]


def test_forces_are_dated_and_belong_to_an_organisation_on_the_forces_side(reference):
    car = Country.objects.get(pk="CAF")
    assert "MINUSCA" in {force.acronym for force in Force.objects.present(car)}
    assert "MINUSCA" not in {force.acronym for force in Force.objects.present(car, dt.date(2014, 9, 14))}
    assert {force.organisation.side for force in Force.objects.select_related("organisation")} == {"force"}


def test_minusma_has_left_mali(reference):
    mali = Country.objects.get(pk="MLI")
    assert "MINUSMA" in {force.acronym for force in Force.objects.present(mali, dt.date(2023, 12, 31))}
    assert "MINUSMA" not in {force.acronym for force in Force.objects.present(mali, dt.date(2024, 1, 1))}


def test_every_type_of_organisation_has_a_side(reference):
    sides = {kind: Organisation(org_type=kind).side for kind in Organisation.Type.values}
    assert {kind for kind, side in sides.items() if side == "force"} == {
        "un_military", "un_police", "bilateral_force", "host_army", "gendarmerie", "national_police"
    }  # fmt: skip
    assert (sides["un_civilian"], sides["donor"], sides["local_authority"]) == (
        "mission_civilian", "donor", "authority"
    )  # fmt: skip
    assert sides["undss"] == sides["security_ngo"] == sides["red_cross"] == "humanitarian"


def test_names_are_found_without_their_accents(reference):
    assert folded("Kaga-Bandoro, Zémio, N’Délé") == "kaga-bandoro, zemio, n'dele"
    assert Place.objects.get(folded_name="ndele").name == "Ndélé"


def test_a_country_is_named_in_the_language_of_the_page(reference):
    car = Country.objects.get(pk="CAF")
    with translation.override("fr"):
        assert str(car) == "République centrafricaine"
    with translation.override("en"):
        assert str(car) == "Central African Republic"


def test_a_stations_working_hours_pass_over_the_countrys_holidays(bria, django_assert_num_queries):
    holidays = set(bria.country.holidays.values_list("date", flat=True))
    assert dt.date(2026, 12, 1) in holidays
    with django_assert_num_queries(1):
        calendar = bria.work_calendar()
    assert not calendar.is_working_day(dt.date(2026, 12, 1))
    assert calendar.is_working_day(dt.date(2026, 12, 2))
    with django_assert_num_queries(0):
        assert bria.country.work_calendar(holidays).opens == dt.time(8)


def test_a_station_cannot_cover_itself(bria):
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyStation.objects.filter(pk=bria.pk).update(covered_by=bria)
