"""Do the pages of signing in speak the portal's language, and tell no stranger which accounts exist?"""

import pytest
from django.urls import reverse

from cmcoord.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "demo-portal"


@pytest.fixture
def officer():
    return User.objects.create_user("ocha.bria", email="ocha.bria@example.org", password=PASSWORD, name="Officer, Bria")


def sign_in(client, name, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": name, "password": password}, follow=False)


@pytest.mark.parametrize(
    "page",
    ["account_login", "account_signup", "account_reset_password", "account_reset_password_done", "account_inactive"],
)
def test_pages_before_sign_in_stand_in_the_portals_frame(client, page):
    text = client.get(reverse(page)).content.decode()
    assert 'class="brand"' in text
    assert text.count("<h1") == 1


@pytest.mark.parametrize("page", ["account_change_password", "account_logout", "mfa_index"])
def test_pages_after_sign_in_stand_in_the_portals_frame(client, officer, page):
    client.force_login(officer)
    text = client.get(reverse(page)).content.decode()
    assert 'class="brand"' in text
    assert text.count("<h1") == 1


def test_a_wrong_password_says_so_on_the_page(client, officer):
    text = sign_in(client, "ocha.bria", "wrong").content.decode()
    assert 'class="summary"' in text


def test_a_closed_account_is_told_so_only_after_the_right_password(client, officer):
    officer.is_active = False
    officer.save(update_fields=["is_active"])
    assert "This account is closed" not in sign_in(client, "ocha.bria", "wrong").content.decode()
    assert "This account is closed" in sign_in(client, "ocha.bria").content.decode()


@pytest.mark.parametrize("address", ["ocha.bria@example.org", "stranger@example.org"])
def test_a_forgotten_password_answers_the_same_for_every_address(client, officer, address):
    answer = client.post(reverse("account_reset_password"), {"email": address})
    assert answer.url == reverse("account_reset_password_done")


def test_a_used_link_says_that_it_no_longer_works(client):
    text = client.get(reverse("account_reset_password_from_key", args=["1", "set-password"])).content.decode()
    assert "This link no longer works" in text
