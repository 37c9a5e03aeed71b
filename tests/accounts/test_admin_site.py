"""The site for reference data: for administrators by appointment, and without people, rights, cases or events."""

import pytest
from django.contrib import admin
from django.utils import timezone

from cmcoord.accounts.models import Appointment, Organisation, User
from cmcoord.places.models import DutyStation

REGISTERED = {
    "Country", "DutyStation", "AdminArea", "Place", "Axis", "Holiday", "Organisation", "Force",
    "Addressee",
}  # fmt: skip


def test_only_reference_data_is_registered():
    assert {model.__name__ for model in admin.site._registry} == REGISTERED


@pytest.mark.parametrize(
    "model", ["places/dutystation", "places/place", "places/axis", "accounts/organisation", "contacts/force"]
)
def test_an_administrator_opens_lists_and_forms(client, admin, model):
    client.force_login(admin)
    assert client.get(f"/admin/{model}/").status_code == 200
    assert client.get(f"/admin/{model}/add/").status_code == 200


@pytest.mark.parametrize("role", ["ocha_bgi", "hc", "hoo", "nobody", "force_u3"])
def test_nobody_else_opens_it(client, role, request):
    person = request.getfixturevalue(role)
    User.objects.filter(pk=person.pk).update(is_staff=True)
    client.force_login(person)
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/places/dutystation/", follow=True).status_code == 403


def test_a_visitor_is_sent_to_the_portals_own_sign_in(client, reference):
    response = client.get("/admin/places/place/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/account/login/?next=")


def test_a_former_administrator_does_not_open_it(client, admin, admin2):
    Appointment.objects.filter(user=admin).update(ended_at=timezone.now(), ended_by=admin2)
    client.force_login(admin)
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_correction_is_saved_and_nothing_can_be_deleted(client, admin, bria):
    client.force_login(admin)
    page = f"/admin/places/dutystation/{bria.pk}/change/"
    form = {
        "country": "CAF", "place": bria.place_id, "name": "Bria town", "code": "bria", "has_cell": "on",
        "telephone": "+236 00 00 00 55", "working_from": "08:00", "working_to": "16:00", "working_days": "12345",
        "active": "on",
    }  # fmt: skip
    assert client.post(page, form).status_code == 302
    assert DutyStation.objects.get(pk=bria.pk).name == "Bria town"
    assert client.get(f"/admin/places/dutystation/{bria.pk}/delete/").status_code == 403


def test_the_side_of_an_organisation_with_people_is_fixed(client, admin, requester_bria):
    client.force_login(admin)
    organisation = requester_bria.organisation
    client.post(
        f"/admin/accounts/organisation/{organisation.pk}/change/",
        {"name": organisation.name, "acronym": "AID-A", "org_type": "un_military", "active": "on"},
    )
    assert Organisation.objects.get(pk=organisation.pk).org_type == "ingo"
