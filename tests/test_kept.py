"""Is a question that was put into words once answered as if it were asked anew, for every reader?"""

import datetime as dt

import pytest
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cmcoord.accounts import kept, scope
from cmcoord.accounts.kept import once_for_reader
from cmcoord.accounts.models import Appointment, User
from cmcoord.accounts.roles import Role
from cmcoord.activity.statements import Statement, named
from cmcoord.meetings import cell_page, chairs, following, points_page, regularity
from cmcoord.meetings.models.points import Status
from cmcoord.meetings.services import points
from cmcoord.meetings.services.liaison import cases_of
from cmcoord.meetings.waiting import SOON, waiting_for
from cmcoord.places.models import Country
from contacts import services as directory
from contacts import todos
from contacts.models import Holding, Person
from contacts.services import Holder
from requests_app import waiting
from requests_app.models import Case
from tests.factories import case_at
from tests.meetings.making import cell_of, chaired
from tests.meetings.test_points import overdue, raised
from tests.people import appointed, standing_in

pytestmark = pytest.mark.django_db
SOME = ("requester_bria", "ocha_bria", "ocha_bgi", "hc", "hoo", "log_cluster", "admin", "donor")


def as_asked_now(user) -> User:
    """The person as the next request reads them."""
    return User.objects.select_related("organisation").get(pk=user.pk)


def test_words_are_kept_while_person_rights_and_day_are_the_same(people, monkeypatch):
    written = []
    ask = once_for_reader(lambda user, size: written.append((user.pk, size)))
    officer = people.ocha_bria

    def again(user=officer, size=8) -> bool:
        before = len(written)
        ask(as_asked_now(user), size)
        return len(written) > before

    assert again() and not again()
    assert again(people.ocha_birao) and again(size=9)
    appointed(officer, Role.CLUSTER, cluster="LOG")
    assert again() and not again()
    Appointment.objects.filter(user=officer, role=Role.CLUSTER).update(confirmed_by=None, confirmed_at=None)
    assert not again(), "the same rights as at first"
    User.objects.filter(pk=officer.pk).update(email="another@example.org")
    assert again()
    standing_in(officer, people.requester_bria.appointments.get())
    assert again() and not again()
    User.objects.filter(pk=people.requester_bria.pk).update(organisation=people.donor.organisation)
    assert again(), "whose word they give is another's now"
    monkeypatch.setattr(kept, "days", lambda: (("Africa/Bangui", dt.date(2031, 1, 1)),))
    assert again() and not again()


def test_moments_are_values_of_their_own():
    now = timezone.now()
    begun = Statement(lambda at: User.objects.filter(date_joined__lte=at), dt.datetime)
    User.objects.create_user(username="kept", email="kept@example.org")
    assert list(begun(now + dt.timedelta(days=1)))
    assert list(begun(now - dt.timedelta(days=9999))) == []
    with pytest.raises(ValueError, match="counted on"):
        Statement(lambda at: User.objects.filter(date_joined__lte=at + SOON), dt.datetime, every=False)(now)


def test_what_stands_beside_is_asked_by_its_name():
    beside = {"towns": Country.objects.filter(pk="CAF").order_by().values(key=F("pk"))}
    ask = Statement(lambda code: Country.objects.filter(pk=code, pk__in=named("towns", "key")), str, beside=beside)
    assert [row.pk for row in ask("CAF")] == ["CAF"] and list(ask("MLI")) == []
    nothing = Statement(lambda code: Country.objects.filter(pk__in=[], timezone=code), str, every=False)
    assert list(nothing("x")) == []


def test_what_waits_is_what_each_group_holds(people):
    for status in ("draft", "deciding"):
        case = case_at(status, people)
        Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))
        Case.objects.filter(pk=case.pk).exclude(submitted_at=None).update(submitted_at=timezone.now())
        _compare_sections(people)


def _compare_sections(people) -> None:
    found = named = 0
    cell = cell_of("bria")
    begins = dt.datetime.combine(regularity.monday_of(cell.country.today), dt.time(), cell.country.zone)
    for name in SOME:
        user = as_asked_now(getattr(people, name))
        slow = {group.code: _keys_of(group) for group in waiting.groups(user)}
        quick = {each.code: {case.pk for case in each.cases} for each in waiting.sections(user, size=99)}
        assert quick == {code: keys for code, keys in slow.items() if keys}, name
        found += len(quick)
        if body := cell_page.find(user, cell.pk):
            week = [row.reference for row in cell_page.page(body, user).get("cases", ())]
            slow_week = (
                cases_of(body, begins, begins + regularity.WEEK, user=user) if body.noted else Case.objects.none()
            )
            assert set(week) == set(slow_week.values_list("reference", flat=True)), name
            named += len(week)
    assert named or not Case.objects.exclude(submitted_at=None).exists()
    assert found >= 1


def _keys_of(group) -> set[int]:
    return {pk for where in group.ways for pk in Case.objects.filter(*where).values_list("pk", flat=True)}


def test_points_that_wait_are_those_one_owns_or_leads(people):
    body = chaired(people)
    for internal, owner in ((False, "MINUSCA"), (False, "OCHA"), (True, "OCHA")):
        overdue(raised(body, people.ocha_bria, owner=owner, internal=internal))
        raised(body, people.ocha_bria, owner=owner, internal=internal, days=20)
    reported = raised(body, people.ocha_bria, days=5, priority="high", needs_check=True)
    points.move_point(reported, "close", by=people.force_u3, comment="Sent on Monday.")
    seen = 0
    for name in (*SOME, "force_sector"):
        user = as_asked_now(getattr(people, name))
        expected = set().union(*(_points_of(user, model) for model in points_page.kinds_for(user)))
        found = {line.point.reference for line in waiting_for(user).points}
        assert found == (expected if scope.appointments(user) else set()), name
        seen += len(found)
    assert seen > 5


def _points_of(user, model) -> set[str]:
    today = Country.objects.get(pk="CAF").today
    own = following.mine(user) & Q(due__lte=today + SOON) & ~Q(status=Status.REPORTED)
    late = Q(due__lt=today) | Q(status=Status.REPORTED)
    led = chairs.leading(user, chairs.chaired_by(user), "body__") & late
    rows = points_page.seen(user, model).going_on().filter(own | led)
    return set(rows.values_list("reference", flat=True))


def test_contacts_and_rights_that_wait_are_those_that_the_tables_hold(people, bria):
    by = people.requester_bria
    posts = [
        directory.open_post(
            by=by, organisation=by.organisation, station=bria, function=f"Logistician {number}",
            holder=Holder(f"Somebody {number}"), starts=bria.country.today,
        )
        for number in range(3)
    ]  # fmt: skip
    one, two, _three = Person.objects.filter(holdings__post__in=posts).order_by("pk")
    Person.objects.filter(pk=one.pk).update(user=people.colleague_bria)
    Person.objects.filter(pk=two.pk).update(user=by)
    again = directory.open_post(
        by=by, organisation=by.organisation, station=bria, function="Driver", holder=Holder("Newer"),
        starts=bria.country.today,
    )  # fmt: skip
    Holding.objects.filter(post=again).update(person=one)
    for left in (posts[0], posts[1], again):
        directory.leave(left, by=by)
        assert {row.pk for row in todos.rights_without_post(people.admin, 99)} == _left_slowly()
    assert len(_left_slowly()) == 2
    now = timezone.now()
    for recorded, confirmed in ((now, now), (now - SOON, now + SOON)):
        for name in SOME:
            user = getattr(people, name)
            rows = todos._waiting(user, 8)(recorded, confirmed)
            assert [(row.pk, row.is_newcomer) for row in rows] == [
                (row.pk, row.is_newcomer) for row in todos._rows_for(user, 8, recorded, confirmed)
            ], name


def _left_slowly() -> set[int]:
    there = Holding.objects.filter(person__user=OuterRef("user"), post__country=OuterRef("country"))
    found = Appointment.objects.in_force().filter(Exists(there), ~Exists(there.filter(left_at=None)))
    return set(found.values_list("pk", flat=True))
