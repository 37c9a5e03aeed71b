"""What of a request comes by SMS: urgent moves, clocks that end soon, stops before the departure; never class S."""

import datetime as dt

import pytest
from django.utils import timezone

from cmcoord.activity import sms_delivery
from cmcoord.activity.models import Notification, Release
from requests_app import ledger
from requests_app.models import Case
from requests_app.services import make_move
from tests.activity.conftest import sms_sink, with_number  # noqa: F401  a fixture
from tests.factories import RELEASED, case_at, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def telephones(people, sms_sink):  # noqa: F811
    """Everybody who acts here has a confirmed number."""
    for number, name in enumerate(("requester_bria", "ocha_bria", "ocha_bgi", "hc", "force_u3", "force_sector")):
        with_number(getattr(people, name), f"+2360000030{number}")
    return sms_sink


def told_by_sms(code):
    rows = Notification.objects.filter(channel="sms", kind=f"case.{code}")
    return set(rows.values_list("recipient__username", flat=True))


def test_of_a_routine_request_nothing_comes_by_sms(people, telephones):
    case = case_at("clearing", people)
    assert case.urgency == "routine"
    assert not Notification.objects.filter(channel="sms").exists()


def test_an_urgent_decision_goes_by_sms_to_whom_it_concerns(people, telephones):
    case = case_at("deciding", people)
    Case.objects.filter(pk=case.pk).update(urgency="urgent")
    make_move(fresh(case), "deny", by=people.hc, reason_code="civilian", reason="Words that stay in the portal.")
    assert people.requester_bria.username in told_by_sms("deny")
    sms_delivery.deliver_due()
    texts = [taken["text"] for taken in telephones.taken]
    assert texts
    assert not [text for text in texts if "Words" in text or str(case.destination) in text or str(case.origin) in text]


@pytest.mark.parametrize(("before", "told"), [(dt.timedelta(hours=6), True), (dt.timedelta(hours=6, seconds=1), False)])
def test_a_stop_goes_by_sms_when_the_convoy_leaves_within_six_hours(people, telephones, before, told):
    case = case_at("scheduled", people)
    evening = timezone.now().replace(hour=18, minute=0)  # a receipt is not due before the next working day
    now = evening if evening > timezone.now() else evening + dt.timedelta(days=1)
    Case.objects.filter(pk=case.pk).update(departure_at=now + before)
    make_move(fresh(case), "suspend", by=people.ocha_bria, reason="Fighting on the axis.", now=now)
    assert (people.requester_bria.username in told_by_sms("suspend")) == told
    assert (people.force_u3.username in told_by_sms("suspend")) == told


def test_what_is_strictly_confidential_never_goes_by_sms(people, telephones):
    case = case_at("deciding", people)
    Case.objects.filter(pk=case.pk).update(urgency="urgent", sensitivity="S")
    make_move(fresh(case), "deny", by=people.hc, reason_code="civilian", reason="Words")
    assert told_by_sms("deny") == set()


def test_what_became_strictly_confidential_meanwhile_is_not_sent(people, telephones):
    case = case_at("deciding", people)
    Case.objects.filter(pk=case.pk).update(urgency="urgent")
    make_move(fresh(case), "deny", by=people.hc, reason_code="civilian", reason="Words")
    Case.objects.filter(pk=case.pk).update(sensitivity="S")
    assert (sms_delivery.deliver_due(), telephones.asked) == (0, [])


def test_the_ledger_adds_up_with_sms(people, telephones):
    case = case_at("approved", people, urgency="urgent")
    make_move(case, "decide_security", by=people.requester_bria, value="favourable", reference="SEC-1")
    make_move(fresh(case), "transmit", by=people.ocha_bria, **RELEASED)
    sms_delivery.deliver_due()
    rows = Release.objects.filter(what="sms")
    assert set(rows.values_list("recipient__username", flat=True)) == {"force.u3", "force.sector"}
    assert list(ledger.differences()) == []
    sent = Notification.objects.filter(channel="sms", recipient=people.force_u3)
    sent.update(status="pending")
    assert ["names SMS" in each for each in ledger.differences()] == [True]
