"""Who keeps the posts of an organisation, who reads whom, and what does a force get of them?"""

import datetime as dt
from contextlib import nullcontext

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.barrier import NotReleased, Side, Stage, may_see, released
from cmcoord.activity.models import Event
from cmcoord.places.models import DutyStation
from contacts import keepers, services, shown
from contacts.forms import PostField
from contacts.models import Circle, Holding, Person, Post, Shares
from contacts.services import Holder, Mail, Number

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)
NUMBERS = ("+23672000001", "mobile", True), ("+8821612345678", "satellite", False)


def holder_of(name="Somebody", numbers=NUMBERS, **shares):
    """Everything of a person with the same switches."""
    said = Shares(**shares)
    return Holder(
        name, tuple(Number(*one, shares=said) for one in numbers), (Mail("who@example.org", said),), shares=said
    )


HOLDER = holder_of()
SENT = {
    "function": "Logistician", "starts": "2026-11-02", "name": "Somebody", "telephone_1": "72 00 00 01",
    "kind_1": "mobile", "telephone_2": "", "kind_2": "mobile", "telephone_3": "", "kind_3": "mobile",
    "share_name": ["humanitarians"], "share_1": ["humanitarians"],
}  # fmt: skip


@pytest.fixture
def post(people, bria):
    return services.open_post(
        by=people.requester_bria, organisation=people.requester_bria.organisation, station=bria, function="Logistician",
        holder=HOLDER, starts=TODAY,
    )  # fmt: skip


def sent_to(client, user, **changes):
    client.force_login(user)
    station = DutyStation.objects.get(code="bria").pk
    given = SENT | {"organisation": user.organisation_id, "station": station} | changes
    return client.post(reverse("contacts:new"), given)


def test_a_requester_keeps_a_post_and_a_number_gets_its_country_code(client, people):
    assert sent_to(client, people.requester_bria).status_code == 302
    post = Post.objects.get()
    assert [str(row.number) for row in post.holder.person.telephones.all()] == ["+23672000001"]
    shares = {row.shares for row in (post.holder.person, *post.holder.person.telephones.all())}
    assert shares == {Shares(humanitarians=True, force=False, public=False)}
    event = Event.objects.get(kind="post.open")
    assert "Somebody" not in str(event.data) and "72000001" not in str(event.data)
    page = client.get(reverse("contacts:posts")).content.decode()
    assert "Logistician" in page and "tel:+23672000001" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"telephone_1": ""},
        {"telephone_1": "12"},
        {"telephone_1": "+999 00 00 00 00"},
        {"telephone_2": "none"},
        {"name": ""},
        {"function": ""},
        {"starts": "yesterday"},
        {"organisation": "999999"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, people, changes):
    assert sent_to(client, people.requester_bria, **changes).status_code == 422
    assert not Post.objects.exists()


def test_the_same_post_twice_is_said(client, people, post):
    assert sent_to(client, people.requester_bria).status_code == 422
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "keeps"),
    [
        ("requester_bria", True), ("colleague_bria", True), ("ocha_bria", True), ("ocha_bgi", True),
        ("requester_birao", False), ("ocha_birao", False), ("ocha_bko", False), ("hc", False), ("log_cluster", False),
        ("admin", False), ("donor", False), ("force_u3", False), ("nobody", False),
    ],
)  # fmt: skip
def test_who_keeps_it(client, people, post, who, keeps):
    user = getattr(people, who)
    assert keepers.may_keep(user, post) is keeps
    assert keepers.kept_by(user).filter(pk=post.pk).exists() is keeps
    client.force_login(user)
    for name in ("holder", "describe", "hand_over"):
        answer = client.get(reverse(f"contacts:{name}", args=[post.pk]))
        assert answer.status_code == (200 if keeps else 404)
    page = client.get(reverse("contacts:post", args=[post.pk]))
    reads = keeps or who in ("requester_birao", "ocha_birao", "hc", "log_cluster", "donor", "force_u3")
    assert page.status_code == (200 if reads else 404)
    inside = reads and who not in ("donor", "force_u3")
    assert ("Somebody" in page.content.decode(), "tel:+23672000001" in page.content.decode()) == (inside, inside)
    assert ("Name the next holder" in page.content.decode()) is keeps
    answer = client.post(reverse("contacts:end", args=[post.pk, "close"]))
    assert answer.status_code == (302 if keeps else 404)
    if not keeps:
        for act in (services.leave, services.close_post):
            with pytest.raises(PermissionDenied):
                act(post, by=user)


def test_posts_of_a_force_are_kept_by_ocha_alone(people, minusca, bria):
    given = {"organisation": minusca.organisation, "station": bria, "function": "G3", "holder": HOLDER, "starts": TODAY}
    for user in (people.requester_bria, people.force_u3, people.ocha_birao, people.ocha_bko):
        with pytest.raises(PermissionDenied):
            services.open_post(by=user, **given)
    post = services.open_post(by=people.ocha_bria, **given)
    assert post.holder.is_verified, "whoever verifies newcomers has done so by writing them down"
    assert not keepers.may_keep(people.force_u3, post)


def test_a_post_outlives_its_holder(client, people, post):
    client.force_login(people.colleague_bria)
    page = reverse("contacts:hand_over", args=[post.pk])
    given = {key: value for key, value in SENT.items() if key != "function"} | {"name": "The next one"}
    assert client.post(page, given).status_code == 422, "not on the day on which the other one began"
    assert client.post(page, given | {"starts": "2026-11-20"}).status_code == 302
    rows = list(post.holdings.order_by("starts").values_list("person__name", "starts", "ends"))
    assert rows == [
        ("Somebody", TODAY, dt.date(2026, 11, 19)),
        ("The next one", dt.date(2026, 11, 20), None),
    ]
    assert client.post(reverse("contacts:end", args=[post.pk, "leave"])).status_code == 302
    assert client.post(reverse("contacts:end", args=[post.pk, "leave"])).status_code == 409
    assert "nobody holds it" in client.get(reverse("contacts:posts")).content.decode()
    assert client.post(reverse("contacts:end", args=[post.pk, "close"])).status_code == 302
    assert client.post(reverse("contacts:end", args=[post.pk, "close"])).status_code == 409
    assert client.post(reverse("contacts:end", args=[post.pk, "burn"])).status_code == 404
    with pytest.raises(ValidationError):
        services.hand_over(post, by=people.colleague_bria, holder=HOLDER, starts=timezone.localdate())


def test_a_successor_is_named_and_nobody_is_reached_before_their_first_day(client, people, post):
    tomorrow = post.country.today + dt.timedelta(days=1)
    client.force_login(people.requester_bria)
    page = reverse("contacts:hand_over", args=[post.pk])
    assert client.post(page, SENT | {"name": "Later", "starts": tomorrow.isoformat()}).status_code == 302
    post = Post.objects.get()
    assert (post.holder.person.name, post.holder.ends) == ("Somebody", post.country.today)
    assert PostField(organisation=post.organisation, country="CAF").queryset.get().holder.person.name == "Somebody"
    assert post.holdings.in_post(tomorrow).get().person.name == "Later"
    assert post.holder.handover.successor.person.name == "Later"


def asked_to_look(post) -> dict[str, str]:
    """Who was told of the last handover, and what is expected from them."""
    event = Event.objects.filter(kind="post.hand_over", subject_id=post.pk).order_by("-pk").first()
    return {row.recipient.username: row.expects for row in event.notifications.filter(channel="portal")}


def test_a_handover_is_told_to_who_goes_who_comes_and_who_keeps_the_post(people, post):
    """Who keeps it is asked to look at what is left behind; the first holder of a post leaves nothing."""
    first, today = people.nobody, post.country.today
    first.organisation = post.organisation
    first.save(update_fields=["organisation"])
    Person.objects.filter(holdings__post=post).update(user=first)
    services.hand_over(post, by=people.ocha_bria, holder=holder_of("Next"), starts=today)
    assert asked_to_look(post) == {
        first.username: "", people.requester_bria.username: "take_handover",
        people.colleague_bria.username: "take_handover",
    }  # fmt: skip
    services.hand_over(post, by=people.ocha_bria, holder=holder_of("Beside"), starts=today, capacity="alternate")
    assert asked_to_look(post) == {}, "nobody goes"


def test_a_handover_is_not_told_to_an_account_that_is_not_theirs_any_more(people, post, other_ngo):
    """Whose account belongs to another organisation by now is read and told nothing of this post."""
    gone = people.nobody
    gone.organisation = other_ngo
    gone.save(update_fields=["organisation"])
    Person.objects.filter(holdings__post=post).update(user=gone)
    services.hand_over(post, by=people.ocha_bria, holder=holder_of("Next"), starts=post.country.today)
    assert set(asked_to_look(post)) == {people.requester_bria.username, people.colleague_bria.username}


def test_days_do_not_overlap(people, post):
    for far in (dt.date(9999, 12, 31), dt.date(2526, 11, 1)):  # a slip of the pen bars the post for nobody
        with pytest.raises(ValidationError, match="too far ahead"):
            services.hand_over(post, by=people.requester_bria, holder=holder_of("Next"), starts=far)
        with pytest.raises(ValidationError, match="too far ahead"):
            services.plan_departure(Holding.objects.get(), by=people.requester_bria, ends=far)
    with pytest.raises(ValidationError, match="too long ago"):
        services.posts.hold(post, post.holder.person, by=people.requester_bria, starts=dt.date.min)
    post = Post.objects.with_holders().get()
    for day, fits in ((-1, False), (0, False), (10, True)):
        starts = TODAY + dt.timedelta(days=day)
        with nullcontext() if fits else pytest.raises(ValidationError):
            services.hand_over(post, by=people.requester_bria, holder=holder_of("Next"), starts=starts)
    with pytest.raises(ValidationError, match="holds the post in these days"):
        services.posts.hold(post, post.holder.person, by=people.requester_bria, starts=TODAY, ends=TODAY)


def test_an_alternate_stands_beside_the_holder(people, post):
    alternate = services.hand_over(
        post, by=people.requester_bria, holder=holder_of("Second"), starts=TODAY, capacity="alternate"
    )
    post = Post.objects.with_holders().get()
    assert (post.holder.person.name, post.alternate) == ("Somebody", alternate)
    services.leave(post, by=people.requester_bria)
    post = Post.objects.get()
    assert (post.holder, post.alternate) == (None, alternate)
    assert Post.objects.without_holder().get() == post and not Post.objects.held().exists()


def test_one_holder_at_a_time_says_the_database_too(people, post):
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(
            post=post, person=post.holder.person, starts=timezone.localdate(), recorded_by=people.requester_bria
        )


# ── who reads whom ───────────────────────────────────────────────────────────────────────────────────────────────────


def shared(post, people, **shares):
    services.change_holder(post, by=people.requester_bria, holder=holder_of(**shares))
    return Post.objects.get()


def read(user, post) -> tuple:
    """Name, first telephone and address, as far as this person reads them; and whether a page would show each."""
    reach = shown.reach_of(post.holder, user)
    person = post.holder.person
    telephone, address = person.telephones.first(), person.addresses.first()
    assert may_see(user, person, "name") == bool(reach.name)
    assert may_see(user, telephone, "number") == (telephone in reach.telephones)
    assert may_see(user, address, "email") == (address in reach.addresses)
    return bool(reach.name), len(reach.telephones), len(reach.addresses)


EVERYTHING, NOTHING = (True, 2, 1), (False, 0, 0)
READERS = "requester_bria ocha_bria requester_birao hc log_cluster ocha_bko force_u3 force_ml donor outsider nobody"


@pytest.mark.parametrize(
    ("shares", "readers"),
    [
        ({}, "requester_bria ocha_bria requester_birao hc log_cluster"),
        ({"humanitarians": False}, "requester_bria ocha_bria"),
        ({"force": True}, "requester_bria ocha_bria requester_birao hc log_cluster force_u3"),
        ({"public": True}, "requester_bria ocha_bria requester_birao hc log_cluster force_u3 donor"),
        ({"humanitarians": False, "force": True}, "requester_bria ocha_bria force_u3"),
    ],
)
def test_who_reads_what_of_a_person(people, post, shares, readers):
    post = shared(post, people, **shares)
    for name in READERS.split():
        reader, expected = getattr(people, name), EVERYTHING if name in readers.split() else NOTHING
        assert read(reader, post) == expected, name
        assert shown.people_for(reader).exists() == bool(shown.reach_of(post.holder.person, reader).name) == expected[0]
        assert shown.posts_for(reader).exists() == shown.reads_post(reader, post)


def test_each_telephone_has_switches_of_its_own(people, post):
    numbers = (Number("+23672000001", shares=Shares(force=True)), Number("+23672000002", shares=Shares()))
    services.change_holder(post, by=people.requester_bria, holder=Holder("Somebody", numbers))
    post = Post.objects.get()
    found = shown.reach_of(post.holder, people.force_u3)
    assert (found.name, [str(row) for row in found.telephones]) == ("", ["+23672000001"])
    assert len(shown.reach_of(post.holder, people.hc).telephones) == 2


def test_of_somebody_who_was_not_asked_nothing_is_shown_beyond_the_function(people, post):
    everywhere = Shares(force=True, public=True)
    imported = Holder("Imported", (Number("+23672000003", shares=everywhere),), shares=everywhere, answered=False)
    services.hand_over(post, by=people.requester_bria, holder=imported, starts=dt.date(2026, 11, 10))
    post = Post.objects.get()
    for name in ("requester_birao", "hc", "force_u3", "donor"):
        reader = getattr(people, name)
        assert not shown.reach_of(post.holder, reader)
        assert not may_see(reader, post.holder.person) and may_see(reader, post, "function")
    assert shown.reach_of(post.holder, people.ocha_bria).name == "Imported", "whoever keeps the post asks them"
    assert not Person.objects.filter(shown.named_to(Circle.HUMANITARIANS), name="Imported").exists()
    assert Person.objects.filter(shown.named_to(Circle.HUMANITARIANS), name="Somebody").exists()
    assert not Person.objects.filter(shown.named_to(Circle.FORCE) | shown.named_to(None)).exists()


def test_functions_are_for_those_who_work_in_the_country(people, post):
    readers = {name: may_see(getattr(people, name), post, "function") for name in READERS.split()}
    outside = {"ocha_bko", "force_ml", "outsider", "nobody"}
    assert readers == {name: name not in outside for name in readers}


def test_how_a_post_is_reached_whoever_holds_it_is_the_organisations_to_share(people, post):
    reached = {"mailbox": "Desk@example.org", "duty_telephone": "+23672000007"}
    for shares, readers in (
        (Shares(), "requester_bria hc"),
        (Shares(force=True), "requester_bria hc force_u3"),
        (Shares(humanitarians=False, public=True), "requester_bria hc force_u3 donor"),
    ):
        services.describe_post(post, by=people.colleague_bria, details=services.Details(shares=shares, **reached))
        post = Post.objects.get()
        for name in ("requester_bria", "hc", "force_u3", "donor", "ocha_bko"):
            reader, reads = getattr(people, name), name in readers.split()
            assert shown.lines_of(post, reader).mailbox == ("desk@example.org" if reads else "")
            assert may_see(reader, post, "duty_telephone") is reads
    with pytest.raises(PermissionDenied):
        services.describe_post(post, by=people.requester_birao, details=services.Details())


def test_of_their_own_force_people_read_as_those_do_who_work_with_it(people, minusca, bria):
    post = services.open_post(
        by=people.ocha_bria, organisation=minusca.organisation, station=bria, function="G3", holder=HOLDER, starts=TODAY
    )
    readers = {name: bool(shown.reach_of(post.holder, getattr(people, name))) for name in ("force_u3", "hc", "donor")}
    assert readers == {"force_u3": True, "hc": True, "donor": False}
    assert not shown.reach_of(post.holder, people.force_ml)


def test_a_force_gets_in_its_papers_what_is_consented(people, post):
    telephone = post.holder.person.telephones.first()
    told = {"to": Side.FORCE, "stage": Stage.TRANSMITTED}
    assert released(post, "function", **told) == "Logistician"
    assert released(telephone, "number", consent=True, **told) == telephone.number
    for row, name in ((post.holder.person, "name"), (telephone, "number"), (post, "duty_telephone")):
        with pytest.raises(NotReleased, match="consent"):
            released(row, name, **told)


def test_the_trail_knows_a_number_by_a_digest_that_goes_with_its_row(people, post):
    event = Event.objects.get(kind="post.open")
    telephone = post.holder.person.telephones.first()
    assert [telephone.digest, ["humanitarians"]] in event.data["reach"]
    assert not event.erasable_values.exists() and "72000001" not in str(event.data)


def test_the_form_keeps_as_many_numbers_and_addresses_as_are_kept(client, people, post):
    """Five and three: correcting one of them destroys none of the others."""
    numbers, mails = [f"+2367200000{n}" for n in range(1, 6)], [f"{n}@example.org" for n in range(3)]
    full = Holder("Somebody", tuple(Number(one) for one in numbers), tuple(Mail(one) for one in mails))
    services.change_holder(post, by=people.requester_bria, holder=full)
    client.force_login(people.requester_bria)
    url = reverse("contacts:holder", args=[post.pk])
    page = client.get(url)
    assert page.content.decode().count('<details class="more" open>') == 2
    sent = {name: value for name, value in page.context["form"].initial.items() if value not in (None, False)}
    sent["heard"] = page.context["form"].heard
    assert client.post(url, sent | {"name": "Corrected"}).status_code == 302
    person = Person.objects.get(name="Corrected")
    assert sorted(str(row.number) for row in person.telephones.all()) == numbers
    assert sorted(row.email for row in person.addresses.all()) == mails
    assert client.post(url, sent | {"telephone_5": "none", "heard": ""}).status_code == 422


def test_a_withdrawn_number_is_gone(people, post):
    services.change_holder(
        post, by=people.requester_bria, holder=holder_of(numbers=(("+23672000009", "mobile", False),))
    )
    assert [str(row.number) for row in Post.objects.get().holder.person.telephones.all()] == ["+23672000009"]


def test_the_chooser_offers_what_is_held_now(people, post, bria, other_ngo):
    organisation = people.requester_bria.organisation
    field = PostField(organisation=organisation, country="CAF")
    assert field.label_from_instance(field.queryset.get()) == "Logistician, Bria (Somebody)"
    assert not PostField(organisation=other_ngo, country="CAF").queryset.exists()
    assert not PostField(organisation=organisation, country="MLI").queryset.exists()
    services.leave(post, by=people.requester_bria)
    assert not PostField(organisation=organisation, country="CAF").queryset.exists()


UNSEEN = "\u202e\u200b\u061c\u00ad\U000e0041"


def test_names_keep_no_sign_that_nobody_sees_or_that_turns_them_around(client, people):
    assert (
        sent_to(client, people.requester_bria, function=f"Logi{UNSEEN}stician", name=f"Some{UNSEEN}body").status_code
        == 302
    )
    post = Post.objects.get()
    assert (post.function, post.holder.person.name) == ("Logistician", "Somebody")
    assert sent_to(client, people.requester_bria, function=f"{UNSEEN}Logistician").status_code == 422, "the same post"
    client.force_login(people.requester_bria)
    page = reverse("contacts:holder", args=[post.pk])
    given = {name: value for name, value in SENT.items() if name not in ("function", "starts")}
    assert client.post(page, given | {"name": f"Next{UNSEEN} one"}).status_code == 302
    assert Post.objects.get().holder.person.name == "Next one"


@pytest.mark.parametrize("name", ["function", "name"])
def test_a_name_of_unseen_signs_alone_is_none(client, people, name):
    assert sent_to(client, people.requester_bria, **{name: UNSEEN}).status_code == 422
    assert not Post.objects.exists()
