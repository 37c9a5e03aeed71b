"""Bad input and too many attempts: refused, told without giving anything away, and written down."""

import time
from types import SimpleNamespace

import pytest
from django.test import Client

from cmcoord import settings as portal_settings
from cmcoord.accounts import limits, services
from cmcoord.accounts.models import Appointment, User
from cmcoord.activity.models import ErasableValue, Event, Notification
from tests.factories import case_at
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
WRONG = {"password": "wrong"}


@pytest.fixture(autouse=True)
def one_window(monkeypatch):
    """A counter begins anew when its window of the clock is over: here none is, in the middle of a test."""
    now = time.time()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: now))


def refusals() -> list:
    return list(Event.objects.filter(kind__startswith="refused.").order_by("pk").values_list("kind", flat=True))


def tries(login, times, address="192.0.2.1"):
    client = Client(REMOTE_ADDR=address)
    for _number in range(times):
        page = client.post(LOGIN, {"login": login} | WRONG)
    return page.content.decode()


# ── too many attempts ────────────────────────────────────────────────────────────────────────────────────────────────


def test_five_wrong_passwords_of_one_account_from_one_address_and_it_waits(hc):
    assert "Too many" not in tries("hc.car", 5)
    assert "Wait five minutes" in tries("hc.car", 1)
    right = Client(REMOTE_ADDR="192.0.2.1").post(LOGIN, {"login": "hc.car", "password": PASSWORD})
    assert right.status_code == 200
    assert "Wait five minutes" in right.content.decode()


def test_an_office_behind_one_address_is_not_locked_out(hc, ocha_bria):
    tries("hc.car", 6)
    office = Client(REMOTE_ADDR="192.0.2.1")
    assert office.post(LOGIN, {"login": "ocha.bria", "password": PASSWORD}).status_code == 302


def test_whoever_guesses_elsewhere_does_not_lock_the_owner_out(hc):
    tries("hc.car", 6, address="192.0.2.66")
    assert Client().post(LOGIN, {"login": "hc.car", "password": PASSWORD}).status_code == 302


def test_an_account_tried_from_many_addresses_waits_and_its_owner_is_told_once(hc):
    for number in range(11):
        page = tries("hc.car", 5, address=f"192.0.2.{number}")
    assert "Wait an hour" in page
    assert refusals() == ["refused.attempts"]
    assert {row.recipient for row in Notification.objects.filter(kind="refused.attempts")} == {hc}


def test_an_unknown_account_waits_in_the_same_words(hc):
    known, unknown = tries("hc.car", 6), tries("no.body", 6)
    assert ("Wait five minutes" in known) == ("Wait five minutes" in unknown) is True


def test_links_of_no_invitation_are_not_tried_for_ever(reference):
    client = Client()
    found = [
        client.get(f"/invitation/guess-{number}/").status_code for number in range(limits.LIMITS["invitation"].most + 1)
    ]
    assert set(found[:-1]) == {410}
    assert found[-1] == 429
    assert Client(REMOTE_ADDR="192.0.2.9").get("/invitation/guess/").status_code == 410


def test_the_counters_hold_in_the_cache_table_however_many_keys_there_are():
    assert portal_settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    assert portal_settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


# ── bad input ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_elses_reference_reads_like_none_and_is_written_down(client, people, ocha_bko):
    case = case_at("transmitted", people)
    client.force_login(ocha_bko)
    hidden = client.get(f"/requests/{case.reference}/")
    absent = client.get("/requests/CAF-AE-2026-9999/")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content
    assert refusals() == ["refused.absent", "refused.absent"]
    event = Event.objects.filter(kind="refused.absent").first()
    assert event.data["asked"] == f"GET {case.reference}"


def test_a_role_for_oneself_is_refused_and_written_down(client, admin, admin2):
    client.force_login(admin)
    answer = {"role": "hc", "country": "CAF"}
    assert client.post(f"/accounts/people/{admin.pk}/appoint/", answer).status_code == 403
    assert Appointment.objects.filter(user=admin).count() == 1
    assert refusals() == ["refused.denied"]


@pytest.mark.parametrize("field", ["organisation", "role", "is_superuser", "is_active", "held_at", "email"])
def test_a_side_or_right_is_not_changed_by_editing_ones_profile(client, requester_bria, minusca, field):
    client.force_login(requester_bria)
    before = User.objects.filter(pk=requester_bria.pk).values().get()
    value = {"organisation": minusca.organisation_id}.get(field, "1")
    page = client.post("/me/", {"language": "fr", "telephone": "", field: value})
    assert page.status_code == 422
    assert "does not ask" in page.content.decode()
    after = User.objects.filter(pk=requester_bria.pk).values().get()
    assert {k: v for k, v in after.items() if k != "last_login"} == {
        k: v for k, v in before.items() if k != "last_login"
    }
    assert refusals() == ["refused.field"]


def test_an_invitation_gives_no_other_role_than_the_one_that_was_meant(client, admin, ngo):
    services.invite(email="new@example.org", name="New", organisation=ngo, role="requester", by=admin,
                    country=ngo.countries.first())  # fmt: skip
    path = "/invitation/" + ErasableValue.objects.get(field="link").value.rpartition("/invitation/")[2]
    answer = {"username": "new", "password": "a long sentence", "repeated": "a long sentence", "telephone": ""}
    assert client.post(path, answer | {"role": "hc"}).status_code == 422
    assert not User.objects.filter(username="new").exists()
    assert client.post(path, answer).status_code == 302


def test_nobody_fills_the_disk_with_refusals(client, people, ocha_bko):
    client.force_login(ocha_bko)
    for number in range(limits.LIMITS["refused"].most + 10):
        client.get(f"/requests/CAF-AE-2026-{number:04d}/")
    assert len(refusals()) == limits.LIMITS["refused"].most


def test_an_address_that_the_portal_does_not_have_is_no_event(client, ocha_bria):
    client.force_login(ocha_bria)
    assert client.get("/wp-admin/").status_code == 404
    assert refusals() == []


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_no_page_sends_people_elsewhere(ocha_bria, elsewhere):
    client = Client()
    page = client.post(LOGIN, {"login": "ocha.bria", "password": PASSWORD, "next": elsewhere})
    assert "evil" not in page.url
    assert "evil" not in client.post("/i18n/setlang/", {"language": "fr", "next": elsewhere}).url
    assert "evil" not in client.post("/account/logout/", {"next": elsewhere}).url
