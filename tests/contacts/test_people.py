"""The pages of one person: what each reader finds there, the link with one button, and the account that is theirs."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from cmcoord.activity.mail import message_for
from cmcoord.activity.models import Event, Notification
from cmcoord.places.models import DutyStation
from contacts import keepers, links, services, shown
from contacts.models import Address, CheckIn, Circle, DirectoryExport, ExportedPerson, Holding, Person, Post, Shares
from contacts.services import Holder, Mail, Number

pytestmark = pytest.mark.django_db
EMAIL = "somebody@example.org"


@pytest.fixture
def post(people, bria):
    user = people.requester_bria
    return services.open_post(
        by=user, organisation=user.organisation, station=bria, function="Focal point", starts=bria.country.today,
        holder=Holder("Somebody", (Number("+23672000001"), Number("+23672000002")), (Mail(EMAIL),)),
    )  # fmt: skip


@pytest.fixture
def person(post):
    return Person.objects.get()


def path_of(what, row):
    return "/" + links.link_to(what, row).split("/", 3)[3]


def test_a_link_shows_one_button_and_only_the_button_acts(client, post):
    held, url = post.holder, path_of(links.CONFIRM, post.holder)
    for _time in range(2):
        page = client.get(url)
        assert page.status_code == 200 and page.content.decode().count('<button class="btn"') == 1
    assert not CheckIn.objects.exists(), "scanners follow links"
    assert client.post(url).status_code == 200
    row = CheckIn.objects.get()
    assert (row.holding, row.how, row.by) == (held, "link", None)
    assert Event.objects.get(kind="holding.confirm").by is None


def test_a_link_that_was_changed_is_old_or_leads_nowhere_opens_nothing(client, people, post, monkeypatch):
    url = path_of(links.CONFIRM, post.holder)
    for broken in (url[:-3] + "x/", path_of(links.CONFIRM, Holding(pk=999, person=post.holder.person)),
                   path_of(links.CONSENT, Person(pk=999)), path_of("other", Person(pk=0))):  # fmt: skip
        assert client.get(broken).status_code == 410 and client.post(broken).status_code == 410
    with monkeypatch.context() as patch:
        patch.setattr(links, "VALID", dt.timedelta(seconds=-1))
        assert client.get(url).status_code == 410
    services.leave(post, by=people.requester_bria)
    assert client.post(url).status_code == 410
    assert not CheckIn.objects.exists()


def _no_address(post, by):
    services.change_holder(post, by=by, holder=Holder("Somebody", (Number("+23672000001"),)))


def _other_address(post, by):
    services.change_holder(post, by=by, holder=Holder("Somebody", addresses=(Mail("right@example.org"),)))


def _there_and_back(post, by):
    _no_address(post, by)
    services.change_holder(post, by=by, holder=Holder("Somebody", addresses=(Mail(EMAIL),)))


@pytest.mark.parametrize("becomes", [_no_address, _other_address, _there_and_back])
@pytest.mark.parametrize("what", [links.CONFIRM, links.CONSENT])
def test_a_link_dies_with_the_address_that_it_was_sent_to(client, people, post, person, what, becomes):
    url = path_of(what, post.holder if what == links.CONFIRM else person)
    assert client.get(url).status_code == 200
    becomes(post, people.requester_bria)
    assert client.get(url).status_code == client.post(url, {"name": ["public"]}).status_code == 410
    assert not CheckIn.objects.exists() and not Person.objects.get().share_public


def test_a_link_to_an_account_dies_when_it_is_no_more_theirs(client, people, post, person):
    Person.objects.update(user=people.colleague_bria)
    url = path_of(links.CONSENT, Person.objects.get())
    Address.objects.all().delete()
    assert client.get(url).status_code == 200
    people.colleague_bria.is_active = False
    people.colleague_bria.save(update_fields=["is_active"])
    assert client.get(url).status_code == 410


def test_the_mail_holds_the_link_and_no_name(people, person):
    services.ask_consent(person, by=people.ocha_bria)
    message = message_for(Notification.objects.get(address=EMAIL))
    assert path_of(links.CONSENT, person)[:24] in message.body
    assert "Somebody" not in message.body and "+23672" not in message.body and "Somebody" not in message.subject


def test_somebody_says_by_the_link_what_may_be_shared_and_takes_it_back(client, people, person):
    url = path_of(links.CONSENT, person)
    first, second = person.telephones.order_by("pk")
    assert client.get(url).status_code == 200
    given = {"name": ["humanitarians"], f"telephone_{first.pk}": ["humanitarians", "force", "public"]}
    assert client.post(url, given).status_code == 200
    person = Person.objects.get()
    assert [row.pk for row in shown.shared_with(person, Circle.FORCE).telephones] == [first.pk]
    assert second not in shown.shared_with(person, Circle.HUMANITARIANS).telephones
    assert client.post(url, {"name": ["anybody"]}).status_code == 422
    assert client.post(url, {"nothing": "1"}).status_code == 200
    assert not shown.shared_with(Person.objects.get(), Circle.HUMANITARIANS)


def test_those_who_took_a_file_are_asked_to_destroy_it(people, person):
    form = DirectoryExport.Form.CSV
    row = DirectoryExport.objects.create(by=people.hc, form=form, count=1, sensitivity="C", country_id="CAF")
    ExportedPerson.objects.create(export=row, person=person)
    services.answer_consent(person, by=people.ocha_bria, name=Shares(force=True), telephones={}, addresses={})
    assert not Event.objects.filter(kind="contact.recall").exists(), "more was shared, not less"
    services.withdraw(person, by=people.ocha_bria)
    told = Event.objects.get(kind="contact.recall").notifications.filter(channel="mail")
    assert [one.recipient for one in told] == [people.hc]


@pytest.mark.parametrize(
    ("who", "status", "sees"),
    [
        ("requester_bria", 200, "Account and rights"), ("ocha_bria", 200, "Account and rights"),
        ("requester_birao", 200, "+23672000001"), ("hc", 200, "+23672000001"), ("ocha_bko", 404, ""),
        ("force_u3", 404, ""), ("donor", 404, ""), ("nobody", 404, ""), ("admin", 404, ""),
    ],
)  # fmt: skip
def test_who_finds_what_on_the_page(client, people, person, who, status, sees):
    client.force_login(getattr(people, who))
    page = client.get(reverse("contacts:person", args=[person.pk]))
    assert page.status_code == status and sees in page.content.decode()
    if sees == "+23672000001":
        assert "Account and rights" not in page.content.decode()
    consent = client.post(reverse("contacts:consent", args=[person.pk]), {"nothing": "1"})
    keeps = sees == "Account and rights"
    assert consent.status_code == (302 if keeps else 404)
    assert bool(shown.shared_with(Person.objects.get(), Circle.HUMANITARIANS)) is not keeps


def test_post_person_and_account_are_seen_as_one(client, people, person, post):
    mine = people.colleague_bria
    person.addresses.update(email=mine.email)
    client.force_login(people.ocha_bria)
    url = reverse("contacts:person", args=[person.pk])
    assert "This is their account" in client.get(url).content.decode()
    assert client.post(reverse("contacts:link_account", args=[person.pk]), {"account": people.hc.pk}).status_code == 404
    assert client.post(reverse("contacts:link_account", args=[person.pk]), {"account": mine.pk}).status_code == 302
    page = client.get(url).content.decode()
    assert str(mine) in page and "Requester" in page and "Focal point" in page
    assert "still in force" not in page
    client.force_login(mine)
    assert client.get(url).status_code == 200, "the person reads their own"
    assert client.post(reverse("contacts:act", args=[post.holder.pk, "confirm"])).status_code == 302
    assert CheckIn.objects.get().how == "page"
    assert client.post(reverse("contacts:act", args=[post.holder.pk, "verify"])).status_code == 403
    services.leave(post, by=people.requester_bria)
    client.force_login(people.ocha_bria)
    assert "still in force" in client.get(url).content.decode(), "its end is offered, and stays the administrators'"


def test_the_page_of_a_post_leads_through_the_year(client, people, post):
    client.force_login(people.ocha_bria)
    held, page = post.holder, reverse("contacts:post", args=[post.pk])
    for url in (page, reverse("contacts:posts")):
        assert "not verified yet" in client.get(url).content.decode()
    assert client.post(reverse("contacts:act", args=[held.pk, "verify"])).status_code == 302
    assert "not verified yet" not in client.get(reverse("contacts:posts")).content.decode()
    assert client.post(reverse("contacts:act", args=[held.pk, "verify"])).status_code == 409
    assert "not verified yet" not in client.get(page).content.decode()
    depart = reverse("contacts:depart", args=[held.pk])
    assert client.post(depart, {"ends": "2020-01-01"}).status_code == 422
    day = post.country.today + dt.timedelta(days=30)
    assert client.post(depart, {"ends": day.isoformat()}).status_code == 302
    assert "leaves on" in client.get(page).content.decode()
    assert client.post(reverse("contacts:act", args=[held.pk, "stay"])).status_code == 302
    assert client.post(reverse("contacts:act", args=[held.pk, "confirm"])).status_code == 302
    assert CheckIn.objects.get().how == "ocha"
    assert client.post(reverse("contacts:act", args=[held.pk, "burn"])).status_code == 404
    given = {
        "roles": ["focal_point"],
        "mailbox": "desk@example.org",
        "duty_telephone": "72 00 00 07",
        "share": ["public"],
    }
    given["covers"] = [DutyStation.objects.get(code="birao").pk]
    assert client.post(reverse("contacts:describe", args=[post.pk]), given).status_code == 302
    for text in ("Focal point of an organisation", "desk@example.org", "tel:+23672000007", "Birao"):
        assert text in client.get(page).content.decode()
    assert client.post(reverse("contacts:describe", args=[post.pk]), {"duty_telephone": "12"}).status_code == 422


def test_a_post_without_anybody_and_a_person_in_two_posts(client, people, post):
    client.force_login(people.requester_bria)
    given = {
        "function": "Driver", "organisation": post.organisation_id, "station": post.station_id, "vacant": "on",
        "roles": ["convoy_leader"],
    }  # fmt: skip
    assert client.post(reverse("contacts:new"), given).status_code == 302
    other = Post.objects.get(function="Driver")
    assert other.holder is None and other.roles == ["convoy_leader"]
    known = {"known": post.holder.person_id, "starts": post.country.today.isoformat(), "capacity": "alternate"}
    assert client.post(reverse("contacts:hand_over", args=[other.pk]), known).status_code == 302
    assert Person.objects.count() == 1 and Post.objects.get(pk=other.pk).alternate.person == post.holder.person
    assert Person.objects.get().telephones.count() == 2, "as they stand in the directory"
    stranger = services.open_post(
        by=people.ocha_bria, organisation=people.ocha_bria.organisation, station=post.station, function="Head",
        holder=Holder("Not theirs"), starts=post.country.today,
    ).holder.person  # fmt: skip
    answer = client.post(reverse("contacts:hand_over", args=[other.pk]), known | {"known": stranger.pk})
    assert answer.status_code == 422


def test_a_former_employer_reads_nothing_of_what_came_later(people, post, person, birao):
    before, now = people.requester_bria, people.requester_birao
    held = post.holder
    services.leave(post, by=before)
    held.refresh_from_db()
    assert shown.reach_of(person, before).telephones, "nobody else keeps them yet"
    services.open_post(
        by=now, organisation=now.organisation, station=birao, function="Adviser", starts=birao.country.today,
        holder=Holder("", person=person),
    )  # fmt: skip
    person.telephones.create(number="+23672000009", share_humanitarians=False)
    person = Person.objects.get()
    assert not [row for row in shown.reach_of(person, before).telephones if str(row.number) == "+23672000009"]
    assert shown.reach_of(held, before) == shown.Reach("Somebody")
    assert [row for row in shown.reach_of(person, now).telephones if str(row.number) == "+23672000009"]
    assert not keepers.people_kept(before).exists()


def test_whoever_works_elsewhere_now_is_no_more_of_those_they_left(client, people, post, person):
    """The organisation that they left reads, answers and merges nothing of what came after."""
    own, other, alone = people.requester_bria, people.requester_birao, Shares(humanitarians=False)
    services.leave(post, by=own)
    there = services.open_post(
        by=other, organisation=other.organisation, station=DutyStation.objects.get(code="birao"), function="Pilot",
        holder=Holder("Twin", (Number("+23672000003", shares=alone),), shares=alone), starts=dt.date(2026, 1, 1),
    )  # fmt: skip
    twin = there.holder.person
    Holding.objects.filter(person=person).update(person=twin)
    person.delete()
    url = reverse("contacts:person", args=[twin.pk])
    for reader, reads in ((own, False), (people.ocha_bria, False), (other, True)):
        assert bool(shown.reach_of(twin, reader)) is shown.people_for(reader).filter(pk=twin.pk).exists() is reads
        client.force_login(reader)
        assert client.get(url).status_code == (200 if reads else 404)
        answer = client.post(reverse("contacts:consent", args=[twin.pk]), {"nothing": "1"})
        assert answer.status_code == (302 if reads else 404)
    client.force_login(own)
    page = client.get(post.get_absolute_url()).content.decode()
    assert "Held before" in page and url not in page
    new = {"known": twin.pk, "starts": post.country.today.isoformat(), "capacity": "holder"}
    assert client.post(reverse("contacts:hand_over", args=[post.pk]), new).status_code == 422, "not to read them again"
    with pytest.raises(PermissionDenied):
        services.hand_over(post, by=own, holder=Holder("", person=twin), starts=post.country.today)


def test_an_account_that_stays_behind_speaks_for_nobody(client, people, post, person, birao, other_ngo):
    """Who works for another organisation now is not read, confirmed or shared from the account of the first."""
    account = people.nobody
    account.organisation = post.organisation
    account.save(update_fields=["organisation"])
    services.link_account(person, by=people.requester_bria, user=account)
    client.force_login(account)
    consent = reverse("contacts:consent", args=[person.pk])
    assert client.get(consent).status_code == 200
    services.leave(post, by=people.requester_bria)
    assert client.get(consent).status_code == 200, "their last post is one of this organisation still"

    there = services.open_post(
        by=people.ocha_bgi, organisation=other_ngo, station=birao, function="Adviser", starts=birao.country.today,
        holder=Holder("Twin", (Number("+23672000003"),), (Mail("new@example.org"),)),
    )  # fmt: skip
    twin = there.holder.person
    Holding.objects.filter(person=twin).update(person=person)
    person.addresses.update(email="new@example.org")
    person = Person.objects.get(pk=person.pk)
    assert not shown.reach_of(person, account) and not shown.people_for(account).filter(pk=person.pk).exists()
    assert client.get(consent).status_code == client.post(consent, {"nothing": "1"}).status_code == 404
    act = reverse("contacts:act", args=[there.holder.pk, "confirm"])
    assert client.post(act).status_code == 404
    for act in (services.withdraw, services.ask_consent):
        with pytest.raises(PermissionDenied):
            act(person, by=account)
    services.ask_consent(person, by=people.ocha_bgi)
    told = Notification.objects.filter(event__kind="contact.ask_consent", channel="mail")
    assert [(row.address, row.recipient) for row in told] == [("new@example.org", None)]

    page = reverse("contacts:person", args=[person.pk])
    client.force_login(people.ocha_bgi)
    assert str(account) not in client.get(page).content.decode()
    new = people.colleague_bria
    new.organisation, new.email = other_ngo, "new@example.org"
    new.save()
    services.link_account(person, by=people.ocha_bgi, user=new)
    assert shown.reach_of(Person.objects.get(pk=person.pk), new).telephones


def test_two_officers_who_link_one_account_at_once_read_a_sentence(people, post, person, monkeypatch):
    twin = services.hand_over(
        post, by=people.requester_bria, holder=Holder("Twin"), starts=post.country.today, capacity="alternate"
    ).person
    account, asked = people.colleague_bria, keepers.latest_of

    def meanwhile(about):
        Person.objects.filter(pk=twin.pk).update(user=account)
        return asked(about)

    monkeypatch.setattr(keepers, "latest_of", meanwhile)
    monkeypatch.setattr(keepers, "keeps_person", lambda *_given: True)
    with pytest.raises(ValidationError, match="linked already"):
        services.link_account(person, by=people.requester_bria, user=account)


def test_nobody_outside_ones_own_posts_is_offered_for_a_handover(client, people, post):
    """A list of everybody in the organisation would name whom nobody may read."""
    far = services.open_post(
        by=people.ocha_bgi, organisation=post.organisation, function="Pilot",
        station=DutyStation.objects.get(code="birao"), starts=dt.date(2026, 1, 1),
        holder=Holder("Hidden Far Away", (Number("+23672000003"),), shares=Shares(humanitarians=False)),
    )  # fmt: skip
    assert far.holder
    client.force_login(people.ocha_bria)
    page = client.get(reverse("contacts:hand_over", args=[post.pk])).content.decode()
    assert "Somebody" in page and "Hidden Far Away" not in page


def test_a_page_that_was_open_meanwhile_does_not_undo_what_somebody_took_back(client, people, post, person):
    """Their word acts at once, and stays: who keeps the post sees it before saving."""
    client.force_login(people.requester_bria)
    urls = [reverse("contacts:holder", args=[post.pk]), reverse("contacts:consent", args=[person.pk])]
    pages = [client.get(url).content.decode() for url in urls]
    heard = [re.search(r'name="heard" value="([^"]+)"', page).group(1) for page in pages]
    assert heard == [person.answered_at.isoformat()] * 2
    services.withdraw(person, by=None, by_link=True)
    row = person.telephones.first()
    told = {"name": "Somebody", "share_name": ["public"], "telephone_1": str(row.number), "share_1": ["public"]}
    said = {"name": ["public"], f"telephone_{row.pk}": ["public"]}
    for url, form in zip(urls, (told, said), strict=True):
        answer = client.post(url, form | {"heard": heard[0]})
        assert answer.status_code == 422 and "said anew" in answer.content.decode()
        assert not shown.shared_with(Person.objects.get(), Circle.PUBLIC)
    assert client.post(urls[0], told | {"heard": Person.objects.get().answered_at.isoformat()}).status_code == 302
