"""May this person do that, here, today? Rights match by every field of a role's scope, and follow their dates."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from cmcoord.accounts import scope
from cmcoord.accounts.models import Appointment, Organisation, User
from cmcoord.accounts.roles import ROLES, Perm, Role, roles_with
from cmcoord.places.local_dates import today_in
from cmcoord.places.models import DutyStation
from tests.people import appointed, make_person, standing_in

DAY = dt.timedelta(days=1)


@dataclass
class Thing:
    """Anything that says where it belongs."""

    country: str = "CAF"
    stations: set = field(default_factory=set)
    clusters: set = field(default_factory=set)
    organisation: int | None = None
    forces: set = field(default_factory=set)
    touches: set = field(default_factory=set)
    author: int | None = None

    def scope_facts(self):
        return vars(self)


def again(user):
    """The same person on the next request."""
    return User.objects.get(pk=user.pk)


def at(*codes, **facts):
    return Thing(stations=set(DutyStation.objects.filter(code__in=codes).values_list("pk", flat=True)), **facts)


# Written by hand: what each role may do. A change of roles.py must be wanted here too.
EXPECTED = {
    "requester": {"file_case"},
    "cluster": {"advise_cluster"},
    "ocha_officer": {
        "review_case",
        "transmit_case",
        "suspend_case",
        "record_for_others",
        "waive_after_action",
        "see_register",
        "propose_status",
    },
    "ocha_national": {
        "review_case",
        "clear_case",
        "transmit_case",
        "suspend_case",
        "record_for_others",
        "waive_after_action",
        "see_country_cases",
        "end_sessions",
        "enter_position",
        "see_register",
        "propose_status",
        "propose_profile",
    },
    "head_of_office": {"see_country_cases", "see_statistics", "see_register"},
    "hc": {
        "decide_case",
        "delegate_decision",
        "read_forwarded",
        "suspend_case",
        "see_statistics",
        "see_register",
        "confirm_status",
        "confirm_profile",
        "endorse_position",
    },
    "special_assistant": {"read_forwarded"},
    "hct_member": {"see_register", "confirm_status", "take_position"},
    "undss": {"advise_un_security"},
    "ngo_security": {"advise_ngo_security"},
    "force_ops": {"answer_as_force", "ask_reverse"},
    "force_sector": {"answer_as_force", "ask_reverse"},
    "cimic": {"ask_reverse"},
    "admin": {"manage_accounts", "confirm_rights", "end_sessions"},
}


@pytest.mark.parametrize("role", Role.values)
def test_a_role_has_exactly_the_rights_of_the_table_written_by_hand(role):
    assert {perm.value for perm in ROLES[Role(role)].perms} == EXPECTED.get(role, set())


def test_every_right_belongs_to_somebody():
    assert [perm for perm in Perm if not roles_with(perm)] == []


def test_an_administrator_has_no_right_over_any_case(admin):
    assert {grant.perm for grant in scope.grants(admin)} == {
        Perm.MANAGE_ACCOUNTS,
        Perm.CONFIRM_RIGHTS,
        Perm.END_SESSIONS,
    }


def test_a_station_officer_acts_at_the_own_station_only(ocha_bria, ocha_birao):
    assert ocha_bria.has_perm(Perm.REVIEW_CASE, at("bria"))
    assert not ocha_bria.has_perm(Perm.REVIEW_CASE, at("birao"))
    assert not ocha_bria.has_perm(Perm.REVIEW_CASE, at())
    assert not ocha_bria.has_perm(Perm.CLEAR_CASE, at("bria"))


def test_the_national_unit_acts_in_its_whole_country_and_in_no_other(ocha_bgi, ocha_bko):
    assert ocha_bgi.has_perm(Perm.CLEAR_CASE, at("birao"))
    assert not ocha_bko.has_perm(Perm.CLEAR_CASE, at("birao"))
    assert not ocha_bgi.has_perm(Perm.CLEAR_CASE, at("gao", country="MLI"))


def test_the_station_does_not_help_in_a_case_of_another_country(ocha_bria, bria):
    assert not ocha_bria.has_perm(Perm.REVIEW_CASE, Thing(country="MLI", stations={bria.pk}))


def test_a_requester_files_for_the_own_organisation_only(requester_bria, other_ngo):
    own = Thing(organisation=requester_bria.organisation_id, author=requester_bria.pk)
    assert requester_bria.has_perm(Perm.FILE_CASE, own)
    assert not requester_bria.has_perm(Perm.FILE_CASE, Thing(organisation=other_ngo.pk, author=requester_bria.pk))
    assert not requester_bria.has_perm(Perm.FILE_CASE, Thing(organisation=None, author=requester_bria.pk))


def test_a_requesters_base_narrows_the_right_to_what_touches_it(requester_bria, colleague_bria):
    bria, birao = (DutyStation.objects.get(code=code).pk for code in ("bria", "birao"))
    facts = {"organisation": requester_bria.organisation_id, "author": colleague_bria.pk}
    assert requester_bria.has_perm(Perm.FILE_CASE, Thing(touches={birao, bria}, **facts))
    assert not requester_bria.has_perm(Perm.FILE_CASE, Thing(touches={birao, None}, **facts))
    assert requester_bria.has_perm(Perm.FILE_CASE, Thing(touches={birao}, **facts | {"author": requester_bria.pk}))
    assert scope.base_station(requester_bria) == bria
    requester_bria.appointments.update(station=None)
    assert again(requester_bria).has_perm(Perm.FILE_CASE, Thing(touches={birao}, **facts))


def test_a_force_answers_only_what_was_transmitted_to_it(force_u3, force_sector, minusca):
    mine, others = Thing(forces={minusca.organisation_id}), Thing(forces={minusca.organisation_id + 1})
    for officer in (force_u3, force_sector):
        assert officer.has_perm(Perm.ANSWER_AS_FORCE, mine)
        assert not officer.has_perm(Perm.ANSWER_AS_FORCE, others)
        assert not officer.has_perm(Perm.ANSWER_AS_FORCE, Thing())


def test_a_force_with_the_same_number_as_the_requesters_organisation_files_nothing(force_u3):
    assert not force_u3.has_perm(Perm.FILE_CASE, Thing(organisation=force_u3.organisation_id))


def test_a_cluster_coordinator_advises_for_the_own_cluster_only(log_cluster):
    assert log_cluster.has_perm(Perm.ADVISE_CLUSTER, Thing(clusters={"LOG", "HEA"}))
    assert not log_cluster.has_perm(Perm.ADVISE_CLUSTER, Thing(clusters={"HEA"}))
    assert not log_cluster.has_perm(Perm.ADVISE_CLUSTER, Thing())


def test_without_an_object_the_question_is_whether_the_right_is_held_anywhere(ocha_bria, donor, nobody):
    assert ocha_bria.has_perm(Perm.REVIEW_CASE)
    assert not donor.has_perm(Perm.REVIEW_CASE)
    assert not nobody.has_perm(Perm.FILE_CASE)


def test_an_anonymous_visitor_and_a_deactivated_account_have_no_right(ocha_bria):
    assert scope.grants(AnonymousUser()) == ()
    User.objects.filter(pk=ocha_bria.pk).update(is_active=False)
    assert scope.grants(again(ocha_bria)) == ()
    assert not again(ocha_bria).has_perm(Perm.REVIEW_CASE, at("bria"))


def test_no_flag_of_the_account_gives_a_right(nobody):
    nobody.is_superuser = nobody.is_staff = True  # the database refuses to store the first one
    assert not scope.has_perm(nobody, Perm.DECIDE_CASE)


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(-2, None, True), (0, 0, True), (-9, 0, True), (1, None, False), (-9, -1, False), (1, 5, False)],
)
def test_a_right_begins_and_ends_with_its_date(nobody, starts, ends, holds):
    today = today_in("Africa/Bangui")
    appointed(
        nobody,
        Role.HC,
        starts=today + starts * DAY,
        ends=None if ends is None else today + ends * DAY,
    )
    assert scope.has_perm(nobody, Perm.DECIDE_CASE) is holds


def test_an_unconfirmed_appointment_gives_no_right(nobody):
    appointed(nobody, Role.HC, confirmed=False)
    assert not scope.has_perm(nobody, Perm.DECIDE_CASE)


def test_an_ended_appointment_gives_no_right(ocha_bria, ocha_bgi):
    Appointment.objects.filter(user=ocha_bria).update(ended_at=timezone.now(), ended_by=ocha_bgi)
    assert not again(ocha_bria).has_perm(Perm.REVIEW_CASE)


def test_a_right_ends_at_midnight_of_its_country_and_not_of_the_server(nobody, monkeypatch):
    """23:30 in UTC is 00:30 of the next day in Bangui, and still today in Bamako."""
    late = dt.datetime(2026, 3, 10, 23, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    last = dt.date(2026, 3, 10)
    appointed(nobody, Role.HC, starts=dt.date(2026, 1, 1), ends=last)
    appointed(nobody, Role.HC, country="MLI", starts=dt.date(2026, 1, 1), ends=last)
    appointed(nobody, Role.HEAD_OF_OFFICE, starts=dt.date(2026, 3, 11))
    assert scope.countries_for(nobody, Perm.DECIDE_CASE) == {"MLI"}
    assert scope.countries_for(nobody, Perm.SEE_COUNTRY_CASES) == {"CAF"}
    assert [user.username for user in scope.holders(Perm.DECIDE_CASE, country="CAF")] == []
    assert [user.username for user in scope.holders(Perm.DECIDE_CASE, country="MLI")] == ["nobody"]


def test_administrators_of_no_country_keep_their_right_while_days_differ(admin, hoo, monkeypatch):
    standing_in(hoo, admin.appointments.get())
    late = dt.datetime.combine(timezone.localdate(), dt.time(23, 30), tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert again(admin).has_perm(Perm.MANAGE_ACCOUNTS)
    assert [user.username for user in scope.holders(Perm.MANAGE_ACCOUNTS)] == ["admin", "hoo.car"]


# ── stand-ins ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stand_in_has_the_principals_right_and_it_says_for_whom(hc, hoo):
    standing_in(hoo, hc.appointments.get())
    grant = scope.grant_for(hoo, Perm.SUSPEND_CASE, Thing())
    assert (grant.user_id, grant.principal_id, grant.role) == (hoo.pk, hc.pk, Role.HC)
    assert scope.grant_for(hc, Perm.SUSPEND_CASE, Thing()).principal_id is None


def test_no_stand_in_decides_or_delegates(hc, hoo):
    standing_in(hoo, hc.appointments.get())
    assert not scope.has_perm(hoo, Perm.DECIDE_CASE)
    assert not scope.has_perm(hoo, Perm.DELEGATE_DECISION)
    assert scope.holders(Perm.DECIDE_CASE, country="CAF") == [hc]


def test_an_own_right_is_preferred_to_a_stand_ins(ocha_bria, ocha_bgi):
    standing_in(ocha_bgi, ocha_bria.appointments.get())
    assert scope.grant_for(ocha_bgi, Perm.REVIEW_CASE, at("bria")).principal_id is None


@pytest.mark.parametrize(("starts", "ends", "holds"), [(-1, 1, True), (0, 0, True), (1, 2, False), (-3, -1, False)])
def test_a_stand_in_counts_within_its_dates_only(hc, hoo, starts, ends, holds):
    today = today_in("Africa/Bangui")
    standing_in(hoo, hc.appointments.get(), starts=today + starts * DAY, ends=today + ends * DAY)
    assert scope.has_perm(hoo, Perm.SUSPEND_CASE) is holds


def test_a_stand_in_has_nothing_once_the_appointment_has_ended(hc, hoo, admin):
    appointment = hc.appointments.get()
    standing_in(hoo, appointment)
    Appointment.objects.filter(pk=appointment.pk).update(ended_at=timezone.now(), ended_by=admin)
    assert not scope.has_perm(hoo, Perm.SUSPEND_CASE)


def test_a_stand_in_has_nothing_once_the_principals_account_is_closed(hc, hoo):
    standing_in(hoo, hc.appointments.get())
    User.objects.filter(pk=hc.pk).update(is_active=False)
    assert not scope.has_perm(hoo, Perm.SUSPEND_CASE)
    assert scope.holders(Perm.DECIDE_CASE) == []


def test_a_stand_in_of_a_stand_in_has_nothing(hc, hoo, ocha_bgi):
    standing_in(hoo, hc.appointments.get())
    standing_in(ocha_bgi, hoo.appointments.get())
    assert {each.principal_id for each in scope.grants(ocha_bgi)} == {None, hoo.pk}


def test_confirming_rights_is_never_delegated(admin, hoo):
    standing_in(hoo, admin.appointments.get())
    assert scope.has_perm(hoo, Perm.MANAGE_ACCOUNTS)
    assert not scope.has_perm(hoo, Perm.CONFIRM_RIGHTS)
    assert scope.holders(Perm.CONFIRM_RIGHTS) == [admin]


# ── sets ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_set_questions_name_what_a_person_may_act_on(ocha_bria, ocha_birao, ocha_bgi, log_cluster, force_u3, bria):
    assert scope.stations_for(ocha_bria, Perm.REVIEW_CASE) == {bria.pk}
    assert scope.stations_for(ocha_bgi, Perm.REVIEW_CASE) == set()
    assert scope.countries_for(ocha_bgi, Perm.REVIEW_CASE) == {"CAF"}
    assert scope.countries_for(ocha_bria, Perm.REVIEW_CASE) == set()
    assert scope.clusters_for(log_cluster, Perm.ADVISE_CLUSTER) == {("CAF", "LOG")}
    assert scope.organisations_for(force_u3, Perm.ANSWER_AS_FORCE) == {force_u3.organisation_id}
    assert scope.organisations_for(force_u3, Perm.FILE_CASE) == set()


def test_a_station_without_officer_falls_to_the_one_that_covers_it(ocha_bria, birao, bria):
    assert scope.stations_for(ocha_bria, Perm.REVIEW_CASE) == {bria.pk, birao.pk}
    grant = scope.grant_for(ocha_bria, Perm.REVIEW_CASE, at("birao"))
    assert grant.covering


def test_cover_ends_as_soon_as_the_station_has_an_officer(ocha_bria, ocha_birao, bria):
    assert scope.stations_for(ocha_bria, Perm.REVIEW_CASE) == {bria.pk}


def test_cover_passes_along_to_the_first_station_with_an_officer(reference):
    """Obo is covered by Zémio, which is covered by Bangassou."""
    officer = make_person("ocha.bangassou", organisation=Organisation.objects.get(acronym="OCHA"))
    appointed(officer, Role.OCHA_OFFICER, station="bangassou")
    codes = {"bangassou", "zemio", "obo"}
    expected = set(DutyStation.objects.filter(code__in=codes).values_list("pk", flat=True))
    assert scope.stations_for(officer, Perm.REVIEW_CASE) == expected


def test_cover_that_goes_round_in_a_circle_ends(ocha_bgi):
    zemio, obo = DutyStation.objects.get(code="zemio"), DutyStation.objects.get(code="obo")
    DutyStation.objects.filter(pk=zemio.pk).update(covered_by=obo)
    assert not {zemio.pk, obo.pk} & set(scope.cover_map())


def test_holders_are_those_with_exactly_that_scope_and_their_stand_ins(ocha_bria, ocha_birao, ocha_bgi, hoo, bria, car):
    standing_in(hoo, ocha_bria.appointments.get())
    assert scope.holders(Perm.REVIEW_CASE, station=bria) == [ocha_bria, hoo]
    assert scope.holders(Perm.CLEAR_CASE, country=car) == [ocha_bgi]
    assert scope.holders(Perm.CLEAR_CASE, country="MLI") == []
    assert ocha_bgi not in scope.holders(Perm.REVIEW_CASE, station=bria.pk)


def test_holders_take_one_query(ocha_bria, ocha_bgi, django_assert_num_queries):
    with django_assert_num_queries(1):
        for person in scope.holders(Perm.REVIEW_CASE, country="CAF"):
            assert person.side == "humanitarian"


def test_role_holders_and_owners(hc, hoo):
    standing_in(hoo, hc.appointments.get())
    assert scope.role_holders(Role.HC, country="CAF") == [hc, hoo]
    assert list(scope.role_owners(Role.HC)) == [hc]


# ── cost ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_rights_of_a_person_cost_two_queries_at_most(ocha_bria, hc, django_assert_num_queries):
    standing_in(ocha_bria, hc.appointments.get())
    standing_in(hc, ocha_bria.appointments.get())
    for person, queries in ((again(ocha_bria), 2), (again(hc), 2)):
        with django_assert_num_queries(queries):
            for perm in Perm:
                person.has_perm(perm, Thing())
            scope.stations_for(person, Perm.REVIEW_CASE)
            scope.countries_for(person, Perm.DECIDE_CASE)


def test_a_person_without_station_costs_one_query(hc, django_assert_num_queries):
    person = again(hc)
    with django_assert_num_queries(1):
        assert scope.has_perm(person, Perm.DECIDE_CASE, Thing())


def test_a_request_reads_the_rights_once_and_the_next_one_reads_them_again(hc):
    request_one, request_two = again(hc), again(hc)
    assert scope.has_perm(request_one, Perm.DECIDE_CASE)
    Appointment.objects.filter(user=hc).update(ends=timezone.localdate() - DAY)
    assert scope.has_perm(request_one, Perm.DECIDE_CASE)
    assert not scope.has_perm(request_two, Perm.DECIDE_CASE)
    scope.forget_grants(request_one)
    assert not scope.has_perm(request_one, Perm.DECIDE_CASE)
