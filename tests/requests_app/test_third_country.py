"""Can a country be added in the browser, without code: from nothing to a request that was filed there?"""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cmcoord.accounts.models import Appointment, Organisation, ProposedChange, User
from cmcoord.accounts.roles import Role
from cmcoord.activity.models import Event
from cmcoord.places.local_dates import today_expression
from cmcoord.places.models import AdminArea, Axis, Country, CountryProfile, DutyStation, Holiday, Place
from contacts.models import Force
from requests_app.models import Case, ProposedPolicy
from tests.factories import alternatives, answers
from tests.people import made_up_organisation, make_person
from tests.requests_app.test_filing import sent_by
from tests.requests_app.test_policies import typed

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

COUNTRY = {
    "code": "TCD", "name_en": "Chad", "name_fr": "Tchad", "timezone": "Africa/Ndjamena", "languages": "fr,en",
    "national_unit_telephone": "+235 00 00 00 00", "working_from": "07:30", "working_to": "15:30",
    "working_days": "12345",
}  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class Site:
    """The pages of the reference data, as two administrators work with them."""

    def __init__(self, first: User, second: User):
        self.first, self.second = signed_in(first), signed_in(second)

    def add(self, model, **typed):
        """Fill in the form that adds a row; a second administrator confirms what needs it."""
        url = f"/admin/{model._meta.label_lower.replace('.', '/')}/add/"
        answer = self.first.post(url, typed)
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        self.confirm_all()
        return model.objects.order_by("pk").last() if model is not Country else Country.objects.get(pk=typed["code"])

    def confirm_all(self):
        for proposal in ProposedChange.objects.waiting():
            assert self.second.post(f"/accounts/changes/{proposal.pk}/confirm/").status_code == 302

    def appoint(self, user: User, **typed):
        assert self.first.post(f"/accounts/people/{user.pk}/appoint/", typed).status_code == 302
        appointment = Appointment.objects.get(user=user)
        assert self.second.post(reverse("accounts:confirm", args=[appointment.pk])).status_code == 302


@pytest.fixture
def pages(admin, admin2) -> Site:
    return Site(admin, admin2)


@pytest.fixture
def chad(pages) -> Country:
    return pages.add(Country, **COUNTRY)


def test_a_country_from_nothing_to_a_request_that_was_filed(pages, chad):
    assert (chad.timezone, chad.working_from, chad.national_unit_telephone) == (
        "Africa/Ndjamena", dt.time(7, 30), "+235 00 00 00 00",
    )  # fmt: skip
    assert [event.stream for event in Event.objects.filter(kind="reference.add")] == ["TCD"]
    _places(pages, chad)
    _organisations(pages)
    requester, ocha, coordinator = _people(pages, chad)

    assert "No request can be filed here" in signed_in(requester).get("/requests/new/").content.decode()
    _policy(chad, ocha, coordinator)
    case = _request(requester, chad)
    assert (case.status, case.country, case.profile.version) == ("submitted", chad, 1)
    assert case.reference == f"TCD-AE-{chad.today.year}-0001"
    assert signed_in(ocha).get(case.get_absolute_url()).status_code == 200


def _places(pages: Site, chad: Country) -> None:
    from_tomorrow = chad.today + dt.timedelta(days=1)
    pages.add(
        Holiday, country="TCD", date=from_tomorrow.isoformat(),
        name_en="Freedom Day", name_fr="Fête de la liberté",
    )  # fmt: skip
    area = pages.add(AdminArea, country="TCD", kind="province", name="Ouaddaï", code="TD14", scheme="COD-AB", level="1")
    towns = [("Abéché", "13.83, 20.83"), ("Adré", "13.47, 22.20"), ("N'Djaména", "12.11, 15.04")]
    places = [pages.add(Place, country="TCD", name=name, area=area.pk, position=where) for name, where in towns]
    assert [(str(place), place.position is not None) for place in places] == [(name, True) for name, _where in towns]
    stops = {"stops-TOTAL_FORMS": "2", "stops-INITIAL_FORMS": "0"}
    for number, place in enumerate(places[:2]):
        stops |= {f"stops-{number}-place": place.pk, f"stops-{number}-order": number + 1}
    axis = pages.add(Axis, country="TCD", name="Abéché–Adré", code="abeche-adre", **stops)
    assert [stop.place for stop in axis.stops.order_by("order")] == places[:2]
    station = pages.add(
        DutyStation, country="TCD", place=places[0].pk, name="Abéché", code="abeche",
        active="on", telephone="+235 00 00 00 01", working_from="07:30", working_to="15:30", working_days="12345",
    )  # fmt: skip
    assert (station.telephone, station.working_from) == ("+235 00 00 00 01", dt.time(7, 30))


def _organisations(pages: Site) -> None:
    """A new organisation, a force, and the presence of two that the portal knows."""
    pages.add(
        Organisation, acronym="INGO T", name="International NGO T", org_type="ingo", countries=["TCD"], active="on"
    )
    army = pages.add(Organisation, acronym="ANT", name="Army", org_type="host_army", countries=["TCD"], active="on")
    pages.add(
        Force,
        organisation=army.pk,
        country="TCD",
        acronym="ANT",
        name_en="Army",
        name_fr="Armée",
        category="host_army",
        language="fr",
        bound_by_guidelines="outside",
    )
    for acronym in ("OCHA", "RC/HC"):
        row = Organisation.objects.get(acronym=acronym)
        url = f"/admin/accounts/organisation/{row.pk}/change/"
        form = pages.first.get(url).context["adminform"].form
        sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        assert pages.first.post(url, sent | {"countries": [*form["countries"].value(), "TCD"]}).status_code == 302
    assert set(Organisation.objects.filter(countries="TCD").values_list("acronym", flat=True)) == {
        "INGO T", "ANT", "OCHA", "RC/HC",
    }  # fmt: skip


def _people(pages: Site, chad: Country) -> list[User]:
    station = DutyStation.objects.get(code="abeche")
    found = []
    for username, acronym, role, more in (
        ("req.abeche", "INGO T", Role.REQUESTER, {"station": station.pk}),
        ("ocha.ndj", "OCHA", Role.OCHA_NATIONAL, {}),
        ("hc.td", "RC/HC", Role.HC, {}),
    ):
        user = make_person(username, organisation=Organisation.objects.get(acronym=acronym), name=username)
        pages.appoint(user, role=role, country="TCD", **more)
        found.append(user)
    return found


def _policy(chad: Country, ocha: User, coordinator: User) -> None:
    client = signed_in(ocha)
    page = client.get("/countries/TCD/").content.decode()
    assert "No policy yet" in page and "/countries/TCD/propose/" in page
    assert "?like=CAF" in client.get("/countries/TCD/propose/").content.decode()
    sent = typed(client, chad, query="?like=CAF")
    assert client.post("/countries/TCD/propose/?like=CAF", sent).status_code == 302
    proposal = ProposedPolicy.objects.get()
    assert signed_in(coordinator).post(f"/countries/TCD/proposals/{proposal.pk}/confirm/").status_code == 302
    profile = CountryProfile.objects.get(country=chad)
    assert profile == chad.profile_on() and profile.clocks.count() > 50


def _request(requester: User, chad: Country) -> Case:
    """The three steps and the sending, in the browser of the requester."""
    client = signed_in(requester)
    station = DutyStation.objects.get(code="abeche")
    opening = {"request_type": "AE", "station": station.pk, "organisation": requester.organisation_id}
    assert client.post("/requests/new/", opening).status_code == 302
    case = Case.objects.get()
    wanted = answers(
        origin=Place.objects.get(name="Abéché"),
        destination=Place.objects.get(name="Adré"),
        axis=Axis.objects.get(code="abeche-adre"),
        force=Force.objects.get(acronym="ANT"),
    )
    for step in (1, 2, 3):
        sent = _as_typed(sent_by(case, step, requester), wanted, chad) | {"go": "1"}
        answer = client.post(f"/requests/{case.reference}/edit/{step}/", sent)
        assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(f"/requests/{case.reference}/submit/").context["form"]
    sent = {"client_key": str(page["client_key"].value()), "base_version": str(page["base_version"].value())}
    assert client.post(f"/requests/{case.reference}/submit/", sent | {"shared": ["consent_force"]}).status_code == 302
    case.refresh_from_db()
    return case


def _as_typed(sent: dict, wanted: dict, chad: Country) -> dict:
    """The answers as the inputs of the steps take them; a step leaves alone what it does not ask."""
    for name, value in wanted.items():
        if isinstance(value, dt.datetime):
            sent[name] = value.astimezone(chad.zone).strftime("%Y-%m-%dT%H:%M")
        else:
            sent[name] = "no" if name == "un_on_board" else getattr(value, "pk", value)
    rows = alternatives()
    sent |= {"alternatives-TOTAL_FORMS": str(len(rows)), "alternatives-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        sent |= {f"alternatives-{number}-{name}": str(value) for name, value in row.items()}
    return sent


@pytest.mark.parametrize(
    "wrong", [{"code": "td"}, {"code": "CAF"}, {"timezone": "Africa/Nowhere"}, {"working_to": "06:00"}, {"name_fr": ""}]
)
def test_a_country_that_cannot_be_is_refused(pages, wrong):
    answer = pages.first.post("/admin/places/country/add/", COUNTRY | wrong)
    assert answer.status_code == 200
    assert Country.objects.count() == 2 and not Event.objects.filter(kind="reference.add").exists()


def test_only_administrators_add_one(ocha_bgi):
    assert signed_in(ocha_bgi).post("/admin/places/country/add/", COUNTRY).status_code in (302, 403)
    assert not Country.objects.filter(pk="TCD").exists()


def test_code_and_zone_stay_as_they_were_set(pages, chad):
    sent = COUNTRY | {"code": "TTT", "timezone": "Africa/Lagos", "name_fr": "Le Tchad"}
    assert pages.first.post("/admin/places/country/TCD/change/", sent).status_code == 302
    chad.refresh_from_db()
    assert (chad.pk, chad.timezone, chad.name_fr) == ("TCD", "Africa/Ndjamena", "Le Tchad")


def test_the_day_of_a_right_begins_with_the_day_of_the_new_country(pages, chad):
    """At 23:30 UTC it is tomorrow in N'Djaména."""
    late = timezone.now().replace(hour=23, minute=30)
    user = make_person("late", organisation=made_up_organisation("T", "T", "ingo", country="TCD"))
    Appointment.objects.create(
        user=user, role=Role.OBSERVER, country=chad, starts=late.date() + dt.timedelta(days=1),
        confirmed_at=late, confirmed_by=User.objects.get(username="admin2"),
    )  # fmt: skip
    begun = Appointment.objects.filter(user=user, starts__lte=today_expression("country", late))
    assert begun.exists()
    earlier = today_expression("country", late.replace(hour=22, minute=30))
    assert not Appointment.objects.filter(user=user, starts__lte=earlier).exists()
