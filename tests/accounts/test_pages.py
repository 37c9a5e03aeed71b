"""The pages about people and rights: who opens which, what they do, and what they never reveal or change."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cmcoord.accounts import services
from cmcoord.accounts.forms import FindForm
from cmcoord.accounts.models import Appointment, Invitation, Organisation, StandIn, User
from cmcoord.accounts.roles import Role
from cmcoord.accounts.views import attempt
from cmcoord.activity.models import ErasableValue, Event
from cmcoord.activity.numbers import hidden
from tests.people import appointed, make_person, standing_in

DAY = dt.timedelta(days=1)
ROLES = [
    "requester_bria", "ocha_bria", "ocha_bgi", "hoo", "hc", "log_cluster", "undss", "ngosec", "force_u3",
    "force_sector", "donor", "outsider", "nobody",
]  # fmt: skip


def today(offset=0):
    return (timezone.localdate() + offset * DAY).isoformat()


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def waiting(admin, admin2, nobody, car):
    """An appointment that admin gave and admin2 may confirm."""
    return services.appoint(user=nobody, role=Role.REQUESTER, by=admin, country=car)


@pytest.fixture
def invitation(admin, admin2, car, bria):
    return services.invite(
        email="new@example.org",
        name="New officer",
        organisation=Organisation.objects.get(acronym="OCHA"),
        role=Role.OCHA_OFFICER,
        by=admin,
        country=car,
        station=bria,
    )


@pytest.fixture
def link(invitation):
    value = ErasableValue.objects.get(event__kind="invitation.send", field="link").value
    return "/invitation/" + value.partition("/invitation/")[2]


def admin_pages(waiting, invitation):
    """(method, address) of every page that only administrators have."""
    person, appointment, invited = waiting.user_id, waiting.pk, invitation.pk
    return [
        ("get", "/accounts/"),
        ("get", f"/accounts/people/{person}/appoint/"),
        ("post", f"/accounts/people/{person}/appoint/"),
        ("get", f"/accounts/people/{person}/deactivate/"),
        ("post", f"/accounts/people/{person}/deactivate/"),
        ("post", f"/accounts/people/{person}/activate/"),
        ("get", "/accounts/confirmations/"),
        ("post", f"/accounts/appointments/{appointment}/confirm/"),
        ("get", f"/accounts/appointments/{appointment}/refuse/"),
        ("post", f"/accounts/appointments/{appointment}/refuse/"),
        ("get", f"/accounts/appointments/{appointment}/end/"),
        ("post", f"/accounts/appointments/{appointment}/end/"),
        ("get", "/accounts/invitations/"),
        ("get", "/accounts/invitations/new/"),
        ("post", "/accounts/invitations/new/"),
        ("post", f"/accounts/invitations/{invited}/renew/"),
        ("post", f"/accounts/invitations/{invited}/revoke/"),
    ]


def happened() -> int:
    """Events, without those that only write down a refusal."""
    return Event.objects.exclude(kind__startswith="refused.").count()


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_an_administrator_opens_a_page_of_administrators(client, role, request, waiting, invitation):
    client.force_login(request.getfixturevalue(role))
    before = happened()
    for method, address in admin_pages(waiting, invitation):
        assert getattr(client, method)(address).status_code == 403, address
    assert happened() == before


def test_a_visitor_is_sent_to_the_sign_in_everywhere(client, waiting, invitation):
    before = Event.objects.count()
    mine = [("get", "/me/"), ("post", "/me/"), ("get", f"/accounts/people/{waiting.user_id}/")]
    for method, address in admin_pages(waiting, invitation) + mine:
        response = getattr(client, method)(address)
        assert response.status_code == 302, address
        assert response.url.startswith("/account/login/"), address
    assert Event.objects.count() == before


def test_another_persons_page_does_not_exist_for_those_who_administer_nothing(client, ocha_bgi, hc):
    client.force_login(ocha_bgi)
    assert client.get(f"/accounts/people/{hc.pk}/").status_code == 404
    own = client.get(f"/accounts/people/{ocha_bgi.pk}/")
    assert (own.status_code, own.url) == (302, "/me/")


def test_acts_are_posts_only(client, admin2, waiting, invitation):
    client.force_login(admin2)
    for address in (
        f"/accounts/appointments/{waiting.pk}/confirm/",
        f"/accounts/people/{waiting.user_id}/activate/",
        f"/accounts/invitations/{invitation.pk}/renew/",
        f"/accounts/invitations/{invitation.pk}/revoke/",
    ):
        assert client.get(address).status_code == 405


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_people_are_found_by_name_without_accents_and_by_address(client, admin, ocha_bria, hc):
    make_person("zoe", organisation=ocha_bria.organisation, name="Zoé Exemple")
    client.force_login(admin)
    assert "Zoé Exemple" in text(client.get("/accounts/?q=ZOE"))
    assert "OCHA Bria" in text(client.get("/accounts/?q=ocha.bria@"))
    assert "Nobody found" in text(client.get("/accounts/?q=no+such+person"))


def test_pages_of_people_follow_each_other_without_gap_or_repetition(client, admin):
    organisation = Organisation.objects.get(acronym="OCHA")
    for number in range(60):
        make_person(f"p{number}", organisation=organisation, name=f"Person {number % 7}")
    client.force_login(admin)
    address, seen = "/accounts/?q=person", []
    while address:
        response = client.get(address)
        seen += [person.pk for person in response.context["people"]]
        older = response.context["older"]
        address = f"/accounts/?q=person&after={older}" if older else ""
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("after", ["x", "-", "99999999999999999999-a", "5", "1-%00"])
def test_a_broken_page_address_is_no_error(client, admin, after):
    client.force_login(admin)
    assert client.get(f"/accounts/?after={after}").status_code == 200


@pytest.mark.parametrize("number", [2, 24])
def test_the_list_of_people_costs_the_same_for_few_and_for_many(client, admin, number, django_assert_num_queries):
    organisation = Organisation.objects.get(acronym="OCHA")
    for each in range(number):
        appointed(make_person(f"p{each}", organisation=organisation), Role.OCHA_OFFICER, station="bria")
    client.force_login(admin)
    with django_assert_num_queries(5):  # session, account with its unread messages, rights, people, their appointments
        client.get("/accounts/")


def test_a_persons_page_shows_every_appointment_with_who_gave_and_confirmed(client, admin, ocha_bria):
    client.force_login(admin)
    page = text(client.get(f"/accounts/people/{ocha_bria.pk}/"))
    assert "OCHA CMCoord officer (duty station)" in page
    assert "Given by Administrator 1." in page
    assert "Confirmed by Administrator 2." in page


# ── appoint, confirm, refuse, end ────────────────────────────────────────────────────────────────────────────────────


def test_from_giving_to_confirming_through_the_pages(client, admin, admin2, nobody):
    client.force_login(admin)
    address = f"/accounts/people/{nobody.pk}/appoint/"
    assert client.get(address).status_code == 200
    response = client.post(address, {"role": "requester", "country": "CAF"})
    assert (response.status_code, response.url) == (302, f"/accounts/people/{nobody.pk}/")
    given = nobody.appointments.get()
    assert "You gave this appointment" in text(client.get("/accounts/confirmations/"))
    assert client.post(f"/accounts/appointments/{given.pk}/confirm/").status_code == 403
    client.force_login(admin2)
    assert client.post(f"/accounts/appointments/{given.pk}/confirm/").status_code == 302
    assert nobody.appointments.get().confirmed_by == admin2


def test_the_form_says_beside_the_field_what_is_missing_and_keeps_what_was_typed(client, admin, ocha_bria):
    client.force_login(admin)
    response = client.post(
        f"/accounts/people/{ocha_bria.pk}/appoint/",
        {"role": "ocha_officer", "country": "CAF", "starts": "2026-13-45", "ends": "2030-01-01"},
    )
    assert response.status_code == 422
    assert "2030-01-01" in text(response)
    response = client.post(f"/accounts/people/{ocha_bria.pk}/appoint/", {"role": "ocha_officer", "country": "CAF"})
    assert response.status_code == 422
    assert "This role needs a duty station." in text(response)


def test_the_form_offers_only_roles_of_the_persons_side(client, admin, force_u3):
    client.force_login(admin)
    form = client.get(f"/accounts/people/{force_u3.pk}/appoint/").context["form"]
    offered = {value for value, _label in form.fields["role"].choices} - {""}
    assert offered == {"force_ops", "force_sector", "cimic", "police_liaison", "bilateral"}
    response = client.post(f"/accounts/people/{force_u3.pk}/appoint/", {"role": "hc", "country": "CAF"})
    assert response.status_code == 422
    assert force_u3.appointments.count() == 1


def test_an_administrator_is_not_even_shown_the_form_for_themselves(client, admin, admin2):
    client.force_login(admin)
    assert client.get(f"/accounts/people/{admin.pk}/appoint/").status_code == 403


def test_refusing_and_ending_ask_for_a_reason(client, admin, admin2, waiting, ocha_bria):
    client.force_login(admin2)
    refuse = f"/accounts/appointments/{waiting.pk}/refuse/"
    assert client.get(refuse).status_code == 200
    assert client.post(refuse, {"reason": ""}).status_code == 422
    assert client.post(refuse, {"reason": "Not known."}).status_code == 302
    assert Appointment.objects.get(pk=waiting.pk).end_reason == "Not known."
    end = f"/accounts/appointments/{ocha_bria.appointments.get().pk}/end/"
    assert client.get(end).status_code == 200
    assert client.post(end, {"reason": "x" * 201}).status_code == 422
    assert client.post(end, {"reason": "The mission ended."}).status_code == 302
    assert ocha_bria.appointments.get().state == "ended"
    assert client.post(end, {"reason": "Again."}).status_code == 403


def test_closing_and_opening_an_account_through_the_pages(client, admin, admin2, ocha_bria):
    client.force_login(admin)
    address = f"/accounts/people/{ocha_bria.pk}"
    assert client.get(f"{address}/deactivate/").status_code == 200
    assert client.post(f"{address}/deactivate/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}/deactivate/", {"reason": "Left."}).status_code == 302
    assert "Left." in text(client.get(f"{address}/"))
    assert client.post(f"{address}/activate/").status_code == 302
    assert User.objects.get(pk=ocha_bria.pk).is_active


# ── invitations ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_inviting_through_the_page(client, admin, bria):
    client.force_login(admin)
    form = {
        "email": "someone@example.org", "name": "Officer", "language": "fr",
        "organisation": str(Organisation.objects.get(acronym="OCHA").pk),
        "role": "ocha_officer", "country": "CAF", "station": str(bria.pk),
    }  # fmt: skip
    assert client.get("/accounts/invitations/new/").status_code == 200
    assert client.post("/accounts/invitations/new/", form | {"station": ""}).status_code == 422
    assert client.post("/accounts/invitations/new/", form).status_code == 302
    assert "someone@example.org" in text(client.get("/accounts/invitations/"))
    assert client.post("/accounts/invitations/new/", form).status_code == 422
    assert Invitation.objects.count() == 1


def test_opening_the_link_does_nothing_and_sending_the_form_opens_the_account(client, link):
    before = Event.objects.count()
    page = client.get(link)
    assert page.status_code == 200
    assert "new@example.org" in text(page)
    assert Event.objects.count() == before
    answer = {"username": "new.officer", "password": "a long enough sentence", "repeated": "a long enough sentence"}
    response = client.post(link, answer)
    assert (response.status_code, response.url) == (302, "/account/login/")
    user = User.objects.get(username="new.officer")
    assert user.appointments.get().state == "waiting"
    assert client.get(link).status_code == 410
    assert client.post(link, answer | {"username": "second"}).status_code == 410
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"repeated": "another sentence"},
        {"password": "short", "repeated": "short"},
        {"username": "admin"},
        {"username": "ADMIN"},
        {"username": "with space"},
        {"username": ""},
        {"telephone": "call me"},
        {"telephone": "+" + "1" * 60},
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(client, link, wrong):
    answer = {"username": "new.officer", "password": "a long enough sentence", "repeated": "a long enough sentence"}
    response = client.post(link, answer | wrong)
    assert response.status_code == 422
    assert set(response.context["form"].errors) & set(wrong)
    assert not User.objects.filter(email="new@example.org").exists()


def test_role_and_place_of_an_invitation_cannot_be_changed_by_who_accepts(client, link, mali):
    own = {"username": "new.officer", "password": "a long enough sentence", "repeated": "a long enough sentence"}
    added = {"role": "admin", "country": "MLI", "is_staff": "on", "organisation": "1"}
    assert client.post(link, own | added).status_code == 422
    assert not User.objects.filter(username="new.officer").exists()
    assert client.post(link, own).status_code == 302
    user = User.objects.get(username="new.officer")
    assert (user.appointments.get().role, user.appointments.get().country_id) == ("ocha_officer", "CAF")
    assert not user.is_staff


def test_an_invented_or_expired_link_opens_nothing_and_offers_the_sign_in(client, link):
    assert client.get("/invitation/invented/").status_code == 410
    Invitation.objects.update(expires_at=timezone.now())
    closed = client.get(link)
    assert closed.status_code == 410
    assert "expired" in text(closed)
    assert "New officer" not in text(closed)


def test_a_new_link_and_taking_back_through_the_page(client, admin2, invitation, link):
    client.force_login(admin2)
    assert client.post(f"/accounts/invitations/{invitation.pk}/renew/").status_code == 302
    assert client.get(link).status_code == 410
    assert client.post(f"/accounts/invitations/{invitation.pk}/revoke/").status_code == 302
    assert client.post(f"/accounts/invitations/{invitation.pk}/renew/").status_code == 403


# ── one's own ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", [*ROLES, "admin"])
def test_everybody_reads_their_own_rights_and_why_they_have_them(client, role, request):
    client.force_login(request.getfixturevalue(role))
    page = client.get("/me/")
    assert page.status_code == 200
    assert ("Confirmed by" in text(page) or "Confirmé" in text(page)) is (role != "nobody")


def test_the_own_page_lists_what_each_role_allows_and_which_stations_it_covers(client, ocha_bria):
    client.force_login(ocha_bria)
    page = text(client.get("/me/"))
    assert "review and validate requests" in page
    assert "Birao" in page


def test_language_and_telephone_are_saved_and_nothing_else(client, requester_bria, other_ngo):
    client.force_login(requester_bria)
    response = client.post(
        "/me/",
        {
            "language": "fr",
            "telephone": "+236 00 00 00 44",
            "role": "admin",
            "organisation": other_ngo.pk,
            "is_staff": "on",
            "is_superuser": "on",
            "email": "other@example.org",
            "name": "Other",
        },
    )
    assert response.status_code == 422
    own = {"language": "fr", "telephone": "+236 00 00 00 44"}
    assert client.post("/me/", own).status_code == 302
    after = User.objects.get(pk=requester_bria.pk)
    assert (after.language, after.telephone) == ("fr", "+236 00 00 00 44")
    for field in ("organisation_id", "email", "name", "is_staff", "is_superuser"):
        assert getattr(after, field) == getattr(requester_bria, field)
    assert after.appointments.count() == 1


@pytest.mark.parametrize("form", [{"language": "xx"}, {"language": "en", "telephone": "call me"}, {"telephone": ""}])
def test_a_wrong_profile_is_answered_beside_the_field(client, requester_bria, form):
    client.force_login(requester_bria)
    assert client.post("/me/", form).status_code == 422


def test_naming_a_stand_in_and_ending_it_through_the_pages(client, hc, hoo):
    client.force_login(hc)
    address = f"/me/appointments/{hidden(hc.appointments.get().pk)}/stand-in/"
    assert client.get(address).status_code == 200
    form = {"person": "HOO.car@example.org", "starts": today(), "ends": today(3), "reason": "Leave"}
    assert client.post(address, form).status_code == 302
    stand_in = StandIn.objects.get()
    assert (stand_in.user, stand_in.given_by) == (hoo, hc)
    assert client.post(address, form).status_code == 422
    client.force_login(hoo)
    assert "Humanitarian Coordinator" in text(client.get("/me/"))
    assert client.post(f"/me/stand-ins/{hidden(stand_in.pk)}/end/").status_code == 302
    assert StandIn.objects.get().ended_by == hoo


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"person": "nobody.known"}, "person"),
        ({"person": "hc.car"}, "user"),
        ({"ends": "yesterday"}, "ends"),
        ({"starts": ""}, "starts"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_a_wrong_stand_in_is_answered_with_a_sentence(client, hc, hoo, change, field):
    client.force_login(hc)
    form = {"person": "hoo.car", "starts": today(), "ends": today(3), "reason": ""} | change
    response = client.post(f"/me/appointments/{hidden(hc.appointments.get().pk)}/stand-in/", form)
    assert response.status_code == 422
    assert not StandIn.objects.exists()
    assert field in response.context["form"].errors or field == "user"


def test_the_appointment_and_the_stand_in_of_others_do_not_exist(client, hc, hoo, ocha_bgi):
    stand_in = standing_in(hoo, hc.appointments.get())
    client.force_login(ocha_bgi)
    assert client.get(f"/me/appointments/{hidden(hc.appointments.get().pk)}/stand-in/").status_code == 404
    assert client.post(f"/me/stand-ins/{hidden(stand_in.pk)}/end/").status_code == 404
    assert StandIn.objects.get().ended_at is None


def test_an_administrator_ends_the_stand_in_of_others(client, admin, hc, hoo):
    stand_in = standing_in(hoo, hc.appointments.get())
    client.force_login(admin)
    response = client.post(f"/me/stand-ins/{hidden(stand_in.pk)}/end/")
    assert (response.status_code, response.url) == (302, f"/accounts/people/{hc.pk}/")


def test_the_own_page_costs_the_same_for_one_and_for_many_appointments(client, donor, django_assert_max_num_queries):
    client.force_login(donor)
    for number in range(20):
        appointed(donor, Role.OBSERVER, starts=timezone.localdate() - (40 + number) * DAY)
    with django_assert_max_num_queries(10):
        assert client.get("/me/").status_code == 200


def test_what_is_not_possible_is_a_403_with_the_sentence(client, admin, admin2, waiting, hc):
    Appointment.objects.filter(user=hc).update(ended_at=timezone.now(), ended_by=admin)
    client.force_login(hc)
    refused = client.get(f"/me/appointments/{hidden(hc.appointments.get().pk)}/stand-in/")
    assert (refused.status_code, "does not count" in text(refused)) == (403, True)
    client.force_login(admin)
    refused = client.get(f"/accounts/appointments/{waiting.pk}/refuse/")
    assert (refused.status_code, "You gave this appointment" in text(refused)) == (403, True)
    refused = client.get(f"/accounts/people/{admin2.pk}/deactivate/")
    assert (refused.status_code, "Two administrators must remain" in text(refused)) == (403, True)


def test_a_refusal_that_comes_between_reading_and_sending_stands_in_the_form():
    def service():
        raise PermissionDenied("Somebody was quicker.")

    form = FindForm({"q": "x"})
    assert attempt(form, service) is None
    assert form.non_field_errors() == ["Somebody was quicker."]
