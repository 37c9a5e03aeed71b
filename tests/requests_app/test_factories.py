"""Does every status have a way to it, made of moves that the table declares?"""

import pytest

from requests_app import workflow
from requests_app.models import Status
from tests import factories

pytestmark = pytest.mark.django_db


def test_every_status_has_a_way_except_the_reserved_one():
    assert set(factories.WAYS) == set(Status.values) - {"consulting"}  # factories.consulted_case, in Mali


@pytest.mark.parametrize("status", factories.WAYS)
def test_a_case_comes_to_each_status_and_counts_as_such_now(people, status):
    case = factories.case_at(status, people)
    assert case.status == status
    assert workflow.effective_status(case) == status


def test_a_case_with_un_staff_asks_undss(people):
    case = factories.case_at("transmitted", people, un_on_board=True)
    assert "undss" in case.consulted_bodies()


def test_an_urgent_case_skips_the_cluster(people):
    case = factories.case_at("deciding", people, urgency="urgent")
    assert "cluster:LOG" not in case.consulted_bodies()


def test_a_case_of_a_un_agency(people):
    assert factories.case_at("scheduled", people, by=people.requester_un, un_on_board=True).status == "scheduled"
