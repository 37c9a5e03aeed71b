"""A lost second factor, one's sessions, and a telephone that was taken."""

import datetime as dt
import time

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cmcoord.accounts import safety, services, sessions
from cmcoord.accounts.models import FactorReset, SignIn
from cmcoord.activity.models import ErasableValue, Event, Notification
from cmcoord.activity.numbers import hidden
from cmcoord.tasks import forget_sessions
from tests.accounts.test_second_factor import later, signed_in, with_app
from tests.people import PASSWORD, person, standing_in

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"


def told(kind) -> set:
    return set(Notification.objects.filter(kind=kind, channel="mail").values_list("recipient__username", flat=True))


# ── a lost second factor ─────────────────────────────────────────────────────────────────────────────────────────────


def test_one_administrator_asks_another_confirms_and_the_person_begins_anew(admin, admin2, hc):
    with_app(hc)
    session = Client()
    session.force_login(hc)
    reset = safety.ask_reset(hc, by=admin, reason="Telephone lost in the river")
    assert Authenticator.objects.filter(user=hc).exists()
    assert told("factor.ask_reset") == {"hc.car", "admin2"}
    safety.confirm_reset(reset, by=admin2)
    assert not Authenticator.objects.filter(user=hc).exists()
    assert session.get("/me/").status_code == 302
    assert told("factor.reset") == {"hc.car", "admin"}
    assert Event.objects.filter(kind__startswith="factor.").count() == 2


def test_nobody_resets_alone_or_for_themselves(admin, admin2, ocha_bria, hc):
    for each in (admin, admin2, hc):
        with_app(each)
    with pytest.raises(PermissionDenied, match="your own"):
        safety.ask_reset(admin, by=admin, reason="x")
    with pytest.raises(PermissionDenied, match="administrator"):
        safety.ask_reset(hc, by=ocha_bria, reason="x")
    reset = safety.ask_reset(hc, by=admin, reason="x")
    with pytest.raises(PermissionDenied, match="You asked"):
        safety.confirm_reset(reset, by=admin)
    with pytest.raises(PermissionDenied, match="administrator"):
        safety.confirm_reset(reset, by=ocha_bria)
    own = safety.ask_reset(admin2, by=admin, reason="x")
    with pytest.raises(PermissionDenied, match="your own"):
        safety.confirm_reset(own, by=admin2)
    assert Authenticator.objects.count() == 3


def test_a_stand_in_of_an_administrator_does_not_make_them_two(admin, admin2, hc, ocha_bgi):
    with_app(hc)
    standing_in(ocha_bgi, admin2.appointments.get())
    reset = safety.ask_reset(hc, by=ocha_bgi, reason="x")
    with pytest.raises(PermissionDenied, match="in your name"):
        safety.confirm_reset(reset, by=admin2)
    safety.confirm_reset(reset, by=admin)


def test_a_reset_is_answered_once_and_asked_once(admin, admin2, hc):
    with_app(hc)
    reset = safety.ask_reset(hc, by=admin, reason="x")
    with pytest.raises(PermissionDenied, match="asked already"):
        safety.ask_reset(hc, by=admin2, reason="x")
    safety.refuse_reset(reset, by=admin2)
    assert Authenticator.objects.filter(user=hc).exists()
    with pytest.raises(PermissionDenied, match="answered"):
        safety.confirm_reset(reset, by=admin2)


def test_the_database_says_it_too(admin, hc):
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.create(user=hc, asked_by=hc, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.create(user=hc, asked_by=admin, reason="x", confirmed_by=admin, confirmed_at=timezone.now())


def test_the_pages_of_a_reset(client, admin, admin2, hc):
    with_app(hc)
    client.force_login(admin)
    assert client.get(f"/accounts/people/{hc.pk}/reset-factor/").status_code == 200
    client.post(f"/accounts/people/{hc.pk}/reset-factor/", {"reason": "Lost"})
    reset = FactorReset.objects.get()
    assert "You asked for this" in client.get("/accounts/confirmations/").content.decode()
    assert client.post(f"/accounts/factor-resets/{reset.pk}/confirm/").status_code == 403
    client.force_login(admin2)
    assert "Lost" in client.get("/accounts/confirmations/").content.decode()
    assert client.post(f"/accounts/factor-resets/{reset.pk}/confirm/").status_code == 302
    assert not Authenticator.objects.filter(user=hc).exists()


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def browser(user, agent) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/account/login/", {"login": user.username, "password": PASSWORD})
    return client


def test_a_person_sees_where_they_are_signed_in_and_no_address_is_kept(ocha_bria):
    desk = browser(ocha_bria, FIREFOX)
    browser(ocha_bria, PHONE)
    page = desk.get("/me/sessions/").content.decode()
    assert "Firefox, Linux" in page
    assert "Chrome, Android" in page
    assert "127.0.0.1" not in str(list(SignIn.objects.values()))


def test_one_session_is_ended_and_the_other_goes_on(ocha_bria, hc):
    desk, phone = browser(ocha_bria, FIREFOX), browser(ocha_bria, PHONE)
    there = SignIn.objects.get(browser="Chrome, Android")
    stranger = Client()
    stranger.force_login(hc)
    assert stranger.post(f"/me/sessions/{hidden(there.pk)}/end/").status_code == 404
    assert desk.post(f"/me/sessions/{hidden(there.pk)}/end/").status_code == 302
    assert phone.get("/me/").status_code == 302
    assert desk.get("/me/").status_code == 200


def test_a_session_that_is_over_is_destroyed_with_what_was_kept_in_it(ocha_bria, hc):
    over, goes_on, stranger = Client(), Client(), Client()
    over.force_login(ocha_bria)
    goes_on.force_login(hc)
    session = stranger.session  # signed out: words that were typed while another one ended
    session["typed_words"] = {"/requests/X/sheet/3/": {"words": "drivers-0-name=Made-Up"}}
    session.save()
    gone = [over.session.session_key, session.session_key]
    Session.objects.filter(session_key__in=gone).update(expire_date=timezone.now())
    assert forget_sessions() == 2
    assert [row.session_key for row in Session.objects.all()] == [goes_on.session.session_key]
    assert [row.user for row in SignIn.objects.all()] == [hc]
    assert any(entry["task"] == forget_sessions.name for entry in settings.CELERY_BEAT_SCHEDULE.values())


def test_all_sessions_end_those_that_no_list_knows_too(ocha_bria):
    desk, phone = browser(ocha_bria, FIREFOX), browser(ocha_bria, PHONE)
    SignIn.objects.filter(browser="Chrome, Android").delete()
    desk.post("/me/sessions/end/")
    assert phone.get("/me/").status_code == 302
    assert desk.get("/me/").status_code == 302
    assert told("user.end_sessions") == {"ocha.bria"}


def test_signing_out_takes_the_session_off_the_list(ocha_bria):
    desk = browser(ocha_bria, FIREFOX)
    desk.post("/account/logout/")
    assert not SignIn.objects.exists()


def test_when_it_was_last_seen_is_noted_every_ten_minutes(ocha_bria, monkeypatch):
    desk = browser(ocha_bria, FIREFOX)
    SignIn.objects.update(seen=timezone.now() - dt.timedelta(hours=1))
    desk.get("/me/")
    assert SignIn.objects.get().seen < timezone.now() - dt.timedelta(minutes=50)
    now = time.time() + sessions.SEEN_EVERY + 1
    monkeypatch.setattr(time, "time", lambda: now)
    desk.get("/me/")
    assert SignIn.objects.get().seen > timezone.now() - dt.timedelta(minutes=1)


def test_a_session_is_over_after_twelve_hours(ocha_bria, monkeypatch):
    desk = browser(ocha_bria, FIREFOX)
    now = timezone.now() + dt.timedelta(hours=12, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert desk.get("/me/").status_code == 302
    assert sessions.sessions_of(ocha_bria) == []


# ── a telephone that was taken ───────────────────────────────────────────────────────────────────────────────────────


def test_a_duty_officer_ends_all_sessions_and_the_account_waits_for_a_call(client, ocha_bgi, requester_bria, admin):
    phone = browser(requester_bria, PHONE)
    client.force_login(ocha_bgi)
    answer = {"person": "req.bria", "reason": "Taken at a checkpoint", "hold": "on"}
    assert client.post("/accounts/telephone-taken/", answer).status_code == 302
    assert phone.get("/me/").status_code == 302
    held = phone.post("/account/login/", {"login": "req.bria", "password": PASSWORD})
    assert held.status_code == 403
    assert "held" in held.content.decode()
    wrong = Client().post("/account/login/", {"login": "req.bria", "password": "wrong"})
    assert "held" not in wrong.content.decode()
    assert told("user.hold") == {"req.bria", "admin"}
    event = Event.objects.get(kind="user.hold")
    assert "checkpoint" not in str(event.data)
    assert "checkpoint" in ErasableValue.objects.get(event=event).value
    assert requester_bria.appointments.in_force().exists()


def test_after_the_call_the_person_signs_in_with_password_and_factor(settings, client, ocha_bgi, hc, admin):
    secret = with_app(hc)
    safety.telephone_taken(hc, by=ocha_bgi, reason="x", hold=True)
    client.force_login(ocha_bgi)
    assert str(hc) in client.get("/accounts/telephone-taken/").content.decode()
    assert client.post(f"/accounts/people/{hc.pk}/release/").status_code == 302
    settings.SECOND_FACTOR = True
    assert signed_in(hc, secret).get("/me/").status_code == 200
    assert "hc.car" in told("user.release")


def test_sessions_may_end_without_holding_the_account(ocha_bgi, requester_bria):
    phone = browser(requester_bria, PHONE)
    assert safety.telephone_taken(requester_bria, by=ocha_bgi, reason="x", hold=False) == 1
    assert phone.get("/me/").status_code == 302
    assert browser(requester_bria, PHONE).get("/me/").status_code == 200


@pytest.mark.parametrize("who", ["ocha_bko", "ocha_bria", "hc", "force_u3", "requester_birao"])
def test_others_end_nobodys_sessions(who, request, requester_bria):
    with pytest.raises(PermissionDenied):
        safety.telephone_taken(requester_bria, by=request.getfixturevalue(who), reason="x", hold=True)


def test_somebody_out_of_reach_reads_like_nobody(client, ocha_bko, requester_bria):
    client.force_login(ocha_bko)
    pages = []
    for name in ("req.bria", "no.such.one"):
        page = client.post("/accounts/telephone-taken/", {"person": name, "reason": "x"}).content.decode()
        pages.append(page.replace(name, ""))
    assert "Nobody with an account" in pages[0]
    strip = [page.split("csrfmiddlewaretoken")[0] for page in pages]
    assert strip[0] == strip[1]
    assert client.post(f"/accounts/people/{requester_bria.pk}/release/").status_code == 404


def test_two_administrators_who_can_sign_in_are_never_held(admin, admin2, ocha_bgi):
    with pytest.raises(PermissionDenied, match="Two administrators must remain.*without holding"):
        safety.telephone_taken(admin, by=admin2, reason="x", hold=True)
    safety.telephone_taken(admin, by=admin2, reason="x", hold=False)
    third, fourth = (
        person(f"admin{n}", "admin", organisation="OCHA", name=f"Administrator {n}", title="Administrator")
        for n in (3, 4)
    )
    safety.telephone_taken(third, by=admin2, reason="x", hold=True)
    safety.telephone_taken(admin, by=fourth, reason="x", hold=True)
    for remaining in (admin2, fourth):  # neither by holding nor by closing nor by ending
        with pytest.raises(PermissionDenied, match="Two administrators must remain"):
            services.deactivate(remaining, by=fourth if remaining == admin2 else admin2, reason="x")
        with pytest.raises(PermissionDenied, match="Two administrators must remain"):
            services.end_appointment(remaining.appointments.get(), by=admin2, reason="x")


def test_the_stand_in_of_an_administrator_removes_no_administrator(admin, admin2, ocha_bgi, hc):
    """Also where they end sessions in their own right: closing an account is an administrator's."""
    third = person("admin3", "admin", organisation="OCHA", name="Administrator 3", title="Administrator")
    for each in (hc, ocha_bgi):
        standing_in(each, admin.appointments.get())
        with pytest.raises(PermissionDenied):
            services.deactivate(third, by=each, reason="x")
        with pytest.raises(PermissionDenied):
            services.end_appointment(third.appointments.get(), by=each, reason="x")
    with pytest.raises(PermissionDenied, match="stand-in cannot do this"):
        safety.telephone_taken(third, by=hc, reason="x", hold=True)
    safety.telephone_taken(third, by=hc, reason="x", hold=False)
    assert services.deactivate(third, by=admin2, reason="x").is_active is False


def test_a_stolen_session_dies_within_the_next_click(ocha_bgi, hc):
    stolen = Client()
    stolen.force_login(hc)
    assert stolen.get("/").status_code == 200
    SignIn.objects.all().delete()
    safety.telephone_taken(hc, by=ocha_bgi, reason="x", hold=False)
    assert stolen.get("/").status_code == 302


def test_a_release_of_the_hold_asks_for_a_fresh_proof(settings, ocha_bgi, hc):
    settings.SECOND_FACTOR = True
    safety.telephone_taken(hc, by=ocha_bgi, reason="x", hold=True)
    client = signed_in(ocha_bgi, with_app(ocha_bgi))
    later(client, 6)
    client.post(f"/accounts/people/{hc.pk}/release/")
    hc.refresh_from_db()
    assert hc.held_at is not None
