"""Signing in, a forgotten password, a closed account, the language and the time that a person reads."""

import re

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.utils import timezone, translation

from cmcoord.accounts import scope
from cmcoord.accounts.models import User
from cmcoord.accounts.roles import Perm
from cmcoord.activity.models import ErasableValue, Event, Notification
from tests.people import PASSWORD

LOGIN = "/account/login/"


def sign_in(client, login, password=PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password, "next": "/me/"})


@pytest.mark.parametrize("login", ["ocha.bria", "ocha.bria@example.org", "OCHA.Bria@Example.org"])
def test_signing_in_by_user_name_or_address(client, ocha_bria, login):
    assert sign_in(client, login).status_code == 302
    assert client.session["_auth_user_id"] == str(ocha_bria.pk)


@pytest.mark.parametrize(("login", "password"), [("ocha.bria", "wrong"), ("nobody.known", PASSWORD), ("", "")])
def test_a_wrong_word_signs_nobody_in(client, ocha_bria, login, password):
    response = sign_in(client, login, password)
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_closed_account_is_told_so_after_the_correct_password_with_whom_to_write_to(client, admin, ocha_bria):
    User.objects.filter(pk=ocha_bria.pk).update(is_active=False)
    response = sign_in(client, "ocha.bria")
    assert response.status_code == 403
    assert "closed" in response.content.decode()
    assert admin.email in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_with_a_wrong_password_a_closed_account_reads_like_an_unknown_one(ocha_bria, rf):
    User.objects.filter(pk=ocha_bria.pk).update(is_active=False)
    pages = [sign_in(Client(), login, "wrong").content.decode() for login in ("ocha.bria", "unknown1")]
    hidden = [re.sub(r'value="[^"]*"|ocha\.bria|unknown1', "", page) for page in pages]
    assert hidden[0] == hidden[1]
    assert "closed" not in pages[0]


def test_closing_an_account_ends_its_sessions(client, ocha_bria):
    client.force_login(ocha_bria)
    assert client.get("/me/").status_code == 200
    User.objects.filter(pk=ocha_bria.pk).update(is_active=False)
    assert client.get("/me/").status_code == 302


def test_nobody_signs_up(client, reference):
    page = client.get("/account/signup/")
    assert "<form" not in page.content.decode().partition("<main")[2] or page.status_code in (302, 403, 404)
    client.post(
        "/account/signup/", {"email": "x@example.org", "password1": "a long sentence", "password2": "a long sentence"}
    )
    assert not User.objects.filter(email="x@example.org").exists()


def test_a_forgotten_password_is_a_mail_in_the_outbox_and_its_link_works_once(client, ocha_bria):
    client.post("/account/password/reset/", {"email": ocha_bria.email})
    row = Notification.objects.get(kind="user.reset_password", channel="mail")
    assert row.recipient == ocha_bria
    link = ErasableValue.objects.get(event=row.event, field="link").value
    assert link not in str(row.event.data)
    page = client.get(link, follow=True)
    form = page.request["PATH_INFO"]
    new = {"password1": "another long sentence", "password2": "another long sentence"}
    assert client.post(form, new).status_code == 302
    assert authenticate(username="ocha.bria", password="another long sentence") == ocha_bria
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_the_link_leads_to_the_portal_whatever_address_was_typed(client, settings, ocha_bria):
    settings.PORTAL_URL, settings.ALLOWED_HOSTS = "https://portal.example.org", ["localhost"]
    client.post("/account/password/reset/", {"email": ocha_bria.email}, HTTP_HOST="localhost:6666")
    link = ErasableValue.objects.get(event__kind="user.reset_password", field="link").value
    assert link.startswith("https://portal.example.org/account/password/reset/key/")


def test_an_unknown_address_gets_no_mail_and_reads_the_same_answer(client, ocha_bria, mailoutbox):
    known = client.post("/account/password/reset/", {"email": ocha_bria.email})
    unknown = Client().post("/account/password/reset/", {"email": "stranger@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Event.objects.filter(subject_kind="user").count() == 1
    assert mailoutbox == []


def test_a_closed_account_gets_no_link_for_a_new_password(client, ocha_bria):
    User.objects.filter(pk=ocha_bria.pk).update(is_active=False)
    client.post("/account/password/reset/", {"email": ocha_bria.email})
    assert Notification.objects.count() == 0


def test_the_address_is_not_changed_by_its_owner_alone(client, ocha_bria):
    client.force_login(ocha_bria)
    client.post("/account/email/", {"email": "other@example.org", "action_add": ""})
    assert User.objects.get(pk=ocha_bria.pk).email == "ocha.bria@example.org"


def test_asking_a_right_costs_no_query_in_djangos_own_tables(ocha_bria, django_assert_num_queries):
    scope.grants(ocha_bria)
    with django_assert_num_queries(0):
        assert not ocha_bria.has_perm(Perm.DECIDE_CASE)
        assert not ocha_bria.has_perm("auth.add_user")
        assert ocha_bria.has_perm(Perm.REVIEW_CASE)


def test_pages_are_in_the_accounts_language_unless_this_device_chose_another(client, force_u3):
    client.force_login(force_u3)
    assert '<html lang="fr"' in client.get("/me/").content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/me/"})
    assert '<html lang="en"' in client.get("/me/").content.decode()


def test_the_language_of_one_request_does_not_stay_for_the_next(client, force_u3, ocha_bria):
    client.force_login(force_u3)
    client.get("/me/")
    other = Client()
    other.force_login(ocha_bria)
    assert '<html lang="en"' in other.get("/me/").content.decode()
    assert '<html lang="en"' in Client().get(LOGIN).content.decode()
    translation.activate("en")


def test_times_are_those_of_the_country_where_the_person_works(ocha_bria, ocha_bko, admin):
    assert scope.zone_of(ocha_bria) == "Africa/Bangui"
    assert scope.zone_of(ocha_bko) == "Africa/Bamako"
    assert scope.zone_of(admin) == "UTC"


def test_the_zone_of_a_request_ends_with_it(client, ocha_bria):
    client.force_login(ocha_bria)
    client.get("/me/")
    assert timezone.get_current_timezone_name() == "UTC"
