"""Stations are apart within one organisation, too: who is based at one reads what touches it (domain.md §4.3)."""

import pytest

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm, Role
from requests_app.listing import page_for
from requests_app.models import Case
from requests_app.services import Refused, make_move
from requests_app.telling import requester
from requests_app.waiting import groups
from tests.factories import case_at
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    """Bambari to Bria, filed at Bria, returned with a question."""
    return case_at("returned", people)


@pytest.fixture
def far(ngo):
    return person("req.far", Role.REQUESTER, organisation=ngo, name="Field coordinator, Birao", station="birao")


@pytest.fixture
def head(ngo):
    return person("req.head", Role.REQUESTER, organisation=ngo, name="Head of mission, Bangui")


def seen(user) -> list:
    return list(Case.objects.visible_to(user))


def test_a_colleague_at_another_station_sees_nothing(case, far, client):
    assert seen(far) == [] and page_for(far).rows == [] and page_for(far).count == 0
    assert page_for(far, query=case.reference).rows == []
    assert [row for group in groups(far) for ways in group.ways for row in Case.objects.filter(*ways)] == []
    client.force_login(far)
    assert client.get(case.get_absolute_url()).status_code == 404
    assert client.post(f"{case.get_absolute_url()}withdraw/", {"reason": "No longer needed."}).status_code == 404


def test_the_service_refuses_them_as_well(case, far):
    with pytest.raises(Refused) as refused:
        make_move(case, "withdraw", by=far, reason="No longer needed.")
    assert refused.value.kind == "right"
    assert not scope.has_perm(far, Perm.FILE_CASE, case)


def test_a_colleague_whose_station_the_way_touches_sees_and_acts(case, ngo):
    near = person("req.near", Role.REQUESTER, organisation=ngo, name="Logistician, Bambari", station="bambari")
    assert seen(near) == page_for(near).rows == [case]
    assert scope.has_perm(near, Perm.FILE_CASE, case)


def test_who_is_based_nowhere_sees_the_whole_organisation(case, head):
    assert seen(head) == page_for(head).rows == [case]
    assert scope.has_perm(head, Perm.FILE_CASE, case)


def test_who_began_it_keeps_it_wherever_they_work(case):
    author = case.created_by
    author.appointments.update(station=scope.DutyStation.objects.get(code="birao"))
    author = type(author).objects.get(pk=author.pk)
    assert seen(author) == page_for(author).rows == [case]
    make_move(case, "withdraw", by=author, reason="No longer needed.")


def test_those_elsewhere_are_not_told_when_the_author_has_left(case, far, head, colleague_bria):
    type(case.created_by).objects.filter(pk=case.created_by_id).update(is_active=False)
    case = Case.objects.get(pk=case.pk)
    assert {one.pk for one in requester(case)} == {head.pk, colleague_bria.pk}
