"""Who is told, and of what, in the tests of the trail and of its delivery."""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.models import SmsNumber
from requests_app import audience
from tests.activity.sms_sink import SmsSink
from tests.activity.smtp_sink import Sink


@dataclass(frozen=True)
class Subject:
    """Something that things happen to; activity knows no more about a case than this."""

    pk: int = 7
    activity_kind: str = "case"
    stream: str = "CAF"
    reference: str = "CAF-AE-2026-0042"

    def get_absolute_url(self):
        return f"/requests/{self.reference}/"


@pytest.fixture(autouse=True)
def everybody_may_read_it(monkeypatch):
    """Who may read which request is not the matter here (tests/requests_app/test_readable.py)."""
    monkeypatch.setattr(audience, "SUBJECTS", {})


@pytest.fixture
def subject():
    return Subject()


def person(username, org_type, **more):
    organisation, _ = Organisation.objects.get_or_create(
        acronym=org_type.upper(), defaults={"name": f"Organisation {org_type}", "org_type": org_type}
    )
    facts = {"name": username, "email": f"{username}@demo.example", "organisation": organisation, **more}
    return User.objects.create_user(username, password="demo-portal", **facts)


@pytest.fixture
def requester(db):
    return person("req.bria", Organisation.Type.INGO, function_title="Field coordinator, Bria", language="fr")


@pytest.fixture
def officer(db):
    return person("ocha.bria", Organisation.Type.UN_AGENCY, function_title="OCHA Bria")


@pytest.fixture
def coordinator(db):
    return person("hc.car", Organisation.Type.UN_AGENCY, function_title="Humanitarian Coordinator")


@pytest.fixture
def force_officer(db):
    return person("force.u3", Organisation.Type.UN_MILITARY, function_title="U3", language="fr")


@pytest.fixture
def sink(settings):
    """A real mail server, to which the portal sends in this test."""
    running = Sink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
    yield running
    running.stop()


@pytest.fixture
def sms_sink(settings):
    """A real SMS gateway, to which the portal sends in this test."""
    running = SmsSink()
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = running.url, "a-token"
    yield running
    running.stop()


def with_number(user, number="+23600000201"):
    """Somebody who has confirmed a number for SMS."""
    SmsNumber.objects.create(user=user, number=number, confirmed_at=timezone.now())
    return user
