"""Who keeps the posts of an organisation, who reads whom, and what does a force get of them?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.barrier import NotReleased, Side, Stage, may_see, released
from cmcoord.activity.models import Event
from cmcoord.places.models import DutyStation
from contacts import keepers, services
from contacts.forms import PostField
from contacts.models import Holding, Post
from contacts.services import Holder

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)
HOLDER = Holder(
    "Somebody", "somebody@example.org", (("+23672000001", "mobile", True), ("+8821612345678", "satellite", False))
)
SENT = {
    "function": "Logistician", "starts": "2026-11-02", "name": "Somebody", "telephone_1": "72 00 00 01",
    "kind_1": "mobile", "telephone_2": "", "kind_2": "mobile", "telephone_3": "", "kind_3": "mobile",
    "share_humanitarians": "on",
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
    assert (post.holder.person.share_force, post.holder.person.share_public) == (False, False)
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
    for name, method in (("post", "get"), ("hand_over", "get")):
        answer = getattr(client, method)(reverse(f"contacts:{name}", args=[post.pk]))
        assert answer.status_code == (200 if keeps else 404)
    answer = client.post(reverse("contacts:end", args=[post.pk, "close"]))
    assert answer.status_code == (302 if keeps else 404)
    if not keeps:
        for act in (services.leave, services.close_post):
            with pytest.raises(PermissionDenied):
                act(post, by=user)


def test_nobody_keeps_posts_of_a_force(people, minusca, bria):
    with pytest.raises(PermissionDenied):
        services.open_post(
            by=people.ocha_bria, organisation=minusca.organisation, station=bria, function="G3", holder=HOLDER,
            starts=TODAY,
        )  # fmt: skip


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


def test_nobody_is_reached_before_their_first_day(client, people, post):
    tomorrow = (post.country.today + dt.timedelta(days=1)).isoformat()
    client.force_login(people.requester_bria)
    answer = client.post(reverse("contacts:hand_over", args=[post.pk]), SENT | {"name": "Later", "starts": tomorrow})
    assert answer.status_code == 422 and "in the future" in answer.content.decode()
    post = Post.objects.get()
    assert (post.holder.person.name, post.holder.ends) == ("Somebody", None)
    assert sent_to(client, people.requester_bria, function="Driver", starts=tomorrow).status_code == 422
    assert Post.objects.count() == 1


def test_one_holder_at_a_time_says_the_database_too(people, post):
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(
            post=post, person=post.holder.person, starts=timezone.localdate(), recorded_by=people.requester_bria
        )


# ── who reads whom ───────────────────────────────────────────────────────────────────────────────────────────────────


def shared(post, people, **shares):
    return services.change_holder(
        post, by=people.requester_bria, holder=Holder("Somebody", "", HOLDER.telephones, **shares)
    )


def test_humanitarians_of_the_country_read_the_person_until_the_person_says_no(people, post):
    person = post.holder.person
    readers = {name: may_see(getattr(people, name), person, "name") for name in ("requester_birao", "hc", "ocha_bko")}
    assert readers == {"requester_birao": True, "hc": True, "ocha_bko": False}
    shared(post, people, share_humanitarians=False)
    person = Post.objects.get().holder.person
    assert not may_see(people.requester_birao, person, "name")
    assert may_see(people.requester_bria, person, "name") and may_see(people.ocha_bria, person, "name")
    assert may_see(people.requester_birao, post, "function"), "the function is no secret"


@pytest.mark.parametrize("who", ["force_u3", "donor", "outsider", "nobody", "admin"])
def test_other_sides_read_no_row(people, post, who):
    user = getattr(people, who)
    shared(post, people, share_force=True, share_public=True)
    for row in (post, post.holder.person, post.holder, *post.holder.person.telephones.all()):
        assert not may_see(user, row)


def test_a_force_gets_the_function_and_by_consent_the_telephones_never_the_name(people, post):
    telephone = post.holder.person.telephones.first()
    told = {"to": Side.FORCE, "stage": Stage.TRANSMITTED}
    assert released(post, "function", **told) == "Logistician"
    assert released(telephone, "number", consent=True, **told) == telephone.number
    for name in ("name", "email"):
        with pytest.raises(NotReleased):
            released(post.holder.person, name, to=Side.FORCE, stage=Stage.SCHEDULED, consent=True)
    with pytest.raises(NotReleased, match="consent"):
        released(post.holder.person.telephones.first(), "number", to=Side.FORCE, stage=Stage.SCHEDULED)


def test_a_withdrawn_number_is_gone(people, post):
    services.change_holder(
        post, by=people.requester_bria, holder=Holder("Somebody", "", (("+23672000009", "mobile", False),))
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
    page = reverse("contacts:post", args=[post.pk])
    given = {name: value for name, value in SENT.items() if name not in ("function", "starts")}
    assert client.post(page, given | {"name": f"Next{UNSEEN} one"}).status_code == 302
    assert Post.objects.get().holder.person.name == "Next one"


@pytest.mark.parametrize("name", ["function", "name"])
def test_a_name_of_unseen_signs_alone_is_none(client, people, name):
    assert sent_to(client, people.requester_bria, **{name: UNSEEN}).status_code == 422
    assert not Post.objects.exists()
