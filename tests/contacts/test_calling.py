"""Whom does a reader of another side call for a duty station without an officer?"""

import pytest
from django.urls import reverse

from cmcoord.places.models import Country, DutyStation
from contacts import calling

pytestmark = pytest.mark.django_db


def test_a_force_calls_the_duty_telephone_of_the_station_that_covers(ocha_bria, force_u3, bria, birao):
    DutyStation.objects.filter(pk=bria.pk).update(telephone="+23672000077")
    DutyStation.objects.filter(pk=birao.pk).update(covered_by=bria, telephone="")
    board = {board.station.code: board.call for board in calling.boards(Country.objects.get(pk="CAF"), force_u3)}
    assert (board["birao"].who, board["birao"].telephone) == ("OCHA Bria", "+23672000077")
    assert calling.at(DutyStation.objects.get(pk=birao.pk), force_u3, [])[0].telephone == "+23672000077"


def test_each_station_stands_with_its_name(client, requester_bria):
    client.force_login(requester_bria)
    page = client.get(reverse("contacts:directory")).content.decode()
    for code, name in DutyStation.objects.filter(country="CAF", active=True).values_list("code", "name"):
        assert f'<a href="{reverse("contacts:station", args=[code])}">{name}</a>' in page
