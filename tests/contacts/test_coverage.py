"""Which gaps does a country have, and who reads the pages that show them?"""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from cmcoord.accounts.models import Organisation
from cmcoord.activity.statements import Statement
from cmcoord.places.models import AdminArea, DutyStation
from contacts import body_page, coverage, place_page, services
from contacts.coverage import Kind
from contacts.models import FRESH, Body, CmcoordRole, Holding, Post, Seat
from contacts.services import Details, Holder

pytestmark = pytest.mark.django_db
FOCAL = Details(roles=(CmcoordRole.OCHA_FOCAL_POINT,))
# The contact places of the flyer: 13, of which 11 have a cell.
CONTACTS = (
    "bangui", "bambari", "alindao", "bria", "birao", "bangassou", "zemio", "kaga-bandoro", "batangafo", "bouar",
    "paoua", "bocaranga", "berberati",
)  # fmt: skip


@pytest.fixture
def ocha(reference) -> Organisation:
    return Organisation.objects.get(acronym="OCHA")


@pytest.fixture
def flyer(ocha, ocha_bgi):
    """A focal point of OCHA at each contact place, made up."""
    return {code: focal_point(code, by=ocha_bgi, organisation=ocha) for code in CONTACTS}


def focal_point(code, *, by, organisation, details=FOCAL) -> Post:
    station = DutyStation.objects.select_related("country").get(code=code)
    return services.open_post(
        by=by, organisation=organisation, station=station, function="CMCoord focal point", holder=Holder("Somebody"),
        starts=station.country.today, details=details,
    )  # fmt: skip


def places(country, kind: Kind) -> list[str]:
    return sorted(gap.place for gap in coverage.gaps(country) if gap.kind == kind)


def test_the_flyer_shows_its_four_gaps(car, flyer):
    """Line 1-30 of domain.md §8."""
    assert places(car, Kind.CELL_WITHOUT_FOCAL_POINT) == ["Bossangoa", "Obo"]
    assert places(car, Kind.CONTACT_WITHOUT_CELL) == ["Berbérati", "Zémio"]


@pytest.mark.parametrize(
    ("language", "lacking", "lonely"),
    [
        ("en", "CMCoord cell, Obo: no focal point of OCHA", "Zémio: a focal point, and no cell"),
        (
            "fr",
            "Cellule CMCoord d’Obo\u202f: pas de point focal d’OCHA",
            "Zémio\u202f: un point focal et pas de cellule",
        ),
    ],
)
def test_a_gap_is_a_sentence_at_its_station_and_a_line_under_its_heading(
    client, flyer, requester_bria, language, lacking, lonely
):
    requester_bria.language = language
    requester_bria.save(update_fields=["language"])
    client.force_login(requester_bria)
    for code, sentence in (("obo", lacking), ("zemio", lonely)):
        assert sentence in client.get(reverse("contacts:station", args=[code])).content.decode()
    page = client.get(reverse("contacts:gaps")).content.decode()
    assert lacking not in page and lonely not in page
    assert lacking.split("\u202f:")[0].split(":")[0] in page


def test_a_cell_without_anybody_of_ocha_is_named_once(car, flyer, ocha, ocha_bgi):
    assert "Obo" in places(car, Kind.CELL_WITHOUT_FOCAL_POINT) and "Obo" not in places(car, Kind.SEAT_VACANT)
    assert "Bria" in places(car, Kind.SEAT_VACANT), "a focal point who does not chair"


def test_who_covers_a_station_from_elsewhere_fills_its_gap(car, flyer, ocha_bgi):
    post, obo = flyer["zemio"], DutyStation.objects.get(code="obo")
    services.describe_post(post, by=ocha_bgi, details=Details(roles=FOCAL.roles, covers=(obo,)))
    assert places(car, Kind.CELL_WITHOUT_FOCAL_POINT) == ["Bossangoa"]


def test_a_focal_point_who_has_left_and_another_role_fill_none(car, flyer, ocha_bgi, ocha):
    services.leave(flyer["bria"], by=ocha_bgi)
    services.describe_post(flyer["bouar"], by=ocha_bgi, details=Details(roles=(CmcoordRole.LOGISTICS,)))
    assert places(car, Kind.CELL_WITHOUT_FOCAL_POINT) == ["Bossangoa", "Bouar", "Bria", "Obo"]
    assert places(car, Kind.POST_WITHOUT_HOLDER) == ["Bria"]


def test_a_proposed_cell_is_none_and_one_that_meets_closes_the_gap(car, flyer, ocha_bgi):
    zemio = flyer["zemio"].station
    body = services.open_body(
        by=ocha_bgi, kind="cell", name_en="Zémio", name_fr="Zémio", country=car, station=zemio, parent=None
    )
    assert "Zémio" in places(car, Kind.CONTACT_WITHOUT_CELL)
    services.step_body(body, "activate", by=ocha_bgi)
    assert places(car, Kind.CONTACT_WITHOUT_CELL) == ["Berbérati"]
    services.step_body(body, "close", by=ocha_bgi)
    assert "Zémio" in places(car, Kind.CONTACT_WITHOUT_CELL)


def test_a_cell_wants_its_two_chairs(car, ocha, ocha_bgi, minusca):
    assert len(places(car, Kind.CELL_WITHOUT_CO_CHAIR)) == 13
    cell = Body.objects.get(station__code="bria")
    for kind, organisation in (("chair", ocha), ("co_chair", minusca.organisation)):
        services.take_seat(cell.seats.get(kind=kind), by=ocha_bgi, organisation=organisation)
    assert "Bria" not in places(car, Kind.CELL_WITHOUT_CO_CHAIR)
    assert "Bria" not in places(car, Kind.SEAT_VACANT)


def test_who_was_not_confirmed_for_ninety_days_is_stale(client, car, flyer, ocha_bgi):
    services.count_contacts()
    assert coverage.freshness(car).share == 100
    Holding.objects.filter(post=flyer["bria"]).update(confirmed_at=timezone.now() - dt.timedelta(days=91))
    assert places(car, Kind.STALE) == ["Bria"]
    assert coverage.freshness(car).share == 100, "as it was counted"
    services.count_contacts()
    assert coverage.freshness(car).share == 92
    assert not any("Somebody" in gap.text for gap in coverage.gaps(car)), "posts, not names"
    client.force_login(ocha_bgi)
    assert "92 % of those in post were confirmed" in client.get(reverse("contacts:gaps")).content.decode()


def test_a_post_is_held_on_the_days_of_whoever_holds_it(clock, car, ocha, ocha_bgi):
    """Its first holder leads to the gap; whoever follows, from a day to come or without a sweep between, fills it."""
    post = focal_point("bria", by=ocha_bgi, organisation=ocha)
    services.plan_departure(post.holder, by=ocha_bgi, ends=dt.date(2027, 1, 10))
    services.hand_over(post, by=ocha_bgi, holder=Holder("Successor"), starts=dt.date(2027, 1, 20))

    def gap(day: str, *, swept: bool) -> bool:
        if swept:
            clock(day)
        on = dt.date.fromisoformat(day)
        return Post.objects.without_holder(on).filter(pk=post.pk).exists()

    assert [gap(f"2027-01-{day}", swept=False) for day in ("10", "11", "19", "20")] == [False, True, True, False]
    assert [gap(f"2027-01-{day}", swept=True) for day in ("10", "11", "19", "20")] == [False, True, True, False]
    post.refresh_from_db()
    assert (post.held_from, post.held_until) == (dt.date(2027, 1, 20), None)


def test_what_a_post_says_of_its_holder_is_put_right(car, flyer):
    Post.objects.filter(pk=flyer["bria"].pk).update(held_from=None)
    assert places(car, Kind.POST_WITHOUT_HOLDER) == [], "the holders are asked"
    Post.objects.filter(pk=flyer["bria"].pk).update(held_from=dt.date(2020, 1, 1), held_until=dt.date(2021, 1, 1))
    assert Post.objects.disagreeing().get() == flyer["bria"]
    services.count_contacts()
    assert not Post.objects.disagreeing().exists()


def test_of_many_gaps_the_first_are_shown_and_some_are_counted(monkeypatch, client, car, ocha, ocha_bgi, bria):
    monkeypatch.setattr(coverage, "MOST", 2)
    for number in range(4):
        services.open_post(by=ocha_bgi, organisation=ocha, station=bria, function=f"Empty {number}", holder=None)
    for cap, count in ((500, "4"), (3, "3+")):
        monkeypatch.setattr(coverage, "CAP", cap)
        written_anew = Statement(coverage._empty_posts_in, str, dt.date)
        monkeypatch.setattr(coverage, "_empty_posts", written_anew)
        section = next(one for one in coverage.sections(car) if one.kind == Kind.POST_WITHOUT_HOLDER)
        assert (section.count, len(section.rows), section.more) == (count, 2, True)
    client.force_login(ocha_bgi)
    page = client.get(reverse("contacts:gaps")).content.decode()
    assert "Empty 1" in page and "Empty 2" not in page and "The first 2 of 3+ are shown." in page


def test_missing_liaison_is_a_gap_until_it_is_settled(car, ocha_bgi):
    vakaga = AdminArea.objects.current().get(country="CAF", name="Vakaga")
    row = services.note_liaison(by=ocha_bgi, area=vakaga, wanted="officer", note="Access analysis")
    assert places(car, Kind.MISSING_LIAISON) == ["Vakaga"]
    services.settle_liaison(row, by=ocha_bgi, outcome="Came")
    assert not places(car, Kind.MISSING_LIAISON)


def test_one_country_shows_nothing_of_another(mali, flyer):
    texts = " ".join(gap.text for gap in coverage.gaps(mali))
    assert "Bossangoa" not in texts and "Zémio" not in texts


def test_more_rows_ask_no_more_queries(car, ocha, ocha_bgi):
    focal_point("bangui", by=ocha_bgi, organisation=ocha)
    with CaptureQueriesContext(connection) as few:
        coverage.gaps(car)
    for code in ("bambari", "zemio", "berberati"):
        focal_point(code, by=ocha_bgi, organisation=ocha)
    for seat in Seat.objects.filter(body__country=car, kind="chair", body__kind="cell"):
        services.take_seat(seat, by=ocha_bgi, organisation=ocha, post=Post.objects.first())
    with CaptureQueriesContext(connection) as many:
        coverage.gaps(car)
    assert len(many) <= len(few) + 8 <= 26, [len(few), len(many)]


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_station_lists_its_bodies_posts_and_open_points(client, flyer, ocha_bria):
    """Line 3-4 of domain.md §8."""
    client.force_login(ocha_bria)
    page = client.get(reverse("contacts:station", args=["bria"])).content.decode()
    for words in ("CMCoord cell, Bria", "CMCoord focal point", "Somebody", "no co-chair of the force", "Haute-Kotto"):
        assert words in page


def test_more_posts_and_seats_ask_no_more_queries_of_the_pages(client, flyer, ocha, ocha_bgi, ocha_bria, ngo, bria):
    def asked() -> list[int]:
        found = []
        for name, *args in (("station", "bria"), ("bodies",), ("gaps",), ("forces",), ("body", cell.pk)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"contacts:{name}", args=args)).status_code == 200
            found.append(len(queries))
        return found

    cell = Body.objects.get(station=bria)
    services.take_seat(cell.seats.get(kind="chair"), by=ocha_bgi, organisation=ocha, post=flyer["bria"])
    client.force_login(ocha_bria)
    asked()
    few = asked()
    for number in range(5):
        post = services.open_post(
            by=ocha_bgi, organisation=ngo, station=bria, function=f"Function {number}", holder=Holder(f"Name {number}"),
            starts=bria.country.today,
        )  # fmt: skip
        seat = services.add_seat(cell, by=ocha_bgi, function_en=f"Seat {number}", function_fr=f"Siège {number}")
        services.take_seat(seat, by=ocha_bgi, organisation=ngo, post=post)
    assert asked() == few
    assert max(few) <= 12, few


def test_a_station_of_many_posts_names_its_focal_point_and_its_gaps(monkeypatch, client, flyer, ocha_bria, ocha):
    """However many stand before them in the order of the page."""
    monkeypatch.setattr(place_page, "MOST", 2)
    bria = flyer["bria"].station
    for number in range(4):
        services.open_post(by=ocha_bria, organisation=ocha, station=bria, function=f"A {number}",
                           holder=Holder("Somebody"), starts=bria.country.today)  # fmt: skip
    vacant = services.open_post(by=ocha_bria, organisation=ocha, station=bria, function="Zealous", holder=None,
                                starts=bria.country.today)  # fmt: skip
    stale = services.open_post(by=ocha_bria, organisation=ocha, station=bria, function="Zodiac",
                               holder=Holder("Somebody"), starts=bria.country.today)  # fmt: skip
    stale.holdings.update(confirmed_at=timezone.now() - FRESH - dt.timedelta(days=1))
    client.force_login(ocha_bria)
    page = client.get(reverse("contacts:station", args=["bria"])).content.decode()
    assert "A 1" in page and "A 2" not in page
    assert f"{vacant} · Posts that nobody holds" in page and f"{stale} · Not confirmed for 90 days" in page
    assert "no focal point of OCHA" not in page


def test_a_force_reads_functions_and_no_gaps_of_a_station(client, flyer, force_u3, force_ml):
    client.force_login(force_u3)
    page = client.get(reverse("contacts:station", args=["bria"])).content.decode()
    assert "CMCoord focal point" in page and "Somebody" not in page and "no co-chair" not in page
    assert client.get(reverse("contacts:gaps")).status_code == 404
    client.force_login(force_ml)
    asked = []
    for code in ("bria", "bria", "atlantis"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("contacts:station", args=[code])).status_code == 404
        asked.append(len(queries))
    assert asked[1] == asked[2]


def test_a_requester_sees_the_chain_of_operations_and_that_of_cimic(client, requester_bria, minusca):
    """Lines 1-5 and 1-9: U3, G3, S3; U9, G9, S9; EUTM is encouraged; nothing of any rating."""
    client.force_login(requester_bria)
    page = client.get(reverse("contacts:forces")).content.decode()
    for word in ("U3, U35", "G3", "S3", "U9", "G9", "S9", "EUTM RCA", "encouraged to apply them", "40 h"):
        assert word in page
    for hidden in ("party to the conflict", "engaged in combat", "disputed", "/register/"):
        assert hidden not in page


def test_the_lead_times_are_those_of_the_policy(car):
    lead = place_page.lead_times(car)
    assert [str(row["label"]) for row in lead].count("Armed escort") == 2
    assert lead[0]["hours"] == ["2 h", "10 h", "40 h"]
    assert lead[1]["hours"][0] == "0.5 h"
    with translation.override("fr"):
        assert place_page.lead_times(car)[1]["hours"][:2] == ["0,5 h", "2 h"]


def test_the_tree_of_mali_is_read_on_one_page(client, requester_mopti):
    """Lines 4-11 to 4-13."""
    client.force_login(requester_mopti)
    page = client.get(reverse("contacts:bodies")).content.decode()
    order = [page.index(name) for name in (
        "Humanitarian Country Team", "Inter-cluster coordination group", ">Protection cluster<",
        "Protection cluster, Mopti", "Working group on social cohesion, Mopti",
    )]  # fmt: skip
    assert order == sorted(order)
    assert "Sub-cluster on gender-based violence" in page and "Strategic advisory group" in page


def test_ocha_works_a_cell_through_its_pages(client, ocha_bria, ocha):
    client.force_login(ocha_bria)
    cell = Body.objects.get(station__code="bria")
    chair = cell.seats.get(kind="chair")
    page = client.get(cell.get_absolute_url()).content.decode()
    assert "OCHA (chair) seat vacant" in page
    take = reverse("contacts:take_seat", args=[chair.pk])
    today = cell.country.today.isoformat()
    assert client.post(take, {"starts": today}).status_code == 422
    assert client.post(take, {"starts": today, "organisation": ocha.pk}).status_code == 302
    assert "OCHA (chair) seat vacant" not in client.get(cell.get_absolute_url()).content.decode()
    sitting = chair.sittings.get()
    leave = reverse("contacts:leave_seat", args=[sitting.pk])
    assert client.post(leave).status_code == 302
    assert client.post(leave).status_code == 409
    seat = {"kind": "member", "function_en": "Radio", "function_fr": "Radio", "category": "other"}
    new_seat = reverse("contacts:new_seat", args=[cell.pk])
    assert client.post(new_seat, seat).status_code == 302
    assert client.post(new_seat, seat).status_code == 422
    change = reverse("contacts:edit_body", args=[cell.pk])
    sent = {"name_en": "Cell", "name_fr": "Cellule", "station": cell.station_id, "every": "week", "authorities": "on"}
    assert client.post(change, sent).status_code == 302
    cell.refresh_from_db()
    assert (cell.cadence, cell.rules) == ({"every": "week"}, {"authorities": True})
    assert client.post(change, sent | {"name_en": "CMCoord cell, Obo"}).status_code == 422
    assert client.post(reverse("contacts:step_body", args=[cell.pk, "rest"])).status_code == 403
    assert client.post(reverse("contacts:step_body", args=[cell.pk, "burn"])).status_code == 404


@pytest.mark.parametrize(("words", "found"), [("zemio", True), ("ZÉMIO focal", True), ("ocha", True), ("obo", False)])
def test_who_takes_a_seat_is_found_without_accents(client, flyer, ocha_bgi, words, found):
    seat = Seat.objects.get(body__country="CAF", body__kind="iccg", kind="chair")
    client.force_login(ocha_bgi)
    form = client.get(reverse("contacts:take_seat", args=[seat.pk]), {"q": words}).context["form"]
    assert (flyer["zemio"].pk in dict(form.fields["post"].choices)) is found


def test_the_seats_of_a_person_are_those_of_their_posts(flyer, ocha_bgi, ocha, force_u3):
    """Line 4-19, for the page of the person."""
    seat = Seat.objects.get(body__country="CAF", body__kind="iccg", kind="chair")
    services.take_seat(seat, by=ocha_bgi, organisation=ocha, post=flyer["bangui"])
    person = flyer["bangui"].holder.person
    assert [each["body"].kind for each in body_page.seats_of(person, ocha_bgi)] == ["iccg"]
    assert body_page.seats_of(person, force_u3) == []
