"""A portal administrator corrects where a place lies: one field, three notations, an event with old and new value."""

from decimal import Decimal

import pytest
from django.utils import translation

from cmcoord.accounts import reference_changes
from cmcoord.accounts.models import ProposedChange
from cmcoord.activity.models import Event
from cmcoord.places.forms import PlaceForm
from cmcoord.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def bria_place(reference):
    return Place.objects.get(name="Bria")


def posted(place: Place, position: str) -> dict[str, str]:
    given = {"country": place.country_id, "name": place.name, "area": str(place.area_id or ""), "position": position}
    return given | ({"position_verified": "on"} if place.position_verified else {})


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("6.543210, 21.987650", ("6.543210", "21.987650")),
        ("6°32′35,6″ N 21°59′15,5″ E", ("6.543222", "21.987639")),
        ("34N FN 09194 23360", ("6.543214", "21.987646")),
    ],
)
def test_each_notation_is_stored_as_decimal_degrees(client, admin, admin2, bria_place, typed, stored):
    client.force_login(admin)
    page = f"/admin/places/place/{bria_place.pk}/change/"
    assert client.post(page, posted(bria_place, typed)).status_code == 302
    assert Place.objects.get(pk=bria_place.pk).latitude == bria_place.latitude
    proposal = ProposedChange.objects.get()
    assert (proposal.old, proposal.new) == ("6.540000,21.990000", ",".join(stored))
    again = client.get(page).content.decode()
    assert client.post(page, posted(bria_place, "6.6, 21.9")).status_code == 302 and 'name="position"' not in again
    reference_changes.confirm(ProposedChange.objects.get(), by=admin2)
    bria_place.refresh_from_db()
    assert (bria_place.latitude, bria_place.longitude) == tuple(map(Decimal, stored))
    event = Event.objects.get(kind="reference.confirm")
    assert event.data["values"]["position"] == {"old": proposal.old, "new": proposal.new}


def test_a_form_that_was_only_opened_changes_nothing(client, admin, bria_place):
    for latitude, longitude in (("6.54", "21.99"), ("6.543215", "21.987655"), (None, None)):
        Place.objects.filter(pk=bria_place.pk).update(latitude=latitude, longitude=longitude)
        place = Place.objects.get(pk=bria_place.pk)
        form = PlaceForm(posted(place, PlaceForm(instance=place)["position"].value() or ""), instance=place)
        assert form.is_valid() and form.changed_data == []


def test_a_new_place_gets_the_position_that_was_typed(client, admin, admin2, car):
    client.force_login(admin)
    new = {"country": "CAF", "name": "Yaloké", "position": "5,32 N 17,09 E"}
    assert client.post("/admin/places/place/add/", new).status_code == 302
    assert Place.objects.get(name="Yaloké").position is None
    reference_changes.confirm(ProposedChange.objects.get(), by=admin2)
    assert Place.objects.get(name="Yaloké").latitude == Decimal("5.32")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("somewhere", "Ceci ne se lit pas comme une position"),
        ("21.99, 6.54", "Écrivez alors 6.54, 21.99"),
        ("12.64, -8.00", "ni dans un pays voisin"),
    ],
)
def test_a_position_that_cannot_be_is_refused_beside_its_field(reference, bria_place, typed, said):
    with translation.override("fr"):
        form = PlaceForm(posted(bria_place, typed), instance=bria_place)
        assert not form.is_valid() and said in form.errors["position"][0]


def test_nobody_else_corrects_a_place(client, ocha_bria, bria_place):
    client.force_login(ocha_bria)
    client.post(f"/admin/places/place/{bria_place.pk}/change/", posted(bria_place, "6.50, 21.90"))
    bria_place.refresh_from_db()
    assert bria_place.latitude == Decimal("6.54")


def test_the_list_shows_the_reference(client, admin, bria_place):
    client.force_login(admin)
    assert "34N FN 09 23 (6.54, 21.99)" in client.get("/admin/places/place/?q=bria").content.decode()
