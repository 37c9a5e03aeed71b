"""Are the questions about a request answered where they were asked, round after round?"""

import html
import re
import uuid

import pytest
from django.urls import reverse

from cmcoord.accounts import kept_words
from cmcoord.activity.models import ErasableValue, Event
from requests_app import rounds
from requests_app.models import OnBehalf
from requests_app.services import Refused, make_move
from tests.factories import CALL, case_at, complete_draft, fresh, limits_of, write_review
from tests.requests_app.test_moves_views import send
from tests.requests_app.test_recording import record, said

pytestmark = pytest.mark.django_db

ANSWER = "Any day but Sunday; six drivers are ready."
LONG = "a" * 1001


def address(case):
    return reverse("requests:resubmit", args=[case.reference])


def text_of(response):
    words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(words).split())


def answered(client, person, case, text=ANSWER, **more):
    client.force_login(person)
    data = {"client_key": uuid.uuid4(), "base_version": fresh(case).version, "reason": text}
    return client.post(address(case), data | more)


def asked_again(case, people, question, answer):
    make_move(case, "return", by=people.ocha_bria, reason=question)
    return make_move(case, "resubmit", by=people.requester_bria, reason=answer)


class TestTheBox:
    def test_the_answer_goes_with_the_request(self, client, people):
        case = case_at("returned", people)
        client.force_login(people.requester_bria)
        assert 'maxlength="1000"' in client.get(address(case)).content.decode()
        assert answered(client, people.requester_bria, case).status_code == 302
        assert (fresh(case).status, case.moves.last().reason) == ("submitted", ANSWER)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "Answer the question of OCHA in a sentence."),
            ("  \n\u200b ", "Answer the question of OCHA in a sentence."),
            (LONG, "Please shorten this: at most 1000 characters, it has 1001."),
        ],
    )
    def test_without_an_answer_or_with_too_long_a_one_it_is_not_sent(self, client, people, text, sentence):
        case = case_at("returned", people)
        response = answered(client, people.requester_bria, case, text)
        assert response.status_code == 422
        assert sentence in text_of(response)
        assert fresh(case).status == "returned"

    def test_too_long_an_answer_is_not_lost(self, client, people):
        case = case_at("returned", people)
        assert LONG in answered(client, people.requester_bria, case, LONG).content.decode()

    def test_a_first_submission_asks_for_no_answer(self, client, people):
        case = complete_draft(people.requester_bria)
        client.force_login(people.requester_bria)
        page = client.get(reverse("requests:submit", args=[case.reference])).content.decode()
        assert 'name="reason"' not in page

    def test_the_trail_holds_a_digest_of_it(self, people):
        case = case_at("returned", people)
        make_move(case, "resubmit", by=people.requester_bria, reason=ANSWER)
        event = Event.objects.about(case).get(kind="case.resubmit")
        assert ANSWER not in str(event.data)
        kept = ErasableValue.objects.get(event=event, field="reason")
        assert (kept.value, kept.matches_event()) == (ANSWER, True)

    def test_a_second_click_sends_once(self, client, people):
        case = case_at("returned", people)
        key = uuid.uuid4()
        for _click in range(2):
            assert answered(client, people.requester_bria, case, client_key=key).status_code == 302
        assert case.moves.filter(code="resubmit").count() == 1

    def test_an_older_page_shows_the_words_again(self, client, people):
        case = case_at("returned", people)
        response = answered(client, people.requester_bria, case, base_version=fresh(case).version - 1)
        assert response.status_code == 409
        assert ANSWER in text_of(response)

    def test_words_that_came_too_late_can_be_copied(self, client, people):
        case = case_at("returned", people)
        make_move(case, "withdraw", by=people.colleague_bria)
        response = answered(client, people.requester_bria, case)
        assert response.status_code == 409
        assert ANSWER in text_of(response)

    def test_words_wait_while_the_answers_have_a_gap(self, client, people):
        case = case_at("returned", people)
        case.alternatives.all().delete()
        response = answered(client, people.requester_bria, case)
        assert response.status_code == 422
        assert ANSWER in text_of(response)

    def test_words_typed_while_the_session_ended_wait_for_their_author(self, client, people):
        case = case_at("returned", people)
        token = kept_words.token(people.requester_bria, case.reference)
        response = client.post(address(case), {"reason": ANSWER, "keeper": token})
        assert "/account/login/" in response.url
        client.force_login(people.requester_bria)
        assert ANSWER in text_of(client.get(address(case)))
        assert fresh(case).status == "returned"

    @pytest.mark.parametrize("who", ["ocha_bria", "ocha_bgi", "hc", "log_cluster", "requester_birao", "force_u3"])
    def test_nobody_else_answers(self, client, people, who):
        case = case_at("returned", people)
        assert answered(client, getattr(people, who), case).status_code in (403, 404, 422)
        assert fresh(case).status == "returned"


class TestTheService:
    @pytest.mark.parametrize("text", ["", "   ", LONG])
    def test_it_refuses_by_itself(self, people, text):
        case = case_at("returned", people)
        with pytest.raises(Refused) as refused:
            make_move(case, "resubmit", by=people.requester_bria, reason=text)
        assert refused.value.kind == "need"
        assert fresh(case).status == "returned"

    def test_ocha_sends_again_only_with_its_source(self, people):
        case = taken_down(people)
        with pytest.raises(Refused, match="Say who asked") as refused:
            make_move(case, "resubmit", by=people.ocha_bria, reason=ANSWER)
        assert refused.value.kind == "need"
        assert fresh(case).status == "returned"
        make_move(case, "resubmit", by=people.ocha_bria, reason=ANSWER, on_behalf=CALL | {"person": None})
        assert fresh(case).status == "submitted"


def taken_down(people):
    """A request that OCHA Bria took down by telephone, returned by the national unit."""
    case = complete_draft(people.ocha_bria, organisation=people.requester_bria.organisation, on_behalf=CALL)
    make_move(case, "submit", by=people.ocha_bria, on_behalf=CALL | {"person": None})
    make_move(case, "return", by=people.ocha_bgi, reason="On which days can you leave?")
    return fresh(case)


class TestTheWordOfTheRequester:
    def test_an_officer_writes_the_answer_down(self, client, people):
        case = case_at("returned", people)
        client.force_login(people.ocha_bria)
        page = client.get(case.get_absolute_url())
        url = reverse("requests:record", args=[case.reference, "resubmit"])
        assert url in [link for _label, link in page.context["recordables"]]
        assert "On which days can you leave?" in text_of(client.get(url))
        response = record(client, people.ocha_bria, case, "resubmit", said(people.requester_bria), reason=ANSWER)
        assert response.status_code == 302
        row = OnBehalf.objects.get()
        assert (row.act, row.person, row.source) == ("resubmit", people.requester_bria, "telephone")
        client.force_login(people.requester_bria)
        page = text_of(client.get(case.get_absolute_url()))
        assert "Recorded in your name" in page
        assert page.count(ANSWER) >= 2

    @pytest.mark.parametrize("lacks", [{"said-witness": ""}, {"said-source": ""}, {"said-person": ""}, {"reason": ""}])
    def test_with_source_caller_and_words_only(self, client, people, lacks):
        case = case_at("returned", people)
        source = said(people.requester_bria) | {"reason": ANSWER} | lacks
        assert record(client, people.ocha_bria, case, "resubmit", source).status_code == 422
        assert fresh(case).status == "returned"

    def test_nothing_is_recorded_for_a_draft_that_was_never_sent(self, people):
        case = complete_draft(people.requester_bria)
        with pytest.raises(Refused):
            make_move(case, "submit", by=people.ocha_bria, on_behalf=CALL | {"person": None})

    def test_who_took_it_down_answers_on_the_page_that_sends_it(self, client, people):
        case = taken_down(people)
        client.force_login(people.ocha_bria)
        page = client.get(address(case)).context["form"]
        assert page["reason"].value() is None
        assert (page["person_function"].value(), page["witness"].value()) == (CALL["person_function"], None)
        lost = answered(client, people.ocha_bria, case, person_function="Logistician")
        assert lost.status_code == 422
        assert ANSWER in text_of(lost)
        told = CALL | {"received_at": "2026-01-02T09:00"}
        assert answered(client, people.ocha_bria, case, **told).status_code == 302
        assert OnBehalf.objects.filter(act="resubmit", witness=CALL["witness"]).exists()


class TestBesideTheQuestion:
    def test_ocha_reads_the_rounds_in_order(self, client, people):
        case = case_at("reviewing", people)
        asked_again(case, people, "First question?", "First answer.")
        asked_again(case, people, "Second question?", "Second answer.")
        client.force_login(people.ocha_bria)
        page = client.get(case.get_absolute_url())
        card = page.content.decode().partition('id="questions"')[2].partition("</section>")[0]
        places = [card.index(words) for words in ("First question", "First answer", "Second question", "Second answer")]
        assert places == sorted(places)

    def test_a_question_that_stands_is_shown_once_with_the_earlier_round(self, client, people):
        case = case_at("reviewing", people)
        asked_again(case, people, "First question?", "First answer.")
        make_move(case, "return", by=people.ocha_bria, reason="Second question?")
        client.force_login(people.requester_bria)
        page = client.get(case.get_absolute_url())
        assert page.context["returned"].reason == "Second question?"
        assert [each.answer for each in page.context["rounds"]] == ["First answer."]

    def test_a_request_that_was_never_returned_has_no_such_card(self, client, people):
        case = case_at("reviewing", people)
        client.force_login(people.ocha_bria)
        assert 'id="questions"' not in client.get(case.get_absolute_url()).content.decode()

    def test_what_is_offered_to_who_reviews_is_not_the_writing(self, client, people):
        case = case_at("returned", people)
        client.force_login(people.ocha_bria)
        assert not {"edit", "resubmit"} & set(client.get(case.get_absolute_url()).context["buttons"])
        client.force_login(people.requester_bria)
        assert {"edit", "resubmit"} <= set(client.get(case.get_absolute_url()).context["buttons"])


class TestForTheDecision:
    def card(self, client, people, case):
        client.force_login(people.hc)
        page = client.get(case.get_absolute_url()).content.decode()
        return page.partition('aria-labelledby="decide"')[2].partition("</section>")[0]

    def test_the_answer_stands_on_the_card(self, client, people):
        case = case_at("deciding", people)
        assert "Asked and answered" not in self.card(client, people, case)
        assert send(client, people.hc, case, "ask", text="Who travels behind?").status_code == 302
        assert "Not answered yet." in self.card(client, people, case)
        client.force_login(people.ocha_bgi)
        assert "Who travels behind?" in client.get(case.get_absolute_url()).content.decode()
        assert send(client, people.ocha_bgi, case, "answer", text="Nobody travels behind.").status_code == 302
        card = self.card(client, people, case)
        assert card.index("Who travels behind?") < card.index("Nobody travels behind.")

    def test_rounds_keep_their_order_and_find_their_own_answer(self, people):
        case = case_at("deciding", people)
        for number in ("one", "two"):
            make_move(case, "ask", by=people.hc, text=f"Question {number}?")
        for number in ("one", "two"):
            make_move(case, "answer", by=people.ocha_bgi, text=f"Answer {number}.")
        pairs = [(each.question, each.answer) for each in rounds.for_the_decider(fresh(case))]
        assert pairs == [("Question one?", "Answer one."), ("Question two?", "Answer two.")]

    def test_what_the_requester_answered_for_it_comes_along(self, client, people):
        case = case_at("returned", people)
        make_move(case, "resubmit", by=people.requester_bria, reason="Before it was forwarded.")
        self.forward(case, people)
        make_move(case, "ask", by=people.hc, text="Who travels behind?")
        make_move(case, "take_back", by=people.ocha_bgi, reason="To ask them.")
        make_move(case, "return", by=people.ocha_bgi, reason="The Coordinator asks who travels behind.")
        make_move(case, "resubmit", by=people.requester_bria, reason="The field coordinator alone.")
        self.forward(case, people)
        make_move(case, "answer", by=people.ocha_bgi, text="Their coordinator alone.")
        card = self.card(client, people, case)
        places = [
            card.index(each) for each in ("Who travels", "Their coordinator", "The Coordinator asks", "The field")
        ]
        assert places == sorted(places)
        assert "Before it was forwarded." not in card

    def forward(self, case, people):
        make_move(case, "review", by=people.ocha_bria)
        if not case.opinions.exists():
            make_move(case, "advise_cluster", by=people.log_cluster, value="endorsed")
        write_review(case, by=people.ocha_bria)
        make_move(case, "validate", by=people.ocha_bria)
        draft = {"recommendation": "approved", "note": "Last resort.", **limits_of(fresh(case))}
        make_move(case, "draft_decision", by=people.ocha_bgi, **draft)
        make_move(case, "forward", by=people.ocha_bgi)

    @pytest.mark.parametrize("who", ["requester_bria", "log_cluster"])
    def test_the_words_with_the_coordinator_are_not_for_others(self, client, people, who):
        case = case_at("deciding", people)
        make_move(case, "ask", by=people.hc, text="Is the need real?")
        client.force_login(getattr(people, who))
        assert "Is the need real?" not in client.get(case.get_absolute_url()).content.decode()
