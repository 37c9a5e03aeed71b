"""Which bodies does a new portal know, who keeps them, who may take a seat, and when is a seat vacant?"""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from cmcoord.accounts.models import Organisation
from cmcoord.activity.models import Event
from cmcoord.places.models import AdminArea, DutyStation
from contacts import keepers, seating, services, workflow
from contacts.models import Body, Category, Force, MissingLiaison, Post, Seat, Sitting
from contacts.services import Holder, Number
from tests.people import made_up_organisation

pytestmark = pytest.mark.django_db
CELLS = {
    "alindao", "bambari", "bangassou", "bangui", "batangafo", "bocaranga", "bossangoa", "bouar", "birao", "bria",
    "kaga-bandoro", "obo", "paoua",
}  # fmt: skip
HOLDER = Holder("Somebody", (Number("+23672000001"),))


@pytest.fixture
def bamako(reference):
    return Body.objects.get(country="MLI", kind="cell")


@pytest.fixture
def cell(reference):
    """The cell of Bria."""
    return Body.objects.get(kind="cell", station__code="bria")


def organisation(acronym) -> Organisation:
    return Organisation.objects.get(acronym=acronym)


def seat_of(body, function) -> Seat:
    return next(seat for seat in Body.objects.with_seats().get(pk=body.pk).open_seats if seat.function_en == function)


def vacancies(body) -> list[str]:
    return [seat.vacancy for seat in Body.objects.with_seats().get(pk=body.pk).vacant_seats]


# ── what a new portal knows ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_country_has_thirteen_cells_each_at_its_station_with_two_chairs(reference):
    cells = Body.objects.cells().filter(country="CAF")
    assert set(cells.values_list("station__code", flat=True)) == CELLS
    assert set(DutyStation.objects.filter(country="CAF", bodies=None).values_list("code", flat=True)) == {
        "zemio", "berberati"
    }  # fmt: skip
    for body in cells.select_related("station__place__area"):
        chairs = dict(body.seats.filter(kind__in=Seat.CHAIRS, mandatory=True).values_list("kind", "category"))
        assert chairs == {"chair": "ocha", "co_chair": "mission_military"}
        assert body.station.place.area and body.stage == "active"
    assert cells.get(station__code="bangui").every == "every week"
    assert cells.get(station__code="bria").every == "", "no source says it"


def test_only_bangui_seats_the_european_mission_and_the_detachment(reference):
    for category in ("eutm", "bilateral"):
        found = Seat.objects.filter(category=category).values_list("body__station__code", flat=True)
        assert list(found) == ["bangui"]


def test_the_protection_cluster_of_mali_is_a_tree(reference):
    cluster = Body.objects.get(country="MLI", kind="cluster", station=None)
    regional = cluster.children.filter(kind="cluster")
    assert set(regional.values_list("station__code", flat=True)) == {"mopti", "gao", "tombouctou"}
    below = dict(cluster.children.exclude(kind="cluster").values_list("name_en", "kind"))
    assert list(below.values()).count("sub_cluster") == 2 and list(below.values()).count("working_group") == 3
    assert below["Strategic advisory group"] == "advisory_group"
    assert [list(each.children.values_list("kind", flat=True)) for each in regional] == [["working_group"]] * 3
    assert cluster.parent.kind == "iccg" and cluster.parent.parent.kind == "hct"


def test_a_name_stands_in_both_languages(reference):
    obo = Body.objects.get(station__code="obo")
    assert (obo.name_en, obo.name_fr) == ("CMCoord cell, Obo", "Cellule CMCoord d’Obo")


# ── seats ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_cell_of_bamako_shows_each_mandatory_seat_that_is_vacant(bamako, ocha_bko):
    """Line 0-6 of domain.md §8."""
    for function, acronym in (
        ("Overall coordination (OCHA)", "OCHA"), ("Armed forces", "FAMa"), ("Security", "UNDSS"), ("Logistics", "WFP"),
    ):  # fmt: skip
        services.take_seat(seat_of(bamako, function), by=ocha_bko, organisation=organisation(acronym))
    assert vacancies(bamako) == []
    services.leave_seat(Sitting.objects.get(organisation__acronym="UNDSS"), by=ocha_bko)
    assert vacancies(bamako) == ["Security seat vacant"]
    kinds = Event.objects.filter(kind__startswith="seat.").values_list("kind", flat=True)
    assert sorted(kinds) == ["seat.leave", *["seat.take"] * 4]


def test_a_seat_taken_through_a_post_is_vacant_when_nobody_holds_the_post(bamako, ocha_bko):
    wfp = organisation("WFP")
    post = services.open_post(
        by=ocha_bko, organisation=wfp, station=bamako.station, function="Head of logistics", holder=HOLDER,
        starts=bamako.country.today,
    )  # fmt: skip
    services.take_seat(seat_of(bamako, "Logistics"), by=ocha_bko, organisation=wfp, post=post)
    assert "Logistics seat vacant" not in vacancies(bamako)
    services.leave(post, by=ocha_bko)
    assert "Logistics seat vacant" in vacancies(bamako)


def test_a_designate_takes_the_chair_with_a_reason(cell, ocha_bria, ngo, bria):
    chair = seat_of(cell, "OCHA (chair)")
    post = services.open_post(
        by=ocha_bria, organisation=ngo, station=bria, function="Area coordinator", holder=HOLDER,
        starts=cell.country.today,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="say why"):
        services.take_seat(chair, by=ocha_bria, organisation=organisation("OCHA"), designate=post)
    services.take_seat(
        chair, by=ocha_bria, organisation=organisation("OCHA"), designate=post, designate_reason="No officer yet"
    )
    assert seat_of(cell, "OCHA (chair)").now[0].who == post


def test_no_force_is_the_designate_of_ocha(cell, ocha_bria, minusca, bria, ocha_bgi):
    u3 = _force_post(minusca, bria, ocha_bgi)
    with pytest.raises(ValidationError, match="or a humanitarian"):
        services.take_seat(
            seat_of(cell, "OCHA (chair)"), by=ocha_bria, organisation=organisation("OCHA"), designate=u3,
            designate_reason="Nobody else",
        )  # fmt: skip


def test_the_next_one_takes_the_place_of_the_one_before(bamako, ocha_bko):
    seat = seat_of(bamako, "Logistics")
    first = services.take_seat(
        seat, by=ocha_bko, organisation=organisation("WFP"), starts=bamako.country.today - dt.timedelta(days=30)
    )
    services.take_seat(seat, by=ocha_bko, organisation=organisation("UNICEF"))
    first.refresh_from_db()
    assert first.ends == bamako.country.today - dt.timedelta(days=1)
    assert [row.organisation.acronym for row in seat_of(bamako, "Logistics").now] == ["UNICEF"]
    with pytest.raises(ValidationError, match="choose a later day"):
        services.take_seat(
            seat, by=ocha_bko, organisation=organisation("WFP"), starts=bamako.country.today - dt.timedelta(days=9)
        )
    with pytest.raises(ValidationError, match="in the future"):
        services.take_seat(
            seat, by=ocha_bko, organisation=organisation("WFP"), starts=bamako.country.today + dt.timedelta(days=9)
        )


def test_several_organisations_share_the_seat_of_a_category(cell, ocha_bria, ngo):
    seat = seat_of(cell, "Heads of mission of INGOs")
    second = made_up_organisation("AID-C", "Aid Organisation C", "ingo")
    for each in (ngo, second):
        services.take_seat(seat, by=ocha_bria, organisation=each)
    assert {row.organisation for row in seat_of(cell, "Heads of mission of INGOs").now} == {ngo, second}
    with pytest.raises(ValidationError, match="This seat is for"):
        services.take_seat(seat, by=ocha_bria, organisation=organisation("WFP"))


def test_forces_of_the_state_sit_where_the_switch_is_on(cell, ocha_bria, ocha_bgi):
    """Line 1-26: off, FACA cannot be added; on, they can, and no account comes of it. Off again, they leave."""
    faca = organisation("FACA")
    seat = cell.seats.get(category=Category.SECURITY_FORCES)
    assert seat not in Body.objects.with_seats().get(pk=cell.pk).open_seats
    with pytest.raises(ValidationError, match="switched off"):
        services.take_seat(seat, by=ocha_bria, organisation=faca)
    services.change_body(cell, by=ocha_bria, rules={"security_forces": True})
    services.take_seat(seat, by=ocha_bria, organisation=faca)
    assert not faca.people.exists()
    services.change_body(cell, by=ocha_bria, rules={})
    assert not Sitting.objects.filter(organisation=faca, ends=None).exists()


@pytest.mark.parametrize("kind", ["hct", "iccg", "cluster", "sub_cluster", "working_group", "advisory_group"])
@pytest.mark.parametrize("acronym", ["FAMa", "MINUSMA", "EUTM Mali"])
def test_no_force_sits_in_anything_but_a_cell(reference, ocha_bko, kind, acronym):
    body = Body.objects.filter(country="MLI", kind=kind).first()
    for seat in (*body.seats.all(), Seat(body=body, kind="observer", category="armed_forces")):
        refused = seating.why_not_take(seat, organisation(acronym), body.country.profile_on())
        assert refused.startswith(("No force sits in this body", "“Internal security forces”")), seat


def test_the_advisory_group_has_observers_by_invitation(reference, ocha_bko):
    """Line 4-13: members and observers are told apart; the mission's civilians and donors observe, no more."""
    group = Body.objects.get(kind="advisory_group")
    echo = organisation("ECHO")
    observers = group.seats.get(kind="observer", category="donor")
    assert services.take_seat(observers, by=ocha_bko, organisation=echo).seat.kind == "observer"
    member = services.add_seat(group, by=ocha_bko, function_en="Donors' lead", function_fr="Chef", category="donor")
    with pytest.raises(ValidationError, match="policy of the country invites nobody"):
        services.take_seat(member, by=ocha_bko, organisation=echo)


def test_a_body_has_one_chair_and_one_co_chair(cell, ocha_bria):
    with pytest.raises(ValidationError, match="this chair already"):
        services.add_seat(cell, by=ocha_bria, kind="chair", function_en="Second", function_fr="Deuxième")
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(body=cell, kind="co_chair", function_en="Third", function_fr="Troisième")


def test_who_closes_a_seat_ends_who_sat_in_it(bamako, ocha_bko):
    seat = seat_of(bamako, "Logistics")
    sitting = services.take_seat(seat, by=ocha_bko, organisation=organisation("WFP"))
    services.close_seat(seat, by=ocha_bko)
    sitting.refresh_from_db()
    assert sitting.ends == bamako.country.today and vacancies(bamako).count("Logistics seat vacant") == 0
    seat.refresh_from_db()
    for act in (lambda: services.close_seat(seat, by=ocha_bko), lambda: services.leave_seat(sitting, by=ocha_bko)):
        with pytest.raises(ValidationError):
            act()
    with pytest.raises(ValidationError, match="closed already"):
        services.take_seat(seat, by=ocha_bko, organisation=organisation("WFP"))


# ── who keeps them, and their life ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "keeps", "reads"),
    [
        ("ocha_bria", True, True), ("ocha_bgi", True, True), ("ocha_birao", False, True), ("ocha_bko", False, False),
        ("requester_bria", False, True), ("hc", False, True), ("hoo", False, True), ("force_u3", False, True),
        ("donor", False, True), ("force_ml", False, False), ("requester_mopti", False, False), ("admin", False, False),
        ("nobody", False, False),
    ],
)  # fmt: skip
def test_who_keeps_and_who_reads_a_cell(people, request, cell, who, keeps, reads):
    user = request.getfixturevalue(who)
    assert keepers.keeps_body(user, cell) is keeps
    assert keepers.reads_body(user, cell) is keepers.bodies_of(user).filter(pk=cell.pk).exists() is reads
    if not keeps:
        acts = (
            lambda: services.change_body(cell, by=user, name_en="Mine"),
            lambda: services.add_seat(cell, by=user, function_en="Mine", function_fr="Mon siège"),
            lambda: services.take_seat(cell.seats.first(), by=user, organisation=organisation("OCHA")),
            lambda: services.close_seat(cell.seats.first(), by=user),
        )
        for act in acts:
            with pytest.raises(PermissionDenied):
                act()


def test_other_sides_share_the_cells_alone(force_u3, donor, reference):
    country_team = Body.objects.get(country="CAF", kind="hct")
    for user in (force_u3, donor):
        assert not keepers.reads_body(user, country_team)
        assert set(keepers.bodies_of(user).values_list("kind", flat=True)) == {"cell"}
    Body.objects.filter(station__code="obo").update(stage="proposed")
    assert not keepers.bodies_of(force_u3).filter(station__code="obo").exists()


def test_a_body_is_proposed_meets_rests_and_ends(ocha_bgi, ocha_bria, reference):
    zemio = DutyStation.objects.get(code="zemio")
    facts = {
        "kind": "cell", "name_en": "CMCoord cell, Zémio", "name_fr": "Cellule de Zémio", "country": zemio.country,
        "station": zemio,
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        services.open_body(by=ocha_bria, **facts)
    body = services.open_body(by=ocha_bgi, **facts)
    assert body.stage == "proposed"
    assert [step["name"] for step in workflow.choices(body, ocha_bgi)] == ["activate", "close"]
    with pytest.raises(ValidationError, match="proposed now"):
        services.step_body(body, "rest", by=ocha_bgi)
    for name, stage in (("activate", "active"), ("rest", "dormant"), ("activate", "active"), ("close", "closed")):
        body = services.step_body(body, name, by=ocha_bgi)
        assert body.stage == stage
    for name in workflow.BY_NAME:
        with pytest.raises(ValidationError):
            services.step_body(body, name, by=ocha_bgi)
    with pytest.raises(ValidationError, match="closed"):
        services.change_body(body, by=ocha_bgi, name_en="Again")
    assert Event.objects.filter(kind="body.step").count() == 4
    assert services.open_body(by=ocha_bgi, **facts).pk != body.pk, "a new one may follow"


def test_the_officer_of_a_station_does_not_change_the_stage(cell, ocha_bria, ocha_bgi):
    assert all(step["why"] for step in workflow.choices(cell, ocha_bria))
    with pytest.raises(PermissionDenied, match="national unit"):
        services.step_body(cell, "rest", by=ocha_bria)


def test_a_body_with_others_below_it_is_not_closed(ocha_bko, reference):
    with pytest.raises(ValidationError, match="close them first"):
        services.step_body(Body.objects.get(country="MLI", name_en="Protection cluster"), "close", by=ocha_bko)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"station": None}, "at a duty station"),
        ({"station": "mopti"}, "another country"),
        ({"parent": "Protection cluster"}, "another country"),
        ({"rules": {"everybody": True}}, "not known"),
        ({"cadence": {"every": "day"}}, "how often"),
        ({"name_en": "\u200b"}, "blank"),
        ({"name_en": "CMCoord cell, Obo"}, "of this name stands"),
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence(cell, ocha_bgi, changes, sentence):
    if isinstance(changes.get("station"), str):
        changes = {"station": DutyStation.objects.get(code=changes["station"])}
    if "parent" in changes:
        changes = {"parent": Body.objects.get(name_en=changes["parent"])}
    with pytest.raises(ValidationError, match=sentence):
        services.change_body(cell, by=ocha_bgi, **changes)


def test_a_body_belongs_to_none_of_its_own_children(ocha_bko, reference):
    cluster = Body.objects.get(country="MLI", name_en="Protection cluster")
    with pytest.raises(ValidationError, match="cannot belong"):
        services.change_body(cluster, by=ocha_bko, parent=cluster.children.first())


# ── missing liaison ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_missing_liaison_is_written_down_once_and_settled_with_its_outcome(ocha_mopti, requester_mopti, reference):
    kayes = AdminArea.objects.current().get(country="MLI", name="Kayes")
    fama = Force.objects.get(acronym="FAMa")
    with pytest.raises(PermissionDenied):
        services.note_liaison(by=requester_mopti, area=kayes, wanted="cell", note="Words")
    row = services.note_liaison(by=ocha_mopti, area=kayes, wanted="officer", note="No CIMIC officer", force=fama)
    with pytest.raises(ValidationError, match="already"):
        services.note_liaison(by=ocha_mopti, area=kayes, wanted="officer", note="Again", force=fama)
    with pytest.raises(ValidationError, match="A force is named"):
        services.note_liaison(by=ocha_mopti, area=kayes, wanted="cell", note="Words", force=fama)
    with pytest.raises(ValidationError, match="what became of it"):
        services.settle_liaison(row, by=ocha_mopti, outcome=" ")
    services.settle_liaison(row, by=ocha_mopti, outcome="An officer came on 3 November")
    with pytest.raises(ValidationError, match="settled already"):
        services.settle_liaison(row, by=ocha_mopti, outcome="Again")
    assert not MissingLiaison.objects.open().exists()


def test_liaison_of_another_country_is_not_ours(ocha_bria, reference):
    kayes = AdminArea.objects.current().get(country="MLI", name="Kayes")
    with pytest.raises(PermissionDenied):
        services.note_liaison(by=ocha_bria, area=kayes, wanted="cell", note="Words")


def _force_post(force, station, by):
    """A post of the force, as its people or OCHA keep it."""
    return Post.objects.create(
        organisation=force.organisation, country=station.country, station=station, function="U3", created_by=by
    )


@pytest.mark.parametrize("odd", ["²", "9" * 5000])
def test_a_post_that_is_none_is_said_at_its_field(client, ocha_bko, bamako, odd):
    client.force_login(ocha_bko)
    url = reverse("contacts:take_seat", args=[seat_of(bamako, "Logistics").pk])
    assert client.post(url, {"post": odd, "starts": "2026-01-01"}).status_code == 422
