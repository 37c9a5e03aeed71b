"""Who may decide for the Humanitarian Coordinator: given by whom, to whom, for what, until when?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cmcoord.accounts import scope, services
from cmcoord.accounts.models import Appointment, DecisionDelegation, User
from cmcoord.accounts.roles import Perm, Role
from cmcoord.activity.models import Event, Notification
from cmcoord.activity.numbers import hidden
from tests.accounts.test_scope import Thing
from tests.people import appointed, delegated, standing_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def again(user):
    return User.objects.get(pk=user.pk)


def give(hc, delegate, *, by=None, starts=0, ends=5, types=("AE",), urgent_only=False, document="Letter 14"):
    held = hc.appointments.get()
    return services.give_delegation(
        held, delegate=delegate, request_types=types, urgent_only=urgent_only, valid_from=held.today + starts * DAY,
        valid_to=held.today + ends * DAY, document=document, by=by or hc,
    )  # fmt: skip


def wrong(*args, **kwargs) -> dict:
    """The sentences by field; nothing was saved, and nobody told."""
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        give(*args, **kwargs)
    assert not Event.objects.filter(kind="delegation.give", data__delegate="").exists()
    return caught.value.message_dict


def request(request_type="AE", urgent=False, country="CAF"):
    thing = Thing(country=country)
    thing.request_type, thing.urgent = request_type, urgent
    return thing


def decides(user, **facts) -> bool:
    return scope.has_perm(again(user), Perm.DECIDE_CASE, request(**facts))


def test_a_delegate_decides_for_the_coordinator_and_both_are_told(hc, hoo):
    row = give(hc, hoo)
    grant = scope.grant_for(again(hoo), Perm.DECIDE_CASE, request())
    assert (grant.principal_id, grant.delegation_id, grant.in_person) == (hc.pk, row.pk, False)
    event = Event.objects.get(kind="delegation.give")
    mailed = Notification.objects.filter(event=event, channel="mail").values_list("recipient", flat=True)
    assert set(mailed) == {hc.pk, hoo.pk}
    assert "Letter" not in str(event.data)
    assert (event.data["types"], event.data["person"], event.by) == (["AE"], hoo.pk, hc)


def test_it_gives_no_other_right_of_the_coordinator(hc, hoo):
    give(hc, hoo)
    lent = {grant.perm for grant in scope.grants(again(hoo)) if grant.principal_id}
    assert lent == {Perm.DECIDE_CASE}
    assert scope.countries_for(again(hoo), Perm.DECIDE_CASE) == set()


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({"urgent": True}, True),
        ({"urgent": False}, False),
        ({"urgent": True, "request_type": "MCDA-LOG"}, False),
        ({"urgent": True, "country": "MLI"}, False),
    ],
)
def test_it_counts_for_its_types_its_urgency_and_its_country_only(hc, hoo, facts, may):
    delegated(hoo, hc.appointments.get(), types=["AE"], urgent_only=True)
    assert decides(hoo, **facts) is may


@pytest.mark.parametrize(("starts", "ends", "holds"), [(-1, 1, True), (0, 0, True), (1, 2, False), (-3, -1, False)])
def test_it_begins_and_ends_by_itself(hc, hoo, starts, ends, holds):
    today = hc.appointments.get().today
    row = delegated(hoo, hc.appointments.get(), starts=today + starts * DAY, ends=today + ends * DAY)
    assert decides(hoo) is holds
    assert row.state == ("current" if holds else "future" if starts > 0 else "expired")


def test_it_ends_when_the_coordinator_ends_it_and_both_are_told(hc, hoo):
    services.end_delegation(give(hc, hoo), by=hc)
    assert not decides(hoo)
    told = Event.objects.get(kind="delegation.end").notifications.filter(channel="portal")
    assert {each.recipient for each in told} == {hc, hoo}
    with pytest.raises(PermissionDenied, match="has ended"):
        services.end_delegation(DecisionDelegation.objects.get(), by=hc)


def test_it_ends_with_the_appointment_of_the_coordinator(hc, hoo, admin):
    row = give(hc, hoo)
    services.end_appointment(hc.appointments.get(), by=admin, reason="Mission over")
    assert not decides(hoo)
    assert DecisionDelegation.objects.get(pk=row.pk).state == "ended"


@pytest.mark.parametrize("closed", ["hc", "hoo"])
def test_it_ends_with_either_account_and_does_not_come_back(hc, hoo, admin, closed):
    give(hc, hoo)
    person = {"hc": hc, "hoo": hoo}[closed]
    services.deactivate(person, by=admin, reason="Left")
    services.activate(again(person), by=again(admin))
    assert not decides(hoo)
    assert DecisionDelegation.objects.get().ended_at


def test_nobody_else_gives_or_ends_one(hc, hoo, ocha_bgi, admin):
    standing_in(ocha_bgi, hc.appointments.get())
    row = give(hc, hoo)
    for person in (hoo, ocha_bgi, admin):
        with pytest.raises(PermissionDenied, match="Only the Humanitarian Coordinator"):
            give(hc, ocha_bgi, by=again(person), starts=6, ends=8)
        with pytest.raises(PermissionDenied, match="Only the Humanitarian Coordinator"):
            services.end_delegation(row, by=again(person))
    assert DecisionDelegation.objects.count() == 1


def test_a_delegate_cannot_pass_it_on_by_an_appointment_of_their_own(hc, hoo, ocha_bgi):
    give(hc, hoo)
    with pytest.raises(PermissionDenied, match="Only the Humanitarian Coordinator"):
        give(again(hoo), ocha_bgi)
    standing_in(ocha_bgi, hoo.appointments.get())
    assert not decides(ocha_bgi)


def test_an_ended_appointment_delegates_nothing(hc, hoo):
    Appointment.objects.filter(user=hc).update(ends=timezone.localdate() - DAY)
    with pytest.raises(PermissionDenied, match="does not count now"):
        give(hc, hoo)


def test_not_across_countries(hc, hc_ml):
    sentence = wrong(hc, hc_ml)["delegate"][0]
    assert sentence.startswith("A delegation does not cross countries:")
    assert not DecisionDelegation.objects.exists()


def test_not_to_oneself_nor_to_another_side_nor_to_a_closed_account(hc, hoo, donor):
    assert set(wrong(hc, hc)) == {"delegate"}
    assert set(wrong(hc, donor)) == {"delegate"}
    User.objects.filter(pk=hoo.pk).update(is_active=False)
    assert set(wrong(hc, again(hoo))) == {"delegate"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"starts": 5, "ends": 4}, "valid_to"),
        ({"starts": -1}, "valid_from"),
        ({"ends": 400}, "valid_to"),
        ({"types": ()}, "request_types"),
        ({"document": "  "}, "document"),
    ],
)
def test_scope_dates_and_document_are_checked(hc, hoo, facts, field):
    assert set(wrong(hc, hoo, **facts)) == {field}


def test_it_does_not_outlast_the_appointment(hc, hoo):
    held = hc.appointments.get()
    Appointment.objects.filter(pk=held.pk).update(ends=held.today + 2 * DAY)
    Event.objects.filter(subject_kind="appointment", subject_id=held.pk)
    with pytest.raises((ValidationError, PermissionDenied)):
        give(hc, hoo)


@pytest.mark.parametrize(
    ("facts", "free"),
    [
        ({}, False),
        ({"starts": 5, "ends": 9}, False),
        ({"types": ("AE", "MCDA-LOG"), "starts": 2, "ends": 3}, False),
        ({"urgent_only": True}, False),
        ({"starts": 6, "ends": 9}, True),
        ({"types": ("MCDA-LOG",)}, True),
    ],
)
def test_scopes_and_dates_of_one_coordinator_do_not_intersect(hc, hoo, ocha_bgi, facts, free):
    give(hc, hoo)
    if free:
        give(hc, ocha_bgi, **facts)
    else:
        assert "OCHA Head of Office decides on some of these" in wrong(hc, ocha_bgi, **facts)["valid_from"][0]
    assert DecisionDelegation.objects.count() == 1 + free


def test_another_coordinator_delegates_for_their_own_country(hc, hoo, hc_ml):
    give(hc, hoo)
    appointed(hoo, Role.HEAD_OF_OFFICE, country="MLI")
    give(hc_ml, again(hoo))
    assert decides(hoo, country="MLI") and decides(hoo)


def test_the_database_says_it_too(hc, hoo):
    row = give(hc, hoo)
    for values in ({"delegate": hc}, {"valid_to": row.valid_from - DAY}, {"request_types": []}, {"ended_by": hc}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DecisionDelegation.objects.filter(pk=row.pk).update(**values)


@pytest.mark.pages
def test_it_is_given_and_ended_on_its_pages_and_both_see_it(client, hc, hoo, hc_ml):
    held = hc.appointments.get()
    url = f"/me/appointments/{hidden(held.pk)}/delegate/"
    answers = {
        "delegate": "hoo.car", "request_types": ["AE"], "valid_from": held.today, "valid_to": held.today + DAY,
        "document": "Letter 14",
    }  # fmt: skip
    for other in (hoo, hc_ml):
        client.force_login(other)
        assert client.get(url).status_code == client.post(url, answers).status_code == 404
    client.force_login(hc)
    assert "does not cross countries" in client.post(url, answers | {"delegate": "hc.ml"}).content.decode()
    assert client.post(url, answers).status_code == 302
    assert "already; end that delegation first" in client.post(url, answers).content.decode()
    row = DecisionDelegation.objects.get()
    end = f"/me/delegations/{hidden(row.pk)}/end/"
    for person in (hc, hoo):
        client.force_login(person)
        page = client.get("/me/").content.decode()
        assert "for the Humanitarian Coordinator, by delegation of" in page and "Letter 14" in page
        assert (end in page) is (person == hc)
    assert client.post(end).status_code == 404
    client.force_login(hc)
    assert client.post(end).status_code == 302
    assert not decides(hoo)


def test_both_hear_once_when_its_last_day_is_over(hc, hoo, ocha_bgi):
    today, held = timezone.localdate(), hc.appointments.get()
    over = delegated(hoo, held, starts=today - 5 * DAY, ends=today - 2 * DAY)
    delegated(ocha_bgi, held)
    ended = delegated(ocha_bgi, held, starts=today - 5 * DAY, ends=today - 2 * DAY)
    DecisionDelegation.objects.filter(pk=ended.pk).update(ended_by=hc, ended_at=timezone.now())
    assert [services.tell_of_last_days(timezone.now()) for _round in range(2)] == [1, 0]
    event = Event.objects.get(kind="delegation.lapse")
    assert event.subject_id == over.pk
    told = Notification.objects.filter(event=event, channel="mail").values_list("recipient__username", flat=True)
    assert sorted(told) == sorted([hc.username, hoo.username])
