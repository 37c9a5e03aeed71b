"""Does a colleague go on with a draft without anybody's words being lost, and does everybody know whose it is?"""

import datetime as dt
import html
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cmcoord.activity.models import Event, Notification
from requests_app import services
from requests_app.services import make_move, save_answers
from tests import factories
from tests.requests_app.test_filing import sent_by, text_of, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(people):
    return factories.draft_case(people.requester_bria)


def save(case, by, **answers):
    case = factories.fresh(case)
    return save_answers(case, by=by, base_version=case.version, answers=answers)


def take_over(case, by, **more):
    return make_move(factories.fresh(case), "take_over", by=by, **more)


class TestWhoWrites:
    def test_it_is_who_saved_last_since_the_first_saving_without_a_pause(self, people, draft):
        now = timezone.now()
        for minutes, person in ((50, people.requester_bria), (12, people.colleague_bria), (4, people.colleague_bria)):
            case = factories.fresh(draft)
            at = now - dt.timedelta(minutes=minutes)
            save_answers(case, by=person, base_version=case.version, answers={"people": minutes}, now=at)
        writer, since = services.who_writes(draft, now)
        assert (writer, since) == (people.colleague_bria, now - dt.timedelta(minutes=12))

    def test_after_a_quarter_of_an_hour_nobody_does(self, people, draft):
        save(draft, people.requester_bria, people=3)
        assert services.who_writes(draft, timezone.now() + dt.timedelta(minutes=16)) is None

    def test_a_colleague_reads_it_above_the_questions(self, client, people, draft):
        save(draft, people.requester_bria, people=3)
        client.force_login(people.colleague_bria)
        assert f"{people.requester_bria} is writing since" in text_of(client.get(url_of(draft, 1)))
        client.force_login(people.requester_bria)
        words = text_of(client.get(url_of(draft, 1)))
        assert "is writing since" not in words
        assert "Take over" not in words


class TestTakingOver:
    def press(self, client, case, **more):
        data = {"client_key": uuid.uuid4(), "base_version": case.version} | more
        return client.post(reverse("requests:move", args=[case.reference, "take_over"]), data)

    def test_one_tap_makes_it_theirs_and_tells_the_first_author(self, client, people, draft):
        client.force_login(people.colleague_bria)
        assert self.press(client, draft).url == f"/requests/{draft.reference}/edit/"
        assert factories.fresh(draft).created_by == people.colleague_bria
        event = Event.objects.about(draft).get(kind="case.take_over")
        assert event.data["author"] == {"old": people.requester_bria.pk, "new": people.colleague_bria.pk}
        told = Notification.objects.filter(event=event).values_list("recipient", flat=True)
        assert set(told) == {people.requester_bria.pk}

    def test_what_comes_of_it_is_told_to_whom_it_belongs_now(self, people):
        case = factories.complete_draft(people.requester_bria)
        take_over(case, people.colleague_bria)
        make_move(factories.fresh(case), "submit", by=people.colleague_bria)
        make_move(factories.fresh(case), "review", by=people.ocha_bria)
        event = Event.objects.about(case).get(kind="case.review")
        told = Notification.objects.filter(event=event).values_list("recipient", flat=True)
        assert people.colleague_bria.pk in told
        assert people.requester_bria.pk not in told

    def test_two_taps_are_one(self, client, people, draft):
        client.force_login(people.colleague_bria)
        key = uuid.uuid4()
        for _ in range(2):
            assert self.press(client, draft, client_key=key).status_code == 302
        assert Event.objects.about(draft).filter(kind="case.take_over").count() == 1

    def test_it_can_be_taken_back_the_same_way(self, people, draft):
        take_over(draft, people.colleague_bria)
        take_over(draft, people.requester_bria)
        assert factories.fresh(draft).created_by == people.requester_bria

    def test_ones_own_cannot_be_taken_over(self, people, draft):
        with pytest.raises(services.Refused, match="yours already"):
            take_over(draft, people.requester_bria)

    def test_what_ocha_took_down_stays_with_ocha_too(self, people, ngo):
        case = factories.draft_case(people.ocha_bria, organisation=ngo, on_behalf=factories.CALL)
        with pytest.raises(services.Refused, match="OCHA took this request down"):
            take_over(case, people.requester_bria)

    @pytest.mark.parametrize(
        ("who", "status"), [("requester_birao", 404), ("ocha_bria", 404), ("force_u3", 404), ("nobody", 404)]
    )
    def test_nobody_else_takes_it(self, client, people, draft, who, status):
        client.force_login(getattr(people, who))
        assert self.press(client, draft).status_code == status
        assert factories.fresh(draft).created_by == people.requester_bria

    @pytest.mark.parametrize("who", ["ocha_bria", "ocha_bgi", "hc", "log_cluster"])
    def test_nor_who_reads_the_returned_request(self, client, people, who):
        case = factories.case_at("returned", people)
        client.force_login(getattr(people, who))
        assert self.press(client, case).status_code in (403, 404)

    def test_not_once_it_was_sent(self, people):
        case = factories.case_at("submitted", people)
        with pytest.raises(services.Refused) as refused:
            take_over(case, people.colleague_bria)
        assert refused.value.kind == "state"


class TestUnsavedWordsOfTheFirstAuthor:
    @pytest.fixture
    def first(self, people):
        browser = Client()
        browser.force_login(people.requester_bria)
        return browser

    def test_they_overwrite_nothing_and_both_versions_are_shown(self, first, people, draft):
        page = sent_by(draft, 1, people.requester_bria, need="My unsaved words", people="7")
        take_over(draft, people.colleague_bria)
        answer = first.post(url_of(draft, 1), page | {"stop": "1"})
        assert answer.status_code == 409
        words = text_of(answer)
        assert f"{people.colleague_bria} took the request over while you were writing" in words
        assert "My unsaved words" in words
        assert factories.fresh(draft).need == ""

    def test_neither_does_the_autosave(self, first, people, draft):
        page = sent_by(draft, 1, people.requester_bria, need="My unsaved words")
        take_over(draft, people.colleague_bria)
        assert first.post(url_of(draft, 1), page, headers={"X-Autosave": "1"}).status_code == 409
        assert factories.fresh(draft).need == ""

    def test_they_are_saved_when_they_are_chosen(self, first, people, draft):
        page = sent_by(draft, 1, people.requester_bria, need="My unsaved words")
        take_over(draft, people.colleague_bria)
        save(draft, people.colleague_bria, people=9)
        answer = first.post(url_of(draft, 1), page | {"stop": "1"})
        fields = dict(hidden_in(answer)) | {"keep-need": "mine", "keep-people": "theirs"}
        assert first.post(url_of(draft, 1), fields).status_code == 302
        assert (factories.fresh(draft).need, factories.fresh(draft).people) == ("My unsaved words", 9)

    def test_a_page_that_changes_nothing_is_no_conflict(self, first, people, draft):
        page = sent_by(draft, 1, people.requester_bria)
        take_over(draft, people.colleague_bria)
        assert first.post(url_of(draft, 1), page | {"stop": "1"}).status_code == 302


def hidden_in(answer):
    for part in answer.content.decode().split('<input type="hidden" name="')[1:]:
        name, _sep, rest = part.partition('" value="')
        if name != "csrfmiddlewaretoken":
            yield name, html.unescape(rest.partition('"')[0])
