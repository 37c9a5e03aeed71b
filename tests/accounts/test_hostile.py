"""What somebody tries who has an account, or one right too many, and wants more than that."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cmcoord.accounts import limits, reference_changes, safety, services
from cmcoord.accounts.models import Appointment, Invitation, Organisation, StandIn
from cmcoord.accounts.roles import Role
from cmcoord.activity import checks
from cmcoord.activity.models import Event, Notification
from cmcoord.activity.numbers import hidden
from cmcoord.places.models import DutyStation
from requests_app.models import Case
from tests.accounts.test_second_factor import later, signed_in, with_app
from tests.accounts.test_services import PASSWORD as GOOD
from tests.accounts.test_services import invited, token_of
from tests.factories import case_at
from tests.people import appointed, make_person, person, standing_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NOBODY = ("Nobody with an account has this user name", "Aucun compte ne porte ce nom d’utilisateur")


# ── a right alone ────────────────────────────────────────────────────────────────────────────────────────────────────


def accepted(invitation) -> Appointment:
    user = services.accept_invitation(token_of(invitation), username="new.person", password=GOOD)
    return Appointment.objects.get(user=user)


def test_a_colleague_who_sends_the_link_again_does_not_become_the_giver(admin, admin2, car, bria):
    """Otherwise the first one chooses person and role, has the second resend the link, and confirms it alone."""
    invitation = invited(admin, car, bria)
    services.renew_invitation(invitation, by=admin2)
    appointment = accepted(invitation)
    assert appointment.given_by == admin
    with pytest.raises(PermissionDenied, match="You gave this"):
        services.confirm_appointment(appointment, by=admin)
    assert services.confirm_appointment(appointment, by=admin2).confirmed_at


def test_what_was_offered_in_ones_name_is_not_confirmed_by_oneself_after_a_new_link(
    admin, admin2, requester_un, car, bria
):
    stand_in = standing_in(requester_un, admin.appointments.get())
    invitation = invited(requester_un, car, bria)
    StandIn.objects.filter(pk=stand_in.pk).update(
        starts=timezone.localdate() - 9 * DAY, ends=timezone.localdate() - DAY
    )
    services.renew_invitation(invitation, by=admin2)
    appointment = accepted(invitation)
    with pytest.raises(PermissionDenied, match="in your name"):
        services.confirm_appointment(appointment, by=admin)
    assert services.why_not_confirm(appointment, by=admin2) == ""


def test_a_reset_that_waited_for_a_week_is_not_confirmed_any_more(client, admin, admin2, hc):
    """The person has found the telephone since; a password that leaks later must not be enough."""
    with_app(hc)
    reset = safety.ask_reset(hc, by=admin, reason="Telephone lost")
    reset.asked_at = timezone.now() - 8 * DAY
    reset.save(update_fields=["asked_at"])
    with pytest.raises(PermissionDenied, match="more than a week ago"):
        safety.confirm_reset(reset, by=admin2)
    safety.refuse_reset(reset, by=admin2)
    assert safety.confirm_reset(safety.ask_reset(hc, by=admin, reason="Lost again"), by=admin2).confirmed_at


def test_a_mail_is_sent_again_after_a_fresh_proof_only(admin, admin2, ocha_bgi, settings):
    """It may carry the link that opens an account."""
    settings.SECOND_FACTOR = True
    row = refused_mail_to(ocha_bgi, "appointment.give", admin)
    client = signed_in(admin, with_app(admin))
    later(client, 6)
    assert "/account/reauthenticate/" in client.post(f"/accounts/mails/{hidden(row.pk)}/send/").url
    row.refresh_from_db()
    assert row.status == "failed"


def test_no_right_is_confirmed_on_a_trail_that_was_changed_by_hand(admin, admin2, nobody, car):
    appointment = services.appoint(user=nobody, role=Role.HC, by=admin, country=car)
    checks.mark_broken("portal", checks.Defect("activity_event", 1, "changed"))
    with pytest.raises(PermissionDenied, match="Until two administrators"):
        services.confirm_appointment(appointment, by=admin2)
    services.refuse_appointment(appointment, by=admin2, reason="Not now.")


def test_no_factor_and_no_reference_data_change_on_such_a_trail_either(admin, admin2, hc, bria):
    with_app(hc)
    reset = safety.ask_reset(hc, by=admin, reason="Lost.")
    [proposal] = reference_changes.change(
        bria, values={"covered_by": DutyStation.objects.get(code="bambari")}, by=admin
    )
    checks.mark_broken("portal", checks.Defect("activity_event", 1, "changed"))
    with pytest.raises(PermissionDenied, match="Until two administrators"):
        safety.confirm_reset(reset, by=admin2)
    with pytest.raises(PermissionDenied, match="Until two administrators"):
        reference_changes.confirm(proposal, by=admin2)
    safety.refuse_reset(reset, by=admin2)
    reference_changes.refuse(proposal, by=admin2, reason="Not now.")


@pytest.mark.parametrize("how", ["end", "deactivate"])
def test_what_a_removed_administrator_proposed_has_lapsed(client, admin, admin2, nobody, hc, car, bria, how):
    person("admin3", "admin", organisation="OCHA", name="Administrator 3", title="Administrator")
    with_app(hc)
    appointment = services.appoint(user=nobody, role=Role.HC, by=admin, country=car)
    invitation = invited(admin, car, bria)
    reset = safety.ask_reset(hc, by=admin, reason="Lost.")
    [proposal] = reference_changes.change(
        bria, values={"covered_by": DutyStation.objects.get(code="bambari")}, by=admin
    )
    if how == "end":
        services.end_appointment(admin.appointments.get(), by=admin2, reason="Left.")
    else:
        services.deactivate(admin, by=admin2, reason="Left.")
    acts = [
        lambda: services.confirm_appointment(appointment, by=admin2),
        lambda: safety.confirm_reset(reset, by=admin2),
        lambda: reference_changes.confirm(proposal, by=admin2),
        lambda: accepted(invitation),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied, match="has lapsed"):
            act()
    client.force_login(admin2)
    assert "This has lapsed" in client.get("/accounts/changes/").content.decode()
    assert client.get("/accounts/confirmations/").content.decode().count("This has lapsed") == 2
    services.refuse_appointment(appointment, by=admin2, reason="Lapsed.")
    safety.refuse_reset(reset, by=admin2)
    reference_changes.refuse(proposal, by=admin2, reason="Lapsed.")


def test_what_a_stand_in_proposed_outlives_their_days_but_not_their_removal(admin, admin2, requester_un, nobody, car):
    stand_in = standing_in(requester_un, admin.appointments.get())
    appointment = services.appoint(user=nobody, role=Role.HC, by=requester_un, country=car)
    today = timezone.localdate()
    StandIn.objects.filter(pk=stand_in.pk).update(starts=today - 9 * DAY, ends=today - DAY)
    assert services.why_not_confirm(appointment, by=admin2) == ""
    services.end_stand_in(stand_in, by=admin2)
    assert "has lapsed" in services.why_not_confirm(appointment, by=admin2)


# ── what an administrator of accounts, or a force, learns ────────────────────────────────────────────────────────────


def refused_mail_to(user, kind, by, **facts) -> Notification:
    event = Event.objects.create(
        stream="CAF", kind=kind, by=by, subject_kind=kind.partition(".")[0], subject_id=1, **facts
    )
    return Notification.objects.create(event=event, recipient=user, channel="mail", kind=kind, status="failed")


def test_the_page_of_refused_mails_names_no_request(client, people, reference):
    """An administrator may be of a civilian section of the mission, for whom a request does not exist."""
    un = Organisation.objects.create(acronym="CIV", name="Civil Affairs", org_type=Organisation.Type.UN_CIVILIAN)
    outsider = person("admin.civ", Role.ADMIN, organisation=un, name="Portal administrator")
    case = case_at("denied", people)
    denied = Notification.objects.get(recipient=people.requester_bria, kind="case.deny", channel="mail")
    Notification.objects.filter(pk=denied.pk).update(status="failed")
    client.force_login(outsider)
    page = client.get("/accounts/mails/").content.decode()
    assert str(people.requester_bria) in page and "About a request" in page
    assert case.reference not in page and "denied" not in page.lower()


@pytest.mark.parametrize("who", ["force_u3", "requester_bria"])
def test_naming_a_stand_in_is_no_directory_of_people_elsewhere(client, who, request, ocha_bgi, donor, settings):
    """The sentence for somebody who cannot stand in is the one for somebody who is not there."""
    settings.SECOND_FACTOR = False
    user = request.getfixturevalue(who)
    client.force_login(user)
    today = timezone.localdate()
    address = f"/me/appointments/{hidden(user.appointments.get().pk)}/stand-in/"
    for name in (ocha_bgi.username, donor.email, "no.such.person"):
        response = client.post(address, {"person": name, "starts": today, "ends": today + DAY})
        page = response.content.decode()
        assert response.status_code == 422 and any(sentence in page for sentence in NOBODY), name


def test_two_names_of_one_account_share_its_attempts(client, ocha_bgi):
    for _number in range(limits.LIMITS["sign_in"].most):
        limits.count("sign_in", ocha_bgi.username)
    for name in (ocha_bgi.username, ocha_bgi.email.upper()):
        page = client.post("/account/login/", {"login": name, "password": "wrong"}).content.decode()
        assert "Too many attempts for this account" in page, name


def test_an_account_without_organisation_sees_no_request(client, people):
    """Even where somebody shared one with it, or an old appointment says more."""
    case = case_at("submitted", people)
    stray = make_person("stray", organisation=None)
    appointed(stray, Role.OCHA_NATIONAL)
    assert not Case.objects.visible_to(stray).exists()
    assert not Invitation.objects.filter(user=stray).exists()
    client.force_login(stray)
    assert client.get(f"/requests/{case.reference}/").status_code in (302, 404)


def test_a_field_with_a_name_that_no_database_keeps_is_refused_like_others(client, requester_bria):
    """PostgreSQL keeps no zero byte: the refusal must be written down all the same, not end in an error page."""
    client.force_login(requester_bria)
    assert client.post("/me/", {"language": "fr", "telephone": "", "ro\0le": "hc"}).status_code == 422
    assert Event.objects.get(kind="refused.field").data["asked"] == "role"
