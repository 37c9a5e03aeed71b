"""Does one request live its whole life through the services, from the first line to the after-action?"""

import datetime as dt

import pytest
from django.utils import timezone

from cmcoord.activity.models import Event, Notification
from requests_app import workflow
from requests_app.models import Case
from requests_app.services import Refused, make_move
from tests import factories
from tests.factories import DAY, HOUR, RELEASED, fresh

pytestmark = pytest.mark.django_db


def offered(case, user):
    return {choice.line.code for choice in workflow.choices(fresh(case), user)}


def test_a_life_with_a_question_limits_a_later_day_and_two_logs(people):
    now = timezone.now()
    leaves = (now + 10 * DAY).replace(microsecond=0)
    case = factories.complete_draft(
        people.requester_bria, un_on_board=True, departure_at=leaves, window_to=leaves + 2 * DAY
    )
    make_move(case, "submit", by=people.requester_bria)
    assert fresh(case).due_at
    with pytest.raises(Refused, match="no longer possible"):
        make_move(case, "validate", by=people.ocha_bria)

    make_move(case, "review", by=people.ocha_bria)
    make_move(case, "return", by=people.ocha_bria, reason="On which day?")
    make_move(case, "resubmit", by=people.requester_bria, reason="On Monday.")
    make_move(case, "review", by=people.ocha_bria)
    make_move(case, "advise_cluster", by=people.log_cluster, value="endorsed")
    make_move(case, "decide_security", by=people.requester_bria, value="favourable", analysis="SRM-0001")
    with pytest.raises(Refused, match="review is not written"):
        make_move(case, "validate", by=people.ocha_bria)
    factories.write_review(case, by=people.ocha_bria)
    make_move(case, "validate", by=people.ocha_bria)
    limits = factories.limits_of(fresh(case))
    make_move(case, "draft_decision", by=people.ocha_bgi, recommendation="approved", **limits)
    with pytest.raises(Refused, match="Still waiting for UNDSS"):
        make_move(case, "forward", by=people.ocha_bgi)
    make_move(case, "advise_security", by=people.undss, value="measures", text="Daylight only.")

    assert fresh(case) not in Case.objects.visible_to(people.hc)
    make_move(case, "forward", by=people.ocha_bgi)
    assert fresh(case) in Case.objects.visible_to(people.hc)
    assert {"approve", "deny", "ask"} <= offered(case, people.hc)
    make_move(case, "approve", by=people.hc, **limits)

    assert not Case.objects.visible_to(people.force_u3).exists()
    assert offered(case, people.force_u3) == set(), "a force may do nothing before the transmission"
    make_move(case, "transmit", by=people.ocha_bria, **RELEASED)
    assert not Case.objects.visible_to(people.force_u3).exists(), "nor does it see the case afterwards: it reads papers"
    make_move(case, "limit", by=people.force_u3, text="Only by day.")
    schedule = {
        "rendezvous": "Gate",
        "rendezvous_at": leaves - HOUR,
        "leader": "Convoy leader",
        "contact": "+236 00 00",
    }
    factories.write_sheet(case)
    make_move(case, "schedule", by=people.ocha_bria, departure_at=leaves, **schedule, **factories.sheet_as_read(case))
    make_move(case, "change", by=people.requester_bria, departure_at=leaves + DAY)
    make_move(case, "receive", by=people.force_u3)

    with pytest.raises(Refused, match="has not begun"):
        make_move(case, "start", by=people.requester_bria, happened_at=now)
    left = leaves + DAY
    make_move(case, "start", by=people.requester_bria, happened_at=left, now=left)
    back = left + dt.timedelta(hours=6)
    make_move(case, "log", by=people.force_u3, what="start", happened_at=left, now=left)
    make_move(case, "log", by=people.requester_bria, what="end", happened_at=back, now=back)
    assert fresh(case).status == "underway", "the force has not logged its end yet"
    make_move(case, "log", by=people.force_u3, what="end", happened_at=back, now=back)
    assert fresh(case).status == "completed"
    make_move(case, "report", by=None)
    make_move(case, "close", by=people.requester_bria, nothing_to_report=True)

    assert [move.to_status for move in case.moves.all() if move.from_status != move.to_status] == [
        "submitted", "reviewing", "returned", "submitted", "reviewing", "clearing", "deciding", "approved",
        "transmitted", "limited", "scheduled", "underway", "completed", "reporting", "closed",
    ]  # fmt: skip
    assert Event.objects.about(case).count() == 2 + case.moves.count(), "start, one saving, and one event per move"
    assert Notification.objects.filter(recipient=people.requester_bria, channel="mail").exists()
    assert not Notification.objects.filter(recipient=people.donor).exists()
