"""What does a right do that somebody wrote into the database, and who finds out?"""

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts import reference_changes, rights, safety, scope, services
from cmcoord.accounts.models import (
    Appointment,
    DecisionDelegation,
    FactorReset,
    Organisation,
    ProposedChange,
    StandIn,
    User,
)
from cmcoord.accounts.roles import Perm, Role
from cmcoord.activity.models import Event
from cmcoord.activity.services import unwritten
from requests_app.services import Refused, make_move
from tests.accounts.test_second_factor import with_app
from tests.accounts.test_services import PASSWORD, invited, token_of, two_founders
from tests.activity.test_seals import by_hand
from tests.factories import RELEASED, case_at, limits_of
from tests.people import appointed, delegated, make_person, standing_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def again(user):
    return User.objects.get(pk=user.pk)


def put_in(user, role, country=None, **more) -> Appointment:
    """As somebody with the database writes it: a row that reads like one that two administrators gave."""
    giver, second = (User.objects.get(username=name) for name in ("admin", "admin2"))
    row = {"given_by": giver, "confirmed_by": second, "confirmed_at": timezone.now(), "starts": timezone.localdate()}
    return Appointment.objects.create(user=user, role=role, country=country, **row | more)


def found() -> list[tuple[str, int, str]]:
    return [(one.table, one.row, one.what) for one in rights.all_defects()]


def of(row) -> str:
    return next((one.what for one in rights.defects_of([row])), "")


def stopped(case, by, code="approve", **facts):
    with pytest.raises(Refused) as caught:
        make_move(case, code, by=again(by), **(facts or limits_of(case)))
    assert caught.value.kind == "state"
    return caught.value.sentence


@pytest.fixture
def officer(reference):
    """Of OCHA, without any role."""
    return make_person("new.ocha", organisation=Organisation.objects.get(acronym="OCHA"), name="New officer")


# ── what the portal gave ─────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_given_and_confirmed_in_the_portal_counts(people, officer, car):
    given = services.appoint(user=officer, role=Role.HC, by=people.admin, country=car)
    services.confirm_appointment(given, by=people.admin2)
    assert found() == [] and rights.check_rights() == 0
    case = case_at("deciding", people)
    assert make_move(case, "approve", by=again(officer), **limits_of(case)).to_status == "approved"


def test_so_does_a_delegation_that_the_holder_gave(people, officer):
    today = people.hc.appointments.get().today
    appointed(officer, Role.HAWG_COCHAIR)
    services.give_delegation(
        people.hc.appointments.get(), delegate=again(officer), request_types=["AE"], urgent_only=False,
        valid_from=today, valid_to=today + DAY, document="Letter", by=people.hc,
    )  # fmt: skip
    case = case_at("deciding", people)
    move = make_move(case, "approve", by=again(officer), **limits_of(case))
    assert (move.to_status, move.acting_for) == ("approved", people.hc)
    assert found() == []


def test_the_founders_and_whoever_was_invited_stand_on_their_events(reference, car, bria):
    first, second = two_founders()
    services.found(first, second)
    invitation = invited(first, car, bria)
    user = services.accept_invitation(token_of(invitation), username="new.person", password=PASSWORD)
    services.confirm_appointment(user.appointments.get(), by=again(second))
    assert found() == []


def test_what_an_earlier_key_marked_goes_on_and_what_another_key_marked_does_not(people, settings):
    before = settings.SECRET_KEY
    with override_settings(SECRET_KEY="a new key", SECRET_KEY_FALLBACKS=[before]):
        assert found() == []
    with override_settings(SECRET_KEY="a new key", SECRET_KEY_FALLBACKS=[]):
        assert {what for _table, _row, what in found()} == {"unfounded"}


# ── what somebody with the database writes ───────────────────────────────────────────────────────────────────────────


def test_under_a_row_that_was_put_in_by_hand_nothing_is_decided(people, officer, car):
    case = case_at("deciding", people)
    row = put_in(officer, Role.HC, car)
    sentence = stopped(case, officer)
    assert "put in or changed by hand" in sentence and "Call a portal administrator." in sentence
    assert "accounts_appointment" not in sentence
    assert not case.decisions.exists()
    assert found() == [("accounts_appointment", row.pk, "unfounded")]
    assert make_move(case, "approve", by=people.hc, **limits_of(case)).to_status == "approved"


def test_events_written_by_hand_beside_it_do_not_help(people, officer, car):
    """The trigger seals them like any other; the mark that only the portal's key makes is missing."""
    row = put_in(officer, Role.HC, car)
    facts = rights.facts_of(row)
    for kind, by in (("appointment.give", people.admin), ("appointment.confirm", people.admin2)):
        event = unwritten(row, kind, by=by, data=facts, at=timezone.now())
        event.data.pop("mark")
        event.save()
    assert of(row) == "unfounded"
    real = Event.objects.filter(subject_kind="appointment", subject_id=people.hc.appointments.get().pk)
    for event in real:  # copied from those of another right, mark and all
        Event.objects.create(
            stream=event.stream, kind=event.kind, at=event.at, by=event.by, subject_kind="appointment",
            subject_id=row.pk, data=event.data,
        )  # fmt: skip
    assert of(row) == "unfounded"
    assert stopped(case_at("deciding", people), officer)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"ends": dt.date(2040, 1, 1)}, "differs"),
        ({"starts": dt.date(2020, 1, 1)}, "differs"),
        ({"role": Role.OCHA_NATIONAL}, "differs"),
        ({"country": "MLI"}, "differs"),
        ({"user": "ocha_bria"}, "differs"),
        ({"given_by": "hoo"}, "differs"),
        ({"confirmed_by": "hoo"}, "differs"),
    ],
)
def test_a_row_that_was_changed_is_found(people, change, what):
    held = people.hc.appointments.get()
    values = {
        name: getattr(people, value, value) if isinstance(value, str) else value for name, value in change.items()
    }
    Appointment.objects.filter(pk=held.pk).update(**values)
    assert found() == [("accounts_appointment", held.pk, what)]


@pytest.mark.parametrize("change", [{"station": "birao"}, {"cluster": "NUT"}, {"organisation": "WFP"}])
def test_so_is_another_station_cluster_or_organisation(people, change):
    held = {"station": people.ocha_bria, "cluster": people.log_cluster, "organisation": people.requester_bria}
    row = held[next(iter(change))].appointments.get()
    rows = Appointment.objects.filter(pk=row.pk)
    if "station" in change:
        rows.update(station=people.ocha_birao.appointments.get().station)
    elif "organisation" in change:
        rows.update(organisation=Organisation.objects.get(acronym="WFP"))
    else:
        rows.update(**change)
    assert found() == [("accounts_appointment", row.pk, "differs")]


def test_lengthened_dates_stop_the_decision_after_the_real_end(people, officer, car, monkeypatch):
    """The clock passes the end that was given; the row says otherwise."""
    last = timezone.localdate() + DAY
    given = services.appoint(user=officer, role=Role.HC, by=people.admin, country=car, ends=last)
    services.confirm_appointment(given, by=people.admin2)
    assert of(Appointment.objects.get(pk=given.pk)) == ""
    by_hand("UPDATE accounts_appointment SET ends = %s WHERE id = %s", [last + 300 * DAY, given.pk])
    case, later = case_at("deciding", people), timezone.now() + 3 * DAY
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert scope.has_perm(again(officer), Perm.DECIDE_CASE, case)
    assert "changed by hand" in stopped(case, officer)


def test_a_role_that_was_changed_gives_nothing_to_transmit_with(people):
    case = case_at("approved", people)
    make_move(case, "decide_security", by=people.requester_bria, value="favourable", analysis="SRM-0001")
    by_hand("UPDATE accounts_appointment SET role = 'ocha_national' WHERE user_id = %s", [people.hoo.pk])
    assert "Row " in stopped(case, people.hoo, "transmit", **RELEASED)  # who has the national unit's right reads it
    assert not case.extracts.exists()
    assert make_move(case, "transmit", by=people.ocha_bria, **RELEASED).to_status == "transmitted"


def test_what_ended_is_not_opened_again(people, admin, admin2):
    held = people.hc.appointments.get()
    services.end_appointment(held, by=admin, reason="Left.")
    by_hand("UPDATE accounts_appointment SET ended_by_id = NULL, ended_at = NULL WHERE id = %s", [held.pk])
    assert found() == [("accounts_appointment", held.pk, "ended")]
    assert "does not agree" in rights.why_not_founded(scope.grant_for(again(people.hc), Perm.DECIDE_CASE))


def test_nor_is_what_ended_with_its_account(people, admin):
    held = people.hoo.appointments.get()
    lent = standing_in(people.hoo, people.hc.appointments.get())
    services.deactivate(people.hoo, by=admin, reason="Left.")
    by_hand("UPDATE accounts_user SET is_active = %s WHERE id = %s", [True, people.hoo.pk])
    for table, row in (("appointment", held), ("standin", lent)):
        by_hand(f"UPDATE accounts_{table} SET ended_by_id = NULL, ended_at = NULL WHERE id = %s", [row.pk])
    assert found() == [("accounts_appointment", held.pk, "ended"), ("accounts_standin", lent.pk, "ended")]


def test_taking_away_the_event_of_the_end_does_not_help(people, admin):
    held = people.hc.appointments.get()
    services.end_appointment(held, by=admin, reason="Left.")
    by_hand("UPDATE accounts_appointment SET ended_by_id = NULL, ended_at = NULL WHERE id = %s", [held.pk])
    by_hand("DELETE FROM activity_notification WHERE event_id IN (SELECT id FROM activity_event WHERE kind = %s)",
            ["appointment.end"])  # fmt: skip
    by_hand("DELETE FROM activity_event WHERE kind = 'appointment.end'")
    assert of(Appointment.objects.get(pk=held.pk)) == ""  # at night it is the chain that names the event which is gone
    assert "does not agree" in rights.why_not_founded(scope.grant_for(again(people.hc), Perm.DECIDE_CASE))


def test_one_administrator_alone_is_not_two(people, officer, car):
    """The database refuses the row; somebody who took its constraint away meets the events."""
    given = services.appoint(user=officer, role=Role.HC, by=people.admin, country=car)
    row = Appointment.objects.get(pk=given.pk)
    row.confirmed_by, row.confirmed_at = people.admin, timezone.now()
    event = unwritten(row, "appointment.confirm", by=people.admin, data=rights.facts_of(row), at=timezone.now())
    event.save()
    assert of(row) == "alone"


def test_a_person_who_was_moved_to_another_side_loses_the_right(people):
    force = Organisation.objects.get(acronym="MINUSCA")
    User.objects.filter(pk=people.hc.pk).update(organisation=force)
    assert found() == [("accounts_appointment", people.hc.appointments.get().pk, "side")]


# ── stand-ins ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stand_in_that_nobody_named_resumes_nothing(people, officer):
    held = people.hc.appointments.get()
    row = StandIn.objects.create(appointment=held, user=officer, starts=held.today, ends=held.today, given_by=people.hc)
    case = case_at("suspended", people)
    assert "does not agree" in stopped(case, officer, "resume", reason="Put in by hand.")
    assert found() == [("accounts_standin", row.pk, "unfounded")]


def test_a_delegation_that_nobody_gave_decides_nothing(people, officer):
    held = people.hc.appointments.get()
    row = DecisionDelegation.objects.create(
        appointment=held, delegate=officer, request_types=["AE"], valid_from=held.today, valid_to=held.today,
        document="Letter", given_by=people.hc,
    )  # fmt: skip
    assert "does not agree" in stopped(case_at("deciding", people), officer)
    assert found() == [("accounts_decisiondelegation", row.pk, "unfounded")]
    assert rights.check_rights() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"valid_to": dt.date(2040, 1, 1)},
        {"request_types": ["AE", "MCDA-LOG"]},
        {"urgent_only": False},
        {"delegate": "hoo"},
    ],
)
def test_a_delegation_that_was_changed_is_found(people, officer, change):
    row = delegated(officer, people.hc.appointments.get(), types=["AE"], urgent_only=True)
    values = {"delegate": people.hoo} if "delegate" in change else change
    DecisionDelegation.objects.filter(pk=row.pk).update(**values)
    assert found() == [("accounts_decisiondelegation", row.pk, "differs")]


def test_a_delegation_that_was_opened_again_by_hand_stays_ended(people, officer):
    row = delegated(officer, people.hc.appointments.get())
    services.end_delegation(row, by=people.hc)
    DecisionDelegation.objects.filter(pk=row.pk).update(ended_at=None, ended_by=None)
    assert found() == [("accounts_decisiondelegation", row.pk, "ended")]
    assert "does not agree" in stopped(case_at("deciding", people), officer)


@pytest.mark.parametrize(
    "change",
    [{"ends": dt.date(2040, 1, 1)}, {"starts": dt.date(2020, 1, 1)}, {"user": "hoo"}, {"appointment": "undss"}],
)
def test_a_stand_in_that_was_changed_is_found(people, officer, change):
    row = standing_in(officer, people.hc.appointments.get())
    values = dict(change)
    if "user" in change:
        values = {"user": people.hoo}
    if "appointment" in change:
        values = {"appointment": people.undss.appointments.get()}
    StandIn.objects.filter(pk=row.pk).update(**values)
    assert found() == [("accounts_standin", row.pk, "differs")]


def test_a_delegation_under_a_right_that_was_put_in_decides_nothing_either(people, officer, car):
    lent = delegated(officer, put_in(people.hoo, Role.HC, car))
    assert of(lent) == ""
    assert "does not agree" in stopped(case_at("deciding", people), officer)


# ── changes of rights ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def intruder(people, officer):
    """Somebody with the database made themselves an administrator."""
    put_in(officer, Role.ADMIN)
    return again(officer)


def acts(people, intruder, car, bria):
    waiting = services.appoint(user=people.nobody, role=Role.REQUESTER, by=people.admin, country=car)
    with_app(people.hc)
    reset = safety.ask_reset(people.hc, by=people.admin, reason="Lost.")
    [proposal] = reference_changes.change(bria, values={"working_days": "123456"}, by=people.admin)
    asked = {"email": "x@example.org", "name": "X", "organisation": intruder.organisation, "role": Role.HC}
    return {
        "appoint": lambda: services.appoint(user=people.nobody, role=Role.PROTECTION, by=intruder, country=car),
        "confirm": lambda: services.confirm_appointment(waiting, by=intruder),
        "refuse": lambda: services.refuse_appointment(waiting, by=intruder, reason="No."),
        "end": lambda: services.end_appointment(people.hc.appointments.get(), by=intruder, reason="No."),
        "invite": lambda: services.invite(**asked, by=intruder, country=car),
        "deactivate": lambda: services.deactivate(people.hc, by=intruder, reason="No."),
        "confirm reset": lambda: safety.confirm_reset(reset, by=intruder),
        "refuse reset": lambda: safety.refuse_reset(reset, by=intruder),
        "ask reset": lambda: safety.ask_reset(people.undss, by=intruder, reason="Lost."),
        "change": lambda: reference_changes.change(bria, values={"telephone": "+236 1"}, by=intruder),
        "confirm change": lambda: reference_changes.confirm(proposal, by=intruder),
    }


def test_an_administrator_whom_nobody_appointed_changes_no_right(people, intruder, car, bria):
    with_app(people.undss)
    for act in acts(people, intruder, car, bria).values():
        with pytest.raises(PermissionDenied, match="accounts_appointment"):
            act()


def test_what_nobody_asked_for_in_the_portal_is_confirmed_by_nobody(people, admin, admin2, bria):
    """A row that waits, put in by hand, for a second administrator who does not look twice."""
    with_app(people.hc)
    reset = FactorReset.objects.create(user=people.hc, asked_by=admin, reason="Lost.")
    with pytest.raises(PermissionDenied, match="accounts_factorreset"):
        safety.confirm_reset(reset, by=admin2)
    proposal = ProposedChange.objects.create(
        model="places.dutystation", key=str(bria.pk), field="working_days", about="Bria", old=bria.working_days,
        new="1", by=admin,
    )  # fmt: skip
    with pytest.raises(PermissionDenied, match="accounts_proposedchange"):
        reference_changes.confirm(proposal, by=admin2)
    reference_changes.refuse(proposal, by=admin2, reason="Nobody asked.")
    [proposal] = reference_changes.change(bria, values={"working_days": "123456"}, by=admin)
    ProposedChange.objects.filter(pk=proposal.pk).update(new="1234567")
    with pytest.raises(PermissionDenied, match="accounts_proposedchange"):
        reference_changes.confirm(proposal, by=admin2)


# ── who finds out ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_at_night_the_administrators_and_those_outside_are_told_once_for_each_state(people, officer, car, settings):
    settings.ANCHOR_TO = ["audit@example.org"]
    row = put_in(officer, Role.HC, car)
    assert [rights.check_rights(), rights.check_rights()] == [1, 1]
    event = Event.objects.get(kind="appointment.doubt")
    assert (event.subject_id, event.data["defect"], event.stream) == (row.pk, "unfounded", "portal")
    told = set(event.notifications.filter(channel="mail").values_list("recipient__username", "address"))
    assert told == {("admin", ""), ("admin2", ""), (None, "audit@example.org")}
    Appointment.objects.filter(pk=row.pk).update(ends=dt.date(2040, 1, 1))
    rights.check_rights()
    assert Event.objects.filter(kind="appointment.doubt").count() == 2


def test_events_put_in_by_hand_neither_hush_the_night_nor_break_it(people, officer, car):
    row = put_in(officer, Role.HC, car)
    [defect] = rights.all_defects()
    for data in ({"found": defect.found}, [], "x"):
        for kind, subject in (("appointment.doubt", row), ("appointment.give", row), ("user.deactivate", officer)):
            Event.objects.create(
                stream="portal", kind=kind, subject_kind=subject.activity_kind, subject_id=subject.pk, data=data
            )
    Event.objects.create(
        stream="portal", kind="user.deactivate", subject_kind="user", subject_id=people.hc.pk, data={"appointments": 7}
    )
    assert rights.check_rights() == 1
    told = Event.objects.filter(kind="appointment.doubt", data__has_key="mark").get()
    assert told.notifications.filter(recipient=people.admin).exists()


def test_administrators_find_it_on_their_first_page_and_on_the_person(client, people, officer, car):
    row = put_in(officer, Role.HC, car)
    rights.check_rights()
    client.force_login(people.admin)
    for page in ("/", officer.get_absolute_url()):
        assert f"Row {row.pk} of accounts_appointment gives a right that nobody" in client.get(page).content.decode()
        assert officer.name in client.get(page).content.decode()
    assert ">not given in the portal<" in client.get(officer.get_absolute_url()).content.decode()
    for other in (people.ocha_bgi, people.hc):
        client.force_login(other)
        assert "accounts_appointment" not in client.get("/").content.decode()
    services.end_appointment(row, by=people.admin, reason="Nobody gave it.")
    client.force_login(people.admin)
    assert "accounts_appointment" not in client.get("/").content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "Call +236"), ("fr", "Appelez +236")])
def test_the_page_of_the_decision_says_it_before_anything_is_typed(
    client, people, officer, car, settings, language, words
):
    settings.PORTAL_CONTACT = "+236 00 00 00"
    case = case_at("deciding", people)
    put_in(officer, Role.HC, car)
    User.objects.filter(pk=officer.pk).update(language=language)
    client.force_login(again(officer))
    page = client.get(reverse("requests:move", args=[case.reference, "approve"])).content.decode()
    assert words in page and "accounts_appointment" not in page


def test_verify_trail_names_it(people, officer, car):
    said = StringIO()
    call_command("verify_trail", stdout=said)
    assert "rights: agree with the trail" in said.getvalue()
    row = put_in(officer, Role.HC, car)
    with pytest.raises(CommandError, match="rights"):
        call_command("verify_trail", "--only-tell", stdout=said)
    assert f"Row {row.pk} of accounts_appointment" in said.getvalue()
    assert not Event.objects.filter(kind="appointment.doubt").exists()


def test_asking_costs_few_queries(people, officer, django_assert_max_num_queries):
    delegated(officer, people.hc.appointments.get())
    own, lent = (scope.grant_for(again(each), Perm.DECIDE_CASE) for each in (people.hc, officer))
    with django_assert_max_num_queries(6):
        assert rights.why_not_founded(own) == ""
    with django_assert_max_num_queries(9):
        assert rights.why_not_founded(lent) == ""
    for number in range(30):
        appointed(make_person(f"p{number}", organisation=officer.organisation), Role.PROTECTION)
    with django_assert_max_num_queries(7):
        assert found() == []
