"""The clock of the directory, in our hands."""

import datetime as dt

import pytest
from django.utils import timezone

from contacts import services

NOON = dt.time(12)


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
