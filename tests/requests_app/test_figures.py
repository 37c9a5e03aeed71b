"""Are the figures what happened, once each, however often they are rolled up?"""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from cmcoord.activity.barrier import may_see
from requests_app import figures
from requests_app.models import Case, DailyFigure, Decision
from requests_app.services import Refused, make_move
from requests_app.tasks import roll_up_figures
from tests.factories import case_at

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def figure(country, name, day=None) -> DailyFigure:
    return DailyFigure.objects.get(country=country, figure=name, day=day or country.today)


def rolled(country, days=1) -> None:
    figures.roll_up(country=country, first=country.today - (days - 1) * DAY, last=country.today)


def submitted_on(case, moment) -> None:
    Case.objects.filter(pk=case.pk).update(submitted_at=moment)


def test_submitted_decided_and_civilian_are_counted_on_their_day(people, car):
    decided, civilian, waiting = (case_at(status, people) for status in ("denied", "civilian", "submitted"))
    now = timezone.now()
    for case in (decided, civilian, waiting):
        submitted_on(case, now)
    rolled(car, 30)
    assert figure(car, "submitted").count == 3
    assert sum(DailyFigure.objects.filter(figure="civilian").values_list("count", flat=True)) == 1
    assert sum(DailyFigure.objects.filter(figure="decided").values_list("count", flat=True)) == 1


def test_a_day_is_the_country_s_own(people, car):
    case = case_at("submitted", people)
    yesterday = car.today - DAY
    midnight = dt.datetime.combine(car.today, dt.time(), car.zone)
    submitted_on(case, midnight - dt.timedelta(minutes=1))
    rolled(car, 2)
    assert (figure(car, "submitted", yesterday).count, figure(car, "submitted").count) == (1, 0)
    submitted_on(case, midnight)
    rolled(car, 2)
    assert (figure(car, "submitted", yesterday).count, figure(car, "submitted").count) == (0, 1)


def test_the_median_is_of_minutes_from_submission_to_decision(people, car):
    cases = [case_at("denied", people) for _number in range(3)]
    for case, hours in zip(cases, (10, 20, 90), strict=True):
        decided = Decision.objects.get(case=case).decided_at
        submitted_on(case, decided - dt.timedelta(hours=hours))
    rolled(car, 40)
    assert figures.summary(car, reader=people.hc).median == 20 * 60
    assert figures.summary(car, reader=people.hc).decided == 3


def test_the_share_is_of_what_was_submitted_in_ninety_days(people, car):
    case_at("civilian", people)
    for _number in range(3):
        case_at("submitted", people)
    rolled(car, 40)
    assert figures.summary(car, reader=people.hc).share == 25


def test_each_way_without_the_military_is_a_success_of_its_own(people, car):
    """Of what was submitted; a draft that was given up, and who travels with others, solved nothing."""
    for code in ("negotiated", "negotiated", "patrol", "joined", ""):
        make_move(case_at("reviewing", people), "withdraw", by=people.requester_bria, reason_code=code)
    make_move(case_at("draft", people), "withdraw", by=people.requester_bria, reason_code="negotiated")
    case_at("civilian", people)
    rolled(car, 40)
    assert figure(car, "ways_90").minutes == [1, 2, 1]
    assert (figure(car, "civilian_share_90").count, figure(car, "civilian_share_90").minutes) == (67, [4, 6])


def test_a_reason_that_does_not_exist_withdraws_nothing(people):
    case = case_at("reviewing", people)
    with pytest.raises(Refused, match="Choose one"):
        make_move(case, "withdraw", by=people.requester_bria, reason_code="bribed")
    assert Case.objects.get(pk=case.pk).status == "reviewing"


def test_what_happened_before_the_ninety_days_does_not_count(people, car):
    case = case_at("denied", people)
    rolled(car, 40)
    DailyFigure.objects.filter(figure="decided", count=1).update(day=car.today - 95 * DAY)
    figures._write(figures._rolling(car, [car.today]))
    assert figures.summary(car, reader=people.hc).decided == 0
    assert figures.summary(car, reader=people.hc).median is None
    assert case.status == "denied"


def test_an_extension_is_not_a_decision_on_a_request(people, car):
    case = case_at("approved", people)
    first = Decision.objects.get(case=case)
    first.pk, first.kind = None, Decision.Kind.EXTENSION
    first.save(force_insert=True)
    rolled(car, 40)
    assert figures.summary(car, reader=people.hc).decided == 1


def test_rolling_up_twice_changes_nothing(people, car):
    case_at("denied", people)
    rolled(car, 30)
    before = list(DailyFigure.objects.order_by("pk").values())
    rolled(car, 30)
    assert list(DailyFigure.objects.order_by("pk").values()) == before


def test_countries_are_counted_apart(people, car, mali):
    case_at("submitted", people)
    assert figures.roll_up_recent(days=30) > 0
    assert figure(car, "civilian_share_90").minutes[1] == 1
    assert figure(mali, "civilian_share_90").minutes[1] == 0


def test_a_country_without_figures_says_nothing(car, hc):
    assert figures.summary(car, reader=hc) == figures.Summary()


@pytest.mark.parametrize(("decided", "shown"), [(2, None), (3, 3)])
def test_numbers_below_three_are_kept_from_those_who_only_read(car, hc, donor, decided, shown):
    for name, count, minutes in (
        ("decided_90", decided, []),
        ("median_90", 60, []),
        ("civilian_share_90", 50, [decided, 2 * decided]),
        ("ways_90", decided, [decided, 0, 0]),
    ):
        for day in (car.today, car.today - 30 * DAY):
            DailyFigure.objects.create(country=car, day=day, figure=name, count=count, minutes=minutes)
    read = figures.summary(car, reader=donor)
    assert read.decided == shown
    assert (read.median is None, read.share is None) == (shown is None, shown is None)
    assert read.ways == (shown, None, None)
    assert figures.summary(car, reader=hc).decided == decided
    assert figures.summary(car, reader=hc).ways == (decided, 0, 0)


def test_who_only_reads_reads_an_older_day(car, hc, donor):
    for days, count in ((0, 9), (31, 5)):
        for name in figures.ROLLING:
            DailyFigure.objects.create(
                country=car,
                day=car.today - days * DAY,
                figure=name,
                count=count,
                minutes=[count] * (3 if name == "ways_90" else 2),
            )
    assert figures.summary(car, reader=hc).decided == 9
    assert figures.summary(car, reader=donor).decided == 5


def test_a_page_reads_the_figures_in_one_query(car, hc, django_assert_num_queries):
    rolled(car, 100)
    assert figures.steers(hc, car.pk)
    with django_assert_num_queries(1):
        figures.summary(car, reader=hc)


def test_the_clock_and_the_command_write_them(people, car, capsys):
    roll_up_figures()
    assert DailyFigure.objects.filter(country=car, day=car.today).count() == 9
    call_command("roll_up", days=2)
    assert "figures written" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "at_once", "later"),
    [("hc", True, True), ("ocha_bgi", True, True), ("hoo", True, True), ("donor", False, True),
     ("ocha_bria", False, False), ("requester_bria", False, False), ("log_cluster", False, False),
     ("nobody", False, False), ("admin", False, False), ("force_u3", False, False), ("hc_ml", False, False)],
)  # fmt: skip
def test_the_barrier_says_who_reads_a_figure(people, car, name, at_once, later):
    rows = [
        DailyFigure.objects.create(country=car, day=car.today - days * DAY, figure="decided_90", count=9)
        for days in (0, 29, 30)
    ]
    reader = getattr(people, name)
    assert [may_see(reader, row, "count") for row in rows] == [at_once, at_once, later]
