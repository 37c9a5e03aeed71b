"""The acts by which somebody arrives in a post, stays and goes, with the clock in our hands."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from cmcoord.activity.models import Event, Reminder
from contacts import links, services, shown
from contacts.models import CheckIn, Holding, Person, Post, Shares
from contacts.services.merging import Chosen, merge
from tests.contacts.directory import asked, holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(people, bria, clock):
    user = people.requester_bria
    return services.open_post(
        by=user, organisation=user.organisation, station=bria, function="Focal point", holder=holder(),
        starts=dt.date(2027, 1, 5),
    )  # fmt: skip


def test_each_reminder_is_sent_once_also_after_a_standstill(post, clock):
    clock("2027-12-01")
    told = Event.objects.filter(subject_kind="holding").count()
    clock("2027-12-02")
    assert Event.objects.filter(subject_kind="holding").count() == told == 5, "confirm: two, stale: one, verify: two"


def test_a_newcomer_whom_nobody_verifies_is_told_to_the_national_unit(people, post, clock):
    clock("2027-01-09")
    clock("2027-01-12")
    assert asked("holding.ask_verify") == [people.ocha_bgi.username]


def test_nobody_verifies_themselves_or_somebody_elsewhere(people, post, clock):
    held = post.holder
    for user in (people.requester_bria, people.ocha_birao, people.ocha_bko, people.force_u3, people.admin):
        with pytest.raises(PermissionDenied):
            services.verify(held, by=user)
    Person.objects.update(user=people.ocha_bria)
    with pytest.raises(PermissionDenied):
        services.verify(held, by=people.ocha_bria)
    services.verify(held, by=people.ocha_bgi)
    with pytest.raises(ValidationError):
        services.verify(held, by=people.ocha_bgi)


@pytest.mark.parametrize("by_what", ["name", "email", "telephone", "account"])
def test_who_writes_down_themself_is_verified_by_another(people, bria, clock, by_what):
    """OCHA verifies others by writing them down, and never itself: neither at once nor by a later correction."""
    by, ocha = people.ocha_bria, people.ocha_bria.organisation
    by.telephone = "+236 72 00 00 77"
    by.save(update_fields=["telephone"])
    own = {
        "name": holder(by.name.upper()), "email": holder(email=by.email), "telephone": holder(number="+23672000077"),
        "account": holder(),
    }[by_what]  # fmt: skip
    post = services.open_post(
        by=by, organisation=ocha, station=bria, function="Officer", starts=dt.date(2027, 1, 5), holder=holder("Other")
    )
    assert post.holder.verified_by == by, "somebody else"
    if by_what == "account":
        services.link_account(post.holder.person, by=by, user=by)
    else:
        services.change_holder(post, by=by, holder=own)
    assert not Holding.objects.get().is_verified, "by a correction"
    if by_what != "account":
        Post.objects.filter(pk=post.pk).update(closed_at=clock("2027-01-06"))
        post = services.open_post(
            by=by, organisation=ocha, station=bria, function="Head", starts=dt.date(2027, 1, 5), holder=own
        )
        assert by.username not in asked("post.open", "verify_contact")
    held = Holding.objects.get(post=post)
    assert not held.is_verified and Reminder.objects.open_for(held).filter(key="verify.station").exists()
    with pytest.raises(PermissionDenied, match="themself"):
        services.verify(held, by=by)
    services.verify(held, by=people.ocha_bgi)
    assert Holding.objects.get(pk=held.pk).verified_by == people.ocha_bgi


def test_who_merges_somebody_verified_with_themself_is_verified_by_another(people, bria, clock):
    by, ocha = people.ocha_bria, people.ocha_bria.organisation
    verified, own = (
        services.open_post(
            by=by, organisation=ocha, station=bria, function=function, starts=dt.date(2027, 1, 5),
            holder=holder(name, number),
        ).holder
        for function, name, number in (("Officer", "Other", "+23672000001"), ("Head", by.name, "+23672000002"))
    )  # fmt: skip
    assert verified.is_verified and not own.is_verified
    merge(own.person, verified.person, by=by, chosen=Chosen(by.name, (), frozenset(), frozenset()))
    held = Holding.objects.get(pk=verified.pk)
    assert held.person == own.person and not held.is_verified
    assert Reminder.objects.open_for(held).filter(key="verify.station").exists()


def test_a_departure_is_planned_and_called_off(people, post, clock):
    held = post.holder
    for day in ("2027-01-04", "2026-12-31"):
        with pytest.raises(ValidationError):
            services.plan_departure(held, by=people.requester_bria, ends=dt.date.fromisoformat(day))
    for user in (people.requester_birao, people.ocha_birao, people.force_u3):
        with pytest.raises(PermissionDenied):
            services.plan_departure(held, by=user, ends=dt.date(2027, 2, 1))
    for _again in range(2):
        services.plan_departure(held, by=people.requester_bria, ends=dt.date(2027, 2, 1))
        assert Reminder.objects.open_for(held).filter(key="depart.2027-02-01").count() == 1
        services.stay(held, by=people.requester_bria)
        assert not Reminder.objects.open_for(held).filter(key__startswith="depart").exists()
    clock("2027-02-02")
    assert Post.objects.get().holder == held
    services.plan_departure(held, by=people.requester_bria, ends=dt.date(2027, 2, 10))
    services.hand_over(post, by=people.requester_bria, holder=holder("Next"), starts=dt.date(2027, 2, 11))
    with pytest.raises(ValidationError, match="successor"):
        services.stay(held, by=people.requester_bria)
    clock("2027-02-11")
    assert Post.objects.get().holder.person.name == "Next"
    assert not asked("holding.depart", "name_successor"), "there is one"


def test_who_left_confirms_nothing(people, post, clock):
    held = post.holder
    services.leave(post, by=people.requester_bria)
    with pytest.raises(ValidationError):
        services.check_in(held, by=None, how="link")
    assert links.opened_by(links.link_to(links.CONFIRM, held).rsplit("/", 2)[1]) is None


def test_check_ins_are_never_changed(post, people, clock):
    row = services.check_in(post.holder, by=people.requester_bria, how="page")
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.filter(pk=row.pk).update(how="ocha")


# ── consent ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_imported_is_asked_and_their_word_acts_at_once(people, post, clock):
    services.hand_over(
        post, by=people.ocha_bria, holder=holder("Imported", "+23672000009", answered=False),
        starts=dt.date(2027, 1, 6),
    )  # fmt: skip
    clock("2027-01-06")
    person = Post.objects.get().holder.person
    services.ask_consent(person, by=people.ocha_bria)
    assert asked("contact.ask_consent", "answer_contact") == ["somebody@example.org"]
    assert not shown.reach_of(person, people.hc)
    number, address = person.telephones.get(), person.addresses.get()
    services.answer_consent(
        person, by=None, by_link=True, name=Shares(), telephones={number.pk: Shares(force=True)},
        addresses={address.pk: Shares(humanitarians=False)},
    )  # fmt: skip
    person = Person.objects.get(pk=person.pk)
    reach = shown.reach_of(person, people.hc)
    assert (reach.name, len(reach.telephones), len(reach.addresses)) == ("Imported", 1, 0)
    assert len(shown.reach_of(person, people.force_u3).telephones) == 1
    assert Event.objects.order_by("-pk").first().kind == "contact.consent"

    services.withdraw(person, by=None, by_link=True)
    person = Person.objects.get(pk=person.pk)
    for reader in (people.hc, people.force_u3, people.requester_birao):
        assert not shown.reach_of(person, reader)
    event = Event.objects.order_by("-pk").first()
    assert event.kind == "contact.withdraw" and "Imported" not in str(event.data)


def test_nobody_speaks_for_somebody_whose_post_they_do_not_keep(people, post, clock):
    person = post.holder.person
    for user in (people.requester_birao, people.ocha_birao, people.force_u3, people.hc):
        with pytest.raises(PermissionDenied):
            services.withdraw(person, by=user)
    own = people.nobody
    own.organisation = post.organisation
    own.save(update_fields=["organisation"])
    Person.objects.filter(pk=person.pk).update(user=own)
    services.withdraw(Person.objects.get(pk=person.pk), by=own)
    assert not shown.reach_of(Person.objects.get(pk=person.pk), people.requester_birao)
