"""The clock of the directory, in our hands."""

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from contacts import services
from contacts.models import Holding, Post

NOON = dt.time(12)


@pytest.fixture(autouse=True)
def the_posts_agree(request):
    """Whatever a test did: a post says of its first holder what its holders say, a holding its post's country."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("db")
    yield
    assert not Post.objects.disagreeing().exists()
    assert not Holding.objects.exclude(country=F("post__country")).exists()


@pytest.fixture
def clock(monkeypatch):
    """Sets the day: clock("2027-03-01") is noon of that day, UTC; clock() lets the sweep run."""
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def turn(day: str = "") -> dt.datetime:
        if day:
            now[0] = dt.datetime.combine(dt.date.fromisoformat(day), NOON, dt.UTC)
        services.depart_due(now[0])
        services.remind_holdings(now[0])
        services.forget_contacts(now[0])
        return now[0]

    turn("2027-01-05")
    return turn
