"""Do two people become one field by field, two again within 30 days, and is nobody's consent widened by it?"""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.models import Event
from cmcoord.places.models import DutyStation
from contacts import duplicates, services
from contacts.models import DirectoryExport, ExportedPerson, Holding, Merge, Person, Shares, Telephone
from contacts.services import Holder, Mail, Number, forget_contacts
from contacts.services.merging import Chosen, forget_merges, merge, undo_merge
from contacts.services.people import write_person

pytestmark = pytest.mark.django_db
WIDE, NARROW = Shares(force=True, public=True), Shares()
EVERYTHING = frozenset({"+23672000001", "+23672000002", "+23672000003"})


def held(people, function, name, numbers, email, *, shares=NARROW, answered=True):
    holder = Holder(
        name, tuple(Number(one, shares=shares) for one in numbers), (Mail(email, shares),), ("fr",), shares,
        answered=answered,
    )  # fmt: skip
    post = services.open_post(
        by=people.requester_bria, organisation=people.requester_bria.organisation, function=function, holder=holder,
        station=DutyStation.objects.get(code="bria"), starts=dt.date(2026, 1, 1),
    )  # fmt: skip
    return Person.objects.get(holdings__post=post)


@pytest.fixture
def both(people):
    return (
        held(people, "Logistician", "Awa Mbolido", ["+23672000001", "+23672000002"], "awa@example.org", shares=WIDE),
        held(people, "Driver", "Awa MBOLIDO", ["+23672000002", "+23672000003"], "a@example.org"),
    )


def chosen(**changes):
    return Chosen(**{"name": "Awa Mbolido", "languages": ("fr",), "telephones": EVERYTHING,
                     "addresses": frozenset({"awa@example.org"})} | changes)  # fmt: skip


def picture():
    """Everything about everybody, but for what another key would change."""
    return sorted(
        (
            one.pk, one.name, one.languages, one.shares.circles, one.answered_at, one.user_id, one.salt,
            sorted((row.pk, str(row.number), row.shares.circles, row.salt) for row in one.telephones.all()),
            sorted((row.pk, row.email, row.shares.circles, row.salt) for row in one.addresses.all()),
            sorted(one.holdings.values_list("pk", flat=True)),
        )
        for one in Person.objects.all()
    )  # fmt: skip


def test_two_become_one_with_every_post_and_what_was_chosen(people, both):
    person, other = both
    done = merge(person, other, by=people.ocha_bria, chosen=chosen())
    one = Person.objects.get()
    assert one.holdings.count() == 2
    assert {str(row.number) for row in one.telephones.all()} == EVERYTHING
    assert [row.email for row in one.addresses.all()] == ["awa@example.org"]
    assert (done.person, done.gone) == (one, other.pk)
    event = Event.objects.get(kind="merge.make")
    assert "Awa" not in str(event.data) and "+236" not in str(event.data)


def test_an_old_address_leads_to_whom_they_were_merged_into(client, people, both):
    """Also after that one was merged too, and back; nobody learns of anybody whom they do not read."""
    person, other = both
    third = held(people, "Guard", "Awa Mbolido", ["+23672000009"], "c@example.org")
    old = reverse("contacts:person", args=[other.pk])
    merge(person, other, by=people.ocha_bria, chosen=chosen())
    client.force_login(people.requester_bria)
    assert client.get(old).headers["Location"] == person.get_absolute_url()
    numbers = frozenset({"+23672000001"})
    last = merge(third, person, by=people.ocha_bria, chosen=chosen(telephones=numbers, addresses=frozenset()))
    for gone in (other, person):
        assert client.get(reverse("contacts:person", args=[gone.pk])).headers["Location"] == third.get_absolute_url()
    for reader, status in ((people.hc, 302), (people.force_u3, 404), (people.ocha_bko, 404)):
        client.force_login(reader)
        assert client.get(old).status_code == status
        assert client.post(reverse("contacts:consent", args=[other.pk])).status_code in (404, 405)
    client.force_login(people.requester_bria)
    undo_merge(last, by=people.ocha_bria)
    assert client.get(old).headers["Location"] == person.get_absolute_url()
    assert client.get(person.get_absolute_url()).status_code == 200


def test_the_narrower_word_counts(people, both):
    merge(*both, by=people.ocha_bria, chosen=chosen())
    one = Person.objects.get()
    assert one.shares == NARROW
    assert {str(row.number): row.shares for row in one.telephones.all()} == {
        "+23672000001": WIDE, "+23672000002": NARROW, "+23672000003": NARROW,
    }  # fmt: skip


def test_what_nobody_was_asked_about_is_shared_with_nobody(people, both):
    person, _other = both
    silent = held(people, "Guard", "Awa Mbolido", ["+23672000001", "+23672000009"], "b@example.org", answered=False)
    merge(silent, person, by=people.ocha_bria, chosen=chosen(
        telephones=frozenset({"+23672000001", "+23672000009"}), addresses=frozenset()))  # fmt: skip
    one = Person.objects.get(pk=silent.pk)
    assert one.has_answered and one.shares == WIDE
    assert one.telephones.get(number="+23672000009").shares.circles == []
    assert one.telephones.get(number="+23672000001").shares.circles == []


def test_both_come_back_as_they_were(people, both):
    person, other = both
    person.user = people.colleague_bria
    person.save()
    exports = [DirectoryExport.objects.create(by=people.ocha_bria, form="csv", sensitivity="C", count=2) for _ in "ab"]
    for export, one in ((exports[0], person), (exports[0], other), (exports[1], other)):
        ExportedPerson.objects.create(export=export, person=one)
    before = picture()
    done = merge(other, person, by=people.ocha_bria, chosen=chosen(telephones=frozenset()))
    assert Person.objects.get().user == people.colleague_bria
    assert ExportedPerson.objects.count() == 2, "a recall still reaches whoever took either of them"
    undo_merge(done, by=people.ocha_bria)
    assert picture() == before
    assert ExportedPerson.objects.filter(person=other).count() == 2
    assert ExportedPerson.objects.filter(person=person).count() == 1
    done.refresh_from_db()
    assert (done.originals, done.moved) == ([], {})
    with pytest.raises(ValidationError, match="cannot be undone"):
        undo_merge(done, by=people.ocha_bria)


def test_a_form_that_was_open_meanwhile_brings_nobody_back_and_no_consent(people, both):
    person, other = both
    merge(person, other, by=people.ocha_bria, chosen=chosen())
    typed = Holder("Awa Mbolido", (Number("+23672000009", shares=WIDE),), shares=WIDE)
    for act in (
        partial(write_person, typed, person=other),
        partial(services.answer_consent, other, by=people.ocha_bria, name=WIDE, telephones={}, addresses={}),
    ):
        with pytest.raises(ValidationError, match="became one with another"):
            act()
    assert Person.objects.get() == person
    person.refresh_from_db()
    services.withdraw(person, by=people.ocha_bria)
    with pytest.raises(ValidationError, match="said anew"):
        write_person(typed, person=person)
    assert Person.objects.get().shares.circles == []


def test_a_number_that_was_written_down_again_stands_once(people, both):
    person, _other = both
    done = merge(*both, by=people.ocha_bria, chosen=chosen(telephones=frozenset()))
    again = Telephone.objects.create(person=person, number="+23672000001")
    undo_merge(done, by=people.ocha_bria)
    assert {str(row.number) for row in person.telephones.all()} == {"+23672000001", "+23672000002"}
    assert again in person.telephones.all()


def test_nobody_comes_back_whose_posts_are_gone(people, both):
    """A list that brought them was given up meanwhile: nobody would keep, read or destroy them."""
    done = merge(*both, by=people.ocha_bria, chosen=chosen())
    Holding.objects.filter(post__function="Driver").delete()
    with pytest.raises(ValidationError, match="cannot be undone"):
        undo_merge(done, by=people.ocha_bria)
    assert Person.objects.count() == 1


def test_whoever_took_consent_back_meanwhile_is_not_shared_again(people, both):
    person, other = both
    done = merge(person, other, by=people.ocha_bria, chosen=chosen())
    services.withdraw(Person.objects.get(), by=people.ocha_bria)
    undo_merge(done, by=people.ocha_bria)
    person.refresh_from_db()
    assert all(row.shares.circles == [] for row in person.telephones.all())
    assert not Person.objects.get(pk=other.pk).has_answered


def test_after_30_days_it_stays_and_what_both_were_is_destroyed(people, both):
    done = merge(*both, by=people.ocha_bria, chosen=chosen())
    now = timezone.now()
    forget_merges(now + dt.timedelta(days=29))
    assert Merge.objects.get().originals
    with pytest.raises(ValidationError, match="cannot be undone"):
        undo_merge(done, by=people.ocha_bria, now=now + dt.timedelta(days=30, minutes=1))
    forget_merges(now + dt.timedelta(days=30, minutes=1))
    assert Merge.objects.get().originals == []


def test_what_was_destroyed_after_the_last_post_does_not_come_back(people, both):
    """Merged shortly before the 30 days are over: what both were goes with their telephones."""
    done = merge(*both, by=people.ocha_bria, chosen=chosen())
    gone = timezone.now() - dt.timedelta(days=31)
    Holding.objects.update(starts=gone.date(), ends=gone.date(), left_at=gone)
    forget_contacts(timezone.now())
    assert not Telephone.objects.exists()
    assert Merge.objects.get().originals == []
    with pytest.raises(ValidationError, match="cannot be undone"):
        undo_merge(done, by=people.ocha_bria)
    assert not Telephone.objects.exists()


def test_two_accounts_are_two_people(people, both):
    for one, user in zip(both, (people.colleague_bria, people.requester_bria), strict=True):
        one.user = user
        one.save()
    with pytest.raises(ValidationError, match="two people"):
        merge(*both, by=people.ocha_bria, chosen=chosen())
    assert Person.objects.count() == 2


@pytest.mark.parametrize("changes", [{"name": "Somebody"}, {"telephones": frozenset({"+23675000000"})}])
def test_what_neither_has_is_refused(people, both, changes):
    with pytest.raises(ValidationError, match="changed meanwhile"):
        merge(*both, by=people.ocha_bria, chosen=chosen(**changes))


@pytest.mark.parametrize("who", ["requester_birao", "hoo", "hc", "force_u3", "donor", "admin", "ocha_bko"])
def test_who_keeps_not_both_neither_merges_nor_sees_nor_undoes(client, people, both, who):
    user = getattr(people, who)
    with pytest.raises(PermissionDenied):
        merge(*both, by=user, chosen=chosen())
    client.force_login(user)
    address = reverse("contacts:merge", args=[both[0].pk, both[1].pk])
    assert (client.get(address).status_code, client.post(address, {"name": "Awa Mbolido"}).status_code) == (404, 404)
    assert not duplicates.pairs(user)
    done = merge(*both, by=people.ocha_bria, chosen=chosen())
    assert client.post(reverse("contacts:unmerge", args=[done.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        undo_merge(done, by=user)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_proposed_merged_and_undone_on_pages(client, people, both, language):
    held(people, "Guard", "Paul Gonda", ["+23675000001"], "p@example.org")
    people.ocha_bria.language = language
    people.ocha_bria.save()
    client.force_login(people.ocha_bria)
    page = client.get(reverse("contacts:duplicates")).content.decode()
    assert "Awa Mbolido – Awa MBOLIDO" in page and "Paul Gonda" not in page
    address = reverse("contacts:merge", args=[one.pk for one in both])
    assert "+23672000003" in client.get(address).content.decode()
    assert client.post(address, {"name": "Somebody"}).status_code == 422
    sent = {"name": "Awa MBOLIDO", "telephones": ["+23672000001"], "addresses": []}
    assert client.post(address, sent).status_code == 302
    assert Person.objects.filter(folded_name="awa mbolido").get().name == "Awa MBOLIDO"
    page = client.get(reverse("contacts:duplicates")).content.decode()
    assert "Awa MBOLIDO → Awa MBOLIDO" in page
    assert client.post(reverse("contacts:unmerge", args=[Merge.objects.get().pk])).status_code == 302
    assert client.post(reverse("contacts:unmerge", args=[Merge.objects.get().pk])).status_code == 409
    assert Person.objects.filter(folded_name="awa mbolido").count() == 2
