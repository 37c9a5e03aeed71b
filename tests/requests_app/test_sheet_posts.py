"""Are the contacts of a sheet filled in from the organisation's own posts, with what their holders share?"""

import datetime as dt

import pytest

from contacts.models import Shares
from contacts.services import Holder, Number, open_post
from requests_app import execution_sheet
from tests.factories import case_at, fresh
from tests.requests_app.test_sheet import part_url, sent_by

pytestmark = pytest.mark.django_db
PART = 3


@pytest.fixture
def case(people):
    return case_at("approved", people)


def post_of(user, station, *, shared=True, function="Logistician, Bria"):
    holder = Holder("Made-Up Holder", (Number("+23670000088", shares=Shares(force=shared)),))
    return open_post(by=user, organisation=user.organisation, station=station, function=function, holder=holder,
                     starts=dt.date(2026, 1, 1))  # fmt: skip


def fill(client, case, user, **chosen):
    client.force_login(user)
    return client.post(part_url(case, PART), sent_by(case, PART, user, **chosen))


def contact(case):
    sheet = execution_sheet.sheet_of(fresh(case))
    return sheet.focal_point, sheet.focal_telephone


@pytest.mark.parametrize("button", ["from_posts", "go"])
def test_a_chosen_post_fills_in_function_and_telephone(client, people, case, bria, button):
    post = post_of(people.requester_bria, bria)
    client.force_login(people.requester_bria)
    page = client.get(part_url(case, PART)).content.decode()
    assert f'<option value="{post.pk}">' in page and "Fill in from the posts" in page
    answer = fill(client, case, people.requester_bria, post_focal_point=str(post.pk), **{button: "1"})
    assert answer.status_code in (302, 422)
    assert contact(case) == ("Logistician, Bria", "+23670000088")
    if button == "from_posts":
        assert answer.url == part_url(case, PART)


def test_a_telephone_that_is_not_shared_with_a_force_is_not_filled_in(client, people, case, bria):
    post = post_of(people.requester_bria, bria, shared=False)
    fill(client, case, people.requester_bria, post_focal_point=str(post.pk), from_posts="1")
    assert contact(case) == ("Logistician, Bria", "")


def test_anybody_else_can_be_typed(client, people, case, bria):
    post_of(people.requester_bria, bria)
    fill(client, case, people.requester_bria, focal_point="Warden", focal_telephone="+236 70 00 00 01", go="1")
    assert contact(case) == ("Warden", "+236 70 00 00 01")


@pytest.mark.parametrize("pk", ["theirs", "0", "9" * 30, "²"])
def test_a_post_of_somebody_else_or_of_nobody_changes_nothing(client, people, case, bria, pk):
    before = contact(case)
    theirs = post_of(people.requester_un, bria) if pk == "theirs" else None
    fill(client, case, people.requester_bria, post_focal_point=str(theirs.pk) if theirs else pk, from_posts="1")
    assert contact(case) == before


def test_an_autosave_fills_nothing_in(client, people, case, bria):
    post = post_of(people.requester_bria, bria)
    before = contact(case)
    client.force_login(people.requester_bria)
    sent = sent_by(case, PART, people.requester_bria, post_focal_point=str(post.pk))
    assert client.post(part_url(case, PART), sent, headers={"X-Autosave": "1"}).status_code == 200
    assert contact(case) == before


def test_without_posts_nothing_is_offered(client, people, case):
    client.force_login(people.requester_bria)
    assert "Fill in from the posts" not in client.get(part_url(case, PART)).content.decode()
