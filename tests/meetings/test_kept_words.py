"""Do words that were typed while the session ended wait for their author, and for nobody else?"""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from cmcoord.meetings import services
from cmcoord.meetings.models import HumanitarianNote, Minutes
from cmcoord.meetings.services import points as point_services
from cmcoord.ui.typed import KEPT
from contacts.models import Capacity
from tests.contacts.directory import post_of
from tests.meetings.making import chaired, planned
from tests.meetings.test_liaison import logged
from tests.meetings.test_minutes_pages import browser, typed, url
from tests.meetings.test_points import raised
from tests.meetings.writing import again, minutes_of, sign

pytestmark = pytest.mark.django_db
WORDS = "Words of an hour"


def at(name: str, *args) -> str:
    return reverse(name if ":" in name else f"meetings:{name}", args=args)


def points(people, body):
    """Each page with who writes there and what they send."""
    by, point = people.ocha_bria, raised(body, people.ocha_bria)
    other = raised(body, by)
    row = point_services.escalate(other, by=by, why="No answer.")
    new = {"words": WORDS, "priority": "high", "needs_check": "on"}
    yield f"{at('new_point', body.pk)}?item=1", by, new
    yield at("new_internal", body.pk), by, new
    yield at("point", point.reference), by, {"comment": WORDS, "step": "close"}
    yield at("correct", point.reference), by, {"words": WORDS}
    yield at("owner", point.reference), by, {"reason": WORDS}
    yield at("escalate", point.reference), by, {"why": WORDS}
    yield at("escalation", row.pk), people.hc, {"answer": WORDS, "consulted": "hct"}


def meetings(people, body):
    by, meeting = people.ocha_bria, planned(body, people.ocha_bria)
    contact = logged(body, by, follow_up="Call again")
    proposal = services.propose(body, by=people.requester_bria, title="The bridge")
    services.add_item(meeting, by=by, title="The axis")
    yield at("new_contact", body.pk), by, {"subject": WORDS}
    yield at("settle", contact.pk), by, {"words": WORDS}
    yield at("propose"), people.requester_bria, {"why": WORDS}
    yield at("answer_proposal", proposal.pk), by, {"reason": WORDS}
    yield at("agenda", meeting.uid), by, {"title": WORDS, "add": "1"}
    yield at("item", meeting.uid, meeting.agenda.first().order), by, {"title": WORDS}


def minutes(people, body):
    by, row = people.ocha_bria, minutes_of(body, people.ocha_bria)
    yield url(row, "minutes_item", 3), by, typed(row, WORDS)
    yield url(row, "notes"), by, {"title": "x", "text": WORDS}
    yield url(row, "minutes_object"), people.force_sector, {"text": WORDS}
    yield url(row, "minutes_translation"), by, {"title-0": WORDS}
    sign(again(row), by, people.force_sector)
    assert Minutes.objects.get().is_final
    yield url(row, "minutes_amend"), by, {"text": WORDS}


def contacts(people, body):
    by, post = people.ocha_bria, post_of(people.ocha_bria, "Focal point", "Somebody")
    held = post.holdings.get(capacity=Capacity.HOLDER).person
    heard = held.answered_at.isoformat()
    yield at("contacts:new"), by, {"function": WORDS, "share_name": ["ocha"]}
    yield at("contacts:holder", post.pk), by, {"name": WORDS, "heard": heard, "languages": ["en"]}
    yield at("contacts:describe", post.pk), by, {"remark": WORDS}
    yield at("contacts:hand_over", post.pk), by, {"name": WORDS}
    yield at("contacts:liaison"), people.ocha_bgi, {"note": WORDS}


@pytest.mark.parametrize("pages", [points, meetings, minutes, contacts])
def test_words_that_arrive_after_the_session_ended_wait_for_their_author_alone(people, pages):
    body = chaired(people)
    for page, author, sent in pages(people, body):
        client, other = browser(author), people.ocha_bgi if author != people.ocha_bgi else people.ocha_bria
        keeper = re.findall(r'name="keeper" value="([^"]+)"', client.get(page).content.decode())
        assert len(set(keeper)) == 1, page
        for user in (author, other):
            client.logout()
            answer = client.post(page, sent | {"keeper": keeper[0]})
            assert answer.url.startswith(reverse(settings.LOGIN_URL)) and len(client.session[KEPT]) == 1, page
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            shown = client.get(page).content.decode()
            assert (WORDS in shown) is (user == author), (page, user)
            assert bool(client.session[KEPT]) is (user == author)


def test_ticks_and_what_travels_along_come_back_as_they_were(people):
    body, client = chaired(people), browser(people.ocha_bria)
    held = post_of(people.ocha_bria, "Focal point", "Somebody")
    new, holder = at("new_point", body.pk), at("contacts:holder", held.pk)
    sent = {new: {"words": WORDS, "needs_check": "on", "priority": "high"}, holder: {"name": WORDS, "heard": "before"}}
    for page, words in sent.items():
        words["keeper"] = client.get(page).wsgi_request.keeper
    client.logout()
    for page, words in sent.items():
        client.post(page, words)
    client.force_login(people.ocha_bria, backend=settings.AUTHENTICATION_BACKENDS[0])
    form = client.get(new).context["form"]
    assert form["needs_check"].value() is True and form["needs_evidence"].value() is False
    form = client.get(holder).context["form"]
    assert form["share_name"].value() == [], "no tick is a tick that was taken away"
    assert 'name="heard" value="before"' in client.get(holder).content.decode(), "what was said meanwhile stays said"


def test_words_that_were_sent_wait_no_longer(people):
    client, notes = browser(people.ocha_bria), url(minutes_of(chaired(people), people.ocha_bria), "notes")
    sent = {"title": "x", "text": WORDS, "keeper": client.get(notes).wsgi_request.keeper}
    client.logout()
    assert client.post(notes, {}, headers={"X-Autosave": "1"}).status_code == 401
    client.post(at("propose"), sent)
    assert KEPT not in client.session, "made for another page"
    client.post(notes, sent)
    client.force_login(people.ocha_bria, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert client.post(notes, sent).status_code == 302
    assert HumanitarianNote.objects.get().text == WORDS and client.get(notes).content.decode().count(WORDS) == 1
