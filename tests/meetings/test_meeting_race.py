"""What happens when both chairs, and whoever writes the attendance, act on minutes at the same moment?"""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from cmcoord.accounts.models import Organisation
from cmcoord.meetings import services
from cmcoord.meetings.models import Meeting
from tests.meetings.making import chaired
from tests.meetings.test_points import raised
from tests.meetings.writing import again, minutes_of
from tests.requests_app.test_race import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROUNDS = 6


def test_minutes_are_signed_edited_and_numbered_one_after_the_other(people):
    body = chaired(people)
    wfp = Organisation.objects.get(acronym="WFP")
    numbers = 0
    for number in range(ROUNDS):
        minutes = minutes_of(body, people.ocha_bria, days_ago=1 + number)
        digest, meeting = minutes.digest, Meeting.objects.get(pk=minutes.meeting_id)
        results = at_once([
            partial(services.sign_minutes, minutes, by=people.ocha_bria, digest=digest),
            partial(services.sign_minutes, minutes, by=people.force_sector, digest=digest),
            partial(services.sign_minutes, minutes, by=people.force_u3, digest=digest),
            partial(services.add_guest, meeting, by=people.ocha_bgi, organisation=wfp),
        ])  # fmt: skip
        strange = [one for one in results if isinstance(one, Exception) and not isinstance(one, ValidationError)]
        assert not strange
        minutes = again(minutes)
        signed = minutes.signatures.filter(digest=minutes.digest)
        assert minutes.is_final == (signed.count() == 2) and minutes.is_final == isinstance(results[3], Exception)
        numbers += minutes.is_final
        assert minutes.meeting.number == (numbers if minutes.is_final else None)


def test_who_writes_the_attendance_and_who_raises_points_wait_for_each_other(people):
    body = chaired(people)
    minutes = minutes_of(body, people.ocha_bria)
    item, ocha = minutes.items.get(order=3), Organisation.objects.get(acronym="OCHA").pk
    for way in ("remote", "in_person"):
        results = at_once([
            partial(services.attend, minutes.meeting, by=people.ocha_bria, present={ocha: f"present/{way}"}),
            partial(raised, body, people.ocha_bria, item=item),
            partial(raised, body, people.ocha_bgi, item=item),
        ])  # fmt: skip
        assert not [one for one in results if isinstance(one, Exception)]
    assert [row.number for row in item.points.order_by("number")] == [1, 2, 3, 4]
