"""Whom does the console believe?"""

import datetime as dt

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import call_command
from django.utils import timezone

from cmcoord.accounts import console
from cmcoord.activity import checks, seals
from cmcoord.activity.models import Event
from cmcoord.activity.services import record
from tests.accounts.test_second_factor import code_of, with_app
from tests.activity.test_recovery import change
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def second_factor(settings):
    settings.SECOND_FACTOR = True


def answering(*answers):
    left = list(answers)
    return lambda _prompt: left.pop(0)


def refused(person, *answers) -> str:
    with pytest.raises(console.NotProven) as why:
        console.prove(person, ask=answering(*answers))
    return str(why.value)


def test_password_and_code_together(admin):
    secret = with_app(admin)
    assert console.prove(admin, ask=answering(PASSWORD, code_of(secret))) == "totp"
    assert "not a code of admin" in refused(admin, PASSWORD, code_of(secret))  # it counts once


def test_a_recovery_code_counts_once_too(admin):
    with_app(admin)
    code = RecoveryCodes.activate(admin).generate_codes()[0]
    assert console.prove(admin, ask=answering(PASSWORD, code)) == "recovery_codes"
    assert "not a code of admin" in refused(admin, PASSWORD, code)


def test_neither_alone_nor_somebody_elses_code_nor_no_factor_at_all(admin, admin2):
    other = with_app(admin2)
    assert "has no second factor" in refused(admin, PASSWORD)
    with_app(admin)
    assert "not a code of admin" in refused(admin, PASSWORD, "")
    assert "not a code of admin" in refused(admin, PASSWORD, code_of(other))
    assert "not the password of admin" in refused(admin, "guess")


def test_before_the_day_from_which_factors_are_asked_the_password_is_enough(admin, settings):
    settings.SECOND_FACTOR_FROM = timezone.localdate() + dt.timedelta(days=9)
    assert console.prove(admin, ask=answering(PASSWORD)) == "password"
    with_app(admin)
    assert "not a code" in refused(admin, PASSWORD, "000000")


def test_after_five_wrong_answers_nobody_is_asked_for_a_while(admin):
    secret = with_app(admin)
    for _number in range(5):
        refused(admin, "guess")
    assert "too many" in refused(admin, PASSWORD, code_of(secret))


def test_a_recovery_keeps_how_each_of_the_two_proved_it(admin, admin2, monkeypatch, car):
    event = record(type("Subject", (), {"pk": 7, "activity_kind": "case", "stream": "CAF"})(), "case.comment", by=admin)
    seals.seal_waiting()
    change(event)
    checks.check_everything()
    answers = [PASSWORD, code_of(with_app(admin)), PASSWORD, code_of(with_app(admin2))]
    monkeypatch.setattr(console, "getpass", lambda _prompt: answers.pop(0))
    call_command("recover_trail", "CAF", by="admin", second="admin2", reason="A restore.")
    assert checks.why_stopped("CAF") == ""
    assert Event.objects.get(kind="trail.recover").data["proofs"] == {"admin": "totp", "admin2": "totp"}
