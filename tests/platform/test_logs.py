"""Does the log of the portal hold no secret that still opens something?"""

import io
import logging

import pytest
from django.urls import reverse
from django.utils import timezone

from requests_app import services
from requests_app.services import make_move
from tests.factories import CALL, HOUR, complete_draft, fresh
from tests.people import made_up_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(monkeypatch):
    """What the handler of the settings writes."""
    handler = logging.getLogger("django").handlers[0]
    out = io.StringIO()
    monkeypatch.setattr(handler, "stream", out)
    return out.getvalue


def test_a_link_whose_form_was_filled_in_wrongly_stays_out_of_the_log(client, people, lines):
    before = timezone.now() - HOUR
    local = made_up_organisation("LOCAL-C", "Local Organisation C", "nngo")
    case = complete_draft(people.ocha_bria, organisation=local, on_behalf=CALL, now=before)
    make_move(case, "submit", by=people.ocha_bria, on_behalf={**CALL, "person": None}, now=before)
    handed = services.ask_to_confirm(fresh(case), by=people.ocha_bria, language="en", address="a@local.example")
    link = reverse("requests:confirm", args=[handed.secret])
    assert client.post(link, {"choice": "no", "text": ""}).status_code == 422
    assert client.get(link).status_code == 200, "it still opens the request"
    assert "/confirm/" in lines() and handed.secret not in lines()


def test_an_invitation_stays_out_of_the_log(client, lines):
    client.get(reverse("accounts:accept", args=["a-secret-of-somebody"]))
    logging.getLogger("cmcoord").error("Internal error at %s?x=1", "/invitation/another-secret/")
    logging.getLogger("django.request").warning("%s: %s", "Too Many Requests", "/account/password/reset/key/3-secret/")
    assert lines().count("/invitation/…/") == 2 and "secret" not in lines()
