"""Does what one side keeps to itself stay there, where a mail, a form, a seat or an adoption could carry it over?"""


import pytest

from cmcoord.activity.models import Notification
from cmcoord.meetings.services import points
from tests.meetings.making import chaired
from tests.meetings.test_points import raised

pytestmark = pytest.mark.django_db


def test_no_force_is_asked_to_check_an_internal_point(people):
    body = chaired(people)
    point = raised(body, people.ocha_bria, owner="OCHA", internal=True, priority="high", needs_check=True)
    points.move_point(point, "close", by=people.ocha_bria, comment="Spoken to them")
    told = Notification.objects.filter(kind__startswith="point.").select_related("recipient__organisation")
    assert {row.recipient.side for row in told} == {"humanitarian"}
