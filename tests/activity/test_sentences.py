"""One event in one sentence: in the timeline, in the list and in a mail, for each side."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from cmcoord.activity import kinds
from cmcoord.activity.models import UNREAD_CAP, Event, Notification
from cmcoord.activity.sentences import headline, in_language, path, reference, sentence
from cmcoord.activity.services import Tell, record
from requests_app import moves

pytestmark = pytest.mark.django_db


def test_an_event_is_told_with_the_function_of_who_acted(subject, officer):
    event = record(subject, "case.forward", by=officer)
    assert sentence(event) == "OCHA Bria cleared the request and drafted the decision."
    assert headline(event) == "request cleared for decision"


def test_without_a_function_the_name_is_told(subject, officer):
    officer.function_title = ""
    officer.save()
    assert sentence(record(subject, "case.review", by=officer)) == "ocha.bria started the review."


def test_the_event_itself_may_name_the_actor(subject, officer):
    event = record(subject, "case.review", by=officer, data={"actor": {"en": "The desk", "fr": "Le bureau"}})
    assert sentence(event) == "The desk started the review."
    with translation.override("fr"):
        assert "Le bureau" in sentence(event)


def test_acting_for_oneself_is_not_told_twice(subject, officer):
    assert sentence(record(subject, "case.review", by=officer, acting_for=officer)) == "OCHA Bria started the review."


@pytest.mark.parametrize("side", ["force", "mission_civilian", "donor", "authority", ""])
def test_every_other_side_gets_the_neutral_sentence(subject, officer, side):
    event = record(subject, "case.deny", by=officer, data={"force_reference": "F-1", "force_url": "/force/F-1/"})
    assert sentence(event, side) == "The escort does not take place."
    assert (reference(event, side), path(event, side), headline(event, side)) == ("F-1", "/force/F-1/", "")


def test_what_is_not_meant_for_a_force_is_only_news_to_it(subject, officer):
    assert sentence(record(subject, "case.validate", by=officer), "force") == "There is news on the escort."


def test_a_percent_sign_in_a_name_does_no_harm(subject, officer):
    officer.function_title = "100 %(actor)s"
    officer.save()
    assert sentence(record(subject, "case.review", by=officer)) == "100 %(actor)s started the review."


@pytest.mark.parametrize(("value", "text"), [(None, ""), ("x", "x"), ({"en": "a", "fr": "b"}, "a"), ({"fr": "b"}, "")])
def test_a_text_may_come_in_one_language_or_in_two(value, text):
    assert in_language(value) == text


def test_the_timeline_of_a_subject_is_one_query(subject, officer, coordinator, django_assert_num_queries):
    for kind in ("case.submit", "case.review", "case.validate"):
        record(subject, kind, by=officer, acting_for=coordinator)
    record(type(subject)(pk=8), "case.submit", by=officer)
    with django_assert_num_queries(1):
        told = [sentence(event) for event in Event.objects.about(subject)]
    assert [text.rpartition(" ")[0] for text in told] == [
        "OCHA Bria for Humanitarian Coordinator submitted the",
        "OCHA Bria for Humanitarian Coordinator started the",
        "OCHA Bria for Humanitarian Coordinator validated the request and passed it to the national",
    ]


def test_every_kind_belongs_to_a_group():
    assert {kind.group for kind in (*kinds.KINDS.values(), *kinds.DEFAULTS.values())} <= set(kinds.GROUPS)


def rendered(user):
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load activity %}{% unread_count %}").render(Context({"request": request}))


def test_the_bell_counts_what_is_unread(subject, officer, requester):
    assert rendered(requester) == ""
    record(subject, "case.review", by=officer, tell=[Tell(requester)])
    assert (rendered(requester), rendered(officer)) == ("1", "")


def test_the_bell_stops_counting(subject, officer, requester):
    event = record(subject, "case.review", by=officer, tell=[Tell(requester)])
    events = Event.objects.bulk_create(
        Event(stream="CAF", kind="case.review", subject_kind="case", subject_id=7) for _ in range(UNREAD_CAP + 5)
    )
    Notification.objects.bulk_create(
        Notification(event=one, recipient=requester, channel="portal", kind=event.kind, status="sent") for one in events
    )
    assert rendered(requester) == "99+"


def test_a_visitor_has_no_bell():
    assert Template("{% load activity %}{% unread_count %}").render(Context({})) == ""


def test_every_move_of_a_case_has_words():
    """A past list is one event of its own, however many requests it brought: "import.past"."""
    codes = [code for code in moves.CODES if code != moves.IMPORT]
    assert [code for code in codes if f"case.{code}" not in kinds.KINDS] == []


def test_every_expectation_of_a_move_has_words():
    expected = {expects for line in moves.MOVES for _, expects in line.tells}
    assert expected - set(kinds.EXPECTS) == {""}


def test_every_move_that_a_force_hears_of_has_words_for_it():
    heard = {line.code for line in moves.MOVES for audience, _ in line.tells if audience == "force"}
    assert [code for code in sorted(heard) if not kinds.KINDS[f"case.{code}"].force] == []
