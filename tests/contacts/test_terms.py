"""A year of one post, and the acts by which somebody arrives, stays and goes, with the clock in our hands."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cmcoord.activity.mail import message_for
from cmcoord.activity.models import Event, Notification, Reminder
from contacts import links, services, shown
from contacts.models import CheckIn, Holding, Person, Post, Shares
from contacts.services import Holder, Mail, Number

pytestmark = pytest.mark.django_db
NOON = dt.time(12)


@pytest.fixture
def clock(monkeypatch):
    """Sets the day: clock("2027-03-01") is noon of that day, UTC; clock() lets the sweep run."""
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def turn(day: str = "") -> dt.datetime:
        if day:
            now[0] = dt.datetime.combine(dt.date.fromisoformat(day), NOON, dt.UTC)
        services.depart_due(now[0])
        services.remind_holdings(now[0])
        services.forget_contacts(now[0])
        return now[0]

    turn("2027-01-05")
    return turn


def holder(name="Somebody", number="+23672000001", email="somebody@example.org", **more):
    return Holder(name, (Number(number),), (Mail(email),) if email else (), **more)


@pytest.fixture
def post(people, bria, clock):
    user = people.requester_bria
    return services.open_post(
        by=user, organisation=user.organisation, station=bria, function="Focal point", holder=holder(),
        starts=dt.date(2027, 1, 5),
    )  # fmt: skip


def asked(kind, expects=None) -> list:
    """Who was told by mail of events of this kind, newest event only."""
    event = Event.objects.filter(kind=kind).order_by("-pk").first()
    rows = Notification.objects.filter(event=event, channel="mail") if event else []
    return sorted(row.address or row.recipient.username for row in rows if expects is None or row.expects == expects)


def test_a_year_of_one_post(people, post, clock):
    first = post.holder
    assert not first.is_verified and asked("post.open", "verify_contact") == [people.ocha_bria.username]
    clock("2027-01-09")
    assert asked("holding.ask_verify") == [people.ocha_bria.username]
    services.verify(first, by=people.ocha_bria)
    clock("2027-01-12")
    assert Event.objects.filter(kind="holding.ask_verify").count() == 1, "nobody is reminded of what is done"

    clock("2027-03-29")  # 83 days
    assert asked("holding.ask_confirm", "confirm_post") == ["somebody@example.org"]
    for how, by, day in (("link", None, "2027-03-30"), ("page", people.requester_bria, "2027-06-25"),
                         ("ocha", people.ocha_bria, "2027-09-20")):  # fmt: skip
        clock(day)
        services.check_in(Holding.objects.get(), by=by, how=how)
        assert not Holding.objects.get().is_stale(timezone.now())
    assert list(CheckIn.objects.order_by("at").values_list("how", flat=True)) == ["link", "page", "ocha"]
    assert not Event.objects.filter(kind="holding.stale").exists()

    clock("2027-12-12")
    assert not Holding.objects.stale(timezone.now()).exists()
    clock("2027-12-20")  # missed: 91 days
    assert Holding.objects.stale(timezone.now()).get() == first
    assert asked("holding.ask_confirm", "confirm_post") == ["somebody@example.org"]
    assert set(asked("holding.stale", "")) == {people.requester_bria.username, people.colleague_bria.username}
    told = Notification.objects.filter(event__kind="holding.stale", channel="mail")
    assert told and not any("/directory/confirm/" in message_for(one).body for one in told), "nobody speaks for another"

    services.plan_departure(Holding.objects.get(), by=people.requester_bria, ends=dt.date(2027, 12, 31))
    clock()
    assert asked("holding.ask_successor", "name_successor"), "less than two weeks are left"
    clock("2027-12-31")
    assert Post.objects.get().holder == first, "the last day is a day in the post"
    clock("2028-01-01")
    assert Post.objects.get().holder is None and Post.objects.without_holder().exists()
    assert asked("holding.depart", "name_successor") and not Holding.objects.in_post().exists()
    assert first.handover.is_open and first.handover.successor is None

    clock("2028-01-10")
    new = services.hand_over(
        Post.objects.get(), by=people.requester_bria, holder=holder("Next", "+23672000002"), starts=dt.date(2028, 1, 10)
    )
    assert Post.objects.get().holder == new
    first.handover.refresh_from_db()
    assert first.handover.successor == new

    clock("2028-01-29")
    gone = Person.objects.get(pk=first.person_id)
    assert gone.telephones.exists(), "30 days are kept"
    clock("2028-02-01")
    assert not gone.telephones.exists() and not gone.addresses.exists()
    assert new.person.telephones.exists() and Event.objects.filter(kind="contact.forget").count() == 1
    assert "Somebody" in str(post.holdings.order_by("starts").first()), "the function keeps its history"


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
    assert links.opened_by(links.link_to(links.CONFIRM, held.pk).rsplit("/", 2)[1]) is None


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
    Person.objects.filter(pk=person.pk).update(user=people.hc)
    services.withdraw(Person.objects.get(pk=person.pk), by=people.hc)
    assert not shown.reach_of(Person.objects.get(pk=person.pk), people.requester_birao)
