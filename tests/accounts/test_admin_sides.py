"""Does the site for reference data show an administrator only what their side reads?"""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from cmcoord.accounts.admin import ReferenceAdmin
from cmcoord.accounts.roles import Role
from cmcoord.activity import barrier
from cmcoord.activity.barrier import Side
from cmcoord.places.models import DutyStation, Place
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
SITES = [site for site in admin.site._registry.values() if isinstance(site, ReferenceAdmin)]


@pytest.fixture
def of_the_mission(admin):
    """An administrator from a civilian section of the mission."""
    return person("mission.admin", Role.ADMIN, organisation="MINUSCA civilian", name="Administrator, mission")


def fields_of(site, user) -> set[str]:
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    named = {*site.get_fields(request), *site.get_list_display(request), *site.get_list_filter(request)}
    return {site.shown_by.get(name, name).partition("__")[0] for name in named}


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.model.__name__)
def test_every_field_of_the_site_is_open_to_the_side_of_its_reader(admin, of_the_mission, site):
    lines = barrier.lines_of(site.model)
    for user in (admin, of_the_mission):
        for name in fields_of(site, user) & set(lines):
            assert barrier.opens(lines[name], user.side), f"{name} for {user.side}"
            assert user.side == Side.HUMANITARIAN or lines[name].precision == barrier.Precision.EXACT, name
    assert fields_of(site, of_the_mission) <= fields_of(site, admin)


def test_a_mission_civilian_reads_neither_who_covers_whom_nor_positions(client, of_the_mission):
    client.force_login(of_the_mission)
    assert "/admin/places/dutystation/" in client.get("/admin/").content.decode()
    station, place = DutyStation.objects.get(code="bria"), Place.objects.exclude(latitude=None).first()
    page = client.get(f"/admin/places/dutystation/{station.pk}/change/").content.decode()
    assert 'name="telephone"' in page and 'name="covered_by"' not in page and 'name="active"' not in page
    page = client.get(f"/admin/places/place/{place.pk}/change/").content.decode()
    assert 'name="name"' in page and 'name="position"' not in page and str(place.latitude) not in page


def test_an_administrator_of_the_humanitarian_side_reads_all_of_it(client, admin):
    client.force_login(admin)
    station, place = DutyStation.objects.get(code="bria"), Place.objects.exclude(latitude=None).first()
    assert 'name="covered_by"' in client.get(f"/admin/places/dutystation/{station.pk}/change/").content.decode()
    assert 'name="position"' in client.get(f"/admin/places/place/{place.pk}/change/").content.decode()
