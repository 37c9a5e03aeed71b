"""Do the register's pages show exactly what visible_to allows, in order, whole, and with few queries?"""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmcoord.accounts import scope
from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Role
from cmcoord.activity.barrier import may_see
from cmcoord.places.models import Axis, Country, DutyStation, Place, folded
from contacts.models import Force
from requests_app import listing, visibility, waiting
from requests_app.models import Case, Consultation
from requests_app.models.terms import ENDED, OPEN
from tests.people import appointed, made_up_organisation, make_person

pytestmark = pytest.mark.django_db

STATIONS = ("bria", "bambari", "birao")
ORGANISATIONS = ("ONE", "TWO")
BODIES = ("cluster:LOG", "cluster:NUT", "undss", "ngo_adviser")
STATUSES = ("draft", "withdrawn", "submitted", "reviewing", "returned", "clearing", "deciding", "declined",
            "unreceivable", "civilian", "denied", "closed", "expired")  # fmt: skip
NEEDS = ("Vivres pour Bria", "Médicaments", "Eau et vivres", "")
START = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)

ROLES = st.one_of(
    st.tuples(st.just(Role.REQUESTER), st.sampled_from([{}, *({"station": code} for code in STATIONS)])),
    st.tuples(st.just(Role.OCHA_OFFICER), st.sampled_from([{"station": code} for code in STATIONS])),
    st.tuples(st.sampled_from([Role.OCHA_NATIONAL, Role.HEAD_OF_OFFICE, Role.HC, Role.UNDSS, Role.NGO_SECURITY]),
              st.sampled_from([{}, {"country": "MLI"}])),
    st.tuples(st.just(Role.CLUSTER), st.sampled_from([{"cluster": "LOG"}, {"cluster": "NUT"}])),
    st.tuples(st.sampled_from([Role.PROTECTION, Role.HAWG_COCHAIR]), st.sampled_from([{"station": "bria"}, {}])),
    st.tuples(st.just(Role.DONOR), st.just({})),
)  # fmt: skip
CASES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "organisation": st.sampled_from(ORGANISATIONS),
        "station": st.sampled_from(STATIONS),
        "origin_station": st.sampled_from((*STATIONS, None)),
        "destination_station": st.sampled_from((*STATIONS, None)),
        "forwarded": st.booleans(),
        "due": st.one_of(st.none(), st.integers(0, 4)),
        "minute": st.integers(0, 4),
        "urgency": st.sampled_from(["routine", "urgent", "immediate"]),
        "need": st.sampled_from(NEEDS),
        "asked": st.sets(st.sampled_from(BODIES)),
        "shared": st.booleans(),
        "mine": st.booleans(),
        "sensitivity": st.sampled_from("RRCS"),
        "consent_partners": st.sampled_from([True, True, False]),
    }
)


class World:
    """Made-up requests, written without their moves, because only what is visible matters here."""

    def __init__(self):
        self.car = Country.objects.get(pk="CAF")
        self.stations = {code: DutyStation.objects.get(code=code) for code in STATIONS}
        self.organisations = {
            name: made_up_organisation(name, f"Organisation {name}", Organisation.Type.INGO) for name in ORGANISATIONS
        }
        self.axis, self.force = Axis.objects.get(code="bambari-bria"), Force.objects.get(acronym="MINUSCA")
        self.profile = self.car.profile_on()
        self.places = Place.objects.get(name="Bambari"), Place.objects.get(name="Bria")
        self.author = make_person("author", organisation=self.organisations["ONE"])
        self.count = 0

    def person(self, roles) -> User:
        self.count += 1
        user = make_person(f"reader{self.count}", organisation=self.organisations["ONE"])
        for role, where in roles:
            appointed(user, role, **where)
        return User.objects.get(pk=user.pk)

    def case(self, user, facts) -> Case:
        self.count += 1
        created = START + dt.timedelta(minutes=facts["minute"])
        filed = facts["status"] != "draft" and (facts["status"] != "withdrawn" or facts["forwarded"])
        station = {
            name: self.stations.get(facts[name]) for name in ("station", "origin_station", "destination_station")
        }
        case = Case.objects.create(
            reference=f"CAF-AE-2026-{self.count:04d}",
            client_key=uuid.uuid4(),
            country=self.car,
            profile=self.profile,
            request_type="AE",
            status=facts["status"],
            organisation=self.organisations[facts["organisation"]],
            created_by=user if facts["mine"] else self.author,
            created_at=created,
            urgency=facts["urgency"],
            need=facts["need"] or "Abris",
            people=10,
            critical_by=created,
            origin=self.places[0],
            destination=self.places[1],
            axis=self.axis,
            departure_at=created,
            window_to=created + dt.timedelta(days=1),
            rotations=1,
            vehicles=1,
            cargo="Vivres",
            no_weapons=True,
            un_on_board=False,
            force=self.force,
            why_safer="x",
            risks=["perception"],
            neutrality="x",
            exit_plan="x",
            submitted_at=created if filed else None,
            forwarded_at=created if filed and facts["forwarded"] else None,
            sensitivity=facts["sensitivity"],
            consent_partners=facts["consent_partners"],
            due_at=None if facts["due"] is None or not filed else START + dt.timedelta(hours=facts["due"]),
            search_text=folded(f"CAF-AE-2026-{self.count:04d} {facts['need'] or 'Abris'}"),
            **station,
        )
        if filed:
            Consultation.objects.bulk_create(
                Consultation(case=case, body=body, country=self.car, case_created_at=created) for body in facts["asked"]
            )
        if facts["shared"]:
            scope.share(case, "view_case", user=user)
        return case


def walk(user, *, size, backwards=False, **asked) -> list[int]:
    """Every row of every page, first page to last, or from the last page back to the first."""
    found, cursor, pages = [], None, 0
    page = listing.page_for(user, size=size, **asked)
    while True:
        found += [case.pk for case in page.rows]
        pages += 1
        assert pages < 60
        if not page.older:
            break
        cursor = listing.read_cursor(page.older, asked.get("sort", "new"))
        assert cursor is not None
        page = listing.page_for(user, size=size, cursor=cursor, **asked)
    if not backwards:
        return found
    found = [case.pk for case in page.rows]
    while page.newer:
        cursor = listing.read_cursor(page.newer, asked.get("sort", "new"))
        page = listing.page_for(user, size=size, cursor=cursor, **asked)
        rows = [case.pk for case in page.rows]
        found = rows + [pk for pk in found if pk not in rows]
    return found


@given(
    roles=st.lists(ROLES, max_size=3),
    rows=st.lists(CASES, max_size=9),
    asked=st.fixed_dictionaries(
        {"status": st.sampled_from([None, OPEN, ENDED, ("closed",), ("draft",), ("deciding", "clearing")]),
         "urgent": st.sampled_from([None, True, False]),
         "station": st.sampled_from([None, *STATIONS]),
         "sort": st.sampled_from(["new", "due"])}
    ),
)  # fmt: skip
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_pages_show_exactly_what_the_predicate_allows(reference, roles, rows, asked):
    with transaction.atomic():
        world = World()
        user = world.person(roles)
        for facts in rows:
            world.case(user, facts)
        asked = asked | {"station": world.stations[asked["station"]].pk if asked["station"] else None}
        allowed = Case.objects.listed_for(user)
        if asked["status"]:
            allowed = allowed.filter(status__in=asked["status"])
        if asked["urgent"] is not None:
            routine = Q(urgency="routine")
            allowed = allowed.filter(~routine if asked["urgent"] else routine)
        if asked["station"]:
            allowed = allowed.filter(station=asked["station"])
        if asked["sort"] == "due":
            allowed = allowed.filter(due_at__isnull=False).order_by("due_at", "id")
        expected = list(allowed.values_list("pk", flat=True))
        for several in (1, listing.SEVERAL):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(listing, "SEVERAL", several)
                assert walk(user, size=2, **asked) == expected
                assert walk(user, size=2, backwards=True, **asked) == expected
                assert listing.page_for(user, size=2, **asked).count == len(expected)
        transaction.set_rollback(True)


@given(roles=st.lists(ROLES, max_size=3), rows=st.lists(CASES, min_size=1, max_size=9))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_sets_are_what_the_barrier_says_of_each_case(reference, roles, rows):
    """The row, a restricted field and a confidential one, of each case, for whoever asks; in lists as one by one."""
    with transaction.atomic():
        world = World()
        user = world.person(roles)
        cases = [world.case(user, facts) for facts in rows]
        strangers = [make_person(f"of {side}", organisation=made_up_organisation(side.upper(), side, org_type))
                     for side, org_type in OTHER_SIDES.items()]  # fmt: skip
        listed = set(Case.objects.listed_for(user).values_list("pk", flat=True))
        known = set(Case.objects.visible_to(user).values_list("pk", flat=True))
        assert known <= listed
        assert {case.pk for case in cases if may_see(user, case)} == listed
        assert {case.pk for case in cases if may_see(user, case, "need")} == listed
        assert {case.pk for case in cases if may_see(user, case, "departure_at")} == known
        page = listing.page_for(user, size=20)
        assert {case.pk for case in page.rows if may_see(user, case)} == listed
        assert {case.pk for case in page.rows if may_see(user, case, "neutrality")} == known
        for stranger in strangers:
            appointed(stranger, Role.DONOR, station="bria")
            assert not Case.objects.listed_for(stranger).exists()
            assert not any(may_see(stranger, case) for case in cases)
        transaction.set_rollback(True)


@given(roles=st.lists(ROLES, max_size=3), rows=st.lists(CASES, min_size=1, max_size=9))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_waits_for_a_person_is_part_of_what_they_see(reference, roles, rows):
    with transaction.atomic():
        world = World()
        user = world.person(roles)
        for facts in rows:
            world.case(user, facts)
        seen = set(Case.objects.visible_to(user).values_list("pk", flat=True))
        expected = {
            pk
            for group in waiting.groups(user)
            for where in group.ways
            for pk in Case.objects.filter(*where).values_list("pk", flat=True)
        }
        assert expected <= seen
        assert set(walk(user, size=2, status=listing.WAITING)) == expected
        transaction.set_rollback(True)


OTHER_SIDES = {
    "force": Organisation.Type.UN_MILITARY, "mission": Organisation.Type.UN_CIVILIAN,
    "donor": Organisation.Type.DONOR,
}  # fmt: skip
FILED = {
    "status": "closed", "organisation": "ONE", "station": "bria", "origin_station": None, "destination_station": None,
    "forwarded": True, "due": None, "minute": 0, "urgency": "routine", "need": "Médicaments", "asked": {"cluster:LOG"},
    "shared": False, "mine": False, "sensitivity": "C", "consent_partners": True,
}  # fmt: skip


@pytest.fixture
def world(reference):
    return World()


@pytest.fixture
def officer(world):
    return world.person([(Role.OCHA_OFFICER, {"station": "bria"}), (Role.CLUSTER, {"cluster": "NUT"})])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("medicaments", 2),
        ("MÉDIC", 2),
        ("vivres", 1),
        ("vivres medic", 0),
        ("0003", 1),
        ("caf-ae-2026-0003", 1),
        ("caf-ae-2026-00", 3),
        ("zzz", 0),
        ("  ", 3),
        ("'); --", 3),
        ("& | ! ( :*", 3),
        ("medic\x00", 2),
        ("x" * 10_000, 0),
        ("%", 3),
    ],
)
def test_words_are_found_by_their_beginning_without_accents(world, officer, query, found):
    world.count = 0
    for number, need in enumerate(["Médicaments", "Médicaments d'urgence", "Vivres"], start=1):
        world.count = number - 1
        world.case(officer, FILED | {"need": need})
    page = listing.page_for(officer, query=query)
    assert len(page.rows) == page.count == found


def test_many_matches_are_walked_and_few_are_sorted(world, officer, monkeypatch):
    cases = [world.case(officer, FILED | {"minute": number}) for number in range(5)]
    newest_first = [case.pk for case in reversed(cases)]
    assert walk(officer, size=2, query="medic") == newest_first
    monkeypatch.setattr(listing, "CAP", 3)
    assert walk(officer, size=2, query="medic") == newest_first
    assert listing.page_for(officer, query="medic").count == 3


@pytest.mark.parametrize(
    "text", ["", "n", "n+", "n+12", "n+x.y", "d+12.1", "n+99999999999999999999.1", "n+1.1; DROP", "n+1.٣", "x+1.1"]
)
def test_a_broken_cursor_is_no_cursor(text):
    assert listing.read_cursor(text) is None


@pytest.mark.parametrize("text", ["n+1772352000000000.7", "n-1772352000000000.7", "n+99999999999999999.7"])
def test_a_cursor_reads_back_as_it_was_written(text):
    assert str(listing.read_cursor(text)) == text


def test_a_count_stops_at_the_cap(world, officer, monkeypatch):
    monkeypatch.setattr(listing, "CAP", 3)
    for number in range(5):
        world.case(officer, FILED | {"minute": number})
    assert listing.page_for(officer).count == 3


def test_a_page_past_the_end_still_counts(world, officer):
    world.case(officer, FILED)
    page = listing.page_for(officer, cursor=listing.read_cursor("n+1000.1"))
    assert (page.rows, page.count) == ([], 1)


@pytest.mark.parametrize("asked", [{}, {"status": OPEN}, {"sort": "due"}, {"status": listing.WAITING}])
def test_a_list_is_one_query_with_5_and_with_25_rows(world, officer, asked):
    assert scope.grants(officer)
    assert officer.side
    listing.page_for(officer, **asked)  # what is read once in the life of a process, whichever test comes first
    counts = []
    for rows in (5, 25):
        for number in range(len(counts) and 5, rows):
            world.case(officer, FILED | {"minute": number % 5, "due": 1, "status": "reviewing", "organisation": "TWO"})
        with CaptureQueriesContext(connection) as queries:
            page = listing.page_for(officer, **asked)
            for case in page.rows:
                assert case.title
                assert case.station.name
                assert case.organisation.acronym
        assert len(page.rows) == rows
        counts.append(len(queries))
    assert counts == [1, 1]


def compared(where: Q) -> set[str]:
    """The columns that a condition reads."""
    found: set[str] = set()
    for child in where.children:
        found |= compared(child) if isinstance(child, Q) else {child[0].partition("__")[0]}
    return found


@pytest.mark.parametrize(
    ("why", "names"),
    [("organisation", ("case_organisation_new", "case_organisation_status")), ("class", ("case_restricted_new",))],
)
def test_the_index_holds_all_that_a_person_at_a_station_is_asked(world, why, names):
    """Else a list is counted by reading the rows, and grows with them."""
    user = world.person([(Role.REQUESTER, {"station": "bria"})])
    (way,) = (each for each in (*visibility.branches(user), *visibility.by_class(user)) if each.why == why)
    for index in Case._meta.indexes:
        if index.name in names:
            held = {field.removeprefix("-") for field in index.fields} | compared(index.condition or Q())
            assert compared(way.where) <= held
            assert "status" in held or index.name == "case_organisation_new"


def test_a_force_and_a_donor_have_no_page(world, force_u3, donor):
    world.case(donor, FILED | {"shared": True})
    for person in (force_u3, donor):
        page = listing.page_for(person)
        assert (page.rows, page.count) == ([], 0)
        assert waiting.groups(person) == []


def test_an_ended_appointment_shows_nothing(world):
    user = world.person([])
    appointed(user, Role.OCHA_NATIONAL, ends=timezone.localdate() - dt.timedelta(days=1))
    world.case(user, FILED)
    assert listing.page_for(user).rows == []
    with pytest.raises(ObjectDoesNotExist):
        Case.objects.visible_to(user).get()
