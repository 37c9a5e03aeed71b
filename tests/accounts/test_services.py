"""How rights come and go. Nobody raises their own; every refusal is a sentence; every change is one event."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cmcoord.accounts import scope, services
from cmcoord.accounts.models import Appointment, Invitation, Organisation, StandIn, User
from cmcoord.accounts.roles import Perm, Role
from cmcoord.activity import delivery
from cmcoord.activity.models import ErasableValue, Event, Notification
from cmcoord.places.models import DutyStation
from tests.people import appointed, make_person, standing_in

DAY = dt.timedelta(days=1)


def today():
    return timezone.localdate()


def again(user):
    return User.objects.get(pk=user.pk)


def events(kind):
    return Event.objects.filter(kind=kind)


def told(event):
    """Who has a mail about an event, and what is expected from each."""
    return {row.recipient.username: row.expects for row in event.notifications.filter(channel="mail")}


def refused(function, *args, **kwargs) -> str:
    before = Event.objects.count()
    with pytest.raises(PermissionDenied) as refusal, transaction.atomic():
        function(*args, **kwargs)
    assert Event.objects.count() == before
    return str(refusal.value)


def wrong(function, *args, **kwargs) -> dict:
    before = Event.objects.count()
    with pytest.raises(ValidationError) as problem, transaction.atomic():
        function(*args, **kwargs)
    assert Event.objects.count() == before
    return problem.value.message_dict


@pytest.fixture
def third_admin(reference):
    user = make_person("admin3", organisation=Organisation.objects.get(acronym="OCHA"), name="Administrator 3")
    appointed(user, Role.ADMIN)
    return user


# ── appoint and confirm ──────────────────────────────────────────────────────────────────────────────────────────────


def test_an_appointment_counts_once_a_second_administrator_has_confirmed_it(admin, admin2, nobody, car, bria):
    nobody.organisation = Organisation.objects.get(acronym="OCHA")
    nobody.save()
    given = services.appoint(user=nobody, role=Role.OCHA_OFFICER, by=admin, country=car, station=bria)
    assert not scope.has_perm(again(nobody), Perm.REVIEW_CASE)
    assert told(events("appointment.give").get(subject_id=given.pk)) == {"nobody": "", "admin2": "confirm_rights"}
    services.confirm_appointment(given, by=admin2)
    assert scope.has_perm(again(nobody), Perm.REVIEW_CASE)
    event = events("appointment.confirm").latest("id")
    assert (event.by, event.stream, event.data["station"]) == (admin2, "CAF", bria.pk)
    assert told(event) == {"nobody": "", "admin": ""}


def test_a_requester_is_appointed_for_the_own_organisation(admin, nobody, car):
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    assert given.organisation == nobody.organisation


def test_a_role_without_organisation_in_its_scope_carries_none(admin, donor, car):
    assert services.appoint(user=donor, role=Role.OBSERVER, by=admin, country=car).organisation is None


def test_nobody_gives_rights_to_themselves(admin, admin2, car):
    assert "yourself" in refused(services.appoint, user=admin, role=Role.OCHA_NATIONAL, by=admin, country=car)


@pytest.mark.parametrize("role", ["requester_bria", "ocha_bgi", "hc", "force_u3", "donor", "nobody"])
def test_nobody_but_an_administrator_gives_rights(role, request, colleague_bria, car):
    someone = request.getfixturevalue(role)
    why = refused(services.appoint, user=colleague_bria, role=Role.OBSERVER, by=someone, country=car)
    assert why == "Only a portal administrator can do this."


def test_the_giver_cannot_confirm(admin, admin2, nobody, car):
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    assert "second administrator" in refused(services.confirm_appointment, given, by=admin)


def test_the_person_cannot_confirm_their_own(admin, admin2, car):
    given = services.appoint(user=admin2, role=Role.OCHA_NATIONAL, by=admin, country=car)
    assert "your own" in refused(services.confirm_appointment, given, by=admin2)


def test_an_administrator_who_is_not_confirmed_yet_confirms_nothing(admin, admin2, nobody, colleague_bria, car):
    new = services.appoint(user=colleague_bria, role=Role.ADMIN, by=admin)
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    assert new.state == "waiting"
    assert "administrator" in refused(services.confirm_appointment, given, by=colleague_bria)


def test_an_administrator_whose_time_is_over_gives_and_confirms_nothing(admin, admin2, third_admin, nobody, car):
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    Appointment.objects.filter(user=admin2).update(ends=today() - DAY)
    refused(services.confirm_appointment, given, by=again(admin2))
    refused(services.appoint, user=nobody, role=Role.OBSERVER, by=again(admin2), country=car)
    services.confirm_appointment(given, by=third_admin)


def test_the_second_confirmation_reads_who_was_first(admin, admin2, third_admin, nobody, car):
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    services.confirm_appointment(given, by=admin2)
    assert "Administrator 2 has confirmed" in refused(services.confirm_appointment, given, by=third_admin)
    assert events("appointment.confirm").filter(subject_id=given.pk).count() == 1


def test_an_appointment_that_nobody_gave_in_the_portal_is_confirmed_by_nobody(admin, admin2, nobody, car):
    """Somebody wrote the row into the database and waits for an administrator who does not look twice."""
    facts = {"user": nobody, "role": Role.REQUESTER, "country": car, "organisation": nobody.organisation}
    for giver in (None, admin):
        row = Appointment.objects.create(**facts, starts=today(), given_by=giver)
        assert f"Row {row.pk} of accounts_appointment" in refused(services.confirm_appointment, row, by=admin2)
        services.refuse_appointment(row, by=admin2, reason="Nobody gave it.")


def test_a_refused_appointment_never_counts(admin, admin2, nobody, car):
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    services.refuse_appointment(given, by=admin2, reason="Not known in Bria.")
    assert events("appointment.refuse").get().data["reason"] == "Not known in Bria."
    assert "has ended" in refused(services.confirm_appointment, given, by=admin2)
    assert not scope.has_perm(again(nobody), Perm.FILE_CASE)


def test_the_database_refuses_what_the_services_refuse(admin, admin2, nobody, car):
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    rows = Appointment.objects.filter(pk=given.pk)
    for change in (
        {"confirmed_by": admin, "confirmed_at": timezone.now()},
        {"confirmed_by": nobody, "confirmed_at": timezone.now()},
        {"confirmed_by": admin2},
        {"given_by": nobody},
        {"ends": given.starts - DAY},
        {"country": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=nobody.pk).update(is_superuser=True)


# ── wrong values ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_role_needs_its_scope(admin, nobody, ocha_bria, car, mali, bria):
    give = services.appoint
    assert set(wrong(give, user=nobody, role=Role.REQUESTER, by=admin)) == {"country"}
    assert set(wrong(give, user=ocha_bria, role=Role.OCHA_OFFICER, by=admin, country=car)) == {"station"}
    assert set(wrong(give, user=ocha_bria, role=Role.CLUSTER, by=admin, country=car)) == {"cluster"}
    assert set(wrong(give, user=ocha_bria, role=Role.ADMIN, by=admin, country=car)) == {"country"}
    assert set(wrong(give, user=ocha_bria, role=Role.OCHA_OFFICER, by=admin, country=mali, station=bria)) == {"station"}


def test_a_role_belongs_to_a_side(admin, force_u3, requester_bria, donor, car):
    for person, role in (
        (force_u3, Role.REQUESTER),
        (force_u3, Role.OCHA_NATIONAL),
        (force_u3, Role.HC),
        (force_u3, Role.ADMIN),
        (requester_bria, Role.FORCE_OPS),
        (donor, Role.REQUESTER),
    ):
        country = None if role == Role.ADMIN else car
        assert "role" in wrong(services.appoint, user=person, role=role, by=admin, country=country)


def test_somebody_without_an_organisation_gets_no_role(admin, reference, car):
    stray = make_person("stray", organisation=None)
    assert set(wrong(services.appoint, user=stray, role=Role.OBSERVER, by=admin, country=car)) == {"role"}


def test_an_organisation_that_does_not_work_in_a_country_gets_no_role_there(admin, force_u3, mali):
    assert set(wrong(services.appoint, user=force_u3, role=Role.FORCE_OPS, by=admin, country=mali)) == {"country"}


def test_dates_in_the_wrong_order_are_refused(admin, nobody, car):
    dates = {"starts": today(), "ends": today() - DAY}
    assert set(wrong(services.appoint, user=nobody, role=Role.REQUESTER, by=admin, country=car, **dates)) == {"ends"}


def test_the_same_role_is_not_given_twice_for_the_same_time(admin, admin2, nobody, car):
    first = services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car, ends=today() + 5 * DAY)
    assert "role" in wrong(services.appoint, user=nobody, role=Role.REQUESTER, by=admin, country=car)
    services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car, starts=today() + 6 * DAY)
    services.refuse_appointment(first, by=admin2, reason="Wrong dates.")
    services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car, ends=today() + DAY)


# ── end ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_ended_appointment_gives_nothing_from_that_moment_and_the_person_is_told(admin, admin2, ocha_bria):
    services.end_appointment(ocha_bria.appointments.get(), by=admin, reason="The mission ended.")
    assert not scope.has_perm(again(ocha_bria), Perm.REVIEW_CASE)
    assert told(events("appointment.end").get()) == {"ocha.bria": ""}
    assert "has ended" in refused(services.end_appointment, ocha_bria.appointments.get(), by=admin2, reason="Again.")


def test_nobody_but_an_administrator_ends_an_appointment(ocha_bria, ocha_bgi):
    appointment = ocha_bria.appointments.get()
    for someone in (ocha_bria, ocha_bgi):
        refused(services.end_appointment, appointment, by=someone, reason="No.")


def test_two_administrators_always_remain(admin, admin2, third_admin):
    services.end_appointment(third_admin.appointments.get(), by=admin, reason="Left.")
    for person in (admin, admin2):
        by = admin2 if person == admin else admin
        assert "Two administrators" in refused(
            services.end_appointment, person.appointments.get(), by=by, reason="Left too."
        )
        assert "Two administrators" in refused(services.deactivate, person, by=by, reason="Left too.")


# ── stand-ins ────────────────────────────────────────────────────────────────────────────────────────────────────────


def stand_in_for(principal, person, *, starts=0, ends=5, by=None):
    return services.give_stand_in(
        principal.appointments.get(),
        user=person,
        starts=today() + starts * DAY,
        ends=today() + ends * DAY,
        by=by or principal,
        reason="Leave",
    )


def test_a_stand_in_acts_at_once_and_both_are_told(hc, hoo):
    stand_in_for(hc, hoo)
    assert scope.grant_for(again(hoo), Perm.SUSPEND_CASE).principal_id == hc.pk
    event = events("standin.give").get()
    told_in_the_portal = set(event.notifications.filter(channel="portal").values_list("recipient__username", flat=True))
    assert hoo.username in told_in_the_portal
    assert event.data["stand_in"] == str(hoo)


def test_the_principal_is_told_too(hc, hoo):
    stand_in_for(hc, hoo)
    assert set(told(events("standin.give").get())) == {"hc.car", "hoo.car"}


def test_any_role_can_have_a_stand_in(requester_bria, colleague_bria, force_u3, force_sector, admin, hoo):
    stand_in_for(requester_bria, colleague_bria)
    stand_in_for(force_u3, force_sector)
    stand_in_for(admin, hoo)
    assert scope.has_perm(again(hoo), Perm.MANAGE_ACCOUNTS)


def test_only_the_holder_names_a_stand_in(hc, hoo, ocha_bgi, admin):
    for someone in (hoo, ocha_bgi, admin):
        assert "Only the holder" in refused(stand_in_for, hc, ocha_bgi, by=someone)


def test_a_stand_in_cannot_pass_it_on(hc, hoo, ocha_bgi):
    stand_in_for(hc, hoo)
    assert "Only the holder" in refused(stand_in_for, hc, ocha_bgi, starts=6, ends=8, by=hoo)


def test_nobody_stands_in_for_themselves(hc):
    assert set(wrong(stand_in_for, hc, hc)) == {"user"}


def test_a_closed_account_cannot_stand_in(hc, hoo):
    User.objects.filter(pk=hoo.pk).update(is_active=False)
    assert set(wrong(stand_in_for, hc, again(hoo))) == {"user"}


@pytest.mark.parametrize(
    ("starts", "ends", "free"),
    [(6, 9, True), (-9, -6, None), (5, 9, False), (0, 0, False), (2, 3, False), (0, 9, False)],
)
def test_stand_ins_of_one_appointment_do_not_overlap(hc, hoo, ocha_bgi, starts, ends, free):
    stand_in_for(hc, hoo, starts=0, ends=5)
    if free:
        stand_in_for(hc, ocha_bgi, starts=starts, ends=ends)
    else:
        problems = wrong(stand_in_for, hc, ocha_bgi, starts=starts, ends=ends)
        assert set(problems) == {"starts"}
        assert free is None or "OCHA Head of Office" in problems["starts"][0]


def test_after_the_end_of_one_another_may_be_named_for_the_same_days(hc, hoo, ocha_bgi):
    services.end_stand_in(stand_in_for(hc, hoo), by=hc)
    assert not scope.has_perm(again(hoo), Perm.SUSPEND_CASE)
    stand_in_for(hc, ocha_bgi)
    assert set(told(events("standin.end").get())) == {"hc.car", "hoo.car"}


def test_dates_of_a_stand_in_are_checked(hc, hoo):
    assert set(wrong(stand_in_for, hc, hoo, starts=5, ends=4)) == {"ends"}
    assert set(wrong(stand_in_for, hc, hoo, starts=-1, ends=4)) == {"starts"}
    assert set(wrong(stand_in_for, hc, hoo, starts=0, ends=400)) == {"ends"}
    short = appointed(hc, Role.PROTECTION, ends=today() + 3 * DAY)
    dates = {"starts": today(), "ends": today() + 4 * DAY}
    assert set(wrong(services.give_stand_in, short, user=hoo, by=hc, **dates)) == {"ends"}


def test_a_stand_in_is_of_the_same_organisation_where_the_role_is_for_one(requester_bria, requester_birao, force_u3):
    assert set(wrong(stand_in_for, requester_bria, requester_birao)) == {"user"}
    assert set(wrong(stand_in_for, requester_bria, force_u3)) == {"user"}
    unpol = make_person("unpol", organisation=Organisation.objects.get(acronym="MINUSCA UNPOL"))
    assert set(wrong(stand_in_for, force_u3, unpol)) == {"user"}


def test_a_stand_in_is_of_a_side_that_the_role_takes(hc, ocha_bria, force_u3, donor):
    for principal in (hc, ocha_bria):
        for person in (force_u3, donor):
            assert set(wrong(stand_in_for, principal, person)) == {"user"}


@pytest.mark.parametrize("state", ["unconfirmed", "ended", "expired"])
def test_an_appointment_that_does_not_count_has_no_stand_in(hc, hoo, admin, state):
    change = {
        "unconfirmed": {"confirmed_by": None, "confirmed_at": None},
        "ended": {"ended_by": admin, "ended_at": timezone.now()},
        "expired": {"ends": today() - DAY},
    }[state]
    Appointment.objects.filter(user=hc).update(**change)
    assert "does not count" in refused(stand_in_for, hc, hoo)


def test_holder_stand_in_and_administrator_may_end_it_and_nobody_else(hc, hoo, ocha_bgi, admin):
    for by in (hc, hoo, admin):
        stand_in = StandIn.objects.create(
            appointment=hc.appointments.get(), user=hoo, starts=today(), ends=today(), given_by=hc
        )
        refused(services.end_stand_in, stand_in, by=ocha_bgi)
        services.end_stand_in(stand_in, by=by)
        assert "has ended" in refused(services.end_stand_in, stand_in, by=by)


# ── stand-ins of administrators raise nobody's rights ───────────────────────────────────────────────────────────────


def test_a_stand_in_of_an_administrator_gives_for_them_and_confirms_nothing(admin, admin2, hoo, nobody, car):
    standing_in(hoo, admin.appointments.get())
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=hoo, country=car)
    assert events("appointment.give").get(subject_id=given.pk).acting_for == admin
    refused(services.confirm_appointment, given, by=hoo)
    assert "in your name" in refused(services.confirm_appointment, given, by=admin)
    services.confirm_appointment(given, by=admin2)


def test_who_was_stood_in_for_when_a_link_was_sent_confirms_nothing_of_it(admin, admin2, hoo, car, bria):
    lent = standing_in(hoo, admin.appointments.get(), starts=today() - DAY * 4)
    invitation = invited(hoo, car, bria)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=invitation.expires_at - DAY * 3)
    StandIn.objects.filter(pk=lent.pk).update(ends=today() - DAY * 2)  # over before the link was opened
    user = services.accept_invitation(token_of(invitation), username="new.person", password=PASSWORD)
    given = user.appointments.get()
    assert "in your name" in refused(services.confirm_appointment, given, by=again(admin))
    services.confirm_appointment(given, by=admin2)


def test_a_stand_in_of_two_administrators_leaves_neither_to_confirm(admin, admin2, third_admin, hoo, nobody, car):
    for each in (admin, admin2):
        standing_in(hoo, each.appointments.get())
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=hoo, country=car)
    for each in (admin, admin2):
        assert "in your name" in refused(services.confirm_appointment, given, by=each)
    services.confirm_appointment(given, by=third_admin)


def test_a_stand_in_of_an_administrator_raises_neither_themselves_nor_the_administrator(admin, admin2, hoo, car):
    standing_in(hoo, admin.appointments.get())
    assert "yourself" in refused(services.appoint, user=hoo, role=Role.HC, by=hoo, country=car)
    assert "stand in for this person" in refused(services.appoint, user=admin, role=Role.HC, by=hoo, country=car)


# ── invitations ──────────────────────────────────────────────────────────────────────────────────────────────────────

PASSWORD = "a long enough sentence"


def invited(admin, car, bria, **changes):
    facts = {
        "email": "New.Person@example.org",
        "name": "CMCoord officer, Bria",
        "organisation": Organisation.objects.get(acronym="OCHA"),
        "role": Role.OCHA_OFFICER,
        "country": car,
        "station": bria,
        "language": "fr",
    }
    return services.invite(by=admin, **(facts | changes))


def bria_organisation():
    return Organisation.objects.get(acronym="OCHA")


def token_of(invitation) -> str:
    """The token as it stands in the mail that waits to be sent."""
    event = events("invitation.send").filter(subject_id=invitation.pk).latest("pk")
    link = ErasableValue.objects.get(event=event, field="link").value
    return link.rstrip("/").rpartition("/")[2]


def test_an_invitation_is_one_mail_to_its_address_in_its_language(admin, car, bria):
    invitation = invited(admin, car, bria)
    row = Notification.objects.get(kind="invitation.send")
    assert (row.address, row.language, row.recipient, row.expects) == ("new.person@example.org", "fr", None, "accept")
    assert invitation.email == "new.person@example.org"


def test_the_token_stands_nowhere_but_in_the_mail(admin, car, bria):
    invitation = invited(admin, car, bria)
    token = token_of(invitation)
    assert len(token) >= 40
    assert invitation.token_digest == services.digest_of(token) != token
    assert token not in str(Event.objects.values_list("data", flat=True))


def test_accepting_makes_an_account_whose_role_a_second_administrator_confirms(admin, admin2, car, bria):
    token = token_of(invited(admin, car, bria))
    user = services.accept_invitation(token, username="ocha.bria2", password=PASSWORD, telephone="+236 00 00 00 09")
    assert (user.email, user.language, user.organisation.acronym) == ("new.person@example.org", "fr", "OCHA")
    assert user.check_password(PASSWORD)
    appointment = user.appointments.get()
    assert (appointment.given_by, appointment.state, appointment.station) == (admin, "waiting", bria)
    assert not scope.has_perm(user, Perm.REVIEW_CASE)
    event = events("invitation.accept").get()
    assert told(event) == {"admin": "", "admin2": "confirm_rights"}
    refused(services.confirm_appointment, appointment, by=admin)
    services.confirm_appointment(appointment, by=admin2)
    assert scope.has_perm(again(user), Perm.REVIEW_CASE)


def test_an_invitation_works_once(admin, car, bria):
    token = token_of(invited(admin, car, bria))
    services.accept_invitation(token, username="first", password=PASSWORD)
    assert "accepted already" in refused(services.accept_invitation, token, username="second", password=PASSWORD)
    assert not User.objects.filter(username="second").exists()


def test_an_address_that_got_an_account_meanwhile_opens_no_second_one(admin, car, bria):
    token = token_of(invited(admin, car, bria))
    make_person("somebody", organisation=bria_organisation())
    User.objects.filter(username="somebody").update(email="new.person@example.org")
    assert "already" in refused(services.accept_invitation, token, username="second", password=PASSWORD)


def test_an_expired_invitation_opens_nothing(admin, car, bria):
    token = token_of(invited(admin, car, bria))
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert "expired" in refused(services.accept_invitation, token, username="late", password=PASSWORD)


def test_a_revoked_invitation_and_an_invented_token_read_the_same(admin, car, bria):
    invitation = invited(admin, car, bria)
    token = token_of(invitation)
    services.revoke_invitation(invitation, by=admin)
    sentences = {
        refused(services.accept_invitation, each, username="x", password=PASSWORD) for each in (token, "invented")
    }
    assert len(sentences) == 1


def test_a_new_link_kills_the_old_one(admin, car, bria):
    invitation = invited(admin, car, bria)
    old = token_of(invitation)
    services.renew_invitation(invitation, by=admin)
    new = token_of(invitation)
    assert new != old
    refused(services.accept_invitation, old, username="x", password=PASSWORD)
    services.accept_invitation(new, username="x", password=PASSWORD)
    refused(services.renew_invitation, invitation, by=admin)
    refused(services.revoke_invitation, invitation, by=admin)


def test_an_address_with_an_account_or_an_open_invitation_is_not_invited(admin, ocha_bgi, car, bria):
    assert set(wrong(invited, admin, car, bria, email=ocha_bgi.email.upper())) == {"email"}
    invited(admin, car, bria)
    assert set(wrong(invited, admin, car, bria)) == {"email"}
    Invitation.objects.update(expires_at=timezone.now() - DAY)
    invited(admin, car, bria)


def test_an_invitation_is_checked_like_an_appointment(admin, car, mali, bria):
    assert set(wrong(invited, admin, car, bria, station=None)) == {"station"}
    assert set(wrong(invited, admin, mali, bria)) == {"station"}
    minusca = Organisation.objects.get(acronym="MINUSCA")
    assert "role" in wrong(invited, admin, car, bria, organisation=minusca)
    assert set(wrong(invited, admin, car, bria, ends=today() - DAY)) == {"ends"}


@pytest.mark.parametrize("role", ["ocha_bgi", "hc", "nobody"])
def test_nobody_but_an_administrator_invites(role, request, admin, car, bria):
    someone = request.getfixturevalue(role)
    refused(invited, someone, car, bria)
    invitation = invited(admin, car, bria)
    refused(services.revoke_invitation, invitation, by=someone)
    refused(services.renew_invitation, invitation, by=someone)


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012345", "new.person@example.org"])
def test_a_weak_password_opens_no_account(admin, car, bria, password):
    token = token_of(invited(admin, car, bria))
    with pytest.raises(ValidationError), transaction.atomic():
        services.accept_invitation(token, username="weak", password=password)
    assert Invitation.objects.get().state == "open"


# ── accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_closed_account_has_no_right_and_opening_it_gives_none_back(admin, admin2, ocha_bria, hc, hoo):
    standing_in(ocha_bria, hc.appointments.get())
    standing_in(hoo, ocha_bria.appointments.get())
    services.deactivate(ocha_bria, by=admin, reason="The post ended.")
    closed = again(ocha_bria)
    assert (closed.is_active, closed.deactivated_note) == (False, "The post ended.")
    assert scope.grants(closed) == ()
    services.activate(closed, by=admin2)
    assert scope.grants(again(ocha_bria)) == ()
    assert not StandIn.objects.filter(ended_at=None).exists()
    assert events("user.deactivate").get().data["appointments"]
    assert set(told(events("user.activate").get())) == {"ocha.bria", "admin"}


def test_nobody_closes_their_own_account_and_no_stranger_closes_one(admin, admin2, ocha_bgi, ocha_bria):
    assert "your own" in refused(services.deactivate, admin, by=admin, reason="Me")
    refused(services.deactivate, ocha_bria, by=ocha_bgi, reason="No.")
    services.deactivate(ocha_bria, by=admin, reason="Left.")
    assert "is deactivated" in refused(services.deactivate, ocha_bria, by=admin2, reason="Again.")
    refused(services.activate, again(ocha_bria), by=ocha_bgi)
    assert "is active" in refused(services.activate, ocha_bgi, by=admin)


def test_a_closed_account_is_given_nothing(admin, admin2, ocha_bria, nobody, car):
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    User.objects.filter(pk=nobody.pk).update(is_active=False)
    assert "deactivated" in refused(services.appoint, user=again(nobody), role=Role.OBSERVER, by=admin, country=car)
    assert "deactivated" in refused(services.confirm_appointment, given, by=admin2)


def test_everybody_changes_their_own_profile_only_and_the_telephone_stays_out_of_the_trail(ocha_bria, admin):
    services.change_profile(ocha_bria, by=ocha_bria, language="fr", telephone="+236 00 00 00 77")
    assert (again(ocha_bria).language, again(ocha_bria).telephone) == ("fr", "+236 00 00 00 77")
    assert "+236 00 00 00 77" not in str(events("user.change").get().data)
    refused(services.change_profile, ocha_bria, by=admin, language="en", telephone="")
    with pytest.raises(ValidationError):
        services.change_profile(ocha_bria, by=ocha_bria, language="xx", telephone="call me")


# ── founding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def two_founders():
    ocha = Organisation.objects.get(acronym="OCHA")
    return [
        User(username=f"founder{number}", email=f"founder{number}@example.org", name=f"F {number}", organisation=ocha)
        for number in (1, 2)
    ]


def test_an_empty_portal_gets_two_administrators_who_confirm_each_other(reference):
    first, second = two_founders()
    services.found(first, second)
    for person, other in ((first, second), (second, first)):
        appointment = person.appointments.get()
        assert (appointment.confirmed_by, appointment.given_by) == (other, None)
        assert scope.has_perm(person, Perm.CONFIRM_RIGHTS)
        assert not person.has_usable_password()
    assert list(Event.objects.order_by("pk").values_list("kind", "stream")) == [
        ("portal.found", "portal"),
        ("appointment.confirm", "portal"),
        ("appointment.confirm", "portal"),
    ]


def test_a_portal_with_people_is_not_founded_again(nobody):
    assert "people already" in refused(services.found, *two_founders())
    assert User.objects.count() == 1


def test_the_stations_of_the_portal_are_those_of_the_reference_data(reference):
    assert DutyStation.objects.count() == 19


# ── what the mails say ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_mails_say_whose_rights_changed_and_what_is_expected(admin, admin2, hc, hoo, nobody, car, mailoutbox):
    services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    stand_in_for(hc, hoo)
    delivery.deliver_due()
    subjects = {message.to[0].partition("@")[0]: message.subject for message in mailoutbox}
    assert subjects["admin2"].startswith("nobody: please confirm an appointment")
    assert subjects["nobody"].startswith("nobody: appointment given")
    assert subjects["hoo.car"] == subjects["hc.car"] == "hoo.car → hc.car: stand-in named, for your information"


def test_a_force_officer_is_told_about_their_own_account_like_everybody_else(force_u3, force_sector, mailoutbox):
    stand_in_for(force_u3, force_sector)
    delivery.deliver_due()
    assert {message.to[0] for message in mailoutbox} == {force_u3.email, force_sector.email}
    assert all("/me/" in message.body for message in mailoutbox)


def test_the_mail_of_an_invitation_has_the_link_and_the_portal_keeps_it_no_longer(admin, car, bria, mailoutbox):
    invitation = invited(admin, car, bria, language="en")
    token = token_of(invitation)
    delivery.deliver_due()
    assert token in mailoutbox[0].body
    assert not ErasableValue.objects.filter(value__contains=token).exists()


# ── words for a state ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("starts", "ends", "state"), [(-2, 2, "current"), (1, 2, "future"), (-3, -1, "expired"), (-2, None, "current")]
)
def test_the_state_of_an_appointment_and_of_a_stand_in_follow_their_dates(hc, hoo, starts, ends, state):
    appointment = hc.appointments.get()
    appointment.starts, appointment.ends = today() + starts * DAY, None if ends is None else today() + ends * DAY
    assert appointment.state == state
    stand_in = StandIn(appointment=hc.appointments.get(), user=hoo, given_by=hc)
    stand_in.starts, stand_in.ends = appointment.starts, appointment.ends or today() + DAY
    assert stand_in.state == state
    stand_in.ended_at = timezone.now()
    assert (stand_in.state, str(stand_in)) == ("ended", "OCHA Head of Office → Humanitarian Coordinator")
