"""Is a script told the next address, and everybody else led there?"""

import json
import uuid

import pytest
from django.urls import reverse

from tests.factories import complete_draft, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(client, requester_bria):
    """Send a complete request with these headers."""
    client.force_login(requester_bria)
    case = complete_draft(requester_bria)

    def send(**headers):
        data = {"client_key": uuid.uuid4(), "base_version": fresh(case).version}
        return case, client.post(reverse("requests:submit", args=[case.reference]), data, headers=headers)

    return send


def test_a_script_is_told_where_to_go(sent, client):
    case, answer = sent(**{"X-Sent-By": "script"})
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"to": case.get_absolute_url()}
    assert "Sent to OCHA" in client.get(case.get_absolute_url()).content.decode(), "what there is to say waits for it"


def test_a_browser_is_led_there(sent):
    case, answer = sent()
    assert (answer.status_code, answer.url) == (302, case.get_absolute_url())


def test_a_refusal_stays_a_page(sent):
    sent()
    _case, answer = sent(**{"X-Sent-By": "script"})
    assert answer.status_code == 409
    assert "<html" in answer.content.decode()


def test_after_the_session_ended_it_is_the_sign_in(client, requester_bria):
    case = complete_draft(requester_bria)
    answer = client.post(reverse("requests:submit", args=[case.reference]), headers={"X-Sent-By": "script"})
    assert json.loads(answer.content)["to"].startswith("/account/login/")
