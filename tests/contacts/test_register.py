"""When is a force stopped, where, and who may say so?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts.models import Organisation
from cmcoord.accounts.roles import Role
from cmcoord.activity.barrier import Side
from cmcoord.activity.models import Event, Notification
from cmcoord.places.models import AdminArea
from contacts import keepers, register
from contacts.models import Force, ForceStatus, StatusAnswer
from contacts.services import confirm_status, propose_status, reject_status
from tests.people import appointed, made_up_organisation, person

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)
WEEK = dt.timedelta(days=7)
NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
SAID = {"basis": "Communiqué of the force.", "clause": "ML-POS ¶7"}


@pytest.fixture
def member(reference):
    """Of the country team, of the humanitarian side."""
    return person("hct.car", Role.HCT_MEMBER, organisation="WFP", name="Country director")


@pytest.fixture
def ouaka(reference):
    return AdminArea.objects.current().get(country="CAF", name="Ouaka")


@pytest.fixture
def elsewhere(reference):
    return AdminArea.objects.current().get(country="CAF", name="Vakaga")


@pytest.fixture
def propose(minusca, ocha_bgi):
    """A proposal of the national unit, one minute after the one before."""
    minutes = iter(range(1000))

    def proposed(status, valid_from=TODAY, **facts):
        at = NOON + dt.timedelta(minutes=next(minutes))
        return propose_status(
            facts.pop("force", minusca), by=facts.pop("by", ocha_bgi), status=status, valid_from=valid_from, now=at,
            **SAID, **facts,
        )  # fmt: skip

    return proposed


@pytest.fixture
def confirmed(propose, hc):
    def both(*args, **facts):
        row = propose(*args, **facts)
        confirm_status(row, by=hc)
        return row

    return both


def stopped(force, area=None, day=TODAY):
    return stopped_in(force, [area.pk] if area else [], day)


def stopped_in(force, areas, day=TODAY):
    """What provider.stop asks, for one day: the rows of the force, and the places as chains."""
    chains = register.read_map(force.country_id).chains(areas)
    return register.stop_in(register.read(force), chains, day, day) is not None


@pytest.mark.parametrize("status", ["party", "in_combat", "disputed"])
def test_what_worsens_acts_as_soon_as_it_is_proposed(status, propose, minusca, ouaka):
    propose(status)
    assert stopped(minusca, ouaka)
    assert not stopped(minusca, ouaka, TODAY - WEEK)


def test_a_force_without_a_status_or_not_a_party_is_not_stopped(propose, minusca, ouaka):
    assert not stopped(minusca, ouaka)
    propose("not_party")
    assert not stopped(minusca, ouaka)


def test_what_improves_acts_once_it_is_confirmed(propose, confirmed, minusca, ouaka, hc):
    confirmed("in_combat", TODAY - WEEK)
    better = propose("not_party")
    assert stopped(minusca, ouaka)
    confirm_status(better, by=hc)
    assert not stopped(minusca, ouaka)
    assert stopped(minusca, ouaka, TODAY - WEEK)


def test_the_end_of_a_stop_counts_once_it_is_confirmed(propose, minusca, ouaka, hc):
    row = propose("in_combat", valid_to=TODAY + WEEK)
    assert stopped(minusca, ouaka, TODAY + 2 * WEEK)
    confirm_status(row, by=hc)
    assert stopped(minusca, ouaka, TODAY + WEEK)
    assert not stopped(minusca, ouaka, TODAY + 2 * WEEK)


def test_what_is_rejected_stops_nothing(propose, minusca, ouaka, hc):
    row = propose("party")
    reject_status(row, by=hc, reason="Not what the panel of experts says.")
    assert not stopped(minusca, ouaka)


def test_after_a_confirmed_pause_the_earlier_status_counts_again(confirmed, minusca, ouaka):
    confirmed("in_combat", TODAY - WEEK)
    confirmed("not_party", TODAY, valid_to=TODAY + WEEK)
    assert not stopped(minusca, ouaka, TODAY + WEEK)
    assert stopped(minusca, ouaka, TODAY + 2 * WEEK)


def test_a_stop_in_one_area_leaves_the_others(confirmed, minusca, ouaka, elsewhere):
    confirmed("in_combat", area=ouaka)
    assert stopped(minusca, ouaka)
    assert not stopped(minusca, elsewhere)


def test_where_it_goes_is_not_known_every_area_counts(confirmed, minusca, ouaka):
    confirmed("in_combat", area=ouaka)
    assert stopped(minusca)
    assert stopped_in(minusca, [None])
    assert stopped_in(minusca, [10**6])


def test_a_stop_reaches_what_lies_within_and_what_it_lies_in(confirmed, minusca, ouaka, elsewhere):
    part = AdminArea.objects.create(country_id="CAF", kind="prefecture", name="Part of Ouaka", level=2, parent=ouaka)
    confirmed("in_combat", area=part)
    assert stopped(minusca, part)
    assert stopped(minusca, ouaka)
    assert not stopped(minusca, elsewhere)
    other = Force.objects.get(acronym="FACA")
    confirmed("in_combat", area=ouaka, force=other)
    assert stopped(other, part)


def test_one_area_is_exempted_by_a_later_confirmed_word_and_by_no_earlier_one(propose, confirmed, minusca, ouaka, hc):
    confirmed("not_party", TODAY - WEEK, area=ouaka)
    confirmed("party")
    assert stopped(minusca, ouaka)
    exempt = propose("not_party", area=ouaka)
    assert stopped(minusca, ouaka)
    confirm_status(exempt, by=hc)
    assert not stopped(minusca, ouaka)
    assert stopped(minusca)


def test_what_was_said_of_an_area_that_was_redrawn_counts_everywhere(confirmed, minusca, ouaka, elsewhere):
    confirmed("in_combat", area=ouaka)
    AdminArea.objects.filter(pk=ouaka.pk).update(valid_to=TODAY)
    assert stopped(minusca, elsewhere)


def test_a_correction_stands_in_place_of_its_row_once_confirmed(propose, confirmed, minusca, ouaka, hc):
    wrong = confirmed("in_combat", TODAY - WEEK)
    right = propose("not_party", TODAY - WEEK, corrects=wrong)
    assert stopped(minusca, ouaka)
    confirm_status(right, by=hc)
    assert not stopped(minusca, ouaka, TODAY - WEEK)
    assert ForceStatus.objects.count() == 2


def test_a_worsening_correction_acts_at_once(propose, confirmed, minusca, ouaka):
    wrong = confirmed("not_party", TODAY)
    propose("party", TODAY, corrects=wrong)
    assert stopped(minusca, ouaka)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((TODAY, TODAY + WEEK), (TODAY + WEEK, None)),
        ((TODAY, None), (TODAY, None)),
        ((TODAY, None), (TODAY - WEEK, None)),
        ((TODAY, None), (TODAY - WEEK, TODAY)),
        ((TODAY, TODAY + WEEK), (TODAY + WEEK / 7, TODAY + 2 * WEEK)),
    ],
)
def test_periods_of_one_force_and_area_do_not_overlap(old, new, propose, ouaka):
    propose("party", old[0], valid_to=old[1])
    with pytest.raises(ValidationError, match="two periods cannot overlap"):
        propose("in_combat", new[0], valid_to=new[1])
    assert ForceStatus.objects.count() == 1
    assert propose("in_combat", new[0], valid_to=new[1], area=ouaka)


def test_a_status_without_an_end_gives_way_to_the_next(propose, minusca):
    propose("party", TODAY - WEEK)
    propose("in_combat", TODAY)
    assert ForceStatus.objects.filter(force=minusca).count() == 2


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"valid_to": TODAY - WEEK}, "ends before it begins"),
        ({"basis": " "}, "on what it rests"),
        ({"status": "winning"}, "not a valid choice"),
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence_and_nothing_is_kept(facts, sentence, minusca, ocha_bgi):
    with pytest.raises(ValidationError, match=sentence):
        propose_status(minusca, by=ocha_bgi, **{"status": "party", "valid_from": TODAY, **SAID, **facts})
    assert not ForceStatus.objects.exists()
    assert not Event.objects.filter(kind="status.propose").exists()


def test_an_area_of_another_country_and_a_correction_elsewhere_are_refused(propose, ouaka):
    mopti = AdminArea.objects.current().get(country="MLI", name="Mopti")
    with pytest.raises(ValidationError, match="another country"):
        propose("party", area=mopti)
    row = propose("party", area=ouaka)
    with pytest.raises(ValidationError, match="the same area"):
        propose("not_party", corrects=row)


@pytest.mark.parametrize("name", ["hc", "requester_bria", "force_u3", "donor", "ocha_bko", "undss", "hoo", "admin"])
def test_only_ocha_of_the_country_proposes(name, request, propose):
    with pytest.raises(PermissionDenied):
        propose("party", by=request.getfixturevalue(name))
    assert not ForceStatus.objects.exists()


@pytest.mark.parametrize("name", ["ocha_bgi", "ocha_bria", "requester_bria", "force_u3", "hc_ml", "hoo"])
def test_only_the_coordinator_and_the_country_team_confirm(name, request, propose):
    row = propose("party")
    for act in (confirm_status, reject_status):
        facts = {"reason": "No."} if act is reject_status else {}
        with pytest.raises(PermissionDenied):
            act(row, by=request.getfixturevalue(name), **facts)
    assert not StatusAnswer.objects.exists()


def test_an_officer_of_a_duty_station_proposes_for_the_country_and_a_member_confirms(propose, ocha_bria, member):
    row = propose("party", by=ocha_bria)
    answer = confirm_status(row, by=member)
    assert (answer.capacity, answer.outcome) == ("hct_member", "confirmed")


def test_nobody_confirms_what_they_proposed_nor_answers_twice(propose, ocha_bgi, hc):
    appointed(ocha_bgi, Role.HCT_MEMBER)
    row = propose("party")
    with pytest.raises(ValidationError, match="somebody else must confirm"):
        confirm_status(row, by=ocha_bgi)
    confirm_status(row, by=hc)
    with pytest.raises(ValidationError, match="answered this already"):
        reject_status(row, by=hc, reason="Changed my mind.")


def test_a_rejection_needs_its_reason(propose, hc):
    with pytest.raises(ValidationError, match="in a sentence"):
        reject_status(propose("party"), by=hc, reason=" ")


def test_a_member_of_the_country_team_of_another_side_reads_no_rating(reference):
    donor = person("hct.donor", Role.HCT_MEMBER, organisation="ECHO", name="Donor of the team")
    assert donor.side == Side.DONOR
    assert keepers.registers_of(donor) == set()


def test_rows_are_never_changed_or_deleted(confirmed):
    row = confirmed("party")
    for wrong in (
        lambda: ForceStatus.objects.filter(pk=row.pk).update(status="not_party"),
        lambda: StatusAnswer.objects.filter(status=row).update(outcome="rejected", reason="x"),
        lambda: StatusAnswer.objects.filter(status=row).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            wrong()


def test_the_trail_keeps_no_rating_in_clear_and_a_mail_says_only_that_something_waits(propose, hc, member, ocha_bgi):
    row = propose("in_combat")
    event = Event.objects.get(kind="status.propose")
    assert "in_combat" not in str(event.data) and "MINUSCA" not in str(event.data)
    told = Notification.objects.filter(event=event)
    assert {each.recipient for each in told} == {hc, member}
    assert not told.filter(channel=Notification.Channel.SMS).exists()
    assert (event.subject_kind, event.subject_id) == ("forcestatus", row.pk)


def test_a_force_is_not_twice_in_a_country_at_one_time(minusca):
    again = Force(
        organisation=minusca.organisation, country_id="CAF", acronym="MINUSCA", name_en="Again",
        name_fr="Encore", category="regional",
        active_from=TODAY,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="part of this time already"):
        again.full_clean()
    Force.objects.filter(pk=minusca.pk).update(active_to=TODAY - WEEK)
    again.full_clean()


def test_the_reach_of_the_guidelines_is_a_fact_and_armed_groups_have_no_category(reference):
    reach = dict(Force.objects.values_list("acronym", "bound_by_guidelines"))
    assert (reach["MINUSCA"], reach["UNPOL"], reach["EUTM RCA"]) == ("bound", "bound", "encouraged")
    assert set(Force.Category.values) == {
        "mission_military", "mission_police", "regional", "bilateral", "host_army", "gendarmerie", "police"
    }  # fmt: skip
    assert "Armed groups outside the State are never" in str(Force._meta.get_field("category").help_text)


def test_the_register_keeps_who_has_left(reference):
    ended = dict(Force.objects.filter(country="MLI").exclude(active_to=None).values_list("acronym", "active_to"))
    assert (ended["Serval"].year, ended["Barkhane"].year, ended["MINUSMA"].year) == (2014, 2022, 2023)
    assert made_up_organisation("AID-A", "Aid Organisation A", Organisation.Type.INGO)
    assert timezone.localdate() > max(ended.values())


@pytest.mark.parametrize(
    ("language", "name"), [("en", "EU Training Mission in CAR"), ("fr", "Mission de formation de l’UE en RCA")]
)
def test_a_force_is_named_in_the_readers_language(client, people, language, name):
    people.requester_bria.language = language
    people.requester_bria.save(update_fields=["language"])
    client.force_login(people.requester_bria)
    assert name in client.get(reverse("contacts:forces")).content.decode()
