"""A list that is taken over while somebody opens or hands over a post of it, on PostgreSQL: each sees the first."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from contacts import services
from contacts.models import Holding, Post
from contacts.services import Holder, lists
from tests.contacts.lists import HEAD, fresh, row, sent, table

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_a_row_with_an_end_waits_for_a_handover_and_is_left_out(people, bria):
    by, today = people.requester_bria, bria.country.today
    post = services.open_post(by=by, organisation=by.organisation, station=bria, function="Logistician")
    until = (today + dt.timedelta(days=30)).isoformat()
    cells = [*row(Name="From List", From=today.isoformat()), until]
    kept = sent(people.ocha_bgi, table(cells, head=[*HEAD, "Until"]))
    handed, problems = threading.Event(), []

    def hand_over():
        try:
            with transaction.atomic():
                services.hand_over(post, by=by, holder=Holder("By Hand"), starts=today)
                handed.set()
                agreed.wait(timeout=1)  # the list is at the post by now
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    agreed = threading.Event()
    thread = threading.Thread(target=hand_over)
    thread.start()
    assert handed.wait(timeout=20)
    lists.agree(kept, by=people.ocha_bgi)
    agreed.set()
    thread.join(timeout=20)
    assert not problems
    assert [one.person.name for one in Holding.objects.select_related("person")] == ["By Hand"]
    assert "By Hand holds this post" in fresh(kept).lines.get(number=2).wrong[0][3]
    assert Post.objects.get().holder.person.name == "By Hand"


def test_a_post_that_is_opened_by_hand_meanwhile_leaves_its_row_out_and_no_other(people, bria):
    by, today = people.requester_bria, bria.country.today
    kept = sent(
        people.ocha_bgi, table(row(Name="From List"), row(Name="Other", Function="Driver", Telephones="", E_mail=""))
    )
    opened, agreed, problems = threading.Event(), threading.Event(), []

    def open_it():
        try:
            with transaction.atomic():
                services.open_post(
                    by=by, organisation=by.organisation, station=bria, function="Logistician", starts=today,
                    holder=Holder("By Hand"),
                )  # fmt: skip
                opened.set()
                agreed.wait(timeout=1)  # the list is at the post by now
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=open_it)
    thread.start()
    assert opened.wait(timeout=20)
    lists.agree(kept, by=people.ocha_bgi)
    agreed.set()
    thread.join(timeout=20)
    assert not problems
    assert {one.function: one.holder.person.name for one in Post.objects.all()} == {
        "Logistician": "By Hand", "Driver": "Other",
    }  # fmt: skip
    assert "By Hand holds this post" in fresh(kept).lines.get(number=2).wrong[0][3]
