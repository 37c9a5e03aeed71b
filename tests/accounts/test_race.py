"""Several people at the same moment, on PostgreSQL: one wins, the others read why not."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection

from cmcoord.accounts import reference_changes, scope, services
from cmcoord.accounts.models import Invitation, Organisation, StandIn, User
from cmcoord.accounts.roles import Role
from cmcoord.activity.models import ErasableValue, Event
from cmcoord.places.models import Country, DutyStation
from tests.people import appointed, make_person

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts) -> list[str]:
    """Run all of them together; what each came to: "" or the name of its refusal."""
    gate, outcome = threading.Barrier(len(acts)), [""] * len(acts)

    def run(index, act):
        try:
            gate.wait(timeout=20)
            act()
        except (PermissionDenied, ValidationError, IntegrityError) as refusal:
            outcome[index] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcome


def again(user):
    return User.objects.get(pk=user.pk)


@pytest.fixture
def four_admins(admin, admin2):
    ocha = Organisation.objects.get(acronym="OCHA")
    others = [make_person(f"admin{number}", organisation=ocha) for number in (3, 4)]
    for person in others:
        appointed(person, Role.ADMIN)
    return [admin, admin2, *others]


def test_an_appointment_is_confirmed_once(four_admins, nobody):
    given = services.appoint(user=nobody, role=Role.REQUESTER, by=four_admins[0], country=Country.objects.get(pk="CAF"))
    outcome = at_once(*[lambda by=by: services.confirm_appointment(given, by=again(by)) for by in four_admins[1:]])
    assert sorted(outcome) == ["", "PermissionDenied", "PermissionDenied"]
    assert Event.objects.filter(kind="appointment.confirm", subject_id=given.pk).count() == 1


def test_an_invitation_opens_one_account(admin, admin2):
    services.invite(
        email="new@example.org",
        name="New",
        organisation=Organisation.objects.get(acronym="OCHA"),
        role=Role.OCHA_NATIONAL,
        by=admin,
        country=Country.objects.get(pk="CAF"),
    )
    token = ErasableValue.objects.get(field="link").value.rstrip("/").rpartition("/")[2]
    acts = [
        lambda n=n: services.accept_invitation(token, username=f"new{n}", password="a long enough sentence")
        for n in range(4)
    ]
    assert sorted(at_once(*acts)) == ["", "PermissionDenied", "PermissionDenied", "PermissionDenied"]
    assert User.objects.filter(email="new@example.org").count() == 1
    assert Invitation.objects.get().state == "accepted"


def test_administrators_who_end_each_other_leave_two(four_admins):
    ring = zip(four_admins, four_admins[1:] + four_admins[:1], strict=True)
    acts = [
        lambda by=by, other=other: services.end_appointment(
            other.appointments.get(), by=again(by), reason="Each ends the next."
        )
        for by, other in ring
    ]
    outcome = at_once(*acts)
    assert outcome.count("") == 2
    assert scope.role_owners(Role.ADMIN).count() == 2


def test_overlapping_stand_ins_named_at_once_become_one(hc, hoo, ocha_bgi):
    appointment = hc.appointments.get()
    today = appointment.today
    acts = [
        lambda person=person: services.give_stand_in(appointment, user=person, starts=today, ends=today, by=again(hc))
        for person in (hoo, ocha_bgi)
    ]
    assert sorted(at_once(*acts)) == ["", "ValidationError"]
    assert StandIn.objects.count() == 1


def test_a_change_of_reference_data_is_confirmed_once(four_admins):
    bria, bambari = (DutyStation.objects.get(code=code) for code in ("bria", "bambari"))
    [proposal] = reference_changes.change(bria, values={"covered_by": bambari}, by=four_admins[0])
    outcome = at_once(*[lambda by=by: reference_changes.confirm(proposal, by=again(by)) for by in four_admins[1:]])
    assert sorted(outcome) == ["", "PermissionDenied", "PermissionDenied"]
    assert Event.objects.filter(kind="reference.confirm").count() == 1


def test_one_of_two_proposals_for_a_field_waits(four_admins):
    bria, bambari = (DutyStation.objects.get(code=code) for code in ("bria", "bambari"))
    values = {"covered_by": bambari}
    outcome = at_once(
        *[lambda by=by: reference_changes.change(bria, values=values, by=again(by)) for by in four_admins]
    )
    assert sorted(outcome) == ["", *["ValidationError"] * 3]
    assert Event.objects.filter(kind="reference.propose").count() == 1
