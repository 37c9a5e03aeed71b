"""Does the directory show what it was asked to: the list of the flyer with its four gaps, and a year of one post?

Each proof is one test from the first page to the last, so that nothing between its steps is taken for granted.
"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from phonenumbers import is_valid_number

from cmcoord.accounts.models import Organisation
from cmcoord.activity.mail import message_for
from cmcoord.activity.models import Event, Notification
from contacts import services
from contacts.models import Body, CheckIn, Holding, Person, Post, Seat, Telephone
from requests_app.models import Case
from tests.contacts.directory import asked, holder
from tests.contacts.lists import FLYER
from tests.factories import case_at, draft_case

pytestmark = pytest.mark.django_db


# ── 1: the list of the flyer, and the gaps that it has ───────────────────────────────────────────────────────────────


def under(page: str, heading: str) -> str:
    """What stands under a heading of a page, up to the next one."""
    assert f"<h2>{heading}</h2>" in page, heading
    return page.split(f"<h2>{heading}</h2>")[1].split("<h2>", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("language", "taken", "no_focal_point", "no_cell"),
    [
        (
            "en",
            "13 rows were taken over.",
            "Cells without a focal point of OCHA",
            "Focal points where there is no cell",
        ),
        (
            "fr",
            "13 lignes ont été reprises.",
            "Cellules sans point focal d’OCHA",
            "Points focaux là où il n’y a pas de cellule",
        ),
    ],
)
def test_the_list_of_the_flyer_comes_in_and_the_gaps_page_names_its_four(
    client, people, language, taken, no_focal_point, no_cell
):
    """Shown by 1; line 1-30 of domain.md §8."""
    people.ocha_bgi.language = language
    people.ocha_bgi.save(update_fields=["language"])
    client.force_login(people.ocha_bgi)
    sent = {
        "file": SimpleUploadedFile("contacts.csv", FLYER.encode("utf-8-sig")),
        "organisation": Organisation.objects.get(acronym="OCHA").pk,
    }
    preview = client.post(reverse("contacts:import"), sent, follow=True)
    assert preview.status_code == 200 and "+23675000003" in preview.content.decode()
    assert not Person.objects.exists(), "nothing is kept before the yes"
    done = client.post(preview.request["PATH_INFO"], follow=True).content.decode()
    assert taken in done
    assert Person.objects.count() == Post.objects.count() == 13
    numbers = [row.number for row in Telephone.objects.all()]
    assert len(numbers) == 15
    assert all(is_valid_number(number) and str(number) == number.as_e164 for number in numbers)

    again = SimpleUploadedFile("contacts.csv", FLYER.encode("utf-8-sig"))
    twice = client.post(reverse("contacts:import"), sent | {"file": again}, follow=True)
    assert client.post(twice.request["PATH_INFO"]).status_code == 422, "nothing new stands there"
    assert Person.objects.count() == 13

    page = client.get(reverse("contacts:gaps")).content.decode()
    lacking, lonely = under(page, no_focal_point), under(page, no_cell)
    assert [name for name in PLACES if name in lacking] == ["Bossangoa", "Obo"]
    assert [name for name in PLACES if name in lonely] == ["Berbérati", "Zémio"]


PLACES = (
    "Alindao", "Bambari", "Bangassou", "Bangui", "Batangafo", "Berbérati", "Birao", "Bocaranga", "Bossangoa", "Bouar",
    "Bria", "Kaga-Bandoro", "Obo", "Paoua", "Zémio",
)  # fmt: skip


# ── 3: a year of one post ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def year(people, bria, clock):
    """5 January 2027: somebody arrives, with two requests and the chair of a cluster to come."""
    user = people.requester_bria
    post = services.open_post(
        by=user, organisation=user.organisation, station=bria, function="Focal point", holder=holder(),
        starts=dt.date(2027, 1, 5),
    )  # fmt: skip
    cluster = services.open_body(
        by=people.ocha_bgi, kind=Body.Kind.CLUSTER, name_en="Logistics cluster, Bria",
        name_fr="Cluster Logistique de Bria", country=bria.country, station=bria, parent=None,
    )  # fmt: skip
    services.step_body(cluster, "activate", by=people.ocha_bgi)
    chair = cluster.seats.filter(kind=Seat.Kind.CHAIR).first() or services.add_seat(
        cluster, by=people.ocha_bgi, kind=Seat.Kind.CHAIR, function_en="Chair", function_fr="Présidence",
        category="ingo",
    )  # fmt: skip
    return SimpleNamespace(post=post, chair=chair)


def test_a_year_of_one_post(client, people, year, clock):
    """Shown by 3: arrival, three confirmations, a missed one, departure, gap, successor, two requests and a chair."""
    post, first, chair = year.post, year.post.holder, year.chair
    assert not first.is_verified and asked("post.open", "verify_contact") == [people.ocha_bria.username]
    clock("2027-01-09")
    assert asked("holding.ask_verify") == [people.ocha_bria.username]
    services.verify(first, by=people.ocha_bria)
    clock("2027-01-12")
    assert Event.objects.filter(kind="holding.ask_verify").count() == 1, "nobody is reminded of what is done"
    services.take_seat(chair, by=people.ocha_bgi, organisation=post.organisation, post=post)

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

    Person.objects.update(user=people.requester_bria)
    cases = [draft_case(people.requester_bria), case_at("submitted", people)]
    services.plan_departure(Holding.objects.get(), by=people.requester_bria, ends=dt.date(2027, 12, 31))
    clock()
    assert asked("holding.ask_successor", "name_successor"), "less than two weeks are left"
    clock("2027-12-31")
    assert Post.objects.get().holder == first, "the last day is a day in the post"
    assert not Seat.objects.get(pk=chair.pk).is_vacant
    clock("2028-01-01")
    assert Post.objects.get().holder is None and Post.objects.without_holder().exists()
    assert asked("holding.depart", "name_successor") and not Holding.objects.in_post().exists()
    assert first.handover.is_open and first.handover.successor is None
    assert Seat.objects.get(pk=chair.pk).is_vacant, "the gap shows in the body too"

    clock("2028-01-10")
    new = services.hand_over(
        Post.objects.get(), by=people.requester_bria, holder=holder("Next", "+23672000002"), starts=dt.date(2028, 1, 10)
    )
    assert Post.objects.get().holder == new
    first.handover.refresh_from_db()
    assert first.handover.successor == new
    assert set(asked("post.hand_over", "take_handover")) == {
        people.requester_bria.username,
        people.colleague_bria.username,
    }
    Person.objects.filter(pk=new.person_id).update(user=people.colleague_bria)
    client.force_login(people.colleague_bria)
    page = reverse("requests:handover", args=[first.handover.pk])
    said = client.get(page).content.decode()
    assert all(case.reference in said for case in cases) and "Logistics cluster, Bria" in said
    assert client.post(page, {"case": [case.pk for case in cases]}).status_code == 302
    assert set(Case.objects.values_list("created_by", flat=True)) == {people.colleague_bria.pk}
    first.handover.refresh_from_db()
    assert first.handover.taken == {"case": [case.pk for case in cases], "seat": [chair.sittings.get().pk]}
    assert not Seat.objects.get(pk=chair.pk).is_vacant and not first.handover.is_open

    clock("2028-01-29")
    gone = Person.objects.get(pk=first.person_id)
    assert gone.telephones.exists(), "30 days are kept"
    clock("2028-02-01")
    assert not gone.telephones.exists() and not gone.addresses.exists()
    assert new.person.telephones.exists() and Event.objects.filter(kind="contact.forget").count() == 1
    assert "Somebody" in str(post.holdings.order_by("starts").first()), "the function keeps its history"
