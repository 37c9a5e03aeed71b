"""Reference data: each change leaves an event; what decides on rights needs a second administrator."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cmcoord.accounts import reference_changes, scope, services
from cmcoord.accounts.models import Organisation, ProposedChange, User
from cmcoord.accounts.roles import Perm, Role
from cmcoord.activity.models import Event
from cmcoord.places.models import DutyStation, Holiday, Place
from cmcoord.places.positions import Position
from tests.accounts.test_second_factor import later, signed_in, with_app
from tests.people import appointed, made_up_organisation, make_person, standing_in


def again(row):
    return type(row).objects.get(pk=row.pk)


def refused(function, *args, **kwargs) -> str:
    before = Event.objects.count()
    with pytest.raises(PermissionDenied) as refusal, transaction.atomic():
        function(*args, **kwargs)
    assert Event.objects.count() == before
    return str(refusal.value)


def told(event):
    return {row.recipient.username: row.expects for row in event.notifications.filter(channel="mail")}


@pytest.fixture
def bambari(reference):
    return DutyStation.objects.get(code="bambari")


@pytest.fixture
def proposal(admin, admin2, bria, bambari):
    """admin wants Bambari to cover Bria."""
    return reference_changes.change(bria, values={"covered_by": bambari}, by=admin)[0]


# ── at once, with an event ───────────────────────────────────────────────────────────────────────────────────────────


def test_what_needs_nobody_else_changes_at_once_with_old_and_new_value(admin, admin2, bria):
    assert reference_changes.change(bria, values={"name": "Bria town"}, by=admin) == []
    assert again(bria).name == "Bria town"
    event = Event.objects.get(kind="reference.change")
    assert (event.by, event.stream, event.subject_kind, event.subject_id) == (admin, "CAF", "dutystation", bria.pk)
    assert event.data["values"] == {"name": {"old": "Bria", "new": "Bria town"}}


def test_a_country_is_named_by_its_stream(admin, car):
    reference_changes.change(car, values={"name_en": "Central Africa"}, by=admin)
    event = Event.objects.get(kind="reference.change")
    assert (event.subject_kind, event.subject_id, event.stream) == ("country", 0, "CAF")


def test_the_same_value_again_leaves_nothing(admin, bria):
    reference_changes.change(bria, values={"telephone": bria.telephone, "covered_by": None}, by=admin)
    assert not Event.objects.filter(kind__startswith="reference.").exists()


def test_a_wrong_value_is_refused_and_nothing_is_kept(admin, bria):
    with pytest.raises(ValidationError), transaction.atomic():
        reference_changes.change(bria, values={"telephone": "call me"}, by=admin)
    assert not Event.objects.filter(kind__startswith="reference.").exists()


@pytest.mark.parametrize("role", ["ocha_bgi", "hoo", "hc", "nobody", "force_u3"])
def test_nobody_but_an_administrator_changes_anything(role, request, bria, car):
    person = request.getfixturevalue(role)
    holiday = Holiday.objects.filter(country=car).first()
    assert "administrator" in refused(reference_changes.change, bria, values={"telephone": "+236 1"}, by=person)
    assert "administrator" in refused(reference_changes.add, Holiday(country=car), by=person)
    assert "administrator" in refused(reference_changes.remove, holiday, by=person)


def test_holidays_come_and_go_with_an_event(admin, car):
    day = Holiday(country=car, date=dt.date(2030, 2, 3), name_en="Feast", name_fr="Fête")
    reference_changes.add(day, by=admin)
    reference_changes.remove(day, by=admin)
    assert not Holiday.objects.filter(date=dt.date(2030, 2, 3)).exists()
    added, removed = Event.objects.filter(kind__startswith="reference.").order_by("pk")
    assert (added.kind, removed.kind) == ("reference.add", "reference.remove")
    assert added.data["values"]["date"] == removed.data["values"]["date"] == "2030-02-03"


def test_where_an_organisation_works_changes_with_an_event(admin, ngo, car, mali):
    reference_changes.set_countries(ngo, countries=[mali, car], by=admin)
    assert set(ngo.countries.all()) == {car, mali}
    assert Event.objects.get(kind="reference.change").data["values"]["countries"]["new"] == "CAF, MLI"


# ── with a second administrator ──────────────────────────────────────────────────────────────────────────────────────


def test_a_cover_counts_once_a_second_administrator_has_confirmed_it(proposal, admin, admin2, bria, bambari):
    officer = make_person("ocha.bambari", organisation=Organisation.objects.get(acronym="OCHA"))
    appointed(officer, Role.OCHA_OFFICER, station="bambari")
    assert again(bria).covered_by is None
    assert bria.pk not in scope.stations_for(User.objects.get(pk=officer.pk), Perm.REVIEW_CASE)
    event = Event.objects.get(kind="reference.propose")
    assert event.data["values"] == {"covered_by": {"old": "", "new": str(bambari.pk)}}
    assert told(event) == {"admin2": "confirm_change"}
    reference_changes.confirm(proposal, by=admin2)
    assert again(bria).covered_by == bambari
    assert bria.pk in scope.stations_for(User.objects.get(pk=officer.pk), Perm.REVIEW_CASE)
    event = Event.objects.get(kind="reference.confirm")
    assert (event.by, told(event)) == (admin2, {"admin": ""})


def test_nobody_confirms_their_own_proposal(proposal, admin, bria):
    assert "second administrator" in refused(reference_changes.confirm, proposal, by=admin)
    assert again(bria).covered_by is None
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedChange.objects.filter(pk=proposal.pk).update(confirmed_by=admin, confirmed_at=timezone.now())


def test_whoever_was_stood_in_for_is_no_second_one(admin, admin2, bria, bambari):
    deputy = make_person("deputy", organisation=Organisation.objects.get(acronym="OCHA"))
    standing_in(deputy, admin.appointments.get())
    [proposal] = reference_changes.change(bria, values={"covered_by": bambari}, by=deputy)
    assert proposal.acting_for == admin
    assert told(Event.objects.get(kind="reference.propose")) == {"admin2": "confirm_change"}
    assert "in your name" in refused(reference_changes.confirm, proposal, by=admin)
    assert "Only a portal administrator" in refused(reference_changes.confirm, again(proposal), by=deputy)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedChange.objects.filter(pk=proposal.pk).update(confirmed_by=admin, confirmed_at=timezone.now())
    reference_changes.confirm(proposal, by=admin2)


@pytest.mark.parametrize("role", ["ocha_bgi", "hc", "nobody"])
def test_nobody_else_confirms_or_refuses(proposal, role, request):
    person = request.getfixturevalue(role)
    assert "administrator" in refused(reference_changes.confirm, proposal, by=person)
    assert "administrator" in refused(reference_changes.refuse, proposal, by=person, reason="No.")


def test_a_refusal_has_a_reason_and_changes_nothing(proposal, admin, admin2, bria):
    with pytest.raises(ValidationError):
        reference_changes.refuse(proposal, by=admin2, reason=" ")
    reference_changes.refuse(proposal, by=admin2, reason="Bambari has nobody either.")
    assert again(bria).covered_by is None
    event = Event.objects.get(kind="reference.refuse")
    assert (event.data["reason"], told(event)) == ("Bambari has nobody either.", {"admin": ""})
    assert "refused this change already" in refused(reference_changes.confirm, again(proposal), by=admin2)
    assert "refused this change already" in refused(reference_changes.refuse, again(proposal), by=admin2, reason="x")


def test_the_proposer_may_take_it_back(proposal, admin):
    reference_changes.refuse(proposal, by=admin, reason="A slip.")
    assert again(proposal).refused_by == admin


def test_it_is_confirmed_once(proposal, admin2):
    reference_changes.confirm(proposal, by=admin2)
    assert "confirmed this change already" in refused(reference_changes.confirm, again(proposal), by=admin2)


def test_it_is_void_when_the_value_changed_meanwhile(proposal, admin2, bria, birao):
    DutyStation.objects.filter(pk=bria.pk).update(covered_by=birao)
    assert reference_changes.confirm(proposal, by=admin2).void_at
    assert again(bria).covered_by == birao
    assert Event.objects.get(kind="reference.void").data["found"] == str(birao.pk)
    assert "void" in refused(reference_changes.confirm, again(proposal), by=admin2)


def test_one_proposal_waits_for_a_field(proposal, admin2, bria, birao):
    with pytest.raises(ValidationError, match="has proposed another value already"), transaction.atomic():
        reference_changes.change(bria, values={"covered_by": birao}, by=admin2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedChange.objects.create(model="places.dutystation", key=bria.pk, field="covered_by", about="B", by=admin2)


def test_working_hours_and_sides_wait_too(admin, admin2, bria, car):
    organisation = made_up_organisation("NEW", "A new one", "ingo")
    for row, values in (
        (bria, {"working_to": dt.time(15)}),
        (car, {"working_days": "12345 6".replace(" ", "")}),
        (organisation, {"org_type": "un_military"}),
    ):
        [name] = values
        before = getattr(row, name)
        [proposal] = reference_changes.change(row, values=values, by=admin)
        assert getattr(again(row), name) == before
        reference_changes.confirm(proposal, by=admin2)
        assert getattr(again(row), name) == values[name]


def test_whom_people_call_waits_too(admin, admin2, bria, car):
    """Whoever changes the number of the duty officer alone answers the call in their name."""
    for row, name in ((bria, "telephone"), (car, "national_unit_telephone")):
        before = getattr(row, name)
        [proposal] = reference_changes.change(row, values={name: "+236 00 00 00 55"}, by=admin)
        assert getattr(again(row), name) == before
        reference_changes.confirm(proposal, by=admin2)
        assert getattr(again(row), name) == "+236 00 00 00 55"


def test_two_towns_or_two_forces_do_not_swap_their_names_at_the_word_of_one(admin, admin2, bria_town, minusca, axis):
    """A name is where a convoy drives to, and who gets its papers, as much as a position is."""
    for row, name in ((bria_town, "name"), (minusca, "acronym"), (minusca, "name_en"), (axis, "name")):
        before = getattr(row, name)
        [proposal] = reference_changes.change(row, values={name: "Another"}, by=admin)
        assert getattr(again(row), name) == before
        reference_changes.confirm(proposal, by=admin2)
        assert getattr(again(row), name) == "Another"


def test_where_a_place_lies_is_one_value(admin, admin2, bria_town):
    position = Position.stored(Decimal("6.1"), Decimal("21.2"))
    [proposal] = reference_changes.change(bria_town, values={"position": position}, by=admin)
    assert (proposal.old, proposal.new) == ("6.540000,21.990000", "6.100000,21.200000")
    assert str(again(bria_town).latitude) == "6.540000"
    assert reference_changes.in_words([proposal])[0]["new"] == str(position)
    reference_changes.confirm(proposal, by=admin2)
    assert again(bria_town).position == position
    [gone] = reference_changes.change(bria_town, values={"position": None}, by=admin)
    reference_changes.confirm(gone, by=admin2)
    assert again(bria_town).position is None
    assert reference_changes.change(again(bria_town), values={"position": None}, by=admin) == []


def test_the_places_of_an_axis_keep_their_order_and_wait(admin, admin2, axis):
    before = [stop.place for stop in axis.stops.all()]
    places = [Place.objects.get(name=name) for name in ("Bria", "Ippy", "Bambari")]
    [proposal] = reference_changes.change(axis, values={"places": places}, by=admin)
    assert [stop.place for stop in axis.stops.all()] == before
    words = reference_changes.in_words([proposal])[0]
    assert (words["old"], words["new"]) == ("Bambari, Ippy, Bria", "Bria, Ippy, Bambari")
    reference_changes.confirm(proposal, by=admin2)
    assert [stop.place for stop in axis.stops.all()] == places
    assert reference_changes.change(again(axis), values={"places": places}, by=admin) == []


def test_places_that_changed_meanwhile_make_a_proposal_void(admin, admin2, axis):
    [proposal] = reference_changes.change(axis, values={"places": [Place.objects.get(name="Bria")]}, by=admin)
    axis.stops.first().delete()
    assert reference_changes.confirm(proposal, by=admin2).void_at
    assert axis.stops.count() == 2


def test_a_new_station_and_a_new_place_begin_without_number_and_position(admin, admin2, car):
    place = Place(country=car, name="Yaloké", latitude=Decimal("5.32"), longitude=Decimal("17.09"))
    reference_changes.add(place, by=admin)
    station = DutyStation(country=car, place=place, name="Yaloké", code="yaloke", telephone="+236 00 00 00 56")
    reference_changes.add(station, by=admin)
    assert (again(place).position, again(station).telephone) == (None, "")
    for proposal in ProposedChange.objects.waiting():
        reference_changes.confirm(proposal, by=admin2)
    assert (again(place).latitude, again(station).telephone) == (Decimal("5.32"), "+236 00 00 00 56")


def test_the_side_of_an_organisation_with_people_is_fixed(admin, admin2, requester_bria):
    organisation = requester_bria.organisation
    with pytest.raises(ValidationError, match="its side is fixed"), transaction.atomic():
        reference_changes.change(organisation, values={"org_type": "un_military"}, by=admin)
    empty = made_up_organisation("NEW", "A new one", "ingo")
    [proposal] = reference_changes.change(empty, values={"org_type": "un_military"}, by=admin)
    make_person("first", organisation=empty)
    assert "its side is fixed" in refused(reference_changes.confirm, proposal, by=admin2)


def test_hours_that_would_end_before_they_begin_are_not_confirmed(admin, admin2, bria):
    first, second = reference_changes.change(
        bria, values={"working_from": dt.time(17), "working_to": dt.time(20)}, by=admin
    )
    assert "cannot be" in refused(reference_changes.confirm, first, by=admin2)
    reference_changes.confirm(second, by=admin2)
    reference_changes.confirm(first, by=admin2)
    assert (again(bria).working_from, again(bria).working_to) == (dt.time(17), dt.time(20))


@pytest.mark.parametrize("cover", ["bria", "gao"])
def test_a_cover_that_cannot_be_is_not_proposed(client, admin, bria, mali, cover):
    """Itself, or a station of another country."""
    other = DutyStation.objects.get(code=cover)
    with pytest.raises(ValidationError), transaction.atomic():
        reference_changes.change(bria, values={"covered_by": other}, by=admin)
    client.force_login(admin)
    form = client.get(f"/admin/places/dutystation/{bria.pk}/change/").context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    page = client.post(f"/admin/places/dutystation/{bria.pk}/change/", typed | {"covered_by": other.pk})
    assert page.status_code == 200 and "cover for" in page.content.decode()
    assert not ProposedChange.objects.exists()


def test_a_new_station_is_covered_only_after_confirmation(admin, admin2, car, bambari):
    place = Place.objects.get(name="Nzacko")
    row = DutyStation(country=car, place=place, name="Nzacko", code="nzacko", covered_by=bambari)
    reference_changes.add(row, by=admin)
    assert again(row).covered_by is None
    reference_changes.confirm(ProposedChange.objects.get(), by=admin2)
    assert again(row).covered_by == bambari


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_lists_confirms_and_refuses(client, proposal, admin, admin2, bria, bambari):
    client.force_login(admin)
    page = client.get("/accounts/changes/").content.decode()
    assert "You proposed this change" in page and "Take back" in page
    client.force_login(admin2)
    page = client.get("/accounts/changes/").content.decode()
    assert "covered by: – → <b>Bambari</b>" in page
    assert client.post(f"/accounts/changes/{proposal.pk}/refuse/", {"reason": ""}).status_code == 422
    assert client.post(f"/accounts/changes/{proposal.pk}/confirm/").url == "/accounts/changes/"
    assert again(bria).covered_by == bambari
    assert "Confirmed by" in client.get("/accounts/changes/").content.decode()
    assert client.post(f"/accounts/changes/{proposal.pk}/confirm/").status_code == 403


def test_a_page_calls_rows_by_their_name_in_the_readers_language(client, admin, admin2, car):
    reference_changes.change(car, values={"working_days": "123456"}, by=admin)
    User.objects.filter(pk=admin2.pk).update(language="fr")
    client.force_login(admin2)
    page = client.get("/accounts/changes/").content.decode()
    assert "République centrafricaine" in page and "Central African Republic" not in page


def test_what_waits_stands_on_the_administrators_first_page(client, proposal, admin, admin2):
    client.force_login(admin2)
    page = client.get("/").content.decode()
    assert "1 matter waits for you." in page and "/accounts/changes/" in page
    client.force_login(admin)
    assert "matter waits for you" not in client.get("/").content.decode()


def test_the_form_for_stations_proposes_what_needs_a_second_one(client, admin, bria, bambari):
    client.force_login(admin)
    page = f"/admin/places/dutystation/{bria.pk}/change/"
    form = {
        "name": "Bria", "telephone": "+236 00 00 00 55", "active": "on",
        "working_from": "08:00", "working_to": "16:00", "working_days": "123456", "covered_by": bambari.pk,
    }  # fmt: skip
    answer = client.post(page, form, follow=True)
    assert "A second administrator was asked to confirm: working days" in answer.content.decode() or (
        "covered by" in answer.content.decode()
    )
    row = again(bria)
    assert (row.telephone, row.covered_by, row.working_days) == (bria.telephone, None, "12345")
    assert {each.field for each in ProposedChange.objects.all()} == {"covered_by", "telephone", "working_days"}
    changes = Event.objects.filter(kind__startswith="reference.")
    assert set(changes.values_list("kind", flat=True)) <= {"reference.change", "reference.propose"}
    # While they wait, the form shows these fields and does not take them.
    client.post(page, form | {"covered_by": "", "working_days": "1", "telephone": "+236 1"})
    assert ProposedChange.objects.count() == 3
    assert client.post(page, form | {"country": "MLI", "code": "other"}).status_code == 302
    assert (again(bria).country_id, again(bria).code) == ("CAF", "bria")


def test_the_form_for_axes_goes_through_the_service(client, admin, admin2, axis):
    client.force_login(admin)
    stops = list(axis.stops.all())
    form = {
        "country": "CAF", "name": axis.name, "code": axis.code,
        "stops-TOTAL_FORMS": len(stops), "stops-INITIAL_FORMS": len(stops),
    }  # fmt: skip
    for number, stop in enumerate(stops):
        form |= {f"stops-{number}-{name}": getattr(stop, f"{name}_id", None) or stop.pk for name in ("place",)}
        form |= {f"stops-{number}-id": stop.pk, f"stops-{number}-axis": axis.pk}
        form |= {f"stops-{number}-order": stop.order}
    form["stops-1-DELETE"] = "on"
    page = f"/admin/places/axis/{axis.pk}/change/"
    assert client.post(page, form).status_code == 302
    assert [stop.place.name for stop in axis.stops.all()] == ["Bambari", "Ippy", "Bria"]
    # While it waits the form shows the places and takes no others.
    assert "Ippy" in client.get(page).content.decode()
    form["stops-0-DELETE"] = "on"
    assert client.post(page, form).status_code == 302
    reference_changes.confirm(ProposedChange.objects.get(), by=admin2)
    assert [stop.place.name for stop in axis.stops.all()] == ["Bambari", "Bria"]


def test_forms_for_new_rows_and_for_deleting_holidays_leave_events(client, admin, car):
    client.force_login(admin)
    day = {"country": "CAF", "date": "2030-02-03", "name_en": "Feast", "name_fr": "Fête"}
    assert client.post("/admin/places/holiday/add/", day).status_code == 302
    row = Holiday.objects.get(date=dt.date(2030, 2, 3))
    assert client.post(f"/admin/places/holiday/{row.pk}/delete/", {"post": "yes"}).status_code == 302
    others = list(Holiday.objects.filter(country=car)[:2])
    chosen = {"action": "delete_selected", "_selected_action": [each.pk for each in others], "post": "yes"}
    client.post("/admin/places/holiday/", chosen)
    changes = Event.objects.filter(kind__startswith="reference.")
    kinds = list(changes.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["reference.add", *["reference.remove"] * 3]


# ── the same person ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_forms_ask_for_a_fresh_proof_and_give_the_words_back(admin, admin2, bria, car, settings):
    settings.SECOND_FACTOR = True
    secret = with_app(admin)
    client = signed_in(admin, secret)
    later(client, 6)
    page = f"/admin/places/dutystation/{bria.pk}/change/"
    form = {
        "name": "Bria", "telephone": "+236 00 00 00 55", "active": "on", "working_from": "08:00",
        "working_to": "16:00", "working_days": "12345", "covered_by": "",
    }  # fmt: skip
    day = Holiday.objects.filter(country=car).first()
    for asked in (page, "/admin/places/place/add/", f"/admin/places/holiday/{day.pk}/delete/"):
        assert client.get(asked).url.startswith("/account/reauthenticate/")
    chosen = {"action": "delete_selected", "_selected_action": [day.pk], "post": "yes"}
    assert client.post("/admin/places/holiday/", chosen).url.startswith("/account/reauthenticate/")
    assert client.post(page, form).url.startswith("/account/reauthenticate/")
    assert Holiday.objects.filter(pk=day.pk).exists() and not ProposedChange.objects.exists()
    later(client, -6)  # as after the proof
    shown = client.get(page).content.decode()
    assert "+236 00 00 00 55" in shown
    assert client.post(page, form).status_code == 302
    assert ProposedChange.objects.get().field == "telephone"


# ── what has lapsed ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_lapsed_waits_for_nobody_and_is_marked_in_the_lists(client, admin, admin2, proposal, nobody, car, bria):
    make = make_person("admin3", organisation=Organisation.objects.get(acronym="OCHA"), name="Administrator 3")
    appointed(make, Role.ADMIN)
    services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)
    services.invite(
        email="x@example.org", name="New Person", organisation=nobody.organisation, role=Role.REQUESTER, by=admin,
        country=car,
    )  # fmt: skip
    client.force_login(admin2)
    home = client.get("/").content.decode()
    assert "2 matters wait for you." in home and "New Person" in home
    services.end_appointment(admin.appointments.get(), by=admin2, reason="Left.")
    home = client.get("/").content.decode()
    assert "wait for you." not in home and "New Person" not in home
    for page in ("/accounts/changes/", "/accounts/confirmations/", "/accounts/invitations/"):
        assert ">lapsed<" in client.get(page).content.decode(), page
    assert "Send a new link" not in client.get("/accounts/invitations/").content.decode()
