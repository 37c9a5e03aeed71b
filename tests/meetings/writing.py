"""How do the tests get minutes with something in them? Through the services alone."""

from cmcoord.accounts.models import Organisation
from cmcoord.meetings import services
from cmcoord.meetings.models import Attendance, Meeting, Minutes
from tests.meetings.making import held


def attended(meeting: Meeting, by, *acronyms: str) -> None:
    """These organisations were there in person."""
    for acronym in acronyms or ("OCHA", "MINUSCA"):
        category = {"OCHA": "ocha", "MINUSCA": "mission_military"}.get(acronym, "un_agency")
        Attendance.objects.create(
            meeting=meeting, organisation=Organisation.objects.get(acronym=acronym), category=category,
            presence="present", mode="in_person", recorded_by=by,
        )  # fmt: skip


def minutes_of(body, by, *, days_ago=1, language="en", summary="The axis is open.") -> Minutes:
    """Minutes of a meeting that was held, with attendance and one summary."""
    meeting = held(body, by, days_ago=days_ago)
    attended(meeting, by)
    minutes = services.start_minutes(meeting, by=by, language=language)
    return written(minutes, by, summary)


def written(minutes: Minutes, by, summary: str, order=3) -> Minutes:
    """A summary saved on one point; the minutes as they are now."""
    item = minutes.items.get(order=order)
    services.write_item(item, by=by, version=item.version, title=item.title, summary=summary)
    return again(minutes)


def again(minutes: Minutes) -> Minutes:
    return Minutes.objects.select_related("meeting__body__country", "meeting__body__station").get(pk=minutes.pk)


def sign(minutes: Minutes, *users) -> Minutes:
    """These sign the text as it stands."""
    for user in users:
        services.sign_minutes(minutes, by=user, digest=again(minutes).digest)
    return again(minutes)
