"""A statement that is written once still answers for the values of each call."""

import datetime as dt

import pytest
from django.db.models import F

from cmcoord.activity.statements import Statement
from cmcoord.places.models import Country, DutyStation, Holiday

pytestmark = pytest.mark.django_db


def test_each_call_answers_for_its_own_values_and_reads_what_stands_beside():
    of_country = Statement(
        lambda country, code: DutyStation.objects.select_related("country").filter(country=country, code=code), str, str
    )
    for country, code in (("CAF", "bria"), ("MLI", "gao"), ("MLI", "bria")):
        expected = DutyStation.objects.select_related("country").filter(country=country, code=code)
        found = of_country(country, code)
        assert [(row.pk, row.country.name_en) for row in found] == [(row.pk, row.country.name_en) for row in expected]
    assert of_country("CAF", "bria")[0].country.code == "CAF"


def test_rows_are_read_anew_by_each_call(django_assert_num_queries):
    days = Statement(
        lambda country, day: Holiday.objects.filter(country=country, date=day).values_list("date", flat=True),
        str,
        dt.date,
    )
    day = dt.date(2031, 3, 4)
    assert list(days("CAF", day)) == []
    Holiday.objects.create(country=Country.objects.get(pk="CAF"), date=day, name_en="A day", name_fr="Un jour")
    with django_assert_num_queries(1):
        assert list(days("CAF", day)) == [day]
    assert list(days("CAF", day + dt.timedelta(days=1))) == []


def test_the_same_value_may_stand_twice():
    both = Statement(lambda code: Country.objects.filter(pk=code).exclude(timezone=code).annotate(again=F("pk")), str)
    assert [(row.pk, row.again) for row in both("MLI")] == [("MLI", "MLI")]


def test_a_value_that_django_drops_is_refused_at_once():
    lost = Statement(lambda code: Country.objects.all(), str)
    with pytest.raises(ValueError, match="does not stand"):
        lost("CAF")
