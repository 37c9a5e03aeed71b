"""The second factor: who cannot work without one, how it is set up, and when it is asked again."""

import datetime as dt
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.utils import timezone

from cmcoord.accounts import factors, services
from cmcoord.accounts.models import Appointment
from cmcoord.activity.models import ErasableValue, Notification
from cmcoord.activity.numbers import hidden
from cmcoord.places.models import Country
from requests_app.models import Case
from tests.factories import case_at
from tests.people import PASSWORD, delegated, standing_in

pytestmark = pytest.mark.django_db

SETUP = "/account/2fa/"
AGAIN = "/account/2fa/reauthenticate/"


@pytest.fixture(autouse=True)
def second_factor(settings):
    settings.SECOND_FACTOR = True


def with_app(user) -> str:
    """A person whose authenticator app knows the portal; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def signed_in(user, secret="") -> Client:
    client = Client()
    response = client.post("/account/login/", {"login": user.username, "password": PASSWORD})
    assert response.status_code == 302
    if secret:
        assert response.url == "/account/2fa/authenticate/"
        assert client.post(response.url, {"code": code_of(secret)}).status_code == 302
    return client


def later(client, minutes: int) -> None:
    """The proofs of this session were given that many minutes ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= minutes * 60
    session["account_authentication_methods"] = session["account_authentication_methods"]
    session.save()


# ── who must have one ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "who", ["hc", "hoo", "ocha_bria", "ocha_bgi", "undss", "ngosec", "force_u3", "force_sector", "admin"]
)
def test_a_password_alone_reaches_the_set_up_page_only(who, request):
    client = signed_in(request.getfixturevalue(who))
    for path in ("/", "/me/", "/requests/", "/force/", "/accounts/", "/admin/"):
        response = client.get(path)
        assert (response.status_code, response.url) == (302, SETUP), path
    page = client.get(SETUP)
    assert page.status_code == 200
    assert "needs a second factor" in page.content.decode() or "second facteur" in page.content.decode()


@pytest.mark.parametrize("who", ["requester_bria", "log_cluster", "donor", "nobody"])
def test_others_may_have_one_and_need_none(who, request):
    assert signed_in(request.getfixturevalue(who)).get("/me/").status_code == 200


def test_a_stand_in_needs_one_like_the_person_they_stand_in_for(requester_un, hc):
    assert signed_in(requester_un).get("/me/").status_code == 200
    standing_in(requester_un, hc.appointments.get())
    assert signed_in(requester_un).get("/me/").url == SETUP


def test_so_does_who_decides_by_delegation(requester_un, hc):
    delegated(requester_un, hc.appointments.get())
    assert signed_in(requester_un).get("/me/").url == SETUP


def test_from_the_day_that_the_installation_set(hc, settings):
    settings.SECOND_FACTOR_FROM = timezone.localdate() + dt.timedelta(days=1)
    assert signed_in(hc).get("/me/").status_code == 200
    settings.SECOND_FACTOR_FROM = timezone.localdate()
    assert signed_in(hc).get("/me/").status_code == 302


def test_a_session_from_before_the_factor_shows_it_first(hc):
    client = signed_in(hc)
    with_app(hc)
    assert client.get("/me/").url == f"{AGAIN}?next=%2Fme%2F"


# ── setting it up ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_without_script_and_told_to_the_person(hc):
    client = signed_in(hc)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    assert "<svg" in page
    assert "data:" not in page
    response = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert response.url == "/account/2fa/recovery-codes/"
    codes = client.get(response.url)
    assert codes.status_code == 200
    assert codes.content.decode().count("<code>") == 10
    assert client.get("/me/").status_code == 200
    row = Notification.objects.get(kind="factor.add", channel="mail")
    assert row.recipient == hc
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


@pytest.mark.django_db(transaction=True)
def test_the_french_pages_have_one_word_for_one_thing(hc):
    hc.language = "fr"
    hc.save(update_fields=["language"])
    client = signed_in(hc)
    client.cookies["django_language"] = "fr"
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    url, told = "/account/2fa/totp/activate/", []
    client.get(url)
    told.append(client.post(url, {"code": ""}).content.decode())
    client.get(url)
    response = client.post(url, {"code": code_of(client.session["mfa.totp.secret"])}, follow=True)
    told.append(response.content.decode())
    told.append(client.post("/account/2fa/recovery-codes/generate/", follow=True).content.decode())
    page = "".join(told)
    assert "L’application d’authentification est configurée." in page and "Codes de secours" in page
    assert "Vous avez de nouveaux codes de secours" in page
    for other in ("récupération", "authentificateur", "deux facteurs", "Application d&#x27;authentification"):
        assert other not in page, other


def test_an_invited_person_has_a_proven_address(admin, ngo):
    invitation = services.invite(
        email="new@example.org", name="New", organisation=ngo, role="requester", by=admin,
        country=Country.objects.get(pk="CAF"),
    )  # fmt: skip
    link = ErasableValue.objects.get(event__kind="invitation.send", field="link").value
    token = link.rpartition("/invitation/")[2].strip("/")
    user = services.accept_invitation(token, username="new", password="a long sentence, new")
    assert invitation.email == user.email
    assert EmailAddress.objects.get(user=user).verified


def test_a_wrong_code_signs_nobody_in_and_a_code_works_once(hc):
    secret = with_app(hc)
    code = code_of(secret)
    first, second = Client(), Client()
    for client in (first, second):
        client.post("/account/login/", {"login": "hc.car", "password": PASSWORD})
    assert first.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert first.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert second.post("/account/2fa/authenticate/", {"code": code}).status_code == 200
    assert "_auth_user_id" not in second.session


def test_a_code_of_half_a_minute_ago_is_taken_and_an_older_one_is_not(hc):
    secret = with_app(hc)
    client = Client()
    client.post("/account/login/", {"login": "hc.car", "password": PASSWORD})
    assert client.post("/account/2fa/authenticate/", {"code": code_of(secret, -3)}).status_code == 200
    assert client.post("/account/2fa/authenticate/", {"code": code_of(secret, -1)}).status_code == 302


def test_the_last_factor_of_a_role_that_needs_one_stays(hc, donor):
    secret = with_app(hc)
    client = signed_in(hc, secret)
    client.post(AGAIN, {"code": code_of(secret, 1)})
    page = client.post("/account/2fa/totp/deactivate/")
    assert page.status_code == 200
    assert factors.has_one(hc)


# ── asked again ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_decision_asks_for_a_fresh_proof_and_keeps_what_was_typed(people):
    case = case_at("deciding", people)
    secret = with_app(people.hc)
    client = signed_in(people.hc, secret)
    url = f"/requests/{case.reference}/deny/"
    assert client.get(url).status_code == 200
    later(client, 6)
    response = client.post(url, {"reason": "Typed with care", "client_key": "x"})
    assert response.url.startswith("/account/reauthenticate/?next=")
    assert Case.objects.get(pk=case.pk).status == "deciding"
    way = client.get(response.url, follow=True)
    assert AGAIN in way.redirect_chain[-1][0]
    back = client.post(AGAIN, {"code": code_of(secret, 1), "next": url})
    assert back.url == url
    assert "Typed with care" in client.get(url).content.decode()


def test_the_page_of_a_decision_asks_before_anything_is_typed(people):
    case = case_at("deciding", people)
    client = signed_in(people.hc, with_app(people.hc))
    later(client, 6)
    assert client.get(f"/requests/{case.reference}/approve/").status_code == 302
    assert client.get(f"/requests/{case.reference}/").status_code == 200
    later(client, -2)
    assert client.get(f"/requests/{case.reference}/approve/").status_code == 200


@pytest.mark.parametrize(
    ("move", "status"),
    [("transmit", "approved"), ("schedule", "accepted"), ("change", "scheduled"), ("send_sheet", "scheduled")],
)
def test_a_release_asks_too(people, move, status):
    case = case_at(status, people)
    client = signed_in(people.ocha_bria, with_app(people.ocha_bria))
    later(client, 6)
    url = f"/requests/{case.reference}/{move}/"
    assert client.get(url).url.startswith("/account/reauthenticate/")
    assert client.post(url, {}).url.startswith("/account/reauthenticate/")
    assert Case.objects.get(pk=case.pk).status == status


def test_stopping_a_convoy_asks_for_nothing(people):
    case = case_at("transmitted", people)
    client = signed_in(people.ocha_bria, with_app(people.ocha_bria))
    later(client, 60)
    assert client.get(f"/requests/{case.reference}/suspend/").status_code == 200


def test_rights_ask_for_it_and_give_the_words_back(admin, admin2, donor):
    secret = with_app(admin)
    client = signed_in(admin, secret)
    later(client, 6)
    url = f"/accounts/people/{donor.pk}/deactivate/"
    response = client.post(url, {"reason": "Left the country"})
    assert response.url.startswith("/account/reauthenticate/")
    donor.refresh_from_db()
    assert donor.is_active
    assert client.post(AGAIN, {"code": code_of(secret, 1), "next": url}).url == url
    assert "Left the country" in client.get(url).content.decode()
    assert client.post(url, {"reason": "Left the country"}).status_code == 302
    donor.refresh_from_db()
    assert not donor.is_active


def test_a_button_is_pressed_again_after_the_proof(admin, admin2, donor):
    appointment = Appointment.objects.create(
        user=donor, role="donor", country_id="MLI", starts=timezone.localdate(), given_by=admin
    )
    client = signed_in(admin2, with_app(admin2))
    later(client, 6)
    client.post(f"/accounts/appointments/{appointment.pk}/confirm/")
    appointment.refresh_from_db()
    assert appointment.confirmed_at is None


def test_without_a_factor_the_password_is_the_proof(requester_bria):
    client = signed_in(requester_bria)
    later(client, 6)
    url = f"/me/appointments/{hidden(requester_bria.appointments.get().pk)}/stand-in/"
    assert client.get(url).url.startswith("/account/reauthenticate/")
    assert client.post("/account/reauthenticate/", {"password": PASSWORD, "next": url}).url == url
    assert client.get(url).status_code == 200


def test_a_password_is_no_proof_for_those_who_have_a_factor(hc):
    client = signed_in(hc, with_app(hc))
    later(client, 6)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    url = f"/me/appointments/{hidden(hc.appointments.get().pk)}/stand-in/"
    assert client.get(url).status_code == 302


def test_the_words_of_one_person_are_not_given_to_the_next(admin, admin2, donor):
    client = signed_in(admin, with_app(admin))
    later(client, 6)
    url = f"/accounts/people/{donor.pk}/deactivate/"
    client.post(url, {"reason": "Secret words"})
    session = client.session
    kept = {url: session["typed_words"][url] | {"person": admin2.pk}}
    later(client, -10)
    session = client.session
    session["typed_words"] = kept
    session.save()
    assert "Secret words" not in client.get(url).content.decode()


def test_the_demonstration_asks_for_nothing_and_says_so(hc, settings):
    settings.SECOND_FACTOR, settings.DEMO = False, True
    client = signed_in(hc)
    assert client.get("/me/").status_code == 200
    assert "Not asked in the demonstration" in client.get(SETUP).content.decode()


@pytest.mark.parametrize("url", ["//evil.example/", "https://evil.example/x", "javascript:alert(1)"])
def test_no_way_back_leads_elsewhere(hc, url):
    secret = with_app(hc)
    client = signed_in(hc, secret)
    response = client.post(AGAIN, {"code": code_of(secret, 1), "next": url})
    assert "evil" not in response.url
    assert response.url.startswith("/")
