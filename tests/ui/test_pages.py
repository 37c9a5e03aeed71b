"""Does every page stand in the same frame, in the reader's language, and does a refusal say why?"""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import reverse
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from cmcoord.ui import gallery as pieces
from cmcoord.ui.pages import conflict, form_page, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_nobody(rf: RequestFactory, client):
    request = rf.get("/")
    request.user = AnonymousUser()
    return request


@pytest.fixture
def in_demonstration(settings):
    settings.DEMO = True


def test_the_gallery_is_absent_from_production(client, settings):
    settings.DEMO = settings.DEBUG = False
    assert client.get(reverse("ui:gallery")).status_code == 404


def test_the_gallery_shows_every_piece(client, in_demonstration):
    page = client.get(reverse("ui:gallery")).content.decode()
    assert len(re.findall("<h1", page)) == 1
    assert '<a class="skip" href="#main">' in page
    assert "Demonstration" in page


def test_wrong_answers_come_back_with_what_was_typed(client, in_demonstration):
    answer = client.post(reverse("ui:gallery"), {"need": "Food for Bria", "people": "many"})
    assert answer.status_code == 422
    assert "Food for Bria" in answer.content.decode()


def test_one_more_row_is_no_mistake(client, in_demonstration):
    data = {"add_row": "tried", "tried-TOTAL_FORMS": "1", "tried-INITIAL_FORMS": "0", "tried-0-what": "Called"}
    answer = client.post(reverse("ui:gallery"), data)
    assert answer.status_code == 200
    assert 'name="tried-1-what"' in answer.content.decode()


@pytest.mark.parametrize(("language", "other"), [("en", "Français"), ("fr", "English")])
def test_the_page_is_marked_with_its_language_and_offers_the_other(client, language, other):
    page = client.get(reverse("account_login"), headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}">' in page
    assert other in page


def test_the_language_can_be_changed_without_script(client):
    client.post(reverse("set_language"), {"language": "fr", "next": reverse("account_login")})
    assert '<html lang="fr">' in client.get(reverse("account_login")).content.decode()


def test_a_refusal_says_why_and_whom_to_write_to(request_of_nobody, settings):
    settings.PORTAL_CONTACT = "cmcoord@example.org"
    answer = permission_denied(request_of_nobody, PermissionDenied("You cannot decide a request of your own."))
    assert answer.status_code == 403
    assert "You cannot decide a request of your own." in answer.content.decode()
    assert "mailto:cmcoord@example.org" in answer.content.decode()


def test_a_refusal_may_be_answered_by_a_view(request_of_nobody):
    answer = refusal(request_of_nobody, "Only the <b>HC</b> decides.")
    assert answer.status_code == 403
    assert "Only the &lt;b&gt;HC&lt;/b&gt; decides." in answer.content.decode()


@pytest.mark.parametrize("sentence", ["The deputy decided at 16:05.", "This request is not for a convoy."])
def test_a_conflict_gives_its_reason_and_blames_nobody(request_of_nobody, sentence):
    answer = conflict(request_of_nobody, sentence, back="/requests/x/")
    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert "<h1>This was not done</h1>" in answer.content.decode(), "also where a rule refused, and nobody was quicker"
    assert 'href="/requests/x/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (lambda r: bad_request(r, Exception()), 400),
        (lambda r: page_not_found(r, Exception()), 404),
        (server_error, 500),
    ],
)
def test_every_mistake_has_a_plain_page(view, status, request_of_nobody):
    answer = view(request_of_nobody)
    assert answer.status_code == status
    assert "<h1>" in answer.content.decode()


def test_a_form_that_was_not_sent_is_no_mistake(request_of_nobody):
    form = pieces.GalleryForm()
    assert form_page(request_of_nobody, "422.html", {"form": form}, form).status_code == 200
