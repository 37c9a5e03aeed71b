"""Who may read which comment, and who may write to whom?"""

import uuid

import pytest
from django.urls import reverse

from cmcoord.activity.models import Event, Notification
from requests_app.models import Comment
from requests_app.services import make_move
from tests.factories import case_at, fresh

pytestmark = pytest.mark.django_db

READERS = {
    "ocha": {"ocha_bria", "ocha_bgi"},
    "requester": {"ocha_bria", "ocha_bgi", "requester_bria", "colleague_bria"},
    "decision": {"ocha_bria", "ocha_bgi", "hc"},
    "everybody": {
        "ocha_bria", "ocha_bgi", "requester_bria", "colleague_bria", "hc", "hoo", "log_cluster", "ngosec",
    },
}  # fmt: skip


def write(client, person, case, **answers):
    client.force_login(person)
    data = {"client_key": uuid.uuid4(), "base_version": fresh(case).version, **answers}
    return client.post(reverse("requests:move", args=[case.reference, "comment"]), data)


@pytest.mark.parametrize("audience", list(READERS))
def test_a_comment_reaches_its_audience_and_leaves_no_trace_elsewhere(client, people, audience):
    case = case_at("deciding", people)
    make_move(case, "comment", by=people.ocha_bgi, audience=audience, text="Zibeline on the road")
    found, traced = set(), set()
    for name, person in vars(people).items():
        client.force_login(person)
        response = client.get(case.get_absolute_url())
        if response.status_code == 200 and "Zibeline" in response.content.decode():
            found.add(name)
        if response.status_code == 200 and "wrote a comment" in response.content.decode():
            traced.add(name)
    assert found == READERS[audience]
    assert traced == READERS[audience]


@pytest.mark.parametrize(
    ("who", "audiences"),
    [
        ("ocha_bria", ["ocha", "requester", "decision", "everybody"]),
        ("hc", ["decision", "everybody"]),
        ("requester_bria", ["requester", "everybody"]),
        ("log_cluster", ["everybody"]),
        ("hoo", ["everybody"]),
    ],
)
def test_the_audience_is_chosen_before_the_text_and_the_narrowest_is_proposed(client, people, who, audiences):
    case = case_at("deciding", people)
    client.force_login(getattr(people, who))
    response = client.get(reverse("requests:move", args=[case.reference, "comment"]))
    form = response.context["form"]
    assert [value for value, _label in form.fields["audience"].choices] == audiences
    assert form["audience"].value() == audiences[0]
    content = response.content.decode()
    assert content.index('name="audience"') < content.index('name="text"')


def test_nobody_writes_to_an_audience_that_they_do_not_belong_to(client, people):
    case = case_at("deciding", people)
    for who, audience in (("requester_bria", "ocha"), ("requester_bria", "decision"), ("log_cluster", "requester")):
        assert write(client, getattr(people, who), case, audience=audience, text="Hello").status_code == 422
    assert not Comment.objects.exists()


def test_an_empty_comment_is_refused_and_the_audience_kept(client, people):
    case = case_at("reviewing", people)
    response = write(client, people.ocha_bria, case, audience="requester", text="   ")
    assert response.status_code == 422
    assert response.context["form"]["audience"].value() == "requester"


def test_only_its_audience_is_told_and_the_words_stay_out_of_the_trail(client, people):
    case = case_at("deciding", people)
    before = set(Notification.objects.values_list("pk", flat=True))
    write(client, people.ocha_bgi, case, audience="decision", text="Zibeline")
    told = Notification.objects.exclude(pk__in=before).values_list("recipient__username", flat=True)
    assert set(told) == {"ocha.bria", "hc.car"}
    event = Event.objects.get(kind="case.comment")
    assert "Zibeline" not in str(event.data)
    assert event.data["digests"]["text"]


def test_there_are_no_comments_on_a_draft(client, people):
    case = case_at("draft", people)
    assert write(client, people.requester_bria, case, audience="requester", text="Hello").status_code == 409


def test_a_comment_can_be_written_on_a_closed_request(client, people):
    case = case_at("closed", people)
    assert write(client, people.hc, case, audience="everybody", text="Well done.").status_code == 302


def test_a_comment_may_be_a_question(client, people):
    case = case_at("reviewing", people)
    write(client, people.ocha_bria, case, audience="requester", text="Which day?", is_question="on")
    assert Comment.objects.get().is_question
    client.force_login(people.requester_bria)
    assert "question" in client.get(case.get_absolute_url()).content.decode()
