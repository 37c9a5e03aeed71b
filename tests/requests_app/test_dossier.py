"""Does the one query of a case's page read the same as Django's own queries, on both databases?"""

import pytest

from cmcoord.places.models import Clock
from requests_app import dossier
from requests_app.facts import facts_of
from requests_app.models import Case
from tests.factories import case_at

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def rows_of(case, name) -> list:
    """The rows of one relation; of those that a case has once or not at all, that one."""
    if name in dossier.ONE:
        return [row] if (row := getattr(case, name, None)) else []
    return list(getattr(case, name).all())


@pytest.mark.parametrize("status", ["draft", "returned", "denied", "countered", "closed"])
def test_every_row_is_read_as_django_reads_it(people, status):
    case = Case.objects.select_related("axis", "decision").get(pk=case_at(status, people, un_on_board=True).pk)
    plain = Case.objects.get(pk=case.pk)
    dossier.read(case)
    for part in dossier.OF_CASE:
        read, expected = rows_of(case, part.name), rows_of(plain, part.name)
        assert read == expected, part.name
        for one, other in zip(read, expected, strict=True):
            for column in part.model._meta.concrete_fields:
                assert getattr(one, column.attname) == getattr(other, column.attname), (part.name, column.attname)
            for name, columns in part.beside.items():
                near, far = getattr(one, name), getattr(other, name)
                assert (near is None) == (far is None), (part.name, name)
                assert near is None or all(getattr(near, each) == getattr(far, each) for each in columns)


def test_it_is_one_query_and_the_rows_ask_no_other(people, django_assert_num_queries):
    case = Case.objects.select_related("axis", "decision").get(pk=case_at("closed", people).pk)
    with django_assert_num_queries(1):
        dossier.read(case)
        assert [move.by for move in case.moves.all()][0] == people.requester_bria
        assert case.after_action.by == people.requester_bria
        assert case.extracts.all()[0].acknowledgement.by == people.force_u3
        assert not hasattr(case.extracts.all()[1], "acknowledgement")
        assert len(facts_of(case).beside.stops) == 3


def test_clocks_and_holidays_of_the_country_come_along(people, ocha_bko):
    case = case_at("submitted", people)
    read = dossier.read(case)
    assert read.minutes == Clock.minutes_of(case.profile_id, "AE", "routine")
    assert read.holidays == set(case.country.holidays.values_list("date", flat=True))
    urgent = case_at("submitted", people, urgency="urgent")
    assert dossier.read(urgent).minutes["hc"] == 120


def test_the_last_three_decisions_on_the_axis_stand_beside_the_case(people, mali):
    earlier = [case_at(status, people) for status in ("approved", "denied", "approved", "denied")]
    case = case_at("clearing", people)
    read = dossier.read(case)
    assert [row.case.reference for row in read.before] == [each.reference for each in reversed(earlier[1:])]
    assert dossier.read(earlier[0]).before[0].case.reference == earlier[3].reference


def test_rows_of_other_cases_stay_away(people):
    other = case_at("deciding", people)
    case = case_at("draft", people)
    dossier.read(case)
    assert not case.opinions.all() and not case.moves.all() and not case.drafts.all()
    assert other.opinions.exists()
