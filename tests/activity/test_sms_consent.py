"""How a person says yes to SMS: a number, a code that came to it, the switch that ends it; each way it is refused."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from cmcoord.activity import sms_consent, sms_delivery, sms_numbers
from cmcoord.activity.models import ErasableValue, Event, Notification, SmsNumber
from tests.activity.conftest import with_number

pytestmark = pytest.mark.django_db

NUMBER = "+23600000201"


def asked(sms_sink, user, number=NUMBER):
    """A code was asked for; the code as it came to the telephone."""
    sms_consent.ask_code(number=number, by=user)
    sms_delivery.deliver_due()
    return re.search(r"\d{6}", sms_sink.taken[-1]["text"])[0]


def test_a_number_counts_once_its_code_was_typed_in(requester, sms_sink):
    code = asked(sms_sink, requester, " +236 00 00 02 01 ")
    assert sms_sink.taken[-1]["to"] == NUMBER
    assert sms_numbers.with_number([requester]) == set()
    sms_consent.confirm_number(code=f" {code[:3]} {code[3:]} ", by=requester)
    assert sms_numbers.with_number([requester]) == {requester.pk}
    row = SmsNumber.objects.get()
    assert (row.number, row.code_digest, row.code_until) == (NUMBER, "", None)
    told = Event.objects.get(kind="user.start_sms").notifications.values_list("channel", flat=True)
    assert sorted(told) == ["mail", "portal"]


def test_the_code_stays_nowhere_once_it_was_sent(requester, sms_sink):
    code = asked(sms_sink, requester)
    assert not ErasableValue.objects.exists()
    assert code not in str(list(Event.objects.values())) + str(list(SmsNumber.objects.values()))


@pytest.mark.parametrize(
    "number",
    ["", "0612345678", "236 00 00 02 01", "+236", "+23600000201;ext=5", "+999000000001", "+33 891 00 00 00 00",
     "+44 9098 790000", "+236 00 00 02 01, +33612345678", "+2360000020122222222", "javascript:alert(1)", "+<b>",
     "\u202e+23600000201", "+236\x0000000201"],
)  # fmt: skip
def test_no_sms_goes_to_what_is_no_mobile_number(requester, sms_sink, number):
    try:
        sms_consent.ask_code(number=number, by=requester)
    except ValidationError:
        assert not SmsNumber.objects.exists()
    else:
        assert SmsNumber.objects.get().number == NUMBER
    assert not sms_sink.asked


def test_wrong_codes_count_and_stay_counted(requester, sms_sink):
    code = asked(sms_sink, requester)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _each in range(sms_numbers.MOST_TRIES):
        with pytest.raises(ValidationError):
            sms_consent.confirm_number(code=wrong, by=requester)
    with pytest.raises(PermissionDenied):
        sms_consent.confirm_number(code=code, by=requester)
    assert sms_numbers.with_number([requester]) == set()


def test_a_code_is_valid_for_a_quarter_of_an_hour(requester, sms_sink):
    code = asked(sms_sink, requester)
    SmsNumber.objects.update(code_until=timezone.now())
    with pytest.raises(PermissionDenied):
        sms_consent.confirm_number(code=code, by=requester)


def test_a_code_counts_for_its_person_and_number_only(requester, officer, sms_sink):
    code = asked(sms_sink, requester)
    asked(sms_sink, officer, "+23600000202")
    SmsNumber.objects.filter(user=officer).update(code_digest=SmsNumber.objects.get(user=requester).code_digest)
    with pytest.raises(ValidationError):
        sms_consent.confirm_number(code=code, by=officer)


def test_a_second_time_the_code_is_spent(requester, sms_sink):
    code = asked(sms_sink, requester)
    sms_consent.confirm_number(code=code, by=requester)
    with pytest.raises(PermissionDenied):
        sms_consent.confirm_number(code=code, by=requester)


def test_codes_are_few(requester, sms_sink, monkeypatch):
    sms_consent.ask_code(number=NUMBER, by=requester)
    with pytest.raises(PermissionDenied, match="minute"):
        sms_consent.ask_code(number=NUMBER, by=requester)
    monkeypatch.setattr(sms_consent, "PAUSE", timedelta(0))
    for _each in range(sms_numbers.MOST_CODES - 1):
        sms_consent.ask_code(number=NUMBER, by=requester)
    with pytest.raises(PermissionDenied, match="today"):
        sms_consent.ask_code(number=NUMBER, by=requester)
    assert Notification.objects.filter(kind=sms_numbers.CONFIRM).count() == sms_numbers.MOST_CODES


def test_another_number_ends_the_one_before_and_the_person_is_told(requester, sms_sink):
    with_number(requester)
    code = asked(sms_sink, requester, "+23600000209")
    assert sms_numbers.with_number([requester]) == set()
    assert Event.objects.get(kind=sms_numbers.CONFIRM).notifications.filter(channel="mail").exists()
    sms_consent.confirm_number(code=code, by=requester)
    assert SmsNumber.objects.get().number == "+23600000209"


def test_stop_is_at_once_and_twice_is_once(requester):
    with_number(requester)
    sms_consent.stop(by=requester)
    sms_consent.stop(by=requester)
    assert not SmsNumber.objects.exists()
    assert Event.objects.filter(kind="user.stop_sms").count() == 1


def test_without_a_gateway_no_code_is_sent(requester):
    with pytest.raises(PermissionDenied):
        sms_consent.ask_code(number=NUMBER, by=requester)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def at_the_page(requester):
    client = Client()
    client.force_login(requester)
    return client


def test_the_way_through_the_pages(at_the_page, requester, sms_sink):
    assert at_the_page.post("/notifications/sms/", {"number": "+236 00 00 02 01"}).status_code == 302
    assert NUMBER in at_the_page.get("/notifications/sms/").content.decode()
    assert at_the_page.post("/notifications/sms/code/", {"code": "12"}).status_code == 422
    sms_delivery.deliver_due()
    code = re.search(r"\d{6}", sms_sink.taken[-1]["text"])[0]
    assert at_the_page.post("/notifications/sms/code/", {"code": code}).status_code == 302
    assert sms_numbers.with_number([requester])
    assert at_the_page.post("/notifications/sms/stop/").status_code == 302
    assert not SmsNumber.objects.exists()


def test_a_wrong_number_is_said_beside_its_field(at_the_page, sms_sink):
    answer = at_the_page.post("/notifications/sms/", {"number": "12"})
    assert answer.status_code == 422
    assert not SmsNumber.objects.exists()


def test_the_page_says_that_there_is_no_gateway(at_the_page):
    assert "alert amber" in at_the_page.get("/notifications/sms/").content.decode()
    assert at_the_page.post("/notifications/sms/", {"number": NUMBER}).status_code == 422


# ── the gateway of the demonstration ─────────────────────────────────────────────────────────────────────────────────


def test_the_demonstration_takes_each_sms_once_and_shows_it(client, settings):
    settings.DEMO, settings.SMS_GATEWAY_TOKEN = True, "t"
    content = {"to": NUMBER, "text": "Words of an SMS", "id": "k"}
    for _each in range(2):
        answer = client.post("/mailbox/sms/", content, content_type="application/json", HTTP_AUTHORIZATION="Bearer t")
        assert answer.status_code == 202
    page = client.get("/mailbox/", {"to": NUMBER}).content.decode()
    assert page.count("Words of an SMS") == 1


@pytest.mark.parametrize(
    ("token", "content", "status"),
    [
        ("Bearer x", "{}", 401),
        ("", "{}", 401),
        ("Bearer t", "{", 400),
        ("Bearer t", "[]", 400),
        ("Bearer t", "{}", 400),
    ],
)
def test_the_demonstrations_gateway_refuses(client, settings, token, content, status):
    settings.DEMO, settings.SMS_GATEWAY_TOKEN = True, "t"
    answer = client.post("/mailbox/sms/", content, content_type="application/json", HTTP_AUTHORIZATION=token)
    assert answer.status_code == status


def test_elsewhere_there_is_no_such_gateway(client, settings):
    settings.SMS_GATEWAY_TOKEN = "t"
    answer = client.post("/mailbox/sms/", "{}", content_type="application/json", HTTP_AUTHORIZATION="Bearer t")
    assert answer.status_code == 404
